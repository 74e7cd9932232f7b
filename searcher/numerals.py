"""How else may the numerals in a text be written? Chinese for Arabic, and Arabic for Chinese, where that is safe.

Safe are years (二〇一八年, 2018年), numbers behind 第 with what they count (第三十二条, 第32条), percentages
(百分之三十, 30%) and quantities with a unit (三十日内, 30日内). A bare 一 is no quantity, and a bare 三十日 is not the
30日 of a date. What is 国务院令第588号 is 国务院第588号令 too.
"""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)} | {"零": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERALS = frozenset("0123456789") | _VALUES.keys() | _UNITS.keys()  # characters of which one is in every numeral
_CHINESE = "[〇零○一二两三四五六七八九十百千]+"
_YEAR_DIGITS = "[一二][〇零○一二三四五六七八九]{3}"
_COUNTED = "条|章|节|款|项|编|号|届|次|批|期|卷|目|类|级|季度"
_UNIT = "个月|个工作日|个自然日|工作日|小时|分钟|周岁|万元|亿元|平方米|公里|日(?=.)|天|年|月|元|人|家|倍|吨|米"
# The patterns are compiled when they are first used: few texts of a query hold a numeral.
_EXPRESSION = (
    rf"(?a)(?P<year>(?<!\d)[12]\d{{3}}(?=年)|{_YEAR_DIGITS}(?=年))"
    rf"|(?<=第)(?P<ordinal>\d{{1,4}}|{_CHINESE})(?=(?:{_COUNTED}))"
    rf"|(?<=条之)(?P<inserted>\d{{1,2}}|{_CHINESE})(?![〇零○一二两三四五六七八九十百千\d])"
    rf"|百分之(?P<share>{_CHINESE})(?:点(?P<part>[〇零一二三四五六七八九]+))?(?![〇零一二三四五六七八九十百千点])"
    rf"|(?<![\d.])(?P<percent>\d{{1,4}}(?:\.\d{{1,4}})?)%"
    rf"|(?<=月)(?P<day>\d{{1,2}}|{_CHINESE})(?=日)"
    rf"|(?<![\d.第])(?P<quantity>\d{{1,4}})(?=(?:{_UNIT}))|(?<!第)(?P<counted>{_CHINESE})(?=(?:{_UNIT}))"
)
_NUMBER = rf"(?:\d{{1,4}}|{_CHINESE})"
_DECREE = rf"(?a)第(?P<before>{_NUMBER})号令|令第(?P<behind>{_NUMBER})号"


def to_number(chinese: str) -> int | None:
    """Return the number below 10,000 that Chinese numerals write (三百二十 is 320), or None where they write none."""
    total, digit = 0, None
    largest = 10_000
    for place, mark in enumerate(chinese):
        if mark in _UNITS:
            if _UNITS[mark] >= largest or (digit is None and (place or mark != "十")):
                return None
            largest = _UNITS[mark]
            total, digit = total + (1 if digit is None else digit) * largest, None
        elif digit is not None or (mark in "〇零○" and place == 0 and len(chinese) > 1):
            return None
        elif mark not in "〇零○" or len(chinese) == 1:
            digit = _VALUES[mark]
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """Return a number from 0 to 9,999 in Chinese numerals: 320 is 三百二十, 12 is 十二, 105 is 一百零五."""
    if number < 10:
        return _DIGITS[number].replace("〇", "零")
    written, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            written += ("零" if gap and written else "") + _DIGITS[digit] + unit
        gap = not digit
    return written.removeprefix("一") if 10 <= number < 20 else written


def to_year(written: str) -> str:
    """Return a year that is written digit by digit, in either writing, in Arabic digits: 二〇一八 is 2018."""
    return "".join(str(_VALUES.get(mark, mark)) for mark in written)


def _spelled(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _swapped(found: re.Match[str]) -> str:
    """Return a numeral in the other writing, or as it is where it has none."""
    if found["year"]:
        year = found["year"]
        return _spelled(year) if year.isdigit() and year.isascii() else to_year(year)
    if found["share"]:
        number = 100 if found["share"] == "百" else to_number(found["share"])
        part = "".join(str(_VALUES[mark]) for mark in found["part"] or "")
        return found[0] if number is None else f"{number}{f'.{part}' if part else ''}%"
    if found["percent"]:
        whole, _, part = found["percent"].partition(".")
        return f"百分之{'百' if whole == '100' else to_chinese(int(whole))}{f'点{_spelled(part)}' if part else ''}"
    written = found[0]
    if written.isascii():
        return to_chinese(int(written)) if str(int(written)) == written else written
    number = None if found["counted"] == "一" else to_number(written)
    return written if number is None else str(number)


def _zero_as(mark: str, text: str) -> str:
    """Write the zeros of Chinese years as 〇 or as 零."""
    return re.sub(_EXPRESSION, lambda found: re.sub("[〇零○]", mark, found[0]) if found["year"] else found[0], text)


def _turned(found: re.Match[str]) -> str:
    return f"令第{found['before']}号" if found["before"] else f"第{found['behind']}号令"


def other_writings(text: str) -> tuple[tuple[str, ...], bool]:
    """Return a folded text with all its numerals in the other writing, and whether one numeral is all that it says.

    A year with a zero in Chinese has two writings, 二〇一八年 and 二零一八年. No numeral, or none that is safe: none.
    """
    if NUMERALS.isdisjoint(text):
        return (), False
    writings = [text, re.sub(_EXPRESSION, _swapped, text)]
    writings += [_zero_as(mark, writing) for writing in writings for mark in "〇零"]
    writings += [re.sub(_DECREE, _turned, writing) for writing in writings]
    left = re.sub(rf"^第|(?:{_COUNTED}|{_UNIT}|年|条之)$", "", re.sub(_EXPRESSION, "", text))
    return tuple(dict.fromkeys(writing for writing in writings if writing != text)), left != text and not left
