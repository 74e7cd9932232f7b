"""Which pieces of text stand in which cell of a table that is drawn with lines?

The lines that touch one another are one grid. Its smallest fields are joined where no line parts them, so that cells
that span rows or columns are found as they are drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Lines of a grid miss one another, and are out of line, by so much: points of a page, as in PDF.
_NEAR = 3.0
# More lines than this are a drawing.
_MOST_RULES = 3000
_MOST_FIELDS = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, horizontal or vertical: a box of (nearly) no height or no width."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def flat(self) -> bool:
        """Whether it is horizontal."""
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the row and the column of the grid in which it begins, and the places of what stands in it."""

    row: int
    column: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A grid with text in its cells; ``heights`` are the edges of its rows, from the top down."""

    x0: float
    top: float
    x1: float
    bottom: float
    heights: tuple[float, ...]
    cells: tuple[Cell, ...]

    def rows(self) -> Iterator[tuple[float, float, list[Cell]]]:
        """Yield top, bottom and cells of each row that has any, from left to right."""
        for row, (top, bottom) in enumerate(pairwise(self.heights)):
            cells = sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.column)
            if cells:
                yield top, bottom, cells


def find_tables(rules: Sequence[Rule], points: Sequence[tuple[float, float]]) -> list[Table]:
    """Return the grids of ``rules`` with the places of those ``points`` (x, y) that lie in each cell.

    A grid is a table where it has two columns and text in two cells; each point is in one table at most.
    """
    if not 4 <= len(rules) <= _MOST_RULES:
        return []
    free = set(range(len(points)))
    tables = []
    for grid in sorted(_grids(rules), key=len, reverse=True):
        table = _table(grid, points, free)
        if table is not None:
            tables.append(table)
            free.difference_update(place for cell in table.cells for place in cell.places)
    return tables


def _grids(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Gather the rules that touch one another."""
    groups = _Groups(len(rules))
    ordered = sorted(rules, key=lambda rule: rule.top)
    for one, rule in enumerate(ordered):
        for other in range(one + 1, len(ordered)):
            if ordered[other].top > rule.bottom + _NEAR:
                break
            if _touch(rule, ordered[other]):
                groups.join(one, other)
    gathered: dict[int, list[Rule]] = {}
    for index, rule in enumerate(ordered):
        gathered.setdefault(groups.of(index), []).append(rule)
    return list(gathered.values())


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 <= other.x1 + _NEAR
        and other.x0 <= one.x1 + _NEAR
        and one.top <= other.bottom + _NEAR
        and other.top <= one.bottom + _NEAR
    )


class _Groups:
    """Sets of numbers that are joined two by two (union-find)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first


def _table(grid: Sequence[Rule], points: Sequence[tuple[float, float]], free: set[int]) -> Table | None:
    flat = [rule for rule in grid if rule.flat]
    upright = [rule for rule in grid if not rule.flat]
    xs = _merged([rule.x0 for rule in upright] + [edge for rule in flat for edge in (rule.x0, rule.x1)])
    ys = _merged([rule.top for rule in flat] + [edge for rule in upright for edge in (rule.top, rule.bottom)])
    if len(upright) < 1 or len(flat) < 2 or len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MOST_FIELDS:
        return None
    cells = _cells(xs, ys, flat, upright)
    held: dict[int, list[int]] = {}
    for place in sorted(free):
        x, y = points[place]
        if xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]:
            field = (bisect_right(ys, y) - 1) * (len(xs) - 1) + bisect_right(xs, x) - 1
            held.setdefault(cells[field], []).append(place)
    if len(held) < 2 or len({cell % (len(xs) - 1) for cell in held}) < 2:
        return None
    # empty cells hold their place in a row
    found = [Cell(*divmod(cell, len(xs) - 1), tuple(held.get(cell, ()))) for cell in sorted(set(cells))]
    return Table(xs[0], ys[0], xs[-1], ys[-1], tuple(ys), tuple(found))


def _merged(values: Sequence[float]) -> list[float]:
    """Return the values in order, of those near one another only the first."""
    merged: list[float] = []
    for value in sorted(values):
        if not merged or value - merged[-1] > _NEAR:
            merged.append(value)
    return merged


def _cells(xs: Sequence[float], ys: Sequence[float], flat: Sequence[Rule], upright: Sequence[Rule]) -> list[int]:
    """Return for each field of the grid, row by row, the first field of its cell."""
    wide, high = len(xs) - 1, len(ys) - 1
    groups = _Groups(wide * high)
    below = _covered(ys, xs, [(rule.top, rule.x0, rule.x1) for rule in flat])
    beside = _covered(xs, ys, [(rule.x0, rule.top, rule.bottom) for rule in upright])
    for row in range(high):
        for column in range(wide):
            field = row * wide + column
            if column + 1 < wide and (column + 1, row) not in beside:
                groups.join(field, field + 1)
            if row + 1 < high and (row + 1, column) not in below:
                groups.join(field, field + wide)
    return [groups.of(field) for field in range(wide * high)]


def _covered(
    lines: Sequence[float], steps: Sequence[float], rules: Sequence[tuple[float, float, float]]
) -> set[tuple[int, int]]:
    """Return which steps of which line of the grid are drawn, by rules (place, start, end)."""
    covered = set()
    for place, start, end in rules:
        line = min(range(len(lines)), key=lambda index: abs(lines[index] - place))
        for step, (low, high) in enumerate(pairwise(steps)):
            middle = (low + high) / 2
            if start <= middle <= end and abs(lines[line] - place) <= _NEAR:
                covered.add((line, step))
    return covered
