"""The JSON of version 1: names, types, order, and ranges that cut out what was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph
from searcher.analyzer import fold
from searcher.jsonout import VERSION, dumps, hit_object, results_object, whole_article

ARTICLE: dict[str, tuple[type, ...]] = {
    "id": (str,), "title": (str, type(None)), "issuer": (str, type(None)), "number": (str, type(None)),
    "date": (str, type(None)), "source": (str, type(None)), "author": (str, type(None)), "keywords": (list,),
    "url": (str, type(None)), "path": (str, type(None)), "ordinal": (int,), "record_id": (str, type(None)),
}  # fmt: skip
PASSAGE: dict[str, tuple[type, ...]] = {
    "ordinal": (int,), "line": (int, type(None)), "page": (int, type(None)), "score": (float,), "text": (str,),
    "highlights": (list,),
}  # fmt: skip
HIT: dict[str, tuple[type, ...]] = {
    "rank": (int,), "score": (float,), "partial": (bool,), "copies": (int,), "article": (dict,), "paragraphs": (list,),
}  # fmt: skip
ANSWER: dict[str, tuple[type, ...]] = {
    "version": (int,), "query": (str,), "engine": (str,), "total": (dict,), "took_ms": (float,), "hits": (list,),
    "expansions": (list,), "suggestions": (list,),
}  # fmt: skip

FULL = Article(
    title="关于𠮷林省工业互联网的通知", issuer="𠮷林省人民政府", number="𠮷政发〔2018〕5号", date="2018-05-21",
    source="工信微报", author="某某", keywords=("工业互联网", "安全"), url="https://example.org/1", record_id="r-1",
    paragraphs=(Paragraph("𠮷林😀：ＡＩ与工業互聯網，工业互联网。"), Paragraph("第二段说安全。")),
)  # fmt: skip
BARE = Article(paragraphs=(Paragraph("只有工业，没有网。"), Paragraph("工业互联网也在这里。")))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("json")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "一.txt").write_text("关于安全的通知\n\n工业互联网的安全，很要紧。\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with Index.open("index", create=True) as opened:
            opened.update("corpus")
            opened.add([FULL, BARE])
            yield opened


def answer(index: Index, query: str, **options: Any) -> dict[str, Any]:
    """Search, and return the JSON as a program reads it."""
    read: dict[str, Any] = json.loads(dumps(results_object(index.search(query, **options))))
    return read


def hold(value: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> None:
    """Hold the names, their order and the types of an object."""
    assert list(value) == list(shape)
    wrong = {name: held for name, held in value.items() if not isinstance(held, shape[name])}
    assert not wrong


def test_an_answer_has_these_names_in_this_order(index: Index) -> None:
    found = answer(index, "工业互联网 安全", context=1)
    hold(found, ANSWER)
    assert VERSION == found["version"] == 1
    assert found["query"] == "工业互联网 安全"
    assert list(found["total"]) == ["articles", "paragraphs", "partial"]
    assert all(type(number) is int for number in found["total"].values())
    assert [hit["partial"] for hit in found["hits"]] == [False, False, True]
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    for hit in found["hits"]:
        hold(hit, HIT)
        hold(hit["article"], ARTICLE)
        for passage in hit["paragraphs"]:
            hold(passage, PASSAGE)


def test_an_answer_without_hits_has_the_same_names(index: Index) -> None:
    found = answer(index, "饕餮")
    hold(found, ANSWER)
    assert found["hits"] == []
    assert found["total"] == {"articles": 0, "paragraphs": 0, "partial": 0}


def test_highlights_are_code_points_of_the_text_and_cut_out_the_query(index: Index) -> None:
    seen = 0
    for hit in answer(index, '"工业互联网"')["hits"]:
        for passage in hit["paragraphs"]:
            for start, end in passage["highlights"]:
                assert fold(passage["text"][start:end]) == "工业互联网"
                seen += 1
    assert seen == 4  # one of them traditional, behind characters beyond the basic plane


def test_fields_of_an_article_are_given_as_they_are(index: Index) -> None:
    (found,) = (hit["article"] for hit in answer(index, "𠮷林")["hits"])
    assert found == {
        "id": found["id"], "title": FULL.title, "issuer": FULL.issuer, "number": FULL.number, "date": FULL.date,
        "source": FULL.source, "author": FULL.author, "keywords": list(FULL.keywords), "url": FULL.url, "path": None,
        "ordinal": 0, "record_id": "r-1",
    }  # fmt: skip
    (from_file,) = (hit["article"] for hit in answer(index, "很要紧")["hits"])
    assert from_file["path"] == str(Path("corpus") / "一.txt")
    assert from_file["issuer"] is None


def test_lines_count_from_1_and_are_null_without_a_file(index: Index) -> None:
    by_path = {hit["article"]["path"]: hit["paragraphs"] for hit in answer(index, "工业互联网")["hits"]}
    assert [passage["line"] for passage in by_path[str(Path("corpus") / "一.txt")]] == [3]
    assert {passage["line"] for passage in by_path[None]} == {None}


def test_the_engine_is_named(index: Index) -> None:
    assert answer(index, "安全")["engine"] == index.engine == index.stats().engine


def test_a_line_of_json_lines_is_a_hit_of_the_answer(index: Index) -> None:
    results = index.search("工业互联网")
    lines = [json.loads(dumps(hit_object(hit))) for hit in results]
    assert lines == json.loads(dumps(results_object(results)))["hits"]
    assert all("\n" not in dumps(hit_object(hit)) for hit in results)


def test_a_whole_article_has_everything_that_is_known(index: Index) -> None:
    (found,) = (hit.article.id for hit in index.search("很要紧"))
    whole = json.loads(dumps(whole_article(index.get(found))))
    more = [
        "issuers", "published", "effective", "status", "original_title", "addressee", "attachments", "index_no",
        "topic", "record", "inferred",
    ]  # fmt: skip
    assert list(whole) == ["version", *ARTICLE, *more, "front", "paragraphs"]
    assert whole["front"] == ["关于安全的通知"]
    (paragraph,) = whole["paragraphs"]
    assert paragraph == {
        "ordinal": 0, "line": 3, "page": None, "sheet": None, "kind": "text", "text": "工业互联网的安全，很要紧。",
    }  # fmt: skip


def test_chinese_is_not_escaped(index: Index) -> None:
    assert '"query": "工业互联网"' in dumps(results_object(index.search("工业互联网")))


@given(st.text(alphabet=st.characters()))
def test_any_text_comes_back_and_nothing_acts_on_a_terminal(text: str) -> None:
    written = dumps({"text": text})
    assert json.loads(written) == {"text": text}
    assert not any(ord(mark) < 0x20 or 0x7F <= ord(mark) < 0xA0 or 0xD800 <= ord(mark) < 0xE000 for mark in written)
    assert not set("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(
        written
    )


def test_what_is_not_known_is_null(index: Index) -> None:
    written = whole_article(replace(BARE, id="x"))
    assert {name for name, value in written.items() if value is None} == {
        name for name in (
            *ARTICLE, "published", "effective", "status", "original_title", "addressee", "index_no", "topic", "record",
        )
        if name not in ("id", "keywords", "ordinal")
    }  # fmt: skip
