from __future__ import annotations

import pytest

from searcher.clean import clean, furniture
from searcher.models import Line, Source
from tests.reading import source

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布。"


def kept(text: str, *, form: str = "text") -> list[str]:
    return [line.text for line in clean(source(text, form=form)).kept]


def removed(text: str, *, form: str = "text") -> list[tuple[str, str]]:
    return [(one.text, one.reason) for one in clean(source(text, form=form)).removed]


def test_a_breadcrumb_takes_the_navigation_above_it_along() -> None:
    text = f"晚报网\n• 副刊\n您的位置：首页 > 要闻 > 正文\n公园开放\n{BODY}"
    assert kept(text) == ["公园开放", BODY]
    assert [reason for _, reason in removed(text)] == ["above the breadcrumb", "above the breadcrumb", "breadcrumb"]


def test_prose_above_a_breadcrumb_stays() -> None:
    text = f"{BODY * 2}\n当前位置：首页\n公园开放"
    assert kept(text) == [BODY * 2, "公园开放"]


@pytest.mark.parametrize("line", ["我要投稿", "打印本页", "【关闭窗口】", "  分享到： ", "返回顶部"])
def test_buttons_go_wherever_they_stand(line: str) -> None:
    assert kept(f"{BODY}\n{line}\n{BODY}") == [BODY, BODY]


def test_a_word_as_short_as_a_cell_is_a_button_at_the_edges_only() -> None:
    many = "\n".join([BODY] * 40)
    assert "保存" in kept(f"{many}\n保存\n{many}")
    assert "保存" not in kept(f"{many}\n保存")


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：张某",
        "特别声明：本站转载不代表赞成。",
        "版权所有 某某网站",
        "投稿与新闻线索：电话 010-0000000",
        "某ICP备00000000号",
    ],
)
def test_the_notices_of_a_site_go_at_the_edges_only(line: str) -> None:
    assert kept(f"{BODY}\n{line}") == [BODY]
    many = "\n".join([BODY] * 40)
    assert line in kept(f"{many}\n{line}\n{many}")


def test_prose_that_begins_like_a_notice_stays() -> None:
    line = (
        "责任编辑制度是出版单位的基本制度，出版单位应当按照规定配备责任编辑，"
        "并且对每一种出版物实行三审三校，保证质量，不得以其他人员代行职责。"
    )
    assert kept(f"{BODY}\n{line}") == [BODY, line]


def test_buttons_behind_a_byline_are_cut_off() -> None:
    text = f"公园开放\n2020-01-02 来源:晚报 作者:李四收藏点赞\n{BODY}"
    assert kept(text)[1] == "2020-01-02 来源:晚报 作者:李四"
    assert removed(text) == [("收藏点赞", "button")]


def test_links_to_more_are_removed_and_remembered() -> None:
    cleaned = clean(source(f"{BODY}\n城市公园查看更多>园林绿化查看更多>"))
    assert [line.text for line in cleaned.kept] == [BODY]
    assert cleaned.related == ("城市公园", "园林绿化")
    assert furniture("请到网站查看更多内容", edge=True) is None


def test_a_table_of_contents_goes_when_its_headings_come_again() -> None:
    text = f"目　录\n第一章　总则 …… 1\n第二章　附则\n第一章　总则\n{BODY}\n第二章　附则\n{BODY}"
    assert kept(text) == ["第一章　总则", BODY, "第二章　附则", BODY]
    assert {reason for _, reason in removed(text)} == {"table of contents"}


def test_a_table_of_contents_without_its_headings_stays() -> None:
    text = f"目录\n第一章　总则\n第二章　附则\n{BODY}"
    assert kept(text) == text.split("\n")


def test_markdown_loses_its_marks_and_nothing_else() -> None:
    text = "**第一条** 见[办法](http://example.org/1)。\n| 名称 | 面积 |\n|---|---|\n::: tip\n正文&emsp;二"
    cleaned = clean(source(text, form="markdown"))
    assert [(line.text, line.kind) for line in cleaned.kept] == [
        ("第一条 见办法。", "text"), ("名称\t面积", "row"), ("正文 二", "text"),
    ]  # fmt: skip
    assert {one.reason for one in cleaned.removed} == {"markup"}


def test_boilerplate_and_invisible_lines_go() -> None:
    lines = (Line("导航", 1, "boilerplate"), Line("\u200b\ufeff", 2), Line(BODY, 3))
    cleaned = clean(Source(path="a.html", format="html", encoding="utf-8", lines=lines))
    assert [line.text for line in cleaned.kept] == [BODY]
    assert [one.reason for one in cleaned.removed] == ["outside the main content", "no visible character"]


def test_a_container_with_a_table_of_contents_goes_as_a_whole() -> None:
    text = (
        f"::: details 目录\n::: tabs\n@tab 条例\n- 第1~2条：\n[1](#t1)&emsp;[2](#t2)\n:::\n{BODY}\n::: tip\n{BODY}\n:::"
    )
    assert kept(text, form="markdown") == [BODY, BODY]


def test_a_container_that_holds_text_stays() -> None:
    text = f"::: details 目录\n{BODY}\n:::"
    assert kept(text, form="markdown") == [BODY]


def test_components_of_a_site_generator_go_and_comparisons_stay() -> None:
    assert kept('本文见附件<Badge text="新" type="tip" />。A<B 且 C>D', form="markdown") == ["本文见附件。A<B 且 C>D"]


@pytest.mark.parametrize("form", ["docx", "text"])
def test_markdown_that_a_program_left_in_other_formats_loses_its_marks(form: str) -> None:
    cleaned = clean(source(f"# 公园开放\n**发布日期**: 2020-05-06\n{BODY}", form=form))
    assert [line.text for line in cleaned.kept] == ["# 公园开放", "发布日期: 2020-05-06", BODY]
    assert cleaned.marked


def test_stars_in_a_plain_text_stay() -> None:
    assert kept(f"密码输入框显示为****，{BODY}\n{BODY}") == [f"密码输入框显示为****，{BODY}", BODY]


PAGE = ("公园开放", *[BODY] * 4)


@pytest.mark.parametrize("mark", ["相关推荐", "评论（191）", "热门评论", "延伸 · 推荐", "猜你喜欢", "为你推荐"])
def test_what_a_page_offers_below_its_article_goes(mark: str) -> None:
    lines = tuple(Line(text, number) for number, text in enumerate((*PAGE, mark, "别的消息", "再一条消息"), start=1))
    cleaned = clean(Source(path="a.html", format="html", encoding="utf-8", lines=lines))
    assert [line.text for line in cleaned.kept] == list(PAGE)
    assert {one.reason for one in cleaned.removed} == {"below the article"}


def test_a_heading_with_much_text_below_it_is_no_offer() -> None:
    lines = tuple(Line(text, number) for number, text in enumerate((BODY, "相关推荐", BODY, BODY), start=1))
    assert len(clean(Source(path="a.html", format="html", encoding="utf-8", lines=lines)).kept) == 4


@pytest.mark.parametrize(
    "line",
    ["城市网报料：000-0000，未经授权不得转载", "本文仅代表作者观点，不代表本网立场。", "以上内容未经许可，禁止转载。"],
)
def test_reprint_notices_go_at_the_edges_only(line: str) -> None:
    assert kept(f"{BODY}\n{line}") == [BODY]
    many = "\n".join([BODY] * 40)
    assert line in kept(f"{many}\n{line}\n{many}")


def test_what_an_archive_prints_on_each_page_goes_wherever_it_stands() -> None:
    notice = "？94-2020 Journal Publishing House. All rights reserved. http://a.example"
    pages = "\n".join([BODY, BODY, notice] * 30)
    assert kept(pages) == [BODY] * 60
    many = "\n".join([BODY] * 40)
    assert notice in kept(f"{many}\n{notice}\n{many}")


def test_teasers_of_other_articles_go_at_the_edges() -> None:
    assert kept(f"{BODY}\n湖面清理结束，工人日夜奋战。【详细】") == [BODY]


def test_the_licence_below_a_text_goes_and_a_sentence_about_works_stays() -> None:
    text = f"{BODY}\n本作品是某市的法规。\n根据著作权法，它属于\n公有领域\n。\nPublic domain"
    assert kept(text) == [BODY]
    assert kept(f"{BODY}\n本作品展出至五月。\n{BODY}") == [BODY, "本作品展出至五月。", BODY]
