"""What date, 文号 or labelled field does this piece of text state?

Pure functions over short texts. Dates come back as ISO 8601 strings, as precise as written
(``2018-05`` or ``2018-05-21``); an impossible date is no date. Nothing here raises.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "O": 0}
_DATE = re.compile(
    r"(?<!\d)(?P<year>[12１２]\d{3}|[一二][零〇○ＯO一二三四五六七八九]{3})\s?"
    r"(?:年\s?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})\s?月"
    r"(?:\s?(?P<day>\d{1,2}|[一二三四五六七八九十廿卅]{1,3})\s?日)?"
    r"|(?P<mark>[-/.．])(?P<month2>\d{1,2})(?P=mark)(?P<day2>\d{1,2})(?!\d))"
)
_DATE_OPENS = frozenset("12１２一二（()）")
_MONTH_DAY = re.compile(r"(?:[^，,。；：:]{0,12}?[（(讯电日：:]\s?)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?=年|\s?[-—–~至]\s?20\d\d年)")
_NAMED_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)")
_ADDRESS_DATE = re.compile(
    r"/(?:t|c)?(?P<year>(?:19|20)\d\d)(?P<mark>[-/_]?)(?P<month>[01]\d)(?:(?P=mark)|/)(?P<day>[0-3]\d)(?=[/_.-]|$)"
)

_OPEN, _CLOSE = r"[〔\[［（(【〖]", r"[〕\]］）)】〗]"
NUMBER = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,16}}\s?{_OPEN}\s?(?:19|20)\d\d\s?{_CLOSE}\s?第?\s?\d{{1,5}}\s?号"
    r"|(?:[\u4e00-\u9fff]{2,20}、)*[\u4e00-\u9fff]{0,20}令\s?第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号"
    r"|[\u4e00-\u9fff]{0,12}公告\s?(?:19|20)\d\d\s?年\s?第\s?\d{1,4}\s?号)"
)
_WHOLE_NUMBER = re.compile(rf"[（(]?\s*(?P<number>{NUMBER.pattern})\s*[）)]?")

# Labels as pages and documents write them, without inner spaces, and the field each one fills.
LABELS: Mapping[str, str] = {
    "索引号": "index_no", "索取号": "index_no", "信息索引号": "index_no",
    "主题分类": "topic", "信息分类": "topic", "分类": "topic",
    "发文机关": "issuer", "发布机构": "publisher", "发文单位": "issuer", "发布机关": "publisher",
    "发布部门": "publisher", "发布单位": "publisher", "制定机关": "issuer", "公布机关": "issuer",
    "发文部门": "issuer",
    "成文日期": "date", "发文日期": "date", "成文时间": "date", "印发日期": "date", "生成日期": "date",
    "公布日期": "published", "发布日期": "published", "发布时间": "published", "发表时间": "published",
    "更新时间": "published", "发稿时间": "published", "时间": "published", "日期": "published",
    "标题": "title", "名称": "title", "信息名称": "title", "文件名称": "title",
    "发文字号": "number", "文号": "number", "发文文号": "number", "文件编号": "number", "文件号": "number",
    "主题词": "keywords", "关键词": "keywords", "关键字": "keywords",
    "标签": "keywords",
    "来源": "source", "所属分类": "", "本文来源": "source",
    "信息来源": "source", "文章来源": "source", "稿件来源": "source", "来源单位": "source",
    "作者": "author", "撰稿": "author", "记者": "author",
    "原标题": "original_title", "本文原标题": "original_title",
    "原文链接": "url", "链接": "url", "网址": "url",
    "主送机关": "addressee",
    "有效性": "status", "时效性": "status", "效力状态": "status", "文件状态": "status",
    "施行日期": "effective", "实施日期": "effective", "生效日期": "effective", "执行日期": "effective",
    "施行时间": "effective", "实施时间": "effective", "生效时间": "effective", "效力级别": "", "法规类别": "",
    "法宝引证码": "", "公开方式": "",
    "公开时限": "", "责任部门": "publisher", "责任单位": "publisher", "公开范围": "", "责任编辑": "", "编辑": "",
    "责编": "", "审核": "",
    "校对": "", "发布人": "", "浏览次数": "", "浏览量": "", "阅读次数": "", "阅读": "", "点击数": "",
    "点击": "", "点击量": "", "访问量": "", "字号": "", "字体": "", "字体大小": "", "语音播报": "", "体裁分类": "",
    "文档类型": "", "文件类型": "", "政策类型": "", "检索时间": "", "检索关键词": "", "采集时间": "", "分类号": "",
    "公文种类": "", "载体类型": "", "废止日期": "", "信息状态": "status", "服务对象": "", "公开日期": "published",
    "公开时间": "published", "公开类别": "", "主题": "topic", "组配分类": "topic", "内容分类": "topic", "状态": "",
}  # fmt: skip
# In a running line only these part it: shorter labels also occur inside values.
_INLINE = sorted((label for label in LABELS if label not in {"名称", "主题", "分类", "状态"}), key=len, reverse=True)
_LABEL = re.compile(r"(?:{})\s*(?:[:：]|>>)".format("|".join(r"\s{0,4}".join(label) for label in _INLINE)))
_BRACKETED = re.compile(r"【(?P<label>[^【】]{2,10})】\s*(?P<value>[^【】]*)")
_TIME = re.compile(r"\s*T?\s*(?:星期[一二三四五六日天])?\s*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?\s*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")
_CLOCK = re.compile(r"\s*\d{1,2}[:：]\d\d")
_SEPARATORS = re.compile(r"[,，;；、\s|]+")
_SPACES = re.compile(r"\s+")
_MEDIA_TAG = re.compile(r"^(?:[\[【](?:视频|图文|组图|图解|直播|音频|高清|专题|独家)[\]】]\s*)+")
_SITE = re.compile(r"\s*(?:[_|｜»]|\s[-–—]+\s|--+)\s*")
_SITE_DASH = re.compile(r"[-–—](?=[^-–—]{2,16}$)")
# A value longer than this is prose that happens to begin with a label.
_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date that stands at ``[start, end)`` of a text, in code points."""

    iso: str
    start: int
    end: int

    @property
    def is_day(self) -> bool:
        """Tell whether it states a day and not a month alone."""
        return len(self.iso) == 10


def squeeze(text: str) -> str:
    """Return ``text`` without any white space."""
    return "".join(text.split())


def _number_of(numeral: str) -> int:
    """Return the value of digits, of 二〇一八 or of 二十一; 0 if it is none of them."""
    if numeral.isdecimal():
        return int(numeral)
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return 0
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[c]) for c in numeral))


def iso_date(year: int, month: int, day: int | None = None) -> str | None:
    """Return the ISO form of a day or a month, or None if the calendar has no such day."""
    try:
        found = datetime.date(year, month, 1 if day is None else day)
    except ValueError:
        return None
    return found.isoformat() if day is not None else found.isoformat()[:7]


def dates(text: str) -> Iterator[FoundDate]:
    """Yield the possible dates of ``text`` that state at least a year and a month, in order."""
    for match in _DATE.finditer(text):
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        iso = iso_date(_number_of(match["year"]), _number_of(month), _number_of(day) if day else None)
        if iso:
            yield FoundDate(iso, match.start(), match.end())


def first_date(text: str) -> str | None:
    """Return the first date of ``text``, or None."""
    return next((found.iso for found in dates(text)), None)


def whole_date(text: str) -> str | None:
    """Return the date that is all of ``text`` (brackets aside), or None."""
    first = text[:1]
    if first not in _DATE_OPENS and not first.isspace():
        return None
    core = text.strip().strip("（）()").strip()
    if not 6 <= len(core) <= 20:
        return None
    found = next(dates(core), None) or next(dates(squeeze(core)), None)
    if found is None or found.start != 0:
        return None
    return found.iso if found.end in (len(core), len(squeeze(core))) else None


def opening_day(text: str) -> tuple[int, int] | None:
    """Return (month, day) where ``text`` opens with a day that has no year, else None."""
    match = _MONTH_DAY.match(text.lstrip())
    return (int(match["month"]), int(match["day"])) if match else None


def years(text: str) -> Iterator[str]:
    """Yield the years that ``text`` names, in order."""
    return (match["year"] for match in _YEAR.finditer(text))


def name_date(name: str) -> str | None:
    """Return the date in a file's name or a short heading, such as ``(2018-12-29)`` or ``_20181229``."""
    for match in _NAMED_DATE.finditer(name):
        iso = iso_date(int(match["year"]), int(match["month"]), int(match["day"]))
        if iso:
            return iso
    return first_date(name)


def stated_date(value: str) -> str | None:
    """Return the date that a value of metadata states: ``2018-05-21T10:00``, ``20180521``, ``2018``; else None."""
    return name_date(value) or (value.strip() if re.fullmatch(r"\s*[12]\d{3}\s*", value, re.ASCII) else None)


def whole_number(text: str) -> str | None:
    """Return the 发文字号 that is all of ``text``, as written, or None."""
    if len(text) > 50 or "号" not in text:
        return None
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    return match["number"] if match else None


def _field_of(label: str) -> str | None:
    return LABELS.get(squeeze(label).rstrip(":：>"))


_NOTHING = frozenset({"无", "暂无", "-", "—", "/", "空"})
_DATES = ("date", "published", "effective")


def _put(found: dict[str, str], field: str, value: str) -> None:
    """Keep the first value of a field; labels without a field of ours are read and let go."""
    if value in _NOTHING:
        return
    if field in _DATES:
        value = first_date(value) or ""
    elif _ADDRESS.match(value):
        field = "url" if field in ("url", "source") else ""
    elif field == "url":
        return
    elif field == "original_title":
        value = value.strip("《》") if value[:1] == "《" and "《" not in value[1:] else value
    if field and value and field not in found:
        found[field] = value


def row_fields(text: str) -> dict[str, str] | None:
    """Read a table row (cells parted by tabs) that holds labels and values; None if it is another row."""
    found: dict[str, str] = {}
    waiting: str | None = None
    labels = 0
    for cell in (part.strip() for part in text.split("\t")):
        label, colon, value = cell.replace("：", ":", 1).partition(":")
        field = _field_of(label) if len(label) <= 16 else None
        if field is not None and (colon or waiting is None):
            labels += bool(colon)
            waiting = None if value.strip() else field
            _put(found, field, value.strip())
        elif waiting is not None:
            _put(found, waiting, cell)
            waiting = None
        elif cell:
            return None
    return found if labels else None


def labelled_address(text: str) -> dict[str, str] | None:
    """Read a label and an address behind it, however long: ``来源：https://…``; None if it is another line."""
    label, _, address = text.replace("：", ":", 1).partition(":")
    known = len(label) <= 16 and _field_of(label) in ("url", "source")
    return {"url": address.strip()} if known and _ADDRESS.fullmatch(address.strip()) else None


def _bracketed(text: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for match in _BRACKETED.finditer(text):
        field = _field_of(match["label"])
        if field is None:
            return None
        _put(found, field, match["value"].strip())
    return found


def byline(text: str) -> dict[str, str] | None:
    """Read a line such as ``2016-07-22 13:43来源:瞭望作者:宫超``; None if any part of it is something else."""
    text = text.strip().strip("[]［］（）()").strip()
    if not text or len(text) > 3 * _LONGEST_VALUE:
        return None
    if text[0] == "【":
        return _bracketed(text)
    marks = list(_LABEL.finditer(text))
    found: dict[str, str] = {}
    lead = text[: marks[0].start()] if marks else text
    if lead.strip(" |　·"):
        rest = _read_lead(lead, found)
        if rest is None or (rest and not marks and not is_outlet(rest)):
            return None
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = text[mark.end() : following.start() if following else len(text)].strip(" |　\t·[]【】")
        field = _field_of(mark.group()) or ""
        if (len(value) > _LONGEST_VALUE or "。" in value) and not _ADDRESS.match(value):
            return None
        day = next(dates(value), None) if field in ("source", "author") else None
        if day:
            _put(found, "published", day.iso)
            value = value[: day.start].strip(" |　\t·[]【】")
        _put(found, field, value)
    return found


def _read_lead(lead: str, found: dict[str, str]) -> str | None:
    """Read the date, time and outlet that open a byline; return what is left of it, None if it is no such thing."""
    first = next(dates(lead), None)
    if first is None or first.start > 12:
        return None
    found["published"] = first.iso
    time = _TIME.match(lead, first.end)
    rest = lead[time.end() if time else first.end :].strip(" |　\t·")
    if len(rest) > 30 or "。" in rest or "，" in rest:
        return None
    before = lead[: first.start].strip(" |　\t·[【（(")
    if before and not is_outlet(before):
        return None
    outlet = before or rest
    if is_outlet(outlet):
        found["source"] = outlet
    return rest


def dateline(text: str) -> dict[str, str] | None:
    """Read the day off a short line that holds a day and a time among other things; None if it does not."""
    day = next(dates(text), None) if len(text) <= 80 else None
    return {"published": day.iso} if day and day.is_day and _CLOCK.match(text, day.end) else None


def is_outlet(text: str) -> bool:
    """Tell whether ``text`` reads as the name of one who publishes."""
    return 2 <= len(text) <= 20 and text.rstrip("》」”").endswith(_OUTLETS)


_OUTLETS = (
    "网", "社", "报", "台", "刊", "周刊", "杂志", "客户端", "公众号", "微信", "微报", "新闻", "日报",
    "政府", "委员会", "部", "厅", "局", "办公室", "院", "办", "中心",
)  # fmt: skip


def is_authority(text: str) -> bool:
    """Tell whether ``text`` reads as the name of a body that signs documents."""
    return len(text) >= 2 and text.endswith(AUTHORITY_ENDS)


def keywords(run: str, *, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Part a line of keywords; ``names`` (of links to them) show the parts where they run together."""
    parts = tuple(part for part in _SEPARATORS.split(run) if part)
    if len(parts) != 1 or not names:
        return parts
    found: list[str] = []
    rest = parts[0]
    by_length = sorted(set(names), key=len, reverse=True)
    while rest:
        name = next((name for name in by_length if name and rest.startswith(name)), rest)
        found.append(name)
        rest = rest[len(name) :]
    return tuple(found)


def without_tag(title: str) -> str:
    """Take a tag such as ``[视频]`` off the front of a title."""
    return _MEDIA_TAG.sub("", title)


def clean_title(title: str) -> str:
    """Take media tags and the name of the site off a page's title."""
    title = without_tag(" ".join(title.split()))
    pieces = [piece for piece in _SITE.split(title) if piece]
    if len(pieces) > 1:
        title = pieces[0] if len(pieces[0]) >= 5 else max(pieces, key=len)
    dash = _SITE_DASH.search(title)
    if dash and dash.start() >= 8 and title.endswith(("网", "政府", "网站", "局", "厅", "部", "频道", "中心")):
        title = title[: dash.start()]
    return title.strip()


def site_of(title: str) -> str:
    """Return the name of the site at the end of a page's title, or an empty string."""
    pieces = [piece for piece in _SITE.split(title) if piece]
    return pieces[-1].strip() if len(pieces) > 1 else ""


def address_date(address: str) -> str | None:
    """Return the day that the address of a page names: ``/2018-05/21/``, ``/t20180521_1.html``."""
    match = _ADDRESS_DATE.search(address)
    return iso_date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None


def same(text: str) -> str:
    """Return ``text`` in a form in which two writings of one title are equal."""
    text = squeeze(unicodedata.normalize("NFKC", text))
    return (text.translate(_SAME) if _VARIANT.search(text) else text).casefold()


_SAME = str.maketrans(
    {"〔": "(", "〕": ")", "[": "(", "]": ")", "“": '"', "”": '"', "〈": "《", "〉": "》", "—": "-", "–": "-"}
)
_VARIANT = re.compile(f"[{re.escape(''.join(map(chr, _SAME)))}]")


# How the names of those end who sign documents.
AUTHORITY_ENDS = (
    "院", "部", "委", "会", "厅", "局", "署", "府", "办", "室", "行", "中央", "公司", "组", "大学", "中心", "处",
    "队", "庭",
)  # fmt: skip
_FOOTNOTE = re.compile(r"(?:\[\d{1,2}\])+$")


def without_footnote(title: str) -> str:
    """Take the mark of a footnote off the end of a title."""
    return _FOOTNOTE.sub("", title)
