"""What text is in an electronic book (.epub)?

EPUB 3.3: a ZIP file whose ``container.xml`` names a package document, whose spine names the chapters in order.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from searcher.errors import DecodingError, ReadError
from searcher.models import Failure, Line, ReadOptions, Source
from searcher.readers.html import document_lines
from searcher.readers.package import Package, open_package
from searcher.readers.xml import local, parse_xml

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
# Which Dublin Core elements say what; dc:title is that of the book.
_METADATA = {"title": "title", "creator": "author", "publisher": "source", "subject": "keywords"}
# What programs write where they know no author.
_UNKNOWN = frozenset({"unknown", "unknown author", "未知", "untitled"})


def read_epub(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read the chapters of a book in the order of its spine; its table of contents is ``boilerplate``.

    A chapter that is damaged or missing is told in ``failures``. Raises ReadError where the book cannot be opened.
    """
    package = open_package(data, options)
    place = _package_document(package)
    root = parse_xml(package.read(place), what=place)
    lines: list[Line] = []
    failures: list[Failure] = []
    for chapter, is_contents in _spine(root, place):
        try:
            read = document_lines(package.read(chapter))
        except (ReadError, DecodingError) as error:
            failures.append(Failure(f"{name}!{chapter}", error.message, error.hint))
            continue
        lines.extend(replace(line, number=None, kind="boilerplate" if is_contents else line.kind) for line in read)
    if failures and not lines:
        raise ReadError(f"no chapter can be read: {failures[0].message}", hint=failures[0].hint)
    return Source(
        path=name,
        format="epub",
        encoding="utf-8",
        lines=tuple(lines),
        metadata=_metadata(root),
        failures=tuple(failures),
    )


def _package_document(package: Package) -> str:
    root = parse_xml(package.read(_CONTAINER), what=_CONTAINER)
    place = next((one.get("full-path") for one in root.iter() if local(one) == "rootfile"), None)
    if not place:
        raise ReadError(f"{_CONTAINER} names no book", hint="get the file anew, or repair it")
    return str(place)


def _spine(root: etree._Element, place: str) -> Iterator[tuple[str, bool]]:
    """Yield the names of the chapters, each with whether it is the book's table of contents."""
    items = {item.get("id"): item for item in root.iter() if local(item) == "item"}
    guided = {one.get("href", "").partition("#")[0] for one in root.iter() if _is_contents_guide(one)}
    for reference in root.iter():
        item = items.get(reference.get("idref")) if local(reference) == "itemref" else None
        if item is not None and item.get("media-type") in _PAGES:
            address = item.get("href", "")
            is_contents = "nav" in item.get("properties", "").split() or address in guided
            yield posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(address))), is_contents


def _is_contents_guide(element: etree._Element) -> bool:
    return local(element) == "reference" and element.get("type") == "toc"


def _metadata(root: etree._Element) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    holder = next((child for child in root if local(child) == "metadata"), None)
    for element in () if holder is None else holder.iter():
        field = _METADATA.get(local(element))
        text = " ".join("".join(element.itertext()).split())
        if field and text and text.lower() not in _UNKNOWN:
            found.setdefault(field, []).append(text)
    return {field: texts[0] if field == "title" else ",".join(texts) for field, texts in found.items()}
