"""How do files become part of an index?

Files are found, compared with what the index remembers of them, read, cleaned, split, analyzed and handed to the
store and the engine. All of it is one transaction: it is there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import time
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from searcher import engines, generation
from searcher.analyzer import fold, grams, words
from searcher.catalogue import ADDED, Catalogue
from searcher.engines import Document, Engine, Writer
from searcher.errors import ReadError
from searcher.keys import FIRST_PARAGRAPH, FRONT, MAX_PARAGRAPHS, TITLE, key_of
from searcher.models import Article, Failure, Line, Paragraph, Report
from searcher.readers import content, is_document, parse
from searcher.split import extract
from searcher.store import FILE_NAME, SourceRecord, Store

ID_LENGTH = 10  # base32 digits: 50 bits
RACY_NS = 2_000_000_000  # a file changed so shortly before it was read may change again in the same tick of its clock

Progress = Callable[[int, int, str], None]  # files done, files in all, path


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be indexed: where it is, and its path as the index knows it."""

    file: Path
    path: str


def find(catalogue: Catalogue, roots: Iterable[Path]) -> tuple[list[Found], Counter[str]]:
    """Return the documents in some files and folders, in order, and how many other files there are, by ending.

    Hidden files are passed over, links to folders are not followed. Raises ReadError where a root does not exist.
    """
    found: dict[str, Found] = {}
    others: Counter[str] = Counter()
    for root in roots:
        if not root.exists():
            raise ReadError(f"there is no file or folder {root}", hint="Check the spelling, and the folder you are in.")
        for file in _files(root, skip=catalogue.index_folder):
            if root.is_dir() and not is_document(file):
                others[file.suffix.lower() or "without ending"] += 1
                continue
            path = catalogue.path(file)
            found[path] = Found(file, path)
    return [found[path] for path in sorted(found)], others


def _files(root: Path, *, skip: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        visible = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(name for name in visible if Path(os.path.abspath(folder), name) != skip)  # noqa: PTH100
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def article_id(*place: str) -> str:
    """Return an id that depends on an article's place only."""
    digest = hashlib.blake2b("\0".join(place).encode("utf-8", "surrogateescape"), digest_size=20).digest()
    return b32encode(digest).decode("ascii").lower()


class Batch:
    """Changes to one generation: all of them become visible by ``commit``, or none."""

    def __init__(self, store: Store, engine: Engine, folder: Path) -> None:
        self._store = store
        self._engine = engine
        self._folder = folder
        self._base = store.meta("commit")
        engine.clear(folder, self._base)  # what a killed process may have left
        self._writer: Writer = engine.writer(folder, self._base)
        self._removed: set[int] = set()
        self.articles = 0

    def put(self, record: SourceRecord, articles: Sequence[Article]) -> None:
        """Add a file and its articles, in place of what the index held of that file."""
        self.remove(record.path)
        for article in articles:
            if article.id and (taken := self._store.number_of(article.id)) is not None:
                self.remove_article(taken)
        named = [self._named(record.path, article) for article in articles]
        for article, number in zip(named, self._store.put_source(record, named), strict=True):
            for document in documents(article, number):
                self._writer.add(document)
        self.articles += len(named)

    def _named(self, path: str, article: Article) -> Article:
        digits = article_id(path, str(article.ordinal)) if not article.id else article.id
        length = ID_LENGTH
        while not article.id and self._store.has_id(digits[:length]):
            length += 2
        return article if article.id else replace(article, id=digits[:length])

    def remove(self, path: str) -> bool:
        """Remove a file and its articles; return whether it was there."""
        known = self._store.has_source(path)
        if known:
            self._removed.update(self._store.remove_source(path))
        return known

    def remove_article(self, number: int) -> None:
        """Remove one article."""
        self._store.remove_article(number)
        self._removed.add(number)

    def commit(self) -> None:
        """Make everything visible at once."""
        if self._removed:
            self._writer.remove(self._removed)
        self._store.set_meta("commit", self._writer.commit())
        self._store.set_meta("updated", time.strftime("%Y-%m-%dT%H:%M:%S%z"))
        self._store.commit()
        self._engine.clear(self._folder, self._store.meta("commit"))


def documents(article: Article, number: int) -> Iterator[Document]:
    """Yield the documents that an engine indexes for an article, in the order of their keys."""
    texts = [(FRONT, "\n".join(line.text for line in article.front)), (TITLE, article.title or "")]
    texts += [(FIRST_PARAGRAPH + place, paragraph.text) for place, paragraph in enumerate(article.paragraphs)]
    for place, text in texts:
        if text:
            folded = fold(text)
            yield Document(key_of(number, place), words(folded), grams(folded))


def read_file(found: Found) -> tuple[SourceRecord, tuple[Article, ...]]:
    """Read one file. What went wrong, if anything, is in the record."""
    status = None
    try:
        status = found.file.stat()
        data = content(found.file)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        source = parse(data, path=found.file, name=found.path)
        extraction = extract(source)
        if any(len(article.paragraphs) > MAX_PARAGRAPHS for article in extraction.articles):
            raise ReadError(f"an article of more than {MAX_PARAGRAPHS:,} paragraphs", hint="Split the file.")
    except (ReadError, OSError) as error:
        hint = error.hint if isinstance(error, ReadError) else ""
        message = error.message if isinstance(error, ReadError) else (error.strerror or str(error))
        return SourceRecord(path=found.path, error=message, hint=hint), ()
    record = SourceRecord(
        path=found.path,
        digest=digest,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        format=source.format,
        encoding=source.encoding,
        characters=sum(len(p.text) for article in extraction.articles for p in article.paragraphs),
        removed=extraction.removed,
    )
    return record, extraction.articles


def unchanged(file: Path, known: tuple[bytes | None, int, int, str | None], *, read_ns: int) -> bool | None:
    """Tell whether a file is as the index knows it; None where only its size and time of change say so not.

    ``read_ns`` is when the index last looked at it. A file that could not be read then is always looked at again.
    """
    digest, size, mtime_ns, error = known
    if error is not None:
        return False
    try:
        status = file.stat()
        if status.st_size == size and status.st_mtime_ns == mtime_ns and mtime_ns < read_ns - RACY_NS:
            return True
        same = status.st_size == size and hashlib.blake2b(content(file), digest_size=16).digest() == digest
    except (ReadError, OSError):
        return False
    return None if same else False


def update(
    batch: Batch, store: Store, catalogue: Catalogue, roots: Sequence[Path], progress: Progress | None
) -> Report:
    """Bring what the index holds of some files and folders up to date; the caller commits."""
    found, others = find(catalogue, roots)
    known = store.fingerprints()
    read_ns = int(store.meta("looked_ns") or 0)
    counts: Counter[str] = Counter()
    failures: list[Failure] = []
    started = time.time_ns()
    for done, item in enumerate(found):
        if progress is not None:
            progress(done, len(found), item.path)
        before = known.get(item.path)
        if before is not None and (same := unchanged(item.file, before, read_ns=read_ns)) is not False:
            if same is None:
                status = item.file.stat()
                store.touch_source(item.path, size=status.st_size, mtime_ns=status.st_mtime_ns)
            counts["unchanged"] += 1
            continue
        record, articles = read_file(item)
        batch.put(record, articles)
        if record.error is not None:
            failures.append(Failure(catalogue.shown(item.path), record.error, record.hint))
        else:
            counts["updated" if before is not None and before[3] is None else "added"] += 1
    for path in _gone(catalogue, roots, known, {item.path for item in found}):
        batch.remove(path)
        counts["removed"] += 1
    for root in roots:
        store.add_root(catalogue.path(root))
    store.set_meta("looked_ns", str(started))
    if progress is not None:
        progress(len(found), len(found), "")
    return Report(
        added=counts["added"],
        updated=counts["updated"],
        removed=counts["removed"],
        unchanged=counts["unchanged"],
        articles=batch.articles,
        failures=tuple(failures),
        passed_over=dict(sorted(others.items())),
    )


def _gone(catalogue: Catalogue, roots: Sequence[Path], known: Iterable[str], found: set[str]) -> list[str]:
    """Return the files that the index knows under these folders and that are there no more."""
    under = tuple(f"{catalogue.path(root).rstrip('/')}/" for root in roots if root.is_dir())
    inside = [path for path in known if path not in found and not path.startswith(ADDED)]
    return sorted(path for path in inside if "./" in under or path.startswith(under)) if under else []


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


@contextmanager
def changing(folder: Path) -> Iterator[tuple[Store, Batch]]:
    """Change a generation: everything is committed at the end of the block, or taken back on an error."""
    store = Store(folder / FILE_NAME, writable=True)
    try:
        store.begin()
        batch = Batch(store, engines.load(store.meta("engine") or ""), folder / generation.ENGINE_FOLDER)
        yield store, batch
        batch.commit()
    finally:
        store.rollback()
        store.close()
