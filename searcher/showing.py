"""What is shown of the articles that were found?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from searcher.asked import Asked
from searcher.catalogue import Catalogue
from searcher.highlight import Needle, highlight
from searcher.keys import FIRST_PARAGRAPH, article_of, key_of
from searcher.matching import Matches, needle
from searcher.models import Hit, Paragraph, Passage
from searcher.ranking import Ranked
from searcher.snapshot import Snapshot
from searcher.tree import FieldTerm, Leaf, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How much is shown: of each article ``paragraphs``, with ``context`` around each; whether ``title``, ``text``.

    ``first`` is the rank of the first article; ``copies`` says whether copies are counted, ``asked`` what the query
    names.
    """

    first: int
    paragraphs: int
    context: int
    title: bool
    text: bool
    copies: bool
    asked: Asked


def needles(matches: Matches, wanted: Sequence[Leaf], *, partial: bool) -> list[Needle]:
    """Return what to highlight: the terms as they stand, and for a partial match the words they are made of."""
    found: list[Needle] = [text for leaf in wanted if (text := needle(leaf)) is not None]
    if partial:
        for leaf in wanted:
            if isinstance(leaf, Term) and not leaf.exact:
                found += [word for word in matches.words[leaf] if len(word) > 1]
    return found


def _title_needles(wanted: Sequence[Leaf]) -> list[Needle]:
    return [leaf.text for leaf in wanted if isinstance(leaf, FieldTerm) and leaf.field == "title"]


def hits(
    snapshot: Snapshot,
    catalogue: Catalogue,
    matches: Matches,
    wanted: Sequence[Leaf],
    ranked: Sequence[Ranked],
    view: View,
) -> tuple[Hit, ...]:
    """Return the hits for articles in their order."""
    infos = snapshot.store.infos([item.article for item in ranked])
    copies = _copies(snapshot, matches, ranked) if view.copies else {}
    found = []
    for place, item in enumerate(ranked):
        sought = needles(matches, wanted, partial=item.partial)
        info = infos[item.article]
        in_title = sought if view.title else []
        in_text = [*sought, *view.asked.provisions] if item.article in view.asked.articles else sought
        shown = _shown(snapshot, item, in_text, view) if view.text else []
        found.append(
            Hit(
                rank=view.first + place,
                score=round(item.score, 4),
                partial=item.partial,
                article=replace(info, path=catalogue.shown(info.path)),
                paragraphs=tuple(shown),
                copies=copies.get(item.article, 0),
                parts=item.parts,
                title_highlights=highlight(info.title or "", [*in_title, *_title_needles(wanted)]),
            )
        )
    return tuple(found)


def _shown(snapshot: Snapshot, item: Ranked, sought: list[Needle], view: View) -> list[Passage]:
    """Return the best paragraphs of an article that hold something to highlight, each amid its context."""
    best: list[tuple[int, float]] = []
    texts = snapshot.texts([key for key, _ in item.paragraphs])
    for key, score in item.paragraphs:
        if len(best) < view.paragraphs and highlight(texts[key], sought):
            best.append((key, score))
    scores = dict(best)
    order: dict[int, None] = {}
    for key, _ in best:
        first = max(key_of(item.article, FIRST_PARAGRAPH), key - view.context)
        order.update(dict.fromkeys(range(first, key + view.context + 1)))
    found = snapshot.store.paragraphs(order)
    return [
        _passage(found[key], sought, scores.get(key))
        for key in order
        if key in found and article_of(key) == item.article
    ]


def _passage(paragraph: Paragraph, sought: list[Needle], score: float | None) -> Passage:
    return Passage(
        ordinal=paragraph.ordinal,
        line=paragraph.line,
        score=round(score or 0.0, 4),
        text=paragraph.text,
        highlights=highlight(paragraph.text, sought),
        context=score is None,
        page=paragraph.page,
        sheet=paragraph.sheet,
    )


def _copies(snapshot: Snapshot, matches: Matches, ranked: Sequence[Ranked]) -> dict[int, int]:
    """Return of each article how many copies of it match as well."""
    groups = snapshot.store.copies([item.article for item in ranked])
    if not groups:
        return {}
    members = snapshot.store.members(groups.values())
    matching = matches.full | matches.partial
    return {number: len(members[group] & matching) - 1 for number, group in groups.items()}
