"""The upgrade path: a database of every earlier schema opens, migrates, and the bot works on it.

A migration needs its fixture, and the fixture is committed with it:

    python -m tests.storage.schemas

makes the missing ones. A migration that adds a table needs rows for it in tests/storage/schemas/rows.py first. Existing
fixtures are never made again, and published migrations are never edited (see the last test).
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import asyncpg
import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.services.consistency import ConsistencyChecker
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage.admin.backup import create_backup, restore_backup
from storage.admin.copy_database import PRIMARY_KEYS
from storage.connect import open_database
from storage.database import Database, Engine
from storage.drafts import DraftContent, MissingInfo, save_draft
from storage.migrations.run import latest_schema_version, list_migration_scripts, load_schema_version
from storage.undo_log import begin_undo_step
from tests.helpers.amounts import others_slow
from tests.helpers.servers import server
from tests.storage.schemas.__main__ import MIGRATIONS, fixture, schema
from tests.storage.schemas.rows import CHOOSY, EMPTY, NOW, PLAIN, ROWS

DEFAULTS = read_defaults({})


def schemas() -> Iterator[Any]:
    """On every engine; of those of SQLite the oldest, which runs every migration, and the newest are quick."""
    for engine in get_args(Engine):
        for step in (steps := list(list_migration_scripts(engine))):
            marks = [pytest.mark.postgres] if engine == "postgresql" else []
            if step not in {steps[0], steps[-1]}:
                marks.append(pytest.mark.slow)
            yield pytest.param(engine, step, marks=marks, id=f"{engine}-{step:04}")


every_schema = pytest.mark.parametrize(("engine_name", "step"), list(schemas()))


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path for a copy of a fixture."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "nintei.db"


@asynccontextmanager
async def old_database(old: Path, engine: Engine, step: int) -> AsyncIterator[str]:
    """The URL of a database that has that schema."""
    if engine == "sqlite":
        shutil.copy(fixture("sqlite", step), old)
        yield f"sqlite:///{old}"
        return
    url = await server().make_database()
    connection = await asyncpg.connect(url)
    await connection.execute(fixture("postgresql", step).read_text(encoding="utf-8"))
    await connection.close()
    yield url
    server().drop_database(url)


async def values(database: Database, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    return sorted(map(tuple, await database.fetch(f"SELECT {', '.join(columns)} FROM {table}")), key=repr)


@pytest.mark.parametrize("engine_name", get_args(Engine))
def test_every_step_has_its_fixture(engine_name: Engine) -> None:
    missing = [step for step in list_migration_scripts(engine_name) if not fixture(engine_name, step).exists()]
    assert not missing, f"Make them and commit them: python -m tests.storage.schemas {missing}"


async def has_every_row(database: Database, engine_name: Engine, step: int) -> None:
    """Every row of the old schema, in the newest one."""
    assert await load_schema_version(database) == latest_schema_version(engine_name)
    assert await database.integrity_errors(PRIMARY_KEYS) == []
    for table, rows in ROWS.items():
        if not columns_at(table, step):
            continue
        for row in rows:
            columns = [name for name in row if name in columns_at(table, step)]
            expected = tuple(row[name] for name in columns)
            assert expected in await values(database, table, columns), (table, row)


@every_schema
async def test_every_row_is_migrated_derived_rows_are_right_and_the_bot_works_on_it(
    engine_name: Engine, step: int, old: Path
) -> None:
    async with old_database(old, engine_name, step) as url:
        database = await open_database(url)
        try:
            await has_every_row(database, engine_name, step)
            checker = ConsistencyChecker(database, DEFAULTS)
            # The first start after an upgrade plans the reminders of the two open windows anew.
            assert await checker.repair(now=NOW) == (5, 2)
            assert await checker.check_all(now=NOW) == (5, 0)
            services = Services(database, DEFAULTS, lambda: None)
            choosy, plain = MemberId(CHOOSY), MemberId(PLAIN)
            overview = await services.status.report(choosy, now=NOW)
            if not await database.fetch("SELECT 1 FROM calibrations"):  # the first schemas have none
                assert overview.rate.estimate is None
                return
            assert overview.rate.estimate is not None
            assert overview.rate.replies - overview.rate.estimate.unseen == 2
            [[since, until]] = await database.fetch("SELECT counted_from, counted_until FROM calibrations")
            assert (instant_from_micros(since), instant_from_micros(until)) == (
                datetime(2025, 11, 10, 15, tzinfo=UTC), datetime(2026, 11, 10, 15, tzinfo=UTC),
            )  # fmt: skip
            assert (await services.members.find(choosy))[1].locale == "en"
            [waiting] = (await services.pending.page(plain, now=NOW)).waiting
            assert waiting.unanswered.due_at == NOW + timedelta(hours=5)
            moment = ParsedTime(NOW, Precision.MINUTE)
            receipt = await services.recording.record(
                choosy,
                NewMessage(
                    direction=Direction.SENT,
                    client="制作会社C",
                    title="ロゴ制作",
                    time=moment,
                    source=MessageSource.WRITTEN,
                    source_key="new",
                ),
                now=NOW,
            )
            assert receipt.message.id > 9  # type: ignore[union-attr]
            assert (await services.pending.page(choosy, now=NOW)).waiting == []
            await services.message_corrections.delete_message(choosy, receipt.message.id, now=NOW)  # type: ignore[union-attr]
            assert len((await services.pending.page(choosy, now=NOW)).waiting) == 1
            assert await checker.check_all(now=NOW) == (5, 0)
            await services.erasure.erase(choosy, now=NOW)
            assert await checker.check_all(now=NOW) == (1, 0)
        finally:
            await database.close()


async def test_the_buttons_of_questions_from_before_ids_were_unique_name_no_new_one(old: Path) -> None:
    """Schema 24 used the ids of drafts again, as the least that is free above those in use."""
    shutil.copy(fixture("sqlite", 24), old)
    database = await open_database(f"sqlite:///{old}")
    content = DraftContent(
        missing=MissingInfo.TIME, direction=Direction.RECEIVED, source=MessageSource.WRITTEN, source_key="line"
    )
    try:
        ids = []
        for _ in range(2):
            await database.fetch("DELETE FROM drafts")
            async with database.write() as transaction:
                ids.append((await save_draft(transaction, MemberId(PLAIN), content, now=NOW)).id)
        assert 1_000_000 < ids[0] < ids[1]
    finally:
        await database.close()


async def test_the_buttons_of_steps_from_before_ids_were_unique_name_no_new_one(old: Path) -> None:
    """Schema 25 used the ids of steps again."""
    shutil.copy(fixture("sqlite", 25), old)
    database = await open_database(f"sqlite:///{old}")
    try:
        ids = []
        for _ in range(2):
            await database.fetch("DELETE FROM changes")
            async with database.write() as transaction:
                ids.append(await begin_undo_step(transaction, MemberId(PLAIN), "recorded", now=NOW))
        assert 1_000_000 < ids[0] < ids[1]
    finally:
        await database.close()


@pytest.mark.parametrize("step", others_slow(list(list_migration_scripts("sqlite"))))
def test_a_backup_of_an_earlier_schema_can_be_restored(step: int, old: Path, tmp_path: Path) -> None:
    copied = create_backup(fixture_copy(step, tmp_path / "bot.db"), tmp_path / "copy.db")
    assert (copied.schema_version, copied.members, copied.threads, copied.messages) == (step, 2, 5, 9)
    restore_backup(tmp_path / "copy.db", old, now=NOW)

    async def opens() -> None:
        database = await open_database(f"sqlite:///{old}")
        await database.close()

    asyncio.run(opens())


def fixture_copy(step: int, to: Path) -> Path:
    return Path(shutil.copy(fixture("sqlite", step), to))


@pytest.mark.parametrize("step", list(list_migration_scripts("sqlite")))
def test_a_newer_schema_is_refused_and_the_file_unchanged(step: int, old: Path) -> None:
    fixture_copy(step, old)
    add_step(old, 9_000)
    before = old.read_bytes()
    with pytest.raises(StorageError) as raised:
        asyncio.run(open_database(f"sqlite:///{old}"))
    assert raised.value.message_id == "storage-newer"
    assert old.read_bytes() == before


def add_step(path: Path, step: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO migrations VALUES (?)", (step,))
    connection.commit()
    connection.close()


def columns_at(table: str, step: int) -> list[str]:
    """The columns of a table in that schema, on both engines; none if it had no such table."""
    file = fixture("sqlite", step)
    connection = sqlite3.connect(f"file:{file}?immutable=1", uri=True)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return columns


@pytest.mark.parametrize("step", list(list_migration_scripts("sqlite")))
def test_a_fixture_has_rows_in_every_table_and_the_schema_of_its_migrations(step: int) -> None:
    """A published migration is never edited, because existing databases have run it as it was."""
    file = fixture("sqlite", step)
    connection = sqlite3.connect(f"file:{file}?immutable=1", uri=True)
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    schema_rows = connection.execute(query).fetchall()
    for kind, name, _ in schema_rows:
        if kind == "table" and name not in EMPTY:
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,), name
    connection.close()
    new = sqlite3.connect(":memory:")
    new.executescript(schema("sqlite", step))
    assert new.execute(query).fetchall() == schema_rows
    new.close()


@pytest.mark.parametrize("step", list(list_migration_scripts("postgresql")))
def test_a_postgresql_fixture_begins_with_its_migrations(step: int) -> None:
    text = fixture("postgresql", step).read_text(encoding="utf-8")
    assert text.startswith(MIGRATIONS)
    assert text.startswith(schema("postgresql", step))
