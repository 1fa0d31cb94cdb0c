"""The choices of a snooze: half an hour, two hours, the morning; each only before the close."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders.plan import ReminderPreferences
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import next_morning, quiet_span_containing, quiet_spans_around
from bot.domain.reminders.snooze import SnoozeChoice, snooze_options

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AT_NIGHT = QuietHours(time(23), time(7))
HALF_HOUR, TWO_HOURS, MORNING = SnoozeChoice


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def _options(now: datetime, closes: datetime, quiet: QuietHours | None = AT_NIGHT) -> dict[SnoozeChoice, datetime]:
    return dict(snooze_options(now, closes, ReminderPreferences((), quiet, TOKYO)))


@pytest.mark.parametrize(
    ("now", "closes", "quiet", "expected"),
    [
        (at(11, 15), at(12, 14), AT_NIGHT, [at(11, 15, 30), at(11, 17), at(12, 7)]),
        (at(11, 22, 45), at(12, 14), AT_NIGHT, [at(11, 23, 15), at(12, 0, 45), at(12, 7)]),
        (at(12, 1), at(12, 14), AT_NIGHT, [at(12, 1, 30), at(12, 3), at(12, 7)]),
        (at(12, 7), at(13, 9), AT_NIGHT, [at(12, 7, 30), at(12, 9), at(13, 7)]),
        (at(11, 15), at(12, 14), None, [at(11, 15, 30), at(11, 17), at(12, 7)]),
        (at(11, 12, 30), at(12, 14), QuietHours(time(12), time(14)), [at(11, 13), at(11, 14, 30), at(11, 14)]),
    ],
)
def test_the_choices(now: datetime, closes: datetime, quiet: QuietHours | None, expected: list[datetime]) -> None:
    assert _options(now, closes, quiet) == dict(zip(SnoozeChoice, expected, strict=True))


@pytest.mark.parametrize(
    ("now", "closes", "expected"),
    [
        (at(11, 15), at(12, 7), {HALF_HOUR, TWO_HOURS}),
        (at(11, 15), at(11, 17, 1), {HALF_HOUR, TWO_HOURS}),
        (at(11, 15), at(11, 17), {HALF_HOUR}),
        (at(11, 15), at(11, 15, 30), set()),
        (at(11, 15), at(11, 14), set()),
        (at(12, 6, 45), at(12, 7, 10), {MORNING}),
    ],
)
def test_no_choice_at_the_close_or_after_it(now: datetime, closes: datetime, expected: set[SnoozeChoice]) -> None:
    assert set(_options(now, closes)) == expected


@pytest.mark.parametrize(
    ("instant", "quiet", "morning"),
    [
        # 29 March 2026: 02:00 to 03:00 does not come; 25 October 2026: it comes twice.
        (datetime(2026, 3, 28, 20, tzinfo=UTC), QuietHours(time(23), time(2, 30)), datetime(2026, 3, 29, 1, 30)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), QuietHours(time(23), time(2, 30)), datetime(2026, 10, 25, 1, 30)),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), None, datetime(2026, 3, 29, 5)),
    ],
)
def test_a_morning_where_the_clock_changes(instant: datetime, quiet: QuietHours | None, morning: datetime) -> None:
    assert next_morning(instant, quiet_spans_around(instant, quiet, BERLIN), BERLIN) == morning.replace(tzinfo=UTC)


zones = st.sampled_from([TOKYO, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/New_York")])
clock = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
quiet_hours = st.tuples(clock, clock).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: QuietHours(*ends))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), quiet_hours, zones)
def test_a_morning_is_the_next_end_of_quiet_hours(instant: datetime, quiet: QuietHours, zone: tzinfo) -> None:
    morning = next_morning(instant, quiet_spans_around(instant, quiet, zone), zone)
    assert instant < morning <= instant + 50 * HOUR
    assert quiet_span_containing(morning, quiet, zone) is None
    span = quiet_span_containing(morning - MINUTE / 60, quiet, zone)
    assert span is not None
    assert span.end == morning
    containing = quiet_span_containing(instant, quiet, zone)
    assert containing is None or containing.end == morning
