"""What are we talking about?

The frozen dataclasses that travel from room to room, and nothing else. Positions in a text
are counted in code points; ranges are half-open; dates are ISO 8601 strings as precise as known
(``2018``, ``2018-05`` or ``2018-05-21``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal["text", "heading", "row", "meta", "boilerplate"]
ParagraphKind = Literal["text", "heading", "row"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open range ``[start, end)`` of code points in a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text file, or one block of a page, as it was read.

    ``number`` counts from 1 in the file, or is None where the format has no lines. ``kind`` is what the
    format itself says: ``heading`` (``#`` in Markdown, ``<h1>``), ``row`` (a table row, cells parted by tabs),
    ``meta`` (front matter), ``boilerplate`` (outside the page's main content), else ``text``.
    """

    text: str
    number: int | None = None
    kind: LineKind = "text"


@dataclass(frozen=True, slots=True)
class Source:
    """All the text that is in one file.

    ``lines`` hold every visible character of the document, in reading order. ``metadata`` is what the format
    carries beside its text (the ``<title>`` and ``<meta>`` of a page, front matter keys), names in lower case.
    """

    path: str
    format: str
    encoding: str
    lines: tuple[Line, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Removed:
    """Text that was taken out as belonging to the page and not to the document, and why."""

    text: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article: the unit that is matched, ranked and shown.

    ``ordinal`` counts from 0 in the article. ``line`` counts from 1 in the file (its first line), or is None.
    """

    text: str
    ordinal: int = 0
    line: int | None = None
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """What is known of an article beside its paragraphs.

    ``id`` is given by the index; ``path`` is the file, ``ordinal`` the article's place in it, from 0.
    ``issuer`` is the 发文机关, ``number`` the 发文字号 as written, ``date`` the 成文日期 (for news: of the event or
    of publication), ``published`` the 发布日期, ``addressee`` the 主送机关, ``index_no`` the 索引号, ``topic`` the 主题分类.
    ``inferred`` names the fields that were concluded and not read as such.
    ``front`` holds, verbatim, the lines (or parts of lines) that were read as title and metadata.
    """

    id: str = ""
    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    date: str | None = None
    published: str | None = None
    source: str | None = None
    author: str | None = None
    keywords: tuple[str, ...] = ()
    url: str | None = None
    original_title: str | None = None
    addressee: str | None = None
    index_no: str | None = None
    topic: str | None = None
    path: str = ""
    ordinal: int = 0
    record_id: str | None = None
    inferred: tuple[str, ...] = ()
    front: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """A whole article: what is known of it, and its paragraphs in order."""

    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out of one file: its articles, and what was taken out.

    Every non-space character of the source's lines is in exactly one ``front`` line, paragraph or ``removed`` text.
    """

    articles: tuple[Article, ...]
    removed: tuple[Removed, ...]
