"""Where does one article of a file end, and the next begin?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from searcher import fields, titles
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


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one article, and what its place in the file says of it."""

    lines: Sequence[Line]
    day: str | None = None


def parts(lines: Sequence[Line], source: Source) -> list[Part]:
    """Part the lines of a file into those of its articles."""
    if not lines:
        return []
    if source.format == "markdown":
        return _markdown_parts(lines, source.path)
    if source.format == "text":
        return _closed_parts(lines)
    return [Part(lines)]


def _markdown_parts(lines: Sequence[Line], path: str) -> list[Part]:
    """Part a bulletin: headings of one level, two or more of them closed by a link to the original."""
    levels = [heading_level(line) for line in lines]
    closed: Counter[int] = Counter()
    current = 0
    for line, level in zip(lines, levels, strict=True):
        current = level or current
        if current > 1 and not level and line.text[0] in "[!<" and is_source_link(line.text):
            closed[current] += 1
    if not closed or closed.most_common(1)[0][1] < 2:
        return [Part(lines)]
    item = closed.most_common(1)[0][0]
    starts = [index for index, level in enumerate(levels) if level == item]
    top = next((line.text for line, level in zip(lines, levels, strict=True) if level == 1), "")
    day = fields.name_date(top) or titles.name_of_day(path)
    bounds = [0, *(start for start in starts if start > 0), len(lines)]
    return [Part(lines[a:b], day) for a, b in pairwise(bounds)]


def _closed_parts(lines: Sequence[Line]) -> list[Part]:
    """Part a text whose articles are each closed by a source line."""
    ends = [
        index + 1
        for index, line in enumerate(lines)
        if len(line.text) <= _LONGEST_CLOSER and closing_source(line.text) is not None
    ]
    inner = [end for end in ends if end == len(lines) or titles.is_title_like(lines[end])]
    if len(inner) < 2:
        return [Part(lines)]
    bounds = [0, *inner]
    parts = [lines[a:b] for a, b in pairwise(bounds)]
    if not all(any(_is_prose(line) for line in part[:-1]) for part in parts):
        return [Part(lines)]
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
