"""What text is in an image file?

Every frame of a TIFF is a page.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from searcher.errors import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.ocr import HINT, fitting, recognize
from searcher.readers.pdf_paragraphs import Page, furniture, paragraphs

if TYPE_CHECKING:
    import numpy
    from PIL import Image

_MOST_PIXELS = 89_000_000  # A3 at 600 dots an inch has 70 million; Pillow warns of more
_MOST_FRAMES = 2000


def read_image(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read the text in an image, page 1, or in each frame of a TIFF. Raises ReadError where it cannot be recognized."""
    if not options.ocr:
        raise ReadError("a picture, and text in pictures is not to be recognized", hint="leave out --no-ocr")
    pages = [
        Page(number, float(picture.shape[0]), tuple(recognize(picture)))
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
    """Make a picture as small as text is recognized in."""
    scale = fitting(image.width, image.height)
    return image if scale >= 1 else image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
