"""Files of records: JSON, JSON Lines, CSV and workbooks, however they were written."""

from __future__ import annotations

import csv
import datetime
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from searcher.errors import ReadError
from searcher.readers import parse, read
from tests.making_records import articles, texts, write

# ---- JSON


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


def test_a_line_of_two_values_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "甲", "text": "子。"}\n{"title": "乙"} {"title": "丙"}\n', "utf-8")
    _, rest = read(tmp_path / "a.jsonl")
    assert "line 2: more than one value (column 16)" in rest.failures[0].message
    assert [line.text for line in rest.lines] == ['{"title": "乙"} {"title": "丙"}']


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


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapped", [DOCUMENTS, {"data": DOCUMENTS}])
def test_json_that_is_only_called_json_lines_is_read_as_what_it_is(
    wrapped: object, indent: int | None, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(wrapped, ensure_ascii=False, indent=indent), "utf-8")
    assert [article.title for article in articles(read(tmp_path / "a.jsonl"))] == TITLES


def test_a_first_line_that_is_broken_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "甲", "te\n' + "\n".join(map(json.dumps, DOCUMENTS)), "utf-8")
    *found, rest = read(tmp_path / "a.jsonl")
    assert [article.title for article in articles(found)] == TITLES
    assert "the first is line 1" in rest.failures[0].message


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


def test_an_open_quote_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('标题,正文\n甲,"没有结尾的引号\n乙,下一行\n', "utf-8")
    (source,) = read(tmp_path / "a.csv")
    assert [line.text for line in source.lines] == ["甲", "没有结尾的引号", "乙,下一行"]


def test_a_cell_may_be_longer_than_the_standard_library_allows(tmp_path: Path) -> None:
    body = "很长的正文。" * 50_000
    (article,) = articles(read(table(tmp_path / "a.csv", [["标题", "正文"], ["甲", body]])))
    assert "".join(texts(article)) == body


# ---- workbooks


def workbook(path: Path, **sheets: Sequence[object]) -> Path:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_a_sheet_of_records_and_a_sheet_of_data_in_one_workbook(tmp_path: Path) -> None:
    day = datetime.datetime(2022, 1, 2)  # a workbook knows no zones
    documents = [SHEET[0], [1.0, "关于节能的通知", day, "各单位：\n请节约用电。"], [None, None, None, None], SHEET[2]]
    data = [["项目", "金额", "日期"], ["道路", 12.5, day], ["桥梁", 8.0, None], ["合计", "=SUM(B2:B3)", True]]
    path = workbook(tmp_path / "台账.xlsx", 文件=documents, 经费=data, 空=[])
    sources = read(path)
    first, second, costs = articles(sources)
    assert (first.title, first.published, first.record_id) == ("关于节能的通知", "2022-01-02", "1")
    assert texts(first) == ["各单位：", "请节约用电。"]
    assert [(one.line, one.sheet) for one in (first.paragraphs[0], second.paragraphs[0])] == [(2, "文件"), (4, "文件")]
    # formulas have no value until a program has computed them
    assert texts(costs) == ["项目\t金额\t日期", "道路\t12.5\t2022-01-02", "桥梁\t8", "合计\t\ttrue"]
    assert {paragraph.sheet for paragraph in costs.paragraphs} == {"经费"}
    assert costs.title == "台账"


def test_a_workbook_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ReadError, match="not a whole"):
        read(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ReadError, match="not a whole workbook"):
        read(tmp_path / "b.xlsx")


# ---- anything


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
