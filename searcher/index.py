"""How does a script use all this?

``Index`` opens an index, answers queries, and keeps it up to date. A reader sees one commit until ``refresh``;
changes are made in one transaction, under the index's lock.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from searcher import engines, generation, layout, searching
from searcher.analyzer import fingerprint
from searcher.catalogue import ADDED, Catalogue
from searcher.engines import Reader
from searcher.errors import IndexStaleError, SearcherError
from searcher.faceting import Facet
from searcher.models import DEFAULT_OPTIONS, ArticleInfo, Paragraph, ReadOptions, Results
from searcher.naming import number_of, targets_of
from searcher.searching import Request, Sort
from searcher.snapshot import Snapshot
from searcher.store import FILE_NAME, Store
from searcher.tree import Scope, Where

if TYPE_CHECKING:
    from searcher.details import Earlier
    from searcher.documents import Article, Removed
    from searcher.indexing import Progress
    from searcher.reports import Diagnosis, Keyword, Report, Similar, Stats


class Index:
    """An index of documents in a folder. Use ``Index.open``; it is a context manager."""

    def __init__(self, path: Path, folder: Path, store: Store, reader: Reader) -> None:
        self.path = path
        self._opened: tuple[Path, Store, Reader] | None = folder, store, reader
        self._catalogue = Catalogue(path)

    @property
    def _open(self) -> tuple[Path, Store, Reader]:
        if self._opened is None:
            raise SearcherError(f"the index in {self.path} is closed", hint="Open it again, or refresh it.")
        return self._opened

    @property
    def _generation(self) -> Path:
        return self._open[0]

    @property
    def _store(self) -> Store:
        return self._open[1]

    @property
    def _reader(self) -> Reader:
        return self._open[2]

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
                    layout.use(folder, generation.make(folder, engine or engines.default()))
        return cls(folder, *generation.open_current(folder))

    @classmethod
    def build(
        cls,
        path: str | os.PathLike[str],
        *paths: str | os.PathLike[str],
        engine: str | None = None,
        replace: bool = False,
        options: ReadOptions = DEFAULT_OPTIONS,
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Make an index from files and folders, used only when it is complete; or update the one that is there.

        With ``replace``, the new one takes the place of one that is there, be it damaged or of another version.
        ``options``, ``jobs`` and ``progress``, and the errors, are those of ``update``.
        """
        from searcher import indexing

        folder = Path(path)
        how = indexing.How(options=options, jobs=jobs, progress=progress)
        if replace or not layout.exists(folder):
            with layout.writing(folder):
                if replace or not layout.exists(folder):
                    roots = _existing(paths)
                    return indexing.build(Catalogue(folder), engine or engines.default(), roots, (), how)
        with cls.open(folder) as index:
            return index.update(*paths, options=options, jobs=jobs, progress=progress)

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
        if self._opened is not None:
            _, store, reader = self._opened
            self._opened = None
            reader.close()
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refresh(self) -> None:
        """See what has been committed since the index was opened or refreshed."""
        opened = generation.open_current(self.path)
        self.close()
        self._opened = opened

    def _settle(self) -> None:
        """See what was written, after it has gone into the one file of the store: our own reader was in its way."""
        folder = self._generation
        self.close()
        Store(folder / FILE_NAME, writable=True).close()
        self._opened = generation.open_current(self.path)

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
        all_copies: bool = False,
        within: Scope = "article",
        expand: bool = True,
        facets: Sequence[Facet] = (),
        explain: bool = False,
        suggest: bool = False,
        among: Sequence[Earlier] = (),
    ) -> Results:
        """Find articles, best first.

        ``limit`` articles after the first ``offset``, each with its best ``paragraphs`` and ``context``
        paragraphs around them. ``since`` and ``until`` are dates (``2018``, ``2018-05``, ``2018-05-21``), both
        included; ``issuer`` is part of a 发文机关 or source; ``where`` says where the terms must stand, ``within``
        what they must stand in together. Of articles that are copies of each other only the best is shown, unless
        ``all_copies``. With ``expand``, bare terms and issuers stand for their other names, too. ``facets`` are
        counted over all that matches in full; ``explain`` adds how terms were looked for and what scores are made of.
        ``suggest`` adds what may have been meant where little is found. ``among`` are earlier searches: only what
        they match is found. Raises QueryError, SynonymsError, IndexStaleError, and
        ValueError for an option out of range.
        """
        request = Request(
            limit=limit, offset=offset, sort=sort, since=since, until=until, issuer=issuer, where=where,
            context=context, paragraphs=paragraphs, all_copies=all_copies, within=within, expand=expand, facets=facets,
            explain=explain, suggest=suggest, among=among,
        )  # fmt: skip
        self._check_fresh()
        return searching.search(Snapshot(self._reader, self._store), self._catalogue, query, request)

    def get(self, identifier: str) -> Article:
        """Return a whole article by its id, or by the beginning of its id. Raises ArticleNotFoundError."""
        return self._shown(self._store.article(number_of(self._store, identifier)))

    def similar(self, identifier: str, *, limit: int = 10) -> tuple[Similar, ...]:
        """Return the articles most like one, the most like first; of copies only one, and none of its own.

        Raises ArticleNotFoundError, also where several ids begin so, and IndexStaleError.
        """
        from searcher import similarity

        self._check_fresh()
        found = similarity.similar(Snapshot(self._reader, self._store), number_of(self._store, identifier), limit=limit)
        return tuple(
            replace(one, article=replace(one.article, path=self._catalogue.shown(one.article.path))) for one in found
        )

    def keywords(self, identifier: str, *, limit: int = 10) -> tuple[Keyword, ...]:
        """Return the words that tell what an article is about, the weightiest first. The same errors."""
        from searcher import similarity

        self._check_fresh()
        article = self._store.article(number_of(self._store, identifier))
        return similarity.keywords(Snapshot(self._reader, self._store), article, limit=limit)

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
        return self._store.removed(number_of(self._store, identifier))

    def stats(self) -> Stats:
        """Count what the index holds."""
        from searcher.reports import Stats

        paragraphs, characters = self._store.totals()
        size = sum(file.stat().st_size for file in self._generation.rglob("*") if file.is_file())
        return Stats(
            files=self._store.count("source") - self._store.failed(),
            failed=self._store.failed(),
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
        from searcher.diagnosis import diagnose

        return diagnose(self.path, self._store, self._reader, self._catalogue, stale=self.stale)

    # ---- writing: what reads and cuts documents is imported here only, a search must not wait for it

    def update(
        self,
        *paths: str | os.PathLike[str],
        options: ReadOptions = DEFAULT_OPTIONS,
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Add the documents in these files and folders, or update those that changed; without paths, those known.

        Files that are gone from a folder are taken out. ``options`` say how files are read and what one may cost;
        names of fields that they give are remembered. ``jobs`` processes read, by default one for each core.
        ``progress`` is called with the number of files done, of all files, and a path. Raises ReadError for a path that
        does not exist, IndexLockedError, IndexStaleError; a known path that is gone is a failure of the report, and
        what was read there stays.
        """
        from searcher import indexing
        from searcher.batch import changing

        with layout.writing(self.path):
            self.refresh()
            self._check_fresh()
            roots = _existing(paths) or self._roots()
            with changing(self._generation) as (store, batch):
                how = indexing.How(options=options, jobs=jobs, progress=progress)
                report = indexing.update(batch, store, self._catalogue, roots, how)
            self._settle()
        return report

    def _roots(self) -> list[Path]:
        """Return the files and folders that the index is made from; they may be gone."""
        return list(map(self._catalogue.file, self._store.roots()))

    def add(self, articles: Iterable[Article]) -> Report:
        """Add articles that a script made. One with the same id, record_id or url (else: the same text) is replaced."""
        from searcher import indexing
        from searcher.batch import changing
        from searcher.reports import Report

        with layout.writing(self.path):
            self.refresh()
            self._check_fresh()
            added = updated = 0
            with changing(self._generation) as (store, batch):
                for article in map(indexing.whole_characters, articles):
                    record = indexing.added_record(article)
                    known = store.has_source(record.path)
                    numbered = replace(article, paragraphs=_numbered(article), path=record.path)
                    indexing.put_added(batch, record, numbered)
                    updated, added = updated + known, added + (not known)
            self._settle()
        return Report(added=added, updated=updated, articles=added + updated)

    def remove(self, *targets: str | os.PathLike[str]) -> Report:
        """Take out files, whole folders of files, or single articles by id.

        Nothing is removed unless every target is found. Raises ArticleNotFoundError for one that is not.
        """
        from searcher.batch import changing
        from searcher.reports import Report

        with layout.writing(self.path):
            self.refresh()
            found = targets_of(self._store, self._catalogue, targets)
            before = self._store.count("article")
            with changing(self._generation) as (store, batch):
                for number in found.numbers:
                    store.make_unlike(number)
                    batch.remove_article(number)
                for path in found.paths:
                    batch.remove(path)
                for root in found.roots:
                    store.remove_root(root)
            self._settle()
        removed = before - self._store.count("article")
        return Report(removed=len(found.paths), articles=removed, titles=found.titles)

    def rebuild(
        self,
        *paths: str | os.PathLike[str],
        engine: str | None = None,
        options: ReadOptions = DEFAULT_OPTIONS,
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Make the index anew, from these files and folders or from those known, and use it when it is complete.

        Articles that a script added are taken over, and so are the names of fields that were given. ``options``,
        ``jobs`` and ``progress``, and the errors, are those of ``update``.
        """
        from searcher import indexing

        with layout.writing(self.path):
            self.refresh()
            roots = _existing(paths) or self._roots()
            added = [self._store.article(n) for n in self._store.ordered()]
            added = [article for article in added if article.path.startswith(ADDED)]
            names = indexing.names_of(self._store) | dict(options.names)
            how = indexing.How(options=replace(options, names=names), jobs=jobs, progress=progress)
            report = indexing.build(self._catalogue, engine or self.engine, roots, added, how)
            self.refresh()
        return report


def _existing(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Return paths that must exist. Raises ReadError."""
    from searcher.finding import need

    given = [Path(path) for path in paths]
    need(given)
    return given


def _numbered(article: Article) -> tuple[Paragraph, ...]:
    return tuple(replace(paragraph, ordinal=place) for place, paragraph in enumerate(article.paragraphs))
