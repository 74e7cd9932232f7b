"""When are two 发文字号 the same?

A document's number is written with any brackets, widths and spaces: 国发〔2016〕28号, 国发[2016]28号,
国发（2016） 28 号, 财政部公告2018年第5号.
"""

from __future__ import annotations

import re

from searcher.analyzer import fold

_YEAR = r"(?:19|20)\d\d"
_HAN = "[\u4e00-\u9fff]"
# As typed: issuer's code in Han characters, year, running number. Brackets are those of folded text.
_IN_BRACKETS = re.compile(
    rf"(?P<code>{_HAN}{{1,12}})\s*\(\s*(?P<year>{_YEAR})\s*\)\s*(?:\*|第?\s*(?P<serial>\d{{1,5}})(?:\s*号)?)", re.ASCII
)
# Without brackets a word, a year and a number may follow each other by chance: the code must end as codes do.
_BARE = re.compile(
    rf"(?P<code>{_HAN}{{0,11}}(?:[发函字令电规告]|财税|财建|财金|财综|财会|财办|国办))"
    rf"(?P<year>{_YEAR})(?:年\s*第?\s*(?=\d+\s*号)|\s*第\s*|\s+)(?P<serial>\d{{1,5}})(?:\s*号|(?=[\s,)]|$))",
    re.ASCII,
)
_BY_YEAR = re.compile(rf"({_YEAR})年第?(?=\d+号)", re.ASCII)


def number_key(number: str | None) -> str | None:
    """Return a 发文字号 folded, without spaces and 第, its year in brackets: equal numbers are equal strings."""
    if not number:
        return None
    return _BY_YEAR.sub(r"(\1)", "".join(fold(number).split()).replace(")第", ")"))


def match_typed_number(text: str) -> re.Match[str] | None:
    """Match a 发文字号 as people type it at the start of a folded text.

    The groups are ``code``, ``year`` and ``serial``; the last is None for a series, 国办发〔2023〕*.
    """
    return _IN_BRACKETS.match(text) or _BARE.match(text)


def number_pattern(code: str, year: str, serial: str | None) -> re.Pattern[str]:
    """Return what finds a 发文字号, or without a serial a series, in folded text, whatever spaces stand in it."""
    spaced = r"\s*".join(code)
    written = rf"(?:\(\s*{year}\s*\)|{year}\s*年|{year}(?=\s*第|\s))"
    return re.compile(rf"{spaced}\s*{written}\s*第?\s*{serial or '[0-9]{1,5}'}\s*号")
