"""Which documents does a query name, by their title or by their own number?

A document whose title, or whose 文号, the query is, is what was asked for, however often others say the same: such
documents come before all others. Several of the same title are of different days, and the newest comes first. Where the
query also says which 条 of the document, that is shown first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searcher.analyzer import fold
from searcher.keys import TITLE
from searcher.matching import Matches, Snapshot
from searcher.numerals import other_writings
from searcher.same_title import subject, subject_key, title_name
from searcher.tree import Leaf, Term

_NUMERAL = "[0-9〇零一二三四五六七八九十百千]{1,7}"
_PROVISION = rf"(第{_NUMERAL}条(?:之{_NUMERAL})?)(?:第{_NUMERAL}[款项])*"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query names: ``articles``, and ``provisions`` of them (第三十二条), folded, in every writing."""

    articles: frozenset[int] = frozenset()
    provisions: tuple[str, ...] = ()

    def begins(self, folded: str) -> bool:
        """Tell whether a paragraph begins with one of the provisions: 第三十二条 is not 第三十二条之一."""
        text = folded.lstrip()
        return any(text.startswith(one) and not text.startswith("之", len(one)) for one in self.provisions)


def asked_for(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], text: str) -> Asked:
    """Return what a query, written as ``text``, names among what matches; ``query`` holds what it looks for."""
    if TITLE in matches.places:
        matching = matches.full | matches.partial
        if titled := _entitled(snapshot, _names(query, text)) & matching:
            return Asked(frozenset(titled))
        provisions = dict.fromkeys(re.findall(_PROVISION, fold(text)))
        if provisions and (titled := _entitled(snapshot, _names(query, re.sub(_PROVISION, "", fold(text)))) & matching):
            written = (writing for one in provisions for writing in (one, *other_writings(one)[0]))
            return Asked(frozenset(titled), tuple(written))
    # a number that stands in a title is that of more documents than this one, so that the title says more
    return Asked(frozenset(matches.numbered & matches.full))


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
