"""What other quiet hours or another zone leave of a plan that they put into the past."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reminders.contract_plan import WindowPlan
from bot.domain.reminders.plan import Reminder, ReminderKind, ReminderPreferences, plan_reminders
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import quiet_span_containing
from bot.domain.reminders.replanning import keep_reminder_to_come
from tests.helpers.amounts import examples

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR, MINUTE, MOMENT = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
LEADS = (12 * HOUR, 4 * HOUR, HOUR)
BEFORE = ReminderPreferences(LEADS, QuietHours(time(23), time(7)), TOKYO)
CLOSED = ReminderKind.CLOSED


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def quiet(start: time, end: time) -> ReminderPreferences:
    return ReminderPreferences(LEADS, QuietHours(start, end), TOKYO)


def plan(opened: datetime, preferences: ReminderPreferences) -> WindowPlan:
    closes = opened + 24 * HOUR
    return WindowPlan(opened, closes, plan_reminders(opened, closes, preferences, notify_when_closed=True))


def to_come(reminders: Iterable[Reminder], now: datetime) -> tuple[Reminder, ...]:
    return tuple(reminder for reminder in reminders if reminder.remind_at > now)


def changed(opened: datetime, preferences: ReminderPreferences, now: datetime) -> WindowPlan:
    """The plan by other preferences than `BEFORE`, chosen at `now`."""
    waiting = to_come(plan(opened, BEFORE).reminders, now)
    return keep_reminder_to_come(plan(opened, preferences), waiting, preferences, now=now)


@pytest.mark.parametrize(
    ("opened", "now", "preferences", "kind", "expected"),
    [
        # The evening card of a night that begins sooner than 30 minutes from now comes at once.
        (at(10, 2), at(10, 21), quiet(time(21, 15), time(7)), ReminderKind.OVERNIGHT, at(10, 21) + MOMENT),
        # Within the night, it comes at the end of it, where that is before the close.
        (at(10, 7), at(10, 21), quiet(time(20, 30), time(6, 30)), ReminderKind.OVERNIGHT, at(11, 6, 30)),
        # A list whose night ends earlier from now on, and a notice: as they were planned.
        (at(9, 8, 15), at(10, 6, 30), quiet(time(23), time(6)), ReminderKind.MORNING, at(10, 7)),
        (at(9, 2), at(10, 5, 30), quiet(time(23), time(5)), CLOSED, at(10, 7)),
    ],
)
def test_what_was_to_come_stays_to_come(
    opened: datetime, now: datetime, preferences: ReminderPreferences, kind: ReminderKind, expected: datetime
) -> None:
    reminders = to_come(changed(opened, preferences, now).reminders, now)
    assert (reminders[0].kind, reminders[0].remind_at) == (kind, expected)


def test_in_the_night_nothing_stays_of_a_window_that_closes_in_it() -> None:
    now, preferences = at(10, 21), quiet(time(20, 30), time(6))
    assert [reminder.kind for reminder in to_come(changed(at(10, 2), preferences, now).reminders, now)] == [CLOSED]


PREFERENCES = st.builds(
    ReminderPreferences,
    st.just(LEADS),
    st.builds(
        QuietHours, st.sampled_from([time(hour, 30) for hour in range(24)]), st.sampled_from([time(7), time(10)])
    ),
    st.sampled_from([TOKYO, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]),
)


@settings(max_examples=examples(200))
@given(st.integers(0, 24 * 60), st.integers(1, 40 * 60), PREFERENCES)
def test_what_holds_for_every_change(opened_after: int, changed_after: int, preferences: ReminderPreferences) -> None:
    opened = at(1, 0) + opened_after * MINUTE
    now = opened + changed_after * MINUTE
    waiting = to_come(plan(opened, BEFORE).reminders, now)
    by_rule, kept = plan(opened, preferences), changed(opened, preferences, now)
    is_notice = [reminder.kind is CLOSED for reminder in to_come(kept.reminders, now)]
    assert any(is_notice) or not any(reminder.kind is CLOSED for reminder in waiting)
    instants = {(reminder.kind, reminder.lead): reminder.remind_at for reminder in by_rule.reminders}
    for reminder in kept.reminders:
        planned_at = instants[reminder.kind, reminder.lead]
        assert planned_at == reminder.remind_at or planned_at <= now < reminder.remind_at
    for reminder in to_come(kept.reminders, now):
        assert reminder.kind is CLOSED or reminder.remind_at < kept.closes_at
        assert quiet_span_containing(reminder.remind_at, preferences.quiet_hours, preferences.zone) is None
    lost = instants.keys() - {(reminder.kind, reminder.lead) for reminder in kept.reminders}
    assert all(instants[key] <= now and key[0] is not CLOSED for key in lost)
