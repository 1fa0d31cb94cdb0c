"""What the services answer after a change of the record: receipts, questions and summaries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final

from bot.domain.calendar import instant_to_micros
from bot.domain.messages import (
    ClientMessage,
    ContactRequestMail,
    ContractMail,
    Invitation,
    LoginCode,
    MessageSource,
    OtherSiteMail,
    ParsedItem,
    ParseFailure,
    ReviewResult,
    Statement,
    UnclearText,
)
from bot.domain.reminders.plan import CONTRACT_REMINDER_KINDS, ReminderKind
from bot.domain.reply.impact import ReplyImpact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    EventKind,
    Exchange,
    UnansweredMessages,
    explain_entry,
)
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import NinteiError
from bot.services.members import Preferences
from bot.services.projection import ThreadProjection, derive_thread_projection, load_stored_thread
from storage import planned_reminders, undo_log
from storage.database import Executor
from storage.drafts import Draft
from storage.exchanges import reply_rate_query
from storage.messages import Message
from storage.planned_reminders import ReminderOutcome
from storage.threads import Thread


class ReceiptKind(StrEnum):
    """What happened to the message."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    """It was recorded before; nothing changed."""
    CORRECTED = "corrected"
    UNDONE = "undone"
    UNCHANGED = "unchanged"
    """The correction is what was recorded already."""
    RESTORED = "restored"
    """It was deleted, and is recorded again."""
    SHOWN = "shown"
    """The member asked for the receipt; nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A recorded message and its effect on the thread and the reply rate."""

    kind: ReceiptKind
    message: Message
    thread: Thread
    unanswered: UnansweredMessages | None
    """The thread's unanswered messages now, dismissed or not."""
    window_id: MessageId | None
    """The identity of their window: the id of the oldest of them; None where nothing is unanswered."""
    window_closed: bool
    """The thread waits for a reply, but its last window had closed at `recorded_at`."""
    upcoming_reminders: tuple[datetime, ...]
    """When the reminders before the window closes are planned, sorted; a message may take one along earlier."""
    muted: bool
    """Whether the member wants no reminders of this client."""
    is_contract_notice_planned: bool
    """Whether the member will be told what 連絡催促 is, under contract and 96 hours after the message."""
    exchange: Exchange | None
    """The exchange that this message, a reply, ended; None when it answered nothing."""
    rate_before: ReplyRate
    rate_after: ReplyRate
    recorded_at: datetime
    """The instant for which all of this was computed."""
    reason: EntryExplanation
    """How the message counts."""
    reason_before: EntryExplanation | None = None
    """How it counted before it was corrected."""
    preferences: Preferences
    contact_request: datetime | None = None
    """When the open contact request of the thread came."""
    is_first_of_thread: bool = False
    """Whether nothing of its thread is before it."""
    is_unconfirmed: bool = False
    """It was recorded from a mail that arrived by itself, on a path that the member has not confirmed."""
    was_reminded: bool = False
    """Whether a receipt that is shown again had reminders that were sent."""
    newest_step_id: UndoStepId | None = None
    """Of a receipt that is shown again: the newest step of the record that it was read from."""

    @property
    def shown_as_of(self) -> datetime:
        """From when its card may be: after a crash, the one sent when the message was recorded may have arrived."""
        return self.message.recorded_at if self.kind is ReceiptKind.REPEATED else self.recorded_at


_REQUEST_REMINDER_KINDS: Final = frozenset({ReminderKind.CONTACT_REQUEST})
_WINDOW_REMINDER_KINDS: Final = frozenset(ReminderKind) - CONTRACT_REMINDER_KINDS - {ReminderKind.CLOSED}
"""The kinds of reminders before a window closes: that of a contact request, or a reply window."""


def build_receipt(
    kind: ReceiptKind,
    message: Message,
    thread: Thread,
    projection: ThreadProjection,
    *,
    rate_before: ReplyRate,
    rate_after: ReplyRate,
    preferences: Preferences,
    now: datetime,
    reason_before: EntryExplanation | None = None,
    was_reminded: bool = False,
    newest_step_id: UndoStepId | None = None,
) -> Receipt:
    """The receipt of a message; `projection` is that of its thread, with `unsent`."""
    stored, unanswered = projection.stored, projection.state.unanswered
    earlier = [other.entry for other in stored.messages if other.id < message.id]
    reason = explain_entry(projection.state, message.entry, is_second=message.entry in earlier)
    upcoming = _REQUEST_REMINDER_KINDS if message.entry.kind is EventKind.CONTACT_REQUEST else _WINDOW_REMINDER_KINDS
    return Receipt(
        kind=kind,
        message=message,
        thread=thread,
        unanswered=unanswered,
        window_id=projection.window_id,
        window_closed=unanswered is not None and now > unanswered.newest_window_closes_at,
        upcoming_reminders=tuple(reminder.remind_at for reminder in projection.unsent if reminder.kind in upcoming),
        contact_request=projection.contact_request,
        muted=stored.muted_since is not None,
        is_contract_notice_planned=ReminderKind.UNANSWERED in map(attrgetter("kind"), projection.unsent),
        was_reminded=was_reminded,
        newest_step_id=newest_step_id,
        exchange=reason.exchange if message.entry.direction is Direction.SENT else None,
        rate_before=rate_before,
        rate_after=rate_after,
        recorded_at=now,
        reason=reason,
        reason_before=reason_before,
        preferences=preferences,
        is_first_of_thread=message == min(stored.messages, key=attrgetter("entry.at", "id"), default=None),
        is_unconfirmed=kind is not ReceiptKind.UNDONE and message.id in stored.unconfirmed,
    )


async def load_receipts(
    reader: Executor,
    member_id: MemberId,
    messages: Iterable[tuple[MessageId, ThreadId]],
    preferences: Preferences,
    *,
    now: datetime,
) -> list[Receipt]:
    """The receipts, as of `now`, of messages given with their threads; a message that is gone has none."""
    find_rate, find_newest = reply_rate_query(member_id, now), undo_log.latest_step_query(member_id)
    threads: dict[ThreadId, tuple[ThreadProjection, ReplyRate, UndoStepId | None]] = {}
    receipts = []
    for message_id, thread_id in messages:
        if thread_id not in threads:
            stored, results = await load_stored_thread(reader, member_id, thread_id, find_rate, find_newest, now=now)
            projection = await derive_thread_projection(stored, preferences.reminders)
            projection = replace(projection, unsent=planned_reminders.unsent_reminders_from_rows(stored.reminders))
            newest_id = newest.id if (newest := results[find_newest]) else None
            threads[thread_id] = projection, results[find_rate].judged_by(preferences.rate_rule), newest_id
        projection, rate, newest_id = threads[thread_id]
        stored = projection.stored
        delivered = {(instant_to_micros(plan.opened_at), ReminderOutcome.DELIVERED) for plan in projection.plans}
        was_reminded = not delivered.isdisjoint(map(planned_reminders.OPENING_AND_STATE, stored.reminders))
        receipts += [
            build_receipt(
                ReceiptKind.SHOWN,
                message,
                stored.thread,
                projection,
                rate_before=rate,
                rate_after=rate,
                preferences=preferences,
                now=now,
                was_reminded=was_reminded,
                newest_step_id=newest_id,
            )
            for message in stored.messages
            if message.id == message_id and stored.thread is not None
        ]
    return receipts


@dataclass(frozen=True, slots=True)
class ClarificationNeeded:
    """Nothing is recorded yet: the member has to answer a question first."""

    draft: Draft
    choices: tuple[Thread, ...] = ()
    """The threads to choose from, where the question is which one."""
    prospect: ReplyImpact | None = None
    """The effect of the late reply that the member is warned about, where the rate is judged."""
    new_client: bool = False
    """Nobody of this name, nor of one like it, is known: the answer when they wrote says too that they are new."""


@dataclass(frozen=True, slots=True)
class BadgeNoted:
    """The member confirmed that they hold the badge, and it was noted."""


RecordOutcome = Receipt | ClarificationNeeded | BadgeNoted | ParsedItem
"""The outcome of recording a parsed item; the item itself where it contains nothing to record."""

_WITH_SOURCE: Final = ClientMessage | Invitation | ReviewResult | ContactRequestMail | ContractMail | OtherSiteMail


def parsed_item_metric_labels(item: ParsedItem, outcome: RecordOutcome | NinteiError) -> tuple[str, str]:
    """The labels `source` and `outcome` of the metric that counts parsed items."""
    source = item.source if isinstance(item, _WITH_SOURCE) else "none"
    if isinstance(item, Statement | UnclearText):
        source = MessageSource.WRITTEN
    match outcome:
        case Receipt():
            return source, "recorded"
        case ClarificationNeeded():
            return source, "clarification"
        case NinteiError():
            return source, "refused"
        case LoginCode():
            return source, "login_code"
        case ParseFailure():
            return source, "unreadable"
        case _:
            return source, "nothing_to_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSummary:
    """The effect of a change of several messages: a merge, a split, an undone step."""

    undo_kind: str
    """The step's name in the undo log; the texts use it too."""
    undone: bool
    """Whether that step was undone, not done."""
    messages: int
    threads: tuple[Thread, ...]
    verdicts_before: ReplyRate
    """All replies ever made in these threads."""
    verdicts_after: ReplyRate
    rate_before: ReplyRate
    rate_after: ReplyRate
    rule: RateRule
    """The criterion that the reply rate is judged by."""
