"""What comes out of a file? Frozen data classes, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from searcher.models import ArticleInfo, Line, Paragraph

if TYPE_CHECKING:
    from searcher.reports import Failure


@dataclass(frozen=True, slots=True)
class Source:
    """All the text that is in one file, in one record of it, or in one member of an archive (``a.zip!b.txt``).

    ``lines`` hold every visible character of the document, in reading order. ``metadata`` is what the format
    carries beside its text (the ``<title>`` and ``<meta>`` of a page, front matter keys), names in lower case; for a
    record (format ``record``) they are the names of ``ArticleInfo``. ``record`` counts the file's records from 1;
    ``ocr_pages`` are the pages whose text was recognized in a picture. ``failures`` tell what of the file could not be
    read while the rest was: a damaged member of an archive, lines that are no records.
    """

    path: str
    format: str
    encoding: str
    lines: tuple[Line, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    record: int | None = None
    ocr_pages: tuple[int, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """Text that was taken out as belonging to the page and not to the document, and why."""

    text: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """A whole article: what is known of it, and its paragraphs in order."""

    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out of one file: its articles, and what was taken out.

    Every non-space character of the source's lines is in exactly one ``front`` line, paragraph or ``removed`` text.
    ``candidates`` are the keys of a web page's lines that may be those of its site (``searcher.repeated``).
    """

    articles: tuple[Article, ...]
    removed: tuple[Removed, ...]
    candidates: frozenset[int] = frozenset()
