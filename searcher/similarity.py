"""Which words tell what an article is about, and which articles are about the same?

A word weighs ``times * idf * density``: how often it stands in the article, how few articles of the index hold it, and
what share of these hold it densely (see ``searcher.units``). Words of a subject stand often where they stand at all;
或者 and 根据 stand here and there in everything, and in a small index, or one of laws among tables, no idf tells them:
the commonest of them are listed. A word counts only where it is no part of a longer one (国务 in 国务院), and for more
in the title, also in a long text.

Articles are compared by the weightiest words of the one, and by their titles. ``bench/README.md`` has the figures, also
of what was tried instead: jieba's TF-IDF and TextRank, other powers, headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.analyzer import fold, words
from searcher.gains import idf, whole_numbers, with_levels
from searcher.keys import FIRST_PARAGRAPH, key_of
from searcher.reports import Keyword, Similar
from searcher.shortlist import in_order
from searcher.snapshot import Snapshot
from searcher.units import MARKS

if TYPE_CHECKING:
    from searcher.documents import Article

COMPARED = 30  # words by which articles are compared
SHOWN = 8  # words that are told of two articles
LEAST = 0.05  # of the weightiest word that two articles share, that others must weigh to be told
READ = 200  # paragraphs of each other article
TITLES = 0.2  # of a likeness, that is the titles'
_IN_TITLE = 0.2  # times the root of the article's words: how often more a word of the title stands
_K1, _USUAL = 1.2, 180  # as in ``searcher.units``, where the length is in words; here it is in code points
_NUMBER = re.compile(r"\d|第?[〇零一二三四五六七八九十百千万亿两]+[编章节条款项年月日号个]?$")
_DENSE = MARKS[-1]  # of words that stand at level 2 or 3


@cache
def _function_words() -> frozenset[str]:
    """Return words that say nothing of a subject."""
    lines = (Path(__file__).parent / "data" / "function_words.txt").read_text("utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split())


class _Text:
    """What an article says: its title and the first of its paragraphs, folded."""

    def __init__(self, title: str | None, paragraphs: Iterable[str]) -> None:
        self.title = frozenset(_counted([title or ""]))
        self._folded = fold("\n".join([title or "", *paragraphs]))
        self._usual = _K1 * (len(self._folded) / _USUAL) ** 0.5

    def strength(self, word: str) -> float:
        """Return how much the article is about a word, from 0 to 2."""
        times = len(_alone(word).findall(self._folded)) if word.isascii() else self._folded.count(word)
        return times / (times + self._usual) + (word in self.title) if times else 0.0


def keywords(snapshot: Snapshot, article: Article, *, limit: int) -> tuple[Keyword, ...]:
    """Return the words that tell what an article is about, the weightiest first; none is part of another."""
    weights = dict(_weightiest(snapshot, article, 3 * limit + 1))  # some are parts of others
    return tuple(Keyword(word, round(weights[word], 4)) for word in _longest(weights, limit))


def similar(snapshot: Snapshot, number: int, *, limit: int) -> list[Similar]:
    """Return the articles most like one, each with the words that both hold, the weightiest first.

    A likeness is 1 for an article that says as much of the same words under the same title, and 0 for one that has
    none of them. Of articles that are copies of each other one is returned, and none for copies of this one. What
    is as much like comes in the order of ``searcher.shortlist.newest_first``.
    """
    article = snapshot.store.article(number)
    this = _Text(article.title, (paragraph.text for paragraph in article.paragraphs))
    weights = dict(_weightiest(snapshot, article, COMPARED, shared=True))
    strengths = {word: this.strength(word) for word in weights}
    candidates = dict(_candidates(snapshot, number, weights, limit))
    infos = snapshot.store.infos(candidates)
    likenesses: dict[int, float] = {}
    told: dict[int, tuple[str, ...]] = {}
    for other in candidates:
        text = _Text(infos[other].title, _first_paragraphs(snapshot, other))
        held = {word: weight * min(1.0, text.strength(word) / strengths[word]) for word, weight in weights.items()}
        if any(held.values()):
            likenesses[other] = _with_titles(snapshot, this, text, sum(held.values()) / sum(weights.values()))
            least = LEAST * max(held.values())
            shared = sorted((word for word in held if held[word] > least), key=lambda word: -held[word])
            told[other] = tuple(_longest(shared, SHOWN))
    return [
        Similar(round(likenesses[other], 4), infos[other], told[other], candidates[other])
        for other in in_order(snapshot, likenesses)
    ]


def _first_paragraphs(snapshot: Snapshot, number: int) -> Iterable[str]:
    """Return the first paragraphs of an article that are not empty."""
    first = key_of(number, FIRST_PARAGRAPH)
    return snapshot.store.texts(range(first, first + READ)).values()


def _with_titles(snapshot: Snapshot, this: _Text, other: _Text, likeness: float) -> float:
    """Add the likeness of the titles, the cosine of their words' idf, where this article has a title."""

    def length(held: Iterable[str]) -> float:
        return sum(idf(snapshot.frequency("words", word), snapshot.articles) ** 2 for word in held)

    if not this.title:
        return likeness
    product = length(this.title) * length(other.title)
    cosine = length(this.title & other.title) / product**0.5 if product else 0.0
    return (1 - TITLES) * likeness + TITLES * cosine


def _candidates(snapshot: Snapshot, number: int, weights: dict[str, float], wanted: int) -> list[tuple[int, int]]:
    """Return the articles that gain most by some words, one of those that are copies, and how many more there are."""
    gains = whole_numbers(with_levels({("words", word): weight for word, weight in weights.items()}))
    wanted = min(wanted, snapshot.articles)
    asked = min(2 * wanted + 1, snapshot.articles)
    while True:
        best = in_order(snapshot, dict(snapshot.reader.best(gains, asked))) if wanted and gains else []
        groups = snapshot.store.copies([number, *best])
        leaders: dict[int, int] = {}
        for other in best:
            leaders.setdefault(groups.get(other, other), other)
        leaders.pop(groups.get(number, number), None)
        if len(leaders) >= wanted or len(best) < asked or asked == snapshot.articles:
            members = snapshot.store.members(groups.values())
            return [(other, len(members.get(group, (other,))) - 1) for group, other in leaders.items()][:wanted]
        asked = min(2 * asked, snapshot.articles)


def _weightiest(
    snapshot: Snapshot, article: Article, limit: int, *, shared: bool = False
) -> Iterator[tuple[str, float]]:
    """Yield the words of an article that weigh most, with their weights; ``shared`` ones other articles hold, too.

    A word that stands so seldom that it could not weigh as much as these, whatever holds it, is not looked up.
    """
    counts: dict[str, float] = dict(_counted(paragraph.text for paragraph in article.paragraphs))
    more = 1 + _IN_TITLE * sum(counts.values()) ** 0.5
    for word in _counted([article.title or ""]):
        counts[word] = counts.get(word, 0.0) + more
    best: list[tuple[float, str]] = []
    most = idf(1, snapshot.articles)
    for word, times in sorted(counts.items(), key=lambda item: -item[1]):
        if len(best) == limit and times * most <= best[0][0]:
            break
        frequency = snapshot.frequency("words", word)
        weight = times * idf(frequency, snapshot.articles)
        if frequency > shared and (len(best) < limit or weight > best[0][0]):
            weight *= (snapshot.frequency("levels", _DENSE + word) + 0.5) / (frequency + 1)
            heappush(best, (weight, word))
            if len(best) > limit:
                heappop(best)
    for weight, word in sorted(best, key=lambda entry: (-entry[0], entry[1])):
        yield word, weight


def _alone(word: str) -> re.Pattern[str]:
    """Return what finds a word of Latin letters, but not as part of a longer one."""
    return re.compile(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])")


def _counted(texts: Iterable[str]) -> Counter[str]:
    """Count the words of texts, save numbers, single characters, and what is part of a longer word there.

    Nor are function words counted.
    """
    counts: Counter[str] = Counter()
    longer = ""
    for word in reversed(words(fold("\n".join(texts)))):
        if len(word) >= len(longer) or word not in longer:  # the parts of a word stand before it
            longer = word
            counts[word] += 1
    left = (word for word in counts if len(word) > 1 and word not in _function_words() and not _NUMBER.match(word))
    return Counter({word: counts[word] for word in left})


def _longest(ordered: Iterable[str], limit: int) -> list[str]:
    """Return the first words, without those that are part of one of these, or hold one."""
    found: list[str] = []
    for word in ordered:
        if len(found) == limit:
            break
        if not any(word in other or other in word for other in found):
            found.append(word)
    return found
