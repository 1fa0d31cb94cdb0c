"""`python -m bot move-database`: everything, compared, resumable, and never into a database that holds something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import Job, JobOutcome
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import ContractMethod, MemberId, Yen
from bot.errors import StorageError
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage import members, processes, threads
from storage.admin import copy_database
from storage.admin.copy_database import PRIMARY_KEYS
from storage.connect import open_database
from storage.database import Database
from tests.helpers.erasure_notes import append_note, list_noted
from tests.helpers.servers import server
from tests.helpers.wording import shows

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
NOT_COPIED = ("migrations", "processes", "shards", "claimed_events", "moving", "erasures")


@pytest.fixture
def target(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Nothing in it."""
    monkeypatch.chdir(tmp_path)
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/new.db"
    return asyncio.run(server().make_database())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """At the newest schema, and closed in the end."""
    database = await open_database(url, allow_unfinished_copy=True)
    try:
        yield database
    finally:
        await database.close()


async def fill(url: str, member_count: int = 3) -> None:
    """Something in every table, with gaps in the numbers."""
    async with opened(url) as database:
        services = Services(database, read_defaults({"DEFAULT_QUIET_HOURS": ""}), lambda: None)
        for number in range(1, member_count + 1):
            member = MemberId(number)
            for message in range(12):
                at = ParsedTime(NOW - timedelta(hours=30 - 2 * message), Precision.MINUTE)
                direction = Direction.SENT if message % 3 == 2 else Direction.RECEIVED
                await services.recording.record(
                    member,
                    NewMessage(
                        direction=direction,
                        client=f"髙橋{message // 3 % 2}",
                        title=None,
                        time=at,
                        source=MessageSource.WRITTEN,
                        source_key=f"k{message}",
                    ),
                    now=NOW,
                )
            page = await services.history.page(member)
            await services.message_corrections.delete_message(member, page.entries[0].message.id, now=NOW)
            await services.jobs.add(
                member,
                Job(
                    day=NOW.date(),
                    method=ContractMethod.PROJECT,
                    category="ロゴ",
                    reward=Yen(5_000),
                    outcome=JobOutcome.COMPLETED,
                    evaluation=None,
                    client=None,
                    count=1,
                    withheld=False,
                ),
                now=NOW,
            )
            await services.profile.confirm_items(member, {ProfileItem.PHOTO, ProfileItem.CAREER}, ProfileItem, now=NOW)
            await services.inboxes.assign(member, 500 + number, 7, now=NOW)
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO synced_commands (application_id, digest) VALUES (7, 'x')")
            await transaction.fetch(
                "INSERT INTO jobs (job_id, member_id, day, method, category, reward, outcome, count)"
                " SELECT 900, member_id, day, method, category, reward, outcome, count FROM jobs WHERE job_id = 1"
            )
            await transaction.fetch("DELETE FROM jobs WHERE job_id = 900")


async def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    async with opened(url) as database:
        found = {}
        for table, key in PRIMARY_KEYS.items():
            async with database.read() as transaction:
                columns = ", ".join(await transaction.columns(table))
                rows = await transaction.fetch(f"SELECT {columns} FROM {table} ORDER BY {', '.join(key)}")
            found[table] = [tuple(row) for row in rows]
    return found


@pytest.mark.slow
def test_there_and_back_every_row_is_the_same_and_no_number_is_used_again(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, back = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/back.db"
    asyncio.run(fill(source))
    append_note(tmp_path / "old.db.erasures", MemberId(99), NOW)
    assert main(["move-database", source, target]) == 0
    assert main(["move-database", target, back]) == 0
    said = capsys.readouterr()
    assert shows(said.out, "move-table", locale="en", table="messages", rows=33)
    assert said.err == ""
    there = asyncio.run(dump(source))
    assert there == asyncio.run(dump(target)) == asyncio.run(dump(back))
    assert all(
        there[table] for table in ("members", "threads", "messages", "occurrences", "changes", "jobs", "inboxes")
    )
    assert list_noted(tmp_path / "back.db.erasures") == [(MemberId(99), NOW)]

    async def next_job(url: str) -> int:
        async with opened(url) as database:
            job = Job(
                day=NOW.date(),
                method=ContractMethod.TASK,
                category="",
                reward=Yen(1),
                outcome=JobOutcome.COMPLETED,
                evaluation=None,
                client=None,
                count=1,
                withheld=False,
            )
            added = await Services(database, read_defaults({}), lambda: None).jobs.add(MemberId(1), job, now=NOW)
        return int(added.stored.id)

    assert [asyncio.run(next_job(each)) for each in (target, back)] == [901, 901]


@pytest.mark.slow
def test_a_move_that_was_cut_off_goes_on_and_meanwhile_no_bot_opens_it(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source))
    copied = copy_database.PRIMARY_KEYS.copy()
    inserted: list[str] = []

    class PowerCutError(Exception):
        pass

    async def cut(old: Database, new: Database) -> None:
        def tell(table: str, rows: int) -> None:
            del rows
            inserted.append(table)
            if table == "messages" and inserted.count(table) == 3:
                raise PowerCutError

        origin = f"sqlite:///{tmp_path}/old.db"
        await copy_database.copy_database(old, new, origin=origin, on_progress=tell, batch_size=5)

    async def half() -> None:
        async with opened(source) as old, opened(target) as new:
            with pytest.raises(PowerCutError):
                await cut(old, new)

    asyncio.run(half())
    with pytest.raises(StorageError) as told:
        asyncio.run(open_database(target))
    assert told.value.message_id == "storage-move-unfinished"
    other = f"sqlite:///{tmp_path}/other.db"
    asyncio.run(fill(other, 1))
    assert main(["move-database", other, target]) == 2
    assert "old.db" in capsys.readouterr().err
    assert main(["move-database", source, target]) == 0
    assert asyncio.run(dump(source)) == asyncio.run(dump(target))
    assert copied == copy_database.PRIMARY_KEYS


@pytest.mark.slow
def test_several_batches_of_a_table_are_copied_and_compared(target: str, tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source))

    async def move() -> None:
        async with opened(source) as old, opened(target) as new:
            await copy_database.copy_database(old, new, origin=source, on_progress=lambda *_: None, batch_size=5)

    asyncio.run(move())
    assert asyncio.run(dump(source)) == asyncio.run(dump(target))


def test_a_target_that_holds_something_is_refused_untouched(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source))
    asyncio.run(fill(target, 1))
    before = asyncio.run(dump(target))
    assert main(["move-database", source, target]) == 2
    assert "members" in capsys.readouterr().err
    assert asyncio.run(dump(target)) == before


def test_a_source_that_changed_meanwhile_is_noticed(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source))
    copy = copy_database._copy_table

    async def copy_and_change(old: Database, new: Database, table: str, *rest: Any, **options: Any) -> int:
        done = await copy(old, new, table, *rest, **options)
        if table == "messages":
            async with old.write() as transaction:
                await transaction.fetch("UPDATE messages SET sent_at = sent_at + 1 WHERE message_id = 5")
        return done

    monkeypatch.setattr(copy_database, "_copy_table", copy_and_change)
    assert main(["move-database", source, target]) == 2
    assert "message_id 5" in capsys.readouterr().err


def test_a_living_bot_nothing_there_and_the_same_twice_are_sentences(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    assert main(["move-database", source, target]) == 2
    assert "old.db" in capsys.readouterr().err
    assert not (tmp_path / "old.db").exists()
    asyncio.run(fill(source, 1))
    assert main(["move-database", source, f"sqlite:///{tmp_path}/./old.db"]) == 2
    assert main(["move-database", source, "nonsense"]) == 2
    capsys.readouterr()

    async def live(ago: str) -> None:
        async with opened(target) as database, database.write() as transaction:
            await transaction.fetch("DELETE FROM processes")
            await transaction.fetch(f"INSERT INTO processes VALUES ('a', {transaction.sql_now} - {ago})")

    asyncio.run(live("1000000"))
    assert main(["move-database", source, target]) == 2
    assert not shows(capsys.readouterr().err, "storage-move-unfinished", locale="en")
    asyncio.run(live("60000000"))
    assert main(["move-database", source, target]) == 0


def test_a_move_refused_in_the_end_since_a_bot_was_started_can_be_run_again(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source, 1))
    find_ids = copy_database._find_last_generated_ids

    async def find_ids_and_start_bot(old: Database) -> dict[str, int]:
        found = await find_ids(old)
        async with old.write() as transaction:
            await processes.renew_process_lease(transaction, "a/1", shards=1, lease_ttl=timedelta(seconds=15))
            await members.get_or_create_member(transaction, MemberId(77), now=NOW)
        return found

    async def stop_bot() -> None:
        async with opened(source) as old, old.write() as transaction:
            await processes.remove_process(transaction, "a/1")

    monkeypatch.setattr(copy_database, "_find_last_generated_ids", find_ids_and_start_bot)
    assert main(["move-database", source, target]) == 2
    assert shows(capsys.readouterr().err, "storage-move-running", locale="en")
    with pytest.raises(StorageError) as told:
        asyncio.run(open_database(target))
    assert told.value.message_id == "storage-move-unfinished"
    monkeypatch.setattr(copy_database, "_find_last_generated_ids", find_ids)
    asyncio.run(stop_bot())
    assert main(["move-database", source, target]) == 0
    assert asyncio.run(dump(source)) == asyncio.run(dump(target))


def test_a_source_that_changed_since_a_move_was_refused_is_not_called_damaged(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody was registered whose id is lower than those that were copied, and is passed over by the second run."""
    source = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(fill(source, 1))

    async def refuse(*_: object) -> None:
        raise StorageError("storage-busy")

    async def register() -> None:
        async with opened(source) as old, old.write() as transaction:
            await members.get_or_create_member(transaction, MemberId(0), now=NOW)
            await threads.create_missing_threads(
                transaction, MemberId(0), [threads.ThreadIdentity("A", None, "a", "")], now=NOW
            )

    with monkeypatch.context() as refused:
        refused.setattr(copy_database, "_find_last_generated_ids", refuse)
        assert main(["move-database", source, target]) == 2
    asyncio.run(register())
    capsys.readouterr()
    assert main(["move-database", source, target]) == 2
    assert shows(capsys.readouterr().err, "storage-move-changed", locale="en", table="threads")


async def test_every_table_is_moved_or_left_on_purpose(database_url: str) -> None:
    async with opened(database_url) as database:
        if database.engine == "postgresql":
            rows = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        else:
            rows = await database.fetch(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        assert {row[0] for row in rows} == {*PRIMARY_KEYS, *NOT_COPIED}


@pytest.mark.parametrize(
    "wrong",
    ["a.db", "mysql://h/x", "sqlite:///:memory:", "sqlite:///~/a.db", "postgresql://u:a@b@h/x", "postgresql://h:0/x"],
)
@pytest.mark.parametrize("name", ["FROM", "TO"])
def test_an_address_that_is_none_is_named(
    wrong: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = f"sqlite:///{tmp_path}/old.db"
    assert main(["move-database", *((wrong, right) if name == "FROM" else (right, wrong))]) == 2
    assert shows(capsys.readouterr().err, "storage-move-address", locale="en", name=name)
