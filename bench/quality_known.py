"""Is a document found by what somebody remembers of it?

Queries are made from the documents of an index: titles, 文号, sentences that stand in one document only (quoted and
bare), two words of one paragraph, and names with their abbreviations.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bench.quality_text import as_typed
from searcher import Article, Hit, Index
from searcher.analyzer import fold, words
from searcher.expansion import shipped
from searcher.numbers import number_key

FEWEST, MOST = 16, 40  # characters of a sentence
_SENTENCE = re.compile(r"[^。；！？\s“”\"]+")

Right = Callable[[Hit], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """A query, and what tells that a hit is the one that was meant."""

    query: str
    is_right: Right


def known_items(index: Index, number: int) -> Iterator[str]:
    """Yield the lines of a table: of each kind, how many of ``number`` queries have the right article first."""
    articles = sorted(index.articles(), key=lambda article: article.id)
    random.Random(1).shuffle(articles)
    yield f"{len(articles)} articles; where several have the same title or number, each of them counts as right"
    yield ""
    yield "| known | queries | first | in the first ten |"
    yield "|---|---|---|---|"
    sentences = list(_sentences(index, articles, number))
    for name, items in (
        ("title", _titles(articles)[:number]),
        ("文号", _numbers(articles)[:number]),
        ("sentence, quoted", [Known(f'"{text}"', right) for text, right in sentences]),
        ("sentence, bare", [Known(as_typed(text)[0], right) for text, right in sentences]),
        ("two words of a paragraph", _pairs(articles, number)),
    ):
        if items:
            yield _row(index, name, items)
    yield ""
    yield from _abbreviations(index, number)


def _row(index: Index, name: str, items: Sequence[Known]) -> str:
    places = [_place(index, item) for item in items]
    first, ten = (sum(place is not None and place < most for place in places) for most in (1, 10))
    return f"| {name} | {len(items)} | {first / len(items):.3f} | {ten / len(items):.3f} |"


def _place(index: Index, item: Known) -> int | None:
    hits = index.search(item.query, limit=10, paragraphs=1, all_copies=True)
    return next((place for place, hit in enumerate(hits) if item.is_right(hit)), None)


def _titles(articles: Sequence[Article]) -> list[Known]:
    titles = dict.fromkeys(article.title for article in articles if article.title and len(article.title) > 3)

    def right(title: str) -> Right:
        return lambda hit: hit.article.title == title

    return [Known(as_typed(title)[0], right(title)) for title in titles if title]


def _numbers(articles: Sequence[Article]) -> list[Known]:
    numbers = dict.fromkeys(article.number for article in articles if article.number)

    def right(number: str) -> Right:
        return lambda hit: number_key(hit.article.number or "") == number_key(number)

    return [Known(number, right(number)) for number in numbers if number]


def _sentences(index: Index, articles: Sequence[Article], number: int) -> Iterator[tuple[str, Right]]:
    """Yield sentences that stand in one article only, one of an article."""
    found = 0
    for article in articles:
        choices = [s for p in article.paragraphs for s in _SENTENCE.findall(p.text) if FEWEST <= len(s) <= MOST]
        random.Random(article.id).shuffle(choices)
        for sentence in choices[:3]:
            if index.search(f'"{sentence}"', limit=0, all_copies=True).total.articles == 1:
                yield sentence, _is(article)
                found += 1
                break
        if found == number:
            return


def _pairs(articles: Sequence[Article], number: int) -> list[Known]:
    """Return queries of two words that stand in one paragraph; other articles may hold both as well."""
    items = []
    for article in articles[:number]:
        draw = random.Random(article.id)
        long = [paragraph for paragraph in article.paragraphs if len(paragraph.text) > 30]
        held = sorted({word for word in words(fold(draw.choice(long).text)) if len(word) > 1}) if long else []
        if len(held) > 1:
            items.append(Known(" ".join(draw.sample(held, 2)), _is(article)))
    return items


def _is(article: Article) -> Right:
    return lambda hit: hit.article.id == article.id


def _abbreviations(index: Index, number: int) -> Iterator[str]:
    """Yield how often a name and what else it goes by, both of which the documents hold, give the same first ten.

    Names mean the same both ways, or one finds the other one way only: a body that became part of another one, or a
    short form that stands by chance in other texts, so that its full form does not find it.
    """
    table = shipped()
    names = [(one, other) for one, others in sorted(table.items()) for other in others]
    mutual = [(one, other) for one, other in names if one < other and one in table.get(other, ())]
    one_way = [(one, other) for one, other in names if one not in table.get(other, ())]
    yield "| names | pairs | the same first ten | in the same order |"
    yield "|---|---|---|---|"
    for name, pairs in (("both ways", mutual), ("one way", one_way)):
        random.Random(1).shuffle(pairs)
        found = list(islice(_first_tens(index, pairs), number))
        if found:
            same = sum(set(one) == set(other) for one, other in found) / len(found)
            ordered = sum(one == other for one, other in found) / len(found)
            yield f"| {name} | {len(found)} | {same:.3f} | {ordered:.3f} |"


def _first_tens(index: Index, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the first ten articles of each name of a pair, where the documents hold both."""
    for one, other in pairs:
        plain = not any(as_typed(name)[1] for name in (one, other))
        if plain and all(index.search(f'"{name}"', limit=0).total.articles for name in (one, other)):
            first, second = ([hit.article.id for hit in index.search(name)] for name in (one, other))
            yield first, second
