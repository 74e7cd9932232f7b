"""Which units can this text be found by?

A text is folded (width, case, traditional characters, bracket and quote variants: character by character, so a
position in the folded text is a position in the original), then cut into *words* (jieba's search mode on runs of
Han characters, runs of letters and digits as they stand) and into *grams*: every single letter, digit or Han
character and every two that stand side by side. Words carry the ranking; grams make everything findable.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from unicodedata import unidata_version

from searcher.cachedir import private_cache_dir

ANALYZER_VERSION = 1

# What jieba knows as Han. Its other code points are cut singly, so that no segmenter sees mixed text.
_HAN = "\u4e00-\u9fd5"
_OTHER_HAN = "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"([{_HAN}]+)|[{_OTHER_HAN}]|[^\W_{_HAN}{_OTHER_HAN}]+(?:\.\d+)*")
_RUN = re.compile(r"[^\W_]+")


@cache
def _folding() -> dict[int, int]:
    table = (files("searcher") / "data" / "folding.txt").read_bytes().decode("utf-8")
    # Line ends are white space, too; the file has no place for them.
    return str.maketrans(table[0::3] + "\n\r", table[1::3] + "  ")


def fold(text: str) -> str:
    """Return ``text`` with width, case, traditional characters, brackets and quotes evened out.

    ``len(fold(text)) == len(text)``: what cannot be folded one to one is left as it is.
    """
    return text.translate(_folding())


def is_findable(text: str) -> bool:
    """Tell whether ``text`` holds a letter, a digit or a Chinese character."""
    return _RUN.search(text) is not None


def tokens(folded: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a folded text with the position where it starts, in code points.

    Words overlap: a compound is followed by the shorter words in it, as in jieba's search mode.
    """
    cut = _segmenter()
    for match in _TOKEN.finditer(folded):
        start = match.start()
        if match.lastindex:
            for word, offset in cut(match[0]):
                yield word, start + offset
        else:
            yield match[0], start


def runs(folded: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces that words are cut from, and of each whether it is a run of Han characters."""
    for match in _TOKEN.finditer(folded):
        yield match[0], bool(match.lastindex)


def words(folded: str) -> list[str]:
    """Return the words of a folded text, in order and as often as they stand there."""
    cut = _segmenter()
    found: list[str] = []
    for match in _TOKEN.finditer(folded):
        if match.lastindex:
            found += [word for word, _ in cut(match[0])]
        else:
            found.append(match[0])
    return found


def grams(folded: str) -> set[str]:
    """Return every letter, digit and Han character of a folded text, and every two side by side."""
    found: set[str] = set()
    for run in _RUN.findall(folded):
        found.update(run)
        found.update(map("".join, pairwise(run)))
    return found


def covering_grams(folded: str) -> tuple[str, ...]:
    """Return grams that any text holding ``folded`` must hold: its pairs, and its characters that stand alone."""
    found: dict[str, None] = {}
    for run in _RUN.findall(folded):
        found.update(dict.fromkeys(map("".join, pairwise(run)) if len(run) > 1 else run))
    return tuple(found)


@cache
def fingerprint() -> str:
    """Return what the units of a text depend on, as a short string: version, folding table, dictionaries, Unicode."""
    data = files("searcher") / "data"
    digest = hashlib.blake2b(digest_size=6)
    for name in ("folding.txt", "policy_lexicon.txt"):
        digest.update((data / name).read_bytes())
    return f"{ANALYZER_VERSION}-jieba0.42.1-unicode{unidata_version}-{digest.hexdigest()}"


@cache
def _segmenter() -> Callable[[str], tuple[tuple[str, int], ...]]:
    """Return a function that cuts a run of Han characters into (word, offset) pairs; loads jieba on first use."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # jieba would share its cache with everybody in the temporary folder, and load it with marshal.
    tokenizer.tmp_dir = str(private_cache_dir())
    tokenizer.initialize()
    for line in (files("searcher") / "data" / "policy_lexicon.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, frequency, tag = line.split()
            tokenizer.add_word(word, int(frequency), tag)

    @lru_cache(maxsize=1 << 16)
    def cut(run: str) -> tuple[tuple[str, int], ...]:
        return tuple((word, start) for word, start, _ in tokenizer.tokenize(run, mode="search"))

    return cut
