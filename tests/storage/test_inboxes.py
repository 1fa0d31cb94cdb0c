"""Whose mail bridge posts where, on both engines."""

from datetime import UTC, datetime

import pytest

from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from bot.services.inboxes import InboxService
from storage import member_data
from storage.database import Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, REN = MemberId(1), MemberId(2)


async def owners(database: Database) -> dict[int, int]:
    return {row[0]: row[1] for row in await database.fetch("SELECT channel_id, member_id FROM inboxes")}


async def test_one_channel_each_and_one_member_a_channel(database: Database) -> None:
    book = InboxService(database)
    await book.assign(MIKA, 10, 7, now=NOW)
    await book.assign(MIKA, 10, 7, now=NOW)
    await book.assign(REN, 20, 7, now=NOW)
    assert await owners(database) == {10: MIKA, 20: REN}
    await book.assign(MIKA, 30, 8, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}
    with pytest.raises(NotAllowedError):
        await book.assign(MIKA, 20, 7, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}, "what was refused changed nothing"
    assert (await book.owner(30), await book.owner(10)) == (MIKA, None)


async def test_a_channel_or_a_whole_server_is_forgotten(database: Database) -> None:
    book = InboxService(database)
    for member, channel, guild in ((1, 10, 7), (2, 20, 7), (3, 30, 8), (4, 40, 8)):
        await book.assign(MemberId(member), channel, guild, now=NOW)
    await book.remove(guild_id=7)
    assert await owners(database) == {30: 3, 40: 4}
    await book.remove(channel_id=40)
    await book.remove(channel_id=99)
    assert await owners(database) == {30: 3}


async def test_it_goes_with_the_member(database: Database) -> None:
    await InboxService(database).assign(MIKA, 10, 7, now=NOW)
    async with database.write() as transaction:
        assert (await member_data.count_rows(transaction, MIKA))["inboxes"] == 1
        await member_data.erase_member(transaction, MIKA)
    assert await owners(database) == {}
