"""What text is in a saved web page?

Every visible text of the page becomes a line, one for each block; which of them are the page's main
content is decided in ``page``.
"""

from __future__ import annotations

import re

from lxml import etree

from searcher.errors import ReadError
from searcher.fields import clean_title, first_date, same, without_tag
from searcher.models import Line, Source
from searcher.readers.encoding import decode
from searcher.readers.page import Block, classify

_INVISIBLE = frozenset({"head", "title", "script", "style", "noscript", "template", "iframe", "object", "svg"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rb", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "st1:chmetcnv", "st1:chsdate", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTAINER = re.compile(
    r"ucap-?content|trs_?editor|trs_?preview|trs_?uee|article[-_]?(?:content|body|text|con|main)"
    r"|(?:content|text|txt)[-_]?area"
    r"|rich_media_content|js_content|pages?_content|news[-_]?(?:content|text|body|con)"
    r"|xxgk[-_]?content|\bzoom\b|view[-_]?content"
    r"|main[-_]?(?:text|content)|detail[-_]?(?:content|con|text)|post[-_]?content|entry[-_]?content|con[-_]?text"
    r"|cnt[-_]?(?:bd|body)|bodytext|frameNews",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WRAP = re.compile(r"(?<=[\u2e80-\uffef])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\uffef])")
_SERVER_CODE = (("<%", "%>"), ("<?php", "?>"), ("<?=", "?>"))
# A row with a cell longer than this lays out the page; a shorter one holds data.
_LONGEST_CELL = 600
_META_FIELDS = {
    "articletitle": "title", "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "og:release_date": "published", "contentsource": "source", "og:url": "url",
}  # fmt: skip


def read_html(data: bytes, *, name: str) -> Source:
    """Read a page: its main content as ``text``, ``heading`` and ``row``, what surrounds it as ``boilerplate``.

    Raises DecodingError, and ReadError where the page is nested too deeply to be read whole.
    """
    text, encoding = decode(data)
    page = _without_server_code(text)
    root = _parse(page)
    if root is None:
        return Source(path=name, format="html", encoding=encoding, lines=())
    walk = _Walk().over(root)
    metadata = _metadata(root)
    lines, title = classify(walk.blocks, above=walk.above, page=page, titles=_title_candidates(metadata))
    if title:
        metadata["title"] = title
    return Source(path=name, format="html", encoding=encoding, lines=tuple(lines), metadata=metadata)


def document_lines(data: bytes) -> list[Line]:
    """Return the lines of HTML that is a document and no page of a site: all of it is content.

    Line numbers are those of the HTML. Raises as ``read_html`` does.
    """
    root = _parse(_without_server_code(decode(data)[0]))
    return [] if root is None else [block.line for block in _Walk().over(root).blocks]


def _without_server_code(text: str) -> str:
    """Blank out what the server would have run; the line ends in it stay, so that numbers hold."""
    for start, end in _SERVER_CODE:
        pieces: list[str] = []
        position = 0
        while (found := text.find(start, position)) >= 0:
            close = text.find(end, found)
            if close < 0:
                break
            pieces += (text[position:found], "\n" * text.count("\n", found, close))
            position = close + len(end)
        if pieces:
            text = "".join((*pieces, text[position:]))
    return text


def _parse(page: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    root: etree._Element | None = etree.fromstring(page.replace("\0", " ").encode("utf-8", "replace"), parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadError("the page is nested too deeply to be read whole", hint="save it as text")
    return root


class _Walk:
    """A walk over a page that gathers its visible texts, block by block, in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        # the number of the parent of each numbered element, -1 for none
        self.above: list[int] = []
        self._parts: list[str] = []
        self._linked = 0
        self._number: int | None = None
        # depths: how many links and how many named containers are open
        self._links = 0
        self._containers = 0
        # holding the elements keeps lxml from giving two of them one identity
        self._parents: dict[etree._Element, int] = {}

    def over(self, root: etree._Element) -> _Walk:
        """Walk over ``root`` and everything in it."""
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "comment":
                self._add(element.tail, element.getparent())
            elif event == "end":
                self._leave(element)
                if element is not root:  # what stands behind the root is not in it
                    self._add(element.tail, element.getparent())
            elif self._enter(element):
                walk.skip_subtree()
        self._close(root)
        return self

    def _enter(self, element: etree._Element) -> bool:
        """Open an element; tell whether what is in it is to be skipped."""
        tag = element.tag
        if tag in _INVISIBLE:
            return True
        if tag not in _INLINE:
            self._close(element.getparent())
        if tag == "tr" and _is_data_row(element):
            self._add_row(element)
            return True
        self._containers += _is_container(element)
        self._links += tag == "a"
        self._add(element.text, element)
        return False

    def _leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag not in _INLINE and tag not in _INVISIBLE:
            self._close(element)
        if tag not in _INVISIBLE and not (tag == "tr" and _is_data_row(element)):
            self._containers -= _is_container(element)
            self._links -= tag == "a"

    def _add(self, text: str | None, element: etree._Element | None) -> None:
        if not text:
            return
        if self._number is None and element is not None and not text.isspace():
            self._number = element.sourceline
        self._parts.append(text)
        if self._links:
            self._linked += len("".join(text.split()))

    def _close(self, element: etree._Element | None) -> None:
        """Make a block of the gathered text, if there is any, and start afresh."""
        text = _collapse("".join(self._parts))
        if text:
            heading = element is not None and element.tag in _HEADINGS
            parent = element.getparent() if element is not None else None
            self._put(Line(text, self._number, "heading" if heading else "text"), self._linked, parent)
        self._parts, self._linked, self._number = [], 0, None

    def _add_row(self, row: etree._Element) -> None:
        cells = [(_collapse(row.text or ""), 0)] if (row.text or "").strip() else []
        cells += [_cell(cell) for cell in row]
        text = "\t".join(text for text, _ in cells)
        if text.strip():
            self._put(Line(text.strip(), row.sourceline, "row"), sum(linked for _, linked in cells), row.getparent())

    def _put(self, line: Line, linked: int, parent: etree._Element | None) -> None:
        place = self._place(parent)
        self.blocks.append(Block(line, linked=linked, parent=place, contained=self._containers > 0))

    def _place(self, element: etree._Element | None) -> int:
        """Return the number of an element; numbers its ancestors first."""
        unknown = []
        while element is not None and element not in self._parents:
            unknown.append(element)
            element = element.getparent()
        place = self._parents[element] if element is not None else -1
        for one in reversed(unknown):
            self.above.append(place)
            place = self._parents[one] = len(self.above) - 1
        return place


def _is_container(element: etree._Element) -> bool:
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    return len(named) > 1 and element.tag not in _INLINE and bool(_CONTAINER.search(named[:200]))


def _collapse(text: str) -> str:
    """Collapse white space as a browser does; a line break between two Chinese characters is no space."""
    return _BLANKS.sub(" ", _WRAP.sub("", text)).strip()


def _is_data_row(row: etree._Element) -> bool:
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return (
        len(cells) > 1
        and next(row.iter("table"), None) is None
        and all(sum(map(len, cell.itertext())) <= _LONGEST_CELL for cell in cells)
    )


def _cell(cell: etree._Element) -> tuple[str, int]:
    """Return the text of a cell (and what stands behind it in its row), and how much of it is links."""
    if not isinstance(cell.tag, str):
        return _collapse(cell.tail or ""), 0
    blocks = _Walk().over(cell).blocks if cell.tag not in _INVISIBLE else []
    texts = [block.line.text.replace("\t", " ") for block in blocks]
    return _collapse(" ".join((*texts, cell.tail or ""))), sum(block.linked for block in blocks)


def _metadata(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = _collapse(meta.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    for name, field_name in _META_FIELDS.items():
        value = found.get(name)
        if value:
            found.setdefault(field_name, value)
    if not any(map(str.isalpha, found.get("author", "x"))):
        del found["author"]
    if "published" in found:
        found["published"] = first_date(found["published"]) or found["published"]
    title = next(root.iter("title"), None)
    if title is not None and title.text and title.text.strip():
        found["page_title"] = _collapse(title.text)
    canonical = next((link for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"), None)
    if canonical is not None and canonical.get("href"):
        found["url"] = canonical.get("href") or ""
    if found.get("keywords") and same(found["keywords"]) == same(found.get("page_title", "")):
        del found["keywords"]
    return found


def _title_candidates(metadata: dict[str, str]) -> list[str]:
    named = (metadata.get("articletitle"), metadata.get("og:title"), metadata.get("page_title"))
    return [without_tag(title) if title == named[0] else clean_title(title) for title in named if title]
