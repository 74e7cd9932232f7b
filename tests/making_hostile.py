"""How do tests make files that mean harm?"""

from __future__ import annotations

import gzip
import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

FILLING = "膨胀"
"""What the entities of hostile XML are made of."""


def declaration(secret: str, *, address: str = "http://127.0.0.1:9/") -> str:
    """Return a DOCTYPE whose entity ``bomb`` expands to 2 GB, and ``leak`` to the content of a file."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return (
        f'<!DOCTYPE doc [<!ENTITY e0 "{FILLING * 10}">{levels}<!ENTITY bomb "&e8;">'
        f'<!ENTITY leak SYSTEM "file://{secret}"><!ENTITY % far SYSTEM "{address}x.dtd"> %far;]>'
    )


def packed(members: Mapping[str, bytes | str]) -> bytes:
    """Return the bytes of a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return made.getvalue()


_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="{}" ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument/2006/relationships/{{}}" Target="{{}}"/>{{}}</Relationships>'
)


def _docx(head: str, text: str, encoding: str) -> bytes:
    body = f"<w:document xmlns:w='{_OFFICE}/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return packed({
        "[Content_Types].xml": _TYPES.format("/word/document.xml", "wordprocessingml.document"),
        "_rels/.rels": _RELATIONS.format("officeDocument", "word/document.xml", ""),
        "word/document.xml": (head + body + "</w:body></w:document>").encode(encoding),
    })  # fmt: skip


def _xlsx(head: str, text: str, encoding: str) -> bytes:
    main = f'xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}/officeDocument/2006/relationships"'
    row = f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData>'
    return packed({
        "[Content_Types].xml": _TYPES.format("/xl/workbook.xml", "spreadsheetml.sheet"),
        "_rels/.rels": _RELATIONS.format("officeDocument", "xl/workbook.xml", ""),
        "xl/workbook.xml": f'<workbook {main}><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELATIONS.format("worksheet", "worksheets/sheet1.xml", ""),
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {main}>{row}</worksheet>".encode(encoding),
    })  # fmt: skip


def _epub(head: str, text: str, encoding: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    item = '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
    book = f"<package><metadata><title>{text}</title></metadata><manifest>{item}</manifest>"
    return packed({
        "META-INF/container.xml": container,
        "book.opf": f'{head}{book}<spine><itemref idref="c"/></spine></package>'.encode(encoding),
        "c.xhtml": f"{head}<html><body><p>{text}</p></body></html>".encode(encoding),
    })  # fmt: skip


def _ofd(head: str, text: str, encoding: str) -> bytes:
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    body = "<ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>D/Document.xml</ofd:DocRoot>"
    page = (
        f'<ofd:TextObject ID="3" Boundary="0 0 9 9" Font="1" Size="3"><ofd:TextCode X="0" Y="3">{text}</ofd:TextCode>'
    )
    return packed({
        "OFD.xml": f"<ofd:OFD {name} DocType='OFD' Version='1.0'>{body}</ofd:DocBody></ofd:OFD>",
        "D/Document.xml": f"<ofd:Document {name}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID></ofd:CommonData>"
        '<ofd:Pages><ofd:Page ID="2" BaseLoc="P/Content.xml"/></ofd:Pages></ofd:Document>',
        "D/P/Content.xml": (
            f"{head}<ofd:Page {name}><ofd:Content><ofd:Layer ID='4'>{page}</ofd:TextObject></ofd:Layer></ofd:Content>"
            "</ofd:Page>"
        ).encode(encoding),
    })  # fmt: skip


def _page(head: str, text: str, encoding: str) -> bytes:
    return f"{head}<html><body><h1>页面</h1><p>{text}</p></body></html>".encode(encoding)


XML_FORMATS: Mapping[str, Callable[[str, str, str], bytes]] = {
    ".docx": _docx, ".xlsx": _xlsx, ".epub": _epub, ".ofd": _ofd, ".xhtml": _page, ".html": _page,
}  # fmt: skip
"""By ending, what makes a small file of a DOCTYPE, a text and the encoding of its XML."""


def far_docx(address: str) -> bytes:
    """Return a Word document whose template and picture lie on a server."""
    far = (
        f'<Relationship Id="r2" Type="{_OFFICE}/officeDocument/2006/relationships/attachedTemplate" '
        f'Target="{address}t.dotm" TargetMode="External"/>'
        f'<Relationship Id="r3" Type="{_OFFICE}/officeDocument/2006/relationships/image" Target="{address}p.png" '
        'TargetMode="External"/>'
    )
    with zipfile.ZipFile(io.BytesIO(_docx("", "远处的模板", "utf-8"))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["word/_rels/document.xml.rels"] = _RELATIONS.format("settings", "settings.xml", far).encode()
    return packed(members)


def far_odt(address: str, secret: str) -> bytes:
    """Return an OpenDocument text with a picture and a part on a server, and a part that is a file of this machine."""
    odf = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{odf}:{name}:1.0"' for name in ("office", "text"))
    names += f' xmlns:draw="{odf}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    link = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    picture = f'<draw:frame text:anchor-type="as-char"><draw:image xlink:href="{address}p.png" {link}/></draw:frame>'
    parts = "".join(
        f'<text:section text:name="{place}"><text:section-source xlink:href="{place}" text:filter-name="Text"/>'
        "<text:p>旧的</text:p></text:section>"
        for place in (f"file://{secret}", f"{address}far.txt")
    )
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{odf}:manifest:1.0"><m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.text"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        "content.xml": f'<office:document-content {names} office:version="1.2"><office:body><office:text>'
        f"<text:p>远处的图片{picture}</text:p>{parts}</office:text></office:body></office:document-content>",
    })  # fmt: skip


def zeros(size: int, *, name: str = "zeros.txt") -> bytes:
    """Return a ZIP file whose one member holds so many NUL bytes."""
    made = io.BytesIO()
    piece = bytes(1 << 20)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package, package.open(name, "w") as member:
        for _ in range(size >> 20):
            member.write(piece)
    return made.getvalue()


def gzipped_zeros(size: int) -> bytes:
    """Return a gzip file of so many NUL bytes."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=1) as stream:
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return made.getvalue()


@contextmanager
def server() -> Iterator[tuple[str, list[bytes]]]:
    """Serve nothing on a port of this machine: its address, and the first bytes of each request that comes."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    requests.append(connection.recv(200))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/", requests
        finally:
            done.set()
            thread.join()
