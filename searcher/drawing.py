"""How is a text drawn on a terminal, and in a pipe?

A document's text is only ever drawn as text with spans: it cannot act as markup or as a control sequence.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from searcher.models import Failure, Span
from searcher.wrapping import safe, wrap

MATCH = Style(bold=True, color="red")
TITLE = Style(bold=True, color="cyan")
QUIET = Style(dim=True)
PLACE = Style(color="green")
WARNING = Style(color="yellow")
MAX_WIDTH = 120  # longer lines are hard to read


def console() -> Console:
    """Return what prints to stdout, as rich leaves it: nothing in a text is markup, an emoji or a number to colour."""
    return Console(highlight=False, markup=False, emoji=False)


def styled(text: str, style: Style | str = "", spans: Iterable[Span] = ()) -> Text:
    """Return a text to be drawn, with its matches marked."""
    shown = Text(safe(text), no_wrap=True, overflow="ignore", end="")
    shown.stylize(style)  # as a span: a text's own style would spread to all that is added to it
    for span in spans:
        shown.stylize(MATCH, span.start, span.end)
    return shown


def print_line(console: Console, text: Text) -> None:
    """Print a text as one line, however long."""
    console.print(text, soft_wrap=True)


def print_wrapped(console: Console, text: Text, *, indent: int, first: Text | None = None) -> None:
    """Print a text in lines as wide as the terminal; in a pipe, as one line."""
    lead = first or Text(" " * indent)
    if not console.is_terminal:
        print_line(console, lead + text)
        return
    width = max(20, min(console.width, MAX_WIDTH) - indent)
    for span in wrap(text.plain, width):
        print_line(console, lead + text[span.start : span.end])
        lead = Text(" " * indent)


def link_to(path: str) -> Style:
    """Return the style of what leads to a file, on terminals that follow links."""
    return Style(link=Path(path).absolute().as_uri()) if path else Style()


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def failure_line(failure: Failure) -> str:
    """Return one line that says which file failed, why, and what to do."""
    hint = f" ({failure.hint})" if failure.hint else ""
    return safe(f"{failure.path}: {failure.message}{hint}")
