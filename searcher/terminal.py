"""How does rich draw a line on a terminal?"""

from __future__ import annotations

from rich.console import Console
from rich.style import Style
from rich.text import Text

from searcher.drawing import Drawn


class Terminal:
    """A console of rich: colours, links and widths as far as the terminal has them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        return self._console.is_terminal

    @property
    def width(self) -> int:
        """How many columns a line has."""
        return self._console.width

    def line(self, text: Drawn) -> None:
        """Draw one line, however long."""
        shown = Text(text.plain)
        for start, end, style in text.spans:
            shown.stylize(_style(style), start, end)
        self._console.print(shown, soft_wrap=True)


def on_stdout() -> Terminal:
    """Return what prints to stdout, as rich leaves it: nothing in a text is markup, an emoji or a number to colour."""
    return Terminal(Console(highlight=False, markup=False, emoji=False))


def _style(written: str) -> Style:
    words, _, link = written.partition(" link ")
    style = Style.parse(words)
    return style + Style(link=link) if link else style
