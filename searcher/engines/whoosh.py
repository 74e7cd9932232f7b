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
import zlib
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from searcher.engines import Document, Field
from searcher.engines.whoosh_reader import Leaf, WhooshReader, contents
from searcher.engines.whoosh_schema import NAME, schema
from searcher.keys import article_of

BLOCK = 512  # postings in a block
FLUSH = 12_000_000  # postings held in memory before a segment is written, about 200 MB
MAX_SEGMENTS = 8
MERGE = 6  # segments made into one when there are more


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
    files = list(Path(storage.folder).glob(f"{segment.segment_id()}.*"))
    segment.sizes = {file.name: file.stat().st_size for file in files}  # pickled with the segment
    segment.sums = {file.name: zlib.crc32(file.read_bytes()) for file in files}
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
        words, grams = document.word_list(), document.gram_set()
        self.lengths.append(len(words))
        for word, count in Counter(words).items():
            if (found := self._words.get(word)) is None:
                found = self._words[word] = array("I")
                self._counts[word] = array("f")
            found.append(number)
            self._counts[word].append(count)
        for gram in grams:
            if (found := self._grams.get(gram)) is None:
                found = self._grams[gram] = array("I")
            found.append(number)
        self.postings += len(words) + len(grams)

    def fields(self) -> dict[str, Iterable[_Term]]:
        return {
            "words": ((w.encode(), self._words[w], self._counts[w]) for w in sorted(self._words)),
            "grams": ((g.encode(), self._grams[g], None) for g in sorted(self._grams)),
        }


def _leaf_terms(leaf: Leaf, order: int, field: Field) -> Iterator[tuple[bytes, int]]:
    for name, unit in leaf.reader._terms.terms_from(field, b""):
        if name != field:
            return
        yield unit, order


def _merged_terms(leaves: list[Leaf], numbers: list[dict[int, int]], field: Field) -> Iterator[_Term]:
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
    leaves = [Leaf(storage, segment, 0, shape) for segment in segments]
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
        self._segments: list[Any] = [] if commit is None else contents(folder, commit).segments
        self._gathered = _Gathered()

    def add(self, document: Document) -> None:
        """Add a document."""
        # The documents of an article stay side by side, in one segment.
        if self._gathered.postings >= FLUSH and article_of(document.key) != article_of(self._gathered.keys[-1]):
            self._flush()
        self._gathered.add(document)

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
            leaf = Leaf(self._storage, segment, 0, self._schema)
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
            toc = contents(folder, keep)
            wanted = (
                TOC._filename(NAME, int(keep)),
                *(f"{segment.segment_id()}." for segment in toc.segments),
            )
        for file in list(folder.iterdir()) if folder.is_dir() else []:
            if file.is_dir():  # whoosh's temporary storage
                shutil.rmtree(file, ignore_errors=True)
            elif not file.name.startswith(wanted):
                file.unlink(missing_ok=True)
