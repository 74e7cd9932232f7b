"""What people see, held in ``tests/golden``.

``REGENERATE_GOLDEN=1 pytest tests/test_render.py`` writes the files anew; look at the difference before you commit it.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from searcher import (
    Article,
    ArticleInfo,
    Diagnosis,
    Failure,
    Hit,
    Index,
    Paragraph,
    Passage,
    Removed,
    Results,
    Suspicion,
    Total,
)
from searcher.drawing import Output, Pipe, count
from searcher.render import print_results
from searcher.render_index import print_article, print_diagnosis, print_list, print_stats
from searcher.terminal import Terminal
from tests.cli import with_samples

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = bool(os.environ.get("REGENERATE_GOLDEN"))
NAMES = ("云岭工信简报2018年第21期.txt", "青川港区数据安全检查通知.md", "news-20200611-industrial-internet-week.html")
VOLATILE = (
    (re.compile(r"[\d.,]+ ms"), "N ms"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}"), "TIME"),
    (re.compile(r"[\d.,]+ MB"), "N MB"),
    (re.compile(r"\d+-jieba0\.42\.1-unicode[\d.]+-[0-9a-f]{12}"), "FINGERPRINT"),
    (re.compile(r"id=\d+;file://[^\x1b]*/corpus/"), "id=N;file:///corpus/"),
)
Show = Callable[[Output], object]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Give an index of three sample documents; the current folder is where it lies."""
    folder = with_samples(tmp_path_factory.mktemp("render"), *NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with Index.open("index", create=True) as opened:
            opened.update("corpus")
            yield opened


class Shown(NamedTuple):
    """Where something is printed, and what was written."""

    output: Output
    file: io.StringIO


def terminal(width: int, *, colour: bool = True) -> Shown:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=True, color_system="standard", no_color=not colour,
        legacy_windows=False, highlight=False, markup=False, emoji=False, _environ={},
    )  # fmt: skip
    return Shown(Terminal(console), file)


def pipe() -> Shown:
    file = io.StringIO()
    return Shown(Pipe(file), file)


def pipe_of_rich() -> Shown:
    file = io.StringIO()
    console = Console(file=file, highlight=False, markup=False, emoji=False, _environ={"TERM": "xterm"})
    return Shown(Terminal(console), file)


WHERE: dict[str, Callable[[], Shown]] = {
    "80": lambda: terminal(80),
    "140": lambda: terminal(140),
    "80-no-colour": lambda: terminal(80, colour=False),
    "pipe": pipe,
}


def printed(shown: Shown, show: Show) -> str:
    show(shown.output)
    text = shown.file.getvalue()
    for pattern, mask in VOLATILE:
        text = pattern.sub(mask, text)
    return text


def shows(index: Index) -> dict[str, Show]:
    """Return what is printed, by name."""
    article = index.search("智能传感器").hits[0].article
    whole = index.get(article.id)
    page = next(info for info in index.infos() if info.path.endswith(".html"))
    return {
        "search": lambda output: print_results(output, index.search("工业互联网 安全", limit=3)),
        "search-all": lambda output: print_results(output, index.search('"数据安全"', context=1, paragraphs=1)),
        "search-context": lambda output: print_results(output, index.search("企业 责任", limit=1, context=1)),
        "search-partial": lambda output: print_results(output, index.search("传感器 评审 航天", limit=2)),
        "show": lambda output: print_article(output, whole),
        "show-removed": lambda output: print_article(output, index.get(page.id), removed=index.removed_text(page.id)),
        "list": lambda output: print_list(output, index.infos()),
        "stats": lambda output: print_stats(output, replace(index.stats(), engine="whoosh")),
        "doctor": lambda output: print_diagnosis(output, index.doctor()),
        "doctor-troubled": lambda output: print_diagnosis(output, troubled()),
    }


def troubled() -> Diagnosis:
    return Diagnosis(
        problems=(Failure("index", "built with another version of the analyzer", "policy-search rebuild"),),
        failures=(Failure("corpus/扫描件.txt", "not text in any known encoding", "save it as UTF-8"),),
        changed=tuple(f"corpus/{number:02}.txt" for number in range(25)),
        missing=("corpus/没了.txt",),
        new=("corpus/新的.txt",),
        empty=(Failure("corpus/空的.txt", "it holds no text"),),
        recognized=("corpus/扫描的.pdf",),
        suspicions=(Suspicion("no date", 3, "k3jd82ms4a corpus/旧闻.html"),),
        removed=1234,
    )


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    "what",
    [
        "search",
        "search-all",
        "search-context",
        "search-partial",
        "show",
        "show-removed",
        "list",
        "stats",
        "doctor",
        "doctor-troubled",
    ],
)
def test_output_is_as_it_was_approved(index: Index, what: str, where: str) -> None:
    text = printed(WHERE[where](), shows(index)[what])
    golden = GOLDEN / f"{what}.{where}.txt"
    if REGENERATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(text.encode("utf-8"))
    assert text == golden.read_bytes().decode("utf-8"), f"see the docstring of {Path(__file__).name}"


def test_every_golden_file_is_used(index: Index) -> None:
    wanted = {f"{what}.{where}.txt" for what in shows(index) for where in WHERE}
    assert {path.name for path in GOLDEN.iterdir()} == wanted


def test_colour_is_the_only_difference_that_no_color_makes(index: Index) -> None:
    for show in shows(index).values():
        plain = [
            re.sub(r"\x1b(\[[\d;]*m|\]8;[^\x1b]*\x1b\\)", "", printed(terminal(80, colour=c), show))
            for c in (True, False)
        ]
        assert plain[0] == plain[1]


def test_a_pipe_gets_neither_escapes_nor_line_breaks_of_ours(index: Index) -> None:
    for name, show in shows(index).items():
        assert "\x1b" not in printed(pipe(), show), name
    longest = max((p.text for p in next(iter(index.search("工业互联网"))).paragraphs), key=len)
    assert f"  {longest}\n" in printed(
        pipe(), lambda output: print_results(output, index.search("工业互联网", limit=1))
    )


def test_a_pipe_gets_what_rich_would_write_there(index: Index) -> None:
    for name, show in shows(index).items():
        if name != "list":  # parted by tabs, which rich would turn into blanks
            assert printed(pipe(), show) == printed(pipe_of_rich(), show), name


def test_no_line_on_a_terminal_is_wider_than_the_terminal(index: Index) -> None:
    from rich.cells import cell_len

    for name in ("search", "search-all", "show", "show-removed", "list", "doctor"):
        text = printed(terminal(80), shows(index)[name])
        plain = re.sub(r"\x1b(\[[\d;]*m|\]8;[^\x1b]*\x1b\\)", "", text)
        assert max(map(cell_len, plain.splitlines())) <= 80, name


def _passages(*lines: int | None) -> tuple[Passage, ...]:
    return tuple(
        Passage(ordinal=at + 3, line=line, score=1.0, text=f"第{at}段", context=at == 1)
        for at, line in enumerate(lines)
    )


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ((7, 12), ["    abc  a.html:7", "     7  第0段", "    12- 第1段"]),
        ((7, 7), ["    abc  a.html", "    #3  第0段", "    #4- 第1段"]),
        ((None, 7), ["    abc  a.html", "    #3  第0段", "    #4- 第1段"]),
        ((), ["    abc  a.html"]),
    ],
)
def test_paragraphs_are_named_by_number_where_lines_do_not_tell_them_apart(
    lines: tuple[int | None, ...], shown: list[str]
) -> None:
    """Guards against a page saved on one line, whose paragraphs all had the same label; context is marked by ``-``."""
    hit = Hit(
        rank=1, score=1.0, partial=False, article=ArticleInfo(id="abc", path="a.html"), paragraphs=_passages(*lines)
    )
    results = Results(query="段", engine="whoosh", total=Total(1, 1, 0), took_ms=1.0, hits=(hit,))
    text = printed(pipe(), lambda output: print_results(output, results))
    assert text.splitlines()[1:-2] == shown


def test_groups_of_context_are_parted_and_stand_in_the_order_of_the_text() -> None:
    """Guards against context that ran on into paragraphs from elsewhere; the group of the best paragraph is first."""
    wanted = ((8, True), (7, False), (6, True), (2, True), (3, False), (4, True), (9, False), (10, True))
    passages = tuple(
        Passage(ordinal=at, line=at, score=1.0, text=f"第{at}段", context=context) for at, context in wanted
    )
    hit = Hit(rank=1, score=1.0, partial=False, article=ArticleInfo(id="abc", path="a.txt"), paragraphs=passages)
    results = Results(query="段", engine="whoosh", total=Total(1, 3, 0), took_ms=1.0, hits=(hit,))
    text = printed(pipe(), lambda output: print_results(output, results))
    assert text.splitlines()[1:-2] == [
        "    abc  a.txt:7",
        "     6- 第6段",
        "     7  第7段",
        "     8- 第8段",
        "     9  第9段",
        "    10- 第10段",
        "    --",
        "     2- 第2段",
        "     3  第3段",
        "     4- 第4段",
    ]


def test_an_article_of_a_script_has_no_file_and_no_title_to_show() -> None:
    article = Article(id="abc", paragraphs=(Paragraph("正文。"),))
    text = printed(pipe(), lambda output: print_article(output, article, removed=(Removed("页脚", 9, "footer"),)))
    assert text == "\n".join([
        "(no title)", f"{'id':<23}abc", "", "   0  正文。", "", "taken out of the file (1):",
        "      line 9: 页脚  (footer)", "",
    ])  # fmt: skip
    assert printed(terminal(80, colour=False), lambda output: print_list(output, [article])).startswith(
        "(added by a script)\n"
    )


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 articles"), (1, "1 article"), (2, "2 articles"), (2000, "2,000 articles")]
)
def test_numbers_have_their_noun(number: int, text: str) -> None:
    assert count(number, "article") == text
