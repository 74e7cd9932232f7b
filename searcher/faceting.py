"""How are the articles that match spread over issuers, years, sources and types of document?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING, Literal

from searcher.models import ArticleInfo
from searcher.store import Store

if TYPE_CHECKING:
    from searcher.reports import FacetValue

Facet = Literal["issuer", "year", "source", "type"]

# What documents are called, by the last word of their titles (first the 15 kinds of 党政机关公文处理工作条例, 2012).
_TYPES = """
    决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要
    条例 规定 办法 细则 规则 章程 准则 法 法典 令 解释 规划 计划 纲要 方案 要点 措施 指南 指引 目录 清单
    标准 规范 规程 制度 预案 解读 简报 白皮书 倡议 声明 讲话 致辞 答复 名单 公示 判决书 裁定书
"""
_BEHIND = r"\s*(?:[(（〔\[【][^()（）〔〕\[\]【】]*[)）〕\]】]|[》”\"」』]|\d{4}年?版|\d{4}(?:[-—–~至]\d{4})?年?)$"


@cache
def _type_and_behind() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the type at the end of a title, and what may stand behind it."""
    longest_first = sorted(_TYPES.split(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(longest_first)})$"), re.compile(_BEHIND)


def type_of(title: str | None) -> str | None:
    """Return the type of a document from the end of its title, or None: 通知, 意见, 办法, 条例, ….

    What stands in brackets behind it, such as （试行） or （2020—2025年）, does not count.
    """
    type_at_end, behind = _type_and_behind()
    left = (title or "").strip()
    while (cut := behind.sub("", left).rstrip()) != left:
        left = cut
    found = type_at_end.search(left)
    return found[1] if found else None


def count(store: Store, articles: AbstractSet[int], facet: Facet) -> tuple[FacetValue, ...]:
    """Count the values of a facet over some articles, the most frequent first; years from the latest on.

    A document of several issuers counts for each of them.
    """
    from searcher.reports import FacetValue  # most searches count nothing

    found: Counter[str | None] = Counter()
    for info in store.infos(articles).values():
        found.update(_values(info, facet))
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
    if facet == "year":
        ordered.sort(key=lambda item: item[0] or "", reverse=True)
    return tuple(FacetValue(value, number) for value, number in ordered)


def _values(info: ArticleInfo, facet: Facet) -> set[str | None]:
    if facet == "issuer":
        return set(info.issuers) or {info.issuer}
    if facet == "year":
        return {(info.date or info.published or "")[:4] or None}
    return {info.source if facet == "source" else type_of(info.title)}
