"""How is a commit of the Whoosh engine read? A block of postings at a time, through the stock codec."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, compress, count
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3LeafMatcher
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import SegmentReader, TermNotFound

from searcher.engines import Kind
from searcher.engines.files import damaged
from searcher.engines.postings import Kept, PostingsReader, Range
from searcher.engines.whoosh_schema import ARTICLE_FIELDS, NAME, schema
from searcher.engines.whoosh_segment import from_deltas, swapped

_EMPTY = array("I")
_SEAL = b"CRC-32: "  # behind a table of contents, before four bytes
_SEALED = len(_SEAL) + 4
# What reading a broken pickle, and the numbers before it, may raise.
_UNREADABLE = (WhooshIndexError, UnpicklingError, EOFError, ArithmeticError, AssertionError, AttributeError,
               ImportError, LookupError, TypeError, ValueError, struct.error)  # fmt: skip


class _Unbuffered(FileStorage):  # type: ignore[misc]  # whoosh has no type information
    """A folder whose files are read here and there, a few bytes each time: no buffer."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Open a file."""
        return StructFile(Path(self.folder, name).open("rb", buffering=0), name=name, **options)


class Leaf:
    """One segment: its reader, its columns, and which of its documents have been removed."""

    def __init__(self, storage: FileStorage, segment: Any, base: int, shape: Schema) -> None:
        self._folder = Path(storage.folder)
        try:
            self.reader = SegmentReader(storage, shape, segment)
        except (*_UNREADABLE, FileFormatError) as error:
            raise damaged(self._folder, f"its terms cannot be read ({error})") from error
        self.base = base
        self.segment = segment
        self.removed = frozenset(segment.deleted_docs())

    def column(self, name: str, typecode: str) -> array[int]:
        """Read a column of numbers at once; Whoosh reads each by itself."""
        file = W3Codec.column_filename(self.segment, name)
        data = (self._folder / file).read_bytes()
        if zlib.crc32(data) != self.segment.sums[file]:
            raise damaged(self._folder, f"{file} is not as it was written")
        return swapped(array(typecode, data))

    def postings(self, field: str, unit: bytes) -> array[int]:
        """Return the live documents that hold a unit, numbered within the segment."""
        try:
            documents = self._decoded(field, unit)
        except (*_UNREADABLE, zlib.error, OSError) as error:
            raise damaged(self._folder, f"postings cannot be read ({error})") from error
        if self.removed and not self.removed.isdisjoint(documents):
            documents = array("I", [document for document in documents if document not in self.removed])
        return documents

    def _decoded(self, field: str, unit: bytes) -> array[int]:
        terms = self.reader._terms
        try:
            info = terms.term_info(field, unit)
        except TermNotFound:
            return _EMPTY
        if info.is_inlined():
            return array("I", info.inlined_postings()[0])
        offset, (length,) = info.extent()  # so Whoosh unpacks it
        written = terms._postfile.get(offset, length)
        if not written.startswith(WHOOSH3_HEADER_MAGIC):
            raise ValueError("no postings where they should begin")  # Whoosh would raise a bare Exception
        matcher = W3LeafMatcher(BufferFile(written), 0, length, self.reader.schema[field].format)
        matcher._read_data()
        documents = from_deltas(matcher._data[0])
        while not matcher._lastblock:
            matcher._next_block()
            matcher._read_data()
            documents += from_deltas(matcher._data[0])
        return documents

    def frequency(self, field: str, unit: bytes) -> int:
        """Return how many live documents hold a unit."""
        if self.removed:
            return len(self.postings(field, unit))
        try:
            return int(self.reader._terms.term_info(field, unit).doc_frequency())
        except TermNotFound:
            return 0
        except (*_UNREADABLE, OSError) as error:
            raise damaged(self._folder, f"its terms cannot be read ({error})") from error

    def units(self, field: str) -> Iterator[bytes]:
        """Yield the units of the segment, ascending, those of removed documents too."""
        try:
            for name, unit in self.reader._terms.terms_from(field, b""):
                if name != field:
                    return
                yield unit
        except (*_UNREADABLE, OSError) as error:
            raise damaged(self._folder, f"its terms cannot be read ({error})") from error

    def live(self, documents: Iterable[int]) -> list[int]:
        """Return those documents that are live, all numbered within the segment."""
        return [document for document in documents if document not in self.removed]


def seal(file: Path) -> None:
    """Put the CRC-32 of a table of contents behind it, where Whoosh, which reads one pickle, does not look."""
    with file.open("rb+") as handle:
        total = zlib.crc32(handle.read())
        handle.write(_SEAL + total.to_bytes(4, "big"))


def contents(folder: Path, commit: str) -> TOC:
    """Read the table of contents of a commit, which may be without a seal.

    Raises FileNotFoundError where it has been cleared, and IndexDamagedError.
    """
    storage = RamStorage()  # TOC.read leaves a file open where it fails
    name = TOC._filename(NAME, commit)
    storage.files[name] = data = (folder / name).read_bytes()
    toc, mark, total = data[:-_SEALED], data[-_SEALED:-4], data[-4:]
    if mark == _SEAL and zlib.crc32(toc) != int.from_bytes(total, "big"):
        raise damaged(folder, f"{name} is not as it was written")
    try:
        return TOC.read(storage, NAME, gen=int(commit), schema=schema())
    except _UNREADABLE as error:
        raise damaged(folder, f"its table of contents cannot be read ({error})") from error


def _check_sizes(folder: Path, segments: Iterable[Any]) -> None:
    """See that the files of some segments are there, as long as they were written."""
    for segment in segments:
        for name, size in segment.sizes.items():
            if (folder / name).stat().st_size != size:
                raise damaged(folder, f"{name} is not as long as it was written")


def _changed(folder: Path, segments: Iterable[Any]) -> str | None:
    """Return which file of some segments is the first that is not as it was written; reads each as a whole."""
    for segment in segments:
        for name, written in segment.sums.items():
            if zlib.crc32((folder / name).read_bytes()) != written:
                return str(name)
    return None


def check_sums(folder: Path, segments: Iterable[Any]) -> None:
    """See that the files of some segments are as they were written. Raises IndexDamagedError."""
    if name := _changed(folder, segments):
        raise damaged(folder, f"{name} is not as it was written")


class WhooshReader(PostingsReader):
    """The segments of one commit, side by side."""

    def __init__(self, folder: Path, commit: str) -> None:
        storage = _Unbuffered(str(folder))
        toc = contents(folder, commit)
        _check_sizes(folder, toc.segments)
        self._folder, self._segments = folder, toc.segments
        self._kept = Kept()
        self.keys = keys = array("Q")
        heads, self._wholes = array("I"), array("I")
        self.lengths: dict[int, int] = {}
        self._leaves: list[Leaf] = []
        for segment in toc.segments:
            base = len(keys)
            leaf = Leaf(storage, segment, base, toc.schema)
            self._leaves.append(leaf)
            keys += leaf.column("key", "Q")
            heads += _raised(segment.heads, base)
            self._wholes += _raised(segment.wholes, base)
            self.lengths.update(zip(segment.numbers, segment.lengths, strict=True))
        self.heads = frozenset(heads)
        self.articles = _upper_halves(keys)
        removed = [(leaf, set(leaf.segment.wholes).intersection(leaf.removed)) for leaf in self._leaves if leaf.removed]
        self._removed = [leaf.base + document for leaf, _ in removed for document in leaf.removed]
        gone = [self.articles[leaf.base + whole] for leaf, wholes in removed for whole in wholes]
        self.count = len(self.keys) - len(self._wholes) - len(self._removed) + len(gone)
        self.total_length = sum(self.lengths.values()) - sum(map(self.lengths.__getitem__, gone))

    @cached_property
    def ranges(self) -> dict[int, Range]:
        """The texts of each article: behind them is the document for the article as a whole."""
        heads = self.heads
        firsts = [0, *map((1).__add__, self._wholes)]
        paragraphs = [first + (first in heads) + (first + 1 in heads) for first in firsts]
        bounds = zip(firsts, paragraphs, self._wholes, strict=False)
        return dict(zip(map(self.articles.__getitem__, self._wholes), bounds, strict=True))

    @cached_property
    def _places(self) -> dict[int, int]:
        """The places in ``ranges`` of the documents that stand for articles."""
        return dict(zip(self._wholes, count(), strict=False))

    # ---- postings

    def article_postings(self, kind: Kind, unit: str) -> Sequence[int]:
        """Return the articles that hold a unit."""
        return self._kept.get((ARTICLE_FIELDS[kind], unit), self._articles_of)

    def text_postings(self, gram: str) -> Sequence[int]:
        """Return the texts that hold a pair of characters, or a character."""
        return self._kept.get(("grams", gram), self._documents_of)

    def text_words(self, word: str) -> Sequence[int]:
        """Return the texts that hold a word as a word."""
        return self._kept.get(("words", word), self._documents_of)

    def _documents_of(self, field: str, unit: str) -> array[int]:
        documents = array("I")
        written = unit.encode("utf-8", "surrogatepass")
        for leaf in self._leaves:
            documents += _raised(leaf.postings(field, written), leaf.base)
        return documents

    def _articles_of(self, field: str, unit: str) -> list[int]:
        return list(map(self._places.__getitem__, self._documents_of(field, unit)))

    def frequency(self, kind: Kind, unit: str) -> int:
        """Return how many articles hold a unit."""
        written = unit.encode("utf-8", "surrogatepass")
        return sum(leaf.frequency(ARTICLE_FIELDS[kind], written) for leaf in self._leaves)

    def documents(self) -> array[int]:
        """Return the numbers of all live texts."""
        are_live = bytearray(b"\x01") * len(self.keys)
        for document in chain(self._wholes, self._removed):
            are_live[document] = 0
        return array("I", compress(range(len(are_live)), are_live))

    def lexicon(self) -> Iterator[str]:
        """Yield every word, once for each segment that has it."""
        for leaf in self._leaves:
            for unit in leaf.units(ARTICLE_FIELDS["words"]):
                yield unit.decode("utf-8", "surrogatepass")

    # ---- files

    def check(self) -> str | None:
        """Return which file is not as it was written, or None; reads them all."""
        changed = _changed(self._folder, self._segments)
        return f"{changed} is not as it was written" if changed else None

    def close(self) -> None:
        """Close the files of every segment."""
        for leaf in self._leaves:
            leaf.reader.close()
        self._leaves = []


def _upper_halves(keys: array[int]) -> array[int]:
    """Return the numbers of the articles that keys belong to."""
    upper = 1 if sys.byteorder == "little" else 0
    return array("I", memoryview(keys).cast("B").cast("I")[upper::2].tobytes())


def _raised(documents: array[int], base: int) -> array[int]:
    """Return the documents of a segment as those of the whole index."""
    return array("I", map(base.__add__, documents)) if base else documents
