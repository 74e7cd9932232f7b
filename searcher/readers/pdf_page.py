"""Which characters, lines and pictures stand where on a page of a PDF?

The only file that talks to PDFium about the content of a page. Coordinates come from PDF's (points, y upward, the page
turned as it may be) to those of ``pdf_layout``: upright for the text, y downward.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from searcher.readers.pdf_layout import Piece
from searcher.readers.pdf_table import Rule

# A drawn box this thin (points) is a line; shorter lines belong to a drawing or a letter.
_THIN = 3.0
_SHORTEST_RULE = 6.0
# More objects or segments than this are a drawing, not a table.
_MOST_OBJECTS = 5000
_MOST_SEGMENTS = 400
_STRAIGHT = 4  # degrees
_NOTHING = 0.01
# A font's box is about so much higher than its em.
_BOX = 0.88

# Radicals that fonts name instead of the character (Unicode, EquivalentUnifiedIdeograph.txt): those without a
# compatibility decomposition of their own.
_RADICALS = str.maketrans(dict(zip(
    "⺁⺄⺈⺊⺌⺎⺗⺘⺙⺛⺠⺡⺣⺤⺥⺨⺩⺪⺬⺭⺮⺯⺱⺲⺶⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乙⺈卜⺌兀⺗扌攵旡民氵灬爫爫犭王疋示礻⺮糹罓罒羊羊耂肀月臼艹艹艹虎衤覀西见角𧢲讠贝车辶辶辶阝钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
    strict=True,
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What is on a page: its height when upright, what can be read as text, and what speaks for a picture of text.

    ``stray`` is text at a slant (a watermark). ``readable`` and ``unreadable`` count characters, the latter those that
    the font maps to nothing. ``pictured`` is the part of the page that images cover, ``drawings`` counts paths,
    ``lost`` texts of no width: in fonts of other systems, for PDFium leaves out what it cannot draw.
    """

    height: float
    pieces: tuple[Piece, ...]
    sideways: tuple[tuple[Piece, ...], ...]
    stray: str
    rules: tuple[Rule, ...]
    readable: int
    unreadable: int
    pictured: float
    drawings: int
    lost: int


@dataclass(slots=True)
class _Drawn:
    """What is drawn on a page: boxes of straight lines, and what ``Content`` counts."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictured: float = 0.0
    paths: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    known: bool
    turn: int | None
    box: tuple[float, float, float, float]


def read_page(page: pdfium.PdfPage) -> Content:
    """Read the characters and the drawn lines of a page. Raises pypdfium2.PdfiumError."""
    bounds = page.get_bbox()
    textpage = page.get_textpage()
    try:
        characters = [one for one in _characters(textpage) if _is_on_page(one.box, bounds)]
    finally:
        textpage.close()
    turns = Counter(one.turn for one in characters if one.turn is not None and not one.text.isspace())
    main = turns.most_common(1)[0][0] if turns else 0
    drawn = _objects(page, bounds)
    groups = {
        turn: tuple(_piece(one, turn, bounds) for one in characters if one.turn == turn) for turn in sorted(turns)
    }
    return Content(
        height=bounds[3] - bounds[1] if main % 2 == 0 else bounds[2] - bounds[0],
        pieces=groups.pop(main, ()),
        sideways=tuple(groups.values()),
        stray="".join(one.text for one in characters if one.turn is None).strip(),
        rules=tuple(Rule(*_upright(box, main, bounds)) for box in drawn.boxes),
        readable=sum(one.known for one in characters if not one.text.isspace()),
        unreadable=sum(not one.known for one in characters if not one.text.isspace()),
        pictured=drawn.pictured,
        drawings=drawn.paths,
        lost=drawn.lost,
    )


def _characters(textpage: pdfium.PdfTextPage) -> Iterator[_Character]:
    """Yield the characters in the order in which they are drawn; spaces that PDFium concludes are left out."""
    box = raw.FS_RECTF()
    high = 0
    for index in range(textpage.count_chars()):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
        high = 0
        text = _character(code)
        if text and raw.FPDFText_GetLooseCharBox(textpage, index, box):
            turn = _turn(raw.FPDFText_GetCharAngle(textpage, index))
            known = _is_known(text) and raw.FPDFText_HasUnicodeMapError(textpage, index) != 1
            yield _Character(text, known, turn, (box.left, box.bottom, box.right, box.top))


def _character(code: int) -> str:
    """Return the text of a code; a control character is nothing."""
    if code in (0x02, 0xFFFE, 0xAD):
        return "-"  # how PDFium gives a hyphen at the end of a line
    if code == 0:
        return "\ufffd"
    text = chr(code)
    if 0x2E80 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", text.translate(_RADICALS))
    return "" if unicodedata.category(text) in ("Cc", "Cf") and not text.isspace() else text


def _is_known(text: str) -> bool:
    return unicodedata.category(text[0]) not in ("Co", "Cn", "Cs") and text != "\ufffd"


def _turn(angle: float) -> int | None:
    """Return by how many quarters text is turned counterclockwise; None: at a slant. PDFium counts clockwise."""
    quarters = -math.degrees(angle) / 90
    return round(quarters) % 4 if abs(quarters - round(quarters)) * 90 <= _STRAIGHT else None


def _is_on_page(box: tuple[float, float, float, float], bounds: tuple[float, float, float, float]) -> bool:
    return box[0] < bounds[2] and box[2] > bounds[0] and box[1] < bounds[3] and box[3] > bounds[1]


def _piece(character: _Character, turn: int, bounds: tuple[float, float, float, float]) -> Piece:
    x0, top, x1, bottom = _upright(character.box, turn, bounds)
    high = _BOX * (bottom - top)
    wide = x1 - x0 if unicodedata.east_asian_width(character.text[0]) in "WF" else 0.0
    return Piece(character.text, x0, top, x1, bottom, max(wide if 0.7 * high < wide < 1.4 * high else high, 0.1))


def _upright(
    box: tuple[float, float, float, float], turn: int, bounds: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Turn a box (left, bottom, right, top; y upward) so that text turned by ``turn`` quarters stands upright."""
    left, bottom, right, top = box
    if turn == 0:
        return left - bounds[0], bounds[3] - top, right - bounds[0], bounds[3] - bottom
    if turn == 1:
        return bottom - bounds[1], left - bounds[0], top - bounds[1], right - bounds[0]
    if turn == 2:
        return bounds[2] - right, bottom - bounds[1], bounds[2] - left, top - bounds[1]
    return bounds[3] - top, bounds[2] - right, bounds[3] - bottom, bounds[2] - left


# --- what is drawn ---


def _objects(page: pdfium.PdfPage, bounds: tuple[float, float, float, float]) -> _Drawn:
    drawn = _Drawn()
    area = max((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]), 1.0)
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        left, bottom, right, top = box = _bounds(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            drawn.lost += right - left < _NOTHING and raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) == 0
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            wide = min(right, bounds[2]) - max(left, bounds[0])
            high = min(top, bounds[3]) - max(bottom, bounds[1])
            drawn.pictured += max(wide, 0.0) * max(high, 0.0) / area
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            drawn.paths += 1
            drawn.boxes += [box] if min(right - left, top - bottom) <= _THIN else _segments(item)
    long = [box for box in drawn.boxes if max(box[2] - box[0], box[3] - box[1]) >= _SHORTEST_RULE]
    drawn.boxes = long if count <= _MOST_OBJECTS else []
    return drawn


def _bounds(item: raw.FPDF_PAGEOBJECT) -> tuple[float, float, float, float]:
    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *edges)
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _segments(item: raw.FPDF_PAGEOBJECT) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight lines of a path that is drawn as lines and not as an area."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    count = raw.FPDFPath_CountSegments(item)
    if not stroke.value or count > _MOST_SEGMENTS:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    for (_, x0, y0), (kind, x1, y1) in pairwise(_points(item, count, matrix)):
        if kind == raw.FPDF_SEGMENT_LINETO and min(abs(x1 - x0), abs(y1 - y0)) <= _THIN:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _points(item: raw.FPDF_PAGEOBJECT, count: int, matrix: raw.FS_MATRIX) -> Iterator[tuple[int, float, float]]:
    """Yield kind and place of each point of a path; one that is closed comes back to where it began."""
    x, y = ctypes.c_float(), ctypes.c_float()
    begun = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        place = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        begun = place if kind == raw.FPDF_SEGMENT_MOVETO else begun
        yield kind, *place
        if raw.FPDFPathSegment_GetClose(segment):
            yield raw.FPDF_SEGMENT_LINETO, *begun
