"""The figures that Lancers displays: whether they are possible, and how they agree with the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from itertools import count
from math import ceil
from typing import Final

from bot.domain.calendar import ONE_DAY, lancers_date, lancers_midnight, year_before
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Exchange
from bot.errors import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayedFigures:
    """The figures that Lancers displayed on one day. None: not given.

    Shares are in tenths of a percent, `evaluation` in hundredths of stars, `earnings` in yen.
    """

    on: date
    at: datetime | None = None
    """When the reply rate was displayed; None: at the end of that day in Tokyo."""
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
        """The replies before this instant are in the figures."""
        return self.at or lancers_midnight(self.on + ONE_DAY)

    @property
    def since(self) -> datetime:
        """The replies from this instant on are in the figures."""
        return year_before(self.until)

    def counted(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """The exchanges that are in the displayed rate."""
        since, until = self.since, self.until
        return [exchange for exchange in exchanges if since <= exchange.replied_at < until]

    @property
    def possible_rate_range(self) -> tuple[Fraction, Fraction]:
        """The bounds of the reply rate, the second excluded, whether the display was rounded or cut off."""
        rate, unit = self.reply_rate or 0, self.reply_rate_unit or 1
        return Fraction(2 * rate - unit, 2000), Fraction(rate + unit, 1000)

    @property
    def possible_on_time(self) -> range:
        """The numbers of replies on time that are displayed like this; empty if no number is."""
        low, high = self.possible_rate_range
        replies = self.replies or 0
        return range(ceil(low * replies), ceil(high * replies))


MAX_REPLIES: Final = 1_000_000
"""The largest number of replies that is accepted as displayed."""

FIGURE_NAMES: Final = tuple(field.name for field in fields(DisplayedFigures) if field.name not in {"on", "at"})
_RATE_FIGURES: Final = ("reply_rate", "reply_rate_unit", "replies")
"""They are taken from the same day: a rate is that of the number of replies displayed with it."""


def ensure_rate_is_possible(displayed: DisplayedFigures) -> None:
    """Raise `InvalidInputError`, with the nearest possible figures, where no replies have this rate."""
    if displayed.reply_rate is None or displayed.replies is None or displayed.possible_on_time:
        return
    if not displayed.replies:
        raise InvalidInputError("calibrate-no-replies")
    rate, unit, replies = displayed.reply_rate, displayed.reply_rate_unit or 1, displayed.replies
    on_time = round(Fraction(rate * replies, 1000))
    nearest_rate = on_time * 1000 // replies // unit * unit
    raise InvalidInputError(
        "calibrate-impossible",
        rate=_format_displayed_share(rate, unit),
        replies=replies,
        nearest_rate=_format_displayed_share(nearest_rate, unit),
        nearest_replies=_nearest_replies(displayed),
    )


def _nearest_replies(displayed: DisplayedFigures) -> int:
    """The number of replies nearest to the displayed one of which some have the displayed rate."""
    replies = displayed.replies or 0
    return next(
        candidate
        for distance in count(1)
        for candidate in (replies - distance, replies + distance)
        if candidate > 0 and replace(displayed, replies=candidate).possible_on_time
    )


def _format_displayed_share(permille: int, unit: int) -> str:
    return str(permille // unit) if unit > 1 else f"{permille // 10}.{permille % 10}"


def merge_displayed_figures(newest_first: Sequence[DisplayedFigures]) -> tuple[DisplayedFigures, dict[str, date]]:
    """The newest of each figure, and its day; the reply rate is the newest one whose replies are known.

    `newest_first`: the figures of at least one day.
    """
    sources = {
        name: next((row for row in newest_first if getattr(row, name) is not None), newest_first[0])
        for name in FIGURE_NAMES
    }
    complete = [row for row in newest_first if row.reply_rate is not None and row.replies is not None]
    rate = complete[0] if complete else sources["reply_rate"]
    if rate.reply_rate is not None:
        sources |= dict.fromkeys(_RATE_FIGURES, rate)
    figures = {name: getattr(row, name) for name, row in sources.items()}
    days = {name: row.on for name, row in sources.items()}
    return DisplayedFigures(on=newest_first[0].on, at=sources["reply_rate"].until, **figures), days


def displayed_figures_within_year(rows: Iterable[DisplayedFigures], as_of: datetime) -> list[DisplayedFigures]:
    """Those displayed in the year before `as_of`, in their order."""
    start = lancers_date(year_before(as_of))
    return [row for row in rows if row.on >= start]


def share_left_in_year(first: date, until: date, start: date) -> Fraction:
    """The share of what is evenly spread over the days from `first` to `until` that a year from `start` on has left."""
    days = (until - first).days
    return Fraction(min(max((until - start).days, 0), days), days)


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


def compare_display_with_record(displayed: DisplayedFigures, recorded: ReplyRate) -> ComparisonResult:
    """Compare the display with `recorded`, the record of the same year."""
    if displayed.replies is not None and displayed.replies != recorded.replies:
        return ComparisonResult.UNSEEN if displayed.replies > recorded.replies else ComparisonResult.TOO_MANY
    if displayed.reply_rate is None or not recorded.replies:
        return ComparisonResult.NOTHING
    low, high = displayed.possible_rate_range
    oldest = low <= Fraction(recorded.on_time, recorded.replies) < high
    newest = low <= Fraction(recorded.on_time + recorded.ambiguous, recorded.replies) < high
    return _READINGS[oldest, newest]
