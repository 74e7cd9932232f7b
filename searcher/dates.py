"""Which days does a date that is only partly known stand for?"""

from __future__ import annotations

import re
import unicodedata

_TYPED = re.compile(
    r"(\d{4})(?:(\d\d)(\d\d)?|[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|年?)",
    re.ASCII,
)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def bounds(date: str | None) -> tuple[str, str] | tuple[None, None]:
    """Return the first and the last day of an ISO 8601 date that may lack day or month.

    ``2018-05`` gives ``("2018-05-01", "2018-05-31")``. None, and what is no date, gives ``(None, None)``.
    """
    match = _ISO.fullmatch(date or "")
    if match is None or int(match[1]) == 0:
        return None, None
    year = int(match[1])
    first_month, last_month = (int(match[2]), int(match[2])) if match[2] else (1, 12)
    if not 1 <= first_month <= 12:
        return None, None
    from calendar import monthrange  # most searches have no dates, and need not wait for it

    days = monthrange(year, last_month)[1]
    first_day, last_day = (int(match[3]), int(match[3])) if match[3] else (1, days)
    if not 1 <= first_day <= days:
        return None, None
    return f"{year:04}-{first_month:02}-{first_day:02}", f"{year:04}-{last_month:02}-{last_day:02}"


def iso_date(text: str) -> str:
    """Return a date that was typed with 年月日, dots, slashes or nothing between its parts as ISO 8601.

    Widths and spaces do not matter; what is no date comes back as it is.
    """
    parts = _TYPED.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if parts is None:
        return text
    return "-".join(f"{int(part):02}" for part in parts.groups() if part)
