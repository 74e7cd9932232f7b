"""Are web archives, books, RTF and the documents of old word processors read, and known by their bytes?"""

from __future__ import annotations

import shutil
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import ReadError
from searcher.models import Line, ReadOptions, Source
from searcher.readers import parse
from searcher.readers.epub import read_epub
from searcher.readers.legacy import read_legacy
from searcher.readers.mht import read_mht
from searcher.readers.rtf import read_rtf
from searcher.readers.sniff import OLE, ending_of
from searcher.readers.xml import parse_xml
from tests.making_office import epub, mht, ofd, ofd_text, p, packed, word

OPTIONS = ReadOptions()
PAGE = "<html><head><title>甲通知</title></head><body><h1>关于甲事项的通知</h1><p>{}</p></body></html>"
PROSE = "各有关单位应当依照本通知的要求，认真做好甲事项的各项工作，并及时报告情况。" * 3
RTF = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fcharset0 Arial;}}\f0 %s}"


def shown(source: Source) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in source.lines if line.kind != "boilerplate"]


def one(data: bytes, name: str) -> Source:
    (source,) = parse(data, path=Path(name))
    return source


def gbk(text: str) -> bytes:
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk")).encode("ascii")


# --- web archives ---


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_page_of_a_web_archive_is_read(charset: str) -> None:
    source = read_mht(mht(PAGE.format(PROSE), charset=charset), name="a.mht")
    assert (source.format, source.metadata["title"]) == ("mht", "关于甲事项的通知")
    assert source.metadata["url"] == "https://example.org/tongzhi.html"
    assert ("text", PROSE) in shown(source)


def test_the_part_that_the_archive_starts_with_is_its_page() -> None:
    data = mht(PAGE.format("乙" * 40)).replace(
        b"--xx\r\n",
        b"--xx\r\nContent-Type: text/html\r\nContent-ID: <frame>\r\n\r\n<p>frame</p>\r\n--xx\r\nContent-ID: <main>\r\n",
        1,
    )
    started = data.replace(b'boundary="xx"', b'boundary="xx"; start="<main>"')
    assert [text for _, text in shown(read_mht(data, name="a"))] == ["frame"]
    assert ("text", "乙" * 40) in shown(read_mht(started, name="a"))


def test_an_archive_without_a_page_is_reported() -> None:
    with pytest.raises(ReadError, match="no page"):
        read_mht(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--", name="a.mht")


# --- books ---


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    chapters = {
        "nav.xhtml": "<a href='2.xhtml'>第一章</a>",
        "2.xhtml": "<h1>第一章</h1><p>甲。</p>",
        "1.xhtml": "<p>乙。</p>",
    }
    source = read_epub(
        epub(chapters, contents="nav.xhtml", title="某书", author="某人"), name="a.epub", options=OPTIONS
    )
    assert [(line.kind, line.text) for line in source.lines] == [
        ("boilerplate", "第一章"), ("heading", "第一章"), ("text", "甲。"), ("text", "乙。"),
    ]  # fmt: skip
    assert source.metadata == {"title": "某书", "author": "某人"}


def test_a_missing_chapter_is_told_and_the_others_are_read() -> None:
    source = read_epub(epub({"1.xhtml": "<p>甲。</p>", "2.xhtml": ""}), name="a.epub", options=OPTIONS)
    assert shown(source) == [("text", "甲。")]
    assert [failure.path for failure in source.failures] == ["a.epub!text/2.xhtml"]


def test_a_book_without_any_chapter_is_reported() -> None:
    for data in (epub({"1.xhtml": ""}), packed({"mimetype": "application/epub+zip"}), b"PK\x03\x04"):
        with pytest.raises(ReadError):
            read_epub(data, name="a.epub", options=OPTIONS)


# --- RTF ---


def test_rtf_is_text_in_the_character_set_of_its_fonts() -> None:
    source = read_rtf(RTF % (gbk("甲事项") + rb"\par\f1 caf\'e9\par " + gbk("乙")), name="a.rtf")
    assert [line.text for line in source.lines][:2] == ["甲事项", "café"]
    assert source.encoding == "cp936"


def test_rtf_of_plain_bytes_is_read_too() -> None:
    assert shown(read_rtf(RTF % "乱码与否，乡镇".encode("gbk"), name="a")) == [("text", "乱码与否，乡镇")]


def test_rtf_whose_fonts_claim_to_be_western_is_read_by_its_code_page() -> None:
    data = (RTF % gbk("国务院关于加强工作的通知")).replace(rb"\fcharset134", rb"\fcharset0")
    assert shown(read_rtf(data, name="a")) == [("text", "国务院关于加强工作的通知")]


def test_tables_in_rtf_are_rows_and_their_bars_are_text() -> None:
    row = rb"\trowd\cellx1\cellx2\pard\intbl %s\cell %s\par %s\cell\row "
    data = RTF % (rb"A|B\par " + row % (b"1", b"2", b"3") + row % (b"4", b"", b"5") + rb"\pard end\par")
    assert shown(read_rtf(data, name="a")) == [("text", "A|B"), ("row", "1\t2 3"), ("row", "4\t5"), ("text", "end")]


def test_fields_give_their_result_and_pictures_nothing() -> None:
    field = rb'{\field{\*\fldinst{HYPERLINK "http://a.example"}}{\fldrslt{link}}}'
    picture = rb"{\pict{\*\picprop}\pngblip " + b"89504e47" * 1000 + b"}"
    assert shown(read_rtf(RTF % (b"a" + picture + field), name="a")) == [("text", "alink")]


def test_notes_and_text_boxes_in_rtf_follow_the_text_and_heads_of_pages_are_boilerplate() -> None:
    box = rb"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt \pard box\par}}}"
    data = RTF % (rb"{\header head\par{\b er}}one{\footnote note \{1\}} two\par " + box + rb"three")
    source = read_rtf(data, name="a")
    assert shown(source) == [("text", "one two"), ("text", "three"), ("text", "note {1}"), ("text", "box")]
    assert [line.text for line in source.lines if line.kind == "boilerplate"] == ["head", "er"]


@given(st.binary(max_size=200))
def test_any_bytes_of_rtf_are_text_or_an_error_of_ours(data: bytes) -> None:
    try:
        read_rtf(b"{\\rtf1 " + data, name="a")
    except ReadError as error:
        assert error.message


# --- old word processors ---


def test_text_that_is_called_doc_is_read_as_text() -> None:
    assert shown(one("关于甲事项的通知\n\n正文。".encode("gb18030"), "a.doc"))[0] == ("text", "关于甲事项的通知")


def test_without_libreoffice_the_message_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match="LibreOffice") as told:
        read_legacy(OLE + b"\0" * 600, name="a.doc", options=OPTIONS)
    assert "install" in told.value.hint


def _stand_in(folder: Path, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alive = tmp_path / "alive"
    _stand_in(tmp_path, f"(while :; do date >> {alive}; sleep 0.05; done) & sleep 600")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(ReadError, match="more than"):
        read_legacy(OLE + b"\0" * 600, name="a.doc", options=ReadOptions(max_seconds=0.5))
    time.sleep(0.2)
    size = alive.stat().st_size
    time.sleep(0.3)
    assert alive.stat().st_size == size


def test_what_the_program_says_is_told_where_it_gives_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _stand_in(tmp_path, "echo source file could not be loaded")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(ReadError, match="could not be loaded"):
        read_legacy(OLE + b"\0" * 600, name="a.doc", options=OPTIONS)


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_other_formats_are_read_through_libreoffice() -> None:
    rows = "".join(f"<text:p>{text}</text:p>" for text in ("关于甲事项的通知", "正文。"))
    odt = packed({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/"'
            ' manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ),
        "content.xml": (
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
            f"{rows}</office:text></office:body></office:document-content>"
        ),
    })  # fmt: skip
    source = one(odt, "a.odt")
    assert (source.format, shown(source)) == ("doc", [("text", "关于甲事项的通知"), ("text", "正文。")])


# --- the bytes decide ---


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (word(p("甲")), "docx"),
        (RTF % gbk("甲事项"), "rtf"),
        (mht(PAGE.format(PROSE)), "mht"),
        (PAGE.format(PROSE).encode("utf-8"), "html"),
        (ofd([ofd_text("甲事项", x=30, y=40)]), "ofd"),
        (epub({"1.xhtml": "<p>甲。</p>"}), "epub"),
    ],
)
@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.rtf", "a.docx", "a.ofd", "a.epub", "a.do"])
def test_documents_are_known_by_their_bytes(data: bytes, format_: str, name: str) -> None:
    assert one(data, name).format == format_


def test_bytes_that_tell_nothing_leave_it_to_the_name() -> None:
    assert [ending_of(data) for data in (b"", b"text", packed({"a.txt": "x"}), OLE)] == [None, None, None, ".doc"]


# --- XML ---


def test_entities_in_xml_are_refused() -> None:
    for declared in ('<!ENTITY x "y">', '<!ENTITY x SYSTEM "file:///etc/hostname">'):
        with pytest.raises(ReadError, match="entities"):
            parse_xml(f"<!DOCTYPE a [{declared}]><a>&x;</a>".encode(), what="a.xml")
    assert parse_xml(b'<!DOCTYPE a SYSTEM "http://a.example/a.dtd"><a>b</a>', what="a.xml").text == "b"


def test_lines_of_books_and_word_have_no_number() -> None:
    sources = (one(epub({"1.xhtml": "<p>甲。</p>"}), "a.epub"), one(word(p("甲。")), "a.docx"))
    assert [source.lines for source in sources] == [(Line("甲。"),)] * 2
