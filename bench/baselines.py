"""What do plain BM25 rankings find? The baselines that the quality of a search is compared with.

BM25 as Robertson and Zaragoza (2009) give it, with Lucene's idf, over title and text as one document; a unit that
stands twice in the query counts twice.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nsmallest
from itertools import pairwise
from math import log

from searcher.analyzer import fold, runs

Cut = Callable[[str], Sequence[str]]

K1, B = 1.2, 0.75


def characters(folded: str) -> list[str]:
    """Return the letters, digits and Han characters of a folded text, in order."""
    return [character for character in folded if character.isalnum()]


def bigrams(folded: str) -> list[str]:
    """Return every two of them that stand side by side."""
    found: list[str] = []
    for run in "".join(c if c.isalnum() else " " for c in folded).split():
        found += map("".join, pairwise(run))
    return found


def jieba_words(folded: str) -> list[str]:
    """Return the words of a folded text as jieba's search mode gives them."""
    import jieba

    found: list[str] = []
    for run, is_han in runs(folded):
        found += jieba.cut_for_search(run) if is_han else [run]
    return found


class Bm25:
    """A ranking of documents by one kind of unit."""

    def __init__(self, texts: Iterable[str], cut: Cut) -> None:
        self._cut = cut
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        lengths: list[int] = []
        for number, text in enumerate(texts):
            counts = Counter(cut(fold(text)))
            lengths.append(counts.total())
            for unit, times in counts.items():
                numbers, often = self._postings.setdefault(unit, (array("I"), array("f")))
                numbers.append(number)
                often.append(times)
        average = sum(lengths) / max(1, len(lengths)) or 1.0
        self._norms = [K1 * (1 - B + B * length / average) for length in lengths]

    def scores(self, query: str) -> dict[int, float]:
        """Return the score of every document that holds a unit of the query."""
        total = len(self._norms)
        scores: defaultdict[int, float] = defaultdict(float)
        for unit, weight in Counter(self._cut(fold(query))).items():
            numbers, often = self._postings.get(unit, ((), ()))
            idf = log(1 + (total - len(numbers) + 0.5) / (len(numbers) + 0.5))
            for number, times in zip(numbers, often, strict=True):
                scores[number] += weight * idf * times * (K1 + 1) / (times + self._norms[number])
        return scores


class Sum:
    """A ranking by the sums of the scores of others."""

    def __init__(self, *rankings: Bm25) -> None:
        self._rankings = rankings

    def scores(self, query: str) -> dict[int, float]:
        """Return the score of every document that holds a unit of the query."""
        scores: defaultdict[int, float] = defaultdict(float)
        for ranking in self._rankings:
            for document, score in ranking.scores(query).items():
                scores[document] += score
        return scores


def best(scores: Mapping[int, float], number: int) -> list[tuple[int, float]]:
    """Return the documents with the greatest scores; of equal ones the first."""
    return nsmallest(number, scores.items(), key=lambda item: (-item[1], item[0]))
