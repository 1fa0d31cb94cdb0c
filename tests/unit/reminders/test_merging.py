"""What one message takes, and how many messages the days of a member make."""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reminders.merging import MAX_WINDOWS, WaitingReminder, choose_reminders_for_message
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.types import PlannedReminderId, ThreadId
from tests.helpers.amounts import examples
from tests.helpers.reminder_days import SentMessage, play

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DAY = 24 * HOUR
DEFAULTS = ReminderPreferences((12 * HOUR, 4 * HOUR, HOUR), QuietHours(time(23), time(7)), TOKYO)
LEAD, OVERNIGHT, MORNING, SNOOZED, CLOSED, *_ = ReminderKind
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


def _reminder(
    number: int,
    kind: ReminderKind,
    due: timedelta,
    *,
    window: int | None = None,
    closes: timedelta = 3 * HOUR,
) -> WaitingReminder:
    closes_at = NOW + closes
    return WaitingReminder(
        id=PlannedReminderId(number),
        window=(ThreadId(number if window is None else window), closes_at - DAY),
        closes_at=closes_at,
        kind=kind,
        remind_at=NOW + due,
    )


def _choose(*waiting: WaitingReminder, early: timedelta = timedelta()) -> list[int]:
    return [*map(int, choose_reminders_for_message(waiting, now=NOW, early_until=NOW + early))]


def test_without_anything_due_there_is_no_message() -> None:
    assert _choose() == []
    assert _choose(_reminder(1, LEAD, SECOND), _reminder(2, CLOSED, HOUR, closes=-HOUR)) == []


def test_lead_times_of_the_next_two_hours_come_along() -> None:
    due = _reminder(1, LEAD, timedelta())
    assert _choose(due, _reminder(2, LEAD, 2 * HOUR), _reminder(3, LEAD, 2 * HOUR + SECOND)) == [1, 2]


def test_nothing_else_comes_along() -> None:
    due = _reminder(1, LEAD, timedelta())
    for kind in (OVERNIGHT, MORNING, SNOOZED):
        assert _choose(due, _reminder(2, kind, SECOND)) == [1]


def test_a_closed_window_comes_along_once_it_is_closed() -> None:
    due = _reminder(1, LEAD, timedelta())
    assert _choose(due, _reminder(2, CLOSED, 20 * HOUR, closes=-SECOND)) == [1, 2]
    assert _choose(due, _reminder(2, CLOSED, 20 * HOUR, closes=timedelta())) == [1]


def test_of_a_window_only_its_next_lead_time_comes_along() -> None:
    """Otherwise a message would stand for several lead times that the member set."""
    due = _reminder(1, LEAD, timedelta())
    second, third = _reminder(2, LEAD, HOUR, window=9), _reminder(3, LEAD, 2 * HOUR, window=9)
    assert _choose(due, second, third) == [1, 2]
    assert _choose(_reminder(1, SNOOZED, timedelta(), window=9), second, third) == [1]
    assert _choose(_reminder(1, LEAD, timedelta(), window=9), second, third) == [1]


def test_the_list_stands_for_the_last_lead_time_of_its_windows_too() -> None:
    listed = _reminder(1, MORNING, timedelta(), window=9)
    assert _choose(listed, _reminder(2, LEAD, 100 * MINUTE, window=9)) == [1, 2]


def test_all_that_is_due_is_one_message_and_more_comes_along_while_there_is_room() -> None:
    many = [_reminder(number, OVERNIGHT, timedelta()) for number in range(1, 40)]
    assert _choose(*many, _reminder(50, LEAD, HOUR)) == [*range(1, 40)]
    few = [_reminder(number, LEAD, number * MINUTE) for number in range(20)]
    assert len(_choose(*few)) == MAX_WINDOWS


def test_only_what_may_be_early_is_early() -> None:
    """The end of quiet hours is never early: that would be in them."""
    for kind in ReminderKind:
        chosen = _choose(_reminder(1, kind, 10 * MINUTE), early=10 * MINUTE)
        assert chosen == ([1] if kind in {LEAD, OVERNIGHT} else [])


reminders = st.lists(
    st.tuples(st.sampled_from(ReminderKind), st.integers(-200, 200), st.integers(0, 12), st.integers(-300, 300)),
    max_size=30,
)


@given(reminders, st.integers(0, 10))
@settings(max_examples=examples(200))
def test_what_holds_for_every_message(rows: list[tuple[ReminderKind, int, int, int]], early: int) -> None:
    waiting = [
        _reminder(number, kind, due * MINUTE, window=window, closes=closes * MINUTE)
        for number, (kind, due, window, closes) in enumerate(rows)
    ]
    chosen = _choose(*waiting, early=early * MINUTE)
    assert len(set(chosen)) == len(chosen)
    due_now = {int(each.id) for each in waiting if each.remind_at <= NOW}
    assert due_now <= set(chosen)
    due = [
        each
        for each in waiting
        if each.remind_at <= NOW or (each.kind in {LEAD, OVERNIGHT} and each.remind_at <= NOW + early * MINUTE)
    ]
    assert bool(chosen) is bool(due)
    assert {*map(int, (each.id for each in due))} == set(chosen[: len(due)]), "what is due comes first"
    for each in (waiting[number] for number in chosen[len(due) :]):
        assert each.kind in {LEAD, CLOSED}
        assert each.kind is LEAD or each.closes_at < NOW
        assert each.kind is CLOSED or each.remind_at <= NOW + 2 * HOUR
    windows = {waiting[number].window for number in chosen}
    assert len(windows) <= max(MAX_WINDOWS, len({each.window for each in due}))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def _times(sent: list[SentMessage]) -> list[str]:
    return [f"{each.at.astimezone(TOKYO):%d %H:%M}" for each in sent]


def test_six_unanswered_messages_of_a_working_day() -> None:
    sent = play([at(24, hour) for hour in (9, 11, 13, 15, 17, 19)], DEFAULTS)
    assert _times(sent) == ["24 21:00", "25 07:00", "25 10:00", "25 14:00", "25 18:00", "26 07:00"]
    assert set(sent[1].windows) == set(range(6))
    assert sent[2].windows == {0: {CLOSED}, 1: {LEAD}, 2: {LEAD}}
    assert sent[5].windows == {5: {CLOSED}}


def test_nineteen_windows_that_close_in_one_night() -> None:
    sent = play([at(24, 0) + number * 17 * MINUTE for number in range(19)], DEFAULTS)
    assert _times(sent) == ["24 22:30", "25 07:00"]
    assert [len(each.windows) for each in sent] == [19, 19]


@pytest.mark.slow
def test_six_unanswered_messages_at_random_instants_of_a_day() -> None:
    counts = []
    for seed in range(2000):
        instants = random.Random(seed)  # noqa: S311 — a repeatable day
        received = sorted(at(24, 0) + instants.randrange(86400) * SECOND for _ in range(6))
        counts.append(len(play(received, DEFAULTS)))
    assert max(counts) <= 9
    assert sum(counts) / len(counts) < 6


def test_what_is_received_by_day_has_no_reminder_in_the_evening() -> None:
    for minute in range(8 * 60 + 1):
        sent = play([at(24, 11) + minute * MINUTE], DEFAULTS)
        assert not any(each.at.astimezone(TOKYO).hour >= 21 for each in sent), minute


@given(
    st.lists(st.integers(0, 3 * 86400 - 1), min_size=1, max_size=12), st.sampled_from(["Asia/Tokyo", "Europe/Berlin"])
)
@settings(max_examples=examples(60))
def test_every_window_is_told_before_it_closes_and_once_after(received: list[int], zone: str) -> None:
    preferences = ReminderPreferences(DEFAULTS.lead_times, DEFAULTS.quiet_hours, ZoneInfo(zone))
    begin = datetime(2026, 10, 23, tzinfo=preferences.zone).astimezone(UTC)  # Berlin's clocks change on the 25th
    opened = [begin + second * SECOND for second in received]
    sent = play(opened, preferences)
    for number, opened_at in enumerate(opened):
        before = [each.at for each in sent if each.at <= opened_at + DAY and number in each.windows]
        after = [each for each in sent if each.at > opened_at + DAY and number in each.windows]
        assert 1 <= len(before) <= 3
        assert [each.windows[number] for each in after] == [{CLOSED}]
    for each in sent:
        assert 7 <= each.at.astimezone(preferences.zone).hour < 23
