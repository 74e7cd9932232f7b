"""Which lines of a page are its main content?

trafilatura says which texts it takes for the content. Its gaps are filled by what is known of government
pages: the element that holds the article is often named so, what stands beside content under one parent
is content, and tables of 索引号 and 发文字号 are metadata.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from searcher.fields import LABELS, byline, dateline, row_fields, same, squeeze, without_tag
from searcher.models import Line

# Texts are compared by their runs of so many characters.
_RUN = 8
_MOSTLY = 0.6
_LINKS = 0.5
_LONGEST_VALUE = 120
_NEARLY_ALL = 0.8
# An element named as an article is believed when it holds so much of the prose.
_ENOUGH = 0.33
# <html> and <body>
_PAGE_DEPTH = 2
_LONG = 20
# trafilatura is not asked about pages beyond this many characters: it takes seconds for each million.
_LARGEST_PAGE = 3_000_000
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = ("。", "；", "！", "？", "：")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page.

    ``linked``: how many characters of it are links. ``contained``: an element around it is named as one that holds
    an article; ``aside``: as one that holds comments and the like.
    """

    line: Line
    linked: int
    parent: int
    contained: bool
    aside: bool = False

    @property
    def size(self) -> int:
        """Return the number of characters that are not space."""
        return len(squeeze(self.line.text))

    @property
    def weight(self) -> float:
        """Return how much the block weighs as prose: its Han characters, and a tenth of what else is in it.

        What a program printed into a page, a stack trace or a script, is long and in Latin letters.
        """
        return len(_HAN.findall(self.line.text)) + 0.1 * self.size


def classify(
    blocks: Sequence[Block], *, above: Sequence[int], page: str, titles: Sequence[str]
) -> tuple[list[Line], str | None]:
    """Return the lines of ``blocks`` with their kinds, and the title of the page if one is found.

    ``above`` gives the parent of each parent. ``titles`` are what the page calls itself, the most trustworthy first.
    """
    blocks = _paired(blocks)
    main = _main_but_asides(blocks, above, _extracted(page))
    first = next((index for index, flag in enumerate(main) if flag), len(blocks))
    at, title = _title(blocks, titles, first)
    lines = []
    for index, block in enumerate(blocks):
        line = block.line
        if index == at:
            line = replace(line, kind="heading")
        elif line.kind == "row" and row_fields(line.text) is not None:
            line = replace(line, kind="meta")
        elif not main[index] or (at is not None and index < at and first < at):
            near = at is not None and at - 3 <= index < max(first, at + 1) + 4
            stated = (byline(line.text) or dateline(line.text)) if near or index < first <= index + 6 else None
            line = replace(line, kind="meta" if stated else "boilerplate")
        lines.append(line)
    return lines, title


def _paired(blocks: Sequence[Block]) -> list[Block]:
    """Join a label that is a block of its own (索引号：) and the value in the next block to one row."""
    paired: list[Block] = []
    label: Block | None = None
    for block in blocks:
        if label is not None:
            value = block.line.text
            if len(value) <= _LONGEST_VALUE and block.line.kind == "text" and not _is_label(value):
                line = replace(label.line, text=f"{label.line.text}\t{value}", kind="row")
                paired.append(replace(label, line=line, linked=label.linked + block.linked))
                label = None
                continue
            paired.append(label)
            label = None
        if block.line.kind == "text" and _is_label(block.line.text):
            label = block
        else:
            paired.append(block)
    return paired if label is None else [*paired, label]


def _is_label(text: str) -> bool:
    return 3 <= len(text) <= 12 and text[-1] in "：:" and squeeze(text[:-1]) in LABELS


def _extracted(page: str) -> str:
    """Return what trafilatura takes for the content, or an empty string."""
    if len(page) > _LARGEST_PAGE or not page.strip():
        return ""
    import trafilatura

    return trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=False) or ""


def _main_but_asides(blocks: Sequence[Block], above: Sequence[int], extracted: str) -> list[bool]:
    """Decide for each block whether it is content; asides are none, unless they hold most of it."""
    whole = {same(line.strip(" -|")) for line in extracted.split("\n")}
    runs = _runs(whole)
    found = [_is_extracted(same(block.line.text), whole, runs) and not _is_links(block) for block in blocks]
    prose = {False: 0.0, True: 0.0}
    for block, flag in zip(blocks, found, strict=True):
        if flag and _is_prose(block):
            prose[block.aside] += block.weight
    if prose[False] <= prose[True]:
        return _main(blocks, above, found)
    inside = [place for place, block in enumerate(blocks) if not block.aside]
    content = _main([blocks[place] for place in inside], above, [found[place] for place in inside])
    chosen = {place for place, flag in zip(inside, content, strict=True) if flag}
    return [place in chosen for place in range(len(blocks))]


def _main(blocks: Sequence[Block], above: Sequence[int], main: list[bool]) -> list[bool]:
    """Decide for each block whether it is content; ``main`` says which ones trafilatura takes for it."""
    contained = sum(block.weight for block in blocks if block.contained and _is_prose(block))
    if contained >= _LONG:
        main = [flag if not block.contained else not _is_links(block) for flag, block in zip(main, blocks, strict=True)]
        # a summary is often there twice, for two kinds of screen
        prose = {
            block.line.text: block.weight for flag, block in zip(main, blocks, strict=True) if flag and _is_prose(block)
        }
        content = sum(prose.values())
        if contained >= _ENOUGH * content:
            main = [flag and block.contained for flag, block in zip(main, blocks, strict=True)]
    if not any(main):
        return [not _is_links(block) for block in blocks]
    return _filled(blocks, _with_siblings(blocks, _in_one_place(blocks, above, main)))


def _is_prose(block: Block) -> bool:
    return block.line.kind != "heading" and (block.size >= 40 or "。" in block.line.text) and not _is_links(block)


def _in_one_place(blocks: Sequence[Block], above: Sequence[int], main: list[bool]) -> list[bool]:
    """Keep the content under the lowest element that holds nearly all of its prose."""
    prose: defaultdict[int, float] = defaultdict(float)
    for block, flag in zip(blocks, main, strict=True):
        if flag and _is_prose(block):
            for place in _ancestors(block.parent, above):
                prose[place] += block.weight
    if not prose:
        return main
    enough = _NEARLY_ALL * max(prose.values())
    # numbers grow downwards: the highest number that holds enough is the lowest such element
    lowest = max(place for place, size in prose.items() if size >= enough)
    under = [lowest in _ancestors(block.parent, above) for block in blocks]
    # tables go with the text beside them, unless that is all of the page
    tables = sum(1 for _ in _ancestors(lowest, above)) > _PAGE_DEPTH
    return [
        inside and (flag or (tables and block.line.kind == "row" and not _is_links(block)))
        for block, flag, inside in zip(blocks, main, under, strict=True)
    ]


def _ancestors(place: int, above: Sequence[int]) -> Iterator[int]:
    while place >= 0:
        yield place
        place = above[place]


def _runs(texts: Iterable[str]) -> set[str]:
    return {text[i : i + _RUN] for text in texts for i in range(len(text) - _RUN + 1)}


def _is_extracted(text: str, whole: set[str], runs: set[str]) -> bool:
    if text in whole:
        return True
    count = len(text) - _RUN + 1
    if count < 1:
        return False
    step = max(1, count // 40)
    asked = range(0, count, step)
    return sum(text[i : i + _RUN] in runs for i in asked) >= _MOSTLY * len(asked)


def _is_links(block: Block) -> bool:
    return block.linked > _LINKS * block.size and not block.line.text.endswith(_SENTENCE)


def _with_siblings(blocks: Sequence[Block], main: Sequence[bool]) -> list[bool]:
    """Add the blocks under a parent most of whose text is content."""
    total: defaultdict[int, int] = defaultdict(int)
    content: defaultdict[int, int] = defaultdict(int)
    for block, flag in zip(blocks, main, strict=True):
        total[block.parent] += block.size
        content[block.parent] += block.size * flag
    return [
        flag or (content[block.parent] > 0.5 * total[block.parent] and not _is_links(block))
        for block, flag in zip(blocks, main, strict=True)
    ]


def _filled(blocks: Sequence[Block], main: list[bool]) -> list[bool]:
    """Fill the gaps: long prose between two blocks of content is content."""
    marked = [index for index, flag in enumerate(main) if flag]
    for index in range(marked[0], marked[-1]):
        block = blocks[index]
        if not main[index] and block.size >= _LONG and block.line.text.endswith(_SENTENCE) and not _is_links(block):
            main[index] = True
    return main


def _title(blocks: Sequence[Block], titles: Sequence[str], first: int) -> tuple[int | None, str | None]:
    """Return the place of the block that is the page's title, if there is one, and the title."""
    head = range(min(len(blocks), first + 4))
    for wanted in titles:
        known = same(wanted)
        places = [i for i in head if _names(same(without_tag(blocks[i].line.text)), known)]
        if places:
            longest = max(blocks[i].size for i in places)
            at = max(i for i in places if blocks[i].size == longest)
            return at, without_tag(blocks[at].line.text)
    headings = [i for i in head if blocks[i].line.kind == "heading" and blocks[i].size >= 4 and not blocks[i].linked]
    if headings:
        return headings[-1], blocks[headings[-1]].line.text
    return None, next((title for title in titles if len(title) > 1), None)


def _names(text: str, wanted: str) -> bool:
    """Tell whether a block's text is the title that the page names, whole or without the site's name behind it."""
    if text == wanted:
        return len(text) > 1
    return len(text) >= 5 and wanted.startswith(text) and len(text) >= 0.5 * len(wanted)
