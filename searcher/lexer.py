"""Which words, quoted texts, operators and brackets is a query written with?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import normalize

from searcher.analyzer import fold, is_findable
from searcher.dates import bounds, iso_date
from searcher.errors import QueryError
from searcher.numbers import typed_number
from searcher.tree import DateTerm, FieldName, FieldTerm, Leaf, NumberTerm, Term

FIELDS: dict[str, FieldName | Literal["date"]] = {
    "标题": "title", "题名": "title", "题目": "title", "title": "title",
    "机关": "issuer", "发文机关": "issuer", "发布机构": "issuer", "issuer": "issuer",
    "文号": "number", "发文字号": "number", "number": "number",
    "来源": "source", "source": "source",
    "作者": "author", "author": "author",
    "关键词": "keyword", "关键字": "keyword", "keyword": "keyword",
    "日期": "date", "成文日期": "date", "date": "date",
}  # fmt: skip
_VALUES: dict[FieldName, tuple[str, str]] = {  # two of each field, to show how one is written
    "title": ("工业互联网", "数据安全"), "issuer": ("国务院", "财政部"),
    "number": ("国发〔2016〕28号", "国发〔2017〕50号"), "source": ("新华社", "人民日报"),
    "author": ("张三", "李四"), "keyword": ("税收", "预算"),
}  # fmt: skip
_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))}):\s?")
_OPENERS = {"“": "”", "「": "」", "『": "』", "《": "》", '"': '"', "＂": "＂", "„": "”", "〝": "〞"}
_CLOSERS = {"“": '"“', '"': "”“", "„": '“"', "＂": '"', "〝": "〟"}  # what may stand for the closing mark
_SEPARATORS = frozenset("，。；、！？,;!?…")  # punctuation that parts words as a space does
_EDGE = ".:'-<>/\\&*#@^_=~·$"  # what may hang on a word without belonging to it (its + and % do)
_DASHES = "–—"
_ELLIPSIS = re.compile(r"…{1,2}(?=\d|\s|$)", re.ASCII)  # between two dates; elsewhere it parts words
_YEARS = r"(?a)(?P<first>\d{4}年?)-(?P<last>\d{4}年?)"  # what follows the dash has too many digits for a month
_DATE_RANGE = r"(?a)(?P<first>[\d年月日./-]*?)(?P<dots>\.\.|~|至|…{1,2})(?P<last>[\d年月日./-]*)"


Kind = Literal["leaf", "and", "or", "not", "sentence", "paragraph", "article", "(", ")"]
Operator = Literal["and", "or", "not", "sentence", "paragraph", "article", "(", ")"]
_OPERATORS: dict[str, Operator] = {
    "AND": "and", "OR": "or", "NOT": "not", "同句": "sentence", "同段": "paragraph", "同篇": "article",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One of them, and where it stands in the query: code points, half-open."""

    kind: Kind
    start: int
    end: int
    leaf: Leaf | None = None


def scan(text: str) -> list[Token]:
    """Cut a query into words, quoted texts, operators and brackets."""
    folded = fold(text)
    found: list[Token] = []
    place = 0
    while place < len(text):
        mark = folded[place]
        if mark == " " or text[place] in _SEPARATORS or not text[place].isprintable():
            place += 1
        elif mark == "|":
            place = _add(found, "or", place, place + (2 if folded[place + 1 : place + 2] == "|" else 1))
        elif folded.startswith("&&", place):
            place = _add(found, "and", place, place + 2)
        elif mark == "(" and text[place] in "(（":
            place = _add(found, "(", place, place + 1)
        elif mark == ")" and text[place] in ")）":
            place = _add(found, ")", place, place + 1)
        elif text[place] in "-－−" or _is_dash_for_minus(text, folded, place):
            place = _minus(text, folded, found, place)
        elif text[place] in _OPENERS:
            place = _quoted(text, folded, found, place)
        else:
            place = _word(text, folded, found, place)
    return found


def _add(found: list[Token], kind: Operator, start: int, end: int) -> int:
    found.append(Token(kind, start, end))
    return end


def _is_dash_for_minus(text: str, folded: str, place: int) -> bool:
    """Tell whether a dash is what an input method made of a minus: one alone, behind a space and before a word."""
    behind = folded[place - 1] if place else " "
    return text[place] in _DASHES and behind in " (|" and folded[place + 1 : place + 2] not in ("", " ", "-")


def _minus(text: str, folded: str, found: list[Token], place: int) -> int:
    """Read a minus before a word; one that stands alone could mean two things."""
    after = folded[place + 1 : place + 2]
    if after == "-":
        return place + 1
    if after in ("", " "):
        alone = "this minus stands alone" if folded[place + 1 :].strip(" -") else "a word is missing after this"
        raise QueryError(
            alone, query=text, position=place,
            hint="Write the word to leave out right after it: -德国",
        )  # fmt: skip
    return _add(found, "not", place, place + 1)


def _closing(text: str, start: int) -> int:
    """Return where a quote ends, or -1: at its own closing mark, quotes within it left alone, else at any other."""
    opener = text[start]
    closer = _OPENERS[opener]
    depth = 1
    for place in range(start + 1, len(text)):
        if text[place] == closer:
            depth -= 1
            if not depth:
                return place
        elif text[place] == opener:
            depth += 1
    if (last := text.rfind(closer, start + 1)) > 0:
        return last
    for place in range(start + 2, len(text)):
        # Quotes typed alike: the first that no word goes on after.
        if text[place] in _CLOSERS.get(opener, "") and not is_findable(text[place + 1 : place + 2]):
            return place
    return -1


def _quoted(text: str, folded: str, found: list[Token], start: int, *, field: FieldName | None = None) -> int:
    """Read a quoted text, and add the token."""
    opener = text[start]
    end = _closing(text, start)
    if end < 0:
        raise QueryError(
            "this quote is not closed", query=text, position=start,
            hint=f"Close it: {opener}{text[start + 1 : start + 13]}{_OPENERS[opener]}",
        )  # fmt: skip
    inside = folded[start + 1 : end].strip()
    if not inside:
        raise QueryError(
            "there is nothing between these quotes", query=text, position=start, length=end + 1 - start,
            hint="Write the text to look for between them, or take them out.",
        )  # fmt: skip
    leaf = FieldTerm(field, inside, exact=True) if field else Term(inside, exact=True)
    found.append(Token("leaf", start, end + 1, leaf))
    return end + 1


def _word(text: str, folded: str, found: list[Token], start: int) -> int:
    """Read an operator word, a field, a document number or a plain word, and add the token."""
    field = _FIELD.match(folded, start)
    if field:
        return _field(text, folded, found, field)
    number = typed_number(folded[start:])
    if number and not _inside_word(text, folded, start + number[0]):
        return _number(found, start, start, number)
    end = _word_end(text, folded, start)
    operator = _OPERATORS.get(normalize("NFKC", text[start:end]))  # in full width, too, but not in lower case
    if operator is not None:
        return _add(found, operator, start, end)
    word = folded[start:end].strip(_EDGE)
    if not is_findable(word):
        if folded[start:end].strip(_EDGE + "()"):
            raise QueryError(
                f"“{text[start:end]}” holds no letter, digit or Chinese character", query=text,
                position=start, length=end - start, hint=f'To look for it as it stands, quote it: "{text[start:end]}"',
            )  # fmt: skip
        if not found and not is_findable(folded[end:]):
            raise QueryError(
                "there is only punctuation here", query=text, position=start, length=end - start,
                hint=f'To look for it as it stands, quote it: "{text[start:end]}"',
            )  # fmt: skip
        return end
    found.append(Token("leaf", start, end, Term(word)))
    return end


def _number(found: list[Token], start: int, after: int, number: tuple[int, tuple[NumberTerm, ...]]) -> int:
    """Add a number that begins after what names its field: several leaves as alternatives in brackets."""
    length, terms = number
    end = after + length
    if len(terms) == 1:
        found.append(Token("leaf", start, end, terms[0]))
        return end
    for place, term in enumerate(terms):
        found += [Token("or" if place else "(", start, end), Token("leaf", start, end, term)]
    found.append(Token(")", start, end))
    return end


def _inside_word(text: str, folded: str, place: int) -> bool:
    """Tell whether a word goes on at this place."""
    return place < len(text) and is_findable(folded[place])


def _word_end(text: str, folded: str, start: int) -> int:
    """Return where the word that begins at ``start`` ends. Brackets inside it, 国发(2016)28号, belong to it."""
    inner = 0
    for place in range(start, len(text)):
        mark = folded[place]
        if mark in " |" or text[place] in _OPENERS or text[place] in _SEPARATORS or not text[place].isprintable():
            return place
        if mark == "(":
            inner += 1
        elif mark == ")":
            if not inner and text[place] in ")）":
                return place
            inner = max(0, inner - 1)
    return len(text)


def _field(text: str, folded: str, found: list[Token], match: re.Match[str]) -> int:
    """Read the value of a field, and add the token."""
    name = FIELDS[match[1]]
    start = match.end()
    if name == "date":
        end = _word_end(text, folded, start)
        if ellipsis := _ELLIPSIS.match(folded, end):
            end = _word_end(text, folded, ellipsis.end())
        found.append(Token("leaf", match.start(), end, _date_term(text, folded, start, end)))
        return end
    if text[start : start + 1] in _OPENERS:
        end = _quoted(text, folded, found, start, field=name)
        found[-1] = replace(found[-1], start=match.start())
        return end
    if folded[start : start + 1] == "(" and text[start] in "(（":
        raise QueryError(
            "a field takes one word, or a text in quotes", query=text,
            position=start, hint=f"Write: {' OR '.join(f'{match[1]}:{value}' for value in _VALUES[name])}",
        )  # fmt: skip
    number = typed_number(folded[start:]) if name == "number" else None
    if number:
        return _number(found, match.start(), start, number)
    end = _word_end(text, folded, start)
    value = folded[start:end].strip(_EDGE)
    if not is_findable(value):
        raise QueryError(
            f"there is nothing to look for in the field {match[1]}", query=text,
            position=match.start(), length=max(1, end - match.start()), hint=f"Write: {match[1]}:{_VALUES[name][0]}",
        )  # fmt: skip
    found.append(Token("leaf", match.start(), end, FieldTerm(name, value)))
    return end


def _date_term(text: str, folded: str, start: int, end: int) -> DateTerm:
    """Read 2018, 2018-05, 2018年5月21日, 2016..2018, 2016-2018, 2016.. or ..2018."""
    value = folded[start:end]
    span = re.fullmatch(_YEARS, value) or re.fullmatch(_DATE_RANGE, value)
    first_text, last_text = (span["first"], span["last"]) if span else (value, value)
    first, last = bounds(iso_date(first_text))[0], bounds(iso_date(last_text))[1]
    wrong = (first_text and first is None) or (last_text and last is None) or not (first or last)
    if wrong or (first and last and first > last):
        message = f"“{text[start:end]}” is no date" if wrong else "this range ends before it begins"
        raise QueryError(
            message if value else "a date is missing here", query=text, position=start, length=max(1, end - start),
            hint="Write 日期:2018, 日期:2018-05, 日期:2018-05-21 or 日期:2016..2018",
        )  # fmt: skip
    return DateTerm(first, last)
