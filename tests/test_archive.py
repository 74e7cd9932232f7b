"""Members of archives are documents, each for itself: ``a.zip!b.txt``."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from searcher.errors import ReadError
from searcher.models import Article, Failure, ReadOptions
from searcher.readers import read
from searcher.split import extract

TEXT = "关于{}的通知\n\n各单位应当做好{}工作。\n"


def text(subject: str, encoding: str = "utf-8") -> bytes:
    return TEXT.format(subject, subject).encode(encoding)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(members: Mapping[str, bytes], *, mode: str = "w") -> bytes:
    """Return the bytes of a TAR file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def contents(path: Path, options: ReadOptions | None = None) -> tuple[list[Article], list[Failure]]:
    """Return the articles in an archive, their paths relative to its folder, and what failed."""
    sources = read(path, name=path.name, options=options or ReadOptions())
    articles = [article for source in sources for article in extract(source).articles]
    return articles, [failure for source in sources for failure in source.failures]


def paths(path: Path) -> list[str]:
    articles, failures = contents(path)
    assert failures == []
    return [article.path for article in articles]


# ---- members


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped({"b.txt": text("造林"), "c/d.txt": text("治沙")})),
        ("a.tar", tarred({"b.txt": text("造林"), "c/d.txt": text("治沙")})),
        ("a.tgz", tarred({"b.txt": text("造林"), "c/d.txt": text("治沙")}, mode="w:gz")),
        ("A.TAR.GZ", tarred({"b.txt": text("造林"), "c/d.txt": text("治沙")}, mode="w:gz")),
    ],
)
def test_each_member_is_a_document_with_its_own_path(name: str, data: bytes, tmp_path: Path) -> None:
    articles, failures = contents(put(tmp_path / name, data))
    assert failures == []
    assert [(one.path, one.title) for one in articles] == [
        (f"{name}!b.txt", "关于造林的通知"),
        (f"{name}!c/d.txt", "关于治沙的通知"),
    ]


def test_a_compressed_file_is_the_one_member_of_itself(tmp_path: Path) -> None:
    (article,), failures = contents(put(tmp_path / "b.txt.gz", gzip.compress(text("造林"))))
    assert (article.path, article.title, failures) == ("b.txt.gz!b.txt", "关于造林的通知", [])


def test_members_are_read_by_their_endings(tmp_path: Path) -> None:
    members = {
        "a.html": "<html><body><h1>关于页面的通知</h1><p>各单位要改进页面，方便群众办事。</p></body></html>".encode(),
        "b.md": "# 关于标记的通知\n\n各单位要统一标记。\n".encode(),
        "c.jsonl": '{"title": "甲", "text": "子。"}\n{"title": "乙", "text": "丑。"}\n'.encode(),
        "d.txt": text("编码", "gb18030"),
        "photo.png": b"\x89PNG",
        "styles.css": b"p {}",
    }
    articles, failures = contents(put(tmp_path / "a.zip", zipped(members)))
    assert [one.title for one in articles] == ["关于页面的通知", "关于标记的通知", "甲", "乙", "关于编码的通知"]
    assert failures == []


def test_a_title_may_come_from_the_name_of_the_member(tmp_path: Path) -> None:
    data = "正文没有标题，只有一段话。它说了两句。\n又说了一句，仍然没有标题。\n".encode()
    (article,), _ = contents(put(tmp_path / "包.zip", zipped({"文件/造林办法_20180521.txt": data})))
    assert article.title == "造林办法"


def test_hidden_members_are_passed_over(tmp_path: Path) -> None:
    members = {"__MACOSX/._b.txt": b"\0\5\x16\7", ".git/c.txt": text("甲"), "b.txt": text("乙"), ".d.txt": text("丙")}
    assert paths(put(tmp_path / "a.zip", zipped(members))) == ["a.zip!b.txt"]


def test_members_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for subject in ("甲", "乙", "丙"):
            archive.writestr("b.txt", text(subject))
    articles, _ = contents(put(tmp_path / "a.zip", made.getvalue()))
    assert [(one.path, one.title) for one in articles] == [
        ("a.zip!b.txt", "关于甲的通知"),
        ("a.zip!b.txt#2", "关于乙的通知"),
        ("a.zip!b.txt#3", "关于丙的通知"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_that_are_not_marked_as_utf_8_are_read_as_they_were_meant(encoding: str, tmp_path: Path) -> None:
    stand_in = "x" * len("通知.txt".encode(encoding))
    data = zipped({stand_in: text("造林")}).replace(stand_in.encode(), "通知.txt".encode(encoding))
    assert paths(put(tmp_path / "a.zip", data)) == ["a.zip!通知.txt"]


def test_names_in_a_tar_file_may_be_gbk(tmp_path: Path) -> None:
    name = "通知.txt".encode("gb18030").decode("utf-8", "surrogateescape")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(text("造林"))
        archive.addfile(member, io.BytesIO(text("造林")))
    assert paths(put(tmp_path / "a.tar", made.getvalue())) == ["a.tar!通知.txt"]


# ---- names that play tricks


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/b.txt", "etc/cron.d/b.txt"),
        ("/etc/b.txt", "etc/b.txt"),
        ("C:\\Windows\\b.txt", "Windows/b.txt"),
        ("c:b.txt", "b.txt"),
        ("..\\..\\b.txt", "b.txt"),
        ("a/./../b.txt", "a/b.txt"),
        ("//server//share/b.txt", "server/share/b.txt"),
        ("b\x1b[31m\n.txt", "b_[31m_.txt"),
        ("\u202etxt.b.txt", "_txt.b.txt"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_is_a_label_and_no_place(pack, name: str, shown: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    archive = put(folder / "a.archive", pack({name: text("造林")}))
    archive = archive.rename(folder / ("a.zip" if pack is zipped else "a.tar"))
    assert paths(archive) == [f"{archive.name}!{shown}"]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [archive]


def test_links_and_devices_in_a_tar_file_are_passed_over(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("a.txt", tarfile.SYMTYPE), ("b.txt", tarfile.LNKTYPE), ("c.txt", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert paths(put(tmp_path / "a.tar", made.getvalue())) == []


# ---- members that fail


def test_a_member_that_fails_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    members = {"a.txt": text("甲"), "b.txt": b"%PDF-1.4", "c.xls": b"\xd0\xcf\x11\xe0", "d.txt": text("丁")}
    articles, failures = contents(put(tmp_path / "a.zip", zipped(members)))
    assert [one.path for one in articles] == ["a.zip!a.txt", "a.zip!d.txt"]
    assert [failure.path for failure in failures] == ["a.zip!b.txt", "a.zip!c.xls"]
    assert all(failure.message and failure.hint for failure in failures)


def test_a_damaged_member_fails_alone(tmp_path: Path) -> None:
    whole = zipped({"a.txt": text("甲") * 9, "b.txt": text("乙") * 9})
    place = whole.index(b"a.txt") + len("a.txt") + 4
    damaged = whole[:place] + b"\xff\xff\xff" + whole[place + 3 :]
    articles, (failure,) = contents(put(tmp_path / "a.zip", damaged))
    assert [one.path for one in articles] == ["a.zip!b.txt"]
    assert failure.path == "a.zip!a.txt"
    assert "damaged" in failure.message


def test_an_encrypted_member_fails_alone_and_says_so(tmp_path: Path) -> None:
    whole = bytearray(zipped({"a.txt": text("甲"), "b.txt": text("乙")}))
    directory = whole.index(b"PK\x01\x02")
    whole[6] |= 1  # the flags of the first member, in its own head and in the directory
    whole[directory + 8] |= 1
    articles, (failure,) = contents(put(tmp_path / "a.zip", bytes(whole)))
    assert [one.path for one in articles] == ["a.zip!b.txt"]
    assert (failure.path, "is encrypted" in failure.message) == ("a.zip!a.txt", True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", b"PK\x03\x04 cut off"),
        ("a.zip", b""),
        ("a.tar", b"no tar file at all" * 100),
        ("a.tgz", gzip.compress(b"x" * 100_000)[:-20]),
        ("a.txt.gz", b"not compressed"),
    ],
)
def test_an_archive_that_is_none_is_an_error(name: str, data: bytes, tmp_path: Path) -> None:
    _, failures = _read_or_fail(put(tmp_path / name, data))
    assert len(failures) == 1


def _read_or_fail(path: Path) -> tuple[list[Article], list[str]]:
    try:
        articles, failures = contents(path)
    except ReadError as error:
        assert error.hint
        return [], [error.message]
    return articles, [failure.message for failure in failures]


# ---- archives in archives


def test_archives_are_read_one_level_deep(tmp_path: Path) -> None:
    innermost = zipped({"c.txt": text("丙")})
    inner = zipped({"b.txt": text("乙"), "deep.zip": innermost})
    articles, (failure,) = contents(put(tmp_path / "a.zip", zipped({"b.zip": inner, "a.txt": text("甲")})))
    assert [one.path for one in articles] == ["a.zip!b.zip!b.txt", "a.zip!a.txt"]
    assert articles[0].title == "关于乙的通知"
    assert failure.path == "a.zip!b.zip!deep.zip"
    assert "an archive in an archive in an archive" in failure.message


def test_all_levels_share_what_may_be_unpacked(tmp_path: Path) -> None:
    """Each member alone is small enough."""
    filling = bytes(range(256)) * 400
    inner = zipped({f"{n}.txt": filling for n in range(3)})
    path = put(
        tmp_path / "a.zip", zipped({"first.txt": text("甲"), "b.zip": inner, "c.zip": inner, "z.txt": text("乙")})
    )
    articles, failures = contents(path, ReadOptions(max_bytes=len(inner) + 350_000))
    assert articles[0].path == "a.zip!first.txt"
    assert failures[-1].path == "a.zip"
    assert "the rest of it was not read" in failures[-1].message
    assert "a.zip!z.txt" not in [one.path for one in articles]


def test_what_a_compressed_tar_file_unpacks_to_is_counted_once(tmp_path: Path) -> None:
    members = {"a.txt": text("甲") * 2_000, "b.txt": text("乙")}
    path = put(tmp_path / "a.tgz", tarred(members, mode="w:gz"))
    size = len(tarred(members))
    assert len(contents(path, ReadOptions(max_bytes=size))[0]) == 2
    with pytest.raises(ReadError, match="unpacks to more than a file may have"):
        contents(path, ReadOptions(max_bytes=size - 1))


def test_a_sparse_member_that_claims_to_be_endless_fails_alone(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        hole = tarfile.TarInfo("hole.txt")
        hole.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,0"}
        hole.pax_headers |= {"GNU.sparse.size": str(1 << 40), "GNU.sparse.numblocks": "1"}
        archive.addfile(hole)
        member = tarfile.TarInfo("b.txt")
        member.size = len(text("乙"))
        archive.addfile(member, io.BytesIO(text("乙")))
    articles, (failure,) = contents(put(tmp_path / "a.tar", made.getvalue()))
    assert [one.path for one in articles] == ["a.tar!b.txt"]
    assert (failure.path, failure.message) == ("a.tar!hole.txt", "it is longer than the whole archive")


def test_members_are_read_only_when_they_are_asked_for(tmp_path: Path) -> None:
    """What one member holds is let go before the next is unpacked."""
    from searcher.readers.archive import read_archive

    taken: list[str] = []

    def parse(data: bytes, *, path: PurePosixPath, name: str, options: ReadOptions) -> tuple[()]:
        taken.append(name)
        return ()

    whole = zipped({f"{n}.txt": text("甲") for n in range(5)})
    list(read_archive(whole, name="a.zip", options=ReadOptions(), parse=parse, wanted=lambda path: path.stem != "3"))
    assert taken == ["a.zip!0.txt", "a.zip!1.txt", "a.zip!2.txt", "a.zip!4.txt"]
