"""The cover page of a standard."""

from __future__ import annotations

import pytest

from searcher.models import Line
from searcher.standards import cover

PAGE = [
    "ICS 13.140", "Z 52", "中华人民共和国国家标准", "GB 12345—2011", "代替 GB 12345-1990", "公园噪声排放标准",
    "Emission standard", "2011-12-05发布\t2012-07-01实施", "园林部", "发布", "国家质量监督总局", "目次", "某某局",
]  # fmt: skip


def lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts]


def test_a_cover_states_title_number_days_and_issuers() -> None:
    page = cover(lines(*PAGE))
    assert page is not None
    assert page.title == "公园噪声排放标准"
    assert page.fields == {
        "number": "GB 12345—2011", "published": "2011-12-05", "effective": "2012-07-01",
        "issuer": "园林部、国家质量监督总局",
    }  # fmt: skip


def test_spread_characters_are_read() -> None:
    page = cover(
        lines(
            "某 省 地 方 标 准",
            "DB99/T 20—2016",
            "公园规范",
            "2016 -09 - 30 发布  2016 - 10 - 30 实施",
            "某省园林局 发 布",
        )
    )
    assert page is not None
    assert page.fields["effective"] == "2016-10-30"
    assert page.fields["issuer"] == "某省园林局"


@pytest.mark.parametrize("missing", ["中华人民共和国国家标准", "GB 12345—2011"])
def test_without_its_kind_or_number_a_page_is_no_cover(missing: str) -> None:
    assert cover(lines(*(text for text in PAGE if text != missing))) is None


def test_a_text_that_cites_a_standard_is_none() -> None:
    assert cover(lines("关于执行国家标准的通知", "本标准按照GB 12345—2011执行。")) is None
