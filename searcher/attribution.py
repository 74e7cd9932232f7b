"""Who wrote an article, where was it printed and when, as a line below its title says?"""

from __future__ import annotations

import re

from searcher import fields

_QUOTE = "> 　\t"
_ROLES = "长|主任|书记|记者|主席|委员|教授|研究员|院士|行长|代表|总裁|主编|编辑|评论员|通讯员"
_PERSON = re.compile(
    r"(?:(?P<source>《[^《》]{2,20}》|[\u4e00-\u9fff]{2,12}[报社网台刊])\s*)?"
    rf"[\u4e00-\u9fff]{{0,24}}(?:{_ROLES})[\s　]+"
    r"(?P<author>[\u4e00-\u9fff]{2,4}(?:[\s　、]+[\u4e00-\u9fff]{2,4})*)"
)
_PRINTED = re.compile(r"(?:刊于|刊於|原载于?|原載於?|载于|載於)[:：]?\s*(?P<source>[^，。；]{2,30})")
_NEWSPAPER = re.compile(
    r"(?P<source>[\u4e00-\u9fff]{2,12})/(?P<date>\d{4}年/?\d{1,2}月/?\d{1,2}日)/第[A-Z]?\d{1,3}版/?"
)
_SIGNED = re.compile(r"(?P<issuer>[\u4e00-\u9fff、]{4,40})")


def attribution(text: str) -> dict[str, str] | None:
    """Read a line below a title that says who wrote it, where it was printed and when; None if it is another line."""
    core = text.strip(_QUOTE)
    if not 4 <= len(core) <= 80 or "。" in core:
        return None
    if core.startswith("——"):
        day = next(fields.dates(core[:24]), None)
        return {"date": day.iso} if day and day.start <= 3 else None
    found: dict[str, str] = {}
    core = core.strip("（()）")
    day = next(fields.dates(core), None)
    if day:
        if len(core) - day.end > 1:
            return None
        found["date"] = day.iso
        core = core[: day.start].strip(" 　\t，,")
    match = _PERSON.fullmatch(core) or _PRINTED.fullmatch(core)
    if match is None and found and core.endswith(fields.AUTHORITY_ENDS):
        match = _SIGNED.fullmatch(core)
    if core and match is None:
        return None
    if match:
        found.update({name: value for name, value in match.groupdict().items() if value})
    return found or None


def newspaper_head(text: str) -> dict[str, str] | None:
    """Read the line by which archives of newspapers name an issue: 城市晚报 / 2001年 / 02月 / 20日 / 第 A01 版."""
    match = _NEWSPAPER.fullmatch(fields.squeeze(text))
    day = fields.first_date(match["date"].replace("/", "")) if match else None
    return {"source": match["source"], "published": day} if match and day else None
