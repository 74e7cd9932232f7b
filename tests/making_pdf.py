"""Small PDF files, made by hand: text at any place, drawn lines, pictures, and files that mean harm."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

A4 = (595.0, 842.0)
LEFT, TOP, SIZE, LEADING = 90.0, 90.0, 12.0, 18.0
WIDE = 34  # Han characters of SIZE fit in a line from LEFT


@dataclass(frozen=True, slots=True)
class Text:
    """Text that begins at ``x``, its baseline at ``y`` from the top; ``turn`` counts quarters counterclockwise.

    ``plain``: in Helvetica, which viewers bring with them; PDFium finds text at a turn in fonts that it can draw only.
    """

    text: str
    x: float = LEFT
    y: float = TOP
    size: float = SIZE
    turn: int = 0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: texts in the order in which they are drawn, lines (x0, y0, x1, y1) from the top, a picture over all."""

    texts: Sequence[Text] = ()
    rules: Sequence[tuple[float, float, float, float]] = ()
    size: tuple[float, float] = A4
    rotate: int = 0
    picture: tuple[int, int, bytes] | None = None  # width, height, grey points


@dataclass(slots=True)
class _File:
    """The objects of a file, numbered from 1."""

    objects: list[bytes] = field(default_factory=list)

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def add_stream(self, data: bytes, entries: str = "") -> int:
        packed = zlib.compress(data)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n"
        return self.add(head.encode() + packed + b"\nendstream")

    def bytes(self, trailer: str) -> bytes:
        data = b"%PDF-1.7\n"
        places = []
        for number, body in enumerate(self.objects, start=1):
            places.append(len(data))
            data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        count = len(self.objects) + 1
        return (
            data
            + (
                f"xref\n0 {count}\n0000000000 65535 f \n{table}"
                f"trailer\n<< /Size {count} {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
            ).encode()
        )


def lines(text: Sequence[str], *, x: float = LEFT, y: float = TOP, size: float = SIZE) -> list[Text]:
    """Place lines under one another; one that begins with two ideographic spaces is indented by as much."""
    return [
        Text(line.lstrip("\u3000"), x + size * (len(line) - len(line.lstrip("\u3000"))), y + LEADING * number, size)
        for number, line in enumerate(text)
    ]


def wrapped(paragraph: str, *, wide: int = WIDE) -> list[str]:
    """Break a paragraph into lines of so many characters, the first one indented."""
    whole = "\u3000\u3000" + paragraph
    return [whole[start : start + wide] for start in range(0, len(whole), wide)]


def pdf(
    sheets: Sequence[Sheet], *, means: Mapping[str, str] | None = None, mapped: bool = True, trailer: str = ""
) -> bytes:
    """Make a PDF. ``means`` says what its font claims a character to be; not ``mapped``: it claims nothing at all."""
    file = _File()
    font = _font(file, sheets, means or {}, mapped=mapped)
    parent = len(file.objects) + 3 * len(sheets) + 1
    pages = []
    for sheet in sheets:
        picture = _picture(file, sheet)
        content = file.add_stream(_content(sheet))
        width, height = sheet.size
        pages.append(
            file.add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {width} {height}] /Rotate {sheet.rotate}"
                f" /Contents {content} 0 R /Resources << /Font << /F {font} 0 R /L << /Type /Font /Subtype /Type1"
                f" /BaseFont /Helvetica >> >> /XObject << /I {picture} 0 R >> >> >>".encode()
            )
        )
    kids = " ".join(f"{page} 0 R" for page in pages)
    assert file.add(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()) == parent
    root = file.add(f"<< /Type /Catalog /Pages {parent} 0 R >>".encode())
    return file.bytes(f"/Root {root} 0 R {trailer}")


def _font(file: _File, sheets: Sequence[Sheet], means: Mapping[str, str], *, mapped: bool) -> int:
    """Add a font that is not embedded: codes are UTF-16, Han characters as wide as high, Latin letters half of that."""
    used = sorted({character for sheet in sheets for text in sheet.texts for character in text.text})
    pairs = "\n".join(f"<{ord(one):04X}> <{means.get(one, one).encode('utf-16-be').hex()}>" for one in used)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(used)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    said = f"/ToUnicode {file.add_stream(cmap.encode())} 0 R" if mapped else ""
    described = file.add(
        b"<< /Type /FontDescriptor /FontName /Own /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
    )
    inner = file.add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 1000 /W [32 126 500]"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {described} 0 R >>".encode()
    )
    return file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H"
        f" /DescendantFonts [{inner} 0 R] {said} >>".encode()
    )


def _picture(file: _File, sheet: Sheet) -> int:
    width, height, points = sheet.picture or (1, 1, b"\xff")
    return file.add_stream(
        points,
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8",
    )


def _content(sheet: Sheet) -> bytes:
    width, height = sheet.size
    parts = [f"q {width} 0 0 {height} 0 0 cm /I Do Q"] if sheet.picture else []
    parts += [f"{x0} {height - y0} m {x1} {height - y1} l S" for x0, y0, x1, y1 in sheet.rules]
    for text in sheet.texts:
        cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[text.turn]
        place = f"{cosine} {sine} {-sine} {cosine} {text.x} {height - text.y} Tm"
        name, code = ("L", "ascii") if text.plain else ("F", "utf-16-be")
        parts.append(f"BT /{name} {text.size} Tf {place} <{text.text.encode(code).hex()}> Tj ET")
    return "\n".join(parts).encode()


# --- files that mean harm ---


def encrypted_pdf() -> bytes:
    """A PDF that no password is known for."""
    digest = "00" * 32
    handler = f"<< /Filter /Standard /V 1 /R 2 /O <{digest}> /U <{digest}> /P -4 >>"
    return pdf([Sheet([Text("secret")])], trailer=f"/Encrypt {handler} /ID [<00> <00>]")


def looping_pdf() -> bytes:
    """A PDF whose page tree holds itself."""
    file = _File()
    file.add(b"<< /Type /Pages /Kids [1 0 R 1 0 R] /Count 2 >>")
    root = file.add(b"<< /Type /Catalog /Pages 1 0 R >>")
    return file.bytes(f"/Root {root} 0 R")


def hanging_pdf(*, deep: int = 24, wide: int = 8) -> bytes:
    """A small PDF that nobody sees the end of: each of its forms draws the next one ``wide`` times."""
    file = _File()
    file.add(b"<< /Type /Catalog /Pages 2 0 R >>")
    file.add(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    draws = b"/X Do " * wide
    file.add(
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R"
        b" /Resources << /XObject << /X 5 0 R >> >> >>"
    )
    file.add_stream(draws)
    for number in range(6, 6 + deep):
        form = f"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X {number} 0 R >> >>"
        file.add_stream(draws, form)
    file.add_stream(b"0 0 1 1 re f", "/Type /XObject /Subtype /Form /BBox [0 0 100 100]")
    return file.bytes("/Root 1 0 R")
