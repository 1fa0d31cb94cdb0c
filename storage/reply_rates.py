"""The reply rate of a member at one instant: the recorded replies of the year, and those from before the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from bot.domain.calendar import instant_from_micros, instant_to_micros, lancers_date, year_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.unseen_replies import UnseenReplies, find_unseen_replies
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.types import MemberId
from storage.database import Executor, Query, Row
from storage.reply_state import reply_count_columns, reply_rate_of_counts

_OF_MEMBER: Final = "FROM exchanges WHERE member_id = $1"
_IN_YEAR: Final = "replied_at BETWEEN $2 AND $3"
_OF_DISPLAY: Final = "replied_at >= counted_from AND replied_at < counted_until"
_DISPLAY_COLUMNS: Final = ("shown_on", "reply_rate", "reply_rate_unit", "displayed_replies", "counted_until")
_DISPLAY: Final = (
    "SELECT shown_on, reply_rate, reply_rate_unit, replies AS displayed_replies, counted_from, counted_until"
    " FROM calibrations WHERE member_id = $1 AND shown_on <= $4 AND reply_rate IS NOT NULL AND replies IS NOT NULL"
    " ORDER BY shown_on DESC LIMIT 1"
)
"""The newest display of a reply rate with the number of its replies."""

_COLUMNS: Final = (
    *reply_count_columns(_IN_YEAR),
    *_DISPLAY_COLUMNS,
    *reply_count_columns(_OF_DISPLAY),
    f"(SELECT count(*) {_OF_MEMBER} AND {_OF_DISPLAY} AND {_IN_YEAR})",
    f"(SELECT min(replied_at) {_OF_MEMBER})",
)


@dataclass(frozen=True, slots=True)
class StoredRate:
    """What the rate at one instant is made of, whatever the edition, which may be read with it."""

    as_of: datetime
    recorded: ReplyRate
    """The recorded replies of the year alone."""
    unseen: UnseenReplies | None
    """The replies from before the record."""
    still_counted: int
    """The recorded replies that the display has counted, and that are of the year."""

    def judged_by(self, rule: RateRule) -> ReplyRate:
        """The rate of a member whose edition has this rule."""
        if self.unseen is None:
            return self.recorded
        return self.unseen.add_to(self.recorded, self.as_of, rule, still_counted=self.still_counted)


def _stored_rate_from_rows(as_of: datetime, rows: Sequence[Row]) -> StoredRate:
    [row] = rows
    counts, displayed, displayed_counts, (still_counted, first_reply_at) = row[:3], row[3:8], row[8:11], row[11:]
    shown_on, reply_rate, unit, replies, until = displayed
    unseen = None
    if shown_on is not None:
        figures = DisplayedFigures(
            on=date.fromisoformat(shown_on),
            at=instant_from_micros(until),
            reply_rate=reply_rate,
            reply_rate_unit=unit,
            replies=replies,
        )
        first_at = None if first_reply_at is None else instant_from_micros(first_reply_at)
        unseen = find_unseen_replies(figures, reply_rate_of_counts(*displayed_counts), first_at)
    return StoredRate(as_of, reply_rate_of_counts(*counts), unseen, still_counted)


def stored_reply_rate(member_id: MemberId, now: datetime) -> Query[StoredRate]:
    """The replies of the year up to `now`, with those from before the record."""
    return Query(
        _COLUMNS,
        f"FROM (SELECT 1 AS one) AS member LEFT JOIN ({_DISPLAY}) AS display ON 1 = 1",
        (member_id, instant_to_micros(year_before(now)), instant_to_micros(now), lancers_date(now).isoformat()),
        partial(_stored_rate_from_rows, now),
    )


async def load_reply_rate(reader: Executor, member_id: MemberId, now: datetime, rule: RateRule) -> ReplyRate:
    """The rate of `stored_reply_rate` alone."""
    return (await reader.query(stored_reply_rate(member_id, now))).judged_by(rule)


def recorded_rate_between(member_id: MemberId, start: datetime, end: datetime) -> Query[ReplyRate]:
    """The recorded replies from `start` on and before `end`."""
    return Query(
        reply_count_columns("replied_at >= $2 AND replied_at < $3"),
        "",
        (member_id, instant_to_micros(start), instant_to_micros(end)),
        lambda rows: reply_rate_of_counts(*rows[0]),
    )
