"""When the reminders of a window go out: the issue's sentences as examples, then what always holds."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reminders.plan import (
    Reminder,
    ReminderKind,
    ReminderPreferences,
    Snooze,
    plan_reminders,
)
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import quiet_span_at_or_before, quiet_span_containing
from bot.domain.reminders.snooze import snooze_until
from bot.errors import NotAllowedError

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DAY = 24 * HOUR
AT_NIGHT = QuietHours(time(23), time(7))
DEFAULTS = ReminderPreferences((12 * HOUR, 4 * HOUR, HOUR), AT_NIGHT, TOKYO)
AWAKE = ReminderPreferences(DEFAULTS.lead_times, None, TOKYO)

LEAD, OVERNIGHT, SNOOZED, CLOSED = (
    ReminderKind.LEAD,
    ReminderKind.OVERNIGHT,
    ReminderKind.SNOOZED,
    ReminderKind.CLOSED,
)


def at(day: int, hour: int, minute: int = 0, second: int = 0, zone: tzinfo = TOKYO) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=zone)


def told(
    opened_at: datetime, preferences: ReminderPreferences = DEFAULTS, snooze: Snooze | None = None
) -> list[tuple[ReminderKind, timedelta, str]]:
    """The plan of the 24 hours from `opened_at`, on the member's clock."""
    planned = plan_reminders(opened_at, opened_at + DAY, preferences, notify_when_closed=True, snooze=snooze)
    return [(each.kind, each.lead, f"{each.remind_at.astimezone(preferences.zone):%d %H:%M:%S}") for each in planned]


def test_lead_times_count_back_from_the_close_and_the_closed_message_comes_when_it_is_late() -> None:
    assert told(at(10, 20)) == [
        (LEAD, 12 * HOUR, "11 08:00:00"),
        (LEAD, 4 * HOUR, "11 16:00:00"),
        (LEAD, HOUR, "11 19:00:00"),
        (CLOSED, timedelta(), "11 20:00:01"),
    ]


def test_a_reminder_that_falls_into_quiet_hours_moves_before_them() -> None:
    """15:00 less 12 hours is 03:00: told at 22:30, as everything else of that evening is."""
    assert told(at(10, 15))[0] == (LEAD, 12 * HOUR, "10 22:30:00")


def test_of_several_moved_to_one_evening_the_nearest_to_the_close_stands_for_all() -> None:
    preferences = ReminderPreferences((6 * HOUR, 5 * HOUR, 2 * HOUR), AT_NIGHT, TOKYO)
    assert told(at(10, 8, 30), preferences) == [
        (LEAD, 2 * HOUR, "10 22:30:00"),
        (CLOSED, timedelta(), "11 08:30:01"),
    ]


def test_a_window_that_closes_in_the_night_is_announced_once_before_it() -> None:
    """12 hours before is by day and stays; 4 hours and 1 hour before are what the announcement replaces."""
    assert told(at(10, 2)) == [
        (LEAD, 12 * HOUR, "10 14:00:00"),
        (LEAD, 4 * HOUR, "10 22:00:00"),
        (OVERNIGHT, timedelta(), "10 22:30:00"),
        (CLOSED, timedelta(), "11 07:00:00"),
    ]


@pytest.mark.parametrize(
    ("closes", "announced"),
    [
        (at(11, 22, 59, 59), False),
        (at(11, 23), True),
        (at(12, 6, 59, 59), True),
        (at(12, 8), True),
        (at(12, 8, 0, 1), False),
    ],
)
def test_overnight_reaches_to_an_hour_after_the_night(closes: datetime, *, announced: bool) -> None:
    planned = plan_reminders(closes - DAY, closes, DEFAULTS, notify_when_closed=True)
    assert (OVERNIGHT in {each.kind for each in planned}) is announced


def test_the_closed_message_waits_for_the_end_of_the_night_and_is_never_early() -> None:
    assert told(at(10, 6, 59, 59))[-1] == (CLOSED, timedelta(), "11 07:00:00")
    assert told(at(10, 22, 59, 59))[-1] == (CLOSED, timedelta(), "12 07:00:00")
    assert told(at(10, 22, 59, 58))[-1] == (CLOSED, timedelta(), "11 22:59:59")


def test_without_announce_close_nobody_hears_of_the_close() -> None:
    opened = at(10, 9)
    assert CLOSED not in {
        each.kind for each in plan_reminders(opened, opened + DAY, DEFAULTS, notify_when_closed=False)
    }


def test_quiet_hours_within_a_day() -> None:
    nap = ReminderPreferences((HOUR,), QuietHours(time(13), time(14)), TOKYO)
    assert told(at(10, 14, 15), nap) == [(OVERNIGHT, timedelta(), "11 12:30:00"), (CLOSED, timedelta(), "11 14:15:01")]
    assert told(at(10, 13, 30), nap) == [
        (OVERNIGHT, timedelta(), "11 12:30:00"),
        (CLOSED, timedelta(), "11 14:00:00"),
    ]


def test_nothing_is_planned_before_the_window_opened() -> None:
    """Twenty-three quiet hours: the evening before the close lies before the message."""
    asleep = ReminderPreferences((12 * HOUR,), QuietHours(time(23), time(22)), TOKYO)
    assert told(at(10, 22, 45), asleep) == [(CLOSED, timedelta(), "11 22:45:01")]
    assert told(at(10, 22, 10), asleep) == [
        (OVERNIGHT, timedelta(), "10 22:30:00"),
        (CLOSED, timedelta(), "11 22:10:01"),
    ]


def test_the_evening_of_a_nearly_endless_night_is_not_in_the_night_before() -> None:
    asleep = ReminderPreferences((12 * HOUR,), QuietHours(time(23, 10), time(23)), TOKYO)
    assert told(at(10, 22, 50), asleep)[0] == (OVERNIGHT, timedelta(), "10 23:00:00")


def test_later_leaves_out_what_lies_before_it_and_comes_once() -> None:
    snooze = Snooze(at(11, 10, 30), at(11, 11, 30))
    assert told(at(10, 15), snooze=snooze)[1:] == [
        (SNOOZED, 3 * HOUR + 30 * MINUTE, "11 11:30:00"),
        (LEAD, HOUR, "11 14:00:00"),
        (CLOSED, timedelta(), "11 15:00:01"),
    ]


def test_later_at_the_instant_of_a_lead_time_is_one_reminder() -> None:
    snooze = Snooze(at(11, 13), at(11, 14))
    assert told(at(10, 15), snooze=snooze)[-2:] == [
        (SNOOZED, HOUR, "11 14:00:00"),
        (CLOSED, timedelta(), "11 15:00:01"),
    ]


def test_a_lead_time_is_elapsed_time_when_the_clocks_change() -> None:
    """Europe/Berlin, 25 October 2026, goes back at 03:00: 12 hours before 12:00 is 01:00 summer time."""
    berlin = ZoneInfo("Europe/Berlin")
    preferences = ReminderPreferences((12 * HOUR,), None, berlin)
    closes = datetime(2026, 10, 25, 12, tzinfo=berlin)
    (reminder,) = plan_reminders(closes - DAY, closes, preferences, notify_when_closed=False)
    assert reminder.remind_at == datetime(2026, 10, 25, 11, tzinfo=UTC) - 12 * HOUR


@pytest.mark.parametrize(
    ("now", "closes", "until"),
    [
        (at(11, 10), at(11, 15), at(11, 11)),  # an hour
        (at(11, 14), at(11, 15), at(11, 14, 30)),  # half of what remains
        (at(11, 22, 30), at(12, 9), at(11, 22, 59)),  # just before the night
        (at(11, 22, 59), at(12, 9), at(11, 22, 59, 30)),  # and sooner than that when the night is near
        (at(11, 23, 30), at(12, 9), at(12, 0, 30)),  # awake in the night
        (at(12, 6, 30), at(12, 9), at(12, 7, 30)),
    ],
)
def test_later_is_an_hour_or_half_of_what_remains_and_not_in_a_night_to_come(
    now: datetime, closes: datetime, until: datetime
) -> None:
    assert snooze_until(now, closes, DEFAULTS) == until


def test_later_in_a_window_that_has_closed_is_refused() -> None:
    with pytest.raises(NotAllowedError) as refused:
        snooze_until(at(11, 15), at(11, 15), DEFAULTS)
    assert refused.value.message_id == "reminders-snooze-closed"


zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")
    ]
)
minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
quiet = st.none() | st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1]).map(
    lambda ends: QuietHours(*ends)
)
leads = st.lists(st.integers(1, 86399).map(lambda seconds: seconds * SECOND), max_size=10, unique=True).map(tuple)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
preferences_of_all_kinds = st.builds(ReminderPreferences, leads, quiet, zones)


@given(instants, preferences_of_all_kinds, st.booleans())
@settings(max_examples=200)
def test_what_holds_for_every_plan(opened: datetime, preferences: ReminderPreferences, announce: bool) -> None:  # noqa: FBT001 — Hypothesis passes it so
    closes = opened + DAY
    planned = plan_reminders(opened, closes, preferences, notify_when_closed=announce)
    assert planned == plan_reminders(opened, closes, preferences, notify_when_closed=announce)
    instants_planned = [each.remind_at for each in planned]
    assert instants_planned == sorted(set(instants_planned)), "in order, never two at one instant"
    assert len({(each.kind, each.lead) for each in planned}) == len(planned), "each has a name of its own"
    for each in planned:
        assert each.remind_at >= opened, "nothing before the message"
        assert (each.remind_at > closes) is (each.kind is CLOSED), "only the closed message comes after the close"
        assert quiet_span_containing(each.remind_at, preferences.quiet_hours, preferences.zone) is None
        if preferences.quiet_hours:
            wall = each.remind_at.astimezone(preferences.zone).time()
            assert not _on_the_wall(wall, preferences.quiet_hours), (
                "nothing in quiet hours, as the wall clock shows them"
            )
    assert [each.kind for each in planned].count(CLOSED) == announce
    night = (
        quiet_span_at_or_before(closes, preferences.quiet_hours, preferences.zone) if preferences.quiet_hours else None
    )
    asleep = night is not None and closes <= night.end + HOUR
    assert (OVERNIGHT in {each.kind for each in planned}) is (
        asleep and night is not None and night.notify_before >= opened
    )
    for lead in preferences.lead_times:
        if quiet_span_containing(closes - lead, preferences.quiet_hours, preferences.zone) is None:
            assert closes - lead in instants_planned, "what is not hidden comes exactly at its lead time"


def _on_the_wall(wall: time, hours: QuietHours) -> bool:
    if hours.start < hours.end:
        return hours.start <= wall < hours.end
    return wall >= hours.start or wall < hours.end


@given(instants, preferences_of_all_kinds, st.integers(0, 86399), st.integers(1, 3600))
@settings(max_examples=200)
def test_later_hides_only_until_then(opened: datetime, preferences: ReminderPreferences, asked: int, wait: int) -> None:
    closes = opened + DAY
    snooze = Snooze(opened + asked * SECOND, opened + (asked + wait) * SECOND)
    without = plan_reminders(opened, closes, preferences, notify_when_closed=True)
    planned = plan_reminders(opened, closes, preferences, notify_when_closed=True, snooze=snooze)
    if snooze.until >= closes:
        assert planned == without
        return
    expected = [each for each in without if not snooze.asked_at <= each.remind_at <= snooze.until]
    assert sorted(
        [*expected, Reminder(SNOOZED, closes - snooze.until, snooze.until)], key=lambda each: each.remind_at
    ) == list(planned)


@given(instants, preferences_of_all_kinds, st.integers(2, 86400))
@settings(max_examples=200)
def test_later_lies_ahead_and_before_the_close(now: datetime, preferences: ReminderPreferences, remaining: int) -> None:
    closes = now + remaining * SECOND
    until = snooze_until(now, closes, preferences)
    assert now < until <= now + min(HOUR, (closes - now) / 2)
    if quiet_span_containing(now, preferences.quiet_hours, preferences.zone) is None:
        assert quiet_span_containing(until, preferences.quiet_hours, preferences.zone) is None
