"""Which units is an article found by?

Its texts are found by pairs of characters, and the article as a whole by its words, pairs and characters. How much a
word says of an article is a *level* from 0 to 3, written in units that an engine can add up: ``A`` before the word
stands for one level, ``B`` for two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from operator import itemgetter
from typing import NamedTuple

from searcher.analyzer import BREAK, END, counted_units, joined_units

LEVELS = 4
MARKS = "AB"  # of the bits of a level
_K1, _USUAL = 1.2, 100  # as in BM25; words of an article, for which a level grows as there
_MARKS_OF = tuple(tuple(mark for bit, mark in enumerate(MARKS) if level >> bit & 1) for level in range(LEVELS))


class TextUnits(NamedTuple):
    """The units of one text: its place in the article (see ``searcher.keys``), its words and its grams.

    Both are strings with blanks between the units. ``words`` may have ``BREAK`` among them. ``grams`` stand in order:
    of each run of letters, digits and Han characters every two that stand side by side, and the last by itself.
    """

    place: int
    words: str
    grams: str


@dataclass(frozen=True, slots=True)
class ArticleUnits:
    """The units of an article.

    ``length`` counts the code points of its texts. ``words``, ``levels`` and ``grams`` (pairs and single characters)
    hold each unit once, parted by blanks. ``places`` are those of its texts, whose units stand in ``text_words`` and
    ``text_grams`` as ``searcher.analyzer.joined_units`` writes them: a few long strings, which are sooner handed on
    than many short ones. Without ``text_words`` its ``texts`` have no words.
    """

    length: int
    words: str
    levels: str
    grams: str
    places: tuple[int, ...] = ()
    text_words: str = ""
    text_grams: str = END

    @property
    def texts(self) -> Iterator[TextUnits]:
        """The units of each text."""
        words = self.text_words.split(END)[1:-1] if self.text_words else [""] * len(self.places)
        return starmap(TextUnits, zip(self.places, words, self.text_grams.split(END)[1:-1], strict=True))


def article_units(texts: Sequence[tuple[int, str]], *, text_words: bool = True) -> ArticleUnits:
    """Return the units of an article whose texts are given with their places, ascending.

    Without ``text_words`` the words of its single texts are left out: that takes less time.
    """
    held = (text for _, text in texts)
    cut = ""
    if text_words:
        cut, woven = joined_units(held)
        words = Counter(cut.split())
        for mark in (BREAK, END):
            words.pop(mark, None)
    else:
        words, woven = counted_units(held)
    grams = dict.fromkeys(woven.split())  # a set would be written in another order by each process
    grams.pop(END, None)
    grams |= dict.fromkeys(map(itemgetter(0), grams))
    return ArticleUnits(
        sum(len(text) for _, text in texts),
        " ".join(words),
        " ".join(_levels(words)),
        " ".join(grams),
        tuple(place for place, _ in texts),
        cut,
        woven,
    )


def _levels(counts: Counter[str]) -> list[str]:
    """Return the levels of words: by how often they stand, as in BM25, against the root of the article's length.

    The length is not compared with the average, which changes with every article that is added.
    """
    norm = _K1 * (counts.total() / _USUAL) ** 0.5
    marks = {times: _MARKS_OF[int(LEVELS * times / (times + norm))] for times in set(counts.values())}
    return [mark + word for word, times in counts.items() for mark in marks[times]]
