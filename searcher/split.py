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

from searcher import fields, statements, titles
from searcher.clean import Cleaned, clean
from searcher.markup import heading_level, is_source_link, link_target
from searcher.models import Article, Extraction, Line, Removed, Source
from searcher.paragraphs import paragraphs, unwrap
from searcher.recorded import article_of_record

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
# What stands before the day on which a story opens: 新华社北京2月1日电, （记者某某）：
_OPENS_DATE = "：:（(讯电，, 　"
_FOOT_LINES = 14


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


def extract(source: Source, *, repeated: frozenset[int] = frozenset()) -> Extraction:
    """Split a source into its articles, with ordinals from 0. Never raises; a source without text gives no article.

    ``repeated`` are the keys of lines that the pages of its folder have in common (``searcher.repeated``).
    """
    if source.format == "record":
        return article_of_record(source)
    cleaned = clean(source, repeated=repeated)
    context = _context(source, cleaned)
    removed = list(cleaned.removed)
    articles: list[Article] = []
    parts = _parts(cleaned.kept, source)
    for part in parts:
        lines = list(_without_marks(part.lines, removed)) if cleaned.marked else part.lines
        if lines:
            # the file's own title is that of a lone article only
            metadata = context.metadata if len(parts) == 1 else {}
            own = replace(context, day=part.day or context.day, metadata=metadata, alone=len(parts) == 1)
            articles.append(_article(lines, own, len(articles)))
    return Extraction(tuple(articles), tuple(removed), cleaned.candidates)


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
        if current > 1 and not level and line.text[0] in "[!<" and is_source_link(line.text):
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
    date, concluded = _date(head, body, context)
    inferred += ["date"] if concluded else []
    noted = context.metadata
    issuer = (
        found.get("issuer")
        or noted.get("issuer")
        or noted.get("issuing_authority")
        or statements.issuer(head.title or "", body, date)
    )
    return Article(
        title=head.title,
        issuer=issuer,
        number=found.get("number") or noted.get("number") or statements.number(body),
        date=date,
        published=found.get("published") or fields.stated_date(noted.get("published", "")),
        source=found.get("source") or noted.get("source"),
        author=found.get("author") or noted.get("author"),
        keywords=fields.keywords(found.get("keywords") or noted.get("keywords", ""), names=context.related),
        url=found.get("url") or noted.get("url"),
        original_title=found.get("original_title"),
        addressee=found.get("addressee") or statements.addressee(body),
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
    if "来源" in text[:4] and "编" in text:
        return fields.byline(text)
    if is_source_link(text):
        return {"url": link_target(text) or ""}
    return None


def _date(head: titles.Head, body: Sequence[Line], context: _Context) -> tuple[str | None, bool]:
    """Return the date of an article, and whether it was concluded and not read as such."""
    stated = head.fields.get("date")
    if stated:
        return stated, False
    enacted = statements.enacted(body)
    if enacted:
        # the file is named by the day of the version, which its head may not know of
        return context.day or enacted, context.day not in (None, enacted)
    read = (
        fields.stated_date(context.metadata.get("date", ""))
        or statements.signature(body)[1]
        or head.fields.get("published")
        or fields.stated_date(context.metadata.get("published", ""))
    )
    return (read, False) if read else _concluded(head, body, context)


def _concluded(head: titles.Head, body: Sequence[Line], context: _Context) -> tuple[str | None, bool]:
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
    if not concluded and not context.alone:
        # an item of a bulletin that names no day of its own
        concluded = next(fields.years(head.title or ""), None) or context.year
    return concluded, concluded is not None
