"""Write ``docs/search.svg``: what a search of the sample documents looks like on a terminal.

Run it again when the sample documents, the ranking or the rendering change; a test compares the picture with what this
script would draw, but for the time that the search took.

    python scripts/make_picture.py
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from searcher import Index
from searcher.render import print_results
from searcher.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "search.svg"
QUERY, LIMIT, WIDTH = "工业互联网 安全", 3, 92
TEMPLATE = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: "Noto Sans Mono CJK SC", "Sarasa Mono SC", Menlo, Consolas, "PingFang SC", \
"Microsoft YaHei", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def draw() -> str:
    """Index the sample documents in a temporary folder, search them, and return the picture."""
    console = Console(
        record=True, width=WIDTH, force_terminal=True, color_system="truecolor", legacy_windows=False,
        highlight=False, markup=False, emoji=False, file=io.StringIO(), _environ={},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copytree(ROOT / "corpus", "corpus")
        with Index.open("index", create=True) as index:
            index.update("corpus")
            results = index.search(QUERY, limit=LIMIT)
        console.print(Text.assemble(("$ ", "bold"), f'policy-search "{QUERY}" -n {LIMIT}'), soft_wrap=True)
        console.print()
        print_results(Terminal(console), results)
    return console.export_svg(title="policy-search", code_format=TEMPLATE, unique_id="search")


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
