"""A document that a query names, by its title or its own number, comes before all that only speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph, engines
from searcher.same_title import subject, subject_key, title_name

CITED = "执行《省政府关于数据平台的通知》，省政府关于数据平台的通知，按甲发〔2020〕7号办理。"


def article(name: str, title: str, *texts: str, date: str | None = None, number: str | None = None) -> Article:
    paragraphs = tuple(map(Paragraph, texts or ("正文。",)))
    return Article(record_id=name, title=title, paragraphs=paragraphs, date=date, number=number)


ARTICLES = (
    article("long", "《数据平台管理办法》实施细则", *["落实数据平台管理办法。"] * 3),
    article("cites", "通报", *["数据平台管理办法、数据平台管理办法。"] * 3),
    article("own", "数据平台 管理办法", "共五章。"),
    article("first", "关于审理网络案件的解释（一）", "网络案件的解释，关于审理网络案件的解释。"),
    article("second", "关于审理网络案件的解释（二）", "略。"),
    article("bare", "关于审理网络案件的解释", *["关于审理网络案件的解释，二、一。"] * 2),
    article("quoting", "省政府关于修改《采矿条例》的决定", "略。"),
    article("speaks", "纪要", "省政府关于修改采矿条例的决定，省政府关于修改采矿条例的决定。"),
    article("state", "中华人民共和国渡口法", "略。"),
    article("ferry", "渡口法宣传提纲", "渡口法，渡口法，渡口法。"),
    article("old", "港口管理规定", *["港口管理规定。"] * 3, date="2001-01-01"),
    article("new", "港口管理规定", "略。", date="2021-01-01"),
    article("number", "桥梁工作要点", "略。", number="乙发〔2021〕9号"),
    article("citing", "桥", "乙发〔2021〕9号，乙发〔2021〕9号。"),
    article("order", "渔船条例", "略。", number="中华人民共和国某部令第九十七号"),
    article("ordered", "渔船", "某部令第97号，某部令第97号。"),
    article("norm", "灯具要求", "略。", number="GB/T 99123-2019"),
    article("normed", "灯", "按GB/T 99123-2019，GB/T 99123-2019。"),
)


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("asked") / "index", create=True, engine=request.param) as made:
        made.add(ARTICLES)
        yield made


def found(index: Index, query: str, **options: str) -> Sequence[str | None]:
    return [hit.article.record_id for hit in index.search(query, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("数据平台管理办法", ["own"]),
        ("数据平台 管理办法", ["own"]),
        ("《数据平台 管理办法》", ["own"]),
        ("“数据平台”管理办法", ["own"]),
        ("关于审理网络案件的解释（一）", ["first"]),
        ("关于审理网络案件的解释 二", ["second"]),
        ("关于审理网络案件的解释", ["bare"]),
        ("省政府关于修改采矿条例的决定", ["quoting"]),
        ("关于修改采矿条例的决定", ["quoting"]),
        ("渡口法", ["state"]),
        ("《中华人民共和国渡口法》", ["state"]),
        ("港口管理规定", ["new", "old"]),
        ("乙发〔2021〕9号", ["number"]),
        ("文号:乙发2021 9", ["number"]),
        ("某部令第97号", ["order"]),
        ("GB/T 99123-2019", ["norm"]),
        ("GBT99123", ["norm"]),
    ],
)
def test_what_a_query_names_comes_first(index: Index, query: str, names: list[str]) -> None:
    assert found(index, query)[: len(names)] == names


def test_the_scores_of_what_is_named_are_above_all_others_and_add_up(index: Index) -> None:
    for query in ("数据平台管理办法", "港口管理规定", "乙发〔2021〕9号"):
        hits = index.search(query, explain=True).hits
        for partial in (False, True):
            scores = [hit.score for hit in hits if hit.partial is partial]
            assert scores == sorted(scores, reverse=True)
        for hit in hits:
            assert sum(value for _, value in hit.parts) == pytest.approx(hit.score, abs=1e-3)
        assert "asked" in dict(hits[0].parts)


def test_an_issuer_that_is_not_the_documents_names_nothing(index: Index) -> None:
    """关于修改… of one issuer is not that of another."""
    hits = index.search("县政府关于修改采矿条例的决定", explain=True)
    assert hits[0].article.record_id == "quoting"
    assert not any(name == "asked" for hit in hits for name, _ in hit.parts)


def test_titles_and_numbers_name_nothing_where_they_are_not_looked_for(index: Index) -> None:
    assert found(index, "港口管理规定", where="body") == ["old"]
    assert found(index, "GB/T 99123-2019", where="title") == found(index, "某部令第97号", where="title") == []


def test_a_series_of_numbers_names_the_documents_that_have_one(index: Index) -> None:
    assert found(index, "乙发〔2021〕*") == ["number", "citing"]


def test_what_is_named_obeys_the_rest_of_the_query(index: Index) -> None:
    assert "own" not in found(index, "数据平台管理办法 -五章")
    assert found(index, "港口管理规定", until="2010") == ["old"]


@given(st.text(st.sampled_from("关于的法 《》（）(),，。一A1Ａ")))
def test_marks_spaces_and_widths_do_not_part_titles(title: str) -> None:
    name = title_name(title)
    assert title_name(f"《{' '.join(title)}》") == name
    assert name.endswith(subject(name))
    assert -(2**63) <= subject_key(name) < 2**63


LAW = tuple(
    f"第{number}条 渡口法定事项，渡口法务，渡口法。" for number in ("一", "二", "三", "四", "五", "六", "七", "八")
)
PROVISIONS = (
    article(
        "law",
        "中华人民共和国渡口法",
        *LAW,
        "第九条之一 规费。",
        "第九条 安全。",
        "依照第九条，渡口法。",
        date="2020-01-01",
    ),
    article("older", "中华人民共和国渡口法", *LAW, "第九条 旧文。", date="2000-01-01"),
    article("part", "中华人民共和国渡口法", "第一百条 附则。", date="2021-01-01"),
    article("guide", "渡口法解读", *["渡口法第九条，渡口法 第九条。"] * 3),
)


@pytest.mark.parametrize(
    "query", ["渡口法 第九条", "渡口法第9条", "中华人民共和国渡口法 第九条第二款", "《渡口法》第九条"]
)
@pytest.mark.parametrize("shown", [1, 3, 20])
def test_the_provision_of_a_law_that_a_query_names_is_shown_first(query: str, shown: int, provisions: Index) -> None:
    """Paragraphs in which the name of the law stood by chance were once shown instead."""
    hits = provisions.search(query, paragraphs=shown)
    assert [hit.article.record_id for hit in hits][:2] == ["law", "older"]
    first = hits[0].paragraphs[0]
    assert first.text == "第九条 安全。"
    assert first.highlights
    assert len(hits[0].paragraphs) == len({passage.ordinal for passage in hits[0].paragraphs}) <= shown


@pytest.fixture(scope="module", params=engines.NAMES)
def provisions(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("provisions") / "index", create=True, engine=request.param) as made:
        made.add(PROVISIONS)
        yield made
