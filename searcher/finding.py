"""Which files are there to be indexed?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from searcher.catalogue import Catalogue
from searcher.errors import ReadError
from searcher.models import Failure
from searcher.readers import is_document


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be indexed: where it is, and its path as the index knows it."""

    file: Path
    path: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What lies in some files and folders.

    ``documents`` are in the order of their paths; ``others`` counts files that are no documents, by ending.
    ``unseen`` are the files and folders that are gone or could not be looked into, as the index knows them, and
    ``failures`` says why.
    """

    documents: tuple[Found, ...]
    others: Counter[str]
    unseen: tuple[str, ...]
    failures: tuple[Failure, ...]


def need(roots: Iterable[Path]) -> None:
    """See that files and folders are there. Raises ReadError."""
    for root in roots:
        if not os.path.exists(root):  # noqa: PTH110  # Path.exists raises where a folder above is not to be entered
            raise ReadError(f"there is no file or folder {root}", hint="Check the spelling, and the folder you are in.")


def find(catalogue: Catalogue, roots: Iterable[Path]) -> Findings:
    """Find the documents in some files and folders. Hidden files are passed over, links to folders not followed."""
    found: dict[str, Found] = {}
    others: Counter[str] = Counter()
    failures: dict[str, Failure] = {}

    def fail(place: Path, reason: str, hint: str) -> None:
        path = catalogue.path(place)
        failures[path] = Failure(catalogue.shown(path), reason, hint)

    def fail_to_look(error: OSError) -> None:
        fail(Path(error.filename), error.strerror or str(error), "check the permissions of the folder")

    for root in roots:
        if not os.path.exists(root):  # noqa: PTH110  # as above
            fail(root, "no such file or folder", f"policy-search remove {root}")
            continue
        folder = root.is_dir()
        for file in _walk(root, catalogue.index_folder, fail_to_look) if folder else (root,):
            if folder and not is_document(file):
                others[file.suffix.lower() or "without ending"] += 1
                continue
            path = catalogue.path(file)
            found[path] = Found(file, path)
    documents = tuple(found[path] for path in sorted(found))
    return Findings(documents, others, tuple(failures), tuple(failures.values()))


def _walk(root: Path, skip: Path, onerror: Callable[[OSError], None]) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, onerror=onerror):
        visible = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(name for name in visible if Path(os.path.abspath(folder), name) != skip)  # noqa: PTH100
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def walk_finds(folder: Path, file: Path) -> bool:
    """Tell whether a file is one of the documents in a folder."""
    if not file.is_relative_to(folder) or file.is_dir() or not is_document(file):
        return False
    return not any(part.startswith(".") for part in file.relative_to(folder).parts)
