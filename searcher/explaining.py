"""How was each term of a query looked for, and how many paragraphs hold it?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from searcher.details import Expansion
from searcher.matching import Matches, standing
from searcher.snapshot import Snapshot
from searcher.standing import Standing
from searcher.tree import NumberTerm, Term

if TYPE_CHECKING:
    from searcher.reports import TermDetails


def expansions(matches: Matches) -> tuple[Expansion, ...]:
    """Return the terms and numbers that have other names, and those of them that stand somewhere."""
    found = []
    for leaf in matches.standing:
        (own, _), *others = _texts(matches, leaf)
        also = tuple(text for text, where in others if where.articles)
        if also:
            found.append(Expansion(own, also))
    return tuple(found)


def terms(snapshot: Snapshot, matches: Matches) -> tuple[TermDetails, ...]:
    """Return of each wanted text what was looked for, and how many paragraphs hold it."""
    from searcher.reports import Count, TermDetails  # most searches are not asked for this

    found = []
    for leaf, where in matches.standing.items():
        (own, _), *others = _texts(matches, leaf)
        also = [Count(text, _paragraphs(held)) for text, held in others]
        words = () if isinstance(leaf, NumberTerm) or leaf.exact else matches.words[leaf]
        held = [Count(word, _paragraphs(standing(snapshot, word, places=matches.places))) for word in words]
        found.append(TermDetails(own, _paragraphs(where), tuple(also), tuple(held)))
    return tuple(found)


def _texts(matches: Matches, leaf: Term | NumberTerm) -> Iterable[tuple[str, Standing]]:
    """Return the text of a leaf, then the others that mean the same, and where each stands."""
    return (matches.writings[leaf] if isinstance(leaf, NumberTerm) else matches.texts[leaf]).items()


def _paragraphs(where: Standing) -> int:
    return sum(where.paragraphs.values())
