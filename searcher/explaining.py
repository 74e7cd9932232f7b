"""How was each term of a query looked for, and how many paragraphs hold it?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from searcher.details import Expansion
from searcher.matching import Matches
from searcher.snapshot import Snapshot
from searcher.tree import NumberTerm

if TYPE_CHECKING:
    from searcher.reports import TermDetails


def expansions(matches: Matches) -> tuple[Expansion, ...]:
    """Return the terms that have other names, and those of them that stand somewhere."""
    found = []
    for term, texts in matches.texts.items():
        also = tuple(text for text, documents in texts.items() if text != term.text and documents)
        if also:
            found.append(Expansion(term.text, also))
    return tuple(found)


def terms(snapshot: Snapshot, matches: Matches) -> tuple[TermDetails, ...]:
    """Return of each wanted text what was looked for, and how many paragraphs hold it."""
    from searcher.reports import Count, TermDetails  # most searches are not asked for this

    found = []
    for leaf, documents in matches.documents.items():
        number = _paragraphs(snapshot, documents)
        if isinstance(leaf, NumberTerm):
            found.append(TermDetails(leaf.key, number, (), ()))
            continue
        texts = matches.texts[leaf].items()
        also = [Count(text, _paragraphs(snapshot, held)) for text, held in texts if text != leaf.text]
        words = () if leaf.exact else matches.words[leaf]
        held = [Count(word, _paragraphs(snapshot, snapshot.postings("words", word).documents)) for word in words]
        found.append(TermDetails(leaf.text, number, tuple(also), tuple(held)))
    return tuple(found)


def _paragraphs(snapshot: Snapshot, documents: Iterable[int]) -> int:
    return len(set(documents) - snapshot.reader.heads)
