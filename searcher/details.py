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
