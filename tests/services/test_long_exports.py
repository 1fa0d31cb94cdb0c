"""A long export is one snapshot, and nobody else waits for it."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import build_services
from bot.services.recording import NewMessage
from bot.settings import read_defaults
from storage import member_data
from storage.connect import open_database
from storage.database import Transaction, Value

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)


async def test_others_read_and_record_while_a_member_exports(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await open_database(database_url)
    services = build_services(database, read_defaults({}), lambda: None)
    dump_member, begun, go_on = member_data.dump_member, asyncio.Event(), asyncio.Event()

    async def slow(transaction: Transaction, member: MemberId) -> dict[str, list[dict[str, Value]]]:
        await transaction.fetch("SELECT 1 FROM members")  # the first read begins the snapshot
        begun.set()
        await go_on.wait()
        return await dump_member(transaction, member)

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
    monkeypatch.setattr(member_data, "dump_member", slow)
    exporting = asyncio.create_task(services.data_transfer.export(MIKA, now=NOW, unnamed_label="-"))
    try:
        async with asyncio.timeout(10):
            await begun.wait()
            await record(KEN, "2")
            assert len((await services.status.report(KEN, now=NOW)).waiting) == 1
            assert len((await services.status.pending(KEN, now=NOW)).waiting) == 1
            await record(MIKA, "3")
            go_on.set()
            export = await exporting
        assert export.messages == 1
    finally:
        exporting.cancel()
        await asyncio.gather(exporting, return_exceptions=True)
        await database.close()
