"""A file is read by a process that ends: the same is found as in this one, and no bomb reaches this one."""

import io
import os
import pickle
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.types import MemberId, Site
from bot.errors import InvalidInputError
from bot.services.container import Services
from bot.services.import_contents import ImportFile, read_import_contents, unpack_rows
from bot.services.import_reader import read_import_file
from bot.settings import read_defaults
from storage.connect import open_database
from storage.database import Database
from tests.helpers.scenarios import eml
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, REN = MemberId(1), MemberId(2)


def request(name: str, data: bytes) -> ImportFile:
    return ImportFile(name, data, NOW, ZoneInfo("Asia/Tokyo"))


def history(rows: int) -> bytes:
    lines = [f"T{number % 7},received,{(NOW - timedelta(minutes=number)).isoformat()}" for number in range(rows)]
    return "\n".join(["thread,direction,sent_at", *lines]).encode()


JOBS = b"date,method,category,reward,outcome,evaluation\n2026-10-11,project,Web,50000,completed,5\n"


def zipped(data: bytes) -> bytes:
    return zipped_files({"a.json": data})


def zipped_files(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()


async def test_a_further_row_of_a_table_takes_no_mark_of_the_thread_away(database: Database) -> None:
    """The last file of an export has the page of a conversation, which no table has."""
    transfer = Services(database, read_defaults({}), lambda: None).data_transfer
    table = b"thread,direction,sent_at,site\nA,received,2026-11-20T10:00,other\n"
    await transfer.preview_import(MIKA, "history.csv", table, now=NOW)
    await transfer.commit_import(MIKA, ignore_progress, now=NOW)
    await database.fetch("UPDATE threads SET page = '/message/1'")
    with await transfer.export(MIKA, now=NOW, unnamed_label="?") as export:
        files = {name: file.read() for name, file in export.files.items()}
    files["history.csv"] += b"A,received,2026-11-21T10:00:00+00:00,,A,,other\n"
    await transfer.preview_import(REN, "nintei.zip", zipped_files(files), now=NOW)
    await transfer.commit_import(REN, ignore_progress, now=NOW)
    rows = await database.fetch("SELECT page, site FROM threads")
    assert [tuple(row) for row in rows] == [("/message/1", "other")] * 2


@pytest.mark.slow
async def test_a_process_reads_the_same_and_ends() -> None:
    before = children()
    file = request("a.csv", history(3000))
    there, here = await read_import_file(file), read_import_contents(file)
    assert there.message_count == 3000
    assert [unpack_rows(part) for part in there.parts] == [unpack_rows(part) for part in here.parts]
    [problem] = (await read_import_file(request("a.csv", history(3000) + b"\nX,sent,x\n"))).problems
    assert (problem.line, problem.reason.message_id) == (3002, "history-instant")
    assert children() == before


@pytest.mark.slow  # tens of megabytes
@pytest.mark.parametrize(
    ("data", "said"),
    [(b"[" * 20_000_000, "import-json"), (b'{"a":[' + b"{}," * 8_000_000, "import-json")],
    ids=["nested", "objects"],
)
async def test_a_zip_bomb_is_a_sentence(data: bytes, said: str) -> None:
    bomb = zipped(data)
    assert len(bomb) < 100_000
    answer = await read_import_file(request("a.zip", bomb))
    assert [problem.reason.message_id for problem in answer.problems] == [said]


async def test_a_file_that_takes_too_much_time_is_a_sentence() -> None:
    before = children()
    with pytest.raises(InvalidInputError, match="import-unread"):
        await read_import_file(request("a.csv", history(3000)), timeout_seconds=0)
    assert children() == before


def test_an_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InvalidInputError("day-range", day=NOW.date())))  # noqa: S301 — made here
    assert (error.message_id, error.arguments) == ("day-range", {"day": NOW.date()})


def test_a_thread_has_the_names_of_its_first_row_and_the_marks_of_any() -> None:
    rows = "Ａ,received,other\nA,sent,\nB,received,\nB,sent,lancers\n"
    lines = [f"{row},{NOW.isoformat()}" for row in rows.splitlines()]
    contents = read_import_contents(request("a.csv", "\n".join(["thread,direction,site,sent_at", *lines]).encode()))
    [one, other] = dict.fromkeys(row[0] for part in contents.parts for row in unpack_rows(part))
    assert (one.identity.client, other.identity.client) == ("Ａ", "B")
    assert one.marks is not None
    assert one.marks.site is Site.OTHER
    assert other.marks is None


async def test_equal_rows_are_as_many_messages(database: Database) -> None:
    transfer = Services(database, read_defaults({}), lambda: None).data_transfer
    data = history(3) + b"\n" + history(2).partition(b"\n")[2]
    await transfer.preview_import(MIKA, "a.csv", data, now=NOW)
    assert (await transfer.commit_import(MIKA, ignore_progress, now=NOW)).messages == 5
    [[recorded]] = await database.fetch("SELECT count(*) FROM messages")
    assert recorded == 5
    assert (await transfer.preview_import(MIKA, "a.csv", data, now=NOW)).messages == 0


async def test_the_files_of_an_export_in_a_zip_are_one_record(database: Database) -> None:
    """As `/export` packs a large record; its tables hold what its JSON holds."""
    transfer = Services(database, read_defaults({}), lambda: None).data_transfer
    for name, data in {"history.csv": history(9), "jobs.csv": JOBS + JOBS.splitlines()[-1]}.items():
        await transfer.preview_import(MIKA, name, data, now=NOW)
        await transfer.commit_import(MIKA, ignore_progress, now=NOW)
    with await transfer.export(MIKA, now=NOW, unnamed_label="?") as export:
        whole = zipped_files({name: file.read() for name, file in export.files.items()})
    preview = await transfer.preview_import(REN, "nintei.zip", whole, now=NOW)
    assert (preview.rows, preview.messages, preview.jobs, preview.duplicates) == (11, 9, 2, 0)
    await transfer.commit_import(REN, ignore_progress, now=NOW)
    for member in (MIKA, REN):
        preview = await transfer.preview_import(member, "nintei.zip", whole, now=NOW)
        assert (preview.messages, preview.jobs, preview.duplicates) == (0, 0, 11)


def test_a_row_of_several_files_of_a_zip_is_one_and_equal_rows_of_one_file_are_several() -> None:
    once, twice = history(3), history(3) + b"\n" + history(3).splitlines()[-1]
    overlapping = read_import_contents(request("a.zip", zipped_files({"1.csv": once, "2.csv": twice, "3.csv": once})))
    assert overlapping.message_count == 4
    subject = "制作会社Aさんからのメッセージ受信通知"
    mails = {f"{number}.eml": b"Message-ID: <%d@lancers.jp>\n" % number + eml(subject) for number in range(2)}
    assert read_import_contents(request("a.zip", zipped_files(mails))).message_count == 2


@pytest.mark.slow
async def test_what_is_recorded_already_is_found_across_the_parts(database: Database) -> None:
    """Equal rows in different parts, and rows of one thread in several of them."""
    transfer = Services(database, read_defaults({}), lambda: None).data_transfer
    data = history(1200)
    preview = await transfer.preview_import(MIKA, "a.csv", data, now=NOW)
    assert (preview.messages, preview.threads, preview.duplicates) == (1200, 7, 0)
    assert (await transfer.commit_import(MIKA, ignore_progress, now=NOW)).messages == 1200
    more = data + b"\n" + b"\n".join(data.splitlines()[1:21]) + b"\n" + history(1205).splitlines()[-1]
    later = NOW + timedelta(minutes=1)
    preview = await transfer.preview_import(MIKA, "a.csv", more, now=later)
    assert (preview.messages, preview.duplicates) == (21, 1200)
    assert (await transfer.commit_import(MIKA, ignore_progress, now=later)).messages == 21
    assert (await transfer.preview_import(MIKA, "a.csv", more, now=later)).messages == 0
