"""What does the body of a document say of its issuer, number, addressee, attachments and force?

Pure functions over the lines below the title. None of them takes a line away: what they read stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searcher import fields
from searcher.authorities import authorities, is_authority
from searcher.enactment import enactors, undated
from searcher.models import Line
from searcher.signature import signature

TITLE_ISSUER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、\s]{2,120}?(?:院|部|委|委员会|厅|局|署|政府|办公厅|办公室|银行|总局|中央|会|法院))"
    r"(?:关于|印发|转发|批转|对|公告|通告|令)"
)
NAMES_ADDRESSEES = re.compile(
    r"各|人民政府|委员会|直属|单位|[部委局厅院办司][、，：:]|法院|检察院|公司|委员[：:]|代表[：:]"
)
_NUMBER_LINES = 8
_SHORTEST_TITLE = 6
_ADDRESSEE_LINES = 4

_ATTACHMENTS = re.compile(r"附\s?件\s?(?P<first>\d{1,2})?\s?[:：]\s*(?P<names>.*)")
_LISTED = re.compile(r"(?:^|(?<=[\s　；;]))(?:附件)?[（(]?\d{1,2}(?:[)）.．、:：]|\s)\s*(?!\d)")
_FILE = re.compile(r"\.(?:docx?|pdf|wps|ofd|xlsx?|zip|rar|jpe?g|png|txt)\b.*$", re.IGNORECASE)
_LONGEST_NAME = 100
_MOST_ATTACHMENTS = 60

_FORCE = re.compile(
    r"(?:现行|全文|部分|条款)?(?:有效|失效|无效|废止|生效)|(?:已|被|尚未|未)?(?:修改|修订|修正|废止|失效|生效|撤销|宣布失效)"
)
_TITLE_FORCE = re.compile(r"[（(\[【](?P<status>(?:全文|部分|条款)?(?:已|被)?(?:失效|废止|修改|修订|修正))[）)\]】]$")
_LONGEST_STATUS = 20


def issuers(title: str, body: Sequence[Line], date: str | None) -> tuple[str, ...]:
    """Return each 发文机关 as the signature, the title or the enactment names it."""
    signers = signature(body)[0] if date else ()
    if signers:
        return signers
    match = TITLE_ISSUER.match(title)
    if match:
        return authorities(match["issuer"]) or (match["issuer"].strip(),)
    return _titled_below(title, body) or enactors(body) or _named_first(body) or _named_last(body)


def _titled_below(title: str, body: Sequence[Line]) -> tuple[str, ...]:
    """Return the authorities that stand before the title where it is said again in full: 甲部关于…的通知."""
    wanted = fields.same(title)
    for line in body[:_NUMBER_LINES] if len(wanted) >= _SHORTEST_TITLE else ():
        if len(line.text) <= _LONGEST_NAME and fields.same(line.text).endswith(wanted):
            match = TITLE_ISSUER.match(line.text.strip())
            if match:
                return authorities(match["issuer"])
    return ()


def ordering(number: str) -> tuple[str, ...]:
    """Return whose order a number is: 甲部令第1号 is one of 甲部."""
    name, mark, _ = number.partition("令")
    return authorities(name) if mark else ()


def issuer(title: str, body: Sequence[Line], date: str | None) -> str | None:
    """Return the 发文机关, several of them parted by 、; None where nothing names one."""
    return "、".join(issuers(title, body, date)) or None


def _named_first(body: Sequence[Line]) -> tuple[str, ...]:
    """Return the authorities that stand alone on the line below the title, where text follows them."""
    first = body[0].text.strip(" 　（）()") if len(body) > 1 and body[0].kind == "text" else ""
    return authorities(first) if len(first) >= 4 else ()


def _named_last(body: Sequence[Line]) -> tuple[str, ...]:
    """Return the authority in brackets that is the last line: （某县统计局）."""
    last = body[-1].text.strip() if body else ""
    bracketed = last[:1] in "（(" and last[-1:] in "）)" and is_authority(last[1:-1])
    return (last[1:-1],) if bracketed else ()


def number(body: Sequence[Line]) -> str | None:
    """Return a 发文字号 that stands on a line of its own, or in an enactment line, near the top."""
    for line in body[:_NUMBER_LINES]:
        text = line.text.strip()
        number = fields.whole_number(text)
        if number:
            return number
        if "令" in text[:80] and (text[:1].isdecimal() or text[:1] in "（("):
            found = fields.NUMBER.search(undated(text[:80]))
            if found:
                return found.group().strip().removeprefix("以")
    return None


def addressee(body: Sequence[Line]) -> str | None:
    """Return the 主送机关: a line near the top that ends in a colon and names authorities."""
    for line in body[:_ADDRESSEE_LINES]:
        text = line.text.strip()
        if text.endswith(("：", ":")) and len(text) <= 300 and "。" not in text and NAMES_ADDRESSEES.search(text):
            return text.rstrip("：: ")
    return None


def attachments(body: Sequence[Line]) -> tuple[str, ...]:
    """Return the names in the first list of 附件 (附件：1.… 2.…), without their numbers and file endings."""
    for place, line in enumerate(body):
        if "附" not in line.text:
            continue
        text = line.text.strip() if len(line.text) <= _MOST_ATTACHMENTS * _LONGEST_NAME else ""
        match = _ATTACHMENTS.match(text) if text[:1] == "附" else None
        if match:
            names = tuple(_names(match, body[place + 1 : place + 1 + _MOST_ATTACHMENTS]))
            if names:
                return names
    return ()


def _names(match: re.Match[str], following: Sequence[Line]) -> Iterator[str]:
    """Yield the names that a list of attachments begins with, and those on the lines below it."""
    for part in _LISTED.split(match["names"]):
        yield from _name(part)
    for line in following:
        text = line.text.strip()
        listed = _LISTED.match(text) or (match["first"] and _ATTACHMENTS.match(text))
        if not listed or len(text) > _LONGEST_NAME or text.rstrip("。").find("。") >= 0:
            return
        names = listed["names"] if listed.re is _ATTACHMENTS else text[listed.end() :]
        yield from _name(names)


def _name(text: str) -> Iterator[str]:
    name = _FILE.sub("", text.strip().strip("；;。.")).strip()
    if 1 < len(name) <= _LONGEST_NAME and "。" not in name:
        yield name


def status(stated: str, title: str) -> str | None:
    """Return what is stated of a document's force: the value of a label, else the mark at the end of its title."""
    stated = stated.strip()
    if stated and len(stated) <= _LONGEST_STATUS and _FORCE.search(stated):
        return stated
    match = _TITLE_FORCE.search(title)
    return match["status"] if match else None
