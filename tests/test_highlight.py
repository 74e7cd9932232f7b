"""Law 5: highlights are honest."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.analyzer import fold
from searcher.highlight import Needle, highlight, occurrences, times
from searcher.models import Span, mark
from searcher.numbers import number_pattern

_MARKS = st.sampled_from('工業业互聯联网aＡa１1〔(“"\U00020000İß 。')
_TEXT = st.text(st.one_of(_MARKS, _MARKS, st.characters()), max_size=40)
_NEEDLES = st.lists(st.text(_MARKS, max_size=4).map(fold), max_size=4)


def standing(text: str, needles: list[str]) -> set[int]:
    """Return every place of a text that some needle covers, by looking at each place."""
    folded = fold(text)
    return {
        place
        for needle in needles
        if needle
        for start in range(len(folded))
        if folded[start : start + len(needle)] == needle
        for place in range(start, start + len(needle))
    }


@settings(max_examples=500)
@given(_TEXT, _NEEDLES)
def test_spans_are_sorted_disjoint_and_inside(text: str, needles: list[str]) -> None:
    spans = highlight(text, needles)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@settings(max_examples=500)
@given(_TEXT, _NEEDLES)
def test_spans_cover_every_match_and_nothing_else(text: str, needles: list[str]) -> None:
    spans = highlight(text, needles)
    assert {place for span in spans for place in range(span.start, span.end)} == standing(text, needles)


@settings(max_examples=500)
@given(_TEXT, _NEEDLES)
def test_a_span_is_a_match_or_matches_that_overlap(text: str, needles: list[str]) -> None:
    folded = fold(text)
    matches = {(found.start, found.end) for needle in needles for found in occurrences(folded, needle)}
    for span in highlight(text, needles):
        inside = sorted(found for found in matches if span.start <= found[0] and found[1] <= span.end)
        assert inside[0][0] == span.start
        assert max(end for _, end in inside) == span.end
        assert all(start < max(end for _, end in inside[:n]) for n, (start, _) in enumerate(inside) if n)


@settings(max_examples=300)
@given(_TEXT, _NEEDLES)
def test_taking_the_marks_out_gives_the_text_back(text: str, needles: list[str]) -> None:
    before, after = "\ue000\ue001", "\ue001\ue000"
    marked = mark(text, highlight(text, needles), before, after)
    if "\ue000" not in text and "\ue001" not in text:
        assert marked.replace(before, "").replace(after, "") == text
        assert marked.count(before) == marked.count(after) == len(highlight(text, needles))


@settings(max_examples=300)
@given(_TEXT, st.text(_MARKS, min_size=1, max_size=3).map(fold))
def test_a_text_holds_what_is_highlighted_in_it(text: str, needle: str) -> None:
    assert bool(times(text, needle)) == bool(highlight(text, [needle]))


@pytest.mark.parametrize(
    ("text", "needles", "marked"),
    [
        ("工業互聯網平台", ["互联网"], "工業[互聯網]平台"),
        ("工业互联网", ["工业互联", "互联网"], "[工业互联网]"),
        ("工业互联网", ["工业", "互联网"], "[工业][互联网]"),
        ("安全安全", ["安全"], "[安全][安全]"),
        ("啊啊啊", ["啊啊"], "[啊啊啊]"),
        ("５Ｇ和5g", ["5g"], "[５Ｇ]和[5g]"),
        ("\U00020000网", ["网"], "\U00020000[网]"),
        ("İ网", ["网"], "İ[网]"),
        ("甲", [""], "甲"),
        ("", ["甲"], ""),
        ("国发〔2016〕 28号", [number_pattern("国发", "2016", "28")], "[国发〔2016〕 28号]"),
        ("国发〔2016〕128号", [number_pattern("国发", "2016", "28")], "国发〔2016〕128号"),
        ("甲乙", [re.compile("丙*")], "甲乙"),
    ],
)
def test_highlights_by_example(text: str, needles: list[Needle], marked: str) -> None:
    assert mark(text, highlight(text, needles), "[", "]") == marked


def test_spans_are_half_open_ranges_of_code_points() -> None:
    assert highlight("\U00020000\U00020000安全", ["安全"]) == (Span(2, 4),)
