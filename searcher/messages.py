"""What does a person read beside the results?

Everything here goes to stderr: progress, what an update did, and what went wrong with what to do about it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from searcher.errors import QueryError, SearcherError
from searcher.wrapping import safe

if TYPE_CHECKING:
    from searcher.reports import Report

_BEFORE, _AFTER = 30, 40  # code points of a query that are shown around the place that is wrong


def say(text: str) -> None:
    """Write one line to stderr, behind what was printed before."""
    sys.stdout.flush()
    click.echo(safe(text), err=True)


@contextmanager
def progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """Show a progress bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True, markup=False)
    bar = Progress("indexing", BarColumn(), MofNCompleteColumn(), "files", TimeRemainingColumn(), console=console,
                   transient=True)  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, _path: bar.update(task, completed=done, total=total)


def say_report(report: Report, *, rebuilt: bool = False) -> None:
    """Say what an update did: a line for each failure, what was passed over, and the counts."""
    from searcher.drawing import count, failure_line

    for failure in report.failures:
        say(f"failed: {failure_line(failure)}")
    if report.passed_over:
        kinds = ", ".join(f"{number:,} {ending}" for ending, number in report.passed_over.items())
        files = count(sum(report.passed_over.values()), "file")
        say(f"passed over {files} whose names are not those of documents: {kinds}")
    numbers = (("added", report.added), ("updated", report.updated), ("removed", report.removed),
               ("unchanged", report.unchanged), ("failed", report.failed))  # fmt: skip
    say(f"{'rebuilt: ' if rebuilt else ''}{', '.join(f'{name} {number:,}' for name, number in numbers)}")


def say_error(error: SearcherError) -> None:
    """Say what went wrong, where in the query if it is the query, and what to do."""
    say(f"error: {error.message}")
    if isinstance(error, QueryError) and error.query.strip():
        for line in _pointed_at(error):
            say(line)
    if error.hint:
        say(error.hint)


def _pointed_at(error: QueryError) -> Iterator[str]:
    """Yield the query with a mark under the place that is wrong."""
    from rich.cells import cell_len

    shown = safe(error.query)
    start = max(0, error.position - _BEFORE)
    end = error.position + _AFTER
    wrong = shown[error.position : min(error.position + error.length, end)]
    before, after = "…" if start else "", "…" if end < len(shown) else ""
    yield f"  {before}{shown[start:end]}{after}"
    yield f"  {' ' * cell_len(before + shown[start : error.position])}{'^' * max(1, cell_len(wrong))}"
