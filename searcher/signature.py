"""Who signed a document, and when?

Official documents end with the names of those who issued them, each on a line or side by side, and the day below.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher import fields
from searcher.authorities import authorities
from searcher.models import Line

# A line of a date alone, with the blanks that push it to the right.
_LONGEST_DATE = 120
_LONGEST_NAMES = 200
_MOST_LINES = 20
_LAST = 4


def signature(body: Sequence[Line]) -> tuple[tuple[str, ...], str | None]:
    """Return (who signed, when): a line that is a date, below lines that name authorities.

    Of several signatures the first counts: what follows it are annexes with signatures of their own.
    """
    dated = [
        (place, day)
        for place, line in enumerate(body)
        if place and len(line.text) <= _LONGEST_DATE and (day := fields.whole_date(line.text))
    ]
    for place, day in dated:
        names = _above(body, place)
        if names:
            return names, day
    last = next((day for place, day in reversed(dated) if place >= len(body) - _LAST), None)
    return (), last or _lone_date(body, dated)


def _above(body: Sequence[Line], place: int) -> tuple[str, ...]:
    """Return the authorities on the lines above ``place``, from the top down."""
    names: list[str] = []
    for line in reversed(body[max(1, place - _MOST_LINES) : place]):
        found = authorities(line.text) if len(line.text) <= _LONGEST_NAMES and line.kind != "heading" else ()
        if not found or set(found) & set(names):
            break
        names = [*found, *names]
    return tuple(names)


def _lone_date(body: Sequence[Line], dated: Sequence[tuple[int, str]]) -> str | None:
    """Return the date on a line of its own, where there is one such line and text above it."""
    found = [day for place, day in dated if body[place].kind == "text"]
    return found[0] if len(found) == 1 else None
