"""Inbox channels: one for each member, and one member for each, on both engines."""

from datetime import UTC, datetime

import pytest

from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from bot.services.inboxes import InboxService
from storage import inboxes, member_data
from storage.database import Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, REN = MemberId(1), MemberId(2)


async def owners(database: Database) -> dict[int, int]:
    return {row[0]: row[1] for row in await database.fetch("SELECT channel_id, member_id FROM inboxes")}


async def test_a_member_has_one_channel_and_a_channel_one_member(database: Database) -> None:
    service = InboxService(database)
    await service.assign(MIKA, 10, 7, now=NOW)
    await service.assign(MIKA, 10, 7, now=NOW)
    await service.assign(REN, 20, 7, now=NOW)
    assert await owners(database) == {10: MIKA, 20: REN}
    await service.assign(MIKA, 30, 8, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}
    with pytest.raises(NotAllowedError):
        await service.assign(MIKA, 20, 7, now=NOW)
    assert await owners(database) == {30: MIKA, 20: REN}, "a refused channel changes nothing"
    assert (await service.find_owner_of_channel(30), await service.find_owner_of_channel(10)) == (MIKA, None)


async def test_a_channel_or_a_whole_server_is_removed(database: Database) -> None:
    service = InboxService(database)
    for member, channel, guild in ((1, 10, 7), (2, 20, 7), (3, 30, 8), (4, 40, 8)):
        await service.assign(MemberId(member), channel, guild, now=NOW)
    await service.remove(guild_id=7)
    assert await owners(database) == {30: 3, 40: 4}
    await service.remove(channel_id=40)
    await service.remove(channel_id=99)
    assert await owners(database) == {30: 3}


async def test_what_was_read_is_never_set_back(database: Database) -> None:
    service = InboxService(database)
    await service.assign(MIKA, 10, 7, now=NOW)
    await service.assign(REN, 20, 7, now=NOW)

    async def last_read() -> list[int | None]:
        return [inbox.last_read_post_id for inbox in await inboxes.list_inboxes(database)]

    for post_id, expected in ((500, 500), (499, 500), (501, 501)):
        await service.set_last_read(10, post_id)
        assert await last_read() == [expected, None]
    for post_id, expected in ((500, 501), (502, 502)):
        async with database.write() as transaction:
            await inboxes.skip_inbox_posts_until(transaction, MIKA, post_id)
        assert await last_read() == [expected, None]
    async with database.write() as transaction:
        await inboxes.skip_inbox_posts_until(transaction, REN, 1)
    assert await last_read() == [502, 1]


async def test_an_inbox_is_erased_with_its_member(database: Database) -> None:
    await InboxService(database).assign(MIKA, 10, 7, now=NOW)
    async with database.write() as transaction:
        assert (await member_data.count_member_rows(transaction, MIKA))["inboxes"] == 1
        await member_data.erase_member(transaction, MIKA)
    assert await owners(database) == {}
