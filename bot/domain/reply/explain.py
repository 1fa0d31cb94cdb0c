"""Why did this count? How one entry of a thread was taken into account."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.reply.thread_state import (
    Direction,
    EventKind,
    Exchange,
    ThreadEvent,
    ThreadState,
    UnansweredMessages,
    Verdict,
)


class EntryVerdict(StrEnum):
    """What became of an entry."""

    ON_TIME = "on_time"
    LATE = "late"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    """Received and not answered yet."""
    DISMISSED = "dismissed"
    """Received; no reply was needed. A later reply would still be judged against it."""
    NOT_COUNTED = "nowhere"
    """Sent with nothing unanswered before it; or received, dismissed, and superseded by a newer message."""
    DISMISSAL = "dismissal"
    """"No reply needed", or a message in a new thread: no reply."""


_OF_VERDICT = {
    Verdict.ON_TIME: EntryVerdict.ON_TIME,
    Verdict.LATE: EntryVerdict.LATE,
    Verdict.AMBIGUOUS: EntryVerdict.AMBIGUOUS,
}


@dataclass(frozen=True, slots=True)
class EntryExplanation:
    """How an entry counted, and by which exchange or window."""

    verdict: EntryVerdict
    exchange: Exchange | None = None
    unanswered: UnansweredMessages | None = None


def explain_entry(state: ThreadState, entry: ThreadEvent) -> EntryExplanation:
    """How an entry of the thread was taken into account."""
    if entry.direction is Direction.SENT and entry.kind is not EventKind.MESSAGE:
        return EntryExplanation(EntryVerdict.DISMISSAL)
    if entry.direction is Direction.SENT:
        made = next((each for each in state.exchanges if each.replied_at == entry.at), None)
    else:
        made = next((each for each in state.exchanges if each.received_at <= entry.at <= each.newest_received_at), None)
    if made is not None:
        return EntryExplanation(_OF_VERDICT[made.verdict], made)
    open_ = state.unanswered
    if entry.direction is Direction.RECEIVED and open_ is not None and open_.oldest <= entry.at <= open_.newest:
        return EntryExplanation(EntryVerdict.DISMISSED if open_.dismissed else EntryVerdict.WAITING, unanswered=open_)
    return EntryExplanation(EntryVerdict.NOT_COUNTED)
