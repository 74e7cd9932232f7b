"""Facets, searches within results and explanations: held against a plain look at every article."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article, Earlier, Index, engines
from searcher.analyzer import fold
from searcher.faceting import type_of
from tests.cli import call, out, with_samples
from tests.making import write_policies


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("facets")
    write_policies(folder / "corpus", 60)
    with Index.open(folder / "index", create=True, engine=request.param) as made:
        made.update(folder / "corpus")
        made.add([Article(record_id="1", title="改革", issuers=("甲厅", "乙厅"), issuer="甲厅 乙厅", source="丙网")])
        yield made


def full(index: Index, query: str) -> list[Article]:
    return [index.get(hit.article.id) for hit in index.search(query, limit=1_000, all_copies=True) if not hit.partial]


# ---- facets


def test_facets_count_everything_that_matches_in_full(index: Index) -> None:
    results = index.search("改革", limit=1, facets=("issuer", "year", "source", "type"))
    articles = full(index, "改革")
    years = Counter((article.date or article.published or "")[:4] or None for article in articles)
    assert {value.value: value.count for value in results.facets["year"]} == years
    assert sum(value.count for value in results.facets["type"]) == results.total.articles == len(articles)
    issuers = {value.value: value.count for value in results.facets["issuer"]}
    assert issuers["甲厅"] == issuers["乙厅"] == 1
    assert {value.value: value.count for value in results.facets["source"]}["丙网"] == 1
    in_order = [value.value or "" for value in results.facets["year"]]
    assert in_order == sorted(in_order, reverse=True)
    for values in (results.facets[name] for name in results.facets if name != "year"):
        assert [value.count for value in values] == sorted((value.count for value in values), reverse=True)


def test_there_are_no_facets_unless_asked_for(index: Index) -> None:
    assert index.search("改革").facets == {}
    with pytest.raises(ValueError, match="facets must be one of"):
        index.search("改革", facets=("colour",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《某某规划》的通知", "通知"),
        ("某某管理办法（试行）", "办法"),
        ("某市行动计划（2023—2025年）", "计划"),
        ("中华人民共和国某某法（2019年修正）", "法"),
        ("某省优化环境条例（草案）（征求意见稿）", "条例"),
        ("“十四五”某某发展规划", "规划"),
        ("《某某实施方案》", "方案"),
        ("某某动态", None),
        (None, None),
        ("", None),
        ("（）", None),
    ],
)
def test_the_type_of_a_document_stands_at_the_end_of_its_title(title: str | None, kind: str | None) -> None:
    assert type_of(title) == kind


# ---- within the results of earlier searches


def test_a_search_among_the_matches_of_others(index: Index) -> None:
    def ids(query: str, *among: Earlier) -> set[str]:
        return {hit.article.id for hit in index.search(query, limit=1_000, among=among) if not hit.partial}

    first, second = Earlier(query="改革"), Earlier(query="安全 OR 标准", where="body")
    bodies = {hit.article.id for hit in index.search("安全 OR 标准", limit=1_000, where="body") if not hit.partial}
    assert ids("数据", first) == ids("数据") & ids("改革") != set()
    assert ids("数据", first, second) == ids("数据") & ids("改革") & bodies
    only_partial = Earlier(query="改革 没有的词语呢")
    partial = {hit.article.id for hit in index.search("改革 没有的词语呢", limit=1_000)}
    assert ids("数据", only_partial) == ids("数据") & partial


def test_the_last_search_is_remembered_and_searches_are_chained(tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    call("index", "corpus", folder=folder, check=0)
    none = call("数据", "--in-results", folder=folder, check=2).stderr.decode()
    assert "Search without --in-results first" in none

    def count(*words: str) -> int:
        found: int = json.loads(out(*words, "--json", folder=folder))["total"]["articles"]
        return found

    data = count("数据")
    both = count("安全", "--in-results")
    three = count("企业", "--in-results")
    assert both == count("数据 安全") < data
    assert three == count("数据 安全 企业")
    count("数据", "--since", "2023")
    assert count("安全", "--in-results") == count("数据 安全", "--since", "2023") < both
    assert count("安全", "--in-results") <= both


# ---- explanations


def test_terms_are_explained_with_the_paragraphs_that_hold_them(index: Index) -> None:
    texts = [fold(one.text) for article in index.articles() for one in article.paragraphs]
    results = index.search('改革 "第三条" 工信部', explain=True)
    by_term = {term.term: term for term in results.terms}
    for term in ("改革", "第三条"):
        assert by_term[term].paragraphs == sum(term in text for text in texts) > 0
    names = {count.text: count.paragraphs for count in by_term["工信部"].also}
    assert names["工业和信息化部"] == sum("工业和信息化部" in text for text in texts)
    assert by_term["第三条"].words == ()
    assert [count.text for count in by_term["改革"].words] == ["改革"]
    assert index.search("改革").terms == ()


def test_the_parts_of_a_score_make_up_the_score(index: Index) -> None:
    hits = index.search("改革 安全", explain=True, limit=20).hits
    assert hits
    for hit in hits:
        assert sum(value for _, value in hit.parts) == pytest.approx(hit.score, abs=1e-3)
    assert all(hit.parts == () for hit in index.search("改革 安全"))


# ---- what the terminal says


def test_the_terminal_shows_facets_other_names_and_explanations(tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    call("index", "corpus", folder=folder, check=0)
    said = out("工信部", "--facet", "type", "--facet", "year", "--explain", folder=folder)
    assert said.startswith("工信部, also: 工业和信息化部\n")
    assert "\ntype:\n" in said
    assert "\nyear:\n" in said
    assert "score " in said
    assert "工信部: 1 paragraph" in said
    assert "also:" not in call('"工信部"', folder=folder).stdout.decode()
    assert "also:" not in call("工信部", "--no-expand", folder=folder).stdout.decode()
    counted = out("数据", "安全", "--count", "--explain", folder=folder)
    assert "paragraphs with 数据: " in counted
    read = json.loads(out("工信部", "--json", "--facet", "year", "--explain", folder=folder))
    assert read["expansions"] == [{"term": "工信部", "also": ["工业和信息化部"]}]
    assert read["facets"]["year"][0].keys() == {"value", "count"}
    assert read["terms"][0]["term"] == "工信部"
    assert read["hits"][0]["parts"]
