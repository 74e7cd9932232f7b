"""Is every text of a Word document read, once, in order, and as what it is?"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.docx import read_docx
from searcher.readers.docx_numbering import chinese, spelled
from tests.making_office import MAIN, mht, numbering, p, packed, table, w, word
from tests.shared import shared


def read(data: bytes, options: ReadOptions | None = None) -> Source:
    return read_docx(data, name="a.docx", options=options or ReadOptions())


def texts(data: bytes) -> list[str]:
    return [line.text for line in read(data).lines]


def kinds(data: bytes) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in read(data).lines]


def test_paragraphs_and_tables_come_in_their_order() -> None:
    body = p("甲段。") + table([p("年份"), p("数量")], [p("2020"), p("12")]) + p("乙段。")
    assert kinds(word(body)) == [("text", "甲段。"), ("row", "年份\t数量"), ("row", "2020\t12"), ("text", "乙段。")]


def test_headings_are_known_by_their_styles_and_what_these_are_based_on() -> None:
    styles = w(
        "styles",
        '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="某章"/><w:basedOn w:val="a1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a4"><w:name w:val="Normal"/><w:basedOn w:val="a4"/></w:style>',
    )
    body = p("总标题", style="a3") + p("第一章", style="a2") + p("正文。", style="a4") + p("无此样式", style="a9")
    assert kinds(word(body, parts={"styles.xml": styles})) == [
        ("heading", "总标题"), ("heading", "第一章"), ("text", "正文。"), ("text", "无此样式"),
    ]  # fmt: skip


def test_a_heading_style_on_a_whole_paragraph_makes_no_heading() -> None:
    styles = w("styles", '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>')
    (line,) = read(word(p("很长的一段话。" * 30, style="a1"), parts={"styles.xml": styles})).lines
    assert line.kind == "text"


def test_labels_of_automatic_numbering_stand_before_the_text() -> None:
    lists = numbering(("chineseCountingThousand", "第%1章"), ("decimal", "第%2条"), ("chineseCounting", "（%3）"))
    body = "".join(
        p(text, number=(1, level))
        for text, level in (
            ("总则", 0),
            ("目的", 1),
            ("甲", 2),
            ("乙", 2),
            ("范围", 1),
            ("甲", 2),
            ("附则", 0),
            ("施行", 1),
        )
    )
    assert texts(word(body, parts={"numbering.xml": lists})) == [
        "第一章 总则", "第1条 目的", "（一）甲", "（二）乙", "第2条 范围", "（一）甲", "第二章 附则", "第1条 施行",
    ]  # fmt: skip


def test_a_list_of_the_same_definition_goes_on_unless_it_starts_anew() -> None:
    body = p("甲", number=(1, 0)) + p("乙", number=(2, 0)) + p("丙", number=(2, 0))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    on, again = (
        texts(word(body, parts={"numbering.xml": numbering(("decimal", "%1."), overrides=overrides)}))
        for overrides in ("", anew)
    )
    assert on == ["1.甲", "2.乙", "3.丙"]
    assert again == ["1.甲", "1.乙", "2.丙"]


def test_a_style_may_number_its_paragraphs() -> None:
    styles = w(
        "styles",
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="条"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
    )
    parts = {"styles.xml": styles, "numbering.xml": numbering(("upperRoman", "%1．"))}
    assert texts(word(p("甲", style="t") + p("", style="t") + p("乙", style="t"), parts=parts)) == ["I．甲", "III．乙"]


def test_bullets_and_unknown_lists_put_nothing_before_the_text() -> None:
    parts = {"numbering.xml": numbering(("bullet", "\uf06c"))}
    assert texts(word(p("甲", number=(1, 0)) + p("乙", number=(99, 0)), parts=parts)) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("chineseCounting", "十二"), ("lowerLetter", "l"), ("upperRoman", "XII"), ("ideographTraditional", "乙"),
        ("decimalEnclosedCircle", "⑫"), ("decimalZero", "12"), ("ideographDigital", "一二"),
        ("decimalFullWidth", "１２"), ("chineseLegalSimplified", "拾贰"), ("anything", "12"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_as_their_format_says(format_: str, expected: str) -> None:
    assert spelled(12, format_) == expected


def test_chinese_numerals_name_empty_places_once() -> None:
    assert [chinese(n) for n in (10, 19, 20, 105, 110, 1001, 1010, 9999)] == [
        "十", "十九", "二十", "一百零五", "一百一十", "一千零一", "一千零一十", "九千九百九十九",
    ]  # fmt: skip


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_different_numbers_have_different_numerals(one: int, other: int) -> None:
    assert (chinese(one) == chinese(other)) == (one == other)


def test_inserted_text_is_read_and_deleted_and_hidden_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:ins><w:r><w:t>新增</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
        "<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r></w:p>"
    )
    assert texts(word(body)) == ["保留新增链接1-2"]


def test_a_line_break_parts_lines_and_symbols_are_ordinary_characters() -> None:
    body = (
        '<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        '<w:r><w:sym w:font="某体" w:char="F099"/></w:r></w:p>'
    )
    assert texts(word(body)) == ["甲", "乙\t☑"]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('某某市文件')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>正文</w:t></w:r></w:p>"
        f"<w:p><w:r><mc:AlternateContent><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(word(body)) == ["正文", "某某市文件", "某某市文件"]


def test_merged_cells_are_read_once() -> None:
    begins, goes_on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    rows = [begins + p("甲类"), p("一")], [goes_on + p(""), p("二")]
    assert kinds(word(table(*rows))) == [("row", "甲类\t一"), ("row", "二")]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    nested = table([p("年"), p("量")])
    body = table([p("框内一。") + p("框内二。")]) + table([p("左。"), p("右。") + nested])
    assert kinds(word(body)) == [
        ("text", "框内一。"), ("text", "框内二。"), ("text", "左。"), ("text", "右。"), ("row", "年\t量"),
    ]  # fmt: skip


def test_notes_follow_the_text_and_headers_are_boilerplate() -> None:
    notes = w(
        "footnotes",
        f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
        f'<w:footnote w:id="1">{p("注一。")}</w:footnote>',
    )
    parts = {"header.xml": w("hdr", p("页眉")), "footnotes.xml": notes}
    assert kinds(word(p("正文。"), parts=parts)) == [("text", "正文。"), ("text", "注一。"), ("boilerplate", "页眉")]


@pytest.mark.parametrize("kind", ["mht", "html", "docx"])
def test_embedded_documents_are_read_in_their_place(kind: str) -> None:
    page = "<html><body><h1>某条例</h1><p>第一条 甲。<br>第二条 乙。</p></body></html>"
    chunk = {
        "mht": mht(page),
        "html": page.encode("utf-8"),
        "docx": word(p("某条例") + p("第一条 甲。") + p("第二条 乙。")),
    }[kind]
    body = p("前") + '<w:altChunk r:id="aFChunk"/>' + p("后")
    assert texts(word(body, parts={f"aFChunk.{kind}": chunk})) == ["前", "某条例", "第一条 甲。", "第二条 乙。", "后"]


def test_documents_that_are_embedded_in_one_another_end_somewhere() -> None:
    data = word(p("里"))
    for _ in range(6):
        data = word('<w:altChunk r:id="aFChunk"/>', parts={"aFChunk.docx": data})
    with pytest.raises(ReadError, match="embedded"):
        read(data)


def test_nothing_outside_of_the_file_is_read() -> None:
    data = word(p("甲") + '<w:altChunk r:id="outside"/>', external="file:///etc/hostname")
    assert texts(data) == ["甲"]


@pytest.mark.parametrize(
    "main",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_templates_and_documents_with_macros_are_documents(main: str) -> None:
    assert main != MAIN
    assert texts(word(p("甲"), main=main)) == ["甲"]


def test_markdown_in_word_is_read_as_markdown() -> None:
    body = p("某市关于甲事项的通知") + p("# 某市关于甲事项的通知") + p("**发布日期**: 2025-12-22") + p("正文。")
    source = read(word(body))
    assert source.format == "markdown"
    assert [line.kind for line in source.lines] == ["boilerplate", "heading", "text", "text"]
    assert read(word(p("# 号是井号") + p("正文。"))).format == "docx"


def test_damaged_documents_are_reported() -> None:
    whole = word(p("正文。" * 50))
    for data in (
        whole[:300],
        b"PK\x03\x04",
        packed({"a.txt": "x"}),
        whole.replace(b"word/document.xml", b"word/documenx.xml"),
    ):
        with pytest.raises(ReadError) as told:
            read(data)
        assert told.value.hint


@given(st.data())
def test_any_damage_is_an_error_of_ours_or_none(data: st.DataObject) -> None:
    whole = word(p("甲") + table([p("一"), p("二")]), parts={"numbering.xml": numbering(("decimal", "%1."))})
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    try:
        read(broken)
    except ReadError as error:
        assert error.message


def test_entities_are_refused_and_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "哈">{laughs}]>' + w("styles", "").partition("?>")[2]
    with pytest.raises(ReadError, match="DOCTYPE"):
        read(word(p("甲"), parts={"styles.xml": bomb}))


def test_a_document_unpacks_to_no_more_than_a_file_may_have() -> None:
    data = word(p("正文。" * 10_000))
    assert len(data) < 10_000
    with pytest.raises(ReadError, match="unpacks to more"):
        read(data, ReadOptions(max_bytes=50_000))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Cs")), min_size=1), max_size=8))
def test_every_character_is_in_exactly_one_line(paragraphs: list[str]) -> None:
    found = "".join(texts(word("".join(map(p, paragraphs)))))
    assert "".join(found.split()) == "".join("".join(paragraphs).split())


def test_laws_in_word_hold_the_same_text_as_their_reference() -> None:
    """The text of these is in an embedded web archive (``w:altChunk``), of which python-docx says nothing."""
    files = sorted((shared() / "corpora" / "docs" / "laws-docx-pdf").glob("*/*.docx"))[:4]
    for file in files:
        reference = re.sub(r"\]\(#[^)]*\)|<[^>]*>", "", (file.parent / "README.md").read_text("utf-8"))
        found = "".join(texts(file.read_bytes()))
        wanted, given_ = (Counter(filter(str.isalnum, text)) for text in (reference, found))
        assert 2 * (wanted & given_).total() >= 0.999 * (wanted.total() + given_.total())
