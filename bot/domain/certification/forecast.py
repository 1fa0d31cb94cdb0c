"""What the coming reviews will find if nothing more happens: replies leave the year one by one.

Lancers reviews once a month and publishes no day (FACTS.md §2): the first of the month is assumed unless one is set.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.reply.reply_rate import LANCERS_ZONE, CriterionStatus, RateRule, ReplyRate, year_before
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
    return [each for each, _ in zip(_reviews(after, day), range(count), strict=False)]


def _reviews(after: date, day: int) -> Iterator[date]:
    year, month = after.year, after.month
    while year <= date.max.year:
        review = date(year, month, min(day, monthrange(year, month)[1]))
        if review > after:
            yield review
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 — a year's own figure


def midnight(day: date) -> datetime:
    """00:00 in Tokyo."""
    return datetime.combine(day, time(), LANCERS_ZONE)


def forecast(exchanges: Iterable[Exchange], days: Sequence[date], rule: RateRule) -> list[Review]:
    """The rate at each review, from the exchanges that there are."""
    replies = [(each.replied_at, each.on_time, each.on_time_by_newest) for each in exchanges]
    reviews = []
    for day in days:
        end = midnight(day)
        start = year_before(end)
        counted = [each for each in replies if start <= each[0] <= end]
        on_time = sum(each[1] for each in counted)
        rate = ReplyRate(len(counted), on_time, sum(each[2] for each in counted) - on_time)
        reviews.append(Review(day, rate, rate.status(rule)))
    return reviews


def expires_on(replied_at: datetime) -> date:
    """The first day on which a reply is no longer in the year at 00:00 in Tokyo."""
    following = replied_at.astimezone(LANCERS_ZONE).date() + timedelta(days=1)
    try:
        return following.replace(year=following.year + 1)
    except ValueError:  # the day after 28 February, a year later
        return date(following.year + 1, 3, 1)


def first_review_met(reviews: Iterable[Review]) -> Review | None:
    """The first review that finds the rate met."""
    return next((each for each in reviews if each.status is CriterionStatus.MET), None)
