"""Where does each article begin, and what is its title, date, issuer, 文号?

``extract`` turns a ``Source`` into articles: it parts the lines that ``clean`` kept, reads the head and the foot
of each part, and makes a paragraph of every other line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from searcher import fields, titles
from searcher.clean import Cleaned, clean, heading_level, is_source_link, link_target
from searcher.models import Article, Extraction, Line, Removed, Source
from searcher.paragraphs import paragraphs, unwrap

# A line that says where the text before it was taken from, and nothing else.
_CLOSER = re.compile(
    r"[\s（(【\[]*(?:(?P<word>源自|来源|摘自|转自|转载自|信息来源|稿件来源|文章来源|资料来源)\s*[:：]?|据)\s*"
    r"(?P<source>[^\s，,。；;：:、]{2,30}?)\s*(?:报道|消息|电)?[。.]?[\s）)】\]]*"
)
_CLOSER_STARTS = (
    "源自",
    "来源",
    "摘自",
    "转自",
    "转载",
    "信息来源",
    "稿件来源",
    "文章来源",
    "资料来源",
    "据",
    "（",
    "(",
    "【",
    "[",
)
_LONGEST_CLOSER = 45
_ORIGINAL_TITLE = re.compile(r"[（(【\[]?\s*(?:原标题|原题)\s*[:：]\s*(?P<title>.+?)\s*[）)】\]]?")
_CREDIT = re.compile(
    r"[（(](?:本报记者|记者|文/图|图/文|文|作者|撰稿|供稿|通讯员)[\s:：/　]+"
    r"(?P<author>[\u4e00-\u9fff]{2,4}(?:[\s　、]+[\u4e00-\u9fff]{2,4})*)[）)]"
)
_ENACTED = re.compile(r"通过|修正|修订|公布|发布|批准|修改|制定|颁布")
_CONGRESS = re.compile(
    r"(?:(?P<place>[\u4e00-\u9fff]{2,10}?)第[一二三四五六七八九十]{1,3}届|第[一二三四五六七八九十]{1,3}届(?P<whole>全国))?"
    r"(?P<body>人民代表大会(?:常务委员会)?)"
)
_ORDER = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{2,20}?)令\s?第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号")
_TITLE_ISSUER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、\s]{2,60}?(?:院|部|委|委员会|厅|局|署|政府|办公厅|办公室|银行|总局|中央|会|法院))"
    r"(?:关于|印发|转发|批转|对|公告|通告|令)"
)
_ADDRESSEE = re.compile(r"各|人民政府|委员会|直属|单位|[部委局厅院办司][、，：:]|法院|检察院|公司|委员[：:]|代表[：:]")
_SIGNER = re.compile(r"[\u4e00-\u9fff、\s　（）()]{2,60}")
_SIGNER_END = (
    "院",
    "部",
    "委",
    "会",
    "厅",
    "局",
    "署",
    "府",
    "办",
    "室",
    "行",
    "总局",
    "中央",
    "公司",
    "组",
    "大学",
    "中心",
    "处",
)
# What stands before the day on which a story opens: 新华社北京2月1日电, （记者某某）：
_OPENS_DATE = "：:（(讯电，, 　"
_FOOT_LINES = 14
# A line of a date alone, with the blanks that push it to the right.
_LONGEST_DATE = 120


@dataclass(frozen=True, slots=True)
class _Context:
    """What the articles of one file have in common."""

    source: Source
    day: str | None
    year: str | None
    related: Sequence[str]
    alone: bool
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one article, and what its place in the file says of it."""

    lines: Sequence[Line]
    day: str | None = None


def extract(source: Source) -> Extraction:
    """Split a source into its articles. Never raises; a source without text gives no article."""
    cleaned = clean(source)
    context = _context(source, cleaned)
    removed = list(cleaned.removed)
    articles: list[Article] = []
    parts = _parts(cleaned.kept, source)
    for part in parts:
        lines = list(_without_marks(part.lines, removed)) if source.format == "markdown" else part.lines
        if lines:
            # the file's own title is that of a lone article only
            metadata = context.metadata if len(parts) == 1 else {}
            own = replace(context, day=part.day or context.day, metadata=metadata, alone=len(parts) == 1)
            articles.append(_article(lines, own, len(articles)))
    return Extraction(tuple(articles), tuple(removed))


def _without_marks(lines: Sequence[Line], removed: list[Removed]) -> Iterator[Line]:
    """Yield the lines of a Markdown file without the marks of its headings, which go to ``removed``."""
    for line in lines:
        level = heading_level(line)
        if not level:
            yield line
            continue
        removed.append(Removed("#" * level, line.number, "markup"))
        text = line.text.strip()[level:].strip()
        if text:
            yield replace(line, text=text)


def _context(source: Source, cleaned: Cleaned) -> _Context:
    return _Context(
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
    counted = Counter(year for line in lines[:400] for year in fields.years(line.text[:4000]))
    return counted.most_common(1)[0][0] if counted else None


# --- parting ---


def _parts(lines: Sequence[Line], source: Source) -> list[_Part]:
    """Part the lines of a file into those of its articles."""
    if not lines:
        return []
    if source.format == "markdown":
        return _markdown_parts(lines, source.path)
    if source.format == "text":
        return _closed_parts(lines)
    return [_Part(lines)]


def _markdown_parts(lines: Sequence[Line], path: str) -> list[_Part]:
    """Part a bulletin: headings of one level, two or more of them closed by a link to the original."""
    levels = [heading_level(line) for line in lines]
    closed: Counter[int] = Counter()
    current = 0
    for line, level in zip(lines, levels, strict=True):
        current = level or current
        if current > 1 and not level and line.text[0] in "[!" and is_source_link(line.text):
            closed[current] += 1
    if not closed or closed.most_common(1)[0][1] < 2:
        return [_Part(lines)]
    item = closed.most_common(1)[0][0]
    starts = [index for index, level in enumerate(levels) if level == item]
    top = next((line.text for line, level in zip(lines, levels, strict=True) if level == 1), "")
    day = fields.name_date(top) or titles.name_of_day(path)
    bounds = [0, *(start for start in starts if start > 0), len(lines)]
    return [_Part(lines[a:b], day) for a, b in pairwise(bounds)]


def _closed_parts(lines: Sequence[Line]) -> list[_Part]:
    """Part a text whose articles are each closed by a source line."""
    ends = [
        index + 1
        for index, line in enumerate(lines)
        if len(line.text) <= _LONGEST_CLOSER and closing_source(line.text) is not None
    ]
    inner = [end for end in ends if end == len(lines) or titles.is_title_like(lines[end])]
    if len(inner) < 2:
        return [_Part(lines)]
    bounds = [0, *inner]
    parts = [lines[a:b] for a, b in pairwise(bounds)]
    if not all(any(_is_prose(line) for line in part[:-1]) for part in parts):
        return [_Part(lines)]
    rest = lines[inner[-1] :]
    if rest and any(map(_is_prose, rest)):
        parts.append(rest)
    elif rest:
        parts[-1] = [*parts[-1], *rest]
    return [_Part(part) for part in parts]


def _is_prose(line: Line) -> bool:
    return "。" in line.text or len(line.text) > 60


def closing_source(text: str) -> str | None:
    """Return the source that a line such as ``源自工信微报。`` names, or None if it is another line."""
    text = text.strip()
    if len(text) > _LONGEST_CLOSER or not text.startswith(_CLOSER_STARTS):
        return None
    match = _CLOSER.fullmatch(text)
    if match is None or not (match["word"] or fields.is_outlet(match["source"])):
        return None
    return match["source"]


# --- one article ---


def _article(lines: Sequence[Line], context: _Context, ordinal: int) -> Article:
    head = titles.read_head(lines, metadata=context.metadata, path=context.source.path)
    found, front = head.fields, head.front
    body = _take_foot(head.body, found, front)
    if context.source.format == "text":
        body = unwrap(body)
    inferred = ["title"] if head.inferred and head.title else []
    date = _date(head, body, context, inferred)
    noted = context.metadata
    issuer = (
        found.get("issuer")
        or noted.get("issuer")
        or noted.get("issuing_authority")
        or _issuer(head.title or "", body, date)
    )
    return Article(
        title=head.title,
        issuer=issuer,
        number=found.get("number") or noted.get("number") or _body_number(body),
        date=date,
        published=found.get("published") or noted.get("published"),
        source=found.get("source") or noted.get("source"),
        author=found.get("author") or noted.get("author"),
        keywords=fields.keywords(found.get("keywords") or noted.get("keywords", ""), names=context.related),
        url=found.get("url") or noted.get("url"),
        original_title=found.get("original_title"),
        addressee=found.get("addressee") or _addressee(body),
        index_no=found.get("index_no"),
        topic=found.get("topic") or noted.get("topic"),
        path=context.source.path,
        ordinal=ordinal,
        inferred=tuple(inferred),
        front=tuple(front),
        paragraphs=paragraphs(body),
    )


def _take_foot(lines: Sequence[Line], found: dict[str, str], front: list[Line]) -> Sequence[Line]:
    """Take the lines near the end that state the source, the original title or the original's address."""
    start = max(0, len(lines) - _FOOT_LINES)
    kept: list[Line] = []
    for line in lines[start:]:
        stated = _foot_fields(line.text)
        if stated is None or line.kind not in ("text", "meta"):
            kept.append(line)
            continue
        for name, value in stated.items():
            found.setdefault(name, value)
        front.append(line)
    return lines if len(kept) == len(lines) - start else [*lines[:start], *kept]


def _foot_fields(text: str) -> dict[str, str] | None:
    if len(text) > 300:
        return None
    source = closing_source(text)
    if source is not None:
        return {"source": source}
    original = _ORIGINAL_TITLE.fullmatch(text.strip()) if "原" in text[:4] else None
    if original:
        return {"original_title": original["title"]}
    credit = _CREDIT.fullmatch(text.strip()) if text.lstrip("　 ")[:1] in "（(" else None
    if credit:
        return {"author": credit["author"]}
    if is_source_link(text):
        return {"url": link_target(text) or ""}
    return None


# --- what the body says ---


def _date(head: titles.Head, body: Sequence[Line], context: _Context, inferred: list[str]) -> str | None:
    """Return the date of an article, and note in ``inferred`` where it was concluded."""
    stated = head.fields.get("date")
    if stated:
        return stated
    enacted = _enacted(body)
    if enacted:
        if context.day and context.day != enacted:
            inferred.append("date")
            return context.day
        return enacted
    noted = fields.first_date(context.metadata.get("date", ""))
    if noted:
        return noted
    signed = _signature(body)[1]
    if signed:
        return signed
    published = head.fields.get("published") or context.metadata.get("published")
    if published:
        return published
    return _concluded(head, body, context, inferred)


def _concluded(head: titles.Head, body: Sequence[Line], context: _Context, inferred: list[str]) -> str | None:
    """Conclude the date from the file, or from a day without a year, or from a year in the title."""
    inferred.append("date")
    if context.day and not context.alone and context.source.format == "markdown":
        return context.day
    opening = body[0].text.strip() if body else ""
    found = next(fields.dates(opening[:40]), None)
    if found and found.is_day and (found.start <= 2 or opening[found.start - 1] in _OPENS_DATE):
        inferred.remove("date")
        return found.iso
    day = fields.opening_day(opening[:60])
    if day and context.year:
        iso = fields.iso_date(int(context.year), *day)
        if iso and not context.day:
            return iso
    if context.day:
        return context.day
    if not context.alone:
        # an item of a bulletin that names no day of its own
        in_title = next(fields.years(head.title or ""), None)
        if in_title or context.year:
            return in_title or context.year
    inferred.remove("date")
    return None


def _enacted(body: Sequence[Line]) -> str | None:
    """Return the last day on which the law at hand was passed, changed or made public, as its head says."""
    last: str | None = None
    for line in body[:30]:
        text = line.text.strip()
        if not text[:1].isdecimal() and text[:1] not in "（(根二一":
            break
        if not _ENACTED.search(text):
            continue
        if text[0] in "（(":
            found = [day.iso for day in fields.dates(text[:3000]) if _is_enactment(text, day)]
        else:
            found = [day.iso for day in fields.dates(text[:24]) if day.start <= 2]
        last = max([*found, *([last] if last else [])], default=None)
    return last


def _is_enactment(text: str, day: fields.FoundDate) -> bool:
    return "施行" not in text[day.end : day.end + 4] and "实施" not in text[day.end : day.end + 4]


def _signature(body: Sequence[Line]) -> tuple[str | None, str | None]:
    """Return (who signed, when): a line that is a date, below a line that names an authority."""
    for index in range(len(body) - 1, 0, -1):
        when = fields.whole_date(body[index].text) if len(body[index].text) <= _LONGEST_DATE else None
        if when is None:
            continue
        above = body[index - 1].text.strip()
        signer = fields.squeeze(above) if _is_signer(above) else None
        if signer or index >= len(body) - 4:
            first = _first_signature(body[:index]) if signer else None
            return first or (signer, when)
    return None, None


def _first_signature(body: Sequence[Line]) -> tuple[str, str] | None:
    """Return the earliest signature: what follows it are annexes with signatures of their own."""
    for index in range(1, len(body)):
        if len(body[index].text) <= _LONGEST_DATE:
            when = fields.whole_date(body[index].text)
            above = body[index - 1].text.strip()
            if when and _is_signer(above):
                return fields.squeeze(above), when
    return None


def _is_signer(text: str) -> bool:
    return len(text) <= 60 and bool(_SIGNER.fullmatch(text)) and text.rstrip(")） 　").endswith(_SIGNER_END)


def _issuer(title: str, body: Sequence[Line], date: str | None) -> str | None:
    """Return the 发文机关 as the signature, the title or the enactment names it."""
    signer = _signature(body)[0] if date else None
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
        order = _ORDER.search(text[:200])
        if order:
            return re.sub(r"^.*?日", "", order["issuer"]).strip() or None
        congress = _CONGRESS.search(text[:200])
        if congress:
            place = (congress["place"] or congress["whole"] or "").rpartition("日")[2]
            return f"{place}{congress['body']}"
    return None


def _body_number(body: Sequence[Line]) -> str | None:
    """Return a 发文字号 that stands on a line of its own, or in an enactment line, near the top."""
    for line in body[:8]:
        text = line.text.strip()
        number = fields.whole_number(text)
        if number:
            return number
        if "令" in text[:80] and (text[:1].isdecimal() or text[:1] in "（("):
            found = fields.NUMBER.search(text[:80].split("日", 1)[-1].strip())
            if found:
                return found.group().strip()
    return None


def _addressee(body: Sequence[Line]) -> str | None:
    """Return the 主送机关: a line near the top that ends in a colon and names authorities."""
    for line in body[:4]:
        text = line.text.strip()
        if text.endswith(("：", ":")) and len(text) <= 300 and "。" not in text and _ADDRESSEE.search(text):
            return text.rstrip("：: ")
    return None
