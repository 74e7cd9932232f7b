"""A record is an article: with the fields as given, and what it does not state read from its text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from searcher.models import Article, ReadOptions
from searcher.readers import read
from searcher.split import extract
from tests.making_records import articles, lines, texts
from tests.reading import assert_nothing_lost
from tests.shared import shared

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


@pytest.mark.parametrize("nothing", [None, "", "None", "null", "nan"])
def test_a_value_that_is_not_there_is_no_title(nothing: str | None, tmp_path: Path) -> None:
    assert one({"title": nothing, "名称": "关于养老的办法", "text": "略。"}, tmp_path).title == "关于养老的办法"


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


# ---- real dumps

OURS = {
    "title": "title", "issuer": "issuer", "doc_no": "number", "number": "number", "date": "date", "issue_date": "date",
    "pub_date": "published", "published": "published", "effective_date": "effective", "status": "status", "url": "url",
    "id": "record_id", "index_no": "index_no",
}  # fmt: skip


@pytest.mark.parametrize(
    "dump",
    [
        "gov-cn-2020/docs.jsonl", "customs/docs.jsonl", "customs/interpretations.jsonl", "gov-cn-html/gold.jsonl",
        "cctv/pages_gold.jsonl", "work-reports/government_work_reports.jsonl", "policy-smart/docs.jsonl",
    ],
)  # fmt: skip
def test_the_fields_of_real_dumps_come_out_as_they_are(dump: str) -> None:
    path = shared() / "corpora" / "docs" / dump
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = articles(read(path))
    assert len(found) == len(rows)
    for article, row in zip(found, rows, strict=True):
        stated = {name: value for name, value in row.items() if name in OURS and value not in (None, "", "None")}
        if "doc_no" in stated:  # some were cut out with the bracket before them
            stated["doc_no"] = stated["doc_no"].lstrip("（")
        assert {name: getattr(article, OURS[name]) for name in stated} == {n: v.strip() for n, v in stated.items()}


def test_dumps_of_tables_are_one_article_each_with_every_row() -> None:
    for path in sorted((shared() / "corpora" / "docs" / "customs" / "annex-tables").glob("*.json")):
        rows = [row for row in json.loads(path.read_text("utf-8")) if any(value is not None for value in row.values())]
        (article,) = articles(read(path))
        assert len(article.paragraphs) == (len(rows) + 1 if len(rows) > 1 else len(article.paragraphs))
        assert article.title == path.stem
