"""How is a text drawn on a terminal, and in a pipe?

A document's text is only ever drawn as text with spans: it cannot act as markup or as a control sequence. A pipe gets
the plain text; only for a terminal is rich loaded, which takes as long as a search does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from searcher.wrapping import safe, wrap

if TYPE_CHECKING:
    from searcher.models import Failure, Span

# Styles are written in the words of rich.
MATCH = "bold red"
TITLE = "bold cyan"
HEADING = "bold"
QUIET = "dim"
PLACE = "green"
WARNING = "yellow"
MAX_WIDTH = 120  # longer lines are hard to read
_FOR_RICH_TO_SAY = ("FORCE_COLOR", "TTY_COMPATIBLE")  # with these, a pipe may be drawn to as a terminal


class Drawn:
    """A text to be drawn: ``plain``, and in ``spans`` the half-open ranges of it that have a style."""

    __slots__ = ("plain", "spans")

    def __init__(self, plain: str = "", spans: Iterable[tuple[int, int, str]] = ()) -> None:
        self.plain = plain
        self.spans = tuple(spans)

    def __add__(self, other: Drawn) -> Drawn:
        here = len(self.plain)
        moved = ((here + start, here + end, style) for start, end, style in other.spans)
        return Drawn(self.plain + other.plain, (*self.spans, *moved))

    def part(self, span: Span) -> Drawn:
        """Return a part of the text, with its styles."""
        inside = (
            (max(start, span.start) - span.start, min(end, span.end) - span.start, style)
            for start, end, style in self.spans
            if start < span.end and end > span.start
        )
        return Drawn(self.plain[span.start : span.end], inside)


class Output(Protocol):
    """Where lines are drawn."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        ...

    @property
    def width(self) -> int:
        """How many columns a line of a terminal has."""
        ...

    def line(self, text: Drawn) -> None:
        """Draw one line, however long."""
        ...


class Pipe:
    """Plain lines, for another program or a file."""

    is_terminal = False
    width = MAX_WIDTH  # of no meaning: lines are not broken

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def line(self, text: Drawn) -> None:
        """Write one line."""
        self._file.write(f"{text.plain}\n")


def console() -> Output:
    """Return what draws on stdout."""
    if sys.stdout.isatty() or any(name in os.environ for name in _FOR_RICH_TO_SAY):
        from searcher.terminal import on_stdout  # brings rich with it

        terminal = on_stdout()
        if terminal.is_terminal:
            return terminal
    return Pipe(sys.stdout)


def styled(text: str, style: str = "", spans: Iterable[Span] = ()) -> Drawn:
    """Return a text to be drawn, with its matches marked."""
    whole = ((0, len(text), style),) if style and text else ()
    return Drawn(safe(text), (*whole, *((span.start, span.end, MATCH) for span in spans)))


def print_line(output: Output, text: Drawn | None = None) -> None:
    """Print a text as one line, however long; without one, an empty line."""
    output.line(text or Drawn())


def print_wrapped(output: Output, text: Drawn, *, indent: int, first: Drawn | None = None) -> None:
    """Print a text in lines as wide as the terminal; in a pipe, as one line."""
    lead = first or Drawn(" " * indent)
    if not output.is_terminal:
        print_line(output, lead + text)
        return
    width = max(20, min(output.width, MAX_WIDTH) - indent)
    for span in wrap(text.plain, width):
        print_line(output, lead + text.part(span))
        lead = Drawn(" " * indent)


def linked(style: str, path: str) -> str:
    """Return a style that also leads to a file, on terminals that follow links."""
    return f"{style} link {Path(path).absolute().as_uri()}" if path else style


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def failure_line(failure: Failure) -> str:
    """Return one line that says which file failed, why, and what to do."""
    hint = f" ({failure.hint})" if failure.hint else ""
    return safe(f"{failure.path}: {failure.message}{hint}")
