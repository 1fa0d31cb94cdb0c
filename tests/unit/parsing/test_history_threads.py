"""Which rows of a history are one thread: the same in the bot and on the command line, and asked where it is not clear."""

import io
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.parsing.export_format import export_history_row
from bot.parsing.history_csv import parse_history
from bot.parsing.import_file import ImportData, parse_import_file

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
HEADER = "thread,direction,sent_at,client,title"


def table(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def read(data: bytes, name: str = "a.csv") -> ImportData:
    return parse_import_file(name, data, now=NOW, zone=TOKYO)


def threads_of(imported: ImportData) -> list[tuple[str | None, str | None]]:
    assert imported.problems == []
    return list(dict.fromkeys((row.thread.client, row.thread.title) for row in imported.messages))


@pytest.mark.parametrize(
    ("first", "second"),
    [("田中さん", "田中様"), ("ＡＢＣ", "abc"), ("A〜B", "A～B"), ("\ufeffA", "A"), ("A  B", "A\u3000B")],
)
def test_names_that_the_bot_matches_are_one_thread_on_the_command_line(first: str, second: str) -> None:
    data = table(f"{first},received,2026-11-20T10:00,,", f"{second},sent,2026-11-20T11:00,,")
    assert len({row.thread.key for row in read(data).messages}) == 1
    assert [len(entries) for entries in parse_history(io.BytesIO(data), TOKYO).threads.values()] == [2]


def test_long_names_that_differ_at_their_end_are_two_threads() -> None:
    data = table(f"{'A' * 150} 1,received,2026-11-20T10:00,A,1", f"{'A' * 150} 2,sent,2026-11-20T11:00,A,2")
    assert threads_of(read(data)) == [("A", "1"), ("A", "2")]
    assert len(parse_history(io.BytesIO(data), TOKYO).threads) == 2


def test_a_name_that_nobody_can_see_is_none() -> None:
    data = table("\u200b,received,2026-11-20T10:00,A,")
    assert [problem.reason.message_id for problem in read(data).problems] == ["history-thread-empty"]


@pytest.mark.parametrize("second", ["田中,sent,2026-11-20T11:00,,", "田中様,sent,2026-11-20T11:00,田中太郎,"])
def test_a_row_has_the_client_and_title_of_the_others_of_its_thread(second: str) -> None:
    first = "田中,received,2026-11-20T10:00,田中太郎,ロゴ"
    assert threads_of(read(table(first, second))) == [("田中太郎", "ロゴ")]
    assert threads_of(read(table(second, first))) == [("田中太郎", "ロゴ")]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("ロゴ,received,2026-11-20T10:00,田中,冊子", "バナー,sent,2026-11-20T11:00,田中,冊子", "history-thread-twice"),
        (f"{'A' * 120},received,2026-11-20T10:00,,", f"{'A' * 130},sent,2026-11-20T11:00,,", "history-thread-twice"),
        ("案件,received,2026-11-20T10:00,田中,", "案件,sent,2026-11-20T11:00,山田,", "history-names-differ"),
        ("田中,received,2026-11-20T10:00,田中,ロゴ", "田中,sent,2026-11-20T11:00,田中,バナー", "history-names-differ"),
    ],
)
def test_what_is_not_clear_is_a_bad_row(first: str, second: str, reason: str) -> None:
    [problem] = read(table(first, second)).problems
    assert (problem.line, problem.reason.message_id) == (3, reason)


def test_threads_of_one_client_without_titles_are_titled_by_their_names() -> None:
    rows = [f"{name},received,2026-11-20T10:00,田中," for name in ("ロゴ", "バナー", "田中様")]
    assert threads_of(read(table(*rows))) == [("田中", "ロゴ"), ("田中", "バナー"), ("田中", None)]
    rows = ["ロゴ,received,2026-11-20T10:00,田中,", "田中,received,2026-11-20T10:00,,"]
    assert threads_of(read(table(*rows))) == [("田中", "ロゴ"), ("田中", None)]
    assert threads_of(read(table(rows[0]))) == [("田中", None)]


def test_threads_of_one_client_in_two_files_of_a_zip_stay_apart() -> None:
    files = {
        "2025.csv": table("ロゴ,received,2025-11-20T10:00,田中,"),
        "2026.csv": table("ロゴ,sent,2026-11-20T10:00,田中,", "バナー,sent,2026-11-20T11:00,田中,"),
        "2027.csv": table("名刺,sent,2026-11-21T11:00,田中,"),
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    titles = [row.thread.title for row in read(whole.getvalue(), "a.zip").messages]
    assert titles == [None, None, "バナー", "名刺"]


def test_an_export_gives_two_threads_two_names_that_no_reader_matches() -> None:
    seen: dict[str, int] = {}
    rows = [(1, "A", "Logo", "logo"), (2, "A", "Logo様", "logo様"), (3, "a / logo", None, "")]
    names = [export_history_row((*row, False, "received", 0, "message", "lancers"), "?", seen)[0] for row in rows]
    assert names == ["A / Logo", "A / Logo様 #2", "a / logo #3"]
