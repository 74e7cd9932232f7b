"""Dates as people type them, and the days that they stand for."""

from __future__ import annotations

import pytest

from searcher.dates import bounds, iso_date
from searcher.query import DateTerm, parse


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2018", "2018"),
        ("2018年", "2018"),
        ("2018-05", "2018-05"),
        ("2018/5", "2018-05"),
        ("2018.5", "2018-05"),
        ("2018年5月", "2018-05"),
        ("201805", "2018-05"),
        ("2018-5-1", "2018-05-01"),
        ("2018/5/1", "2018-05-01"),
        ("2018.5.1", "2018-05-01"),
        ("2018年5月1日", "2018-05-01"),
        (" 2018 年 5 月 1 日 ", "2018-05-01"),
        ("２０１８年５月１日", "2018-05-01"),
        ("20180501", "2018-05-01"),
        ("2018０5０1", "2018-05-01"),
    ],
)
def test_a_date_may_be_typed_as_people_write_it(typed: str, iso: str) -> None:
    assert iso_date(typed) == iso
    assert bounds(iso)[0] is not None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "昨天",
        "18",
        "2018-13",
        "201813",
        "20180230",
        "2018051",
        "201805010",
        "2018.05.01.1",
        "20180501日",
        "2018年月",
    ],
)
def test_what_is_no_date_stays_none(typed: str) -> None:
    assert bounds(iso_date(typed)) == (None, None)


@pytest.mark.parametrize("typed", ["20180521", "2018/5/21", "2018年5月21日", "2018.5.21", "２０１８０５２１"])
def test_a_query_takes_the_same_dates(typed: str) -> None:
    assert parse(f"日期:{typed}") == DateTerm("2018-05-21", "2018-05-21")
    assert parse(f"日期:{typed}..201812") == DateTerm("2018-05-21", "2018-12-31")
