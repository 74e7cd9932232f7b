"""The fast engine: tantivy, an inverted index in Rust.

Each commit is a folder of its own, ``commit-N``. Its segments never change; a new commit begins as a folder of hard
links to the segments of the one it is based on, in which tantivy works unseen, and which gets its name when it is
complete. So earlier commits stay readable, and a process that is killed leaves nothing but a folder to delete.

How texts become terms is measured in ``docs/performance.md``: the pairs of a text have positions, so that a run of any
length is found for certain and counted without a look at the text; words stand in a document for the article as a
whole. Those documents stand together behind the texts of their segment, those of a greater batch in a segment of their
own: postings are written as distances between documents, and these are the shorter, the fewer others there are between
two articles, and before the first.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy
from tantivy import Query

from searcher.engines.files import sync
from searcher.engines.tantivy_files import COLUMNS, MANIFEST, Columns, Manifest, Opened, telling
from searcher.engines.tantivy_queries import MARKS, kept_place, place_kept_as, schema, term
from searcher.engines.tantivy_reader import TantivyReader
from searcher.errors import EngineError, IndexDamagedError
from searcher.keys import WHOLE
from searcher.units import ArticleUnits

META = "meta.json"  # tantivy's own list of segments
MEMORY_MB = 200  # that tantivy may use for what is not yet written; the documents for articles wait beside it
MIN_MEMORY_MB = 16
PER_MARK = 5  # bytes of that memory, twice what laws take, for each code point of the units of an article
APART = 4_000_000  # code points of units, above which the documents for articles get a segment of their own
_LONG = 16_000  # code points of units, above which one of them may be too long for a term


def memory_mb() -> int:
    """Return the memory in MB that a writer may use: ``$POLICY_SEARCH_WRITER_MB``. Raises EngineError."""
    said = os.environ.get("POLICY_SEARCH_WRITER_MB", str(MEMORY_MB))
    if not said.isdecimal() or int(said) < MIN_MEMORY_MB:
        raise EngineError(
            f"POLICY_SEARCH_WRITER_MB is “{said}”", hint=f"Give a number of megabytes from {MIN_MEMORY_MB} up."
        )
    return int(said)


def _folder(folder: Path, commit: str) -> Path:
    return folder / f"commit-{commit}"


def _short(units: str) -> str:
    """Return units with those replaced that are too long for a term."""
    return " ".join(map(term, units.split(" "))) if len(units) > _LONG else units


def _document(number: int, place: int) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned("article", number)
    made.add_unsigned("place", kept_place(place))
    return made


class TantivyWriter:
    """Hands articles to tantivy, and cuts its segments where one ends."""

    def __init__(self, folder: Path, commit: str | None) -> None:
        self._folder = folder
        self._commit = str(int(commit or 0) + 1)
        self._work = folder / f"work-{self._commit}"
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(parents=True)
        self._base = Manifest({})
        if commit is not None:
            based_on = _folder(folder, commit)
            self._base = Manifest.read(based_on)
            self._base.check_sizes(based_on)
            self._base.check_sums(based_on, (META,))
            _link_segments(based_on, self._work, tuple(name for name, _ in _segments(based_on)))
        memory = memory_mb() * 1_000_000
        self._enough = memory // PER_MARK
        self._size = 0
        self._wholes: list[tantivy.Document] = []  # of articles whose texts have been handed over
        with telling(self._work):
            if commit is None:
                _make(self._work)
            index = tantivy.Index.open(str(self._work))
            self._schema = index.schema
            self._writer: tantivy.IndexWriter | None = index.writer(memory, 1)  # one thread keeps documents in order

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """Give tantivy's writer, and tell what goes wrong with it as ``telling`` does."""
        writer = self._writer
        assert writer is not None, "the batch is over"  # noqa: S101
        with telling(self._work):
            try:
                yield writer
            except ValueError as error:
                if "writer was killed" in str(error):
                    writer.commit()  # only this says why its thread has ended
                raise

    def add(self, number: int, article: ArticleUnits) -> None:
        """Add an article."""
        # tantivy would cut a segment anywhere; the texts of an article stay side by side.
        if self._size > self._enough:
            self._end_segment()
            with self._writing() as writer:
                writer.commit()
            self._size = 0
        with self._writing() as writer:
            for place, _, grams in article.texts:
                made = _document(number, place)
                mark = MARKS.get(place)
                made.add_text("pairs", f"{grams} {mark}" if mark else grams)
                writer.add_document(made)
        whole = _document(number, WHOLE)
        whole.add_unsigned("length", article.length)
        whole.add_text("words", _short(article.words))
        whole.add_text("levels", _short(article.levels))
        whole.add_text("grams", article.grams)
        self._wholes.append(whole)
        self._size += 4 * article.length

    def _end_segment(self) -> None:
        """Hand over the documents for articles, of which a small batch need not have a segment more."""
        with self._writing() as writer:
            if self._wholes and self._size > APART:
                writer.commit()
            for whole in self._wholes:
                writer.add_document(whole)
        self._wholes.clear()

    def remove(self, articles: Collection[int]) -> None:
        """Remove every document of these articles, added in this batch or before."""
        self._end_segment()
        with self._writing() as writer:
            writer.delete_documents_by_query(Query.term_set_query(self._schema, "article", list(articles)))

    def commit(self) -> str:
        """Let tantivy write and merge, add what it does not keep, and give the folder its name.

        Raises IndexDamagedError where what it merged was not as it was written, and OSError where there is no room.
        """
        self._end_segment()
        with self._writing() as writer:
            writer.commit()
        self._writer = None
        with telling(self._work):
            writer.wait_merging_threads()
        self._complete()
        sync(self._work / MANIFEST)
        target = _folder(self._folder, self._commit)
        shutil.rmtree(target, ignore_errors=True)  # what a killed process left
        self._work.rename(target)
        return self._commit

    def _complete(self) -> None:
        """Write the columns of new segments and the manifest, and delete what belongs to no segment."""
        segments = _segments(self._work)
        for name, count in segments:
            self._complete_segment(name, count)
        files = dict(self._summed(tuple(name for name, _ in segments)))
        if self._base.files:
            # What was read to be written anew: damage in it would be sound from now on.
            replaced = self._base.files.keys() - files.keys()
            self._base.check_sums(_folder(self._folder, str(int(self._commit) - 1)), sorted(replaced))
        Manifest(files).write(self._work)
        reader = TantivyReader(self._work)
        live = reader.documents()
        articles = set(map(reader.articles.__getitem__, live))
        Manifest(files, len(live), sum(map(reader.lengths.__getitem__, articles))).write(self._work)
        reader.close()

    def _complete_segment(self, segment: str, count: int) -> None:
        """Write the columns of a segment that has none."""
        file = self._work / f"{segment}{COLUMNS}"
        if file.exists():
            return
        # tantivy does not tell which of its segments is which, so this one is opened alone.
        alone = self._folder / f"alone-{segment}"
        alone.mkdir()
        _link_segments(self._work, alone, (segment,))
        opened = Opened(alone)
        articles, places = opened.column("article", count), opened.column("place", count)
        columns = Columns.of(articles, list(map(place_kept_as, places)), opened.column("length", count))
        del opened
        shutil.rmtree(alone, ignore_errors=True)  # tantivy may lock it yet; what is left is cleared with old commits
        columns.write(file)
        sync(file)

    def _summed(self, segments: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, int]]]:
        for file in sorted(self._work.iterdir()):
            if file.name == META or file.name.startswith(segments):
                known = self._base.files.get(file.name) if file.name != META else None
                if known is None:
                    data = file.read_bytes()
                    known = len(data), zlib.crc32(data)
                yield file.name, known
            else:
                file.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            # What is merging goes on writing, and a rollback would let go of it without waiting.
            with suppress(IndexDamagedError), telling(self._work):
                writer.wait_merging_threads()
        shutil.rmtree(self._work, ignore_errors=True)


def _make(folder: Path) -> None:
    """Make an index without norms: no text gains by being short, and the binding cannot say so."""
    tantivy.Index(schema(), str(folder))
    meta = json.loads((folder / META).read_bytes())
    for field in meta["schema"]:
        if "indexing" in field["options"]:
            field["options"]["indexing"]["fieldnorms"] = False
    (folder / META).write_text(json.dumps(meta), "utf-8")


def _segments(folder: Path) -> list[tuple[str, int]]:
    """Return the names of the segments of a tantivy index, and how many documents each has."""
    segments = json.loads((folder / META).read_bytes())["segments"]
    return [(_name(segment), segment["max_doc"]) for segment in segments]


def _name(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


def _link_segments(source: Path, target: Path, names: tuple[str, ...]) -> None:
    """Put the files of some segments into another folder, and a list of segments that has these only."""
    for file in source.iterdir():
        if file.name.startswith(names):
            try:
                os.link(file, target / file.name)
            except OSError:  # not every file system has links
                shutil.copy2(file, target / file.name)
    meta = json.loads((source / META).read_bytes())
    meta["segments"] = [segment for segment in meta["segments"] if _name(segment) in names]
    (target / META).write_text(json.dumps(meta), "utf-8")


class TantivyEngine:
    """See the module."""

    name = "tantivy"
    text_words = False

    def open(self, folder: Path, commit: str) -> TantivyReader:
        """Open a commit. Raises FileNotFoundError where it has been cleared, or is just being."""
        place = _folder(folder, commit)
        try:
            return TantivyReader(place)
        except IndexDamagedError as error:
            if not place.exists():
                raise FileNotFoundError(place) from error
            raise

    def writer(self, folder: Path, commit: str | None) -> TantivyWriter:
        """Start a batch."""
        return TantivyWriter(folder, commit)

    def clear(self, folder: Path, keep: str | None) -> None:
        """Delete the folders of other commits and of batches that were given up."""
        for child in list(folder.iterdir()) if folder.is_dir() else []:
            if keep is None or child != _folder(folder, keep):
                # First gone as a whole, so that whoever is opening it does not find half of it.
                gone = child.with_name(f"gone-{child.name}")
                with suppress(OSError):
                    child.rename(gone)
                for rest in (gone, child):
                    shutil.rmtree(rest, ignore_errors=True)
