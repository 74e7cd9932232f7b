"""What are we talking about?

The frozen dataclasses that travel from room to room, and nothing else: here those of a search; ``searcher.documents``
and ``searcher.reports`` have the others, which are loaded when they are asked for, here too. Positions in a text
are counted in code points; ranges are half-open; dates are ISO 8601 strings as precise as known
(``2018``, ``2018-05`` or ``2018-05-21``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from searcher.details import Expansion
    from searcher.documents import Article as Article
    from searcher.documents import Extraction as Extraction
    from searcher.documents import Removed as Removed
    from searcher.documents import Source as Source
    from searcher.reports import Diagnosis as Diagnosis
    from searcher.reports import FacetValue, TermDetails
    from searcher.reports import Failure as Failure
    from searcher.reports import Report as Report
    from searcher.reports import Similar as Similar
    from searcher.reports import Stats as Stats
    from searcher.reports import Suspicion as Suspicion
else:

    def __getattr__(name: str) -> object:
        """Return a data class of the modules that a search does without: each takes its time to be made."""
        if not name.startswith("_"):  # an import asks for __path__, too
            from searcher import documents, reports

            for module in (documents, reports):
                if name in vars(module):
                    return getattr(module, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
    ``meta`` (front matter, a record's fields), ``boilerplate`` (outside the page's main content), else ``text``.
    ``page`` counts from 1 where the format has pages; ``sheet`` names the table of a workbook.
    """

    text: str
    number: int | None = None
    kind: LineKind = "text"
    page: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files are read, and what one of them may cost.

    ``names`` say how a file of records calls a field: ``{"title": "bt"}``. ``max_bytes`` bounds a file's size, and
    what an archive unpacks to; ``max_seconds`` and ``max_memory`` (bytes) bound the reading of one file. ``ocr`` says
    whether text in pictures is recognized.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 500_000_000
    max_seconds: float = 300.0
    max_memory: int = 2 << 30
    ocr: bool = True


DEFAULT_OPTIONS = ReadOptions()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article: the unit that is matched, ranked and shown.

    ``ordinal`` counts from 0 in the article. ``line`` counts from 1 in the file (its first line), ``page`` from 1 in a
    file of pages; ``sheet`` is the table of a workbook; each is None where the format has no such thing.
    """

    text: str
    ordinal: int = 0
    line: int | None = None
    kind: ParagraphKind = "text"
    page: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """What is known of an article beside its paragraphs.

    ``id`` is given by the index; ``path`` is the file, ``ordinal`` the article's place in it, from 0. ``issuer``
    is the 发文机关 as written, ``issuers`` each of them in a joint document, ``number`` the 发文字号 as written,
    ``date`` the 成文日期 (for news: of the event or of publication), ``published`` the 发布日期, ``effective`` the
    施行日期, ``status`` what the document states of its force (有效, 已修改, 已废止), ``addressee`` the 主送机关,
    ``attachments`` the names of its 附件, ``index_no`` the 索引号, ``topic`` the 主题分类. ``record`` counts the
    records of a file from 1, ``record_id`` is the id that a record brought with it. ``inferred`` names
    the fields that were concluded and not read as such. ``front`` holds, verbatim, the lines (or parts of lines) that
    were read as title and metadata.
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
    issuers: tuple[str, ...] = ()
    effective: str | None = None
    status: str | None = None
    attachments: tuple[str, ...] = ()
    path: str = ""
    ordinal: int = 0
    record: int | None = None
    record_id: str | None = None
    inferred: tuple[str, ...] = ()
    front: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph in a hit: as in the article, with its score and what to highlight in ``text``.

    ``highlights`` are sorted, disjoint and inside the text. ``context`` says that the paragraph is shown only because
    it stands beside one that matches.
    """

    ordinal: int
    line: int | None
    score: float
    text: str
    highlights: tuple[Span, ...] = ()
    context: bool = False
    page: int | None = None
    sheet: str | None = None

    def marked(self, before: str, after: str) -> str:
        """Return the text with ``before`` and ``after`` around each highlight."""
        return mark(self.text, self.highlights, before, after)


def mark(text: str, spans: tuple[Span, ...], before: str, after: str) -> str:
    """Return ``text`` with ``before`` and ``after`` around each span."""
    pieces, place = [], 0
    for span in spans:
        pieces += [text[place : span.start], before, text[span.start : span.end], after]
        place = span.end
    return "".join([*pieces, text[place:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that matches, with its best paragraphs, best first.

    ``rank`` counts from 1. ``partial`` says that it holds only some of the words. A higher ``score`` is better;
    scores of different queries cannot be compared. ``copies`` is how many copies of the article match as well and are
    not shown. ``parts`` are the parts of the score by name, as far as they were asked for.
    """

    rank: int
    score: float
    partial: bool
    article: ArticleInfo
    paragraphs: tuple[Passage, ...]
    title_highlights: tuple[Span, ...] = ()
    copies: int = 0
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Exact counts over the whole index, whatever the limit.

    ``articles`` match in full, ``paragraphs`` of those hold any of the query's terms, ``partial`` articles hold
    only some of its words.
    """

    articles: int
    paragraphs: int
    partial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search found: the hits asked for, in order, and the totals. A sequence of its hits.

    ``expansions`` are the other names that counted as a term of the query; ``suggestions`` are queries that may have
    been meant where little was found. ``terms`` and ``facets`` are there where they were asked for.
    """

    query: str
    engine: str
    total: Total
    took_ms: float
    hits: tuple[Hit, ...]
    expansions: tuple[Expansion, ...] = ()
    suggestions: tuple[str, ...] = ()
    terms: tuple[TermDetails, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, place: int) -> Hit:
        return self.hits[place]
