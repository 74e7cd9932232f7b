"""How does a query become results?

Parse, match, rank, then fetch and highlight what is shown, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from searcher import explaining, faceting, showing
from searcher.analyzer import fold
from searcher.asked import Asked, asked_for
from searcher.catalogue import Catalogue
from searcher.cutting import boundaries
from searcher.dates import bounds, iso_date
from searcher.details import Bounds, Earlier
from searcher.errors import QueryError
from searcher.expansion import expanded, issuer_names, table
from searcher.faceting import Facet
from searcher.keys import EVERYWHERE, IN_PARAGRAPHS, IN_TITLE, Places
from searcher.matching import Matches, dated, issued_by, match
from searcher.models import Results, Total
from searcher.query import Leaf, Node, NumberTerm, Scope, Term, leaves, parse
from searcher.ranking import LOOKED_AT, WINDOW, Looked, Ranked, newest_first, passages, windows
from searcher.scope import scoped
from searcher.snapshot import Snapshot
from searcher.standing import paragraphs
from searcher.tree import Where

_Item = TypeVar("_Item")

Sort = Literal["relevance", "date", "-date"]

_PLACES: dict[Where, Places] = {
    "title": IN_TITLE,
    "body": IN_PARAGRAPHS,
    "all": EVERYWHERE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Bounds):
    """What a search shall do, beside its query; see ``searcher.index.Index.search``."""

    limit: int = 10
    offset: int = 0
    sort: Sort = "relevance"
    context: int = 0
    paragraphs: int = 3
    all_copies: bool = False
    facets: Sequence[Facet] = ()
    explain: bool = False
    suggest: bool = False
    among: Sequence[Earlier] = ()

    def __post_init__(self) -> None:
        for name in ("limit", "offset", "context", "paragraphs"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")
        chosen = (("sort", self.sort, Sort), ("where", self.where, Where), ("within", self.within, Scope))
        for name, value, known in (*chosen, *(("facets", facet, Facet) for facet in self.facets)):
            if value not in get_args(known):
                raise ValueError(f"{name} must be one of {', '.join(get_args(known))}")


def search(snapshot: Snapshot, catalogue: Catalogue, text: str, request: Request) -> Results:
    """Answer a query. Raises QueryError for a query, or a date, that cannot be read."""
    started = time.perf_counter()
    query = _understood(snapshot, text, request)
    allowed = _both(_allowed(snapshot, request), _found(snapshot, request.among))
    matches = match(snapshot, query, places=_PLACES[request.where], allowed=allowed)
    wanted = leaves(query)
    asked = asked_for(snapshot, matches, wanted, text)
    ranked = _ranked(snapshot, matches, wanted, asked, request)
    hits = showing.hits(snapshot, catalogue, matches, wanted, ranked, _view(request, asked))
    total = Total(len(matches.full), _paragraphs(matches), len(matches.partial))
    return Results(
        query=text,
        engine=snapshot.store.meta("engine") or "",
        total=total,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        hits=hits,
        expansions=explaining.expansions(matches),
        suggestions=_suggestions(snapshot, text, query, matches) if request.suggest and allowed is None else (),
        terms=explaining.terms(snapshot, matches) if request.explain else (),
        facets={name: faceting.count(snapshot.store, matches.full, name) for name in request.facets},
    )


def _suggestions(snapshot: Snapshot, text: str, query: Node, matches: Matches) -> tuple[str, ...]:
    # most searches find enough, and need not wait for what else could have been meant
    from searcher.suggestion import suggestions

    return suggestions(snapshot, text, query, matches)


def _found(snapshot: Snapshot, searches: Sequence[Earlier]) -> set[int] | None:
    """Return what the last of some searches, each within the one before, matches in full, or else in part."""
    found: set[int] | None = None
    for earlier in searches:
        query = _understood(snapshot, earlier.query, earlier)
        allowed = _both(_allowed(snapshot, earlier), found)
        matches = match(snapshot, query, places=_PLACES[earlier.where], allowed=allowed)
        found = matches.full or matches.partial
    return found


def _both(one: set[int] | None, other: set[int] | None) -> set[int] | None:
    """Return what is in both sets, of which None has everything."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _understood(snapshot: Snapshot, text: str, request: Bounds) -> Node:
    """Read a query; say how near its terms must stand and what else they may be called."""
    query = scoped(parse(text), request.within) if request.within != "article" else parse(text)
    if not request.expand:
        return query
    return expanded(query, table(), lambda term: boundaries(snapshot, term))


def _view(request: Request, asked: Asked) -> showing.View:
    return showing.View(
        first=request.offset + 1,
        paragraphs=request.paragraphs,
        context=request.context,
        title=request.where != "body",
        text=request.where != "title",
        copies=not request.all_copies,
        asked=asked,
    )


def _allowed(snapshot: Snapshot, request: Bounds) -> set[int] | None:
    """Return the articles that the filters let through, or None where there is no filter."""
    filters = []
    if request.since is not None or request.until is not None:
        first = None if request.since is None else _day(request.since, "since", 0)
        last = None if request.until is None else _day(request.until, "until", 1)
        if first and last and first > last:
            raise QueryError(
                "since is later than until", query=f"{request.since} … {request.until}", position=0,
                length=len(f"{request.since} … {request.until}"), hint="Give the earlier date as since.",
            )  # fmt: skip
        filters.append(dated(snapshot.store, first, last))
    if request.issuer is not None:
        filters.append(_issued(snapshot, fold(request.issuer), expand=request.expand))
    return set.intersection(*filters) if filters else None


def _issued(snapshot: Snapshot, name: str, *, expand: bool) -> set[int]:
    """Return the articles of an issuer, by its other names too."""
    others = issuer_names(name, table(), lambda text: boundaries(snapshot, text)) if expand else ()
    return issued_by(snapshot.store, name, others)


def _day(text: str, name: str, side: int) -> str:
    day = bounds(iso_date(text))[side]
    if day is None:
        raise QueryError(
            f"“{text}”, given for {name}, is no date", query=text, position=0, length=max(1, len(text)),
            hint="Write 2018, 2018-05 or 2018-05-21.",
        )  # fmt: skip
    return day


def _paragraphs(matches: Matches) -> int:
    """Count the paragraphs of fully matching articles in which any wanted term stands."""
    full = matches.full
    counts = paragraphs(matches.standing.values()) if full else {}
    return sum(counts.values() if counts.keys() <= full else map(counts.__getitem__, counts.keys() & full))


def _ranked(
    snapshot: Snapshot, matches: Matches, wanted: Sequence[Leaf], asked: Asked, request: Request
) -> list[Ranked]:
    """Return the articles to show, in order."""
    scored = any(isinstance(leaf, Term | NumberTerm) for leaf in wanted)
    if request.sort == "relevance" and scored:
        wanted_number = request.offset + request.limit
        in_order = windows(snapshot, matches, wanted, asked, wanted=wanted_number)
        looked = _once(snapshot, request, in_order, _article_of)
        ranked = [item.ranked(explain=request.explain) for item in looked]
        if request.paragraphs <= LOOKED_AT:
            return ranked
        # More is to be shown of each article than was looked at to rank it.
        articles = [item.article for item in ranked]
        whole = passages(snapshot, matches, wanted, asked, articles, most=request.paragraphs)
        return [replace(item, paragraphs=more.paragraphs) for item, more in zip(ranked, whole, strict=True)]
    tiers = [_by_date(snapshot, tier, newest_last=request.sort == "date") for tier in (matches.full, matches.partial)]
    every = [*tiers[0], *tiers[1]]
    batches = (every[start : start + WINDOW] for start in range(0, len(every), WINDOW))
    most = max(LOOKED_AT, request.paragraphs)
    return passages(snapshot, matches, wanted, asked, _once(snapshot, request, batches, int), most=most)


def _article_of(looked: Looked) -> int:
    return looked.article


def _once(
    snapshot: Snapshot, request: Request, batches: Iterable[Sequence[_Item]], number_of: Callable[[_Item], int]
) -> list[_Item]:
    """Return the items that are asked for, of copies only the best; ``number_of`` gives an item's article."""
    end = request.offset + request.limit
    firsts: dict[int, _Item] = {}
    for batch in batches if request.limit else ():
        groups = {} if request.all_copies else snapshot.store.copies(map(number_of, batch))
        for item in batch:
            firsts.setdefault(groups.get(number_of(item), number_of(item)), item)
        if len(firsts) >= end:
            break
    return list(firsts.values())[request.offset : end]


def _by_date(snapshot: Snapshot, articles: set[int], *, newest_last: bool) -> list[int]:
    """Return articles by date; those without one come last either way."""
    ordered = newest_first(snapshot, articles)
    if not newest_last:
        return ordered
    days = {number: first for number, first, _ in snapshot.store.days()}
    return sorted(ordered, key=lambda number: days.get(number, "9"))
