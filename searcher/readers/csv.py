"""Which records, or which table, are in a CSV file?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from searcher.models import ReadOptions, Source
from searcher.readers.encoding import decode
from searcher.readers.grid import Row, grid_sources
from searcher.readers.records import Dump

_DELIMITERS = ",\t;|"
_SAMPLE = 65_536
_SAMPLE_ROWS = 20
# What the C type of the limit holds on every system.
_LONGEST_FIELD = 2**31 - 1


def read_csv(data: bytes, *, name: str, options: ReadOptions) -> Iterator[Source]:
    """Read rows of cells parted by commas, tabs, semicolons or bars; rows are numbered by their first lines.

    Raises DecodingError.
    """
    text, encoding = decode(data)
    # a field is at most as long as the file, whose length is bounded
    csv.field_size_limit(min(_LONGEST_FIELD, max(options.max_bytes, len(text))))
    yield from grid_sources(_rows(text, _delimiter(text)), Dump(name, encoding, options.names))


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        if any(map(str.strip, cells)):
            yield before + 1, cells
        before = reader.line_num


def _delimiter(text: str) -> str:
    """Return the mark that parts the first rows into the most cells, and each row into as many.

    The standard library's sniffer guesses letters and full stops on Chinese text, so it is not asked.
    """
    sample = text[:_SAMPLE]

    def score(delimiter: str) -> tuple[float, int]:
        counts = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells]
        counts = counts[:_SAMPLE_ROWS]
        if not counts or counts[0] < 2:
            return 0.0, 0
        return sum(count == counts[0] for count in counts) / len(counts), counts[0]

    return max(_DELIMITERS, key=score)
