"""The measure of reading counts as it says, and its labels are labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import reading, reading_speed
from bench.reading_folders import folder_lines
from bench.reading_gold import DATA, FIELDS, Case, Wanted, cases, labels, reasons
from bench.reading_score import Score, character_f1, same, scored
from tests.shared import shared

NOTICE = """云岭市人民政府办公室关于开展河道清淤的通知
云政办发〔2021〕9号
各县人民政府：
今年汛期将至，请各县在六月底前完成辖区内主要河道的清淤。

云岭市人民政府办公室
2021年4月6日
"""
LAST = "2021年4月6日"
SHORT = st.text("文件条例，。 ", max_size=40)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def want(**values: str | None) -> Wanted:
    return {name: (value,) for name, value in values.items()}


def score(case: Case, known: dict[tuple[Path, str], str] | None = None) -> Score:
    (only,) = scored([case], reasons=known or {}, repeated={})
    return only


@given(SHORT)
def test_a_text_is_wholly_like_itself_and_space_does_not_count(text: str) -> None:
    assert character_f1(text, " " + "\n".join(text)) == 1


@given(SHORT, SHORT)
def test_likeness_is_between_nothing_and_all_and_the_same_both_ways(found: str, wanted: str) -> None:
    assert 0 <= character_f1(found, wanted) <= 1
    assert character_f1(found, wanted) == character_f1(wanted, found)


def test_likeness_is_the_f1_of_the_longest_common_subsequence() -> None:
    assert character_f1("清淤通知", "清淤的通告") == pytest.approx(2 * 3 / 9)
    assert character_f1("淤清", "清淤") == pytest.approx(0.5)  # as many characters, in another order
    assert character_f1("", "清淤") == 0


def test_traditional_characters_are_like_simplified_ones_only_where_folded() -> None:
    assert character_f1("國務院", "国务院") < 1
    assert character_f1("國務院", "国务院", folded=True) == 1


def test_values_are_compared_without_space_and_width() -> None:
    assert same("国发〔2016〕 28号", "number") == same("国发〔２０１６〕28号", "number")
    assert same("国发〔2016〕28号", "number") != same("国发[2016]28号", "number")
    assert same("海关总署 财政部", "issuer") == same("海关总署、财政部", "issuer")
    assert same(None, "number") is None


def test_what_is_right_is_counted_and_what_is_wrong_is_told(notice: Path) -> None:
    wanted = want(number="云政办发〔2021〕9号", issuer="云岭市水务局", date="2021-04-06", published=None)
    made = score(Case(source="made", path=notice, wanted=wanted, ends=LAST, articles=2))
    assert made.right == {
        "number": True, "issuer": False, "date": True, "published": True, "articles": False, "ends": True
    }  # fmt: skip
    assert [(one.field, one.wanted, one.found) for one in made.differences] == [
        ("issuer", "云岭市水务局", "云岭市人民政府办公室"),
        ("articles", "2", "1"),
    ]


def test_any_of_several_values_is_right(notice: Path) -> None:
    for values in (("云岭市水务局", "云岭市人民政府办公室"), ("云岭市人民政府办公室", None)):
        assert score(Case(source="made", path=notice, wanted={"issuer": values})).right == {"issuer": True}


def test_the_body_is_scored_with_or_without_its_head(notice: Path) -> None:
    body = NOTICE.split("\n", 2)[2]
    assert score(Case(source="made", path=notice, text=body)).f1 == 1
    assert score(Case(source="made", path=notice, text=NOTICE, with_head=True)).f1 == 1
    low = score(Case(source="made", path=notice, text=body * 2))
    assert low.f1 == pytest.approx(2 / 3)
    assert [one.field for one in low.differences] == ["text"]


def test_a_file_that_cannot_be_read_is_wrong_throughout_and_says_why(tmp_path: Path) -> None:
    made = score(Case(source="made", path=tmp_path / "none.txt", wanted=want(title="通知"), text="正文", begins="正文"))
    assert made.right == {"title": False, "begins": False}
    assert made.f1 == 0
    assert made.failure is not None
    assert "no such file" in made.failure


def test_an_article_that_is_not_there_is_wrong_throughout(notice: Path) -> None:
    made = score(Case(source="made", path=notice, ordinal=3, wanted=want(title="通知"), text="正文"))
    assert (made.right, made.f1, made.failure) == ({"title": False}, 0, None)


def test_what_has_a_reason_is_not_scored(notice: Path) -> None:
    case = Case(source="made", path=notice, wanted=want(title="别的", date="1999-01-01"), text="别的")
    made = score(case, {(notice, "date"): "another version", (notice, "text"): "another version"})
    assert made.right == {"title": False}
    assert made.f1 is None
    assert made.excused == ("date", "text")
    assert "not scored: another version" in "\n".join(
        reading.listed(made, {(notice, n): "another version" for n in (*FIELDS, "text")})
    )


def test_rows_add_up(notice: Path) -> None:
    made = list(
        scored(
            [
                Case(source="a", path=notice, wanted=want(date="2021-04-06"), text=NOTICE, with_head=True),
                Case(source="b", path=notice, wanted=want(date="2021-04-07"), text="无"),
                Case(source="a", path=notice, wanted=want(date="2021-04-06")),
            ],
            reasons={},
            repeated={},
        )
    )
    first, second, total = reading.rows(made)
    assert (first.source, first.documents, first.right, first.mean, first.low) == ("a", 2, {"date": (2, 2)}, 1.0, 0)
    assert (second.right, second.low) == ({"date": (0, 1)}, 1)
    assert (total.right, total.texts, total.least) == ({"date": (2, 3)}, 2, second.least)
    assert reading.failings(first) == []
    assert [line.split(":")[0] for line in reading.failings(total)] == ["date", "text", "text"]
    assert reading.table([first]).splitlines()[-1].startswith("| a | 2 |")


def made_corpus(folder: Path) -> Path:
    """Make a folder as the shared one, with one page of each of two sources."""
    pages = folder / "corpora" / "docs" / "gov-cn-html"
    pages.mkdir(parents=True)
    (pages / "one.html").write_text(
        "<html><body><div class='wrap'><table><tr><td id='UCAP-CONTENT'><p>云岭市人民政府关于修桥的通知</p>"
        "<p>云政发〔2020〕3号</p><p>各县人民政府：</p><p>请于年底前修好辖区内的桥梁，并上报情况。</p>"
        "<p>云岭市人民政府</p><p>2020年5月4日</p></td></tr></table></div></body></html>",
        encoding="utf-8",
    )
    gold = {"file": "one.html", "title": "云岭市人民政府关于修桥的通知", "number": "云政发〔2020〕4号"}
    (pages / "gold.jsonl").write_text(json.dumps(gold, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def test_the_command_prints_a_table_or_json_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(made_corpus(tmp_path))
    assert reading.main([folder, "--source", "gov", "--differences"]) == 0
    shown = capsys.readouterr().out
    assert "| gov-cn-html | 1 | 1/1 | 0/1 |" in shown
    assert "number: want 云政发〔2020〕4号" in shown
    assert reading.main([folder, "--source", "gov", "--json", "--check"]) == 1
    printed = capsys.readouterr()
    told: dict[str, Any] = json.loads(printed.out)
    assert [row["source"] for row in told["rows"]] == ["gov-cn-html", "all"]
    assert [one["field"] for one in told["differences"]] == ["number"]
    assert printed.err.startswith("number: 0 of 1 right")


def test_lines_that_the_pages_of_a_folder_have_in_common_are_no_text(tmp_path: Path) -> None:
    for number in range(8):
        text = f"云岭市第{number}中学今天开学，全校师生参加了升旗仪式。"
        (tmp_path / f"{number}.html").write_text(
            f"<html><body><article><h1>第{number}中学开学</h1><p>云岭教育在线欢迎您</p><p>{text * 3}</p>"
            "</article></body></html>",
            encoding="utf-8",
        )
    case = Case(source="made", path=tmp_path / "3.html", begins="云岭市第3中学")
    (apart,) = scored([case], reasons={}, repeated={})
    (together,) = scored([case], reasons={}, repeated=folder_lines([case.path]))
    assert (apart.right, together.right) == ({"begins": False}, {"begins": True})


def test_a_folder_without_labels_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        reading.main([str(tmp_path)])
    assert "no labelled documents" in capsys.readouterr().err


def test_the_speed_of_each_format_and_of_all_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_speed, "JOBS", (1,))
    monkeypatch.setattr(reading_speed, "_ROUNDS", 1)
    monkeypatch.setattr(reading_speed, "_times", lambda files: 4)
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "broken.txt").write_bytes(b"\x81" * 3)
    (tmp_path / "picture.xyz").write_bytes(b"no document")
    measured = list(reading_speed.speeds(tmp_path, most=2))
    assert [(one.format, one.files, one.failed) for one in measured] == [(".txt", 8, 4), ("all", 2, 1)]
    assert all(set(one.seconds) == {1} for one in measured)
    lines = list(reading_speed.table(measured))
    assert [line.count("|") for line in lines] == [lines[0].count("|")] * 4


def test_labels_hold_short_values_only() -> None:
    lines = [json.loads(line) for line in (DATA / "reading_labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({line["path"] for line in lines}) >= 60
    known = {"path", "record", "ordinal", "articles", "begins", "ends", *FIELDS}
    for line in lines:
        assert set(line) <= known, line["path"]
        assert len(line.get("begins", "")) <= 12
        assert len(line.get("ends", "")) <= 12


def test_our_label_counts_where_a_publisher_says_otherwise(tmp_path: Path) -> None:
    label = {"path": "gov-cn-html/one.html", "ordinal": 0, "number": "云政发〔2020〕3号"}
    (tmp_path / "reading_labels.jsonl").write_text(json.dumps(label) + "\n", encoding="utf-8")
    publisher, own = cases(made_corpus(tmp_path), data=tmp_path)
    assert set(publisher.wanted) == {"title"}
    assert own.wanted == want(number="云政发〔2020〕3号")


def test_each_label_and_each_reason_is_about_a_file_that_is_there() -> None:
    docs = shared() / "corpora" / "docs"
    assert all(case.path.is_file() for case in labels(docs))
    asked = {case.path for case in cases(shared())}
    assert {path for path, _ in reasons(shared())} <= asked
