"""What text is in an OFD document (GB/T 33190, the state's own format for fixed pages)?

ofdkit tells which text stands where; lines and paragraphs are made of it as of a PDF's. Pages that show their text as
pictures or as drawn signs are recognized.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from searcher.errors import ReadError
from searcher.models import Failure, ReadOptions, Source
from searcher.readers import ocr
from searcher.readers.ofd_render import Drawings, Shown, drawings, render
from searcher.readers.package import Package, open_package
from searcher.readers.pdf_layout import Piece, TextLine, arrange
from searcher.readers.pdf_paragraphs import Page, furniture, paragraphs

if TYPE_CHECKING:
    import ofdkit

_POINTS = 72 / 25.4  # a millimetre
# A character's box reaches so many ems above and below the line that it stands on.
_ABOVE, _BELOW = 0.88, 0.12
# A page is recognized if so many of its characters, and so large a part of its letters, mean nothing by themselves.
_UNREADABLE = 10
_UNREADABLE_PART = 0.1
# ... or if it has less text than this and pictures or drawn signs.
_FEW = 50
_DRAWN = 100
_OPTIONAL = "python -m pip install 'policy-search[docs]'"


def read_ofd(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read an OFD document: a line for each paragraph, heading or row, with its page; templates are part of a page.

    Page numbers and running heads are ``boilerplate``. Pages that cannot be read while others are become ``failures``.
    Raises ReadError where ofdkit is not installed, where the file is damaged, and where no page can be read.
    """
    _check(open_package(data, options))
    package = open_package(data, options)
    read: list[Page] = []
    recognized: list[int] = []
    failures: list[Failure] = []
    until = ocr.deadline(options)
    with _opened(data) as document:
        for number, page in enumerate(document.pages, start=1):
            lines: list[TextLine] = []
            try:
                lines, shows = _lines(page, package)
                if shows is not None:
                    lines = _merged(lines, _recognized(page, package, shows, ocr.refusal(options, until)))
                    recognized.append(number)
            except ReadError as error:
                failures.append(Failure(name, f"page {number}: {error.message}", error.hint))
            if lines:
                read.append(Page(number, page.height * _POINTS, tuple(lines)))
        metadata = _metadata(document.info)
    if failures and not read:
        raise ReadError(failures[0].message, hint=failures[0].hint)
    return Source(
        path=name,
        format="ofd",
        encoding="utf-8",
        lines=paragraphs(read, furniture(read)),
        metadata=metadata,
        ocr_pages=tuple(recognized),
        failures=tuple(failures),
    )


def _check(package: Package) -> None:
    """Unpack everything once, within the limits, before ofdkit does."""
    for member in package.names:
        package.read(member)


@contextmanager
def _opened(data: bytes) -> Iterator[ofdkit.OFDDocument]:
    try:
        import ofdkit
    except ImportError as error:
        raise ReadError("reading OFD needs ofdkit", hint=_OPTIONAL) from error
    try:
        with ofdkit.open(data) as document:
            yield document
    except ofdkit.OFDError as error:
        raise ReadError(f"damaged, or no OFD document: {error}", hint="get the file anew, or repair it") from error


def _lines(page: ofdkit.Page, package: Package) -> tuple[list[TextLine], Shown | None]:
    """Return the lines of a page, and what of the page has to be recognized beside them."""
    import ofdkit

    try:
        runs = page.runs
    except ofdkit.OFDError as error:
        raise ReadError(f"damaged: {error}", hint="get the file anew, or repair it") from error
    text = "".join(run.text for run in runs)
    unreadable = sum(map(_means_nothing, text))
    if unreadable >= _UNREADABLE and unreadable > _UNREADABLE_PART * (unreadable + sum(map(str.isalnum, text))):
        return [], "everything"
    drawn = drawings(package, page.location) if page.location else Drawings((), 0, pictured=False)
    lines = arrange([_piece(run) for run in runs], drawn.rules)
    few = len(text.strip()) < _FEW and (drawn.pictured or drawn.paths >= _DRAWN)
    return lines, "drawings" if few else None


def _merged(lines: list[TextLine], recognized: list[TextLine]) -> list[TextLine]:
    return sorted([*lines, *recognized], key=lambda line: line.top) if lines else recognized


def _means_nothing(character: str) -> bool:
    """Tell a character of private use, whose sign only its font knows."""
    return character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn")


def _piece(run: ofdkit.TextRun) -> Piece:
    em = max(run.size * _POINTS, 0.1)
    x, y = run.x * _POINTS, run.y * _POINTS
    return Piece(run.text, x, y - _ABOVE * em, x + run.width * _POINTS, y + _BELOW * em, em)


def _recognized(page: ofdkit.Page, package: Package, shows: Shown, refusal: ReadError | None) -> list[TextLine]:
    """Return the lines that are recognized in a picture of the page, boxes in points."""
    if refusal is not None:
        raise refusal

    picture, scale = render(package, page.location, page.box, shows=shows)
    lines = ocr.recognize(picture)
    return [
        replace(
            line, x0=line.x0 / scale, x1=line.x1 / scale, top=line.top / scale, bottom=line.bottom / scale,
            em=line.em / scale, left=line.left / scale, right=line.right / scale,
        )
        for line in lines
    ]  # fmt: skip


def _metadata(info: ofdkit.DocInfo) -> dict[str, str]:
    """Return what the document says of itself; title and author are often those of a template or a program."""
    found = {"keywords": ",".join(info.keywords), "ofd:title": info.title or "", "ofd:author": info.author or ""}
    return {name: text for name, text in found.items() if text}
