"""The rules at their very instants and a microsecond beside them: 24:00:00, and both ends of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.calendar import (
    LANCERS_ZONE,
    MICROSECOND,
    instant_from_micros,
    instant_to_micros,
    lancers_midnight,
    year_before,
)
from bot.domain.certification.calibration import (
    ComparisonResult,
    DisplayedFigures,
    compare_display_with_record,
    displayed_figures_within_year,
)
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.certification.forecast import forecast_reviews, review_days
from bot.domain.certification.jobs import may_have_stars
from bot.domain.certification.unseen_replies import find_unseen_replies
from bot.domain.reply.impact import ReplyWindowState, late_reply_impact, reply_impact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import (
    REPLY_WINDOW,
    Direction,
    EntryVerdict,
    EventKind,
    Exchange,
    ThreadEvent,
    UnansweredMessages,
    Verdict,
    compute_thread_state,
    explain_entry,
)
from bot.domain.types import Edition
from bot.errors import InvalidInputError
from tests.helpers.estimates import rate_with_display

T0 = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = RateRule(4, 5, 5)


def beside(before: object, exactly: object, after: object) -> list[tuple[timedelta, object]]:
    """What is expected a microsecond before an instant, at it, and a microsecond after it."""
    return [(-MICROSECOND, before), (timedelta(), exactly), (MICROSECOND, after)]


def received(at: datetime) -> ThreadEvent:
    return ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, at)


def sent(at: datetime, kind: EventKind = EventKind.MESSAGE) -> ThreadEvent:
    return ThreadEvent(Direction.SENT, kind, at)


@pytest.mark.parametrize(("offset", "verdict"), beside(Verdict.ON_TIME, Verdict.ON_TIME, Verdict.LATE))
def test_24_hours_from_the_oldest(offset: timedelta, verdict: Verdict) -> None:
    reply = sent(T0 + REPLY_WINDOW + offset)
    state = compute_thread_state([received(T0), reply])
    assert [exchange.verdict for exchange in state.exchanges] == [verdict]
    assert explain_entry(state, reply).verdict is EntryVerdict(verdict.value)
    assert explain_entry(state, received(T0)).verdict is EntryVerdict(verdict.value)


@pytest.mark.parametrize(("offset", "verdict"), beside(Verdict.AMBIGUOUS, Verdict.AMBIGUOUS, Verdict.LATE))
def test_24_hours_from_the_newest(offset: timedelta, verdict: Verdict) -> None:
    newest = T0 + 10 * HOUR
    reply = sent(newest + REPLY_WINDOW + offset)
    state = compute_thread_state([received(T0), received(newest), reply])
    assert [exchange.verdict for exchange in state.exchanges] == [verdict]
    assert explain_entry(state, received(newest)).verdict is EntryVerdict(verdict.value)


@pytest.mark.parametrize(("offset", "windows"), beside(1, 1, 2))
def test_a_message_at_24_hours_opens_no_window_and_one_after_it_does(offset: timedelta, windows: int) -> None:
    second = T0 + REPLY_WINDOW + offset
    unanswered = compute_thread_state([received(T0), received(second)]).unanswered
    assert unanswered == UnansweredMessages(T0, second, second if windows == 2 else T0, dismissed=False)


def test_a_third_window_is_counted_from_the_second() -> None:
    second = T0 + REPLY_WINDOW + MICROSECOND
    for offset, opened_at in ((timedelta(), second), (MICROSECOND, second + REPLY_WINDOW + MICROSECOND)):
        entries = [received(T0), received(second), received(second + REPLY_WINDOW + offset)]
        unanswered = compute_thread_state(entries).unanswered
        assert unanswered is not None
        assert unanswered.window_opened_at == opened_at


@pytest.mark.parametrize(
    ("offset", "state", "on_time"),
    [
        (-MICROSECOND, ReplyWindowState.OPEN, 1),
        (timedelta(), ReplyWindowState.OPEN, 1),
        (MICROSECOND, ReplyWindowState.OVERDUE, 0),
    ],
)
def test_advice_at_24_hours(offset: timedelta, state: ReplyWindowState, on_time: int) -> None:
    unanswered = UnansweredMessages(T0, T0, T0, dismissed=False)
    impact = reply_impact(unanswered, ReplyRate(0, 0, 0), T0 + REPLY_WINDOW + offset)
    assert impact.state is state
    assert impact.rate_if_reply == ReplyRate(1, on_time, 0)


@pytest.mark.parametrize(("offset", "ambiguous"), beside(1, 1, 0))
def test_advice_at_24_hours_from_the_newest(offset: timedelta, ambiguous: int) -> None:
    newest = T0 + HOUR
    unanswered = UnansweredMessages(T0, newest, T0, dismissed=False)
    impact = reply_impact(unanswered, ReplyRate(0, 0, 0), newest + REPLY_WINDOW + offset)
    assert impact.rate_if_reply == ReplyRate(1, 0, ambiguous)


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize("outside", [False, True])
def test_both_ends_of_the_year_belong_to_a_forecast(*, at_end: bool, outside: bool) -> None:
    end = lancers_midnight(datetime(2026, 12, 1, tzinfo=LANCERS_ZONE).date())
    edge, beyond = (end, MICROSECOND) if at_end else (year_before(end), -MICROSECOND)
    replied_at = edge + beyond * outside
    [review] = forecast_reviews([Exchange(replied_at - HOUR, replied_at - HOUR, replied_at)], [end.date()], RULE)
    assert review.rate.replies == (0 if outside else 1)


def test_a_forecast_counts_what_is_ambiguous_among_the_late() -> None:
    end = lancers_midnight(datetime(2026, 12, 1, tzinfo=LANCERS_ZONE).date())
    replied_at = end - HOUR
    exchanges = [
        Exchange(replied_at - hours * HOUR, replied_at - newest * HOUR, replied_at)
        for hours, newest in ((1, 1), (30, 1), (30, 1), (30, 30))
    ]
    [review] = forecast_reviews(exchanges, [end.date()], RULE)
    assert review.rate == ReplyRate(4, 1, 2)


def test_reviews_end_with_the_calendar() -> None:
    assert review_days(date(9999, 11, 30), 31, 3) == [date(9999, 12, 31)]
    assert review_days(date.max, 31, 3) == []


def test_a_late_reply_is_not_ambiguous_unless_that_is_said() -> None:
    rate = ReplyRate(10, 9, 1)
    assert late_reply_impact(rate, RULE).rate_if_late == ReplyRate(11, 9, 1)
    assert late_reply_impact(rate, RULE, 3).rate_if_late == ReplyRate(13, 9, 1)


def test_instants_are_stored_as_microseconds_since_1970() -> None:
    at = datetime(2026, 11, 24, 3, 0, 0, 1, tzinfo=UTC)
    assert instant_to_micros(at) == 1_795_489_200_000_001
    assert instant_from_micros(instant_to_micros(at)) == at


@pytest.mark.parametrize(
    ("as_of", "estimated"),
    [
        (datetime(2026, 11, 24, tzinfo=LANCERS_ZONE) - MICROSECOND, False),
        (datetime(2026, 11, 24, tzinfo=LANCERS_ZONE), True),
        (datetime(2027, 11, 25, tzinfo=LANCERS_ZONE) - MICROSECOND, True),
        (datetime(2027, 11, 25, tzinfo=LANCERS_ZONE), False),
    ],
)
def test_an_estimate_begins_and_ends_at_midnight(as_of: datetime, *, estimated: bool) -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=900, reply_rate_unit=10, replies=40)
    record = ReplyRate(5, 5, 0)
    assert (rate_with_display(displayed, record, record, as_of).estimate is not None) is estimated


@pytest.mark.parametrize(("rate", "replies"), [(None, 40), (900, None), (None, None), (900, 5), (900, 4)])
def test_without_both_figures_or_anything_unseen_there_is_no_estimate(rate: int | None, replies: int | None) -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=rate, reply_rate_unit=10, replies=replies)
    record = ReplyRate(5, 5, 0)
    assert rate_with_display(displayed, record, record, displayed.until) == record


@pytest.mark.parametrize(
    ("recorded", "result"),
    [
        (ReplyRate(1000, 694, 0), ComparisonResult.NEITHER),
        (ReplyRate(1000, 695, 0), ComparisonResult.BOTH),
        (ReplyRate(1000, 709, 0), ComparisonResult.BOTH),
        (ReplyRate(1000, 710, 0), ComparisonResult.NEITHER),
        (ReplyRate(1000, 709, 1), ComparisonResult.OLDEST),
        (ReplyRate(1000, 694, 1), ComparisonResult.NEWEST),
    ],
)
def test_a_displayed_rate_of_70_percent_was_rounded_or_cut_off(recorded: ReplyRate, result: ComparisonResult) -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=700, reply_rate_unit=10, replies=1000)
    assert compare_display_with_record(displayed, recorded) is result


def test_a_display_counts_from_the_start_of_its_year_up_to_its_instant() -> None:
    until = lancers_midnight(date(2026, 11, 25))
    since = lancers_midnight(date(2025, 11, 25))
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=900, reply_rate_unit=10, replies=40)
    instants = [since - MICROSECOND, since, until - MICROSECOND, until]
    counted = displayed.counted(Exchange(at - HOUR, at - HOUR, at) for at in instants)
    assert [exchange.replied_at for exchange in counted] == instants[1:3]


def test_a_log_in_of_today_is_none_of_the_future() -> None:
    midnight = lancers_midnight(date(2026, 11, 24))
    facts = CriteriaInputs(rate=ReplyRate(0, 0, 0), last_login=date(2026, 11, 24))
    evaluate_criteria(get_edition(Edition("2024")), facts, midnight)
    with pytest.raises(InvalidInputError):
        evaluate_criteria(get_edition(Edition("2024")), facts, midnight - MICROSECOND)


def test_a_forecast_shows_the_displayed_rate_as_long_as_its_replies_are_the_same() -> None:
    """At the end of the display's year the first instant of the year is still in both, and the last one in neither."""
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=900, reply_rate_unit=10, replies=40)
    unseen = find_unseen_replies(displayed, ReplyRate(1, 1, 0), displayed.since)
    for at, shown in ((displayed.since, 900), (displayed.until - MICROSECOND, 900), (displayed.until, None)):
        [review] = forecast_reviews([Exchange(at - HOUR, at - HOUR, at)], [displayed.until.date()], RULE, unseen)
        assert review.rate.estimate is not None
        assert review.rate.estimate.displayed_permille == shown


@pytest.mark.parametrize(("on", "counts"), [(date(2025, 11, 24), True), (date(2025, 11, 23), False)])
def test_a_display_is_of_the_past_year_from_its_first_day_on(on: date, *, counts: bool) -> None:
    as_of = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
    displayed = DisplayedFigures(on=on, reply_rate=900, reply_rate_unit=10, replies=40)
    assert displayed_figures_within_year([displayed], as_of) == [displayed] * counts


@pytest.mark.parametrize(("day", "possible"), [(date(2023, 1, 31), True), (date(2023, 2, 1), False)])
def test_stars_are_possible_as_long_as_the_year_has_a_day_with_them(day: date, *, possible: bool) -> None:
    assert may_have_stars(lancers_midnight(day)) is possible


def test_the_likely_estimate_has_the_displayed_rate() -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=900, reply_rate_unit=10, replies=1000)
    record = ReplyRate(100, 60, 0)
    rate = rate_with_display(displayed, record, record, displayed.until)
    estimate = rate.estimate
    assert estimate is not None
    assert (estimate.unseen, rate.replies, rate.on_time, rate.ambiguous) == (900, 1000, 900, 0)
    assert estimate.worst.replies == estimate.best.replies == 1000
    assert estimate.worst.on_time < 900 < estimate.best.on_time


def test_where_the_record_has_every_late_reply_of_the_display_the_unseen_ones_are_on_time() -> None:
    """90 % of 1,000 are at least 895 on time: with 105 recorded late ones none that is unseen was late."""
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=900, reply_rate_unit=10, replies=1000)
    record = ReplyRate(205, 100, 0)
    rate = rate_with_display(displayed, record, record, displayed.until)
    assert (rate.replies, rate.on_time) == (1000, 895)


def test_an_estimate_of_half_a_year_later_has_half_of_the_unseen_replies() -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 24), reply_rate=1000, reply_rate_unit=10, replies=100)
    nothing = ReplyRate(0, 0, 0)
    as_of = datetime(2027, 5, 25, 12, tzinfo=LANCERS_ZONE)
    rate = rate_with_display(displayed, nothing, nothing, as_of)
    assert rate.estimate is not None
    assert (rate.replies, rate.on_time) == (50, 50)


def test_a_thread_waits_until_it_is_answered_or_dismissed() -> None:
    at = T0 + MICROSECOND
    assert not compute_thread_state([]).is_waiting
    assert compute_thread_state([received(T0)]).is_waiting
    assert not compute_thread_state([received(T0), sent(at)]).is_waiting
    assert not compute_thread_state([received(T0), sent(at, EventKind.DISMISSED)]).is_waiting


def test_reasons_name_the_exchange_whose_messages_they_are() -> None:
    """Two exchanges and unanswered messages that follow each other by a microsecond."""
    entries = [(received if number % 3 != 2 else sent)(T0 + number * MICROSECOND) for number in range(8)]
    state = compute_thread_state(entries)
    first, second = state.exchanges
    explained = [explain_entry(state, entry) for entry in entries]
    assert [each.exchange for each in explained] == [first] * 3 + [second] * 3 + [None] * 2
    assert [each.verdict for each in explained[6:]] == [EntryVerdict.WAITING] * 2
    for other in (received(T0 - MICROSECOND), received(T0 + 8 * MICROSECOND), sent(T0 - MICROSECOND)):
        assert explain_entry(state, other).verdict is EntryVerdict.NOT_COUNTED


def test_a_message_that_was_dismissed_and_left_behind_counts_nowhere() -> None:
    dismissal = sent(T0 + MICROSECOND, EventKind.DISMISSED)
    state = compute_thread_state([received(T0), dismissal, received(T0 + 2 * MICROSECOND)])
    assert explain_entry(state, received(T0)).verdict is EntryVerdict.NOT_COUNTED
    assert explain_entry(state, received(T0 + 2 * MICROSECOND)).verdict is EntryVerdict.WAITING
    assert explain_entry(state, dismissal).verdict is EntryVerdict.DISMISSAL


@pytest.mark.parametrize("second", [False, True])
def test_a_sent_and_a_received_message_of_one_instant_are_told_apart(*, second: bool) -> None:
    """The reply of one exchange at the instant of the next exchange's message cannot be: received comes first."""
    at = T0 + HOUR
    state = compute_thread_state([received(T0), sent(at), received(at + MICROSECOND * second)])
    if second:
        assert explain_entry(state, received(at + MICROSECOND)).verdict is EntryVerdict.WAITING
    else:
        assert state.exchanges == (Exchange(T0, at, at),)
        assert state.unanswered is None
