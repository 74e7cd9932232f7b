"""Which lines of pages are one paragraph, and which stand on every page around the text?

``furniture`` finds running heads, feet and page numbers; ``paragraphs`` joins the other lines, also over the end of a
column or a page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from searcher.models import Line
from searcher.readers.pdf_layout import TextLine, join_lines


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its height, and its lines in reading order."""

    number: int
    height: float
    lines: tuple[TextLine, ...]


# Running heads and feet stand within this part of the height from the edges, so many lines deep.
_EDGE = 0.14
_DEEPEST = 4
# ... on so many pages, at heights that differ by no more than this part of the page's.
_FEWEST_PAGES = 3
_SAME_HEIGHT = 0.02
_NUMBERS = re.compile(r"[\d０-９]+|\b[ivxlcIVXLC]+\b")
_PAGE_NUMBER = re.compile(
    r"[-—–－―~·•\s]*第?\s*(?P<number>[\d０-９]{1,4}|[IVXLCivxlc]{1,6})\s*页?[-—–－―~·•\s]*"
    r"|第?\s*(?P<of>\d{1,4})\s*页?\s*[,，/／]?\s*共?\s*\d{1,4}\s*页?|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?"
)
_SURE_NUMBER = re.compile(r"[-—–－―~·•]+\s*\d{1,4}\s*[-—–－―~·•]+|第\s*\d{1,4}\s*页.{0,12}|Page\s+\d{1,4}.{0,8}")

# Distances in ems, or as parts of what is usual in the document.
_SHORT = 0.7
_ASIDE = 2.6
_INDENT = 0.8
_LOOSE = 1.25
_FAR = 1.9
_OTHER_SIZE = 0.12
_LARGE = 1.15
_LONGEST_HEADING = 80
_FEWEST_INDENTED = 0.15

_ENDS = "。！？；：!?;:”’」』…."
_STOPS = "。！？；!?;"
_SENTENCE = "。；，、："
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]{1,7}(?:[编章节条]|分编|部分)(?:[\s\u3000]|$)")
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[、．.)）](?!\d)|\d{1,2}(?:\.\d{1,2}){1,4}\s|[①-⑳]|[a-zA-Z][)）]"
    r"|[图表]\s*[A-Z]?\d|附[录件表][\s\u3000]*[A-Z\d一二三四五六七八九十]*[：:\s]?$|注\s*\d*[：:]|[—•●■□◆·]\s*\S"
)
_LEADER = re.compile(r"(?:[.．·]\s?|…){5,}\s*\S{0,6}$")
# Closing marks stay with the word before them, so a line may end a little early.
_FIRST_WORD = re.compile(r"(?:[\x21-\x7e]+|.)[，。、；：！？）》」』”’,.;:!?)]*")


# --- what stands on every page ---


def furniture(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Return (index of the page, index of the line) of running heads, running feet and page numbers."""
    found: set[tuple[int, int]] = set()
    for last in (False, True):
        edges = [_edge(page, last=last) for page in pages]
        repeated = _repeated(pages, edges)
        numbers = _numbers(pages, edges)
        for index, (page, edge) in enumerate(zip(pages, edges, strict=True)):
            for place in edge:
                text = page.lines[place].text.strip()
                if (index, place) not in repeated | numbers and not _SURE_NUMBER.fullmatch(text):
                    break
                found.add((index, place))
    return found


def _edge(page: Page, *, last: bool) -> list[int]:
    """Return the places of the lines nearest to the upper or the lower edge, from the edge inwards."""
    order = sorted(range(len(page.lines)), key=lambda place: page.lines[place].top, reverse=last)
    return [place for place in order[:_DEEPEST] if _is_at_edge(page, page.lines[place], last=last)]


def _is_at_edge(page: Page, line: TextLine, *, last: bool) -> bool:
    middle = (line.top + line.bottom) / 2
    return middle > (1 - _EDGE) * page.height if last else middle < _EDGE * page.height


def _repeated(pages: Sequence[Page], edges: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Return the lines whose text, numbers aside, stands at the same height of other pages."""
    seen: dict[str, list[tuple[float, int, int]]] = {}
    for index, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        for place in edge:
            line = page.lines[place]
            if (line.row and not line.hang) or line.text[-1] in _SENTENCE or _PAGE_NUMBER.fullmatch(line.text.strip()):
                continue
            key = _NUMBERS.sub("0", "".join(line.text.split()))
            seen.setdefault(key, []).append((line.top / max(page.height, 1), index, place))
    found = set()
    for places in seen.values():
        for height, index, place in places:
            others = {other for near, other, _ in places if abs(near - height) <= _SAME_HEIGHT}
            if len(others) >= _FEWEST_PAGES:
                found.add((index, place))
    return found


def _numbers(pages: Sequence[Page], edges: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Return the lines that are page numbers: they count up with the pages."""
    counted: dict[int, list[tuple[int, int]]] = {}
    for index, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        for place in edge:
            match = _PAGE_NUMBER.fullmatch(page.lines[place].text.strip())
            number = (match["number"] or match["of"]) if match else None
            if number:
                value = int(number) if number.isdecimal() else _roman(number)
                counted.setdefault(value - page.number, []).append((index, place))
    return {found for places in counted.values() if len({index for index, _ in places}) > 1 for found in places}


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text.lower()]
    return sum(-one if one < other else one for one, other in pairwise([*values, 0]))


# --- paragraphs ---


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a document is set: the size of its text, the distance of its lines in ems, and whether it indents."""

    em: float
    pitch: float
    indents: bool


@dataclass(slots=True)
class _Open:
    """A paragraph that may go on: its lines and the page on which it begins."""

    lines: list[TextLine]
    page: int


def paragraphs(pages: Sequence[Page], aside: set[tuple[int, int]]) -> tuple[Line, ...]:
    """Join the lines of ``pages`` to paragraphs; those ``aside`` are given as boilerplate."""
    body = [
        [line for place, line in enumerate(page.lines) if (index, place) not in aside]
        for index, page in enumerate(pages)
    ]
    habits = _habits(body)
    done: list[Line] = []
    current: _Open | None = None
    for index, page in enumerate(pages):
        edge = [
            Line(page.lines[place].text, None, "boilerplate", page.number) for at, place in sorted(aside) if at == index
        ]
        for place, line in enumerate(body[index]):
            if current is not None and _goes_on(current.lines, line, habits, turned=place == 0):
                current.lines.append(line)
                continue
            done += _closed(current, habits)
            current = _Open([line], page.number)
        done += edge
    return (*done, *_closed(current, habits))


def _closed(paragraph: _Open | None, habits: _Habits) -> Iterator[Line]:
    if paragraph is None:
        return
    text = join_lines([line.text for line in paragraph.lines])
    first = paragraph.lines[0]
    if first.row:
        yield Line(text, None, "row", paragraph.page)
    elif first.em >= _LARGE * habits.em and len(text) <= _LONGEST_HEADING and text[-1:] not in _STOPS:
        yield Line(text, None, "heading", paragraph.page)
    else:
        yield Line(text, None, "text", paragraph.page)


def _habits(body: Sequence[Sequence[TextLine]]) -> _Habits:
    lines = [line for page in body for line in page if not line.row]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.em * 2) / 2] += len(line.text)
    em = sizes.most_common(1)[0][0] if sizes else 0.0
    usual = [line for line in lines if abs(line.em - em) <= max(_OTHER_SIZE * em, 0.5)]
    pitches = sorted(_pitch(one, two) for one, two in pairwise(usual) if 0 < two.top - one.top < 4 * em)
    indented = sum(line.x0 - line.left > _INDENT * line.em for line in usual)
    return _Habits(em, pitches[len(pitches) // 5] if pitches else 1.5, indented > _FEWEST_INDENTED * len(usual))


def _pitch(one: TextLine, two: TextLine) -> float:
    return (two.bottom - one.bottom) / max(one.em, 1e-6)


def _goes_on(lines: Sequence[TextLine], line: TextLine, habits: _Habits, *, turned: bool) -> bool:
    """Tell whether ``line`` belongs to the paragraph of ``lines``; ``turned``: a new page begins with it."""
    before = lines[-1]
    over = turned or line.top < before.top
    pitch = habits.pitch if over else _pitch(before, line)
    right = max(before.right, line.right) if turned else before.right
    early = _ended_early(before, line, right)
    loose = pitch > _LOOSE * habits.pitch
    if before.hang and not line.row and abs(line.x0 - before.hang) < line.em:
        return not (turned or loose or early)
    if _is_other(before, line, over=over) or pitch > _FAR * habits.pitch or _ARTICLE.match(line.text):
        return False
    if _is_centred(before) and _is_centred(line):
        return not over and not loose
    shifted = line.x0 - line.left > _ASIDE * line.em and abs(line.x0 - before.x0) > line.em
    if early or shifted or _LEADER.search(before.text):
        return False
    if before.text[-1] not in _ENDS:
        return True
    indented = line.x0 - line.left > _INDENT * line.em
    hangs = len(lines) > 1 and abs(line.x0 - before.x0) < 0.3 * line.em
    if loose or (indented and not hangs) or _MARK.match(line.text):
        return False
    # where nothing is indented, a page or column begins a paragraph more often than not
    return habits.indents or not over


def _is_other(before: TextLine, line: TextLine, *, over: bool) -> bool:
    """Tell lines that are of different kinds: rows, other sizes, other columns one below the other."""
    if before.row or line.row or abs(line.em - before.em) > _OTHER_SIZE * max(line.em, before.em):
        return True
    return not over and (line.left, line.right) != (before.left, before.right)


def _ended_early(before: TextLine, line: TextLine, right: float) -> bool:
    """Tell whether the first word of ``line``, with what must not part from it, had room after ``before``."""
    match = _FIRST_WORD.match(line.text)
    cells = len(match.group()) if match else 1
    room = 0.5 * cells if line.text[0].isascii() else cells
    return before.x1 < right - (room + _SHORT) * before.em


def _is_centred(line: TextLine) -> bool:
    left, right = line.x0 - line.left, line.right - line.x1
    return left > 2 * line.em and abs(left - right) < max(1.5 * line.em, 0.15 * (left + right))
