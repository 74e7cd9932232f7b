"""When are two 发文字号 the same?

A document's number is written with any brackets, widths and spaces: 国发〔2016〕28号, 国发[2016]28号,
国发（2016） 28 号, 国发〔2016〕028号, 国发〔二〇一六〕二十八号, 财政部公告2018年第5号, 财政部2018年第5号公告.
An order has no year: 国务院令第588号, 中华人民共和国国务院令 第588号, 国务院第588号令, 主席令第三十一号.
A standard has letters for a code: GB/T 1.1—2020, GBT1.1-2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from searcher.analyzer import fold
from searcher.numerals import NUMERALS, to_chinese, to_number, to_year
from searcher.tree import NumberTerm

_YEAR = r"(?:19|20)\d\d"
_HAN = "[\u4e00-\u9fff]"
# As typed: issuer's code in Han characters, year, running number. Brackets are those of folded text.
# The patterns are compiled when they are first used: few queries hold a number.
_CHINESE = "[〇零一二两三四五六七八九十百千]{1,9}"
_IN_BRACKETS = (
    rf"(?a)(?P<code>{_HAN}{{1,12}})\s*\(\s*(?P<year>{_YEAR}|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{{2}})\s*\)\s*"
    rf"(?:\*|第?\s*(?P<serial>\d{{1,5}}|{_CHINESE}(?=\s*号))(?:\s*号)?)"
)
# Without brackets a word, a year and a number may follow each other by chance: the code must end as codes do.
_BARE = (
    rf"(?a)(?P<code>{_HAN}{{0,11}}(?:[发函字令电规告]|财税|财建|财金|财综|财会|财办|国办))"
    rf"(?P<year>{_YEAR})(?:年\s*第?\s*(?=\d+\s*号)|\s*第\s*|\s*-\s*(?=\d+\s*号)|\s+)(?P<serial>\d{{1,5}})(?:\s*号|(?=[\s,)]|$))"
)
KINDS = ("公告", "通告", "令")  # of a document, behind its issuer or behind all of the number
_TURNED = (
    rf"(?a)(?P<issuer>{_HAN}{{0,20}})(?P<year>{_YEAR})年\s*第?\s*(?P<serial>\d{{1,5}})\s*号\s*"
    rf"(?P<kind>{'|'.join(KINDS)})"
)
_NUMERAL = rf"(?:\d{{1,6}}|{_CHINESE})"
_ORDER = (
    rf"(?a)(?P<issuer>{_HAN}{{0,20}})令\s*(?P<open>\()?\s*(?:第\s*(?P<serial>{_NUMERAL})|(?P<digits>\d{{1,6}}))\s*号"
    r"(?(open)\s*\))"
)
_ORDER_TURNED = rf"(?a)(?P<issuer>{_HAN}{{0,20}}?)(?:第\s*(?P<serial>{_NUMERAL})|(?P<digits>\d{{1,6}}))\s*号令"
_DOCUMENT = re.compile(rf"(?<=号)文件?(?!{_HAN})")
_STATE = "^中华人民共和国|^国家(?=主席$)"  # before an issuer; often left out
_STANDARD = (
    r"(?a)(?P<code>db\d\d(?:\s*/?\s*t)?|[a-z]{2,4}(?:\s*/\s*[a-z]{1,2})?|[tq]\s*/\s*[a-z]{2,10})\s*"
    rf"(?P<serial>\d{{1,6}}(?:\.\d{{1,3}})*)\s*-\s*(?P<year>{_YEAR})(?!\d)"
)
# Without a year only what begins as national and local standards do, and has a number that is no size.
_STANDARD_OF_ANY_YEAR = (
    r"(?a)(?P<code>gb(?:z|j|\s*/?\s*[tz])?|db\d\d(?:\s*/?\s*t)?)\s*(?P<serial>\d{3,6}(?:\.\d{1,3})*)(?=[\s,)]|$)"
)
_KIND_BEHIND = rf"(?a)(\({_YEAR}\)\d+号)({'|'.join(KINDS)})$"
_BY_YEAR = rf"(?a)({_YEAR})年第?(?=\d+号)"


def number_key(number: str | None) -> str | None:
    """Return a 发文字号 folded, kind before year, year in brackets, without spaces, 第 and zeros before the serial.

    Equal numbers are equal strings.
    """
    if not number:
        return None
    key = re.sub(_BY_YEAR, r"(\1)", "".join(fold(number).split()).replace(")第", ")"))
    if ")0" in key:
        key = re.sub(r"(?a)\)0+(?=\d)", ")", key)
    return re.sub(_KIND_BEHIND, r"\2\1", key) if key.endswith(KINDS) else key


def typed_number(text: str) -> tuple[int, tuple[NumberTerm, ...]] | None:
    """Read a number as people type it at the start of a folded text: where it ends, and what finds it, any of these.

    None where there is no number, or none that is sure to be one.
    """
    if NUMERALS.isdisjoint(text):
        return None
    if found := re.match(_IN_BRACKETS, text) or re.match(_BARE, text):
        terms = _of_document(found["code"], found["year"], found["serial"])
        return (_end(found), terms) if terms else None
    if found := re.match(_TURNED, text):
        return found.end(), _of_document(found["issuer"] + found["kind"], found["year"], found["serial"])
    if found := re.match(_ORDER, text) or re.match(_ORDER_TURNED, text):
        terms = _of_order(found["issuer"], found["serial"] or found["digits"])
        return (_end(found), terms) if terms else None
    if found := re.match(_STANDARD, text) or re.match(_STANDARD_OF_ANY_YEAR, text):
        return found.end(), _of_standard(found["code"], found["serial"], found.groupdict().get("year"))
    return None


def _end(found: re.Match[str]) -> int:
    """Return where a number ends, with what people say behind it: 28号文, 28号文件."""
    said = _DOCUMENT.match(found.string, found.end())
    return said.end() if said else found.end()


def _of_document(code: str, year: str, serial: str | None) -> tuple[NumberTerm, ...]:
    """Return what finds 国发(2016)28号: one with Chinese numerals as it was typed, too."""
    number = _value(serial) if serial else None
    if serial and number is None:
        return ()
    figures = NumberTerm(code, to_year(year), None if number is None else str(number))
    return (figures,) if f"{year}{serial}".isascii() else (figures, NumberTerm(code, year, serial))


def _value(serial: str) -> int | None:
    return int(serial) if serial.isdecimal() else to_number(serial)


def _of_order(issuer: str, serial: str) -> tuple[NumberTerm, ...]:
    """Return what finds 国务院令第588号: with Chinese numerals, too, and with more before it."""
    number = _value(serial)
    if number is None:
        return ()
    short = re.sub(_STATE, "", issuer)
    issuers = ("国务院", "国") if short in ("国务院", "国") else (short,)
    serials = (str(number), to_chinese(number)) if number < 10_000 else (str(number),)
    return tuple(NumberTerm(f"{one}令", "", numeral) for one in issuers for numeral in serials)


def _of_standard(code: str, serial: str, year: str | None) -> tuple[NumberTerm, ...]:
    """Return what finds GB/T 1.1-2020: GBT is GB/T."""
    return (NumberTerm("".join(code.replace("/", "").split()), year or "", serial),)


def number_pattern(code: str, year: str, serial: str | None) -> re.Pattern[str]:
    """Return what finds a number in folded text, whatever spaces stand in it; the parts are those of ``NumberTerm``."""
    if code.isascii():
        edition = rf"\s*-\s*{year}(?!\d)" if year else r"(?!\d|\.\d)"
        letters = r"\s*/?\s*".join(code)
        return re.compile(rf"(?<![0-9a-z]){letters}\s*{re.escape(serial or '')}{edition}", re.ASCII)
    if not year:
        issuer = _spaced(code.removesuffix("令"))
        joint = "(?:、[^。;,、]{2,20}){0,5}" if issuer else ""
        return re.compile(rf"{issuer}(?:{joint}\s*令\s*\(?\s*第?\s*{serial}\s*号|\s*第?\s*(?<!\d){serial}\s*号\s*令)")
    written = rf"(?:\(\s*{year}\s*\)|{year}\s*年|{year}(?=\s*第|\s))"
    running = rf"第?\s*{f'0*{serial}' if serial else '[0-9]{1,5}'}\s*号"
    turned = [
        rf"|{_spaced((*code.removesuffix(kind), year, '年', running, *kind))}" for kind in KINDS if code.endswith(kind)
    ]
    return re.compile(rf"{_spaced(code)}\s*{written}\s*{running}{''.join(turned)}")


def _spaced(parts: Iterable[str]) -> str:
    return r"\s*".join(parts)
