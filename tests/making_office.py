"""How do tests make documents of offices: Word, OFD, books, web archives?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml"'
)
MAIN = f"{_TYPE}.document.main+xml"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


# --- Word ---


def w(name: str, content: str) -> str:
    """Return a part of Word's XML: ``<w:name>content</w:name>`` with its namespaces."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {_NAMESPACES}>{content}</w:{name}>'


def p(text: str, *, style: str = "", number: tuple[int, int] | None = None) -> str:
    """Return a paragraph; ``number`` is its list and its level from 0."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: Sequence[str]) -> str:
    """Return a table; each cell is XML of its content, with its properties before it where it has some."""
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def word(body: str, *, parts: Mapping[str, str | bytes] = {}, main: str = MAIN, external: str = "") -> bytes:
    """Return a .docx of this body; ``parts`` are named by their kind: ``styles.xml``, ``aFChunk.mht``.

    The relationship of each part has its kind as id; ``external`` is an address outside for the id ``outside``.
    """
    overrides = f'<Override PartName="/word/document.xml" ContentType="{main}"/>' + "".join(
        f'<Override PartName="/word/{name}" ContentType="{_TYPE}.{name.partition(".")[0]}+xml"/>'
        for name in parts
        if name.endswith(".xml")
    )
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for name in parts
        for kind in (name.partition(".")[0],)
    )
    if external:
        relations += f'<Relationship Id="outside" Type="{_OFFICE}/aFChunk" Target="{external}" TargetMode="External"/>'
    start = f'<Relationship Id="main" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    around = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    return packed({
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="mht" ContentType="message/rfc822"/>'
            '<Default Extension="docx" ContentType="application/octet-stream"/>'
            f'<Default Extension="html" ContentType="text/html"/>{overrides}</Types>'
        ),
        "_rels/.rels": around.format(start),
        "word/document.xml": w("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": around.format(relations),
        **{f"word/{name}": content for name, content in parts.items()},
    })  # fmt: skip


def numbering(*levels: tuple[str, str], overrides: str = "") -> str:
    """Return the numbering part: list 1 with a (format, pattern) for each level, and list 2 of the same."""
    definition = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (format_, text) in enumerate(levels)
    )
    return w(
        "numbering",
        f'<w:abstractNum w:abstractNumId="7">{definition}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>',
    )


# --- web archives ---


def mht(page: str, *, start: str = "", charset: str = "utf-8") -> bytes:
    """Return a web archive of one page, saved from an address."""
    return (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://example.org/tongzhi.html\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n type="text/html"; boundary="xx"{start}\r\n\r\n'
        f'--xx\r\nContent-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n'
        "Content-Location: https://example.org/tongzhi.html\r\n\r\n"
    ).encode("ascii") + page.encode(charset) + b"\r\n--xx--\r\n"  # fmt: skip


# --- books ---


def epub(chapters: Mapping[str, str], *, contents: str = "", title: str = "", author: str = "") -> bytes:
    """Return a book of these chapters (name to content of the body); ``contents`` names the one that is its nav."""
    nav = ' properties="nav"'
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"{nav * (name == contents)}/>'
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return packed({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="text/book.opf"/></rootfiles></container>'
        ),
        "text/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ),
        **{
            f"text/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
            for name, body in chapters.items()
            if body
        },
    })  # fmt: skip


# --- OFD ---

_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd_text(text: str, *, x: float, y: float, size: float = 5.6) -> str:
    """Return a text object whose text begins at ``x`` on the line at ``y``, in millimetres."""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} 150 {size * 1.2}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {max(len(text) - 1, 1)} {size}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def ofd(pages: Sequence[str], *, template: str = "", files: Mapping[str, bytes] = {}, resources: str = "") -> bytes:
    """Return an OFD document of these pages (the content of a layer each), A4, with one template under all of them."""
    layer = '<ofd:Page {}>{}<ofd:Content><ofd:Layer ID="2">{}</ofd:Layer></ofd:Content></ofd:Page>'
    uses = '<ofd:Template TemplateID="90"/>' if template else ""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    defined = '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    return packed({
        "OFD.xml": (
            f'<ofd:OFD {_OFD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Author>某处</ofd:Author>'
            "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
        "Doc_0/Document.xml": (
            f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>{defined}</ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        ),
        "Doc_0/DocumentRes.xml": f'<ofd:Res {_OFD} BaseLoc="Res">{resources}</ofd:Res>',
        **({"Doc_0/Tpls/Tpl_0/Content.xml": layer.format(_OFD, "", template)} if template else {}),
        **{f"Doc_0/Pages/Page_{n}/Content.xml": layer.format(_OFD, uses, page) for n, page in enumerate(pages)},
        **{f"Doc_0/Res/{name}": content for name, content in files.items()},
    })  # fmt: skip
