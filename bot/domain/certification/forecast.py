"""What the coming reviews will find if nothing more happens: replies leave the year one by one.

Lancers reviews once a month and publishes no day (FACTS.md §2): the first of the month is assumed unless one is set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import date_in_month, lancers_midnight, month_number, year_before
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.domain.reply.thread_state import Exchange

DEFAULT_REVIEW_DAY = 1
FIRST_DAY, LAST_DAY = 1, 31


@dataclass(frozen=True, slots=True)
class Review:
    """One review, judged at 00:00 in Tokyo of its day."""

    day: date
    rate: ReplyRate
    status: CriterionStatus


def review_days(after: date, day: int, count: int) -> list[date]:
    """The next reviews strictly after a date; day 29 to 31 means the month's last where it has no such day."""
    first, last = month_number(after), month_number(date.max)
    days = [date_in_month(month, day) for month in range(first, min(first + count, last) + 1)]
    return [review for review in days if review > after][:count]


def forecast(exchanges: Iterable[Exchange], days: Sequence[date], rule: RateRule) -> list[Review]:
    """The rate at each review, from the exchanges that there are."""
    replies = [(each.replied_at, each.on_time, each.on_time_by_newest) for each in exchanges]
    reviews = []
    for day in days:
        end = lancers_midnight(day)
        start = year_before(end)
        counted = [each for each in replies if start <= each[0] <= end]
        on_time = sum(each[1] for each in counted)
        rate = ReplyRate(len(counted), on_time, sum(each[2] for each in counted) - on_time)
        reviews.append(Review(day, rate, rate.status(rule)))
    return reviews


def first_review_met(reviews: Iterable[Review]) -> Review | None:
    """The first review that finds the rate met."""
    return next((each for each in reviews if each.status is CriterionStatus.MET), None)
