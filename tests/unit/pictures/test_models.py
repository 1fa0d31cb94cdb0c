"""What goes into the pictures: never more optimistic than the truth, and the year week by week."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.features.recording.picture import ROUNDING_MINUTES, _minutes_left_and_label
from bot.discord_app.ui.pictures import MAX_ALT_TEXT, join_alt_text
from bot.domain.calendar import LANCERS_ZONE, instant_to_micros, year_before
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.reminders.quiet_spans import quiet_spans_in_window
from bot.domain.types import MemberId, ThreadId
from bot.i18n.translations import get_translations
from bot.services.status import WEEKS_SHOWN, reply_week_end
from storage import exchanges
from storage.connect import connect, open_database
from storage.exchanges import Week
from tests.helpers.wording import shows

JA = get_translations("ja")  # read before a test is timed


@given(st.timedeltas(timedelta(), timedelta(hours=24)))
def test_what_is_left_is_never_more_than_the_truth(left: timedelta) -> None:
    minutes, words = _minutes_left_and_label(JA, left)
    assert timedelta(minutes=minutes) <= left < timedelta(minutes=minutes + ROUNDING_MINUTES)
    assert shows(words, "picture-left") == (minutes > 0)
    assert shows(words, "picture-left-little") == (minutes == 0)


def test_reminders_need_few_pictures() -> None:
    assert (
        len({_minutes_left_and_label(JA, timedelta(seconds=each)) for each in range(24 * 3600)})
        == 24 * 60 // ROUNDING_MINUTES
    )


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [("23:00-07:00", [(11, 19)]), ("11:00-13:00", [(0, 1), (23, 24)]), ("", []), ("12:00-11:00", [(0, 23)])],
)
def test_the_nights_of_a_window(quiet: str, hours: list[tuple[int, int]]) -> None:
    opens = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
    closes = opens + timedelta(hours=24)
    quiet_hours = parse_quiet_hours(quiet) if quiet else None
    spans = quiet_spans_in_window(opens, closes, quiet_hours, LANCERS_ZONE)
    found = sorted((span.start, span.end) for span in spans)
    hour = timedelta(hours=1)
    assert [((max(a, opens) - opens) // hour, (min(b, closes) - opens) // hour) for a, b in found] == hours


def test_a_description_is_within_what_discord_takes() -> None:
    assert join_alt_text("a", "b") == "a b"
    assert len(join_alt_text("x" * 2000)) == MAX_ALT_TEXT


async def test_the_weeks_of_a_year(database_url: str) -> None:
    """Both ends of the year count, what lies outside does not, and every reply is in exactly one week."""
    now = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
    start, last = year_before(now), reply_week_end(now)
    replied = [
        (now, 1), (now, 0), (last - timedelta(days=7), 1), (last - timedelta(days=7, microseconds=1), 0), (start, 0),
        (start - timedelta(microseconds=1), 1), (now + timedelta(microseconds=1), 1),
    ]  # fmt: skip
    await (await open_database(database_url)).close()
    database = await connect(database_url)
    try:
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO members (member_id, joined_at) VALUES (1, 0)")
            for thread, (at, on_time) in enumerate(replied, start=1):
                await transaction.fetch(
                    "INSERT INTO threads (thread_id, member_id, client_key, title_key, used_at) VALUES ($1, 1, $2, '', 0)",
                    ThreadId(thread), f"{thread}",
                )  # fmt: skip
                await transaction.fetch(
                    "INSERT INTO exchanges (member_id, thread_id, asked_at, newest_asked_at, replied_at, on_time,"
                    " on_time_by_newest) VALUES (1, $1, $2, $2, $2, $3, $3)",
                    thread, instant_to_micros(at), on_time,
                )  # fmt: skip
        async with database.read() as transaction:
            weeks = await exchanges.count_replies_by_week(
                transaction, MemberId(1), start, now, last=last, count=WEEKS_SHOWN
            )
    finally:
        await database.close()
    assert len(weeks) == WEEKS_SHOWN
    assert (weeks[-1], weeks[-2], weeks[0]) == (Week(2, 1), Week(0, 1), Week(0, 1))
    assert sum(each.on_time + each.late for each in weeks) == 5


@given(st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1)))
def test_the_weeks_reach_back_over_the_whole_year(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    assert reply_week_end(now) > now
    assert reply_week_end(now) - WEEKS_SHOWN * exchanges.WEEK <= year_before(now)
