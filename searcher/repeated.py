"""Which short lines do the pages of one folder have in common?

Pages of one site carry the same lines above and below every document: the name of a column, a row of links, a slogan.
What stands at the edges of enough pages of a folder is taken for such a line. Pure functions: ``candidates`` of one
page, ``learned`` from the counts over all of them, ``repeated_lines`` to take out of a page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from searcher.fields import LABELS, is_authority, same, squeeze, whole_date, whole_number
from searcher.models import Line

FEWEST_FILES = 5
LEAST_SHARE = 0.3
# The edges of a page: so many lines at each end, as long as they are no longer than a line of a menu.
_EDGE = 15
_LONGEST = 60
_STRUCTURE = re.compile(
    r"第[一二三四五六七八九十百千零〇\d]{1,6}[编章节条款]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]"
)
_CLOSES = re.compile(
    r"(?:特此|专此|现予|此致|敬礼|附件|附表|附录|附注|注[:：]|抄送|主送|签发|署名|联系(?:人|电话|方式)|电话|传真|邮编|地址|邮箱"
    r"|总则|附则|目录|目次|以上|妥否|[（(])"
)


def candidates(lines: Sequence[Line], *, title: str | None = None) -> frozenset[int]:
    """Return the keys of the lines of a page that could be those of its site: short ones at its edges.

    ``lines`` are what is otherwise kept of a page, ``title`` is its title. Keys are signed 64-bit hashes of folded
    lines. What opens, signs, dates, addresses or closes a document is none, nor is anything with a full stop.
    """
    return frozenset(key for _, key in _keyed(lines, title))


def learned(counts: Mapping[int, int], files: int) -> frozenset[int]:
    """Return the keys that stand in enough of the pages of a folder.

    ``counts`` says in how many of its ``files`` pages each key is a candidate: at least ``FEWEST_FILES`` of them and
    ``LEAST_SHARE`` of all make a repeated line.
    """
    enough = max(FEWEST_FILES, LEAST_SHARE * files)
    return frozenset(key for key, count in counts.items() if count >= enough)


def repeated_lines(lines: Sequence[Line], repeated: frozenset[int], *, title: str | None = None) -> frozenset[int]:
    """Return the places in ``lines`` of the candidates whose keys are among ``repeated``."""
    return frozenset(place for place, key in _keyed(lines, title) if key in repeated) if repeated else frozenset()


def _keyed(lines: Sequence[Line], title: str | None) -> Iterator[tuple[int, int]]:
    wanted = same(title or "")
    for place in _edges(lines):
        text = same(lines[place].text)
        if text != wanted and _may_repeat(lines[place]):
            digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
            yield place, int.from_bytes(digest, "big", signed=True)


def _edges(lines: Sequence[Line]) -> list[int]:
    """Return the places of the short lines that open and close a page, before and after the first and last long one."""
    size = len(lines)
    long = [place for place, line in enumerate(lines) if len(line.text) > _LONGEST or "。" in line.text]
    first, last = (long[0], long[-1]) if long else (size, -1)
    head = range(min(first, _EDGE))
    return [*head, *range(max(last + 1, size - _EDGE, len(head)), size)]


def _may_repeat(line: Line) -> bool:
    text = squeeze(line.text)
    return (
        line.kind in ("text", "heading")
        and len(text) > 1
        and any(map(str.isalnum, text))
        and not text.endswith(("：", ":"))
        and text.replace("：", ":").partition(":")[0] not in LABELS
        and not _STRUCTURE.match(text)
        and not _CLOSES.match(text)
        and not is_authority(text)
        and whole_date(text) is None
        and whole_number(text) is None
    )
