"""How does an engine answer that can look up postings, and nothing more?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from searcher.engines import Candidates, Kind
from searcher.keys import EVERYWHERE, Places, is_in
from searcher.units import ArticleUnits

MAX_GRAMS = 64  # of a run, that are looked up
ENOUGH = 200  # candidates that are sooner looked at than narrowed down


class Kept:
    """Postings that were looked up, the last ones first, up to a number of them all together."""

    def __init__(self, most: int = 2_000_000) -> None:
        self._most = most
        self._size = 0
        self._postings: OrderedDict[tuple[str, str], Sequence[int]] = OrderedDict()

    def get(self, term: tuple[str, str], look_up: Callable[[str, str], Sequence[int]]) -> Sequence[int]:
        """Return the postings of a term, of a field and a unit; look them up where they are not kept."""
        known = self._postings.get(term)
        if known is None:
            known = look_up(*term)
            self._size += len(known) + 1
            self._postings[term] = known
            while self._size > self._most:
                _, gone = self._postings.popitem(last=False)
                self._size -= len(gone) + 1
        else:
            self._postings.move_to_end(term)
        return known


class PostingsReader(ABC):
    """The part of a ``Reader`` that depends on postings only. See ``searcher.engines.Reader`` for the methods."""

    keys: Sequence[int]
    articles: Sequence[int]

    @abstractmethod
    def article_postings(self, kind: Kind, unit: str) -> Sequence[int]:
        """Return the numbers of the articles that hold a unit, each once."""

    @abstractmethod
    def text_postings(self, gram: str) -> Sequence[int]:
        """Return the documents of the texts that hold a pair of characters, or a character, ascending."""

    @abstractmethod
    def text_words(self, word: str) -> Sequence[int]:
        """Return the documents of texts that hold a word as a word, ascending; not of all that hold it."""

    # ---- articles

    def frequency(self, kind: Kind, unit: str) -> int:
        """Return how many articles hold a unit."""
        return len(self.article_postings(kind, unit))

    def holding(self, kind: Kind, units: Collection[str]) -> set[int]:
        """Return the articles that hold any of the units."""
        return set[int]().union(*(self.article_postings(kind, unit) for unit in units))

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> list[tuple[int, int]]:
        """Return articles that gain the most."""
        sums: dict[int, int] = defaultdict(int)
        for (kind, unit), gain in gains.items():
            for article in self.article_postings(kind, unit):
                sums[article] += gain
        ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        end = min(number, len(ordered))
        while 0 < end < len(ordered) and ordered[end][1] == ordered[end - 1][1]:
            end += 1
        return ordered[:end]

    # ---- texts

    def knows(self, run: str) -> bool:
        """Tell: postings of pairs say nothing for certain of longer runs."""
        return len(run) <= 2

    def counts(self, runs: Collection[str], places: Places) -> dict[int, int]:
        """Return of each article how many of its texts hold any of the runs."""
        postings = list(map(self.text_postings, runs))
        held: Iterable[int] = postings[0] if len(postings) == 1 else set[int]().union(*postings)
        if places != EVERYWHERE:
            held = [document for document in held if is_in(self.keys[document], places)]
        return dict(Counter(map(self.articles.__getitem__, held)))

    def candidates(self, runs: Collection[str]) -> Candidates:
        """Return the texts that may hold all of the runs."""
        if len(runs) == 1:
            (run,) = runs
            if self.knows(run):
                return Candidates(self.text_postings(run), ())
            certain = self.text_words(run)
            return Candidates(certain, sorted(self._with_all(_grams(run)).difference(certain)))
        return Candidates((), sorted(self._with_all([gram for run in runs for gram in _grams(run)])))

    def _with_all(self, grams: Sequence[str]) -> set[int]:
        """Return the texts that hold all the grams, or nearly all: a few too many do no harm."""
        step = max(1, len(grams) // MAX_GRAMS)
        postings = sorted((self.text_postings(gram) for gram in dict.fromkeys(grams[::step])), key=len)
        found = set(postings[0])
        for others in postings[1:]:
            if len(found) <= ENOUGH:
                break
            found.intersection_update(others)
        return found

    def gains(self, articles: Collection[int], gains: Mapping[str, int]) -> dict[int, int]:
        """Return what the texts of some articles gain by the runs that they hold."""
        ranges = [self.ranges.get(article, (0, 0)) for article in articles]
        sums: dict[int, int] = defaultdict(int)
        for run, gain in gains.items():
            held = self.text_postings(run)
            for first, end in ranges:
                for document in held[bisect_left(held, first) : bisect_left(held, end)]:
                    sums[document] += gain
        return dict(sums)

    @cached_property
    def ranges(self) -> dict[int, tuple[int, int]]:
        """The documents of each article: the first, and the one behind the last."""
        starts = [n for n, (one, other) in enumerate(pairwise(self.articles), 1) if one != other]
        bounds = pairwise([0, *starts, len(self.articles)])
        return {self.articles[first]: (first, end) for first, end in bounds if first < end}


def units_of(article: ArticleUnits) -> dict[Kind, str]:
    """Return the units of an article as a whole, by their kind."""
    return {"words": article.words, "levels": article.levels, "grams": article.grams}


def _grams(run: str) -> list[str]:
    return list(map("".join, pairwise(run))) if len(run) > 1 else [run]
