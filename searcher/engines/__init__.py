"""Which articles, and which of their texts, hold these units?

An engine is a persistent inverted index over articles and their texts: paragraphs, titles and metadata lines. It knows
units and numbers and nothing else: no query language, no score and no exception of an engine's own crosses this seam,
so every engine gives the same hits in the same order. What it adds up are whole numbers, which come out the same
in whatever order they are added.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self

from searcher.errors import EngineError
from searcher.keys import Places
from searcher.units import ArticleUnits

Kind = Literal["words", "levels", "grams"]
NAMES = ("tantivy", "whoosh", "memory")
USERS = ("tantivy", "whoosh")  # the other is for tests
MOST = 1 << 24  # that gains may add up to: single floats, which tantivy adds, hold every whole number below it


class Candidates(NamedTuple):
    """Texts that may be what is looked for, by ascending document numbers: for certain, or perhaps."""

    certain: Sequence[int]
    perhaps: Sequence[int]


class Reader(Protocol):
    """One commit of an index, unchanged for as long as the reader is open.

    Documents are numbered from 0; each is a text, or stands for an article as a whole. ``keys`` and ``articles`` are
    indexed by that number, also where a document has been removed; only live texts come out of the methods. The
    texts of one article have numbers side by side, in the order of their keys.

    A *run* is one or more letters, digits and Han characters in a row; a text holds a run wherever the run
    stands in it, also as part of a longer one.
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
    def lengths(self) -> Mapping[int, int]:
        """The length of each article in code points, perhaps also of removed ones."""
        ...

    @property
    def count(self) -> int:
        """The number of live texts."""
        ...

    @property
    def total_length(self) -> int:
        """The number of code points in all live articles."""
        ...

    # ---- articles

    def frequency(self, kind: Kind, unit: str) -> int:
        """Return how many articles hold a unit."""
        ...

    def holding(self, kind: Kind, units: Collection[str]) -> set[int]:
        """Return the articles that hold any of the units."""
        ...

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> list[tuple[int, int]]:
        """Return articles that gain the most, each with its gain, the greatest first.

        An article gains by each unit that it holds. They are ``number``, or more where some gain as much as the last of
        these, or fewer where no others gain anything; so ``number`` may be above the number of articles, and of 0 there
        are none. All gains together are below ``MOST``.
        """
        ...

    def lexicon(self) -> Iterator[str]:
        """Yield every word, in any order, perhaps twice, perhaps of removed articles only.

        Words of more than a thousand characters may be missing.
        """
        ...

    # ---- texts

    def knows(self, run: str) -> bool:
        """Tell whether this engine knows for certain which texts hold a run; each does for one of two characters."""
        ...

    def counts(self, runs: Collection[str], places: Places, *, every: bool = False) -> dict[int, int]:
        """Return of each article how many of its texts in these places hold any of the runs, or every one of them.

        The engine knows all of them.
        """
        ...

    def texts(self, run: str, places: Places) -> Sequence[int]:
        """Return the numbers of the texts in these places that hold a run, ascending; the engine knows the run."""
        ...

    def candidates(self, runs: Collection[str]) -> Candidates:
        """Return the texts that may hold all of the runs; certain are they of a single run only."""
        ...

    def gains(self, articles: Collection[int], gains: Mapping[str, int]) -> dict[int, int]:
        """Return what the texts of some articles gain by the runs that they hold, all of which the engine knows.

        Texts that gain nothing are left out. All gains together are below ``MOST``.
        """
        ...

    def documents(self) -> array[int]:
        """Return the numbers of all live texts, ascending."""
        ...

    # ---- files

    def check(self) -> str | None:
        """Return what is wrong with the files, looking at every byte, or None."""
        ...

    def close(self) -> None:
        """Let go of the files; nothing may be asked afterwards. Closing again does nothing."""
        ...


class Writer(Protocol):
    """A batch of changes: nothing of it is seen before ``commit``; leaving the block without it discards all."""

    def add(self, number: int, article: ArticleUnits) -> None:
        """Add an article under its number, which must be greater than every one that was added before."""
        ...

    def remove(self, articles: Collection[int]) -> None:
        """Remove articles by their numbers."""
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

    @property
    def text_words(self) -> bool:
        """Whether it looks at the words of single texts; else its writers need not be given them."""
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
