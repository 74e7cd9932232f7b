"""Which characters of a line are Markdown's marks and not the text's?

Files of other formats may hold Markdown too: programs that write DOCX or plain text often leave it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from searcher.models import Line, Removed

_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)\)")
_ADDRESS = re.compile(r"<(?P<target>https?://[^<>\s]+)>")
_MARKS = re.compile(
    r"\*{2,3}"
    r"|</?(?:p|b|br|div|span|strong|em|i|u|font|center|sup|sub|a|img|table|tbody|thead|tr|td|th|section)"
    r"(?:\s[^<>]*)?/?>"
    # components of site generators: <Badge text="..." />
    r"|<[A-Z][A-Za-z]{1,30}\s[^<>]*/>"
    r"|\{[.#a-z][\w=\"'.# -]{0,40}\}|&(?:emsp|ensp|nbsp|thinsp);|\[\[toc\]\]"
)
_MARK_CHARACTERS = "*<&[|{"
_HEADING_MARKS = re.compile(r"\s*(?P<marks>#{1,6})(?:\s|$)")
_MARKED = re.compile(r"\s*#{1,6}\s+\S|.*?\*\*[^*\n]+\*\*")
_FEWEST_MARKED = 2
# Containers of site generators: ``::: details 目录`` to ``:::``, and the tabs in them.
_FENCE = ":::"
_CONTENTS_FENCE = re.compile(r":::\s*\w+\s+目\s*[录次錄]\s*$")
_LONGEST_ENTRY = 40


def is_marked(lines: Sequence[Line]) -> bool:
    """Tell whether lines that are not from a Markdown file hold Markdown all the same."""
    found = 0
    for line in lines:
        found += ("**" in line.text or "#" in line.text[:8]) and bool(_MARKED.match(line.text))
        if found == _FEWEST_MARKED:
            return True
    return False


def as_markdown(lines: Iterable[Line]) -> list[Line]:
    """Return lines with those that Markdown calls headings marked as such; their ``#`` stays."""
    return [
        replace(line, kind="heading")
        if line.kind == "text" and "#" in line.text and _HEADING_MARKS.match(line.text)
        else line
        for line in lines
    ]


def heading_level(line: Line) -> int:
    """Return 1 to 6 for a Markdown heading as written, else 0."""
    match = _HEADING_MARKS.match(line.text) if line.kind == "heading" else None
    return len(match["marks"]) if match else 0


def is_source_link(text: str) -> bool:
    """Tell whether a Markdown line is nothing but a link to where the text came from."""
    text = text.strip()
    match = _LINK.fullmatch(text)
    named = match is not None and not match["target"].startswith("#") and "原" in match["text"]
    return named or _ADDRESS.fullmatch(text) is not None


def link_target(text: str) -> str | None:
    """Return the address of the Markdown link that is all of ``text``, or None."""
    match = _LINK.fullmatch(text.strip()) or _ADDRESS.fullmatch(text.strip())
    return match["target"] if match else None


def without_markup(lines: Sequence[Line]) -> tuple[list[Line], list[Removed]]:
    """Take Markdown's marks off the lines; what they mark stays, and so do the marks of headings."""
    kept: list[Line] = []
    removed: list[Removed] = []
    contents = _contents_fence(lines)
    whole = "\n".join([line.text for line in lines])
    marks = [mark for mark in _MARK_CHARACTERS if mark in whole]
    marked = {place for mark in marks for place, line in enumerate(lines) if mark in line.text}
    for place, line in enumerate(lines):
        if place in contents:
            removed.append(Removed(line.text.strip(), line.number, "table of contents"))
            continue
        if line.kind == "text" and place not in marked and line.text[0] not in "-:@":
            kept.append(line)
            continue
        bare, taken = _unmarked(line)
        removed.extend(Removed(mark, line.number, "markup") for mark in taken)
        if bare is not None and bare.text.strip():
            kept.append(bare)
    return kept, removed


def _contents_fence(lines: Sequence[Line]) -> range:
    """Return the places of a container that holds a table of contents, its fences included."""
    start = next((place for place, line in enumerate(lines[:40]) if _CONTENTS_FENCE.match(line.text)), None)
    if start is None:
        return range(0)
    for place in range(start + 1, len(lines)):
        text = lines[place].text.strip()
        if text == _FENCE:
            return range(start, place + 1)
        if "。" in text or (len(text) > _LONGEST_ENTRY and any(map(str.isalpha, _LINK.sub("", _MARKS.sub("", text))))):
            break
    return range(0)


def _unmarked(line: Line) -> tuple[Line | None, list[str]]:
    text, kind = line.text.strip(), line.kind
    if kind == "meta":
        return (None, [text]) if text.strip("-.") == "" else (line, [])
    if text.startswith((_FENCE, "@tab ")) or not text.strip("|-: *_"):
        return None, [text]
    marks: list[str] = []
    if "](#" in text and not any(map(str.isalnum, _MARKS.sub("", _LINK.sub("", text)))):
        # a list of links within the page: what they lead to stands there
        return None, [text]
    if kind == "heading":
        # the marks stay on the line: its level is read from them
        bare = _take_out(text, marks)
        return (line if bare == line.text else replace(line, text=bare)), marks
    if text.startswith("|") and text.endswith("|") and len(text) > 2:
        marks.extend("|" * text.count("|"))
        text = "\t".join(cell.strip() for cell in text.strip("|").split("|"))
        kind = "row"
    return replace(line, text=_take_out(text, marks), kind=kind), marks


def _take_out(text: str, marks: list[str]) -> str:
    """Return ``text``, stripped, without its marks, which are added to ``marks``."""
    if not any(mark in text for mark in _MARK_CHARACTERS):
        return text.strip()

    def link(match: re.Match[str]) -> str:
        marks.extend((f"{match['image']}[", f"]({match['target']})"))
        return match["text"]

    def mark(match: re.Match[str]) -> str:
        marks.append(match.group())
        return " " if match.group()[0] == "&" else ""

    if not is_source_link(text) and "](" in text:
        text = _LINK.sub(link, text)
    return _MARKS.sub(mark, text).strip()
