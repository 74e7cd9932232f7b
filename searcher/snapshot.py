"""What of the index has been looked up while one query is answered?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from searcher.engines import Kind, Reader
from searcher.store import Store

FEW = 2_000  # texts that are remembered when they are asked for together


@dataclass
class Snapshot:
    """One commit of the index while one query is answered; remembers what it has looked up."""

    reader: Reader
    store: Store
    _frequency: dict[tuple[Kind, str], int] = field(default_factory=dict)
    _texts: dict[int, str] = field(default_factory=dict)

    @cached_property
    def articles(self) -> int:
        """The number of articles."""
        return self.store.count("article")

    def frequency(self, kind: Kind, unit: str) -> int:
        """Return how many articles hold a unit."""
        found = self._frequency.get((kind, unit))
        if found is None:
            found = self._frequency[kind, unit] = self.reader.frequency(kind, unit)
        return found

    def texts(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the texts of these keys; a text that is empty is not stored."""
        missing = [key for key in keys if key not in self._texts]
        self._texts.update(dict.fromkeys(missing, ""))
        if missing:
            self._texts.update(self.store.texts(missing))
        return {key: self._texts[key] for key in keys}

    def each_text(self, keys: Sequence[int]) -> Iterator[str]:
        """Yield the text of each of these keys; of many, none is remembered."""
        for start in range(0, len(keys), FEW):
            some = keys[start : start + FEW]
            texts = self.texts(some) if len(keys) <= FEW else self.store.texts(some)
            yield from (texts.get(key, "") for key in some)

    def articles_of(self, documents: Iterable[int]) -> set[int]:
        """Return the numbers of the articles that these documents belong to."""
        return set(map(self.reader.articles.__getitem__, documents))
