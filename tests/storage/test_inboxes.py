"""Inbox channels: one for each member, and one member for each, on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from bot.services.inboxes import InboxService
from storage import member_data
from storage.connect import open_database
from storage.database import Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, REN = MemberId(1), MemberId(2)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open, at the newest schema."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def owners(database: Database) -> dict[int, int]:
    return {row[0]: row[1] for row in await database.fetch("SELECT channel_id, member_id FROM inboxes")}


async def test_a_member_has_one_channel_and_a_channel_one_member(database: Database) -> None:
    inboxes = InboxService(database)
    await inboxes.assign(MIKA, 10, 7, now=NOW)
    await inboxes.assign(MIKA, 10, 7, now=NOW)
    await inboxes.assign(REN, 20, 7, now=NOW)
    assert await owners(database) == {10: MIKA, 20: REN}
    await inboxes.assign(MIKA, 30, 8, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}
    with pytest.raises(NotAllowedError):
        await inboxes.assign(MIKA, 20, 7, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}, "a refused channel changes nothing"
    assert (await inboxes.owner(30), await inboxes.owner(10)) == (MIKA, None)


async def test_a_channel_or_a_whole_server_is_removed(database: Database) -> None:
    inboxes = InboxService(database)
    for member, channel, guild in ((1, 10, 7), (2, 20, 7), (3, 30, 8), (4, 40, 8)):
        await inboxes.assign(MemberId(member), channel, guild, now=NOW)
    await inboxes.remove(guild_id=7)
    assert await owners(database) == {30: 3, 40: 4}
    await inboxes.remove(channel_id=40)
    await inboxes.remove(channel_id=99)
    assert await owners(database) == {30: 3}


async def test_an_inbox_is_erased_with_its_member(database: Database) -> None:
    await InboxService(database).assign(MIKA, 10, 7, now=NOW)
    async with database.write() as transaction:
        assert (await member_data.count_rows(transaction, MIKA))["inboxes"] == 1
        await member_data.erase_member(transaction, MIKA)
    assert await owners(database) == {}
