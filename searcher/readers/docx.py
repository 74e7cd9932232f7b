"""What text is in a Word document (.docx)?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from searcher.errors import ReadError
from searcher.fields import same
from searcher.models import Line, ReadOptions, Source
from searcher.readers.docx_body import Body, as_boilerplate, read_styles
from searcher.readers.docx_numbering import Numbering, W, value
from searcher.readers.html import document_lines
from searcher.readers.markdown import read_markdown
from searcher.readers.mht import mht_lines
from searcher.readers.package import Package, is_package, open_package
from searcher.readers.sniff import is_mht
from searcher.readers.xml import parse_xml

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part

_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S")
_LETTERS = re.compile(r"[\W_]+")
_MARKDOWN_BOLD = re.compile(r"\*\*[^*\n]+\*\*")
_TYPES = "[Content_Types].xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAIN = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.template"
    rb"|ms-word\.(?:document|template)\.macroEnabled)\.main\+xml"
)
# Word documents embedded in one another (w:altChunk) deeper than this are a trick.
_DEEPEST = 3


def read_docx(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read body, text boxes and notes in order, and headers and footers as ``boilerplate``.

    A document whose text is Markdown, as some programs write it, gives a source of format ``markdown``. Raises
    ReadError where python-docx is not installed, and where the file is damaged, encrypted or no Word document.
    """
    lines = tuple(_lines(data, options, depth=0))
    text = "\n".join(line.text for line in lines)
    if not any(line.kind in ("heading", "row") for line in lines) and _is_markdown(text):
        source = read_markdown(text.encode("utf-8"), name=name)
        return replace(source, lines=_without_double_title(source.lines))
    return Source(path=name, format="docx", encoding="utf-8", lines=lines)


def _is_markdown(text: str) -> bool:
    return any(map(_MARKDOWN_HEADING.match, text.split("\n"))) and _MARKDOWN_BOLD.search(text) is not None


def _without_double_title(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Make boilerplate of a first line that only says what the Markdown heading below it says: a file's name."""
    if len(lines) < 2 or lines[1].kind != "heading":
        return lines
    name, title = (_LETTERS.sub("", same(line.text)) for line in lines[:2])
    return (replace(lines[0], kind="boilerplate"), *lines[1:]) if title and name.endswith(title) else lines


def _lines(data: bytes, options: ReadOptions, *, depth: int) -> Iterator[Line]:
    document = _open(data, options)
    part = document.part
    styles = _xml_part(part, "styles")
    body = Body(
        styles=read_styles(styles),
        numbering=Numbering(_xml_part(part, "numbering"), linked=_numbering_styles(styles)),
        chunk=lambda number: _chunk(part, number, options, depth),
    )
    yield from body.lines(document.element.body)
    for kind in ("footnotes", "endnotes"):
        notes = _xml_part(part, kind)
        for note in () if notes is None else notes:
            # the lines that part notes from text are notes with a type
            if note.get(f"{W}type") in (None, "normal"):
                yield from body.lines(note)
    for kind in ("header", "footer"):
        for root in _xml_parts(part, kind):
            yield from as_boilerplate(body.lines(root))


def _open(data: bytes, options: ReadOptions) -> Document:
    """Open a document, after every part of it has been unpacked once within the limits."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError as error:
        raise ReadError(
            "reading Word documents needs python-docx", hint="python -m pip install 'policy-search[docs]'"
        ) from error
    package = open_package(data, options)
    for name in package.names:
        part = package.read(name)
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in part:
            raise ReadError(f"{name} has a DOCTYPE, as no Word document may", hint="open it in Word and save it anew")
    if _PLAIN not in package.read(_TYPES):
        data = _as_plain(package)
    try:
        return docx.Document(io.BytesIO(data))
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, AssertionError) as error:
        raise ReadError(f"not a whole Word document: {error}", hint="open it in Word and save it anew") from error


def _as_plain(package: Package) -> bytes:
    """Pack a template or a document with macros anew, as the plain document that python-docx asks for."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in package.names:
            part = package.read(name)
            archive.writestr(name, _OTHER_MAIN.sub(_PLAIN, part) if name == _TYPES else part)
    return packed.getvalue()


def _xml_parts(part: Part, kind: str) -> Iterator[etree._Element]:
    """Yield the roots of the parts that a document has of one kind: its styles, its headers."""
    seen = set()
    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            other = relation.target_part
            if other.partname not in seen:
                seen.add(other.partname)
                yield parse_xml(other.blob, what=str(other.partname))


def _xml_part(part: Part, kind: str) -> etree._Element | None:
    return next(_xml_parts(part, kind), None)


def _numbering_styles(styles: etree._Element | None) -> dict[str, str]:
    """Return the list of each numbering style."""
    found = {}
    for style in () if styles is None else styles.iterchildren(f"{W}style"):
        if style.get(f"{W}type") == "numbering":
            properties = style.find(f"{W}pPr/{W}numPr")
            number = None if properties is None else value(properties, "numId")
            found[style.get(f"{W}styleId", "")] = number or ""
    return found


def _chunk(part: Part, number: str, options: ReadOptions, depth: int) -> list[Line]:
    """Return the lines of an embedded document; one that is a file elsewhere is not fetched."""
    relation = part.rels.get(number)
    if relation is None or relation.is_external:
        return []
    blob = relation.target_part.blob
    if is_package(blob):
        if depth >= _DEEPEST:
            raise ReadError(
                "documents are embedded in one another without end", hint="open it in Word and save it anew"
            )
        return list(_lines(blob, options, depth=depth + 1))
    lines = mht_lines(blob) if is_mht(blob) else document_lines(blob)
    # its lines are none of the file
    return [Line(line.text, kind=line.kind) for line in lines]
