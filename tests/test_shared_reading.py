"""Documents as they are found: nothing crashes, nothing is lost, and labelled fields come out as labelled."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from searcher.models import Article
from searcher.readers.encoding import decode
from searcher.split import extract
from tests.reading import assert_nothing_lost, bag, read
from tests.shared import shared

KINDS = ["laws", "laws-txt", "gov-cn-html", "news-html", "cctv/pages", "cctv/bulletins", "procurement-jsp", "env-regs"]
HIDDEN = {"head", "title", "script", "style", "noscript", "template", "iframe", "object", "svg"}
SAMPLE = 40
# Formats of one document a file whose visible characters can be counted independently.
TEXTS = {".txt", ".md", ".html", ".shtml", ".jsp", ".php"}
_GOLD_MARKS = re.compile(r"<!--.*?-->|\*\*|^---$|^更新时间：.*$", re.MULTILINE)


def docs() -> Path:
    return shared() / "corpora" / "docs"


def drawn(kind: str) -> list[Path]:
    files = sorted(path for path in (docs() / kind).rglob("*") if path.suffix.lower() in TEXTS)
    return random.Random(20_180_521).sample(files, min(SAMPLE, len(files)))


def visible(page: str) -> Iterator[str]:
    """Yield the texts of a page that a browser shows (and those that it would show on a click)."""
    page = re.sub(r"<%.*?%>|</(?:html|body)\s*>", "", page, flags=re.DOTALL)
    root = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
    for element in root.iter():
        hidden = any(above.tag in HIDDEN for above in (element, *element.iterancestors()))
        yield "" if hidden else element.text or ""
        parents = element.iterancestors()
        yield "" if any(above.tag in HIDDEN for above in parents) else element.tail or ""


def labels(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def only_article(path: Path) -> Article:
    (article,) = extract(read(path)).articles
    return article


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost(kind: str) -> None:
    for path in drawn(kind):
        source = read(path)
        extraction = extract(source)
        assert_nothing_lost(source, extraction)
        assert extraction.articles, path
        assert all(article.title for article in extraction.articles), path
        text, _ = decode(path.read_bytes())
        given = bag(*visible(text)) if source.format == "html" else bag(text)
        assert bag(*(line.text for line in source.lines)) == given, path


def test_every_encoding_gives_the_text_it_was_made_from() -> None:
    made = sorted((docs() / "encodings" / "transcoded").glob("*.txt"))
    assert made
    for path in made:
        name, encoding = path.name.removesuffix(".txt").split(".")[0], path.name.split(".")[-2]
        text, _ = decode(path.read_bytes())
        if encoding != "big5":  # made traditional, and lossy
            original, _ = decode((docs() / "laws-txt" / f"{name}.txt").read_bytes())
            assert bag(text) == bag(original), path
        else:
            assert "\ufffd" not in text
            assert sum("\u4e00" <= character <= "\u9fff" for character in text) > 0.7 * len(text)


def test_fields_of_government_pages() -> None:
    fields = ("title", "date", "number", "issuer", "published", "index_no", "topic")
    right: Counter[str] = Counter()
    pages = list(labels(docs() / "gov-cn-html" / "gold.jsonl"))
    for label in pages:
        article = only_article(docs() / "gov-cn-html" / label["file"])
        right.update(field for field in fields if getattr(article, field) == label[field])
    assert {field: right[field] for field in fields} == dict.fromkeys(fields, len(pages))


def f1(found: str, wanted: str) -> float:
    a, b = bag(found), bag(wanted)
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values()))


def test_titles_and_texts_of_news_pages() -> None:
    pages = [
        label for label in labels(docs() / "cctv" / "pages_gold.jsonl") if (docs() / "cctv" / label["html"]).exists()
    ]
    pages = random.Random(20_180_521).sample(pages, 60)
    titles, scores = 0, []
    for label in pages:
        article = only_article(docs() / "cctv" / label["html"])
        titles += "".join((article.title or "").split()) == "".join(label["title"].split())
        scores.append(f1("".join(p.text for p in article.paragraphs), _GOLD_MARKS.sub("", label["text"])))
        assert article.date, label["html"]
    assert titles == len(pages)
    assert sum(scores) / len(scores) > 0.995


def test_laws_have_the_title_of_their_heading_and_a_date() -> None:
    for path in drawn("laws"):
        article = only_article(path)
        heading = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
        assert article.title == heading[2:].strip()
        dated = re.search(r"\((\d{4}-\d\d-\d\d)\)", path.name)
        if dated:
            assert article.date == dated[1], path
    for path in drawn("laws-txt"):
        article = only_article(path)
        assert article.title == path.stem.strip("-").rpartition("_")[0], path
        assert article.date is not None


def test_bulletins_give_an_article_for_each_headline() -> None:
    for path in drawn("cctv/bulletins"):
        headlines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
        articles = extract(read(path)).articles
        assert [article.title for article in articles[1:]] == [line[4:].strip() for line in headlines], path
        day = path.stem
        assert {article.date for article in articles} == {f"{day[:4]}-{day[4:6]}-{day[6:]}"}, path
