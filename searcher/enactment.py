"""By whom and when was a law passed, and since when does it hold?

Laws say so in the lines below their title (``2001年3月1日 某市…会议通过``), or in brackets there; since when they hold
also in their last article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searcher import fields
from searcher.authorities import authorities
from searcher.fields import squeeze
from searcher.models import Line

_ENACTED = re.compile(r"通[过過]|修正|修[订訂]|公[布佈]|[发發][布佈]|批准|修改|制定|[颁頒][布佈]")
_CONGRESS = re.compile(
    r"(?:(?P<place>[\u4e00-\u9fff]{2,20}?)第[一二三四五六七八九十]{1,3}[届屆]|第[一二三四五六七八九十]{1,3}[届屆](?P<whole>全[国國])"
    r"|(?P<named>[\u4e00-\u9fff]{1,15}[省市州县区]))(?P<body>人民代表大[会會](?:常[务務]委[員员][会會])?)"
)
_ORDER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{2,20}(?:、[\u4e00-\u9fff]{2,20})*?)令\s?第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号"
)
_ANNOUNCED = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、（）]{2,80}?)(?:令)?(?:[发發][布佈]|公[布佈]|[颁頒][布佈]|印发|制定)"
)
_PASSED = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{2,40}?)(?:第[\d一二三四五六七八九十百]+[届屆次]|[审審]判委|[检檢]察委)"
)
_APPROVED = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,40}?)批准")
_BRACKETS = "（(【"
_HEAD_LINES = 30
# Lines that are no statement may stand between the title and the first of them.
_STRAY_LINES = 2
_LONGEST_STRAY = 40

_IN_FORCE = r"(?:施行|實施|实施|执行|執行|生效|起?施用)"
_SINCE = re.compile(
    rf"自?(?P<day>[12１２]\d{{3}}\s?年[^年，。；]{{2,12}}日|[一二][^年，。；]{{3}}年[^年，。；]{{2,12}}日)\s?起?\s?{_IN_FORCE}"
)
_LAST_ARTICLE = re.compile(
    rf"本[\u4e00-\u9fff（）]{{1,20}}?自\s?(?:(?P<day>[^，。；自]{{6,20}}?日)\s?起|(?P<now>(?:公布|发布|印发|颁布|發布|公佈|发文|下发)之日)起?)"
    rf"\s?(?:正式|开始)?{_IN_FORCE}"
)
_LAST_LINES = 60
_ORDER_LINES = 3
_CLOSED = re.compile(r"[）)]\s*$")
# 2 0 0 1年: digits that are set apart
_SPREAD = re.compile(r"\d \d \d ?\d ?年")


def _statements(body: Sequence[Line]) -> Iterator[str]:
    """Yield the lines below the title that begin with a day or a bracket, as such statements do."""
    stray = 0
    for text in _whole(body[:_HEAD_LINES]):
        if text[:1].isdecimal() or text[:1] in "（(根二一【":
            yield text
        elif stray < _STRAY_LINES and len(text) <= _LONGEST_STRAY and "。" not in text:
            stray += 1
        else:
            return


def _whole(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the texts of lines, those of a bracket that is open at the end of a line joined to one."""
    parts: list[str] = []
    for line in lines:
        text = line.text.strip()
        text = squeeze(text) if " " in text and _SPREAD.search(text) else text
        if not parts and (text[:1] not in "（(" or _CLOSED.search(text)):
            yield text
            continue
        parts.append(text)
        if _CLOSED.search(text):
            yield "".join(parts)
            parts = []
    yield from parts


def enacted(body: Sequence[Line]) -> str | None:
    """Return the last day on which the law at hand was passed, changed or made public, as its head says."""
    return max(_days(body), default=None)


def first(body: Sequence[Line]) -> str | None:
    """Return the first of those days."""
    return min(_days(body), default=None)


def _days(body: Sequence[Line]) -> Iterator[str]:
    for text in _statements(body):
        if not _ENACTED.search(text):
            continue
        if text[0] in "（(根":
            yield from (day.iso for day in fields.dates(text[:3000]) if _is_enactment(text, day))
        else:
            yield from (day.iso for day in fields.dates(text[:24]) if day.start <= 2)


def _is_enactment(text: str, day: fields.FoundDate) -> bool:
    return not re.match(_IN_FORCE, text[day.end : day.end + 6].lstrip("起 "))


def enactors(body: Sequence[Line]) -> tuple[str, ...]:
    """Return who first passed the law at hand or made it public, as its head says; who approved it as a last resort."""
    heads = [undated(text[:200]).strip(_BRACKETS + "　 ") for text in _statements(body[:12])]
    for text in heads:
        order = _ORDER.search(text)
        if order and not order["issuer"].startswith("以"):
            return authorities(order["issuer"]) or (order["issuer"],)
        congress = _CONGRESS.search(text)
        if congress:
            return (f"{congress['place'] or congress['whole'] or congress['named']}{congress['body']}",)
    for pattern in (_ANNOUNCED, _PASSED, _APPROVED):
        for text in heads:
            match = pattern.match(text)
            names = authorities(match["issuer"]) if match else ()
            if names:
                return names
    return ()


def undated(text: str) -> str:
    """Return ``text`` with blanks for its dates, so that no name begins with the 日 of a date."""
    for day in fields.dates(text):
        text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text


def effective(body: Sequence[Line], published: str | None) -> tuple[str | None, bool]:
    """Return the day since which a document holds, and whether it was concluded.

    It stands in the head of a law or in its last article; 自公布之日起施行 is the day of ``published``, concluded.
    """
    ordered = (line.text for line in body[:_ORDER_LINES] if "公布" in line.text or "印发" in line.text)
    for text in (*_statements(body), *ordered):
        since = _SINCE.search(text[:3000])
        if since and (day := fields.first_date(since["day"])):
            return day, False
    for line in reversed(body[-_LAST_LINES:] if len(body) > _LAST_LINES else body):
        if "本" in line.text and "自" in line.text:
            match = next(iter(_LAST_ARTICLE.finditer(line.text[-2000:])), None)
            if match and match["now"]:
                return published, published is not None
            day = fields.first_date(match["day"]) if match else None
            if day:
                return day, False
    return None, False
