"""How are files and articles written in the rows of the database?"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.analyzer import fold
from searcher.models import ArticleInfo, Line
from searcher.same_title import subject_key, title_name

if TYPE_CHECKING:
    from searcher.documents import Removed
    from searcher.reports import Failure

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE root (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
    digest BLOB, size INTEGER, mtime_ns INTEGER, looked_ns INTEGER,
    format TEXT, encoding TEXT, characters INTEGER, garbled INTEGER, recognized INTEGER,
    candidates BLOB, repeated BLOB, removed BLOB, failures TEXT, error TEXT, hint TEXT, tried TEXT);
CREATE TABLE article (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE, ordinal INTEGER NOT NULL, paragraphs INTEGER NOT NULL,
    first_day TEXT, last_day TEXT, number_key TEXT,
    title_key INTEGER, title_folded TEXT, issuer_folded TEXT, source_folded TEXT,
    author_folded TEXT, keywords_folded TEXT,
    copy_of INTEGER, info TEXT NOT NULL);
CREATE TABLE sketch (number INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE, sketch BLOB NOT NULL);
CREATE INDEX article_title ON article (title_key) WHERE title_key IS NOT NULL;
CREATE INDEX article_source ON article (source, ordinal);
CREATE INDEX article_copy_of ON article (copy_of) WHERE copy_of IS NOT NULL;
"""

_INFO = tuple(field.name for field in fields(ArticleInfo))
_OWN_COLUMNS = {"id", "path", "ordinal"}  # not kept twice


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """What is known of one file: where it is, what it held when it was read, and what went wrong, if anything.

    ``path`` is relative to the folder that the index lies in where it can be; ``size`` is in bytes,
    ``characters`` counts code points of its paragraphs; ``digest`` is of the file's bytes, or None for articles
    that a script added; ``looked_ns`` is when the file was looked at, before that was done. ``garbled`` counts what no
    document holds, such as U+FFFD; ``recognized`` the pages whose text was recognized in a picture. ``candidates`` are
    the keys of lines that may be those of its site, ``repeated`` those that were taken out as such
    (``searcher.repeated``). ``failures`` tell what of the file could not be read while the rest was. ``tried`` says
    with what means it was read, where not all of it could be.
    """

    path: str
    digest: bytes | None = None
    size: int = 0
    mtime_ns: int = 0
    looked_ns: int = 0
    format: str = ""
    encoding: str = ""
    characters: int = 0
    garbled: int = 0
    recognized: int = 0
    candidates: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    removed: tuple[Removed, ...] = ()
    failures: tuple[Failure, ...] = ()
    error: str | None = None
    hint: str = ""
    tried: str = ""


_RECORD = tuple(field.name for field in fields(SourceRecord))


class Known(NamedTuple):
    """What tells whether a file is still as it was read."""

    digest: bytes | None
    size: int
    mtime_ns: int
    looked_ns: int
    error: str | None
    tried: str
    troubled: bool  # something of it could not be read


def info_json(article: ArticleInfo, path: str) -> str:
    """Return what is known of an article of the file ``path``, without its own columns."""
    values = {name: getattr(article, name) for name in _INFO if name not in _OWN_COLUMNS}
    if article.path != path:  # a member of an archive
        values["path"] = article.path
    values["front"] = [(line.text, line.number, line.kind, line.page, line.sheet) for line in article.front]
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)


def info_from(row: sqlite3.Row) -> dict[str, Any]:
    """Return the attributes of an article."""
    values: dict[str, Any] = json.loads(row["info"])
    for name in ("keywords", "inferred", "issuers", "attachments"):
        values[name] = tuple(values.get(name, ()))
    values["front"] = tuple(Line(*line) for line in values.get("front", ()))
    return values | {"id": row["id"], "path": values.get("path", row["path"]), "ordinal": row["ordinal"]}


def record_row(record: SourceRecord) -> dict[str, Any]:
    """Return what is known of a file, by column."""
    return {name: getattr(record, name) for name in _RECORD} | {
        "removed": _removed_blob(record.removed),
        "failures": _json_or_none([(f.path, f.message, f.hint) for f in record.failures]),
        "candidates": _blob_of(record.candidates),
        "repeated": _blob_of(record.repeated),
    }


def record_of(row: sqlite3.Row) -> SourceRecord:
    """Return what is known of a file from its row."""
    from searcher.reports import Failure  # a search has no use for it

    values = {name: row[name] for name in _RECORD}
    values["removed"] = removed_of(row["removed"])
    values["failures"] = tuple(Failure(*item) for item in json.loads(row["failures"] or "[]"))
    values["candidates"], values["repeated"] = keys_of(row["candidates"]), keys_of(row["repeated"])
    return SourceRecord(**values)


def _removed_blob(removed: Sequence[Removed]) -> bytes | None:
    values = [(one.text, one.line, one.reason) for one in removed]
    return zlib.compress(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")) if values else None


def removed_of(blob: bytes | None) -> tuple[Removed, ...]:
    """Return what was taken out of a file."""
    from searcher.documents import Removed

    values = json.loads(zlib.decompress(blob)) if blob else ()
    return tuple(Removed(*item) for item in values)


def _json_or_none(values: Sequence[object]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None


def _blob_of(keys: frozenset[int]) -> bytes | None:
    """Return a set of signed 64-bit numbers as bytes, nothing for an empty one."""
    return array("q", sorted(keys)).tobytes() if keys else None


def keys_of(blob: bytes | None) -> frozenset[int]:
    """Return a set of numbers from its bytes."""
    found = array("q")
    found.frombytes(blob or b"")
    return frozenset(found)


def title_key(title: str | None) -> int | None:
    """Return the key of a title, the same for all titles of its subject; None where no letter or digit is in it."""
    name = title_name(title or "")
    return subject_key(name) if name else None


def folded_or_none(value: str | None) -> str | None:
    """Return a value as it is searched for."""
    return None if value is None else fold(value)
