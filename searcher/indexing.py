"""How do files become part of an index?

Files are found, compared with what the index remembers of them, read by worker processes, and handed to the store and
the engine in the order of their paths. All of it is one transaction: it is there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from searcher import generation, layout
from searcher.batch import Batch, article_id, changing
from searcher.catalogue import ADDED, Catalogue
from searcher.errors import ReadError
from searcher.finding import Findings, Found, find, walk_finds
from searcher.folders import Folders
from searcher.models import DEFAULT_OPTIONS, Article, Failure, Line, Paragraph, ReadOptions, Report
from searcher.readers import MAY_HOLD_RECORDS, abilities, content
from searcher.reading import Part, Piece, Task, analyzed, are_small, default_jobs, read_files, read_here
from searcher.rows import Known, SourceRecord
from searcher.store import Store

_NAMES = "names"  # under which the store remembers what those call their fields
RACY_NS = 2_000_000_000  # a file changed so shortly before it was read may change again in the same tick of its clock

Progress = Callable[[int, int, str], None]  # files done, files in all, path


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How files are read: with which options, by how many processes (None: one for each core), telling whom."""

    options: ReadOptions = DEFAULT_OPTIONS
    jobs: int | None = None
    progress: Progress | None = None


def unchanged(file: Path, known: Known, tried: str | None = None) -> bool | None:
    """Tell whether a file is as the index knows it; None where only its size and time of change say so not.

    A file of which something could not be read has changed also where it would now be read by other means than were
    ``tried``, if these are given.
    """
    if known.digest is None or (tried is not None and known.troubled and known.tried != tried):
        return False
    try:
        status = file.stat()
        settled = known.mtime_ns < known.looked_ns - RACY_NS
        if settled and (status.st_size, status.st_mtime_ns) == (known.size, known.mtime_ns):
            return True
        if status.st_size != known.size:
            return False
        same = hashlib.blake2b(content(file, most=known.size), digest_size=16).digest() == known.digest
    except (ReadError, OSError):
        return False
    return None if same else False


class _Update:
    """An update of the index under way: takes one file after the other, and counts."""

    def __init__(self, batch: Batch, store: Store, catalogue: Catalogue, how: How) -> None:
        self._batch = batch
        self._store = store
        self._catalogue = catalogue
        self._how = how
        self._tried = f"{how.options} {abilities()}"
        self._names_changed = names_of(store) != how.options.names
        self._known = store.fingerprints()
        self._folders = Folders(store.edges())
        self._done = self._total = 0
        self.counts: Counter[str] = Counter()
        self.failures: dict[str, tuple[Failure, ...]] = {}

    def run(self, documents: Sequence[Found]) -> None:
        """Bring the index up to date with these files."""
        self._total = len(documents)
        self._tell("")
        fresh = []
        for item in documents:
            if self._is_known(item):
                self._done += 1
                self._tell(item.path)
            else:
                fresh.append(item)
        with closing(self._read(fresh)) as read:
            for task, pieces in read:
                self._take(task, pieces)
                self._done += 1
                self._tell(task.path)

    def _tell(self, path: str) -> None:
        if self._how.progress is not None:
            self._how.progress(self._done, self._total, path)

    def _is_known(self, item: Found) -> bool:
        """Tell whether the index is up to date with a file, and note that."""
        known = self._known.get(item.path)
        if known is None or (self._names_changed and item.file.suffix.lower() in MAY_HOLD_RECORDS):
            return False
        looked_ns = time.time_ns()
        same = unchanged(item.file, known, self._tried)
        if same is None:
            try:
                status = item.file.stat()
            except OSError:  # gone in between
                return False
            self._store.touch_source(item.path, size=status.st_size, mtime_ns=status.st_mtime_ns, looked_ns=looked_ns)
        if same is False:
            return False
        self.counts["unchanged"] += known.error is None
        self._note_failures(self._store.source(item.path) if known.troubled else None)
        return True

    def _read(self, items: Sequence[Found]) -> Generator[tuple[Task, Iterator[Piece]]]:
        options = self._how.options
        words = self._batch.text_words
        tasks = (Task(item.file, item.path, options, self._folders.repeated(item.path), words) for item in items)
        if are_small(item.file for item in items):
            return read_here(tasks)
        return read_files(tasks, jobs=min(self._how.jobs or default_jobs(), len(items)), options=options)

    def _take(self, task: Task, pieces: Iterable[Piece]) -> None:
        """Put what comes out of a file in place of what the index held of it."""
        known = self._known.get(task.path)
        indexed = known is not None and known.error is None
        record = self._add(task.path, pieces)
        self._note_failures(record)
        if record.error is None:
            self._batch.finish(record)
            self._folders.put(task.path, record.candidates, record.repeated)
            self.counts["updated" if indexed else "added"] += 1
            return
        self._batch.undo()
        if record.digest is not None or not indexed:  # else what was read before is better than nothing
            self._batch.begin(task.path)
            self._batch.finish(record)
            self._folders.remove(task.path)

    def _add(self, path: str, pieces: Iterable[Piece]) -> SourceRecord:
        """Add the articles of a file to the batch, and return its record."""
        self._batch.begin(path)
        record = SourceRecord(path=path)
        for piece in pieces:
            if isinstance(piece, Part):
                self._batch.add(path, piece.articles)
            else:
                record = replace(piece, tried=self._tried if piece.error is not None or piece.failures else "")
        return record

    def _note_failures(self, record: SourceRecord | None) -> None:
        if record is not None and (found := failures_of(record, self._catalogue)):
            self.failures[record.path] = found

    def take_out_gone(self, roots: Sequence[Path], findings: Findings) -> None:
        """Take out the files that the index knows under these folders, and that are there no more."""
        found = {item.path for item in findings.documents}
        kept = {path for path in self._store.roots() if self._catalogue.file(path).exists()}
        known = sorted(self._known.keys() - found - kept)
        folders = [self._catalogue.path(root) for root in roots if root.is_dir()]
        for path in known:
            if self._under(path, folders) and not self._under(path, findings.unseen):
                self._batch.remove(path)
                self._folders.remove(path)
                self._store.remove_root(path)
                self.counts["removed"] += 1

    def _under(self, path: str, roots: Iterable[str]) -> bool:
        return any(self._catalogue.under(path, root) for root in roots)

    def read_again(self) -> None:
        """Read the pages again whose folder is known now to have other lines in common; one that is gone stays."""
        items = [Found(self._catalogue.file(path), path) for path in self._folders.outdated()]
        with closing(self._read(items)) as read:
            for task, pieces in read:
                record = self._add(task.path, pieces)
                if record.error is None:
                    self._batch.finish(record, again=True)
                else:
                    self._batch.undo()

    def note_roots(self, roots: Iterable[Path]) -> None:
        """Remember what the index is made from, without the files that are found in one of its folders anyway."""
        for root in roots:
            self._store.add_root(self._catalogue.path(root))
        known = self._store.roots()
        folders = [path for path in known if self._catalogue.file(path).is_dir()]
        for path in known:
            if any(walk_finds(self._catalogue.file(folder), self._catalogue.file(path)) for folder in folders):
                self._store.remove_root(path)


def failures_of(record: SourceRecord, catalogue: Catalogue) -> tuple[Failure, ...]:
    """Return what went wrong with a file, and with parts of it."""
    whole = () if record.error is None else (Failure(catalogue.shown(record.path), record.error, record.hint),)
    return (*whole, *(replace(failure, path=catalogue.shown(failure.path)) for failure in record.failures))


def names_of(store: Store) -> dict[str, str]:
    """Return what files of records call their fields, as the index was told."""
    names: dict[str, str] = json.loads(store.meta(_NAMES) or "{}")
    return names


def update(batch: Batch, store: Store, catalogue: Catalogue, roots: Sequence[Path], how: How) -> Report:
    """Bring what the index holds of some files and folders up to date; the caller commits."""
    how = replace(how, options=replace(how.options, names=names_of(store) | dict(how.options.names)))
    findings = find(catalogue, roots)
    work = _Update(batch, store, catalogue, how)
    work.run(findings.documents)
    work.take_out_gone(roots, findings)
    work.read_again()
    work.note_roots(roots)
    store.set_meta(_NAMES, json.dumps(dict(how.options.names), ensure_ascii=False))
    return Report(
        added=work.counts["added"],
        updated=work.counts["updated"],
        removed=work.counts["removed"],
        unchanged=work.counts["unchanged"],
        articles=batch.articles,
        failures=(*findings.failures, *(one for path in sorted(work.failures) for one in work.failures[path])),
        passed_over=dict(sorted(findings.others.items())),
    )


def build(catalogue: Catalogue, engine: str, roots: Sequence[Path], added: Iterable[Article], how: How) -> Report:
    """Make an index from files and folders, and articles that a script added; used when it is complete.

    Only while holding the lock.
    """
    folder = catalogue.index_folder
    with ExitStack() as making:
        fresh = generation.make(folder, engine)
        making.callback(shutil.rmtree, fresh, ignore_errors=True)
        with changing(fresh) as (store, batch):
            report = update(batch, store, catalogue, roots, how)
            for article in added:
                put_added(batch, replace(added_record(article), path=article.path), article)
        making.pop_all()
    layout.use(folder, fresh)
    return report


def put_added(batch: Batch, record: SourceRecord, article: Article) -> None:
    """Put an article that a script added in place of what the index holds of it."""
    batch.begin(record.path)
    batch.add(record.path, [analyzed(article, text_words=batch.text_words)])
    batch.finish(record)


def whole_characters(article: Article) -> Article:
    """Return an article without lone surrogates, which are no characters and which no database holds."""

    def mended(value: object) -> object:
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, tuple):
            return tuple(map(mended, value))
        if isinstance(value, Line | Paragraph):
            return replace(value, text=str(mended(value.text)))
        return value

    values: dict[str, Any] = {field.name: mended(getattr(article, field.name)) for field in fields(article)}
    return replace(article, **values)


def added_record(article: Article) -> SourceRecord:
    """Return the record for an article that a script adds: the same article again takes its place."""
    identity = article.id or article.record_id or article.url
    own = (identity,) if identity else (article.title or "", *(p.text for p in article.paragraphs))
    return SourceRecord(
        path=f"{ADDED}{article_id(*own)}",
        format="added",
        characters=sum(len(p.text) for p in article.paragraphs),
    )
