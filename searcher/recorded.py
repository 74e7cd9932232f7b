"""What article is a record?

A record brings its title and fields; they are taken as given. What it does not state is read from its text, by the same
functions as for files, and text that came in one long line is parted at the marks of its structure.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from searcher import fields, statements, titles
from searcher.authorities import split_names
from searcher.breaking import LONG_LINE, pieces
from searcher.clean import clean
from searcher.enactment import effective, enacted
from searcher.models import Article, Extraction, Line, Removed, Source
from searcher.paragraphs import paragraphs, unwrap
from searcher.signature import signature

# What a page has below a document, run together with it: downloads, the counter, the buttons.
_DOWNLOADS = re.compile(
    r"(?:公告|规章|文件|附件|政策|通知|解读)?(?:正文|文本|全文|原文)?下载(?:链接|地址)\s*[:：]"
    r"(?P<first>[^。；]{4,200}?)\.(?:docx?|wps|pdf|ofd|rtf)[^。；]*$"
)
_BUTTONS = re.compile(
    r"(?:(?:浏览|阅读|点击)(?:次数|量)\s*[:：]?\s*\d*\s*次?\s*(?:打印本页|打印|关闭窗口|关闭本页|关闭|收藏|返回顶部|分享)*"
    r"|(?:打印本页|打印此页)\s*(?:关闭窗口|关闭本页|关闭)?)\s*$"
)
_LONGEST_TITLE = 60
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))
_EPOCH = re.compile(r"-?\d{9,10}(?P<milliseconds>\d{3})?(?:\.0)?")


@dataclass(frozen=True, slots=True)
class _Parted:
    """The lines of a text, what a page had below it, and the title that a download was named by."""

    lines: Sequence[Line]
    removed: Sequence[Removed]
    title: str | None = None


def article_of_record(source: Source) -> Extraction:
    """Make the article of a record; none where it holds no text at all. Never raises."""
    if not source.lines:
        return Extraction((), ())
    stated = [line for line in source.lines if line.kind == "meta"]
    parted = _part([line for line in source.lines if line.kind != "meta"])
    marked = any(line.kind == "heading" or "**" in line.text for line in parted.lines)
    cleaned = clean(replace(source, format="markdown" if marked else "text", lines=tuple(parted.lines), metadata={}))
    article = _article(source, stated, cleaned.kept, parted.title)
    return Extraction((article,), (*parted.removed, *cleaned.removed))


def _article(source: Source, stated: Sequence[Line], lines: Sequence[Line], download: str | None) -> Article:
    given = source.metadata
    known = {"title": given["title"]} if "title" in given else {}
    head = titles.read_head(lines, metadata=known, path=source.path)
    body = unwrap(head.body)
    found = {**head.fields, **given}
    title = given.get("title") or _title_in(head)
    shown = title or download or _title_of(given, body) or head.title
    date, date_concluded = _date(given, head.fields, body)
    issuer = found.get("issuer") or statements.issuer(shown or "", body, date)
    concluded = {"title": shown and not title, "date": date_concluded, "issuer": issuer and "issuer" not in found}
    return Article(
        title=shown,
        issuer=issuer,
        issuers=split_names(issuer or ""),
        number=fields.whole_number(found.get("number", "")) or found.get("number") or statements.number(body),
        date=date,
        published=_day(found.get("published")),
        effective=_day(found.get("effective")) or effective(body, None)[0],
        status=statements.status(found.get("status", ""), shown or ""),
        source=found.get("source"),
        author=found.get("author"),
        keywords=fields.keywords(found.get("keywords", "")),
        url=found.get("url"),
        original_title=found.get("original_title"),
        addressee=found.get("addressee") or statements.addressee(body),
        attachments=statements.attachments(body),
        index_no=found.get("index_no"),
        topic=found.get("topic"),
        record_id=found.get("record_id"),
        path=source.path,
        inferred=tuple(name for name, so in concluded.items() if so),
        front=(*stated, *head.front),
        paragraphs=paragraphs(body),
    )


def _title_in(head: titles.Head) -> str | None:
    """Return the title that the text itself has, or None: （2018年5月4日公布） above it is none."""
    return None if head.inferred or not head.title or head.title.startswith(("（", "(")) else head.title


def _title_of(given: Mapping[str, str], body: Sequence[Line]) -> str | None:
    """Make a title for a record without one: its issuer and number, or how its text opens."""
    if "number" in given:
        return " ".join(value for name in ("issuer", "number") if (value := given.get(name)))
    opening = next((line.text.strip() for line in body if line.text.strip()), "")
    return re.split(r"(?<=[。！？；])", opening)[0][:_LONGEST_TITLE] or given.get("record_id")


def _day(value: str | None) -> str | None:
    """Return the date that a value states, which may be a number of seconds or milliseconds since 1970."""
    if value is None:
        return None
    epoch = _EPOCH.fullmatch(value)
    if epoch is None:
        return fields.first_date(value) or fields.stated_date(value)
    seconds = float(value) / (1000 if epoch["milliseconds"] else 1)
    # midnight in China, which many of them stand for, is the day before in UTC
    return datetime.datetime.fromtimestamp(seconds, _BEIJING).date().isoformat()


def _date(given: Mapping[str, str], found: Mapping[str, str], body: Sequence[Line]) -> tuple[str | None, bool]:
    """Return the date of a record, and whether it was concluded and not read as such."""
    stated = _day(given.get("date"))
    if stated and len(stated) > 4:
        return stated, False
    read = found.get("date") or enacted(body) or signature(body)[1]
    if read and (stated is None or read.startswith(stated)):
        return read, False
    if stated:
        return stated, False
    concluded = _day(given.get("published")) or found.get("published")
    return concluded, concluded is not None


# --- one long line ---


def _part(lines: Sequence[Line]) -> _Parted:
    """Part a text that has lost its line breaks, and take off what a page had below it."""
    if not lines:
        return _Parted(lines, ())
    kept, removed, title = _without_end(lines)
    if len(kept) == 1 or sum(len(line.text) for line in kept) > LONG_LINE * len(kept):
        kept = [replace(line, text=text) for line in kept for text in pieces(line)]
    return _Parted(kept, removed, title)


def _without_end(lines: Sequence[Line]) -> tuple[list[Line], list[Removed], str | None]:
    """Take the downloads, the counter and the buttons off the end of the last line."""
    last = lines[-1]
    text = last.text.rstrip()
    removed: list[Removed] = []
    title = None
    for pattern, reason in ((_BUTTONS, "button"), (_DOWNLOADS, "links to downloads")):
        match = pattern.search(text, max(0, len(text) - 1_000))
        if match:
            removed.append(Removed(match.group().strip(), last.number, reason))
            text = text[: match.start()].rstrip()
            title = match["first"].strip() if reason == "links to downloads" else title
    kept = [*lines[:-1], replace(last, text=text)] if text else list(lines[:-1])
    return kept, removed, title
