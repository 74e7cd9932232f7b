"""Is the text of OFD documents read in its order, and recognized where it is drawn?"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.ofd import read_ofd
from searcher.readers.ofd_render import render
from searcher.readers.package import open_package
from tests.making_office import ofd, ofd_text, packed
from tests.shared import shared

needs_ocr = pytest.mark.skipif(not importlib.util.find_spec("rapidocr"), reason="needs rapidocr")
PICTURE = '<ofd:ImageObject ID="5" Boundary="20 20 170 40" CTM="170 0 0 40 0 0" ResourceID="7"/>'
RESOURCES = (
    '<ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'
    "</ofd:MultiMedias>"
)


def read(data: bytes, options: ReadOptions | None = None) -> Source:
    return read_ofd(data, name="a.ofd", options=options or ReadOptions())


def texts(source: Source) -> list[tuple[str, int | None]]:
    return [(line.text, line.page) for line in source.lines if line.kind != "boilerplate"]


def drawn_word() -> bytes:
    """Return a PNG of a word."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (1020, 240), "white")
    ImageDraw.Draw(image).text((60, 60), "POLICY 2024", fill="black", font=ImageFont.load_default(size=120))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def drawn_paths() -> str:
    """Return the same word as paths: one for each run of black in each row of points."""
    from PIL import Image

    with Image.open(io.BytesIO(drawn_word())) as image:
        grey = image.convert("L").resize((510, 120))
    rows = [grey.crop((0, y, grey.width, y + 1)).tobytes() for y in range(grey.height)]
    return "".join(
        f'<ofd:PathObject ID="9" Boundary="20 20 170 40" Fill="true" Stroke="false"><ofd:AbbreviatedData>'
        f"M {x0 / 3} {y / 3} L {x1 / 3} {y / 3} L {x1 / 3} {y / 3 + 0.4} L {x0 / 3} {y / 3 + 0.4} C"
        "</ofd:AbbreviatedData></ofd:PathObject>"
        for y, row in enumerate(rows)
        for x0, x1 in _runs([shade < 128 for shade in row])
    )


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for place, black in enumerate([*row, False]):
        if black and begun is None:
            begun = place
        elif not black and begun is not None:
            yield begun, place
            begun = None


def test_lines_are_joined_to_paragraphs_and_know_their_page() -> None:
    first = (
        ofd_text("关于甲事项的通知", x=60, y=30, size=8)
        + ofd_text("为做好甲事项的各项工作，现就有关事项通知如下", x=41.2, y=50)
        + ofd_text("，请认真执行。", x=30, y=58)
        + ofd_text("一、总体要求。", x=41.2, y=66)
    )
    source = read(ofd([first, ofd_text("某某市人民政府", x=120, y=40)]))
    assert texts(source) == [
        ("关于甲事项的通知", 1), ("为做好甲事项的各项工作，现就有关事项通知如下，请认真执行。", 1),
        ("一、总体要求。", 1), ("某某市人民政府", 2),
    ]  # fmt: skip
    assert (source.format, source.metadata, source.ocr_pages) == ("ofd", {"ofd:author": "某处"}, ())


def test_text_is_read_where_it_stands_and_not_where_it_is_written() -> None:
    assert texts(read(ofd([ofd_text("下行。", x=30, y=80) + ofd_text("上行。", x=30, y=40)]))) == [
        ("上行。", 1),
        ("下行。", 1),
    ]


def test_a_template_is_part_of_each_page() -> None:
    pages = [ofd_text(sign * 20 + "。", x=41.2, y=60) for sign in "甲乙"]
    source = read(ofd(pages, template=ofd_text("表头。", x=30, y=40, size=9)))
    assert texts(source) == [("表头。", 1), ("甲" * 20 + "。", 1), ("表头。", 2), ("乙" * 20 + "。", 2)]


def test_ruled_tables_are_rows() -> None:
    lines = [(30, y, 150, y) for y in (30, 40, 50)] + [(x, 30, x, 50) for x in (30, 90, 150)]
    rules = "".join(
        f'<ofd:PathObject ID="9" Boundary="0 0 210 297"><ofd:AbbreviatedData>M {x0} {y0} L {x1} {y1}'
        "</ofd:AbbreviatedData></ofd:PathObject>"
        for x0, y0, x1, y1 in lines
    )
    cells = [("年份", 35, 37), ("数量", 95, 37), ("二〇二〇", 35, 47), ("十二", 95, 47)]
    source = read(ofd([rules + "".join(ofd_text(text, x=x, y=y, size=4) for text, x, y in cells)]))
    assert [(line.kind, line.text) for line in source.lines] == [("row", "年份\t数量"), ("row", "二〇二〇\t十二")]


@needs_ocr
def test_pictures_of_text_are_recognized() -> None:
    source = read(ofd([PICTURE], files={"a.png": drawn_word()}, resources=RESOURCES))
    assert "POLICY2024" in "".join(text for text, _ in texts(source)).replace(" ", "")
    assert source.ocr_pages == (1,)


@needs_ocr
def test_signs_that_are_only_drawn_are_recognized_beside_what_is_text() -> None:
    source = read(ofd([drawn_paths() + ofd_text("某局文件", x=30, y=120)]))
    assert [text.replace(" ", "") for text, _ in texts(source)] == ["POLICY2024", "某局文件"]


def test_where_pictures_are_not_recognized_the_text_is_kept_and_the_rest_told() -> None:
    source = read(ofd([ofd_text("甲。", x=30, y=90) + PICTURE]), ReadOptions(ocr=False))
    assert texts(source) == [("甲。", 1)]
    assert [failure.message for failure in source.failures] == ["page 1: a picture of text"]
    with pytest.raises(ReadError, match="picture of text"):
        read(ofd([PICTURE]), ReadOptions(ocr=False))


def test_a_page_is_drawn_as_it_stands() -> None:
    square = (
        '<ofd:PathObject ID="9" Boundary="0 0 210 297" CTM="2 0 0 2 10 0" Fill="true">'
        "<ofd:AbbreviatedData>S 0 0 M 10 10 L 30 10 L 30 30 L 10 30 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    data = ofd([square])
    picture, scale = render(
        open_package(data, ReadOptions()), "Doc_0/Pages/Page_0/Content.xml", (0, 0, 210, 297), shows="everything"
    )
    per_millimetre = scale * 72 / 25.4
    black = [
        place
        for place in ((50, 40), (25, 40), (75, 40), (50, 15), (50, 65))
        if picture[int(place[1] * per_millimetre), int(place[0] * per_millimetre)].tolist() == [0, 0, 0]
    ]
    assert black == [(50, 40)]


@pytest.mark.parametrize("path", ["M", "Q 1", "A 1 1 0 0 1 9 9 L", "B x y z", "Z 1 2", "M 1e999 nan L inf 3 C C"])
def test_damaged_paths_are_drawn_as_far_as_they_go(path: str) -> None:
    data = f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData>"
    page = f'<ofd:PathObject ID="9" Boundary="a b" CTM="1">{data}</ofd:PathObject>'
    package = open_package(ofd([page]), ReadOptions())
    picture, _ = render(package, "Doc_0/Pages/Page_0/Content.xml", (0, 0, 210, 297), shows="everything")
    assert picture.shape[2] == 3


def test_damaged_documents_are_reported() -> None:
    whole = ofd([ofd_text("甲。", x=30, y=40)])
    broken = (whole[:200], packed({"OFD.xml": "<ofd"}), packed({"OFD.xml": "<OFD/>"}), packed({"a.xml": "<a/>"}))
    for data in broken:
        with pytest.raises(ReadError) as told:
            read(data)
        assert told.value.hint


def test_a_damaged_page_is_told_and_the_others_are_read() -> None:
    source = read(ofd([ofd_text("甲。", x=30, y=40), "<ofd:TextObject>"]))
    assert texts(source) == [("甲。", 1)]
    assert source.failures[0].message.startswith("page 2: damaged")


def test_entities_are_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY x "哈哈">]><OFD>&x;</OFD>'
    with pytest.raises(ReadError):
        read(packed({"OFD.xml": laughs}))


@given(st.data())
@settings(max_examples=30)
def test_any_damage_is_an_error_of_ours_or_none(data: st.DataObject) -> None:
    content = (
        '<ofd:TextObject ID="1" Boundary="{}" Size="{}" CTM="{}">'
        '<ofd:TextCode X="{}" DeltaX="{}">甲乙</ofd:TextCode></ofd:TextObject>'
    )
    numbers = st.sampled_from(("", "1", "g", "-1 2", "nan", "1e308 1e308 1 1", "g 99999999999 1"))
    values = [data.draw(numbers) for _ in range(5)]
    source = read(ofd([content.format(*values)]))
    assert "".join(text for text, _ in texts(source)) in ("甲乙", "甲 乙", "")


@needs_ocr
def test_text_that_only_its_fonts_can_read_is_recognized() -> None:
    """The fonts of this document map its signs to private characters; nothing of these may reach the index."""
    file = shared() / "corpora" / "docs" / "ofd" / "ofdrw-converter__ano.ofd"
    source = read_ofd(file.read_bytes(), name=file.name, options=ReadOptions())
    assert source.ocr_pages == (2, 3)
    assert not any("\ue000" <= character <= "\uf8ff" for line in source.lines for character in line.text)
    assert sum(line.text.count("扩展") for line in source.lines) >= 5
