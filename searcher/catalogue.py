"""How are paths written in an index?"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

ADDED = "added:"  # begins the path of articles that a script added

# A file name may hold bytes that are no UTF-8, which a database cannot: they become the last private characters.
_BYTES = {0xDC00 + byte: 0x10FF00 + byte for byte in range(0x80, 0x100)}
_TO_BYTES = {character: escape for escape, character in _BYTES.items()}


class Catalogue:
    """How paths are written in an index: relative to the folder it lies in, where they can be.

    So an index and its documents can be moved together, and a call from any folder means the same files.
    """

    def __init__(self, index_folder: Path) -> None:
        self.index_folder = Path(os.path.abspath(index_folder))  # noqa: PTH100  # resolve() would follow links
        self._base = self.index_folder.parent

    def path(self, file: Path) -> str:
        """Return the path of a file as the index knows it."""
        absolute = Path(os.path.abspath(file))  # noqa: PTH100
        known = absolute.relative_to(self._base) if absolute.is_relative_to(self._base) else absolute
        return os.fsencode(known.as_posix()).decode("utf-8", "surrogateescape").translate(_BYTES)

    def file(self, path: str) -> Path:
        """Return the file of a path that the index knows."""
        return self._base / _decoded(path)

    def under(self, path: str, root: str) -> bool:
        """Tell whether a path that the index knows is a root or lies under it; both as the index writes them."""
        return not path.startswith(ADDED) and self.file(path).is_relative_to(self.file(root))

    def shown(self, path: str) -> str:
        """Return a path as it can be used from the current folder; empty for articles without a file."""
        if path.startswith(ADDED):
            return ""
        name = path.rpartition("/")[2]
        return _shown(self._base, path.removesuffix(name), os.getcwd()) + _decoded(name)  # noqa: PTH109  # each hit asks


def _decoded(path: str) -> str:
    return os.fsdecode(path.translate(_TO_BYTES).encode("utf-8", "surrogateescape"))


@lru_cache(maxsize=1_000)
def _shown(base: Path, path: str, here: str) -> str:
    """Return what to write before the names of the files in a folder, so that they can be used from ``here``."""
    folder = base / _decoded(path)
    inside = folder.is_relative_to(here)
    if inside and folder == Path(here):
        return ""
    shown = str(folder.relative_to(here) if inside else folder)
    return shown if shown.endswith(os.sep) else shown + os.sep
