"""What policy-search is measured against, beside the obvious script: FTS5 with trigrams, ripgrep, Recoll.

Each side is a class with ``build``, ``search`` (the ten best) and ``can``, which tells whether it can answer a query.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the log: its kind, its terms, and whether they are quoted; ``since`` is a filter, or None."""

    kind: str
    terms: tuple[str, ...]
    quoted: bool = False
    since: str | None = None

    def text(self) -> str:
        """Return it in the language of policy-search."""
        return " ".join(f'"{term}"' if self.quoted else term for term in self.terms)


class Side(Protocol):
    """One of those that are measured."""

    def build(self, files: Sequence[Path], place: Path) -> None:
        """Make an index of files."""
        ...

    def open(self, files: Sequence[Path], place: Path) -> None:
        """Get ready to search."""
        ...

    def can(self, query: Query) -> bool:
        """Tell whether this side can answer a query."""
        ...

    def search(self, query: Query) -> object:
        """Return the ten best."""
        ...


def lines_of(file: Path) -> list[str]:
    """Return the paragraphs of a file."""
    return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]


class Ours:
    """policy-search with one of its engines."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._index: Any = None

    def build(self, files: Sequence[Path], place: Path) -> None:
        """Make an index of files."""
        from searcher import Index

        with Index.open(place, create=True, engine=self._engine) as index:
            report = index.update(*{file.parent for file in files})
        assert report.added == len(files), report

    def open(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Open the index."""
        from searcher import Index

        self._index = Index.open(place)

    def can(self, query: Query) -> bool:  # noqa: ARG002
        """Tell: every string is a query."""
        return True

    def search(self, query: Query) -> object:
        """Return ten articles, ranked and highlighted, with exact counts."""
        return self._index.search(query.text(), since=query.since)


class Obvious:
    """Whoosh with jieba's ``ChineseAnalyzer``, as tutorials pair them."""

    def __init__(self) -> None:
        self._index: Any = None
        self._searcher: Any = None

    def build(self, files: Sequence[Path], place: Path) -> None:
        """Make an index of files."""
        from bench import obvious

        obvious.build(list(files), place)

    def open(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Open the index."""
        from bench import obvious

        self._index = obvious.open_index(place)
        self._searcher = self._index.searcher()

    def can(self, query: Query) -> bool:
        """Tell: it has no dates."""
        return query.since is None

    def search(self, query: Query) -> object:
        """Return ten paragraphs with highlights."""
        from bench import obvious

        return obvious.search(self._index, self._searcher, query.text())


class Trigrams:
    """SQLite's FTS5 with its trigram tokenizer, a row a paragraph."""

    def __init__(self) -> None:
        self._connection: Any = None

    def build(self, files: Sequence[Path], place: Path) -> None:
        """Make a table of paragraphs."""
        place.mkdir()
        connection = sqlite3.connect(place / "fts5.db")
        connection.execute("CREATE VIRTUAL TABLE paragraph USING fts5(title UNINDEXED, text, tokenize='trigram')")
        with connection:
            for file in files:
                rows = ((file.stem, line) for line in lines_of(file))
                connection.executemany("INSERT INTO paragraph VALUES (?, ?)", rows)
        connection.close()

    def open(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Open the table."""
        self._connection = sqlite3.connect(place / "fts5.db")

    def can(self, query: Query) -> bool:
        """Tell: a term needs three characters."""
        return query.since is None and all(len(term) >= 3 for term in query.terms)

    def search(self, query: Query) -> object:
        """Return the ten best paragraphs by bm25, with snippets."""
        terms = " AND ".join(f'"{term}"' for term in query.terms)
        return self._connection.execute(
            "SELECT title, snippet(paragraph, 1, '[', ']', '…', 32) FROM paragraph"
            " WHERE paragraph MATCH ? ORDER BY bm25(paragraph) LIMIT 10",
            (terms,),
        ).fetchall()


class Ripgrep:
    """No index: each query reads all files."""

    def __init__(self) -> None:
        self._folders: list[str] = []

    def build(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Nothing to build."""
        place.mkdir()

    def open(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Remember where the files are."""
        self._folders = sorted({str(file.parent) for file in files})

    def can(self, query: Query) -> bool:
        """Tell: it looks for one fixed text."""
        return query.since is None and len(query.terms) == 1

    def search(self, query: Query) -> object:
        """Return how often the text stands in which file."""
        command = ["rg", "--count-matches", "--fixed-strings", "--", query.terms[0], *self._folders]
        return subprocess.run(command, capture_output=True, check=False).stdout


class Recoll:
    """Debian's recollcmd: Xapian over whole files; a process a query."""

    def __init__(self) -> None:
        self._place = Path()

    def build(self, files: Sequence[Path], place: Path) -> None:
        """Index the folders of the files."""
        place.mkdir()
        folders = " ".join(sorted({str(file.parent) for file in files}))
        (place / "recoll.conf").write_text(f"topdirs = {folders}\nindexStemmingLanguages =\n", "utf-8")
        (place / "mimemap").write_text(".md = text/plain\n", "utf-8")
        subprocess.run(["recollindex", "-c", str(place)], capture_output=True, check=True)

    def open(self, files: Sequence[Path], place: Path) -> None:  # noqa: ARG002
        """Remember where the index is."""
        self._place = place

    def can(self, query: Query) -> bool:
        """Tell: it has other filters."""
        return query.since is None

    def search(self, query: Query) -> object:
        """Return ten files."""
        text = " ".join(f'"{term}"' for term in query.terms)
        command = ["recollq", "-c", str(self._place), "-n", "10", text]
        return subprocess.run(command, capture_output=True, check=False).stdout


def side(name: str) -> Side:
    """Return one side by its name."""
    made: dict[str, Side] = {
        "tantivy": Ours("tantivy"),
        "whoosh": Ours("whoosh"),
        "obvious": Obvious(),
        "fts5": Trigrams(),
        "ripgrep": Ripgrep(),
        "recoll": Recoll(),
    }
    return made[name]


def sides() -> list[str]:
    """Return the names of those that can be measured here."""
    needs = {"ripgrep": "rg", "recoll": "recollindex"}
    return [
        name
        for name in ("tantivy", "whoosh", "obvious", "fts5", "ripgrep", "recoll")
        if name not in needs or shutil.which(needs[name])
    ]
