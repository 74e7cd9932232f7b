"""Which lines do the pages of each folder have in common?

What is learned of a folder depends on the pages that lie in it and on nothing else: not on the order in which they
came. So an index that grew and one that is made anew take out the same lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

Keys = frozenset[int]  # of lines, see ``searcher.repeated``


class Folders:
    """The edges of the pages of every folder, and what is learned from them."""

    def __init__(self, edges: Iterable[tuple[str, Keys, Keys]] = ()) -> None:
        self._pages: defaultdict[str, dict[str, tuple[Keys, Keys]]] = defaultdict(dict)
        self._counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._learned: dict[str, Keys] = {}
        for path, candidates, taken in edges:
            self._put(path, candidates, taken)
        for folder in self._pages:
            self._learn(folder)

    def _put(self, path: str, candidates: Keys, taken: Keys) -> None:
        folder = _folder(path)
        self.remove(path)
        self._pages[folder][path] = candidates, taken
        self._counts[folder].update(candidates)

    def put(self, path: str, candidates: Keys, taken: Keys) -> None:
        """Note the candidates of a file, and which lines were taken out of it; none of either: it is no page."""
        if not candidates:
            self.remove(path)
            return
        self._put(path, candidates, taken)
        pages = len(self._pages[_folder(path)])
        if pages & (pages - 1) == 0:  # often enough, and cheap for great folders, too
            self._learn(_folder(path))

    def remove(self, path: str) -> None:
        """Forget a file."""
        folder = _folder(path)
        if path in self._pages.get(folder, ()):
            self._counts[folder].subtract(self._pages[folder].pop(path)[0])

    def repeated(self, path: str) -> Keys:
        """Return the lines to take out of a file, as far as is known yet."""
        return self._learned.get(_folder(path), frozenset())

    def outdated(self) -> list[str]:
        """Return the files of which other lines were taken out than are known now to be common in their folders."""
        for folder in self._pages:
            self._learn(folder)
        return sorted(
            path
            for folder, pages in self._pages.items()
            for path, (candidates, taken) in pages.items()
            if candidates & self._learned[folder] != taken
        )

    def _learn(self, folder: str) -> None:
        from searcher.repeated import learned  # folders without pages need not wait for it

        self._learned[folder] = learned(self._counts[folder], len(self._pages[folder]))


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)
