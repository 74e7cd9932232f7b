"""What format do these bytes have, whatever the file is called?

Word processors and offices name files freely: a ``.doc`` may be a web page, a ``.wps`` a Word document.
"""

from __future__ import annotations

import re

from searcher.readers.package import is_package

MISLEADING = frozenset({
    ".doc", ".docx", ".docm", ".dot", ".dotx", ".dotm", ".wps", ".wpt", ".odt", ".rtf", ".ofd", ".epub", ".mht",
    ".mhtml", ".pdf",
})  # fmt: skip
"""The endings that say little: where a file is so called, its bytes decide."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What the compound files of old office programs begin with ([MS-CFB] 2.2)."""

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_MAIL_HEADER = re.compile(rb"\s*(?:MIME-Version|From|Subject|Date|Message-ID|X-[\w-]+)\s*:", re.IGNORECASE)
_MAIL_TYPE = re.compile(rb"^Content-Type\s*:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
_HEAD = 4096  # bytes
# What stands, not packed, in a ZIP file of each format: a member's name, or the content of the first member.
_MEMBERS = (
    (b"application/epub+zip", ".epub"),
    (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"word/document.xml", ".docx"),
    (b"OFD.xml", ".ofd"),
    (b"xl/workbook.xml", ".xlsx"),
    (b"META-INF/container.xml", ".epub"),
)


def ending_of(data: bytes) -> str | None:
    """Return the ending that files of this format usually have, or None where the bytes do not tell."""
    if is_package(data):
        return next((ending for mark, ending in _MEMBERS if mark in data), None)
    head = data[:_HEAD]
    if head.startswith(OLE):
        return ".doc"
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.lstrip().startswith(b"{\\rt"):
        return ".rtf"
    if is_mht(data):
        return ".mht"
    return ".html" if _PAGE.search(head) else None


def is_mht(data: bytes) -> bool:
    """Tell by its first bytes whether a file is a web archive, that is a mail message with a page in it."""
    return _MAIL_HEADER.match(data) is not None and _MAIL_TYPE.search(data[:_HEAD]) is not None
