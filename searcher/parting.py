"""Where does one article of a file end, and the next begin?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from searcher import fields, titles
from searcher.dumps import documents
from searcher.markup import heading_level, is_source_link
from searcher.models import Line, Source

# A line that says where the text before it was taken from, and nothing else.
_CLOSER = re.compile(
    r"[\s（(【\[]*(?:(?P<word>源自|来源|摘自|转自|转载自|信息来源|稿件来源|文章来源|资料来源)\s*[:：]?|据)\s*"
    r"(?P<source>(?!于)[^\s，,。；;：:、]{2,30}?)\s*(?:报道|消息|电)?[。.]?[\s）)】\]]*"
)
_CLOSER_STARTS = (
    "源自",
    "来源",
    "摘自",
    "转自",
    "转载",
    "信息来源",
    "稿件来源",
    "文章来源",
    "资料来源",
    "据",
    "（",
    "(",
    "【",
    "[",
)
_LONGEST_CLOSER = 45
# [ 2020-05-06 08：40 ] ，正文：
_STORY = re.compile(
    r"\s*(?:\[?\s*(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?\s*\]?)?\s*[，,]?\s*正文\s*[:：]\s*"
    r"|\s*\[?\s*20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?\s*\]?\s*[，,]?\s*"
)
_FEWEST_STORIES = 3
_MOST_STORIES = 0.8
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one article, and what its place in the file says of it.

    ``whole``: it is a document by itself, of which the file's other articles say nothing.
    """

    lines: Sequence[Line]
    day: str | None = None
    whole: bool = False


def parts(lines: Sequence[Line], source: Source) -> list[Part]:
    """Part the lines of a file into those of its articles."""
    if not lines:
        return []
    if source.format == "markdown":
        return _markdown_parts(lines, source.path)
    if source.format == "text":
        return _story_parts(lines) or _closed_parts(lines) or [Part(part, whole=True) for part in documents(lines)]
    return [Part(lines)]


def _story_parts(lines: Sequence[Line]) -> list[Part] | None:
    """Part a file of news each of which is one line that opens with a day and a time; None if it is no such file."""
    opened = sum(_STORY.match(line.text) is not None for line in lines[:_LOOKED_AT])
    if len(lines) < _FEWEST_STORIES or opened < _MOST_STORIES * min(len(lines), _LOOKED_AT):
        return None
    found: list[Part] = []
    loose: list[Line] = []
    for line in lines:
        match = _STORY.match(line.text)
        if match is None:
            loose.append(line)
            continue
        _join(found, loose)
        stamp = Line(match.group(), line.number, "meta")
        found.append(Part([stamp, replace(line, text=line.text[match.end() :])], whole=True))
        loose = []
    _join(found, loose)
    return found


def _join(found: list[Part], loose: Sequence[Line]) -> None:
    """Give lines without a day of their own to the story before them."""
    if loose:
        found[-1:] = [Part([*(found[-1].lines if found else ()), *loose], whole=True)]


def _markdown_parts(lines: Sequence[Line], path: str) -> list[Part]:
    """Part a bulletin: headings of one level, two or more of them closed by a link to the original."""
    linked = [line.text[0] in "[!<" and is_source_link(line.text) for line in lines]
    if sum(linked) < 2:
        return [Part(lines)]
    levels = [heading_level(line) for line in lines]
    closed: Counter[int] = Counter()
    current = 0
    for is_link, level in zip(linked, levels, strict=True):
        current = level or current
        if current > 1 and not level and is_link:
            closed[current] += 1
    if not closed or closed.most_common(1)[0][1] < 2:
        return [Part(lines)]
    item = closed.most_common(1)[0][0]
    starts = [index for index, level in enumerate(levels) if level == item]
    top = next((line.text for line, level in zip(lines, levels, strict=True) if level == 1), "")
    day = fields.name_date(top) or titles.name_of_day(path)
    bounds = [0, *(start for start in starts if start > 0), len(lines)]
    return [Part(lines[a:b], day) for a, b in pairwise(bounds)]


def _closed_parts(lines: Sequence[Line]) -> list[Part] | None:
    """Part a text whose articles are each closed by a source line; None if it is no such text."""
    ends = [
        index + 1
        for index, line in enumerate(lines)
        if len(line.text) <= _LONGEST_CLOSER and closing_source(line.text) is not None
    ]
    inner = [end for end in ends if end == len(lines) or titles.is_title_like(lines[end])]
    if len(inner) < 2:
        return None
    bounds = [0, *inner]
    parts = [lines[a:b] for a, b in pairwise(bounds)]
    if not all(any(_is_prose(line) for line in part[:-1]) for part in parts):
        return None
    rest = lines[inner[-1] :]
    if rest and any(map(_is_prose, rest)):
        parts.append(rest)
    elif rest:
        parts[-1] = [*parts[-1], *rest]
    return [Part(part) for part in parts]


def _is_prose(line: Line) -> bool:
    return "。" in line.text or len(line.text) > 60


def closing_source(text: str) -> str | None:
    """Return the source that a line such as ``源自工信微报。`` names, or None if it is another line."""
    text = text.strip()
    if len(text) > _LONGEST_CLOSER or not text.startswith(_CLOSER_STARTS):
        return None
    match = _CLOSER.fullmatch(text)
    if match is None or not (match["word"] or fields.is_outlet(match["source"])):
        return None
    return match["source"]
