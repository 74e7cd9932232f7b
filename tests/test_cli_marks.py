"""Marks that may be taken for operators, options before a command, and what is left beyond the last result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searcher import Index
from tests.cli import Run, Said, with_samples


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the sample documents and their index, for tests that change nothing."""
    folder = with_samples(tmp_path_factory.mktemp("marks"))
    with Index.open(folder / "index", create=True) as index:
        index.update(folder / "corpus")
    return folder


# ---- operators and marks that are none


@pytest.mark.parametrize(
    ("query", "typed", "operator"),
    [
        ("云计算 or 饕餮", "or", "OR"),
        ("云计算 Or 饕餮", "Or", "OR"),
        ("云计算 and 饕餮", "and", "AND"),
        ("饕餮 not 云计算", "not", "NOT"),
        ("not 饕餮", "not", "NOT"),
        ("饕餮 ｏｒ 云计算", "ｏｒ", "OR"),
    ],
)
def test_an_operator_in_lower_case_is_a_word_and_the_operator_named(
    run: Run, indexed: Path, query: str, typed: str, operator: str
) -> None:
    said = run(query, folder=indexed)
    assert f"“{typed}” is read as a word. For the operator write {operator} in capitals.\n" in said.err
    assert run(query, "--json", folder=indexed).err == ""


@pytest.mark.parametrize("query", ["饕餮 or", "or 饕餮", '饕餮 "or" 云计算', "饕餮 OR 穷奇", "饕餮 ＯＲ 穷奇", "or"])
def test_what_cannot_be_an_operator_is_none(run: Run, indexed: Path, query: str) -> None:
    assert "capitals" not in run(query, folder=indexed).err


@pytest.mark.parametrize("dash", ["–", "−", "—", "－"])
def test_a_dash_before_a_word_leaves_it_out_as_a_minus_does(run: Run, indexed: Path, dash: str) -> None:
    without = run("工业互联网", "-德国", "-l", folder=indexed).out
    assert run("工业互联网", f"{dash}德国", "-l", folder=indexed).out == without
    assert without != run("工业互联网", "-l", folder=indexed).out


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("工业*", "not in 工业*. 工业 is found in longer words as it is."),
        ("安全 ＊工业", "not in ＊工业. 工业 is found in longer words as it is."),
        ("机关:港区*", "not in 机关:港区*. 机关:港区 is found in longer words as it is."),
        ("工业*平台", "not in 工业*平台. Part it with a space."),
        ("工?互联网", "“?” stands for no character: 工?互联网 is read as 工 互联网"),
        ("工业 !德国", "“!” leaves nothing out. To leave out what is behind it, write: -德国"),
        ("工业 ！德国", "“!” leaves nothing out. To leave out what is behind it, write: -德国"),
        ("!“德国”", "“!” leaves nothing out. To leave out what is behind it, write: -“德国”"),
    ],
)
def test_a_mark_that_is_not_read_is_told(run: Run, indexed: Path, query: str, hint: str) -> None:
    said = run(query, folder=indexed)
    assert said.status in (0, 1)
    assert hint in said.err
    assert run(query, "--json", folder=indexed).err == ""


@pytest.mark.parametrize(
    "query", ["南政办发〔2023〕*", "“工业*”", "工业？ 平台", "什么是工业?", "好！工业", "工业 * 平台"]
)
def test_a_mark_that_is_read_or_only_ends_a_word_is_not(run: Run, indexed: Path, query: str) -> None:
    assert "“" not in run(query, folder=indexed).err


# ---- within results


def test_a_search_that_finds_nothing_leaves_the_results_to_look_within(run: Run, indexed: Path) -> None:
    run("数据", folder=indexed)
    assert run("饕餮", folder=indexed).status == 1
    assert run("饕餮", "--in-results", folder=indexed).status == 1
    said = run("安全", "--in-results", folder=indexed)
    assert said.status == 0
    assert said.err.endswith(" articles found by: 数据\n")


# ---- options before a command


@pytest.mark.parametrize(
    "options", [("--limit", "1"), ("--limit=1",), ("-n", "1"), ("-n1",), ("-l", "--index", "index"), ("--json",)]
)
def test_options_of_a_search_may_stand_before_the_word_search(
    run: Run, indexed: Path, options: tuple[str, ...]
) -> None:
    before, behind = run(*options, "search", "数据", folder=indexed), run("search", "数据", *options, folder=indexed)
    if "--json" not in options:
        assert before.out.splitlines()[:3] == behind.out.splitlines()[:3] != []
    assert before.status == behind.status == 0
    if "--json" in options:
        assert json.loads(before.out)["query"] == "数据"


@pytest.mark.parametrize(
    ("args", "behind"),
    [
        (("-n", "3", "similar", "3gdl"), "similar … -n 3"),
        (("--json", "stats"), "stats … --json"),
        (("--index", "index", "--json", "list"), "list … --json"),
    ],
)
def test_options_before_another_command_are_an_error(
    run: Run, indexed: Path, args: tuple[str, ...], behind: str
) -> None:
    said = run(*args, folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert f"Options stand behind the command: policy-search {behind}\n" in said.err
    assert f"To search for the word {behind.split()[0]}: policy-search search " in said.err


def test_a_word_behind_the_first_is_no_command(run: Run, indexed: Path) -> None:
    assert run("-n", "1", "数据", "search", folder=indexed).status == 0
    assert run("-n", "1", "--", "stats", folder=indexed).err.startswith("Nothing found.\n")
    assert run("-德国", "search", folder=indexed).status in (0, 1)


# ---- a line for each article


def test_lines_of_json_say_what_is_left(run: Run, indexed: Path) -> None:
    total = json.loads(run("数据", "--json", folder=indexed).out)["total"]["articles"]
    first, later = (
        run("数据", "--jsonl", folder=indexed),
        run("数据", "--jsonl", "--offset", "2", "-n", "3", folder=indexed),
    )
    assert len(first.out.splitlines()) == 10
    assert first.err == f"1–10 of {total} articles. For more: -n N, --offset N\n"
    assert later.err == f"3–5 of {total} articles. For more: -n N, --offset N\n"
    assert run("数据", "--jsonl", "-n", "1000", folder=indexed).err == ""
    assert run("数据", "--jsonl", "-n", "0", folder=indexed) == Said(0, "", "")
    partial = run("数据 饕餮", "--jsonl", folder=indexed)
    assert " in part. For more: " in partial.err
