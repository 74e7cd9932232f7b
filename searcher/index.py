"""How does a script use all this?

``Index`` opens an index, answers queries, and keeps it up to date. A reader sees one commit until ``refresh``;
changes are made in one transaction, under the index's lock.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from searcher import engines, indexing, layout, searching
from searcher.analyzer import fingerprint
from searcher.engines import Reader
from searcher.errors import (
    ArticleNotFoundError,
    IndexDamagedError,
    IndexStaleError,
)
from searcher.indexing import Batch, Catalogue, Progress
from searcher.matching import Snapshot
from searcher.models import Article, ArticleInfo, Diagnosis, Failure, Paragraph, Removed, Report, Results, Stats
from searcher.searching import Request, Sort, Where
from searcher.store import FILE_NAME, Store

_ATTEMPTS, _SAME_ATTEMPTS = 20, 4  # to open what a writer may be changing
_ENGINE_FOLDER = "engine"


class Index:
    """An index of documents in a folder. Use ``Index.open``; it is a context manager."""

    def __init__(self, path: Path, generation: Path, store: Store, reader: Reader) -> None:
        self.path = path
        self._generation = generation
        self._store = store
        self._reader = reader
        self._catalogue = Catalogue(path)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = False, engine: str | None = None) -> Self:
        """Open the index in a folder; with ``create``, make an empty one where there is none.

        ``engine`` names the engine of a new index; an existing one keeps its own. Raises IndexNotFoundError,
        IndexDamagedError, IndexFolderError and EngineError.
        """
        folder = Path(path)
        if create and not layout.exists(folder):
            with layout.writing(folder):
                if not layout.exists(folder):
                    _create(folder, engine or engines.default())
        return cls(folder, *_open(folder))

    @classmethod
    def anew(cls, path: str | os.PathLike[str], *, engine: str | None = None) -> Self:
        """Open an empty index in a folder, in place of one that is there, be it damaged or sound."""
        folder = Path(path)
        with layout.writing(folder):
            _create(folder, engine or engines.default())
        return cls(folder, *_open(folder))

    @property
    def engine(self) -> str:
        """The name of the engine that the index was built with."""
        return self._store.meta("engine") or ""

    @property
    def stale(self) -> bool:
        """Whether the index was built with another version of the analyzer or its dictionaries."""
        return self._store.meta("analyzer") != fingerprint()

    def _check_fresh(self) -> None:
        if self.stale:
            raise IndexStaleError(
                f"the index in {self.path} was built with another version of the analyzer or its dictionaries",
                hint="Make it anew: policy-search rebuild",
            )

    def close(self) -> None:
        """Let go of the index's files."""
        self._reader.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refresh(self) -> None:
        """See what has been committed since the index was opened or refreshed."""
        generation, store, reader = _open(self.path)
        self.close()
        self._generation, self._store, self._reader = generation, store, reader

    def _settle(self) -> None:
        """See what was written, after it has gone into the one file of the store: our own reader was in its way."""
        self.close()
        Store(self._generation / FILE_NAME, writable=True).close()
        self._generation, self._store, self._reader = _open(self.path)

    # ---- reading

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        since: str | None = None,
        until: str | None = None,
        issuer: str | None = None,
        where: Where = "all",
        context: int = 0,
        paragraphs: int = 3,
    ) -> Results:
        """Find articles, best first.

        ``limit`` articles after the first ``offset``, each with its best ``paragraphs`` and ``context``
        paragraphs around them. ``since`` and ``until`` are dates (``2018``, ``2018-05``, ``2018-05-21``), both
        included; ``issuer`` is part of a 发文机关 or source; ``where`` says where the terms must stand. Raises
        QueryError, IndexStaleError, and ValueError for an option out of range.
        """
        request = Request(
            limit=limit, offset=offset, sort=sort, since=since, until=until, issuer=issuer, where=where,
            context=context, paragraphs=paragraphs,
        )  # fmt: skip
        self._check_fresh()
        return searching.search(Snapshot(self._reader, self._store), self._catalogue, query, request)

    def get(self, identifier: str) -> Article:
        """Return a whole article by its id, or by the beginning of its id. Raises ArticleNotFoundError."""
        return self._shown(self._store.article(self._number(identifier)))

    def _number(self, identifier: str) -> int:
        found = self._store.find(identifier) if identifier else []
        if len(found) == 1 or (found and found[0][1] == identifier):
            return found[0][0]
        if found:
            several = ", ".join(name for _, name in found)
            raise ArticleNotFoundError(f"several ids begin with {identifier}: {several}", hint="Write more of the id.")
        raise ArticleNotFoundError(f"no article has the id {identifier}", hint="See the ids with: policy-search list")

    def articles(self) -> Iterator[Article]:
        """Yield every article, in the order of their files and their places in them."""
        for number in self._store.ordered():
            yield self._shown(self._store.article(number))

    def _shown(self, article: Article) -> Article:
        return replace(article, path=self._catalogue.shown(article.path))

    def infos(self) -> Iterator[ArticleInfo]:
        """Yield what is known of every article, without its paragraphs, in the same order."""
        ordered = self._store.ordered()
        found = self._store.infos(ordered)
        for number in ordered:
            yield replace(found[number], path=self._catalogue.shown(found[number].path))

    def removed_text(self, identifier: str) -> tuple[Removed, ...]:
        """Return what was taken out of the file of an article as not belonging to any document."""
        path = self._store.article(self._number(identifier)).path
        return next((record.removed for record in self._store.sources() if record.path == path), ())

    def stats(self) -> Stats:
        """Count what the index holds."""
        paragraphs, characters = self._store.totals()
        size = sum(file.stat().st_size for file in self._generation.rglob("*") if file.is_file())
        return Stats(
            files=self._store.count("source"),
            articles=self._store.count("article"),
            paragraphs=paragraphs,
            characters=characters,
            bytes=size,
            engine=self.engine,
            analyzer=self._store.meta("analyzer") or "",
            created=self._store.meta("created") or "",
            updated=self._store.meta("updated") or "",
            roots=tuple(self._catalogue.shown(root) for root in self._store.roots()),
        )

    def doctor(self) -> Diagnosis:
        """Look whether the index is sound and up to date.

        Every indexed file is looked at, and read if it seems to have changed.
        """
        problems = []
        if self.stale:
            problems.append(
                Failure(str(self.path), "built with another version of the analyzer", "policy-search rebuild")
            )
        if damage := self._store.check():
            problems.append(Failure(str(self.path), damage, "policy-search rebuild"))
        if self._reader.count != self._store.count("text"):
            message = f"the engine holds {self._reader.count:,} texts, the store {self._store.count('text'):,}"
            problems.append(Failure(str(self.path), message, "policy-search rebuild"))
        shown, file = self._catalogue.shown, self._catalogue.file
        records = [record for record in self._store.sources() if record.digest is not None or record.error]
        read_ns = int(self._store.meta("looked_ns") or 0)
        missing = [record.path for record in records if not file(record.path).exists()]
        known = self._store.fingerprints()
        changed = [
            record.path
            for record in records
            if record.error is None
            and record.path not in set(missing)
            and indexing.unchanged(file(record.path), known[record.path], read_ns=read_ns) is False
        ]
        roots = [root for root in map(file, self._store.roots()) if root.exists()]
        found, _ = indexing.find(self._catalogue, roots)
        with_articles = {article.path for article in self._store.infos(self._store.numbers()).values()}
        return Diagnosis(
            problems=tuple(problems),
            failures=tuple(Failure(shown(r.path), r.error, r.hint) for r in records if r.error is not None),
            changed=tuple(map(shown, changed)),
            missing=tuple(map(shown, missing)),
            new=tuple(shown(item.path) for item in found if item.path not in known),
            empty=tuple(shown(r.path) for r in records if r.error is None and r.path not in with_articles),
            removed=sum(len(item.text) for record in records for item in record.removed),
        )

    # ---- writing

    def update(self, *paths: str | os.PathLike[str], progress: Progress | None = None) -> Report:
        """Add the documents in these files and folders, or update those that changed; without paths, those known.

        Files that are gone from a folder are taken out. ``progress`` is called with the number of files done, of all
        files, and a path. Raises ReadError for a path that does not exist, IndexLockedError, IndexStaleError.
        """
        with layout.writing(self.path):
            self.refresh()
            self._check_fresh()
            roots = [Path(path) for path in paths] or list(map(self._catalogue.file, self._store.roots()))
            with _changing(self._generation) as (store, batch):
                report = indexing.update(batch, store, self._catalogue, roots, progress)
            self._settle()
        return report

    def add(self, articles: Iterable[Article]) -> Report:
        """Add articles that a script made. One with the same id, record_id or url (else: the same text) is replaced."""
        with layout.writing(self.path):
            self.refresh()
            self._check_fresh()
            added = updated = 0
            with _changing(self._generation) as (store, batch):
                for article in articles:
                    record = indexing.added_record(article)
                    known = store.has_source(record.path)
                    numbered = replace(article, paragraphs=_numbered(article), path=record.path)
                    batch.put(record, [numbered])
                    updated, added = updated + known, added + (not known)
            self._settle()
        return Report(added=added, updated=updated, articles=added + updated)

    def remove(self, *targets: str | os.PathLike[str]) -> Report:
        """Take out files, whole folders of files, or single articles by id.

        Nothing is removed unless every target is found. Raises ArticleNotFoundError for one that is not.
        """
        with layout.writing(self.path):
            self.refresh()
            known = self._store.fingerprints()
            paths: dict[str, None] = {}
            numbers: dict[int, None] = {}
            for target in targets:
                path = self._catalogue.path(Path(target))
                below = [other for other in known if other == path or other.startswith(f"{path}/")]
                paths.update(dict.fromkeys(below))
                if not below:
                    numbers[self._target(str(target))] = None
            before = self._store.count("article")
            with _changing(self._generation) as (store, batch):
                for path in paths:
                    batch.remove(path)
                    store.remove_root(path)
                for target in targets:
                    store.remove_root(self._catalogue.path(Path(target)))
                for number in numbers:
                    batch.remove_article(number)
            self._settle()
        return Report(removed=len(paths), articles=before - self._store.count("article"))

    def _target(self, target: str) -> int:
        try:
            return self._number(target)
        except ArticleNotFoundError as error:
            raise ArticleNotFoundError(
                f"nothing indexed has the path or the id {target}",
                hint="See paths and ids with: policy-search list",
            ) from error

    def rebuild(
        self, *paths: str | os.PathLike[str], engine: str | None = None, progress: Progress | None = None
    ) -> Report:
        """Make the index anew, from these files and folders or from those known, and use it when it is complete.

        Articles that a script added are taken over. The same errors as ``update``.
        """
        with layout.writing(self.path):
            self.refresh()
            roots = [Path(path) for path in paths] or list(map(self._catalogue.file, self._store.roots()))
            added = [self._store.article(n) for n in self._store.ordered()]
            added = [article for article in added if article.path.startswith(indexing.ADDED)]
            generation = _new_generation(self.path, engine or self.engine)
            with _changing(generation) as (store, batch):
                report = indexing.update(batch, store, self._catalogue, roots, progress)
                for article in added:
                    batch.put(replace(indexing.added_record(article), path=article.path), [article])
            layout.use(self.path, generation)
            self.refresh()
        return report


def _numbered(article: Article) -> tuple[Paragraph, ...]:
    return tuple(replace(paragraph, ordinal=place) for place, paragraph in enumerate(article.paragraphs))


def _new_generation(folder: Path, engine: str) -> Path:
    """Make a generation with nothing in it; readers do not see it yet."""
    made = engines.load(engine)
    generation = layout.new_generation(folder)
    store = Store.create(generation / FILE_NAME)
    store.begin()
    indexing.stamp(store, engine=engine)
    with made.writer(generation / _ENGINE_FOLDER, None) as writer:
        store.set_meta("commit", writer.commit())
    store.commit()
    store.close()
    return generation


def _create(folder: Path, engine: str) -> None:
    layout.use(folder, _new_generation(folder, engine))


class _changing:  # noqa: N801  # used as a statement
    """A transaction on a generation: commits at the end of the block, and takes everything back on an error."""

    def __init__(self, generation: Path) -> None:
        self._store = Store(generation / FILE_NAME, writable=True)
        self._folder = generation / _ENGINE_FOLDER

    def __enter__(self) -> tuple[Store, Batch]:
        self._store.begin()
        engine = engines.load(self._store.meta("engine") or "")
        self._batch = Batch(self._store, engine, self._folder)
        return self._store, self._batch

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._batch.commit()
        finally:
            self._store.rollback()
            self._store.close()


def _open(folder: Path) -> tuple[Path, Store, Reader]:
    """Open what is current; a writer may take it away between two steps, so try again, above all what has changed."""
    failed: Counter[str] = Counter()
    while True:
        generation = layout.current(folder)
        try:
            return generation, *_open_generation(generation)
        except (FileNotFoundError, sqlite3.OperationalError) as error:
            reason = f"{generation.name}: {error}"
            failed[reason] += 1
            if failed[reason] == _SAME_ATTEMPTS or failed.total() == _ATTEMPTS:
                raise IndexDamagedError(
                    f"files of the index in {folder} are missing: {error}",
                    hint="Make it anew: policy-search rebuild FOLDER",
                ) from error
            time.sleep(0.02 * failed.total())
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"the index in {folder} is damaged: {error}",
                hint="Make it anew: policy-search rebuild FOLDER",
            ) from error


def _open_generation(generation: Path) -> tuple[Store, Reader]:
    with ExitStack() as stack:
        store = Store(generation / FILE_NAME)
        stack.callback(store.close)
        engine = engines.load(store.meta("engine") or "")
        reader = engine.open(generation / _ENGINE_FOLDER, store.meta("commit") or "")
        stack.pop_all()
    return store, reader
