"""What does a page of an OFD document look like?

Good enough for text in it to be recognized: paths, pictures, and text in the fonts that the document brings, drawn by
PDFium. What is not needed to read (colours, shades, clips, seals) is left out.
"""

from __future__ import annotations

import ctypes
import io
import math
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from lxml import etree

from searcher.errors import ReadError
from searcher.readers.package import Package
from searcher.readers.pdf_table import Rule
from searcher.readers.xml import children, local, parse_xml

if TYPE_CHECKING:
    import numpy
    import pypdfium2 as pdfium

LONGEST_SIDE = 2400
"""Pixels of the longer side of a page's picture."""

_POINTS = 72 / 25.4  # a millimetre
_MOST_PIXELS = 100_000_000
_DEEPEST = 32
_THINNEST = 0.1
_THIN = 1.0
# How many numbers follow each letter of a path (GB/T 33190, 9.3.2).
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

Shown = Literal["everything", "drawings"]
Matrix = tuple[float, float, float, float, float, float]
"""``x' = a x + c y + e``, ``y' = b x + d y + f``."""


@dataclass(frozen=True, slots=True)
class Resources:
    """The fonts and pictures of a document by their ids, as bytes of their files."""

    fonts: Mapping[str, bytes]
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Drawings:
    """What a page shows beside text: straight lines (points, y downward), how many paths, and whether pictures."""

    rules: tuple[Rule, ...]
    paths: int
    pictured: bool


@dataclass(slots=True)
class _Canvas:
    document: pdfium.PdfDocument
    page: pdfium.PdfPage
    resources: Resources
    fonts: dict[str, object] = field(default_factory=dict)
    # PDFium reads a font from our memory as long as the document is open
    held: list[object] = field(default_factory=list)


def render(package: Package, location: str, box: Sequence[float], *, shows: Shown) -> tuple[numpy.ndarray, float]:
    """Draw the page at ``location``, whose box is (x, y, width, height) in millimetres, or its drawings without texts.

    Returns the picture (height x width x 3, BGR, 8 bits), and how many of its pixels are one point. Raises ReadError
    where pypdfium2 is not installed and where the page or a picture in it is damaged.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise ReadError("drawing pages needs pypdfium2", hint="python -m pip install 'policy-search[ocr]'") from error
    wide, high = max(box[2], 1.0) * _POINTS, max(box[3], 1.0) * _POINTS
    document = pypdfium2.PdfDocument.new()
    try:
        canvas = _Canvas(document, document.new_page(wide, high), _resources(package, location))
        # y upward from the lower edge, in points
        upright: Matrix = (_POINTS, 0.0, 0.0, -_POINTS, -box[0] * _POINTS, high + box[1] * _POINTS)
        root = parse_xml(package.read(location), what=location)
        for layer in (layer for content in children(root, "Content") for layer in children(content, "Layer")):
            _draw(layer, upright, canvas, shows)
        canvas.page.gen_content()
        scale = LONGEST_SIDE / max(wide, high)
        return canvas.page.render(scale=scale).to_numpy().copy(), scale
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"its page cannot be drawn: {error}", hint="save it as PDF") from error
    finally:
        document.close()


def drawings(package: Package, location: str) -> Drawings:
    """Return what a page shows beside text. Raises ReadError where it is damaged."""
    root = parse_xml(package.read(location), what=location)
    objects = [
        found
        for content in children(root, "Content")
        for layer in children(content, "Layer")
        for found in _objects(layer, (_POINTS, 0.0, 0.0, _POINTS, 0.0, 0.0))
    ]
    names = [local(element) for element, _ in objects]
    rules = [
        rule
        for (element, matrix), name in zip(objects, names, strict=True)
        if name == "PathObject"
        for rule in _rules(element, matrix)
    ]
    return Drawings(tuple(rules), names.count("PathObject"), "ImageObject" in names)


def _rules(element: etree._Element, matrix: Matrix) -> Iterator[Rule]:
    """Yield the straight lines of a path that run along the page's edges."""
    at: tuple[float, float] | None = None
    for letter, points in _segments(_data(element)):
        end = _moved(matrix, *points[-1]) if points else None
        if letter == "L" and at and end and min(abs(end[0] - at[0]), abs(end[1] - at[1])) <= _THIN:
            yield Rule(min(at[0], end[0]), min(at[1], end[1]), max(at[0], end[0]), max(at[1], end[1]))
        at = end


def _resources(package: Package, location: str) -> Resources:
    """Read the resource files of the document to which a page belongs."""
    fonts: dict[str, bytes] = {}
    pictures: dict[str, bytes] = {}
    top = location.split("/", 1)[0] + "/"
    for name in package.names:
        if name.startswith(top) and name.endswith("Res.xml"):
            root = parse_xml(package.read(name), what=name)
            base = posixpath.join(posixpath.dirname(name), root.get("BaseLoc", "").lstrip("/"))
            for element in root.iter():
                kind = {"Font": "FontFile", "MultiMedia": "MediaFile"}.get(local(element))
                file = next(children(element, kind), None) if kind else None
                data = None if file is None else _file(package, base, (file.text or "").strip())
                if data is not None:
                    (fonts if kind == "FontFile" else pictures)[element.get("ID", "")] = data
    return Resources(fonts, pictures)


def _file(package: Package, base: str, place: str) -> bytes | None:
    for name in (posixpath.normpath(posixpath.join(base, place)), place.lstrip("/")):
        if name in package.names:
            return package.read(name)
    return None


# --- what is drawn ---


def _objects(layer: etree._Element, outer: Matrix, depth: int = 0) -> Iterator[tuple[etree._Element, Matrix]]:
    """Yield the paths, texts and pictures of a layer, each with the matrix from its own space."""
    for child in layer:
        name = local(child)
        if name == "PageBlock" and depth < _DEEPEST:
            yield from _objects(child, outer, depth + 1)
        elif name in ("PathObject", "TextObject", "ImageObject"):
            yield child, _composed(outer, _placed(child))


def _draw(layer: etree._Element, outer: Matrix, canvas: _Canvas, shows: Shown) -> None:
    for element, matrix in _objects(layer, outer):
        name = local(element)
        if name == "PathObject":
            _draw_path(element, matrix, canvas)
        elif name == "ImageObject":
            _draw_picture(element, matrix, canvas)
        elif shows == "everything":
            _draw_text(element, matrix, canvas)


def _data(path: etree._Element) -> str:
    data = next(children(path, "AbbreviatedData"), None)
    return "" if data is None else data.text or ""


def _draw_path(element: etree._Element, matrix: Matrix, canvas: _Canvas) -> None:
    import pypdfium2.raw as raw

    path = raw.FPDFPageObj_CreateNewPath(*_moved(matrix, 0.0, 0.0))
    for letter, points in _segments(_data(element)):
        places = [_moved(matrix, x, y) for x, y in points]
        if letter in "SM":
            raw.FPDFPath_MoveTo(path, *places[0])
        elif letter == "B":
            raw.FPDFPath_BezierTo(path, *places[0], *places[1], *places[2])
        elif letter == "C":
            raw.FPDFPath_Close(path)
        else:
            raw.FPDFPath_LineTo(path, *places[-1])
    fills = element.get("Fill") == "true"
    fill = (raw.FPDF_FILLMODE_ALTERNATE if element.get("Rule") == "Even-Odd" else raw.FPDF_FILLMODE_WINDING) * fills
    raw.FPDFPath_SetDrawMode(path, fill, element.get("Stroke") != "false")
    width = _number(element.get("LineWidth"), 0.353) * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    raw.FPDFPageObj_SetStrokeWidth(path, max(width, _THINNEST))
    raw.FPDFPage_InsertObject(canvas.page, path)


def _segments(data: str) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield each letter of a path with its points; a quadratic curve as a cubic one, an arc as its chord."""
    words = iter(data.split())
    at = (0.0, 0.0)
    for letter in words:
        count = _OPERANDS.get(letter)
        if count is None:
            continue
        numbers = [_number(next(words, None), 0.0) for _ in range(count)]
        points = list(pairwise(numbers))[count % 2 :: 2]
        if letter == "A":
            # radii, angle and flags come before the end
            points = points[-1:]
        elif letter == "Q":
            points = [_toward(at, points[0]), _toward(points[1], points[0]), points[1]]
        at = points[-1] if points else at
        yield ("B" if letter == "Q" else letter), points


def _toward(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the point two thirds of the way: where a quadratic curve's control point is a cubic one's."""
    return one[0] + 2 / 3 * (other[0] - one[0]), one[1] + 2 / 3 * (other[1] - one[1])


def _draw_text(element: etree._Element, matrix: Matrix, canvas: _Canvas) -> None:
    """Draw text by the numbers of its glyphs; text without them is drawn by nobody here, it can be read."""
    import pypdfium2.raw as raw

    font = _font(element.get("Font", ""), canvas)
    if font is None:
        return
    size = _number(element.get("Size"), 10.0)
    glyphs = [int(glyph) for one in element.iter() if local(one) == "Glyphs" for glyph in (one.text or "").split()]
    for code, (x, y) in zip(glyphs, _places(element), strict=False):
        item = raw.FPDFPageObj_CreateTextObj(canvas.document, font, size)
        raw.FPDFText_SetCharcodes(item, (ctypes.c_uint * 1)(code), 1)
        # a glyph's y goes up from its line
        placed = _composed(matrix, (1.0, 0.0, 0.0, -1.0, x, y))
        raw.FPDFPageObj_SetMatrix(item, raw.FS_MATRIX(*placed))
        raw.FPDFPage_InsertObject(canvas.page, item)


def _font(name: str, canvas: _Canvas) -> object:
    import pypdfium2.raw as raw

    if name not in canvas.fonts:
        data = canvas.resources.fonts.get(name)
        canvas.fonts[name] = None
        if data:
            held = (ctypes.c_ubyte * len(data)).from_buffer_copy(data)
            canvas.held.append(held)
            font = raw.FPDFText_LoadFont(canvas.document, held, len(data), raw.FPDF_FONT_TRUETYPE, True)  # noqa: FBT003
            canvas.fonts[name] = font or None
    return canvas.fonts[name]


def _places(element: etree._Element) -> Iterator[tuple[float, float]]:
    """Yield where each character of a text object stands."""
    x = y = 0.0
    for code in children(element, "TextCode"):
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        text = code.text or ""
        across = _deltas(code.get("DeltaX"), len(text))
        down = _deltas(code.get("DeltaY"), len(text))
        for right, below in zip(across, down, strict=True):
            yield x, y
            x, y = x + right, y + below


def _deltas(text: str | None, count: int) -> list[float]:
    """Return ``count`` distances: ``g 3 2.5`` says 2.5 three times (GB/T 33190, 11.3)."""
    found: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            times = int(_number(next(words, None), 0.0))
            found += [_number(next(words, None), 0.0)] * min(max(times, 0), count)
        else:
            found.append(_number(word, 0.0))
    return (found + [0.0] * count)[:count]


def _draw_picture(element: etree._Element, matrix: Matrix, canvas: _Canvas) -> None:
    import pypdfium2
    import pypdfium2.raw as raw
    from PIL import Image

    data = canvas.resources.pictures.get(element.get("ResourceID", ""))
    if data is None:
        return
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ReadError(f"a picture of {image.width:,} x {image.height:,} points is too large to recognize")
            bitmap = pypdfium2.PdfBitmap.from_pil(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReadError(f"a damaged picture: {error}", hint="save the document as PDF") from error
    item = pypdfium2.PdfImage.new(canvas.document)
    item.set_bitmap(bitmap)
    # a picture fills the unit square, in PDF with y upward
    raw.FPDFPageObj_SetMatrix(item, raw.FS_MATRIX(*_composed(matrix, (1.0, 0.0, 0.0, -1.0, 0.0, 1.0))))
    canvas.page.insert_obj(item)


# --- geometry ---


def _placed(element: etree._Element) -> Matrix:
    """Return the matrix from an object's own space to that around it: its CTM, then its place."""
    box = [_number(number, 0.0) for number in element.get("Boundary", "").split()]
    ctm = [_number(number, 0.0) for number in element.get("CTM", "1 0 0 1 0 0").split()]
    x, y = box[:2] if len(box) == 4 else (0.0, 0.0)
    a, b, c, d, e, f = ctm if len(ctm) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _composed(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix of ``inner`` first and ``outer`` then."""
    x, y = _moved(outer, inner[4], inner[5])
    return (
        outer[0] * inner[0] + outer[2] * inner[1],
        outer[1] * inner[0] + outer[3] * inner[1],
        outer[0] * inner[2] + outer[2] * inner[3],
        outer[1] * inner[2] + outer[3] * inner[3],
        x,
        y,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _number(text: str | None, default: float) -> float:
    try:
        number = float(text) if text is not None else default
    except ValueError:
        return default
    return number if math.isfinite(number) else default
