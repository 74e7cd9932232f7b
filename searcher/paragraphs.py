"""Which lines are one paragraph, and which paragraphs are headings?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from searcher.models import Line, Paragraph, ParagraphKind
from searcher.titles import is_title_like, join

_CHAPTER = re.compile(r"第[一二三四五六七八九十百千零〇\d]{1,6}(?:[编章节]|分编)(?=[\s　]|$)")
_SENTENCE_ENDS = "。！？；：!?;:”’」』）)…"
_NEW_PARAGRAPH = re.compile(
    r"[\s　]|第[一二三四五六七八九十百千零〇\d]{1,6}[编章节条]"
    r"|[一二三四五六七八九十]{1,3}[、．]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
)
_SHORT = 40
# Hard wraps: at least this many lines, most of them broken off near one and the same width.
_FEWEST_LINES = 12
# The width may change within a file, so it is found for so many lines at a time.
_WINDOW = 120


def paragraphs(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """Make a paragraph of each line."""
    return tuple(
        [
            Paragraph(line.text.strip(), ordinal, line.number, _kind(lines, ordinal), line.page, line.sheet)
            for ordinal, line in enumerate(lines)
        ]
    )


def _kind(lines: Sequence[Line], index: int) -> ParagraphKind:
    line = lines[index]
    if line.kind == "heading" or line.kind == "row":
        return line.kind
    text = line.text
    if len(text) > _SHORT:
        return "text"
    text = text.strip()
    if text[:1] == "第" and _CHAPTER.match(text):
        return "heading"
    return "heading" if _is_interhead(lines, index, text) else "text"


def _is_interhead(lines: Sequence[Line], index: int, text: str) -> bool:
    """Tell whether a short line without a full stop stands alone between prose."""
    if not 0 < index < len(lines) - 1 or text[-1:] in "。！？；：，、,.;:!?":
        return False
    beside = _is_prose(lines[index - 1].text) and _is_prose(lines[index + 1].text)
    return beside and is_title_like(lines[index])


def _is_prose(text: str) -> bool:
    text = text.rstrip()
    return text[-1:] in _SENTENCE_ENDS and (len(text) > 20 or "。" in text)


def unwrap(lines: Sequence[Line]) -> Sequence[Line]:
    """Join the lines of hard-wrapped text to paragraphs, where the text is clearly so."""
    widths = [_wrap_width(lines[start : start + _WINDOW]) for start in range(0, len(lines), _WINDOW)]
    if not any(widths):
        return lines
    joined: list[Line] = []
    parts: list[str] = []
    for index, line in enumerate(lines):
        width = widths[index // _WINDOW]
        if parts and width and _runs_on(lines[index - 1], line, width):
            parts.append(line.text.strip())
            continue
        _close(joined, parts)
        joined.append(line)
        parts = [line.text.strip()]
    _close(joined, parts)
    return joined


def _close(joined: list[Line], parts: list[str]) -> None:
    """Give the last line the text of all the parts that belong to it."""
    if len(parts) > 1:
        joined[-1] = replace(joined[-1], text=join(parts))


def _width(text: str) -> int:
    """Return how wide a line prints, in half-width cells."""
    return len(text.rstrip().encode("gb18030", "replace"))


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """Return the width at which a text is wrapped, or None if it is not."""
    if len(lines) < _FEWEST_LINES:
        return None
    unfinished = [line.text for line in lines if len(line.text) > 14 and line.text.rstrip()[-1:] not in _SENTENCE_ENDS]
    if len(unfinished) < 0.4 * len(lines):
        return None
    widths = sorted(map(_width, unfinished))
    width = widths[int(0.9 * len(widths))]
    near = sum(0.85 * width <= one <= 1.08 * width for one in widths)
    return width if width <= 120 and near >= 0.7 * len(widths) else None


def _runs_on(before: Line, line: Line, width: int) -> bool:
    if before.number is not None and line.number is not None and line.number - before.number > 1:
        return False
    text = before.text.rstrip()
    return (
        _width(text) >= 0.85 * width
        and not text.endswith(("。", "！", "？", "；", "：", ":"))
        and not _NEW_PARAGRAPH.match(line.text)
    )
