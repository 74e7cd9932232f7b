"""Which lines would indexing learn to be those of a site, and not of the document?

Files are scored one by one, but indexing reads them folder by folder and takes out what the pages of one have in
common. ``folder_lines`` learns the same, so that what is scored is what an index would hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from searcher.errors import SearcherError
from searcher.readers import read
from searcher.repeated import FEWEST_FILES, learned
from searcher.split import extract

_NO_PAGES = frozenset({".pdf", ".docx", ".doc", ".ofd", ".jsonl", ".json", ".epub", ".rtf", ".txt", ".md"})


def folder_lines(files: Iterable[Path]) -> Mapping[Path, frozenset[int]]:
    """Return, by folder of the files, the keys of the lines that its pages have in common (``searcher.repeated``)."""
    return {folder: _learned(folder) for folder in {file.parent for file in files}}


def _learned(folder: Path) -> frozenset[int]:
    counts: Counter[int] = Counter()
    pages = 0
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.suffix.lower() not in _NO_PAGES]
    for file in files if len(files) >= FEWEST_FILES else ():
        try:
            found = frozenset().union(*(extract(source).candidates for source in read(file)))
        except SearcherError:
            continue
        pages += bool(found)
        counts.update(found)
    return learned(counts, pages)
