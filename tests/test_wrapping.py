"""Lines of Chinese text on a terminal: how they end, which part is shown, and what must not get through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from searcher.models import Span
from searcher.wrapping import excerpt, safe, wrap

CLOSING = "，。、；：？！”’」』）》〉】〕,.;:?!)]}%"
MIXED = st.text(
    alphabet=st.sampled_from("工业互联网数据安全，。；：“”《》（）〔〕、…— abcXYZ0189.-%/\t　🙂é\u0301"), max_size=200
)
WIDTHS = st.integers(min_value=20, max_value=120)


def lines(text: str, width: int) -> list[str]:
    return [text[span.start : span.end] for span in wrap(text, width)]


@given(text=MIXED | st.text(max_size=120), width=WIDTHS)
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in lines(text, width))


@given(text=MIXED | st.text(max_size=120), width=WIDTHS)
def test_the_lines_hold_the_text_but_for_spaces_between_them(text: str, width: int) -> None:
    spans = wrap(text, width)
    outside, place = "", 0
    for span in spans:
        assert place <= span.start <= span.end
        outside += text[place : span.start]
        place = span.end
    outside += text[place:]
    assert outside.strip() == ""
    assert "".join("".join(lines(text, width)).split()) == "".join(text.split())


@given(text=st.text(alphabet=st.sampled_from("工业互联网数据安全，。；：”》）"), max_size=200), width=WIDTHS)
def test_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    run = max((len(part) for part in _runs(text)), default=0)
    if run <= 4:  # more marks in a row than have room beside a character stand where they stand
        assert all(not line or line[0] not in CLOSING for line in lines(text, width)[1:])


def _runs(text: str) -> list[str]:
    """Return the runs of closing marks in a text."""
    return "".join(mark if mark in CLOSING else " " for mark in text).split()


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("国务院关于深化互联网，先进制造业。", ["国务院关于深化互联", "网，先进制造业。"]),
        ("关于印发工业互联网《国发》", ["关于印发工业互联网", "《国发》"]),
        ("2 articles, 9 · 63.9 ms", ["2 articles, 9 ·", "63.9 ms"]),
        ("2 articles, 9 · 63.9 msg", ["2 articles, 9 · 63.9", "msg"]),
        ("一二三四五六七八九policy search", ["一二三四五六七八九", "policy search"]),
        ("一二三四五六七八九十 十一", ["一二三四五六七八九十", "十一"]),
        ("一二三四五六（2018年）", ["一二三四五六（2018", "年）"]),
        ("", [""]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
    ],
)
def test_where_lines_end(text: str, wrapped: list[str]) -> None:
    assert lines(text, 20) == wrapped


@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_safe_text_is_as_long_and_printable(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert shown.isprintable()
    assert all(old == new for old, new in zip(text, shown, strict=True) if old.isprintable())


def test_no_code_point_that_acts_gets_through() -> None:
    for code in range(0x110000):
        category = unicodedata.category(safe(chr(code)))
        assert category not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(code)


@st.composite
def highlighted(draw: st.DrawFn) -> tuple[str, tuple[Span, ...], int]:
    text = draw(st.text(alphabet=st.sampled_from("工业互联网。；，数据"), min_size=1, max_size=600))
    places = draw(st.lists(st.integers(0, len(text) - 1), max_size=8, unique=True))
    spans = tuple(Span(at, min(at + 3, len(text))) for at in sorted(places))
    disjoint = tuple(
        span for span, before in zip(spans, (Span(-9, -9), *spans), strict=False) if before.end <= span.start
    )
    return text, disjoint, draw(st.integers(40, 200))


@given(highlighted())
def test_an_excerpt_is_inside_the_text_and_holds_a_highlight(drawn: tuple[str, tuple[Span, ...], int]) -> None:
    text, spans, size = drawn
    part = excerpt(text, spans, size)
    assert 0 <= part.start < part.end <= len(text)
    assert part.end - part.start <= size * 1.25
    if spans:
        assert any(part.start <= span.start and span.end <= part.end for span in spans)


def test_an_excerpt_shows_where_most_highlights_are_and_begins_at_a_sentence() -> None:
    text = "数据。" + "这里没有。" * 100 + "这一句有数据和数据。" + "后面也没有。" * 100
    first, second = text.index("数据和"), text.index("数据。", 10)
    spans = (Span(0, 2), Span(first, first + 2), Span(second, second + 2))
    part = excerpt(text, spans, 60)
    assert part.start <= first
    assert second + 2 <= part.end
    assert text[part.start : part.end].endswith("。")
    assert text[part.start - 1] == "。"


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("短。", (), 40) == Span(0, 2)
