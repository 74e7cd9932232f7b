"""Which documents does a query name, by their title or by their own number?

A document whose title, or whose 文号, the query is, is what was asked for, however often others say the same: such
documents come before all others. Several of the same title are of different days, and the newest comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher.keys import TITLE
from searcher.matching import Matches, Snapshot
from searcher.same_title import subject, subject_key, title_name
from searcher.tree import Leaf, Term


def asked_for(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], text: str) -> set[int]:
    """Return the matching articles that a query, written as ``text``, names; ``query`` holds what it looks for."""
    titled: set[int] = set()
    if TITLE in matches.places:
        titled = _entitled(snapshot, _names(query, text)) & (matches.full | matches.partial)
    # a number in a title is that of more documents than this one
    return titled or (matches.numbered & matches.full)


def _names(query: Sequence[Leaf], text: str) -> set[str]:
    """Return the titles that a query may be: itself, and what else it goes by where all of it is one name."""
    texts = [text]
    if len(query) == 1 and isinstance(query[0], Term) and query[0].named:
        texts += query[0].others
    return set(map(title_name, texts)) - {""}


def _entitled(snapshot: Snapshot, names: set[str]) -> set[int]:
    """Return the articles of these titles, or where there is none, those whose title differs by the issuer only."""
    exact: set[int] = set()
    alike: set[int] = set()
    for number, title, issuer in snapshot.store.entitled(set(map(subject_key, names))):
        held = title_name(title)
        if held in names:
            exact.add(number)
        elif any(_differ_by(issuer, name, held) for name in names):
            alike.add(number)
    return exact or alike


def _differ_by(issuer: str, name: str, title: str) -> bool:
    """Tell whether one of two titles of the same subject leaves the issuer out."""
    asked, held = name.removesuffix(subject(name)), title.removesuffix(subject(title))
    return not asked or (not held and any(one in asked for one in issuer.split()))
