"""Which query may have been meant, where little is found? Words of the index that sound or look alike.

A term that hardly any text holds is looked at, if it is no plain row of the index's own words. It is read aloud: the
likeliest words of the index with the same sound (工业护联网, gongye hulianwang) take its place; and words that differ
from a piece of it by one character (added, left out, changed, or two turned round) take that piece's place. Only what
is found in more articles is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from weakref import WeakKeyDictionary

from searcher.analyzer import fold
from searcher.cutting import cut
from searcher.engines import Reader
from searcher.errors import QueryError
from searcher.matching import Matches, fully
from searcher.pinyin import characters, sounds_like, syllables
from searcher.query import Term, leaves, parse
from searcher.snapshot import Snapshot
from searcher.tree import Node

FEW = 3  # articles that match in full; where there are more nothing is suggested
MOST = 3  # suggestions
MAX_TERM = 24  # code points of a term
MAX_WORD = {False: 8, True: 20}  # of a word, and of one in Latin letters
_BEAM = 3  # texts that are followed at each place
_TRIED = 12  # texts of one term that are looked up
_RARE = 4  # a character that stands alone in less than 1 of so many texts is no word

_lexicons: WeakKeyDictionary[Reader, tuple[str, ...]] = WeakKeyDictionary()


def _lexicon(reader: Reader) -> tuple[str, ...]:
    """Return the words of an index that may be meant; kept for as long as it is open."""
    if reader not in _lexicons:
        words = {word for word in reader.lexicon() if 2 <= len(word) <= MAX_WORD[word.isascii()] and word.isalpha()}
        _lexicons[reader] = tuple(sorted(words))
    return _lexicons[reader]


def suggestions(snapshot: Snapshot, text: str, query: Node, matches: Matches) -> tuple[str, ...]:
    """Return queries that find more than ``text``, whose tree and matches are given; the likeliest first."""
    if len(matches.full) >= FEW:
        return ()
    failing = [
        term for term in dict.fromkeys(leaves(query)) if isinstance(term, Term) and _fails(snapshot, term, matches)
    ]
    if not failing:
        return ()
    better = {term: _better(snapshot, term.text) for term in failing}
    tried = [_replaced(text, {term.text: texts[0] for term, texts in better.items() if texts})]
    tried += (
        [_replaced(text, {failing[0].text: other}) for other in better[failing[0]][1:]] if len(failing) == 1 else []
    )
    tried[:0] = _joined(snapshot, text, failing)
    found: dict[str, None] = {}
    for other in tried:
        if other != text and len(found) < MOST and len(_found(snapshot, other, matches)) > len(matches.full):
            found[other] = None
    return tuple(found)


def _fails(snapshot: Snapshot, term: Term, matches: Matches) -> bool:
    """Tell whether hardly any text holds a bare term, and it does not look like a row of words."""
    if term.exact or len(term.text) > MAX_TERM or sum(matches.standing[term].counts.values()) >= FEW:
        return False
    if term.text.isascii():
        return term.text.isalpha()
    alone = [word for word in cut(snapshot, term.text) if len(word) == 1]
    return any(snapshot.frequency("words", mark) * _RARE < snapshot.frequency("grams", mark) + 1 for mark in alone)


def _found(snapshot: Snapshot, text: str, matches: Matches) -> set[int]:
    try:
        return fully(snapshot, parse(text), places=matches.places)
    except QueryError:
        return set()


def _replaced(text: str, others: dict[str, str]) -> str:
    """Put other texts in the place of terms of a query."""
    for term, other in others.items():
        at = fold(text).find(term)
        if at >= 0:
            text = text[:at] + other + text[at + len(term) :]
    return text


def _joined(snapshot: Snapshot, text: str, failing: Sequence[Term]) -> list[str]:
    """Return a query in which terms of pinyin side by side have become one text, where that stands somewhere."""
    written = " ".join(term.text for term in failing)
    if len(failing) < 2 or written not in fold(text) or not all(term.text.isascii() for term in failing):
        return []
    texts = _by_pinyin(snapshot, written.replace(" ", ""))
    return [_replaced(text, {written: other}) for other in texts if fully(snapshot, Term(other))][:1]


def _better(snapshot: Snapshot, term: str) -> list[str]:
    """Return the texts that may take the place of a term and stand somewhere, the likeliest first."""
    if term.isascii():
        texts = [*_by_pinyin(snapshot, term), *_by_look(snapshot, term)]
    else:
        texts = [*_by_sound(snapshot, [sounds_like(mark) for mark in term], term), *_by_look(snapshot, term)]
    tried = dict.fromkeys(text for text in texts if text != term)
    held = [text for text in list(tried)[:_TRIED] if fully(snapshot, Term(text))]
    # What is made of several words need not stand anywhere as a whole to be better.
    return held or list(tried)[:1]


def _by_pinyin(snapshot: Snapshot, letters: str) -> list[str]:
    found: list[str] = []
    for way in syllables(letters):
        found += _by_sound(snapshot, [characters()[syllable] for syllable in way], "")
    return found


def _by_sound(snapshot: Snapshot, places: Sequence[frozenset[str]], typed: str) -> list[str]:
    """Return the likeliest texts of words of the index that have one of the given characters at each place.

    Where no word fits, a character stays as it was ``typed``. Texts are weighed as in ``searcher.cutting``.
    """
    every = frozenset().union(*places)
    fitting: dict[int, list[str]] = {}
    for word in filter(every.issuperset, _lexicon(snapshot.reader)):
        for start in range(len(places) - len(word) + 1):
            if all(mark in places[start + place] for place, mark in enumerate(word)):
                fitting.setdefault(start, []).append(word)
    total = log(snapshot.articles + 1)
    best: list[list[tuple[float, str]]] = [[] for _ in places] + [[(0.0, "")]]
    for start in range(len(places) - 1, -1, -1):
        words = [(log(max(0.1, snapshot.frequency("words", word))) - total, word) for word in fitting.get(start, ())]
        if typed:
            words.append((log(0.1) - total, typed[start]))
        ways = [(one + two, word + rest) for one, word in words for two, rest in best[start + len(word)]]
        best[start] = sorted(ways, reverse=True)[:_BEAM]
    return [text for _, text in best[0]]


def _by_look(snapshot: Snapshot, term: str) -> list[str]:
    """Return a term with one of its pieces replaced by a word of the index that differs from it by one character."""
    marks = set(term)
    words = (word for word in _lexicon(snapshot.reader) if len(word) > 2 and len(set(word) - marks) <= 1)
    found = [(snapshot.frequency("words", word), text) for word in words for text in _with_word(term, word)]
    return [text for _, text in sorted(found, key=lambda item: (-item[0], item[1]))]


def _with_word(term: str, word: str) -> Iterator[str]:
    lengths = (len(term),) if term.isascii() else (len(word), len(word) - 1, len(word) + 1)
    for length in lengths:
        for start in range(len(term) - length + 1):
            if _one_edit_apart(term[start : start + length], word):
                yield term[:start] + word + term[start + length :]


def _one_edit_apart(one: str, two: str) -> bool:
    """Tell whether a character added, left out or changed, or two turned round, makes one text into the other."""
    start = next((place for place, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(one) - len(two)) == 1
    if len(one) == len(two):
        turned = one[start : start + 2] == two[start : start + 2][::-1] and one[start + 2 :] == two[start + 2 :]
        return turned or one[start + 1 :] == two[start + 1 :]
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    return longer[start + 1 :] == shorter[start:]
