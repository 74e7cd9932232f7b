"""What text is in a document of an old word processor (.doc, .wps, .odt)?

LibreOffice, where it is installed, turns it into a .docx, which is then read. It runs by itself: with its own
settings, in its own folder, and no longer than one file may take.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from searcher.errors import ReadError
from searcher.models import ReadOptions, Source
from searcher.readers.docx import read_docx
from searcher.readers.package import is_package
from searcher.readers.sniff import OLE
from searcher.readers.text import read_text

_PROGRAMS = ("soffice", "libreoffice")
_WORD_XML = b'progid="Word.Document"'
_HEAD = 4096  # bytes
_MOST_ERROR = 200  # characters
# Links in a document are not followed: no picture, template or section is loaded from elsewhere. The setting leaves out
# documents in trusted places, and there are none; whatever gets past it meets a proxy that is not there.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
# LibreOffice must end before the time of the file is up: whoever ends the reader then would not end it too.
_SHARE = 0.8


def read_legacy(data: bytes, *, name: str, options: ReadOptions) -> Source:
    """Read a document through LibreOffice. Text that is only called ``.doc`` is read as text.

    Raises ReadError where LibreOffice is not installed, does not know the file, or needs more than
    ``options.max_seconds``; DecodingError as ``read_text`` does.
    """
    if not (data.startswith(OLE) or is_package(data) or _WORD_XML in data[:_HEAD]):
        return replace(read_text(data, name=name), format="doc")
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ReadError(
            "reading .doc, .wps and .odt needs LibreOffice", hint="install LibreOffice, or save it as .docx"
        )
    with tempfile.TemporaryDirectory(prefix="policy-search-") as folder:
        converted = _converted(data, Path(folder), program, options)
    source = read_docx(converted, name=name, options=options)
    return source if source.format == "markdown" else replace(source, format="doc")


def _converted(data: bytes, folder: Path, program: str, options: ReadOptions) -> bytes:
    """Return the document as .docx."""
    given = folder / "document.odt" if is_package(data) else folder / "document.doc"
    given.write_bytes(data)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, "utf-8")
    profile = (folder / "profile").as_uri()
    out = folder / "out"
    command = (
        program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo", "--nodefault",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), str(given),
    )  # fmt: skip
    said = _run(command, folder, _SHARE * options.max_seconds)
    result = out / "document.docx"
    if not result.is_file():
        raise ReadError(
            f"LibreOffice cannot read it: {said[-_MOST_ERROR:].strip() or 'it says nothing'}",
            hint="open it in the program that made it and save it as .docx",
        )
    if result.stat().st_size > options.max_bytes:
        raise ReadError("it becomes larger than a file may be", hint="allow more with --max-size")
    return result.read_bytes()


def _run(command: tuple[str, ...], folder: Path, seconds: float) -> str:
    """Run a program in a process group of its own, end all of it after so many seconds, and return what it said."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(  # noqa: S603  a fixed command; the file's name is ours
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ReadError(
                f"LibreOffice took more than {seconds:,.0f} seconds", hint="allow more with --max-seconds"
            ) from error
        finally:
            if process.returncode is None:
                # the program that was started leaves others behind when it is ended alone
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
    return said.decode("utf-8", "replace")
