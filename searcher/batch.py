"""How is an index changed, all at once or not at all?"""

from __future__ import annotations

import hashlib
import time
from base64 import b32encode
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from searcher import copies, engines, generation, layout
from searcher.engines import Engine, Writer
from searcher.models import Article
from searcher.reading import Analyzed
from searcher.rows import SourceRecord
from searcher.store import FILE_NAME, Store

ID_LENGTH = 10  # base32 digits: 50 bits


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
        self._replaced: list[int] = []
        self._added: list[int] = []
        self._changed = False
        self.articles = 0

    @property
    def text_words(self) -> bool:
        """Whether the engine looks at the words of single texts."""
        return self._engine.text_words

    # ---- one file after the other

    def begin(self, path: str) -> None:
        """Begin to put a file in place of what the index holds of it; ``finish`` or ``undo`` ends that."""
        self._store.mark()
        self._replaced = self._store.remove_source(path)
        self._added = []
        self._store.add_source(path)

    def add(self, path: str, articles: Iterable[Analyzed]) -> None:
        """Add articles to the file that was begun; one takes the place of the article that has its id."""
        for analyzed in articles:
            article = analyzed.article
            if article.id and (taken := self._store.number_of(article.id)) is not None:
                self._store.remove_article(taken)
                self._replaced.append(taken)
            number = self._store.put_article(path, self._named(path, article), analyzed.texts)
            self._added.append(number)
            self._writer.add(number, analyzed.units)

    def _named(self, path: str, article: Article) -> Article:
        if article.id:
            return article
        digits = article_id(path, str(article.ordinal))
        length = ID_LENGTH
        while self._store.has_id(digits[:length]):
            length += 2
        return replace(article, id=digits[:length])

    def finish(self, record: SourceRecord, *, again: bool = False) -> None:
        """Keep the file that was begun; ``again``, where its articles have been counted already."""
        self._store.set_source(record)
        self._store.keep()
        self._removed.update(self._replaced)
        self.articles += 0 if again else len(self._added)
        self._changed = True

    def undo(self) -> None:
        """Forget what was done since ``begin``: the index holds of the file what it held before."""
        self._store.take_back()
        self._removed.update(self._added)

    # ---- what goes

    def remove(self, path: str) -> bool:
        """Remove a file and its articles; return whether it was there."""
        known = self._store.has_source(path)
        if known:
            self._removed.update(self._store.remove_source(path))
            self._changed = True
        return known

    def remove_article(self, number: int) -> None:
        """Remove one article."""
        self._store.remove_article(number)
        self._removed.add(number)
        self._changed = True

    def close(self) -> None:
        """Let the engine discard what was not committed."""
        self._writer.__exit__(None, None, None)

    def commit(self) -> None:
        """Make everything visible at once."""
        if self._removed:
            self._writer.remove(self._removed)
        if self._changed:
            self._store.set_copies(copies.groups(self._store.sketched()))
        commit = self._writer.commit()
        layout.sync_folder(self._folder)
        self._store.set_meta("commit", commit)
        self._store.set_meta("updated", time.strftime("%Y-%m-%dT%H:%M:%S%z"))
        self._store.commit()
        self._engine.clear(self._folder, self._store.meta("commit"))


@contextmanager
def changing(folder: Path) -> Iterator[tuple[Store, Batch]]:
    """Change a generation: everything is committed at the end of the block, or taken back on an error."""
    store = Store(folder / FILE_NAME, writable=True)
    try:
        store.begin()
        engine = engines.load(store.meta("engine") or "")
        with closing(Batch(store, engine, folder / generation.ENGINE_FOLDER)) as batch:
            yield store, batch
            batch.commit()
    finally:
        store.rollback()
        store.close()
