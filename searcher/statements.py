"""What does the body of a document say of its date, issuer, number and addressee?

Pure functions over the lines below the title. None of them takes a line away: what they read stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searcher import fields
from searcher.models import Line

_ENACTED = re.compile(r"通[过過]|修正|修[订訂]|公[布佈]|[发發][布佈]|批准|修改|制定|[颁頒][布佈]")
_CONGRESS = re.compile(
    r"(?:(?P<place>[\u4e00-\u9fff]{2,20}?)第[一二三四五六七八九十]{1,3}[届屆]|第[一二三四五六七八九十]{1,3}[届屆](?P<whole>全[国國])"
    r"|(?P<named>[\u4e00-\u9fff]{1,15}[省市州县区]))(?P<body>人民代表大[会會](?:常[务務]委[员員][会會])?)"
)
_ORDER = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,20}?)令\s?第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号")
_TITLE_ISSUER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、\s]{2,60}?(?:院|部|委|委员会|厅|局|署|政府|办公厅|办公室|银行|总局|中央|会|法院))"
    r"(?:关于|印发|转发|批转|对|公告|通告|令)"
)
_ADDRESSEE = re.compile(r"各|人民政府|委员会|直属|单位|[部委局厅院办司][、，：:]|法院|检察院|公司|委员[：:]|代表[：:]")
_SIGNER = re.compile(r"[\u4e00-\u9fff、\s　（）()]{2,60}")
# A line of a date alone, with the blanks that push it to the right.
_LONGEST_DATE = 120


def enacted(body: Sequence[Line]) -> str | None:
    """Return the last day on which the law at hand was passed, changed or made public, as its head says."""
    last: str | None = None
    for line in body[:30]:
        text = line.text.strip()
        if not text[:1].isdecimal() and text[:1] not in "（(根二一":
            break
        if not _ENACTED.search(text):
            continue
        if text[0] in "（(根":
            found = [day.iso for day in fields.dates(text[:3000]) if _is_enactment(text, day)]
        else:
            found = [day.iso for day in fields.dates(text[:24]) if day.start <= 2]
        last = max([*found, *([last] if last else [])], default=None)
    return last


def _undated(text: str) -> str:
    """Return ``text`` with blanks for its dates, so that no name begins with the 日 of a date."""
    for day in fields.dates(text):
        text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text


def _is_enactment(text: str, day: fields.FoundDate) -> bool:
    return "施行" not in text[day.end : day.end + 4] and "实施" not in text[day.end : day.end + 4]


def signature(body: Sequence[Line]) -> tuple[str | None, str | None]:
    """Return (who signed, when): a line that is a date, below a line that names an authority."""
    for index in range(len(body) - 1, 0, -1):
        when = fields.whole_date(body[index].text) if len(body[index].text) <= _LONGEST_DATE else None
        if when is None:
            continue
        above = body[index - 1].text.strip()
        signer = fields.squeeze(above) if _is_signer(above) else None
        if signer or index >= len(body) - 4:
            first = _first_of(body[:index]) if signer else None
            return first or (signer, when)
    return None, _lone_date(body)


def _lone_date(body: Sequence[Line]) -> str | None:
    """Return the date on a line of its own, where there is one such line and text above it."""
    found = [
        when
        for line in body[1:]
        if len(line.text) <= _LONGEST_DATE and line.kind == "text" and (when := fields.whole_date(line.text))
    ]
    return found[0] if len(found) == 1 else None


def _first_of(body: Sequence[Line]) -> tuple[str, str] | None:
    """Return the earliest signature: what follows it are annexes with signatures of their own."""
    for index in range(1, len(body)):
        if len(body[index].text) <= _LONGEST_DATE:
            when = fields.whole_date(body[index].text)
            above = body[index - 1].text.strip()
            if when and _is_signer(above):
                return fields.squeeze(above), when
    return None


def _is_signer(text: str) -> bool:
    return len(text) <= 60 and bool(_SIGNER.fullmatch(text)) and text.rstrip(")） 　").endswith(fields.AUTHORITY_ENDS)


def issuer(title: str, body: Sequence[Line], date: str | None) -> str | None:
    """Return the 发文机关 as the signature, the title or the enactment names it."""
    signer = signature(body)[0] if date else None
    if signer:
        return signer
    if title:
        match = _TITLE_ISSUER.match(title)
        if match:
            return match["issuer"].strip()
    for line in body[:12]:
        text = line.text.strip()
        if not text[:1].isdecimal() and text[:1] not in "（(":
            break
        text = _undated(text[:200])
        order = _ORDER.search(text)
        if order:
            return order["issuer"]
        congress = _CONGRESS.search(text)
        if congress:
            return f"{congress['place'] or congress['whole'] or congress['named']}{congress['body']}"
    return None


def number(body: Sequence[Line]) -> str | None:
    """Return a 发文字号 that stands on a line of its own, or in an enactment line, near the top."""
    for line in body[:8]:
        text = line.text.strip()
        number = fields.whole_number(text)
        if number:
            return number
        if "令" in text[:80] and (text[:1].isdecimal() or text[:1] in "（("):
            found = fields.NUMBER.search(_undated(text[:80]))
            if found:
                return found.group().strip()
    return None


def addressee(body: Sequence[Line]) -> str | None:
    """Return the 主送机关: a line near the top that ends in a colon and names authorities."""
    for line in body[:4]:
        text = line.text.strip()
        if text.endswith(("：", ":")) and len(text) <= 300 and "。" not in text and _ADDRESSEE.search(text):
            return text.rstrip("：: ")
    return None
