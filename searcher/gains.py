"""What does a text gain by what it holds of a query?

A query is scored by its terms, their words, pairs of characters and single characters; each *gains* its weight times
its idf. Words and pairs do equally well for Chinese, and best together; single characters find what is said in other
words (用工 in 劳动用工单位). A word of two characters is a pair, too, and gains twice. Question words say what kind of
answer is wanted, and stand in no document because of it: they gain nothing.

The idf is Lucene's, ``log(1 + (N - n + 0.5) / (n + 0.5))``, which is never negative, for ``N`` articles. Engines count
the texts ``n`` that hold a unit; what is in as many texts as there are articles, or more, tells next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from searcher.analyzer import covering_grams, is_findable
from searcher.engines import Field
from searcher.highlight import Needle
from searcher.matching import Matches, Snapshot, needle
from searcher.tree import Leaf, NumberTerm, Term

TERM, WORD, PAIR, CHARACTER = 1.0, 0.4, 0.6, 0.6
MAX_PAIRS = 128  # of a term, that it is scored by

_QUESTION = re.compile(
    "什么样?|怎么[样办]?|怎样|如何|哪[些个种里]?|是否|多少|为什么|为何|何时|能否|可否|能不能|可不可以|有没有|是不是|请问|吗|呢|谁"
)


@dataclass(frozen=True, slots=True)
class Gains:
    """What to count in texts, each with its gain.

    ``terms`` are what was asked for, ``counted`` what of it is counted: its parts, or a term itself that has none.
    ``words`` are those that the terms were cut into. ``lookups`` are units of the engine that stand for the parts;
    single characters are not among them, since nearly every text holds some of them.
    """

    terms: dict[Needle, float] = field(default_factory=dict)
    counted: dict[Needle, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    lookups: dict[tuple[Field, str], float] = field(default_factory=dict)


def gains_of(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], *, partial: bool) -> Gains:
    """Return what the leaves of a query gain among full, or among partial, matches.

    A quoted text has no parts: it stands in all that matches. Nor has a name that has others, among full matches,
    which shall stand in the same order whichever of the names is typed.
    """
    articles = snapshot.store.count("article")
    gains = Gains()
    for leaf in query:
        if isinstance(leaf, Term | NumberTerm) and (sought := needle(leaf)) is not None:
            gains.terms[sought] = TERM * idf(len(matches.documents[leaf]), articles)
            if isinstance(leaf, Term) and not leaf.exact and (partial or not (leaf.named and leaf.others)):
                _add_parts(snapshot, gains, leaf, matches.words[leaf], articles)
            else:
                gains.counted[sought] = gains.terms[sought]
    return gains


def idf(texts: int, articles: int) -> float:
    """Return how much is told by what stands in so many texts of an index of so many articles."""
    held = min(texts, articles)
    return log(1 + (articles - held + 0.5) / (held + 0.5))


def _add_parts(snapshot: Snapshot, gains: Gains, term: Term, words: Sequence[str], articles: int) -> None:
    """Add the words, pairs and characters of a term which the index holds."""

    def add(kind: Field, unit: str, weight: float) -> None:
        if frequency := snapshot.frequency(kind, unit):
            gains.counted[unit] = gains.lookups[kind, unit] = weight * idf(frequency, articles)

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
        if not character.isascii() and (frequency := snapshot.frequency("grams", character)):
            gains.counted[character] = CHARACTER * idf(frequency, articles)
    for word in held:
        gains.words[word] = idf(snapshot.frequency("words", word), articles)


def without_questions(folded: str) -> str:
    """Return a text with spaces for its question words, or as it is where it holds nothing else."""
    asked = _QUESTION.sub(" ", folded)
    return asked if is_findable(asked) else folded
