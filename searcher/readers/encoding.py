"""In which encoding are these bytes text?

A byte order mark decides; then strict UTF-8; then what the page declares; then, among the encodings
in which the bytes are valid, the one that gives the most ordinary Chinese. Big5 is often valid GB18030
too, but then reads as rare characters.
"""

from __future__ import annotations

import codecs
import re

from searcher.errors import DecodingError, UnsupportedFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 before UTF-16: its little-endian mark begins with the other's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive (or a .docx, .xlsx, .ofd, .epub)",
    b"\xd0\xcf\x11\xe0": "an old Microsoft Office file",
    b"\x1f\x8b": "gzip data",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"{\\rtf": "an RTF file",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
}
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
# What a page may declare: no transformations such as "hex", no escapes.
_DECLARABLE = frozenset(
    {
        "utf-8",
        "gb18030",
        "big5hkscs",
        "cp950",
        "hz",
        "utf-16",
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "cp949",
    }
    | {"iso8859-1", "cp1252"}
)
# The characters that make up a good part of any Chinese prose, in both scripts, and its punctuation.
_COMMON = frozenset(
    "的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要下以生会會自着著去之过過家学學"
    "对對可里理后後小么麼心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經"
    "头頭面公同三已老从從动動两兩长長党黨政府条條第法律规規定定应應当及其他关關部门門机機构構或者者实實施全市县縣区區"
    "工业業产產务務员員委办辦进進建设設管制度由与與二四五六七八九月号號将將等民共安保"
    "，。、；：“”（）《》「」"
)
_SAMPLE = 40_000
# Ordinary prose scores 0.3 and more; a wrong decoding under 0.1.
_PLAUSIBLE = 0.12
_MOST_DAMAGE = 0.01


def decode(data: bytes) -> tuple[str, str]:
    """Decode ``data``; return the text (without byte order mark) and the name of its encoding.

    Raises UnsupportedFormatError where the bytes are of a known other format, and DecodingError where
    they are text in no encoding that could be found.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data, name), name
    _refuse_other_formats(data)
    if b"\0" in data:
        return _decode_wide(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_legacy(data)


def plausibility(text: str) -> float:
    """Return the share, 0 to 1, of ordinary Chinese characters among those of ``text`` that are not ASCII."""
    beyond = [c for c in text[:_SAMPLE] if c > "\x7f"]
    return sum(c in _COMMON for c in beyond) / len(beyond) if beyond else 0.0


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _decode_marked(data: bytes, encoding: str) -> str:
    text = _strict(data, encoding)
    return data.decode(encoding, "replace") if text is None else text


def _refuse_other_formats(data: bytes) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise UnsupportedFormatError(
                f"the content is {what}, whatever the name says", hint="convert it to text or HTML first"
            )


def _decode_wide(data: bytes) -> tuple[str, str]:
    """Decode UTF-16 or UTF-32 without a mark: the only texts that hold NUL bytes."""
    best, found = 0.0, None
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = _strict(data, encoding)
        if text is not None and "\0" not in text:
            score = max(plausibility(text), _ascii_share(text))
            if score > best:
                best, found = score, (text, encoding)
    if found is None or best < _PLAUSIBLE:
        raise DecodingError(
            "the file holds NUL bytes: it is not text",
            hint="if it is a document, convert it to text or HTML first",
        )
    return found


def _ascii_share(text: str) -> float:
    sample = text[:_SAMPLE]
    return sum(" " <= c <= "~" or c in "\r\n\t" for c in sample) / len(sample) if sample else 0.0


def _decode_legacy(data: bytes) -> tuple[str, str]:
    """Decode what is not UTF-8, by what it declares and by which reading is ordinary Chinese."""
    declared = _declared(data)
    names = dict.fromkeys(
        name for name in (declared, "gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be") if name
    )
    readings = [(name, text) for name in names if (text := _strict(data, name)) is not None]
    scored = [(plausibility(text), name, text) for name, text in readings]
    if scored:
        score, name, text = max(scored, key=lambda reading: reading[0])
        if score >= _PLAUSIBLE:
            return text, name
    return _guess(data) or _mend(data, declared) or _first_legacy(readings)


def _first_legacy(readings: list[tuple[str, str]]) -> tuple[str, str]:
    """Take the first reading that is no UTF-16 (almost any bytes are UTF-16); raise DecodingError if none is."""
    for name, text in readings:
        if not name.startswith("utf-16") and text.isprintable():
            return text, name
    raise DecodingError(
        "the bytes are text in no encoding that could be found", hint="save the file as UTF-8 and try again"
    )


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    try:
        codec = codecs.lookup(_WIDER.get(name, name)).name
    except LookupError:
        return None
    return codec if codec in _DECLARABLE else None


def _guess(data: bytes) -> tuple[str, str] | None:
    import chardet

    guess = chardet.detect(data[:_SAMPLE])
    encoding = guess["encoding"]
    if not encoding or (guess["confidence"] or 0) < 0.5:
        return None
    name = _WIDER.get(encoding.lower(), encoding.lower())
    text = _strict(data, name)
    return None if text is None else (text, name)


def _mend(data: bytes, declared: str | None) -> tuple[str, str] | None:
    """Decode a text with a few damaged bytes, which become U+FFFD; None if there are more than a few."""
    for name in dict.fromkeys(("utf-8", declared or "gb18030", "gb18030")):
        text = data.decode(name, "replace")
        if plausibility(text) >= _PLAUSIBLE and text.count("\ufffd") <= _MOST_DAMAGE * len(text):
            return text, name
    return None
