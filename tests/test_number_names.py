"""Numbers in more writings: with zeros, Chinese numerals, the kind behind them, and other names of the issuer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article, Expansion, Index, Paragraph, engines
from searcher.expansion import bodies, bodies_of
from searcher.numbers import number_key

# Each as it stands in the documents, and what it may be typed as.
ORDERS = {
    "国家市场监督管理总局令第9320号": (
        "市场监管总局令第9320号",
        "国家市场监管总局令第9320号",
        "市场监管总局第9320号令",
    ),
    "市场监管总局令第9321号": ("国家市场监督管理总局令第9321号", "国家市场监管总局令 第九千三百二十一号"),
    "国家发展改革委令第9307号": ("发改委令第9307号", "国家发展和改革委员会令第9307号", "国家发改委令第9307号"),
    "国家质检总局令第9370号": ("国家质量监督检验检疫总局令第9370号", "质检总局令第9370号"),
    "国家食品药品监督管理总局令第9321号": ("食药监总局令第9321号", "国家食药监总局令第9321号"),
    "市场监管总局公告2020年第9305号": ("国家市场监督管理总局公告2020年第9305号", "国家市场监管总局2020年第9305号公告"),
}
DOCUMENTS = {
    "国发〔2019〕5号": (
        "国发〔2019〕05号",
        "国发〔2019〕005号",
        "国发〔二〇一九〕五号",
        "国发(二零一九)第5号",
        "国发〔2019〕五号",
    ),
    "国发〔2019〕06号": ("国发〔2019〕6号", "国发〔2019〕06号", "国发〔二〇一九〕六号"),
    "国发〔二〇一九〕七号": ("国发〔二〇一九〕七号",),
    "海关总署公告2024年第9143号": ("海关总署2024年第9143号公告", "海关总署2024年09143号公告"),
    "海关总署2024年第9144号公告": ("海关总署公告2024年第9144号", "海关总署公告〔2024〕9144号"),
}
OTHERS = (
    "国家食品药品监督管理局令第9321号", "国家市场监督管理总局令第9370号", "国家市场监督管理总局令第932号",
    "国家发展计划委员会令第9307号", "国发〔2019〕50号", "国发〔2019〕15号", "海关总署公告2023年第9143号",
)  # fmt: skip


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Give an index that has of each number the document itself, and one that cites it twice."""
    every = [*ORDERS, *DOCUMENTS, *OTHERS]
    articles = [
        Article(record_id=f"={number}", title="某办法", number=number, paragraphs=(Paragraph("第一条 总则。"),))
        for number in every
    ]
    articles += [
        Article(record_id=f"+{number}", title="某通知", paragraphs=(Paragraph(f"依照{number}办理，{number}有效。"),))
        for number in every
    ]
    with Index.open(tmp_path_factory.mktemp("names") / "index", create=True, engine=request.param) as made:
        made.add(articles)
        yield made


def found(index: Index, query: str, *, expand: bool = True) -> list[str]:
    results = index.search(query, limit=100, all_copies=True, expand=expand)
    return [hit.article.record_id or "" for hit in results]


@pytest.mark.parametrize("number", [*ORDERS, *DOCUMENTS])
def test_a_number_is_found_however_it_is_typed_and_the_document_itself_first(index: Index, number: str) -> None:
    for typed in (number, *(ORDERS | DOCUMENTS)[number]):
        assert found(index, typed) == found(index, f"文号:{typed}") == [f"={number}", f"+{number}"], typed


def test_it_is_said_by_which_other_name_an_order_was_found(index: Index) -> None:
    typed, written = "市场监管总局令第9320号", "国家市场监督管理总局令第9320号"
    results = index.search(typed, explain=True)
    assert results.expansions == (Expansion(typed, (written,)),)
    assert (written, 1) in [(count.text, count.paragraphs) for term in results.terms for count in term.also]
    assert results[1].paragraphs[0].marked("[", "]") == f"依照[{written}]办理，[{written}]有效。"


def test_quotes_and_no_expansion_find_no_other_name(index: Index) -> None:
    for number, (typed, *_) in ORDERS.items():
        if typed not in number:
            assert found(index, typed, expand=False) == [], typed
            assert found(index, f'"{typed}"') == found(index, f'文号:"{typed}"') == [], typed


def test_an_order_of_the_body_before_is_another_one(index: Index) -> None:
    assert "=国家市场监督管理总局令第9370号" not in found(index, "质检总局令第9370号")
    assert found(index, "国家食品药品监督管理局令第9321号")[0] == "=国家食品药品监督管理局令第9321号"
    assert found(index, "国家发展计划委员会令第9307号") == [
        "=国家发展计划委员会令第9307号",
        "+国家发展计划委员会令第9307号",
    ]


def test_names_of_one_body_are_those_of_one_line_and_the_same_years() -> None:
    table = bodies_of("# 甲 = 己\n甲局 = 甲 | 旧局 (1990-1998) | 旧（1990-1998） | 更旧 (1980-1990)\n旧局 > 甲局\n")
    assert table == {"甲局": ("甲",), "甲": ("甲局",), "旧局": ("旧",), "旧": ("旧局",)}


def test_the_users_own_file_names_bodies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    (tmp_path / "own.txt").write_text("国家市场监督管理总局 = 市总局\n", "utf-8")
    monkeypatch.setenv("POLICY_SEARCH_SYNONYMS", str(tmp_path / "own.txt"))
    assert found(index, "市总局令第9320号") == found(index, "国家市场监督管理总局令第9320号")
    assert "市总局" in bodies()["国家市场监督管理总局"]


def test_the_kind_behind_a_number_is_before_its_year_in_the_key() -> None:
    assert number_key("某署2024年第143号公告") == number_key("某署公告〔2024〕143号") == "某署公告(2024)143号"
    assert number_key("某署第3号令") == "某署第3号令"


def test_zeros_before_the_serial_are_not_in_the_key() -> None:
    assert number_key("国发〔2019〕05号") == number_key("国发 [2019] 第005号") == "国发(2019)5号"
    assert number_key("公告2019年第050号") == "公告(2019)50号"
    assert number_key("国发〔2019〕0号") == "国发(2019)0号"
