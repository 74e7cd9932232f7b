"""What text is in an RTF file?

striprtf reads the text; what it would lose or blur (cells, pictures, field codes) is prepared for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.errors import ReadError
from searcher.models import Line, LineKind, Source
from searcher.readers.encoding import plausibility
from searcher.readers.text import split_lines

# Private use characters that mark, in the plain text, where a row begins, a cell and a row end, and what stands around
# the text of each page.
_ROW, _CELL, _ROW_END, _AROUND = "\ue001", "\ue002", "\ue003", "\ue004"
_MARKED = (
    (re.compile(r"\\trowd(?![a-z]) ?"), _ROW),
    (re.compile(r"\\(?:nest)?cell(?![a-z]) ?"), _CELL),
    (re.compile(r"\\row(?![a-z]) ?"), _ROW_END),
)
# striprtf passes over these: notes and text boxes, and the heads and feet of pages.
_ASIDE = re.compile(r"\{\\(?:(?P<text>footnote|shptxt)|(?:header|footer)[lrf]?)(?![a-z]) ?")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PICTURE = re.compile(r"\{\\pict(?![a-z])[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
# A field's result is text; its instruction stands in a group of its own, which is passed over.
_FIELD = re.compile(r"\\field(?![a-z]) ?")
_LIST_NUMBER = re.compile(r"\{\\pntext(?![a-z])")
_RAW = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_CHARSET = re.compile(r"\\fcharset\d+")
_PLAUSIBLE = 0.12


def read_rtf(data: bytes, *, name: str) -> Source:
    """Read text and tables. Bytes are text in the character set of their font, else in the file's code page.

    Raises ReadError where striprtf is not installed.
    """
    rtf = _prepared(data)
    text = _text(rtf)
    if plausibility(text) < _PLAUSIBLE:
        # some writers put Chinese in fonts that claim to be Western: the file's code page is right then
        text = max(text, _text(_CHARSET.sub("", rtf)), key=plausibility)
    page = _PAGE.search(data)
    return Source(
        path=name,
        format="rtf",
        encoding=f"cp{page[1].decode('ascii')}" if page else "cp1252",
        lines=tuple(_lines(text)),
    )


def _prepared(data: bytes) -> str:
    """Return RTF of ASCII characters only, without pictures and field codes, with cells and rows marked."""
    rtf = _RAW.sub(lambda match: b"".join(b"\\'%02x" % byte for byte in match.group()), data).decode("ascii")
    rtf = _LIST_NUMBER.sub("{", _FIELD.sub("", _PICTURE.sub("", rtf)))
    for word, mark in _MARKED:
        # a replacement's own backslashes are doubled; the group keeps its uc to itself
        rtf = word.sub(rf"{{\\uc0\\u{ord(mark)} }}", rtf)
    return _asides_last(rtf)


def _asides_last(rtf: str) -> str:
    """Move notes and text boxes to the end, as paragraphs, and the heads and feet of pages behind a mark there."""
    body: list[str] = []
    texts: list[str] = []
    around = [f"{{\\uc0\\u{ord(_AROUND)} }}"]
    place = 0
    while match := _ASIDE.search(rtf, place):
        end = _group_end(rtf, match.end())
        body.append(rtf[place : match.start()])
        (texts if match["text"] else around).append(f"\\par {{{rtf[match.end() : end]}")
        place = end
    body.append(rtf[place:])
    whole, closing, rest = "".join(body).rpartition("}")
    return "".join((whole, *texts, *around, closing, rest))


def _group_end(rtf: str, place: int) -> int:
    """Return where the group ends that is open at ``place``."""
    depth = 1
    for brace in _BRACE.finditer(rtf, place):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            return brace.end()
    return len(rtf)


def _text(rtf: str) -> str:
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise ReadError("reading RTF needs striprtf", hint="python -m pip install 'policy-search[docs]'") from error
    try:
        return str(rtf_to_text(rtf, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, OverflowError, LookupError, TypeError) as error:
        raise ReadError(f"damaged RTF: {error}", hint="open it in a word processor and save it anew") from error


def _lines(text: str) -> Iterator[Line]:
    text, _, around = text.partition(_AROUND)
    *rows, after = text.split(_ROW_END)
    for row in rows:
        # a row's definition may be said again behind its cells: the first one begins it
        before, _, cells = row.partition(_ROW)
        yield from _paragraphs(before)
        joined = "\t".join(" ".join(cell.replace("\t", " ").split("\n")).strip() for cell in cells.split(_CELL))
        if joined.replace(_ROW, "").strip():
            yield Line(joined.replace(_ROW, "").strip(), kind="row")
    yield from _paragraphs(after)
    yield from _paragraphs(around, kind="boilerplate")


def _paragraphs(text: str, *, kind: LineKind = "text") -> Iterator[Line]:
    plain = text.replace(_ROW, "").replace(_CELL, "\t").replace(_ROW_END, "\n")
    return (Line(line, kind=kind) for line in split_lines(plain) if line.strip())
