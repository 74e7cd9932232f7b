"""What does a text gain by what it holds of a query?

A query is scored by its terms, their words, pairs of characters and single characters; each *gains* its weight times
its idf. Words and pairs do equally well for Chinese, and best together; single characters find what is said in other
words (用工 in 劳动用工单位). A word of two characters is a pair, too, and gains twice. Question words say what kind of
answer is wanted, and stand in no document because of it: they gain nothing.

The idf is Lucene's, ``log(1 + (N - n + 0.5) / (n + 0.5))``, which is never negative, for ``N`` articles of which ``n``
hold a unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import TypeVar

from searcher.analyzer import covering_grams, is_findable
from searcher.engines import MOST, Kind
from searcher.highlight import Needle
from searcher.matching import Matches, Snapshot, needle
from searcher.tree import Leaf, NumberTerm, Term
from searcher.units import MARKS

TERM, WORD, PAIR, CHARACTER = 1.0, 0.4, 0.6, 0.6
UNLEVELED = 4.0  # halves of a level
MAX_PAIRS = 128  # of a term, that it is scored by

_QUESTION = re.compile(
    "什么样?|怎么[样办]?|怎样|如何|哪[些个种里]?|是否|多少|为什么|为何|何时|能否|可否|能不能|可不可以|有没有|是不是|请问|吗|呢|谁"
)


@dataclass(frozen=True, slots=True)
class Gains:
    """What to count in texts, each with its gain.

    ``terms`` are what was asked for, ``counted`` what of it is counted: its parts, or a term itself that has none.
    ``words`` are those that the terms were cut into. ``units`` are those of the engine that stand for the parts, and
    ``runs`` those that stand for them in a text.
    """

    terms: dict[Needle, float] = field(default_factory=dict)
    counted: dict[Needle, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    units: dict[tuple[Kind, str], float] = field(default_factory=dict)
    runs: dict[str, float] = field(default_factory=dict)


def gains_of(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], *, partial: bool) -> Gains:
    """Return what the leaves of a query gain among full, or among partial, matches.

    A quoted text has no parts: it stands in all that matches. Nor has a name that has others, among full matches,
    which shall stand in the same order whichever of the names is typed.
    """
    articles = snapshot.articles
    gains = Gains()
    for leaf in query:
        if isinstance(leaf, Term | NumberTerm) and (sought := needle(leaf)) is not None:
            gains.terms[sought] = TERM * idf(len(matches.standing[leaf].articles), articles)
            if isinstance(leaf, Term) and not leaf.exact and (partial or not (leaf.named and leaf.others)):
                _add_parts(snapshot, gains, leaf, matches.words[leaf], articles)
            else:
                gains.counted[sought] = gains.terms[sought]
    return gains


def idf(held: int, articles: int) -> float:
    """Return how much is told by what so many articles hold, of so many in all."""
    return log(1 + (articles - held + 0.5) / (held + 0.5))


def _add_parts(snapshot: Snapshot, gains: Gains, term: Term, words: Sequence[str], articles: int) -> None:
    """Add the words, pairs and characters of a term which the index holds."""

    def add(kind: Kind, unit: str, weight: float) -> None:
        if frequency := snapshot.frequency(kind, unit):
            gain = weight * idf(frequency, articles)
            gains.counted[unit] = gains.units[kind, unit] = gain
            if len(unit) == 2:
                gains.runs[unit] = gain

    asked = without_questions(term.text)
    pairs = [pair for pair in covering_grams(asked)[:MAX_PAIRS] if len(pair) > 1]
    held = [word for word in words if word in asked and snapshot.frequency("words", word)]
    longer = [word for word in held if len(word) > 1]
    for word in longer:
        add("words", word, WORD + (PAIR if word in pairs else 0.0))
    for pair in pairs:
        if pair not in longer:
            add("grams", pair, PAIR)
    for character in dict.fromkeys(filter(str.isalnum, asked)):
        if not character.isascii():
            add("grams", character, CHARACTER)
    for word in held:
        gains.words[word] = idf(snapshot.frequency("words", word), articles)


def with_levels(units: Mapping[tuple[Kind, str], float]) -> dict[tuple[Kind, str], float]:
    """Let words gain by their levels, each by the middle of it; what has no levels gains by one of the middle."""
    leveled: dict[tuple[Kind, str], float] = {}
    for (kind, unit), gain in units.items():
        leveled[kind, unit] = gain if kind == "words" else UNLEVELED * gain
        if kind == "words":
            leveled.update({("levels", mark + unit): gain * (2 << bit) for bit, mark in enumerate(MARKS)})
    return leveled


_Key = TypeVar("_Key")


def whole_numbers(gains: Mapping[_Key, float]) -> dict[_Key, int]:
    """Return gains as whole numbers of the same proportions, which together are below ``engines.MOST``."""
    total = sum(gains.values())
    return {key: max(1, int(gain / total * (MOST - 1 - len(gains)))) for key, gain in gains.items()} if total else {}


def without_questions(folded: str) -> str:
    """Return a text with spaces for its question words, or as it is where it holds nothing else."""
    asked = _QUESTION.sub(" ", folded)
    return asked if is_findable(asked) else folded
