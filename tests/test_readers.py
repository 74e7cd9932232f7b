from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.errors import DecodingError, ReadError, UnsupportedFormatError
from searcher.models import Source
from searcher.readers import SUFFIXES, content, is_document, parse
from searcher.split import extract
from tests.reading import assert_nothing_lost, bag, read

PROSE = "为了规范城市公园的管理，市政府制定了新的办法，自明年一月起在全市范围内施行，各区应当做好准备。"


PIECES = ["<p>", "</p>", "<td>", "<tr>", "<table>", "<a>", "</a>", "<br>", "<!--", "-->", "来源：", PROSE, "。", " "]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def page(body: str, *, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head>\n<body>\n{body}\n</body></html>"


def lines_of(read_source: Source, kind: str) -> list[str]:
    return [line.text for line in read_source.lines if line.kind == kind]


# --- files ---


def test_names_say_what_can_be_read() -> None:
    assert is_document(Path("a/通知.TXT"))
    assert is_document(Path("a/通知.caj")), "a document without a reader is reported, not passed over"
    assert not is_document(Path("a/图.png"))
    assert {".txt", ".md", ".html", ".shtml", ".jsp"} <= SUFFIXES


def test_a_page_is_read_under_any_name(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><head><title>通知</title></head><body><p>本办法自发布之日起施行。</p></body></html>"
    assert "本办法自发布之日起施行。" in lines_of(read(write(tmp_path, "page.do", page)), "text")
    with pytest.raises(UnsupportedFormatError, match=r"no reader for \.do"):
        read(write(tmp_path, "other.do", "不是网页。"))
    with pytest.raises(UnsupportedFormatError, match=r"no reader for \.xml"):
        read(write(tmp_path, "feed.xml", page))


def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("甲\r\n\r\n乙\x0c丙\r丁\n".encode())
    source = read(path)
    assert [(line.number, line.text) for line in source.lines] == [(1, "甲"), (3, "乙\x0c丙"), (4, "丁")]
    assert source.path == str(path)
    assert read(path, name="corpus/a.txt").path == "corpus/a.txt"


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        source = read(write(tmp_path, name, ""))
        assert source.lines == ()
        assert extract(source).articles == ()


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "missing.txt")
    with pytest.raises(ReadError, match="not a regular file"):
        content(Path(os.devnull))
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ReadError, match="not a regular file"):
        read(tmp_path / "folder.txt")
    with pytest.raises(UnsupportedFormatError) as caught:
        read(write(tmp_path, "a.caj", ""))
    assert "HTML" in caught.value.hint
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(DecodingError, match=r"b\.txt"):
        read(tmp_path / "b.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_fifo_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match="not a regular file"):
        read(tmp_path / "pipe.txt")


def test_reading_text_does_not_import_what_only_pages_need(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", PROSE)
    code = (
        "import sys; from pathlib import Path; from searcher.readers import read; from searcher.split import extract;"
        f"[extract(source) for source in read(Path({str(path)!r}))];"
        "print([m for m in ('lxml', 'trafilatura', 'chardet') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- Markdown ---


def test_front_matter_is_metadata_and_is_kept_as_lines(tmp_path: Path) -> None:
    source = read(
        write(
            tmp_path, "a.md", '---\ntitle: "公园条例"\ntags:\n  - 公园\n  - 绿化\nauthor:\n---\n# 公园条例\n\n正文。\n'
        )
    )
    assert source.metadata == {"title": "公园条例", "tags": "公园,绿化"}
    assert [line.number for line in source.lines] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert lines_of(source, "heading") == ["# 公园条例"]
    assert len(lines_of(source, "meta")) == 7


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    source = read(write(tmp_path, "a.md", "---\n正文没有结束的标记。\n"))
    assert source.metadata == {}
    assert lines_of(source, "meta") == []


def test_comments_are_told_from_text(tmp_path: Path) -> None:
    source = read(write(tmp_path, "a.md", "甲<!-- 一 -->乙\n<!-- 二\n三 -->\n丙\n"))
    assert [(line.text, line.kind) for line in source.lines] == [
        ("甲", "text"), ("<!-- 一 -->", "boilerplate"), ("乙", "text"),
        ("<!-- 二", "boilerplate"), ("三 -->", "boilerplate"), ("丙", "text"),
    ]  # fmt: skip


@given(st.text(alphabet="#*<!->[]()| \n一二。", max_size=80))
def test_markdown_keeps_every_character(text: str) -> None:
    (source,) = parse(text.encode(), path=Path("a.md"))
    assert bag(*(line.text for line in source.lines)) == bag(text)
    assert_nothing_lost(source, extract(source))


# --- HTML ---


def test_visible_text_becomes_lines_and_the_rest_does_not(tmp_path: Path) -> None:
    html = page(
        f"<div><h1>公园管理办法</h1><!-- 注释 --><p>{PROSE}<br>第二行在此，也是正文的一部分。</p>"
        "<script>var a = '脚本';</script>"
        "<style>p {}</style><table><tr><td>名称</td><td><p>面积</p></td></tr></table></div>",
        head="<title>公园管理办法</title>",
    )
    source = read(write(tmp_path, "a.html", html))
    assert [line.text for line in source.lines] == [
        "公园管理办法", PROSE, "第二行在此，也是正文的一部分。", "名称\t面积",
    ]  # fmt: skip
    assert source.lines[0].kind == "heading"
    assert source.lines[3].kind == "row"
    assert source.lines[0].number == 3
    assert source.metadata["title"] == "公园管理办法"


def test_navigation_and_footer_are_boilerplate(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(12))
    paragraphs = "".join(f"<p>{PROSE}</p>" for _ in range(4))
    html = page(
        f"<ul>{links}</ul><h1>市公园管理办法解读</h1><div>2021-05-06 来源：城市晚报</div><div>{paragraphs}</div>"
        "<div>版权所有 某某网站</div>",
        head="<title>市公园管理办法解读_城市晚报网</title>",
    )
    source = read(write(tmp_path, "a.html", html))
    extraction = extract(source)
    assert_nothing_lost(source, extraction)
    (article,) = extraction.articles
    assert article.title == "市公园管理办法解读"
    assert (article.date, article.source) == ("2021-05-06", "城市晚报")
    assert [paragraph.text for paragraph in article.paragraphs] == [PROSE] * 4
    assert "栏目3" in {removed.text for removed in extraction.removed}


def test_a_government_page_states_its_fields_in_a_table(tmp_path: Path) -> None:
    html = page(
        "<table><tr><td><b>索 引 号：</b></td><td>X01/2020-7</td><td>主题分类：</td><td>城乡建设</td></tr>"
        "<tr><td>发文机关：</td><td>某市人民政府</td><td>成文日期：</td><td>2020年03月02日</td></tr>"
        "<tr><td>标　　题：</td><td colspan=3>某市人民政府关于公园管理的通知</td></tr>"
        "<tr><td>发文字号：</td><td>某政发〔2020〕7号</td><td>发布日期：</td><td>2020年03月09日</td></tr></table>"
        '<div id="UCAP-CONTENT"><p>某市人民政府</p><p>关于公园管理的通知</p><p>某政发〔2020〕7号</p>'
        "<p>各区人民政府：</p>"
        f"<p>{PROSE}</p><p>某市人民政府</p><p>2020年3月2日</p></div><div>扫一扫在手机打开当前页</div>"
    )
    source = read(write(tmp_path, "a.html", html))
    extraction = extract(source)
    assert_nothing_lost(source, extraction)
    (article,) = extraction.articles
    assert article.title == "某市人民政府关于公园管理的通知"
    assert (article.issuer, article.number) == ("某市人民政府", "某政发〔2020〕7号")
    assert (article.date, article.published) == ("2020-03-02", "2020-03-09")
    assert (article.index_no, article.topic, article.addressee) == ("X01/2020-7", "城乡建设", "各区人民政府")
    assert [paragraph.text for paragraph in article.paragraphs] == [
        "各区人民政府：",
        PROSE,
        "某市人民政府",
        "2020年3月2日",
    ]


def test_server_code_is_not_text(tmp_path: Path) -> None:
    source = read(write(tmp_path, "a.jsp", f'<%@ page import="x" %>\n<p>{PROSE}</p><% 一 %>'))
    assert [(line.text, line.number) for line in source.lines] == [(PROSE, 2)]


def test_a_page_nested_too_deeply_is_an_error_and_not_half_a_text(tmp_path: Path) -> None:
    path = write(tmp_path, "a.html", page("<div>" * 3000 + PROSE + "</div>" * 3000))
    with pytest.raises(ReadError, match="nested"):
        read(path)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_in_any_format_are_a_source_or_a_read_error(data: bytes) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        try:
            (source,) = parse(data, path=Path(name))
        except ReadError:
            continue
        assert_nothing_lost(source, extract(source))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_broken_pages_lose_nothing(pieces: list[str]) -> None:
    (source,) = parse("".join(pieces).encode(), path=Path("a.html"))
    assert_nothing_lost(source, extract(source))


@pytest.mark.parametrize("row", ["<td>甲单元</td>尾巴文字<td>乙单元</td>", "开头<td>甲单元</td><td>乙单元</td>尾巴"])
def test_text_between_the_cells_of_a_row_is_read_once(row: str) -> None:
    """What stands behind a cell was once read twice, with the cell and with its row."""
    data = f"<html><body><table><tr>{row}</tr></table></body></html>".encode()
    lines = next(parse(data, path=Path("page.html"))).lines
    assert bag(*(line.text for line in lines)) == bag(row.replace("<td>", "").replace("</td>", ""))
