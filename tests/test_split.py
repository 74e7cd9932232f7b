from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import fields
from searcher.models import Article, Line, Source
from searcher.paragraphs import unwrap
from searcher.parting import closing_source
from searcher.readers.markdown import read_markdown
from searcher.split import extract
from tests.reading import article, assert_nothing_lost, source

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布。"


def texts(one: Article) -> list[str]:
    return [paragraph.text for paragraph in one.paragraphs]


# --- dates, numbers, labelled fields ---


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2018年5月21日", "2018-05-21"),
        ("２０１８年５月２１日", "2018-05-21"),
        ("二〇一八年五月二十一日", "2018-05-21"),
        ("二○○八年十二月三日", "2008-12-03"),
        ("一九九七年十月", "1997-10"),
        ("2018-05-21 08:30", "2018-05-21"),
        ("2018/5/1", "2018-05-01"),
        ("2018年2月30日", None),
        ("2018年13月1日", None),
        ("18年5月", None),
        ("电话12018-05-21345", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert fields.first_date(text) == date


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("某政发〔2018〕3号", "某政发〔2018〕3号"),
        ("（某办函[2018] 12 号）", "某办函[2018] 12 号"),
        ("某市人民政府令第43号", "某市人民政府令第43号"),
        ("某部公告2019年第5号", "某部公告2019年第5号"),
        ("根据某政发〔2018〕3号", None),
        ("第3号", None),
    ],
)
def test_a_number_is_a_line_of_its_own(text: str, number: str | None) -> None:
    found = fields.whole_number(text)
    assert found == number if number else found is None or found.startswith("根据")


def test_bylines() -> None:
    assert fields.byline("2020-01-02 08:00来源:晚报作者:李四关键词:公园 绿化") == {
        "published": "2020-01-02", "source": "晚报", "author": "李四", "keywords": "公园 绿化",
    }  # fmt: skip
    assert fields.byline("来源：某某网2020年1月2日 08:00") == {"source": "某某网", "published": "2020-01-02"}
    assert fields.byline("2020年1月2日，全市公园开放工作会议召开。") is None
    assert fields.byline(BODY) is None


def test_rows_of_fields() -> None:
    assert fields.row_fields("索 引 号：\tX1/2\t发文机关：\t某市人民政府") == {
        "index_no": "X1/2",
        "issuer": "某市人民政府",
    }
    assert fields.row_fields("公园\t面积") is None


def test_keywords_part_where_the_links_show() -> None:
    assert fields.keywords("城市公园园林绿化", names=["园林绿化", "城市公园"]) == ("城市公园", "园林绿化")
    assert fields.keywords("公园、绿化；城市") == ("公园", "绿化", "城市")
    assert fields.keywords("") == ()


def test_closing_lines() -> None:
    assert closing_source("源自城市晚报。") == "城市晚报"
    assert closing_source("（据新华社电）") == "新华社"
    assert closing_source("来源：城市发布") == "城市发布"
    assert closing_source("据统计，全市有公园三百个。") is None
    assert closing_source("据此办理。") is None


# --- official documents ---

NOTICE = f"""某市人民政府文件

某政发〔2019〕4号

某市人民政府
关于城市公园免费开放的通知

各区人民政府，市政府各部门：

　　{BODY}

　　附件：公园名录

                    某市人民政府
                    2019年4月8日
"""


def test_an_official_document() -> None:
    one = article(NOTICE)
    assert one.title == "某市人民政府关于城市公园免费开放的通知"
    assert (one.issuer, one.number, one.date) == ("某市人民政府", "某政发〔2019〕4号", "2019-04-08")
    assert one.addressee == "各区人民政府，市政府各部门"
    assert one.inferred == ()
    assert texts(one)[1] == BODY
    assert [paragraph.line for paragraph in one.paragraphs][:2] == [8, 10]


def test_an_impossible_signature_date_is_no_date() -> None:
    assert article(NOTICE.replace("4月8日", "4月31日")).date is None


def test_a_law_has_the_date_of_its_last_version_and_the_title_of_its_heading() -> None:
    text = (
        "# 某市公园条例\n\n2001年3月1日 某市第十届人民代表大会常务委员会第三次会议通过\n\n"
        "2015年6月2日 某市第十四届人民代表大会常务委员会第九次会议修正\n\n2016年1月1日 施行\n\n<!-- INFO END -->\n\n"
        f"## 第一章 总则\n\n第一条 {BODY}\n\n第二条 本条例所称公园，包括综合公园和社区公园。\n"
    )
    read = read_markdown(text.encode(), name="公园条例.md")
    extraction = extract(read)
    assert_nothing_lost(read, extraction)
    (law,) = extraction.articles
    assert (law.title, law.date, law.inferred) == ("某市公园条例", "2015-06-02", ())
    assert law.issuer == "某市人民代表大会常务委员会"
    assert [paragraph.text for paragraph in law.paragraphs if paragraph.kind == "heading"] == ["第一章 总则"]
    later = extract(read_markdown(text.encode(), name="公园条例(2019-07-01).md")).articles[0]
    assert (later.date, later.inferred) == ("2019-07-01", ("date",))


def test_a_law_as_plain_text_with_its_contents() -> None:
    one = article(
        "某市公园条例\n\n（2001年3月1日通过　根据2015年6月2日的决定修正　自2016年1月1日起施行）"
        "\n\n目　录\n第一章　总则\n第二章　附则\n\n"
        f"第一章　总则\n第一条　{BODY}\n第二章　附则\n第二条　本条例自公布之日起施行。"
    )
    assert (one.title, one.date) == ("某市公园条例", "2015-06-02")
    assert [p.text for p in one.paragraphs if p.kind == "heading"] == ["第一章　总则", "第二章　附则"]


def test_a_law_in_traditional_characters() -> None:
    one = article(
        "某市公園條例\n\n（2001年3月1日某市第十屆人民代表大會常務委員會第三次會議通過）\n\n目　錄\n"
        "第一章　總則\n第二章　附則\n\n"
        "第一章　總則\n第一條　公園應當免費開放。\n第二章　附則\n第二條　本條例自公布之日起施行。"
    )
    assert (one.title, one.date, one.issuer) == ("某市公園條例", "2001-03-01", "某市人民代表大會常務委員會")
    assert len(one.paragraphs) == 5


# --- titles ---


def test_a_title_is_joined_over_its_lines_without_a_space() -> None:
    assert article(f"全市城市公园\n全部免费开放\n{BODY}").title == "全市城市公园全部免费开放"
    assert article(f"Open data for\nall parks\n{BODY}").title == "Open data for all parks"


def test_a_subtitle_belongs_to_the_title_but_who_and_when_do_not() -> None:
    one = article(f"公园为什么要开放\n——对话园林专家\n《城市晚报》记者 李小四　2020年5月3日\n\n{BODY}")
    assert one.title == "公园为什么要开放——对话园林专家"
    assert (one.source, one.author, one.date) == ("《城市晚报》", "李小四", "2020-05-03")


def test_a_title_said_twice_is_no_paragraph() -> None:
    one = article(f"关于公园（试行）的通知\n关于公园(试行)的通知\n{BODY}")
    assert (one.title, texts(one)) == ("关于公园（试行）的通知", [BODY])


def test_without_a_title_the_name_of_the_file_serves_and_is_marked() -> None:
    one = article(f"{BODY}\n{BODY}", path="docs/公园通知_20190408.txt")
    assert (one.title, one.inferred[0]) == ("公园通知", "title")


# --- bulletins ---


def test_a_bulletin_is_parted_at_its_source_lines_and_its_days_get_their_year() -> None:
    text = (
        f"公园开放\n工作启动\n5月6日,全市公园开放。{BODY}\n源自城市晚报。\n湖面清理：\n工人日夜奋战\n5月8日,2019年湖面清理结束。{BODY}\n"
        f"源自城市日报。\n树木普查\n{BODY}\n源自城市晚报。"
    )
    extraction = extract(source(text))
    assert_nothing_lost(source(text), extraction)
    assert [(a.title, a.date, a.source) for a in extraction.articles] == [
        ("公园开放工作启动", "2019-05-06", "城市晚报"),
        ("湖面清理：工人日夜奋战", "2019-05-08", "城市日报"),
        ("树木普查", "2019", "城市晚报"),
    ]
    assert all(a.inferred == ("date",) for a in extraction.articles)


def test_a_markdown_bulletin_is_parted_at_its_items() -> None:
    text = (
        f"# 《晚间要闻》（20200506）\n\n## 摘要\n\n1.公园开放；\n\n[查看原文](http://a.example/0)\n\n## 详细\n\n"
        f"### 公园开放\n\n**晚报消息**：{BODY}\n\n[查看原文](http://a.example/1)\n\n### 湖面清理\n\n{BODY}\n\n[查看原文](http://a.example/2)\n"
    )
    read = read_markdown(text.encode(), name="20200506.md")
    extraction = extract(read)
    assert_nothing_lost(read, extraction)
    assert [(a.title, a.date, a.url) for a in extraction.articles] == [
        ("《晚间要闻》（20200506）", "2020-05-06", "http://a.example/0"),
        ("公园开放", "2020-05-06", "http://a.example/1"),
        ("湖面清理", "2020-05-06", "http://a.example/2"),
    ]
    assert texts(extraction.articles[1]) == [f"晚报消息：{BODY}"]


def test_one_article_with_a_source_line_is_one_article() -> None:
    one = article(f"公园开放\n{BODY}\n{BODY}\n（来源：城市晚报）")
    assert (one.source, len(one.paragraphs)) == ("城市晚报", 2)


# --- paragraphs ---


def test_interheads_are_headings_and_list_items_are_not() -> None:
    one = article(f"公园开放\n{BODY}\n分步推进早见成效\n{BODY}\n一、总体要求\n{BODY}")
    assert [p.text for p in one.paragraphs if p.kind == "heading"] == ["分步推进早见成效"]


def test_hard_wrapped_lines_are_joined() -> None:
    long = BODY * 12
    wrapped = [Line(long[i : i + 25], number) for number, i in enumerate(range(0, len(long), 25), start=1)]
    assert [line.text for line in unwrap(wrapped)] == [long]
    unwrapped = [Line(BODY, number) for number in range(1, 20)]
    assert unwrap(unwrapped) == unwrapped


# --- laws of every text ---

CHARACTERS = "第一二条章目录\n　 :：。，（）〔〕2018年月日号来源据自#*[]()|-<!>·查看更多甲\t"


@settings(deadline=None)
@given(st.text(alphabet=CHARACTERS, max_size=120) | st.text(max_size=60), st.sampled_from(["text", "markdown", "html"]))
def test_nothing_is_lost_from_any_text(text: str, form: str) -> None:
    read = source(text, form=form)
    assert_nothing_lost(read, extract(read))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "公园开放",
                "目录",
                "第一章 总则",
                BODY,
                "源自城市晚报。",
                "2019年4月8日",
                "某市人民政府",
                "来源：晚报",
                "5月6日,开放。",
            ]
        ),
        max_size=25,
    )
)
def test_nothing_is_lost_from_shuffled_documents(lines: list[str]) -> None:
    read = source("\n".join(lines))
    assert_nothing_lost(read, extract(read))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.builds(
            Line, st.text(max_size=12), st.none(), st.sampled_from(["text", "heading", "row", "meta", "boilerplate"])
        ),
        max_size=9,
    )
)
def test_nothing_is_lost_from_any_lines(lines: list[Line]) -> None:
    read = Source(path="a.html", format="html", encoding="utf-8", lines=tuple(lines))
    assert_nothing_lost(read, extract(read))


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(
    "text",
    [
        BODY * 10_000,
        "[" * 100_000,
        "-" * 200_000,
        "." * 200_000 + "x",
        "<p " * 60_000,
        "2018年" * 60_000,
        "查看更多" * 40_000 + "x",
        "来源：" * 60_000,
        "\n".join(["公园开放"] * 40_000),
        "目录\n" + "\n".join(f"第{n}章" for n in range(20_000)),
        "\n".join(["2019年4月8日"] * 20_000),
        "\n".join(["源自城市晚报。"] * 20_000),
    ],
    ids=lambda text: text[:6].replace("\n", " "),
)
def test_nothing_is_lost_from_long_lines_and_many_lines(text: str, form: str) -> None:
    read = source(text, form=form)
    assert_nothing_lost(read, extract(read))


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("20180521", "2018-05-21"),
        ("2018-05-21T10:00:00+08:00", "2018-05-21"),
        ("2018年5月", "2018-05"),
        ("2018", "2018"),
        ("昨天 10:00", None),
        ("yesterday", None),
    ],
)
@pytest.mark.parametrize("name", ["date", "published"])
def test_a_date_of_the_metadata_is_iso_or_left_out(name: str, stated: str, date: str | None) -> None:
    """Dates once came out as the page or the front matter had them, which no filter finds and no order knows."""
    read = replace(source("关于公园的通知\n\n公园应当开放。"), metadata={name: stated})
    (one,) = extract(read).articles
    assert (one.date, one.published) == (date, date if name == "published" else None)


def test_any_number_of_marks_of_annexes_is_read() -> None:
    """Each was once a call of its own, and two thousand of them ended the run."""
    read = source("附件\n" * 3000 + "正文一段。")
    assert_nothing_lost(read, extract(read))
