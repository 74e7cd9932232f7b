"""What did the user mean?

Text becomes a small tree of our own. Every string is a query or a QueryError that points at a place in it.

    工业互联网 安全    words wanted: ``And`` of two ``Term``
    "…" “…” 「…」 《…》  exactly this text: ``Term(exact=True)``
    -德国  NOT 德国     ``Not``            A OR B, A | B     ``Or``         ( … )   a group
    标题:工业互联网     ``FieldTerm``      日期:2016..2018   ``DateTerm``
    国发〔2016〕28号    ``NumberTerm``, also as 文号:国发〔2016〕28号
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from searcher.analyzer import fold, is_findable
from searcher.dates import bounds, iso_date
from searcher.errors import QueryError
from searcher.numbers import match_number

FieldName = Literal["title", "issuer", "number", "source", "author", "keyword"]

MAX_QUERY = 100_000  # code points
MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Term:
    """A text that is wanted: folded, as it must stand in the folded text. ``exact`` says that it was quoted."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A 发文字号: documents whose own it is, or that cite it, whatever spaces stand in it."""

    code: str
    year: str
    serial: str

    @property
    def key(self) -> str:
        """The number as ``searcher.numbers.number_key`` gives it."""
        return f"{self.code}({self.year}){self.serial}号"


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A text, folded, that a field of the article must hold."""

    field: FieldName
    text: str


@dataclass(frozen=True, slots=True)
class DateTerm:
    """A date from ``first`` to ``last`` day, either open where None; ISO 8601."""

    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Node


Node = Term | NumberTerm | FieldTerm | DateTerm | And | Or | Not
Leaf = Term | NumberTerm | FieldTerm | DateTerm

_FIELDS: dict[str, FieldName | Literal["date"]] = {
    "标题": "title", "题名": "title", "题目": "title", "title": "title",
    "机关": "issuer", "发文机关": "issuer", "发布机构": "issuer", "issuer": "issuer",
    "文号": "number", "发文字号": "number", "number": "number",
    "来源": "source", "source": "source",
    "作者": "author", "author": "author",
    "关键词": "keyword", "keyword": "keyword",
    "日期": "date", "成文日期": "date", "date": "date",
}  # fmt: skip
_FIELD = re.compile(rf"({'|'.join(sorted(_FIELDS, key=len, reverse=True))}):\s?")
_OPENERS = {"“": "”", "「": "」", "『": "』", "《": "》", '"': '"', "＂": "＂", "„": "”", "〝": "〞"}
_CLOSERS = {"“": '"“', '"': "”“", "„": '“"', "＂": '"', "〝": "〟"}  # what may stand for the closing mark
_SEPARATOR = re.compile(r"[，。；、！？,;!?…]")  # punctuation that parts words as a space does
_EDGE = ".:'-<>/\\&*#@^_=~·$"  # what may hang on a word without belonging to it (its + and % do)
_DATE_RANGE = re.compile(r"(?P<first>[\d年月日./-]*?)(?P<dots>\.\.|~|至)(?P<last>[\d年月日./-]*)", re.ASCII)


_OPERATORS: dict[str, Literal["and", "or", "not"]] = {"AND": "and", "OR": "or", "NOT": "not"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["leaf", "and", "or", "not", "(", ")"]
    start: int
    end: int
    leaf: Leaf | None = None


def parse(text: str) -> Node:
    """Read a query. Raises QueryError with the place, in code points, and what to write instead."""
    if len(text) > MAX_QUERY:
        raise QueryError(
            f"the query is {len(text):,} characters long; {MAX_QUERY:,} is the most",
            query=text, position=MAX_QUERY, hint="Search for a distinctive sentence of it.",
        )  # fmt: skip
    found = _tokens(text)
    if not found:
        raise QueryError(
            "the query is empty", query=text, position=0, length=0,
            hint='Write the words to look for, for example: policy-search "工业互联网 安全"',
        )  # fmt: skip
    node, place = _Parser(text, found).alternatives(0, 0)
    if place < len(found):
        stray = found[place]
        raise QueryError(
            "this bracket closes nothing", query=text, position=stray.start,
            hint='Take it out, or put text that holds brackets in quotes: "(…)"',
        )  # fmt: skip
    return node


class _Parser:
    """Recursive descent over the tokens; each method returns a node and the place after it."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens

    def _kind(self, place: int) -> str:
        return self._tokens[place].kind if place < len(self._tokens) else "end"

    def alternatives(self, place: int, depth: int) -> tuple[Node, int]:
        node, place = self.sequence(place, depth)
        parts = [node]
        while self._kind(place) == "or":
            node, place = self.sequence(place + 1, depth)
            parts.append(node)
        return (parts[0] if len(parts) == 1 else Or(tuple(parts))), place

    def sequence(self, place: int, depth: int) -> tuple[Node, int]:
        node, place = self.single(place, depth)
        parts = [node]
        while self._kind(place) in ("leaf", "not", "(", "and"):
            node, place = self.single(place + (self._kind(place) == "and"), depth)
            parts.append(node)
        return (parts[0] if len(parts) == 1 else And(tuple(parts))), place

    def single(self, place: int, depth: int) -> tuple[Node, int]:
        if depth > MAX_DEPTH:
            raise self._error("brackets are nested too deeply here", place, "Write the query with fewer brackets.")
        kind = self._kind(place)
        if kind == "leaf":
            leaf = self._tokens[place].leaf
            assert leaf is not None  # noqa: S101
            return leaf, place + 1
        if kind == "not":
            node, after = self.single(place + 1, depth + 1)
            return Not(node), after
        if kind == "(":
            node, after = self.alternatives(place + 1, depth + 1)
            if self._kind(after) != ")":
                raise self._error("this bracket is not closed", place, "Add the closing bracket: ( … )")
            return node, after + 1
        raise self._missing(place)

    def _missing(self, place: int) -> QueryError:
        """Say what is missing where a word should stand."""
        before = self._tokens[place - 1] if place else None
        if before is None or before.kind in ("leaf", ")"):
            return self._error("a word is missing before this", place, "Write: A OR B, A AND B")
        advice = {
            "not": "Write the word to leave out right after it: -德国",
            "or": "Write a word on both sides: A OR B",
            "and": "Write a word on both sides: A AND B",
            "(": "Write words between the brackets: (A OR B)",
        }
        return self._error("a word is missing after this", place - 1, advice[before.kind])

    def _error(self, message: str, place: int, hint: str) -> QueryError:
        token = self._tokens[min(place, len(self._tokens) - 1)]
        return QueryError(
            message, query=self._text, position=token.start, length=token.end - token.start, hint=hint
        )  # fmt: skip


def _tokens(text: str) -> list[_Token]:
    """Cut a query into words, quoted texts, operators and brackets."""
    folded = fold(text)
    found: list[_Token] = []
    place = 0
    while place < len(text):
        mark = folded[place]
        if mark == " " or _SEPARATOR.match(text[place]) or not text[place].isprintable():
            place += 1
        elif mark == "|":
            place = _add(found, "or", place, place + (2 if folded[place + 1 : place + 2] == "|" else 1))
        elif folded.startswith("&&", place):
            place = _add(found, "and", place, place + 2)
        elif mark == "(" and text[place] in "(（":
            place = _add(found, "(", place, place + 1)
        elif mark == ")" and text[place] in ")）":
            place = _add(found, ")", place, place + 1)
        elif text[place] in "-－−":
            place = _minus(text, folded, found, place)
        elif text[place] in _OPENERS:
            place = _quoted(text, folded, found, place)
        else:
            place = _word(text, folded, found, place)
    return found


def _add(found: list[_Token], kind: Literal["and", "or", "not", "(", ")"], start: int, end: int) -> int:
    found.append(_Token(kind, start, end))
    return end


def _minus(text: str, folded: str, found: list[_Token], place: int) -> int:
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


def _quoted(text: str, folded: str, found: list[_Token], start: int, *, field: FieldName | None = None) -> int:
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
    found.append(_Token("leaf", start, end + 1, FieldTerm(field, inside) if field else Term(inside, exact=True)))
    return end + 1


def _word(text: str, folded: str, found: list[_Token], start: int) -> int:
    """Read an operator word, a field, a document number or a plain word, and add the token."""
    field = _FIELD.match(folded, start)
    if field:
        return _field(text, folded, found, field)
    number = match_number(folded[start:])
    if number and not _inside_word(text, folded, start + number.end()):
        end = start + number.end()
        found.append(_Token("leaf", start, end, _number_term(number)))
        return end
    end = _word_end(text, folded, start)
    operator = _OPERATORS.get(text[start:end])
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
    found.append(_Token("leaf", start, end, Term(word)))
    return end


def _number_term(number: re.Match[str]) -> NumberTerm:
    return NumberTerm(number["code"], number["year"], number["serial"])


def _inside_word(text: str, folded: str, place: int) -> bool:
    """Tell whether a word goes on at this place."""
    return place < len(text) and is_findable(folded[place])


def _word_end(text: str, folded: str, start: int) -> int:
    """Return where the word that begins at ``start`` ends. Brackets inside it, 国发(2016)28号, belong to it."""
    inner = 0
    for place in range(start, len(text)):
        mark = folded[place]
        if mark in " |" or text[place] in _OPENERS or _SEPARATOR.match(text[place]) or not text[place].isprintable():
            return place
        if mark == "(":
            inner += 1
        elif mark == ")":
            if not inner and text[place] in ")）":
                return place
            inner = max(0, inner - 1)
    return len(text)


def _field(text: str, folded: str, found: list[_Token], match: re.Match[str]) -> int:
    """Read the value of a field, and add the token."""
    name = _FIELDS[match[1]]
    start = match.end()
    if name == "date":
        end = _word_end(text, folded, start)
        found.append(_Token("leaf", match.start(), end, _date_term(text, folded, start, end)))
        return end
    if text[start : start + 1] in _OPENERS:
        return _quoted(text, folded, found, start, field=name)
    if folded[start : start + 1] == "(" and text[start] in "(（":
        raise QueryError(
            "a field takes one word, or a text in quotes", query=text,
            position=start, hint=f"Write: {match[1]}:税法 OR {match[1]}:预算",
        )  # fmt: skip
    number = match_number(folded[start:]) if name == "number" else None
    if number:
        end = start + number.end()
        found.append(_Token("leaf", match.start(), end, _number_term(number)))
        return end
    end = _word_end(text, folded, start)
    value = folded[start:end].strip(_EDGE)
    if not is_findable(value):
        raise QueryError(
            f"there is nothing to look for in the field {match[1]}", query=text,
            position=match.start(), length=max(1, end - match.start()), hint=f"Write: {match[1]}:工业互联网",
        )  # fmt: skip
    found.append(_Token("leaf", match.start(), end, FieldTerm(name, value)))
    return end


def _date_term(text: str, folded: str, start: int, end: int) -> DateTerm:
    """Read 2018, 2018-05, 2018年5月21日, 2016..2018, 2016.. or ..2018."""
    value = folded[start:end]
    span = _DATE_RANGE.fullmatch(value)
    first_text, last_text = (span["first"], span["last"]) if span else (value, value)
    first, last = bounds(iso_date(first_text))[0], bounds(iso_date(last_text))[1]
    wrong = (first_text and first is None) or (last_text and last is None) or not (first or last)
    if wrong or (first and last and first > last):
        raise QueryError(
            f"“{text[start:end]}” is no date" if wrong else "this range ends before it begins",
            query=text, position=start, length=max(1, end - start),
            hint="Write 日期:2018, 日期:2018-05, 日期:2018-05-21 or 日期:2016..2018",
        )  # fmt: skip
    return DateTerm(first, last)


def leaves(node: Node) -> list[Leaf]:
    """Return the leaves of a tree that are wanted, in order: those under ``Not`` are left out."""
    if isinstance(node, And | Or):
        return [leaf for part in node.parts for leaf in leaves(part)]
    return [] if isinstance(node, Not) else [node]
