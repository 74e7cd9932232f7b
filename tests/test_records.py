"""Records of JSON, JSON Lines, CSV and workbooks: one article each, with the fields as given."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import ReadError
from searcher.models import Article, ReadOptions, Source
from searcher.readers import parse, read
from searcher.split import extract
from tests.reading import assert_nothing_lost

RECORD = {
    "id": 17,
    "标题": "某市数据条例",
    "发文机关": "某市人民代表大会常务委员会",
    "文号": "某常发〔2021〕3号",
    "成文日期": "2021年5月4日",
    "发布日期": "2021-05-06 09:30",
    "施行日期": "2021/7/1",
    "时效性": "现行有效",
    "关键词": ["数据", "条例"],
    "正文": "第一条 为了管理数据，制定本条例。\n第二条 本条例自公布之日起施行。",
    "浏览": None,
    "备注": "由秘书处整理",
}


def articles(sources: Sequence[Source]) -> list[Article]:
    """Return the articles of sources; nothing of them is lost."""
    found: list[Article] = []
    for source in sources:
        extraction = extract(source)
        assert_nothing_lost(source, extraction)
        found += extraction.articles
    return found


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def lines(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), "utf-8")
    return path


def one(record: Mapping[str, object], folder: Path, *, names: Mapping[str, str] | None = None) -> Article:
    """Return the article of one record."""
    (found,) = articles(read(lines(folder / "one.jsonl", record), options=ReadOptions(names=names or {})))
    return found


# ---- fields


def test_the_fields_of_a_record_are_those_of_its_article(tmp_path: Path) -> None:
    article = one(RECORD, tmp_path)
    assert article.title == "某市数据条例"
    assert article.issuer == "某市人民代表大会常务委员会"
    assert article.number == "某常发〔2021〕3号"
    assert (article.date, article.published, article.effective) == ("2021-05-04", "2021-05-06", "2021-07-01")
    assert (article.status, article.record_id) == ("现行有效", "17")
    assert article.keywords == ("数据", "条例")
    assert article.inferred == ()
    assert texts(article) == ["第一条 为了管理数据，制定本条例。", "第二条 本条例自公布之日起施行。"]


def test_every_other_value_can_be_found_with_its_name(tmp_path: Path) -> None:
    front = [line.text for line in one(RECORD, tmp_path).front]
    assert "备注：由秘书处整理" in front
    assert "某市数据条例" in front
    assert not any("浏览" in text for text in front)  # it has no value


@pytest.mark.parametrize("name", ["title", "Title", "TITLE", "标题", "headline", "文件名称"])
def test_names_are_known_in_both_languages_and_any_case(name: str, tmp_path: Path) -> None:
    assert one({name: "关于节水的意见", "content": "各区要节约用水。"}, tmp_path).title == "关于节水的意见"


@pytest.mark.parametrize("name", ["pub_date", "pubDate", "Pub Date", "publish-date", "发布时间", "发布日期："])
def test_white_space_case_and_hyphens_do_not_count_in_names(name: str, tmp_path: Path) -> None:
    assert one({"title": "甲", "text": "乙。", name: "2020-02-03"}, tmp_path).published == "2020-02-03"


def test_names_of_the_users_come_first(tmp_path: Path) -> None:
    record = {"bt": "关于造林的通知", "title": "内部编码 8", "zw": "各乡应当造林。", "content": "略"}
    article = one(record, tmp_path, names={"title": "BT", "text": "zw"})
    assert article.title == "关于造林的通知"
    assert texts(article) == ["各乡应当造林。"]
    assert {"title：内部编码 8", "content：略"} <= {line.text for line in article.front}


def test_fields_may_lie_in_objects(tmp_path: Path) -> None:
    record = {
        "meta": {"标题": "关于修路的批复", "info": {"文号": "某政函〔2019〕8号"}},
        "content": ["同意。", "此复。"],
    }
    article = one(record, tmp_path)
    assert (article.title, article.number, texts(article)) == (
        "关于修路的批复",
        "某政函〔2019〕8号",
        ["同意。", "此复。"],
    )


def test_a_field_outside_wins_over_one_further_inside(tmp_path: Path) -> None:
    record = {"site": {"title": "某某网"}, "title": "关于防汛的通知", "text": "各县做好防汛。"}
    assert one(record, tmp_path).title == "关于防汛的通知"


def test_what_lies_in_a_list_of_objects_is_no_field_of_the_record(tmp_path: Path) -> None:
    record = {"comments": [{"title": "顶", "text": "写得好"}], "title": "通知", "text": "正文。"}
    article = one(record, tmp_path)
    assert (article.title, texts(article)) == ("通知", ["正文。"])
    assert "comments.text：写得好" in [line.text for line in article.front]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020年3月4日", "2020-03-04"),
        ("20200304", "2020-03-04"),
        ("2020-03-04T16:00:00+08:00", "2020-03-04"),
        ("2020/3/4 08:00", "2020-03-04"),
        ("2020", "2020"),
        (1583251200000, "2020-03-04"),  # milliseconds: midnight in China
        (1583251200, "2020-03-04"),
        ("不详", None),
        (0, None),
    ],
)
def test_dates_are_read_in_every_form(value: object, day: str | None, tmp_path: Path) -> None:
    assert one({"title": "甲", "text": "乙。", "施行日期": value}, tmp_path).effective == day


def test_numbers_are_text_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "numbers.jsonl"
    path.write_text(
        '{"title": "价格", "text": "见表。", "a": 1.50, "b": 12345678901234567890, "c": true, "d": NaN}', "utf-8"
    )
    (article,) = articles(read(path))
    assert [line.text for line in article.front] == ["价格", "a：1.50", "b：12345678901234567890", "c：true"]


def test_half_a_surrogate_pair_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "half.jsonl"
    path.write_bytes(rb'{"title": "\ud83d\u7532", "text": "\u4e59\udc00\u3002", "\ud800": "x"}')
    (article,) = articles(read(path))
    assert (article.title, texts(article)) == ("\ufffd甲", ["乙\ufffd。"])


def test_a_name_that_stands_twice_keeps_both_values(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_text('{"title": "甲", "text": "乙。", "note": "丙", "note": "丁"}', "utf-8")
    (article,) = articles(read(path))
    assert [line.text for line in article.front] == ["甲", "note：丙", "丁"]


def test_a_body_in_html_or_markdown_loses_its_marks(tmp_path: Path) -> None:
    page = one({"title": "甲", "html": "<p>第一段，说明来由。</p><p>第二段，<b>说明</b>办法。</p>"}, tmp_path)
    assert texts(page) == ["第一段，说明来由。", "第二段，说明办法。"]
    marked = one({"title": "甲", "text": "**某某社消息**：今天开会。\n\n<!-- 结束 -->"}, tmp_path)
    assert texts(marked) == ["某某社消息：今天开会。"]


# ---- what a record does not state


def test_the_title_said_again_and_the_number_are_taken_off_the_body(tmp_path: Path) -> None:
    record = {
        "title": "某省人民政府关于加强应急管理的通知",
        "pub_date": "2020-06-10",
        "text": "某省人民政府关于加强\n应急管理的通知\n某政发〔2020〕9号\n"
        "各市人民政府：\n请认真执行。\n某省人民政府\n2020年6月1日",
    }
    article = one(record, tmp_path)
    assert (article.number, article.date, article.published) == ("某政发〔2020〕9号", "2020-06-01", "2020-06-10")
    assert article.addressee == "各市人民政府"
    assert (article.issuer, article.inferred) == ("某省人民政府", ("issuer",))
    assert texts(article) == ["各市人民政府：", "请认真执行。", "某省人民政府", "2020年6月1日"]


def test_a_date_that_only_the_day_of_publication_tells_is_named_as_inferred(tmp_path: Path) -> None:
    article = one({"title": "甲", "text": "乙。", "pub_date": "2020-06-10"}, tmp_path)
    assert (article.date, article.inferred) == ("2020-06-10", ("date",))


def test_a_year_is_made_precise_by_the_signature(tmp_path: Path) -> None:
    record = {"title": "甲", "text": "请执行。\n某市水务局\n2020年6月1日", "year": 2020}
    assert one(record, tmp_path).date == "2020-06-01"
    assert one(record | {"year": 2019}, tmp_path).date == "2019"


def test_a_record_without_a_title_is_named_by_its_number(tmp_path: Path) -> None:
    article = one({"文号": "公告〔2022〕5号", "发布机构": "某某署", "content": "为便利通行，现公告如下。"}, tmp_path)
    assert (article.title, article.inferred) == ("某某署 公告〔2022〕5号", ("title",))


def test_a_record_without_a_name_at_all_is_named_by_how_it_opens(tmp_path: Path) -> None:
    article = one({"id": "q1", "text": "本市哪些企业可以申请补贴？条件如下。"}, tmp_path)
    assert (article.title, article.inferred) == ("本市哪些企业可以申请补贴？", ("title",))


ONE_LINE = (
    "（2023年3月1日公布）第一章 总则第一条 为了规范备案，制定本办法。第二条 备案人应当符合下列条件：（一）有固定场所；"
    "（二）符合第一条规定，并满足前款（一）项要求的，予以备案。第二章 附则第三条 本办法由某某署负责解释。"
    "自施行之日起，以往规定与本办法不一致的，以本办法为准，各单位应当遵照执行，不得延误，并及时上报有关情况。"
    "各单位应当加强宣传，做好准备，确保备案工作有序开展，遇到问题的，应当及时向某某署报告，由某某署统一答复。"
    "特此公告。某某署 某某部2023年3月1日公告下载链接：某某署关于备案办法的公告.doc某某署关于备案办法的公告.pdf"
    "浏览次数：12打印本页关闭"
)


def test_text_in_one_long_line_is_parted_at_its_structure(tmp_path: Path) -> None:
    (source,) = read(lines(tmp_path / "a.jsonl", {"文号": "公告〔2023〕5号", "text": ONE_LINE}))
    extraction = extract(source)
    assert_nothing_lost(source, extraction)
    (article,) = extraction.articles
    openings = [text[:5] for text in texts(article)]
    assert openings == [
        "第一章 总",
        "第一条 为",
        "第二条 备",
        "（一）有固",
        "（二）符合",
        "第二章 附",
        "第三条 本",
        "特此公告。",
        "某某署 某",
        "2023年",
    ]
    assert article.date == "2023-03-01"
    assert {removed.reason for removed in extraction.removed} == {"button", "links to downloads"}
    assert article.title == "某某署关于备案办法的公告"


def test_paragraphs_that_have_their_line_breaks_are_left_alone(tmp_path: Path) -> None:
    body = "为了管理，制定本办法。\n符合下列条件的：（一）有场所；（二）有人员。"
    assert texts(one({"title": "甲", "text": body}, tmp_path)) == body.split("\n")


# ---- files of records


def test_each_line_is_an_article_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\ufeff{"title": "甲", "text": "子。"}\r\n\r\n{"title": "乙", "text": "丑。"},\r\n', "utf-8")
    sources = read(path)
    assert [(source.record, source.lines[-1].number) for source in sources] == [(1, 1), (2, 3)]
    assert [article.title for article in articles(sources)] == ["甲", "乙"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "big5"])
def test_a_dump_may_be_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = json.dumps({"title": "市政府工作通知", "text": "各市政府要做好工作，加強管理。"}, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    assert articles(read(path))[0].title == "市政府工作通知"


def test_a_bad_line_is_told_and_kept_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "甲", "text": "子。"}\n{"title": "乙", "te\n{"title": "丙", "text": "寅。"}\n', "utf-8")
    first, second, rest = read(path)
    assert [article.title for article in articles([first, second])] == ["甲", "丙"]
    (failure,) = rest.failures
    assert failure.path == str(path)
    assert "1 lines are no JSON, the first is line 2" in failure.message
    assert failure.hint
    assert texts(articles([rest])[0]) == ['{"title": "乙", "te']


def test_a_file_without_one_line_of_json_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("这是一段文字。\n", "utf-8")
    with pytest.raises(ReadError, match="no line of it is JSON"):
        read(tmp_path / "a.jsonl")


DOCUMENTS = [{"title": f"第{n}号通知", "text": f"内容{n}。"} for n in range(1, 6)]
TITLES = [document["title"] for document in DOCUMENTS]


@pytest.mark.parametrize(
    "wrapped",
    [
        json.dumps(DOCUMENTS),
        json.dumps(DOCUMENTS, ensure_ascii=False, indent=2),
        json.dumps({"code": 200, "data": DOCUMENTS}),
        json.dumps({"code": 200, "data": {"total": 5, "list": DOCUMENTS}}),
        json.dumps(DOCUMENTS[:2]) + json.dumps(DOCUMENTS[2:]),
        json.dumps(DOCUMENTS[:3]) + "\n\n" + json.dumps(DOCUMENTS[3:]),
        "".join(map(json.dumps, DOCUMENTS)),
        ",\n".join(map(json.dumps, DOCUMENTS)),
    ],
)
def test_records_are_found_however_they_are_wrapped(wrapped: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(wrapped, "utf-8")
    assert [article.title for article in articles(read(tmp_path / "a.json"))] == TITLES


def test_what_stands_around_the_records_is_kept_as_rows(tmp_path: Path) -> None:
    *_, around = articles(read(write(tmp_path / "a.json", {"dataset": "某省文件库", "items": DOCUMENTS})))
    assert texts(around) == ["dataset\t某省文件库"]


def test_a_broken_end_of_a_file_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(DOCUMENTS, indent=1)[:-40], "utf-8")
    *read_whole, rest = read(tmp_path / "a.json")
    assert [article.title for article in articles(read_whole)] == TITLES[:4]
    assert "line 18 and what follows is no JSON" in rest.failures[0].message
    assert rest.lines


def test_records_are_read_one_after_the_other(tmp_path: Path) -> None:
    """A dump may hold more than fits in memory as articles."""
    text = ",".join(json.dumps(document) for document in DOCUMENTS * 20)
    coming = parse(f"[{text}, oops".encode(), path=tmp_path / "a.json")
    assert [next(coming).record for _ in range(100)] == list(range(1, 101))


def test_deep_nesting_is_an_error_and_no_crash(tmp_path: Path) -> None:
    deep: object = "底"
    for _ in range(200):
        deep = {"a": deep}
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"title": "甲", "text": "乙。"}}\n{json.dumps(deep)}\n{"[" * 200_000}\n', "utf-8")
    whole, rest = read(path)
    assert articles([whole])[0].title == "甲"
    assert "2 lines are no JSON, the first is line 2" in rest.failures[0].message
    (tmp_path / "b.json").write_text("[" * 200_000 + "]" * 200_000, "utf-8")
    with pytest.raises(ReadError, match="nested"):
        read(tmp_path / "b.json")


ROWS = [{"序号": 1, "名称": "葡萄酒", "税率": "14.0"}, {"序号": 2, "名称": None, "税率": "6.5", "备注": "减让\n后"}]


def test_json_that_holds_no_records_is_a_table(tmp_path: Path) -> None:
    (article,) = articles(read(write(tmp_path / "附件：税率表.json", ROWS)))
    assert article.title == "附件：税率表"
    assert texts(article) == ["序号\t名称\t税率\t备注", "1\t葡萄酒\t14.0", "2\t\t6.5\t减让 后"]
    assert {paragraph.kind for paragraph in article.paragraphs} == {"row"}


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ([["甲", 1], ["乙", 2]], ["甲\t1", "乙\t2"]),
        ({"server": {"name": "某库", "ports": [80, 443]}}, ["server.name\t某库", "server.ports\t80 443"]),
        ("只有一句话", ["只有一句话"]),
        ({"序号": [{"内容": "甲"}, {"内容": "乙"}]}, ["序号.内容\t甲", "序号.内容\t乙"]),
    ],
)
def test_any_other_json_is_rows_of_names_and_values(value: object, rows: list[str], tmp_path: Path) -> None:
    (source,) = read(write(tmp_path / "a.json", value))
    assert [line.text for line in source.lines] == rows
    articles([source])


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv"])
def test_an_empty_file_gives_no_article(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(" \n", "utf-8")
    assert articles(read(tmp_path / name)) == []


# ---- CSV


def table(path: Path, rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


SHEET = [
    ["编号", "标题", "发布日期", "内容"],
    ["1", "关于节能的通知", "2022-01-02", "各单位：\n请节约用电；不得浪费。"],
    ["2", "关于防火的通知", "2022-02-03", "全体职工，请注意防火。"],
]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_row_is_an_article(delimiter: str, encoding: str, tmp_path: Path) -> None:
    sources = read(table(tmp_path / "a.csv", SHEET, delimiter=delimiter, encoding=encoding))
    first, second = articles(sources)
    assert (first.title, first.published, first.record_id) == ("关于节能的通知", "2022-01-02", "1")
    assert texts(first) == ["各单位：", "请节约用电；不得浪费。"]
    assert second.title == "关于防火的通知"
    # a row of two lines is named by the first of them
    assert [source.lines[-1].number for source in sources] == [2, 4]


def test_lines_above_the_names_of_the_fields_are_kept(tmp_path: Path) -> None:
    above, *records = articles(read(table(tmp_path / "a.csv", [["某局政策汇总表"], [], *SHEET])))
    assert texts(above) == ["某局政策汇总表"]
    assert [article.title for article in records] == ["关于节能的通知", "关于防火的通知"]


def test_cells_beside_the_named_columns_are_kept(tmp_path: Path) -> None:
    rows = [SHEET[0], [*SHEET[1], "补充说明"]]
    (article,) = articles(read(table(tmp_path / "a.csv", rows)))
    assert "补充说明" in [line.text for line in article.front]


def test_a_table_of_data_stays_one_article(tmp_path: Path) -> None:
    rows = [["序号", "项目", "内容"], ["1", "道路", "修补"], ["2", "桥梁", "检查"]]
    (article,) = articles(read(table(tmp_path / "工程.csv", rows)))
    assert (article.title, texts(article)) == ("工程", ["序号\t项目\t内容", "1\t道路\t修补", "2\t桥梁\t检查"])


def test_a_cell_may_be_longer_than_the_standard_library_allows(tmp_path: Path) -> None:
    body = "很长的正文。" * 50_000
    (article,) = articles(read(table(tmp_path / "a.csv", [["标题", "正文"], ["甲", body]])))
    assert "".join(texts(article)) == body


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["title", "正文", "date", "备注", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
                max_leaves=6,
            ),
        ),
        max_size=4,
    )
)
def test_any_json_is_read_and_nothing_of_its_lines_is_lost(values: list[dict[str, object]]) -> None:
    """Law 4."""
    whole = json.dumps(values).encode()
    articles(list(parse(whole, path=Path("a.json"))))
    each = "\n".join(map(json.dumps, values)).encode()
    articles(list(parse(each, path=Path("a.jsonl"))))
