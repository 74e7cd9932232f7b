"""Which bound of a search that finds nothing, an option or a field, lets nothing through? What is found without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches

from searcher.analyzer import fold
from searcher.details import Earlier
from searcher.errors import QueryError
from searcher.history import OPTIONS, USUAL, given
from searcher.index import Index
from searcher.lexer import Token, scan
from searcher.models import Total
from searcher.tree import DateTerm, FieldTerm

_NEAR = 0.5  # by difflib: 云岭市工信委 and 云岭市工业和信息化局 are nearer
_MOST = 3  # names that are near


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound as it was typed, ``--since 2030`` or ``日期:2030``.

    ``option`` names that of a search, or ``place`` tells where the field stands in the query. ``issuer`` is what an
    issuer was said to be called, where that is asked for.
    """

    typed: str
    option: str = ""
    place: tuple[int, int] = (0, 0)
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """An index, and a search of it, within the matches of others, that finds nothing in full or in part."""

    index: Index
    asked: Earlier
    among: Sequence[Earlier] = ()

    def bounds(self) -> list[Bound]:
        """Return what bounds the search beside its words: options, and fields that everything must have."""
        found = [
            Bound(f"{OPTIONS[name]} {value}", name, issuer=value if name == "issuer" else None)
            for name, value in given(self.asked).items()
        ]
        return found + list(map(self._field, _fields(scan(self.asked.query))))

    def _field(self, token: Token) -> Bound:
        issuer = token.leaf.text if isinstance(token.leaf, FieldTerm) and token.leaf.field == "issuer" else None
        return Bound(self.asked.query[token.start : token.end], place=(token.start, token.end), issuer=issuer)

    def lifted(self) -> Iterator[tuple[str, Total]]:
        """Yield each bound without which something is found, and how much; else all of them, if that helps."""
        every = self.bounds()
        alone = [(bound.typed, total) for bound in every if (total := self._total([bound]))]
        yield from alone
        if len(every) > 1 and not alone and (total := self._total(every)):
            yield " ".join(bound.typed for bound in every), total

    def _total(self, bounds: Sequence[Bound]) -> Total | None:
        """Return how much is found without some bounds, or None where that is nothing."""
        rest = self._without(bounds)
        total = self.index.search(**asdict(rest), limit=0, among=self.among).total if rest else None
        return total if total and (total.articles or total.partial) else None

    def _without(self, bounds: Sequence[Bound]) -> Earlier | None:
        """Return the search without some bounds; None where nothing is left to look for."""
        query = self.asked.query
        for start, end in sorted((bound.place for bound in bounds), reverse=True):
            query = query[:start] + query[end:]
        usual = {bound.option: USUAL[bound.option] for bound in bounds if bound.option}
        return replace(self.asked, query=query, **usual) if scan(query) else None

    def unknown(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each name that no issuer or source has, and the names nearest to it."""
        with suppress(QueryError):  # a query may be too long or too deep to be asked so
            for bound in self.bounds():
                if bound.issuer is not None and not self._is_known(bound):
                    yield bound.issuer, self._near(bound.issuer)

    def _is_known(self, bound: Bound) -> bool:
        """Tell whether any article is of an issuer."""
        one = Earlier(query=bound.typed, expand=self.asked.expand)
        if bound.option:
            one = replace(one, query=self._everything, issuer=bound.issuer)
        return bool(self.index.search(**asdict(one), limit=0).total.articles)

    def _near(self, name: str) -> list[str]:
        """Return the issuers whose names are most like another name, the nearest first."""
        counted = self.index.search(self._everything, limit=0, facets=("issuer",)).facets["issuer"]
        names = {fold(one.value): one.value for one in counted if one.value}
        return [names[near] for near in get_close_matches(fold(name), names, n=_MOST, cutoff=_NEAR)]

    @property
    def _everything(self) -> str:
        """A query that every article matches: what the search finds, or what it does not."""
        query = self.asked.query
        return f"({query} ) OR -({query} )"


def _fields(tokens: Sequence[Token]) -> list[Token]:
    """Return the fields that every article must have; none where they may be alternatives."""
    if any(token.kind not in ("leaf", "not") for token in tokens):
        return []
    denied = {place + 1 for place, token in enumerate(tokens) if token.kind == "not"}
    return [
        token
        for place, token in enumerate(tokens)
        if isinstance(token.leaf, FieldTerm | DateTerm) and place not in denied
    ]
