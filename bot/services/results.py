"""What the services answer after a change of the record: receipts, questions and summaries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.certification.editions import get_edition
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
from bot.domain.reply.impact import ReplyImpact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import EntryExplanation, Exchange, UnansweredMessages
from bot.domain.types import MessageId
from bot.errors import NinteiError
from bot.services.members import Preferences
from storage.drafts import Draft
from storage.messages import Message
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
    is_unconfirmed: bool = False
    """It was recorded from a mail that arrived by itself, on a path that the member has not confirmed."""
    was_reminded: bool = False
    """Whether a receipt that is shown again had reminders that were sent."""

    @property
    def shown_as_of(self) -> datetime:
        """For when its card is true: after a crash, the one that was sent when it was recorded may have arrived."""
        return self.message.recorded_at if self.kind is ReceiptKind.REPEATED else self.recorded_at

    @property
    def rule(self) -> RateRule:
        """The criterion that the reply rate is judged by."""
        return get_edition(self.preferences.edition).reply_rate


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
