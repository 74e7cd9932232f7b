"""How is a command told the way files are to be read?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from searcher.models import DEFAULT_OPTIONS, ReadOptions

_MB = 1_000_000


def _names(_context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    """Read ``title=bt``: our field, and what the file calls it."""
    if not values:
        return {}
    from searcher.readers.records import FIELDS

    found = {}
    for value in values:
        field, mark, name = value.partition("=")
        if not mark or not name or field not in FIELDS:
            raise click.BadParameter(
                f"“{value}” is not FIELD=NAME, with one of the fields {', '.join(sorted(FIELDS))}.", param=parameter
            )
        found[field] = name
    return found


_OPTIONS = (
    click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that read  [one a core]"),
    click.option("--map", "names", multiple=True, callback=_names, metavar="FIELD=NAME",
                 help="What records (JSON Lines, CSV) call a field, as title=bt; remembered"),
    click.option("--no-ocr", is_flag=True, help="Do not recognize text in pictures and scans"),
    click.option("--max-size", type=click.FloatRange(min=0, min_open=True), default=DEFAULT_OPTIONS.max_bytes / _MB,
                 metavar="MB", help=f"Largest file, also unpacked  [{DEFAULT_OPTIONS.max_bytes / _MB:g}]"),
    click.option("--max-seconds", type=click.FloatRange(min=0, min_open=True), default=DEFAULT_OPTIONS.max_seconds,
                 metavar="S", help=f"Longest that one file may take  [{DEFAULT_OPTIONS.max_seconds:g}]"),
    click.option("--max-memory", type=click.FloatRange(min=0, min_open=True), default=DEFAULT_OPTIONS.max_memory / _MB,
                 metavar="MB", help=f"Most memory that reading may take  [{DEFAULT_OPTIONS.max_memory / _MB:.0f}]"),
)  # fmt: skip


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading; it gets them as ``options`` and ``jobs``."""

    @wraps(command)
    def with_options(
        *, names: dict[str, str], no_ocr: bool, max_size: float, max_seconds: float, max_memory: float, **rest: Any
    ) -> None:
        options = ReadOptions(
            names=names,
            max_bytes=int(max_size * _MB),
            max_seconds=max_seconds,
            max_memory=int(max_memory * _MB),
            ocr=not no_ocr,
        )
        command(options=options, **rest)

    decorated: Callable[..., None] = with_options
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
