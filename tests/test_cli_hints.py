"""What the command line says where an option would do nothing, and where little is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searcher import Article, Index, Paragraph
from searcher.cli import cli
from searcher.hints import ELSEWHERE
from searcher.query import MAX_DEPTH
from tests.cli import Run, Said, with_samples


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the sample documents and their index, for tests that change nothing."""
    folder = with_samples(tmp_path_factory.mktemp("hints"))
    with Index.open(folder / "index", create=True) as index:
        index.update(folder / "corpus")
    return folder


# ---- options that an output has no place for


def test_the_totals_are_printed_with_the_facets_below(run: Run, indexed: Path) -> None:
    """Guards against --count that took --facet and said nothing of it."""
    said = run("工业互联网", "--count", "--facet", "year", "--facet", "type", folder=indexed)
    totals, years, types = said.out.split("\n\n")
    assert totals.startswith("articles: ")
    assert years.startswith("year:\n")
    assert types.startswith("type:\n")
    read = json.loads(run("工业互联网", "--count", "--json", "--facet", "year", folder=indexed).out)
    shown = [line.split() for line in years.splitlines()[1:]]
    assert shown == [[str(value["count"]), value["value"] or "(none)"] for value in read["facets"]["year"]]
    assert said.status == 0


@pytest.mark.parametrize(
    ("output", "option"),
    [
        (("-l",), ("--facet", "year")),
        (("--jsonl",), ("--facet", "year")),
        (("-l",), ("--explain",)),
    ],
)
def test_an_option_that_an_output_cannot_show_is_refused(
    run: Run, indexed: Path, output: tuple[str, ...], option: tuple[str, ...]
) -> None:
    said = run("工业互联网", *output, *option, folder=indexed)
    assert (said.status, said.out) == (2, "")
    assert f"{option[0]} cannot be used with {output[0]}" in said.err.replace("--files-with-matches", "-l")
    assert "--json" in said.err


# ---- beyond the end


def test_skipping_everything_is_told_and_is_no_failure(run: Run, indexed: Path) -> None:
    total = json.loads(run("工业互联网", "--json", folder=indexed).out)["total"]["articles"]
    said = run("工业互联网", "--offset", "1000", folder=indexed)
    assert said.status == 0
    assert said.err == f"Nothing is left to show: only {total} articles match, and --offset skips 1,000.\n"
    paths = run("工业互联网", "-l", "--offset", "1000", folder=indexed)
    assert paths == Said(0, "", said.err)
    for form in ("--json", "--jsonl"):
        assert run("工业互联网", form, "--offset", "1000", folder=indexed).err == ""
    assert run("工业互联网", "--count", "--offset", "1000", folder=indexed).err == ""
    assert run("工业互联网", "-n", "0", "--offset", "3", folder=indexed).err == ""


def test_skipping_all_partial_matches_is_told_too(run: Run, indexed: Path) -> None:
    said = run("工业互联网 饕餮", "--offset", "1000", folder=indexed)
    assert said.status == 0
    assert " in part, and --offset skips 1,000.\n" in said.err
    nothing = run("饕餮", "--offset", "1000", folder=indexed)
    assert nothing == Said(1, "", "Nothing found.\n")


# ---- commands and fields that were misspelt


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("serach", "工业互联网"), "search 工业互联网"),
        (("idnex", "corpus"), "index corpus"),
        (("indx",), "index"),
        (("statsu",), "stats"),
        (("rebuld",), "rebuild"),
        (("Show", "k3jd82"), "show k3jd82"),
        (("serach", "(数据 OR 安全)"), "search '(数据 OR 安全)'"),
        (("serach 工业互联网",), "search 工业互联网"),
        (("-n", "3", "serach", "工业互联网", "-德国"), "search 工业互联网 -德国"),
    ],
)
def test_a_misspelt_command_is_searched_and_the_command_named(
    run: Run, indexed: Path, words: tuple[str, ...], meant: str
) -> None:
    said = run(*words, folder=indexed)
    name = meant.split()[0]
    assert f"Did you mean the command “{name}”? policy-search {meant}\n" in said.err
    assert run(*words, "--json", folder=indexed).err == ""


def test_a_misspelt_command_with_options_of_its_own_is_named_too(run: Run, indexed: Path) -> None:
    said = run("idnex", "corpus", "--jobs", "2", folder=indexed)
    assert said.status == 2
    assert said.err.endswith("Did you mean the command “index”?\n")
    assert "Did you mean the command" not in run("工业", "--jobs", "2", folder=indexed).err


def test_the_results_of_a_misspelt_command_stay(run: Run, indexed: Path) -> None:
    said = run("serach", "工业互联网", folder=indexed)
    assert said.status == 0
    assert "some of the words" in said.out


def test_a_word_that_is_found_or_was_named_as_a_query_is_no_misspelt_command(run: Run, indexed: Path) -> None:
    assert run("search", "indx", folder=indexed) == Said(1, "", "Nothing found.\n")
    assert run("饕餮", "indx", folder=indexed).err == "Nothing found.\n"
    assert run("工业互联网", folder=indexed).err == ""


@pytest.mark.parametrize(
    ("query", "typed", "meant"),
    [
        ("标提:工业", "标提", "标题:工业"),
        ("工业 标提：安全", "标提", "工业 标题：安全"),
        ("isuser:x", "isuser", "issuer:x"),
        ("Tilte:工业", "Tilte", "title:工业"),
        ("发文机:工业", "发文机", "发文机关:工业"),
        ("來原:工业", "來原", "来源:工业"),
        ("-标提:饕餮 饕餮", "标提", "-标题:饕餮 饕餮"),
        ("(标提:工业 饕餮)", "标提", "(标题:工业 饕餮)"),
    ],
)
def test_a_misspelt_field_is_searched_and_the_field_named(
    run: Run, indexed: Path, query: str, typed: str, meant: str
) -> None:
    said = run("--", query, folder=indexed)
    assert said.status in (0, 1)
    assert f"“{typed}” is no field. Did you mean: {meant}\n" in said.err


@pytest.mark.parametrize("query", ["饕餮:工业", "12:30饕餮", "http://饕餮", "标题:饕餮", '"标提:饕餮"', "甲:乙丙丁戊"])
def test_a_colon_is_not_always_behind_a_field(run: Run, indexed: Path, query: str) -> None:
    assert "is no field" not in run(query, folder=indexed).err


# ---- commands of other tools


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("update", "docs"), "index docs"),
        (("updat",), "index"),
        (("add", "docs"), "index docs"),
        (("get", "3gdl"), "show 3gdl"),
        (("Open", "3gdl"), "show 3gdl"),
        (("delete", "3gdl"), "remove 3gdl"),
        (("ls",), "list"),
        (("status",), "stats"),
    ],
)
def test_the_command_of_another_tool_names_ours(run: Run, indexed: Path, words: tuple[str, ...], meant: str) -> None:
    name = meant.split()[0]
    assert f"Did you mean the command “{name}”? policy-search {meant}\n" in run(*words, folder=indexed).err
    assert "the command" not in run("search", *words, folder=indexed).err


def test_what_other_tools_call_a_command_is_none_of_ours_and_means_one_of_them() -> None:
    assert not ELSEWHERE.keys() & cli.commands.keys()
    assert set(ELSEWHERE.values()) <= cli.commands.keys()


def test_a_command_that_is_a_word_of_the_index_too_is_named_once(run: Run, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Article(title="清单", paragraphs=(Paragraph("a list of documents"),))])
    said = run("lsit", folder=tmp_path)
    assert said.err == "Nothing found.\nDid you mean the command “list”? policy-search list\n"
    assert run("search", "lsit", folder=tmp_path).err == "Did you mean: list\nNothing found.\n"


# ---- bounds that let nothing through


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an index of three articles on food, of two issuers and a source."""
    folder = tmp_path_factory.mktemp("issued")
    text = (Paragraph("食品安全检查。"),)
    articles = [
        Article(record_id="甲", title="通知", date="2018-05-21", issuer="云岭市工业和信息化局", paragraphs=text),
        Article(record_id="乙", title="通告", date="2018-05-21", issuer="青川港务集团", paragraphs=text),
        Article(record_id="丙", title="公报", source="松原晚报", paragraphs=text),
    ]
    with Index.open(folder / "index", create=True) as index:
        index.add(articles)
    return folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("食品", "--since", "2030"), "3 articles match without --since 2030\n"),
        (("食品 日期:2030",), "3 articles match without 日期:2030\n"),
        (("食品 饕餮", "--until", "1990"), "3 articles match in part without --until 1990\n"),
        (("食品", "--issuer", "松原晚报", "--since", "2030"), "1 article matches without --since 2030\n"),
        (("食品", "--in", "title"), "3 articles match without --in title\n"),
        (("食品 标题:饕餮",), "3 articles match without 标题:饕餮\n"),
        (("标题:“饕餮” 食品",), "3 articles match without 标题:“饕餮”\n"),
        (("食品 日期:2030 标题:饕餮",), "3 articles match without 日期:2030 标题:饕餮\n"),
        (("饕餮", "--since", "2030"), ""),
        (("食品 -日期:2018 -标题:公报",), ""),
        (("饕餮 OR 日期:2030",), ""),
    ],
)
def test_a_bound_that_lets_nothing_through_is_named(run: Run, issued: Path, words: tuple[str, ...], said: str) -> None:
    assert run(*words, folder=issued) == Said(1, "", f"Nothing found.\n{said}")
    assert run(*words, "--json", folder=issued).err == ""


@pytest.mark.parametrize("bound", ["--issuer {}", "机关:{}"])
def test_an_issuer_that_no_document_has_is_told_with_those_that_are_near(run: Run, issued: Path, bound: str) -> None:
    near = run("食品", *bound.format("云岭市工信委").split(), folder=issued).err.splitlines()
    assert near == [
        "Nothing found.",
        "No issuer has “云岭市工信委” in its name. The nearest: 云岭市工业和信息化局",
        f"3 articles match without {bound.format('云岭市工信委')}",
    ]
    far = run("食品", *bound.format("不存在的局").split(), folder=issued).err.splitlines()
    assert far[1] == "No issuer has “不存在的局” in its name."
    known = run("饕餮", *bound.format("云岭市工信局").split(), folder=issued)
    assert known.err == "Nothing found.\n"


def test_an_issuer_alone_that_no_document_has_is_told(run: Run, issued: Path) -> None:
    said = run("机关:港务集团公司", folder=issued)
    assert said.err == "Nothing found.\nNo issuer has “港务集团公司” in its name. The nearest: 青川港务集团\n"


def test_a_query_that_can_hold_no_more_brackets_is_answered_all_the_same(run: Run, issued: Path) -> None:
    deep = "(" * MAX_DEPTH + "食品" + ")" * MAX_DEPTH
    said = run(deep, "--issuer", "不存在的局", folder=issued)
    assert said == Said(1, "", "Nothing found.\n3 articles match without --issuer 不存在的局\n")


# ---- an index that is empty, or is not there


def test_an_empty_index_says_so_and_what_to_do(run: Run, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True):
        pass
    wanted = "The index in index is empty. Add documents with: policy-search index PATH\n"
    assert run("工业互联网", folder=tmp_path) == Said(1, "", wanted)
    assert run("工业互联网", "-l", folder=tmp_path) == Said(1, "", wanted)
    assert run("工业互联网", "--count", folder=tmp_path).err == wanted
    assert run("工业互联网", "--json", folder=tmp_path).err == ""
    named = run("--index", "index", "工业互联网", folder=tmp_path)
    assert named.err.endswith("policy-search --index index index PATH\n")


def test_an_index_that_was_named_is_never_built_by_a_query(run: Run, tmp_path: Path) -> None:
    """Guards against a misspelt folder, in which the documents of corpus/ were indexed unasked."""
    folder = with_samples(tmp_path, "青川港区数据安全检查通知.md")
    for args in (("--index", "indx", "数据安全"), ("数据安全", "--index", "indx")):
        said = run(*args, folder=folder)
        assert (said.status, said.out) == (2, "")
        assert said.err == "error: there is no index in indx\nMake one with: policy-search --index indx index FOLDER\n"
        assert not (folder / "indx").exists()


def test_the_usual_places_are_built_by_the_first_query(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_samples(tmp_path, "青川港区数据安全检查通知.md")
    assert run("数据安全", folder=folder).status == 0
    monkeypatch.setenv("POLICY_SEARCH_INDEX", "mine")
    assert run("数据安全", folder=folder).err.startswith("There is no index in mine yet: indexing corpus/ first.\n")
    assert (folder / "mine").is_dir()


# ---- within results


def test_a_search_within_results_says_within_which(run: Run, indexed: Path) -> None:
    def total(*args: str) -> int:
        found: int = json.loads(run(*args, "--json", folder=indexed).out)["total"]["articles"]
        return found

    data = total("数据", "--since", "2020")
    said = run("安全", "--in-results", folder=indexed)
    assert said.err == f"Looking among the {data} articles found by: 数据 --since 2020\n"
    both = total("数据 安全", "--since", "2020")
    total("数据", "--since", "2020")
    run("安全", "--in-results", "--in", "body", "--no-expand", folder=indexed)
    said = run("企业", "--in-results", folder=indexed)
    assert 0 < both <= data
    assert said.err.endswith("articles found by: 数据 --since 2020, then: 安全 --in body --no-expand\n")


def test_the_one_article_that_was_found_is_counted_as_one(run: Run, indexed: Path) -> None:
    run("“超低排放” “煤”", folder=indexed)
    run("数据", "-l", folder=indexed)
    said = run("青港管办〔2021〕27号", "--in-results", folder=indexed)
    assert said.err.startswith("Looking among the ")
    said = run("检查", "--in-results", folder=indexed)
    assert ", then: 青港管办〔2021〕27号\n" in said.err
    assert "Looking among the 1 article found by: " in said.err
