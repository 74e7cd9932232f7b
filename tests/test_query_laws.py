"""Any string is a query or an error that points at a place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.analyzer import fold
from searcher.errors import QueryError
from searcher.query import FieldTerm, Term, leaves, parse
from tests.nasty import NASTY


def assert_read(text: str) -> None:
    """Law 8: a tree, or an error that points into the query."""
    try:
        tree = parse(text)
    except QueryError as error:
        assert error.query == text
        assert 0 <= error.position <= len(text)
        assert error.position + error.length <= len(text) + 1
        assert error.hint
    else:
        texts = [leaf.text for leaf in leaves(tree) if isinstance(leaf, Term | FieldTerm)]
        assert all(text == fold(text) and text for text in texts)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_strings_that_have_broken_other_programs(text: str) -> None:
    assert_read(text)


_PIECES = st.sampled_from(
    [
        *'()（）"“”「」《》-－|:：&.~〔〕',
        " ",
        "OR",
        "AND",
        "NOT",
        " 同句 ",
        " 同段 ",
        " 同篇 ",
        "2016 28",
        "*",
        "标题:",
        "日期:",
        "文号:",
        "2018",
        "..",
        "…",
        "–",
        "—",
        "国发〔2016〕28号",
        "网",
        "a",
        "的",
    ]
)


@settings(max_examples=2_500)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    assert_read(text)


@settings(max_examples=2_500)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_any_mix_of_operators_is_a_query_or_an_error(text: str) -> None:
    assert_read(text)
