"""How do files become part of an index?

Files are found, compared with what the index remembers of them, read, cleaned, split, analyzed and handed to the
store and the engine. All of it is one transaction: it is there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from searcher import engines, generation, layout
from searcher.analyzer import fold, grams, words
from searcher.catalogue import ADDED, Catalogue
from searcher.engines import Document, Engine, Writer
from searcher.errors import ReadError
from searcher.keys import FIRST_PARAGRAPH, FRONT, MAX_PARAGRAPHS, TITLE, key_of
from searcher.models import Article, Failure, Line, Paragraph, Removed, Report
from searcher.readers import content, is_document, parse
from searcher.split import extract
from searcher.store import FILE_NAME, Known, SourceRecord, Store

ID_LENGTH = 10  # base32 digits: 50 bits
RACY_NS = 2_000_000_000  # a file changed so shortly before it was read may change again in the same tick of its clock

Progress = Callable[[int, int, str], None]  # files done, files in all, path


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be indexed: where it is, and its path as the index knows it."""

    file: Path
    path: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What lies in some files and folders.

    ``documents`` are in the order of their paths; ``others`` counts files that are no documents, by ending.
    ``unseen`` are the files and folders that are gone or could not be looked into, as the index knows them, and
    ``failures`` says why.
    """

    documents: tuple[Found, ...]
    others: Counter[str]
    unseen: tuple[str, ...]
    failures: tuple[Failure, ...]


def need(roots: Iterable[Path]) -> None:
    """See that files and folders are there. Raises ReadError."""
    for root in roots:
        if not os.path.exists(root):  # noqa: PTH110  # Path.exists raises where a folder above is not to be entered
            raise ReadError(f"there is no file or folder {root}", hint="Check the spelling, and the folder you are in.")


def find(catalogue: Catalogue, roots: Iterable[Path]) -> Findings:
    """Find the documents in some files and folders. Hidden files are passed over, links to folders not followed."""
    found: dict[str, Found] = {}
    others: Counter[str] = Counter()
    failures: dict[str, Failure] = {}

    def fail(place: Path, reason: str, hint: str) -> None:
        path = catalogue.path(place)
        failures[path] = Failure(catalogue.shown(path), reason, hint)

    def fail_to_look(error: OSError) -> None:
        fail(Path(error.filename), error.strerror or str(error), "check the permissions of the folder")

    for root in roots:
        if not os.path.exists(root):  # noqa: PTH110  # as above
            fail(root, "no such file or folder", f"policy-search remove {root}")
            continue
        folder = root.is_dir()
        for file in _walk(root, catalogue.index_folder, fail_to_look) if folder else (root,):
            if folder and not is_document(file):
                others[file.suffix.lower() or "without ending"] += 1
                continue
            path = catalogue.path(file)
            found[path] = Found(file, path)
    documents = tuple(found[path] for path in sorted(found))
    return Findings(documents, others, tuple(failures), tuple(failures.values()))


def _walk(root: Path, skip: Path, onerror: Callable[[OSError], None]) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, onerror=onerror):
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
        commit = self._writer.commit()
        layout.sync_folder(self._folder)
        self._store.set_meta("commit", commit)
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
    """Read one file. What went wrong, if anything, is in the record; without a digest, its bytes could not be read."""
    record = SourceRecord(path=found.path, looked_ns=time.time_ns())
    try:
        status = found.file.stat()
        data = content(found.file)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        record = replace(record, digest=digest, size=status.st_size, mtime_ns=status.st_mtime_ns)
        articles: list[Article] = []
        removed: list[Removed] = []
        for source in parse(data, path=found.file, name=found.path):
            record = replace(record, format=source.format, encoding=source.encoding)
            extraction = extract(source)
            first = len(articles)
            articles += [replace(a, ordinal=first + a.ordinal, record=source.record) for a in extraction.articles]
            removed += extraction.removed
        if any(len(article.paragraphs) > MAX_PARAGRAPHS for article in articles):
            raise ReadError(f"an article of more than {MAX_PARAGRAPHS:,} paragraphs", hint="Split the file.")
    except ReadError as error:
        return replace(record, error=error.message, hint=error.hint), ()
    except OSError as error:
        return replace(record, error=error.strerror or str(error)), ()
    record = replace(
        record,
        characters=sum(len(p.text) for article in articles for p in article.paragraphs),
        removed=tuple(removed),
    )
    return record, tuple(articles)


def unchanged(file: Path, known: Known) -> bool | None:
    """Tell whether a file is as the index knows it; None where only its size and time of change say so not.

    A file that could not be read when the index looked at it is always looked at again.
    """
    if known.error is not None:
        return False
    try:
        status = file.stat()
        settled = known.mtime_ns < known.looked_ns - RACY_NS
        if settled and (status.st_size, status.st_mtime_ns) == (known.size, known.mtime_ns):
            return True
        same = status.st_size == known.size and hashlib.blake2b(content(file), digest_size=16).digest() == known.digest
    except (ReadError, OSError):
        return False
    return None if same else False


class _Update:
    """An update of the index under way: takes one file after the other, and counts."""

    def __init__(self, batch: Batch, store: Store, catalogue: Catalogue) -> None:
        self._batch = batch
        self._store = store
        self._catalogue = catalogue
        self._known = store.fingerprints()
        self.counts: Counter[str] = Counter()
        self.failures: list[Failure] = []

    def take(self, item: Found) -> None:
        """Bring the index up to date with one file."""
        before = self._known.get(item.path)
        looked_ns = time.time_ns()
        same = False if before is None else unchanged(item.file, before)
        if same is not False:
            if same is None:
                status = item.file.stat()
                self._store.touch_source(
                    item.path, size=status.st_size, mtime_ns=status.st_mtime_ns, looked_ns=looked_ns
                )
            self.counts["unchanged"] += 1
            return
        record, articles = read_file(item)
        indexed = before is not None and before.error is None
        if record.digest is not None or not indexed:  # else what was read before is better than nothing
            self._batch.put(record, articles)
        if record.error is not None:
            self.failures.append(Failure(self._catalogue.shown(item.path), record.error, record.hint))
        else:
            self.counts["updated" if indexed else "added"] += 1

    def take_out_gone(self, roots: Sequence[Path], findings: Findings) -> None:
        """Take out the files that the index knows under these folders, and that are there no more."""
        found = {item.path for item in findings.documents}
        kept = {path for path in self._store.roots() if self._catalogue.file(path).exists()}
        known = sorted(self._known.keys() - found - kept)
        folders = [self._catalogue.path(root) for root in roots if root.is_dir()]
        for path in known:
            if self._under(path, folders) and not self._under(path, findings.unseen):
                self._batch.remove(path)
                self._store.remove_root(path)
                self.counts["removed"] += 1

    def _under(self, path: str, roots: Iterable[str]) -> bool:
        return any(self._catalogue.under(path, root) for root in roots)

    def note_roots(self, roots: Iterable[Path]) -> None:
        """Remember what the index is made from, without the files that are found in one of its folders anyway."""
        for root in roots:
            self._store.add_root(self._catalogue.path(root))
        known = self._store.roots()
        folders = [path for path in known if self._catalogue.file(path).is_dir()]
        for path in known:
            if any(_walk_finds(self._catalogue.file(folder), self._catalogue.file(path)) for folder in folders):
                self._store.remove_root(path)


def _walk_finds(folder: Path, file: Path) -> bool:
    """Tell whether a file is one of the documents in a folder."""
    if not file.is_relative_to(folder) or file.is_dir() or not is_document(file):
        return False
    return not any(part.startswith(".") for part in file.relative_to(folder).parts)


def update(
    batch: Batch, store: Store, catalogue: Catalogue, roots: Sequence[Path], progress: Progress | None
) -> Report:
    """Bring what the index holds of some files and folders up to date; the caller commits."""
    findings = find(catalogue, roots)
    total = len(findings.documents)
    work = _Update(batch, store, catalogue)
    for done, item in enumerate(findings.documents):
        if progress is not None:
            progress(done, total, item.path)
        work.take(item)
    work.take_out_gone(roots, findings)
    work.note_roots(roots)
    if progress is not None:
        progress(total, total, "")
    return Report(
        added=work.counts["added"],
        updated=work.counts["updated"],
        removed=work.counts["removed"],
        unchanged=work.counts["unchanged"],
        articles=batch.articles,
        failures=(*findings.failures, *work.failures),
        passed_over=dict(sorted(findings.others.items())),
    )


def build(
    catalogue: Catalogue, engine: str, roots: Sequence[Path], added: Iterable[Article], progress: Progress | None
) -> Report:
    """Make an index from files and folders, and articles that a script added; used when it is complete.

    Only while holding the lock.
    """
    folder = catalogue.index_folder
    with ExitStack() as making:
        fresh = generation.make(folder, engine)
        making.callback(shutil.rmtree, fresh, ignore_errors=True)
        with changing(fresh) as (store, batch):
            report = update(batch, store, catalogue, roots, progress)
            for article in added:
                batch.put(replace(added_record(article), path=article.path), [article])
        making.pop_all()
    layout.use(folder, fresh)
    return report


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
