"""Every command and its options: what is printed where, and the exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from searcher import Index
from searcher.cli import cli
from searcher.engines import default
from tests.cli import Run, Said, with_samples

COMMANDS = ("search", "index", "rebuild", "remove", "show", "list", "stats", "doctor")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the sample documents and their index, for tests that change nothing."""
    folder = with_samples(tmp_path_factory.mktemp("cli"))
    with Index.open(folder / "index", create=True) as index:
        index.update(folder / "corpus")
    return folder


# ---- searching


def test_a_bare_query_is_a_search(run: Run, indexed: Path) -> None:
    bare, named = run("工业互联网", "-l", folder=indexed), run("search", "工业互联网", "-l", folder=indexed)
    assert bare == named
    assert bare.status == 0
    assert bare.err == ""


@pytest.mark.parametrize("args", [("工业互联网", "安全", "--count"), ("工业互联网 安全", "--count")])
def test_words_may_be_one_argument_or_several(run: Run, indexed: Path, args: tuple[str, ...]) -> None:
    assert run(*args, folder=indexed).out == "articles: 19\nparagraphs: 82\npartial: 9\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_query_that_equals_a_command_is_searched_by_search(run: Run, indexed: Path, command: str) -> None:
    assert run("search", command, "--count", folder=indexed).out == "articles: 0\nparagraphs: 0\npartial: 0\n"


def test_a_word_with_a_minus_is_left_out_and_is_no_option(run: Run, indexed: Path) -> None:
    every = set(run("工业互联网", "-l", folder=indexed).out.splitlines())
    without = set(run("工业互联网", "-德国", "-l", folder=indexed).out.splitlines())
    german = set(run("工业互联网", "德国", "-l", folder=indexed).out.splitlines())
    assert without < every
    assert "corpus/德國工業4.0與工業互聯網_專欄.txt" in german - without
    assert run("--", "工业互联网", "-德国", folder=indexed).status == 0
    assert set(run("工业互联网", "-5G", "-l", folder=indexed).out.splitlines()) < every


def test_a_negative_number_for_an_option_is_named_as_it_was_typed(run: Run, indexed: Path) -> None:
    said = run("工业", "--offset", "-1", folder=indexed)
    assert said.status == 2
    assert "-1 is not in the range" in said.err


def test_limit_and_offset_page_through_the_same_list(run: Run, indexed: Path) -> None:
    def ids(*args: str) -> list[str]:
        lines = run("数据", "--jsonl", *args, folder=indexed).out.splitlines()
        return [json.loads(line)["article"]["id"] for line in lines]

    every = ids("-n", "100")
    assert len(every) > 12
    assert len(ids()) == 10
    assert ids("-n", "5") + ids("--limit", "5", "--offset", "5") == every[:10]
    assert ids("--offset", "1000") == []


def test_sorting_by_date(run: Run, indexed: Path) -> None:
    def dates(order: str) -> list[str]:
        said = run("工业互联网", "--sort", order, "--jsonl", "-n", "100", folder=indexed)
        found = [json.loads(line)["article"]["date"] for line in said.out.splitlines()]
        return [date for date in found if date]

    assert dates("date") == sorted(dates("date"))
    assert dates("-date") == sorted(dates("date"), reverse=True)


def test_filters_by_date_and_issuer_and_place(run: Run, indexed: Path) -> None:
    def paths(*args: str) -> list[str]:
        return run(*args, "-l", folder=indexed).out.splitlines()

    assert set(paths("工业互联网", "--since", "2021", "--until", "2021-11")) == {
        "corpus/bulletin-2021-green.txt",
        "corpus/ic-forum-20210520.htm",
        "corpus/stat-bulletin-yunling-2020.md",
        "corpus/云岭市数字经济发展规划（2021—2025年）.txt",
        "corpus/青川港区数据安全检查通知.md",
    }
    assert paths("数据", "--issuer", "青川港区管理委员会") == ["corpus/青川港区数据安全检查通知.md"]
    in_title = paths("工业互联网", "--in", "title")
    assert "corpus/bulletin-2021-green.txt" in in_title
    assert set(in_title) < set(paths("工业互联网", "--in", "all"))
    assert set(paths("工业互联网", "--in", "body")) <= set(paths("工业互联网"))


def test_paragraphs_and_context(run: Run, indexed: Path) -> None:
    def lines(*args: str) -> list[int]:
        hit = json.loads(run("超低排放", "--jsonl", "-n", "1", *args, folder=indexed).out)
        return [paragraph["ordinal"] for paragraph in hit["paragraphs"]]

    plain = lines("--paragraphs", "1")
    assert len(plain) == 1
    assert set(lines("--paragraphs", "1", "--context", "1")) > set(plain)
    assert lines("--paragraphs", "0") == []


def test_count_prints_the_totals_only(run: Run, indexed: Path) -> None:
    counted = run("工业互联网", "--count", folder=indexed)
    total = json.loads(run("工业互联网", "--json", folder=indexed).out)["total"]
    assert counted.out == "".join(f"{name}: {number}\n" for name, number in total.items())


def test_paths_are_printed_once_each_and_only_of_full_matches(run: Run, indexed: Path) -> None:
    said = run("工业互联网 安全", "-l", "-n", "100", folder=indexed)
    paths = said.out.splitlines()
    assert len(paths) == len(set(paths)) > 8
    assert all((indexed / path).is_file() for path in paths)
    hits = [
        json.loads(line) for line in run("工业互联网 安全", "--jsonl", "-n", "100", folder=indexed).out.splitlines()
    ]
    assert set(paths) == {hit["article"]["path"] for hit in hits if not hit["partial"]}


def test_nothing_found_is_status_1_and_says_so_on_stderr(run: Run, indexed: Path) -> None:
    assert run("饕餮", folder=indexed) == Said(1, "", "Nothing found.\n")
    assert run("饕餮", "--count", folder=indexed) == Said(1, "articles: 0\nparagraphs: 0\npartial: 0\n", "")
    assert run("饕餮", "--jsonl", folder=indexed) == Said(1, "", "")
    assert run("饕餮", "-l", folder=indexed) == Said(1, "", "")
    said = run("饕餮", "--json", folder=indexed)
    assert said.status == 1
    assert json.loads(said.out)["hits"] == []


def test_json_with_count_leaves_the_hits_out(run: Run, indexed: Path) -> None:
    answer = json.loads(run("工业互联网", "--json", "--count", folder=indexed).out)
    assert answer["hits"] == []
    assert answer["total"]["articles"] > 8


@pytest.mark.parametrize("pair", [("--json", "--jsonl"), ("--jsonl", "-l"), ("--count", "-l"), ("--json", "-l")])
def test_two_forms_of_output_are_an_error(run: Run, indexed: Path, pair: tuple[str, str]) -> None:
    said = run("工业", *pair, folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert "cannot be used together" in said.err


@pytest.mark.parametrize(
    ("query", "message", "mark"),
    [
        ("工业 OR", "error: a word is missing after this\n", "\n  工业 OR\n       ^^\n"),
        ('工业 "互联网', "error: this quote is not closed\n", '\n  工业 "互联网\n       ^\n'),
        ("(工业", "error: this bracket is not closed\n", "\n  (工业\n  ^\n"),
        ("日期:昨天", "error: “昨天” is no date\n", "\n  日期:昨天\n       ^^^^\n"),
        ("", "error: the query is empty\n", 'policy-search "工业互联网 安全"\n'),
        ("  ", "error: the query is empty\n", 'policy-search "工业互联网 安全"\n'),
    ],
)
def test_an_error_in_a_query_is_pointed_at(run: Run, indexed: Path, query: str, message: str, mark: str) -> None:
    said = run(query, folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(message)
    assert mark in said.err


def test_a_long_query_is_shown_only_around_the_error(run: Run, indexed: Path) -> None:
    said = run("工业" * 200 + ' "' + "数据" * 200, folder=indexed)
    line, marks = said.err.splitlines()[1:3]
    assert line.startswith("  …")
    assert line.endswith("…")
    assert len(line) < 80
    assert marks.endswith("^")


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_bad_date_is_an_error_with_a_hint(run: Run, indexed: Path, option: str) -> None:
    said = run("工业", option, "2018-13", folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert "is no date" in said.err
    assert "Write 2018, 2018-05 or 2018-05-21." in said.err


# ---- typos


def test_a_typo_in_an_option_names_the_right_one(run: Run, indexed: Path) -> None:
    said = run("工业", "--limt", "3", folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert "--limit" in said.err


def test_an_unknown_short_option_tells_how_to_leave_a_word_out(run: Run, indexed: Path) -> None:
    said = run("工业", "-AI", folder=indexed)
    assert said.status == 2
    assert said.err.endswith("To leave out a word that begins with a letter, write: NOT word\n")


@pytest.mark.parametrize(("typo", "meant"), [("indx", "index"), ("statsu", "stats"), ("rebuld", "rebuild")])
def test_a_typo_in_a_command_is_searched_and_the_command_named(run: Run, indexed: Path, typo: str, meant: str) -> None:
    said = run(typo, folder=indexed)
    assert said == Said(1, "", f"Nothing found.\nDid you mean the command “{meant}”? policy-search {meant}\n")


# ---- looking at an index


def test_show_by_id_or_its_beginning(run: Run, indexed: Path) -> None:
    identifier = json.loads(run("碳达峰", "--jsonl", "-n", "1", folder=indexed).out)["article"]["id"]
    whole, short = run("show", identifier, folder=indexed), run("show", identifier[:6], folder=indexed)
    assert whole == short == run("show", identifier.upper(), folder=indexed)
    assert (whole.status, whole.err) == (0, "")
    assert identifier in whole.out


def test_show_one_paragraph(run: Run, indexed: Path) -> None:
    hit = json.loads(run("超低排放", "--jsonl", "-n", "1", folder=indexed).out)
    identifier, wanted = hit["article"]["id"], hit["paragraphs"][0]
    said = run("show", identifier, "--paragraph", str(wanted["ordinal"]), folder=indexed)
    assert said == Said(0, wanted["text"] + "\n", "")
    beyond = run("show", identifier, "--paragraph", "9999", folder=indexed)
    assert (beyond.status, beyond.out) == (2, "")
    assert "has no paragraph 9999\nIts paragraphs are 0 to " in beyond.err


def test_one_paragraph_and_what_was_taken_out_are_not_shown_together(run: Run, indexed: Path) -> None:
    said = run("show", "a", "--paragraph", "0", "--removed", folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert "--paragraph and --removed cannot be used together" in said.err


def test_show_what_was_taken_out_of_the_file(run: Run, indexed: Path) -> None:
    identifier = next(
        article["id"]
        for article in json.loads(run("list", "--json", folder=indexed).out)["articles"]
        if article["path"].endswith("news-20200611-industrial-internet-week.html")
    )
    plain, more = run("show", identifier, folder=indexed), run("show", identifier, "--removed", folder=indexed)
    assert more.out.startswith(plain.out)
    assert "taken out of the file (" in more.out
    removed = json.loads(run("show", identifier, "--removed", "--json", folder=indexed).out)["removed"]
    assert removed
    assert all(set(item) == {"text", "line", "reason"} for item in removed)
    lines = [item["line"] for item in removed]
    assert lines == sorted(lines)


def test_an_unknown_and_an_ambiguous_id(run: Run, indexed: Path) -> None:
    unknown = run("show", "zzzz", folder=indexed)
    assert unknown == Said(2, "", "error: no article has the id zzzz\nSee the ids with: policy-search list\n")
    ids = [article["id"] for article in json.loads(run("list", "--json", folder=indexed).out)["articles"]]
    letter = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    ambiguous = run("show", letter, folder=indexed)
    assert (ambiguous.status, ambiguous.out) == (2, "")
    assert f"several ids begin with {letter}: " in ambiguous.err
    assert "Write more of the id." in ambiguous.err


def test_list_prints_a_line_for_each_article_parted_by_tabs(run: Run, indexed: Path) -> None:
    said = run("list", folder=indexed)
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert said.err == f"{len(rows)} articles\n"
    assert {len(row) for row in rows} == {4}
    listed = json.loads(run("list", "--json", folder=indexed).out)["articles"]
    assert [[row[0], *row[2:]] for row in rows] == [[item["id"], item["title"], item["path"]] for item in listed]
    assert [row[1].removesuffix(" (inferred)") for row in rows] == [item["date"] or "" for item in listed]
    inferred = next(row for row in rows if row[1].endswith(" (inferred)"))
    assert "date" in json.loads(run("show", inferred[0], "--json", folder=indexed).out)["inferred"]


def test_stats_as_text_and_as_json(run: Run, indexed: Path) -> None:
    text = dict(line.split(maxsplit=1) for line in run("stats", folder=indexed).out.splitlines())
    stats = json.loads(run("stats", "--json", folder=indexed).out)
    assert int(text["files"]) == stats["files"] == 28
    assert int(text["articles"]) == stats["articles"] == 37
    assert text["engine"] == stats["engine"] == default()
    assert stats["version"] == 1
    assert stats["roots"] == ["corpus"]


def test_doctor_of_a_sound_index(run: Run, indexed: Path) -> None:
    said = run("doctor", folder=indexed)
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("The index is sound and up to date.\n")
    assert json.loads(run("doctor", "--json", folder=indexed).out)["sound"] is True


def test_help_names_every_command(indexed: Path) -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    assert all(f"\n  {command} " in result.output for command in COMMANDS)
    assert "..." not in result.output.split("Commands:")[1]  # no summary is cut short


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run: Run, indexed: Path, command: str) -> None:
    said = run(command, "--help", folder=indexed)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"Usage: policy-search {command}")


def test_help_is_a_command_too(run: Run, indexed: Path) -> None:
    assert run("help", folder=indexed) == run("--help", folder=indexed)
    assert run("help", "show", folder=indexed) == run("show", "--help", folder=indexed)
    assert run("help", "饕餮", folder=indexed) == Said(1, "", "Nothing found.\n")


def test_a_partial_match_of_one_word_holds_parts_of_it(run: Run, indexed: Path) -> None:
    """Guards against a summary that speaks of words where the query is one run of characters."""
    one = run("工业互联网饕餮", folder=indexed).out
    assert re.search(r"\bno article with exactly this text, \d+ with parts of it · ", one)
    assert " · parts of the text\n" in one
    several = run("工业互联网 饕餮", folder=indexed).out
    assert re.search(r"no article with all of the words, \d+ with some of them · ", several)
    assert " · some of the words\n" in several


def test_without_a_query_help_is_shown(run: Run, indexed: Path) -> None:
    assert run(folder=indexed).out.startswith("Usage: policy-search [OPTIONS]")
    assert run("--version", folder=indexed).out.startswith("policy-search ")


@pytest.mark.parametrize("command", ["index", "rebuild", "remove"])
def test_an_empty_path_is_not_the_current_folder(run: Run, indexed: Path, command: str) -> None:
    """An unset variable in quotes once took everything out."""
    said = run(command, "", folder=indexed)
    assert said.status == 2
    assert "path is empty" in said.err
    assert json.loads(run("stats", "--json", folder=indexed).out)["articles"] > 0
