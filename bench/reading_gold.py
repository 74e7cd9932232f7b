"""What should come out of each document, and who says so?

``cases`` reads the gold of the shared documents: one ``Case`` for each document that somebody has labelled. The gold is
the publisher's own record, a clean version of the same text, or our labels in ``tests/data/reading_labels.jsonl``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

FIELDS = ("title", "number", "issuer", "date", "published", "effective")
OWN = "labels "
"""How the names of the sources begin that we labelled ourselves."""
DATA = Path(__file__).resolve().parents[1] / "tests" / "data"

Wanted = Mapping[str, tuple[str | None, ...]]
"""By field, the values that are right; None stands for "the document states none"."""

# What the Markdown of a page of cctv holds beside the text: marks, and the day that the page was changed.
_MARKS = re.compile(r"<!--.*?-->|\*\*|^---$|^更新时间：.*$", re.MULTILINE)
_EMPHASIS = re.compile(r"^#+\s*|\*+|^[->]\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# The foot of the page, which the records of the customs run into the last sentence.
_PAGE_FOOT = re.compile(r"(?:公告正文|公告)?下载链接[:：].*打印本页关闭$")
# The licence below a text of Wikisource.
_LICENCE = re.compile(r"\n本作品.*", re.DOTALL)
# The regular expression that made these labels took an opening bracket along.
_BRACKET = re.compile(r"^[（(]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One labelled document: where it is, and what is right.

    ``record`` counts from 1 in a file of records and is None elsewhere; ``ordinal`` counts from 0 among the articles of
    the file, or of the record. ``text`` is the whole body, with the title and what stands below it where ``with_head``;
    ``begins`` and ``ends`` are how the body begins and ends, without space; ``articles`` is how many the file holds.
    ``folded``: compare after folding, since the file was written with other characters than the gold.
    """

    source: str
    path: Path
    record: int | None = None
    ordinal: int = 0
    wanted: Wanted = field(default_factory=dict)
    text: str | None = None
    begins: str | None = None
    ends: str | None = None
    articles: int | None = None
    with_head: bool = False
    folded: bool = False

    @property
    def name(self) -> str:
        """The end of its path, and its record or article where it is one of several."""
        place = "/".join(self.path.parts[-3:])
        record = f" record {self.record}" if self.record is not None else ""
        return f"{place}{record}" + (f" article {self.ordinal}" if self.ordinal else "")


def cases(shared: Path, *, data: Path = DATA) -> Iterator[Case]:
    """Yield the labelled documents below the folder ``shared``, source by source; a source that is not there has none.

    ``shared`` holds ``corpora/docs`` and ``seeds``, ``data`` our labels. Where these say something of a document, the
    gold of its source is not asked: some publishers describe another version than the one that lies beside. Raises
    OSError and ValueError where a file of gold is damaged.
    """
    docs = shared / "corpora" / "docs"
    sources: Mapping[str, tuple[Path, Callable[[Path], Iterator[Case]]]] = {
        "seeds": (shared / "seeds" / "gold.json", _seeds),
        "gov-cn-html": (docs / "gov-cn-html" / "gold.jsonl", _government_pages),
        "gov-cn-2020": (docs / "gov-cn-2020" / "docs.jsonl", _government_records),
        "cctv pages": (docs / "cctv" / "pages_gold.jsonl", _news_pages),
        "customs": (docs / "customs" / "docs.jsonl", _customs_records),
        "customs readings": (docs / "customs" / "interpretations.jsonl", _customs_readings),
        "policy-smart": (docs / "policy-smart" / "docs.jsonl", _english_records),
        "government reports": (docs / "work-reports" / "government_work_reports.jsonl", _reports),
        "congress reports": (docs / "work-reports" / "cpc_congress_reports.jsonl", _reports),
        "laws-docx-pdf": (docs / "laws-docx-pdf", _laws),
        "encodings": (docs / "encodings" / "transcoded", _encodings),
    }
    own = list(labels(docs, data=data)) if docs.exists() else []
    read_by_us = {(case.path, case.record, name) for case in own for name in case.wanted}
    for path, read in sources.values():
        for case in read(path) if path.exists() else ():
            names = [name for name in case.wanted if (case.path, case.record, name) not in read_by_us]
            yield replace(case, wanted={name: case.wanted[name] for name in names})
    yield from own


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _exactly(**values: str | None) -> Wanted:
    """Want these values and no others; a field of None is not asked for."""
    return {name: (value,) for name, value in values.items() if value}


def _day(written: str) -> str:
    """Return 2018年5月21日 as 2018-05-21."""
    year, month, day = re.findall(r"\d+", written)
    return f"{year}-{int(month):02}-{int(day):02}"


def _seeds(gold: Path) -> Iterator[Case]:
    for name, label in json.loads(gold.read_text(encoding="utf-8")).items():
        for ordinal, wanted in enumerate(label["articles"]):
            yield Case(
                source="seeds",
                path=gold.parent / name,
                ordinal=ordinal,
                wanted={field: (wanted[field],) for field in FIELDS if field in wanted},
                begins=label.get("first_paragraph_starts") if not ordinal else None,
                articles=len(label["articles"]),
            )


def _government_pages(gold: Path) -> Iterator[Case]:
    for label in _lines(gold):
        path = gold.parent / label["file"]
        page = etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))
        (content,) = page.xpath("//*[@id='UCAP-CONTENT']")
        yield Case(
            source="gov-cn-html",
            path=path,
            wanted={field: (label[field],) for field in FIELDS if field in label},
            text="".join(content.itertext()),
            with_head=True,
            articles=1,
        )


def _government_records(gold: Path) -> Iterator[Case]:
    for record, label in enumerate(_lines(gold), start=1):
        yield Case(
            source="gov-cn-2020",
            path=gold,
            record=record,
            wanted=_exactly(
                title=label["title"],
                issuer=label["issuer"],
                number=_BRACKET.sub("", label["doc_no"] or ""),
                published=label["pub_date"],
            ),
            text=label["text"],
            with_head=True,
        )


def _news_pages(gold: Path) -> Iterator[Case]:
    for label in _lines(gold):
        path = gold.parent / label["html"]
        if path.exists():
            text = _MARKS.sub("", label["text"])
            yield Case(source="cctv pages", path=path, wanted=_exactly(title=label["title"]), text=text, articles=1)


def _customs_records(gold: Path) -> Iterator[Case]:
    for record, label in enumerate(_lines(gold), start=1):
        yield Case(
            source="customs",
            path=gold,
            record=record,
            wanted=_exactly(
                number=label["doc_no"],
                issuer=label["issuer"],
                date=label["issue_date"],
                effective=label["effective_date"],
            ),
            text=_PAGE_FOOT.sub("", label["text"]),
            with_head=True,
        )


def _customs_readings(gold: Path) -> Iterator[Case]:
    for record, label in enumerate(_lines(gold), start=1):
        wanted = _exactly(title=label["title"])
        yield Case(source="customs", path=gold, record=record, wanted=wanted, text=label["content"], with_head=True)


def _english_records(gold: Path) -> Iterator[Case]:
    for record, label in enumerate(_lines(gold), start=1):
        if label["pub_date"] != "None":  # these have no text either
            yield Case(
                source="policy-smart",
                path=gold,
                record=record,
                wanted=_exactly(published=label["pub_date"]),
                text=label["text"],
                with_head=True,
            )


def _reports(gold: Path) -> Iterator[Case]:
    for record, label in enumerate(_lines(gold), start=1):
        yield Case(
            source="work-reports",
            path=gold,
            record=record,
            wanted=_exactly(title=label["title"]),
            text=_LICENCE.sub("", label["content"]),
            with_head=True,
        )


def _laws(folder: Path) -> Iterator[Case]:
    for notes in sorted(folder.glob("*/information.json")):
        known = json.loads(notes.read_text(encoding="utf-8"))
        markdown = (notes.parent / "README.md").read_text(encoding="utf-8")
        wanted = _exactly(
            title=notes.parent.name,
            date=_day(known["date_of_enactment"]),
            effective=_day(known["date_of_implementation"]),
        )
        text = _EMPHASIS.sub("", _LINK.sub(r"\1", markdown))
        for suffix in ("docx", "pdf"):
            for path in sorted(notes.parent.glob(f"*.{suffix}")):
                yield Case(source=f"laws as {suffix}", path=path, wanted=wanted, text=text, with_head=True, articles=1)


def _encodings(folder: Path) -> Iterator[Case]:
    originals = folder.parents[1] / "laws-txt"
    for path in sorted(folder.glob("*.txt")):
        name = path.name.split(".")[0]
        text = (originals / f"{name}.txt").read_text(encoding="utf-8-sig")
        lossy = ".lossy." in path.name
        title, _, day = name.rpartition("_")
        yield Case(
            source="encodings",
            path=path,
            wanted=_exactly(title=None if lossy else title, date=f"{day[:4]}-{day[4:6]}-{day[6:]}"),
            text=text,
            with_head=True,
            articles=1,
            folded=lossy,
        )


def labels(docs: Path, *, data: Path = DATA) -> Iterator[Case]:
    """Yield the cases of our own labels; a list of values means that any of them is right."""
    for label in _lines(data / "reading_labels.jsonl"):
        wanted = {field: label[field] for field in FIELDS if field in label}
        yield Case(
            source=OWN + label["path"].split("/")[0],
            path=docs / label["path"],
            record=label.get("record"),
            ordinal=label["ordinal"],
            wanted={name: tuple(value) if isinstance(value, list) else (value,) for name, value in wanted.items()},
            begins=label.get("begins"),
            ends=label.get("ends"),
            articles=label.get("articles"),
        )


def reasons(shared: Path, *, data: Path = DATA) -> Mapping[tuple[Path, str], str]:
    """Return, by document and field (or ``text``), why the gold does not hold for it and it is not scored."""
    noted = _lines(data / "reading_reasons.jsonl")
    return {(shared / note["path"], name): note["reason"] for note in noted for name in note["fields"]}
