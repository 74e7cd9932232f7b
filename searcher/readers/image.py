"""What text is in an image file?

Every frame of a TIFF is a page. A picture much higher than wide, a page of a site saved as one image, is read from the
top down in parts.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from searcher.errors import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.ocr import HINT, LONGEST_SIDE, recognize
from searcher.readers.pdf_layout import TextLine
from searcher.readers.pdf_paragraphs import Page, furniture, paragraphs

if TYPE_CHECKING:
    import numpy
    from PIL import Image

_MOST_PIXELS = 89_000_000  # A3 at 600 dots an inch has 70 million; Pillow warns of more
_MOST_FRAMES = 2000
# A picture this many times as high as wide is read in parts; they end where the picture is blank, if that is near.
_TALL = 2.5
_PART = 1.6
_SEARCHED = 0.25
_BLANK = 12.0  # of 255: how much the grey of one line of pixels may vary


def read_image(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read the text in an image, page 1, or in each frame of a TIFF. Raises ReadError where it cannot be recognized."""
    if not options.ocr:
        raise ReadError("a picture, and text in pictures is not to be recognized", hint="leave out --no-ocr")
    pages = [
        Page(number, float(picture.shape[0]), tuple(_lines(picture)))
        for number, picture in enumerate(_pictures(data), start=1)
    ]
    return Source(
        path=name,
        format="image",
        encoding="image",
        lines=paragraphs(pages, furniture(pages)),
        ocr_pages=tuple(page.number for page in pages),
    )


def _pictures(data: bytes) -> Iterator[numpy.ndarray]:
    """Yield the frames of an image as arrays (height x width x 3, BGR), upright as its camera noted."""
    try:
        import numpy
        from PIL import Image, ImageOps, ImageSequence
    except ImportError as error:
        raise ReadError("reading pictures is not installed", hint=HINT) from error
    try:
        with _opened(data) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                if frame.width * frame.height > _MOST_PIXELS or number > _MOST_FRAMES:
                    raise _too_large()
                yield numpy.asarray(_fitting(ImageOps.exif_transpose(frame).convert("RGB")))[:, :, ::-1]
                if image.format != "TIFF":
                    return
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ReadError("damaged, or no picture", hint="open it in an image viewer and save it again") from error


def _opened(data: bytes) -> Image.Image:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data))


def _too_large() -> ReadError:
    return ReadError(
        f"too large a picture: more than {_MOST_PIXELS / 1e6:,.0f} million points or {_MOST_FRAMES:,} frames",
        hint="save it smaller; 300 dots an inch are enough",
    )


def _fitting(image: Image.Image) -> Image.Image:
    """Make a picture so small that text can be recognized in it as it is; a tall one by its width."""
    side = image.width if image.height > _TALL * image.width else max(image.size)
    scale = LONGEST_SIDE / side
    return image if scale >= 1 else image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))


def _lines(picture: numpy.ndarray) -> Iterator[TextLine]:
    for top, bottom in _parts(picture):
        for line in recognize(picture[top:bottom]):
            yield replace(line, top=line.top + top, bottom=line.bottom + top)


def _parts(picture: numpy.ndarray) -> Iterator[tuple[int, int]]:
    """Yield the ranges of rows to read at a time, parted where nothing is written."""
    height, width = picture.shape[:2]
    if height <= _TALL * width:
        yield 0, height
        return
    varies = picture.mean(axis=2).std(axis=1)
    top = 0
    while height - top > _TALL * width:
        end = top + int(_PART * width)
        blank = [row for row in range(end - int(_SEARCHED * width), end) if varies[row] < _BLANK]
        bottom = blank[-1] if blank else end
        yield top, bottom
        top = bottom
    yield top, height
