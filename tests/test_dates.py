"""Dates as people type them, and the days that they stand for."""

from __future__ import annotations

import pytest

from searcher.dates import bounds, iso_date
from searcher.errors import QueryError
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


@pytest.mark.parametrize("typed", ["2019-2020", "2019—2020", "2019年-2020年", "２０１９－２０２０", "2019..2020"])
def test_two_years_with_a_dash_are_a_range(typed: str) -> None:
    assert parse(f"日期:{typed}") == DateTerm("2019-01-01", "2020-12-31")
    assert parse("日期:2019-2019") == parse("日期:2019")


def test_a_year_and_a_month_stay_a_month() -> None:
    assert parse("日期:2019-12") == DateTerm("2019-12-01", "2019-12-31")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2020-2019", "ends before it begins"), ("2019-0000", "is no date"), ("2019-05-2020", "is no date")],
)
def test_other_years_with_a_dash_are_no_range(typed: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        parse(f"日期:{typed}")
