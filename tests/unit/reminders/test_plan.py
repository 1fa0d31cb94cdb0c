"""When the reminders of a window go out: the issue's sentences as examples, then what always holds."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import pairwise
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
from bot.domain.reminders.quiet_spans import QuietSpan, last_begun_quiet_span, quiet_span_containing, quiet_spans_around
from bot.domain.reminders.snooze import snooze_until
from bot.errors import NotAllowedError
from tests.helpers.amounts import examples

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DAY = 24 * HOUR
AT_NIGHT = QuietHours(time(23), time(7))
DEFAULTS = ReminderPreferences((12 * HOUR, 4 * HOUR, HOUR), AT_NIGHT, TOKYO)
AWAKE = ReminderPreferences(DEFAULTS.lead_times, None, TOKYO)
NONE = timedelta()

LEAD, OVERNIGHT, MORNING, SNOOZED, CLOSED, *_ = ReminderKind


def quiet_span_at_or_before(instant: datetime, quiet: QuietHours, zone: tzinfo) -> QuietSpan:
    span = last_begun_quiet_span(quiet_spans_around(instant, quiet, zone), instant)
    assert span is not None
    return span


def at(day: int, hour: int, minute: int = 0, second: int = 0, zone: tzinfo = TOKYO) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=zone)


def told(
    opened_at: datetime, preferences: ReminderPreferences = DEFAULTS, snooze: Snooze | None = None
) -> list[tuple[ReminderKind, timedelta, str]]:
    """The plan of the 24 hours from `opened_at`, on the member's clock."""
    planned = plan_reminders(opened_at, opened_at + DAY, preferences, notify_when_closed=True, snooze=snooze)
    return [(each.kind, each.lead, f"{each.remind_at.astimezone(preferences.zone):%d %H:%M:%S}") for each in planned]


def test_a_window_of_the_evening_has_its_early_lead_time_one_list_and_the_last_lead_time() -> None:
    assert told(at(10, 20)) == [
        (MORNING, NONE, "11 07:00:00"),  # instead of 08:00 and 16:00
        (LEAD, HOUR, "11 19:00:00"),
        (CLOSED, NONE, "12 07:00:00"),
    ]
    assert told(at(10, 9)) == [
        (LEAD, 12 * HOUR, "10 21:00:00"),
        (MORNING, NONE, "11 07:00:00"),
        (CLOSED, NONE, "12 07:00:00"),
    ]


@pytest.mark.parametrize("hour", range(11, 20))
def test_what_is_received_by_day_has_no_reminder_in_the_evening(hour: int) -> None:
    assert told(at(10, hour)) == [
        (MORNING, NONE, "11 07:00:00"),
        (LEAD, HOUR, f"11 {hour - 1}:00:00"),
        (CLOSED, NONE, "12 07:00:00"),
    ]


@pytest.mark.parametrize(
    ("received", "last"),
    [((9, 30), None), ((9, 30, 1), "11 08:30:01"), ((9, 29, 59), None)],
)
def test_the_list_stands_for_a_last_lead_time_within_90_minutes_of_it(
    received: tuple[int, ...], last: str | None
) -> None:
    after_the_list = [each for each in told(at(10, *received)) if each[2] > "11 07:00:00" and each[0] is not CLOSED]
    assert after_the_list == ([] if last is None else [(LEAD, HOUR, last)])


def test_a_window_that_closes_in_the_night_has_the_evening_card_alone() -> None:
    assert told(at(10, 2)) == [(OVERNIGHT, NONE, "10 22:30:00"), (CLOSED, NONE, "11 07:00:00")]


@pytest.mark.parametrize(
    ("closes", "announced"),
    [
        (at(11, 22, 59, 59), False),
        (at(11, 23), True),
        (at(12, 6, 59, 59), True),
        (at(12, 7, 59, 59), True),
        (at(12, 8), False),
    ],
)
def test_a_night_reaches_from_its_start_to_less_than_an_hour_after_it(closes: datetime, *, announced: bool) -> None:
    planned = plan_reminders(closes - DAY, closes, DEFAULTS, notify_when_closed=True)
    assert ([each.kind for each in planned] == [OVERNIGHT, CLOSED]) is announced


def test_the_notice_of_the_close_waits_for_the_next_morning() -> None:
    assert told(at(10, 6, 59, 59))[-1] == (CLOSED, NONE, "11 07:00:00")
    assert told(at(10, 7))[-1] == (CLOSED, NONE, "12 07:00:00"), "at the close itself a reply is on time"
    assert told(at(10, 12), AWAKE)[-1] == (CLOSED, NONE, "12 07:00:00"), "without quiet hours it is seven o'clock"


def test_what_was_recorded_after_its_close_has_no_notice() -> None:
    opened = at(10, 9)
    assert CLOSED not in {
        each.kind for each in plan_reminders(opened, opened + DAY, DEFAULTS, notify_when_closed=False)
    }


def test_without_quiet_hours_lead_times_are_all() -> None:
    assert told(at(10, 15), AWAKE)[:-1] == [
        (LEAD, 12 * HOUR, "11 03:00:00"),
        (LEAD, 4 * HOUR, "11 11:00:00"),
        (LEAD, HOUR, "11 14:00:00"),
    ]


def test_a_lead_time_at_the_end_of_quiet_hours_is_outside_of_them() -> None:
    """Where one before them comes so late that no list is sent at their end."""
    preferences = ReminderPreferences((4 * HOUR, 4 * HOUR + 25 * MINUTE), QuietHours(time(12), time(12, 20)), TOKYO)
    assert told(at(10, 16, 20), preferences)[:-1] == [
        (LEAD, 4 * HOUR + 25 * MINUTE, "11 11:55:00"),
        (LEAD, 4 * HOUR, "11 12:20:00"),
    ]


def test_whoever_has_no_lead_times_is_reminded_in_the_morning_or_in_the_evening() -> None:
    none = ReminderPreferences((), AT_NIGHT, TOKYO)
    assert told(at(10, 15), none) == [(MORNING, NONE, "11 07:00:00"), (CLOSED, NONE, "12 07:00:00")]
    assert told(at(10, 3), none) == [(OVERNIGHT, NONE, "10 22:30:00"), (CLOSED, NONE, "11 07:00:00")]


@pytest.mark.parametrize(
    ("opened", "known", "expected"),
    [
        # Recorded after the list of that morning: the lead times that follow are not on it.
        (at(10, 15), at(11, 7), [(LEAD, 4 * HOUR, "11 11:00:00"), (LEAD, HOUR, "11 14:00:00")]),
        (at(10, 15), at(11, 6, 59), [(MORNING, NONE, "11 07:00:00"), (LEAD, HOUR, "11 14:00:00")]),
        (at(10, 9), at(11, 7, 30), [(LEAD, HOUR, "11 08:00:00")]),
        # Recorded after the evening card: what closes soon after the night is on the list.
        (at(10, 7, 30), at(10, 22, 30), [(MORNING, NONE, "11 07:00:00")]),
        (at(10, 6, 30), at(10, 22, 30), []),
    ],
)
def test_what_is_recorded_late_has_the_reminders_that_can_still_be_sent(
    opened: datetime, known: datetime, expected: list[tuple[ReminderKind, timedelta, str]]
) -> None:
    planned = plan_reminders(opened, opened + DAY, DEFAULTS, known_at=known, notify_when_closed=False)
    assert [(each.kind, each.lead, f"{each.remind_at.astimezone(TOKYO):%d %H:%M:%S}") for each in planned] == expected


def test_quiet_hours_within_a_day() -> None:
    nap = ReminderPreferences((HOUR,), QuietHours(time(13), time(14)), TOKYO)
    assert told(at(10, 14, 15), nap) == [(OVERNIGHT, NONE, "11 12:30:00"), (CLOSED, NONE, "12 14:00:00")]
    assert told(at(10, 13, 30), nap) == [(OVERNIGHT, NONE, "11 12:30:00"), (CLOSED, NONE, "11 14:00:00")]
    assert told(at(10, 17), nap) == [
        (MORNING, NONE, "11 14:00:00"),
        (LEAD, HOUR, "11 16:00:00"),
        (CLOSED, NONE, "12 14:00:00"),
    ]


def test_a_moved_reminder_is_left_out_soon_after_one_that_was_not_moved() -> None:
    leads = (4 * HOUR + 15 * MINUTE, 3 * HOUR + 30 * MINUTE, 2 * HOUR, HOUR)
    nap = ReminderPreferences(leads, QuietHours(time(13), time(14)), TOKYO)
    assert told(at(10, 17), nap)[:-1] == [
        (LEAD, leads[0], "11 12:45:00"),  # and so not at 14:00, 13:30 moved
        (LEAD, 2 * HOUR, "11 15:00:00"),
        (LEAD, HOUR, "11 16:00:00"),
    ]


def test_nothing_is_planned_before_the_window_opened() -> None:
    """Twenty-three quiet hours: the evening before the close lies before the message."""
    asleep = ReminderPreferences((12 * HOUR,), QuietHours(time(23), time(22)), TOKYO)
    assert told(at(10, 22, 45), asleep) == [(MORNING, NONE, "11 22:00:00"), (CLOSED, NONE, "12 22:00:00")]
    assert told(at(10, 22, 10), asleep) == [(OVERNIGHT, NONE, "10 22:30:00"), (CLOSED, NONE, "12 22:00:00")]


def test_the_evening_of_a_nearly_endless_night_is_not_in_the_night_before() -> None:
    asleep = ReminderPreferences((12 * HOUR,), QuietHours(time(23, 10), time(23)), TOKYO)
    assert told(at(10, 22, 50), asleep)[0] == (OVERNIGHT, NONE, "10 23:00:00")


def test_a_snooze_leaves_out_what_lies_before_it_and_comes_once() -> None:
    snooze = Snooze(at(11, 10, 30), at(11, 11, 30))
    assert told(at(10, 15), snooze=snooze)[1:] == [
        (SNOOZED, 3 * HOUR + 30 * MINUTE, "11 11:30:00"),
        (LEAD, HOUR, "11 14:00:00"),
        (CLOSED, NONE, "12 07:00:00"),
    ]


def test_a_snooze_at_the_instant_of_another_reminder_is_one_reminder() -> None:
    assert told(at(10, 15), snooze=Snooze(at(11, 13), at(11, 14)))[-2:] == [
        (SNOOZED, HOUR, "11 14:00:00"),
        (CLOSED, NONE, "12 07:00:00"),
    ]
    assert told(at(10, 15), snooze=Snooze(at(10, 22), at(11, 7)))[:2] == [
        (SNOOZED, 8 * HOUR, "11 07:00:00"),
        (LEAD, HOUR, "11 14:00:00"),
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


late = st.just(0) | st.integers(0, 86399)


@given(instants, preferences_of_all_kinds, st.booleans(), late)
@settings(max_examples=examples(300))
def test_what_holds_for_every_plan(
    opened: datetime,
    preferences: ReminderPreferences,
    announce: bool,  # noqa: FBT001 — Hypothesis passes it so
    recorded_after: int,
) -> None:
    closes, known = opened + DAY, opened + recorded_after * SECOND
    planned = plan_reminders(opened, closes, preferences, notify_when_closed=announce, known_at=known)
    assert planned == plan_reminders(opened, closes, preferences, notify_when_closed=announce, known_at=known)
    instants_planned = [each.remind_at for each in planned]
    assert instants_planned == sorted(set(instants_planned)), "in order, never two at one instant"
    assert len({(each.kind, each.lead) for each in planned}) == len(planned), "each has a name of its own"
    for each in planned:
        assert each.remind_at > known, "nothing before the message was recorded"
        assert (each.remind_at > closes) is (each.kind is CLOSED), "only the notice of the close comes after it"
        assert quiet_span_containing(each.remind_at, preferences.quiet_hours, preferences.zone) is None
        if preferences.quiet_hours:
            wall = each.remind_at.astimezone(preferences.zone).time()
            assert not _on_the_wall(wall, preferences.quiet_hours), (
                "nothing in quiet hours, as the wall clock shows them"
            )
    assert [each.kind for each in planned].count(CLOSED) == announce


def _asked_for(known: datetime, closes: datetime, preferences: ReminderPreferences) -> dict[datetime, datetime]:
    """When each lead time that lies ahead would ring, by its own instant: later where quiet hours hide it."""
    asked = {}
    for at in (closes - lead for lead in preferences.lead_times):
        span = quiet_span_containing(at, preferences.quiet_hours, preferences.zone)
        if at > known:
            asked[at] = span.end if span else at
    return asked


@given(instants, preferences_of_all_kinds, late)
@settings(max_examples=examples(300))
def test_which_reminders_a_window_has(opened: datetime, preferences: ReminderPreferences, recorded_after: int) -> None:
    closes, known = opened + DAY, opened + recorded_after * SECOND
    planned = plan_reminders(opened, closes, preferences, notify_when_closed=False, known_at=known)
    kinds, leads = [each.kind for each in planned], {each.remind_at for each in planned if each.kind is LEAD}
    asked = _asked_for(known, closes, preferences)
    if preferences.quiet_hours is None:
        assert leads == set(asked), "lead times are never thinned"
        return
    night = quiet_span_at_or_before(closes, preferences.quiet_hours, preferences.zone)
    can_be_on_a_list = known < night.end < closes
    if closes < night.end + HOUR:
        expected = [OVERNIGHT] if night.notify_before > known else [MORNING] if can_be_on_a_list else []
        assert kinds == expected, "a night window has one reminder"
        return
    moved = {rings for at, rings in asked.items() if rings != at}
    exact = {at for at, rings in asked.items() if rings == at}
    if can_be_on_a_list or asked:
        assert planned, "what can still be helped has a reminder"
    if MORNING in kinds:
        [listed] = [each.remind_at for each in planned if each.kind is MORNING]
        assert listed == night.end
        last = max(exact, default=listed)
        kept = {at for at in exact if at < listed} | ({last} if last > listed + 90 * MINUTE else set())
        assert leads - moved == kept, "the list stands for all that follow but the last"
    else:
        assert exact <= leads, "lead times are never thinned"
        if can_be_on_a_list:
            assert any(night.end - 90 * MINUTE <= at < night.end for at in exact), "only so soon after another one"
    ringing = sorted(leads | {each.remind_at for each in planned if each.kind is MORNING})
    for first, second in pairwise(ringing):
        if second - first <= 90 * MINUTE:
            assert {first, second} <= exact, "never two within 90 minutes of which one was moved"


def _on_the_wall(wall: time, hours: QuietHours) -> bool:
    if hours.start < hours.end:
        return hours.start <= wall < hours.end
    return wall >= hours.start or wall < hours.end


@given(instants, preferences_of_all_kinds, st.integers(0, 86399), st.integers(1, 3600))
@settings(max_examples=examples(200))
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
@settings(max_examples=examples(200))
def test_later_lies_ahead_and_before_the_close(now: datetime, preferences: ReminderPreferences, remaining: int) -> None:
    closes = now + remaining * SECOND
    until = snooze_until(now, closes, preferences)
    assert now < until <= now + min(HOUR, (closes - now) / 2)
    if quiet_span_containing(now, preferences.quiet_hours, preferences.zone) is None:
        assert quiet_span_containing(until, preferences.quiet_hours, preferences.zone) is None
