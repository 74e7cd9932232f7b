"""Files that mean harm cost nothing but themselves: the run ends, the rest is indexed, nothing is loaded or written."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from pathlib import Path

import pytest

from searcher import Index, Report
from searcher.models import ReadOptions
from tests.cli import call, out
from tests.making import Opener
from tests.making_hostile import (
    FILLING,
    XML_FORMATS,
    declaration,
    far_docx,
    far_odt,
    gzipped_zeros,
    packed,
    server,
    zeros,
)
from tests.processes import run

LIMITS = ReadOptions(max_bytes=30_000_000, max_seconds=30.0, max_memory=1 << 30)
GOOD = "关于防汛工作的通知\n\n各县应当备好沙袋和冲锋舟。\n"
SECRET = "不可外传的口令"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with one good document, beside a secret that is none of its documents."""
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, "utf-8")
    return folder


@pytest.fixture
def empty(tmp_path: Path, opened: Opener) -> Index:
    """An index that nothing is in yet."""
    return opened(tmp_path / "index", create=True)


def indexed(index: Index, corpus: Path, *, limits: ReadOptions = LIMITS) -> Report:
    """Index the folder; the good document is found, and nothing of the secret."""
    report = index.update(corpus, options=limits, jobs=1)
    assert index.search('"沙袋和冲锋舟"').total.articles == 1
    assert index.search(f'"{SECRET}"').total.articles == 0
    return report


def failures(report: Report) -> dict[str, str]:
    """Return what failed: the message by the file's name, with that of the member."""
    return {failure.path.rpartition("corpus/")[2]: failure.message for failure in report.failures}


# ---- XML


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("ending", sorted(XML_FORMATS))
def test_entities_are_not_expanded_and_load_nothing(ending: str, encoding: str, corpus: Path, empty: Index) -> None:
    with server() as (address, requests):
        head = declaration(str(corpus.parent / "secret.txt"), address=address)
        (corpus / f"bomb{ending}").write_bytes(XML_FORMATS[ending](head, "开头&bomb;中间&leak;结尾", encoding))
        report = indexed(empty, corpus)
    assert requests == []
    assert not any("crashed" in message or "took longer" in message for message in failures(report).values())
    assert all(len(paragraph.text) < 10_000 for one in empty.articles() for paragraph in one.paragraphs)
    assert empty.stats().characters < 10_000


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".epub", ".ofd", ".xhtml"])
def test_the_same_files_without_entities_are_read(ending: str, corpus: Path, empty: Index) -> None:
    """Else the test above would show nothing."""
    (corpus / f"plain{ending}").write_bytes(XML_FORMATS[ending]("", f"这一段没有{FILLING}的东西。", "utf-8"))
    assert failures(indexed(empty, corpus)) == {}
    assert empty.search(f'"没有{FILLING}"').total.articles == 1


# ---- nothing is loaded from outside


PAGE = """<!DOCTYPE html SYSTEM "{0}page.dtd">
<html><head><base href="{0}"><link rel="stylesheet" href="{0}style.css"><script src="{0}code.js"></script>
<meta http-equiv="refresh" content="0;url={0}next.html"></head>
<body background="{0}back.png"><h1>关于图片的通知</h1><p>各单位应当检查图片，避免从别处加载。</p>
<img src="{0}picture.png"><iframe src="file://{1}"></iframe><object data="{0}thing.swf"></object>
<embed src="file://{1}"><video poster="{0}poster.png"></video><a href="file://{1}">附件</a></body></html>"""


def test_pages_and_documents_load_nothing(corpus: Path, empty: Index) -> None:
    secret = str(corpus.parent / "secret.txt")
    with server() as (address, requests):
        page = PAGE.format(address, secret)
        (corpus / "page.html").write_text(page, "utf-8")
        (corpus / "page.xhtml").write_text(f'<?xml version="1.0"?>\n{page}', "utf-8")
        (corpus / "notes.md").write_text(
            f"# 标题\n\n![图]({address}a.png)\n\n<img src='{address}b.png'>正文。\n", "utf-8"
        )
        (corpus / "far.docx").write_bytes(far_docx(address))
        (corpus / "field.rtf").write_bytes(
            rb"{\rtf1\ansi{\field{\*\fldinst INCLUDETEXT " + f'"{secret}"'.encode() + rb"}{\fldrslt far}} text\par}"
        )
        indexed(empty, corpus)
    assert requests == []
    assert empty.search('"避免从别处加载"').total.articles == 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_document_read_by_libreoffice_loads_nothing(corpus: Path, empty: Index) -> None:
    """It once fetched the pictures that a document links to."""
    with server() as (address, requests):
        (corpus / "far.odt").write_bytes(far_odt(address, str(corpus.parent / "secret.txt")))
        assert failures(indexed(empty, corpus)) == {}
    assert requests == []
    assert empty.search('"远处的图片"').total.articles == 1


# ---- archives


def test_bombs_end_early_and_the_rest_of_the_archive_is_read(corpus: Path, empty: Index) -> None:
    """Zeros unpack 1,000-fold, zeros packed twice 10,000-fold and more."""
    (corpus / "ratio.zip").write_bytes(packed({"b.zip": zeros(20 << 20), "rest.txt": "关于排涝的通知\n\n抽水。\n"}))
    (corpus / "size.txt.gz").write_bytes(gzipped_zeros(60 << 20))
    found = failures(indexed(empty, corpus))
    assert "a ZIP bomb" in found.pop("ratio.zip!b.zip!zeros.txt")
    assert "unpacks to more than a file may have" in found.pop("size.txt.gz")
    assert found == {}
    assert sum(one.path.endswith("ratio.zip!rest.txt") for one in empty.infos()) == 1


def test_many_small_bombs_are_counted_together(corpus: Path, empty: Index) -> None:
    small = zeros(9 << 20)
    (corpus / "many.zip").write_bytes(packed({f"{n}.zip": small for n in range(50)}))
    found = failures(indexed(empty, corpus))
    assert "the rest of it was not read" in found["many.zip"]
    assert len(found) <= 6


def test_archives_nest_one_level(corpus: Path, empty: Index) -> None:
    inner = packed({"a.txt": "最里面"})
    for _ in range(30):
        inner = packed({"a.zip": inner})
    (corpus / "deep.zip").write_bytes(inner)
    assert list(failures(indexed(empty, corpus))) == ["deep.zip!a.zip!a.zip"]


def test_an_archive_of_too_many_members_is_refused_before_they_are_listed(corpus: Path, empty: Index) -> None:
    (corpus / "many.zip").write_bytes(b"PK\x03\x04" + b"PK\x01\x02" * 100_001)
    assert "more than 100,000 members" in failures(indexed(empty, corpus))["many.zip"]


def test_members_with_the_names_of_other_places_are_written_nowhere(corpus: Path, empty: Index) -> None:
    names = ("../../escaped.txt", str(corpus.parent / "absolute.txt"), "..\\escaped.txt", "C:\\escaped.txt")
    (corpus / "a.zip").write_bytes(packed(dict.fromkeys(names, "关于出逃的通知\n\n不得出逃。\n")))
    before = {path for path in corpus.parent.rglob("*") if "index" not in path.parts}
    assert failures(indexed(empty, corpus)) == {}
    assert empty.search('"不得出逃"').total.articles == 4
    assert {path for path in corpus.parent.rglob("*") if "index" not in path.parts} == before


# ---- files that are none


def test_devices_pipes_sockets_and_loops_of_links_are_told_and_not_read(
    corpus: Path, empty: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "itself.txt").symlink_to("itself.txt")
    (corpus / "nowhere.txt").symlink_to("nothing.txt")
    (corpus / "round").symlink_to(corpus, target_is_directory=True)
    monkeypatch.chdir(corpus)  # a socket's path may have 108 bytes
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.txt")
        found = failures(indexed(empty, corpus))
    assert sorted(found) == ["itself.txt", "nowhere.txt", "pipe.txt", "socket.txt", "zero.txt"]
    assert {found[name] for name in ("pipe.txt", "socket.txt", "zero.txt")} == {"not a regular file"}
    assert empty.stats().files == 1


def test_a_file_of_2_gigabytes_fails_by_its_size(corpus: Path, empty: Index) -> None:
    """It takes no room on the disk, and is not read."""
    for name in ("sparse.txt", "sparse.pdf", "sparse.zip", "sparse.jsonl"):
        (corpus / name).touch()
        os.truncate(corpus / name, 2 << 30)
    found = failures(indexed(empty, corpus))
    assert sorted(found) == ["sparse.jsonl", "sparse.pdf", "sparse.txt", "sparse.zip"]
    assert all("2,147 MB, more than the 30 MB" in message for message in found.values())


def test_names_that_are_no_utf_8_are_indexed_shown_and_taken_out(corpus: Path, tmp_path: Path) -> None:
    file = os.fsencode(corpus) + b"/\xb9\xab\xb8\xe6.txt"
    try:
        with open(file, "wb") as made:  # noqa: PTH123  # pathlib takes no bytes
            made.write("关于旧名字的公告\n\n名字是另一种编码。\n".encode())
    except OSError:
        pytest.skip("the file system takes names in UTF-8 only")
    (corpus / "a.zip").write_bytes(packed({"b.xls": b"\xd0\xcf"}))
    indexing = call("index", "corpus", folder=tmp_path, check=2)
    assert b"failed: corpus/a.zip!b.xls" in indexing.stderr
    assert "关于旧名字的公告" in out('"另一种编码"', folder=tmp_path)
    assert call('"另一种编码"', "-l", folder=tmp_path).stdout == b"corpus/\xb9\xab\xb8\xe6.txt\n"
    os.remove(file)  # noqa: PTH107  # pathlib takes no bytes
    assert b"removed 1" in call("index", "corpus", folder=tmp_path).stderr


def test_a_file_that_is_written_while_it_is_read_is_right_when_it_is_done(corpus: Path, empty: Index) -> None:
    file = corpus / "growing.txt"
    file.write_text("逐日记录\n\n", "utf-8")
    stop = threading.Event()

    def write() -> None:
        with file.open("a", encoding="utf-8") as growing:
            while not stop.wait(0.0005):
                growing.write("又过了一天，水位上涨。\n")
                growing.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        report = indexed(empty, corpus)
    finally:
        stop.set()
        writer.join()
    assert set(failures(report).values()) <= {"it changes while it is being read"}
    assert failures(indexed(empty, corpus)) == {}
    days = file.read_text("utf-8").count("又过了一天")
    assert empty.search('"又过了一天"').total.paragraphs == days


def test_all_of_it_at_once_ends_with_status_2_and_the_rest_indexed(corpus: Path, tmp_path: Path) -> None:
    head = declaration(str(tmp_path / "secret.txt"))
    for ending, make in XML_FORMATS.items():
        (corpus / f"bomb{ending}").write_bytes(make(head, "&bomb;&leak;", "utf-8"))
    (corpus / "ratio.zip").write_bytes(zeros(20 << 20))
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "sparse.pdf").touch()
    os.truncate(corpus / "sparse.pdf", 2 << 30)
    (corpus / "deep.json").write_text("[" * 1_000_000, "utf-8")
    (corpus / "deep.html").write_text("<div>" * 100_000, "utf-8")
    (corpus / "wide.csv").write_text("," * 5_000_000, "utf-8")
    status, _, err = run("index", "corpus", folder=tmp_path)
    assert status == 2
    assert {"ratio.zip!zeros.txt", "zero.txt", "sparse.pdf", "deep.json"} <= {
        line.partition("corpus/")[2].partition(":")[0] for line in err.splitlines() if line.startswith("failed")
    }
    assert run('"沙袋和冲锋舟"', folder=tmp_path)[0] == 0
    assert run(f'"{SECRET}"', folder=tmp_path)[0] == 1
    shutil.rmtree(tmp_path / "index")
