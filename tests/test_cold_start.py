"""What a plain search imports: each module costs its time at every cold start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from searcher import Index
from tests.cli import with_samples

NOTICE = "青川港区要闻摘编.txt"
# What takes long to load and has nothing to do with answering a query.
NEVER = {
    "chardet", "filelock", "importlib.resources", "jieba", "logging", "lxml", "multiprocessing", "numpy", "pypinyin",
    "rapidfuzz", "rjieba", "trafilatura", "zipfile",
} | ({"platformdirs"} if sys.platform == "linux" else set())  # fmt: skip
# The rooms of the package that a search opens, and no others.
FOR_SEARCH = {
    "analyzer", "asked", "blocks", "cachedir", "catalogue", "connection", "cutting", "dates", "details", "engines",
    "errors", "expansion", "explaining", "faceting", "gains", "generation", "highlight", "index", "keys", "layout",
    "lexer", "matching", "models", "naming", "numbers", "numerals", "query", "ranking", "rows", "same_title", "scope",
    "scoring", "searching", "segmenter", "shortlist", "showing", "snapshot", "standing", "store", "tree", "units",
}  # fmt: skip
ENGINES = {
    "engines.files", "engines.postings", "engines.tantivy", "engines.tantivy_files", "engines.tantivy_queries",
    "engines.tantivy_reader", "engines.whoosh", "engines.whoosh_reader", "engines.whoosh_schema",
    "engines.whoosh_segment",
}  # fmt: skip
FOR_FEW_HITS = {"pinyin", "suggestion"}
FOR_COMMANDS = {"arguments", "cli", "cli_search", "cli_similar", "history", "messages", "reading_options", "wrapping"}
FOR_PRINTING = {"drawing", "render", "render_details"}


@pytest.fixture(params=["whoosh", "tantivy"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with documents and an index of an engine."""
    with_samples(tmp_path, NOTICE)
    with Index.open(tmp_path / "index", create=True, engine=request.param) as index:
        index.update(tmp_path / "corpus")
    return tmp_path


def loaded_by(code: str, folder: Path, **environment: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code, and not before."""
    shown = f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", shown], cwd=folder, capture_output=True, check=True, text=True,
        env=os.environ | environment,
    )  # fmt: skip
    return set(done.stderr.split())


def command(*args: str) -> str:
    """Return code that runs policy-search."""
    run = f"try: main({args!r})\nexcept SystemExit as done: assert done.code == 0, done.code"
    return f"from searcher.cli import main\n{run}"


def rooms(loaded: set[str]) -> set[str]:
    return {name.removeprefix("searcher.") for name in loaded if name.startswith("searcher.")}


def test_a_search_by_a_script_loads_what_it_needs(folder: Path) -> None:
    code = "import searcher\nwith searcher.Index.open('index') as index: assert index.search('数据共享')"
    loaded = loaded_by(code, folder)
    assert loaded & (NEVER | {"click", "rich", "difflib"}) == set()
    assert rooms(loaded) - FOR_SEARCH - ENGINES == set()


def test_the_package_itself_loads_nothing(folder: Path) -> None:
    assert rooms(loaded_by("import searcher", folder)) == set()


def test_a_search_by_the_command_line_loads_what_it_needs(folder: Path) -> None:
    loaded = loaded_by(command("数据共享", "--json"), folder)
    assert loaded & (NEVER | {"rich", "difflib"}) == set()
    assert rooms(loaded) - FOR_SEARCH - ENGINES - FOR_COMMANDS - FOR_FEW_HITS == {"jsonout"}


def test_a_search_that_is_printed_to_a_pipe_loads_no_rich(folder: Path) -> None:
    loaded = loaded_by(command("数据共享"), folder)
    assert loaded & (NEVER | {"rich", "difflib"}) == set()
    assert rooms(loaded) - FOR_SEARCH - ENGINES - FOR_COMMANDS - FOR_FEW_HITS == FOR_PRINTING


def test_a_search_that_is_printed_to_a_terminal_loads_rich(folder: Path) -> None:
    loaded = loaded_by(command("数据共享"), folder, FORCE_COLOR="1")
    assert loaded & NEVER == set()
    assert rooms(loaded) - FOR_SEARCH - ENGINES - FOR_COMMANDS - FOR_FEW_HITS == FOR_PRINTING | {"terminal"}
    assert "rich" in loaded


def test_only_the_engine_of_the_index_is_loaded(folder: Path) -> None:
    with Index.open(folder / "index") as index:
        used = index.engine
    code = "import searcher\nwith searcher.Index.open('index') as index: index.search('数据')"
    assert loaded_by(code, folder) & {"whoosh", "tantivy"} == {used}
