"""Recording: one member after the other and 200 at once, on both engines."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage.connect import open_database
from tests.bench.measure import Row
from tests.helpers.servers import Server


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    server = Server(Path(tempfile.mkdtemp()), durable=True)
    with tempfile.TemporaryDirectory() as folder:
        for engine, url in (("SQLite", f"sqlite:///{folder}/a.db"), ("PostgreSQL", await server.make_database())):
            database = await open_database(url)
            services = Services(database, read_defaults({"MAX_RECORDS_A_DAY": "100000"}), lambda: None)
            count = max(10, int(400 * scale))
            alone = [await recorded(services, 1, count, turn) for turn in range(max(1, int(5 * scale)))]
            many = [await recorded(services, 200, max(1, count // 100), turn) for turn in range(max(1, int(5 * scale)))]
            yield Row(f"records by one member, {engine}", "a second", statistics.median(alone))
            yield Row(f"records by 200 members at once, {engine}", "a second", statistics.median(many))
            await database.close()
    server.stop()


async def recorded(services: Services, members: int, each: int, turn: int) -> float:
    """Records a second."""
    now = datetime.now(UTC)

    async def one(member: int) -> None:
        for number in range(each):
            at = ParsedTime(now - timedelta(hours=20) + timedelta(seconds=turn * 1000 + number), Precision.SECOND)
            record = NewMessage(
                direction=Direction.RECEIVED,
                client=f"C{number % 20}",
                title=None,
                time=at,
                source=MessageSource.WRITTEN,
                source_key=f"{members}/{turn}/{number}",
            )
            await services.recording.record(MemberId(member), record, now=now)

    began = time.perf_counter()
    await asyncio.gather(*(one(member) for member in range(1, members + 1)))
    return members * each / (time.perf_counter() - began)
