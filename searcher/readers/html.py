"""What text is in a saved web page?

Every visible text of the page becomes a line, one for each block; which of them are the page's main
content is decided in ``page``.
"""

from __future__ import annotations

import re

from lxml import etree

from searcher.errors import ReadError
from searcher.models import Line, Source
from searcher.readers.encoding import decode
from searcher.readers.page import Block, classify
from searcher.readers.pagemeta import page_metadata, published_beside, title_candidates

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
# What stands around an article or inside it and is none of its text: comments, what else to read, buttons to share.
_ASIDE = re.compile(
    r"(?<![a-z])(?:comments?|commt|pinglun|recommend(?:ed|s)?|tuijian|relat(?:ed|ion|ive)s?|breadcrumbs?|side[-_]?bar"
    r"|qr[-_]?code|copyright|font[-_]?size|size[-_]?level)(?![a-z])|share"
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "button", "select", "textarea", "video", "audio"})
# The document may be put together of files that are each a page: what follows the end of the first is text too.
_PAGE_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WRAP = re.compile(r"(?<=[\u2e80-\uffef])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\uffef])")
_SERVER_CODE = (("<%", "%>"), ("<?php", "?>"), ("<?=", "?>"))
# A row with a cell longer than this lays out the page; a shorter one holds data.
_LONGEST_CELL = 600


def read_html(data: bytes, *, name: str) -> Source:
    """Read a page: its main content as ``text``, ``heading`` and ``row``, what surrounds it as ``boilerplate``.

    Raises DecodingError, and ReadError where the page is nested too deeply to be read whole.
    """
    text, encoding = decode(data)
    page = _PAGE_END.sub("", _without_server_code(text))
    root = _parse(page)
    if root is None:
        return Source(path=name, format="html", encoding=encoding, lines=())
    walk = _Walk().over(root)
    metadata = page_metadata(root)
    lines, title = classify(walk.blocks, above=walk.above, page=page, titles=title_candidates(metadata))
    if title:
        metadata["title"] = title
    if "published" not in metadata:
        day = published_beside(lines, title=title, page=page)
        metadata |= {"published": day} if day else {}
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
        # depths: how many links, named containers and asides are open
        self._links = 0
        self._containers = 0
        self._asides = 0
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
        self._asides += _is_aside(element)
        self._links += tag == "a"
        self._add(element.text, element)
        return False

    def _leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag not in _INLINE and tag not in _INVISIBLE:
            self._close(element)
        if tag not in _INVISIBLE and not (tag == "tr" and _is_data_row(element)):
            self._containers -= _is_container(element)
            self._asides -= _is_aside(element)
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
        contained, aside = self._containers > 0, self._asides > 0
        self.blocks.append(Block(line, linked=linked, parent=place, contained=contained, aside=aside))

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
    named = _named(element)
    return len(named) > 1 and element.tag not in _INLINE and bool(_CONTAINER.search(named))


def _is_aside(element: etree._Element) -> bool:
    if element.tag in _ASIDE_TAGS:
        return True
    named = _named(element)
    return len(named) > 1 and element.tag not in ("html", "body") and bool(_ASIDE.search(named))


def _named(element: etree._Element) -> str:
    """Return what a page calls an element, as far as it matters."""
    return f"{element.get('id') or ''} {element.get('class') or ''}"[:200]


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
