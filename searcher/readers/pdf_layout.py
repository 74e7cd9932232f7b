"""Which pieces of text on a page are one line, and in what order are the lines read?

Works on boxes alone, so it serves whatever knows where text stands: a PDF, a recognized picture. Coordinates are those
of an upright page, in any one unit: x grows to the right, y downward.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from searcher.readers.pdf_table import Rule, Table, find_tables

# Distances in ems. A wider gap parts two pieces of a line; between words of Latin letters so much is a space.
_PART = 1.0
_PART_AT_SPACE = 2.2
_WORD = 0.17
_BESIDE_BAR = 0.1
_SPACE = 0.45
# Characters go back over one another so far in kerning and in accents, not in a new piece.
_BACK = 0.5
# Boxes that overlap by so much of the lower one stand in one line; a raised or lowered one overlaps its neighbour less.
_SAME_LINE = 0.5
_RAISED = 0.25
# The same character drawn again over so much of itself is bold by double printing.
_DOUBLE = 0.6
# Columns of text: so many lines beside each other, filling so much of their width, parted in the middle of the page.
_FEWEST_BESIDE = 5
_FILLED = 0.6
_MIDDLE = (0.25, 0.75)
_NARROWEST = 8
# A line of a cell that is this much shorter than the longest one ends there.
_ROOM = 0.9
_LIKE = 0.4
_STEPS = 60

_HAN = r"[\u3400-\u9fff]"
_SPACED = rf"(?:{_HAN}[ \u3000\u00a0])"
_SPACED = rf"(?:{_HAN}[ \u3000\u00a0])"
_SPACED_OUT = re.compile(rf"(?<!{_HAN}){_SPACED}{{2,}}{_HAN}(?!{_HAN})|^{_SPACED}{_HAN}$")
_WIDE = re.compile(r"[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’—…]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in the box from ``x0``, ``top`` to ``x1``, ``bottom``: a character, a word or a line; ``em`` is its size."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    em: float


@dataclass(frozen=True, slots=True)
class TextLine(Piece):
    """A line of text; ``left`` and ``right`` are the edges of its column, ``row`` tells that it is of a table.

    ``hang`` is where the last cell of a row begins that is drawn without lines, else 0.
    """

    left: float = 0.0
    right: float = 0.0
    row: bool = False
    hang: float = 0.0


@dataclass(frozen=True, slots=True)
class _Row:
    """The pieces that stand at one height, from left to right."""

    top: float
    bottom: float
    pieces: tuple[Piece, ...]
    table: Table | None = None


def arrange(pieces: Sequence[Piece], rules: Sequence[Rule] = ()) -> list[TextLine]:
    """Return the lines of a page in reading order: columns one after the other, ruled tables row by row.

    ``pieces`` come in the order in which they are drawn, white space among them; ``rules`` are straight lines.
    Every visible character of ``pieces`` is in exactly one line, but for characters that are drawn twice.
    """
    runs = list(_runs(pieces, [rule for rule in rules if not rule.flat]))
    tables = find_tables(rules, [((run.x0 + run.x1) / 2, (run.top + run.bottom) / 2) for run in runs])
    rows = [_Row(table.top, table.bottom, (), table) for table in tables]
    inside = {place for table in tables for cell in table.cells for place in cell.places}
    rows += _rows([run for place, run in enumerate(runs) if place not in inside])
    rows.sort(key=lambda row: row.top)
    return [line for block in _blocks(rows) for line in _lines(block, runs)]


# --- pieces to runs, runs to rows ---


def _runs(pieces: Sequence[Piece], bars: Sequence[Rule]) -> Iterator[Piece]:
    """Join pieces that are drawn one after the other in one line, with the spaces between them; ``bars`` part them."""
    current: Piece | None = None
    space = ""
    for piece in pieces:
        if not piece.text.strip():
            space = space or piece.text[:1]
            continue
        if current is None:
            current = piece
        elif _follows(current, piece, space) and not _is_barred(current, piece, bars):
            current = _joined(current, piece, space)
        else:
            yield current
            current = piece
        space = ""
    if current is not None:
        yield current


def _follows(before: Piece, piece: Piece, space: str) -> bool:
    em = max(before.em, piece.em)
    reach = _PART_AT_SPACE if space else _PART
    return -_BACK * em < piece.x0 - before.x1 < reach * em and _overlap(before, piece) >= _RAISED


def _is_barred(before: Piece, piece: Piece, bars: Sequence[Rule]) -> bool:
    """Tell whether an upright line is drawn between two pieces that stand apart."""
    if piece.x0 - before.x1 < _BESIDE_BAR * piece.em:
        return False
    middle = (piece.top + piece.bottom) / 2
    return any(before.x1 - 1 <= bar.x0 <= piece.x0 + 1 and bar.top <= middle <= bar.bottom for bar in bars)


def _overlap(one: Piece, other: Piece) -> float:
    """Return the height that two boxes share, as a part of the lower box."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(min(one.bottom - one.top, other.bottom - other.top), 1e-6)


def _joined(before: Piece, piece: Piece, space: str = "") -> Piece:
    """Return both as one piece, as high as the higher; a double of the same character is left out."""
    if _is_double(before, piece):
        return before
    higher = before if before.bottom - before.top >= 0.99 * (piece.bottom - piece.top) else piece
    gap = space or (" " if _is_word_gap(before, piece) else "")
    text = before.text + gap + piece.text
    em = (before.em * len(before.text) + piece.em * len(piece.text)) / (len(before.text) + len(piece.text))
    return Piece(text, before.x0, higher.top, max(before.x1, piece.x1), higher.bottom, em)


def _is_double(before: Piece, piece: Piece) -> bool:
    covered = min(before.x1, piece.x1) - piece.x0
    return covered >= _DOUBLE * (piece.x1 - piece.x0) > 0 and before.text.endswith(piece.text)


def _is_word_gap(before: Piece, piece: Piece) -> bool:
    gap = piece.x0 - before.x1
    if gap <= _WORD * max(before.em, piece.em):
        return False
    # between Han characters a small gap is justification, and beside them the spacing of digits and letters
    return not (_WIDE.match(before.text[-1]) or _WIDE.match(piece.text[0])) or gap >= _SPACE * before.em


def _rows(runs: Sequence[Piece]) -> list[_Row]:
    """Gather the runs that stand at one height."""
    gathered: list[list[Piece]] = []
    tallest: list[Piece] = []
    for run in sorted(runs, key=lambda run: run.top + run.bottom):
        # runs come by height: only the last rows can be theirs
        for place in range(len(gathered) - 1, max(-1, len(gathered) - 4), -1):
            if _overlap(tallest[place], run) >= _SAME_LINE:
                gathered[place].append(run)
                if run.bottom - run.top > tallest[place].bottom - tallest[place].top:
                    tallest[place] = run
                break
        else:
            gathered.append([run])
            tallest.append(run)
    return [_Row(base.top, base.bottom, _parts(row)) for base, row in zip(tallest, gathered, strict=True)]


def _parts(runs: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join the runs of a row, from left to right, to parts with wide gaps between them."""
    parts: list[Piece] = []
    for run in sorted(runs, key=lambda run: run.x0):
        if parts and run.x0 - parts[-1].x1 < _PART * max(run.em, parts[-1].em):
            parts[-1] = _joined(parts[-1], run)
        else:
            parts.append(run)
    return tuple(parts)


# --- columns ---


def _blocks(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Part the rows of a page, from the top down, into blocks of one column each, in reading order."""
    found = _gutter(rows)
    if found is None:
        if rows:
            yield list(rows)
        return
    start, end, place = found
    yield from _blocks(rows[:start])
    for side in (0, 1):
        yield from _blocks([half for row in rows[start:end] if (half := _half(row, place, side)) is not None])
    yield from _blocks(rows[end:])


def _half(row: _Row, place: float, side: int) -> _Row | None:
    pieces = tuple(piece for piece in row.pieces if (piece.x0 >= place) == bool(side))
    if row.table is not None:
        return row if (row.table.x0 >= place) == bool(side) else None
    return replace(row, pieces=pieces) if pieces else None


def _gutter(rows: Sequence[_Row]) -> tuple[int, int, float] | None:
    """Find the rows ``[start, end)`` that are two columns, and where between them."""
    pieces = [piece for row in rows for piece in row.pieces]
    beside = [row for row in rows if len(row.pieces) > 1]
    if len(beside) < _FEWEST_BESIDE:
        return None
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    places = [
        left + (right - left) * (_MIDDLE[0] + (_MIDDLE[1] - _MIDDLE[0]) * step / _STEPS) for step in range(_STEPS + 1)
    ]
    counted = [(sum(_is_between(row, place) for row in beside), place) for place in places]
    most = max(count for count, _ in counted)
    if most < _FEWEST_BESIDE:
        return None
    best = [place for count, place in counted if count == most]
    place = best[len(best) // 2]
    for start, end in _uncrossed(rows, place):
        if _are_columns(rows[start:end], place):
            return start, end, place
    return None


def _is_between(row: _Row, place: float) -> bool:
    return row.pieces[0].x1 <= place <= row.pieces[-1].x0 and not _crosses(row, place)


def _crosses(row: _Row, place: float) -> bool:
    if row.table is not None:
        return row.table.x0 < place < row.table.x1
    return any(piece.x0 < place < piece.x1 for piece in row.pieces)


def _uncrossed(rows: Sequence[_Row], place: float) -> Iterator[tuple[int, int]]:
    start = 0
    for index, row in enumerate(rows):
        if _crosses(row, place):
            yield start, index
            start = index + 1
    yield start, len(rows)


def _are_columns(rows: Sequence[_Row], place: float) -> bool:
    """Tell columns of text from those of a table: their lines fill them."""
    beside = [row for row in rows if row.table is None and _is_between(row, place)]
    if len(beside) < _FEWEST_BESIDE:
        return False
    sides = []
    for side in (0, 1):
        halves = [[piece for piece in row.pieces if (piece.x0 >= place) == bool(side)] for row in beside]
        left = min(half[0].x0 for half in halves)
        right = max(half[-1].x1 for half in halves)
        filled = fmean(sum(piece.x1 - piece.x0 for piece in half) for half in halves)
        if filled < _FILLED * (right - left) or right - left < _NARROWEST * halves[0][0].em:
            return False
        sides.append(right - left)
    return min(sides) >= _LIKE * max(sides)


# --- lines ---


def _lines(rows: Sequence[_Row], runs: Sequence[Piece]) -> Iterator[TextLine]:
    """Yield the lines of one column."""
    left, right = _edges(rows)
    for index, row in enumerate(rows):
        if row.table is not None:
            yield from _table_lines(row.table, runs)
            continue
        cells = _is_of_table(row, [rows[near] for near in (index - 1, index + 1) if 0 <= near < len(rows)])
        text = "\t".join(piece.text for piece in row.pieces) if cells else _spaced(row.pieces)
        em = max(row.pieces, key=lambda piece: len(piece.text)).em
        first, last = row.pieces[0], row.pieces[-1]
        hang = last.x0 if cells else 0.0
        yield TextLine(_drawn_together(text), first.x0, row.top, last.x1, row.bottom, em, left, right, cells, hang)


def _is_spaced_out(pieces: Sequence[Piece]) -> bool:
    return len(pieces) > 2 and all(len(piece.text) == 1 for piece in pieces)


def _spaced(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


def _is_of_table(row: _Row, neighbours: Sequence[_Row]) -> bool:
    return (
        len(row.pieces) > 1 and not _is_spaced_out(row.pieces) and any(_is_aligned(row, other) for other in neighbours)
    )


def _is_aligned(row: _Row, other: _Row) -> bool:
    """Tell whether two rows have parts under one another, beside the first: then they are rows of a table."""
    if len(other.pieces) < 2:
        return False
    near = 0.6 * row.pieces[0].em
    pairs = (
        (abs(one.x0 - two.x0), abs(one.x0 + one.x1 - two.x0 - two.x1) / 2)
        for one in row.pieces[1:]
        for two in other.pieces[1:]
    )
    return any(min(pair) < near for pair in pairs)


def _edges(rows: Sequence[_Row]) -> tuple[float, float]:
    """Return where the lines of a column begin and end, a few that stick out left aside."""
    lefts = sorted(row.pieces[0].x0 for row in rows if row.pieces)
    rights = sorted(row.pieces[-1].x1 for row in rows if row.pieces)
    if not lefts:
        return 0.0, 0.0
    few = len(lefts) // 20
    return lefts[few], rights[-1 - few]


def _drawn_together(text: str) -> str:
    """Close up Han characters that are spaced out: 中 华 人 民."""
    return _SPACED_OUT.sub(lambda match: "".join(match.group().split()), text)


def _table_lines(table: Table, runs: Sequence[Piece]) -> Iterator[TextLine]:
    """Yield the rows of a ruled table; a cell stands in the row in which it begins."""
    for top, bottom, cells in table.rows():
        texts = [_cell_text(_rows([runs[place] for place in cell.places])) for cell in cells]
        if any(texts):
            em = runs[next(cell.places[0] for cell in cells if cell.places)].em
            text = "\t".join(texts).rstrip()
            yield TextLine(text, table.x0, top, table.x1, bottom, em, table.x0, table.x1, row=True)


def _cell_text(rows: Sequence[_Row]) -> str:
    """Join the lines of a cell; after one that leaves room for more, the next is something else."""
    widths = [row.pieces[-1].x1 - row.pieces[0].x0 for row in rows]
    text = ""
    for row, before in zip(rows, [max(widths, default=0.0), *widths], strict=False):
        line = _drawn_together(_spaced(row.pieces))
        early = before < max(widths) - _ROOM * row.pieces[0].em
        text = f"{text} {line}" if text and early else join_lines([text, line])
    return text


def join_lines(parts: Sequence[str]) -> str:
    """Join the lines of a paragraph: no space beside a Han character, a word parted by a hyphen is made whole."""
    joined = ""
    for part in parts:
        if not joined or not part:
            joined += part
        elif _HYPHENATED.search(joined) and part[0].islower() and part[0].isascii():
            joined = joined[:-1] + part
        else:
            joined += ("" if _WIDE.match(joined[-1]) or _WIDE.match(part[0]) else " ") + part
    return joined


_HYPHENATED = re.compile(r"[a-z]{2}[-\u00ad\u2010]$")
