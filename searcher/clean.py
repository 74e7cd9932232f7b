"""What of the lines is the document, not the page around it?

``clean`` sorts every line, or part of a line, into what is kept and what is removed and why. The rules are
about what such lines look like and where they stand; none knows a site by its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from searcher.markup import as_markdown, is_marked, without_markup
from searcher.models import Line, Removed, Source
from searcher.repeated import candidates, repeated_lines

# How far from the top a breadcrumb, and from the bottom a site's own notice, is looked for, in lines.
_HEAD = 25
_TAIL = 25

_BUTTONS = frozenset({
    "上一篇", "下一篇", "下载附件", "举报", "保存", "保存本页", "全部评论", "关于我们", "关闭", "关闭本页",
    "关闭窗口", "关闭页面", "分享", "分享到", "分享到微信", "分享到微博", "分享到：", "分享：", "加入收藏",
    "加载更多", "发表评论", "听全文", "回到顶部", "复制链接", "字体", "字号", "官方微信", "官方微博",
    "关注", "图集",
    "客户端", "展开全文", "延伸阅读", "微信扫一扫", "我要投稿", "我要纠错", "我要评论", "手机版", "打印",
    "打印关闭", "打印文章", "打印本页", "打印本页关闭", "打印本页关闭窗口", "打印此页", "扫一扫",
    "扫一扫在手机打开当前页", "投稿", "推荐阅读", "搜索", "搜索历史", "搜索历史清空", "收藏", "收藏点赞", "无障碍",
    "无障碍浏览", "更多", "更多>", "更多>>", "更多»", "朗读", "查看更多", "查看更多>", "查看更多评论", "注册",
    "清空", "清空历史", "点击下载", "点击查看更多", "点赞", "热门推荐", "登录", "登录注册", "相关文章", "相关新闻",
    "相关链接", "相关阅读", "纠错", "网站地图", "网站首页", "联系我们", "设为首页", "评论", "返回", "返回上页",
    "返回顶部", "返回首页", "阅读全文", "阅读原文", "首页",
})  # fmt: skip
# So short a word may also be a cell of a table: it is a button near the top and the bottom only.
_SHORTEST_BUTTON = 2
_LONGEST_BUTTON = 14  # with brackets around it
_SHORT = 60  # what stands far from the edges and is longer is text
_TRAILING_BUTTONS = (
    "收藏点赞", "收藏", "点赞", "分享到", "分享", "打印本页", "打印",
    "关闭窗口", "关闭", "投稿", "我要纠错", "举报",
)  # fmt: skip
_BREADCRUMBS = (
    "您的位置", "你的位置", "当前位置", "您现在的位置", "您当前的位置", "现在位置", "所在位置", "当前的位置",
    "您当前位置", "您当前所在位置", "您所在的位置", "你现在的位置", "您所在位置", "首页>", "首页 >", "首页＞",
    "首页 ＞", "首页 »", "首页»", "首页-", "首页 /",
)  # fmt: skip
_NOTICES = {
    **dict.fromkeys((
        "特别声明", "免责声明", "版权声明", "郑重声明", "声明：", "声明:", "凡来源注明", "凡本网注明", "凡注明",
        "本网注明",
    ), "notice of the site"),
    **dict.fromkeys((
        "版权所有", "Copyright", "copyright", "COPYRIGHT", "©",
    ), "copyright line"),
    **dict.fromkeys((
        "责任编辑", "(责任编辑", "（责任编辑", "[责任编辑", "【责任编辑", "责编", "(责编", "（责编", "编辑：",
        "编辑:", "（编辑", "[编辑",
    ), "editor of the page"),
    **dict.fromkeys((
        "投稿与", "投稿邮箱", "投稿热线", "新闻线索",
    ), "how to contribute"),
    **dict.fromkeys((
        "主办单位：", "主办单位:", "承办单位：", "网站标识码", "备案号", "政府网站标识码", "技术支持：",
        "技术支持:",
    ), "site footer"),
    **dict.fromkeys((
        "扫一扫", "扫描二维码", "分享到", "【打印", "[打印", "【关闭",
    ), "button"),
    **dict.fromkeys((
        "上一篇：", "上一篇:", "下一篇：", "下一篇:",
    ), "link to another page"),
}  # fmt: skip
_TEASER_ENDS = ("【详细】", "[详细]", "［详细］", "【查看详情】", "[查看详情]")
_NOTICE_STARTS = tuple(_NOTICES)
_NOTICE_FIRST = frozenset(start[0] for start in _NOTICES)
_LONGEST_EDITOR = 60
# Notices that are known by what they say, wherever in the line they say it.
_NOTICE = re.compile(
    r"未经.{0,8}(?:授权|许可|允许|同意).{0,8}(?:不得|禁止|严禁|请勿).{0,4}(?:转载|使用|复制)|(?:仅|只)代表.{2,12}观点"
    r"|不代表.{2,14}(?:观点|立场|意见)|请下载.{0,16}(?:APP|app|客户端)"
)
_LONGEST_NOTICE = 120
# What a page offers below its article begins with one of these; it is much shorter than the article.
_OFFER = re.compile(
    r"(?:相关|为[你您]|热门|精彩|今日|编辑|更多|延伸[·\s]*|猜[你您]?)推荐|推荐(?:阅读|新闻)|猜[你您]喜欢|相关(?:阅读|新闻|文章|报道)"
    r"|(?:热门|最新|全部|网友|精彩|用户|新闻)?(?:评论|跟帖|跟贴)(?:\s*[（(]\d+[）)])?|更多(?:新闻|文章|精彩)"
)
_LONGEST_OFFER = 14
_OFFERED = 0.3
# A line that the publisher of an archive prints on each page.
_RUNNING = re.compile(r"all rights reserved|publishing house|版权所有|©", re.IGNORECASE)
_IN_RUNNING = ("h", "H", "版权所有", "©")  # one of which each of them holds
_FEWEST_RUNNING = 3
_LICENSED = ("本作品", "本文本采用")
_LICENCE = re.compile(r"公有领域|公有領域|著作权法|著作權法|许可协议|Public domain")
_LONGEST_LICENCE = 800
_ICP = re.compile(r"[\u4e00-\u9fff]ICP[备证]")
_MORE_MARK = "查看更多"
_MORE = re.compile(r"(?P<name>[^>＞»]{1,40}?)查看更多\s*[>＞»]*")
_INFO = re.compile(r"来源\s*[:：]")

_CONTENTS = frozenset({"目录", "目次", "目錄"})
_LONGEST_MARK = 20
_LONGEST_ENTRY = 80
_ENDS_NO_ENTRY = "。；：，"
_PAGE_NUMBER = re.compile(r"[\s.…·・]*[（(]?\d{0,4}[）)]?$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines of the document, what was taken out, and the names of links to more on a subject.

    ``candidates`` are the keys of a web page's lines that may be those of its site; ``marked`` says that headings
    still have the marks of Markdown.
    """

    kept: tuple[Line, ...]
    removed: tuple[Removed, ...]
    related: tuple[str, ...] = ()
    candidates: frozenset[int] = frozenset()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class _Sorted:
    kept: list[Line]
    removed: list[Removed]


def clean(source: Source, *, repeated: frozenset[int] = frozenset()) -> Cleaned:
    """Sort the lines of ``source``: nothing is lost, nothing is in both parts. Never raises.

    ``repeated`` are the keys of lines that the pages of its folder have in common.
    """
    removed: list[Removed] = []
    lines: Sequence[Line] = source.lines
    steps: list[Callable[[Sequence[Line]], _Sorted]] = [_without_boilerplate, _without_invisible]
    marked = source.format == "markdown" or (source.format != "html" and is_marked(lines))
    if marked:
        steps.append(_without_markup)
    if source.format == "html":
        steps.append(_without_offers)
    steps += [_without_running_lines, _without_licence, _without_page_head, _without_furniture, _without_contents]
    related: tuple[str, ...] = ()
    for step in steps:
        if step is _without_furniture:
            related = _related(lines)
        done = step(lines)
        lines = done.kept
        removed.extend(done.removed)
    if source.format != "html":
        return Cleaned(tuple(lines), tuple(removed), related, marked=marked)
    title = source.metadata.get("title")
    found = candidates(lines, title=title)
    places = repeated_lines(lines, repeated, title=title)
    removed += [Removed(lines[i].text.strip(), lines[i].number, "repeated in its folder") for i in sorted(places)]
    kept = tuple(line for place, line in enumerate(lines) if place not in places)
    return Cleaned(kept, tuple(removed), related, found)


def _split_by(lines: Iterable[Line], reason_of: Callable[[Line], str | None]) -> _Sorted:
    done = _Sorted([], [])
    for line in lines:
        reason = reason_of(line)
        if reason is None:
            done.kept.append(line)
        else:
            done.removed.append(Removed(line.text.strip(), line.number, reason))
    return done


def _without_boilerplate(lines: Sequence[Line]) -> _Sorted:
    outside = [line for line in lines if line.kind == "boilerplate"]
    removed = [Removed(line.text.strip(), line.number, "outside the main content") for line in outside]
    return _Sorted([line for line in lines if line.kind != "boilerplate"], removed)


def _is_visible(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _without_invisible(lines: Sequence[Line]) -> _Sorted:
    """Take out lines of nothing but control characters and zero-width marks."""
    odd = [line.text for line in lines if not "\u4e00" <= line.text[:1] <= "\u9fff"]
    hidden = {text for text in odd if not any(map(_is_visible, text))}
    if not hidden:
        return _Sorted(list(lines), [])
    held = (line for line in lines if line.text and not line.text.isspace())
    return _split_by(held, lambda line: "no visible character" if line.text in hidden else None)


def _without_markup(lines: Sequence[Line]) -> _Sorted:
    return _Sorted(*without_markup(as_markdown(lines)))


# --- the page around a document ---


def _without_page_head(lines: Sequence[Line]) -> _Sorted:
    """Take out a breadcrumb near the top, and the short lines of navigation above it."""
    index = next((place for place, line in enumerate(lines[:_HEAD]) if _is_breadcrumb(line.text)), None)
    if index is None:
        return _Sorted(list(lines), [])
    above = lines[:index]
    if any(len(line.text) > 60 or line.kind == "meta" for line in above):
        above = ()
    removed = [Removed(line.text.strip(), line.number, "above the breadcrumb") for line in above]
    removed.append(Removed(lines[index].text.strip(), lines[index].number, "breadcrumb"))
    return _Sorted([*lines[: index - len(above)], *lines[index + 1 :]], removed)


def _is_breadcrumb(text: str) -> bool:
    return len(text) <= 120 and text.lstrip("　 \t>·").startswith(_BREADCRUMBS)


def _without_running_lines(lines: Sequence[Line]) -> _Sorted:
    """Take out what the publisher of an archive prints on each page of a document."""
    whole = "\n".join([line.text for line in lines])
    if not any(mark in whole for mark in _IN_RUNNING):
        return _Sorted(list(lines), [])
    marked = Counter(
        line.text.strip() for line in lines if len(line.text) <= _LONGEST_NOTICE and _RUNNING.search(line.text)
    )
    running = {text for text, count in marked.items() if count >= _FEWEST_RUNNING}
    if not running:
        return _Sorted(list(lines), [])
    return _split_by(lines, lambda line: "printed on each page" if line.text.strip() in running else None)


def _without_licence(lines: Sequence[Line]) -> _Sorted:
    """Take out the note on its licence that a library of free works has below a text, to the end."""
    first = max(0, len(lines) - _TAIL)
    start = next(
        (place for place in range(first, len(lines)) if lines[place].text.lstrip().startswith(_LICENSED)), None
    )
    note = "".join(line.text for line in lines[start:]) if start else ""
    if not note or len(note) > _LONGEST_LICENCE or not _LICENCE.search(note):
        return _Sorted(list(lines), [])
    removed = [Removed(line.text.strip(), line.number, "licence of the text") for line in lines[start:]]
    return _Sorted(list(lines[:start]), removed)


def _without_offers(lines: Sequence[Line]) -> _Sorted:
    """Take out what a page offers below its article: comments and other articles, from their heading on."""
    sizes = [len(line.text) for line in lines]
    left = _OFFERED * sum(sizes)
    start = None
    for place in range(len(lines) - 1, 0, -1):
        left -= sizes[place]
        if left < 0:
            break
        text = lines[place].text.strip(" 　>》:：")
        if len(text) <= _LONGEST_OFFER and _OFFER.fullmatch(text):
            start = place
    if start is None:
        return _Sorted(list(lines), [])
    removed = [Removed(line.text.strip(), line.number, "below the article") for line in lines[start:]]
    return _Sorted(list(lines[:start]), removed)


def furniture(text: str, *, edge: bool) -> str | None:
    """Say why a line belongs to the page and not to the document, or None; ``edge``: it is near the top or bottom."""
    text = text.strip()
    word = text.strip("【】[]()（）|·• ") if len(text) <= _LONGEST_BUTTON else ""
    if word in _BUTTONS and (edge or len(word) > _SHORTEST_BUTTON):
        return "button"
    if _MORE_MARK in text and "。" not in text and not _MORE.sub("", text).strip():
        return "links to more"
    if not edge:
        return None
    if text.endswith(_TEASER_ENDS):
        return "link to another page"
    if text[:1] in _NOTICE_FIRST and text.startswith(_NOTICE_STARTS):
        reason = next(why for start, why in _NOTICES.items() if text.startswith(start))
        return None if reason == "editor of the page" and len(text) > _LONGEST_EDITOR else reason
    if len(text) < 100 and "ICP" in text and _ICP.search(text):
        return "site footer"
    return "notice of the site" if _is_notice(text) else None


def _is_notice(text: str) -> bool:
    held = len(text) <= _LONGEST_NOTICE and ("代表" in text or "未经" in text or "请下载" in text)
    return held and _NOTICE.search(text) is not None


def _without_furniture(lines: Sequence[Line]) -> _Sorted:
    done = _Sorted([], [])
    last = len(lines) - _TAIL
    for index, line in enumerate(lines):
        edge = index < _HEAD or index >= last
        text = line.text
        if line.kind == "heading" or not (edge or _may_be_button(text) or _MORE_MARK in text):
            done.kept.append(line)
            continue
        reason = furniture(text, edge=edge) if line.kind != "meta" else None
        if reason is not None:
            done.removed.append(Removed(text.strip(), line.number, reason))
        elif edge and len(text) <= 200 and "来" in text and _INFO.search(text):
            _keep_without_buttons(line, done)
        else:
            done.kept.append(line)
    return done


def _may_be_button(text: str) -> bool:
    return len(text) <= _SHORT and len(text.strip()) <= _LONGEST_BUTTON


def _keep_without_buttons(line: Line, done: _Sorted) -> None:
    """Keep a line of dates and sources, but not the buttons that stand at its end."""
    text = line.text.rstrip()
    taken: list[str] = []
    while button := next((word for word in _TRAILING_BUTTONS if text.endswith(word)), None):
        taken.append(button)
        text = text[: -len(button)].rstrip()
    if taken and text.strip():
        done.removed.append(Removed("".join(reversed(taken)), line.number, "button"))
        done.kept.append(replace(line, text=text))
    else:
        done.kept.append(line)


def _related(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the names on the links to more on a subject (``name查看更多>``)."""
    return tuple(
        match["name"].strip()
        for line in lines
        if _MORE_MARK in line.text and furniture(line.text, edge=False) == "links to more"
        for match in _MORE.finditer(line.text)
    )


# --- a table of contents ---


def _entry(text: str) -> str:
    """Return a heading, or its entry in a table of contents, in the form in which the two are equal."""
    if len(text) > _LONGEST_ENTRY:
        return ""
    text = text.strip().lstrip("#-*• ").strip("*")
    numbered = not (text[-1:].isalpha() or text[-1:] in _ENDS_NO_ENTRY)
    return "".join((_PAGE_NUMBER.sub("", text) if numbered else text).split())


def _without_contents(lines: Sequence[Line]) -> _Sorted:
    """Take out a table of contents whose every entry stands in the document again."""
    marks = (i for i, line in enumerate(lines) if len(line.text) <= _LONGEST_MARK and _is_contents_mark(line.text))
    start = next(marks, None)
    if start is None:
        return _Sorted(list(lines), [])
    end = start + 1
    seen: set[str] = set()
    last_place = {_entry(line.text): i for i, line in enumerate(lines) if i > start}
    while end < len(lines):
        entry = _entry(lines[end].text)
        if not entry or entry in seen or last_place.get(entry, end) <= end:
            break
        seen.add(entry)
        end += 1
    if end - start < 3:
        return _Sorted(list(lines), [])
    removed = [Removed(line.text.strip(), line.number, "table of contents") for line in lines[start:end]]
    return _Sorted([*lines[:start], *lines[end:]], removed)


def _is_contents_mark(text: str) -> bool:
    return "目" in text and "".join(text.split()).strip("#*") in _CONTENTS
