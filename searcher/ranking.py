"""In what order?

Two stages. BM25 (Robertson and Zaragoza 2009, with Lucene's idf, which is never negative) over the words, pairs
and single characters of the query scores every paragraph and title that could be shown, from postings alone. Then
the texts of the best articles are looked at: how often the terms stand there exactly, how near to each other, and
what the title says. Articles that match in full come before all others. Everything here depends on counts and
texts only, so every engine gives the same order; what still ties is ordered by date (newest first), path and
place in the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

from searcher.analyzer import covering_grams, fold
from searcher.engines import Field
from searcher.highlight import Needle, occurrences
from searcher.keys import FIRST_PARAGRAPH, FRONT, TITLE, article_of, key_of, place_of
from searcher.matching import Matches, Snapshot, needle
from searcher.query import FieldTerm, Leaf, NumberTerm, Term

K1 = 1.2
B = 0.4  # paragraphs are short already: full normalization would let one-line paragraphs win
WORD, SUBWORD, PAIR, CHARACTER = 1.0, 0.4, 0.5, 0.1  # weights of the units of a term
TITLE_WEIGHT = 1.6  # of a title's own score, beside the best paragraphs'
FRONT_WEIGHT = 0.3
EVIDENCE = (1.0, 0.35, 0.2, 0.1)  # weights of an article's best paragraphs, best first
EXACT = 0.8  # of the idf of a term that stands exactly
NEAR = 1.0  # of the idf of the terms that stand close together
TITLE_IS_QUERY = 12.0
SHORTLIST = 60  # articles whose texts are looked at, beyond those asked for
LOOKED_AT = 8  # paragraphs of each of them
MAX_UNITS = 160


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article in its place: its number, score, and its paragraphs with their scores, best first."""

    article: int
    score: float
    partial: bool
    paragraphs: tuple[tuple[int, float], ...]  # key and score


def rank(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], *, wanted: int) -> list[Ranked]:
    """Return the best ``wanted`` articles in order.

    ``query`` holds the leaves that are looked for. Where two articles score the same, those from the end of a tie
    may be missing, but never ones before the ``wanted``-th place.
    """
    scores = _by_units(snapshot, matches)
    by_article = _grouped(snapshot, scores, matches)
    sums = {article: _aggregate(found) for article, found in by_article.items()}
    ranked: list[Ranked] = []
    for articles, partial in ((matches.full, False), (matches.partial, True)):
        room = wanted - len(ranked)
        if room <= 0:
            break
        short = _shortlist(snapshot, articles, sums, room + SHORTLIST)
        looked_at = _look(snapshot, matches, query, short, by_article, partial=partial)
        ranked += _ordered(snapshot, looked_at)[:room]
    return ranked


def passages(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf], articles: Sequence[int]) -> list[Ranked]:
    """Score these articles only, and return them in the order given."""
    by_article = _grouped(snapshot, _by_units(snapshot, matches), matches)
    return [
        _look(snapshot, matches, query, [article], by_article, partial=article in matches.partial)[0]
        for article in articles
    ]


# ---- first stage


def _idf(snapshot: Snapshot, frequency: int) -> float:
    return log(1 + (snapshot.reader.count - frequency + 0.5) / (frequency + 0.5))


def _units(snapshot: Snapshot, matches: Matches) -> dict[tuple[Field, str], float]:
    """Return the units that the terms of a query are scored by, with their weights."""
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
        for pair in covering_grams(term.text[:MAX_UNITS]):
            add("grams", pair, PAIR if len(pair) > 1 else CHARACTER)
    if len(weights) > MAX_UNITS:
        rarest = sorted(weights, key=lambda unit: (snapshot.frequency(*unit), unit))[:MAX_UNITS]
        weights = {unit: weights[unit] for unit in rarest}
    return weights


def _by_units(snapshot: Snapshot, matches: Matches) -> dict[int, float]:
    """Return the BM25 score of every document that holds a unit of the query."""
    reader = snapshot.reader
    lengths = reader.lengths
    average = reader.total_length / max(1, reader.count) or 1.0
    base, slope = K1 * (1 - B), K1 * B / average
    scores: dict[int, float] = defaultdict(float)
    for (kind, unit), weight in sorted(_units(snapshot, matches).items()):
        found = snapshot.postings(kind, unit)
        gain = weight * _idf(snapshot, len(found.documents)) * (K1 + 1)
        if found.frequencies is None:
            for document in found.documents:
                scores[document] += gain / (1 + base + slope * lengths[document])
        else:
            for document, often in zip(found.documents, found.frequencies, strict=True):
                scores[document] += gain * often / (often + base + slope * lengths[document])
    # A 发文字号 has no words of its own; where it stands is all there is to score.
    for leaf, documents in matches.documents.items():
        if isinstance(leaf, NumberTerm):
            gain = _idf(snapshot, len(documents))
            for document in documents:
                scores[document] += gain
    return scores


_Texts = list[tuple[int, float]]  # key and score


def _grouped(snapshot: Snapshot, scores: dict[int, float], matches: Matches) -> dict[int, _Texts]:
    """Return the scored texts of each matching article."""
    keys = snapshot.reader.keys
    grouped: dict[int, _Texts] = {article: [] for article in (*matches.full, *matches.partial)}
    for document, score in scores.items():
        key = keys[document]
        found = grouped.get(article_of(key))
        if found is not None:
            found.append((key, score))
    return grouped


def _aggregate(texts: _Texts) -> float:
    """Return an article's score from those of its title, metadata lines and paragraphs."""
    total = 0.0
    paragraphs = []
    for key, score in texts:
        place = place_of(key)
        if place >= FIRST_PARAGRAPH:
            paragraphs.append(score)
        else:
            total += score * (TITLE_WEIGHT if place == TITLE else FRONT_WEIGHT)
    best = nlargest(len(EVIDENCE), paragraphs)
    return total + sum(weight * score for weight, score in zip(EVIDENCE, best, strict=False))


def _shortlist(snapshot: Snapshot, articles: set[int], sums: dict[int, float], size: int) -> list[int]:
    """Return the articles with the greatest sums; a tie at the end is cut in the order of paths."""
    if len(articles) <= size:
        return sorted(articles)
    last = nlargest(size, (sums[article] for article in articles))[-1]
    chosen = [article for article in articles if sums[article] > last]
    tied = {article for article in articles if sums[article] == last}
    if len(chosen) + len(tied) > size:
        return chosen + newest_first(snapshot, tied)[: size - len(chosen)]
    return chosen + list(tied)


def newest_first(snapshot: Snapshot, articles: set[int]) -> list[int]:
    """Return articles in the order of those that score the same: newest first, then by path and place."""
    days = {number: last for number, _, last in snapshot.store.days() if number in articles}
    found = [number for number in snapshot.store.ordered() if number in articles]
    return sorted(found, key=lambda number: days.get(number, ""), reverse=True)


# ---- second stage


def _look(
    snapshot: Snapshot,
    matches: Matches,
    query: Sequence[Leaf],
    articles: Iterable[int],
    by_article: dict[int, _Texts],
    *,
    partial: bool,
) -> list[Ranked]:
    """Score articles again by what their texts say."""
    sought = _sought(snapshot, matches, query)
    standing = _standing(snapshot, matches)
    looked_at: dict[int, list[tuple[int, float]]] = {}
    for article in articles:
        texts = dict.fromkeys(standing.get(article, ()), 0.0) | dict(by_article.get(article, ()))
        exact = standing.get(article, set())
        best = nlargest(LOOKED_AT, texts.items(), key=lambda item: (item[0] in exact, item[1], -item[0]))
        heads = [(key, texts[key]) for key in (key_of(article, FRONT), key_of(article, TITLE)) if key in texts]
        looked_at[article] = list(dict.fromkeys([*heads, *best]))
    keys = [key for texts in looked_at.values() for key, _ in texts]
    folded = {key: fold(text) for key, text in snapshot.texts(keys).items()}
    return [_rescore(article, texts, folded, sought, partial=partial) for article, texts in looked_at.items()]


def _sought(snapshot: Snapshot, matches: Matches, query: Sequence[Leaf]) -> dict[Needle, float]:
    """Return what to look for in the texts, each with its idf."""
    sought: dict[Needle, float] = {}
    for leaf in query:
        if isinstance(leaf, FieldTerm):
            sought[leaf.text] = 0.0 if leaf.field != "title" else 1.0
        elif isinstance(leaf, Term | NumberTerm) and (text := needle(leaf)) is not None:
            sought[text] = _idf(snapshot, len(matches.documents[leaf]))
    return sought


def _standing(snapshot: Snapshot, matches: Matches) -> dict[int, set[int]]:
    """Return for each article the keys of its texts in which a term stands exactly."""
    keys = snapshot.reader.keys
    standing: dict[int, set[int]] = defaultdict(set)
    for documents in matches.documents.values():
        for document in documents:
            key = keys[document]
            standing[article_of(key)].add(key)
    return standing


def _rescore(
    article: int, texts: _Texts, folded: dict[int, str], sought: dict[Needle, float], *, partial: bool
) -> Ranked:
    rescored: list[tuple[int, float]] = []
    title_bonus = 0.0
    for key, score in texts:
        text = folded[key]
        found = {text_sought: occurrences(text, text_sought) for text_sought in sought}
        exact = sum(
            EXACT * idf * len(found[text_sought]) / (len(found[text_sought]) + 1.0)
            for text_sought, idf in sought.items()
            if found[text_sought]
        )
        near = NEAR * _nearness([[span.start for span in spans] for spans in found.values()], sought)
        if place_of(key) == TITLE and sought:
            covered = sum(len(needle) for needle in sought if isinstance(needle, str) and needle in text)
            title_bonus = TITLE_IS_QUERY * min(1.0, covered / max(1, len(text))) ** 2
        rescored.append((key, score + exact + near))
    total = _aggregate(rescored) + title_bonus
    paragraphs = [(key, score) for key, score in rescored if place_of(key) >= FIRST_PARAGRAPH]
    paragraphs.sort(key=lambda item: (-round(item[1], 9), item[0]))
    return Ranked(article, round(total, 9), partial, tuple(paragraphs))


def _nearness(places: list[list[int]], sought: dict[Needle, float]) -> float:
    """Return how near the terms stand to each other: their idf over one plus the log of the smallest window's width."""
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


def _ordered(snapshot: Snapshot, ranked: list[Ranked]) -> list[Ranked]:
    infos = snapshot.store.infos([item.article for item in ranked])

    def place(item: Ranked) -> tuple[str, int]:
        return infos[item.article].path, infos[item.article].ordinal

    def date(item: Ranked) -> str:
        return infos[item.article].date or infos[item.article].published or ""

    ordered = sorted(sorted(ranked, key=place), key=date, reverse=True)
    return sorted(ordered, key=lambda item: -item.score)
