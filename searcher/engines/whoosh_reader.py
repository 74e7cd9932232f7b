"""How is a commit of the Whoosh engine read? A block of postings at a time, through the stock codec."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate, compress, repeat
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3LeafMatcher
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import SegmentReader, TermNotFound

from searcher.engines import Field, Postings
from searcher.engines.whoosh_schema import NAME, schema
from searcher.errors import IndexDamagedError
from searcher.keys import FIRST_PARAGRAPH, article_of, place_of

_EMPTY = array("I")
# What reading a broken pickle, and the numbers before it, may raise.
_UNREADABLE = (WhooshIndexError, UnpicklingError, EOFError, ArithmeticError, AssertionError, AttributeError,
               ImportError, LookupError, TypeError, ValueError, struct.error)  # fmt: skip


def _column(reader: SegmentReader, name: str, typecode: str) -> array[int]:
    """Read a column of numbers at once; Whoosh reads each by itself."""
    segment = reader.segment()
    values = array(typecode)
    file = reader.storage().open_file(W3Codec.column_filename(segment, name))
    values.frombytes(file.read())
    file.close()
    if sys.byteorder == "little":
        values.byteswap()
    values.extend(repeat(0, segment.doc_count_all() - len(values)))
    return values


def _matcher(reader: SegmentReader, field: Field, unit: bytes) -> W3LeafMatcher | None:
    try:
        offset, _ = reader._terms.term_info(field, unit).extent()
    except TermNotFound:
        return None
    if reader._terms._postfile.get(offset, len(WHOOSH3_HEADER_MAGIC)) != WHOOSH3_HEADER_MAGIC:
        raise ValueError("no postings where they should begin")  # Whoosh would raise a bare Exception
    return reader._terms.matcher(field, unit, reader.schema[field].format)


def _read(matcher: W3LeafMatcher, *, weights: bool) -> tuple[array[int], list[float]]:
    """Read all the postings of a matcher, block by block."""
    documents = array("I")
    frequencies: list[float] = []
    while True:
        matcher._read_data()
        documents.extend(accumulate(matcher._data[0]))
        if weights:
            matcher._read_weights()
            frequencies += matcher._weights
        if matcher._lastblock:
            return documents, frequencies
        matcher._next_block()


class Leaf:
    """One segment: its reader, its columns, and which of its documents are live."""

    def __init__(self, storage: FileStorage, segment: Any, base: int, shape: Schema) -> None:
        self._folder = Path(storage.folder)
        try:
            self.reader = SegmentReader(storage, shape, segment)
        except (*_UNREADABLE, FileFormatError) as error:
            raise _damaged(self._folder, f"its terms cannot be read ({error})") from error
        self.base = base
        self.keys = _column(self.reader, "key", "Q")
        self.lengths = _column(self.reader, "length", "I")
        self.removed = frozenset(segment.deleted_docs())

    def postings(self, field: Field, unit: bytes, *, weights: bool) -> tuple[array[int], list[float]]:
        """Return the live postings of a unit, numbered within the segment."""
        try:
            matcher = _matcher(self.reader, field, unit)
            if matcher is None:
                return _EMPTY, []
            documents, frequencies = _read(matcher, weights=weights)
        except (*_UNREADABLE, zlib.error, OSError) as error:
            raise _damaged(self._folder, f"postings cannot be read ({error})") from error
        if self.removed and not self.removed.isdisjoint(documents):
            live = [document not in self.removed for document in documents]
            documents = array("I", compress(documents, live))
            frequencies = list(compress(frequencies, live))
        return documents, frequencies

    def document_frequency(self, field: Field, unit: bytes) -> int:
        """Return how many live documents hold a unit."""
        if self.removed:
            return len(self.postings(field, unit, weights=False)[0])
        try:
            return int(self.reader._terms.term_info(field, unit).doc_frequency())
        except TermNotFound:
            return 0
        except (*_UNREADABLE, OSError) as error:
            raise _damaged(self._folder, f"its terms cannot be read ({error})") from error

    def lexicon(self) -> Iterator[str]:
        """Yield the words of the segment, those of removed documents too."""
        try:
            for unit in self.reader.lexicon("words"):
                yield unit.decode("utf-8", "surrogatepass")
        except (*_UNREADABLE, OSError) as error:
            raise _damaged(self._folder, f"its terms cannot be read ({error})") from error

    def live(self) -> Iterator[int]:
        """Yield the numbers of the live documents, within the segment."""
        return (n for n in range(len(self.keys)) if n not in self.removed)


def contents(folder: Path, commit: str) -> TOC:
    """Read the table of contents of a commit. Raises FileNotFoundError where it has been cleared."""
    storage = RamStorage()  # TOC.read leaves a file open where it fails
    name = TOC._filename(NAME, commit)
    storage.files[name] = (folder / name).read_bytes()
    try:
        return TOC.read(storage, NAME, gen=int(commit), schema=schema())
    except _UNREADABLE as error:
        raise _damaged(folder, f"its table of contents cannot be read ({error})") from error


def _check_sizes(folder: Path, segments: Iterable[Any]) -> None:
    """See that the files of some segments are there, as long as they were written."""
    for segment in segments:
        for name, size in segment.sizes.items():
            if (folder / name).stat().st_size != size:
                raise _damaged(folder, f"{name} is not as long as it was written")


def _damaged(folder: Path, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"the index in {folder} is damaged: {what}", hint="Make it anew: policy-search rebuild FOLDER"
    )


class WhooshReader:
    """The segments of one commit, side by side."""

    def __init__(self, folder: Path, commit: str) -> None:
        storage = FileStorage(str(folder))
        toc = contents(folder, commit)
        _check_sizes(folder, toc.segments)
        self._folder, self._segments = folder, toc.segments
        self.keys = array("Q")
        self.lengths = array("I")
        self._leaves: list[Leaf] = []
        for segment in toc.segments:
            leaf = Leaf(storage, segment, len(self.keys), toc.schema)
            self._leaves.append(leaf)
            self.keys.extend(leaf.keys)
            self.lengths.extend(leaf.lengths)
        self.articles = array("I", map(article_of, self.keys))
        removed = [(leaf, n) for leaf in self._leaves for n in leaf.removed]
        self.count = len(self.keys) - len(removed)
        self.total_length = sum(self.lengths) - sum(leaf.lengths[n] for leaf, n in removed)

    @cached_property
    def heads(self) -> frozenset[int]:
        """The documents that are no paragraphs but titles and metadata lines."""
        return frozenset(number for number, key in enumerate(self.keys) if place_of(key) < FIRST_PARAGRAPH)

    def postings(self, field: Field, unit: str) -> Postings:
        """Return where a unit stands."""
        weights = field == "words"
        documents = array("I")
        frequencies: list[float] = []
        for leaf in self._leaves:
            found, weight = leaf.postings(field, unit.encode("utf-8", "surrogatepass"), weights=weights)
            documents.extend(map(leaf.base.__add__, found) if leaf.base else found)
            frequencies += weight
        return Postings(documents, frequencies if weights else None)

    def document_frequency(self, field: Field, unit: str) -> int:
        """Return how many live documents hold a unit."""
        total = 0
        for leaf in self._leaves:
            total += leaf.document_frequency(field, unit.encode("utf-8", "surrogatepass"))
        return total

    def documents(self) -> array[int]:
        """Return the numbers of all live documents."""
        return array("I", (leaf.base + n for leaf in self._leaves for n in leaf.live()))

    def lexicon(self) -> Iterator[str]:
        """Yield every word, once for each segment that has it."""
        for leaf in self._leaves:
            yield from leaf.lexicon()

    def check(self) -> str | None:
        """Return which file is not as it was written, or None; reads them all."""
        for segment in self._segments:
            for name, written in segment.sums.items():
                if zlib.crc32((self._folder / name).read_bytes()) != written:
                    return f"{name} is not as it was written"
        return None

    def close(self) -> None:
        """Close the files of every segment."""
        for leaf in self._leaves:
            leaf.reader.close()
        self._leaves = []
