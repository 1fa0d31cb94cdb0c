"""Why did this count? How one entry of a thread was taken into account."""

from dataclasses import dataclass
from enum import StrEnum

from bot.certification.reply_clock import Direction, Entry, Exchange, Kind, ThreadClock, Unanswered, Verdict


class Counted(StrEnum):
    """What became of an entry."""

    ON_TIME = "on_time"
    LATE = "late"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    """Received and not answered yet."""
    DISMISSED = "dismissed"
    """Received; no reply was needed. A later reply would still be judged against it."""
    NOWHERE = "nowhere"
    """Sent with nothing unanswered before it; or received, dismissed, and superseded by a newer message."""
    DISMISSAL = "dismissal"
    """"No reply needed", or a message in a new thread: no reply."""


_OF_VERDICT = {
    Verdict.ON_TIME: Counted.ON_TIME,
    Verdict.LATE: Counted.LATE,
    Verdict.AMBIGUOUS: Counted.AMBIGUOUS,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """How an entry counted, and by which exchange or window."""

    counted: Counted
    exchange: Exchange | None = None
    unanswered: Unanswered | None = None


def reason(clock: ThreadClock, entry: Entry) -> Reason:
    """How an entry of the thread was taken into account."""
    if entry.direction is Direction.SENT and entry.kind is not Kind.MESSAGE:
        return Reason(Counted.DISMISSAL)
    if entry.direction is Direction.SENT:
        made = next((each for each in clock.exchanges if each.replied_at == entry.at), None)
    else:
        made = next((each for each in clock.exchanges if each.asked_at <= entry.at <= each.newest_asked_at), None)
    if made is not None:
        return Reason(_OF_VERDICT[made.verdict], made)
    open_ = clock.unanswered
    if entry.direction is Direction.RECEIVED and open_ is not None and open_.oldest <= entry.at <= open_.newest:
        return Reason(Counted.DISMISSED if open_.dismissed else Counted.WAITING, unanswered=open_)
    return Reason(Counted.NOWHERE)
