"""In what order?

Articles that the query names come first (``searcher.asked``), the newest before the others; then those that match in
full, then those that match in part. Each of these tiers is ranked in two stages. The first orders
it by what the engine counts and adds up (``searcher.shortlist``). Then the texts of the best are looked at and scored
(``searcher.scoring``): a small article as a whole, of a long one its title and its best paragraphs, so that none wins
or loses by being long.

Everything here depends on counts and texts only, so every engine gives the same order. What ties is ordered by date
(newest first), path and place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf

from searcher.analyzer import fold, unbroken
from searcher.asked import Asked
from searcher.engines import MOST, Reader
from searcher.gains import gains_of
from searcher.keys import EVERYWHERE, FIRST_PARAGRAPH, FRONT, TITLE, WHOLE, key_of, place_of
from searcher.matching import Matches, Snapshot
from searcher.scoring import Scorer, Texts
from searcher.shortlist import WINDOW, in_order, newest_first, shortlist, texts_of
from searcher.standing import in_places
from searcher.tree import Leaf

__all__ = ["LOOKED_AT", "WINDOW", "Looked", "Ranked", "newest_first", "passages", "windows"]

LOOKED_AT = 6  # paragraphs of each of them
TIED = 60  # more of them that may be shown, where they hold as much of the query
TIED_IN_PART = 20  # of partial matches, whose paragraphs tie by the little that they hold
OTHER_NAME = 0.9995  # of the score of an article that holds a term by another name only: it loses a tie, no more


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in its place: its number, score, and its paragraphs with their scores, best first.

    ``parts`` are the parts of the score by name, which add up to it; empty unless they were asked for.
    """

    article: int
    score: float
    partial: bool
    paragraphs: tuple[tuple[int, float], ...]  # key and score
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """An article whose texts have been looked at.

    ``documents`` are those of its paragraphs in ``texts``; ``tied`` are paragraphs that were not looked at and hold
    as much of the query as one of these.
    """

    view: _View
    article: int
    score: float
    documents: list[int]
    tied: list[int]
    asked: Asked | None
    texts: Texts

    def ranked(self, *, explain: bool = False) -> Ranked:
        """Score its paragraphs."""
        return self.view.shown(self, explain=explain)


def windows(
    snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], asked: Asked, *, wanted: int
) -> Iterator[list[Looked]]:
    """Yield all articles in order, so many at a time; ``query`` holds the leaves that are looked for.

    ``asked`` says what of them the query names.

    The order of the first stage is cut into windows, and the second stage sorts each of them. So an article's place
    does not depend on how many are ``wanted``, which says only how many are thought to be asked for.
    """
    tiers = ((matches.full, False), (matches.partial, True))
    for tier, partial in tiers if asked.articles else ():
        if named := newest_first(snapshot, tier & asked.articles):
            yield from _View(snapshot, matches, query, partial=partial).named(named, asked)
    for tier, partial in tiers:
        articles = tier - asked.articles if asked.articles else tier
        if not articles:
            continue
        view = _View(snapshot, matches, query, partial=partial)
        order: list[int] = []
        most = inf
        for start in range(0, len(articles), WINDOW):
            if start >= len(order):
                size = min(max(2 * start, wanted, 1), len(articles))
                size = -(-size // WINDOW) * WINDOW
                order = shortlist(snapshot, matches, view.gains, articles, size=size, partial=partial)
            window = _falling(view.in_order(order[start : start + WINDOW]), most)
            most = window[-1].score
            yield window


def passages(
    snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], asked: Asked, articles: Sequence[int], *, most: int
) -> list[Ranked]:
    """Score these articles only, looking at ``most`` paragraphs of each, and return them in the order given."""
    found: dict[int, Ranked] = {}
    for tier, partial in ((matches.full, False), (matches.partial, True)):
        among = tier.intersection(articles)
        if among:
            view = _View(snapshot, matches, query, partial=partial)
            for some, named in ((among & asked.articles, asked), (among - asked.articles, None)):
                found |= {item.article: item.ranked() for item in view.look(sorted(some), most=most, asked=named)}
    return [found[article] for article in articles]


def _falling(looked: Sequence[Looked], most: float) -> list[Looked]:
    """Return articles in their order, none with a score above ``most`` or above that of one before it."""
    lowest = accumulate((item.score for item in looked), min, initial=most)
    next(lowest)
    return [
        item if item.score <= score else replace(item, score=score) for item, score in zip(looked, lowest, strict=True)
    ]


def _by_other_names(matches: Matches) -> set[int]:
    """Return the articles in which a term stands by its other names only."""
    found: set[int] = set()
    for term, texts in matches.texts.items():
        if term.others:
            found |= matches.standing[term].articles - texts[term.text].articles
    return found


class _View:
    """The texts of an index, as one query sees them in one of the tiers."""

    def __init__(self, snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], *, partial: bool) -> None:
        self.snapshot = snapshot
        self._matches, self._partial = matches, partial
        self.gains = gains_of(snapshot, matches, query, partial=partial)
        self._renamed = _by_other_names(matches)
        reader = snapshot.reader
        # Of a long article only so much is looked at.
        of_text = reader.total_length / max(1, reader.count)
        of_article = reader.total_length / max(1, snapshot.articles)
        self._scorer = Scorer(self.gains, min(of_article, LOOKED_AT * of_text) or 1.0)

    def in_order(self, articles: Sequence[int]) -> list[Looked]:
        """Return articles in their final order."""
        looked = {item.article: item for item in self.look(articles)}
        best_first = in_order(self.snapshot, {article: item.score for article, item in looked.items()})
        return list(map(looked.__getitem__, best_first))

    def named(self, articles: Sequence[int], asked: Asked) -> Iterator[list[Looked]]:
        """Yield articles that the query names in the order given, but first those that hold a provision asked for."""
        article_of = self.snapshot.reader.articles
        held = {article_of[document] for document in self._provisions(asked, set(articles))}
        articles = sorted(articles, key=lambda article: article not in held)
        most = inf
        for start in range(0, len(articles), WINDOW):
            window = _falling(self.look(articles[start : start + WINDOW], asked=asked), most)
            most = window[-1].score
            yield window

    def look(self, articles: Sequence[int], *, most: int = LOOKED_AT, asked: Asked | None = None) -> list[Looked]:
        """Read and score articles, in the order given; ``asked`` is given where the query names them."""
        keys, article_of = self.snapshot.reader.keys, self.snapshot.reader.articles
        held: dict[int, list[int]] = {article: [] for article in articles}
        gains = texts_of(self.snapshot, self._matches, self.gains, held.keys(), partial=self._partial)
        if asked:
            gains.update(dict.fromkeys(self._provisions(asked, held.keys()), MOST))
        for document in sorted(gains):
            held[article_of[document]].append(document)
        chosen = [(article, *self._choose(documents, gains, most)) for article, documents in held.items()]
        raw = self.snapshot.texts([keys[document] for _, documents, _ in chosen for document in documents])
        looked = []
        for article, documents, tied in chosen:
            body, texts = self._read({document: raw[keys[document]] for document in documents})
            share = OTHER_NAME if article in self._renamed else 1.0
            score = round(share * self._scorer.score(texts, asked=asked is not None).total, 9)
            looked.append(Looked(self, article, score, body, tied, asked, texts))
        return looked

    def _read(self, texts: Mapping[int, str]) -> tuple[list[int], Texts]:
        """Return which documents of an article are paragraphs, and all of its texts."""
        keys = self.snapshot.reader.keys
        places = [place_of(keys[document]) for document in texts]
        heads = dict.fromkeys((TITLE, FRONT), "")
        paragraphs = []
        for place, text in zip(places, self._scorer.even(list(texts.values())), strict=True):
            if place in heads:
                heads[place] = text
            else:
                paragraphs.append(text)
        body = [document for document, place in zip(texts, places, strict=True) if place not in heads]
        return body, Texts(heads[TITLE], heads[FRONT], paragraphs, sum(map(len, texts.values())))

    def shown(self, looked: Looked, *, explain: bool = False) -> Ranked:
        """Return an article with the scores of its paragraphs."""
        keys = self.snapshot.reader.keys
        tied = self.snapshot.texts([keys[document] for document in looked.tied])
        texts = [
            *zip(map(keys.__getitem__, looked.documents), looked.texts.paragraphs, strict=True),
            *zip(tied, self._scorer.even(list(tied.values())), strict=True),
        ]
        asked = looked.asked or Asked()
        scored = [(key, round(self._scorer.paragraph(text, asked=asked.begins(text)), 9)) for key, text in texts]
        scored.sort(key=lambda item: (-item[1], item[0]))
        parts = self._scorer.explain(looked.texts, looked.score, asked=looked.asked is not None) if explain else ()
        return Ranked(looked.article, looked.score, self._partial, tuple(scored), parts)

    def _provisions(self, asked: Asked, articles: AbstractSet[int]) -> list[int]:
        """Return the documents of some articles that begin with a provision that is asked for."""
        reader, keys = self.snapshot.reader, self.snapshot.reader.keys
        some = {
            document
            for provision in asked.provisions
            for candidates in reader.candidates(unbroken(provision))
            for document in candidates
            if reader.articles[document] in articles
        }
        wanted = in_places(reader, sorted(some), self._matches.places)
        texts = self.snapshot.texts([keys[document] for document in wanted])
        return [document for document in wanted if asked.begins(fold(texts[keys[document]]))]

    def _choose(self, held: Sequence[int], gains: Mapping[int, int], most: int) -> tuple[list[int], list[int]]:
        """Return the documents of an article to look at, in order, and paragraphs that tie with the last of them.

        ``held`` are its texts that hold something, ascending, and ``gains`` has what they gain. Of a short article all
        is looked at, else the heads among these and the paragraphs that gain most.
        """
        if not held:
            return [], []
        reader = self.snapshot.reader
        around = _around(reader, held[0], most + 2)
        if around is not None and self._matches.places == EVERYWHERE:
            return list(around), []
        heads = [head for head in held[:FIRST_PARAGRAPH] if place_of(reader.keys[head]) < FIRST_PARAGRAPH]
        best = sorted(held, key=gains.__getitem__, reverse=True)  # what gains as much stays in order
        tied = TIED_IN_PART if self._partial else TIED
        body = [document for document in best[: len(heads) + most + tied] if document not in heads]
        others = [document for document in body[most : most + tied] if gains[document] == gains[body[most - 1]]]
        return sorted([*heads, *body[:most]]), others


def _around(reader: Reader, document: int, most: int) -> range | None:
    """Return the texts of the article that a document belongs to, or None where there are more than ``most``."""
    keys, article = reader.keys, reader.articles[document]
    least, greatest = key_of(article, FRONT), key_of(article, WHOLE)
    first, end = document, document + 1
    while first > 0 and least <= keys[first - 1] < greatest and end - first <= most:
        first -= 1
    while end < len(keys) and least <= keys[end] < greatest and end - first <= most:
        end += 1
    return range(first, end) if end - first <= most else None
