"""May I still answer here? What a reply in a thread would do to the rate, and what does nothing to it.

Not answering is neutral, and so is writing in a new thread; a reply after 24 hours counts as late, even to a message
that only closed the conversation (FACTS.md §1).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.certification.reply_clock import REPLY_WINDOW, Unanswered
from bot.certification.reply_rate import RateRule, ReplyRate


class State(StrEnum):
    """How a thread stands to a reply now."""

    OPEN = "open"
    OVERDUE = "overdue"
    NOTHING_WAITING = "nothing_waiting"


class Advice(StrEnum):
    """What serves the rate."""

    REPLY_NOW = "reply_now"
    NEW_THREAD_OR_NO_REPLY = "new_thread_or_no_reply"
    FREE = "free"
    """A message would answer nothing and count nowhere."""


_ADVICE = {
    State.OPEN: Advice.REPLY_NOW,
    State.OVERDUE: Advice.NEW_THREAD_OR_NO_REPLY,
    State.NOTHING_WAITING: Advice.FREE,
}


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a reply now would do. `due_at` None: nothing is unanswered."""

    state: State
    due_at: datetime | None
    rate_now: ReplyRate
    rate_if_reply: ReplyRate

    @property
    def advice(self) -> Advice:
        return _ADVICE[self.state]


def weigh(unanswered: Unanswered | None, rate: ReplyRate, as_of: datetime) -> Prospect:
    """A reply at `as_of` in a thread, dismissed or not, by the strict reading."""
    if unanswered is None:
        return Prospect(State.NOTHING_WAITING, None, rate, rate)
    if as_of <= unanswered.due_at:
        after = ReplyRate(rate.replies + 1, rate.on_time + 1, rate.ambiguous)
        return Prospect(State.OPEN, unanswered.due_at, rate, after)
    by_newest = as_of - unanswered.newest <= REPLY_WINDOW
    return Prospect(State.OVERDUE, unanswered.due_at, rate, late_replies(rate, 1, ambiguous=int(by_newest)))


def late_replies(rate: ReplyRate, count: int, *, ambiguous: int = 0) -> ReplyRate:
    """The rate with so many late replies more."""
    return ReplyRate(rate.replies + count, rate.on_time, rate.ambiguous + ambiguous)


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many late replies more would do to the rate."""

    now: ReplyRate
    then: ReplyRate
    rule: RateRule


def cost_of_late(rate: ReplyRate, rule: RateRule, count: int = 1) -> Cost:
    """The rate beside itself with `count` late replies more."""
    return Cost(rate, late_replies(rate, count), rule)
