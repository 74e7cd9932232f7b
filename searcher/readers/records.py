"""Which field of a record is which?

A record is what a dump holds of one document: names and values. Its known fields become metadata by our names, its body
becomes lines of text, and every other value a line of metadata, so that all of it can be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from searcher.errors import ReadError
from searcher.fields import LABELS
from searcher.models import Line, Source
from searcher.readers.text import split_lines

BODY = "text"
"""What the body of a document is called among the fields, beside the names of ``ArticleInfo``."""

# By field, the first of these names that a record has. White space, case, hyphens and underscores do not count.
_NAMES: Mapping[str, str] = {
    BODY: """
        正文 全文 正文内容 政策内容 文章内容 文件内容 text content body fulltext maintext articlecontent 内容 文本
        contenthtml html""",
    "title": """
        标题 题目 文件名称 文件标题 政策名称 政策标题 法规名称 法规标题 信息名称 title headline subject 名称 name
        titleen""",
    "issuer": """
        发文机关 发布机构 发文机构 发文单位 发布单位 发布部门 制定机关 颁布单位 发布机关 颁布部门 issuer
        issuingauthority organ agency department issuedby issueren""",
    "number": "发文字号 文号 发布文号 文件编号 文件号 number docno docnumber documentnumber referencenumber fileno",
    "date": """
        成文日期 发文日期 成文时间 发文时间 印发日期 签发日期 issuedate dateofissue dateofenactment date year 年份""",
    "published": """
        发布日期 发布时间 公布日期 发表时间 日期 时间 published pubdate publishdate publisheddate publicationdate
        publishtime pubtime releasedate datetime time""",
    "effective": """
        施行日期 实施日期 生效日期 实施时间 生效时间 effective effectivedate dateofimplementation implementationdate""",
    "status": "时效性 有效性 效力状态 状态 timeliness validity status",
    "source": "来源 信息来源 文章来源 来源网站 来源单位 媒体 source media sitename site website",
    "author": "作者 撰稿 记者 author authors writer",
    "keywords": "关键词 主题词 关键字 标签 keywords keyword tags",
    "url": "原文链接 链接 网址 原文网址 网页链接 url link href pageurl sourceurl",
    "topic": "主题分类 主题 分类 类别 topic category",
    "index_no": "索引号 信息索引号 indexno",
    "addressee": "主送机关 主送 addressee",
    "original_title": "原标题 originaltitle",
    "record_id": "id 编号 recordid uuid docid",
}
FIELDS = frozenset(_NAMES)
"""The fields that a record may fill, and that ``ReadOptions.names`` may name."""

# Cells of ordinary tables have these names as well: alone they make no record.
_WEAK = frozenset({"内容", "文本", "名称", "name", "html"})
_BESIDE_A_TITLE = ("url", "number", "issuer", "date", "published", "source")
# Values without a name that is known are text where they read so.
_PROSE = 100
_DEEPEST = 50
# What programs write for a value that is not there.
_NOTHING = frozenset({"none", "null", "nan", "n/a", "undefined"})
_SAMPLE = 50

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_IGNORED = re.compile(r"[\s_\-.:：]+")
_HTML = re.compile(r"<(?:p|br|div|span|table|section|article)\b[^<>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^#{1,6} \S|\*\*[^*\n]+\*\*|<!--.*?-->|^\|.*\|$|\]\(https?://", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Dump:
    """What the records of one file have in common: its path, its encoding, the user's names, the sheet."""

    path: str
    encoding: str
    names: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a dump, and the line (or row) of the file in which it begins, from 1."""

    value: object
    line: int


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A single value, and the names that lead to it; an empty name is that of a list."""

    path: tuple[str, ...]
    text: str


def _key(name: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).casefold()


_RANKS = {_key(name): (place, ours) for ours, names in _NAMES.items() for place, name in enumerate(names.split())}
_RANKS |= {_key(label): (99, ours) for label, ours in LABELS.items() if ours in FIELDS and _key(label) not in _RANKS}
_WEAK_KEYS = frozenset(map(_key, _WEAK))


def as_text(value: object) -> str:
    """Return a single value as text without lone surrogates, which are no characters; nothing for None."""
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _LONE_SURROGATE.sub("\ufffd", text)


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[_Leaf]:
    """Yield the single values in a nested one. A list of single values is one of them, an item a line.

    Raises ReadError where it is nested more than 50 deep.
    """
    if len(path) > _DEEPEST:
        raise ReadError(f"values are nested more than {_DEEPEST} deep", hint="make the records flat")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, (*path, as_text(name)))
    elif isinstance(value, list) and any(isinstance(inner, Mapping | list) for inner in value):
        for inner in value:
            yield from leaves(inner, (*path, ""))
    else:
        text = "\n".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
        if text.strip():
            yield _Leaf(path, text)


def _known(found: list[_Leaf], names: Mapping[str, str]) -> dict[str, int]:
    """Return which of the leaves fills each of our fields: the user's name first, then the outermost, then by rank."""
    own = {_key(name): ours for ours, name in names.items()}
    best: dict[str, tuple[int, int, int]] = {}
    for index, leaf in enumerate(found):
        if not leaf.path or "" in leaf.path or leaf.text.strip().casefold() in _NOTHING:
            continue
        key = _key(leaf.path[-1])
        rank, ours = (-1, own[key]) if key in own else _RANKS.get(key, (0, ""))
        place = (0 if rank < 0 else len(leaf.path), rank, index)
        if ours and place < best.get(ours, (_DEEPEST + 1, 0, 0)):
            best[ours] = place
    return {ours: index for ours, (_, _, index) in best.items()}


def is_record(value: object, names: Mapping[str, str]) -> bool:
    """Tell whether a value is a record of a document: it has a body, or a title beside what documents have."""
    if not isinstance(value, Mapping):
        return False
    found = list(leaves(value))
    known = _known(found, names)
    titled = "title" in known and (_is_strong(found, known, "title", names) or BODY in known)
    if BODY in known:
        return titled or len(found[known[BODY]].text) >= _PROSE or _is_strong(found, known, BODY, names)
    return titled and any(ours in known for ours in _BESIDE_A_TITLE)


def _is_strong(found: list[_Leaf], known: Mapping[str, int], ours: str, names: Mapping[str, str]) -> bool:
    return ours in names or _key(found[known[ours]].path[-1]) not in _WEAK_KEYS


def sources(items: Iterable[Item], dump: Dump) -> Iterator[Source]:
    """Yield a source for each record of a dump, in order; one for all of them where they are rows of a table.

    The first 50 of them tell which. Raises ReadError where one of them is nested too deep.
    """
    coming = iter(items)
    sample = list(islice(coming, _SAMPLE))
    if any(is_record(item.value, dump.names) for item in sample):
        for number, item in enumerate(chain(sample, coming), start=1):
            yield record_source(item, dump, number)
    else:
        yield table_source([*sample, *coming], dump)


def record_source(item: Item, dump: Dump, number: int) -> Source:
    """Return the source of one record, ``number`` of its file, from 1."""
    found = list(leaves(item.value))
    known = _known(found, dump.names)
    ours_of = {index: ours for ours, index in known.items()}
    metadata: dict[str, str] = {}
    stated: list[str] = []
    bodies: list[str] = []
    for index, leaf in enumerate(found):
        ours = ours_of.get(index)
        if ours == BODY or (ours is None and BODY not in known and _is_prose(leaf.text)):
            bodies.append(leaf.text)
        elif ours:
            metadata[ours] = " ".join(line.strip() for line in leaf.text.split("\n") if line.strip())
            stated.append(leaf.text)
        else:
            stated.append(_labelled(leaf))
    texts = (text for value in stated for text in split_lines(value) if text.strip())
    lines = [Line(text, item.line, "meta", sheet=dump.sheet) for text in texts]
    lines += (line for text in bodies for line in _body_lines(text, item.line, dump))
    return Source(dump.path, "record", dump.encoding, tuple(lines), metadata, record=number)


def _is_prose(text: str) -> bool:
    return len(text) > _PROSE or "。" in text


def _labelled(leaf: _Leaf) -> str:
    label = ".".join(name for name in leaf.path if name)
    return f"{label}：{leaf.text}" if label else leaf.text


def _body_lines(text: str, number: int, dump: Dump) -> Iterator[Line]:
    """Yield the lines of a body, which may be written in HTML or Markdown."""
    if _HTML.search(text):
        from searcher.readers.html import read_html

        read = read_html(text.encode("utf-8"), name=dump.path).lines
    elif _MARKDOWN.search(text):
        from searcher.readers.markdown import read_markdown

        read = read_markdown(text.encode("utf-8"), name=dump.path).lines
    else:
        read = tuple(Line(line) for line in split_lines(text) if line.strip())
    for line in read:
        yield Line(line.text, number, line.kind, sheet=dump.sheet)


def table_source(items: list[Item], dump: Dump) -> Source:
    """Return one source of rows, cells parted by tabs: the names of the columns and a row for each item.

    A lone object, or one with others in it, has a row for each of its values, with its name.
    """
    values = [item.value for item in items]
    rows: Iterable[tuple[list[str], int]]
    if len(values) > 1 and all(map(_is_flat, values)):
        names = dict.fromkeys(name for value in values if isinstance(value, Mapping) for name in value)
        cells = ([as_text(value.get(name)) for name in names] for value in values if isinstance(value, Mapping))
        rows = chain([(list(names), items[0].line)], zip(cells, (item.line for item in items), strict=True))
    else:
        rows = ((row, item.line) for item in items for row in _loose_rows(item.value))
    lines = (Line(_row(cells), line, "row", sheet=dump.sheet) for cells, line in rows if any(map(str.strip, cells)))
    return Source(dump.path, "table", dump.encoding, tuple(lines))


def _is_flat(value: object) -> bool:
    return isinstance(value, Mapping) and not any(isinstance(inner, Mapping | list) for inner in value.values())


def _loose_rows(value: object) -> Iterator[list[str]]:
    """Yield the rows of a value that is no flat object: a list of cells, or a nested one as names and values."""
    if isinstance(value, list) and not any(isinstance(inner, Mapping | list) for inner in value):
        yield [as_text(inner) for inner in value]
        return
    for leaf in leaves(value):
        label = ".".join(name for name in leaf.path if name)
        yield [label, leaf.text] if label else [leaf.text]


def _row(cells: Iterable[str]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in cells)
