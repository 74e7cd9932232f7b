"""Do the rows of a sheet hold records, and which row names their fields?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from searcher.models import Source
from searcher.readers.records import Dump, Item, is_record, sources, table_source

# A sheet may open with its own title and the like.
_HEADER_ROWS = 5
_SAMPLE = 50

Row = tuple[int, Sequence[str]]


def grid_sources(rows: Iterable[Row], dump: Dump) -> Iterator[Source]:
    """Yield a source for each record of a sheet, in order, or one for a sheet of anything else.

    ``rows`` are numbers, from 1, and cells. One of the first five may name the fields; what stands above it is a table.
    """
    coming = iter(rows)
    sample = list(islice(coming, _SAMPLE))
    places = range(min(_HEADER_ROWS, len(sample)))
    header = next((place for place in places if _names_fields(sample, place, dump)), None)
    above = sample if header is None else sample[:header]
    if header is None:
        above += coming
    if above:
        yield table_source([Item(list(cells), number) for number, cells in above], dump)
    if header is not None:
        names = sample[header][1]
        below = chain(sample[header + 1 :], coming)
        yield from sources((Item(_record(names, cells), number) for number, cells in below if any(cells)), dump)


def _names_fields(sample: Sequence[Row], place: int, dump: Dump) -> bool:
    names = sample[place][1]
    return any(is_record(_record(names, cells), dump.names) for _, cells in sample[place + 1 :])


def _record(names: Sequence[str], cells: Sequence[str]) -> dict[str, list[str]]:
    """Return the cells of a row by the names of their columns; cells without one have the empty name."""
    found: dict[str, list[str]] = {}
    for place, cell in enumerate(cells):
        if cell.strip():
            found.setdefault(names[place] if place < len(names) else "", []).append(cell)
    return found
