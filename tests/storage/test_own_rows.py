"""Statements about a member touch and count nobody else's rows."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import MICROSECOND, lancers_date
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, MessageId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.results import Receipt
from bot.settings import read_defaults
from storage import blocked_users, cards, mail_addresses, members, messages, operator_requests
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


async def record(
    database: Database, member: MemberId, client: str, direction: Direction = Direction.RECEIVED
) -> Receipt:
    message = NewMessage(
        direction=direction,
        client=client,
        time=ParsedTime(NOW, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key=f"{client}/{direction}",
    )
    services: Services = Services(database, read_defaults({}), lambda: None)
    receipt = await services.recording.record(member, message, now=NOW)
    assert isinstance(receipt, Receipt)
    return receipt


async def test_the_messages_of_a_confirmed_path_are_marked_no_more_and_no_others(database: Database) -> None:
    """Neither those of another path of the member nor those of another member's path of the same number."""
    marked: list[tuple[MemberId, MessageId]] = []
    for member, path in ((MIKA, "a"), (MIKA, "b"), (REN, "a")):
        receipt = await record(database, member, path)
        async with database.write() as transaction:
            seen, _ = await mail_addresses.save_seen_mail_path(transaction, member, path, None, now=NOW)
            await mail_addresses.mark_message_unconfirmed(transaction, member, receipt.message.id, seen.id)
        marked.append((member, receipt.message.id))
    async with database.write() as transaction:
        first = await mail_addresses.find_mail_path_of_message(transaction, *marked[0])
        assert first is not None
        for state in (PathState.REFUSED, PathState.CONFIRMED):
            threads = await mail_addresses.set_mail_path_state(transaction, MIKA, first.id, state)
            assert len(threads) == (state is PathState.CONFIRMED)
    paths = [await mail_addresses.find_mail_path_of_message(database, *message) for message in marked]
    assert [path and path.state for path in paths] == [None, PathState.NEW, PathState.NEW]


async def test_what_was_typed_of_a_client_is_found_in_the_threads_that_were_not_sorted(database: Database) -> None:
    """In those of the client, and of nobody else; a sorted thread is named by its id."""
    receipts = {client: await record(database, MIKA, client) for client in ("A", "B", "C")}
    async with database.write() as transaction:
        for client in ("A", "B"):
            thread_id = receipts[client].thread.id
            await transaction.fetch(
                "UPDATE threads SET unsorted = 1 WHERE member_id = $1 AND thread_id = $2", MIKA, thread_id
            )
        for client, found in (("A", ["A"]), ("C", [])):
            for named in (None, receipts["C"].thread.id):
                typed = await messages.find_messages_typed_since(
                    transaction, MIKA, Direction.RECEIVED, NOW, thread_id=named, unassigned_client_key=client.casefold()
                )
                expected = [*found, *(["C"] if named else [])]
                assert [message.id for message in typed] == sorted(
                    (receipts[each].message.id for each in expected), reverse=True
                )


@pytest.mark.parametrize(("beside", "due"), [(-MICROSECOND, []), (timedelta(), [3]), (MICROSECOND, [3])])
async def test_an_announcement_goes_to_who_is_due_the_longest_due_first(
    database: Database, beside: timedelta, due: list[int]
) -> None:
    async with database.write() as transaction:
        kind = operator_requests.OperatorRequestKind.ANNOUNCE
        request_id = await operator_requests.add_operator_request(transaction, kind, now=NOW, text="hello")
        for member in (1, 2, 3, 4):
            await members.get_or_create_member(transaction, MemberId(member), now=NOW)
        await operator_requests.add_announcement_recipients(transaction, request_id, now=NOW)
        for member, minutes in ((1, -1), (2, -3), (3, 0), (4, -3)):
            await transaction.fetch(
                "UPDATE announcement_recipients SET try_at = $2 WHERE member_id = $1",
                member,
                NOW + minutes * timedelta(minutes=1),
            )
        [request] = await operator_requests.list_announcements(transaction, limit=1)
        for limit in (1, 2, 4):
            recipients = await operator_requests.list_due_recipients(
                transaction, request, now=NOW + beside, limit=limit
            )
            assert [recipient.member_id for recipient in recipients] == [2, 4, 1, *due][:limit]


@pytest.mark.parametrize(("beside", "ends"), [(-MICROSECOND, False), (timedelta(), True)])
async def test_an_announcement_ends_for_who_still_waits_once_it_is_too_old(
    database: Database, beside: timedelta, *, ends: bool
) -> None:
    too_old = NOW + operator_requests.MAX_ANNOUNCEMENT_AGE
    async with database.write() as transaction:
        kind = operator_requests.OperatorRequestKind.ANNOUNCE
        request_id = await operator_requests.add_operator_request(transaction, kind, now=NOW, text="hello")
        await members.get_or_create_member(transaction, MIKA, now=NOW)
        await operator_requests.add_announcement_recipients(transaction, request_id, now=NOW)
        [request] = await operator_requests.list_announcements(transaction, limit=1)
        assert await operator_requests.finish_sent_announcement(transaction, request, now=too_old + beside) is ends
        due = await operator_requests.list_due_recipients(transaction, request, now=too_old, limit=1)
        assert [recipient.member_id for recipient in due] == ([] if ends else [MIKA])


@pytest.mark.parametrize(("beside", "counted"), [(-MICROSECOND, 1), (timedelta(), 0), (MICROSECOND, 0)])
async def test_replies_since_an_instant_are_those_after_it(database: Database, beside: timedelta, counted: int) -> None:
    await record(database, MIKA, "A")
    await record(database, MIKA, "A", Direction.SENT)
    await record(database, REN, "A")
    assert await messages.count_replies_since(database, MIKA, NOW + beside) == counted
    assert await messages.count_replies_since(database, REN, NOW + beside) == 0


async def test_an_announcement_is_for_members_who_are_neither_erased_nor_blocked(database: Database) -> None:
    async with database.write() as transaction:
        for member in (MIKA, REN, MemberId(3)):
            await members.get_or_create_member(transaction, member, now=NOW)
        await blocked_users.block_user(transaction, REN, now=NOW)
        request_id = await operator_requests.add_operator_request(
            transaction, operator_requests.OperatorRequestKind.ANNOUNCE, now=NOW, text="hello"
        )
        await operator_requests.add_announcement_recipients(transaction, request_id, now=NOW)
        [request] = await operator_requests.list_announcements(transaction, limit=1)
        recipients = await operator_requests.list_due_recipients(transaction, request, now=NOW, limit=9)
    assert {recipient.member_id for recipient in recipients} == {MIKA, 3}
