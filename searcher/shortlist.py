"""Which articles are worth a look, and which of their texts?

The first stage of ranking: it orders a tier by what the engine counts and adds up, without any text. Articles that
match in full are ordered by how many of their texts hold the terms, for their length, and whether the title does; those
that match in part by what they hold of the query's words, pairs and characters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import nlargest
from itertools import accumulate
from operator import itemgetter

from searcher.gains import Gains, idf, whole_numbers, with_levels
from searcher.keys import EVERYWHERE, Places
from searcher.matching import Matches, Snapshot, needle
from searcher.standing import Standing, in_places
from searcher.tree import NumberTerm, Term

WINDOW = 50  # articles that are looked at together; in which order they come does not matter then
# Of a query, by which texts are chosen: those that tell the most; the others where none of these stand.
RUNS, SHARE = 20, 0.9  # so many at most, with so much of all gains
K1, B = 1.2, 0.75  # as in BM25, for the texts of an article that hold a term


def shortlist(
    snapshot: Snapshot, matches: Matches, gains: Gains, articles: AbstractSet[int], *, size: int, partial: bool
) -> list[int]:
    """Return the best ``size`` articles of a tier in order, ``WINDOW`` or a multiple of it; or all that there are."""
    if len(articles) <= WINDOW:
        return sorted(articles)
    if not partial:
        sums = _by_terms(snapshot, matches, articles)
    elif matches.places == EVERYWHERE:
        sums = _by_parts(snapshot, gains, articles, size)
    else:
        sums = _by_texts(snapshot, matches, gains, articles)
    order = _best(snapshot, sums, size)
    if len(order) < size:
        order += newest_first(snapshot, set(articles).difference(order))[: size - len(order)]
    return order


def _by_terms(snapshot: Snapshot, matches: Matches, articles: AbstractSet[int]) -> dict[int, float]:
    """Return what articles gain by the terms that they hold."""
    lengths = snapshot.reader.lengths
    least, slope = K1 * (1 - B), K1 * B / (snapshot.reader.total_length / max(1, snapshot.articles) or 1.0)
    sums = dict.fromkeys(articles, 0.0)
    for standing in matches.standing.values():
        gain, counts = idf(len(standing.articles), snapshot.articles), standing.counts
        for article in articles & counts.keys():
            texts = counts[article]
            sums[article] += gain * texts / (texts + least + slope * lengths[article])
        for article in standing.titles & articles:
            sums[article] += gain
    return sums


def _by_parts(snapshot: Snapshot, gains: Gains, articles: AbstractSet[int], size: int) -> dict[int, float]:
    """Return what articles gain by the units that they hold, of ``size`` or more that gain the most."""
    units = whole_numbers(with_levels(gains.units))
    number = size
    while True:
        found = snapshot.reader.best(units, number)
        sums = {article: float(gain) for article, gain in found if article in articles}
        if len(sums) >= size or len(found) < number:
            return sums
        number = min(4 * number, snapshot.articles + 1)


def _by_texts(snapshot: Snapshot, matches: Matches, gains: Gains, articles: AbstractSet[int]) -> dict[int, float]:
    """Return what articles that match in part gain by the best of their texts."""
    sums: dict[int, float] = {}
    for document, gain in texts_of(snapshot, matches, gains, articles, partial=True).items():
        article = snapshot.reader.articles[document]
        sums[article] = max(sums.get(article, 0.0), float(gain))
    return sums


def texts_of(
    snapshot: Snapshot, matches: Matches, gains: Gains, articles: AbstractSet[int], *, partial: bool
) -> dict[int, int]:
    """Return the texts of some articles of a tier that hold something of the query, and what each gains.

    Of articles that match in full they are those that hold the terms; of others, those that hold what of them tells
    the most. What a text gains does not depend on what the engine knows and what had to be looked for.
    """
    standings = matches.standing.items()
    keys = {leaf: leaf.text if isinstance(leaf, Term) and not leaf.others else leaf for leaf in matches.standing}
    amounts: dict[str | Term | NumberTerm, float] = dict(gains.runs.items())
    for leaf, key in keys.items():
        amounts[key] = amounts.get(key, 0.0) + gains.terms.get(needle(leaf) or "", 0.0)
    numbers = whole_numbers(amounts)
    telling = _telling(gains.runs) if partial else set()
    known = {standing.run for _, standing in standings if standing.run is not None}
    sums = snapshot.reader.gains(articles, {run: numbers[run] for run in sorted(telling | known)})
    found = [(numbers[keys[leaf]], standing) for leaf, standing in standings if standing.run is None]
    _add_found(snapshot, sums, found, articles)
    sums = _in_places(snapshot, sums, matches.places)
    if without := articles - snapshot.articles_of(sums):
        others = {run: numbers[run] for run in sorted(gains.runs.keys() - telling)}
        sums |= _in_places(snapshot, snapshot.reader.gains(without, others), matches.places)
    return sums


def _telling(runs: Mapping[str, float]) -> set[str]:
    """Return the runs that tell the most, which together have most of what there is to gain."""
    ranked = nlargest(RUNS, runs.items(), key=itemgetter(1))
    before = accumulate((gain for _, gain in ranked), initial=0.0)
    return {run for (run, _), gained in zip(ranked, before, strict=False) if gained < SHARE * sum(runs.values())}


def _add_found(
    snapshot: Snapshot, sums: dict[int, int], found: Sequence[tuple[int, Standing]], articles: AbstractSet[int]
) -> None:
    """Add what texts of some articles gain by the terms that were looked for in them."""
    article_of = snapshot.reader.articles
    for gain, standing in found:
        if not standing.articles.isdisjoint(articles):
            for document in standing.found:
                if article_of[document] in articles:
                    sums[document] = sums.get(document, 0) + gain


def _in_places(snapshot: Snapshot, sums: dict[int, int], places: Places) -> dict[int, int]:
    if places == EVERYWHERE:
        return sums
    return {document: sums[document] for document in in_places(snapshot.reader, list(sums), places)}


# ---- order of what ties


def newest_first(snapshot: Snapshot, articles: Collection[int]) -> list[int]:
    """Return articles in the order of those that score the same: newest first, then by path and place."""
    return [number for number, *_ in sorted(snapshot.store.places(set(articles)), key=_age_and_place)]


def _age_and_place(place: tuple[int, str | None, str, int]) -> tuple[tuple[int, ...], str, int]:
    _, day, path, ordinal = place
    # Sorting is ascending and the newest day comes first: each digit is turned round.
    age = tuple(-ord(digit) for digit in day or "")
    return age or (0,), path, ordinal


def in_order(snapshot: Snapshot, scores: Mapping[int, float]) -> list[int]:
    """Return articles by their scores, the greatest first; equal ones in the order of ``newest_first``."""
    articles: dict[float, list[int]] = defaultdict(list)
    for article, score in scores.items():
        articles[round(score, 9)].append(article)
    tied = {article for among in articles.values() if len(among) > 1 for article in among}
    places = {article: place for place, article in enumerate(newest_first(snapshot, tied))} if tied else {}
    return [
        article
        for score in sorted(articles, reverse=True)
        for article in sorted(articles[score], key=lambda article: places.get(article, 0))
    ]


def _best(snapshot: Snapshot, sums: dict[int, float], size: int) -> list[int]:
    """Return the ``size`` articles with the greatest sums, in order unless all are looked at together."""
    short = set(sums)
    if len(sums) > size:
        last = round(nlargest(size, sums.values())[-1], 9)  # parts add up alike in every order
        near = {article: round(total, 9) for article, total in sums.items() if total > last - 1e-8}
        short = {article for article, total in near.items() if total > last}
        tied = {article for article, total in near.items() if total == last}
        short.update(newest_first(snapshot, tied)[: size - len(short)])
    return sorted(short) if size == WINDOW else in_order(snapshot, {article: sums[article] for article in short})
