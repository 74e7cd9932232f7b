"""How is a commit of the tantivy engine read?

tantivy finds, counts by article and adds up what articles gain; only what is to be looked at comes out of it as
document addresses. What ranking asks of every document lies in arrays beside each segment, so that opening an index
reads nothing document by document.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from tantivy import DocAddress, Query

from searcher.engines import Candidates, Kind
from searcher.engines.files import damaged
from searcher.engines.tantivy_files import COLUMNS, Columns, Manifest, Opened, telling
from searcher.engines.tantivy_queries import LONGEST_RUN, Queries, is_utf_8, term
from searcher.keys import WHOLE, Places, is_in, place_of

KNOWN = 50_000  # units, of which it is remembered how many articles hold them
_TIES = 50  # articles that may gain as much as the last one, before more are asked for
_MANY = 5_000  # hits for which no room is made in advance
_FEW = 1_000  # texts that are sooner fetched in vain than not asked for
_BUCKETS = 60_000  # articles that tantivy counts by; it allows itself 65,000


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
        self.keys, self.articles = array("Q"), array("I")
        self._wholes, self._lengths = array("I"), array("I")
        bases: dict[int, int] = {}
        for keys, one in sorted(((one.keys(), one) for one in columns), key=lambda item: item[0][0]):
            bases[keys[0]] = len(self.keys)
            self.keys += keys
            self.articles += one.articles
            self._wholes += one.wholes
            self._lengths += one.lengths
        firsts = self._asked(opened.first_keys)
        if not bases.keys() >= set(firsts):
            raise damaged(folder.parent, "its segments are not those that the columns were written for")
        self._bases = [bases[key] for key in firsts]
        self._whole = int(self._searcher.num_docs) == len(self.keys)  # nothing has been removed
        self._known: dict[tuple[Kind, str], int] = {}

    @cached_property
    def lengths(self) -> dict[int, int]:
        """The length of each article."""
        return dict(zip(self._wholes, self._lengths, strict=True))

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
        # sooner than by document addresses: the numbers come with the hits, in place of scores
        hits = self._every_hit(query, len(self._wholes), order_by_field="article")
        return {int(article) for article, _ in hits}

    def best(self, gains: Mapping[tuple[Kind, str], int], number: int) -> list[tuple[int, int]]:
        """Return articles that gain the most."""
        query = self._queries.any_of([self._queries.unit(*unit, gain) for unit, gain in gains.items()])
        limit = min(number, len(self._wholes)) + _TIES  # tantivy makes room for as many as are asked for
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
        size = len(self._wholes)
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
        bases, most = self._bases, min(len(self.keys), sum(map(self._most, gains)))
        if most > _FEW:
            hits = self._hits(self._queries.gaining(gains, articles), most)
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
        return array("I", [document for document in live if place_of(self.keys[document]) != WHOLE])

    # ---- asking tantivy

    def _asked(self, ask: Callable[..., Any], *arguments: object, **options: object) -> Any:
        with telling(self._folder):
            return ask(*arguments, **options)

    def _number(self, query: Query) -> int:
        return int(self._asked(self._searcher.search, query, limit=1, count=True).count)

    def _hits(self, query: Query, limit: int, **options: object) -> list[tuple[float, DocAddress]]:
        """Return the best documents, each with its score, or with what they are ordered by."""
        hits = self._asked(self._searcher.search, query, limit=max(1, limit), count=False, **options).hits
        return cast("list[tuple[float, DocAddress]]", hits)

    def _every_hit(self, query: Query, most: int, **options: object) -> list[tuple[float, DocAddress]]:
        """Return all the documents that a query finds; there are not more than ``most``."""
        # tantivy makes room for as many as are asked for
        return self._hits(query, self._number(query) if most > _MANY else most, **options)

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
