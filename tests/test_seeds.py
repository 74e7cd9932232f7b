"""The two documents that the project began with come out exactly as their labels say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from searcher.models import Article, Extraction
from searcher.split import extract
from tests.reading import assert_nothing_lost, read
from tests.shared import shared

BULLETIN, INTERVIEW = "000_b545335fdfcf89a7.txt", "003_2b11f321379808df.txt"


def gold(name: str) -> dict[str, Any]:
    labels: dict[str, dict[str, Any]] = json.loads((shared() / "seeds" / "gold.json").read_text(encoding="utf-8"))
    return labels[name]


def extracted(name: str) -> Extraction:
    source = read(shared() / "seeds" / name)
    extraction = extract(source)
    assert_nothing_lost(source, extraction)
    return extraction


@pytest.mark.parametrize("name", [BULLETIN, INTERVIEW])
def test_articles_are_as_labelled(name: str) -> None:
    articles = extracted(name).articles
    wanted = gold(name)["articles"]
    assert len(articles) == len(wanted)
    for article, fields in zip(articles, wanted, strict=True):
        for field, value in fields.items():
            found = getattr(article, field)
            assert (list(found) if isinstance(found, tuple) else found) == value, field


def test_the_bulletin_is_parted_where_its_articles_end() -> None:
    extraction = extracted(BULLETIN)
    wanted = gold(BULLETIN)
    assert [len(article.paragraphs) for article in extraction.articles] == wanted["paragraphs_per_article"]
    assert [removed.text for removed in extraction.removed] == wanted["removed"]
    assert all("date" in article.inferred for article in extraction.articles)
    assert [article.ordinal for article in extraction.articles] == [0, 1, 2, 3]


def test_the_interview_keeps_the_document_and_drops_the_page() -> None:
    extraction = extracted(INTERVIEW)
    wanted = gold(INTERVIEW)
    (article,) = extraction.articles
    assert article.paragraphs[0].text.startswith(wanted["first_paragraph_starts"])
    assert article.paragraphs[-1].text.startswith(wanted["last_paragraph_starts"])
    assert headings(article) == wanted["headings"]
    for text in wanted["removed"]:
        assert any(text in removed.text for removed in extraction.removed), text
        assert not any(paragraph.text.startswith(text) for paragraph in article.paragraphs), text


def headings(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs if paragraph.kind == "heading"]
