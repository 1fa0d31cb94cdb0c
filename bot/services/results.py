"""The receipt: what a recorded message changed, for the member to see at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.reminders.plan import Reminder, ReminderKind
from bot.domain.reply.impact import ReplyImpact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import EntryExplanation, Exchange, UnansweredMessages
from bot.services.preferences import Preferences
from storage.drafts import Draft
from storage.messages import Message
from storage.threads import Thread


class ReceiptKind(StrEnum):
    """What happened to the message."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    """The same thing was recorded before; nothing changed."""
    CORRECTED = "corrected"
    UNDONE = "undone"
    SHOWN = "shown"
    """Nothing happened; it was looked at."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The message as it stands now, and what follows from it."""

    kind: ReceiptKind
    message: Message
    thread: Thread
    unanswered: UnansweredMessages | None
    """What of the thread is unanswered now, dismissed or not."""
    reminders: tuple[Reminder, ...]
    """Still to come, by `remind_at`."""
    exchange: Exchange | None
    """The exchange that this message, a reply, closed; None when it answered nothing."""
    rate_before: ReplyRate
    rate_after: ReplyRate
    recorded_at: datetime
    """When this was true."""
    rule: RateRule
    """What the rate is held against."""
    reason: EntryExplanation
    preferences: Preferences
    """What holds for the member: their zone, their nights."""
    reason_before: EntryExplanation | None = None
    """How it counted before it was put right."""

    @property
    def window_closed(self) -> bool:
        """The thread waits, but every window of it has closed."""
        return self.unanswered is not None and self.recorded_at > self.unanswered.window_closes_at

    @property
    def upcoming_reminders(self) -> list[datetime]:
        """When the reminders before the window closes go out."""
        return [reminder.remind_at for reminder in self.reminders if reminder.kind is not ReminderKind.CLOSED]


@dataclass(frozen=True, slots=True)
class ClarificationNeeded:
    """Nothing was recorded yet: the member has to say one thing more. `choices` are threads to choose from."""

    draft: Draft
    choices: tuple[Thread, ...] = ()
    prospect: ReplyImpact | None = None
    """What the reply would do that the member is warned of."""


@dataclass(frozen=True, slots=True)
class EditSummary:
    """What a step over several messages came to: a merge, a split, an undone step."""

    undo_kind: str
    """The step, as the texts name it."""
    messages: int
    threads: tuple[Thread, ...]
    verdicts_before: ReplyRate
    """The replies of the threads concerned, of all times."""
    verdicts_after: ReplyRate
    rate_before: ReplyRate
    rate_after: ReplyRate
