"""Tables in every charset that spreadsheets write, and those that are refused with a complete sentence."""

import codecs
import io
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import InvalidInputError
from bot.i18n.translations import get_translations
from bot.parsing.csv_table import Columns, TableError, escape_formula, parse_csv_table, unescape_formula
from bot.parsing.history_csv import parse_history_rows, parse_iso_instant
from bot.parsing.import_file import parse_import_file
from tests.helpers.amounts import others_slow
from tests.helpers.mail_builder import encode

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
TABLE = "thread,direction,sent_at\n田中①髙,received,2026-11-20T10:00\n"
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16, the other end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16, with tabs": lambda text: text.replace(",", "\t").encode("utf-16"),
    "CP932": lambda text: text.encode("cp932"),
    "Shift_JIS": lambda text: encode(text, "sjis"),
    "EUC-JP": lambda text: encode(text, "eucjp"),
    "JIS": lambda text: encode(text, "jis"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ascii_rows", others_slow([0, 5000]))
def test_a_table_is_read_in_every_charset(encoding: str, ascii_rows: int) -> None:
    text = TABLE.replace("\n", "\n" + "A,received,2026-11-20T10:00\n" * ascii_rows, 1)
    rows = parse_history_rows(io.BytesIO(ENCODINGS[encoding](text)), TOKYO)
    assert len(rows) == ascii_rows + 1
    assert rows[-1].thread == "田中①髙"
    imported = parse_import_file("a.csv", ENCODINGS[encoding](text), now=NOW, zone=TOKYO)
    assert imported.problems == []
    assert imported.messages[-1].thread.client == "田中①髙"


@pytest.mark.parametrize("head", ["", "\n\r\n", ",,\n", "\ufeff\n"])
@pytest.mark.parametrize("delimiter", ",;\t")
def test_blank_rows_may_stand_before_the_header_and_semicolons_between_fields(head: str, delimiter: str) -> None:
    data = (head + TABLE).replace(",", delimiter).encode()
    [row] = parse_history_rows(io.BytesIO(data), TOKYO)
    [message] = parse_import_file("a.csv", data, now=NOW, zone=TOKYO).messages
    assert (row.thread, message.thread.client) == ("田中①髙", "田中①髙")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_jobs_are_told_by_their_header_in_every_charset(encoding: str) -> None:
    text = "date,method,category,reward,outcome,evaluation,client\n2026/11/20,project,ロゴ,50000,completed,5,髙\n"
    [job] = parse_import_file("a.csv", ENCODINGS[encoding](text), now=NOW, zone=TOKYO).jobs
    assert job.client == "髙"


@pytest.mark.parametrize("data", [b"A\xff\xff", "あいうえ".encode()[:-1], b"\x1b$B!\x1b(B"])
def test_bytes_that_are_no_text_are_a_sentence(data: bytes) -> None:
    rows = b"thread,direction,sent_at\n" + data + b",received,2026-11-20T10:00\n"
    with pytest.raises(TableError) as error:
        parse_history_rows(io.BytesIO(rows), TOKYO)
    assert error.value.message_id == "table-encoding"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026/11/22 18:14", datetime(2026, 11, 22, 9, 14, tzinfo=UTC)),
        ("2026/1/2 8:05", datetime(2026, 1, 1, 23, 5, tzinfo=UTC)),
        ("2026/11/22 18:14:05", datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)),
        ("2026-1-2 8:05", datetime(2026, 1, 1, 23, 5, tzinfo=UTC)),
        ("2026-11-22 8:05:30", datetime(2026, 11, 21, 23, 5, 30, tzinfo=UTC)),
    ],
)
def test_the_times_of_a_spreadsheet(written: str, at: datetime) -> None:
    assert parse_iso_instant(written, TOKYO) == at


@pytest.mark.parametrize(
    "written",
    ["2026/11/22", "2026/13/22 18:14", "22/11/2026 18:14", "2026/11/22 25:14", "26/11/22 18:14", "2026/11-22 8:05"],
)
def test_other_times_with_slashes_are_bad_rows(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_iso_instant(written, TOKYO)


@pytest.mark.parametrize("start", ["\n", ",,\r\n\r\n", "\ufeff\ufeff", " \r", '"",""\n'])
def test_blank_rows_and_marks_before_the_header_are_skipped(start: str) -> None:
    data = (start + TABLE).encode()
    assert [row.thread for row in parse_history_rows(io.BytesIO(data), TOKYO)] == ["田中①髙"]
    assert len(parse_import_file("a.csv", data, now=NOW, zone=TOKYO).messages) == 1


def test_katakana_of_half_width_that_may_be_kanji_in_another_charset_are_not_guessed() -> None:
    """ﾔﾏﾀﾞ in CP932 has the bytes of 塹折 in EUC-JP; beside other letters there is no doubt."""
    row = "ﾔﾏﾀﾞ,received,2026-11-20T10:00\n"
    with pytest.raises(TableError) as error:
        parse_history_rows(io.BytesIO(("thread,direction,sent_at\n" + row).encode("cp932")), TOKYO)
    assert error.value.message_id == "table-encoding"
    rows = parse_history_rows(io.BytesIO((TABLE + row).encode("cp932")), TOKYO)
    assert [row.thread for row in rows] == ["田中①髙", "ﾔﾏﾀﾞ"]


def test_a_table_of_too_many_rows_says_how_many_it_may_have() -> None:
    with pytest.raises(TableError) as error:
        parse_csv_table(io.BytesIO(b"a\n1\n2\n"), Columns(("a",), ()), lambda fields, _: fields["a"], max_rows=1)
    assert "1" in get_translations("en").format_error(error.value)


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@x", "\tx", "＝1", "'=1", "''=1", "plain", "'quoted", ""])
def test_an_escaped_formula_is_not_run_and_reads_back(cell: str) -> None:
    assert unescape_formula(escape_formula(cell)) == cell
    assert escape_formula(cell)[:1] not in set("=+-@\t＝")


@pytest.mark.parametrize(("separator", "other"), [(",", "\t"), ("\t", ",")])
def test_the_first_line_says_what_separates_the_fields(separator: str, other: str) -> None:
    text = TABLE.replace(",", separator).replace("①", other)
    [row] = parse_history_rows(io.BytesIO(text.encode()), TOKYO)
    assert row.thread == f"田中{other}髙"
