"""What a document states of its issuers, its number, its days, its force and its attachments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.authorities import authorities, split_names
from searcher.models import Article, Line
from searcher.readers.markdown import read_markdown
from searcher.signature import signature
from searcher.split import extract
from searcher.statements import attachments, status
from tests.reading import article, assert_nothing_lost, source

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布。"


def lines(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def markdown(text: str, *, name: str = "a.md") -> Article:
    read = read_markdown(text.encode(), name=name)
    extraction = extract(read)
    assert_nothing_lost(read, extraction)
    (only,) = extraction.articles
    return only


# --- issuers ---


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("某市园林局", ("某市园林局",)),
        ("某市园林局、某市财政局", ("某市园林局", "某市财政局")),
        ("某市园林局 某市财政局", ("某市园林局", "某市财政局")),
        ("园　林　局", ("园林局",)),
        ("财 政 部  园 林 局", ("财政部", "园林局")),
        ("某市园林局（某市绿化委员会办公室）", ("某市园林局（某市绿化委员会办公室）",)),
        ("公园开放", ()),
        ("某市园林局、公园开放", ()),
        ("", ()),
    ],
)
def test_names_of_authorities(text: str, names: tuple[str, ...]) -> None:
    assert authorities(text) == names


@given(st.text(alphabet="甲乙部局 　、，（）\t", max_size=40))
def test_no_character_is_lost_where_names_are_parted(text: str) -> None:
    names = authorities(text)
    assert not names or "".join(names) == "".join(text.split()).replace("、", "").replace("，", "")
    assert split_names(text) == names or split_names(text) in ((text.strip(),), ())


JOINT = f"""关于公园开放的通知
各有关单位：
{BODY}
某市园林局
某市财政局
某市发展和改革委员会
2019年4月8日
附件1
某市公园名录
某市测绘院
2019年3月1日"""


def test_a_joint_document_has_each_of_its_issuers() -> None:
    one = article(JOINT)
    assert one.issuers == ("某市园林局", "某市财政局", "某市发展和改革委员会")
    assert (one.issuer, one.date) == ("某市园林局、某市财政局、某市发展和改革委员会", "2019-04-08")


def test_names_side_by_side_in_the_title_are_parted() -> None:
    one = article(f"某市园林局 某市财政局关于公园开放的通知\n{BODY}\n{BODY}")
    assert one.issuers == ("某市园林局", "某市财政局")


def test_the_issuers_of_a_table_are_as_written_and_each() -> None:
    table = [Line("发文机关：\t某市园林局 某市财政局\t成文日期：\t2019年4月8日", 1, "meta")]
    read = replace(source(f"关于公园开放的通知\n{BODY}"), format="html")
    (one,) = extract(replace(read, lines=(*table, *read.lines))).articles
    assert (one.issuer, one.issuers) == ("某市园林局 某市财政局", ("某市园林局", "某市财政局"))
    assert "issuer" not in one.inferred


def test_who_publishes_counts_where_nobody_signs_and_is_marked() -> None:
    head = "关于公园的问答\n发布机构：某市园林局\n发布日期：2019-04-09\n"
    one = article(f"{head}{BODY}\n{BODY}")
    assert (one.issuer, one.inferred) == ("某市园林局", ("issuer",))
    signed = article(f"{head}{BODY}\n某市人民政府\n2019年4月8日")
    assert (signed.issuer, signed.inferred) == ("某市人民政府", ())


@pytest.mark.parametrize(
    ("enacted", "issuers"),
    [
        ("2001年3月1日 某市第十届人民代表大会常务委员会第三次会议通过", ("某市人民代表大会常务委员会",)),
        ("1986年1月2日 国务院批准\n\n1986年1月9日 公安部、外交部发布", ("公安部", "外交部")),
        ("1987年1月2日 国务院批准", ("国务院",)),
        ("2001年9月1日 某高级检察院第九届检察委员会第九次会议通过", ("某高级检察院",)),
        ("2004年9月1日 国务院、中央军事委员会令第418号公布", ("国务院", "中央军事委员会")),
        ("(2001年3月1日某市第十届人民代表大会\n常务委员会第三次会议通过)", ("某市人民代表大会常务委员会",)),
    ],
)
def test_who_enacted_a_law(enacted: str, issuers: tuple[str, ...]) -> None:
    assert markdown(f"# 公园条例\n\n{enacted}\n\n第一条 {BODY}\n\n第二条 {BODY}").issuers == issuers


def test_the_author_of_front_matter_may_be_an_authority() -> None:
    one = markdown(f"---\ntitle: 公园标准\nauthor: 某市园林局等\n---\n\n{BODY}\n")
    assert (one.issuer, one.author) == ("某市园林局", "某市园林局等")
    assert markdown(f"---\ntitle: 公园标准\nauthor: 李小四\n---\n\n{BODY}\n").issuer is None


def test_the_first_signature_counts() -> None:
    assert signature(lines(JOINT)) == (("某市园林局", "某市财政局", "某市发展和改革委员会"), "2019-04-08")


# --- since when a document holds ---


@pytest.mark.parametrize(
    ("last", "effective", "inferred"),
    [
        ("第二条 本条例自2016年1月1日起施行。", "2016-01-01", ()),
        ("第二条 本办法自二〇一六年一月一日起实施，有效期五年。", "2016-01-01", ()),
        ("第二条 本条例自公布之日起施行。", "2015-06-02", ("effective",)),
        ("第二条 公园自1999年1月1日起开放。", None, ()),
        ("第二条 公园自公布之日起开放。", None, ()),
    ],
)
def test_since_when_a_law_holds(last: str, effective: str | None, inferred: tuple[str, ...]) -> None:
    one = markdown(f"# 公园条例\n\n2015年6月2日 某市人民代表大会常务委员会通过\n\n第一条 {BODY}\n\n{last}\n")
    assert (one.effective, one.inferred) == (effective, inferred)


def test_the_head_of_a_version_goes_before_its_last_article() -> None:
    text = (
        "# 公园条例\n\n2020年6月2日 某市人民代表大会常务委员会修订\n\n2021年1月1日 施行\n\n"
        f"第一条 {BODY}\n\n第二条 本条例自2016年1月1日起施行。\n"
    )
    assert markdown(text).effective == "2021-01-01"


def test_now_means_the_day_of_the_first_enactment() -> None:
    text = (
        "# 公园条例\n\n2001年3月1日 某市人民代表大会常务委员会通过\n\n2015年6月2日 某市人民代表大会常务委员会修正\n\n"
        f"第一条 {BODY}\n\n第二条 本条例自公布之日起施行。\n"
    )
    assert (markdown(text).date, markdown(text).effective) == ("2015-06-02", "2001-03-01")


def test_front_matter_and_labels_state_force_and_day() -> None:
    front = "---\ntitle: 公园条例\nstatus: 现行有效\npublish_date: 1999-01-01\nimplement_date: 2000-01-01\n---\n"
    one = markdown(f"{front}\n2015年6月2日 某市人民代表大会常务委员会修正\n\n第一条 {BODY}\n")
    assert (one.status, one.effective, one.date) == ("现行有效", "2000-01-01", "2015-06-02")
    labelled = article(f"关于公园的通知\n时效性：已废止\n施行日期：2018年5月1日\n{BODY}\n{BODY}")
    assert (labelled.status, labelled.effective) == ("已废止", "2018-05-01")


@pytest.mark.parametrize(
    ("stated", "title", "force"),
    [
        ("有效", "", "有效"),
        ("已修改", "", "已修改"),
        ("尚未生效", "", "尚未生效"),
        ("published", "", None),
        ("", "公园办法（已废止）", "已废止"),
        ("", "关于修改公园办法的决定", None),
    ],
)
def test_force(stated: str, title: str, force: str | None) -> None:
    assert status(stated, title) == force


# --- attachments ---


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("附件：公园名录", ("公园名录",)),
        ("　　附件：1.公园名录\n　　　　　2．开放时间表.docx\n某市园林局", ("公园名录", "开放时间表")),
        ("附件：1. 公园名录 2. 开放时间表", ("公园名录", "开放时间表")),
        ("附件1：公园名录\n附件2：开放时间表.pdf", ("公园名录", "开放时间表")),
        ("附件：\n1.公园名录\n一、总体要求", ("公园名录",)),
        ("附件1\n公园名录", ()),
        ("附件材料应当真实。", ()),
    ],
)
def test_attachments(text: str, names: tuple[str, ...]) -> None:
    assert attachments(lines(f"{BODY}\n{text}")) == names


# --- heads that programs write ---


def test_a_head_that_a_program_wrote_is_metadata() -> None:
    one = markdown(
        "公园开放的通知\n\n# 《公园开放》的通知\n\n**发布日期**: 2019-04-09\n**发布机构**: 某市信息中心\n**分类**: \n"
        f"**来源**: https://a.example/1\n检索时间: 2020-01-01 08:00:00\n\n## 政策全文\n\n某市园林局关于公园开放的通知\n"
        f"某园发〔2019〕4号\n各区人民政府：\n{BODY}\n某市园林局\n2019年4月8日\n"
    )
    assert one.title == "《公园开放》的通知"
    assert (one.number, one.date, one.published) == ("某园发〔2019〕4号", "2019-04-08", "2019-04-09")
    assert (one.issuer, one.url, one.source) == ("某市园林局", "https://a.example/1", None)
    assert one.paragraphs[0].text == "各区人民政府："


def test_the_labels_of_an_invitation_stay_in_its_text() -> None:
    one = article(f"关于召开座谈会的通知\n时间：下周一上午\n地点：市政府会议室\n{BODY}\n{BODY}")
    assert [paragraph.text for paragraph in one.paragraphs][:2] == ["时间：下周一上午", "地点：市政府会议室"]


def test_the_archive_line_of_a_newspaper_says_where_and_when() -> None:
    one = article(f"分类号:B66\n城市晚报 / 2 0 0 1年 / 0 2月 / 2 0日 / 第 A0 1版 /\n某市公园规划\n{BODY}\n{BODY}")
    assert (one.title, one.source, one.published) == ("某市公园规划", "城市晚报", "2001-02-20")


def test_a_title_over_distant_lines_ends_with_its_kind() -> None:
    one = article(f"某市园林局关于印发公园\n\n\n开放办法的通知\n\n\n各区人民政府：\n{BODY}\n{BODY}")
    assert one.title == "某市园林局关于印发公园开放办法的通知"


@pytest.mark.parametrize(
    ("first", "title"),
    [("《公园条例》", "公园条例"), ("附件2\n公园名录", "公园名录"), ("《甲》与《乙》", "《甲》与《乙》")],
)
def test_brackets_around_a_title_and_marks_of_annexes_are_none_of_it(first: str, title: str) -> None:
    assert article(f"{first}\n{BODY}\n{BODY}").title == title


def test_an_order_has_the_title_of_what_it_makes_public() -> None:
    one = article(
        "某省人民政府令\n第12号\n《某省公园条例》已经常务会议通过，现予公布，"
        "自2018年1月1日起施行。省　长　　李小四　　2017年12月5日\n"
        f"第一条 {BODY}\n第二条 {BODY}"
    )
    assert (one.title, one.number, one.issuer) == ("某省公园条例", "某省人民政府令第12号", "某省人民政府")
    assert (one.date, one.effective, one.inferred) == ("2017-12-05", "2018-01-01", ("title",))


def test_a_long_address_behind_a_label_is_the_address() -> None:
    address = "https://a.example/search#:~:text=" + "%E5%85%AC" * 80
    assert article(f"关于公园的通知\n来源：{address}\n{BODY}\n{BODY}").url == address
