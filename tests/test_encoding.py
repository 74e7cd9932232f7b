from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import DecodingError, ReadError, UnsupportedFormatError
from searcher.readers.encoding import decode, plausibility

SIMPLIFIED = (
    "为了加快数字经济发展，市人民政府决定设立专项资金，由工业和信息化部门负责管理。各区应当按照本办法的规定执行。"
)
TRADITIONAL = "為了加快數位經濟發展，市政府決定設立專項資金，由經濟部門負責管理。各區應當按照本辦法的規定執行。"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "gb2312"])
def test_simplified_text_comes_back_from_every_common_encoding(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding))[0] == SIMPLIFIED


def test_big5_is_told_from_gb18030_although_its_bytes_are_valid_in_both() -> None:
    data = TRADITIONAL.encode("big5")
    data.decode("gb18030")  # no error: that is the trap
    assert decode(data) == (TRADITIONAL, "big5hkscs")


@pytest.mark.parametrize(
    ("mark", "encoding", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(mark: bytes, encoding: str, name: str) -> None:
    assert decode(mark + SIMPLIFIED.encode(encoding)) == (SIMPLIFIED, name)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_found_out(encoding: str) -> None:
    text = SIMPLIFIED + "\n" + SIMPLIFIED
    assert decode(text.encode(encoding)) == (text, encoding)


def test_what_a_page_declares_as_gb2312_may_hold_characters_of_gb18030() -> None:
    page = f'<meta charset="gb2312"><p>镕{SIMPLIFIED}</p>'
    assert decode(page.encode("gb18030")) == (page, "gb18030")


def test_a_wrong_declaration_loses_against_the_bytes() -> None:
    page = f'<meta charset="big5"><p>{SIMPLIFIED}</p>'
    assert decode(page.encode("utf-8"))[0] == page
    assert decode(page.encode("gb18030"))[0] == page


def test_a_declared_transformation_is_no_encoding() -> None:
    page = f'<meta charset="hex"><p>{SIMPLIFIED}</p>'
    assert decode(page.encode("gb18030"))[0] == page


def test_a_few_damaged_bytes_do_not_cost_the_whole_text() -> None:
    data = (SIMPLIFIED * 20).encode("utf-8")
    text, encoding = decode(data[:-1])
    assert encoding == "utf-8"
    assert text[:-1] == (SIMPLIFIED * 20)[:-1]


def test_empty_and_ascii_are_utf8() -> None:
    assert decode(b"") == ("", "utf-8")
    assert decode(b"policy") == ("policy", "utf-8")


def test_binary_is_refused_in_words_a_person_understands() -> None:
    with pytest.raises(DecodingError, match="not text"):
        decode(bytes(range(256)) * 4)
    with pytest.raises(UnsupportedFormatError, match="PDF") as caught:
        decode(b"%PDF-1.7 ...")
    assert caught.value.hint


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_read_error(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except ReadError as error:
        assert error.message
    else:
        codecs.lookup(encoding)
        assert isinstance(text, str)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_always_comes_back(text: str) -> None:
    data = text.encode()
    if not data.startswith((b"\x1f\x8b", b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"GIF8", b"Rar!")):
        assert decode(data) == (text, "utf-8")


def test_plausibility_tells_prose_from_a_wrong_decoding() -> None:
    assert plausibility(SIMPLIFIED) > 0.3
    assert plausibility(TRADITIONAL.encode("big5").decode("gb18030")) < 0.12
    assert plausibility("") == 0
