"""The query language: every form gives its tree, and every mistake an error that points at its place."""

from __future__ import annotations

import pytest

from searcher.errors import QueryError
from searcher.lexer import FIELDS, scan
from searcher.query import (
    MAX_DEPTH,
    MAX_QUERY,
    And,
    DateTerm,
    FieldName,
    FieldTerm,
    Node,
    Not,
    NumberTerm,
    Or,
    Term,
    Within,
    leaves,
    parse,
)


def exact(text: str) -> Term:
    return Term(text, exact=True)


A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")


# ---- every form


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("工业互联网", Term("工业互联网")),
        ("  工业互联网　", Term("工业互联网")),
        ("工业互联网 安全", And((Term("工业互联网"), Term("安全")))),
        ("工业互联网　安全", And((Term("工业互联网"), Term("安全")))),
        ("工业互联网，安全。", And((Term("工业互联网"), Term("安全")))),
        ("工业互联网\n安全", And((Term("工业互联网"), Term("安全")))),
        ("工業互聯網", Term("工业互联网")),
        ("５Ｇ", Term("5g")),
        ("的", Term("的")),
        ("网", Term("网")),
        ("C++", Term("c++")),
        ("50%", Term("50%")),
        ("GB/T", Term("gb/t")),
        ("2018-05", Term("2018-05")),
        ("'a'", A),
    ],
)
def test_words(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        '"工业互联网平台"', "“工业互联网平台”", "「工业互联网平台」", "『工业互联网平台』", "《工业互联网平台》",
        "＂工业互联网平台＂", '“工业互联网平台"', '"工业互联网平台”', "„工业互联网平台”", "〝工业互联网平台〞",
        '" 工业互联网平台 "', "“工業互聯網平臺”",
    ],
)  # fmt: skip
def test_quoted_texts_are_exact(text: str) -> None:
    assert parse(text) == exact("工业互联网平台")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"(a OR b)"', exact("(a or b)")),
        ('"，。"', exact(",。")),
        ('"-a"', exact("-a")),
        ('"标题:a"', exact("标题:a")),
        ('"国发〔2016〕28号"', exact("国发(2016)28号")),
        ('"a" "b"', And((exact("a"), exact("b")))),
        ('甲"a"乙', And((Term("甲"), exact("a"), Term("乙")))),
        ("“「a」”", exact('"a"')),
        ('-"a"', Not(exact("a"))),
    ],
)
def test_what_stands_in_quotes_is_taken_as_it_stands(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b c", And((A, B, C))),
        ("a AND b", And((A, B))),
        ("a && b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a | b", Or((A, B))),
        ("a|b", Or((A, B))),
        ("a || b", Or((A, B))),
        ("a ｜ b", Or((A, B))),
        ("a OR b OR c", Or((A, B, C))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a OR b) (c OR d)", And((Or((A, B)), Or((C, D))))),
        ("（a OR b）c", And((Or((A, B)), C))),
        ("((a))", A),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a －b", And((A, Not(B)))),
        ("a −b", And((A, Not(B)))),
        ("a –b", And((A, Not(B)))),
        ("a —b", And((A, Not(B)))),
        ("—a", Not(A)),
        ("(–a OR b)", Or((Not(A), B))),
        ("a –(b OR c)", And((A, Not(Or((B, C)))))),
        ("a — b", And((A, B))),
        ("a ——b", And((A, B))),
        ("a —— b", And((A, B))),
        ("a b—c", And((A, Term("b-c")))),
        ("a b–", And((A, B))),
        ("a ＯＲ b", Or((A, B))),
        ("a ＡＮＤ ＮＯＴ b", And((A, Not(B)))),
        ("a ｏｒ b", And((A, Term("or"), B))),
        ("a Or b", And((A, Term("or"), B))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("NOT NOT a", Not(Not(A))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("a OR -b", Or((A, Not(B)))),
        ("or and not", And((Term("or"), Term("and"), Term("not")))),
        ('"OR"', exact("or")),
    ],
)
def test_operators_and_brackets(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("标题", "title"), ("机关", "issuer"), ("来源", "source"), ("作者", "author"), ("关键词", "keyword"),
        ("关键字", "keyword"),
        ("文号", "number"), ("题名", "title"), ("发文机关", "issuer"), ("发文字号", "number"), ("標題", "title"),
        ("title", "title"), ("Title", "title"), ("issuer", "issuer"), ("source", "source"), ("author", "author"),
        ("keyword", "keyword"), ("number", "number"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("colon", [":", "：", ": "])
def test_fields(name: str, field: FieldName, colon: str) -> None:
    assert parse(f"{name}{colon}工業") == FieldTerm(field, "工业")
    assert parse(f'安全 {name}{colon}"工業 互聯"') == And((Term("安全"), FieldTerm(field, "工业 互联", exact=True)))
    assert parse(f"-{name}{colon}工业") == Not(FieldTerm(field, "工业"))


def test_a_word_with_a_colon_that_names_no_field_is_a_word() -> None:
    assert parse("时间:12:30") == Term("时间:12:30")


@pytest.mark.parametrize(
    "text",
    [
        "国发〔2016〕28号", "国发[2016]28号", "国发(2016)28号", "国发（2016）28号", "国发【2016】28号",
        "国发〔2016〕 28 号", "国发〔２０１６〕２８号", "國發〔2016〕28號", "国发〔2016〕第28号",
        "文号:国发〔2016〕28号", "文号：国发[2016]28号", "文号: 国发（2016）28号", "发文字号:国发〔2016〕28号",
    ],
)  # fmt: skip
def test_document_numbers(text: str) -> None:
    assert parse(text) == NumberTerm("国发", "2016", "28")
    assert parse(text) != parse("国发〔2016〕8号")


def test_a_document_number_stands_among_other_words() -> None:
    tree = And((Term("落实"), NumberTerm("国发", "2016", "28"), Term("安全")))
    assert parse("落实 国发〔2016〕28号 安全") == tree
    assert leaves(tree)[1] == NumberTerm("国发", "2016", "28")
    assert NumberTerm("国发", "2016", "28").key == "国发(2016)28号"


def test_part_of_a_document_number_is_a_field_or_a_word() -> None:
    assert parse("文号:国发〔2016〕") == FieldTerm("number", "国发(2016)")
    assert parse("文号:国发") == parse("文号:国发*") == FieldTerm("number", "国发")
    assert parse("国发〔2016〕") == Term("国发(2016)")


@pytest.mark.parametrize("text", ["国发〔2016〕*", "国发(2016) *", "文号:国发〔2016〕*", "文号:国发[2016]*"])
def test_all_numbers_of_a_code_and_a_year_are_a_series(text: str) -> None:
    assert parse(text) == NumberTerm("国发", "2016", None)
    assert parse(f"{text} 安全") == And((NumberTerm("国发", "2016", None), Term("安全")))


@pytest.mark.parametrize(
    "text",
    [
        "国发2016 28", "国发2016 28号", "国发2016第28号", "国发2016年28号", "国发2016年第28号", "国发〔2016〕28",
        "文号:国发2016 28", "文号:国发〔2016〕28", "國發２０１６　２８",
    ],
)  # fmt: skip
def test_document_numbers_may_be_typed_without_brackets_and_their_last_word(text: str) -> None:
    assert parse(text) == NumberTerm("国发", "2016", "28")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("财税2016 36", NumberTerm("财税", "2016", "36")),
        ("财政部公告2018年第5号", NumberTerm("财政部公告", "2018", "5")),
        ("公告2018年第5号", NumberTerm("公告", "2018", "5")),
        ("工业互联网2018 5", And((Term("工业互联网2018"), Term("5")))),
        ("国发2016 28%", And((Term("国发2016"), Term("28%")))),
        ("研发 2016 28", And((Term("研发"), Term("2016"), Term("28")))),
        ("国发2016年5月", Term("国发2016年5月")),
        ("中国(2016)5G", Term("中国(2016)5g")),
    ],
)
def test_a_word_a_year_and_a_number_are_a_document_number_only_where_that_is_sure(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a 同句 b", Within(And((A, B)), "sentence")),
        ("a 同段 b 同段 c", Within(And((A, B, C)), "paragraph")),
        ("a 同篇 b", Within(And((A, B)), "article")),
        ("a 同句 b c", And((Within(And((A, B)), "sentence"), C))),
        ("a b 同句 c", And((A, Within(And((B, C)), "sentence")))),
        ("a 同段 b 同句 c", Within(And((A, Within(And((B, C)), "sentence"))), "paragraph")),
        ("a 同句 b OR c", Or((Within(And((A, B)), "sentence"), C))),
        ("(a OR b) 同句 c", Within(And((Or((A, B)), C)), "sentence")),
        ("a 同句 -b", Within(And((A, Not(B))), "sentence")),
        ("-(a 同句 b)", Not(Within(And((A, B)), "sentence"))),
        ('a "同句" b', And((A, exact("同句"), B))),
        ("a同句b", Term("a同句b")),
    ],
)
def test_how_near_terms_must_stand(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2018", "2018-01-01", "2018-12-31"),
        ("２０１８", "2018-01-01", "2018-12-31"),
        ("2018年", "2018-01-01", "2018-12-31"),
        ("2018-05", "2018-05-01", "2018-05-31"),
        ("2018年5月", "2018-05-01", "2018-05-31"),
        ("2018-05-21", "2018-05-21", "2018-05-21"),
        ("2018/5/21", "2018-05-21", "2018-05-21"),
        ("2018.5.21", "2018-05-21", "2018-05-21"),
        ("2018年5月21日", "2018-05-21", "2018-05-21"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2016..2018", "2016-01-01", "2018-12-31"),
        ("2016…2018", "2016-01-01", "2018-12-31"),
        ("2016……2018", "2016-01-01", "2018-12-31"),
        ("２０１６…２０１８", "2016-01-01", "2018-12-31"),
        ("2016…", "2016-01-01", None),
        ("…2018", None, "2018-12-31"),
        ("2016~2018", "2016-01-01", "2018-12-31"),
        ("2016至2018", "2016-01-01", "2018-12-31"),
        ("2016-03..2018-05-21", "2016-03-01", "2018-05-21"),
        ("2016..", "2016-01-01", None),
        ("..2018", None, "2018-12-31"),
    ],
)
def test_dates(value: str, first: str | None, last: str | None) -> None:
    assert parse(f"日期:{value}") == DateTerm(first, last)
    assert parse(f"安全 date：{value}") == And((Term("安全"), DateTerm(first, last)))


def test_an_ellipsis_before_a_word_parts_it_from_the_date() -> None:
    assert parse("日期:2016…安全") == And((DateTerm("2016-01-01", "2016-12-31"), Term("安全")))


def test_leaves_are_what_is_wanted() -> None:
    assert leaves(parse("a (b OR -c) NOT d 标题:甲")) == [A, B, FieldTerm("title", "甲")]


# ---- every error


@pytest.mark.parametrize(
    ("text", "position", "length"),
    [
        ("工业 - 德国", 3, 1),
        ("标题:(税法 OR 预算)", 3, 1),
        ("", 0, 0),
        ("   ", 0, 0),
        ("a (b", 2, 1),
        ("a b)", 3, 1),
        (")", 0, 1),
        ("a ()", 2, 1),
        ('a "b', 2, 1),
        ("“", 0, 1),
        ('a ""', 2, 2),
        ("a “ ”", 2, 3),
        ("a OR", 2, 2),
        ("OR a", 0, 2),
        ("a OR OR b", 2, 2),
        ("a |", 2, 1),
        ("a AND", 2, 3),
        ("a NOT", 2, 3),
        ("(OR a)", 0, 1),
        ("同句 a", 0, 2),
        ("a 同段", 2, 2),
        ("a 同句 同句 b", 2, 2),
        ("-", 0, 1),
        ("a + b", 2, 1),
        ("%", 0, 1),
        ("a 标题:", 2, 3),
        ("标题:。", 0, 3),
        ('标题:""', 3, 2),
        ("标题:「", 3, 1),
        ("a 日期:x", 5, 1),
        ("日期:2018-13", 3, 7),
        ("日期:2018-02-30", 3, 10),
        ("日期:2018..2016", 3, 10),
        ("日期:..", 3, 2),
        ("日期:", 3, 1),
    ],
)
def test_errors_point_at_the_place_and_say_what_to_write(text: str, position: int, length: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert (error.position, error.length) == (position, length), error.message
    assert error.query == text
    assert error.message
    assert error.hint


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("标题:", "Write: 标题:工业互联网"),
        ("文号:", "Write: 文号:国发〔2016〕28号"),
        ("发文机关:", "Write: 发文机关:国务院"),
        ("来源:", "Write: 来源:新华社"),
        ("机关:(甲 OR 乙)", "Write: 机关:国务院 OR 机关:财政部"),
    ],
)
def test_an_error_in_a_field_shows_values_of_that_field(text: str, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.hint == advice


@pytest.mark.parametrize("name", FIELDS)
def test_what_an_error_in_a_field_advises_can_be_read(name: str) -> None:
    for text in (f"{name}:", f"{name}:(甲 OR 乙)"):
        with pytest.raises(QueryError) as caught:
            parse(text)
        for advised in caught.value.hint.removeprefix("Write").lstrip(": ").replace(" or ", ", ").split(", "):
            assert parse(advised)


@pytest.mark.parametrize("text", ["标题:甲", "标题:“甲”", "日期:2018", "文号:甲", '机关： "甲 乙"'])
def test_a_field_begins_with_its_name(text: str) -> None:
    (token,) = scan(text)
    assert (token.start, token.end) == (0, len(text))


def test_a_date_that_is_missing_is_called_so() -> None:
    with pytest.raises(QueryError, match="a date is missing here"):
        parse("安全 日期:")


def test_brackets_may_be_nested_so_deep_and_no_deeper() -> None:
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A
    with pytest.raises(QueryError, match="too deeply") as caught:
        parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))
    assert 0 < caught.value.position <= MAX_DEPTH + 1


def test_a_query_may_be_so_long_and_no_longer() -> None:
    assert parse("字" * MAX_QUERY) == Term("字" * MAX_QUERY)
    with pytest.raises(QueryError) as caught:
        parse("字" * (MAX_QUERY + 1))
    assert caught.value.position == MAX_QUERY


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"关于“互联网+”的意见"', Term('关于"互联网+"的意见', exact=True)),
        ("“关于“互联网+”的意见”", Term('关于"互联网+"的意见', exact=True)),
        ('"互联网+”的意见"', Term('互联网+"的意见', exact=True)),
        ("《关于印发《办法》的通知》", Term("关于印发<办法>的通知", exact=True)),
        ('「他说"好"」', Term('他说"好"', exact=True)),
        ('“甲" 乙', And((Term("甲", exact=True), Term("乙")))),
        ('“甲" “乙"', And((Term("甲", exact=True), Term("乙", exact=True)))),
        ("“甲“ “乙“", And((Term("甲", exact=True), Term("乙", exact=True)))),
    ],
)
def test_quotes_within_a_quoted_text_belong_to_it(text: str, tree: Node) -> None:
    """A text pasted between plain quotes often holds Chinese ones."""
    assert parse(text) == tree
