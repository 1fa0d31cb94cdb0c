"""The coming reviews, and what a reply now would do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LANCERS_ZONE, first_date_outside_year, lancers_date, lancers_midnight, year_before
from bot.domain.certification.forecast import first_review_met, forecast_reviews, is_never_met, review_days
from bot.domain.reply.impact import Advice, ReplyWindowState, reply_impact
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.domain.reply.thread_state import Direction, EventKind, Exchange, ThreadEvent, compute_thread_state

RULE = RateRule(4, 5, 5)
NOON = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)


def exchange(replied_at: datetime, hours: float = 1) -> Exchange:
    asked = replied_at - timedelta(hours=hours)
    return Exchange(asked, asked, replied_at)


@pytest.mark.parametrize(
    ("after", "day", "expected"),
    [
        (date(2026, 11, 24), 1, [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]),
        (date(2026, 11, 24), 24, [date(2026, 12, 24), date(2027, 1, 24), date(2027, 2, 24)]),
        (date(2026, 11, 24), 25, [date(2026, 11, 25), date(2026, 12, 25), date(2027, 1, 25)]),
        (date(2026, 11, 24), 31, [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]),
        (date(2027, 12, 31), 30, [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30)]),
    ],
)
def test_review_days(after: date, day: int, expected: list[date]) -> None:
    assert review_days(after, day, 3) == expected


def test_reviews_that_judge_nothing_find_no_rate_that_is_not_met() -> None:
    days = review_days(lancers_date(NOON), 1, 12)
    few = forecast_reviews([exchange(NOON - timedelta(days=1), 30)], days, RULE)
    assert first_review_met(few) is None
    assert not is_never_met(few)
    late = [exchange(NOON - timedelta(days=1, minutes=n), 30) for n in range(5)]
    assert is_never_met(forecast_reviews(late, days, RULE))


def test_a_forecast_lets_replies_leave_and_names_the_first_safe_review() -> None:
    good = [exchange(NOON - timedelta(days=30, minutes=n)) for n in range(5)]
    late = [exchange(NOON.replace(year=2025, month=12, day=10 + n), 30) for n in range(2)]
    reviews = forecast_reviews([*good, *late], review_days(NOON.date(), 1, 12), RULE)
    assert [(each.rate.replies, each.rate.on_time) for each in reviews[:2]] == [(7, 5), (5, 5)]
    assert [each.status for each in reviews[:2]] == [CriterionStatus.NOT_MET, CriterionStatus.MET]
    assert reviews[-1].status is CriterionStatus.NOT_JUDGED
    assert (safe := first_review_met(reviews)) is not None
    assert safe.day == date(2027, 1, 1)
    assert first_review_met(reviews[:1]) is None


@given(st.datetimes(datetime(2023, 1, 1), datetime(2029, 12, 31)).map(lambda at: at.replace(tzinfo=LANCERS_ZONE)))
def test_a_reply_leaves_on_the_first_day_whose_year_is_without_it(replied_at: datetime) -> None:
    day = first_date_outside_year(lancers_date(replied_at))
    assert year_before(lancers_midnight(day)) > replied_at
    assert year_before(lancers_midnight(day - timedelta(days=1))) <= replied_at


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 60)), max_size=30), st.integers(1, 31))
def test_a_forecast_equals_the_year_judged_at_that_midnight(replies: list[tuple[int, int]], day: int) -> None:
    exchanges = [exchange(NOON - timedelta(days=back, minutes=back), hours) for back, hours in replies]
    for review in forecast_reviews(exchanges, review_days(NOON.date(), day, 14), RULE):
        end = lancers_midnight(review.day)
        counted = [each for each in exchanges if year_before(end) <= each.replied_at <= end]
        assert review.rate.replies == len(counted)
        assert review.rate.on_time == sum(each.on_time for each in counted)
        assert review.status is review.rate.status(RULE)


def entries(*said: tuple[str, float]) -> list[ThreadEvent]:
    kinds = {"in": Direction.RECEIVED}
    return [
        ThreadEvent(
            kinds.get(what, Direction.SENT),
            EventKind.DISMISSED if what == "no" else EventKind.MESSAGE,
            NOON - timedelta(hours=h),
        )
        for what, h in said
    ]


@pytest.mark.parametrize(
    ("said", "state", "advice", "replies", "on_time"),
    [
        ([("in", 24)], ReplyWindowState.OPEN, Advice.REPLY_NOW, 11, 10),
        ([("in", 24.01)], ReplyWindowState.OVERDUE, Advice.NEW_THREAD_OR_NO_REPLY, 11, 9),
        ([("in", 72), ("no", 70)], ReplyWindowState.OVERDUE, Advice.NEW_THREAD_OR_NO_REPLY, 11, 9),
        ([("in", 72), ("no", 70), ("in", 2)], ReplyWindowState.OPEN, Advice.REPLY_NOW, 11, 10),
        ([("in", 72), ("out", 70)], ReplyWindowState.NOTHING_WAITING, Advice.FREE, 10, 9),
        ([], ReplyWindowState.NOTHING_WAITING, Advice.FREE, 10, 9),
    ],
)
def test_what_a_reply_now_would_do(
    said: list[tuple[str, float]], state: ReplyWindowState, advice: Advice, replies: int, on_time: int
) -> None:
    prospect = reply_impact(compute_thread_state(entries(*said)).unanswered, ReplyRate(10, 9, 0), NOON.astimezone(UTC))
    assert (prospect.state, prospect.advice) == (state, advice)
    assert (prospect.rate_if_reply.replies, prospect.rate_if_reply.on_time) == (replies, on_time)
