"""Who imports whom, how long a file is, and how many things a function takes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "searcher"
FILES = sorted(PACKAGE.rglob("*.py"))

# From the bottom up: a file imports only from layers below its own, or beside it in the same layer.
LAYERS = (
    {"errors", "keys", "dates", "cachedir", "segmenter", "catalogue", "connection", "worker", "tree", "pinyin"},
    {"details", "models"},
    {"documents", "reports"},
    {"analyzer", "fields", "readers.encoding", "readers.package", "readers.xml", "readers.pdf_table"},
    {
        "numbers",
        "same_title",
        "numerals",
        "scope",
        "highlight",
        "pool",
        "copies",
        "units",
        "authorities",
        "breaking",
        "signature",
        "enactment",
        "standards",
        "statements",
        "dumps",
        "attribution",
        "titles",
        "markup",
        "repeated",
        "readers.sniff",
        "readers.docx_numbering",
        "readers.text",
        "readers.pdf_layout",
    },
    {
        "paragraphs",
        "query",
        "lexer",
        "expansion",
        "engines",
        "rows",
        "blocks",
        "folders",
        "layout",
        "readers.markdown",
        "readers.page",
        "readers.pagemeta",
        "readers.docx_body",
        "readers.rtf",
        "readers.pdf_page",
        "readers.pdf_paragraphs",
        "readers.ofd_render",
        "readers.ocr",
    },
    {
        "store",
        "naming",
        "faceting",
        "explaining",
        "snapshot",
        "standing",
        "cutting",
        "engines.files",
        "engines.tantivy_files",
        "engines.postings",
        "engines.whoosh_schema",
        "engines.tantivy_queries",
        "matching",
        "readers.html",
        "clean",
        "parting",
    }
    | {"readers.pdf", "readers.image", "readers.mht", "readers.docx", "readers.legacy", "readers.epub", "readers.ofd"}
    | {"readers.records", "readers.grid", "readers.jsonl", "readers.csv", "readers.xlsx", "readers.archive"},
    {"gains", "asked", "engines.whoosh_segment"},
    {"shortlist", "scoring", "similarity", "engines.memory", "engines.whoosh_reader", "engines.tantivy_reader"},
    {"readers", "ranking", "recorded", "describe", "split", "engines.whoosh", "engines.tantivy"},
    {"generation", "searching", "showing", "suggestion", "reading", "finding"},
    {"batch"},
    {"indexing"},
    {"diagnosis"},
    {"index"},
    {"", "wrapping", "jsonout"},
    {"drawing"},
    {"terminal"},
    {"render_details", "history"},
    {"render", "render_index", "narrowing"},
    {"arguments", "messages", "reading_options"},
    {"hints"},
    {"cli_search", "cli_similar"},
    {"cli"},
)
# A module imports the engine, the reader, the terminal or what a search does without only when it is asked for:
# upwards, and inside a function.
LATE = {
    ("engines", "engines.whoosh"),
    ("engines", "engines.tantivy"),
    ("engines", "engines.memory"),
    ("drawing", "terminal"),
    ("models", "documents"),
    ("models", "reports"),
    ("readers", "readers.html"),
}

FOREIGN = {
    "jieba": {"segmenter"},
    "rjieba": {"segmenter"},
    "whoosh": {"engines.whoosh", "engines.whoosh_reader", "engines.whoosh_schema", "engines.whoosh_segment"},
    "tantivy": {"engines.tantivy", "engines.tantivy_reader", "engines.tantivy_queries", "engines.tantivy_files"},
    "click": {"cli", "reading_options", "cli_search", "cli_similar", "arguments", "messages", "hints"},
    "rich": {"messages", "terminal", "render_details", "render_index", "wrapping"},
    "trafilatura": {"readers.page", "readers.html"},
    "lxml": {"readers.html", "readers.page", "readers.pagemeta", "readers.xml", "readers.epub"}
    | {"readers.docx", "readers.docx_body", "readers.docx_numbering", "readers.ofd_render"},
    "ofdkit": {"readers.ofd"},
    "docx": {"readers.docx"},
    "striprtf": {"readers.rtf"},
    "pypdfium2": {"readers.pdf", "readers.pdf_page", "readers.ofd_render"},
    "rapidocr": {"readers.ocr"},
    "PIL": {"readers.image", "readers.ofd_render"},
    "numpy": {"readers.ocr", "readers.image", "readers.ofd", "readers.ofd_render"},
    "openpyxl": {"readers.xlsx"},
    "chardet": {"readers.encoding"},
    "filelock": {"layout"},
    "platformdirs": {"cachedir"},
    "sqlite3": {"blocks", "connection", "rows", "store", "generation", "cli"},
}
MOST_LINES = 400
MOST_PARAMETERS = 7


def module_of(file: Path) -> str:
    """Return a module's name below ``searcher``: ``cli``, ``engines.whoosh``, ``engines``, and nothing for itself."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


def imports_of(file: Path) -> Iterator[str]:
    """Yield every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: relative import"
            assert node.module is not None
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name.removeprefix("searcher.") in MODULES else node.module for name in inner)


def own_imports(module: str) -> set[str]:
    """Return the modules of ``searcher`` that one of them imports."""
    names = {name for name in imports_of(MODULES[module]) if name.split(".")[0] == "searcher"}
    return {name.removeprefix("searcher").removeprefix(".") for name in names}


def layer_of(module: str) -> int:
    (place,) = (place for place, layer in enumerate(LAYERS) if module in layer)
    return place


def test_every_module_has_its_layer() -> None:
    layered = [module for layer in LAYERS for module in layer]
    assert sorted(layered) == sorted(MODULES)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_imports_from_above(module: str) -> None:
    above = {other for other in own_imports(module) if layer_of(other) > layer_of(module)}
    assert {(module, other) for other in above} <= LATE


def test_imports_go_in_no_circle() -> None:
    done: set[str] = set()

    def follow(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in sorted(own_imports(module)):
                if (module, other) not in LATE:
                    follow(other, (*path, module))
            done.add(module)

    for module in MODULES:
        follow(module, ())
    assert done == set(MODULES)


@pytest.mark.parametrize("package", sorted(FOREIGN))
def test_each_dependency_has_its_few_rooms(package: str) -> None:
    users = {module for module, file in MODULES.items() if package in {name.split(".")[0] for name in imports_of(file)}}
    assert users <= FOREIGN[package]


def test_wrapping_takes_nothing_of_rich_but_the_widths_of_characters() -> None:
    assert {name for name in imports_of(MODULES["wrapping"]) if name.startswith("rich")} == {"rich.cells"}


def test_nothing_else_is_imported_than_the_standard_library_and_the_dependencies() -> None:
    known = set(sys.stdlib_module_names) | set(FOREIGN) | {"searcher"}
    used = {name.split(".")[0] for file in FILES for name in imports_of(file)}
    assert used <= known


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_module_is_long(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_function_takes_many_parameters(module: str) -> None:
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            allowed = node.name.endswith("_command") or (module, node.name) == ("index", "search")
            assert allowed or len(taken) <= MOST_PARAMETERS, node.name


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_module_says_what_it_is_for(module: str) -> None:
    said = ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))
    assert said, module
