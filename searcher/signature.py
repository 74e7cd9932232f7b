"""Who signed a document, and when?

Official documents end with the names of those who issued them, each on a line or side by side, and the day below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searcher import fields
from searcher.authorities import authorities
from searcher.models import Line

# A line of a date alone, with the blanks that push it to the right.
_LONGEST_DATE = 120
_LONGEST_NAMES = 200
_MOST_LINES = 20
_LAST = 4
_ORDER_LINES = 3
_ORDER = re.compile(
    r"(?:主\s*席|总\s*理|部\s*长|主\s*任|省\s*长|市\s*长|局\s*长|署\s*长)[\s　]+\S[^。]{1,20}?[\s　]{2,}"
    r"(?P<day>\d{4}\s?年[^。年]{3,10}日)\s*$"
)


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
    ordered = _ordered(body)
    if ordered:
        return (), ordered
    last = next((day for place, day in reversed(dated) if place >= len(body) - _LAST), None)
    return (), last or _lone_date(body, dated)


def _ordered(body: Sequence[Line]) -> str | None:
    """Return the day at the end of an order that is all in one line: …现予公布。总理　李某某　2018年5月4日."""
    for line in body[:_ORDER_LINES]:
        match = _ORDER.search(line.text[-_LONGEST_DATE:]) if "公布" in line.text or "发布" in line.text else None
        if match:
            return fields.first_date(match["day"])
    return None


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
