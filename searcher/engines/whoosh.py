"""The default engine: pure Python, on Whoosh 2.7.4 (frozen since 2016, hence the pinned version).

The files are an ordinary Whoosh index, and Whoosh's own query parser can search it. There is a document for each text
and, behind those of an article, one for the article as a whole.

A commit is a table of contents (``_MAIN_n.toc``), which names segments and their removed documents. Segments
never change, so older commits stay readable until they are cleared. Tables of contents and postings are pickles:
an index is code, to be opened only where it comes from a trusted place.
"""

from __future__ import annotations

import shutil
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from heapq import merge
from itertools import chain, count, groupby, repeat
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.numeric import length_to_byte

from searcher.analyzer import BREAK
from searcher.engines.files import sync
from searcher.engines.postings import units_of
from searcher.engines.whoosh_reader import Leaf, WhooshReader, check_sums, contents, seal
from searcher.engines.whoosh_schema import ARTICLE_FIELDS, NAME, TEXT_FIELDS, schema
from searcher.engines.whoosh_segment import Documents, Term, write_segment
from searcher.keys import FIRST_PARAGRAPH, WHOLE, key_of
from searcher.units import ArticleUnits, TextUnits

FLUSH = 12_000_000  # postings held in memory before a segment is written, about 200 MB
MAX_SEGMENTS = 8
MERGE = 6  # segments made into one when there are more

_WORD_BYTES = array("B", map(length_to_byte, range(1 << 10)))  # of so many words; more are as many for ranking


class _Gathered:
    """The postings of a segment to be, by unit."""

    def __init__(self) -> None:
        self.documents = Documents()
        self.count = 0
        self._fields: dict[str, defaultdict[str, array[int]]] = {
            name: defaultdict(partial(array, "I")) for name in (*TEXT_FIELDS, *ARTICLE_FIELDS.values())
        }

    def add(self, number: int, article: ArticleUnits) -> None:
        for text in article.texts:
            self._add_text(number, text)
        documents = self.documents
        whole = len(documents.keys)
        for kind, units in units_of(article).items():
            self._hold(ARTICLE_FIELDS[kind], units.split(), whole)
        documents.wholes.append(whole)
        documents.numbers.append(number)
        documents.lengths.append(article.length)
        documents.keys.append(key_of(number, WHOLE))
        documents.words.append(0)

    def _add_text(self, number: int, text: TextUnits) -> None:
        documents = self.documents
        document = len(documents.keys)
        words = set(text.words.split())
        words.discard(BREAK)
        self._hold("words", words, document)
        self._hold("grams", set(text.grams.split()), document)
        if text.place < FIRST_PARAGRAPH:
            documents.heads.append(document)
        documents.keys.append(key_of(number, text.place))
        documents.words.append(_WORD_BYTES[min(len(words), len(_WORD_BYTES) - 1)])

    def _hold(self, field: str, units: Collection[str], document: int) -> None:
        postings = self._fields[field]
        for unit in units:
            postings[unit].append(document)
        self.count += len(units)

    def fields(self) -> Mapping[str, Iterable[Term]]:
        return {name: _sorted_terms(postings) for name, postings in self._fields.items()} | {
            "grams": _with_singles(self._fields["grams"])
        }


def _sorted_terms(postings: Mapping[str, array[int]]) -> Iterator[Term]:
    return ((unit.encode(), postings[unit]) for unit in sorted(postings))


def _with_singles(postings: Mapping[str, array[int]]) -> Iterator[Term]:
    """Yield the terms of grams, and those of the single characters that begin them."""
    for single, group in groupby(sorted(postings), key=itemgetter(0)):
        grams = list(group)
        beginning = {single: array("I", sorted(set(chain.from_iterable(map(postings.__getitem__, grams)))))}
        yield from _sorted_terms({gram: postings[gram] for gram in grams} | beginning)


def _merged_terms(leaves: list[Leaf], numbers: Sequence[Mapping[int, int]], field: str) -> Iterator[Term]:
    """Yield the terms of several segments as if they were one, with documents numbered anew."""
    streams = [zip(leaf.units(field), repeat(order)) for order, leaf in enumerate(leaves)]
    for unit, group in groupby(merge(*streams), key=itemgetter(0)):
        documents = array("I")
        for _, order in group:
            documents.extend(map(numbers[order].__getitem__, leaves[order].postings(field, unit)))
        if documents:
            yield unit, documents


def _merge_segments(storage: FileStorage, shape: Schema, segments: Sequence[Any]) -> Any:
    """Write the live documents of several segments as one, in the order of the segments.

    Raises IndexDamagedError where they are not as they were written: damage in them would be sound from now on.
    """
    check_sums(Path(storage.folder), segments)
    leaves = [Leaf(storage, segment, 0, shape) for segment in segments]
    documents = Documents()
    numbers = [_take_documents(documents, leaf) for leaf in leaves]
    fields = {name: _merged_terms(leaves, numbers, name) for name in (*TEXT_FIELDS, *ARTICLE_FIELDS.values())}
    merged = write_segment(storage, shape, documents, fields)
    for leaf in leaves:
        leaf.reader.close()
    return merged


def _take_documents(documents: Documents, leaf: Leaf) -> dict[int, int]:
    """Add the live documents of a segment to others and return by their numbers there those that they have now."""
    keys, words, segment = leaf.column("key", "Q"), leaf.column("_words_len", "B"), leaf.segment
    live = leaf.live(range(len(keys)))
    numbers = dict(zip(live, count(len(documents.keys))))
    documents.keys.extend(map(keys.__getitem__, live))
    documents.words.extend(map(words.__getitem__, live))
    documents.heads.extend(map(numbers.__getitem__, leaf.live(segment.heads)))
    for whole, number, length in zip(segment.wholes, segment.numbers, segment.lengths, strict=True):
        if whole in numbers:
            documents.wholes.append(numbers[whole])
            documents.numbers.append(number)
            documents.lengths.append(length)
    return numbers


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

    def add(self, number: int, article: ArticleUnits) -> None:
        """Add an article."""
        if self._gathered.count >= FLUSH:  # the documents of an article stay side by side, in one segment
            self._flush()
        self._gathered.add(number, article)

    def _flush(self) -> None:
        if self._gathered.documents.keys:
            gathered, self._gathered = self._gathered, _Gathered()
            self._segments.append(write_segment(self._storage, self._schema, gathered.documents, gathered.fields()))

    def remove(self, articles: Collection[int]) -> None:
        """Remove the documents of these articles, written or not."""
        self._flush()
        for segment in self._segments:
            befores = chain((-1,), segment.wholes)
            for before, whole, number in zip(befores, segment.wholes, segment.numbers, strict=False):
                if number in articles:
                    for document in range(before + 1, whole + 1):
                        segment.delete_document(document)

    def _tidy(self) -> None:
        """Drop empty segments, rewrite those that are half removed, and make small ones side by side into one."""
        self._segments = [segment for segment in self._segments if _live(segment)]
        for place, segment in enumerate(self._segments):
            if segment.deleted_count() > _live(segment):
                self._segments[place] = _merge_segments(self._storage, self._schema, [segment])
        while len(self._segments) > MAX_SEGMENTS:
            sizes = list(map(_live, self._segments))
            start = min(range(len(sizes) - MERGE + 1), key=lambda n: sum(sizes[n : n + MERGE]))
            small = slice(start, start + MERGE)
            self._segments[small] = [_merge_segments(self._storage, self._schema, self._segments[small])]

    def commit(self) -> str:
        """Write the rest, bring it to the disk, and write the table of contents last."""
        self._flush()
        self._tidy()
        wanted = tuple(f"{segment.segment_id()}." for segment in self._segments)
        for file in self._folder.iterdir():
            if file.name.startswith(wanted):
                sync(file)
        TOC(self._schema, self._segments, self._generation).write(self._storage, NAME)
        toc = self._folder / TOC._filename(NAME, self._generation)
        seal(toc)
        sync(toc)
        return str(self._generation)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathered = _Gathered()


class WhooshEngine:
    """See the module."""

    name = "whoosh"
    text_words = True

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
