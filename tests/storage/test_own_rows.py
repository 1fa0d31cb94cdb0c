"""Statements about a member touch and count nobody else's rows."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import lancers_date
from bot.domain.types import MemberId
from storage import members
from storage.database import Database
from storage.reply_state import LimitCounts, limit_counts_query

MIKA, REN = MemberId(1), MemberId(2)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(("since", "is_cleared"), [(NOW, True), (NOW - timedelta(hours=1), False)])
async def test_who_was_told_of_unread_messages_is_noted_for_them_alone(
    database: Database, since: datetime, *, is_cleared: bool
) -> None:
    """And for no later messages, which could not be read meanwhile."""
    async with database.write() as transaction:
        for member in (MIKA, REN):
            await members.get_or_create_member(transaction, member, now=NOW)
            await members.mark_unread_since(transaction, member, NOW)
        await members.clear_unread_since(transaction, MIKA, since)
        mika, ren = await members.lock_member(transaction, MIKA), await members.lock_member(transaction, REN)
    assert mika is not None
    assert ren is not None
    assert (mika.unread_since, ren.unread_since) == (None if is_cleared else NOW, NOW)


async def test_the_records_of_a_day_are_counted_for_each_member(database: Database) -> None:
    today = lancers_date(NOW)
    async with database.write() as transaction:
        for member in (MIKA, REN):
            await members.get_or_create_member(transaction, member, now=NOW)
        await members.save_daily_record_count(transaction, MIKA, today, 7)
        await members.save_daily_record_count(transaction, REN, today - timedelta(days=1), 9)
    assert await database.query(limit_counts_query(MIKA, NOW)) == LimitCounts(0, 7)
    assert await database.query(limit_counts_query(REN, NOW)) == LimitCounts(0, 0)
