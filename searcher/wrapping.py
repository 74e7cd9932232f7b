"""Where does a line of Chinese text end on a terminal?

Chinese characters take two columns and part anywhere, words of letters and digits stay whole and so do a number and
its unit, and no line begins with a closing mark or ends with an opening one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from searcher.models import Span

_NOT_FIRST = frozenset("，。、；：？！…—～·”’」』）》〉】〕］｝,.;:?!)]}%％℃")
_NOT_LAST = frozenset("“‘「『（《〈【〔［｛([{")


@cache
def _unbreakable() -> re.Pattern[str]:
    return re.compile(r"[0-9][0-9.,]* (?:ms|[kMG]?B)(?![A-Za-z0-9])|[A-Za-z0-9][A-Za-z0-9.\-/%+]*|\s+|.", re.DOTALL)


def safe(text: str) -> str:
    """Return a text of the same length that a terminal can only show: nothing in it controls or turns direction."""
    if text.isprintable():
        return text
    return "".join(_safe_character(character) for character in text)


def _safe_character(character: str) -> str:
    if character.isprintable():
        return character
    # Format characters (turning marks, joiners, soft hyphens) have no width of their own.
    return " " if character.isspace() or unicodedata.category(character) == "Cf" else "\ufffd"


def wrap(text: str, width: int) -> list[Span]:
    """Return the lines of a text, ``width`` columns wide, as spans of code points without spaces at their ends."""
    from rich.cells import cell_len  # a pipe has no need of it

    lines: list[Span] = []
    start = end = columns = 0
    for piece in _pieces(text, width):
        size = cell_len(text[piece.start : piece.end])
        if columns + size > width and end > start:
            lines.append(_trimmed(text, start, end))
            start, columns = piece.start, 0
            if text[piece.start : piece.end].isspace():
                start = end = piece.end
                continue
        end = piece.end
        columns += size
    if end > start or not lines:
        lines.append(_trimmed(text, start, end))
    return lines


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _pieces(text: str, width: int) -> list[Span]:
    """Return what must stay on one line: words, and characters with the marks that cling to them."""
    from rich.cells import cell_len

    pieces: list[Span] = []
    for match in _unbreakable().finditer(text):
        start, end = match.span()
        if pieces:
            last = pieces[-1]
            clings = text[start] in _NOT_FIRST or text[last.end - 1] in _NOT_LAST
            if clings and cell_len(text[last.start : end]) <= min(width, 12):
                pieces[-1] = Span(last.start, end)
                continue
        if cell_len(match[0]) > width:
            pieces += [Span(at, at + 1) for at in range(start, end)]
        else:
            pieces.append(Span(start, end))
    return pieces


def excerpt(text: str, highlights: tuple[Span, ...], size: int) -> Span:
    """Return a part of about ``size`` code points with many highlights, begun at a sentence where one is near."""
    if len(text) <= size * 1.25:
        return Span(0, len(text))
    starts = [span.start for span in highlights] or [0]
    best = max(starts, key=lambda at: (sum(at <= other < at + size * 0.8 for other in starts), -at))
    start = max(0, best - size // 5)
    sentence = max(text.rfind(mark, max(0, best - size // 2), best) for mark in "。；！？")
    if sentence >= 0:
        start = sentence + 1
    elif best < size // 2:
        start = 0
    end = min(len(text), start + size)
    close = max(text.rfind(mark, max(best, end - size // 4), end) for mark in "。；！？")
    if close > best and end < len(text):
        end = close + 1
    return Span(start, end)
