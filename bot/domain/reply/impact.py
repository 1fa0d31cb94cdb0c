"""The effect of a reply in a thread on the reply rate, and the advice that follows from it.

No reply does not change the rate, and neither does a message in a new thread; a reply after 24 hours counts as late,
even to a message that only closed the conversation (docs/domain-facts.md#uncounted-messages).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW, UnansweredMessages


class ReplyWindowState(StrEnum):
    """The state of a thread's reply window at one instant."""

    OPEN = "open"
    OVERDUE = "overdue"
    NOTHING_WAITING = "nothing_waiting"


class Advice(StrEnum):
    """The action that is best for the rate."""

    REPLY_NOW = "reply_now"
    NEW_THREAD_OR_NO_REPLY = "new_thread_or_no_reply"
    FREE = "free"
    """A message would answer nothing and not be counted."""


_ADVICE = {
    ReplyWindowState.OPEN: Advice.REPLY_NOW,
    ReplyWindowState.OVERDUE: Advice.NEW_THREAD_OR_NO_REPLY,
    ReplyWindowState.NOTHING_WAITING: Advice.FREE,
}


@dataclass(frozen=True, slots=True)
class ReplyImpact:
    """The rate now and after a reply. `due_at` None: nothing is unanswered."""

    state: ReplyWindowState
    due_at: datetime | None
    rate_now: ReplyRate
    rate_if_reply: ReplyRate
    counts_in_rate: bool = True
    """False: a reply in the thread, which is on another site, changes no rate."""

    @property
    def advice(self) -> Advice:
        is_harmless = self.state is ReplyWindowState.OVERDUE and not self.counts_in_rate
        return Advice.REPLY_NOW if is_harmless else _ADVICE[self.state]

    @property
    def is_ambiguous(self) -> bool:
        """Whether the reply would be late from the oldest unanswered message, and on time from the newest."""
        return self.rate_if_reply.ambiguous > self.rate_now.ambiguous


def reply_impact(
    unanswered: UnansweredMessages | None, rate: ReplyRate, as_of: datetime, *, counts_in_rate: bool = True
) -> ReplyImpact:
    """The impact of a reply at `as_of` in a thread, dismissed or not, by the strict reading."""
    if unanswered is None:
        return ReplyImpact(ReplyWindowState.NOTHING_WAITING, None, rate, rate, counts_in_rate)
    if as_of <= unanswered.due_at:
        state, after = ReplyWindowState.OPEN, rate.with_replies(on_time=1)
    else:
        by_newest = as_of - unanswered.newest <= REPLY_WINDOW
        state, after = ReplyWindowState.OVERDUE, rate.with_replies(late=1, ambiguous=int(by_newest))
    return ReplyImpact(state, unanswered.due_at, rate, after if counts_in_rate else rate, counts_in_rate)


@dataclass(frozen=True, slots=True)
class LateReplyImpact:
    """The rate now and with late replies added."""

    rate_now: ReplyRate
    rate_if_late: ReplyRate
    rule: RateRule


def late_reply_impact(rate: ReplyRate, rule: RateRule, count: int = 1) -> LateReplyImpact:
    """The impact of `count` late replies."""
    return LateReplyImpact(rate, rate.with_replies(late=count), rule)
