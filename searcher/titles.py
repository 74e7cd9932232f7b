"""Which lines at the head of an article are its title, and which state its metadata?

Works on the lines that ``clean`` kept. Every line it takes comes back verbatim in ``Head.front``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from searcher.attribution import attribution, newspaper_head
from searcher.fields import (
    byline,
    dateline,
    dates,
    labelled_address,
    name_date,
    row_fields,
    same,
    squeeze,
    whole_date,
    whole_number,
    without_footnote,
    without_tag,
)
from searcher.models import Line

# The head of a document is over after this many lines; a title has at most so many lines and characters.
_HEAD_LINES = 40
_TITLE_LINES = 6
_TITLE_LENGTH = 160
LINE_LENGTH = 90
# The first of two title lines may end with a colon if it is short.
_LONGEST_LEAD = 30
_SKIPPED = 3
_SENTENCE = re.compile(r"(?<=[。！？!?])")
_LONGEST_OPENING, _SHORTEST_OPENING = 60, 20
_ORDERED = re.compile(
    r"(?:现|兹)?(?:公布|发布|颁布)《(?P<title>[^《》]*(?:〈[^〈〉]*〉[^《》]*)*)》|《(?P<passed>[^《》]*)》.{0,120}?(?:公布|发布|颁布)"
)
_ANNEX = re.compile(r"附\s?件\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*[:：]?\s*(?=\S|$)")
_FILE_NAME = re.compile(r"\.(?:md|txt|docx?|pdf|wps|html?)$", re.IGNORECASE)
# 新华社, 城市日报: alone on a line below the title, it is where the news is from.
_NEWS = ("新华社", "新社", "日报", "晚报", "客户端", "新闻网")
_LONGEST_OUTLET = 12
_LONGEST_STAMP = 40
_LONGEST_SERIAL = 12
_MASTHEAD = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,30})文件")
_ENDS_PROSE = "。；;，,、…"
_CLOSERS = "”’」』）)》〉】"
_STRUCTURE = re.compile(
    r"第[一二三四五六七八九十百千零〇\d]{1,6}[编章节条款]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)"
)
# 甲部关于…: the title of a document that ends with its kind, however many lines it takes.
_OF_AUTHORITY = re.compile(r"[\u4e00-\u9fff、]{2,40}?(?:院|部|委|会|厅|局|署|府|办|室|行)(?:关于|印发|转发)")
_UNFINISHED = ("关于", "的", "和", "与", "及", "、", "对", "《", "〈", "“", "印发", "转发", "—", "：", ":")
_LONGEST_LABELLED = 80
# Captions that programs put between what they state of a document and the document.
_CAPTIONS = frozenset({"政策全文", "基本信息", "正文", "全文", "正文内容", "政策内容", "文件正文"})
# Labels that announcements of events begin with.
_OF_EVENTS = ("时间", "日期", "主题", "名称")
_PARENTHESIS = "（(〔[【"
_IN_ARCHIVE = re.compile(r"^.*\.(?:zip|tar|tgz|gz)!", re.IGNORECASE | re.DOTALL)
_FILE_MARKS = re.compile(r"[\s_]*[（(\[]?(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d[）)\]]?$|[\s_]*[（(]?FBM-CLI[\d.]*[）)]?$")


@dataclass(slots=True)
class Head:
    """What the head of an article states: its title, fields by name, and the lines it took up."""

    title: str | None = None
    inferred: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    front: list[Line] = field(default_factory=list)
    body: Sequence[Line] = ()


def read_head(lines: Sequence[Line], *, metadata: Mapping[str, str], path: str) -> Head:
    """Read title and metadata off the head of ``lines``; what follows is ``Head.body``. Never raises."""
    head = Head()
    rest = _take_fields(_take_masthead(lines, head), head)
    wanted = head.fields.pop("title", None) or metadata.get("title")
    if wanted:
        taken = _take_known(rest, wanted, head)
    else:
        taken = _take_named(rest, head) or _take_heading(rest, head) or _take_block(rest, head)
    head.body = _take_more(rest[taken:], head)
    head.title = without_footnote(head.title) if head.title else None
    if head.title:
        head.title = bare(head.title if wanted else _ANNEX.sub("", head.title) or head.title)
    if head.title is None:
        head.title, head.inferred = name_title(path), True
    return head


def bare(title: str) -> str:
    """Take the brackets off a title that is all in 《》."""
    return title[1:-1] if title[:1] == "《" and title[-1:] == "》" and title.count("《") == 1 else title


def name_title(path: str) -> str | None:
    """Make a title of a file's name: without its ending, its date and a leading mark."""
    stem = _stem(path).strip(" -_")
    return _FILE_MARKS.sub("", stem).strip(" -_") or stem or None


def ordered(text: str) -> str | None:
    """Return the title of the law that an order makes public: 《…》已经…通过，现予公布, 现公布《…》; else None."""
    match = _ORDERED.match(text.strip())
    return match["title"] or match["passed"] if match else None


def opening(text: str) -> str | None:
    """Make a title of how a text opens: its first sentence, or as much of it as a title may have."""
    sentence = _SENTENCE.split(text.strip(), maxsplit=1)[0].strip()
    if len(sentence) <= _LONGEST_OPENING:
        return sentence or None
    comma = max(sentence.rfind(mark, 0, _LONGEST_OPENING) for mark in "，,；：: ")
    return sentence[: comma if comma >= _SHORTEST_OPENING else _LONGEST_OPENING] + "…"


def is_title_like(line: Line) -> bool:
    """Tell whether a line could be (a part of) a title: short, no sentence, no structure mark."""
    text = line.text.strip()
    if text.endswith(("：", ":")) and len(text) > _LONGEST_LEAD:
        return False
    return (
        line.kind in ("text", "heading")
        and 1 < len(text) <= LINE_LENGTH
        and text.rstrip(_CLOSERS)[-1:] not in _ENDS_PROSE
        and "。" not in text
        and not _STRUCTURE.match(text)
        and any(map(str.isalpha, text))
        and not text.startswith(("http", "•", "·", "-", "*"))
        and not (text[0] == "目" and squeeze(text) in ("目录", "目次", "目錄"))
        and whole_date(text) is None
        and whole_number(text) is None
    )


def states(line: Line) -> dict[str, str] | None:
    """Return the fields that a line consists of, or None if it is anything else."""
    text = line.text.strip().removeprefix("- ")
    if line.kind == "meta":
        return (
            (row_fields(text) if "\t" in line.text else None)
            or byline(text)
            or row_fields(text)
            or dateline(text)
            or _stamp(text)
        )
    if line.kind == "row":
        return row_fields(text)
    if len(text) > 250 or line.kind == "heading":
        return labelled_address(text) if "://" in text[:40] else None
    number = whole_number(text)
    if number:
        return {"number": number}
    newspaper = newspaper_head(text) if "版" in text[-6:] else None
    if newspaper:
        return newspaper
    if not (":" in text or "：" in text or "】" in text or text[:1].isdecimal()):
        return None
    return byline(text)


def _stamp(text: str) -> dict[str, str]:
    """Read the day that a line of metadata opens with."""
    day = next(dates(text[:_LONGEST_STAMP]), None)
    return {"published": day.iso} if day and day.start <= 2 else {}


def _merge(head: Head, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        head.fields.setdefault(name, value)


def _take_masthead(lines: Sequence[Line], head: Head) -> Sequence[Line]:
    """Take the red head of an official document: ``…文件``, with its 发文字号 on the next line; or an order's."""
    if len(lines) > 1 and lines[0].text.rstrip().endswith("令"):
        number = whole_number(squeeze(lines[0].text + lines[1].text))
        if number and len(lines[1].text.strip()) <= _LONGEST_SERIAL:
            head.fields["number"] = number
            head.front.extend(lines[:2])
            return lines[2:]
    match = _MASTHEAD.fullmatch(lines[0].text.strip()) if len(lines) > 1 else None
    if match is None or whole_number(lines[1].text) is None:
        return lines
    head.fields["issuer"] = match["issuer"]
    head.front.append(lines[0])
    return lines[1:]


def _take_fields(lines: Sequence[Line], head: Head) -> Sequence[Line]:
    """Take the lines of metadata that stand above the title; a date or address alone is not enough."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        fields = states(line)
        alone = line.kind == "text" and not fields and line.text.lstrip()[:1] != "【"
        if fields is None or (alone and not (index + 1 < len(lines) and states(lines[index + 1]))):
            return lines[index:]
        _merge(head, fields)
        head.front.append(line)
    return lines[len(head.front) :]


def _take_more(lines: Sequence[Line], head: Head) -> Sequence[Line]:
    """Take the lines of metadata below the title, and the title where it is said again.

    A few short lines may stand between the title and the line that says when it was published; they stay.
    """
    position = 0
    skipped: list[Line] = []
    while position < min(len(lines), _HEAD_LINES):
        line = lines[position]
        fields = _states_below(line, published_only=bool(skipped), stated=bool(head.fields) or position > 0)
        if fields is None and not skipped and (head.fields or line.kind == "heading"):
            fields = _inner_title(lines[position:])
        again = 0 if fields is not None or skipped else _run_of_title(lines[position:], head.title or "")
        if fields is not None:
            _merge(head, fields)
            head.front.append(line)
            position += 1
        elif again:
            head.front.extend(lines[position : position + again])
            position += again
        elif len(skipped) < _SKIPPED and line.kind == "text" and len(line.text) <= _LONGEST_LEAD:
            skipped.append(line)
            position += 1
        else:
            break
    return [*skipped, *lines[position:]] if skipped else lines[position:]


def _inner_title(lines: Sequence[Line]) -> dict[str, str] | None:
    """Tell a caption (政策全文), or a title between fields and the 发文字号, from the text: no fields, but no text."""
    if squeeze(lines[0].text) in _CAPTIONS:
        return {}
    for count, line in enumerate(lines[:_TITLE_LINES]):
        number = whole_number(line.text.strip())
        if number:
            return {} if count else {"number": number}
        if not is_title_like(line):
            break
    return None


def _states_below(line: Line, *, published_only: bool, stated: bool) -> dict[str, str] | None:
    """Return what a line below the title states, or None where it belongs to the text.

    ``stated``: other lines have stated something before it, so that words as common as 分类 are labels too.
    """
    fields = states(line)
    if fields is None and stated and len(line.text) <= _LONGEST_LABELLED:
        fields = row_fields(line.text.strip().removeprefix("- "))
    if fields is None or (_is_prose_label(line, fields) and not (stated and not line.text.startswith(_OF_EVENTS))):
        fields = attribution(line.text) if line.kind == "text" else None
        if fields is None and line.kind == "text" and _is_outlet(line.text.strip()):
            fields = {"source": line.text.strip()}
    if published_only and line.kind != "meta" and ("published" not in (fields or {}) or whole_date(line.text)):
        return None
    return fields


def _is_outlet(text: str) -> bool:
    return 2 < len(text) <= _LONGEST_OUTLET and text.endswith(_NEWS)


def _is_prose_label(line: Line, fields: Mapping[str, str]) -> bool:
    """Below a title ``时间：`` alone may open the text of an invitation: then it states no date of ours."""
    return line.kind == "text" and not fields and whole_number(line.text) is None and "编" not in line.text


def _run_of_title(lines: Sequence[Line], title: str) -> int:
    """Return how many of the first lines, joined, are the title; 0 if they are not."""
    wanted = same(title)
    joined = ""
    for count, line in enumerate(lines[:_TITLE_LINES], start=1):
        if line.kind not in ("text", "heading") or len(line.text) > _TITLE_LENGTH:
            return 0
        joined += same(without_tag(line.text))
        if joined == wanted:
            return count
        if not joined or not wanted.startswith(joined):
            return 0
    return 0


def _take_known(lines: Sequence[Line], wanted: str, head: Head) -> int:
    """Take the title that the metadata name off the first lines, where it stands there."""
    head.title = wanted
    taken = _run_of_title(lines, wanted)
    head.front.extend(lines[:taken])
    return taken


def _take_named(lines: Sequence[Line], head: Head) -> int:
    """Take a heading below a first line that says the same, as files begin that are named by their title."""
    if len(lines) < 2 or lines[0].kind != "text" or lines[1].kind != "heading":
        return 0
    title = without_tag(lines[1].text.strip())
    named, wanted = _letters(lines[0].text), _letters(title)
    if not wanted or _STRUCTURE.match(title) or not (wanted in named or (len(named) > 3 and named in wanted)):
        return 0
    head.title = lines[0].text.strip() if _FILE_NAME.search(title) else title
    head.front.extend(lines[:2])
    return 2


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, same(text)))


def _take_heading(lines: Sequence[Line], head: Head) -> int:
    """Take a first line that the format itself calls a heading."""
    if not lines or lines[0].kind != "heading":
        return 0
    text = without_tag(lines[0].text.strip())
    if not text or _STRUCTURE.match(text):
        return 0
    head.title = text
    head.front.append(lines[0])
    return 1


def _take_block(lines: Sequence[Line], head: Head) -> int:
    """Take the title that stands in the first lines of a text, joined over its line breaks."""
    if annex := len(lines) > 1 and _ANNEX.fullmatch(lines[0].text.strip()) is not None:
        head.front.append(lines[0])
        lines = lines[1:]
        if taken := _take_heading(lines, head):
            return 1 + taken
    parts: list[str] = []
    for line, following in zip(lines[:_TITLE_LINES], [*lines[1 : _TITLE_LINES + 1], None], strict=False):
        text = line.text.strip()
        if not is_title_like(line) or states(line) is not None:
            break
        if parts and (attribution(text) or not _goes_on(parts, text, lines[len(parts) - 1], line)):
            break
        if following is None and not parts and len(lines) > 1:
            break
        parts.append(text)
    if parts and parts[-1].endswith(("：", ":")):
        parts.pop()
    if not parts or sum(map(len, parts)) > _TITLE_LENGTH or (len(lines) == len(parts) and len(lines) > 2):
        return int(annex)
    head.title = join(parts)
    head.front.extend(lines[: len(parts)])
    return annex + len(parts)


def _goes_on(parts: Sequence[str], text: str, before: Line, line: Line) -> bool:
    """Tell whether ``text`` goes on with the title whose lines so far are ``parts``."""
    if same(text) == same("".join(parts)) or text.startswith(tuple(_PARENTHESIS)) or text.endswith(("：", ":")):
        return False
    if parts[-1].endswith(_UNFINISHED) or text.startswith("—"):
        return True
    if _OF_AUTHORITY.match("".join(parts)):
        return not parts[-1].endswith(_COMPLETE)
    apart = before.number is not None and line.number is not None and line.number - before.number > 1
    return not apart and not parts[-1].endswith(_COMPLETE)


_COMPLETE = (
    "法",
    "条例",
    "办法",
    "规定",
    "通知",
    "决定",
    "意见",
    "公告",
    "批复",
    "细则",
    "解释",
    "通告",
    "令",
    "报告",
    "纲要",
)


def join(parts: Sequence[str]) -> str:
    """Join lines without a space, save between two words in Latin letters."""
    joined = parts[0]
    for part in parts[1:]:
        latin = joined[-1:].isascii() and joined[-1:].isalnum() and part[:1].isascii() and part[:1].isalnum()
        joined += (" " if latin else "") + part
    return joined


def name_of_day(path: str) -> str | None:
    """Return the date that a file's name states, or None."""
    return name_date(_stem(path))


def _stem(path: str) -> str:
    """Return a file's name without its ending; that of the member for ``a.zip!b.txt``."""
    return PurePath(_IN_ARCHIVE.sub("", path)).stem
