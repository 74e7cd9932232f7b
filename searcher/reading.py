"""What comes out of a file, and what is it found by?

One file is read, cleaned, split and cut into units by ``read_file``; ``read_files`` does that for many, in worker
processes where that pays or where a reader could take the whole program down with it.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.blocks import Texts, blocks_of, texts_in
from searcher.copies import sketch
from searcher.errors import ReadError
from searcher.keys import MAX_PARAGRAPHS
from searcher.models import Article, Failure, ReadOptions, Removed, Source
from searcher.readers import content, parse
from searcher.rows import SourceRecord
from searcher.units import ArticleUnits, article_units

if TYPE_CHECKING:
    from searcher.pool import Lost

PART = 200_000  # code points of articles that are handed on together
OVERHEAD = 500  # code points that an article counts for beside those of its texts, so that tiny ones are parted, too
SMALL = 1_000_000  # bytes of plain text files that are sooner read here than by processes that have to be started
_PLAIN = frozenset({".txt", ".text", ".md", ".markdown"})  # whose readers are our own Python
_TRIES = 3  # to read a file that is being written
# What no document holds: the replacement character, private use, controls, and text that was decoded wrongly.
_MAY_BE_GARBLED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x80-\x9f锟烫屯]")
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x80-\x9f]|锟斤拷|烫烫烫|屯屯屯|[ÂÃÄÅæåäç][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read: where it is, its path as the index knows it, and how to read it.

    ``repeated`` are the keys of the lines that the pages of its folder have in common (``searcher.repeated``);
    ``text_words`` says whether the words of single texts are wanted.
    """

    file: Path
    path: str
    options: ReadOptions
    repeated: frozenset[int] = frozenset()
    text_words: bool = True


@dataclass(frozen=True, slots=True)
class Analyzed:
    """An article without its paragraphs, with what is kept of its texts and the units that they are found by."""

    article: Article
    texts: Texts
    units: ArticleUnits


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of a file, in order."""

    articles: tuple[Analyzed, ...]


Piece = Part | SourceRecord
"""What a file gives: parts, and at the end its record, which tells what went wrong, if anything."""


def read_files(tasks: Iterable[Task], *, jobs: int, options: ReadOptions) -> Generator[tuple[Task, Iterator[Piece]]]:
    """Yield each task with what its file gives, in order, read by so many processes.

    The pieces of a file must be taken before the next file is asked for.
    """
    from searcher.pool import Lost, Pool  # the processes themselves need not wait for it

    with Pool[Task, Piece](
        "searcher.reading:read_file", jobs=jobs, seconds=options.max_seconds, memory=options.max_memory
    ) as pool:
        for task, pieces in pool.each(tasks):
            yield task, (lost_record(task, piece) if isinstance(piece, Lost) else piece for piece in pieces)


def read_here(tasks: Iterable[Task]) -> Generator[tuple[Task, Iterator[Piece]]]:
    """Yield each task with what its file gives, read by this process."""
    for task in tasks:
        yield task, _read_alone(task)


def _read_alone(task: Task) -> Iterator[Piece]:
    from searcher.pool import Lost

    try:
        yield from read_file(task)
    except Exception as error:  # noqa: BLE001  # a mistake in a reader costs its file only, as in a process of its own
        yield lost_record(task, Lost("crashed", f"{type(error).__name__}: {error}"))


def are_small(files: Iterable[Path]) -> bool:
    """Tell whether files are so few and plain that no process needs to be started for them."""
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:
            continue
        if file.suffix.lower() not in _PLAIN or total > SMALL:
            return False
    return True


def lost_record(task: Task, lost: Lost) -> SourceRecord:
    """Return the record of a file whose reading ended the process."""
    reasons = {
        "hung": (f"reading it took longer than {lost.detail} seconds", "allow more with --max-seconds"),
        "memory": (
            f"reading it needs more than {task.options.max_memory / 1e6:,.0f} MB of memory",
            "allow more with --max-memory",
        ),
    }
    message, hint = reasons.get(lost.reason, (f"its reader crashed ({lost.detail})", "convert it to another format"))
    try:
        record, _ = _looked_at(task)
    except (ReadError, OSError):
        record = SourceRecord(path=task.path, looked_ns=time.time_ns())
    return replace(record, error=message, hint=hint)


def read_file(task: Task) -> Iterator[Piece]:
    """Yield the articles of a file part by part, then its record; without a digest, its bytes could not be read."""
    record = SourceRecord(path=task.path, looked_ns=time.time_ns())
    try:
        record, data = _looked_at(task)
        taken = _Taken(task)
        for source in parse(data, path=task.file, name=task.path, options=task.options):
            record = replace(record, format=source.format, encoding=source.encoding)
            yield from taken.of(source)
        yield from taken.rest()
        record = taken.filled(record)
    except ReadError as error:
        record = replace(record, error=error.message, hint=error.hint)
    except OSError as error:
        record = replace(record, error=error.strerror or str(error))
    yield record


def _looked_at(task: Task) -> tuple[SourceRecord, bytes]:
    """Return a record that says which bytes a file has, and the bytes. Raises ReadError, also for one being written."""
    for _ in range(_TRIES):
        looked_ns = time.time_ns()
        before = task.file.stat()
        data = content(task.file, most=task.options.max_bytes)
        after = task.file.stat()
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size:
            digest = hashlib.blake2b(data, digest_size=16).digest()
            record = SourceRecord(path=task.path, looked_ns=looked_ns)
            return replace(record, digest=digest, size=after.st_size, mtime_ns=after.st_mtime_ns), data
    raise ReadError("it changes while it is being read", hint="index it again when it is complete")


class _Taken:
    """What has been taken out of a file so far."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._waiting: list[Analyzed] = []
        self._size = 0
        self._articles = 0
        self._characters = 0
        self._garbled = 0
        self._recognized = 0
        self._removed: list[Removed] = []
        self._failures: list[Failure] = []
        self._candidates: frozenset[int] = frozenset()

    def of(self, source: Source) -> Iterator[Part]:
        """Take the articles of one source; yield them when there are enough."""
        from searcher.split import extract  # the process that others read for need not wait for it

        extraction = extract(source, repeated=self._task.repeated)
        self._removed += extraction.removed
        self._failures += source.failures
        self._candidates |= extraction.candidates
        self._recognized += len(source.ocr_pages)
        for article in extraction.articles:
            if len(article.paragraphs) > MAX_PARAGRAPHS:
                raise ReadError(f"an article of more than {MAX_PARAGRAPHS:,} paragraphs", hint="split the file")
            numbered = replace(article, ordinal=self._articles, record=source.record)
            size = sum(len(paragraph.text) for paragraph in article.paragraphs)
            self._articles += 1
            self._characters += size
            self._garbled += _garbled("\n".join([paragraph.text for paragraph in article.paragraphs]))
            self._waiting.append(analyzed(numbered, text_words=self._task.text_words))
            self._size += self._waiting[-1].units.length + OVERHEAD
            if self._size >= PART:
                yield from self.rest()

    def rest(self) -> Iterator[Part]:
        """Yield what has not been handed on yet."""
        if self._waiting:
            yield Part(tuple(self._waiting))
            self._waiting, self._size = [], 0

    def filled(self, record: SourceRecord) -> SourceRecord:
        """Return the record with what is known now of the whole file."""
        return replace(
            record,
            characters=self._characters,
            garbled=self._garbled,
            recognized=self._recognized,
            removed=tuple(self._removed),
            failures=tuple(self._failures),
            candidates=self._candidates,
            repeated=self._task.repeated & self._candidates,
        )


def _garbled(text: str) -> int:
    """Count what no document holds."""
    return len(_GARBLED.findall(text)) if _MAY_BE_GARBLED.search(text) else 0


def analyzed(article: Article, *, text_words: bool = True) -> Analyzed:
    """Return an article with all that it is found by; the words of its single texts where they are wanted."""
    kept = Texts(len(article.paragraphs), tuple(blocks_of(article)), sketch(article))
    units = article_units(
        [(place, text) for place, text in enumerate(texts_in(article)) if text], text_words=text_words
    )
    return Analyzed(replace(article, paragraphs=()), kept, units)


def default_jobs() -> int:
    """Return how many processes read: one for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
