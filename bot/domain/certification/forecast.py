"""The reply rate at the coming reviews if no reply is added: the past ones leave the year one by one.

Lancers reviews once a month and does not publish the day (docs/domain-facts.md#monthly-review): the first of the month
is assumed unless the member sets another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import date_in_month, lancers_midnight, month_number, year_before
from bot.domain.certification.unseen_replies import UnseenReplies
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.domain.reply.thread_state import Exchange

DEFAULT_REVIEW_DAY: Final = 1
FIRST_DAY: Final = 1
LAST_DAY: Final = 31


@dataclass(frozen=True, slots=True)
class Review:
    """One review, judged at 00:00 in Tokyo of its day."""

    day: date
    rate: ReplyRate
    status: CriterionStatus
    """Of an estimate, that of the likely case."""


def review_days(after: date, day: int, count: int) -> list[date]:
    """The next `count` reviews strictly after a date; days 29 to 31 mean the last day of a shorter month."""
    first, last = month_number(after), month_number(date.max)
    days = [date_in_month(month, day) for month in range(first, min(first + count, last) + 1)]
    return [review for review in days if review > after][:count]


def first_counted_instant(as_of: datetime, days: Sequence[date]) -> datetime:
    """From which instant on replies count at `as_of` or at a review.

    The year of a 29 February begins at its own 00:00 on 28 February, before that of the afternoon of the day before.
    """
    return min(year_before(instant) for instant in (as_of, *map(lancers_midnight, days[:1])))


def forecast_reviews(
    exchanges: Iterable[Exchange], days: Sequence[date], rule: RateRule, unseen: UnseenReplies | None = None
) -> list[Review]:
    """The rate at each review, by the exchanges of the year before it, and the replies from before the record.

    `exchanges`: those from `first_counted_instant` on.
    """
    # The properties are read once here: a forecast has up to a thousand reviews.
    replies = [(exchange.replied_at, exchange.on_time, exchange.on_time_by_newest) for exchange in exchanges]
    displayed = None if unseen is None else (unseen.displayed.since, unseen.displayed.until)
    reviews = []
    for day in days:
        end = lancers_midnight(day)
        start = year_before(end)
        counted = [reply for reply in replies if start <= reply[0] <= end]
        on_time = sum(on_time for _, on_time, _ in counted)
        rate = ReplyRate(len(counted), on_time, sum(by_newest for _, _, by_newest in counted) - on_time)
        if unseen is not None and displayed is not None:
            still_counted = sum(displayed[0] <= replied_at < displayed[1] for replied_at, _, _ in counted)
            rate = unseen.add_to(rate, end, rule, still_counted=still_counted)
        reviews.append(Review(day, rate, rate.likely_status(rule)))
    return reviews


def first_review_met(reviews: Iterable[Review]) -> Review | None:
    """The first review at which the rate is met."""
    return next((review for review in reviews if review.status is CriterionStatus.MET), None)


def is_never_met(reviews: Iterable[Review]) -> bool:
    """Whether reviews judge the rate, and none of them finds it met."""
    statuses = {review.status for review in reviews}
    return CriterionStatus.NOT_MET in statuses and CriterionStatus.MET not in statuses
