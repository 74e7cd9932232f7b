"""Numbers of orders and of standards: typed bare, they find what they find behind 文号:, in every writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph, engines
from searcher.errors import QueryError
from searcher.query import And, FieldTerm, Node, NumberTerm, Or, Term, Within, leaves, parse
from searcher.scope import scoped

# Each tuple: what one number may be written as.
ORDER = (
    "中华人民共和国国务院令第9321号", "国务院令第9321号", "国务院令 第 9321 号", "国务院令（第9321号）",
    "国务院第9321号令", "国务院9321号令", "国令第9321号", "国务院令9321号", "国务院令第九千三百二十一号",
)  # fmt: skip
DECREE = ("中华人民共和国主席令第三十一号", "主席令第31号", "国家主席令第31号", "主席令第三十一号", "主席令 第31号")
STANDARD = ("GB 99523—2011", "GB99523-2011", "GB 99523-2011", "gb99523－2011", "ＧＢ　99523–2011", "GB99523")
PLAIN = ("GB/T 9901.1—2020", "GB/T9901.1-2020", "GBT9901.1-2020", "GB／T 9901.1—2020", "gbt 9901.1-2020")
JOINT = "中华人民共和国国务院、中华人民共和国某某委员会令第9321号"
LOCAL = ("DB99/T 20—2016", "DB99/T20-2016", "db99t 20-2016")


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Give an index with a document for each writing, which cites that number, and some that have it for their own."""
    articles = [
        Article(record_id=f"{written}", title="通知", paragraphs=(Paragraph(f"依照{written}，办理登记。另行通知。"),))
        for number in (ORDER, DECREE, STANDARD[:-1], PLAIN, LOCAL)
        for written in number
    ]
    others = ("国务院令第932号", "国务院令第19321号", "某某部令第9321号", "主席令第三号", "主席令第三十二号",
              "GB 99523.1—2011", "GB 99523—2012", "GB 199523—2011", "GBZ 9901.1—2020", "DB99/T 201—2016")  # fmt: skip
    articles += [
        Article(record_id=f"!{number}", title="别的", number=number, paragraphs=(Paragraph(f"{number}另有规定。"),))
        for number in others
    ]
    owners = (JOINT, ORDER[0], DECREE[0], STANDARD[0], PLAIN[0], LOCAL[0])
    articles.append(Article(record_id=f"+{JOINT}", title="办法", paragraphs=(Paragraph(f"（{JOINT}公布）"),)))
    articles += [
        Article(record_id=f"={number}", title="规定", number=number, paragraphs=(Paragraph("第一条 总则。"),))
        for number in owners
    ]
    folder = tmp_path_factory.mktemp("numbers")
    with Index.open(folder / "index", create=True, engine=request.param) as made:
        made.add(articles)
        yield made


def found(index: Index, query: str) -> set[str]:
    results = index.search(query, limit=1_000, all_copies=True)
    assert results.total.partial == 0
    return {hit.article.record_id or "" for hit in results}


@pytest.mark.parametrize("number", [ORDER, DECREE, STANDARD[:-1], PLAIN, LOCAL], ids=lambda number: number[0])
def test_a_number_is_found_in_every_writing_by_every_writing(index: Index, number: tuple[str, ...]) -> None:
    """Guards against bare numbers that missed a prefix, a space or Chinese numerals, and needed 文号: before them."""
    own = f"={number[0]}"
    for typed in number:
        bare = found(index, typed)
        assert bare == found(index, f"文号:{typed}"), typed
        assert {*number, own} <= bare, typed
        assert not any(other.startswith("!") for other in bare), typed


def test_a_standard_without_its_year_is_found_of_every_year(index: Index) -> None:
    assert found(index, "GB99523") == {*STANDARD[:-1], f"={STANDARD[0]}", "!GB 99523—2012"}
    assert found(index, "GB 99523") == found(index, "文号:GB99523") == found(index, "GB99523")


def test_an_order_of_several_issuers_is_one_of_each(index: Index) -> None:
    assert found(index, "某某委员会令第9321号") == {f"={JOINT}", f"+{JOINT}"}
    assert f"+{JOINT}" in found(index, "国务院令第9321号")


def test_a_number_may_be_left_out_and_stand_among_words(index: Index) -> None:
    every = found(index, "办理登记")
    assert found(index, "办理登记 -主席令第31号") == every - found(index, "主席令第31号")
    assert found(index, "办理登记 主席令第31号") == set(DECREE)
    assert found(index, "主席令第31号 OR GB99523-2011") == found(index, DECREE[0]) | found(index, STANDARD[0])


def test_a_number_stands_near_a_word_or_is_that_of_the_document() -> None:
    """Guards against a scope that was not asked of numbers which have several writings."""
    tree = parse("主席令第31号 登记")
    assert isinstance(tree, And)
    assert scoped(tree, "sentence") == Within(tree, "sentence")


def test_within_a_sentence_a_number_is_in_it(index: Index) -> None:
    ids = {hit.article.record_id for hit in index.search("主席令第31号 登记", within="sentence", limit=100)}
    assert ids == set(DECREE)
    assert not index.search("主席令第31号 另行", within="sentence")


def test_what_is_found_is_highlighted(index: Index) -> None:
    for typed, written in (("主席令第31号", DECREE[3]), ("GB99523-2011", STANDARD[0])):
        hits = index.search(typed, limit=1_000).hits
        (hit,) = (hit for hit in hits if hit.article.record_id == written)
        assert hit.paragraphs[0].marked("[", "]") == f"依照[{written}]，办理登记。另行通知。"


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("主席令第31号", NumberTerm("主席令", "", "31")),
        ("第31号令", NumberTerm("令", "", "31")),
        ("31号令", NumberTerm("令", "", "31")),
        ("国发〔2016〕28号文", NumberTerm("国发", "2016", "28")),
        ("主席令第31号文件", NumberTerm("主席令", "", "31")),
        ("GB/T 1.1—2020", NumberTerm("gbt", "2020", "1.1")),
        ("T/XYZ 12-2020", NumberTerm("txyz", "2020", "12")),
        ("国发2016-28号", NumberTerm("国发", "2016", "28")),
        ("国发〔2016〕028号", NumberTerm("国发", "2016", "28")),
        ("国发2016年第028号", NumberTerm("国发", "2016", "28")),
        ("国发〔二〇一六〕二十八号", NumberTerm("国发", "2016", "28")),
        ("国发〔二零一六〕28号文", NumberTerm("国发", "2016", "28")),
        ("国发〔2016〕第二十八号", NumberTerm("国发", "2016", "28")),
        ("国发〔二〇一六〕*", NumberTerm("国发", "2016", None)),
        ("某署2024年第143号公告", NumberTerm("某署公告", "2024", "143")),
        ("某署2024年 143 号通告", NumberTerm("某署通告", "2024", "143")),
        ("2024年第143号公告", NumberTerm("公告", "2024", "143")),
        ("某署2024年第3号令", NumberTerm("某署令", "2024", "3")),
    ],
)
def test_numbers_are_read(text: str, term: NumberTerm) -> None:
    assert term in leaves(parse(text))
    assert parse(text) == parse(f"文号:{text}")
    assert parse(f"({text})") == parse(text)


def test_the_key_of_a_number_is_how_it_is_written() -> None:
    assert NumberTerm("主席令", "", "31").key == "主席令第31号"
    assert NumberTerm("gb", "2011", "12523").key == "gb12523-2011"
    assert NumberTerm("gb", "", "12523").key == "gb12523"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("主席令第31号的规定", Term("主席令第31号的规定")),
        ("国发〔2016〕28号文化", Term("国发(2016)28号文化")),
        ("责令第三方", Term("责令第三方")),
        ("GB12523-2011标准", Term("gb12523-2011标准")),
        ("5G-2018", Term("5g-2018")),
        ("covid-2019", Term("covid-2019")),
        ("GB12523-11", Term("gb12523-11")),
        ("16GB", Term("16gb")),
        ("GB2", Term("gb2")),
        ("2016-05", Term("2016-05")),
        ("国发〔二〇一六〕二十", Term("国发(二〇一六)二十")),
        ("国发〔二〇一六〕二十十号", Term("国发(二〇一六)二十十号")),
        ("国发〔八二〇一〕二号", Term("国发(八二〇一)二号")),
        ("某署2024年第143号公告解读", Term("某署2024年第143号公告解读")),
        ("文号:主席令", FieldTerm("number", "主席令")),
        ("文号:GB", FieldTerm("number", "gb")),
    ],
)
def test_what_only_looks_like_a_number_is_a_word(text: str, tree: Node) -> None:
    assert parse(text) == tree


_PIECES = st.sampled_from(
    ["主席", "令", "第", "31", "三十一", "号", "GB", "/T", " ", "-", "2011", "(", ")", "文号:", ".", "国发"]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_any_mix_of_the_parts_of_numbers_is_a_query_or_an_error(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert error.hint
    else:
        assert not isinstance(tree, Or) or "令" in text or "gb" in text.lower() or "三十一" in text


def test_numbers_that_come_from_a_file_are_found(tmp_path: Path) -> None:
    text = "某某管理条例\n\n（中华人民共和国主席令第 31 号）\n\n第一条 为了管理，制定本条例。\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    with Index.open(tmp_path / "index", create=True) as made:
        made.update(tmp_path / "a.txt")
        assert len(made.search("主席令第三十一号")) == len(made.search("文号:主席令第31号")) == 1


def test_a_word_before_a_number_that_begins_with_its_year_is_a_word() -> None:
    assert parse("渔业 2024年第143号公告") == And((Term("渔业"), NumberTerm("公告", "2024", "143")))
