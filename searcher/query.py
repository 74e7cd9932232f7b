"""What did the user mean?

Text becomes a small tree of our own. Every string is a query or a QueryError that points at a place in it.

    工业互联网 安全    words wanted: ``And`` of two ``Term``
    "…" “…” 「…」 《…》  exactly this text: ``Term(exact=True)``
    -德国  NOT 德国     ``Not``            A OR B, A | B     ``Or``         ( … )   a group
    A 同句 B            ``Within`` one sentence; 同段 one paragraph, 同篇 one article
    标题:工业互联网     ``FieldTerm``      日期:2016..2018   ``DateTerm``
    国发〔2016〕28号    ``NumberTerm``, also as 文号:国发〔2016〕28号; 国发〔2016〕* for all of a year
"""

from __future__ import annotations

from searcher.errors import QueryError
from searcher.lexer import Token, scan
from searcher.tree import (
    And,
    DateTerm,
    FieldName,
    FieldTerm,
    Leaf,
    Node,
    Not,
    NumberTerm,
    Or,
    Scope,
    Term,
    Within,
    leaves,
)

__all__ = [
    "And", "DateTerm", "FieldName", "FieldTerm", "Leaf", "Node", "Not", "NumberTerm", "Or", "Scope", "Term", "Within",
    "leaves", "parse",
]  # fmt: skip

MAX_QUERY = 100_000  # code points
MAX_DEPTH = 50
_SCOPES: tuple[Scope, ...] = ("article", "paragraph", "sentence")  # the nearer they ask for, the closer they bind


def parse(text: str) -> Node:
    """Read a query. Raises QueryError with the place, in code points, and what to write instead."""
    if len(text) > MAX_QUERY:
        raise QueryError(
            f"the query is {len(text):,} characters long; {MAX_QUERY:,} is the most",
            query=text, position=MAX_QUERY, hint="Search for a distinctive sentence of it.",
        )  # fmt: skip
    found = scan(text)
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

    def __init__(self, text: str, tokens: list[Token]) -> None:
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
        node, place = self.together(place, depth, _SCOPES)
        parts = [node]
        while self._kind(place) in ("leaf", "not", "(", "and"):
            node, place = self.together(place + (self._kind(place) == "and"), depth, _SCOPES)
            parts.append(node)
        return (parts[0] if len(parts) == 1 else And(tuple(parts))), place

    def together(self, place: int, depth: int, scopes: tuple[Scope, ...]) -> tuple[Node, int]:
        if not scopes:
            return self.single(place, depth)
        node, place = self.together(place, depth, scopes[1:])
        parts = [node]
        while self._kind(place) == scopes[0]:
            node, place = self.together(place + 1, depth, scopes[1:])
            parts.append(node)
        return (parts[0] if len(parts) == 1 else Within(And(tuple(parts)), scopes[0])), place

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
            return self._error("a word is missing before this", place, "Write: A OR B, A AND B, A 同句 B")
        advice = {
            "not": "Write the word to leave out right after it: -德国",
            "or": "Write a word on both sides: A OR B",
            "and": "Write a word on both sides: A AND B",
            "sentence": "Write a word on both sides: A 同句 B",
            "paragraph": "Write a word on both sides: A 同段 B",
            "article": "Write a word on both sides: A 同篇 B",
            "(": "Write words between the brackets: (A OR B)",
        }
        return self._error("a word is missing after this", place - 1, advice[before.kind])

    def _error(self, message: str, place: int, hint: str) -> QueryError:
        token = self._tokens[min(place, len(self._tokens) - 1)]
        return QueryError(
            message, query=self._text, position=token.start, length=token.end - token.start, hint=hint
        )  # fmt: skip
