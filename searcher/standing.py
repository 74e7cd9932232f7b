"""Where does a text stand?

A run that the engine knows is counted by the engine, and its documents are fetched only where they are needed; what the
engine does not know has been looked for in the texts, so that its documents are there already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from searcher.engines import Reader
from searcher.keys import EVERYWHERE, IN_HEADS, IN_PARAGRAPHS, TITLE, Places, is_in, place_of


@dataclass(frozen=True)
class Standing:
    """Where a text stands, in some places only: as a ``run``, or in documents that were ``found``."""

    reader: Reader
    places: Places
    run: str | None = None
    found: Sequence[int] = ()

    @cached_property
    def counts(self) -> dict[int, int]:
        """In how many texts of each article it stands."""
        if self.run is not None:
            return self.reader.counts([self.run], self.places)
        return dict(Counter(map(self.reader.articles.__getitem__, self.found)))

    @cached_property
    def articles(self) -> set[int]:
        """The articles in which it stands."""
        return set(self.counts)

    @cached_property
    def documents(self) -> Sequence[int]:
        """The documents of the texts in which it stands, ascending."""
        return self.found if self.run is None else self.reader.texts(self.run, self.places)

    @cached_property
    def titles(self) -> set[int]:
        """The articles in whose titles it stands."""
        keys, articles = self.reader.keys, self.reader.articles
        return {articles[head] for head in self._heads if place_of(keys[head]) == TITLE}

    @cached_property
    def paragraphs(self) -> dict[int, int]:
        """In how many paragraphs of each article it stands: in those of its texts that are no heads."""
        counts = dict(self.counts)
        for article in map(self.reader.articles.__getitem__, self._heads):
            counts[article] -= 1
            if not counts[article]:
                del counts[article]
        return counts

    @cached_property
    def _heads(self) -> Sequence[int]:
        """The titles and metadata lines in which it stands."""
        among = self.places & IN_HEADS
        if self.run is None:
            return in_places(self.reader, self.found, among)
        return self.reader.texts(self.run, among) if among else ()


def in_places(reader: Reader, documents: Sequence[int], places: Places) -> Sequence[int]:
    """Return those of some documents that are in some places."""
    if places == EVERYWHERE:
        return documents
    keys = reader.keys
    return [document for document in documents if is_in(keys[document], places)]


def paragraphs(standings: Iterable[Standing]) -> dict[int, int]:
    """Return of each article how many of its paragraphs any of these texts stands in."""
    among = list(standings)
    if len(among) == 1:
        return among[0].paragraphs
    runs = [one.run for one in among if one.run is not None]
    if not among:
        return {}
    reader, places = among[0].reader, among[0].places & IN_PARAGRAPHS
    if len(runs) == len(among) == 2 and places:
        # where both stand is sooner found than where either does, which has been counted already
        counts = Counter(among[0].paragraphs)
        counts.update(among[1].paragraphs)
        counts.subtract(reader.counts(runs, places, every=True))
        return counts
    if len(runs) == len(among):
        return reader.counts(runs, places) if places else {}
    every = set[int]().union(*(one.documents for one in among))
    return Standing(reader, places, found=in_places(reader, sorted(every), IN_PARAGRAPHS)).counts
