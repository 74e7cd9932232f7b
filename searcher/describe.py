"""What is known of one article?

The lines of a part of a file become an ``Article``: its head and its foot are read, the rest are its paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from searcher import enactment, fields, statements, titles
from searcher.authorities import is_authority, split_names
from searcher.clean import Cleaned
from searcher.markup import is_source_link, link_target
from searcher.models import Article, Line, Source
from searcher.paragraphs import paragraphs, unwrap
from searcher.parting import closing_source
from searcher.signature import signature
from searcher.standards import cover

_ORIGINAL_TITLE = re.compile(
    r"[（(【\[]?\s*(?:本文)?(?:原标题|原题)(?:为\s*[:：]?|\s*[:：])\s*(?P<title>.+?)\s*[）)】\]]?"
)
_CREDIT = re.compile(
    r"[（(](?:本报记者|记者|文/图|图/文|文|作者|撰稿|供稿|通讯员)[\s:：/　]+"
    r"(?P<author>[\u4e00-\u9fff]{2,4}(?:[\s　、]+[\u4e00-\u9fff]{2,4})*)[）)]"
)
# What stands before the day on which a story opens: 新华社北京2月1日电, （记者某某）：
_OPENS_DATE = "：:（(讯电，, 　"
_FOOT_LINES = 14
_LONGEST_FOOT = 300
# The names under which metadata of formats and records give our fields.
_NOTED = {
    "issuer": ("issuer", "issuing_authority"),
    "effective": ("effective", "effective_date", "implement_date"),
    "keywords": ("keywords", "tags", "tag"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What the articles of one file have in common.

    ``day`` is the day that the file, or the part of it, is named by; ``year`` the one that days without a year belong
    to; ``alone`` says that the file is one article.
    """

    source: Source
    day: str | None
    year: str | None
    related: Sequence[str]
    alone: bool
    metadata: Mapping[str, str]


def context(source: Source, cleaned: Cleaned) -> Context:
    """Return what is known of a whole file."""
    return Context(
        source=source,
        day=titles.name_of_day(source.path),
        year=_year(cleaned.kept, source.path),
        related=cleaned.related,
        alone=True,
        metadata=source.metadata,
    )


def _year(lines: Sequence[Line], path: str) -> str | None:
    """Return the year that days without one belong to: the file's own, else the one most often named."""
    named = titles.name_of_day(path)
    if named:
        return named[:4]
    dated = (line.text for line in lines[:400] if "年" in line.text)
    counted = Counter(year for text in dated for year in fields.years(text[:4000]))
    return counted.most_common(1)[0][0] if counted else None


def describe(lines: Sequence[Line], context: Context, ordinal: int) -> Article:
    """Make an article of its lines. Never raises."""
    # the name of a file of many is the title of none of them
    path = context.source.path if context.alone or context.source.format == "markdown" else ""
    head = titles.read_head(lines, metadata=context.metadata, path=path)
    found, front = head.fields, head.front
    body = _take_foot(head.body, found, front)
    if context.source.format == "text":
        body = unwrap(body)
    if head.inferred and body:
        order = "令" in found.get("number", "")
        head.title = (titles.ordered(body[0].text) if order else None) or head.title or titles.opening(body[0].text)
    _take_cover(head, lines)
    date, date_concluded = _date(head, body, context)
    published = found.get("published") or fields.stated_date(context.metadata.get("published", ""))
    since, since_concluded = _effective(found, context.metadata, body, published or enactment.first(body) or date)
    issuers, issuers_concluded = _issuers(head, body, context.metadata, date)
    concluded = {
        "title": head.inferred and head.title is not None,
        "date": date_concluded,
        "effective": since_concluded,
        "issuer": issuers_concluded,
    }
    noted = context.metadata
    author = found.get("author") or noted.get("author")
    return Article(
        title=head.title,
        issuer=found.get("issuer") or _noted(noted, "issuer") or "、".join(issuers) or None,
        issuers=issuers,
        number=found.get("number") or noted.get("number") or statements.number(body),
        date=date,
        published=published,
        effective=since,
        status=statements.status(found.get("status") or noted.get("status", ""), head.title or ""),
        source=found.get("source") or noted.get("source"),
        author=author if author and author not in issuers else None,
        keywords=fields.keywords(found.get("keywords") or _noted(noted, "keywords") or "", names=context.related),
        url=found.get("url") or noted.get("url"),
        original_title=found.get("original_title"),
        addressee=found.get("addressee") or statements.addressee(body),
        attachments=statements.attachments(body),
        index_no=found.get("index_no"),
        topic=found.get("topic") or noted.get("topic"),
        path=context.source.path,
        ordinal=ordinal,
        inferred=tuple(name for name, so in concluded.items() if so),
        front=tuple(front),
        paragraphs=paragraphs(body),
    )


def _take_cover(head: titles.Head, lines: Sequence[Line]) -> None:
    """Add what the cover page of a standard states; its lines stay in the text."""
    page = cover(lines)
    if page is not None:
        for name, value in page.fields.items():
            head.fields.setdefault(name, value)
        if page.title and page.title != head.title:
            head.title, head.inferred = page.title, False


def _noted(metadata: Mapping[str, str], name: str) -> str | None:
    return next((metadata[key] for key in _NOTED[name] if metadata.get(key)), None)


def _issuers(
    head: titles.Head, body: Sequence[Line], noted: Mapping[str, str], date: str | None
) -> tuple[tuple[str, ...], bool]:
    """Return the issuers of an article, and whether they were concluded and not stated as such."""
    stated = head.fields.get("issuer") or _noted(noted, "issuer")
    if stated:
        return split_names(stated), False
    found = statements.issuers(head.title or "", body, date) or statements.ordering(head.fields.get("number", ""))
    if found:
        return found, False
    author = (noted.get("author") or "").removesuffix("等")
    publisher = head.fields.get("publisher", "")
    if len(author) > 2 and is_authority(author):
        return (author,), False
    # who publishes a document is most often who made it
    return (split_names(publisher), True) if is_authority(publisher) else ((), False)


def _effective(
    found: Mapping[str, str], noted: Mapping[str, str], body: Sequence[Line], published: str | None
) -> tuple[str | None, bool]:
    """Return the day since which an article holds, and whether it was concluded."""
    if found.get("effective"):
        return found["effective"], False
    day, concluded = enactment.effective(body, published)
    return (day, concluded) if day else (fields.stated_date(_noted(noted, "effective") or ""), False)


def _take_foot(lines: Sequence[Line], found: dict[str, str], front: list[Line]) -> Sequence[Line]:
    """Take the lines near the end that state the source, the original title or the original's address."""
    start = max(0, len(lines) - _FOOT_LINES)
    kept: list[Line] = []
    for line in lines[start:]:
        stated = _foot_fields(line.text) if line.kind in ("text", "meta") else None
        if stated is None and line.kind == "meta":
            stated = titles.states(line)
        if stated is None:
            kept.append(line)
            continue
        for name, value in stated.items():
            found.setdefault(name, value)
        front.append(line)
    return lines if len(kept) == len(lines) - start else [*lines[:start], *kept]


def _foot_fields(text: str) -> dict[str, str] | None:
    if len(text) > _LONGEST_FOOT:
        return None
    source = closing_source(text)
    if source is not None:
        return {"source": source}
    text = text.strip()
    original = _ORIGINAL_TITLE.fullmatch(text) if "原" in text[:4] else None
    if original:
        return {"original_title": titles.bare(original["title"])}
    credit = _CREDIT.fullmatch(text) if text[:1] in "（(" else None
    if credit:
        return {"author": credit["author"]}
    if ("来源" in text[:4] and "编" in text) or text.startswith(("关键词", "标签", "发布时间", "发布日期")):
        return fields.byline(text)
    if text.startswith("更新时间"):
        return {} if fields.byline(text) else None
    if is_source_link(text):
        return {"url": link_target(text) or ""}
    return None


def _date(head: titles.Head, body: Sequence[Line], context: Context) -> tuple[str | None, bool]:
    """Return the date of an article, and whether it was concluded and not read as such."""
    stated = head.fields.get("date")
    if stated:
        return stated, False
    enacted = enactment.enacted(body)
    if enacted:
        # the file is named by the day of the version, which its head may not know of
        return context.day or enacted, context.day not in (None, enacted)
    read = (
        fields.stated_date(context.metadata.get("date", ""))
        or signature(body)[1]
        or head.fields.get("published")
        or fields.stated_date(context.metadata.get("published", ""))
    )
    return (read, False) if read else _concluded(head, body, context)


def _concluded(head: titles.Head, body: Sequence[Line], context: Context) -> tuple[str | None, bool]:
    """Find the date in how the text opens, else conclude it from the file or from the years that are named."""
    if context.day and not context.alone and context.source.format == "markdown":
        return context.day, True
    opening = body[0].text.strip() if body else ""
    found = next(fields.dates(opening[:40]), None)
    if found and found.is_day and (found.start <= 2 or opening[found.start - 1] in _OPENS_DATE):
        return found.iso, False
    day = fields.opening_day(opening[:60])
    concluded = (fields.iso_date(int(context.year), *day) if day and context.year else None) or context.day
    if not concluded and context.source.format == "html":
        concluded = fields.address_date(context.metadata.get("url", ""))
    if not concluded and not context.alone and context.year:
        # an item of a bulletin that names no day of its own
        concluded = next(fields.years(head.title or ""), None) or context.year
    return concluded, concluded is not None
