"""How was each term of a query looked for, and how many paragraphs hold it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from searcher.details import Expansion
from searcher.matching import Matches, standing
from searcher.snapshot import Snapshot
from searcher.standing import Standing
from searcher.tree import NumberTerm

if TYPE_CHECKING:
    from searcher.reports import TermDetails


def expansions(matches: Matches) -> tuple[Expansion, ...]:
    """Return the terms that have other names, and those of them that stand somewhere."""
    found = []
    for term, texts in matches.texts.items():
        also = tuple(text for text, where in texts.items() if text != term.text and where.articles)
        if also:
            found.append(Expansion(term.text, also))
    return tuple(found)


def terms(snapshot: Snapshot, matches: Matches) -> tuple[TermDetails, ...]:
    """Return of each wanted text what was looked for, and how many paragraphs hold it."""
    from searcher.reports import Count, TermDetails  # most searches are not asked for this

    found = []
    for leaf, where in matches.standing.items():
        number = _paragraphs(where)
        if isinstance(leaf, NumberTerm):
            found.append(TermDetails(leaf.key, number, (), ()))
            continue
        texts = matches.texts[leaf].items()
        also = [Count(text, _paragraphs(held)) for text, held in texts if text != leaf.text]
        words = () if leaf.exact else matches.words[leaf]
        held = [Count(word, _paragraphs(standing(snapshot, word, places=matches.places))) for word in words]
        found.append(TermDetails(leaf.text, number, tuple(also), tuple(held)))
    return tuple(found)


def _paragraphs(where: Standing) -> int:
    return sum(where.paragraphs.values())
