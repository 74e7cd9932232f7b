"""Which articles and files do ids and paths name?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from searcher.catalogue import ADDED, Catalogue
from searcher.errors import ArticleNotFoundError
from searcher.store import Store


def number_of(store: Store, identifier: str) -> int:
    """Return the number of the article with an id, or whose id alone begins so. Raises ArticleNotFoundError."""
    found = store.find(identifier) if identifier else []
    if len(found) == 1 or (found and found[0][1] == identifier):
        return found[0][0]
    if found:
        several = ", ".join(name for _, name in found)
        raise ArticleNotFoundError(f"several ids begin with {identifier}: {several}", hint="Write more of the id.")
    raise ArticleNotFoundError(f"no article has the id {identifier}", hint="See the ids with: policy-search list")


@dataclass(frozen=True, slots=True)
class Targets:
    """What paths and ids stand for: files, roots and single articles, and the titles of what an id names."""

    paths: set[str]
    roots: set[str]
    numbers: set[int]
    titles: tuple[str, ...]


def targets_of(store: Store, catalogue: Catalogue, targets: Iterable[str | os.PathLike[str]]) -> Targets:
    """Return what paths and ids stand for.

    Raises ArticleNotFoundError for what stands for nothing.
    """
    under = catalogue.under
    paths: set[str] = set()
    roots: set[str] = set()
    numbers: set[int] = set()
    known, known_roots = store.fingerprints(), store.roots()
    for target in targets:
        if target == "":  # an unset variable leaves it; as a path it would be the current folder
            raise ArticleNotFoundError("the path is empty", hint="For the current folder write .")
        path = catalogue.path(Path(target))
        files = {other for other in known if under(other, path)}
        tops = {root for root in known_roots if under(root, path)}
        if not files and not tops:
            numbers.add(_target(store, str(target)))
        paths |= files
        roots |= tops
    own = {number: store.article(number) for number in sorted(numbers)}
    scripted = {number for number, article in own.items() if article.path.startswith(ADDED)}
    titles = tuple(article.title or "(no title)" for article in own.values())
    return Targets(paths | {own[number].path for number in scripted}, roots, numbers - scripted, titles)


def _target(store: Store, target: str) -> int:
    try:
        return number_of(store, target)
    except ArticleNotFoundError as error:
        raise ArticleNotFoundError(
            f"nothing indexed has the path or the id {target}",
            hint="See paths and ids with: policy-search list",
        ) from error
