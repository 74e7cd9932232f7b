"""What comes out of pictures: scans in PDF files, and image files."""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from searcher.errors import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers import read
from searcher.readers.image import read_image
from searcher.readers.pdf import read_pdf
from tests.making_pdf import Sheet, Text, lines, pdf, wrapped
from tests.shared import shared

ROWS = ["NOTICE ON OPEN DATA", "Article 1 of the measures of 2016", "Contact: 010-88651234"]
HAN = "为加快培育数据要素市场，促进数据依法有序流动，制定本办法。"


def drawn(rows: list[str], *, page: int = 0, data: bytes | None = None) -> Image.Image:
    """Draw rows of Latin text, or a page of a PDF, as a scanner would see it."""
    made = data or pdf([Sheet([Text(row, 60, 80 + 50 * place, 24, plain=True) for place, row in enumerate(rows)])])
    document = pypdfium2.PdfDocument(made)
    try:
        image: Image.Image = document[page].render(scale=150 / 72).to_pil().convert("L")
        return image
    finally:
        document.close()


def scan(image: Image.Image) -> Sheet:
    return Sheet(picture=(image.width, image.height, image.tobytes()))


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


def squeezed(text: str) -> str:
    return "".join(text.split())


def by_page(source: Source) -> dict[int | None, str]:
    """Return the text of each page, without its spaces."""
    pages: dict[int | None, str] = {}
    for line in source.lines:
        pages[line.page] = pages.get(line.page, "") + squeezed(line.text)
    return pages


def test_scanned_pages_are_recognized_between_pages_of_text() -> None:
    data = pdf([Sheet(lines(wrapped(HAN))), scan(drawn(ROWS)), Sheet(lines(wrapped(HAN)))])
    source = read_pdf(data, name="a.pdf", options=ReadOptions())
    assert source.ocr_pages == (2,)
    assert source.failures == ()
    assert by_page(source) == {1: HAN, 2: squeezed("".join(ROWS)), 3: HAN}


def test_a_page_whose_font_means_nothing_is_recognized() -> None:
    sheet = Sheet([Text("垃圾字符垃圾字符垃圾字符", 60, 700), *scan_texts()])
    source = read_pdf(pdf([sheet], mapped=False), name="a.pdf", options=ReadOptions())
    assert source.ocr_pages == (1,)
    assert squeezed(ROWS[1]) in squeezed("".join(line.text for line in source.lines))


def scan_texts() -> list[Text]:
    return [Text(row, 60, 80 + 50 * place, 24, plain=True) for place, row in enumerate(ROWS[1:2])]


@pytest.mark.parametrize(("kind", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("BMP", ".bmp"), ("WEBP", ".webp")])
def test_an_image_that_is_named_is_read(tmp_path: Path, kind: str, ending: str) -> None:
    file = tmp_path / f"notice{ending}"
    file.write_bytes(saved(drawn(ROWS).convert("RGB"), kind))
    (source,) = read(file)
    assert source.format == "image"
    assert source.ocr_pages == (1,)
    assert by_page(source) == {1: squeezed("".join(ROWS))}


def test_every_frame_of_a_tiff_is_a_page() -> None:
    first, second = drawn(["The first frame ends."]), drawn(["The second frame ends."])
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    source = read_image(data, name="a.tif", options=ReadOptions())
    assert by_page(source) == {1: "Thefirstframeends.", 2: "Thesecondframeends."}
    assert source.ocr_pages == (1, 2)


def test_a_picture_much_higher_than_wide_loses_no_line() -> None:
    rows = [f"row number {100 + place}" for place in range(20)]
    tall = Image.new("L", (500, 4000), 255)
    for place in range(0, 20, 5):
        part = drawn(rows[place : place + 5]).crop((80, 80, 580, 80 + 560))
        tall.paste(part, (0, 200 * place))
    source = read_image(saved(tall, "PNG"), name="a.png", options=ReadOptions())
    text = squeezed("".join(line.text for line in source.lines))
    assert [row for row in rows if squeezed(row) not in text] == []


def test_a_page_much_higher_than_wide_is_read_as_large_as_an_ordinary_one() -> None:
    tall = Image.new("L", (700, 9000), 255)
    tall.paste(drawn(["row at the very end"]).crop((80, 80, 780, 280)), (0, 8700))
    sheet = Sheet(picture=(700, 9000, tall.tobytes()), size=(340.0, 4370.0))
    source = read_pdf(pdf([sheet]), name="a.pdf", options=ReadOptions())
    assert by_page(source) == {1: "rowattheveryend"}


def test_an_upright_camera_picture_is_turned_as_its_camera_noted() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the scene is on the right
    image = drawn(ROWS).rotate(90, expand=True)
    source = read_image(saved(image, "JPEG", exif=exif), name="a.jpg", options=ReadOptions())
    assert by_page(source) == {1: squeezed("".join(ROWS))}


@pytest.mark.parametrize("size", [(300, 300), (1, 1), (2, 30_000), (30_000, 2), (40, 3000)])
def test_an_empty_picture_of_any_shape_has_no_lines(size: tuple[int, int]) -> None:
    assert read_image(saved(Image.new("L", size, 255), "PNG"), name="a.png", options=ReadOptions()).lines == ()


@pytest.mark.parametrize("data", [b"", b"no picture", saved(Image.new("L", (300, 300), 255), "PNG")[:60]])
def test_a_damaged_picture_says_so(data: bytes) -> None:
    with pytest.raises(ReadError, match="damaged"):
        read_image(data, name="a.png", options=ReadOptions())


def test_a_picture_too_large_to_recognize_says_so() -> None:
    with pytest.raises(ReadError, match="too large"):
        read_image(saved(Image.new("1", (20_000, 8_000)), "PNG"), name="a.png", options=ReadOptions())


def test_recognition_can_be_declined() -> None:
    with pytest.raises(ReadError) as told:
        read_image(saved(drawn(ROWS), "PNG"), name="a.png", options=ReadOptions(ocr=False))
    assert told.value.hint == "leave out --no-ocr"


def test_a_missing_recognizer_is_named_and_costs_only_the_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    from searcher.readers import ocr

    ocr._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    source = read_pdf(pdf([Sheet(lines(wrapped(HAN))), scan(drawn(ROWS))]), name="a.pdf", options=ReadOptions())
    (failure,) = source.failures
    assert failure.message.startswith("page 2: ")
    assert failure.hint == "python -m pip install 'policy-search[ocr]'"
    assert [line.text for line in source.lines] == [HAN]


def test_recognition_stops_in_time_and_tells_what_is_left() -> None:
    data = pdf([Sheet(lines(wrapped(HAN))), scan(drawn(ROWS))])
    source = read_pdf(data, name="a.pdf", options=ReadOptions(max_seconds=0.0))
    (failure,) = source.failures
    assert "no time left" in failure.message
    assert failure.hint == "allow more with --max-seconds"


def test_the_recognizer_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    read_image(saved(Image.new("L", (300, 300), 255), "PNG"), name="a.png", options=ReadOptions())
    read_image(saved(drawn(ROWS), "PNG"), name="a.png", options=ReadOptions())
    assert capfd.readouterr() == ("", "")


def test_a_scanned_law_reads_like_its_text() -> None:
    file = sorted((shared() / "corpora/docs/laws-docx-pdf").glob("*/*.pdf"))[0]
    data = file.read_bytes()
    page = drawn([], page=2, data=data)
    got = read_pdf(pdf([scan(page)]), name="a.pdf", options=ReadOptions())
    document = pypdfium2.PdfDocument(data)
    textpage = document[2].get_textpage()
    want = Counter(squeezed(textpage.get_text_range()))
    textpage.close()
    document.close()
    found = Counter(squeezed("".join(line.text for line in got.lines)))
    shared_characters = (want & found).total()
    assert 2 * shared_characters / (want.total() + found.total()) >= 0.97
