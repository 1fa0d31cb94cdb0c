"""The list of `/pending`: its pages, what is recorded for several windows at once, and taking that back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reply.impact import LateReplyImpact, late_reply_impact
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import MemberId, MessageId, UndoStepId
from bot.errors import NotAllowedError
from bot.services.members import Preferences, effective_preferences
from bot.services.new_messages import UNDO_KIND_RECORDED
from bot.services.record_transaction import RecordTransactions
from bot.services.reply_windows import find_double_press, find_reply_window
from storage import contact_requests, members, messages, undo_log, waiting_threads
from storage.contact_requests import ContactRequest
from storage.database import Query
from storage.exchanges import reply_rate_query
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread, WaitingCounts

PAGE_SIZE: Final = 20
"""Windows on one page: their lines fit the text of a message, and their options a select."""

MAX_CHOICES: Final = 25
"""Windows among which several can be chosen: the options of a select (Discord)."""

LONG_OVERDUE: Final = timedelta(days=7)
"""Windows that closed longer ago are on pages of their own, behind all others."""

MAX_FOLLOW_UP_WARNINGS: Final = 5
"""Dismissed threads shown in which a further message would count as a late reply."""

MAX_DISMISSED_READ: Final = 50
"""Dismissed threads, of which those are left out in which silence may do harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """Which windows are on a page, and which pages there are (see `Pending`)."""

    page: int
    pages: int
    """From 0. The first one is there also where nothing waits."""
    long_overdue: int
    """How many are overdue for longer than `LONG_OVERDUE`, on whichever page."""
    long_overdue_page: int
    """The first page of these, whether there are any or not."""
    offset: int
    size: int

    @property
    def shows_long_overdue(self) -> bool:
        """Whether this is a page of what is overdue for long."""
        return self.page >= self.long_overdue_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending(PageLayout):
    """A page of the threads that wait for a reply: open windows by deadline, then overdue ones, the newest first.

    What is overdue for longer than `LONG_OVERDUE` begins on a page of its own.
    """

    preferences: Preferences
    waiting: list[UnansweredThread]
    """Those of this page."""
    counts: WaitingCounts
    """All that wait."""
    follow_up_warnings: list[UnansweredThread]
    """Dismissed threads past their deadline, in which a further message would count as a late reply, newest first."""
    cost: LateReplyImpact
    """The effect of one late reply."""
    contact_requests: list[ContactRequest]
    """Those that are open: they are on the first page, and no other figure counts them."""
    newest_step_id: UndoStepId | None
    """The newest step that the list shows; None: there was none."""


@dataclass(frozen=True, slots=True)
class Dismissals:
    """The windows that were dismissed together, with their threads, and the step that undoes it."""

    windows: Mapping[MessageId, Thread]
    step_id: UndoStepId


class PendingService:
    """The list of the threads that wait for a reply."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def page(self, member_id: MemberId, *, now: datetime, page: int = 0) -> Pending:
        """A page at `now`; the last one for a page past the end."""
        find_member, count = members.member_query(member_id), _count_waiting(member_id, now)
        find_rate, find_newest = reply_rate_query(member_id, now), undo_log.latest_step_query(member_id)
        async with self._transactions.database.read() as transaction:
            results = await transaction.query_many(find_member, count, find_rate, find_newest)
            preferences = effective_preferences(results[find_member], self._transactions.defaults)
            section = paginate_pending(results[count], page)
            dismissed = await waiting_threads.list_dismissed_threads(
                transaction, member_id, due_before=now, limit=MAX_DISMISSED_READ
            )
            waiting = await waiting_threads.list_waiting_threads_by_deadline(
                transaction, member_id, results[count], now=now, limit=section.size, offset=section.offset
            )
            requests = await transaction.query(contact_requests.open_contact_requests_query(member_id))
        newest = results[find_newest]
        return Pending(
            preferences=preferences,
            waiting=waiting,
            counts=results[count],
            **asdict(section),
            follow_up_warnings=[row for row in dismissed if _needs_follow_up_warning(row.thread)],
            cost=late_reply_impact(results[find_rate].judged_by(preferences.rate_rule), preferences.rate_rule),
            contact_requests=requests,
            newest_step_id=newest.id if newest else None,
        )

    async def choices(self, member_id: MemberId, *, now: datetime, page: int) -> list[UnansweredThread]:
        """The windows among which several can be chosen: those of a page, and the next ones."""
        async with self._transactions.database.read() as transaction:
            counts = await transaction.query(_count_waiting(member_id, now))
            return await waiting_threads.list_waiting_threads_by_deadline(
                transaction,
                member_id,
                counts,
                now=now,
                limit=MAX_CHOICES,
                offset=paginate_pending(counts, page).offset,
            )

    async def dismiss(
        self,
        member_id: MemberId,
        window_ids: Sequence[MessageId],
        *,
        idempotency_key: str,
        now: datetime,
        kind: EventKind = EventKind.DISMISSED,
    ) -> Dismissals:
        """Record for several windows, as one step, that no reply is needed; those that are not open are left out.

        Raises `WindowEndedError` or `NotAllowedError` when none is open.
        """
        dismissed: dict[MessageId, Thread] = {}
        pressed_before: dict[MessageId, Thread] = {}
        first_id: MessageId | None = None
        pressed_id: MessageId | None = None
        refused: NotAllowedError = NotAllowedError("recording-nothing-waits")
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            for window_id in window_ids:
                oldest = await record.transaction.query(messages.message_query(member_id, window_id))
                try:
                    thread, _ = await find_reply_window(record, oldest)
                except NotAllowedError as error:
                    refused = error
                    if pressed := await find_double_press(record, oldest, kind, now):
                        pressed_id = pressed_id or pressed.id
                        pressed_before[window_id] = await record.get_thread(pressed.thread_id)
                    continue
                dismissal = await record.add_decision(thread.id, kind, f"{idempotency_key}:{window_id}")
                dismissed[window_id] = thread
                first_id = first_id or dismissal.id
            recorded_id = first_id or pressed_id
            if recorded_id is None:
                raise refused
            if dismissed:
                await record.recompute_threads(*(thread.id for thread in dismissed.values()))
        return Dismissals(dismissed or pressed_before, await self.find_step_of_message(member_id, recorded_id))

    async def find_step_of_message(self, member_id: MemberId, message_id: MessageId) -> UndoStepId:
        """The step that recorded a message."""
        return await undo_log.find_undo_step_that_added(self._transactions.database, member_id, message_id)

    async def delete_messages_of_step(
        self, member_id: MemberId, step_id: UndoStepId, *, now: datetime
    ) -> tuple[Thread, ...]:
        """Delete the messages that a step recorded, whatever was recorded since, as one step; returns their threads.

        Raises `NotAllowedError` when none is left, or the step is larger than one of the list.
        """
        if await undo_log.count_undo_step_messages(self._transactions.database, member_id, step_id) > MAX_CHOICES:
            raise NotAllowedError("button-unknown")
        async with self._transactions.begin(member_id, now, "deleted") as record:
            snapshots = await undo_log.load_undo_step_snapshots(record.transaction, member_id, step_id)
            added = [message_id for message_id, before in snapshots.items() if before is None]
            recorded = await messages.find_messages(record.transaction, member_id, added)
            if not recorded:
                raise NotAllowedError("recording-message-gone")
            for message in recorded:
                await record.delete_message(message)
            affected = sorted({message.thread_id for message in recorded})
            await record.recompute_threads(*affected)
            return tuple([await record.get_thread(thread_id) for thread_id in affected])


def _needs_follow_up_warning(thread: Thread) -> bool:
    """Whether sending no further message has only advantages: replies count, and no contract ends by silence."""
    return thread.counts_in_rate and not thread.under_contract


def _count_waiting(member_id: MemberId, now: datetime) -> Query[WaitingCounts]:
    """How many wait; `closing` are those that are overdue, but not for long."""
    return waiting_threads.waiting_counts_query(member_id, now, now, closing_from=now - LONG_OVERDUE)


def paginate_pending(counts: WaitingCounts, page: int) -> PageLayout:
    """The page of these windows (see `_count_waiting`) that is nearest to the one asked for."""
    long_overdue = counts.overdue - counts.closing
    recent = counts.total - long_overdue
    long_overdue_page = max(1, -(-recent // PAGE_SIZE))
    pages = long_overdue_page - (-long_overdue // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    offset, end = page * PAGE_SIZE, recent
    if page >= long_overdue_page:
        offset, end = recent + (page - long_overdue_page) * PAGE_SIZE, counts.total
    return PageLayout(
        page=page,
        pages=pages,
        long_overdue=long_overdue,
        long_overdue_page=long_overdue_page,
        offset=offset,
        size=min(PAGE_SIZE, end - offset),
    )
