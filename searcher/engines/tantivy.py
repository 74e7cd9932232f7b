"""The fast engine: tantivy, an inverted index in Rust.

Each commit is a folder of its own, ``commit-N``. Its segments never change; a new commit begins as a folder of hard
links to the segments of the one it is based on, in which tantivy works unseen, and which gets its name when it is
complete. So earlier commits stay readable, and a process that is killed leaves nothing but a folder to delete.

How a text becomes terms (measured in ``docs/performance.md``):

- ``words`` and ``grams`` without positions, which would make the index twice as large: what is longer than a gram is
  looked for in the stored text. A character alone is found as the beginning of a gram;
- ``often``: a term for each bit of the frequency of a word, where that is above one. tantivy's results carry scores,
  from which a frequency could only be guessed.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy
from tantivy import Query

from searcher.analyzer import BREAK
from searcher.engines import Document
from searcher.engines.tantivy_reader import (
    COLUMNS,
    MANIFEST,
    Columns,
    Manifest,
    Opened,
    TantivyReader,
    often,
    term,
)
from searcher.errors import EngineError, IndexDamagedError
from searcher.keys import article_of

META = "meta.json"  # tantivy's own list of segments
MEMORY_MB = 200  # that tantivy may use for what is not yet written
MIN_MEMORY_MB = 16
PER_MARK = 5  # bytes of that memory, twice what laws take, for each code point of the units of a document
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


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", fast=True)
    builder.add_unsigned_field("length", fast=True)
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("often", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def _short(units: str) -> str:
    """Return units with those replaced that are too long for a term."""
    return " ".join(map(term, units.split(" "))) if len(units) > _LONG else units


def _often(words: list[str]) -> str:
    """Return the terms that tell how often the words stand that stand more than once."""
    counts = Counter(words)
    counts.pop(BREAK, None)
    terms: list[str] = []
    for word, count in counts.items():
        if count == 2:
            terms.append(often(word, 0))
        elif count > 2:
            terms += [often(word, bit) for bit in range(count.bit_length()) if (count - 1) >> bit & 1]
    return " ".join(terms)


class TantivyWriter:
    """Hands documents to tantivy, in order, and cuts its segments where an article ends."""

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
            _link_segments(based_on, self._work, tuple(name for name, _ in _segments(based_on)))
        memory = memory_mb() * 1_000_000
        self._enough = memory // PER_MARK
        self._size, self._last = 0, -1
        index = tantivy.Index(_schema(), str(self._work)) if commit is None else tantivy.Index.open(str(self._work))
        self._schema = index.schema
        self._writer: tantivy.IndexWriter | None = index.writer(memory, 1)  # one thread keeps documents in order

    def _open_writer(self) -> tantivy.IndexWriter:
        assert self._writer is not None, "the batch is over"  # noqa: S101
        return self._writer

    def add(self, document: Document) -> None:
        """Add a document."""
        writer = self._open_writer()
        article = article_of(document.key)
        # tantivy would cut a segment anywhere; the documents of an article stay side by side.
        if self._size > self._enough and article != self._last:
            writer.commit()
            self._size = 0
        self._size += len(document.words) + len(document.grams)
        self._last = article
        names = _short(document.words)
        words = names.split(" ") if names else []
        made = tantivy.Document()
        made.add_unsigned("key", document.key)
        made.add_unsigned("article", article)
        made.add_unsigned("length", len(words) - words.count(BREAK))
        made.add_text("words", names)
        made.add_text("grams", _short(document.grams))
        if len(set(words)) < len(words):
            made.add_text("often", _often(words))
        writer.add_document(made)

    def remove(self, articles: Collection[int]) -> None:
        """Remove every document of these articles, added in this batch or before."""
        self._open_writer().delete_documents_by_query(Query.term_set_query(self._schema, "article", list(articles)))

    def commit(self) -> str:
        """Let tantivy write and merge, add what it does not keep, and give the folder its name."""
        writer, self._writer = self._open_writer(), None
        writer.commit()
        writer.wait_merging_threads()
        self._complete()
        _sync(self._work / MANIFEST)
        target = _folder(self._folder, self._commit)
        shutil.rmtree(target, ignore_errors=True)  # what a killed process left
        self._work.rename(target)
        return self._commit

    def _complete(self) -> None:
        """Write the columns of new segments and the manifest, and delete what belongs to no segment."""
        segments = _segments(self._work)
        columns = [self._columns(name, count) for name, count in segments]
        files = dict(self._summed(tuple(name for name, _ in segments)))
        Manifest(files, sum(sum(one.lengths) for one in columns)).write(self._work)
        reader = TantivyReader(self._work)
        if reader.count < len(reader.keys):
            Manifest(files, sum(map(reader.lengths.__getitem__, reader.documents()))).write(self._work)
        reader.close()

    def _columns(self, segment: str, count: int) -> Columns:
        """Return the columns of a segment; those of a new one are asked of tantivy, and written."""
        file = self._work / f"{segment}{COLUMNS}"
        if file.exists():
            return Columns.read(file)
        # tantivy does not tell which of its segments is which, so this one is opened alone.
        alone = self._work / "alone"
        alone.mkdir()
        _link_segments(self._work, alone, (segment,))
        opened = Opened(alone)
        columns = Columns.of(opened.column("key", count), opened.column("length", count))
        del opened
        shutil.rmtree(alone)
        columns.write(file)
        _sync(file)
        return columns

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
        self._writer = None
        shutil.rmtree(self._work, ignore_errors=True)


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


def _sync(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


class TantivyEngine:
    """See the module."""

    name = "tantivy"

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
