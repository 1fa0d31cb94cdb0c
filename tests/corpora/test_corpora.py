"""How the tables are judged, and the reader on all of their rows."""

from datetime import datetime

import pytest

from tests.corpora.measure import Result, judge, read_lines, read_mails
from tests.corpora.table import (
    Part,
    load_lines,
    moment,
    parse_reading,
    share,
)

NOW = moment()
EIGHT = datetime.fromisoformat("2026-11-24T08:00+09:00")
TANAKA = Part("received", "田中", None, EIGHT, EIGHT)
SATO = Part("received", "佐藤", None, EIGHT, EIGHT)
ASK, REFUSE = Part("ask"), Part("refuse")


@pytest.mark.parametrize(
    ("reading", "read", "verdict"),
    [
        ("received client=田中 at=2026-11-24T08:00", [TANAKA], "right"),
        ("received client=田中 at=2026-11-24T07:30..2026-11-24T08:30", [TANAKA], "right"),
        ("received client=田中 at=2026-11-24T08:01", [TANAKA], "wrong"),
        ("received client=田中 at=2026-11-24T08:00 title=ロゴ", [TANAKA], "wrong"),
        ("received client=田 at=2026-11-24T08:00", [TANAKA], "wrong"),
        ("replied client=田中 at=2026-11-24T08:00", [TANAKA], "wrong"),
        ("received client=田中 at=2026-11-24T08:00", [TANAKA, SATO], "wrong"),
        ("received client=田中 at=* ; received client=佐藤 at=*", [TANAKA], "wrong"),
        ("received client=田中 at=* ; received client=佐藤 at=*", [TANAKA, SATO], "right"),
        ("received client=田中 at=* ; received client=佐藤 at=*", [TANAKA, ASK], "asked"),
        ("received client=田中 at=* ; ask", [TANAKA], "wrong"),
        ("received client=田中 at=* ; ask", [TANAKA, ASK], "asked"),
        ("received client=田中 at=*", [REFUSE], "refused"),
        ("ask", [ASK], "asked"),
        ("ask", [TANAKA], "wrong"),
        ("refuse", [REFUSE], "refused"),
        ("refuse", [Part("foreign")], "wrong"),
        ("message client=田中 at=*", [TANAKA], "right"),
        ("message client=田中 at=*", [Part("foreign")], "wrong"),
        ("foreign", [Part("foreign")], "right"),
        ("code", [Part("foreign")], "refused"),
        ("undo", [Part("help")], "wrong"),
        ("fee 50000", [Part("fee", argument="5000")], "wrong"),
        ("dismissed client=田中", [Part("dismissed", "田中", None, EIGHT, EIGHT)], "right"),
    ],
)
def test_what_was_read_is_judged(reading: str, read: list[Part], verdict: str) -> None:
    assert judge(read, parse_reading(reading, NOW)) == verdict


def read_wrongly(results: list[Result]) -> list[str]:
    return [f"{result.kind}: {result.text!r}: {result.read}" for result in results if result.verdict == "wrong"]


def test_no_line_is_read_wrongly_in_silence() -> None:
    results = list(read_lines(load_lines()))
    assert read_wrongly(results) == []
    reasonable = [result for result in results if result.reading.is_recorded and not result.reading.may_ask]
    assert share(result.verdict == "right" for result in reasonable) >= 85


def test_no_mail_is_read_wrongly_in_silence() -> None:
    results = list(read_mails())
    assert read_wrongly(results) == []
    reasonable = [result for result in results if result.table == "mails" and result.reading.is_recorded]
    reasonable = [result for result in reasonable if not result.reading.may_ask]
    assert share(result.verdict == "right" for result in reasonable) >= 85
    assert [result.text for result in results if result.table == "pairs" and result.verdict != "right"] == []
