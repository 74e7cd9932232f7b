"""Which text of which article is this?

A key is one integer for one indexed text: the article's number in the index, and the place of the text in the article:
0 for the metadata lines, 1 for the title, 2 and up for the paragraphs, and the last of all for the article as a whole.
"""

from __future__ import annotations

_BITS = 32
_MASK = (1 << _BITS) - 1
FRONT, TITLE, FIRST_PARAGRAPH = 0, 1, 2
WHOLE = _MASK
MAX_PARAGRAPHS = WHOLE - FIRST_PARAGRAPH

Places = frozenset[int]  # of FRONT, TITLE, FIRST_PARAGRAPH (which stands for all paragraphs)
EVERYWHERE: Places = frozenset((FRONT, TITLE, FIRST_PARAGRAPH))
IN_PARAGRAPHS: Places = frozenset((FIRST_PARAGRAPH,))
IN_TITLE: Places = frozenset((TITLE,))
IN_HEADS: Places = frozenset((FRONT, TITLE))


def key_of(article: int, place: int) -> int:
    """Return the key of a text."""
    return article << _BITS | place


def article_of(key: int) -> int:
    """Return the number of the article that a key belongs to."""
    return key >> _BITS


def place_of(key: int) -> int:
    """Return the place of the text in its article."""
    return key & _MASK


def is_in(key: int, places: Places) -> bool:
    """Tell whether a text is in one of the places."""
    return min(key & _MASK, FIRST_PARAGRAPH) in places
