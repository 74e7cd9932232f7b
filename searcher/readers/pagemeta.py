"""What does a page say of itself beside its text?

The ``<title>`` and ``<meta>`` of its head, and the day of its publication, which may stand in the data that its
scripts read, or somewhere around the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from searcher.fields import byline, clean_title, dateline, first_date, is_outlet, same, site_of, without_tag
from searcher.models import Line

_META_FIELDS = {
    "articletitle": "title", "contentsource": "source", "mediaid": "source", "og:url": "url",
}  # fmt: skip
_META_DATE = re.compile(
    r"(?:.*[:._])?(?:first)?(?:pub(?:lish(?:ed)?)?[-_]?(?:time|date|at)|date[-_]?publi(?:shed|cation)|dateupdate"
    r"|release[-_]?date|create[-_]?(?:at|time|date)|time|date|issued)"
)
_SCRIPT_DATE = re.compile(
    r"[\"']?\b(?:datePublished|pub_?[dD]ate|publish(?:ed)?_?(?:[dD]ate|[tT]ime|At)|pub_?[tT]ime|data-ptime)[\"']?\s*[:=]\s*"
    r"[\"'](?P<date>20\d\d[-/]\d{1,2}[-/]\d{1,2})"
)
_LONGEST_LINE = 80
_LABELS = ("时间", "日期", "来源")
_NEAR = 12  # lines


def page_metadata(root: etree._Element) -> dict[str, str]:
    """Return what the head of a page states, by the names of ``<meta>`` and of our fields; names in lower case."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    title = next(root.iter("title"), None)
    if title is not None and title.text and title.text.strip():
        found["page_title"] = " ".join(title.text.split())
    canonical = next((link for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"), None)
    if canonical is not None and canonical.get("href"):
        found["url"] = canonical.get("href") or ""
    _name_fields(found)
    return found


def _name_fields(found: dict[str, str]) -> None:
    """Add what is found under other names, and take out what is not what its name says."""
    for name, field_name in _META_FIELDS.items():
        if found.get(name):
            found.setdefault(field_name, found[name])
    day = next(
        (day for name, value in found.items() if _META_DATE.fullmatch(name) and (day := first_date(value))), None
    )
    if day:
        found["published"] = day
    author = found.get("author", "")
    if not any(map(str.isalpha, author)) or author == site_of(found.get("page_title", "")):
        found.pop("author", None)
    elif is_outlet(author):
        found.setdefault("source", found.pop("author"))
    if found.get("keywords") and same(found["keywords"]) == same(found.get("page_title", "")):
        del found["keywords"]


def title_candidates(metadata: Mapping[str, str]) -> list[str]:
    """Return what the head of a page calls it, the most trustworthy first."""
    named = (metadata.get("articletitle"), metadata.get("og:title"), metadata.get("page_title"))
    return [without_tag(title) if title == named[0] else clean_title(title) for title in named if title]


def published_beside(lines: Sequence[Line], *, title: str | None, page: str) -> str | None:
    """Find when a page was published where neither its head nor its article says so.

    A line with a label says it wherever it stands below the title, one without near the title only; else the data that
    the page's scripts read. ISO 8601, None where nothing says it.
    """
    known = same(title or "")
    start = next((place for place, line in enumerate(lines) if known and same(line.text) == known), 0)
    for place, line in enumerate(lines[start:]):
        if line.kind in ("meta", "boilerplate") and len(line.text) <= _LONGEST_LINE:
            labelled = any(label in line.text for label in _LABELS)
            stated = byline(line.text) or dateline(line.text) if labelled or place < _NEAR else None
            if stated and "published" in stated:
                return stated["published"]
    script = _SCRIPT_DATE.search(page)
    return first_date(script["date"]) if script else None
