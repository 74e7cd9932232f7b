"""What text is in a PDF?

Text is read as text, page by page; pages that are pictures of text, or whose fonts do not say what their signs mean,
are recognized. Nothing outside of the file is ever loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from searcher.errors import ReadError
from searcher.models import Failure, Line, ReadOptions, Source
from searcher.readers import ocr
from searcher.readers.pdf_layout import TextLine, arrange
from searcher.readers.pdf_paragraphs import Page, furniture, paragraphs

if TYPE_CHECKING:
    import pypdfium2 as pdfium

    from searcher.readers.pdf_page import Content

_MOST_PAGES = 20_000
_DPI = 200
_POINTS = 72  # an inch
# A page of less text than this under a picture, or with more paths than this, is a picture of text.
_FEW = 50
_PICTURED = 0.5
_DRAWN = 500
# A page is unreadable if so many of its characters, and so large a part, mean nothing.
_UNREADABLE = 10
_UNREADABLE_PART = 0.3
_SAVE_AGAIN = "open it in a PDF viewer and save it again"

_MASTHEAD = re.compile(r".*(?:国家|行业|地方|团体|企业|国家职业卫生)标准|.{2,40}文件|.{0,30}公报")
_SECTION = re.compile(r"第[一二三四五六七八九十\d]{1,3}[编章节条]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FEWEST_HAN = 4


@dataclass(slots=True)
class _Pages:
    """The pages read so far, and what became of the others: why each of them is not read."""

    read: list[Page] = field(default_factory=list)
    slanted: list[Line] = field(default_factory=list)
    recognized: list[int] = field(default_factory=list)
    unread: dict[int, ReadError] = field(default_factory=dict)


def read_pdf(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read a PDF: a line for each paragraph, heading or row of a table, with its page.

    Running heads, feet and page numbers are lines of kind ``boilerplate``. Pages that cannot be read while others are
    become ``failures``. Raises ReadError where the file is encrypted or damaged, or where no page can be read.
    """
    with _opened(data) as document:
        pages = _read_pages(document, options)
    if pages.unread and not any(page.lines for page in pages.read):
        raise next(iter(pages.unread.values()))
    lines = (*paragraphs(pages.read, furniture(pages.read)), *pages.slanted)
    return Source(
        path=name,
        format="pdf",
        encoding="pdf",
        lines=lines,
        metadata=_metadata(lines),
        ocr_pages=tuple(pages.recognized),
        failures=tuple(_failures(pages.unread, name)),
    )


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF, and tell in our own words what PDFium has against it."""
    try:
        import pypdfium2
    except ImportError as error:
        raise ReadError("reading PDF is not installed", hint="python -m pip install 'policy-search[docs]'") from error
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError("encrypted with a password", hint="save it without its password") from error
        raise ReadError("damaged, or no PDF", hint=_SAVE_AGAIN) from error
    try:
        if not 0 < len(document) <= _MOST_PAGES:
            raise ReadError(f"{len(document):,} pages; a PDF has 1 to {_MOST_PAGES:,}")
        yield document
    finally:
        document.close()


def _read_pages(document: pdfium.PdfDocument, options: ReadOptions) -> _Pages:
    pages = _Pages()
    until = ocr.deadline(options)
    for number in range(1, len(document) + 1):
        try:
            with _page(document, number) as page:
                _read_page(page, number, pages, refusal=ocr.refusal(options, until))
        except ReadError as error:
            pages.unread[number] = error
    return pages


@contextmanager
def _page(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage]:
    import pypdfium2

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError("damaged", hint=_SAVE_AGAIN) from error
    try:
        yield page
    except pypdfium2.PdfiumError as error:
        raise ReadError("damaged", hint=_SAVE_AGAIN) from error
    finally:
        page.close()


def _read_page(page: pdfium.PdfPage, number: int, pages: _Pages, *, refusal: ReadError | None) -> None:
    from searcher.readers.pdf_page import read_page

    content = read_page(page)
    if content.lost >= _UNREADABLE and content.lost > content.readable:
        raise ReadError(
            "text in fonts that are neither in the file nor on this system",
            hint="install a Chinese font, such as Noto Sans CJK, and read it again",
        )
    if _is_picture(content):
        if refusal is not None:
            raise refusal
        lines, height = _recognized(page)
        pages.recognized.append(number)
    else:
        lines, height = arrange(content.pieces, content.rules), content.height
        for pieces in content.sideways:
            lines += arrange(pieces)
        if content.stray:
            pages.slanted.append(Line(content.stray, None, "boilerplate", number))
    pages.read.append(Page(number, height, tuple(lines)))


def _is_picture(content: Content) -> bool:
    """Tell a page that must be recognized: hardly any text under a picture, or signs that mean nothing."""
    everything = content.readable + content.unreadable
    if content.unreadable >= _UNREADABLE and content.unreadable > _UNREADABLE_PART * everything:
        return True
    return content.readable < _FEW and (content.pictured >= _PICTURED or content.drawings >= _DRAWN)


def _recognized(page: pdfium.PdfPage) -> tuple[list[TextLine], float]:
    """Return the lines that are recognized in a picture of the page, and its height in pixels."""
    width, height = page.get_size()
    bitmap = page.render(scale=min(_DPI / _POINTS, ocr.fitting(width, height)))
    try:
        return ocr.recognize(bitmap.to_numpy()), float(bitmap.height)
    finally:
        bitmap.close()


def _metadata(lines: Sequence[Line]) -> dict[str, str]:
    """Return the title: a heading on the first page, above the text. What the file itself calls it is often junk."""
    for line in lines:
        if line.page != 1 or _SECTION.match(line.text):
            return {}
        if (
            line.kind == "heading"
            and len(_HAN.findall(line.text)) >= _FEWEST_HAN
            and not _MASTHEAD.fullmatch(line.text)
        ):
            return {"title": line.text}
    return {}


def _failures(unread: dict[int, ReadError], name: str) -> Iterator[Failure]:
    """Yield one failure for all pages that have the same thing wrong with them."""
    told: dict[tuple[str, str], list[int]] = {}
    for number, error in unread.items():
        told.setdefault((error.message, error.hint), []).append(number)
    for (message, hint), numbers in told.items():
        yield Failure(name, f"{_pages(numbers)}: {message}", hint)


def _pages(numbers: Sequence[int]) -> str:
    """Name pages: ``page 3``, ``pages 3-5, 9``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    named = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f"page{'s' if len(numbers) > 1 else ''} {named}"
