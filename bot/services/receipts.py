"""The receipt: what a recorded message changed, for the member to see at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.certification.reply_clock import Exchange, Unanswered
from bot.certification.reply_rate import ReplyRate
from bot.reminders.plan import Reminder
from storage.drafts import Draft
from storage.messages import Message
from storage.threads import Thread


class Change(StrEnum):
    """What happened to the message."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    """The same thing was recorded before; nothing changed."""
    CORRECTED = "corrected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The message as it stands now, and what follows from it."""

    change: Change
    message: Message
    thread: Thread
    unanswered: Unanswered | None
    """What of the thread is unanswered now, dismissed or not."""
    reminders: tuple[Reminder, ...]
    """Still to come, by `remind_at`."""
    exchange: Exchange | None
    """The exchange that this message, a reply, closed; None when it answered nothing."""
    rate_before: ReplyRate
    rate_after: ReplyRate
    at: datetime
    """When this was true."""

    @property
    def closed(self) -> bool:
        """The thread waits, but every window of it has closed."""
        return self.unanswered is not None and self.at > self.unanswered.reminds_until


@dataclass(frozen=True, slots=True)
class Question:
    """Nothing was recorded yet: the member has to say one thing more. `choices` are threads to choose from."""

    draft: Draft
    choices: tuple[Thread, ...] = ()
