"""The smallest engine there is, for tests: everything in memory, and nothing but dictionaries of postings.

A commit is one JSON file with every article.
"""

from __future__ import annotations

import json
import os
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from searcher.analyzer import BREAK
from searcher.engines import Kind
from searcher.engines.postings import PostingsReader, Range, units_of
from searcher.keys import FIRST_PARAGRAPH, WHOLE, key_of
from searcher.units import ArticleUnits, TextUnits


def _file(folder: Path, commit: str) -> Path:
    return folder / f"commit-{commit}.json"


def _load(folder: Path, commit: str | None) -> dict[int, ArticleUnits]:
    if commit is None:
        return {}
    rows = json.loads(_file(folder, commit).read_text("utf-8"))
    return {number: ArticleUnits(**units | {"places": tuple(units["places"])}) for number, units in rows}


class MemoryReader(PostingsReader):
    """Looks up what was gathered when it was opened."""

    def __init__(self, articles: dict[int, ArticleUnits]) -> None:
        self.keys: list[int] = []
        self.articles: list[int] = []
        self.lengths = {number: article.length for number, article in articles.items()}
        self.total_length = sum(self.lengths.values())
        self._texts: list[int] = []
        self._grams: dict[str, list[int]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        self._of_articles: dict[tuple[Kind, str], list[int]] = defaultdict(list)
        self._ranges: dict[int, Range] = {}
        heads: list[int] = []
        for number, article in articles.items():
            first = len(self.keys)
            paragraphs = first + sum(place < FIRST_PARAGRAPH for place in article.places)
            heads += range(first, paragraphs)
            self._ranges[number] = first, paragraphs, first + len(article.places)
            for text in article.texts:
                self._gather_text(number, text)
            self._gather_whole(number, article)
        self.heads = frozenset(heads)
        self.count = len(self._texts)

    def _gather_text(self, number: int, text: TextUnits) -> None:
        document = len(self.keys)
        pairs = text.grams.split()
        for gram in {*pairs, *(pair[0] for pair in pairs)}:
            self._grams[gram].append(document)
        for word in {*text.words.split()} - {BREAK}:
            self._words[word].append(document)
        self._texts.append(document)
        self.keys.append(key_of(number, text.place))
        self.articles.append(number)

    def _gather_whole(self, number: int, article: ArticleUnits) -> None:
        for kind, units in units_of(article).items():
            for unit in units.split():
                self._of_articles[kind, unit].append(len(self._ranges) - 1)
        self.keys.append(key_of(number, WHOLE))
        self.articles.append(number)

    @property
    def ranges(self) -> dict[int, Range]:
        """The texts of each article."""
        return self._ranges

    def article_postings(self, kind: Kind, unit: str) -> Sequence[int]:
        """Return the articles that hold a unit."""
        return self._of_articles.get((kind, unit), ())

    def text_postings(self, gram: str) -> Sequence[int]:
        """Return the texts that hold a pair of characters, or a character."""
        return self._grams.get(gram, ())

    def text_words(self, word: str) -> Sequence[int]:
        """Return the texts that hold a word as a word."""
        return self._words.get(word, ())

    def documents(self) -> array[int]:
        """Return the numbers of all texts."""
        return array("I", self._texts)

    def lexicon(self) -> Iterator[str]:
        """Yield every word."""
        return (unit for kind, unit in self._of_articles if kind == "words")

    def check(self) -> str | None:
        """Return None: what could be loaded is as it was written."""
        return None

    def close(self) -> None:
        """Nothing is open."""


class MemoryWriter:
    """Keeps the articles until they are committed."""

    def __init__(self, folder: Path, commit: str | None) -> None:
        self._folder = folder
        self._next = str(int(commit or 0) + 1)
        self._articles = _load(folder, commit)

    def add(self, number: int, article: ArticleUnits) -> None:
        """Add an article."""
        self._articles[number] = article

    def remove(self, articles: Collection[int]) -> None:
        """Remove articles."""
        for number in articles:
            self._articles.pop(number, None)

    def commit(self) -> str:
        """Write every article to the file of a new commit."""
        rows = [(number, asdict(units)) for number, units in self._articles.items()]
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
        self._articles = {}


class MemoryEngine:
    """See the module."""

    name = "memory"
    text_words = True

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
