"""Which units can this text be found by?

A text is folded (width, case, traditional characters, bracket and quote variants: character by character, so a
position in the folded text is a position in the original), then cut into *words* (jieba's search mode on runs of
Han characters, runs of letters and digits as they stand) and into *grams*: every single letter, digit or Han
character and every two that stand side by side. Words carry the ranking; grams make everything findable.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from unicodedata import unidata_version

from searcher.segmenter import VERSION, segmenter

_DATA = Path(__file__).parent / "data"  # found sooner than by importlib.resources

ANALYZER_VERSION = 1
BREAK = "|"  # among words: here the text has something that belongs to no word

# What jieba knows as Han. Its other code points are cut singly, so that no segmenter sees mixed text.
_HAN = "\u4e00-\u9fd5"
_OTHER_HAN = "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHER_WORD = rf"[{_OTHER_HAN}]|[^\W_{_HAN}{_OTHER_HAN}]+(?:\.\d+)*"
_TOKEN = re.compile(rf"([{_HAN}]+)|{_OTHER_WORD}")
_RUN = re.compile(r"[^\W_]+")
END = "\0"  # of each of several texts that are cut together; neither folded nor part of a word
# Patterns that look for the few characters that are not Han pass over these first, by their range: that is fastest.
_NO_WORD = rf"[^{_HAN}\w{_OTHER_HAN}.{END}{BREAK}]"  # nor "_", but a dot may be part of a number
_NO_GRAM = rf"[^{_HAN}\w{END} ]"  # also what is a word, but no letter to this version of Unicode
_MARKED = f"[^{_HAN}.{END}{BREAK}]"  # in a text with such marks
_NOT_HAN = rf"({_MARKED}+(?:\.\d{_MARKED}*)*)"
_OTHER_WORD_OR_DOT = rf"{_OTHER_WORD}|\."
_BESIDE_WORDS = f" {BREAK}"
_WORD_HERE = "\n"  # among runs of Han characters: here another word stood
_FIRST_OF_RUN = re.compile(" .")
_WORTH = 80_000  # code points; see ``_Letters``
_LONG = 500  # code points; a search folds shorter texts only, and need not wait 4 ms for a pattern to be made
# Kinds of characters that most documents have: those that folding changes, and those that then belong to no word.
_USUAL_VARIANTS = "\uff0c\uff1b\uff1a\uff08\uff09《》“”\n\u3000"
_USUAL_MARKS = ' ,、。;:()<>"'
_FEW_KINDS = 32  # of characters that are replaced kind by kind; in a text of more it would not pay
_CODEC = "utf-32-le"  # every code point is one unsigned integer


@cache
def _folding() -> dict[int, int]:
    table = (_DATA / "folding.txt").read_bytes().decode("utf-8")
    # Line ends are white space, too; the file has no place for them.
    return str.maketrans(table[0::3] + "\n\r", table[1::3] + "  ")


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    """Return a pattern that only documents are cut by; a search need not wait for it to be made."""
    return re.compile(expression)


def fold(text: str) -> str:
    """Return ``text`` with width, case, traditional characters, brackets and quotes evened out.

    ``len(fold(text)) == len(text)``: what cannot be folded one to one is left as it is.
    """
    return _translated(text) if len(text) < _LONG else _quick_fold()(text)


def _translated(text: str) -> str:
    return text.translate(_folding())


@cache
def _quick_fold() -> Callable[[str], str]:
    return by_kind(_any_of(letters_only=False), _translated, usual=_USUAL_VARIANTS)


def by_kind(pattern: re.Pattern[str], change: Callable[[str], str], *, usual: str) -> Callable[[str], str]:
    """Return a faster ``change``: a function that replaces, or takes out, each character that ``pattern`` finds.

    A text holds few kinds of them, and most texts hold the ``usual`` ones: all of a kind are replaced at once.
    """
    known = [(mark, change(mark)) for mark in usual]

    def changed(text: str) -> str:
        for mark, instead in known:
            text = text.replace(mark, instead)
        found = pattern.search(text)
        for _ in range(_FEW_KINDS):
            if found is None:
                return text
            instead = change(found[0])
            text = text.replace(found[0], instead)
            found = pattern.search(text, found.start() + len(instead))
        return change(text)

    return changed


@cache
def _any_of(*, letters_only: bool) -> re.Pattern[str]:
    """Find characters that folding changes."""
    # One range for all beyond the basic plane: each by itself would make the search slow.
    found = sorted(_variants()) if letters_only else map(chr, _folding())
    held = "".join(one for one in found if one <= "\uffff")
    return re.compile(f"[{re.escape(held)}\U00010000-\U0010ffff]")


@cache
def _variants() -> frozenset[str]:
    """Return what folding changes that is a letter, a digit or a Han character, or becomes one (Kangxi radicals)."""
    return frozenset(chr(one) for one, other in _folding().items() if chr(one).isalnum() or chr(other).isalnum())


class _Letters:
    """Tells whether folding changes a letter, digit or Han character of a text, or makes one.

    A pattern tells it six times faster, but takes as long to be made as looking at ``_WORTH`` code points without it.
    So it is made when so many have been looked at: most searches by a command end before.
    """

    def __init__(self) -> None:
        self._seen = 0

    def change(self, text: str) -> bool:
        """Tell whether it changes any of a text."""
        if self._seen < _WORTH:
            self._seen += len(text)
        elif not _any_of(letters_only=True).search(text):
            return False
        # the pattern finds every character beyond the basic plane
        return not _variants().isdisjoint(text)


_letters = _Letters()


def fold_letters(text: str) -> str:
    """Return ``fold(text)``, or the text itself where none of its letters, digits and Han characters change: faster."""
    return fold(text) if _letters.change(text) else text


def each_folded(texts: Sequence[str]) -> list[str]:
    """Return ``fold_letters`` of each text."""
    return list(map(fold_letters, texts)) if _letters.change("\n".join(texts)) else list(texts)


def is_findable(text: str) -> bool:
    """Tell whether ``text`` holds a letter, a digit or a Chinese character."""
    return _RUN.search(text) is not None


def tokens(folded: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a folded text with the position where it starts, in code points.

    Words overlap: a compound follows the shorter words in it, as in jieba's search mode.
    """
    for match in _TOKEN.finditer(folded):
        start = match.start()
        if match.lastindex:
            for word, offset in segmenter().places(match[0]):
                yield word, start + offset
        else:
            yield match[0], start


def unbroken(folded: str) -> list[str]:
    """Return the runs of letters, digits and Han characters of a folded text, in order."""
    return _RUN.findall(folded)


def runs(folded: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces that words are cut from, and of each whether it is a run of Han characters."""
    for match in _TOKEN.finditer(folded):
        yield match[0], bool(match.lastindex)


def words(folded: str) -> list[str]:
    """Return the words of a folded text, in order and as often as they stand there."""
    return [word for word in _word_text(_marked(folded)).split() if word not in (BREAK, END)]


def grams(folded: str) -> set[str]:
    """Return every letter, digit and Han character of a folded text, and every two side by side."""
    found: set[str] = set()
    for run in _RUN.findall(folded):
        found.update(run)
        found.update(map("".join, pairwise(run)))
    return found


class Units(NamedTuple):
    """The units of one text, as strings: cheap to hand from one process to another.

    ``words`` stand in order, parted by single blanks, with ``BREAK`` between two of them where the text has something
    else there. ``grams`` are parted by blanks: every two characters that stand side by side in a run of letters, digits
    and Han characters, and the last of each run by itself. So each of them begins a gram.
    """

    words: str
    grams: str


def joined_units(texts: Iterable[str]) -> Units:
    """Return the units of some texts, folded or not, in one: behind an ``END``, and each before another.

    Beside an ``END`` there may be blanks and breaks. To cut many together is many times faster than singly.
    """
    held = _joined(texts)
    return Units(_word_text(held), _gram_text(held))


def counted_units(texts: Iterable[str]) -> tuple[Counter[str], str]:
    """Return how often each word stands in some texts, and their grams as ``joined_units`` has them: in less time."""
    held = _joined(texts)
    han, others = _parted(held)
    words = Counter([*segmenter().cut(han), *" ".join(map(_other_words, others)).split()])
    for mark in (BREAK, END, _WORD_HERE):
        words.pop(mark, None)
    return words, _gram_text(held)


def _joined(texts: Iterable[str]) -> str:
    """Return texts folded and marked, each between two ends."""
    return _marked(_quick_fold()(END.join(["", *[text.replace(END, " ") for text in texts], ""])))


def units(texts: Iterable[str]) -> list[Units]:
    """Return the units of some texts, folded or not."""
    cut, woven = (written.split(END)[1:-1] for written in joined_units(texts))
    return [Units(words.strip(_BESIDE_WORDS), pairs.strip()) for words, pairs in zip(cut, woven, strict=True)]


def _marked(folded: str) -> str:
    """Put a break for each character that belongs to no word, save dots and ends."""
    return _with_breaks()(folded.replace("_", BREAK))


@cache
def _with_breaks() -> Callable[[str], str]:
    no_word = _pattern(_NO_WORD)
    return by_kind(no_word, partial(no_word.sub, BREAK), usual=_USUAL_MARKS)


def _word_text(marked: str) -> str:
    """Write the words of texts, each between two ends, with breaks between them, some beside the ends, too."""
    han, others = _parted(marked)
    words = [""] * (2 * len(others) + 1)
    words[0::2] = " ".join(segmenter().cut(han)).split(_WORD_HERE)
    words[1::2] = map(_other_words, others)
    return "".join(words)


def _parted(marked: str) -> tuple[str, list[str]]:
    """Part marked text into what a segmenter cuts, with a mark for each piece between, and these pieces."""
    pieces = _pattern(_NOT_HAN).split(marked)
    return _single(_WORD_HERE.join(pieces[0::2]).replace(".", BREAK), BREAK), pieces[1::2]


def _single(text: str, mark: str) -> str:
    """Return ``text`` with one mark for every several that stand side by side."""
    while mark * 2 in text:
        text = text.replace(mark * 2, mark)
    return text


@lru_cache(maxsize=1 << 14)
def _other_words(piece: str) -> str:
    """Write the words of a piece of marked text that no segmenter cuts."""
    return " ".join(BREAK if word == "." else word for word in _pattern(_OTHER_WORD_OR_DOT).findall(piece))


def _gram_text(marked: str) -> str:
    """Write the grams of texts, each between two ends."""
    parted = marked.replace(".", " ").replace(BREAK, " ").replace(END, f" {END} ")
    held = " ".join(_pattern(_NO_GRAM).sub(" ", parted).split()) + " "
    blank = array("I", " ".encode(_CODEC))
    # Each character is paired with the next one, the last of a run and the blank behind it with a blank.
    firsts = array("I", held.encode(_CODEC))
    seconds = array("I", _FIRST_OF_RUN.sub("  ", held[1:] + " ").encode(_CODEC))
    woven = blank * (3 * len(firsts))
    woven[0::3], woven[1::3] = firsts, seconds
    return woven.tobytes().decode(_CODEC)


def covering_grams(folded: str) -> tuple[str, ...]:
    """Return grams that any text holding ``folded`` must hold: its pairs, and its characters that stand alone."""
    found: dict[str, None] = {}
    for run in _RUN.findall(folded):
        found.update(dict.fromkeys(map("".join, pairwise(run)) if len(run) > 1 else run))
    return tuple(found)


@cache
def fingerprint() -> str:
    """Return what the units of a text depend on, as a short string: version, folding table, dictionaries, Unicode."""
    data = _DATA
    digest = hashlib.blake2b(digest_size=6)
    for name in ("folding.txt", "policy_lexicon.txt"):
        digest.update((data / name).read_bytes())
    return f"{ANALYZER_VERSION}-{VERSION}-unicode{unidata_version}-{digest.hexdigest()}"
