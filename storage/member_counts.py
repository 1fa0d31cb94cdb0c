"""What every record of a member needs to know first: the year's replies, the open windows, and today's records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import lancers_date, to_micros, year_before
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.types import MemberId
from storage.database import Query, Row
from storage.reply_state import COUNT_OPEN, REPLY_COUNTS
from storage.selects import Select


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """Counted at one instant."""

    rate: ReplyRate
    """Of the year."""
    open_windows: int
    """Windows that wait for a reply and have not closed."""
    records: int
    """Records of the day, which its limit is about."""


def _member_counts(rows: Sequence[Row]) -> MemberCounts:
    [[replies, on_time, newest_on_time, open_windows, records]] = rows
    return MemberCounts(ReplyRate(replies, on_time, ambiguous=newest_on_time - on_time), open_windows, records or 0)


_COUNTS: Final = Select(
    (
        *REPLY_COUNTS,
        f"({COUNT_OPEN.format(opened_after='$4')})",
        "(SELECT counted FROM members WHERE member_id = $1 AND counted_on = $5)",
    ),
    "FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3",
    _member_counts,
)


def member_counts(member_id: MemberId, now: datetime) -> Query[MemberCounts]:
    """Count the replies of the year up to `now`, the windows that are open then, and the records of that day."""
    instants = map(to_micros, (year_before(now), now, now - REPLY_WINDOW))
    return _COUNTS(member_id, *instants, lancers_date(now).isoformat())
