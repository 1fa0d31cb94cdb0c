"""The real engine in a real file: what is committed stays, what is not never was, and every refusal is a sentence."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.database import open_database

INSERT = "INSERT INTO members (member_id, joined_at) VALUES ($1, $2)"


async def test_placeholders_are_bound_by_their_number(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/new/folder/a.db")
    assert [tuple(row) for row in await database.fetch("SELECT $2, $1, $2", 1, "two")] == [("two", 1, "two")]
    await database.close()


async def test_what_raises_or_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(RuntimeError):
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 1, 0)
            raise RuntimeError

    entered = asyncio.Event()

    async def hold() -> None:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 2, 0)
            entered.set()
            await asyncio.Event().wait()

    held = asyncio.create_task(hold())
    await entered.wait()
    held.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 3, 0)
    assert [row[0] for row in await database.fetch("SELECT member_id FROM members")] == [3]
    await database.close()


async def test_a_row_cannot_hang_on_another_members_thread(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/a.db")
    thread = (
        "INSERT INTO threads (member_id, client_key, title_key, used_at) VALUES ($1, 'a', '', 0) RETURNING thread_id"
    )
    window = (
        "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
        " VALUES ($1, $2, 0, 0, 0, 0)"
    )
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)
        await transaction.fetch(INSERT, 2, 0)
        [[number]] = await transaction.fetch(thread, 1)
    with pytest.raises(sqlite3.IntegrityError):
        async with database.write() as transaction:
            await transaction.fetch(window, 2, number)
    await database.close()


async def test_a_database_of_a_newer_program_is_refused_and_untouched(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    database = await open_database(url)
    async with database.write() as transaction:
        await transaction.fetch("INSERT INTO migrations (step) VALUES (9999)")
    await database.close()
    with pytest.raises(StorageError) as told:
        await open_database(url)
    assert told.value.text == "storage-newer"


@pytest.mark.parametrize("url", ["postgresql://localhost/x", "sqlite:", "nonsense", "sqlite:////proc/nowhere/a.db"])
async def test_what_cannot_be_opened_is_a_sentence(url: str) -> None:
    with pytest.raises(StorageError):
        await open_database(url)


async def test_another_program_that_holds_the_file_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_SECONDS", 0.01)
    database = await open_database(f"sqlite:///{tmp_path}/a.db")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as told:
        async with database.write():
            pass
    assert told.value.text == "storage-busy"
    other.close()
    await database.close()
