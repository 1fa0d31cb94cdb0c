"""The upgrade path: a database of each schema there ever was opens, migrates, and the bot works on it.

A migration needs its fixture, and the fixture is committed with it:

    python -m tests.fixtures.schemas

makes those that are missing. If the migration adds a table, say first in tests/fixtures/schemas/rows.py what lies in it.
Fixtures that are there are never made again, and steps that were published are never edited: see the last test.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.services.consistency import ConsistencyChecker
from bot.services.container import build_services
from bot.services.recording import NewMessage
from bot.settings import read_defaults
from storage.admin import integrity
from storage.admin.backup import create_backup, restore
from storage.connect import open_database
from storage.database import Database
from storage.migrations.run import latest_version, schema_version, scripts_for
from tests.fixtures.schemas.__main__ import MIGRATIONS, fixture, schema
from tests.fixtures.schemas.rows import CHOOSY, EMPTY, NOW, PLAIN, ROWS
from tests.servers import server

DEFAULTS = read_defaults({})


def earlier() -> Iterator[Any]:
    for shared in (False, True):
        for step in scripts_for(multi_process=shared):
            marks = [pytest.mark.needs_more] if shared else []
            yield pytest.param(shared, step, marks=marks, id=f"{'postgresql' if shared else 'sqlite'}-{step:04}")


every_schema = pytest.mark.parametrize(("shared", "step"), list(earlier()))


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a copy of a fixture is put."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "nintei.db"


@asynccontextmanager
async def taken_over(old: Path, *, shared: bool, step: int) -> AsyncIterator[str]:
    """The address of a database as that schema's bot left it."""
    if not shared:
        shutil.copy(fixture(shared=False, step=step), old)
        yield f"sqlite:///{old}"
        return
    url = await server().make_database()
    connection = await asyncpg.connect(url)
    await connection.execute(fixture(shared=True, step=step).read_text(encoding="utf-8"))
    await connection.close()
    yield url
    await server().drop_database(url)


async def values(database: Database, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    return sorted(map(tuple, await database.fetch(f"SELECT {', '.join(columns)} FROM {table}")), key=repr)


@pytest.mark.parametrize("shared", [False, True])
def test_every_step_has_its_fixture(*, shared: bool) -> None:
    missing = [step for step in scripts_for(multi_process=shared) if not fixture(shared=shared, step=step).exists()]
    assert not missing, f"Make them and commit them: python -m tests.fixtures.schemas {missing}"


@every_schema
async def test_it_opens_migrates_and_loses_nothing(*, shared: bool, step: int, old: Path) -> None:
    async with taken_over(old, shared=shared, step=step) as url:
        database = await open_database(url)
        try:
            assert await schema_version(database) == latest_version(multi_process=shared)
            assert await integrity.integrity_errors(database) == []
            for table, written in ROWS.items():
                if not there(table, step):
                    continue
                for row in written:
                    columns = [name for name in row if name in columns_at(table, step)]
                    wanted = tuple(row[name] for name in columns)
                    assert wanted in await values(database, table, columns), (table, row)
        finally:
            await database.close()


@every_schema
async def test_what_is_derived_is_right_and_the_bot_works_on_it(*, shared: bool, step: int, old: Path) -> None:
    async with taken_over(old, shared=shared, step=step) as url:
        database = await open_database(url)
        try:
            recomputer = ConsistencyChecker(database, DEFAULTS)
            # The first schema knew no reminders: those of its two open windows are planned by `doctor --fix`.
            strays = 0 if there("occurrences", step) else 2
            assert await recomputer.repair(now=NOW) == (5, strays)
            assert await recomputer.check_all(now=NOW) == (5, 0)
            services = build_services(database, DEFAULTS, lambda: None)
            choosy, plain = MemberId(CHOOSY), MemberId(PLAIN)
            overview = await services.status.report(choosy, now=NOW)
            assert (overview.year.rate.replies, overview.year.rate.on_time) == (2, 1)
            assert (await services.preferences.current(choosy))[1].locale == "en"
            [waiting] = (await services.status.pending(plain, now=NOW)).waiting
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
            assert (await services.status.pending(choosy, now=NOW)).waiting == []
            await services.history.delete_message(choosy, receipt.message.id, now=NOW)  # type: ignore[union-attr]
            assert len((await services.status.pending(choosy, now=NOW)).waiting) == 1
            assert await recomputer.check_all(now=NOW) == (5, 0)
            await services.erasure.erase(choosy, now=NOW)
            assert await recomputer.check_all(now=NOW) == (1, 0)
        finally:
            await database.close()


@pytest.mark.parametrize("step", list(scripts_for(multi_process=False)))
def test_a_backup_of_an_earlier_schema_can_be_restored(step: int, old: Path, tmp_path: Path) -> None:
    copied = create_backup(fixture_copy(step, tmp_path / "bot.db"), tmp_path / "copy.db")
    assert (copied.schema_version, copied.members, copied.threads, copied.messages) == (step, 2, 5, 9)
    restore(tmp_path / "copy.db", old, now=NOW)

    async def opens() -> None:
        database = await open_database(f"sqlite:///{old}")
        await database.close()

    asyncio.run(opens())


def fixture_copy(step: int, to: Path) -> Path:
    return Path(shutil.copy(fixture(shared=False, step=step), to))


@pytest.mark.parametrize("step", list(scripts_for(multi_process=False)))
def test_one_step_too_far_is_refused_untouched(step: int, old: Path) -> None:
    fixture_copy(step, old)
    add_step(old, 9_000)
    before = old.read_bytes()
    with pytest.raises(StorageError) as told:
        asyncio.run(open_database(f"sqlite:///{old}"))
    assert told.value.message_id == "storage-newer"
    assert old.read_bytes() == before


def add_step(path: Path, step: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO migrations VALUES (?)", (step,))
    connection.commit()
    connection.close()


def there(table: str, step: int) -> bool:
    return bool(columns_at(table, step))


def columns_at(table: str, step: int) -> list[str]:
    """The columns of a table that schema had, on both engines."""
    file = fixture(shared=False, step=step)
    connection = sqlite3.connect(f"file:{file}?immutable=1", uri=True)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return columns


@pytest.mark.parametrize("step", list(scripts_for(multi_process=False)))
def test_a_fixture_has_rows_in_every_table_and_is_of_the_steps_as_they_are(step: int) -> None:
    """A step that was published is never edited: the databases out there have run it as it was."""
    connection = sqlite3.connect(f"file:{fixture(shared=False, step=step)}?immutable=1", uri=True)
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    kept = connection.execute(query).fetchall()
    for kind, name, _ in kept:
        if kind == "table" and name not in EMPTY:
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,), name
    connection.close()
    anew = sqlite3.connect(":memory:")
    anew.executescript(schema(shared=False, step=step))
    assert anew.execute(query).fetchall() == kept
    anew.close()


@pytest.mark.parametrize("step", list(scripts_for(multi_process=True)))
def test_a_script_begins_with_the_steps_as_they_are(step: int) -> None:
    text = fixture(shared=True, step=step).read_text(encoding="utf-8")
    assert text.startswith(MIGRATIONS)
    assert text.startswith(schema(shared=True, step=step))
