"""Which records, or which tables, are in a workbook?"""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from searcher.errors import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.grid import Row, grid_sources
from searcher.readers.package import open_package
from searcher.readers.records import Dump, as_text

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

# ECMA-376 18.3.1.73 and the programs: no sheet has more rows. A hostile one may claim any number.
_MOST_ROWS = 1_048_576
_DECLARED = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGE = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError)


def read_xlsx(data: bytes, *, name: str, options: ReadOptions) -> Iterator[Source]:
    """Read the sheets of a workbook, values as they were last computed; rows are numbered as in the sheet.

    Raises ReadError where it is no workbook, is damaged or declares entities, and where openpyxl is not installed.
    """
    _refuse_entities(data, options)
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise ReadError("reading .xlsx needs openpyxl", hint="python -m pip install 'policy-search[docs]'") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that hold no text
        try:
            workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in workbook.worksheets:
                dump = Dump(name, "utf-8", options.names, sheet=as_text(sheet.title))
                yield from grid_sources(_rows(sheet), dump)
        except _DAMAGE as error:
            raise ReadError(f"not a whole workbook: {error}", hint="save it anew, or save it as CSV") from error


def _refuse_entities(data: bytes, options: ReadOptions) -> None:
    """Unpack every part once, within limits, and refuse what could swell when it is parsed."""
    package = open_package(data, options)
    for part in package.names:  # a sheet may have any name
        content = package.read(part)
        wide = content[:4].startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]
        if _DECLARED.search(content.decode("utf-16" if wide else "latin-1", "replace")):
            raise ReadError(
                f"{part} declares entities, as no workbook needs to", hint="save it anew, or save it as CSV"
            )


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MOST_ROWS:
            raise ReadError(f"a sheet of more than {_MOST_ROWS:,} rows", hint="save it anew, or save it as CSV")
        texts = [_cell(value) for value in cells]
        if any(map(str.strip, texts)):
            yield number, texts


def _cell(value: object) -> str:
    """Return a value as the sheet shows it, near enough: whole numbers and days without a fraction."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else as_text(value)
