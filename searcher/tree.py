"""What is a query made of? The nodes of its tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

FieldName = Literal["title", "issuer", "number", "source", "author", "keyword"]
Scope = Literal["sentence", "paragraph", "article"]
Where = Literal["title", "body", "all"]


@dataclass(frozen=True, slots=True)
class Term:
    """A text that is wanted: folded, as it must stand in the folded text. ``exact`` says that it was quoted.

    ``others`` are texts that mean the same and count as it does; ``named`` says that the whole of it is one name or
    number, and not a text in which one stands (see ``searcher.expansion``).
    """

    text: str
    exact: bool = False
    others: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A 发文字号: documents whose own it is, or that cite it, whatever spaces stand in it.

    Without a ``serial`` it is the series: every number of that code and year. An order has no ``year`` and a ``code``
    that ends in 令; a standard has a ``code`` of letters and digits only, and where its year is not known an empty one.
    ``others`` are codes with other names of the same body (see ``searcher.expansion``).
    """

    code: str
    year: str
    serial: str | None
    others: tuple[str, ...] = ()

    @property
    def writings(self) -> tuple[NumberTerm, ...]:
        """The number with its own code, then with each of the others."""
        return tuple(replace(self, code=code, others=()) for code in (self.code, *self.others))

    @property
    def key(self) -> str:
        """The number as ``searcher.numbers.number_key`` gives it, or what those of the series begin with."""
        if self.code.isascii():
            return f"{self.code}{self.serial}{'-' if self.year else ''}{self.year}"
        if not self.year:
            return f"{self.code}第{self.serial}号"
        return f"{self.code}({self.year}){f'{self.serial}号' if self.serial else ''}"


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A text, folded, that a field of the article must hold, or one of ``others``, which mean the same.

    ``exact`` says that it was quoted.
    """

    field: FieldName
    text: str
    exact: bool = False
    others: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Within:
    """This, and all of it in one sentence, in one paragraph, or in the article."""

    part: Node
    scope: Scope


Node = Term | NumberTerm | FieldTerm | DateTerm | And | Or | Not | Within
Leaf = Term | NumberTerm | FieldTerm | DateTerm


def leaves(node: Node) -> list[Leaf]:
    """Return the leaves of a tree that are wanted, in order: those under ``Not`` are left out."""
    if isinstance(node, And | Or):
        return [leaf for part in node.parts for leaf in leaves(part)]
    if isinstance(node, Within):
        return leaves(node.part)
    return [] if isinstance(node, Not) else [node]
