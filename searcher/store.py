"""What does the index remember of each document?

One SQLite database in each generation of an index holds the files that were read, their articles and the text of
every paragraph; the engine beside it holds only units. A row of ``meta`` names the engine's commit, so one SQLite
transaction brings both from the old state to the new.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from searcher import blocks, rows
from searcher.analyzer import fold
from searcher.blocks import Blocks, Texts
from searcher.connection import connect
from searcher.dates import bounds
from searcher.errors import IndexDamagedError
from searcher.models import ArticleInfo, Paragraph
from searcher.numbers import number_key
from searcher.rows import (
    Known,
    SourceRecord,
    folded_or_none,
    info_from,
    info_json,
    keys_of,
    record_of,
    record_row,
    removed_of,
    title_key,
)

if TYPE_CHECKING:
    from searcher.copies import Sketched
    from searcher.documents import Article, Removed

FILE_NAME = "articles.db"
PAGE = 1_024  # bytes: a block of texts spreads over as many as it needs; large pages would stay half empty


class Store:
    """A connection to the database of one generation; a reader's sees one moment until ``refresh``."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        with ExitStack() as opening:
            self._connection = connect(path, writable=writable)
            opening.callback(self._connection.close)
            self._connection.row_factory = sqlite3.Row
            self._blocks = Blocks(self._connection)
            self._writable = writable
            if not writable:
                self.refresh()
            opening.pop_all()

    @classmethod
    def create(cls, path: Path) -> Store:
        """Make a new, empty database."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(rows.SCHEMA + blocks.SCHEMA)
        return cls(path, writable=True)

    def refresh(self) -> None:
        """Let a reader see what has been committed until now."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN")
        self._connection.execute("SELECT count(*) FROM meta").fetchone()  # the moment is fixed by the first read

    def close(self) -> None:
        """Close the connection; a writer brings everything into the one file first, unless a reader is in the way."""
        if self._writable and not self._connection.in_transaction:
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    # ---- writing

    def begin(self) -> None:
        """Start a transaction."""
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since ``begin`` visible and durable at once."""
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forget everything since ``begin``."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value under a name."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def add_root(self, path: str) -> None:
        """Remember a folder or file that the index is made from."""
        self._connection.execute("INSERT OR IGNORE INTO root VALUES (?)", (path,))

    def remove_root(self, path: str) -> None:
        """Forget a folder or file that the index was made from."""
        self._connection.execute("DELETE FROM root WHERE path = ?", (path,))

    def mark(self) -> None:
        """Begin what may be taken back by itself."""
        self._connection.execute("SAVEPOINT mark")

    def keep(self) -> None:
        """Keep what has been done since ``mark``."""
        self._connection.execute("RELEASE mark")

    def take_back(self) -> None:
        """Take back what has been done since ``mark``; numbers of articles that were given are not given again."""
        last = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'article'").fetchone()
        self._connection.execute("ROLLBACK TO mark")
        self._connection.execute("RELEASE mark")
        if last is not None:
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = 'article'")
            self._connection.execute("INSERT INTO sqlite_sequence VALUES ('article', ?)", tuple(last))

    def add_source(self, path: str) -> None:
        """Add a file of which nothing is known yet; ``set_source`` says the rest."""
        self._connection.execute("INSERT INTO source (path) VALUES (?)", (path,))

    def set_source(self, record: SourceRecord) -> None:
        """Note what is known of a file that was added."""
        values = record_row(record)
        settings = ", ".join(f"{name} = :{name}" for name in values)
        self._connection.execute(f"UPDATE source SET {settings} WHERE path = :path", values)  # noqa: S608

    def put_article(self, path: str, article: ArticleInfo, texts: Texts) -> int:
        """Add an article, whose id is given, to a file that was added; return its number."""
        first, last = bounds(article.date or article.published)
        row = (
            article.id, path, article.ordinal, texts.paragraphs, first, last, number_key(article.number),
            title_key(article.title), folded_or_none(article.title), folded_or_none(article.issuer),
            folded_or_none(article.source), folded_or_none(article.author),
            fold("\n".join(article.keywords)), info_json(article, path),
        )  # fmt: skip
        number = self._connection.execute(
            "INSERT INTO article VALUES (NULL, ?, (SELECT id FROM source WHERE path = ?),"
            " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            row,
        ).lastrowid
        assert number is not None  # noqa: S101
        if texts.sketch:
            self._connection.execute("INSERT INTO sketch VALUES (?, ?)", (number, texts.sketch))
        self._blocks.put(number, texts.blocks)
        return number

    def touch_source(self, path: str, *, size: int, mtime_ns: int, looked_ns: int) -> None:
        """Note that a file was written again with the same content."""
        self._connection.execute(
            "UPDATE source SET size = ?, mtime_ns = ?, looked_ns = ? WHERE path = ?", (size, mtime_ns, looked_ns, path)
        )

    def make_unlike(self, number: int) -> None:
        """Note that the file of an article is not as the index has it, so that it is read again."""
        self._connection.execute(
            "UPDATE source SET size = -1, digest = x'' WHERE id = (SELECT source FROM article WHERE number = ?)",
            (number,),
        )

    def remove_source(self, path: str) -> list[int]:
        """Remove a file and its articles; return the numbers of the articles."""
        numbers = [
            row[0]
            for row in self._connection.execute(
                "SELECT number FROM article WHERE source = (SELECT id FROM source WHERE path = ?)", (path,)
            )
        ]
        for number in numbers:
            self._blocks.remove(number)
        self._connection.execute("DELETE FROM article WHERE source = (SELECT id FROM source WHERE path = ?)", (path,))
        self._connection.execute("DELETE FROM source WHERE path = ?", (path,))
        return numbers

    def remove_article(self, number: int) -> None:
        """Remove one article and leave the rest of its file."""
        characters = sum(len(paragraph.text) for paragraph in self._blocks.whole(number))
        self._connection.execute(
            "UPDATE source SET characters = characters - ? WHERE id = (SELECT source FROM article WHERE number = ?)",
            (characters, number),
        )
        self._blocks.remove(number)
        self._connection.execute("DELETE FROM article WHERE number = ?", (number,))

    # ---- reading

    def meta(self, name: str) -> str | None:
        """Return the value that is remembered under a name, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def roots(self) -> list[str]:
        """Return the folders and files that the index is made from."""
        return [row[0] for row in self._connection.execute("SELECT path FROM root ORDER BY path")]

    def sources(self) -> Iterator[SourceRecord]:
        """Yield every file, in the order of the paths."""
        for row in self._connection.execute("SELECT * FROM source ORDER BY path"):
            yield record_of(row)

    def source(self, path: str) -> SourceRecord | None:
        """Return what is known of a file."""
        row = self._connection.execute("SELECT * FROM source WHERE path = ?", (path,)).fetchone()
        return None if row is None else record_of(row)

    def removed(self, number: int) -> tuple[Removed, ...]:
        """Return what was taken out of the file of an article."""
        query = "SELECT removed FROM source WHERE id = (SELECT source FROM article WHERE number = ?)"
        return removed_of(self._connection.execute(query, (number,)).fetchone()[0])

    def fingerprints(self) -> dict[str, Known]:
        """Return of every file what tells whether it is still the same."""
        rows = self._connection.execute(
            "SELECT path, digest, size, mtime_ns, looked_ns, error, tried,"
            " error IS NOT NULL OR failures IS NOT NULL FROM source"
        )
        return {path: Known(*values) for path, *values in rows}

    def edges(self) -> Iterator[tuple[str, frozenset[int], frozenset[int]]]:
        """Yield path, candidates and repeated lines of every file that has candidates."""
        for row in self._connection.execute(
            "SELECT path, candidates, repeated FROM source WHERE candidates IS NOT NULL"
        ):
            yield row["path"], keys_of(row["candidates"]), keys_of(row["repeated"])

    def sketched(self) -> Iterator[Sketched]:
        """Yield what tells whether articles are copies, of every article that has a sketch."""
        from searcher.copies import Sketched  # a search has no use for it

        for row in self._connection.execute(
            "SELECT number, sketch, number_key, first_day, last_day FROM article JOIN sketch USING (number)"
        ):
            yield Sketched(*row)

    def set_copies(self, groups: Mapping[int, int]) -> None:
        """Note of each article that is a copy of another the least number of those that are copies of each other."""
        self._connection.execute("UPDATE article SET copy_of = NULL WHERE copy_of IS NOT NULL")
        self._connection.executemany("UPDATE article SET copy_of = ? WHERE number = ?",
                                     ((group, number) for number, group in groups.items()))  # fmt: skip

    def copies(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return what ``set_copies`` has noted of some articles."""
        query = (
            "SELECT number, copy_of FROM article"
            " WHERE number IN (SELECT value FROM json_each(?)) AND copy_of IS NOT NULL"
        )
        return dict(self._connection.execute(query, (json.dumps(list(numbers)),)).fetchall())

    def members(self, groups: Iterable[int]) -> dict[int, set[int]]:
        """Return the articles that are copies of each other, by their least number."""
        found: dict[int, set[int]] = {group: set() for group in groups}
        query = "SELECT copy_of, number FROM article WHERE copy_of IN (SELECT value FROM json_each(?))"
        for group, number in self._connection.execute(query, (json.dumps(list(found)),)):
            found[group].add(number)
        return found

    def empty(self) -> list[str]:
        """Return the files that were read and gave no article."""
        query = "SELECT path FROM source WHERE error IS NULL AND id NOT IN (SELECT source FROM article) ORDER BY path"
        return [row[0] for row in self._connection.execute(query)]

    def failed(self) -> int:
        """Return how many files could not be read."""
        return int(self._connection.execute("SELECT count(*) FROM source WHERE error IS NOT NULL").fetchone()[0])

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def totals(self) -> tuple[int, int]:
        """Return how many paragraphs there are and how many code points they hold."""
        row = self._connection.execute(
            "SELECT (SELECT coalesce(sum(paragraphs), 0) FROM article),"
            " (SELECT coalesce(sum(characters), 0) FROM source)"
        ).fetchone()
        return int(row[0]), int(row[1])

    def numbers(self) -> set[int]:
        """Return the numbers of all articles."""
        return {row[0] for row in self._connection.execute("SELECT number FROM article")}

    def infos(self, numbers: Iterable[int]) -> dict[int, ArticleInfo]:
        """Return what is known of some articles, by number."""
        return {row["number"]: ArticleInfo(**info_from(row)) for row in self._rows(numbers)}

    def _rows(self, numbers: Iterable[int]) -> Iterator[sqlite3.Row]:
        yield from self._connection.execute(
            "SELECT article.*, source.path FROM article JOIN source ON source.id = article.source"
            " WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )

    def sizes(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return how many paragraphs some articles have, by number."""
        query = "SELECT number, paragraphs FROM article WHERE number IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(list(numbers)),)).fetchall())

    def places(self, numbers: set[int]) -> list[tuple[int, str | None, str, int]]:
        """Return of some articles the number, the last day their date stands for, the file, and the place in it."""
        rows = self._connection.execute(
            "SELECT number, last_day, path, ordinal FROM article JOIN source ON source.id = article.source"
            " WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return [tuple(row) for row in rows]

    def ordered(self) -> list[int]:
        """Return the numbers of all articles in the order of their files and their places in them."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT number FROM article JOIN source ON source.id = article.source ORDER BY path, ordinal"
            )
        ]

    def article(self, number: int) -> Article:
        """Return a whole article."""
        from searcher.documents import Article

        for row in self._rows([number]):
            return Article(**info_from(row), paragraphs=tuple(self._blocks.whole(number)))
        raise IndexDamagedError(f"the index has no article number {number}", hint="Run: policy-search rebuild")

    def find(self, prefix: str) -> list[tuple[int, str]]:
        """Return number and id of the articles whose id begins so, three at most."""
        prefix = prefix.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is in no id
        last = prefix + "\U0010ffff"
        rows = self._connection.execute(
            "SELECT number, id FROM article WHERE id >= ? AND id < ? ORDER BY id LIMIT 3", (prefix, last)
        )
        return [(row[0], row[1]) for row in rows]

    def has_source(self, path: str) -> bool:
        """Tell whether a file of this path is known."""
        return self._connection.execute("SELECT 1 FROM source WHERE path = ?", (path,)).fetchone() is not None

    def number_of(self, identifier: str) -> int | None:
        """Return the number of the article that has this id, or None."""
        row = self._connection.execute("SELECT number FROM article WHERE id = ?", (identifier,)).fetchone()
        return None if row is None else int(row[0])

    def has_id(self, identifier: str) -> bool:
        """Tell whether an article has this id."""
        return self.number_of(identifier) is not None

    def texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Return texts by their keys (see ``searcher.keys``), without those that are empty."""
        return self._blocks.texts(keys)

    def paragraphs(self, keys: Iterable[int]) -> dict[int, Paragraph]:
        """Return paragraphs by their keys."""
        return self._blocks.paragraphs(keys)

    def held(self) -> int:
        """Return how many texts there are that are not empty."""
        return self._blocks.held()

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield number and value of every article that has a value in a column."""
        query = f"SELECT number, {name} FROM article WHERE {name} IS NOT NULL"  # noqa: S608
        yield from self._connection.execute(query)

    def entitled(self, keys: Iterable[int]) -> list[tuple[int, str, str]]:
        """Return number, folded title and issuer ("" for none) of the articles whose titles have these keys."""
        rows = self._connection.execute(
            "SELECT number, title_folded, coalesce(issuer_folded, '') FROM article"
            " WHERE title_key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return [tuple(row) for row in rows]

    def days(self) -> Iterator[tuple[int, str, str]]:
        """Yield number, first and last possible day of every article that has a date."""
        for row in self._connection.execute(
            "SELECT number, first_day, last_day FROM article WHERE first_day IS NOT NULL"
        ):
            yield row[0], row[1], row[2]

    def check(self) -> str | None:
        """Return what SQLite finds wrong with the database, or None."""
        answer = str(self._connection.execute("PRAGMA quick_check").fetchone()[0])
        return None if answer == "ok" else answer
