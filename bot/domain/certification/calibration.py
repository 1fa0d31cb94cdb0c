"""What Lancers itself displays, held against the record, and the bridge over the time before the record began.

Lancers counts replies that the bot never saw. From a displayed rate and number of replies follows how many those are
and, within the display's rounding, how many of them were late. They leave the year one by one, until the display itself
lies a year back. So the estimate has bounds, and fades as the record covers the year.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil

from bot.domain.calendar import ONE_DAY, first_date_outside_year, lancers_date, lancers_midnight, year_before
from bot.domain.reply.reply_rate import ReplyRate


@dataclass(frozen=True, slots=True)
class DisplayedFigures:
    """The figures of one day, None where none was given: shares in tenths of a percent, hundredths of stars, yen."""

    on: date
    reply_rate: int | None = None
    reply_rate_unit: int | None = None
    """How fine the reply rate was displayed: 10 for whole percents, 1 for tenths."""
    replies: int | None = None
    completion_rate: int | None = None
    task_approval: int | None = None
    satisfaction: int | None = None
    evaluation: int | None = None
    earnings: int | None = None

    @property
    def until(self) -> datetime:
        """The end of that day in Tokyo: what was replied until then was in the figures."""
        return lancers_midnight(self.on + ONE_DAY)

    @property
    def possible_rate_range(self) -> tuple[Fraction, Fraction]:
        """Between which shares the reply rate lies (the second one excluded), rounded or cut off as it may be."""
        shown, unit = self.reply_rate or 0, self.reply_rate_unit or 1
        return Fraction(2 * shown - unit, 2000), Fraction(shown + unit, 1000)


class ComparisonResult(StrEnum):
    """How the record of that day agrees with what was displayed."""

    BOTH = "both"
    """By the oldest and by the newest reading alike."""
    OLDEST = "oldest"
    NEWEST = "newest"
    NEITHER = "neither"
    UNSEEN = "unseen"
    """Lancers counts replies that are not in the record."""
    TOO_MANY = "too_many"
    """The record holds replies that Lancers does not count."""
    NOTHING = "nothing"
    """There is nothing to compare."""


_READINGS = {
    (True, True): ComparisonResult.BOTH,
    (True, False): ComparisonResult.OLDEST,
    (False, True): ComparisonResult.NEWEST,
    (False, False): ComparisonResult.NEITHER,
}


def compare_with_record(displayed: DisplayedFigures, recorded: ReplyRate) -> ComparisonResult:
    """Hold the record of the display's year, `recorded`, against it."""
    if displayed.replies is not None and displayed.replies != recorded.replies:
        return ComparisonResult.UNSEEN if displayed.replies > recorded.replies else ComparisonResult.TOO_MANY
    if displayed.reply_rate is None or not recorded.replies:
        return ComparisonResult.NOTHING
    low, high = displayed.possible_rate_range
    oldest = low <= Fraction(recorded.on_time, recorded.replies) < high
    newest = low <= Fraction(recorded.on_time + recorded.ambiguous, recorded.replies) < high
    return _READINGS[oldest, newest]


@dataclass(frozen=True, slots=True)
class ReplyRateEstimate:
    """The reply rate with the replies that were never recorded put in: likely, and at worst and best."""

    on: date
    unseen: int
    """Replies in the display that are not in the record."""
    likely: ReplyRate
    worst: ReplyRate
    best: ReplyRate
    until: date
    """From this day on the record covers the whole year."""


def estimate_unseen(
    displayed: DisplayedFigures, then: ReplyRate, now: ReplyRate, known_since: date, as_of: datetime
) -> ReplyRateEstimate | None:
    """The estimate at `as_of`; None when nothing was unseen or all of it has left the year.

    `then` is the record of the display's year, `now` that of the year before `as_of`; `known_since` is the day of the
    first recorded reply: until then the unseen ones are taken to lie evenly spread.
    """
    if displayed.reply_rate is None or displayed.replies is None or displayed.replies <= then.replies:
        return None
    start = lancers_date(year_before(as_of))
    if start > displayed.on or as_of < displayed.until - ONE_DAY:
        return None
    unseen = displayed.replies - then.replies
    low, high = displayed.possible_rate_range
    # Where no number of replies gives exactly the displayed rate, both of its neighbours are possible.
    ends = (ceil(low * displayed.replies), ceil(high * displayed.replies) - 1)
    fewest, maximum = (_clamp(end - then.on_time, unseen) for end in sorted(ends))
    shown = _clamp(round(Fraction(displayed.reply_rate * displayed.replies, 1000)) - then.on_time, unseen)
    first = lancers_date(year_before(displayed.until))
    left = _remaining_fraction(first, max(min(known_since, displayed.on), first + ONE_DAY), start)
    fading = start > first
    return ReplyRateEstimate(
        displayed.on,
        unseen,
        _adjusted_rate(now, round(shown * left), round((unseen - shown) * left)),
        _adjusted_rate(now, 0 if fading else fewest, unseen - fewest),
        _adjusted_rate(now, maximum, 0 if fading else unseen - maximum),
        first_date_outside_year(displayed.on),
    )


def _clamp(count: int, maximum: int) -> int:
    return max(0, min(count, maximum))


def _remaining_fraction(first: date, known_since: date, start: date) -> Fraction:
    """How much of the days from `first` to `known_since` is still in a year that starts at `start`."""
    whole, left = (known_since - first).days, (known_since - start).days
    return Fraction(_clamp(left, whole), whole)


def _adjusted_rate(rate: ReplyRate, on_time: int, late: int) -> ReplyRate:
    return ReplyRate(rate.replies + on_time + late, rate.on_time + on_time, rate.ambiguous)
