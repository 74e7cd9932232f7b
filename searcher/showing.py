"""What is shown of the articles that were found?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from searcher.asked import Asked
from searcher.catalogue import Catalogue
from searcher.highlight import Needle, highlight
from searcher.keys import FIRST_PARAGRAPH, article_of, key_of
from searcher.matching import Matches, needle
from searcher.models import Hit, Paragraph, Passage, Span
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


class _Scored(NamedTuple):
    """What a paragraph scores, and what of it is highlighted."""

    score: float
    highlights: tuple[Span, ...]


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
    sought = {partial: needles(matches, wanted, partial=partial) for partial in {item.partial for item in ranked}}
    in_texts = [_in_text(item.article, sought[item.partial], view.asked) for item in ranked]
    best = [_best(snapshot, item, some, view) for item, some in zip(ranked, in_texts, strict=True)]
    around = _around(snapshot, best, view.context) if view.context else best
    texts = snapshot.store.paragraphs([key for keys in around for key in keys])
    titled = _title_needles(wanted)
    found = []
    for place, item in enumerate(ranked):
        info = infos[item.article]
        in_title = sought[item.partial] if view.title else []
        passages = (_passage(texts[key], in_texts[place], best[place].get(key)) for key in around[place])
        found.append(
            Hit(
                rank=view.first + place,
                score=round(item.score, 4),
                partial=item.partial,
                article=replace(info, path=catalogue.shown(info.path)),
                paragraphs=tuple(passages),
                copies=copies.get(item.article, 0),
                parts=item.parts,
                title_highlights=highlight(info.title or "", [*in_title, *titled]),
            )
        )
    return tuple(found)


def _in_text(article: int, sought: list[Needle], asked: Asked) -> list[Needle]:
    """Return what to highlight in the paragraphs of an article: what is sought, and the provisions asked for."""
    return [*sought, *asked.provisions] if article in asked.articles else sought


def _best(snapshot: Snapshot, item: Ranked, sought: list[Needle], view: View) -> dict[int, _Scored]:
    """Return the best paragraphs of an article that hold something to highlight, by their keys."""
    best: dict[int, _Scored] = {}
    if not view.text:
        return best
    texts = snapshot.texts([key for key, _ in item.paragraphs])
    for key, score in item.paragraphs:
        if len(best) == view.paragraphs:
            break
        if highlights := highlight(texts[key], sought):
            best[key] = _Scored(score, highlights)
    return best


def _around(snapshot: Snapshot, best: Sequence[Iterable[int]], context: int) -> list[dict[int, None]]:
    """Return the keys of some paragraphs of each article, each amid those around it."""
    sizes = snapshot.store.sizes({article_of(key) for keys in best for key in keys})
    found = []
    for keys in best:
        order: dict[int, None] = {}
        for key in keys:
            first = key_of(article_of(key), FIRST_PARAGRAPH)
            end = first + sizes[article_of(key)]
            order.update(dict.fromkeys(range(max(first, key - context), min(end, key + context + 1))))
        found.append(order)
    return found


def _passage(paragraph: Paragraph, sought: list[Needle], scored: _Scored | None) -> Passage:
    return Passage(
        ordinal=paragraph.ordinal,
        line=paragraph.line,
        score=round(scored.score, 4) if scored else 0.0,
        text=paragraph.text,
        highlights=scored.highlights if scored else highlight(paragraph.text, sought),
        context=scored is None,
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
