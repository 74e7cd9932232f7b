"""Does the doctor tell what failed, what came out empty, and what looks wrong?"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Failure, Index, Suspicion
from tests.cli import call

NOTICE = "关于数据安全检查的通知\n\n各单位应当于每年三月底前完成检查。\n\n云岭市数据局\n2023年3月5日\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.txt").write_text(NOTICE, "utf-8")
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "garbled.txt").write_text(NOTICE + "锟斤拷锟斤拷锟斤拷，正文\ufffd\ufffd乱了。\n", "utf-8")
    (folder / "undated.md").write_text("# 数据安全须知\n\n各单位应当经常检查，发现问题立即整改。\n", "utf-8")
    (folder / "long.md").write_text("# " + "很长的标题" * 30 + "\n\n2023年3月5日，本市召开会议。\n", "utf-8")
    (folder / "old.caj").write_bytes(b"CAJ")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("good.txt", NOTICE)
        archive.writestr("bad.caj", b"CAJ")
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.update(corpus)
        yield opened


def test_what_failed_is_told_with_what_to_do_members_of_archives_too(index: Index, corpus: Path) -> None:
    failures = {Path(failure.path).name: failure for failure in index.doctor().failures}
    assert sorted(failures) == ["more.zip!bad.caj", "old.caj"]
    assert all(isinstance(failure, Failure) and failure.hint for failure in failures.values())
    report = index.update(corpus)
    assert {Path(failure.path).name for failure in report.failures} == set(failures)
    assert (report.unchanged, report.updated, report.added) == (6, 0, 0)


def test_what_came_out_empty_is_told(index: Index) -> None:
    assert [(Path(one.path).name, one.message) for one in index.doctor().empty] == [("empty.txt", "it holds no text")]


def test_what_looks_wrong_is_told_with_an_example(index: Index) -> None:
    found = {suspicion.what: suspicion for suspicion in index.doctor().suspicions}
    assert found.keys() == {
        "text that seems to be decoded wrongly", "a title longer than 120 characters", "no date",
    }  # fmt: skip
    assert all(isinstance(one, Suspicion) and one.count == 1 for one in found.values())
    examples = {what: Path(one.example).name for what, one in found.items()}
    assert examples == {
        "text that seems to be decoded wrongly": "garbled.txt",
        "a title longer than 120 characters": "long.md",
        "no date": "undated.md",
    }


def test_what_is_mended_is_told_no_more(index: Index, corpus: Path) -> None:
    for name in ("empty.txt", "garbled.txt", "undated.md", "long.md", "old.caj", "more.zip"):
        (corpus / name).unlink()
    index.update()
    found = index.doctor()
    assert (found.failures, found.empty, found.suspicions, found.sound) == ((), (), (), True)


def test_the_command_prints_it_for_people_and_as_json(index: Index, corpus: Path) -> None:
    done = call("doctor", folder=corpus.parent, check=2).stdout.decode("utf-8")
    assert "files that could not be read (2):" in done
    assert "no date: 1, as " in done
    told = json.loads(call("doctor", "--json", folder=corpus.parent, check=2).stdout)
    assert told["sound"] is False
    assert [suspicion["count"] for suspicion in told["suspicions"]] == [1, 1, 1]
    assert [Path(failure["path"]).name for failure in told["failures"]] == ["more.zip!bad.caj", "old.caj"]
