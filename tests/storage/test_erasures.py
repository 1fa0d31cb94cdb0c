"""Erasures in the database and their notes outside of it, on both engines."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.domain.calendar import MICROSECOND, instant_to_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.fake_discord.clock import ManualClock
from bot.ops.doctor import run_doctor_checks
from bot.scheduling.periodic_tasks import PeriodicTasks
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage import deliveries, erased_members, member_data
from storage.admin import erasure_log
from storage.connect import open_database
from storage.database import Database
from storage.discord_ids import message_id_at
from storage.erased_members import Erasure
from tests.helpers.erasure_notes import append_note, list_noted
from tests.helpers.servers import name_of, server

MIKA, KEN = MemberId(1001), MemberId(1002)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
ERASED = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=2)


@asynccontextmanager
async def opened(url: str, folder: Path = Path("data")) -> AsyncIterator[tuple[Database, Services]]:
    database = await open_database(url, erasures_folder=folder)
    try:
        yield database, Services(database, read_defaults({}), lambda: None)
    finally:
        await database.close()


async def record(services: Services, member: MemberId, client: str, *, now: datetime = NOW) -> None:
    message = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        time=ParsedTime(now - timedelta(hours=20), Precision.MINUTE),
        source=MessageSource.WRITTEN,
        source_key=client,
    )
    await services.recording.record(member, message, now=now)


async def clients(database: Database) -> list[str]:
    return [row[0] for row in await database.fetch("SELECT client FROM threads ORDER BY client")]


async def remind(database: Database) -> None:
    """Claim what is due, so that there are deliveries."""
    async with database.write() as transaction:
        assert await deliveries.claim_deliveries(
            transaction, now=NOW + timedelta(hours=3.5), lease=timedelta(minutes=1)
        )


@contextmanager
def counted(kind: type) -> Iterator[list[str]]:
    """The statements that run while the block does."""
    statements: list[str] = []
    original = {name: getattr(kind, name) for name in ("fetch", "execute_many")}

    def counting(name: str) -> object:
        async def run(self: object, sql: str, *values: object) -> object:
            statements.append(sql)
            return await original[name](self, sql, *values)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name in original:
            patch.setattr(kind, name, counting(name))
        yield statements


async def test_a_crash_before_the_note_is_made_up_for_by_the_next_start(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    async with opened(database_url) as (database, services):
        await record(services, MIKA, "甲社")
        with monkeypatch.context() as fault:
            fault.setattr(erasure_log, "add_erasure_notes", full)
            await services.erasure.erase(MIKA, now=ERASED)
        assert await clients(database) == []
        assert list_noted(database.erasure_log_path) == []
        await record(services, MIKA, "乙社", now=LATER)
    async with opened(database_url) as (database, _):
        assert list_noted(database.erasure_log_path) == [(MIKA, ERASED)]
        assert await clients(database) == ["乙社"]


async def test_recorded_in_the_instant_of_the_erasure_or_on_a_clock_set_back_is_recorded_after_it(
    database_url: str,
) -> None:
    async with opened(database_url) as (_, services):
        await services.erasure.erase(MIKA, now=ERASED)
        await record(services, MIKA, "甲社", now=ERASED)
    async with opened(database_url) as (database, services):
        assert await clients(database) == ["甲社"]
        await services.erasure.erase(MIKA, now=ERASED - timedelta(hours=1))
        await record(services, MIKA, "乙社", now=ERASED - timedelta(hours=2))
    async with opened(database_url) as (database, _):
        assert await clients(database) == ["乙社"]


async def test_a_note_never_deletes_what_was_recorded_after_it(database_url: str) -> None:
    """Earlier versions wrote the note before an erasure that was then refused."""
    async with opened(database_url) as (database, services):
        await record(services, MIKA, "甲社")
        await record(services, MIKA, "乙社", now=LATER)
        await record(services, KEN, "丙社")
    for member in (MIKA, KEN):
        append_note(database.erasure_log_path, member, ERASED)
    for _ in range(2):
        with capture_logs() as logs:
            async with opened(database_url) as (database, _):
                assert await clients(database) == ["乙社", "甲社"]
        assert [each["member_id"] for each in logs if each["event"] == "erasure_note_ignored"] == [MIKA]


async def test_how_many_were_erased_again_is_logged(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        for member in (MIKA, KEN):
            await record(services, member, "甲社")
            append_note(database.erasure_log_path, member, ERASED)
    for expected in ([2], []):
        with capture_logs() as logs:
            async with opened(database_url):
                pass
        assert [each["members"] for each in logs if each["event"] == "erasures_repeated"] == expected


async def test_a_note_that_cannot_be_applied_stops_no_start_and_hides_its_member(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        for member in (MIKA, KEN):
            await record(services, member, "甲社")
        append_note(database.erasure_log_path, MIKA, ERASED)
        async with database.write() as transaction:
            await transaction.fetch("CREATE TABLE foreign_notes (member_id BIGINT REFERENCES members)")
            await transaction.fetch("INSERT INTO foreign_notes VALUES ($1)", MIKA)
    with capture_logs() as logs:
        async with opened(database_url) as (database, services):
            member, _ = await services.members.find(MIKA)
            assert member is None
            assert (await services.members.find(KEN))[0] is not None
            with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
                await record(services, MIKA, "乙社", now=LATER)
            async with database.write() as transaction:
                await transaction.fetch("DELETE FROM foreign_notes")
            await record(services, MIKA, "乙社", now=LATER)
            assert await clients(database) == ["乙社", "甲社"]
    assert [each["member_id"] for each in logs if each["event"] == "erasure_not_repeated"] == [MIKA]


@pytest.mark.parametrize("damage", ["unreadable", "folder", "binary"])
async def test_a_damaged_file_of_notes_stops_no_start(database_url: str, damage: str) -> None:
    async with opened(database_url) as (database, services):
        await record(services, MIKA, "甲社")
        path = database.erasure_log_path
    path.parent.mkdir(exist_ok=True)
    match damage:
        case "folder":
            path.mkdir()
        case "unreadable":
            path.symlink_to(path)
        case _:
            path.write_bytes(b"\xff\x00\n1001 \n1001 x\n" + os.urandom(5000))
    async with opened(database_url) as (database, services):
        assert await clients(database) == ["甲社"]
        await services.erasure.erase(MIKA, now=ERASED)
        assert await clients(database) == []


async def test_many_erasures_of_one_member_are_one_note(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        for minutes in range(10):
            await services.erasure.erase(MIKA, now=ERASED + timedelta(minutes=minutes))
        for minutes in range(300):
            erasure_log.add_erasure_notes(
                database.erasure_log_path, [Erasure(MIKA, ERASED - timedelta(minutes=minutes), 5)]
            )
        assert len(database.erasure_log_path.read_text(encoding="ascii").splitlines()) == 1
        assert list_noted(database.erasure_log_path) == [(MIKA, ERASED + timedelta(minutes=9))]


@pytest.mark.slow
async def test_a_start_does_not_grow_with_the_notes(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        await record(services, MIKA, "甲社")
        path = database.erasure_log_path
        async with database.read() as transaction:
            kind = type(transaction)
    path.parent.mkdir(exist_ok=True)

    async def statements() -> int:
        with counted(kind) as counts:
            async with opened(database_url):
                pass
        return len(counts)

    path.write_text(f"{KEN} {instant_to_micros(ERASED)}\n", encoding="ascii")
    await statements()
    few = await statements()
    lines = [f"{number} {instant_to_micros(ERASED)}\n" for number in range(2000, 52_000)]
    path.write_text("".join([*lines, *lines[:1000] * 2]), encoding="ascii")
    await statements()
    assert await statements() <= few


@pytest.mark.slow
def test_several_processes_share_the_notes(tmp_path: Path) -> None:
    """Each locks the file that it changes, also when another one has just replaced it."""
    path = tmp_path / "nintei.erasures"
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from storage.admin import erasure_log; from storage.erased_members import Erasure\n"
        "for n in range(40):\n"
        "    at = datetime(2026, 11, 24, 3, n, tzinfo=UTC)\n"
        "    erasure_log.add_erasure_notes(Path(sys.argv[1]), [Erasure(int(sys.argv[2]) * 100 + n, at, n), Erasure(7, at, n)])\n"
    )
    python = [sys.executable, "-c", script, str(path)]
    for process in [subprocess.Popen([*python, str(number)]) for number in range(1, 5)]:
        assert process.wait() == 0
    assert len(list_noted(path)) == 4 * 40 + 1
    assert len(path.read_text(encoding="ascii").splitlines()) == 4 * 40 + 1
    assert erasure_log.read_erasure_log(path)[MemberId(7)].last_read_message_id == 39


def test_a_note_without_a_message_stands_for_those_until_its_instant(tmp_path: Path) -> None:
    path = tmp_path / "nintei.erasures"
    append_note(path, MIKA, ERASED)
    assert erasure_log.read_erasure_log(path)[MIKA].last_read_message_id == message_id_at(ERASED)
    with path.open("a", encoding="ascii") as file:
        file.write("1002 179")  # cut off
    erasure_log.add_erasure_notes(path, [Erasure(MemberId(1003), ERASED, 5)])
    assert [member for member, _ in list_noted(path)] == [MIKA, 1002, 1003]


async def findings(url: str) -> dict[str, str]:
    environ = {"DISCORD_API_URL": "http://127.0.0.1:1/api/v10", "DATABASE_URL": url}
    return {
        each.check: each.message_id
        async for each in run_doctor_checks(environ, ManualClock(NOW), all_threads=False, fix=False)
    }


async def test_the_doctor_tries_to_erase_and_takes_it_back(database_url: str) -> None:
    assert (await findings(database_url))["erasure"] == "doctor-erasure-nobody"
    async with opened(database_url) as (database, services):
        await record(services, MIKA, "甲社")
        await remind(database)
    assert (await findings(database_url))["erasure"] == "doctor-erasure-fine"
    async with opened(database_url) as (database, _):
        assert await clients(database) == ["甲社"]
        async with database.write() as transaction:
            await transaction.fetch("CREATE TABLE foreign_notes (member_id BIGINT REFERENCES members)")
            await transaction.fetch("INSERT INTO foreign_notes VALUES ($1)", MIKA)
    assert (await findings(database_url))["erasure"] == "doctor-erasure-wrong"


@pytest.mark.postgres
@pytest.mark.parametrize("notes_are", ["shared", "brought along"])
async def test_after_a_real_dump_and_restore_on_another_machine(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes_are: str
) -> None:
    """Members can be erased, and who was erased after the dump does not come back."""
    dump, notes = tmp_path / "nintei.dump", tmp_path / "shared"
    async with opened(server_url, notes) as (database, services):
        for member, client in ((MIKA, "甲社"), (KEN, "乙社")):
            await record(services, member, client)
        await remind(database)
        await server().run_tool("pg_dump", "--format=custom", f"--file={dump}", server_url)
        await services.erasure.erase(MIKA, now=ERASED)
    (tmp_path / "other machine").mkdir()
    monkeypatch.chdir(tmp_path / "other machine")
    if notes_are == "shared":
        await server().run_tool("pg_restore", "--clean", "--if-exists", f"--dbname={server_url}", str(dump))
        url, folder = server_url, notes
    else:  # a new server: the file of notes is brought along
        url = await server().make_database()
        await server().run_tool("pg_restore", f"--dbname={url}", str(dump))
        folder = Path("data")
        folder.mkdir()
        (notes / f"{name_of(server_url)}.erasures").rename(folder / f"{name_of(url)}.erasures")
    assert (await findings(url))["erasure"] == "doctor-erasure-fine"
    async with opened(url, folder) as (database, services):
        assert await clients(database) == ["乙社"]
        await services.erasure.erase(KEN, now=LATER)
        assert await clients(database) == []
        assert sorted(member for member, _ in list_noted(database.erasure_log_path)) == [MIKA, KEN]
        await services.members.get_or_register(MIKA, now=LATER, channel_id=5)
        member, _ = await services.members.find(MIKA)
        assert member is not None
        assert member.last_read_message_id == message_id_at(ERASED)
    if notes_are == "brought along":
        server().drop_database(url)


async def hide_long_record(database: Database, services: Services) -> None:
    """A record of which a part is left when the erasure is committed."""
    for client in ("甲社", "乙社", "丙社", "丁社", "戊社"):
        await record(services, MIKA, client)
    await record(services, KEN, "残社")
    async with database.write() as transaction:
        await erased_members.erase_and_store_erasure(
            transaction, MIKA, now=ERASED, last_read_message_id=None, rows_at_once=2
        )


async def rows_left(database: Database) -> dict[str, int]:
    async with database.read() as transaction:
        counts = await member_data.count_member_rows(transaction, MIKA)
    return {table: count for table, count in counts.items() if count}


async def test_a_long_record_is_hidden_at_once_and_deleted_in_steps(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        await hide_long_record(database, services)
        assert (await rows_left(database)).keys() == {"members", "threads", "messages", "changes", "changed_messages"}
        assert await services.members.find(MIKA) == (None, (await services.members.find(KEN))[1])
        assert not await planned_of(database, MIKA)
        writes: list[str] = []
        database.on_timing = lambda kind, _seconds: writes.append(kind)
        await erased_members.erase_rest_of_record(database, MIKA, rows_at_once=2)
        assert await rows_left(database) == {}
        assert await clients(database) == ["残社"]
        assert writes.count("write") > len(member_data.LONG_TABLES) + 1


async def planned_of(database: Database, member_id: MemberId) -> list[object]:
    return [*await database.fetch("SELECT 1 FROM occurrences WHERE member_id = $1", member_id)]


async def test_what_is_left_of_a_long_record_is_deleted_by_the_next_start(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        await hide_long_record(database, services)
    async with opened(database_url) as (database, _):
        assert await rows_left(database) == {}
        assert await clients(database) == ["残社"]


class NoDigests:
    """Nobody of this module wants a digest."""

    async def send_digest(self, member_id: MemberId, nonce: str, *, now: datetime) -> None:
        raise AssertionError(member_id, nonce, now)


async def test_what_is_left_of_a_long_record_is_deleted_without_a_new_start(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, purged = True, 0
    delete_batch = member_data.erase_record_batch

    async def delete_or_fail(*arguments: object, rows: int) -> bool:
        if busy:
            raise StorageError("storage-busy")
        return await delete_batch(*arguments, rows=rows)  # type: ignore[arg-type]

    async def purge() -> None:
        nonlocal purged
        purged += 1

    monkeypatch.setattr(member_data, "erase_record_batch", delete_or_fail)
    async with opened(database_url) as (database, services):
        monkeypatch.setattr(database, "purge_deleted_data", purge)
        await hide_long_record(database, services)
        with pytest.raises(StorageError):
            await services.erasure.finish_erasure(MIKA)
        clock = ManualClock(LATER)
        tasks = PeriodicTasks(services, clock, NoDigests(), backup_retention_days=30)
        async with tasks.running():
            await tasks.wait_idle()
            assert "messages" in await rows_left(database)
            assert not purged
            busy = False
            for minutes in (2, 4):
                clock.advance_to(LATER + timedelta(minutes=minutes))
                await tasks.wait_idle()
                assert await rows_left(database) == {}
                assert await clients(database) == ["残社"]
                assert purged == 1


@pytest.mark.sqlite_only
async def test_traces_in_a_log_that_was_in_use_are_removed_once_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(f"sqlite:///{tmp_path / 'a.db'}") as (database, services):
        monkeypatch.setattr(database, "purge_pause", 0)
        await record(services, MIKA, "消えるべき社")
        async with database.long_read() as reader:
            await reader.fetch("SELECT * FROM members")
            with pytest.raises(StorageError, match="storage-scrub-waits"):
                await services.erasure.erase(MIKA, now=LATER)
        files = [tmp_path / "a.db", tmp_path / "a.db-wal"]
        assert any("消えるべき社".encode() in file.read_bytes() for file in files)
        clock = ManualClock(LATER)
        tasks = PeriodicTasks(services, clock, NoDigests(), backup_retention_days=30)
        async with tasks.running():
            await tasks.wait_idle()
        assert not any("消えるべき社".encode() in file.read_bytes() for file in files)


async def test_who_comes_back_between_two_steps_keeps_what_is_new(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        await hide_long_record(database, services)
        await record(services, MIKA, "新社", now=LATER)
        await erased_members.erase_rest_of_record(database, MIKA, rows_at_once=2)
        assert await clients(database) == ["新社", "残社"]


async def test_an_erasure_deletes_the_rest_by_itself(database_url: str) -> None:
    async with opened(database_url) as (database, services):
        await hide_long_record(database, services)
        await services.erasure.finish_erasure(MIKA)
        assert await rows_left(database) == {}


@pytest.mark.parametrize(("rows", "is_long"), [(2, True), (3, False), (4, False)])
async def test_a_record_is_long_that_has_more_messages(database_url: str, rows: int, *, is_long: bool) -> None:
    """Of a long one the messages are deleted in further transactions."""
    async with opened(database_url) as (database, services):
        for client in "ABC":
            await record(services, MIKA, client)
        assert await member_data.has_long_record(database, MIKA, rows=rows) == is_long
        assert not await member_data.has_long_record(database, KEN, rows=0)


@pytest.mark.parametrize("instant", [-1, 0, 1])
@pytest.mark.parametrize("message", [-1, 0, 1])
async def test_of_two_erasures_of_a_member_the_later_instant_and_message_are_stored(
    database_url: str, instant: int, message: int
) -> None:
    """Each by itself, and those of others as they are."""
    async with opened(database_url) as (database, _), database.write() as transaction:
        second = timedelta(seconds=1)
        of_ken = Erasure(KEN, LATER, 9)
        await erased_members.save_erasures(transaction, [Erasure(MIKA, ERASED, 5), of_ken], noted=True)
        assert await erased_members.list_erasures_without_note(transaction) == []
        await erased_members.save_erasures(transaction, [Erasure(MIKA, ERASED + instant * second, 5 + message)])
        of_mika = Erasure(MIKA, ERASED + max(instant, 0) * second, 5 + max(message, 0))
        assert await erased_members.load_erasures(transaction) == {MIKA: of_mika, KEN: of_ken}
        assert await erased_members.list_erasures_without_note(transaction) == [of_mika]
        for other in (
            Erasure(MIKA, of_mika.erased_at + second, 5 + max(message, 0)),
            Erasure(MIKA, of_mika.erased_at, 9),
        ):
            await erased_members.mark_erasures_noted(transaction, [other])
            assert await erased_members.list_erasures_without_note(transaction) == [of_mika]
        await erased_members.mark_erasures_noted(transaction, [of_mika])
        assert await erased_members.list_erasures_without_note(transaction) == []


@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta(), MICROSECOND])
async def test_who_returned_and_who_recorded_since_an_erasure_at_its_instant(
    database_url: str, beside: timedelta
) -> None:
    async with opened(database_url) as (database, services):
        since_joined, since_recorded = Erasure(MIKA, ERASED + beside, 0), Erasure(MIKA, LATER + beside, 0)
        await record(services, MIKA, "甲社", now=ERASED)
        assert await erased_members.list_members_recorded_since_erasure(database, [Erasure(MIKA, ERASED, 0)]) == set()
        await record(services, MIKA, "乙社", now=LATER)
        for erasure, expected in ((since_joined, beside >= timedelta()), (since_recorded, beside < timedelta())):
            since = await erased_members.list_members_recorded_since_erasure(database, [erasure])
            assert since == ({MIKA} if expected else set())
        async with database.write() as transaction:
            await erased_members.save_erasures(transaction, [since_joined])
        assert await erased_members.list_returned_members(database) == ([MIKA] if beside >= timedelta() else [])
