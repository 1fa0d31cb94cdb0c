"""The replies from before the record: counted by Lancers, never seen by the bot.

The displayed rate and number of replies give the number of these replies and, within the rounding of the display, how
many of them were on time. They are assumed to be evenly spread, and leave the year one by one until the display itself
lies a year back; which of them leave first is not known. So a rate with them has a worst and a best case.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from bot.domain.calendar import ONE_DAY, first_date_outside_year, lancers_date, year_before
from bot.domain.certification.calibration import DisplayedFigures, share_left_in_year
from bot.domain.reply.reply_rate import RateEstimate, RateRule, ReplyRate


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenReplies:
    """The replies of a display that are not recorded.

    Those on time can be more than all, or fewer than none, where Lancers judges recorded replies otherwise.
    """

    displayed: DisplayedFigures
    recorded: ReplyRate
    """The record of the display's year."""
    replies: int
    on_time: int
    """The likely number, between the next two."""
    fewest_on_time: int
    most_on_time: int
    first: date
    """The first day of the display's year."""
    spread_until: date
    """They are assumed to be evenly spread over the days from `first` to here, where the record begins."""

    def add_to(self, recorded: ReplyRate, as_of: datetime, rule: RateRule, *, still_counted: int) -> ReplyRate:
        """The rate of the year before `as_of`, of which `recorded` is recorded; `rule` is that of the member's edition.

        `still_counted` of the recorded replies are in the display, too.
        """
        start = lancers_date(year_before(as_of))
        if self.displayed.on < start or lancers_date(as_of) < self.displayed.on:
            return recorded
        remaining = share_left_in_year(self.first, self.spread_until, start)
        late = self.replies - self.on_time
        on_time_left, late_left = round(self.on_time * remaining), round(late * remaining)
        ambiguous_left = round(self.recorded.ambiguous * remaining)
        likely = _rate_with_added(recorded, on_time_left, late_left, ambiguous=-ambiguous_left)
        # How many have left follows from the even spread; which of them did is not known.
        left = on_time_left + late_left
        gone = self.replies - left
        fewest_on_time = min(on_time_left, _least_remaining_replies(gone, self.fewest_on_time))
        fewest_late = min(late_left, _least_remaining_replies(gone, self.replies - self.most_on_time))
        worst = _rate_with_added(recorded, fewest_on_time, left - fewest_on_time)
        best = _rate_with_added(recorded, left - fewest_late, fewest_late)
        is_unchanged = (
            still_counted == recorded.replies == self.recorded.replies
            and (on_time_left, late_left) == (self.on_time, late)
            and likely.on_time in self.displayed.possible_on_time
            and not _is_rounded_over_threshold(self.displayed, likely, rule)
        )
        estimate = RateEstimate(
            displayed_on=self.displayed.on,
            until=first_date_outside_year(self.displayed.on),
            unseen=likely.replies - recorded.replies,
            worst=worst,
            best=best,
            displayed_permille=self.displayed.reply_rate if is_unchanged else None,
            displayed_unit=self.displayed.reply_rate_unit or 1,
        )
        return ReplyRate(likely.replies, likely.on_time, likely.ambiguous, estimate)


def find_unseen_replies(
    displayed: DisplayedFigures, recorded: ReplyRate, first_reply_at: datetime | None
) -> UnseenReplies | None:
    """The unseen replies of a display; None if there are none. `recorded` is the record of its year."""
    if displayed.reply_rate is None or displayed.replies is None or displayed.replies <= recorded.replies:
        return None
    unseen = displayed.replies - recorded.replies
    possible = displayed.possible_on_time
    # A rate that no number of these replies has, which former versions accepted, gives an empty range: its ends are in
    # the wrong order, and the likely number lies between them.
    fewest, most = (end - recorded.on_time for end in sorted((possible.start, possible.stop - 1)))
    likely = min(max(_likely_on_time(displayed) - recorded.on_time, fewest), most)
    if fewest <= unseen and most >= 0:
        fewest, likely, most = (min(max(on_time, 0), unseen) for on_time in (fewest, likely, most))
    first = lancers_date(displayed.since)
    known_since = displayed.on if first_reply_at is None else min(lancers_date(first_reply_at), displayed.on)
    return UnseenReplies(
        displayed=displayed,
        recorded=recorded,
        replies=unseen,
        on_time=likely,
        fewest_on_time=fewest,
        most_on_time=most,
        first=first,
        spread_until=max(known_since, first + ONE_DAY),
    )


def _likely_on_time(displayed: DisplayedFigures) -> int:
    """The number of replies on time that has the displayed rate however it was made; else the nearest one.

    1911 of 2388 is displayed as 80.0 % whether that was rounded or cut off, 1910 only if it was rounded.
    """
    rate, replies, unit = displayed.reply_rate or 0, displayed.replies or 0, displayed.reply_rate_unit or 1
    exact = Fraction(rate * replies, 1000)
    next_above = ceil(exact)
    return next_above if next_above < exact + Fraction(unit * replies, 2000) else round(exact)


def _is_rounded_over_threshold(displayed: DisplayedFigures, rate: ReplyRate, rule: RateRule) -> bool:
    """Whether the display reaches the threshold of a rule that its replies do not reach: 80 % of 35 out of 44."""
    is_reached = rule.denominator * (displayed.reply_rate or 0) >= rule.numerator * 1000
    return is_reached and rule.denominator * rate.on_time < rule.numerator * rate.replies


def _least_remaining_replies(gone: int, replies: int) -> int:
    """The fewest that can be left of some replies, when so many of all are gone."""
    return max(0, replies - gone) if replies > 0 else replies


def _rate_with_added(rate: ReplyRate, on_time: int, late: int, *, ambiguous: int = 0) -> ReplyRate:
    """The rate with replies added or, where the numbers are negative, judged otherwise."""
    on_time, late = max(0, rate.on_time + on_time), max(0, rate.late + late)
    return ReplyRate(on_time + late, on_time, min(late, max(0, rate.ambiguous + ambiguous)))
