"""Which paragraphs hold these units?

An engine is a persistent inverted index over *documents*, each of them the text of one paragraph, one title or the
metadata lines of one article. It knows units and numbers and nothing else: no query language, no score and
no exception of an engine's own crosses this seam, so every engine gives the same hits in the same order.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from searcher.analyzer import BREAK
from searcher.errors import EngineError

Field = Literal["words", "grams"]
NAMES = ("tantivy", "whoosh", "memory")
USERS = ("tantivy", "whoosh")  # the other is for tests


@dataclass(frozen=True, slots=True)
class Document:
    """The units of one text, as ``searcher.analyzer.units`` writes them: strings, and no unit has white space in it.

    ``key`` says which text it is, and grows from one document to the next. ``words`` stand in order and repeat, with
    ``BREAK`` where something stands between two. ``grams`` are pairs of characters, and characters by themselves.
    """

    key: int
    words: str
    grams: str

    def word_list(self) -> list[str]:
        """Return the words, in order and as often as they stand there."""
        return [word for word in self.words.split() if word != BREAK]

    def gram_set(self) -> set[str]:
        """Return the grams: those that are written, and each character that begins one."""
        found = set(self.grams.split())
        found.update([gram[0] for gram in found])
        return found


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a unit: ascending document numbers, and how often each holds it.

    ``frequencies`` is as long as ``documents``, or None for grams, of which only the presence is kept.
    """

    documents: array[int]
    frequencies: Sequence[float] | None = None


class Reader(Protocol):
    """One commit of an index, unchanged for as long as the reader is open.

    Documents are numbered from 0. ``keys`` and ``lengths`` (in words) are indexed by that number, also
    where a number's document has been removed; only live documents come out of ``postings`` and ``documents``.
    The documents of one article have numbers side by side.
    """

    @property
    def keys(self) -> Sequence[int]:
        """The key of each document."""
        ...

    @property
    def articles(self) -> Sequence[int]:
        """The number of the article that each document belongs to (see ``searcher.keys``)."""
        ...

    @property
    def heads(self) -> frozenset[int]:
        """The documents that are no paragraphs but titles and metadata lines."""
        ...

    @property
    def lengths(self) -> Sequence[int]:
        """The number of words in each document."""
        ...

    @property
    def count(self) -> int:
        """The number of live documents."""
        ...

    @property
    def total_length(self) -> int:
        """The number of words in all live documents."""
        ...

    def postings(self, field: Field, unit: str) -> Postings:
        """Return where a unit stands; empty postings where it does not."""
        ...

    def document_frequency(self, field: Field, unit: str) -> int:
        """Return how many live documents hold a unit: exactly ``len(postings(...).documents)``."""
        ...

    def documents(self) -> array[int]:
        """Return the numbers of all live documents, ascending."""
        ...

    def lexicon(self) -> Iterator[str]:
        """Yield every unit of the field ``words``, in any order, perhaps twice, perhaps of removed documents only.

        Units of more than a thousand characters may be missing.
        """
        ...

    def check(self) -> str | None:
        """Return what is wrong with the files, looking at every byte, or None."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Writer(Protocol):
    """A batch of changes: nothing of it is seen before ``commit``; leaving the block without it discards all."""

    def add(self, document: Document) -> None:
        """Add a document; its key must be greater than that of every document added before."""
        ...

    def remove(self, articles: Collection[int]) -> None:
        """Remove every document of these articles (see ``searcher.keys``)."""
        ...

    def commit(self) -> str:
        """Write everything to disk and return the name of the new commit, for ``Engine.open``."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Engine(Protocol):
    """How an index is opened, changed and kept tidy. Earlier commits stay readable until they are cleared."""

    @property
    def name(self) -> str:
        """What the engine is called on the command line and in an index."""
        ...

    def open(self, folder: Path, commit: str) -> Reader:
        """Open a commit. Raises FileNotFoundError where it has been cleared."""
        ...

    def writer(self, folder: Path, commit: str | None) -> Writer:
        """Start a batch on top of a commit, or on nothing."""
        ...

    def clear(self, folder: Path, keep: str | None) -> None:
        """Delete what belongs to no commit but ``keep``: older commits, and what a killed process left."""
        ...


def load(name: str) -> Engine:
    """Return the engine of this name. Raises EngineError where it is unknown or not installed."""
    if name == "tantivy":
        if not _has_tantivy():
            raise EngineError(
                "the engine “tantivy” is not installed", hint="Run: python -m pip install 'policy-search[fast]'"
            )
        from searcher.engines.tantivy import TantivyEngine

        return TantivyEngine()
    if name == "whoosh":
        from searcher.engines.whoosh import WhooshEngine

        return WhooshEngine()
    if name == "memory":
        from searcher.engines.memory import MemoryEngine

        return MemoryEngine()
    raise EngineError(f"there is no engine called “{name}”", hint=f"Choose one of: {', '.join(USERS)}.")


def default() -> str:
    """Return the name of the engine that a new index gets: the fastest that is installed."""
    return "tantivy" if _has_tantivy() else "whoosh"


def _has_tantivy() -> bool:
    return find_spec("tantivy") is not None
