"""When are two 发文字号 the same?

A document's number is written with any brackets, widths and spaces: 国发〔2016〕28号, 国发[2016]28号,
国发（2016） 28 号.
"""

from __future__ import annotations

import re

from searcher.analyzer import fold

# Issuer's code in Han characters, year in brackets, running number. Brackets are those of folded text.
_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,12})\s*\(\s*(?P<year>(?:19|20)\d\d)\s*\)\s*第?\s*(?P<serial>\d{1,5})\s*号",
    re.ASCII,
)


def number_key(number: str | None) -> str | None:
    """Return a 发文字号 folded, without spaces and without 第, so that equal numbers are equal strings."""
    return "".join(fold(number).split()).replace(")第", ")") if number else None


def match_number(text: str) -> re.Match[str] | None:
    """Match a whole 发文字号 at the start of a folded text; the groups are ``code``, ``year`` and ``serial``."""
    return _NUMBER.match(text)


def number_pattern(code: str, year: str, serial: str) -> re.Pattern[str]:
    """Return what finds a 发文字号 in folded text, whatever spaces stand in it."""
    spaced = r"\s*".join(code)
    return re.compile(rf"{spaced}\s*\(\s*{year}\s*\)\s*第?\s*{serial}\s*号")
