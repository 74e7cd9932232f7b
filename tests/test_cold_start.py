"""What a plain search imports: each module costs its time at every cold start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from searcher import Index
from tests.cli import with_samples

NOTICE = "青川港区要闻摘编.txt"
# What takes long to load and has nothing to do with answering a query.
NEVER = {
    "chardet", "difflib", "filelock", "importlib.resources", "jieba", "lxml", "multiprocessing", "numpy", "pypinyin",
    "rapidfuzz", "rjieba", "trafilatura", "zipfile",
}  # fmt: skip
# The rooms of the package that a search opens, and no others.
NOT_FOR_SEARCH = {
    "batch", "clean", "copies", "diagnosis", "documents", "finding", "folders", "indexing", "pool", "reading", "readers",
    "reports", "similarity", "split", "titles", "worker",
}  # fmt: skip


@pytest.fixture(params=["whoosh", "tantivy"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with documents and an index of an engine."""
    with_samples(tmp_path, NOTICE)
    with Index.open(tmp_path / "index", create=True, engine=request.param) as index:
        index.update(tmp_path / "corpus")
    return tmp_path


def loaded_by(code: str, folder: Path) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code, and not before."""
    shown = f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before), file=sys.stderr)"
    command = [sys.executable, "-c", shown]
    return set(subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stderr.split())


def test_a_search_by_a_script_loads_what_it_needs(folder: Path) -> None:
    code = "import searcher\nwith searcher.Index.open('index') as index: assert index.search('数据共享')"
    loaded = loaded_by(code, folder)
    assert loaded & (NEVER | {"click", "rich"}) == set()
    assert loaded & {f"searcher.{name}" for name in NOT_FOR_SEARCH} == set()


def test_a_search_by_the_command_line_loads_what_it_needs(folder: Path) -> None:
    code = (
        "from searcher.cli import main\n"
        "try: main(['数据共享', '--json'])\n"
        "except SystemExit as done: assert done.code == 0, done.code"
    )
    loaded = loaded_by(code, folder)
    assert loaded & NEVER == set()
    assert loaded & {f"searcher.{name}" for name in NOT_FOR_SEARCH} == set()


def test_only_the_engine_of_the_index_is_loaded(folder: Path) -> None:
    with Index.open(folder / "index") as index:
        used = index.engine
    code = "import searcher\nwith searcher.Index.open('index') as index: index.search('数据')"
    assert loaded_by(code, folder) & {"whoosh", "tantivy"} == {used}
