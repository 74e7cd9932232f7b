"""In what order?

Articles that match in full come before those that match in part. Each tier is ranked in two stages.

First every article is scored from postings alone: in the full tier by how many of its texts hold each term, weighted by
the term's idf; in the partial tier, which is ranked only where there is room left for it, by BM25 over the words,
sub-words and pairs of the query. Then the texts of the best articles are looked at: how often the terms stand there,
how near to each other, what the title says. BM25 is that of Robertson and Zaragoza (2009) with Lucene's idf, which
is never negative.

Everything here depends on counts and texts only, so every engine gives the same order. What ties is ordered by date
(newest first), path and place in the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import accumulate, repeat
from math import inf, log

from searcher.analyzer import covering_grams, fold
from searcher.engines import Field
from searcher.highlight import Needle, occurrences
from searcher.keys import FIRST_PARAGRAPH, FRONT, TITLE, place_of
from searcher.matching import EVERYWHERE, Matches, Snapshot, needle
from searcher.models import Span
from searcher.query import FieldTerm, Leaf, NumberTerm, Term

K1 = 1.2
B = 0.4  # paragraphs are short already: full normalization would let one-line paragraphs win
WORD, SUBWORD, PAIR = 1.0, 0.4, 0.6  # weights of the units of a term, in the partial tier
EVIDENCE = (1.0, 0.35, 0.2, 0.1)  # weights of an article's best paragraphs, best first
TITLE_WEIGHT = {False: 1.6, True: 0.5}  # of a title's own score beside the paragraphs', by whether the match is partial
FRONT_WEIGHT = 0.3
COVERAGE = 1.0  # of what the article as a whole holds of the query: each unit where it counts most
SPREAD = 0.3  # of the idf of a term, for each doubling of the texts that hold it
NEAR = 1.0  # of the idf of the terms, where they stand close together
TITLE_IS_QUERY = 12.0
WINDOW = 40  # articles of the first stage's order whose texts are looked at together
LOOKED_AT = 6  # paragraphs of each of them
MAX_UNITS, MIN_UNITS = 128, 4  # units of a query that partial matches are scored by,
MAX_POSTINGS = 40_000  # as long as their postings are not more than this
_EQUAL = 1e-9  # sums that differ by less are equal


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
class _Candidate:
    """An article after the first stage: its coverage, and the documents to look at, with their scores so far."""

    article: int
    coverage: float
    documents: dict[int, float]


def rank(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], *, wanted: int) -> list[Ranked]:
    """Return the best ``wanted`` articles in order; ``query`` holds the leaves that are looked for.

    The order of the first stage is cut into windows, and the second stage sorts each of them. So an article's place
    depends neither on how many are wanted nor on how many are skipped.
    """
    ranked: list[Ranked] = []
    for articles, partial in ((matches.full, False), (matches.partial, True)):
        room = wanted - len(ranked)
        if room > 0 and articles:
            size = -(-room // WINDOW) * WINDOW
            candidates = _candidates(snapshot, matches, articles, size=size, most=LOOKED_AT, partial=partial)
            most = inf
            for start in range(0, len(candidates), WINDOW):
                looked_at = _look(snapshot, matches, query, candidates[start : start + WINDOW], partial=partial)
                # No score is above that of an article which stands before.
                window = [replace(item, score=min(most, item.score)) for item in _ordered(snapshot, looked_at)]
                most = window[-1].score
                ranked += window
    return ranked[:wanted]


def passages(
    snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], articles: Sequence[int], *, most: int
) -> list[Ranked]:
    """Score these articles only, looking at ``most`` paragraphs of each, and return them in the order given."""
    found: dict[int, Ranked] = {}
    for tier, partial in ((matches.full, False), (matches.partial, True)):
        among = tier.intersection(articles)
        if among:
            candidates = _candidates(snapshot, matches, among, size=len(among), most=most, partial=partial)
            found |= {item.article: item for item in _look(snapshot, matches, query, candidates, partial=partial)}
    return [found[article] for article in articles]


# ---- first stage


def _candidates(
    snapshot: Snapshot, matches: Matches, articles: set[int], *, size: int, most: int, partial: bool
) -> list[_Candidate]:
    if partial:
        return _partial_candidates(snapshot, matches, articles, size=size, most=most)
    return _full_candidates(snapshot, matches, articles, size=size, most=most)


def _idf(snapshot: Snapshot, frequency: int) -> float:
    return log(1 + (snapshot.reader.count - frequency + 0.5) / (frequency + 0.5))


def _full_candidates(
    snapshot: Snapshot, matches: Matches, articles: set[int], *, size: int, most: int
) -> list[_Candidate]:
    """Shortlist the articles in which most texts hold the terms, with titles counting more."""
    keys, heads = snapshot.reader.keys, snapshot.reader.heads
    article_of = snapshot.reader.articles.__getitem__
    sums: dict[int, float] = dict.fromkeys(articles, 0.0)
    for documents in matches.documents.values():
        idf = _idf(snapshot, len(documents))
        for article, texts in Counter(map(article_of, documents)).items():
            if article in sums:
                sums[article] += idf * (1 + SPREAD * log(texts, 2))
        for document in heads.intersection(documents):
            if place_of(keys[document]) == TITLE and article_of(document) in sums:
                sums[article_of(document)] += idf * TITLE_WEIGHT[False]
    short = _best(snapshot, sums, size)
    often: dict[int, dict[int, float]] = {article: {} for article in short}
    for term, documents in matches.documents.items():
        counts = matches.often[term]
        for document in documents:
            texts_of = often.get(article_of(document))
            if texts_of is not None:
                texts_of[document] = texts_of.get(document, 0.0) + 1.0 + 0.1 * counts.get(document, 1.0)
    return [
        _Candidate(article, sums[article], dict.fromkeys(_first_choice(snapshot, often[article], most), 0.0))
        for article in short
    ]


def _first_choice(snapshot: Snapshot, documents: dict[int, float], most: int) -> list[int]:
    """Return the documents of one article to look at: title and metadata, and the paragraphs of the greatest weight."""
    keys = snapshot.reader.keys
    heads = snapshot.reader.heads.intersection(documents)
    paragraphs = [document for document in documents if document not in heads]
    return sorted(heads) + nlargest(most, paragraphs, key=lambda document: (documents[document], -keys[document]))


def _units(snapshot: Snapshot, matches: Matches) -> dict[tuple[Field, str], float]:
    """Return the units that the terms of a query are scored by in the partial tier, with their weights."""
    weights: dict[tuple[Field, str], float] = {}

    def add(kind: Field, unit: str, weight: float) -> None:
        if snapshot.frequency(kind, unit):
            weights[kind, unit] = max(weight, weights.get((kind, unit), 0.0))

    for term, words in matches.words.items():
        for word in words:
            add("words", word, WORD)
            for start in range(len(word)):
                for end in range(start + 2, min(len(word), start + 4) + 1):
                    if end - start < len(word):
                        add("words", word[start:end], SUBWORD)
        for pair in covering_grams(term.text)[:MAX_UNITS]:
            if ("words", pair) in weights:
                weights["words", pair] += PAIR
            else:
                add("grams", pair, PAIR)
    # The rarest first: what is everywhere costs the most and tells the least.
    rarest = sorted(weights, key=lambda unit: (snapshot.frequency(*unit), unit))
    costs = accumulate(snapshot.frequency(*unit) for unit in rarest)
    affordable = sum(cost <= MAX_POSTINGS for cost in costs)
    return {unit: weights[unit] for unit in sorted(rarest[: max(MIN_UNITS, affordable)])}


def _partial_candidates(
    snapshot: Snapshot, matches: Matches, articles: set[int], *, size: int, most: int
) -> list[_Candidate]:
    """Shortlist articles by BM25 over the units: their best paragraphs, and each unit where it counts most."""
    scores, coverage = _by_units(snapshot, matches)
    belongs_to = snapshot.reader.articles
    best: dict[int, float] = defaultdict(float)
    for document, score in scores.items():
        article = belongs_to[document]
        if score > best[article]:
            best[article] = score
    sums = {article: COVERAGE * coverage[article] + best[article] for article in articles}
    grouped: dict[int, dict[int, float]] = {article: {} for article in _best(snapshot, sums, size)}
    for document, score in scores.items():
        if belongs_to[document] in grouped:
            grouped[belongs_to[document]][document] = score
    return [
        _Candidate(article, coverage[article], {d: texts[d] for d in _first_choice(snapshot, texts, most)})
        for article, texts in grouped.items()
    ]


def _by_units(snapshot: Snapshot, matches: Matches) -> tuple[dict[int, float], dict[int, float]]:
    """Return the BM25 score of every document that holds a unit of the query, and the coverage of every article.

    The coverage is the sum over the units of the most that one document of the article got for it.
    """
    reader = snapshot.reader
    keys, articles, lengths = reader.keys, reader.articles, reader.lengths
    narrow = matches.places != EVERYWHERE
    base, slope = _normalization(snapshot)
    scores: dict[int, float] = defaultdict(float)
    coverage: dict[int, float] = defaultdict(float)
    for (kind, unit), weight in _units(snapshot, matches).items():
        found = snapshot.postings(kind, unit)
        gain = weight * _idf(snapshot, len(found.documents)) * (K1 + 1)
        current, most = -1, 0.0
        for document, often in zip(found.documents, found.frequencies or repeat(1.0), strict=False):
            if narrow and min(place_of(keys[document]), FIRST_PARAGRAPH) not in matches.places:
                continue
            score = gain * often / (often + base + slope * lengths[document])
            scores[document] += score
            if articles[document] != current:
                coverage[current] += most
                current, most = articles[document], score
            elif score > most:
                most = score
        coverage[current] += most
    return scores, coverage


def _normalization(snapshot: Snapshot) -> tuple[float, float]:
    """Return BM25's ``k1 (1 - b + b length / average)`` as a constant and a slope over the length in words."""
    average = snapshot.reader.total_length / max(1, snapshot.reader.count) or 1.0
    return K1 * (1 - B), K1 * B / average


_Texts = Sequence[tuple[int, float]]  # key and score


def _aggregate(texts: _Texts, *, partial: bool) -> float:
    """Return an article's score from those of its title, metadata lines and paragraphs."""
    weights = {TITLE: TITLE_WEIGHT[partial], FRONT: FRONT_WEIGHT}
    heads = sum(weights[place_of(key)] * score for key, score in texts if place_of(key) < FIRST_PARAGRAPH)
    best = nlargest(len(EVIDENCE), (score for key, score in texts if place_of(key) >= FIRST_PARAGRAPH))
    return heads + sum(weight * score for weight, score in zip(EVIDENCE, best, strict=False))


def _best(snapshot: Snapshot, sums: dict[int, float], size: int) -> list[int]:
    """Return the articles with the greatest sums in order; equal ones in the order of ``newest_first``."""
    short = set(sums)
    if len(sums) > size:
        last = nlargest(size, sums.values())[-1]
        short = {article for article, total in sums.items() if total > last + _EQUAL}
        tied = {article for article, total in sums.items() if abs(total - last) <= _EQUAL}
        short.update(newest_first(snapshot, tied)[: size - len(short)])
    return sorted(newest_first(snapshot, short), key=lambda article: -round(sums[article], 9))


def newest_first(snapshot: Snapshot, articles: set[int]) -> list[int]:
    """Return articles in the order of those that score the same: newest first, then by path and place."""
    return [number for number, *_ in sorted(snapshot.store.places(articles), key=_age_and_place)]


def _age_and_place(place: tuple[int, str | None, str, int]) -> tuple[tuple[int, ...], str, int]:
    _, day, path, ordinal = place
    # Sorting is ascending and the newest day comes first: each digit is turned round.
    age = tuple(-ord(digit) for digit in day or "")
    return age or (0,), path, ordinal


# ---- second stage


def _look(
    snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], candidates: Sequence[_Candidate], *, partial: bool
) -> list[Ranked]:
    """Score articles by what their texts say."""
    keys = snapshot.reader.keys
    sought = _sought(snapshot, matches, query)
    texts = snapshot.texts([keys[document] for candidate in candidates for document in candidate.documents])
    folded = {key: fold(text) for key, text in texts.items()}
    return [_rescore(snapshot, candidate, folded, sought, partial=partial) for candidate in candidates]


def _sought(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf]) -> dict[Needle, float]:
    """Return what to look for in the texts, each with its idf."""
    sought: dict[Needle, float] = {}
    for leaf in query:
        if isinstance(leaf, FieldTerm) and leaf.field == "title":
            sought[leaf.text] = 1.0
        elif isinstance(leaf, Term | NumberTerm) and (text := needle(leaf)) is not None:
            sought[text] = _idf(snapshot, len(matches.documents[leaf]))
    return sought


def _rescore(
    snapshot: Snapshot, candidate: _Candidate, folded: dict[int, str], sought: dict[Needle, float], *, partial: bool
) -> Ranked:
    keys, lengths = snapshot.reader.keys, snapshot.reader.lengths
    base, slope = _normalization(snapshot)
    texts: list[tuple[int, float]] = []
    bonus = 0.0
    for document, score in candidate.documents.items():
        key = keys[document]
        found = {text: occurrences(folded[key], text) for text in sought}
        norm = base + slope * lengths[document]
        exact = sum(sought[t] * (K1 + 1) * len(spans) / (len(spans) + norm) for t, spans in found.items())
        near = NEAR * _nearness([[span.start for span in spans] for spans in found.values()], sought)
        texts.append((key, score + exact + near))
        if place_of(key) == TITLE:
            bonus = TITLE_IS_QUERY * _share(folded[key], found) ** 2
    total = _aggregate(texts, partial=partial) + COVERAGE * candidate.coverage + bonus
    paragraphs = [(key, round(score, 9)) for key, score in texts if place_of(key) >= FIRST_PARAGRAPH]
    paragraphs.sort(key=lambda item: (-item[1], item[0]))
    return Ranked(candidate.article, round(total, 9), partial, tuple(paragraphs))


def _share(text: str, found: dict[Needle, list[Span]]) -> float:
    """Return how much of a text the matches make up, from 0 to 1."""
    held = {place for spans in found.values() for span in spans for place in range(span.start, span.end)}
    return len(held) / max(1, len(text))


def _nearness(places: list[list[int]], sought: dict[Needle, float]) -> float:
    """Return how near the terms stand: their idf over one plus the log of the smallest window that holds them all."""
    if len(places) < 2 or not all(places):
        return 0.0
    marks = sorted((at, which) for which, starts in enumerate(places) for at in starts)
    last: dict[int, int] = {}
    width = marks[-1][0] - marks[0][0]
    for at, which in marks:
        last[which] = at
        if len(last) == len(places):
            width = min(width, at - min(last.values()))
    return sum(sought.values()) / (1 + log(1 + width))


def _ordered(snapshot: Snapshot, ranked: Iterable[Ranked]) -> list[Ranked]:
    found = {item.article: item for item in ranked}
    return sorted((found[article] for article in newest_first(snapshot, set(found))), key=lambda item: -item.score)
