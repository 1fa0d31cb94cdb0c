"""The figures that Lancers displays, compared with the record, and an estimate over the time before the record began.

Lancers counts replies that the bot never saw. The displayed rate and number of replies give the number of these
replies and, within the rounding of the display, how many of them were late. They leave the year one by one, until the
display itself lies a year back. So the estimate has bounds, and the record replaces it in the course of a year.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

from bot.domain.calendar import ONE_DAY, first_date_outside_year, lancers_date, lancers_midnight, year_before
from bot.domain.reply.reply_rate import ReplyRate


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayedFigures:
    """The figures that Lancers displayed on one day. None: not given.

    Shares are in tenths of a percent, `evaluation` in hundredths of stars, `earnings` in yen.
    """

    on: date
    reply_rate: int | None = None
    reply_rate_unit: int | None = None
    """The precision of the displayed reply rate: 10 for whole percents, 1 for tenths."""
    replies: int | None = None
    completion_rate: int | None = None
    task_approval: int | None = None
    satisfaction: int | None = None
    evaluation: int | None = None
    earnings: int | None = None

    @property
    def until(self) -> datetime:
        """The end of that day in Tokyo: replies up to then are in the figures."""
        return lancers_midnight(self.on + ONE_DAY)

    @property
    def possible_rate_range(self) -> tuple[Fraction, Fraction]:
        """The bounds of the reply rate, the second excluded, whether the display was rounded or cut off."""
        rate, unit = self.reply_rate or 0, self.reply_rate_unit or 1
        return Fraction(2 * rate - unit, 2000), Fraction(rate + unit, 1000)


MAX_REPLIES: Final = 1_000_000
"""The largest number of replies that is accepted as displayed."""

FIGURE_NAMES: Final = tuple(field.name for field in fields(DisplayedFigures) if field.name != "on")


class ComparisonResult(StrEnum):
    """How the record of the display's year agrees with the display."""

    BOTH = "both"
    """By the oldest and by the newest reading alike."""
    OLDEST = "oldest"
    NEWEST = "newest"
    NEITHER = "neither"
    UNSEEN = "unseen"
    """Lancers counts replies that are not in the record."""
    TOO_MANY = "too_many"
    """The record contains replies that Lancers does not count."""
    NOTHING = "nothing"
    """There is nothing to compare."""


_READINGS: Final = {
    (True, True): ComparisonResult.BOTH,
    (True, False): ComparisonResult.OLDEST,
    (False, True): ComparisonResult.NEWEST,
    (False, False): ComparisonResult.NEITHER,
}


def compare_with_record(displayed: DisplayedFigures, recorded: ReplyRate) -> ComparisonResult:
    """Compare the display with `recorded`, the record of the same year."""
    if displayed.replies is not None and displayed.replies != recorded.replies:
        return ComparisonResult.UNSEEN if displayed.replies > recorded.replies else ComparisonResult.TOO_MANY
    if displayed.reply_rate is None or not recorded.replies:
        return ComparisonResult.NOTHING
    low, high = displayed.possible_rate_range
    oldest = low <= Fraction(recorded.on_time, recorded.replies) < high
    newest = low <= Fraction(recorded.on_time + recorded.ambiguous, recorded.replies) < high
    return _READINGS[oldest, newest]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRateEstimate:
    """The reply rate with the unrecorded replies added: the likely one, and its bounds."""

    on: date
    """The day of the display."""
    unseen: int
    """Replies in the display that are not in the record."""
    likely: ReplyRate
    worst: ReplyRate
    best: ReplyRate
    until: date
    """From this day on the record covers the whole year."""


def estimate_unseen(
    displayed: DisplayedFigures, recorded: ReplyRate, current: ReplyRate, known_since: date, as_of: datetime
) -> ReplyRateEstimate | None:
    """The estimate at `as_of`; None when no reply was unrecorded, or all such replies have left the year.

    `recorded` is the record of the display's year, `current` that of the year before `as_of`. `known_since` is the day
    of the first recorded reply: the unrecorded ones are assumed to be evenly spread before it.
    """
    if displayed.reply_rate is None or displayed.replies is None or displayed.replies <= recorded.replies:
        return None
    start = lancers_date(year_before(as_of))
    if start > displayed.on or as_of < displayed.until - ONE_DAY:
        return None
    unseen = displayed.replies - recorded.replies
    low, high = displayed.possible_rate_range
    # Where no number of replies gives exactly the displayed rate, both of its neighbours are possible.
    ends = (ceil(low * displayed.replies), ceil(high * displayed.replies) - 1)
    fewest, most = (_clamp(end - recorded.on_time, unseen) for end in sorted(ends))
    likely = _clamp(round(Fraction(displayed.reply_rate * displayed.replies, 1000)) - recorded.on_time, unseen)
    first = lancers_date(year_before(displayed.until))
    known_since = max(min(known_since, displayed.on), first + ONE_DAY)
    # Of the days from `first` to `known_since`, this share is still in a year that starts at `start`.
    days = (known_since - first).days
    remaining = Fraction(_clamp((known_since - start).days, days), days)
    some_left = start > first
    return ReplyRateEstimate(
        on=displayed.on,
        unseen=unseen,
        likely=_add_replies(current, round(likely * remaining), round((unseen - likely) * remaining)),
        worst=_add_replies(current, 0 if some_left else fewest, unseen - fewest),
        best=_add_replies(current, most, 0 if some_left else unseen - most),
        until=first_date_outside_year(displayed.on),
    )


def _clamp(count: int, maximum: int) -> int:
    return max(0, min(count, maximum))


def _add_replies(rate: ReplyRate, on_time: int, late: int) -> ReplyRate:
    return ReplyRate(rate.replies + on_time + late, rate.on_time + on_time, rate.ambiguous)
