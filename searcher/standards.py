"""What does the cover page of a standard state?

GB/T 1.1 lays it out: classification (ICS), kind of standard, its number, title, title in English, 发布 and 实施, and
who issued it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from searcher import fields
from searcher.authorities import authorities
from searcher.fields import squeeze
from searcher.models import Line

_MOST_LINES = 30
_KIND = re.compile(r"[\u4e00-\u9fff]{0,20}(?:国家|行业|地方|团体|企业)标准")
_NUMBER = re.compile(
    r"[A-Z]{1,6}\d{0,4}(?:/[A-Z]{1,8})?[\s　/]*\d{1,6}(?:\.\d{1,3})*[\s　]*[-—－–][\s　]*(?:19|20)\d\d"
)
_ISSUED = re.compile(
    r"(?P<published>\d{4}[-—－]\d{1,2}[-—－]\d{1,2})发布(?P<effective>\d{4}[-—－]\d{1,2}[-—－]\d{1,2})?实?施?"
)
_REPLACES = "代替"
_END = ("目次", "目录", "前言")
_DASHES = re.compile("[—－]")


@dataclass(slots=True)
class Cover:
    """What a cover page states: its title, and other fields by name."""

    title: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


def cover(lines: Sequence[Line]) -> Cover | None:
    """Read the cover page of a standard; None where the first lines are no such page."""
    if not any("标" in line.text for line in lines[:_MOST_LINES]):
        return None
    page = _page(lines)
    place = next((place for place, text in enumerate(page) if _NUMBER.fullmatch(_number_in(text))), None)
    if place is None or not any(_KIND.fullmatch(squeeze(text)) for text in page[:place]):
        return None
    found = Cover(title=_title(page[place + 1 :]), fields={"number": _number_in(page[place])})
    issuers: list[str] = []
    for text in page[place + 1 :]:
        issued = _ISSUED.match(squeeze(text))
        if issued:
            _put(found, issued)
        elif "published" in found.fields:
            named = [name for part in squeeze(text).split("发布") for name in authorities(part)]
            issuers += [name for name in named if name not in issuers]
    if issuers:
        found.fields["issuer"] = "、".join(issuers)
    return found


def _page(lines: Sequence[Line]) -> list[str]:
    texts = [line.text for line in lines[:_MOST_LINES]]
    kinds = [place for place, text in enumerate(texts) if _KIND.fullmatch(squeeze(text))]
    end = next((place for place, text in enumerate(texts) if squeeze(text) in _END), len(texts))
    # the title page behind the cover begins as the cover does, and names the printer
    return texts[: min([end, *kinds[1:]])]


def _number_in(text: str) -> str:
    return text.partition(_REPLACES)[0].strip()


def _title(texts: Sequence[str]) -> str | None:
    """Return the lines between the number and the title in English."""
    parts: list[str] = []
    for text in map(str.strip, texts):
        if not parts and text.startswith(_REPLACES):
            continue
        if not "\u4e00" <= text[:1] <= "\u9fff" or _ISSUED.match(squeeze(text)):
            break
        parts.append(text)
    return " ".join(parts) or None


def _put(found: Cover, issued: re.Match[str]) -> None:
    for name in ("published", "effective"):
        day = fields.first_date(_DASHES.sub("-", issued[name] or ""))
        if day:
            found.fields[name] = day
