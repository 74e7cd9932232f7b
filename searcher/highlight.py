"""Where exactly does it match?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from searcher.analyzer import fold
from searcher.models import Span

Needle = str | re.Pattern[str]

_NUMERALS = "0123456789〇零一二三四五六七八九十百千万亿两"
_NO_MINISTRY = "(?![门署分件队])"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def whole(text: str) -> Needle:
    """Return what finds a folded name or number, but none that is only part of a longer word or number."""
    before = rf"(?<![{_NUMERALS}.])" if text[0] in _NUMERALS else r"(?<![0-9a-z])" if text[0] in _LETTERS else ""
    last = text[-1]
    after = (
        rf"(?![{_NUMERALS}]|[.点][{_NUMERALS}])" if last in _NUMERALS else r"(?![0-9a-z])" if last in _LETTERS else ""
    )
    if text.endswith("部"):
        after = _NO_MINISTRY
    return re.compile(before + re.escape(text) + after) if before or after else text


@lru_cache(maxsize=256)
def any_of(needles: tuple[Needle, ...]) -> re.Pattern[str]:
    """Return what finds any of the needles; the longest where several begin."""
    patterns = [re.escape(needle) if isinstance(needle, str) else needle.pattern for needle in needles]
    return re.compile("|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern))))


def occurrences(folded: str, needle: Needle) -> list[Span]:
    """Return every place where a needle, itself folded, stands in a folded text, overlapping ones too."""
    if isinstance(needle, str):
        found = []
        at = folded.find(needle) if needle else -1
        while at >= 0:
            found.append(Span(at, at + len(needle)))
            at = folded.find(needle, at + 1)
        return found
    return [Span(*match.span()) for match in needle.finditer(folded) if match.end() > match.start()]


def times(text: str, needle: Needle) -> int:
    """Return how often, at least, a text that is not folded holds a folded needle; 0 where it does not."""
    if isinstance(needle, str):
        # A folded needle folds into itself, so where the text holds it as it is, no folding is needed.
        return text.count(needle) or fold(text).count(needle)
    return sum(1 for _ in needle.finditer(fold(text)))


def highlight(text: str, needles: Iterable[Needle]) -> tuple[Span, ...]:
    """Return where any of the needles stand in a text: sorted, disjoint, touching only where two matches touch.

    Overlapping matches become one span. Positions are code points of ``text`` as given, since folding keeps length.
    """
    folded = fold(text)
    found = sorted(span for needle in needles for span in occurrences(folded, needle))
    merged: list[Span] = []
    for span in found:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
