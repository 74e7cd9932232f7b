"""The sample documents come out exactly as a human labelled them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from searcher import Article, Index
from searcher.models import Source
from searcher.split import extract
from tests.cli import ROOT, SAMPLES
from tests.reading import assert_nothing_lost, read

GOLD: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "data" / "corpus_gold.json").read_text(encoding="utf-8"))


def source_of(name: str) -> Source:
    return read(SAMPLES / name, name=name)


def articles_of(name: str) -> tuple[Article, ...]:
    return extract(source_of(name)).articles


def test_every_sample_is_labelled() -> None:
    assert {path.name for path in SAMPLES.iterdir() if not path.name.startswith(".")} == set(GOLD)


@pytest.mark.parametrize("name", sorted(GOLD))
def test_the_encoding_is_found(name: str) -> None:
    found = source_of(name).encoding.lower().replace("_", "-")
    wanted = GOLD[name]["encoding"]
    assert found.removesuffix("-sig") == wanted.removesuffix("-sig")


@pytest.mark.parametrize("name", sorted(GOLD))
def test_nothing_is_lost(name: str) -> None:
    source = source_of(name)
    assert_nothing_lost(source, extract(source))


@pytest.mark.parametrize("name", sorted(GOLD))
def test_articles_and_their_fields_are_as_labelled(name: str) -> None:
    wanted = GOLD[name]["articles"]
    fields = [list(label) for label in wanted]
    found = articles_of(name)
    assert len(found) == len(wanted)
    read_as = [
        {field: _plain(getattr(article, field)) for field in names}
        for article, names in zip(found, fields, strict=True)
    ]
    assert read_as == wanted


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", sorted(GOLD))
def test_no_article_is_empty(name: str) -> None:
    assert all(article.paragraphs for article in articles_of(name))


def test_the_main_query_finds_many_files(sample_index: Index) -> None:
    results = sample_index.search("工业互联网", limit=100)
    assert len({hit.article.path for hit in results if not hit.partial}) >= 8
    assert all(hit.paragraphs for hit in results)


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("samples") / "index", create=True) as index:
        index.update(SAMPLES)
        yield index
