"""What text is in this picture?

RapidOCR with the models that come in its package: nothing is fetched. One engine a process, on one thread, since
several processes read at a time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from searcher.errors import ReadError
from searcher.models import ReadOptions
from searcher.readers.pdf_layout import Piece, TextLine, arrange

if TYPE_CHECKING:
    import numpy
    from rapidocr import RapidOCR

# In pixels. Text is recognized in a picture of this side at most, which is 200 dpi on A4, and looked for in a
# smaller one: memory grows with both.
LONGEST_SIDE = 2400
_SEARCHED_SIDE = 960
_MOST_PIXELS = 24_000_000
# A picture this many times as high as wide is read in parts; they end where the picture is blank, if that is near.
_TALL = 2.5
_PART = 1.6
_SEARCHED = 0.25
_SMALLEST = 10  # no character is smaller
_BLANK = 40  # of 255: how much the points of a row may differ

# Boxes of one font differ by so much.
_SAME_SIZE = 0.35
# A box is drawn so much higher than the em of its text.
_BOX = 0.8

# Recognition stops after this part of the time that a file has, so that what was read is not lost with the rest.
_TIME_PART = 0.7

HINT = "python -m pip install 'policy-search[ocr]'"


def deadline(options: ReadOptions) -> float:
    """Return until when text of a file that is read from now on may be recognized, as ``time.monotonic`` counts."""
    return time.monotonic() + _TIME_PART * options.max_seconds


def refusal(options: ReadOptions, until: float) -> ReadError | None:
    """Return why a picture of text is not to be recognized, if so."""
    if not options.ocr:
        return ReadError("a picture of text", hint="leave out --no-ocr to have it recognized")
    if time.monotonic() > until:
        return ReadError("a picture of text, and no time left to recognize it", hint="allow more with --max-seconds")
    return None


def fitting(width: float, height: float) -> float:
    """Return the scale at which a picture of this size is as large, in pixels, as text is recognized in at most."""
    side = width if height > _TALL * width else max(width, height)
    return min(LONGEST_SIDE / max(side, 1), math.sqrt(_MOST_PIXELS / max(width * height, 1)))


def recognize(picture: numpy.ndarray) -> list[TextLine]:
    """Return the lines of text in ``picture`` (height x width x 3, BGR, 8 bits), in reading order, boxes in pixels.

    A picture much higher than wide, a page of a site saved as one image, is read from the top down in parts. Raises
    ReadError where the recognizer is not installed.
    """
    return [
        replace(line, top=line.top + top, bottom=line.bottom + top)
        for top, bottom in _parts(picture)
        for line in _recognized(picture[top:bottom])
    ]


def _parts(picture: numpy.ndarray) -> Iterator[tuple[int, int]]:
    """Yield the ranges of rows to read at a time, parted where nothing is written."""
    height, width = picture.shape[:2]
    if min(height, width) < _SMALLEST:
        return
    top = 0
    while height - top > _TALL * width:
        end = top + max(1, int(_PART * width))
        rows = picture[end - int(_SEARCHED * width) : end]
        blank = (rows.max(axis=(1, 2)).astype(int) - rows.min(axis=(1, 2)) < _BLANK).nonzero()[0]
        bottom = end - len(rows) + int(blank[-1]) if len(blank) else end
        yield top, bottom
        top = bottom
    yield top, height


def _recognized(picture: numpy.ndarray) -> list[TextLine]:
    found = _engine()(picture)
    boxes, texts = getattr(found, "boxes", None), getattr(found, "txts", None)
    if boxes is None or not texts:
        return []
    pieces = [_piece(text, box) for text, box in zip(texts, boxes, strict=True) if text.strip()]
    return arrange(_even(pieces))


def _piece(text: str, corners: numpy.ndarray) -> Piece:
    """Return a line of text in the upright box around its four corners (x, y)."""
    (x0, top), (x1, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return Piece(text, x0, top, x1, bottom, _BOX * (bottom - top))


def _even(pieces: list[Piece]) -> list[Piece]:
    """Give pieces of nearly one size one size: boxes are a little higher or lower by the letters in them."""
    usual = median(piece.em for piece in pieces) if pieces else 0.0
    return [replace(piece, em=usual) if abs(piece.em - usual) <= _SAME_SIZE * usual else piece for piece in pieces]


@cache
def _engine() -> RapidOCR:
    try:
        import rapidocr
    except ImportError as error:
        raise ReadError("a picture of text, and the recognizer is not installed", hint=HINT) from error
    # naming the files keeps RapidOCR from fetching others
    models = Path(rapidocr.__file__).parent / "models"
    finds, reads = (next(iter(sorted(models.glob(f"*_{task}_*.onnx"))), None) for task in ("det", "rec"))
    if finds is None or reads is None:
        raise ReadError("the recognizer came without its models", hint=HINT)
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": LONGEST_SIDE,
            "Det.model_path": str(finds),
            "Det.limit_type": "max",
            "Det.limit_side_len": _SEARCHED_SIDE,
            "Rec.model_path": str(reads),
            # one line at a time: a batch is no faster on one thread and takes twice the memory
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
