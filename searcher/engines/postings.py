"""How does an engine answer that can look up postings, and nothing more?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import filterfalse, pairwise
from typing import TypeAlias

from searcher.engines import Candidates, Kind
from searcher.keys import EVERYWHERE, FIRST_PARAGRAPH, Places, is_in, place_of
from searcher.units import ArticleUnits

MAX_GRAMS = 64  # of a run, that are looked up
ENOUGH = 200  # candidates that are sooner looked at than narrowed down


Range: TypeAlias = tuple[int, int, int]
"""The documents of an article: its first text, its first paragraph, and the document behind its last text."""


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
    heads: frozenset[int]

    @property
    @abstractmethod
    def ranges(self) -> Mapping[int, Range]:
        """The texts of each article, in the order of the documents."""

    @abstractmethod
    def article_postings(self, kind: Kind, unit: str) -> Sequence[int]:
        """Return the articles that hold a unit, each once, by their places in ``ranges``."""

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
        places = set[int]().union(*(self.article_postings(kind, unit) for unit in units))
        return set(map(self._numbers.__getitem__, places))

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> list[tuple[int, int]]:
        """Return articles that gain the most."""
        sums = [0] * len(self.ranges)
        for (kind, unit), gain in gains.items():
            for place in self.article_postings(kind, unit):
                sums[place] += gain
        least = max(1, min(nlargest(number, sums), default=1))
        found = [(article, gain) for article, gain in zip(self.ranges, sums, strict=True) if gain >= least]
        return sorted(found, key=lambda item: (-item[1], item[0])) if number else []

    @cached_property
    def _numbers(self) -> list[int]:
        return list(self.ranges)

    # ---- texts

    def knows(self, run: str) -> bool:
        """Tell: postings of pairs say nothing for certain of longer runs."""
        return len(run) <= 2

    def counts(self, runs: Collection[str], places: Places, *, every: bool = False) -> dict[int, int]:
        """Return of each article how many of its texts hold any of the runs, or every one of them."""
        postings = list(map(self.text_postings, runs))
        if len(postings) == 1:
            held = postings[0]
        elif every and postings:
            held = sorted(set(postings[0]).intersection(*postings[1:]))
        else:
            held = sorted(set[int]().union(*postings))
        counts = self._counted(held, heads=places == EVERYWHERE) if FIRST_PARAGRAPH in places else Counter[int]()
        if places != EVERYWHERE:
            counts.update(map(self.articles.__getitem__, self._heads_of(places).intersection(held)))
        return dict(counts)

    def _counted(self, held: Sequence[int], *, heads: bool) -> Counter[int]:
        """Count by articles the paragraphs among some texts, or all of these."""
        if len(held) < len(self.ranges):
            counted = held if heads else filterfalse(self.heads.__contains__, held)
            return Counter(map(self.articles.__getitem__, counted))
        counts, end = Counter[int](), 0
        for article, (first, paragraphs, behind) in self.ranges.items():
            start = bisect_left(held, first if heads else paragraphs, end)
            end = bisect_left(held, behind, start)
            if end > start:
                counts[article] = end - start
        return counts

    def _heads_of(self, places: Places) -> frozenset[int]:
        """Return the titles, the metadata lines, or both."""
        known = self._chosen.get(places)
        if known is None:
            known = frozenset(head for head in self.heads if place_of(self.keys[head]) in places)
            self._chosen[places] = known
        return known

    @cached_property
    def _chosen(self) -> dict[Places, frozenset[int]]:
        return {}

    def texts(self, run: str, places: Places) -> Sequence[int]:
        """Return the texts in these places that hold a run."""
        held = self.text_postings(run)
        if FIRST_PARAGRAPH not in places:
            return sorted(self._heads_of(places).intersection(held))
        return held if places == EVERYWHERE else [text for text in held if is_in(self.keys[text], places)]

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
        ranges = [self.ranges[article] for article in articles if article in self.ranges]
        sums: dict[int, int] = defaultdict(int)
        for run, gain in gains.items():
            held = self.text_postings(run)
            for first, _, end in ranges:
                for document in held[bisect_left(held, first) : bisect_left(held, end)]:
                    sums[document] += gain
        return dict(sums)


def units_of(article: ArticleUnits) -> dict[Kind, str]:
    """Return the units of an article as a whole, by their kind."""
    return {"words": article.words, "levels": article.levels, "grams": article.grams}


def _grams(run: str) -> list[str]:
    return list(map("".join, pairwise(run))) if len(run) > 1 else [run]
