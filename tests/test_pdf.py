"""What comes out of PDF files: paragraphs, columns, tables, running heads; and what cannot be read is told."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import ReadError
from searcher.models import Line, ReadOptions, Source
from searcher.readers import is_document, read
from searcher.readers.pdf import read_pdf
from searcher.split import extract
from tests.making_pdf import LEADING, LEFT, Sheet, Text, encrypted_pdf, lines, looping_pdf, pdf, wrapped
from tests.shared import shared

FIRST = "为加快培育数据要素市场，促进数据依法有序流动，根据有关法律法规，结合本市实际，制定本办法。"
SECOND = "本市行政区域内数据的归集、共享、开放和利用，适用本办法；法律、法规另有规定的，从其规定。"
THIRD = "市大数据主管部门负责统筹协调数据管理工作，其他部门在各自职责范围内做好相关工作。"


def read_made(*sheets: Sheet, ocr: bool = False) -> Source:
    return read_pdf(pdf(sheets), name="a.pdf", options=ReadOptions(ocr=ocr))


def texts(source: Source, kind: str = "text") -> list[str]:
    return [line.text for line in source.lines if line.kind == kind]


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


# --- paragraphs ---


def test_wrapped_lines_are_one_paragraph_and_an_indent_begins_the_next() -> None:
    source = read_made(Sheet(lines(wrapped(FIRST) + wrapped(SECOND) + wrapped(THIRD))))
    assert texts(source) == [FIRST, SECOND, THIRD]


def test_paragraphs_without_indents_end_where_their_last_line_ends_early() -> None:
    rows = [part for one in (FIRST, SECOND) for part in (one[:34], one[34:])]
    assert texts(read_made(Sheet(lines(rows)))) == [FIRST, SECOND]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    rows = wrapped(FIRST * 2)
    source = read_made(Sheet(lines(wrapped(SECOND) + rows[:2])), Sheet(lines(rows[2:] + wrapped(THIRD))))
    assert [(line.page, line.text) for line in source.lines] == [(1, SECOND), (1, FIRST * 2), (2, THIRD)]


def test_an_article_begins_a_paragraph_after_a_full_line_too() -> None:
    full = "数" * 34
    assert texts(read_made(Sheet(lines([full, "第二条　市区两级应当建立协调机制。"])))) == [
        full,
        "第二条　市区两级应当建立协调机制。",
    ]


def test_lines_of_a_centred_title_are_one_heading_and_the_title() -> None:
    head = [Text("某某市人民政府关于促进数据", 139, 90, 24), Text("流通利用的若干意见", 187, 126, 24)]
    source = read_made(Sheet(head + lines(wrapped(FIRST) + wrapped(SECOND), y=190)))
    assert source.lines[0] == Line("某某市人民政府关于促进数据流通利用的若干意见", None, "heading", 1)
    (article,) = extract(source).articles
    assert article.title == "某某市人民政府关于促进数据流通利用的若干意见"
    assert [one.text for one in article.paragraphs] == [FIRST, SECOND]


def test_the_name_of_a_chapter_is_not_the_title() -> None:
    """Guards scans, in which the title may be no larger than what follows it."""
    head = [Text("数据开放条例", 200, 90, 12), Text("第一章　总则", 200, 126, 24)]
    source = read_made(Sheet(head + lines(wrapped(FIRST) + wrapped(SECOND), y=190)))
    assert source.metadata == {}
    assert extract(source).articles[0].title == "数据开放条例"


def test_words_of_latin_letters_keep_their_spaces_and_a_parted_one_is_made_whole() -> None:
    rows = ["the measures provide for the orderly circulation of pub-", "lic data between departments"]
    assert texts(read_made(Sheet(lines(rows)))) == [
        "the measures provide for the orderly circulation of public data between departments"
    ]


def test_words_that_are_placed_one_by_one_are_parted_and_han_characters_are_not() -> None:
    placed = [Text("open", 90), Text("data", 118), Text("数据", 146), Text("开放", 172)]
    assert texts(read_made(Sheet(placed))) == ["open data数据开放"]


def test_spaced_out_characters_are_closed_up() -> None:
    assert texts(read_made(Sheet([Text("中 华 人 民 共 和 国")]))) == ["中华人民共和国"]


def test_a_character_that_is_drawn_twice_for_weight_is_read_once() -> None:
    heavy = [Text("加粗", LEFT + shift) for shift in (0, 0.4)]
    assert texts(read_made(Sheet([*heavy, Text("正文", LEFT + 24)]))) == ["加粗正文"]


def test_repeated_characters_side_by_side_stay() -> None:
    assert texts(read_made(Sheet([Text("好好学习 llama 100")]))) == ["好好学习 llama 100"]


def test_radicals_that_a_font_claims_are_the_characters_that_are_meant() -> None:
    data = pdf([Sheet([Text("人民之门长")])], means={"人": "⼈", "门": "⻔", "长": "⻓"})
    assert texts(read_pdf(data, name="a.pdf", options=ReadOptions())) == ["人民之门长"]


# --- pages ---


def pages_with_heads(count: int) -> list[Sheet]:
    """Make pages with a running head, a page number, and a paragraph of their own."""
    own = ["甲乙丙丁戊己庚辛"[page] * 10 + "。" for page in range(count)]
    return [
        Sheet([Text("某某市地方标准", 250, 40), *lines(wrapped(text)), Text(f"— {page} —", 280, 810)])
        for page, text in enumerate(own, start=1)
    ]


def test_running_heads_and_page_numbers_are_boilerplate() -> None:
    source = read_made(*pages_with_heads(4))
    assert texts(source) == ["甲" * 10 + "。", "乙" * 10 + "。", "丙" * 10 + "。", "丁" * 10 + "。"]
    assert texts(source, "boilerplate") == [one for page in range(1, 5) for one in ("某某市地方标准", f"— {page} —")]


def test_roman_page_numbers_that_count_up_are_boilerplate() -> None:
    sheets = [Sheet([*lines(wrapped(FIRST)), Text(number, 290, 810)]) for number in ("vi", "vii", "viii", "ix")]
    assert texts(read_made(*sheets), "boilerplate") == ["vi", "vii", "viii", "ix"]


def test_a_number_at_the_edge_that_does_not_count_pages_stays() -> None:
    sheets = [Sheet([*lines(wrapped(FIRST)), Text(number, 290, 810)]) for number in ("2016", "40", "17")]
    assert texts(read_made(*sheets), "boilerplate") == []


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = wrapped(FIRST + SECOND, wide=16), wrapped(THIRD + FIRST, wide=16)
    title = Text("数据工作简报" * 4, 150, 60)
    source = read_made(Sheet([title, *lines(left, x=60), *lines(right, x=310)]))
    assert texts(source)[-2:] == [FIRST + SECOND, THIRD + FIRST]


def test_columns_drawn_row_by_row_are_read_column_by_column() -> None:
    left, right = wrapped(FIRST + SECOND, wide=16), wrapped(THIRD + FIRST, wide=16)
    drawn = [one for pair in zip(lines(left, x=60), lines(right, x=310), strict=False) for one in pair]
    rest = lines(left, x=60)[len(right) :] + lines(right, x=310)[len(left) :]
    assert texts(read_made(Sheet(drawn + rest))) == [FIRST + SECOND, THIRD + FIRST]


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_lines_are_drawn_does_not_matter(order: random.Random) -> None:
    drawn = lines(wrapped(FIRST) + wrapped(SECOND) + wrapped(THIRD))
    order.shuffle(drawn)
    assert texts(read_made(Sheet(drawn))) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("quarters", range(4))
def test_a_turned_page_reads_like_an_upright_one(quarters: int) -> None:
    across, down = ((0, 1), (1, 0), (0, -1), (-1, 0))[quarters]
    rows = ["orderly circulation of data,", "and its use"]
    drawn = [
        Text(row, 300 + across * LEADING * place, 400 + down * LEADING * place, turn=quarters, plain=True)
        for place, row in enumerate(rows)
    ]
    assert texts(read_made(Sheet(drawn, rotate=90 * quarters))) == ["orderly circulation of data, and its use"]


# --- tables ---


def grid(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    return [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]


def test_a_ruled_table_is_read_row_by_row_with_its_cells_parted() -> None:
    cells = [
        Text("序号", 95, 115), Text("项目", 155, 115), Text("限值", 305, 115),
        Text("1", 95, 145), Text("化学需氧量", 155, 145), Text("50", 305, 145),
    ]  # fmt: skip
    source = read_made(Sheet(cells, grid([90, 150, 300, 400], [100, 125, 155])))
    assert texts(source, "row") == ["序号\t项目\t限值", "1\t化学需氧量\t50"]


def test_a_cell_that_spans_rows_stands_in_the_first_and_its_lines_are_one_text() -> None:
    rules = [(90, 100, 400, 100), (90, 160, 400, 160), (90, 130, 250, 130)]
    rules += [(x, 100, x, 160) for x in (90, 250, 400)]
    cells = [
        Text("废水", 95, 120), Text("废气", 95, 150),
        Text("由市生态环境主管部门会同", 252, 125), Text("有关部门监测", 252, 145),
    ]  # fmt: skip
    assert texts(read_made(Sheet(cells, rules)), "row") == ["废水\t由市生态环境主管部门会同有关部门监测", "废气"]


def test_columns_of_short_parts_without_lines_are_rows_too() -> None:
    cells = [Text(one, x, 100 + 20 * row) for row in range(4) for one, x in (("甲乙", 90), ("丙丁", 200), ("12", 330))]
    assert texts(read_made(Sheet(cells)), "row") == ["甲乙\t丙丁\t12"] * 4


def test_a_frame_around_prose_is_no_table() -> None:
    source = read_made(Sheet(lines(wrapped(FIRST) + wrapped(SECOND)), grid([70, 530], [70, 300])))
    assert texts(source) == [FIRST, SECOND]


# --- nothing is lost ---


PLACED = st.builds(
    Text,
    st.text(st.sampled_from("数据要素ab1，。 "), min_size=2, max_size=12).filter(lambda text: not text[0].isspace()),
    st.integers(0, 340).map(float),
    st.integers(20, 830).map(float),
    st.sampled_from((8.0, 12.0, 20.0)),
)


@given(st.lists(PLACED, max_size=12), st.booleans())
def test_every_character_is_in_exactly_one_line(placed: list[Text], ruled: bool) -> None:  # noqa: FBT001
    apart = [one for place, one in enumerate(placed) if all(abs(one.y - other.y) > 24 for other in placed[:place])]
    rules = grid([50, 200, 450], [50, 300, 600, 800]) if ruled else []
    source = read_made(Sheet(apart, rules))
    drawn = sum((visible(one.text) for one in apart), Counter())
    assert visible("".join(line.text for line in source.lines)) == drawn


# --- what cannot be read ---


def test_an_encrypted_file_says_so() -> None:
    with pytest.raises(ReadError, match="encrypted"):
        read_pdf(encrypted_pdf(), name="a.pdf", options=ReadOptions())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no pdf at all", looping_pdf(), pdf([Sheet([Text("x")])])[:300]])
def test_a_damaged_file_says_so(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"damaged|pages"):
        read_pdf(data, name="a.pdf", options=ReadOptions())


def test_a_page_of_signs_that_mean_nothing_is_not_read_as_text() -> None:
    data = pdf([Sheet(lines(wrapped(FIRST)))], mapped=False)
    with pytest.raises(ReadError, match="picture of text"):
        read_pdf(data, name="a.pdf", options=ReadOptions(ocr=False))


def test_pages_that_cannot_be_read_are_told_beside_those_that_can() -> None:
    scan = Sheet(picture=(2, 2, b"\x00\xff\xff\x00"))
    source = read_made(Sheet(lines(wrapped(FIRST))), scan, scan, Sheet(lines(wrapped(SECOND))), scan)
    assert texts(source) == [FIRST, SECOND]
    (failure,) = source.failures
    assert failure.path == "a.pdf"
    assert failure.message.startswith("pages 2-3, 5: a picture of text")
    assert "--no-ocr" in failure.hint


def test_text_that_needs_a_font_of_another_system_is_told() -> None:
    # PDFium leaves out single characters that it has no font to draw
    single = [Text(one, LEFT + 12 * place) for place, one in enumerate("数据要素市场化配置改革")]
    with pytest.raises(ReadError, match="fonts") as told:
        read_made(Sheet(single))
    assert "font" in told.value.hint


def test_a_file_of_pictures_alone_fails_without_recognition() -> None:
    with pytest.raises(ReadError, match="picture of text"):
        read_made(Sheet(picture=(2, 2, b"\x00\xff\xff\x00")))


def test_an_empty_page_is_no_failure() -> None:
    assert read_made(Sheet()) == Source("a.pdf", "pdf", "pdf", ())


def test_a_page_as_large_as_can_be_is_read() -> None:
    (line,) = read_made(Sheet([Text("大图", 7000, 7000)], size=(14400, 14400))).lines
    assert line.text == "大图"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ReadError) as told:
        read_pdf(pdf([Sheet([Text("x")])]), name="a.pdf", options=ReadOptions())
    assert told.value.hint == "python -m pip install 'policy-search[docs]'"


def test_a_pdf_in_a_folder_is_a_document_and_an_image_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.PDF"
    file.write_bytes(pdf([Sheet(lines(wrapped(FIRST)))]))
    assert is_document(file)
    assert not is_document(tmp_path / "a.png")
    (source,) = read(file)
    assert texts(source) == [FIRST]


# --- real files ---


def test_laws_as_pdf_hold_the_paragraphs_of_their_markdown() -> None:
    files = sorted((shared() / "corpora/docs/laws-docx-pdf").glob("*/*.pdf"))
    assert files
    for file in files:
        source = read_pdf(file.read_bytes(), name=file.name, options=ReadOptions(ocr=False))
        gold = {"".join(line.split()) for line in file.with_name("README.md").read_text("utf-8").splitlines()}
        prose = ["".join(text.split()) for text in texts(source) if len(text) > 40]
        whole = sum(text in gold for text in prose)
        assert whole >= 0.97 * len(prose), file.name


def test_the_title_of_a_standard_is_not_what_stands_above_it_on_the_cover() -> None:
    files = sorted((shared() / "corpora/docs/env-regs/files").glob("GB-*.pdf"))
    assert files
    for file in files:
        title = read_pdf(file.read_bytes(), name=file.name, options=ReadOptions(ocr=False)).metadata["title"]
        assert title.endswith(("排放标准", "通则")), file.name
