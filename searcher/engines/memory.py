"""The oracle that the other engines are tested against: small, obvious, slow, right.

A commit is one JSON file with every document; a reader looks at each of them for every question.
"""

from __future__ import annotations

import json
import os
from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from searcher.engines import Document, Field, Postings
from searcher.keys import FIRST_PARAGRAPH, article_of, place_of


def _file(folder: Path, commit: str) -> Path:
    return folder / f"commit-{commit}.json"


def _load(folder: Path, commit: str | None) -> list[Document]:
    if commit is None:
        return []
    rows = json.loads(_file(folder, commit).read_text("utf-8"))
    return [Document(*row) for row in rows]


class MemoryReader:
    """Answers by looking at every document."""

    def __init__(self, documents: list[Document]) -> None:
        self._documents = documents
        self.keys = [document.key for document in documents]
        self.articles = [article_of(key) for key in self.keys]
        self.heads = frozenset(n for n, key in enumerate(self.keys) if place_of(key) < FIRST_PARAGRAPH)
        self._units: dict[Field, list[Counter[str]]] = {
            "words": [Counter(document.word_list()) for document in documents],
            "grams": [Counter(document.gram_set()) for document in documents],
        }
        self.lengths = [words.total() for words in self._units["words"]]
        self.count = len(documents)
        self.total_length = sum(self.lengths)

    def postings(self, field: Field, unit: str) -> Postings:
        """Return where a unit stands."""
        found = array("I", [n for n, units in enumerate(self._units[field]) if unit in units])
        return Postings(found, [self._units[field][n][unit] for n in found] if field == "words" else None)

    def document_frequency(self, field: Field, unit: str) -> int:
        """Return how many documents hold a unit."""
        return len(self.postings(field, unit).documents)

    def documents(self) -> array[int]:
        """Return the numbers of all documents."""
        return array("I", range(self.count))

    def lexicon(self) -> Iterator[str]:
        """Yield every word."""
        for words in self._units["words"]:
            yield from words

    def check(self) -> str | None:
        """Return None: what could be loaded is as it was written."""
        return None

    def close(self) -> None:
        """Nothing is open."""


class MemoryWriter:
    """Keeps the documents in a list until they are committed."""

    def __init__(self, folder: Path, commit: str | None) -> None:
        self._folder = folder
        self._next = str(int(commit or 0) + 1)
        self._documents = _load(folder, commit)

    def add(self, document: Document) -> None:
        """Add a document."""
        self._documents.append(document)

    def remove(self, articles: Collection[int]) -> None:
        """Remove the documents of these articles."""
        self._documents = [d for d in self._documents if article_of(d.key) not in articles]

    def commit(self) -> str:
        """Write every document to the file of a new commit."""
        rows = [(document.key, document.words, document.grams) for document in self._documents]
        self._folder.mkdir(parents=True, exist_ok=True)
        with _file(self._folder, self._next).open("w", encoding="utf-8") as file:
            json.dump(rows, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        return self._next

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._documents = []


class MemoryEngine:
    """See the module."""

    name = "memory"

    def open(self, folder: Path, commit: str) -> MemoryReader:
        """Open a commit."""
        return MemoryReader(_load(folder, commit))

    def writer(self, folder: Path, commit: str | None) -> MemoryWriter:
        """Start a batch."""
        return MemoryWriter(folder, commit)

    def clear(self, folder: Path, keep: str | None) -> None:
        """Delete the files of other commits."""
        for file in folder.glob("commit-*.json"):
            if keep is None or file != _file(folder, keep):
                file.unlink(missing_ok=True)
