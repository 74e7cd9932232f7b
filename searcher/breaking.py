"""Where do the paragraphs of a text begin that has lost its line breaks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from searcher.fields import AUTHORITY_ENDS
from searcher.models import Line

LONG_LINE = 200
"""Texts whose lines are longer than this on average, in characters, are taken to have lost their line breaks."""

_NUMERAL = "[一二三四五六七八九十百千零〇\\d]{1,6}"
# Marks before which a new paragraph begins. References are not followed by white space (第三条规定), and stand behind
# other characters (前款（一）项).
_BREAK = re.compile(
    r"(?=[第一二三四五六七八九十（(\d特附问答])(?:"  # what one of the others begins with, tested first
    rf"(?=第{_NUMERAL}[编章节][\s　]+\S)"
    rf"|(?<=[^\s《“至到和及、与或依照据])(?=第{_NUMERAL}条(?:之[一二三四五六七八九十])?[\s　])"
    r"|(?<=[。；：！？”）)])(?=[一二三四五六七八九十]{1,3}、)"
    r"|(?<=[^款条项第、和及至或与，\s])(?=[（(][一二三四五六七八九十]{1,3}[）)](?![、项款和及至或与]))"
    r"|(?<=[。；：！？）)])(?=\d{1,2}[.．、](?!\d))"
    r"|(?<=[。！？；”）)])(?=特此(?:公告|通知|通告|函告|函复|批复)|附件[:：]|附件\d{1,2}[:：.]|问[:：]|答[:：])"
    r"|(?<=[？])(?=答[:：]))"
)
# The signature of a document that was one line: who signed, and when.
_SIGNED = re.compile(r"(?<=。)(?P<signer>[\u4e00-\u9fff　 、]{2,80}?)(?P<date>(?:19|20)\d\d年\d{1,2}月\d{1,2}日)")
_AFTER_SIGNATURE = re.compile(r"\s*(?:$|[（(]此件|附件|附[:：])")


def pieces(line: Line) -> Iterator[str]:
    """Yield the paragraphs of a line that has lost its line breaks."""
    for part in _signed_parts(line.text) if line.kind == "text" else (line.text,):
        marks = _BREAK.finditer(part) if line.kind == "text" and len(part) > LONG_LINE else ()
        bounds = [0, *(mark.start() for mark in marks), len(part)]
        yield from (text for a, b in pairwise(bounds) if (text := part[a:b]).strip())


def _signed_parts(text: str) -> list[str]:
    """Part a text at its signature: what stands above, who signed, when, and what follows."""
    for match in _SIGNED.finditer(text):
        closed = text.startswith("特此", max(0, match.start() - 5)) or _AFTER_SIGNATURE.match(text, match.end())
        if closed and match["signer"].rstrip().endswith(AUTHORITY_ENDS):
            return [text[: match.start()], match["signer"], match["date"], text[match.end() :]]
    return [text]
