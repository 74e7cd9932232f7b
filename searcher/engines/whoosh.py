"""The default engine: pure Python, on Whoosh 2.7.4 (frozen since 2016, hence the pinned version).

The files are an ordinary Whoosh index, and Whoosh's own query parser can search it. Two things are done without
Whoosh's own front door. Postings are gathered per unit and written to the codec in bulk, where ``SegmentWriter``
handles each posting singly; and they are read a block at a time. Both go through the stock ``W3Codec``.

A commit is a table of contents (``_MAIN_n.toc``), which names segments and their removed documents. Segments
never change, so older commits stay readable until they are cleared. Tables of contents and postings are pickles:
an index is code, to be opened only where it comes from a trusted place.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from heapq import merge
from itertools import accumulate, compress, groupby, repeat
from operator import itemgetter
from pathlib import Path
from pickle import UnpicklingError
from types import TracebackType
from typing import Any, Self, TypeAlias

from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import SegmentReader, TermNotFound

from searcher.engines import Document, Field, Postings
from searcher.engines.whoosh_schema import schema
from searcher.errors import IndexDamagedError
from searcher.keys import FIRST_PARAGRAPH, article_of, place_of

NAME = "MAIN"
BLOCK = 512  # postings in a block
FLUSH = 12_000_000  # postings held in memory before a segment is written, about 200 MB
MAX_SEGMENTS = 8
MERGE = 6  # segments made into one when there are more

_EMPTY = array("I")
# What reading a broken pickle, and the numbers before it, may raise.
_UNREADABLE = (WhooshIndexError, UnpicklingError, EOFError, ArithmeticError, AssertionError, AttributeError,
               ImportError, LookupError, TypeError, ValueError, struct.error)  # fmt: skip


# ---- reading


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
        return reader._terms.matcher(field, unit, reader.schema[field].format)
    except (TermNotFound, KeyError):
        return None


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


class _Leaf:
    """One segment: its reader, its columns, and which of its documents are live."""

    def __init__(self, storage: FileStorage, segment: Any, base: int, shape: Schema) -> None:
        self.reader = SegmentReader(storage, shape, segment)
        self.base = base
        self.keys = _column(self.reader, "key", "Q")
        self.lengths = _column(self.reader, "length", "I")
        self.removed = frozenset(segment.deleted_docs())

    def postings(self, field: Field, unit: bytes, *, weights: bool) -> tuple[array[int], list[float]]:
        """Return the live postings of a unit, numbered within the segment."""
        matcher = _matcher(self.reader, field, unit)
        if matcher is None:
            return _EMPTY, []
        documents, frequencies = _read(matcher, weights=weights)
        if self.removed and not self.removed.isdisjoint(documents):
            live = [document not in self.removed for document in documents]
            documents = array("I", compress(documents, live))
            frequencies = list(compress(frequencies, live))
        return documents, frequencies

    def live(self) -> Iterator[int]:
        """Yield the numbers of the live documents, within the segment."""
        return (n for n in range(len(self.keys)) if n not in self.removed)


def _contents(folder: Path, commit: str) -> TOC:
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
        toc = _contents(folder, commit)
        _check_sizes(folder, toc.segments)
        self.keys = array("Q")
        self.lengths = array("I")
        self._leaves: list[_Leaf] = []
        for segment in toc.segments:
            leaf = _Leaf(storage, segment, len(self.keys), toc.schema)
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
            if leaf.removed:
                total += len(leaf.postings(field, unit.encode("utf-8", "surrogatepass"), weights=False)[0])
                continue
            try:
                total += leaf.reader._terms.term_info(field, unit.encode("utf-8", "surrogatepass")).doc_frequency()
            except TermNotFound:
                continue
        return total

    def documents(self) -> array[int]:
        """Return the numbers of all live documents."""
        return array("I", (leaf.base + n for leaf in self._leaves for n in leaf.live()))

    def close(self) -> None:
        """Close the files of every segment."""
        for leaf in self._leaves:
            leaf.reader.close()
        self._leaves = []


# ---- writing

_Term: TypeAlias = "tuple[bytes, array[int], array[float] | None]"


def _write_terms(writer: Any, field: str, kind: FieldType, terms: Iterable[_Term]) -> None:
    """Hand the sorted terms of a field to the codec, whole blocks of postings at a time."""
    writer.start_field(field, kind)
    for unit, documents, weights in terms:
        writer.start_term(unit)
        postings = writer._postwriter
        for start in range(0, len(documents), BLOCK):
            if start:
                postings._write_block()
            postings._ids = documents[start : start + BLOCK]
            postings._weights = (
                array("f", (1.0,)) * len(postings._ids) if weights is None else weights[start : start + BLOCK]
            )
            postings._maxweight = 1.0 if weights is None else max(postings._weights)
        writer.finish_term()
    writer.finish_field()


def _write_segment(
    storage: FileStorage,
    shape: Schema,
    keys: array[int],
    lengths: array[int],
    fields: dict[str, Iterable[_Term]],
) -> Any:
    """Write one segment and return what the table of contents says of it."""
    codec = W3Codec(blocklimit=BLOCK, compression=1)
    segment = codec.new_segment(storage, NAME)
    documents = codec.per_document_writer(storage, segment)
    columns = {name: shape[name].column_type for name in ("key", "length")}
    for number, (key, length) in enumerate(zip(keys, lengths, strict=True)):
        documents.start_doc(number)
        documents.add_field("key", shape["key"], key, 0)
        documents.add_field("words", shape["words"], None, length)
        documents.add_column_value("key", columns["key"], key)
        documents.add_column_value("length", columns["length"], length)
        documents.finish_doc()
    documents.close()
    writer = codec.field_writer(storage, segment)
    for name in sorted(fields):
        _write_terms(writer, name, shape[name], fields[name])
    writer.close()
    segment.set_doc_count(len(keys))
    files = Path(storage.folder).glob(f"{segment.segment_id()}.*")
    segment.sizes = {file.name: file.stat().st_size for file in files}  # pickled with the segment
    return segment


class _Gathered:
    """The postings of a segment to be, by unit."""

    def __init__(self) -> None:
        self.keys = array("Q")
        self.lengths = array("I")
        self.postings = 0
        self._words: dict[str, array[int]] = {}
        self._counts: dict[str, array[float]] = {}
        self._grams: dict[str, array[int]] = {}

    def add(self, document: Document) -> None:
        number = len(self.keys)
        self.keys.append(document.key)
        self.lengths.append(len(document.words))
        for word, count in Counter(document.words).items():
            if (found := self._words.get(word)) is None:
                found = self._words[word] = array("I")
                self._counts[word] = array("f")
            found.append(number)
            self._counts[word].append(count)
        for gram in document.grams:
            if (found := self._grams.get(gram)) is None:
                found = self._grams[gram] = array("I")
            found.append(number)
        self.postings += len(document.words) + len(document.grams)

    def fields(self) -> dict[str, Iterable[_Term]]:
        return {
            "words": ((w.encode(), self._words[w], self._counts[w]) for w in sorted(self._words)),
            "grams": ((g.encode(), self._grams[g], None) for g in sorted(self._grams)),
        }


def _leaf_terms(leaf: _Leaf, order: int, field: Field) -> Iterator[tuple[bytes, int]]:
    for name, unit in leaf.reader._terms.terms_from(field, b""):
        if name != field:
            return
        yield unit, order


def _merged_terms(leaves: list[_Leaf], numbers: list[dict[int, int]], field: Field) -> Iterator[_Term]:
    """Yield the terms of several segments as if they were one, with documents numbered anew."""
    streams = [_leaf_terms(leaf, order, field) for order, leaf in enumerate(leaves)]
    for unit, group in groupby(merge(*streams), key=itemgetter(0)):
        documents, weights = array("I"), array("f")
        for _, order in group:
            found, frequencies = leaves[order].postings(field, unit, weights=field == "words")
            documents.extend(map(numbers[order].__getitem__, found))
            weights.extend(frequencies)
        if documents:
            yield unit, documents, weights if field == "words" else None


def _merge_segments(storage: FileStorage, shape: Schema, segments: list[Any]) -> Any:
    """Write the live documents of several segments as one, in the order of the segments."""
    leaves = [_Leaf(storage, segment, 0, shape) for segment in segments]
    keys, lengths = array("Q"), array("I")
    numbers: list[dict[int, int]] = []
    for leaf in leaves:
        live = list(leaf.live())
        numbers.append(dict(zip(live, range(len(keys), len(keys) + len(live)), strict=True)))
        keys.extend(leaf.keys[n] for n in live)
        lengths.extend(leaf.lengths[n] for n in live)
    fields: tuple[Field, Field] = ("grams", "words")
    merged = _write_segment(
        storage, shape, keys, lengths, {field: _merged_terms(leaves, numbers, field) for field in fields}
    )
    for leaf in leaves:
        leaf.reader.close()
    return merged


def _live(segment: Any) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())


class WhooshWriter:
    """Gathers postings, writes them as new segments, and names all of it in a new table of contents."""

    def __init__(self, folder: Path, commit: str | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._storage = FileStorage(str(folder))
        self._schema = schema()
        self._generation = int(commit or 0) + 1
        self._segments: list[Any] = [] if commit is None else _contents(folder, commit).segments
        self._gathered = _Gathered()

    def add(self, document: Document) -> None:
        """Add a document."""
        self._gathered.add(document)
        if self._gathered.postings >= FLUSH:
            self._flush()

    def _flush(self) -> None:
        if self._gathered.keys:
            gathered, self._gathered = self._gathered, _Gathered()
            self._segments.append(
                _write_segment(self._storage, self._schema, gathered.keys, gathered.lengths, gathered.fields())
            )

    def remove(self, articles: Collection[int]) -> None:
        """Remove the documents of these articles, written or not."""
        self._flush()
        for segment in self._segments:
            leaf = _Leaf(self._storage, segment, 0, self._schema)
            for number, key in enumerate(leaf.keys):
                if article_of(key) in articles:
                    segment.delete_document(number)
            leaf.reader.close()

    def _tidy(self) -> None:
        """Drop empty segments, rewrite those that are half removed, and make many small ones into one."""
        self._segments = [segment for segment in self._segments if _live(segment)]
        for place, segment in enumerate(self._segments):
            if segment.deleted_count() > _live(segment):
                self._segments[place] = _merge_segments(self._storage, self._schema, [segment])
        while len(self._segments) > MAX_SEGMENTS:
            small = sorted(range(len(self._segments)), key=lambda n: _live(self._segments[n]))[:MERGE]
            merged = _merge_segments(self._storage, self._schema, [self._segments[n] for n in sorted(small)])
            self._segments = [s for n, s in enumerate(self._segments) if n not in small] + [merged]

    def commit(self) -> str:
        """Write the rest, bring it to the disk, and write the table of contents last."""
        self._flush()
        self._tidy()
        wanted = tuple(f"{segment.segment_id()}." for segment in self._segments)
        for file in self._folder.iterdir():
            if file.name.startswith(wanted):
                _sync(file)
        TOC(self._schema, self._segments, self._generation).write(self._storage, NAME)
        _sync(self._folder / TOC._filename(NAME, self._generation))
        return str(self._generation)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathered = _Gathered()


def _sync(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


class WhooshEngine:
    """See the module."""

    name = "whoosh"

    def open(self, folder: Path, commit: str) -> WhooshReader:
        """Open a commit."""
        return WhooshReader(folder, commit)

    def writer(self, folder: Path, commit: str | None) -> WhooshWriter:
        """Start a batch."""
        return WhooshWriter(folder, commit)

    def clear(self, folder: Path, keep: str | None) -> None:
        """Delete the segments and tables of contents that the commit does not name."""
        wanted: tuple[str, ...] = ()
        if keep is not None:
            toc = _contents(folder, keep)
            wanted = (
                TOC._filename(NAME, int(keep)),
                *(f"{segment.segment_id()}." for segment in toc.segments),
            )
        for file in list(folder.iterdir()) if folder.is_dir() else []:
            if file.is_dir():  # whoosh's temporary storage
                shutil.rmtree(file, ignore_errors=True)
            elif not file.name.startswith(wanted):
                file.unlink(missing_ok=True)
