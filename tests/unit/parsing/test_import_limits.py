"""An imported file of any make takes little memory, and brings nothing that a command would refuse."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import InvalidInputError
from bot.parsing import csv_table
from bot.parsing.import_file import MAX_PROBLEMS, ImportData, parse_import_file
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES
from tests.helpers.amounts import others_slow

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
SIZE = 200_000
HEADER = "thread,direction,sent_at\n"


def read(name: str, data: bytes) -> ImportData:
    return parse_import_file(name, data, now=NOW, zone=UTC)


def export(**tables: list[dict[str, Any]]) -> bytes:
    names = ("members", "threads", "messages", "jobs", "profile_items", "goals", "calibrations")
    return json.dumps(
        {"format": "nintei", "version": 1, "tables": {name: tables.get(name, []) for name in names}}
    ).encode()


def many_zip_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"{number}", b"")
    return file.getvalue()


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nested arrays": ("a.json", lambda: b"[" * SIZE),
    "empty arrays": ("a.json", lambda: b'{"format":"nintei","tables":{"messages":[' + b"[]," * (SIZE // 3)),
    "empty objects": ("a.json", lambda: b'{"a":[' + b"{}," * (SIZE // 3) + b"{}]}"),
    "a value of many parts": ("a.json", lambda: b'{"a":' + b'[{"a":{}},' * (SIZE // 10)),
    "many keys": ("a.json", lambda: b"{" + b",".join(b'"%d":0' % number for number in range(SIZE // 11)) + b"}"),
    "many rows in a table": (
        "a.json", lambda: b'{"format":"nintei","version":1,"tables":{"a":[' + b"0," * (SIZE // 2) + b"0]}}",
    ),
    "columns of the header": ("a.csv", lambda: b"thread,direction,sent_at" + b"," * SIZE + b"\n"),
    "columns of a row": ("a.csv", lambda: HEADER.encode() + b"," * SIZE + b"\n"),
    "a row of many lines": ("a.csv", lambda: HEADER.encode() + b'"\n",' * (SIZE // 4)),
    "bad rows": ("a.csv", lambda: HEADER.encode() + b"a,b,c\n" * (SIZE // 20)),
    "unreadable rows": ("a.csv", lambda: HEADER.encode() + b"\0\n" * (SIZE // 20)),
    "bad jobs": ("a.csv", lambda: b"date,method,category,reward,outcome,evaluation\n" + b"a,b,c,d,e,f\n" * (SIZE // 20)),
    "files of a zip": ("a.zip", many_zip_entries),
}  # fmt: skip


@pytest.mark.parametrize("bomb", others_slow(BOMBS))
def test_a_file_of_any_make_takes_little_memory(bomb: str) -> None:
    name, make = BOMBS[bomb]
    data = make()
    tracemalloc.start()
    try:
        try:
            imported = read(name, data)
        except InvalidInputError:
            pass
        else:
            assert imported.problem_count
            assert len(imported.problems) <= MAX_PROBLEMS
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(data) + 2_000_000


def test_bad_rows_are_counted_beyond_those_that_are_named() -> None:
    imported = read("a.csv", (HEADER + "A,sent,x\n" * 500).encode())
    assert (len(imported.problems), imported.problem_count) == (MAX_PROBLEMS, 500)
    assert imported.problems[-1].line == MAX_PROBLEMS + 1


@pytest.mark.parametrize(("beside", "error"), [(0, "import-unsupported"), (1, "import-too-large")])
def test_a_file_of_25_mebibytes_is_looked_at(beside: int, error: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read("a.bin", bytes(25 * 1024 * 1024 + beside))
    assert refused.value.message_id == error


@pytest.mark.slow
def test_twenty_thousand_jobs_are_read_and_not_one_more() -> None:
    header, row = b"date,method,category,reward,outcome,evaluation\n", b"2026-11-01,project,Web,1,completed,\n"
    assert len(read("a.csv", header + 20_000 * row).jobs) == 20_000
    with pytest.raises(InvalidInputError) as refused:
        read("a.csv", header + 20_001 * row)
    assert refused.value.message_id == "limits-jobs"


@pytest.mark.parametrize(("keys", "error"), [(20, "import-json-version"), (21, "import-json")])
def test_an_export_has_at_most_twenty_keys_beside_its_tables(keys: int, error: str) -> None:
    head = {"format": "nintei", "version": 99} | dict.fromkeys(map(str, range(keys - 2)))
    with pytest.raises(InvalidInputError) as refused:
        read("a.json", json.dumps(head | {"tables": {}}).encode())
    assert refused.value.message_id == error


def test_a_row_that_is_too_long_is_named_and_the_next_one_read() -> None:
    long = "x" * (csv_table.MAX_ROW_LENGTH + 5)
    imported = read("a.csv", f"{HEADER}A,sent,{long}\nA,received,2026-11-20T10:00\nB,sent,x\n".encode())
    assert [(problem.line, problem.reason.message_id) for problem in imported.problems] == [
        (2, "table-row-unreadable"),
        (4, "history-instant"),
    ]


THREAD = {"thread_id": 1, "client": "A", "title": None, "title_key": "", "unsorted": 0}
MESSAGE = {
    "thread_id": 1, "direction": "received", "kind": "message", "sent_at": "2026-11-20T10:00:00+00:00", "exactness": "second",
    "source": "written", "source_key": "k", "recorded_at": "2026-11-20T10:00:00+00:00", "closing": 0,
}  # fmt: skip
JOB = {
    "day": "2026-11-20", "method": "project", "category": "", "reward": 1, "outcome": "completed", "stars": None,
    "satisfied": None, "client": None, "count": 1,
}  # fmt: skip
SHOWN = dict.fromkeys(
    (
        "reply_rate",
        "reply_rate_unit",
        "replies",
        "completion_rate",
        "task_approval",
        "satisfaction",
        "evaluation",
        "earnings",
    )
)
EARLY, LATE, LATEST = "0001-01-01T00:00:00+00:00", "2026-11-24T03:00:00.000001+00:00", "9999-12-31T23:59:59+00:00"

OUTSIDE: list[tuple[str, dict[str, Any]]] = [
    *(("messages", MESSAGE | {"sent_at": at}) for at in (EARLY, LATE, LATEST, "2007-12-31T14:59:59+00:00")),
    *(("messages", MESSAGE | {"recorded_at": at}) for at in (EARLY, LATEST)),
    *(("jobs", JOB | {"day": day}) for day in ("0001-01-01", "2007-12-31", "2026-11-25", "9999-12-31")),
    *(("jobs", JOB | {"reward": reward}) for reward in (-1, 1_000_000_001, 10**18)),
    *(("jobs", JOB | {"count": count}) for count in (0, 10**12)),
    ("profile_items", {"item": "photo", "filled": 1, "confirmed_on": "9999-01-01"}),
    ("goals", {"category": "", "line": 10**18, "source": None, "set_on": "2026-11-20"}),
    ("goals", {"category": "", "line": 1, "source": None, "set_on": "9999-01-01"}),
    *(("calibrations", SHOWN | {"shown_on": "2026-11-20", name: 10**12}) for name in SHOWN if name != "reply_rate_unit"),
    ("calibrations", SHOWN | {"shown_on": "9999-01-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row"), OUTSIDE)
def test_a_row_of_an_export_outside_the_limits_is_named_by_its_number(table: str, row: dict[str, Any]) -> None:
    good = {"messages": MESSAGE, "jobs": JOB}.get(table)
    rows = [row] if good is None else [good, row]
    imported = read("a.json", export(threads=[THREAD], **{table: rows}))
    [problem] = imported.problems
    assert (problem.file, problem.line) == (f"a.json {table}", len(rows))
    assert problem.reason.message_id in {"import-future", "import-before-lancers", "import-figure", "day-range"}


@pytest.mark.parametrize(
    "setting", [{"last_login": "9999-01-01"}, {"last_login": "2007-01-01"}, {"badge_since": LATEST}]
)
def test_a_setting_of_an_export_outside_the_limits_is_left_out(setting: dict[str, str]) -> None:
    """An earlier version took such days: the whole record is not refused for one."""
    imported = read("a.json", export(threads=[THREAD], messages=[MESSAGE], members=[setting]))
    assert imported.problems == []
    assert imported.export is not None
    assert imported.export.member.keys().isdisjoint(setting)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00Z", "2007-12-31T23:59+09:00", "2026-11-24T03:00:01Z", "9999-12-31T23:59Z"]
)
def test_a_row_of_a_history_outside_lancers_time_is_named_by_its_line(at: str) -> None:
    imported = read("a.csv", f"{HEADER}A,received,2008-01-01T00:00+09:00\nA,received,{at}\n".encode())
    assert [problem.line for problem in imported.problems] == [3]


@pytest.mark.parametrize("thread", ["", " ", "\u200b", "\u2060\u200d", "\u202e"])
def test_a_row_of_a_history_without_a_visible_name_is_named_by_its_line(thread: str) -> None:
    imported = read("a.csv", f"{HEADER}A,received,2026-11-20T10:00\n{thread},received,2026-11-20T11:00\n".encode())
    [problem] = imported.problems
    assert (problem.line, problem.reason.message_id) == (3, "history-thread-empty")


@pytest.mark.parametrize("day", ["0001-01-01", "2007-12-31", "2026-11-25", "9999-12-31"])
def test_a_job_of_a_table_outside_lancers_time_is_named_by_its_line(day: str) -> None:
    rows = f"date,method,category,reward,outcome,evaluation\n2008-01-01,project,,1,completed,\n{day},project,,1,completed,\n"
    [problem] = read("a.csv", rows.encode()).problems
    assert (problem.line, problem.reason.message_id) == (3, "day-range")


@pytest.mark.parametrize(("beyond", "problems"), [(0, []), (1, ["parsing-file-too-large"])])
def test_a_mail_of_an_import_has_the_size_of_an_attachment_at_most(beyond: int, problems: list[str]) -> None:
    mail = b"From: a@example.com\n\nhello\n".ljust(MAX_ATTACHMENT_BYTES + beyond, b"x")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.eml", mail)
    assert [problem.reason.message_id for problem in read("a.zip", file.getvalue()).problems] == problems
