"""Which articles are copies of one another?

The same document is saved twice, or reprinted by several sites with another frame around it. What such texts share are
whole sentences, so a text is drawn as the least of its sentences' hashes (a bottom-k sketch, Cohen and Kaplan 2007),
and the share of sentences that two texts have in common (their Jaccard similarity) is estimated from two sketches.
A library of MinHash, such as datasketch, would hash every shingle of every text a hundred times over and bring numpy
with it; sentences are what reprints keep, and one hash for each is enough: a CRC-32, which takes the least time.

Two wordings of one law differ in a few sentences, too, and are no copies: texts that are not wholly the same must also
agree in their number, and in their date as far as it is known.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import blake2b
from zlib import crc32

from searcher.analyzer import by_kind, fold_letters
from searcher.models import Article

SIZE = 64  # hashes in a sketch
_WHOLE_BYTES = 8  # of the hash of a text
LEAST = 0.85  # similarity of texts that are copies, where they agree in date and number
FEWEST = 5  # sentences that a text must have for its similarity to say something
LEAST_TEXT = 40  # code points of letters, digits and Han characters; shorter texts are copies of nothing
NEAR_DAYS = 31  # a reprint bears its own day of publication
_BANDS = 8  # hashes that two texts may be found by
_COMPARED = 20  # texts that have such a hash in common, that others are compared with: the least sketches
_END = "\n"  # of a sentence
_OTHER_ENDS = "。！？；!?;"
_NOT_TEXT = re.compile(rf"[^\u4e00-\u9fff\w{_END}]")  # beside the underscore; the range, since it is tested sooner
_USUAL_MARKS = '\uff0c\uff1a\uff08\uff09、《》“” ,:()<>"'  # kinds of characters that most texts have beside those


@dataclass(frozen=True, slots=True)
class Sketched:
    """What tells whether an article is a copy: its number in the index, its sketch, its 发文字号 and its days.

    ``sketch`` is what ``sketch`` returns; ``number_key`` is as in ``searcher.numbers``; ``first`` and ``last`` are the
    days that its date may stand for.
    """

    number: int
    sketch: bytes
    number_key: str | None
    first: str | None
    last: str | None


def sketch(article: Article) -> bytes:
    """Return the sketch of an article's text, empty for a text too short to tell.

    A hash of all the text's sentences, in 8 bytes, and 32-bit numbers: how many different ones it has, and the least of
    their hashes.
    """
    text = fold_letters("。".join([paragraph.text for paragraph in article.paragraphs]))
    for mark in _OTHER_ENDS:
        text = text.replace(mark, _END)
    pieces = set(_text_only(text.replace("_", "")).split(_END))
    pieces.discard("")
    if sum(map(len, pieces)) < LEAST_TEXT:
        return b""
    sentences = sorted(map(str.encode, pieces))
    whole = blake2b(b"\n".join(sentences), digest_size=_WHOLE_BYTES).digest()
    hashes = array("I", sorted(map(crc32, sentences)))
    return whole + array("I", (len(hashes), *hashes[:SIZE])).tobytes()


_text_only = by_kind(_NOT_TEXT, partial(_NOT_TEXT.sub, ""), usual=_USUAL_MARKS)


def groups(articles: Iterable[Sketched]) -> dict[int, int]:
    """Return, of each article that is a copy of another, the least number of those that are copies of each other."""
    found: dict[int, int] = {}
    ordered = sorted(articles, key=_content)
    for places in _alike(ordered):
        compared: list[_Known] = []
        for place in places:
            known = _Known(ordered[place])
            for other in compared:
                ours, theirs = _leader(found, ordered[place].number), _leader(found, other.article.number)
                if ours != theirs and _are_copies(known, other):
                    found[ours] = found[theirs] = min(ours, theirs)
            if len(compared) < _COMPARED:
                compared.append(known)
    return {number: _leader(found, number) for number in found}


def _content(article: Sketched) -> tuple[bytes, str, str, str]:
    """Return what an article is compared by, so that who is compared does not depend on who came first."""
    return article.sketch, article.number_key or "", article.first or "", article.last or ""


def _alike(articles: Sequence[Sketched]) -> Iterable[Sequence[int]]:
    """Return the places of the articles that have one of their least hashes in common, for each such hash."""
    first: dict[int, int] = {}
    several: dict[int, list[int]] = {}
    for place, article in enumerate(articles):
        for least in _numbers(article)[1 : 1 + _BANDS]:
            if least in several:
                several[least].append(place)
            elif first.setdefault(least, place) != place:
                several[least] = [first[least], place]
    return several.values()


def _numbers(article: Sketched) -> array[int]:
    numbers = array("I")
    numbers.frombytes(article.sketch[_WHOLE_BYTES:])
    return numbers


class _Known:
    """A sketch, unpacked."""

    __slots__ = ("article", "count", "held", "whole")

    def __init__(self, article: Sketched) -> None:
        numbers = _numbers(article)
        self.article = article
        self.whole = article.sketch[:_WHOLE_BYTES]
        self.count = numbers[0] if numbers else 0
        self.held = frozenset(numbers[1:])


def _leader(found: dict[int, int], number: int) -> int:
    while (above := found.get(number, number)) != number:
        number = above
    return number


def _are_copies(one: _Known, two: _Known) -> bool:
    if one.whole == two.whole:
        return True
    if min(one.count, two.count) < FEWEST or min(one.count, two.count) < LEAST * max(one.count, two.count):
        return False
    return _similarity(one, two) >= LEAST and _agree(one.article, two.article)


def _similarity(one: _Known, two: _Known) -> float:
    """Return the share of the least hashes of both that each of the two has."""
    least = sorted(one.held | two.held)[:SIZE]
    return sum(value in one.held and value in two.held for value in least) / len(least)


def _agree(one: Sketched, two: Sketched) -> bool:
    """Tell whether two articles may be one document by what is known of their numbers and days."""
    if one.number_key and two.number_key and one.number_key != two.number_key:
        return False
    if not (one.first and one.last and two.first and two.last):
        return True
    apart = max(_day(one.first), _day(two.first)) - min(_day(one.last), _day(two.last))
    return apart.days <= NEAR_DAYS


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
