"""How is the database of an index opened?"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from searcher.errors import IndexFolderError


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a database that is there. Raises FileNotFoundError, sqlite3.Error and IndexFolderError."""
    if not path.exists():
        raise FileNotFoundError(path)
    uri = path.absolute().as_uri()
    with ExitStack() as opening:
        connection = sqlite3.connect(f"{uri}?mode={'rw' if writable else 'ro'}", uri=True, isolation_level=None)
        opening.callback(connection.close)
        if writable:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA cache_size = -32000")  # KB; what does not fit is written out and read again
        elif not _has_journal(connection):
            _need_all_in_one_file(path)
            return sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
        opening.pop_all()
    return connection


def _has_journal(connection: sqlite3.Connection) -> bool:
    """Tell whether there is a journal beside the file, or can be: not so on a medium that cannot be written."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            return False
        raise
    return True


def _need_all_in_one_file(path: Path) -> None:
    """See that a database that is read without its journal has nothing in it. Raises IndexFolderError."""
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise IndexFolderError(
            f"{path.parent} must be writable: not all that was written to the index is in its one file yet",
            hint="Open the index once where its folder can be written.",
        )
