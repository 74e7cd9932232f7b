"""What a search may be asked for, held against a plain look at every article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from searcher import Article, Hit, Index, Paragraph, QueryError, engines
from searcher.analyzer import fold
from searcher.dates import bounds
from searcher.searching import Sort
from tests.making import nasty_articles, write_policies

NUMBER = 80


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("search")
    write_policies(folder / "corpus", NUMBER)
    with Index.open(folder / "index", create=True, engine=request.param) as made:
        made.update(folder / "corpus")
        made.add(nasty_articles(20))
        yield made


@pytest.fixture(scope="module")
def articles(index: Index) -> list[Article]:
    return list(index.articles())


def text_of(article: Article) -> str:
    """Return all the folded text of an article that a query looks at."""
    front = "\n".join(line.text for line in article.front)
    return fold("\n".join([front, article.title or "", *(p.text for p in article.paragraphs)]))


def holding(articles: list[Article], *texts: str) -> set[str]:
    return {article.id for article in articles if all(text in text_of(article) for text in texts)}


def ids(hits: Any) -> list[str]:
    return [hit.article.id for hit in hits]


def found(index: Index, query: str, **options: Any) -> set[str]:
    """Return the ids of the articles that match in full."""
    return {hit.article.id for hit in index.search(query, limit=1_000, **options) if not hit.partial}


# ---- which articles


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("工业互联网", ["工业互联网"]),
        ("工业互联网 安全", ["工业互联网", "安全"]),
        ("加强 10% 5G", ["加强", "10%", "5g"]),
    ],
)
def test_full_matches_hold_every_term(index: Index, articles: list[Article], query: str, texts: list[str]) -> None:
    assert found(index, query, expand=False) == holding(articles, *texts)
    assert index.search(query, limit=0, expand=False).total.articles == len(holding(articles, *texts)) > 0


def test_partial_matches_hold_some_of_the_words_and_come_last(index: Index, articles: list[Article]) -> None:
    results = index.search("营商环境 改革 第三条", limit=1_000)
    full = holding(articles, "营商环境", "改革", "第三条")
    some = set().union(*(holding(articles, word) for word in ("营商环境", "改革", "第三条")))
    assert {hit.article.id for hit in results if not hit.partial} == full
    assert {hit.article.id for hit in results if hit.partial} >= some - full
    assert [hit.partial for hit in results] == [False] * len(full) + [True] * results.total.partial
    assert results.total.articles == len(full) > 0


def test_quoted_texts_have_no_partial_matches(index: Index, articles: list[Article]) -> None:
    results = index.search('"营商环境" "第三条"', limit=1_000)
    assert set(ids(results)) == holding(articles, "营商环境", "第三条")
    assert results.total.partial == 0


def test_without_or_and_brackets(index: Index, articles: list[Article]) -> None:
    everything = {article.id for article in articles}
    assert found(index, "工业互联网 -平台") == holding(articles, "工业互联网") - holding(articles, "平台")
    assert found(index, "-平台") == everything - holding(articles, "平台")
    assert found(index, "改革 OR 5G") == holding(articles, "改革") | holding(articles, "5g")
    both = holding(articles, "改革", "标准") | holding(articles, "5g", "标准")
    assert found(index, "标准 (改革 OR 5G)") == both
    assert found(index, "标准 -(改革 OR 5G)") == holding(articles, "标准") - both


def test_paragraphs_are_counted_in_full_matches_only(index: Index, articles: list[Article]) -> None:
    full = holding(articles, "改革", "安全")
    expected = sum(
        any(word in fold(paragraph.text) for word in ("改革", "安全"))
        for article in articles
        if article.id in full
        for paragraph in article.paragraphs
    )
    assert index.search("改革 安全", limit=0).total.paragraphs == expected > 0


def test_fields(index: Index, articles: list[Article]) -> None:
    assert found(index, "标题:改革") == {a.id for a in articles if "改革" in fold(a.title or "")} != set()
    assert found(index, "机关:工业和信息化") == {a.id for a in articles if "工业和信息化" in (a.issuer or "")} != set()
    assert found(index, "机关:国务院 -标题:改革") == found(index, "机关:国务院") - found(index, "标题:改革")


def within(article: Article, first: str, last: str) -> bool:
    start, end = bounds(article.date or article.published)
    return start is not None and end is not None and end >= first and start <= last


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2016", "2018", "2016-01-01", "2018-12-31"),
        ("2018-05", None, "2018-05-01", "9"),
        (None, "2018-05-21", "0", "2018-05-21"),
    ],
)
def test_since_and_until(
    index: Index, articles: list[Article], since: str | None, until: str | None, first: str, last: str
) -> None:
    expected = {article.id for article in articles if within(article, first, last)} & holding(articles, "的")
    assert found(index, "的", since=since, until=until) == expected
    assert found(index, f"的 日期:{since or ''}..{until or ''}") == expected
    assert index.search("的", since=since, until=until, limit=0).total.articles == len(expected) > 0


def test_issuer(index: Index, articles: list[Article]) -> None:
    expected = {article.id for article in articles if "国务院" in (article.issuer or "")}
    assert found(index, "的", issuer="國務院") == expected & holding(articles, "的") != set()
    assert found(index, "的", issuer="没有这个机关") == set()


def test_where(index: Index, articles: list[Article]) -> None:
    in_title = {article.id for article in articles if "改革" in fold(article.title or "")}
    in_body = {article.id for article in articles if any("改革" in fold(p.text) for p in article.paragraphs)}
    assert found(index, "改革", where="title") == in_title != set()
    assert found(index, "改革", where="body") == in_body != set()
    assert found(index, "改革") >= in_title | in_body
    for hit in index.search("改革", where="title", limit=5):
        assert hit.title_highlights
        assert hit.paragraphs == ()


# ---- in which order, and how much of each


def test_sorting_by_date(index: Index) -> None:
    orders: list[tuple[Sort, bool]] = [("date", False), ("-date", True)]
    for sort, reverse in orders:
        hits = [hit for hit in index.search("的", sort=sort, limit=1_000) if not hit.partial]
        days = [bounds(hit.article.date or hit.article.published)[1 if reverse else 0] for hit in hits]
        known = [day for day in days if day is not None]
        assert known == sorted(known, reverse=reverse)
        assert days == known + [None] * (len(days) - len(known)), "undated ones come last"
    assert {hit.article.id for hit in hits} == found(index, "的")


def test_scores_fall(index: Index) -> None:
    hits = [hit for hit in index.search("工业互联网 安全", limit=1_000) if not hit.partial]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)


@pytest.mark.parametrize("sort", ["relevance", "date", "-date"])
def test_limit_and_offset(index: Index, sort: Sort) -> None:
    whole = index.search("改革", sort=sort, limit=1_000)
    total = whole.total.articles + whole.total.partial
    assert len(whole) == total
    assert len(index.search("改革", sort=sort, limit=0)) == 0
    assert ids(index.search("改革", sort=sort, limit=3, offset=2)) == ids(whole)[2:5]
    assert ids(index.search("改革", sort=sort, limit=3, offset=total)) == []
    assert [hit.rank for hit in index.search("改革", sort=sort, limit=3, offset=2)] == [3, 4, 5]
    assert index.search("改革", sort=sort, limit=3, offset=2).total == whole.total


def body(index: Index, hit: Hit) -> list[str]:
    return [paragraph.text for paragraph in index.get(hit.article.id).paragraphs]


@pytest.mark.parametrize("number", [0, 1, 2, 100])
def test_paragraphs_of_a_hit(index: Index, number: int) -> None:
    for hit in index.search("的", limit=10, paragraphs=number):
        texts = body(index, hit)
        matching = [text for text in texts if "的" in fold(text)]
        assert len(hit.paragraphs) == min(number, len(matching))
        assert all(passage.text == texts[passage.ordinal] and passage.highlights for passage in hit.paragraphs)
        scores = [passage.score for passage in hit.paragraphs]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("context", [1, 2, 100, 10**12])
def test_context_shows_the_paragraphs_around(index: Index, context: int) -> None:
    for hit in index.search("改革", limit=10, paragraphs=1, context=context):
        texts = body(index, hit)
        matching = [passage for passage in hit.paragraphs if not passage.context]
        assert len(matching) <= 1
        for passage in matching:
            around = range(max(0, passage.ordinal - context), min(len(texts), passage.ordinal + context + 1))
            assert [shown.ordinal for shown in hit.paragraphs] == list(around)
        assert all(passage.text == texts[passage.ordinal] for passage in hit.paragraphs)


def test_lines_are_those_of_the_file(index: Index) -> None:
    for hit in index.search("改革", limit=5):
        if hit.article.path:
            lines = Path(hit.article.path).read_text("utf-8").split("\n")
            for passage in hit.paragraphs:
                assert passage.line is not None
                assert passage.text in lines[passage.line - 1]


# ---- what cannot be asked for


@pytest.mark.parametrize(
    "options", [{"limit": -1}, {"offset": -1}, {"context": -1}, {"paragraphs": -1}, {"sort": "size"}, {"where": "foot"}]
)
def test_options_out_of_range_are_refused(index: Index, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        index.search("改革", **options)


@pytest.mark.parametrize("options", [{"since": "改革"}, {"until": "2018-13"}, {"since": ""}])
def test_dates_that_are_none_are_refused(index: Index, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="is no date") as caught:
        index.search("改革", **options)
    assert caught.value.hint


def test_odd_filters_find_nothing_and_break_nothing(index: Index) -> None:
    for odd in ("\ud800", "\x00", "'; DROP TABLE article; --", "%", "(" * 999):
        assert len(index.search("改革", issuer=odd)) == 0
    assert len(index.search("改革", since="9999", until=date.max.isoformat())) == 0


# ---- one article


def test_an_article_without_title_or_text_is_kept_and_shown(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(record_id="1"), Article(record_id="2", paragraphs=(Paragraph(""), Paragraph("量子")))])
        assert index.stats().articles == 2
        (hit,) = index.search("量子")
        assert [passage.ordinal for passage in hit.paragraphs] == [1]
        assert len(index.search("-量子")) == 1


def test_a_number_may_begin_with_the_name_of_its_issuer(tmp_path: Path) -> None:
    """海关总署公告2024年第59号 once found nothing, where the document states 公告〔2024〕59号 and its issuer."""
    with Index.open(tmp_path / "index", create=True) as index:
        for issuer in ("海关总署", "商务部"):
            paragraphs = (Paragraph(f"{issuer}决定如下。"),)
            index.add([Article(record_id=issuer, issuer=issuer, number="公告〔2024〕59号", paragraphs=paragraphs)])
        for query in ("海关总署公告2024年第59号", "海关总署公告〔2024〕59号"):
            assert [hit.article.issuer for hit in index.search(query)] == ["海关总署"]
        assert index.search("税务总局公告2024年第59号").total.articles == 0
