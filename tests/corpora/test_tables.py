"""The tables of lines and mails themselves: enough rows, hard enough, without contradictions."""

import pytest

from tests.corpora.table import FOLDER, MIN_MAILS, Line, check_lines, load_lines, moment, parse_reading, rows
from tests.helpers.mail_builder import build, encode

NOW = moment()


def test_the_lines_are_as_many_and_as_hard_as_they_should_be() -> None:
    assert check_lines(load_lines()) == []


def test_a_fault_of_the_table_is_found() -> None:
    line = Line(
        "kind",
        "xx",
        NOW,
        (),
        frozenset(),
        unlisted=False,
        text="田中さん",
        reading=parse_reading("replied client=田中 at=now", NOW),
    )
    future = Line(
        "kind",
        "ja",
        NOW,
        (),
        frozenset(),
        unlisted=False,
        text="8時",
        reading=parse_reading("received client=A at=2027-01-01", NOW),
    )
    faults = "\n".join(check_lines([line, line, future]))
    for fault in ("twice", "fewer", "30 %", "25 %", "language", "does not wait", "later than now"):
        assert fault in faults


def test_the_mails_are_enough_and_can_be_built() -> None:
    mails = list(rows(FOLDER / "mails.tsv"))
    assert len(mails) >= MIN_MAILS
    assert len({tuple(mail.values())[2:] for mail in mails}) == len(mails)
    for mail in mails:
        build(mail)
        parse_reading(mail["reading"], NOW)


@pytest.mark.parametrize(("charset", "codec"), [("jis", "iso2022_jp"), ("eucjp", "euc_jp"), ("sjis", "shift_jis")])
def test_the_charsets_of_windows_are_the_standard_ones_and_more(charset: str, codec: str) -> None:
    text = "田中さんのLP制作：表示ソ能ー、0点"
    assert encode(text, charset) == text.encode(codec)
    assert encode("①", charset) in {b"\x1b$B-!\x1b(B", b"\xad\xa1", b"\x87\x40"}
    assert encode("髙", charset) in {b"\x1b$B|b\x1b(B", b"\xfc\xe2", b"\xfb\xfc"}
