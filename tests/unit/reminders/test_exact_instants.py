"""Reminders where the clock is odd, and at the last step: changed clocks, the night before, levelling, digests."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import MICROSECOND, ONE_DAY, lancers_date
from bot.domain.certification.forecast import review_days
from bot.domain.reminders.contract_plan import plan_contact_request_reminders
from bot.domain.reminders.digests import DIGEST_HOUR, next_digest_time
from bot.domain.reminders.load_spreading import STEPS, lookahead_for_sending_rate
from bot.domain.reminders.plan import (
    ReminderKind,
    ReminderPreferences,
    Snooze,
    night_windows_span,
    plan_reminders,
)
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import (
    QuietSpan,
    last_begun_quiet_span,
    next_morning,
    quiet_span_containing,
    quiet_spans_around,
)
from bot.domain.reminders.snooze import snooze_until
from bot.domain.reply.contracts import CONTACT_WINDOW, find_contact_request_opening, wrote_in_new_thread
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.errors import NotAllowedError
from tests.helpers.amounts import examples

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DAY = 24 * HOUR


def quiet_span_at_or_before(instant: datetime, quiet: QuietHours, zone: tzinfo) -> QuietSpan:
    span = last_begun_quiet_span(quiet_spans_around(instant, quiet, zone), instant)
    assert span is not None
    return span


@pytest.mark.parametrize(
    ("quiet", "start", "end"),
    [
        # 25 October 2026: 02:00 to 03:00 comes twice, at 00:00 and at 01:00 UTC.
        (QuietHours(time(23), time(2, 30)), datetime(2026, 10, 24, 21), datetime(2026, 10, 25, 1, 30)),
        (QuietHours(time(2, 30), time(7)), datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 6)),
        # 29 March 2026: 02:00 to 03:00 does not come.
        (QuietHours(time(23), time(2, 30)), datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 1, 30)),
        (QuietHours(time(2, 30), time(7)), datetime(2026, 3, 29, 0, 30), datetime(2026, 3, 29, 5)),
    ],
)
def test_quiet_hours_start_at_the_earlier_reading_and_end_at_the_later(
    quiet: QuietHours, start: datetime, end: datetime
) -> None:
    start, end = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
    for inside in (start, start + MICROSECOND, end - MICROSECOND):
        span = quiet_span_containing(inside, quiet, BERLIN)
        assert span is not None
        assert (span.start, span.end, span.notify_before) == (start, end, start - 30 * MINUTE)
    for outside in (start - MICROSECOND, end):
        assert quiet_span_containing(outside, quiet, BERLIN) is None


@pytest.mark.parametrize("zone", [TOKYO, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")])
@pytest.mark.parametrize(
    "quiet", [QuietHours(time(23), time(7)), QuietHours(time(13), time(14)), QuietHours(time(0), time(23, 59))]
)
def test_the_span_before_is_the_last_one_until_the_next_begins(zone: tzinfo, quiet: QuietHours) -> None:
    start = datetime.combine(datetime(2026, 11, 24, tzinfo=zone).date(), quiet.start, zone).astimezone(UTC)
    assert quiet_span_at_or_before(start, quiet, zone).start == start
    assert quiet_span_at_or_before(start + DAY - MICROSECOND, quiet, zone).start == start
    assert quiet_span_at_or_before(start - MICROSECOND, quiet, zone).start == start - DAY


def test_nights_that_adjoin_are_one() -> None:
    """23:00 comes an hour sooner than 24 hours after 23:00: nights of 23 hours and a half reach the next one."""
    quiet = QuietHours(time(23), time(22, 30))
    span = quiet_span_at_or_before(datetime(2026, 3, 29, 12, tzinfo=UTC), quiet, BERLIN)
    assert (span.start, span.end) == (
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        datetime(2026, 3, 29, 20, 30, tzinfo=UTC),
    )
    lasting = quiet_span_at_or_before(
        datetime(2026, 3, 29, 20, 45, tzinfo=UTC), QuietHours(time(3), time(2, 30)), BERLIN
    )
    assert lasting.end - lasting.start > DAY, "03:00 follows the skipped 02:30 at once"
    at_once = quiet_span_at_or_before(
        datetime(2026, 3, 29, 20, 45, tzinfo=UTC), QuietHours(time(3, 30), time(2, 30)), BERLIN
    )
    assert at_once.end - at_once.start > DAY, "the skipped 02:30 is 03:30"


def test_the_list_is_of_the_last_morning_before_the_close() -> None:
    """When the clocks go forward two mornings are 23 hours apart."""
    preferences = ReminderPreferences((23 * HOUR,), QuietHours(time(23), time(7)), BERLIN)
    closes = datetime(2026, 3, 29, 8, tzinfo=BERLIN).astimezone(UTC)
    planned = plan_reminders(closes - DAY, closes, preferences, notify_when_closed=False)
    assert [(each.kind, each.remind_at.astimezone(BERLIN).replace(tzinfo=None)) for each in planned] == [
        (ReminderKind.LEAD, datetime(2026, 3, 28, 8)),
        (ReminderKind.MORNING, datetime(2026, 3, 29, 7)),
    ]


def test_a_reminder_after_the_opening_is_planned_and_one_at_it_is_not() -> None:
    closes = datetime(2026, 11, 24, 12, tzinfo=UTC)
    preferences = ReminderPreferences((4 * HOUR,), None, TOKYO)
    for beside, count in ((timedelta(), 0), (-MICROSECOND, 1)):
        planned = plan_reminders(closes - 4 * HOUR + beside, closes, preferences, notify_when_closed=False)
        assert len(planned) == count


@pytest.mark.parametrize(
    ("known", "kinds"),
    [
        (datetime(2026, 11, 24, 22, 30), [ReminderKind.MORNING]),
        (datetime(2026, 11, 24, 22, 30) - MICROSECOND, [ReminderKind.OVERNIGHT]),
        (datetime(2026, 11, 25, 7) - MICROSECOND, [ReminderKind.MORNING]),
        (datetime(2026, 11, 25, 7), []),
    ],
)
def test_the_last_instant_to_be_on_the_evening_card_and_on_the_list(known: datetime, kinds: list[ReminderKind]) -> None:
    preferences = ReminderPreferences((), QuietHours(time(23), time(7)), TOKYO)
    closes = datetime(2026, 11, 25, 7, 30, tzinfo=TOKYO)
    planned = plan_reminders(
        closes - DAY, closes, preferences, notify_when_closed=False, known_at=known.replace(tzinfo=TOKYO)
    )
    assert [each.kind for each in planned] == kinds


def test_a_snooze_replaces_the_reminders_from_its_press_up_to_its_time() -> None:
    closes = datetime(2026, 11, 24, 12, tzinfo=UTC)
    preferences = ReminderPreferences((4 * HOUR,), None, TOKYO)
    lead_at = closes - 4 * HOUR

    def kinds(snooze: Snooze) -> list[ReminderKind]:
        planned = plan_reminders(closes - DAY, closes, preferences, notify_when_closed=False, snooze=snooze)
        return [reminder.kind for reminder in planned]

    lead, snoozed = ReminderKind.LEAD, ReminderKind.SNOOZED
    assert kinds(Snooze(lead_at, lead_at + HOUR)) == [snoozed]
    assert kinds(Snooze(lead_at + MICROSECOND, lead_at + HOUR)) == [lead, snoozed]
    assert kinds(Snooze(lead_at - HOUR, lead_at)) == [snoozed]
    assert kinds(Snooze(lead_at - HOUR, lead_at - MICROSECOND)) == [snoozed, lead]
    assert kinds(Snooze(lead_at, closes)) == [lead]
    assert kinds(Snooze(lead_at, closes - MICROSECOND)) == [snoozed]


@pytest.mark.parametrize(("beside", "count"), [(-MICROSECOND, 0), (timedelta(), 1)])
def test_a_snooze_until_before_the_opening_belongs_to_an_earlier_window(beside: timedelta, count: int) -> None:
    opened = datetime(2026, 11, 23, 12, tzinfo=UTC)
    snooze = Snooze(opened - HOUR, opened + beside)
    preferences = ReminderPreferences((), None, TOKYO)
    assert len(plan_reminders(opened, opened + DAY, preferences, notify_when_closed=False, snooze=snooze)) == count


@pytest.mark.parametrize(
    ("beside", "kinds"),
    [(timedelta(), [ReminderKind.LEAD]), (MICROSECOND, [ReminderKind.LEAD, ReminderKind.MORNING])],
)
def test_there_is_no_list_90_minutes_after_another_reminder(beside: timedelta, kinds: list[ReminderKind]) -> None:
    """Quiet hours from 06:00 to 07:00; the lead time is at 05:30, or just before."""
    closes = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
    preferences = ReminderPreferences((6.5 * HOUR + beside,), QuietHours(time(6), time(7)), TOKYO)
    planned = plan_reminders(closes - DAY, closes, preferences, notify_when_closed=False)
    assert [reminder.kind for reminder in planned] == kinds


@pytest.mark.parametrize(
    ("beside", "at"), [(timedelta(), time(7)), (-MICROSECOND, time(22, 30)), (MICROSECOND, time(7))]
)
def test_a_reminder_of_a_contact_request_waits_for_the_morning_an_hour_before_the_close(
    beside: timedelta, at: time
) -> None:
    """The last lead time, four hours, is in the quiet hours, which end at 07:00."""
    closes = datetime(2026, 11, 24, 8, tzinfo=TOKYO) + beside
    request = ThreadEvent(Direction.RECEIVED, EventKind.CONTACT_REQUEST, closes - CONTACT_WINDOW)
    preferences = ReminderPreferences((), QuietHours(time(23), time(7)), TOKYO)
    [plan] = plan_contact_request_reminders([request], preferences)
    assert plan.reminders[-1].remind_at.astimezone(TOKYO).time() == at


@pytest.mark.parametrize(("beside", "opens_another"), [(timedelta(), False), (MICROSECOND, True)])
def test_a_mail_at_the_close_is_about_the_same_contact_request(beside: timedelta, *, opens_another: bool) -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=TOKYO)
    instants = (start, start + CONTACT_WINDOW + beside)
    requests = [ThreadEvent(Direction.RECEIVED, EventKind.CONTACT_REQUEST, at) for at in instants]
    assert find_contact_request_opening(requests) == instants[opens_another]


@pytest.mark.parametrize(("beside", "count"), [(timedelta(), 0), (MICROSECOND, 1)])
def test_a_window_that_closes_with_the_night_is_on_no_list(beside: timedelta, count: int) -> None:
    closes = datetime(2026, 11, 25, 7, tzinfo=TOKYO)
    preferences = ReminderPreferences((), QuietHours(time(23), time(7)), TOKYO)
    known = closes - 8 * HOUR
    planned = plan_reminders(closes - DAY, closes + beside, preferences, notify_when_closed=False, known_at=known)
    assert len(planned) == count


def test_the_next_night_and_morning_are_after_an_instant_at_which_one_begins() -> None:
    quiet = QuietHours(time(23), time(7))
    evening, morning = datetime(2026, 11, 24, 23, tzinfo=TOKYO), datetime(2026, 11, 25, 7, tzinfo=TOKYO)
    preferences = ReminderPreferences((), quiet, TOKYO)
    for beside, night in ((-MICROSECOND, evening), (timedelta(), evening + DAY)):
        span = night_windows_span(evening + beside, preferences)
        assert span == (night, night + 9 * HOUR)
    for nights in (quiet_spans_around(morning, quiet, TOKYO), ()):
        assert next_morning(morning - MICROSECOND, nights, TOKYO) == morning
        assert next_morning(morning, nights, TOKYO) == morning + DAY


@pytest.mark.parametrize(("beside", "elsewhere"), [(-MICROSECOND, False), (timedelta(), True)])
def test_a_new_thread_from_the_oldest_message_on_is_no_silence(beside: timedelta, *, elsewhere: bool) -> None:
    oldest = datetime(2026, 11, 2, 9, tzinfo=TOKYO)
    entries = [ThreadEvent(Direction.SENT, EventKind.NEW_THREAD, oldest + beside)]
    assert wrote_in_new_thread(entries, oldest) is elsewhere


def test_later_is_never_at_the_press_itself() -> None:
    """Half of the second that remains: its whole seconds are the press."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert snooze_until(now, now + SECOND, ReminderPreferences((), None, TOKYO)) == now + SECOND / 2


def test_later_is_refused_from_the_close_on() -> None:
    closes = datetime(2026, 11, 24, 12, tzinfo=UTC)
    preferences = ReminderPreferences((), None, TOKYO)
    with pytest.raises(NotAllowedError):
        snooze_until(closes, closes, preferences)
    assert closes - 2 * MICROSECOND < snooze_until(closes - 2 * MICROSECOND, closes, preferences) < closes


def test_later_at_the_start_of_the_night_is_of_somebody_awake() -> None:
    preferences = ReminderPreferences((), QuietHours(time(23), time(7)), TOKYO)
    night, closes = datetime(2026, 11, 24, 23, tzinfo=TOKYO), datetime(2026, 11, 25, 12, tzinfo=TOKYO)
    assert snooze_until(night, closes, preferences) == night + HOUR
    assert snooze_until(night - 2 * SECOND, closes, preferences) == night - SECOND
    assert snooze_until(night - HOUR, closes, preferences) == night - MINUTE


@pytest.mark.parametrize(("waiting", "steps"), [(STEPS - 1, 0), (STEPS, STEPS)])
def test_the_last_step_of_levelling(waiting: int, steps: int) -> None:
    """What is due in the last step is sent early only if it cannot be sent before that step begins."""
    due = [0] * (STEPS - 1) + [waiting]
    assert lookahead_for_sending_rate(due, 1.0) == steps * SECOND


@pytest.mark.parametrize(
    ("due", "steps"), [([1], 0), ([2], 1), ([1, 1], 2), ([1, 0], 0), ([0, 2, 0], 2), ([0, 1, 1], 0), ([0, 1, 2], 3)]
)
def test_a_step_is_sent_before_it_begins(due: list[int], steps: int) -> None:
    assert lookahead_for_sending_rate(due, 1.0) == steps * SECOND


ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Tokyo", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Honolulu", "Europe/Berlin", "UTC")
]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.integers(1, 31),
    st.booleans(),
)
@settings(max_examples=examples(200))
def test_the_digest_is_the_next_of_all_mornings(now: datetime, zone: tzinfo, day: int, weekly: bool) -> None:  # noqa: FBT001 — Hypothesis passes it so
    mornings = [review + ONE_DAY for review in review_days(lancers_date(now) - 40 * ONE_DAY, day, 5)]
    if weekly:
        monday = now.date() - (now.weekday() + 7) * ONE_DAY
        mornings += [monday + 7 * week * ONE_DAY for week in range(4)]
    instants = sorted(datetime.combine(morning, DIGEST_HOUR, zone).astimezone(UTC) for morning in mornings)
    expected = next(instant for instant in instants if instant > now)
    assert next_digest_time(now, weekly=weekly, review_day=day, zone=zone) == expected


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("weekly", [False, True])
def test_a_digest_is_due_until_its_instant(zone: tzinfo, *, weekly: bool) -> None:
    """The morning after the review of 30 November 2026, a Monday in Tokyo, wherever the member lives."""
    morning = datetime(2026, 11, 30, 9, tzinfo=zone) if weekly else datetime(2026, 12, 1, 9, tzinfo=zone)
    day = None if weekly else 30
    for before in (MICROSECOND, HOUR, 8 * HOUR):
        assert next_digest_time(morning - before, weekly=weekly, review_day=day, zone=zone) == morning
    following = next_digest_time(morning, weekly=weekly, review_day=day, zone=zone)
    assert following.astimezone(zone).date() > morning.date()
