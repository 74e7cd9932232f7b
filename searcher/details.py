"""What is a search asked and what does it tell, beside query and hits? Frozen data classes, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.tree import Scope, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What bounds a search beside its query; see ``searcher.index.Index.search``."""

    since: str | None = None
    until: str | None = None
    issuer: str | None = None
    where: Where = "all"
    within: Scope = "article"
    expand: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier(Bounds):
    """A search that was made before, within whose matches another may look."""

    query: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term of a query, folded, and the other texts that were looked for in its place and stand somewhere."""

    term: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A text, folded, and how many paragraphs of the index hold it."""

    text: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class TermDetails:
    """How a term was looked for.

    ``paragraphs`` is how many paragraphs of the index hold ``term`` or one of ``also``, which mean the same, where
    it was looked for; ``words`` are those the term is made of, for partial matches.
    """

    term: str
    paragraphs: int
    also: tuple[Count, ...]
    words: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, None where an article has none, and how many articles that match in full have it."""

    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that tells an article from the others, folded, and its weight; the greatest comes first."""

    word: str
    weight: float
