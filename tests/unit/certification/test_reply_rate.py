"""The 24-hour clock and the rate: the examples of the facts, and what must always hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import LANCERS_ZONE, year_before
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, Verdict, compute_thread_state
from tests.helpers.amounts import examples

T0 = datetime(2026, 11, 1, tzinfo=UTC)
RULE = RateRule(4, 5, 5)
HOUR = timedelta(hours=1)


def received(hours: float) -> ThreadEvent:
    return ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, T0 + hours * HOUR)


def sent(hours: float, kind: EventKind = EventKind.MESSAGE) -> ThreadEvent:
    return ThreadEvent(Direction.SENT, kind, T0 + hours * HOUR)


def verdicts(*entries: ThreadEvent) -> list[Verdict]:
    return [exchange.verdict for exchange in compute_thread_state(entries).exchanges]


def test_exactly_24_hours_is_on_time_and_a_microsecond_more_is_late() -> None:
    assert verdicts(received(0), sent(24)) == [Verdict.ON_TIME]
    late = ThreadEvent(Direction.SENT, EventKind.MESSAGE, T0 + timedelta(hours=24, microseconds=1))
    assert verdicts(received(0), late) == [Verdict.LATE]


def test_a_follow_up_days_after_a_courtesy_message_is_late() -> None:
    assert verdicts(received(0), sent(1), received(2), sent(80)) == [Verdict.ON_TIME, Verdict.LATE]


def test_a_new_thread_message_answers_nothing_and_ends_the_waiting() -> None:
    clock = compute_thread_state([received(0), sent(80, EventKind.NEW_THREAD)])
    assert clock.exchanges == ()
    assert not clock.is_waiting
    assert clock.unanswered is not None


def test_a_reply_after_a_dismissal_is_still_judged() -> None:
    assert verdicts(received(0), sent(5, EventKind.DISMISSED), sent(30)) == [Verdict.LATE]


def test_after_a_dismissal_the_clients_next_message_starts_afresh() -> None:
    assert verdicts(received(0), sent(30, EventKind.DISMISSED), received(40), sent(50)) == [Verdict.ON_TIME]


def test_late_from_the_oldest_and_on_time_from_the_newest_is_ambiguous() -> None:
    assert verdicts(received(0), received(20), sent(30)) == [Verdict.AMBIGUOUS]


def test_a_second_own_message_counts_nowhere() -> None:
    assert verdicts(received(0), sent(1), sent(90)) == [Verdict.ON_TIME]


def test_at_one_instant_the_received_comes_first_and_the_new_thread_last() -> None:
    assert verdicts(sent(0), received(0)) == [Verdict.ON_TIME]
    assert verdicts(sent(0, EventKind.NEW_THREAD), sent(0), received(0)) == [Verdict.ON_TIME]


def test_a_message_after_the_close_opens_a_new_window_for_reminders_only() -> None:
    unanswered = compute_thread_state([received(0), received(10), received(30)]).unanswered
    assert unanswered is not None
    assert unanswered.due_at == T0 + 24 * HOUR
    assert unanswered.newest_window_closes_at == T0 + 54 * HOUR


entries = st.lists(
    st.builds(
        ThreadEvent, st.sampled_from(Direction), st.sampled_from(EventKind),
        st.integers(0, 200).map(lambda hours: T0 + hours * HOUR),
    ),
    max_size=14,
)  # fmt: skip


@given(entries, st.randoms())
@settings(max_examples=examples(150))
def test_any_order_gives_the_same_answer(these: list[ThreadEvent], random) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    shuffled = list(these)
    random.shuffle(shuffled)
    assert compute_thread_state(these) == compute_thread_state(shuffled)


@given(entries, st.integers(0, 200))
@settings(max_examples=examples(150))
def test_a_new_thread_message_never_lowers_a_rate(these: list[ThreadEvent], hours: int) -> None:
    """And it changes none unless the client writes again in that thread."""
    before, after = compute_thread_state(these), compute_thread_state([*these, sent(hours, EventKind.NEW_THREAD)])
    assert len(before.exchanges) == len(after.exchanges)
    assert sum(each.on_time for each in after.exchanges) >= sum(each.on_time for each in before.exchanges)
    if not any(each.direction is Direction.RECEIVED and each.at > T0 + hours * HOUR for each in these):
        assert before.exchanges == after.exchanges


@given(entries)
@settings(max_examples=examples(150))
def test_an_unanswered_message_changes_no_rate(these: list[ThreadEvent]) -> None:
    assert compute_thread_state(these).exchanges == compute_thread_state([*these, received(300)]).exchanges


@given(st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=examples(200))
def test_slack_and_needed_are_exact(on_time: int, late: int) -> None:
    rate = ReplyRate(on_time + late, on_time, 0)
    slack, needed = rate.late_replies_allowed(RULE), rate.replies_needed(RULE)
    if rate.status(RULE) is CriterionStatus.MET:
        assert needed == 0
        assert ReplyRate(rate.replies + slack, on_time, 0).status(RULE) is CriterionStatus.MET
        assert ReplyRate(rate.replies + slack + 1, on_time, 0).status(RULE) is CriterionStatus.NOT_MET
    else:
        assert slack == 0
        assert ReplyRate(rate.replies + needed, on_time + needed, 0).status(RULE) is CriterionStatus.MET
        assert ReplyRate(rate.replies + needed - 1, on_time + needed - 1, 0).status(RULE) is not CriterionStatus.MET


@pytest.mark.parametrize(("replies", "on_time", "needed"), [(2, 2, 3), (10, 7, 5), (5, 4, 0), (0, 0, 5)])
def test_needed_by_example(replies: int, on_time: int, needed: int) -> None:
    assert ReplyRate(replies, on_time, 0).replies_needed(RULE) == needed


def test_a_rate_just_below_the_line_is_never_rounded_up() -> None:
    rate = ReplyRate(2500, 1999, 0)
    assert rate.permille == 799
    assert rate.status(RULE) is CriterionStatus.NOT_MET


def test_the_year_starts_at_the_same_wall_clock_and_29_february_becomes_the_28th() -> None:
    assert year_before(datetime(2028, 2, 29, 12, tzinfo=LANCERS_ZONE)) == datetime(2027, 2, 28, 12, tzinfo=LANCERS_ZONE)
    assert year_before(datetime(2026, 3, 1, 9, tzinfo=LANCERS_ZONE)) == datetime(2025, 3, 1, 9, tzinfo=LANCERS_ZONE)
