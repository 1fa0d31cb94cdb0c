"""A member whose row another program has locked: what the bot does meanwhile is refused."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from storage.connect import connect
from tests.helpers.stage import Stage

Result = TypeVar("Result")


async def refused_by_a_lock(stage: Stage, work: Awaitable[Result]) -> Result:
    """The result of a work that ends because it waits for the member's row."""
    assert stage.bot is not None
    database = stage.bot.client.services.database
    if database.engine == "sqlite":
        async with database.write() as transaction:
            await transaction.fetch("PRAGMA busy_timeout = 100")
    other = await connect(stage.database_url)
    try:
        async with other.write() as transaction:
            await transaction.fetch("UPDATE members SET handled_id = handled_id")
            waiting = asyncio.ensure_future(work)
            while database.engine == "postgresql" and not await other.fetch(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ):
                pass
            return await waiting
    finally:
        await other.close()
