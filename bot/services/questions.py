"""What a question offers to choose from. It follows from the draft and the record, so a question can be shown again."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import MessageSource
from bot.domain.names import client_key, title_key
from bot.domain.near_names import find_near_names
from bot.domain.reply.impact import ReplyImpact, reply_impact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import Direction, UnansweredMessages
from bot.domain.source_keys import is_part_of_same_message
from bot.domain.types import MemberId
from bot.services.projection import derive_thread_state
from bot.services.results import ClarificationNeeded
from storage import drafts, messages, threads, waiting_threads
from storage.database import Executor, Transaction
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.exchanges import load_reply_rate
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread

MAX_KNOWN_NAMES: Final = 1000
"""Clients with whose names a line is compared, the last used first."""
MAX_THREAD_CHOICES: Final = 24
"""Threads offered in one select, which has room for 25 options; one of them is "another"."""


_CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""How far Discord's clock may be ahead."""


async def is_asked_since(reader: Executor, member_id: MemberId, since: datetime, line_key: str) -> bool:
    """Whether something that a text may answer was asked at an instant or after it, also by the receipt of a message.

    `line_key`: of the line that was written then. What it was asked about itself was asked after it, though the
    instant is one of Discord's clock, which may be ahead.
    """
    asked = await drafts.list_last_saved_drafts(reader, member_id, since - _CLOCK_TOLERANCE)
    if any(is_part_of_same_message(draft.content.source_key, line_key) or draft.asked_at >= since for draft in asked):
        return True
    unassigned = await messages.find_last_recorded_unassigned_message(reader, member_id, since)
    return unassigned is not None and unassigned.recorded_at >= since


async def load_question(
    transaction: Transaction, member_id: MemberId, draft: Draft, *, rule: RateRule, now: datetime
) -> ClarificationNeeded:
    """The question of a draft as of `now`; `rule` judges the reply rate."""
    content = draft.content
    match content.missing:
        case MissingInfo.CLIENT | MissingInfo.UNCLEAR | MissingInfo.CONTRACT:
            choices = await list_threads_offered_for_question(transaction, member_id, now=now)
            if content.missing is MissingInfo.CONTRACT:
                choices = [thread for thread in choices if thread.counts_in_rate and not thread.under_contract]
        case MissingInfo.OTHER_SITE:
            choices = [
                thread
                for thread in await list_threads_offered_for_question(transaction, member_id, now=now)
                if not thread.counts_in_rate
            ]
        case MissingInfo.NEW_CLIENT:
            choices = await find_threads_with_near_names(transaction, member_id, content.client or "")
        case MissingInfo.DISMISSED_CLIENT:
            choices = await list_dismissable_threads(transaction, member_id, content, now=now)
        case MissingInfo.NOTHING_WAITS:
            # Whoever typed that they replied may have meant one of those who wait.
            choices = await list_threads_offered_for_question(transaction, member_id, now=now, waiting_only=True)
        case MissingInfo.THREAD:
            choices = await _list_threads_of_reply(transaction, member_id, content)
        case MissingInfo.EVENT | MissingInfo.MOMENT:
            is_event = content.missing is MissingInfo.EVENT and content.direction is Direction.RECEIVED
            may_be_new = is_event or names_new_client(content)
            is_new = may_be_new and await is_unlike_known_clients(transaction, member_id, content.client or "")
            return ClarificationNeeded(draft, new_client=is_new)
        case MissingInfo.LATE_REPLY_WARNING if content.thread_id is not None and content.time is not None:
            rate = await load_reply_rate(transaction, member_id, now, rule)
            in_thread = await transaction.query(messages.thread_messages_query(member_id, content.thread_id))
            earlier = [message for message in in_thread if message.entry.at <= content.time.at]
            unanswered = (await derive_thread_state(earlier)).unanswered
            return ClarificationNeeded(draft, prospect=judged_reply_impact(unanswered, rate, rule, content.time.at))
        case _:
            choices = []
    return ClarificationNeeded(draft, tuple(choices[:MAX_THREAD_CHOICES]))


def names_new_client(content: DraftContent) -> bool:
    """Whether the question which moment is meant says so where the client is a new one: a yes is about both."""
    is_of_client = content.direction is Direction.RECEIVED and content.client is not None
    return content.missing is MissingInfo.MOMENT and is_of_client and content.source is MessageSource.WRITTEN


def judged_reply_impact(
    unanswered: UnansweredMessages | None, rate: ReplyRate, rule: RateRule, at: datetime
) -> ReplyImpact | None:
    """The impact of a reply; None where there are too few replies for the rate to be judged."""
    return reply_impact(unanswered, rate, at) if rate.has_minimum(rule) else None


async def list_threads_offered_for_question(
    transaction: Transaction, member_id: MemberId, *, now: datetime, waiting_only: bool = False
) -> list[Thread]:
    """The threads that wait for a reply, as `/pending` orders them; then the last used ones, all with known clients."""
    waiting = await list_waiting_threads_for_question(transaction, member_id, now=now)
    offered = [row.thread for row in waiting if waiting_only or not row.thread.unassigned]
    if not waiting_only:
        offered += await threads.list_recent_threads(transaction, member_id, limit=MAX_THREAD_CHOICES)
    return list({thread.id: thread for thread in offered}.values())[:MAX_THREAD_CHOICES]


async def list_waiting_threads_for_question(
    transaction: Transaction, member_id: MemberId, *, now: datetime
) -> list[UnansweredThread]:
    """The threads that wait for a reply, as `/pending` orders them, no more than can be offered."""
    counts = await transaction.query(waiting_threads.waiting_counts_query(member_id, now, now))
    return await waiting_threads.list_waiting_threads_by_deadline(
        transaction, member_id, counts, now=now, limit=MAX_THREAD_CHOICES, offset=0
    )


async def list_waiting_thread_choices(
    transaction: Transaction, member_id: MemberId, client: str, title: str | None
) -> list[UnansweredThread]:
    """The client's threads that wait for a reply; with a title, the thread of that title."""
    waiting = await waiting_threads.list_waiting_threads_of_client(transaction, member_id, client_key(client))
    return [row for row in waiting if not title or title_key(row.thread.title or "") == title_key(title)]


async def find_threads_with_near_names(transaction: Transaction, member_id: MemberId, client: str) -> list[Thread]:
    """The threads with clients whose names are much like this one, client by client, the last used first."""
    known = await threads.search_clients(transaction, member_id, search="", limit=MAX_KNOWN_NAMES)
    places = {client_key(name): place for place, name in enumerate(find_near_names(client, known))}
    near = await threads.list_threads_of_clients(transaction, member_id, list(places))
    return sorted(near, key=lambda thread: places.get(client_key(thread.client or ""), len(places)))


async def is_unlike_known_clients(transaction: Transaction, member_id: MemberId, client: str) -> bool:
    """Whether a client of this name would be a new one, and no name is much like it."""
    if await threads.list_threads_of_client(transaction, member_id, client_key(client)):
        return False
    return not await find_threads_with_near_names(transaction, member_id, client)


async def list_dismissable_threads(
    transaction: Transaction, member_id: MemberId, content: DraftContent, *, now: datetime
) -> list[Thread]:
    """The client's threads that wait for a reply; else those of clients with such a name, else all that wait.

    Of what came after the line was written, it says nothing.
    """
    said_at = content.written_at or now
    if content.client is not None:
        of_client = await list_waiting_thread_choices(transaction, member_id, content.client, content.title)
        if by_then := [row.thread for row in of_client if row.unanswered.oldest <= said_at]:
            return by_then
    rows = await list_waiting_threads_for_question(transaction, member_id, now=now)
    waiting = [row.thread for row in rows if row.unanswered.oldest <= said_at]
    if content.client is None:
        return waiting
    near_ids = {thread.id for thread in await find_threads_with_near_names(transaction, member_id, content.client)}
    return [thread for thread in waiting if thread.id in near_ids] or waiting


async def _list_threads_of_reply(transaction: Transaction, member_id: MemberId, content: DraftContent) -> list[Thread]:
    if content.client is None:
        return await threads.list_recent_threads(transaction, member_id, limit=MAX_THREAD_CHOICES)
    waiting = await list_waiting_thread_choices(transaction, member_id, content.client, content.title)
    if len(waiting) > 1:
        return [row.thread for row in waiting]
    return await threads.list_threads_of_client(transaction, member_id, client_key(content.client))
