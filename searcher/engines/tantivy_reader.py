"""How is a commit of the tantivy engine read?

tantivy finds, counts by article and adds up what articles gain; only what is to be looked at comes out of it as
document addresses. What ranking asks of every document lies in arrays beside each segment, so that opening an index
reads nothing document by document.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

from tantivy import DocAddress, Query

from searcher.engines import Candidates, Kind
from searcher.engines.files import damaged
from searcher.engines.tantivy_files import COLUMNS, Columns, Manifest, Opened, telling
from searcher.engines.tantivy_queries import LONGEST_RUN, Queries, is_utf_8, term
from searcher.keys import FIRST_PARAGRAPH, WHOLE, Places, article_of, is_in, place_of

KNOWN = 50_000  # units, of which it is remembered how many articles hold them
_TIES = 50  # articles that may gain as much as the last one, before more are asked for
_MANY = 5_000  # hits for which no room is made in advance
_FEW = 1_000  # texts that are sooner fetched in vain than not asked for
_BUCKETS = 60_000  # articles that tantivy counts by; it allows itself 65,000


class Range(NamedTuple):
    """Documents side by side whose keys follow on one another (see ``Columns``)."""

    start: int
    first: int
    size: int
    length: int

    @property
    def heads(self) -> range:
        """The titles and metadata lines among them."""
        return range(self.start, self.start + min(self.size, FIRST_PARAGRAPH - place_of(self.first)))


class TantivyReader:
    """The segments of one commit, one after the other in the order of the first key of each."""

    def __init__(self, folder: Path) -> None:
        manifest = Manifest.read(folder)
        manifest.check_sizes(folder)
        self._folder, self._manifest = folder, manifest
        opened = Opened(folder)
        self._opened: Opened | None = opened
        self._searcher = opened.searcher
        self._queries = Queries(opened.schema)
        self.count, self.total_length = manifest.count, manifest.total_length
        columns = [Columns.read(folder / name) for name in manifest.files if name.endswith(COLUMNS)]
        self._ranges = list[Range]()
        bases: dict[int, int] = {}
        end = 0
        for one in sorted(columns, key=lambda one: one.firsts[0]):
            bases[one.firsts[0]] = end
            for first, size, length in zip(one.firsts, one.sizes, one.lengths, strict=True):
                self._ranges.append(Range(end, first, size, length))
                end += size
        self.articles = _articles(self._ranges)
        self.keys = _woven(self.articles, _places(self._ranges))
        firsts = self._asked(opened.first_keys)
        if not bases.keys() >= set(firsts):
            raise damaged(folder.parent, "its segments are not those that the columns were written for")
        self._bases = [bases[key] for key in firsts]
        self._whole = int(self._searcher.num_docs) == len(self.keys)  # nothing has been removed
        self._known: dict[tuple[Kind, str], int] = {}

    @cached_property
    def heads(self) -> frozenset[int]:
        """The documents that are titles and metadata lines."""
        return frozenset(head for one in self._ranges for head in one.heads)

    @cached_property
    def lengths(self) -> dict[int, int]:
        """The length of each article."""
        return {article_of(one.first): one.length for one in self._ranges if place_of(one.first) == WHOLE}

    @cached_property
    def _sizes(self) -> Counter[int]:
        """The number of documents of each article."""
        sizes = Counter[int]()
        for one in self._ranges:
            sizes[article_of(one.first)] += one.size
        return sizes

    # ---- articles

    def frequency(self, kind: Kind, unit: str) -> int:
        """Return how many articles hold a unit."""
        known = self._known.get((kind, unit)) if is_utf_8(unit) else 0
        if known is None:
            # tantivy knows at once how many documents hold a term, counting those that were removed.
            if self._whole:
                known = self._asked(self._searcher.doc_freq, kind, term(unit))
            else:
                known = self._number(self._queries.unit(kind, unit))
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[kind, unit] = known
        return known

    def holding(self, kind: Kind, units: Collection[str]) -> set[int]:
        """Return the articles that hold any of the units."""
        query = self._queries.any_of([self._queries.unit(kind, unit) for unit in units if is_utf_8(unit)])
        addresses = [at for _, at in self._every_hit(query, len(self.lengths))]
        return set(self._asked(self._searcher.fast_field_values, "article", addresses))

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> list[tuple[int, int]]:
        """Return articles that gain the most."""
        query = self._queries.any_of([self._queries.unit(*unit, gain) for unit, gain in gains.items()])
        limit = min(number, len(self.lengths)) + _TIES  # tantivy makes room for as many as are asked for
        while True:
            hits = self._hits(query, limit)
            if len(hits) < limit or hits[-1][0] < hits[number - 1][0]:
                break
            limit *= 4
        least = hits[number - 1][0] if 0 < number < len(hits) else 0
        articles, bases = self.articles, self._bases
        found = [(articles[bases[at.segment_ord] + at.doc], int(gain)) for gain, at in hits if gain >= least]
        return sorted(found, key=lambda item: (-item[1], item[0])) if number else []

    def lexicon(self) -> Iterator[str]:
        """Yield every word."""
        for word, _ in self._asked(self._searcher.terms_with_prefix, "words", ""):
            yield word

    # ---- texts

    def knows(self, run: str) -> bool:
        """Tell: the pairs of a run stand side by side; only so many of them are looked for."""
        return len(run) <= LONGEST_RUN

    def counts(self, runs: Collection[str], places: Places, *, every: bool = False) -> dict[int, int]:
        """Return of each article how many of its texts hold any of the runs, or every one of them."""
        query = self._queries.standing(runs, places, every=every)
        size = len(self.lengths)
        if size > _BUCKETS:
            return dict(Counter(map(self.articles.__getitem__, self._found(query, len(self.keys)))))
        counting = {"articles": {"terms": {"field": "article", "size": size, "segment_size": size}}}
        answer = self._asked(self._searcher.aggregate, query, counting) if size else {"articles": {"buckets": ()}}
        return {int(bucket["key"]): bucket["doc_count"] for bucket in answer["articles"]["buckets"]}

    def texts(self, run: str, places: Places) -> array[int]:
        """Return the texts in these places that hold a run."""
        if self._most(run) > _FEW:
            return self._found(self._queries.standing((run,), places), len(self.keys))
        found = self._found(self._queries.standing((run,)), _FEW)
        return array("I", [text for text in found if is_in(self.keys[text], places)])

    def candidates(self, runs: Collection[str]) -> Candidates:
        """Return the texts that may hold all of the runs."""
        # of a run that is very long, the beginning
        query = self._queries.all_of([self._queries.standing((run[:LONGEST_RUN],)) for run in runs])
        found = self._found(query, len(self.keys))
        certain = len(runs) == 1 and all(map(self.knows, runs))
        return Candidates(found, ()) if certain else Candidates((), found)

    def gains(self, articles: Collection[int], gains: Mapping[str, int]) -> dict[int, int]:
        """Return what the texts of some articles gain by the runs that they hold."""
        bases, most = self._bases, sum(map(self._most, gains))
        if most > _FEW:
            texts = sum(map(self._sizes.__getitem__, articles))
            hits = self._hits(self._queries.gaining(gains, articles), texts)
            return {bases[at.segment_ord] + at.doc: int(gain) for gain, at in hits}
        # To find the texts of these articles would take longer than to find them all.
        hits = self._hits(self._queries.gaining(gains), most)
        found = ((bases[at.segment_ord] + at.doc, int(gain)) for gain, at in hits)
        article_of, among = self.articles, set(articles)
        return {document: gain for document, gain in found if article_of[document] in among}

    def _most(self, run: str) -> int:
        """Return in how many texts a run stands at most, also in removed ones."""
        pairs = list(map("".join, pairwise(run)))
        if not pairs or not is_utf_8(run):
            return len(self.keys)
        return min(int(self._asked(self._searcher.doc_freq, "pairs", pair)) for pair in pairs)

    def documents(self) -> array[int]:
        """Return the numbers of all live texts."""
        live = range(len(self.keys)) if self._whole else self._found(Query.all_query(), len(self.keys))
        wholes = (one.start for one in self._ranges if place_of(one.first) == WHOLE)
        return array("I", sorted(set(live).difference(wholes)))

    # ---- asking tantivy

    def _asked(self, ask: Callable[..., Any], *arguments: object, **options: object) -> Any:
        with telling(self._folder):
            return ask(*arguments, **options)

    def _number(self, query: Query) -> int:
        return int(self._asked(self._searcher.search, query, limit=1, count=True).count)

    def _hits(self, query: Query, limit: int) -> list[tuple[float, DocAddress]]:
        """Return the best documents, each with its score."""
        hits = self._asked(self._searcher.search, query, limit=max(1, limit), count=False).hits
        return cast("list[tuple[float, DocAddress]]", hits)

    def _every_hit(self, query: Query, most: int) -> list[tuple[float, DocAddress]]:
        """Return all the documents that a query finds; there are not more than ``most``."""
        # tantivy makes room for as many as are asked for
        return self._hits(query, self._number(query) if most > _MANY else most)

    def _found(self, query: Query, most: int) -> array[int]:
        """Return the numbers of all the documents that a query finds, ascending; there are not more than ``most``."""
        bases = self._bases
        return array("I", sorted([bases[at.segment_ord] + at.doc for _, at in self._every_hit(query, most)]))

    # ---- files

    def check(self) -> str | None:
        """Return which file is not as it was written, or None; reads them all."""
        changed = self._manifest.changed(self._folder, self._manifest.files)
        return f"{changed} is not as it was written" if changed else None

    def close(self) -> None:
        """Let go of the files."""
        opened, self._opened, self._searcher = self._opened, None, None
        if opened is not None:
            opened.close()


def _articles(ranges: Sequence[Range]) -> array[int]:
    """Return the article of each document."""
    articles = array("I")
    for one in ranges:
        articles += array("I", (article_of(one.first),)) * one.size
    return articles


def _places(ranges: Sequence[Range]) -> array[int]:
    """Return the place of each document."""
    ends = [place_of(one.first) + one.size for one in ranges if place_of(one.first) != WHOLE]
    places, usual, whole = array("I"), array("I", range(max(ends, default=0))), array("I", (WHOLE,))
    for one in ranges:
        place = place_of(one.first)
        places += whole if place == WHOLE else usual[place : place + one.size]
    return places


def _woven(articles: array[int], places: array[int]) -> array[int]:
    """Return the keys of documents: an article is the upper half of a key, a place the lower."""
    halves = array("I", bytes(8 * len(places)))
    upper = 1 if sys.byteorder == "little" else 0
    halves[upper::2], halves[1 - upper :: 2] = articles, places
    return array("Q", halves.tobytes())
