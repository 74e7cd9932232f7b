"""Other names and other numerals: what they find, where they stop, and that the table is sound."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Earlier, Index, Paragraph, SynonymsError, engines
from searcher.analyzer import fold
from searcher.expansion import expanded, read, shipped
from searcher.numerals import other_writings, to_chinese, to_number
from searcher.query import Term, parse

_PIECES = (
    "工信部", "工业和信息化部", "工业和信息化部门", "信息产业部", "放管服", "简政放权、放管结合、优化服务", "2018年",
    "二〇一八年", "二零一八年", "第32条", "第三十二条", "30%", "百分之三十", "130%", "百分之三十五", "的", "文件", "，",
    "“互联网＋”行动", "国务院令第588号", "国务院第588号令",
)  # fmt: skip


def _articles(number: int) -> list[Article]:
    chance = random.Random(5)
    return [
        Article(
            record_id=str(n),
            paragraphs=tuple(Paragraph("，".join(chance.choices(_PIECES, k=chance.randint(1, 4)))) for _ in range(2)),
        )
        for n in range(number)
    ]


ARTICLES = _articles(150)
TEXTS = [fold(one.text) for article in ARTICLES for one in article.paragraphs]


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("expansion") / "index", create=True, engine=request.param) as made:
        made.add(ARTICLES)
        yield made


def without(text: str, *longer: str) -> str:
    for one in longer:
        text = text.replace(fold(one), "")
    return text


@pytest.mark.parametrize(
    ("names", "longer"),
    [
        (("放管服", "简政放权、放管结合、优化服务"), ()),
        (("工信部", "工业和信息化部", "信息产业部"), ("工业和信息化部门",)),
        (("2018年", "二〇一八年", "二零一八年"), ()),
        (("第32条", "第三十二条"), ()),
    ],
)
def test_every_name_finds_all_of_them_and_the_same(
    index: Index, names: tuple[str, ...], longer: tuple[str, ...]
) -> None:
    """What is typed is found in a longer word, too; what only means the same is not."""
    held = [{name for name in names if fold(name) in without(text, *longer)} for text in TEXTS]
    scores = {hit.article.id: hit.score for hit in index.search(names[0], limit=1_000)}
    for name in names:
        if "、" not in name:  # which parts words
            results = index.search(name, limit=1_000)
            expected = sum(bool(found) or fold(name) in text for found, text in zip(held, TEXTS, strict=True))
            assert results.total.paragraphs == expected > 0
            if not any(name in one for one in longer):
                assert {hit.article.id: hit.score for hit in results} == pytest.approx(scores, rel=1e-3)
            also = {other for one in results.expansions for other in one.also}
            assert also == {fold(other) for other in names} - {fold(name)}


def test_a_number_is_none_that_is_part_of_a_longer_one(index: Index) -> None:
    expected = sum("百分之三十" in text or "30%" in text.replace("130%", "") for text in TEXTS)
    assert index.search("百分之三十").total.paragraphs == expected
    assert index.search("百分之三十").expansions[0].also == ("30%",)


def test_an_article_scores_a_little_less_where_it_holds_another_name_only(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        names = ("个保法", "个人信息保护法")
        index.add([Article(record_id=name, paragraphs=(Paragraph(f"{name}施行"),)) for name in names])
        scores = {name: {hit.article.record_id: hit.score for hit in index.search(name)} for name in names}
        for typed, other in (names, names[::-1]):
            assert scores[other][typed] < scores[typed][typed] == pytest.approx(scores[other][typed], rel=1e-2)


def test_a_name_in_a_longer_word_counts_little(tmp_path: Path) -> None:
    """工信部门 once counted as much as 工信部, so that the two names of one body had other hits in front."""
    names = ("工信部", "工业和信息化部")
    texts = [*(f"{name}门、{name}门、{name}门。" for name in names), "由工信部负责，其他事项另行通知，特此说明。"]
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(record_id=text, paragraphs=(Paragraph(text),)) for text in texts])
        for name in names:
            found = [hit.article.record_id for hit in index.search(name)]
            assert found[0] == texts[2]
            assert len(found) == 2


def test_an_acronym_is_no_part_of_a_word(tmp_path: Path) -> None:
    texts = ("AI 产业", "said", "人工智能产业", "AIGC", "发展AI。")
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(record_id=text, paragraphs=(Paragraph(text),)) for text in texts])
        for query in ("AI", "人工智能"):
            assert {hit.article.record_id for hit in index.search(query)} == {"AI 产业", "人工智能产业", "发展AI。"}
        assert index.search('"AI"').total.articles == 4


def test_a_decree_has_its_number_before_or_behind_the_word(index: Index) -> None:
    expected = sum("国务院令第588号" in text or "国务院第588号令" in text for text in TEXTS)
    for query in ("国务院令第588号", "国务院第588号令"):
        assert index.search(query).total.paragraphs == expected > 0


def test_quotes_and_no_expand_take_a_text_as_it_stands(index: Index) -> None:
    expected = sum("工信部" in text for text in TEXTS)
    for results in (index.search('"工信部"'), index.search("工信部", expand=False)):
        assert results.total.paragraphs == expected
        assert results.expansions == ()
    assert index.search("工业和信息化部", expand=False).total.paragraphs == sum(
        "工业和信息化部" in text for text in TEXTS
    )


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of articles that have an issuer, and of one that has a source."""
    issuers = {
        "甲": "云岭市工业和信息化局",
        "乙": "云岭市工信局",
        "丙": "国家发展和改革委员会",
        "戊": "云岭市工业和信息化部门联席会议",
    }
    from_source = Article(record_id="丁", title="丁", source="国家市场监督管理总局网站")
    with Index.open(tmp_path_factory.mktemp("issuers") / "index", create=True) as made:
        made.add([Article(record_id=title, title=title, issuer=issuer) for title, issuer in issuers.items()])
        made.add([from_source])
        yield made


@pytest.mark.parametrize(
    ("name", "titles"),
    [("工信局", "甲乙"), ("工业和信息化局", "甲乙"), ("发改委", "丙"), ("云岭市工信局", "甲乙"), ("工信部", "")],
)
def test_an_issuer_is_found_by_its_other_names(issued: Index, name: str, titles: str) -> None:
    everything = "-饕餮"
    for results in (issued.search(f"机关:{name}"), issued.search(everything, issuer=name)):
        assert {hit.article.title for hit in results} == set(titles)
    among = issued.search(everything, among=(Earlier(query=everything, issuer=name),))
    assert {hit.article.title for hit in among} == set(titles)


@pytest.mark.parametrize("name", ["市场监管总局", "市监总局"])
def test_the_option_finds_the_other_names_of_a_source_too(issued: Index, name: str) -> None:
    assert [hit.article.title for hit in issued.search("-饕餮", issuer=name)] == ["丁"]


def test_an_issuer_is_taken_as_it_stands_in_quotes_and_without_expansion(issued: Index) -> None:
    for results in (
        issued.search('机关:"工信局"'),
        issued.search("机关:工信局", expand=False),
        issued.search("-饕餮", issuer="工信局", expand=False),
    ):
        assert [hit.article.title for hit in results] == ["乙"]


def test_what_was_found_by_another_name_is_highlighted_and_full(index: Index) -> None:
    for hit in index.search('工信部 -"工信部"', limit=100):
        assert not hit.partial
        for passage in hit.paragraphs:
            marked = {fold(passage.text[span.start : span.end]) for span in passage.highlights}
            assert marked <= {"工业和信息化部", "信息产业部"}
            assert marked


def term(text: str, *boundaries: int) -> Term:
    found = expanded(parse(text), shipped(), lambda _: set(boundaries))
    assert isinstance(found, Term)
    return found


def test_a_name_within_a_term_is_one_of_its_words() -> None:
    assert term("工信部文件", 0, 3, 5).others == ("工业和信息化部文件", "信息产业部文件")
    assert term("工信部文件", 0, 2, 5).others == ()
    assert term("中央行政", 0, 2, 4).others == ()


def test_one_way_entries_go_one_way() -> None:
    assert "中国人民银行" in term("央行").others
    assert "央行" not in term("中国人民银行").others


# ---- the table


def test_the_table_is_large_and_every_entry_is_folded_and_has_others() -> None:
    lines = (files("searcher") / "data" / "synonyms.txt").read_text("utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert len(entries) >= 300
    assert len(set(entries)) == len(entries)
    for name, others in shipped().items():
        assert name == fold(name)
        assert name not in others
        assert len(set(others)) == len(others) > 0


def test_names_in_both_directions_are_symmetric() -> None:
    table = read("甲机关 = 甲关 | 旧甲 (1990-1998)\n# 说明\n\n乙 > 乙机关\n", "表")
    assert table == {
        "甲机关": ("甲关", "旧甲"),
        "甲关": ("甲机关", "旧甲"),
        "旧甲": ("甲机关", "甲关"),
        "乙": ("乙机关",),
    }


def test_what_a_name_finds_one_way_is_found_by_all_that_mean_the_same() -> None:
    table = read("旧局 = 老局\n旧局 > 新局\n新局 = 新新局\n", "表")
    assert table["旧局"] == ("老局", "新局")
    assert table["老局"] == ("旧局", "新局")
    assert table["新局"] == ("新新局",)


@pytest.mark.parametrize("line", ["只有一个", "= 甲", "甲 =", "甲 = |", "甲 = 甲", "甲 > ", "（1998-2008） = 甲"])
def test_a_wrong_line_is_named(line: str) -> None:
    with pytest.raises(SynonymsError, match="表, line 2") as caught:
        read(f"甲 = 乙\n{line}\n", "表")
    assert "full form" in caught.value.hint


def test_the_users_own_file_adds_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    own = tmp_path / "own.txt"
    own.write_text("放管服 = 文件\n", "utf-8")
    monkeypatch.setenv("POLICY_SEARCH_SYNONYMS", str(own))
    expected = sum(any(name in text for name in ("文件", "放管服", "简政放权、放管结合、优化服务")) for text in TEXTS)
    assert index.search("放管服").total.paragraphs == expected
    own.write_text("放管服\n", "utf-8")
    with pytest.raises(SynonymsError, match="line 1"):
        index.search("放管服")
    monkeypatch.setenv("POLICY_SEARCH_SYNONYMS", str(tmp_path / "none.txt"))
    with pytest.raises(SynonymsError, match="there is no file") as caught:
        index.search("放管服")
    assert "POLICY_SEARCH_SYNONYMS" in caught.value.hint


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    (tmp_path / "own.txt").write_bytes("甲 = 乙".encode("gb18030"))
    monkeypatch.setenv("POLICY_SEARCH_SYNONYMS", str(tmp_path / "own.txt"))
    with pytest.raises(SynonymsError, match="cannot be read"):
        index.search("放管服")


# ---- numerals


@given(st.integers(0, 9_999))
def test_chinese_numerals_are_read_as_they_are_written(number: int) -> None:
    assert to_number(to_chinese(number)) == number


@pytest.mark.parametrize(
    ("number", "chinese"), [(0, "零"), (10, "十"), (12, "十二"), (105, "一百零五"), (1010, "一千零一十")]
)
def test_numbers_are_written_as_people_do(number: int, chinese: str) -> None:
    assert to_chinese(number) == chinese


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("2018年", {"二〇一八年", "二零一八年"}),
        ("二零一八年", {"2018年", "二〇一八年"}),
        ("第32条", {"第三十二条"}),
        ("第三十二条之一", {"第32条之1"}),
        ("百分之三十", {"30%"}),
        ("3.5%", {"百分之三点五"}),
        ("100%", {"百分之百"}),
        ("三个月", {"3个月"}),
        ("三十日内", {"30日内"}),
        ("2018年5月21日", {"二〇一八年五月二十一日", "二零一八年五月二十一日"}),
        ("第588号令", {"令第588号", "第五百八十八号令", "令第五百八十八号"}),
        ("公告2018年第5号", {"公告二〇一八年第五号", "公告二零一八年第五号"}),
    ],
)
def test_numerals_have_another_writing(text: str, others: set[str]) -> None:
    assert set(other_writings(text)[0]) == others


@pytest.mark.parametrize(
    "text", ["十三五", "第三产业", "一年", "三十日", "30日", "一带一路", "2018", "二十", "百年", "千米"]
)
def test_what_is_not_safe_is_left_alone(text: str) -> None:
    assert other_writings(text)[0] == ()


@given(st.text(st.sampled_from("第条年月日百分之点零〇一二三十千0123.%号令公告")))
def test_any_text_has_writings_or_none(text: str) -> None:
    writings, _ = other_writings(text)
    assert text not in writings
    assert len(set(writings)) == len(writings)
