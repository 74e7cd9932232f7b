"""How well do the texts of an article answer a query?

The score is a sum of parts:

- *text*: BM25 (Robertson and Zaragoza, 2009) over all that a query gains by (``searcher.gains``), counted in the
  paragraphs as in one text
- *together*: two fifths of this again, for as much of the query's words as one paragraph holds
- *near*: for how near to each other the terms stand in one paragraph
- *title*: for a title that holds all the terms, and for what it holds of the query, as far as that is what it says
- *metadata*: for terms in the metadata
- *asked*: for a document that the query names (``searcher.asked``), as much as there is to gain by all of the others
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from searcher.analyzer import each_folded, fold
from searcher.gains import Gains
from searcher.highlight import Needle, occurrences

K1, B = 1.2, 0.9
B_OF_PARAGRAPH = 0.4  # a paragraph is short already: one of one line must not be best by that
TOGETHER, NEAR, METADATA = 0.4, 1.0, 1.0
TITLE_WEIGHT = 16.0  # a title that is the query weighs more than any text; half of a title gains an eighth of it
TITLED = 3.0  # for a title that holds all of the query: about as much as a text can gain


@dataclass(frozen=True, slots=True)
class Texts:
    """What is looked at of one article: texts as they came from ``Scorer.even``, and how many code points they have."""

    title: str
    metadata: str
    paragraphs: Sequence[str]
    length: int


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of a score; see the module."""

    text: float
    together: float
    near: float
    title: float
    metadata: float
    asked: float

    @property
    def total(self) -> float:
        """The score itself."""
        return self.text + self.together + self.near + self.title + self.metadata + self.asked


class Scorer:
    """Scores texts for one query. ``average`` is the usual number of code points in what is looked at."""

    def __init__(self, gains: Gains, average: float) -> None:
        counted = gains.counted.items()
        self._strings = [(needle, gain) for needle, gain in counted if isinstance(needle, str)]
        self._patterns = [(needle, gain) for needle, gain in counted if isinstance(needle, re.Pattern)]
        self._terms = gains.terms
        self._words = gains.words
        self._known = sum(gains.words.values())
        self._long = [(needle, gain) for needle, gain in self._strings if len(needle) > 1]
        self._average = average
        self._all, terms = sum(gains.counted.values()), sum(gains.terms.values())
        of_all = (K1 + 1) * (1 + TOGETHER) + TITLE_WEIGHT + TITLED
        self._most = of_all * self._all + (NEAR + METADATA) * terms
        plain = all(isinstance(needle, str) and needle.isalnum() for needle in (*gains.terms, *gains.counted))
        self._plain = plain

    def even(self, texts: Sequence[str]) -> list[str]:
        """Return texts folded, as far as it matters to what is counted."""
        return each_folded(texts) if self._plain else list(map(fold, texts))

    def score(self, texts: Texts, *, asked: bool = False) -> Score:
        """Score an article; ``asked`` says that the query names it."""
        body = "\n".join(texts.paragraphs)
        text = self.text(body, texts.length, b=B)
        title = self._title(texts.title) if texts.title else 0.0
        near = max(map(self._near, texts.paragraphs), default=0.0) if len(self._terms) > 1 else 0.0
        metadata = METADATA * sum(_gain(self._terms, texts.metadata)) if texts.metadata else 0.0
        together = TOGETHER * text * self._together(texts.paragraphs, body)
        return Score(text, together, near, title, metadata, self._most if asked else 0.0)

    def text(self, text: str, length: int, *, b: float = B_OF_PARAGRAPH) -> float:
        """Return BM25 for a text of so many code points."""
        norm = K1 * (1 - b + b * length / self._average)
        total = 0.0
        for needle, gain in self._strings:
            times = text.count(needle)
            if times:
                total += gain * times / (times + norm)
        for pattern, gain in self._patterns:
            times = len(pattern.findall(text))
            total += gain * times / (times + norm)
        return total * (K1 + 1)

    def paragraph(self, text: str, *, asked: bool) -> float:
        """Score a paragraph by itself; ``asked`` says that the query names it."""
        return self.text(text, len(text)) + (self._most if asked else 0.0)

    def explain(self, texts: Texts, score: float, *, asked: bool = False) -> tuple[tuple[str, float], ...]:
        """Return the parts of a score by name, first what each unit of the query adds to *text*, the most first.

        They add up to ``score``: where it was lowered to that of an article before, that is the part *limit*.
        """
        body = "\n".join(texts.paragraphs)
        whole = self.score(texts, asked=asked)
        norm = K1 * (1 - B + B * texts.length / self._average)
        counts = [(text, body.count(text), gain) for text, gain in self._strings]
        counts += [(pattern.pattern, len(pattern.findall(body)), gain) for pattern, gain in self._patterns]
        units = [(f"text {name}", (K1 + 1) * gain * times / (times + norm)) for name, times, gain in counts if times]
        units.sort(key=lambda unit: (-unit[1], unit[0]))
        others = [("together", whole.together), ("near", whole.near), ("title", whole.title)]
        others += [("metadata", whole.metadata), ("asked", whole.asked), ("limit", score - whole.total)]
        return tuple((name, round(value, 9)) for name, value in (*units, *others) if abs(value) > 1e-9)

    def _together(self, paragraphs: Sequence[str], body: str) -> float:
        """Return the greatest share of the words, by idf, that one paragraph holds."""
        held = [(word, gain) for word, gain in self._words.items() if word in body]
        if not held:
            return 0.0
        return max(sum(gain for word, gain in held if word in text) for text in paragraphs) / self._known

    def _near(self, text: str) -> float:
        """Return the gains of the terms over one plus the log of the smallest window that holds them all."""
        places = []
        for needle in self._terms:
            spans = occurrences(text, needle)
            if not spans:
                return 0.0
            places.append([span.start for span in spans])
        return NEAR * sum(self._terms.values()) / (1 + log(1 + _smallest_window(places)))

    def _title(self, title: str) -> float:
        """Return all gains where the title holds every term, and those of what it holds by the cube of its share."""
        found = [(needle, gain) for needle, gain in self._long if needle in title]
        found += [(match[0], gain) for pattern, gain in self._patterns for match in pattern.finditer(title)]
        spans = [span for text, _ in found for span in occurrences(title, text)]
        held = {place for span in spans for place in range(span.start, span.end)}
        whole = all(occurrences(title, needle) for needle in self._terms)
        says = TITLED * self._all if whole else 0.0
        return says + TITLE_WEIGHT * sum(gain for _, gain in found) * (len(held) / len(title)) ** 3


def _gain(terms: Mapping[Needle, float], text: str) -> Iterable[float]:
    return (gain for needle, gain in terms.items() if occurrences(text, needle))


def _smallest_window(places: Sequence[Sequence[int]]) -> int:
    """Return how far apart the nearest places are, one of each sequence."""
    marks = sorted((at, which) for which, starts in enumerate(places) for at in starts)
    last: dict[int, int] = {}
    width = marks[-1][0] - marks[0][0]
    for at, which in marks:
        last[which] = at
        if len(last) == len(places):
            width = min(width, at - min(last.values()))
    return width
