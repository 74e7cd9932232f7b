"""How are the texts of an article kept small?

Consecutive texts are compressed together: enough of them to compress well, few enough that to read one of them reads
little else. UTF-16 makes Chinese smaller than UTF-8 does, before compression and after, and is decoded at once. What
policy documents usually say is known beforehand (``data/usual.txt``, words of the lexicon and the sample documents), so
that it need not be written; an index cannot be read with another such file.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from searcher.errors import IndexDamagedError
from searcher.keys import FIRST_PARAGRAPH, WHOLE, article_of, key_of, place_of
from searcher.models import Paragraph, ParagraphKind

if TYPE_CHECKING:
    from searcher.documents import Article

SCHEMA = """
CREATE TABLE block (key INTEGER PRIMARY KEY, held INTEGER NOT NULL, texts BLOB NOT NULL, places BLOB NOT NULL);
"""
RECENT = 16_000_000  # code points in blocks that are remembered, about 32 MB,
MOST_RECENT = 32_000  # and blocks, since each of them takes some room, too

ENOUGH = 8_000  # code points in a block; a text is never parted
_LEVEL = 5  # of zlib: the higher ones take more time, and gain nothing here
_CODEC = "utf-16-le"
_MEND = "Make it anew: policy-search rebuild FOLDER"


class Block(NamedTuple):
    """Some consecutive texts of an article.

    ``first`` is the place of the first of them (see ``searcher.keys``); ``held`` counts those that are not empty;
    ``texts`` and ``places`` are what ``texts_of`` and ``places_of`` read.
    """

    first: int
    held: int
    texts: bytes
    places: bytes


class Texts(NamedTuple):
    """What is kept of the texts of an article: how many paragraphs, blocks, and the sketch (``searcher.copies``)."""

    paragraphs: int
    blocks: tuple[Block, ...]
    sketch: bytes


class Place(NamedTuple):
    """What is known of a paragraph beside its text; see ``searcher.models.Paragraph``."""

    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    kind: ParagraphKind = "text"


def texts_in(article: Article) -> list[str]:
    """Return the texts of an article by their places: its metadata lines, its title, its paragraphs."""
    front = "\n".join(line.text for line in article.front)
    return [front, article.title or "", *(paragraph.text for paragraph in article.paragraphs)]


def blocks_of(article: Article) -> Iterator[Block]:
    """Yield the texts of an article."""
    texts = texts_in(article)
    places = [Place()] * FIRST_PARAGRAPH
    places += [Place(one.line, one.page, one.sheet, one.kind) for one in article.paragraphs]
    first, size = 0, 0
    for end, text in enumerate(texts, 1):
        size += len(text)
        if size >= ENOUGH or end == len(texts):
            yield Block(first, sum(map(bool, texts[first:end])), _texts(texts[first:end]), _places(places[first:end]))
            first, size = end, 0


@cache
def _usual() -> bytes:
    """Return what texts usually hold."""
    return (Path(__file__).parent / "data" / "usual.txt").read_bytes().decode().encode(_CODEC)


@cache
def _compressor() -> zlib._Compress:
    """Return what knows what texts usually say, to be copied: it takes in the dictionary only once."""
    return zlib.compressobj(_LEVEL, zdict=_usual())


def _texts(texts: Sequence[str]) -> bytes:
    """Compress texts; before each stands a mark that is in none of them."""
    joined = "".join(texts)
    # no half of a pair: it could make one with what follows it
    marks = chain(range(0xD800), range(0xE000, sys.maxunicode + 1))
    mark = next(mark for mark in map(chr, marks) if mark not in joined)
    compressor = _compressor().copy()
    data = mark.join(["", *texts]).encode(_CODEC, "surrogatepass")
    return compressor.compress(data) + compressor.flush()


def _unpacked(data: bytes, decompressor: zlib._Decompress) -> bytes:
    """Return what was compressed. Raises IndexDamagedError."""
    try:
        plain = decompressor.decompress(data)
    except zlib.error as error:
        raise IndexDamagedError(f"texts of the index cannot be read ({error})", hint=_MEND) from error
    if not decompressor.eof:
        raise IndexDamagedError("texts of the index are cut off", hint=_MEND)
    return plain


def texts_of(data: bytes) -> list[str]:
    """Return the texts of a block."""
    marked = _unpacked(data, zlib.decompressobj(zdict=_usual())).decode(_CODEC, "surrogatepass")
    return marked.split(marked[0])[1:]


def _places(places: Sequence[Place]) -> bytes:
    lines, *others = zip(*places, strict=True)
    columns = [list(column) if any(column) else None for column in (_steps(lines), *others)]
    return zlib.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)


def places_of(data: bytes) -> Callable[[int], Place]:
    """Return what gives what is known of a text of a block beside it, by its number in the block."""
    lines, *others = json.loads(_unpacked(data, zlib.decompressobj()))
    columns = [lines and _added_up(lines), *others]
    return lambda number: Place(*(column and column[number] for column in columns))


def _steps(lines: Sequence[int | None]) -> list[int | None]:
    """Return how far each line is from the last one that is known: these numbers are nearly all alike."""
    last = 0
    steps: list[int | None] = []
    for line in lines:
        steps.append(None if line is None else line - last)
        last = last if line is None else line
    return steps


def _added_up(steps: Sequence[int | None]) -> list[int | None]:
    """Return the lines of which these are the steps."""
    sums = accumulate(step or 0 for step in steps)
    return [None if step is None else line for step, line in zip(steps, sums, strict=True)]


class Blocks:
    """The texts in a database, by their keys (see ``searcher.keys``)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._recent: dict[int, list[str]] = {}
        self._remembered = 0  # code points in them
        self._firsts: dict[int, list[int]] = {}  # of articles, the keys of their blocks
        self._known: dict[int, Callable[[int], Place]] = {}  # what gives the places of blocks

    def put(self, number: int, blocks: Iterable[Block]) -> None:
        """Add the texts of an article."""
        self._connection.executemany(
            "INSERT INTO block VALUES (?, ?, ?, ?)", ((key_of(number, first), *rest) for first, *rest in blocks)
        )

    def remove(self, number: int) -> None:
        """Remove the texts of an article."""
        self._connection.execute("DELETE FROM block WHERE key >= ? AND key < ?", _range(number))

    def held(self) -> int:
        """Return how many texts there are that are not empty."""
        return int(self._connection.execute("SELECT coalesce(sum(held), 0) FROM block").fetchone()[0])

    def whole(self, number: int) -> list[Paragraph]:
        """Return all the paragraphs of an article."""
        query = "SELECT key, texts, places FROM block WHERE key >= ? AND key < ? ORDER BY key"
        rows = self._connection.execute(query, _range(number))
        return [one for first, texts, places in rows for one in _paragraphs(first, texts_of(texts), places)]

    def texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Return texts by their keys, without those that are empty."""
        found: dict[int, str] = {}
        for first, wanted in self._holding(keys).items():
            texts = self._texts(first)
            found.update({key: texts[key - first] for key in wanted if key - first < len(texts) and texts[key - first]})
        return found

    def paragraphs(self, keys: Iterable[int]) -> dict[int, Paragraph]:
        """Return paragraphs by their keys."""
        found: dict[int, Paragraph] = {}
        for first, wanted in self._holding(keys).items():
            known, texts = self._places(first), self._texts(first)
            inside = (key for key in wanted if key - first < len(texts) and place_of(key) >= FIRST_PARAGRAPH)
            found.update({key: _paragraph(key, texts[key - first], known(key - first)) for key in inside})
        return found

    def _holding(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Return the keys by the block that they are in; some may be beyond its end."""
        wanted = list(keys)
        self._know(set(map(article_of, wanted)))
        found: defaultdict[int, list[int]] = defaultdict(list)
        for key in wanted:
            firsts = self._firsts.get(article_of(key), ())
            if place := bisect_right(firsts, key):
                found[firsts[place - 1]].append(key)
        return found

    def _know(self, articles: set[int]) -> None:
        """Look up where the blocks of some articles begin."""
        if len(self._firsts) + len(articles) > MOST_RECENT:
            self._firsts.clear()
        missing = articles - self._firsts.keys()
        if not missing:
            return
        query = "SELECT block.key FROM json_each(?) JOIN block ON block.key BETWEEN value AND value + ? ORDER BY 1"
        starts = json.dumps([key_of(article, 0) for article in missing])
        for (first,) in self._connection.execute(query, (starts, WHOLE)):
            self._firsts.setdefault(article_of(first), []).append(first)

    def _places(self, first: int) -> Callable[[int], Place]:
        """Return what gives the places of a block; those that were read last are remembered, too."""
        known = self._known.get(first)
        if known is None:
            if len(self._known) >= MOST_RECENT // 10:  # they are small, but made of many objects
                self._known.clear()
            row = self._connection.execute("SELECT places FROM block WHERE key = ?", (first,)).fetchone()
            known = self._known[first] = places_of(row[0])
        return known

    def _texts(self, first: int) -> list[str]:
        """Return the texts of a block. Those that were read last are remembered; they never change."""
        texts = self._recent.pop(first, None)
        if texts is None:
            row = self._connection.execute("SELECT texts FROM block WHERE key = ?", (first,)).fetchone()
            texts = texts_of(row[0])
            self._remembered += sum(map(len, texts))
            while self._recent and (self._remembered > RECENT or len(self._recent) >= MOST_RECENT):
                self._remembered -= sum(map(len, self._recent.pop(next(iter(self._recent)))))
        self._recent[first] = texts
        return texts


def _range(number: int) -> tuple[int, int]:
    return key_of(number, 0), key_of(number + 1, 0)


def _paragraphs(first: int, texts: Sequence[str], places: bytes) -> Iterator[Paragraph]:
    """Yield the paragraphs among the texts of a block, whose first has the key ``first``."""
    known = places_of(places)
    for number, text in enumerate(texts):
        if place_of(first + number) >= FIRST_PARAGRAPH:
            yield _paragraph(first + number, text, known(number))


def _paragraph(key: int, text: str, known: Place) -> Paragraph:
    return Paragraph(text, place_of(key) - FIRST_PARAGRAPH, known.line, known.kind, known.page, known.sheet)
