"""The command line as a process: files and folders, streams, pipes, locales, and text that would act on a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from searcher import engines
from tests.cli import call, err, out, with_samples

NOTICE = "青川港区数据安全检查通知.md"
LEXICON = "云岭市公共数据管理办法.txt"
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with two documents and their index, for tests that change nothing."""
    folder = with_samples(tmp_path_factory.mktemp("process"), NOTICE, LEXICON)
    call("index", "corpus", folder=folder, check=0)
    return folder


# ---- keeping an index


def test_the_first_bare_query_builds_the_index_and_answers(tmp_path: Path) -> None:
    done = call("数据安全", "-l", folder=with_samples(tmp_path, NOTICE), check=0)
    assert done.stdout.decode() == f"corpus/{NOTICE}\n"
    assert done.stderr.decode().splitlines() == [
        "There is no index in index yet: indexing corpus/ first.",
        "added 1, updated 0, removed 0, unchanged 0, failed 0",
    ]
    assert call("数据安全", "-l", folder=tmp_path, check=0).stderr == b""


def test_without_an_index_and_without_corpus_the_next_command_is_named(tmp_path: Path) -> None:
    said = err("数据安全", folder=tmp_path)
    assert said == "error: there is no index in index\nMake one with: policy-search index FOLDER\n"
    assert not (tmp_path / "index").exists()
    for command in (("list",), ("stats",), ("doctor",), ("show", "a"), ("remove", "a")):
        assert err(*command, folder=tmp_path) == said
    for command in (("index",), ("rebuild",)):
        assert "There is no index in index yet: say which files or folders to index." in err(*command, folder=tmp_path)


def test_index_counts_what_it_did(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE, LEXICON)
    assert out("index", "corpus", folder=folder) == ""
    said = call("index", "corpus", folder=folder, check=0).stderr.decode()
    assert said == "added 0, updated 0, removed 0, unchanged 2, failed 0\n"
    (folder / "corpus" / NOTICE).write_text("# 通知\n\n全部改写。\n", encoding="utf-8")
    (folder / "corpus" / LEXICON).unlink()
    said = call("index", folder=folder, check=0).stderr.decode()
    assert said == "added 0, updated 1, removed 1, unchanged 0, failed 0\n"
    said = call("rebuild", folder=folder, check=0).stderr.decode()
    assert said == "rebuilt: added 1, updated 0, removed 0, unchanged 0, failed 0\n"


def test_files_that_cannot_be_read_fail_alone_and_the_status_is_2(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE)
    (folder / "corpus" / "scan.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "corpus" / "report.pdf").write_bytes(b"%PDF-1.7")
    (folder / "corpus" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    lines = err("index", "corpus", folder=folder).splitlines()
    assert lines[0].startswith("failed: corpus/report.pdf: ")
    assert lines[1].startswith("failed: corpus/scan.txt: ")
    assert lines[2:] == [
        "passed over 1 file whose names are not those of documents: 1 .jpg",
        "added 1, updated 0, removed 0, unchanged 0, failed 2",
    ]
    assert out("数据安全", "-l", folder=folder) == f"corpus/{NOTICE}\n"
    doctor = call("doctor", folder=folder, check=2)
    assert "files that could not be read (2):\n  corpus/report.pdf: " in doctor.stdout.decode()
    assert doctor.stderr == b""


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_fails_alone(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE, LEXICON)
    (folder / "corpus" / LEXICON).chmod(0)
    said = err("index", "corpus", folder=folder)
    assert f"failed: corpus/{LEXICON}: not allowed to read it" in said
    assert said.endswith("added 1, updated 0, removed 0, unchanged 0, failed 1\n")


@pytest.mark.parametrize("command", ["index", "rebuild"])
def test_a_path_that_does_not_exist_is_an_error_and_makes_no_index(tmp_path: Path, command: str) -> None:
    said = err(command, "corpse", folder=tmp_path)
    assert said == ("error: there is no file or folder corpse\nCheck the spelling, and the folder you are in.\n")
    assert not (tmp_path / "index").exists()


def test_a_folder_with_other_files_is_never_taken_for_an_index(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE)
    said = err("--index", "corpus", "index", "corpus", folder=folder)
    assert "corpus is no index and holds other files" in said
    assert "--index DIR" in said
    assert [path.name for path in (folder / "corpus").iterdir()] == [NOTICE]


def test_remove_by_path_and_by_id(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE, LEXICON, "青川港区要闻摘编.txt")
    call("index", "corpus", folder=folder, check=0)
    ids = {row.split("\t")[0]: row.split("\t")[2:] for row in out("list", folder=folder).splitlines()}
    one, title = next((identifier, row[0]) for identifier, row in ids.items() if row[1].endswith("要闻摘编.txt"))
    assert call("remove", f"corpus/{NOTICE}", folder=folder, check=0).stderr == b"removed 1 article\n"
    said = call("remove", one, folder=folder, check=0).stderr.decode()
    assert said == f"removed 1 article\n  {title}\n"
    assert len(out("list", folder=folder).splitlines()) == len(ids) - 2
    said = err("remove", "nothing.txt", f"corpus/{LEXICON}", folder=folder)
    assert said.startswith("error: nothing indexed has the path or the id nothing.txt\n")
    assert len(out("list", folder=folder).splitlines()) == len(ids) - 2
    assert (folder / "corpus" / NOTICE).is_file()


def test_doctor_names_changed_missing_and_new_files(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE, LEXICON)
    call("index", "corpus", folder=folder, check=0)
    (folder / "corpus" / NOTICE).write_text("另一篇。\n", encoding="utf-8")
    (folder / "corpus" / LEXICON).rename(folder / "corpus" / "新名.txt")
    said = call("doctor", folder=folder, check=2).stdout.decode()
    assert f"files that have changed since they were indexed (1):\n  corpus/{NOTICE}\n" in said
    assert f"files that are gone (1):\n  corpus/{LEXICON}\n" in said
    assert "files that are not indexed yet (1):\n  corpus/新名.txt\n" in said
    assert "Bring the index up to date with: policy-search index\n" in said
    call("index", folder=folder, check=0)
    assert call("doctor", folder=folder, check=0).stdout.decode().endswith("sound and up to date.\n")


# ---- which index, which engine


def test_a_command_that_is_named_repeats_the_option_that_names_the_index(tmp_path: Path) -> None:
    """Guards against hints that, copied as they stand, lead to another index."""
    folder = with_samples(tmp_path, NOTICE)
    option = ("--index", "my index")
    program = "policy-search --index 'my index'"
    assert err(*option, "list", folder=folder).endswith(f"Make one with: {program} index FOLDER\n")
    call("index", "corpus", *option, folder=folder, check=0)
    assert err("show", "zzzz", *option, folder=folder).endswith(f"See the ids with: {program} list\n")
    assert f"the command “stats”? {program} stats\n" in err(*option, "statsu", folder=folder, check=1)
    (folder / "corpus" / "new.txt").write_text("新的一篇。\n", encoding="utf-8")
    said = out("doctor", *option, folder=folder, check=2)
    assert f"Bring the index up to date with: {program} index\n" in said
    unnamed = out("doctor", folder=folder, check=2, POLICY_SEARCH_INDEX="my index")
    assert "up to date with: policy-search index\n" in unnamed


def test_the_index_is_the_option_then_the_variable_then_the_folder(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE)
    call("index", "corpus", "--index", "a", folder=folder, check=0, POLICY_SEARCH_INDEX="b")
    assert sorted(path.name for path in folder.iterdir()) == ["a", "corpus"]
    call("index", "corpus", folder=folder, check=0, POLICY_SEARCH_INDEX="b")
    call("index", "corpus", folder=folder, check=0)
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b", "corpus", "index"]
    call("--index=c", "index", "corpus", folder=folder, check=0)
    assert (folder / "c").is_dir()
    out("remove", f"corpus/{NOTICE}", "--index", "b", folder=folder)
    assert out("数据安全", "--count", folder=folder, check=1, POLICY_SEARCH_INDEX="b").startswith("articles: 0")
    assert out("数据安全", "--count", "--index", "a", folder=folder, POLICY_SEARCH_INDEX="b").startswith("articles: 1")
    assert out("--index", "a", "数据安全", "--count", folder=folder, POLICY_SEARCH_INDEX="b").startswith("articles: 1")


def test_the_engine_is_the_option_then_the_variable_and_an_index_keeps_its_own(tmp_path: Path) -> None:
    folder = with_samples(tmp_path, NOTICE)

    def engine_of(index: str) -> str:
        return str(json.loads(out("stats", "--json", "--index", index, folder=folder))["engine"])

    for_tests = {"POLICY_SEARCH_ENGINE": "memory"}
    call("index", "corpus", "--index", "a", "--engine", "whoosh", folder=folder, check=0, **for_tests)
    call("index", "corpus", "--index", "b", folder=folder, check=0, **for_tests)
    call("index", "corpus", "--index", "c", folder=folder, check=0)
    assert [engine_of(name) for name in "abc"] == ["whoosh", "memory", engines.default()]
    call("index", "corpus", "--index", "b", "--engine", "whoosh", folder=folder, check=0)
    assert engine_of("b") == "memory"
    kept = "The index in b keeps its engine, memory. To change it: policy-search --index b rebuild --engine whoosh\n"
    assert kept in call("index", "--index", "b", "--engine", "whoosh", folder=folder, check=0).stderr.decode()
    assert call("数据安全", "--index", "b", "--engine", "whoosh", folder=folder, check=0).stderr.decode() == kept
    assert "keeps" not in call("数据安全", "--index", "b", folder=folder, check=0, **for_tests).stderr.decode()
    assert "'memory' is not" in err("index", "corpus", "--engine", "memory", folder=folder)
    assert "'lucene' is not" in err("index", "corpus", "--engine", "lucene", folder=folder)
    said = err("index", "corpus", "--index", "d", folder=folder, POLICY_SEARCH_ENGINE="lucene")
    assert said.startswith("error: there is no engine called “lucene”\nChoose one of: ")


# ---- streams


def test_no_colour_and_no_control_in_a_pipe(indexed: Path) -> None:
    for command in (("数据安全",), ("list",), ("stats",), ("doctor",), ("show", "--help")):
        done = call(*command, folder=indexed, check=0, TERM="xterm-256color")
        assert b"\x1b" not in done.stdout + done.stderr


def test_no_color_takes_the_colours_and_leaves_the_rest(indexed: Path) -> None:
    forced = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    coloured = call("数据安全", folder=indexed, check=0, **forced).stdout.decode()
    plain = call("数据安全", folder=indexed, check=0, NO_COLOR="1", **forced).stdout.decode()
    assert "\x1b[1;31m" in coloured
    assert not re.search(r"\x1b\[[\d;]*3\dm", plain)


@posix
@pytest.mark.parametrize("form", [(), ("--json",), ("--jsonl",)])
def test_a_closed_pipe_is_no_error(tmp_path: Path, form: tuple[str, ...]) -> None:
    (tmp_path / "corpus").mkdir()
    text = "\n".join(f"第{number}条 数据安全责任人应当登记。" * 20 for number in range(400))
    (tmp_path / "corpus" / "long.txt").write_text(text, encoding="utf-8")
    call("index", "corpus", folder=tmp_path, check=0)
    command = [sys.executable, "-c", "from searcher.cli import main; main()", "数据安全", "--paragraphs", "999", *form]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


@posix
@pytest.mark.parametrize(
    "args",
    [("list",), ("list", "--json"), ("stats",), ("doctor",), ("数据", "--count"), ("数据", "-l"), ("数据",),
     ("--help",), ("show", "--help"), ("饕餮", "--json")],
    ids=" ".join,
)  # fmt: skip
def test_a_pipe_that_was_closed_before_is_no_error(indexed: Path, args: tuple[str, ...]) -> None:
    """Guards against status 1 of short outputs: only what was flushed in between used to be taken for a closed pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from searcher.cli import main; main()", *args]
    done = subprocess.run(command, cwd=indexed, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"rror" not in done.stderr


@posix
def test_a_full_disk_is_an_error(indexed: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = [sys.executable, "-c", "from searcher.cli import main; main()", "list"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=indexed, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_a_locale_without_chinese_is_no_reason_to_fail(indexed: Path, environment: dict[str, str]) -> None:
    done = call("数据安全", folder=indexed, check=0, **environment)
    assert b"2 articles" in done.stdout
    assert done.stderr == b""
    assert call("饕餮", folder=indexed, check=1, **environment).stderr == b"Nothing found.\n"


@posix
def test_a_query_that_is_no_text_is_an_answer_or_an_error(indexed: Path) -> None:
    done = call(b"\xff\xfe\xb9\xa4", folder=indexed)
    assert done.returncode in (1, 2)
    assert b"Traceback" not in done.stderr


@posix
def test_a_file_name_that_is_no_utf_8_is_indexed_like_any_other(tmp_path: Path) -> None:
    """Guards against a traceback, and no index at all, where one name of many came out of an old ZIP archive."""
    folder = with_samples(tmp_path, NOTICE)
    name = "关于安全.txt".encode("gb18030")
    try:
        with open(os.fsencode(folder) + b"/corpus/" + name, "wb") as file:  # noqa: PTH123  # Path takes no bytes
            file.write("数据安全很重要。\n".encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    done = call("数据安全", "-l", folder=folder, check=0)
    assert set(done.stdout.splitlines()) == {b"corpus/" + name, f"corpus/{NOTICE}".encode()}
    assert "\ufffd" in out("数据安全很重要", folder=folder)
    path = json.loads(out("数据安全很重要", "--jsonl", "-n", "1", folder=folder))["article"]["path"]
    assert os.fsencode(path) == b"corpus/" + name
    assert call("doctor", folder=folder, check=0).stderr == b""
    assert call("index", "corpus", folder=folder, check=0).stderr.startswith(b"added 0, updated 0, removed 0, unch")
    assert call("remove", b"corpus/" + name, folder=folder, check=0).stderr == b"removed 1 article\n"


def test_json_lines_are_one_object_each(indexed: Path) -> None:
    lines = out("数据", "--jsonl", folder=indexed).splitlines()
    assert [json.loads(line)["rank"] for line in lines] == [1, 2]


# ---- text that would act


NASTY = "数据[red]安全[/x] :smile: \x1b[31m红\x1b]0;题\x07 \x9b5m \u202e倒\u2066置\u200b \x08\x7f [link=x]尾[/link]"


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasty")
    (folder / "corpus").mkdir()
    text = f"关于[bold]数据安全[/bold]的\u202e通知\n\n{NASTY}。这是正文的第一段，用来检查。\n\n第二段也在这里。\n"
    (folder / "corpus" / "[red]nasty.txt").write_text(text, encoding="utf-8")
    call("index", "corpus", folder=folder, check=0)
    return folder


@pytest.mark.parametrize("terminal", [{}, {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}])
def test_text_is_shown_as_text_and_never_acted_on(nasty: Path, terminal: dict[str, str]) -> None:
    identifier = out("list", folder=nasty).split("\t")[0]
    for command in (("正文",), ("show", identifier), ("list",), ("正文", "--json"), ("正文", "--jsonl")):
        printed = call(*command, folder=nasty, check=0, **terminal).stdout.decode()
        assert not set("\x07\x08\x7f\x9b\u202e\u2066") & set(printed)
        assert "\x1b[31m红" not in printed
        assert "\x1b]0;" not in printed
    shown = out("show", identifier, folder=nasty)
    for text in ("数据[red]安全[/x] :smile: ", "[link=x]尾[/link]", "[bold]数据安全[/bold]", "corpus/[red]nasty.txt"):
        assert text in shown


def test_json_gives_the_text_as_it_is(nasty: Path) -> None:
    identifier = out("list", folder=nasty).split("\t")[0]
    texts = [
        paragraph["text"] for paragraph in json.loads(out("show", identifier, "--json", folder=nasty))["paragraphs"]
    ]
    (held,) = (text for text in texts if "smile" in text)
    assert "\x1b[31m红" in held
    assert "\u202e倒\u2066置" in held
