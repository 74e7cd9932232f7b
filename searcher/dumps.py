"""Where does each document begin in a file of many, one after the other with nothing between them?

Such files are made by programs that append the text of one document to the next. Only what cannot stand inside a
document is taken for the beginning of another, and only where a file has several such places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from searcher import fields, titles
from searcher.authorities import authorities
from searcher.breaking import pieces
from searcher.models import Line
from searcher.statements import NAMES_ADDRESSEES, TITLE_ISSUER

_FEWEST = 3
_HEAD = 3  # lines that a title may take
_COVER = 6  # lines that may stand between a title and the end of its cover page
_KINDS = (
    "规划|纲要|计划|办法|条例|规定|规程|规范|标准|导则|指南|方案|细则|意见|通知|决定|批复|公告|通告|公报|报告|函|措施"
)
_KIND_ENDS = tuple(_KINDS.split("|"))
_ORDER = re.compile(r"[\u4e00-\u9fff、]{2,40}令(?:\s?第?\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号)?")
_ORDER_NUMBER = re.compile(r"第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号")
# 甲部关于…的通知 甲发〔2018〕1号 各省：
_HEADED = re.compile(
    rf"(?P<title>[^。；：]{{4,120}}?(?:{_KINDS})(?!的))\s*(?P<number>{fields.NUMBER.pattern})\s*(?P<rest>.*)", re.DOTALL
)
# 31 某市规划: the number of the last page, or what else is left of it, stands before the title.
_PAGE = re.compile(r"(?P<page>[\d\s+#!|]{1,12})(?P<rest>(?:附件\s?\d{0,2}|ICS\b|[\u4e00-\u9fff“《]).*)", re.DOTALL)
_COVERED = re.compile(rf"[\u4e00-\u9fff“”《》、（）()\d—\-]{{4,60}}(?:{_KINDS})")
_BRACKETED = re.compile(r"[（(].{2,24}[）)]")
_OPENING = re.compile(
    r"(?P<day>\d{4}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?\s*)?(?P<word>前\s*言|序\s*言|目\s*[录次])?"
)
_STANDARD = re.compile(r"ICS\s?\d\d\.\d{3}")
# The last article of a law.
_IN_FORCE = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}条[\s　]\s*本[\u4e00-\u9fff（）]{1,12}自[^。]{4,30}(?:施行|实施)"
    r"(?:。|，[^。]{0,200}废止。)(?:[^。]{0,200}同时废止。)?"
)
_CREDIT = re.compile(r"[（(](?:本报|新华社)?(?:记者|作者|通讯员)[\s:：　].{1,40}[）)]")
_ARTICLE_MARKS = ("第", "附", "（", "(", "注")
_LONG = 200


def documents(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each document; all in one list where the file is no such dump.

    Lines may be cut where a document begins inside one; then both parts have the number of the line.
    """
    cut = list(_cut(lines))
    starts: list[int] = []
    for place in range(1, len(cut)):
        # the lines of one head are no document each
        if _begins(cut, place) and any(_is_prose(line) for line in cut[starts[-1] if starts else 0 : place]):
            starts.append(place)
    if len(starts) + 1 < _FEWEST:
        return [list(lines)]
    return [
        [line if text == line.text else replace(line, text=text) for line in cut[start:end] for text in pieces(line)]
        for start, end in pairwise([0, *starts, len(cut)])
    ]


def _is_prose(line: Line) -> bool:
    return len(line.text) > _LONG or "。" in line.text


def _cut(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, cut behind the end of a law, behind the page number before a title and around a 发文字号."""
    for place, line in enumerate(lines):
        text = line.text
        end = _IN_FORCE.match(text) if text[:1] == "第" else None
        if end and text[end.end() :].strip() and "。" not in text[end.end() :]:
            yield replace(line, text=text[: end.end()])
            line = replace(line, text=text[end.end() :])
        may_be_page = len(line.text) <= _LONG and not line.text[:1].isalpha()
        page = _PAGE.fullmatch(line.text.strip()) if may_be_page else None
        if page and _opens(replace(line, text=page["rest"]), lines[place + 1 : place + _COVER]):
            yield replace(line, text=page["page"])
            line = replace(line, text=page["rest"])
        opening = _OPENING.fullmatch(line.text.strip()) if "年" in line.text else None
        if opening and opening["day"] and opening["word"]:
            yield replace(line, text=opening["day"])
            line = replace(line, text=opening["word"])
        headed = _HEADED.fullmatch(line.text.strip()) if "号" in line.text[:180] else None
        if headed and (TITLE_ISSUER.match(headed["title"]) or headed["title"][0] in "“《"):
            yield from (
                replace(line, text=headed[part]) for part in ("title", "number", "rest") if headed[part].strip()
            )
        else:
            yield line


def _opens(line: Line, following: Sequence[Line]) -> bool:
    """Tell whether a document opens with ``line``, which had a page number before it."""
    text = line.text.strip()
    return bool(text.startswith("附件") or _STANDARD.match(text)) or _begins_cover([line, *following], 0)


def _begins(lines: Sequence[Line], place: int) -> bool:
    """Tell whether a document begins at ``place``."""
    text = lines[place].text.strip()
    before = lines[place - 1].text.strip()
    heads = len(text) <= titles.LINE_LENGTH and not text.endswith(("。", "；", "，"))
    if heads and (_begins_order(lines, place) or _begins_headed(lines, place) or _begins_cover(lines, place)):
        return True
    if _STANDARD.match(text):
        return True
    if not any(map(str.isalpha, text)):
        return False
    closed = (before[:1] == "第" and _IN_FORCE.fullmatch(before)) or (
        len(before) > _LONG and _CREDIT.search(before[-60:])
    )
    return (
        bool(closed) and not text.startswith(_ARTICLE_MARKS) and not fields.whole_date(text) and not authorities(text)
    )


def _begins_order(lines: Sequence[Line], place: int) -> bool:
    """Tell whether 甲令第1号 stands alone at ``place``, in one line or in two."""
    text = lines[place].text.strip()
    if "令" not in text:
        return False
    if text.endswith("号"):
        return bool(_ORDER.fullmatch(text))
    following = lines[place + 1].text.strip() if place + 1 < len(lines) else ""
    return bool(_ORDER.fullmatch(text) and _ORDER_NUMBER.fullmatch(following))


def _begins_headed(lines: Sequence[Line], place: int) -> bool:
    """Tell whether the title of a document stands at ``place``, and its 发文字号 or 主送机关 below."""
    if not TITLE_ISSUER.match(lines[place].text.strip()):
        return False
    joined = ""
    for line in lines[place : place + _HEAD]:
        text = line.text.strip()
        if joined.endswith(_KIND_ENDS):
            addressed = text.endswith(("：", ":")) and "。" not in text and NAMES_ADDRESSEES.search(text)
            return bool(addressed) or fields.whole_number(text) is not None
        if len(text) > titles.LINE_LENGTH:
            return False
        joined += text
    return False


def _begins_cover(lines: Sequence[Line], place: int) -> bool:
    """Tell whether a cover page begins at ``place``: a title, then what names its state or maker, then its opening."""
    title = lines[place].text.strip()
    if not (title.endswith(_KIND_ENDS) and _COVERED.fullmatch(title)):
        return False
    named = False
    for line in lines[place + 1 : place + _COVER]:
        text = line.text.strip()
        if _BRACKETED.fullmatch(text) or authorities(text):
            named = True
        else:
            return named and bool(_OPENING.fullmatch(text))
    return False
