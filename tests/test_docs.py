"""What the documents say is so: their examples run, their paths exist, their lists are complete."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from searcher.cli import cli
from searcher.readers import SUFFIXES
from tests.cli import ROOT, SAMPLES, call, with_samples

READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, "docs/ARCHITECTURE.md", "docs/dependencies.md", "docs/corpus.md", "index/README.md")
START = (
    "python -m pip install '.[fast]' && policy-search \"工业互联网\"   # ",
    "python -m pip install -e '.[test]' && python -m pytest      # ",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the code blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(name), re.DOTALL | re.MULTILINE)


def expected(output: str) -> str:
    """Return a pattern for what a console block shows: ``...`` stands for any lines, times are as they come."""
    lines = []
    for line in output.splitlines():
        escaped = re.sub(r"[\d.]+\\ ms$", r"[\\d.,]+ ms", re.escape(line))
        lines.append(r"(?:.*\n)*?" if line == "..." else f"{escaped}\n")
    return "".join(lines)


@pytest.mark.parametrize("page", READMES)
def test_the_start_is_two_lines_in_blocks_of_their_own(page: str) -> None:
    commands = [block for block in blocks(page, "sh") if block.startswith("python -m pip")]
    assert [block.count("\n") for block in commands] == [1, 1]
    assert all(block.startswith(line) for block, line in zip(commands, START, strict=True))


@pytest.mark.parametrize("page", READMES)
def test_the_consoles_show_what_is_printed(page: str, tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    seen = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            program, *args = shlex.split(command.removesuffix(" | cat"))
            done = call(*args, folder=folder, check=0)
            printed = (done.stderr + done.stdout).decode("utf-8")
            assert re.fullmatch(expected(output), printed), f"$ {command}\n{printed}"
            seen.append((program, args[0]))
    assert {args for _, args in seen} >= set(cli.commands) - {"search"}
    assert {program for program, _ in seen} == {"policy-search"}


@pytest.mark.parametrize("page", READMES)
def test_the_other_examples_find_something(page: str, tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line.startswith("policy-search ")]
    assert len(lines) >= 7
    for line in lines:
        done = call(*shlex.split(line, comments=True)[1:], folder=folder, check=0)
        assert done.stdout, line


@pytest.mark.parametrize("page", READMES)
def test_the_queries_of_the_table_can_be_read_and_find_something(page: str, tmp_path: Path) -> None:
    folder = with_samples(tmp_path)
    heading = (
        text_of(page).partition("## Query language" if page == "README.md" else "## 检索式")[2].partition("\n```")[0]
    )
    queries = re.findall(r"^\| `(.+?)` \|", heading, re.MULTILINE)
    assert len(queries) == 10
    for query in queries:
        call("--", query, folder=folder, check=0)


@pytest.mark.parametrize("page", READMES)
def test_the_python_examples_run_one_after_the_other(page: str, tmp_path: Path) -> None:
    examples = blocks(page, "python")
    assert len(examples) == 2
    assert all(len(example.strip().splitlines()) <= 7 for example in examples)
    assert examples == blocks("README.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(examples)], cwd=with_samples(tmp_path),
        env=os.environ | {"PYTHONIOENCODING": "utf-8"}, capture_output=True, check=True,
    )  # fmt: skip
    assert "【工业互联网】" in done.stdout.decode("utf-8")
    assert done.stdout.decode("utf-8").splitlines()[-1] == "关于开放数据的通知"


@pytest.mark.parametrize("page", READMES)
def test_every_command_and_every_option_is_described(page: str) -> None:
    said = text_of(page)
    missing = [name for name in cli.commands if f"`{name}`" not in said and f"policy-search {name}" not in said]
    for command in cli.commands.values():
        for parameter in command.params:
            missing += [
                name
                for name in parameter.opts
                if name.startswith("-") and f"`{name}" not in said.replace("show --", "`--")
            ]
    assert missing == []


@pytest.mark.parametrize(("page", "heading"), [("README.md", "### What it reads"), ("README.zh-CN.md", "## 能读什么")])
def test_every_format_that_is_read_is_named_and_no_other(page: str, heading: str) -> None:
    table = text_of(page).partition(heading)[2].partition("\n\n`docs`")[0]
    assert set(re.findall(r"`(\.\w+)`", table)) == SUFFIXES


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page))]
    assert [target for target in targets if target and "://" not in target and not (folder / target).exists()] == []


def test_the_readmes_link_each_other() -> None:
    assert "(README.zh-CN.md)" in text_of("README.md")
    assert "(README.md)" in text_of("README.zh-CN.md")


def test_every_path_in_the_architecture_exists() -> None:
    prose = re.sub(r"^    .*$", "", text_of("docs/ARCHITECTURE.md"), flags=re.MULTILINE)
    named = {name for name in re.findall(r"`([\w./-]+)`", prose) if "/" in name}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_module_has_its_line_in_the_architecture() -> None:
    said = text_of("docs/ARCHITECTURE.md")
    files = [path for path in (ROOT / "searcher").rglob("*") if path.suffix in (".py", ".txt")]
    paths = [path.relative_to(ROOT).as_posix() for path in files]
    assert [path for path in sorted(paths) if f"`{path}`" not in said] == []


def test_every_dependency_is_described_and_no_other() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    declared = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [
        {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0] for line in lines} - {"policy-search"} for lines in declared
    ]
    sections = text_of("docs/dependencies.md").split("\n## ")[1:]
    described = [set(re.findall(r"^\| ([\w-]+) \|", section, re.MULTILINE)) - {"package"} for section in sections]
    assert described == wanted


def test_every_sample_document_is_described_and_no_other() -> None:
    named = re.findall(r"^\| `(.+?)` \|", text_of("docs/corpus.md"), re.MULTILINE)
    assert sorted(named) == sorted(path.name for path in SAMPLES.iterdir() if not path.name.startswith("."))


def test_the_notice_names_what_is_derived_from_others() -> None:
    said = text_of("NOTICE")
    for owed in ("OpenCC", "Apache License 2.0", "Unicode", "folding.txt", "jieba"):
        assert owed in said


def test_the_picture_is_what_would_be_drawn() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "make_picture.py"))

    def timeless(picture: str) -> str:
        return re.sub(r"<text [^>]*>[^<]*ms</text>", "", picture)

    drawn = script["PICTURE"].read_text(encoding="utf-8")
    assert timeless(drawn) == timeless(script["draw"]()), "run: python scripts/make_picture.py"


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = text_of(".ci/run")
    assert "README.md" in script
    assert "policy-search" not in script.replace("POLICY_SEARCH", "")
    assert os.access(ROOT / ".ci" / "run", os.X_OK) or os.name == "nt"
