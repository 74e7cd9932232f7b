"""Which lines are in this piece of Word's XML?

WordprocessingML (ISO/IEC 29500-1, 17): paragraphs, tables, text boxes and what Word computes for them, the labels of
numbered paragraphs. Inserted text is read, deleted and hidden text is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from searcher.models import Line, LineKind
from searcher.readers.docx_numbering import Numbering, W, value

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"

_SKIPPED = frozenset({
    *(W + name for name in (
        "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sectPr", "del", "moveFrom", "delText", "instrText",
        "delInstrText", "rt", "fldData", "softHyphen",
    )),
    _MC + "Fallback",
})  # fmt: skip
_CHARACTERS = {
    W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-",
}  # fmt: skip
# The signs of the symbol fonts that stand in forms and formulas, by their codes in the private use area.
_CODE = re.compile(r"[0-9A-Fa-f]{1,4}")
_SYMBOLS = {
    ("wingdings", 0x6F): "□", ("wingdings", 0xA8): "□", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFC): "✓", ("wingdings", 0xFB): "✗", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x50): "✓", ("wingdings", 0x6C): "●", ("wingdings", 0x6E): "■",
    ("symbol", 0xA3): "≤", ("symbol", 0xB3): "≥", ("symbol", 0xB1): "±", ("symbol", 0xB4): "×", ("symbol", 0xB0): "°",
    ("symbol", 0xB7): "·", ("symbol", 0x6D): "μ", ("symbol", 0x57): "Ω", ("symbol", 0x44): "Δ",
}  # fmt: skip
# A heading style on longer text is a style that was misused.
_LONGEST_HEADING = 120
# A row with a cell longer than this lays out the page; a shorter one holds data.
_LONGEST_CELL = 600
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says that matters here: whether it is a heading's, and its list and level in it."""

    heading: bool = False
    number: str | None = None
    level: int | None = None


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Return the styles of ``w:styles`` by their ids, each with what it inherits."""
    elements = {} if root is None else {style.get(f"{W}styleId", ""): style for style in root.iterchildren(f"{W}style")}
    return {name: _style(name, elements) for name in elements}


def _style(name: str, elements: Mapping[str, etree._Element]) -> Style:
    style = Style()
    passed: set[str] = set()
    while name in elements and name not in passed:
        passed.add(name)
        element = elements[name]
        number, level = _numbered(element)
        style = Style(
            heading=style.heading or _is_heading(element),
            number=style.number if style.number is not None else number,
            level=style.level if style.level is not None else level,
        )
        name = value(element, "basedOn") or ""
    return style


def _is_heading(style: etree._Element) -> bool:
    called = (value(style, "name") or "").lower()
    return called.startswith(("heading ", "标题")) or called == "title" or _outline(style) < _BODY_LEVEL


def _outline(element: etree._Element) -> int:
    """Return the outline level of a style or paragraph, from 0; 9 is that of body text."""
    properties = element.find(f"{W}pPr")
    level = None if properties is None else value(properties, "outlineLvl")
    return int(level) if level is not None and level.isdecimal() else _BODY_LEVEL


def _numbered(element: etree._Element) -> tuple[str | None, int | None]:
    """Return the list and the level that a style or a paragraph states itself."""
    properties = element.find(f"{W}pPr/{W}numPr")
    if properties is None:
        return None, None
    level = value(properties, "ilvl")
    return value(properties, "numId"), int(level) if level is not None and level.isdecimal() else None


class Body:
    """What reading a document's parts, one after the other, needs to know."""

    def __init__(
        self, *, styles: Mapping[str, Style], numbering: Numbering, chunk: Callable[[str], Sequence[Line]]
    ) -> None:
        """``chunk`` returns the lines of an embedded document (``w:altChunk``) by the id of its relationship."""
        self._styles = styles
        self._numbering = numbering
        self._chunk = chunk

    def lines(self, container: etree._Element) -> Iterator[Line]:
        """Yield the lines of a body, a cell, a note: one for each line of a paragraph and each row of a table."""
        for child in _children(container):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}altChunk":
                yield from self._chunk(child.get(f"{_R}id", ""))
            else:
                yield from self.lines(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Line]:
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        _gather(paragraph, pieces, boxes)
        properties = paragraph.find(f"{W}pPr")
        name = None if properties is None else value(properties, "pStyle")
        style = self._styles.get(name or "", Style())
        label = self._label(paragraph, name, style)
        text = "".join(pieces)
        if text.strip():
            outlined = style.heading or _outline(paragraph) < _BODY_LEVEL
            kind: LineKind = "heading" if outlined and len(text.strip()) <= _LONGEST_HEADING else "text"
            texts = f"{label}{text.lstrip() if label else text}".split("\n")
            yield from (Line(line, kind=kind) for line in texts if line.strip())
        for box in boxes:
            yield from self.lines(box)

    def _label(self, paragraph: etree._Element, name: str | None, style: Style) -> str:
        number, level = _numbered(paragraph)
        if number is None:
            number, level = style.number, style.level if level is None else level
        if number is None or number == "0":
            return ""
        return self._numbering.label(number, self._numbering.level_of(number, name) if level is None else level)

    def _table(self, table: etree._Element) -> Iterator[Line]:
        rows = [list(_inside(row, f"{W}tc")) for row in _inside(table, f"{W}tr") if not _is_deleted(row)]
        single = max(map(len, rows), default=0) <= 1
        for row in rows:
            # each cell is read once and in order: labels are counted on the way
            cells = [[] if _goes_on(cell) else list(self.lines(cell)) for cell in row]
            if single or any(_lays_out(cell, lines) for cell, lines in zip(row, cells, strict=True)):
                yield from (line for lines in cells for line in lines)
            elif text := "\t".join(map(_joined, cells)).strip():
                yield Line(text, kind="row")


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children that are read: of ``mc:AlternateContent`` the first choice only."""
    chosen = False
    for child in element:
        if not isinstance(child.tag, str) or (child.tag in _SKIPPED and not _is_only(child)):
            continue
        if child.tag == f"{_MC}Choice":
            if chosen:
                continue
            chosen = True
        yield child


def _is_only(element: etree._Element) -> bool:
    """Tell whether a fallback is all that there is."""
    return element.tag == f"{_MC}Fallback" and element.getparent().find(f"{_MC}Choice") is None


def _gather(element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
    """Add the texts in ``element`` to ``pieces`` and the text boxes to ``boxes``."""
    for child in _children(element):
        tag = child.tag
        if tag in (f"{W}t", _MATH_TEXT):
            pieces.append(child.text or "")
        elif tag in _CHARACTERS:
            pieces.append(_CHARACTERS[tag])
        elif tag == f"{W}sym":
            pieces.append(_symbol(child))
        elif tag == f"{W}txbxContent":
            boxes.append(child)
        elif tag != f"{W}r" or not _is_hidden(child):
            _gather(child, pieces, boxes)


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false", "off")


def _symbol(element: etree._Element) -> str:
    """Return the sign of a symbol font as an ordinary character, nothing where there is none for it."""
    written = element.get(f"{W}char") or "0"
    code = int(written, 16) if _CODE.fullmatch(written) else 0
    sign = _SYMBOLS.get((element.get(f"{W}font", "").lower(), code & 0xFF))
    if sign is None and not 0xE000 <= code < 0xF900 and chr(code).isprintable():
        return chr(code)
    return sign or ""


def _inside(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, also those within content controls and insertions."""
    for child in _children(element):
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{W}tr", f"{W}tc"):
            yield from _inside(child, tag)


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _goes_on(cell: etree._Element) -> bool:
    """Tell whether a cell is the continuation of the one above or before it, with which it is merged."""
    for name in ("vMerge", "hMerge"):
        merged = cell.find(f"{W}tcPr/{W}{name}")
        if merged is not None and merged.get(f"{W}val") in (None, "continue"):
            return True
    return False


def _lays_out(cell: etree._Element, lines: Sequence[Line]) -> bool:
    """Tell whether a cell holds a part of the page and no datum."""
    return next(_inside(cell, f"{W}tbl"), None) is not None or sum(len(line.text) for line in lines) > _LONGEST_CELL


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text.replace("\t", " ").strip() for line in lines)


def as_boilerplate(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines of a header or footer."""
    return (replace(line, kind="boilerplate") for line in lines)
