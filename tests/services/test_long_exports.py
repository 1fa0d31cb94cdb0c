"""A long export is one snapshot, and nobody else waits for it."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage import member_data
from storage.connect import open_database
from storage.database import STREAM_ROWS, Row, Transaction

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)


async def test_others_read_and_record_while_a_member_exports(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await open_database(database_url)
    services = Services(database, read_defaults({}), lambda: None)
    stream_history, begun, go_on = member_data.stream_member_history, asyncio.Event(), asyncio.Event()

    async def slow(transaction: Transaction, member: MemberId) -> AsyncIterator[list[Row]]:
        await transaction.fetch("SELECT 1 FROM members")  # the first read begins the snapshot
        begun.set()
        await go_on.wait()
        async for rows in stream_history(transaction, member):
            yield rows

    async def record(member: MemberId, key: str) -> None:
        moment = ParsedTime(NOW, Precision.SECOND)
        await services.recording.record(
            member,
            NewMessage(
                direction=Direction.RECEIVED,
                client="A",
                title=None,
                time=moment,
                source=MessageSource.WRITTEN,
                source_key=key,
            ),
            now=NOW,
        )

    await record(MIKA, "1")
    monkeypatch.setattr(member_data, "stream_member_history", slow)
    exporting = asyncio.create_task(services.data_transfer.export(MIKA, now=NOW, unnamed_label="-"))
    try:
        async with asyncio.timeout(10):
            await begun.wait()
            await record(KEN, "2")
            assert len((await services.status.report(KEN, now=NOW)).waiting) == 1
            assert len((await services.pending.page(KEN, now=NOW)).waiting) == 1
            await record(MIKA, "3")
            go_on.set()
            with await exporting as export:
                assert export.messages == 1
    finally:
        exporting.cancel()
        await asyncio.gather(exporting, return_exceptions=True)
        await database.close()


@pytest.mark.slow
async def test_a_long_export_takes_little_memory(database_url: str) -> None:
    """As much for 6,000 messages as for 3,000: a part at a time is read and written."""
    database = await open_database(database_url)
    services = Services(database, read_defaults({}), lambda: None)

    async def peak_with(count: int) -> int:
        async with database.write() as transaction:
            await transaction.execute_many(
                "INSERT INTO messages (member_id, thread_id, direction, kind, sent_at, exactness, source, source_key,"
                " recorded_at) SELECT member_id, thread_id, 'received', 'message', $1, 'second', 'written', $2, $1"
                " FROM threads",
                [(number, f"key {number}") for number in range(count - 3000, count)],
            )
        tracemalloc.start()
        try:
            export = await services.data_transfer.export(MIKA, now=NOW, unnamed_label="-")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        with export:
            assert export.messages == count
            assert len(export.files["history.csv"].read().splitlines()) == count + 1
        return peak

    try:
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES ($1, 0)", MIKA)
            await transaction.fetch(
                "INSERT INTO threads (member_id, client, client_key, title_key, used_at) VALUES ($1, 'A', 'a', '', 0)",
                MIKA,
            )
        await peak_with(3000)
        assert await peak_with(6000) < STREAM_ROWS * 10_000
    finally:
        await database.close()
