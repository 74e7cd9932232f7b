"""Which label does Word put before this paragraph?

The labels of automatic numbering (第一条, （一）, 1.) are not in a document's text: they follow from its numbering
definitions (ISO/IEC 29500-1, 17.9) and from the numbered paragraphs before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("〇一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 9_999


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, and its pattern (``第%1条``; ``%1`` is the first level).

    ``tight``: nothing stands between label and text. ``legal``: every level counts in Arabic numerals. ``restart``: the
    level (from 1) at which it begins anew, 0 for never, None for any above it. ``style`` is the paragraph style that
    belongs to the level.
    """

    start: int = 1
    format: str = "decimal"
    text: str = ""
    tight: bool = False
    legal: bool = False
    restart: int | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A numbering instance: the definition that it counts in, its levels, and the levels that it starts anew."""

    definition: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: etree._Element | None, *, linked: Mapping[str, str]) -> None:
        """Read ``w:numbering``; ``linked`` names the list of each numbering style."""
        self._lists = {} if root is None else _lists(root, linked)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def level_of(self, number: str, style: str | None) -> int:
        """Return the level of a list, from 0, that belongs to a paragraph style."""
        known = self._lists.get(number)
        levels = known.levels.items() if known is not None and style else ()
        return next((place for place, level in levels if level.style == style), 0)

    def label(self, number: str, place: int) -> str:
        """Count one paragraph of list ``number`` at level ``place`` (from 0); return its label.

        It ends in what parts it from the text; bullets and lists that the document does not define have none.
        """
        known = self._lists.get(number)
        level = known.levels.get(place) if known is not None else None
        if known is None or level is None:
            return ""
        counts = self._counts.setdefault(known.definition, {})
        if number not in self._begun:
            self._begun.add(number)
            for other, start in known.starts.items():
                counts[other] = start - 1
        counts[place] = counts.get(place, level.start - 1) + 1
        for deeper in [other for other in counts if other > place and _restarts(known.levels.get(other), place)]:
            del counts[deeper]
        return _spaced(_text(known.levels, counts, place), level)


def _restarts(level: Level | None, place: int) -> bool:
    return level is None or level.restart is None or place < level.restart


def _text(levels: Mapping[int, Level], counts: Mapping[int, int], place: int) -> str:
    own = levels[place]
    if own.format in ("bullet", "none"):
        return ""

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        level = levels.get(at, Level())
        return spelled(counts.get(at, level.start), "decimal" if own.legal else level.format)

    return _PLACE.sub(number, own.text)


def _spaced(label: str, level: Level) -> str:
    """Add the space that parts 第一条 or 1.1 from what follows; marks such as ``、`` and ``）`` need none."""
    return f"{label} " if label and not level.tight and label[-1].isalnum() else label


# --- the definitions ---


def _lists(root: etree._Element, linked: Mapping[str, str]) -> dict[str, _List]:
    definitions = {element.get(f"{W}abstractNumId", ""): element for element in root.iterchildren(f"{W}abstractNum")}
    numbers = {element.get(f"{W}numId", ""): element for element in root.iterchildren(f"{W}num")}
    chosen = {number: value(element, "abstractNumId") or "" for number, element in numbers.items()}
    lists = {}
    for number, element in numbers.items():
        definition = chosen[number]
        style = value(definitions[definition], "numStyleLink") if definition in definitions else None
        # a definition may only point to a numbering style, whose list has the levels
        definition = chosen.get(linked.get(style or "", ""), definition)
        if definition in definitions:
            lists[number] = _list(definition, definitions[definition], element.iterchildren(f"{W}lvlOverride"))
    return lists


def _list(definition: str, element: etree._Element, overrides: Iterable[etree._Element]) -> _List:
    levels = dict(map(_level, element.iterchildren(f"{W}lvl")))
    starts: dict[int, int] = {}
    for override in overrides:
        place = _number(override.get(f"{W}ilvl"), 0)
        for own in override.iterchildren(f"{W}lvl"):
            levels[place] = _level(own)[1]
        start = value(override, "startOverride")
        if start is not None:
            starts[place] = _number(start, 1)
            levels[place] = replace(levels.get(place, Level()), start=starts[place])
    return _List(definition, levels, starts)


def _level(element: etree._Element) -> tuple[int, Level]:
    restart = value(element, "lvlRestart")
    return _number(element.get(f"{W}ilvl"), 0), Level(
        start=_number(value(element, "start"), 1),
        format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        tight=value(element, "suff") == "nothing",
        legal=element.find(f"{W}isLgl") is not None,
        restart=None if restart is None else _number(restart, 0),
        style=value(element, "pStyle"),
    )


def value(element: etree._Element, name: str) -> str | None:
    """Return the ``w:val`` of the child of this name, or None."""
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default


# --- the numerals ---


def spelled(number: int, format: str) -> str:  # noqa: A002  the name of the standard
    """Write a number in a format of ISO/IEC 29500-1, 17.18.59; in Arabic numerals where the format is not known."""
    speller = _SPELLERS.get(format)
    return speller(number) if speller is not None and 0 < number <= _MOST else str(number)


def chinese(number: int) -> str:
    """Write 1 to 9,999 as Chinese numerals: 十一, 一百零二."""
    text = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += _DIGITS[digit] + sign
        elif text and number % unit and not text.endswith("零"):
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text


def _digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    return chinese(number) if number < 100 else _digits(number)


def _letters(number: int) -> str:
    repeats, place = divmod(number - 1, 26)
    return "abcdefghijklmnopqrstuvwxyz"[place] * (repeats + 1)


def _roman(number: int) -> str:
    text = ""
    for amount, sign in _ROMAN:
        text += sign * (number // amount)
        number %= amount
    return text


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


_SPELLERS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": "{:02}".format,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    **dict.fromkeys(("chineseCounting", "taiwaneseCounting"), _counting),
    **dict.fromkeys(("chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"), chinese),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional"), lambda number: chinese(number).translate(_LEGAL)
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _digits),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"), _circled),
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "decimalEnclosedParen": "({})".format,
    "decimalEnclosedFullstop": "{}.".format,
}
