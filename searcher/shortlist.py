"""Which articles are worth a look?

The first stage of ranking: it orders a tier by postings alone, without any text. Documents get what they hold of the
query, and an article what the best of its documents gets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from searcher.gains import Gains, idf
from searcher.keys import FIRST_PARAGRAPH, place_of
from searcher.matching import EVERYWHERE, Matches, Snapshot, needle

WINDOW = 100  # articles that are looked at together; in which order they come does not matter then
MOST_POSTINGS = 5_000  # that are gone through for partial matches,
FEWEST_UNITS = 4  # but always those of the rarest units
MANY = 4  # documents for each article that is wanted, among which it is looked for first
B_OF_DOCUMENT = 0.3  # how much the length of a document matters among partial matches
_EQUAL = 1e-9  # sums that differ by less are equal


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The articles of a tier in the order of the first stage, and what their documents got."""

    order: list[int]
    scores: dict[int, float]
    documents: dict[int, list[int]]  # of each article that is listed


def shortlist(
    snapshot: Snapshot, matches: Matches, gains: Gains, articles: Collection[int], *, size: int, partial: bool
) -> Shortlist:
    """Order the best ``size`` articles of a tier, ``WINDOW`` or a multiple of it."""
    scores = _by_parts(snapshot, matches, gains) if partial else _by_terms(snapshot, matches)
    if len(articles) <= WINDOW:
        return Shortlist(sorted(articles), scores, _grouped(snapshot, scores, articles))
    documents: dict[int, list[int]] = {}
    for number in (MANY * size, len(scores)):
        least = sorted(scores.values())[-number] if 0 < number < len(scores) else 0.0
        best = (document for document, score in scores.items() if score >= least)
        documents = _grouped(snapshot, best, articles)
        if len(documents) >= size or least == 0.0:
            break
    sums = {article: max(map(scores.__getitem__, held)) for article, held in documents.items()}
    order = _best(snapshot, sums, size)
    if len(order) < size:
        order += newest_first(snapshot, set(articles).difference(order))[: size - len(order)]
    return Shortlist(order, scores, _grouped(snapshot, scores, set(order)))


def _grouped(snapshot: Snapshot, documents: Iterable[int], articles: Collection[int]) -> dict[int, list[int]]:
    """Return the documents of each of these articles."""
    article_of = snapshot.reader.articles
    grouped: dict[int, list[int]] = {}
    for document in documents:
        article = article_of[document]
        if article in articles:
            grouped.setdefault(article, []).append(document)
    return grouped


def _by_terms(snapshot: Snapshot, matches: Matches) -> dict[int, float]:
    """Return what each document holds of the terms: their idf, by how dense they stand."""
    lengths, average = snapshot.reader.lengths, _average(snapshot)
    articles = snapshot.store.count("article")
    scores: dict[int, float] = defaultdict(float)
    for leaf, documents in matches.documents.items():
        gain, often = idf(len(documents), articles), matches.often[leaf]
        for document in documents:
            times = often.get(document, 1.0)
            scores[document] += gain * times / (times + 0.5 + 0.5 * lengths[document] / average)
    return scores


def _by_parts(snapshot: Snapshot, matches: Matches, gains: Gains) -> dict[int, float]:
    """Return what each document holds of the rarest units: what is everywhere costs the most and tells the least."""
    rarest = sorted(gains.lookups, key=lambda unit: (snapshot.frequency(*unit), unit))
    costs = accumulate(snapshot.frequency(*unit) for unit in rarest)
    affordable = sum(cost <= MOST_POSTINGS for cost in costs)
    scores: dict[int, float] = defaultdict(float)
    for unit in rarest[: max(FEWEST_UNITS, affordable)]:
        gain = gains.lookups[unit]
        for document in snapshot.postings(*unit).documents:
            scores[document] += gain
    for leaf, documents in matches.documents.items():
        sought = needle(leaf)
        if sought is not None and len(documents) <= MOST_POSTINGS and sought not in gains.counted:
            for document in documents:
                scores[document] += gains.terms.get(sought, 0.0)
    if matches.places != EVERYWHERE:
        keys, places = snapshot.reader.keys, matches.places
        scores = {d: score for d, score in scores.items() if min(place_of(keys[d]), FIRST_PARAGRAPH) in places}
    # Of two documents that hold the same, the shorter one says more of it; and fewer of them tie.
    lengths, slope = snapshot.reader.lengths, B_OF_DOCUMENT / _average(snapshot)
    return {d: score / (2 - B_OF_DOCUMENT + slope * lengths[d]) for d, score in scores.items()}


def _average(snapshot: Snapshot) -> float:
    """Return how many words a document usually has."""
    return snapshot.reader.total_length / max(1, snapshot.reader.count) or 1.0


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
        last = sorted(sums.values())[-size]
        short = {article for article, total in sums.items() if total > last + _EQUAL}
        tied = {article for article, total in sums.items() if abs(total - last) <= _EQUAL}
        short.update(newest_first(snapshot, tied)[: size - len(short)])
    return sorted(short) if size == WINDOW else in_order(snapshot, {article: sums[article] for article in short})
