"""What text is in a web archive (.mht, .mhtml)?

It is a mail message (RFC 2557) whose parts are the page, its frames and its pictures.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from searcher.errors import ReadError
from searcher.models import Line, Source
from searcher.readers.html import document_lines, read_html


def read_mht(data: bytes, *, name: str) -> Source:
    """Read the page of a web archive as ``read_html`` does; where the page has no text, its first frame that has.

    Raises ReadError where there is no page in it, and DecodingError.
    """
    source = Source(path=name, format="mht", encoding="", lines=())
    for page, address in _pages(data):
        read = read_html(page, name=name)
        source = replace(read, format="mht", metadata={**address, **read.metadata})
        if any(line.kind != "boilerplate" for line in source.lines):
            break
    return source


def mht_lines(data: bytes) -> list[Line]:
    """Return the lines of a web archive that is a document and no page of a site. Raises as ``read_mht`` does."""
    return next((lines for page, _ in _pages(data) if (lines := document_lines(page))), [])


def _pages(data: bytes) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Yield the pages, the one that the archive begins with first, and what is known of each."""
    message = email.message_from_bytes(data)
    start = (message.get_param("start") or "") if message.is_multipart() else ""
    parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not parts:
        raise ReadError("no page in the web archive", hint="save the page anew")
    parts.sort(key=lambda part: not start or part.get("Content-ID") != start)
    for part in parts:
        yield _content(part), _address(message, part)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _address(message: Message, part: Message) -> dict[str, str]:
    address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "").strip()
    return {"url": address} if address.startswith(("http://", "https://")) else {}
