"""Statements about a member touch and count nobody else's rows."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import lancers_date
from bot.domain.types import DraftId, MemberId
from storage import cards, mail_addresses, members
from storage.cards import CardContent, CardKind
from storage.database import Database
from storage.mail_addresses import PathState
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


async def test_what_a_member_says_of_a_path_of_mails_concerns_that_path_alone(database: Database) -> None:
    async with database.write() as transaction:
        paths = {}
        for member, name in ((MIKA, "a"), (MIKA, "b"), (REN, "a")):
            await members.get_or_create_member(transaction, member, now=NOW)
            path, _ = await mail_addresses.save_seen_mail_path(transaction, member, name, None, now=NOW)
            paths[member, name] = path
        await mail_addresses.set_mail_path_state(transaction, MIKA, paths[MIKA, "a"].id, PathState.REFUSED)
        states = {
            key: (await mail_addresses.save_seen_mail_path(transaction, *key, None, now=NOW))[0].state for key in paths
        }
    assert states == {(MIKA, "a"): PathState.REFUSED, (MIKA, "b"): PathState.NEW, (REN, "a"): PathState.NEW}


async def test_an_answer_ends_the_cards_of_its_question_alone(database: Database) -> None:
    async with database.write() as transaction:
        for member in (MIKA, REN):
            await members.get_or_create_member(transaction, member, now=NOW)
        questions = ((MIKA, 11, 1), (MIKA, 12, 2), (REN, 13, 1))
        for member, card_id, draft_id in questions:
            content = CardContent(kind=CardKind.RECEIPT, items=(), draft_id=DraftId(draft_id))
            later = NOW + timedelta(hours=1)
            await cards.save_cards(transaction, [(member, card_id, 7, content, "")], check_at=later)
        await cards.mark_ended_question_cards(transaction, MIKA, [DraftId(1)], None, now=NOW)
        claimed = await cards.claim_due_cards(transaction, now=NOW, lease=timedelta(minutes=1))
    assert [card.discord_message_id for card in claimed] == [11]
