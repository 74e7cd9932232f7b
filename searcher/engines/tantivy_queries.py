"""How is tantivy asked for units and runs?

Its own fields: ``words``, ``levels`` and ``grams`` of articles as a whole, ``pairs`` of texts, in order and with their
positions, so that pairs which stand side by side are a run. A character by itself is found as the beginning of a pair.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

import tantivy
from tantivy import Occur, Query

from searcher.engines import Kind
from searcher.keys import EVERYWHERE, FIRST_PARAGRAPH, FRONT, TITLE, WHOLE, Places

LONGEST_RUN = 400  # code points of a run whose pairs are looked for side by side
MARKS = {FRONT: "\x01F", TITLE: "\x01T"}  # among the pairs of the texts that are no paragraphs
_LONGEST = 65_000  # bytes of a term; tantivy leaves out what is longer


def term(unit: str) -> str:
    """Return what a unit is called in the index: itself, unless it is too long for a term."""
    if len(unit) * 4 <= _LONGEST or len(unit.encode("utf-8", "surrogatepass")) <= _LONGEST:
        return unit
    return "\x00" + blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def is_utf_8(unit: str) -> bool:
    """Tell whether a text may be a term: lone surrogates are in no text."""
    try:
        unit.encode()
    except UnicodeEncodeError:
        return False
    return bool(unit)


def kept_place(place: int) -> int:
    """Return what a place is kept as: a small number, also where the place is the greatest of all."""
    return (place + 1) & WHOLE


def place_kept_as(kept: int) -> int:
    """Return the place of which ``kept_place`` was kept."""
    return (kept - 1) & WHOLE


def schema() -> tantivy.Schema:
    """Return the fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_unsigned_field("place", fast=True)
    builder.add_unsigned_field("length", fast=True)
    for name in ("words", "levels", "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="position")
    return builder.build()


class Queries:
    """Makes queries for one schema. What they find scores what it gains."""

    def __init__(self, shape: tantivy.Schema) -> None:
        self._schema = shape

    def unit(self, kind: Kind, unit: str, gain: int = 1) -> Query:
        """Find articles that hold a unit."""
        return self._term(kind, term(unit), gain) if is_utf_8(unit) else Query.empty_query()

    def _term(self, field: str, name: str, gain: int = 1) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, name, index_option="basic"), float(gain))

    def run(self, run: str, gain: int = 1) -> Query:
        """Find texts that hold a run."""
        if not is_utf_8(run):
            return Query.empty_query()
        if len(run) == 2:
            return self._term("pairs", run, gain)
        if len(run) == 1:
            found = Query.regex_query(self._schema, "pairs", f"\\x{{{ord(run):x}}}.?")
        else:
            # All pairs: every second one would do, but that the end of a run could stand between two of them.
            found = Query.phrase_query(self._schema, "pairs", list(map("".join, pairwise(run))))
        return Query.const_score_query(found, float(gain))

    def standing(self, runs: Iterable[str], places: Places = EVERYWHERE, *, every: bool = False) -> Query:
        """Find texts in some places that hold any of the runs, or every one of them."""
        found = (self.all_of if every else self.any_of)([self.run(run) for run in runs])
        marks = [self._term("pairs", MARKS[place]) for place in places if place in MARKS]
        if FIRST_PARAGRAPH not in places:
            return self.all_of([found, self.any_of(marks)])
        others = [self._term("pairs", mark) for place, mark in MARKS.items() if place not in places]
        return Query.boolean_query([(Occur.Must, found), *((Occur.MustNot, other) for other in others)])

    def gaining(self, gains: Mapping[str, int], articles: Collection[int] | None = None) -> Query:
        """Find texts, of some articles only (None: of all), that hold runs."""
        found = self.any_of([self.run(run, gain) for run, gain in gains.items()])
        if articles is None:
            return found
        among = Query.const_score_query(Query.term_set_query(self._schema, "article", list(articles)), 0.0)
        return self.all_of([among, found])

    @staticmethod
    def any_of(queries: Sequence[Query]) -> Query:
        """Find what any of the queries finds; it gains what they gain together."""
        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()

    @staticmethod
    def all_of(queries: Sequence[Query]) -> Query:
        """Find what all the queries find."""
        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.empty_query()
