"""What services answer at the very instants of the rules, and a microsecond beside them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import LANCERS_ZONE, MICROSECOND, ONE_DAY, lancers_date, year_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.ranks import Rank
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.export_reader import ExportData
from bot.services.advice import MAX_ABSENCE, NEAR_MISS
from bot.services.consistency import ConsistencyChecker
from bot.services.container import Services
from bot.services.import_writer import has_missing_statements
from bot.services.new_messages import NewMessage
from bot.services.pending import LONG_OVERDUE
from bot.services.preference_changes import PreferenceChanges
from bot.services.results import ClarificationNeeded, Receipt
from bot.settings import read_defaults
from storage import exchanges, members, planned_reminders, profile, reply_state
from storage.connect import open_database
from storage.exchanges import WEEK, Week
from tests.helpers.estimates import FOUR_FIFTHS
from tests.helpers.services import ignore_progress

MIKA = MemberId(1)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
HOUR = timedelta(hours=1)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    yield Services(database, read_defaults({"DEFAULT_QUIET_HOURS": ""}), lambda: None)
    await database.close()


async def record(
    services: Services, client: str, at: datetime, direction: Direction, *, now: datetime = NOW, final: bool = False
) -> Receipt | ClarificationNeeded:
    message = NewMessage(
        direction=direction,
        client=client,
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key=f"{client}/{at.isoformat()}/{direction}",
        looks_final=final,
    )
    return await services.recording.record(MIKA, message, now=now)


async def received(
    services: Services, client: str, at: datetime, *, now: datetime = NOW, final: bool = False
) -> Receipt:
    receipt = await record(services, client, at, Direction.RECEIVED, now=now, final=final)
    assert isinstance(receipt, Receipt)
    return receipt


async def answered(services: Services, client: str, at: datetime, after: timedelta) -> None:
    await received(services, client, at)
    assert isinstance(await record(services, client, at + after, Direction.SENT), Receipt)


@pytest.mark.parametrize(("beside", "replies"), [(-MICROSECOND, 0), (timedelta(), 1), (MICROSECOND, 1)])
async def test_the_first_instant_of_the_year(services: Services, beside: timedelta, replies: int) -> None:
    replied_at = year_before(NOW) + beside
    await answered(services, "A", replied_at - HOUR, HOUR)
    assert (await services.status.report(MIKA, now=NOW)).standing.rate.replies == replies
    assert len((await services.status.detail(MIKA, now=NOW)).replied) == replies


@pytest.mark.parametrize(("beside", "replies"), [(-MICROSECOND, 1), (timedelta(), 1), (MICROSECOND, 0)])
async def test_the_last_instant_of_the_year(services: Services, beside: timedelta, replies: int) -> None:
    await received(services, "A", NOW - HOUR)
    await record(services, "A", NOW + beside, Direction.SENT, now=NOW + HOUR)
    assert len((await services.status.detail(MIKA, now=NOW)).replied) == replies


@pytest.mark.parametrize(("beside", "replies"), [(-MICROSECOND, 0), (timedelta(), 1), (MICROSECOND, 1)])
async def test_a_review_on_29_february_counts_what_its_status_will_count(
    services: Services, beside: timedelta, replies: int
) -> None:
    """Its year begins at 00:00 on 28 February: before the year of the afternoon in which it is forecast."""
    now, review = (datetime(2028, 2, day, hour, tzinfo=LANCERS_ZONE) for day, hour in ((28, 12), (29, 0)))
    await services.preferences.apply_changes(MIKA, PreferenceChanges(review_day="31"), now=now)
    replied_at = datetime(2027, 2, 28, tzinfo=LANCERS_ZONE) + beside
    await received(services, "A", replied_at - 30 * HOUR, now=now)
    await record(services, "A", replied_at, Direction.SENT, now=now)
    coming = await services.advice.forecast(MIKA, now=now)
    assert coming.reviews[0].rate.replies == replies
    assert len(coming.expiring) == replies
    assert (await services.status.report(MIKA, now=now)).rate.replies == 0
    assert (await services.status.report(MIKA, now=review)).rate == coming.reviews[0].rate


@pytest.mark.parametrize(("beside", "overdue"), [(-MICROSECOND, 0), (timedelta(), 0), (MICROSECOND, 1)])
async def test_a_window_is_overdue_after_its_last_instant(services: Services, beside: timedelta, overdue: int) -> None:
    await received(services, "A", NOW - REPLY_WINDOW)
    now = NOW + beside
    absence = await services.advice.absence(MIKA, now, now + HOUR, now=now)
    assert (absence.overdue_count, absence.closing_count) == (overdue, 1 - overdue)
    assert len(absence.closing_while_away) == 1 - overdue


@pytest.mark.parametrize(("beside", "closing"), [(-MICROSECOND, 1), (timedelta(), 0), (MICROSECOND, 0)])
async def test_whoever_is_back_at_the_last_instant_can_still_reply(
    services: Services, beside: timedelta, closing: int
) -> None:
    returns = NOW + 5 * HOUR
    await received(services, "A", returns + beside - REPLY_WINDOW)
    absence = await services.advice.absence(MIKA, NOW, returns, now=NOW)
    assert (absence.closing_count, len(absence.closing_while_away)) == (closing, closing)
    assert absence.overdue_count == 0


@pytest.mark.parametrize(("length", "exceeds"), [(REPLY_WINDOW, False), (REPLY_WINDOW + MICROSECOND, True)])
async def test_an_absence_longer_than_a_window(services: Services, length: timedelta, *, exceeds: bool) -> None:
    assert (await services.advice.absence(MIKA, NOW, NOW + length, now=NOW)).exceeds_window is exceeds


@pytest.mark.parametrize(
    ("leaves", "returns", "error"),
    [
        (NOW, NOW, "away-order"),
        (NOW, NOW + MICROSECOND, None),
        (NOW - HOUR, NOW, "away-range"),
        (NOW - HOUR, NOW + MICROSECOND, None),
        (NOW, NOW + MAX_ABSENCE, None),
        (NOW, NOW + MAX_ABSENCE + MICROSECOND, "away-range"),
    ],
)
async def test_which_absences_are_accepted(
    services: Services, leaves: datetime, returns: datetime, error: str | None
) -> None:
    if error is None:
        await services.advice.absence(MIKA, leaves, returns, now=NOW)
        return
    with pytest.raises(InvalidInputError) as refused:
        await services.advice.absence(MIKA, leaves, returns, now=NOW)
    assert refused.value.message_id == error


async def test_a_near_miss_is_in_the_last_hour_of_the_window(services: Services) -> None:
    start = NOW - 3 * REPLY_WINDOW
    edge = REPLY_WINDOW - NEAR_MISS
    for client, after in {
        "not yet": edge, "first": edge + MICROSECOND, "last": REPLY_WINDOW, "late": REPLY_WINDOW + MICROSECOND,
    }.items():  # fmt: skip
        await answered(services, client, start, after)
    report = await services.advice.digest_report(MIKA, now=NOW)
    assert {reply.thread.client for reply in report.near_misses} == {"first", "last"}


@pytest.mark.parametrize(("weekly", "days"), [(False, 31), (True, 7)])
@pytest.mark.parametrize(("beside", "replies"), [(-MICROSECOND, 0), (timedelta(), 1)])
async def test_a_digest_begins_where_the_last_one_ended(
    services: Services, beside: timedelta, replies: int, *, weekly: bool, days: int
) -> None:
    await answered(services, "A", NOW - timedelta(days=days) + beside - HOUR, HOUR)
    if weekly:
        await services.preferences.apply_changes(MIKA, PreferenceChanges(digest="weekly"), now=NOW)
    report = await services.advice.digest_report(MIKA, now=NOW)
    assert len(report.replies) == replies
    assert report.since == NOW - timedelta(days=days)


async def test_the_digest_names_the_slowest_of_two_clients(services: Services) -> None:
    await answered(services, "A", NOW - 20 * HOUR, HOUR)
    assert (await services.advice.digest_report(MIKA, now=NOW)).slowest is None
    await answered(services, "B", NOW - 20 * HOUR, 2 * HOUR)
    await answered(services, "B", NOW - 10 * HOUR, 3 * HOUR)
    report = await services.advice.digest_report(MIKA, now=NOW)
    assert report.slowest == ("B", 2 * HOUR)
    assert report.median == 2 * HOUR


@pytest.mark.parametrize(("beside", "warned"), [(-MICROSECOND, 0), (timedelta(), 0), (MICROSECOND, 1)])
async def test_a_dismissed_thread_is_warned_about_after_24_hours(
    services: Services, beside: timedelta, warned: int
) -> None:
    receipt = await received(services, "A", NOW - REPLY_WINDOW)
    await services.windows.dismiss(MIKA, receipt.message.id, now=NOW - HOUR, idempotency_key="x")
    assert len((await services.pending.page(MIKA, now=NOW + beside)).follow_up_warnings) == warned


@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta(), MICROSECOND])
async def test_a_window_is_listed_once_at_its_deadline(services: Services, beside: timedelta) -> None:
    """What is still open comes first, then what is overdue."""
    await received(services, "open", NOW - REPLY_WINDOW)
    await received(services, "overdue", NOW - REPLY_WINDOW - HOUR)
    pending = await services.pending.page(MIKA, now=NOW + beside)
    assert [row.thread.client for row in pending.waiting] == ["open", "overdue"]


@pytest.mark.parametrize(("beside", "overdue"), [(-MICROSECOND, 0), (timedelta(), 0), (MICROSECOND, 1)])
async def test_a_window_is_overdue_after_its_deadline(services: Services, beside: timedelta, overdue: int) -> None:
    await received(services, "A", NOW - REPLY_WINDOW)
    pending = await services.pending.page(MIKA, now=NOW + beside)
    assert (pending.counts.overdue, pending.long_overdue) == (overdue, 0)


@pytest.mark.parametrize(("beside", "long"), [(-MICROSECOND, 0), (timedelta(), 0), (MICROSECOND, 1)])
async def test_a_window_is_folded_a_week_after_its_deadline(services: Services, beside: timedelta, long: int) -> None:
    await received(services, "A", NOW - REPLY_WINDOW - LONG_OVERDUE)
    pending = await services.pending.page(MIKA, now=NOW + beside)
    assert (pending.counts.overdue, pending.long_overdue, len(pending.waiting)) == (1, long, 1 - long)
    choices = await services.pending.choices(MIKA, now=NOW + beside, page=0)
    assert len(choices) == 1


async def test_nobody_is_warned_of_another_members_threads(services: Services) -> None:
    receipt = await received(services, "A", NOW - 2 * REPLY_WINDOW)
    await services.windows.dismiss(MIKA, receipt.message.id, now=NOW - HOUR, idempotency_key="x")
    pending = await services.pending.page(MemberId(2), now=NOW)
    assert (pending.waiting, pending.follow_up_warnings) == ([], [])


@pytest.mark.parametrize(("after", "asked"), [(REPLY_WINDOW, False), (REPLY_WINDOW + MICROSECOND, True)])
async def test_a_late_reply_to_a_closing_message_is_asked_about(
    services: Services, after: timedelta, *, asked: bool
) -> None:
    at = NOW - 2 * REPLY_WINDOW
    await received(services, "A", at, final=True)
    outcome = await record(services, "A", at + after, Direction.SENT)
    assert isinstance(outcome, ClarificationNeeded) is asked


async def test_a_message_after_the_reply_is_not_what_ended_the_conversation(services: Services) -> None:
    at = NOW - 4 * REPLY_WINDOW
    await received(services, "A", at)
    await received(services, "A", at + 3 * REPLY_WINDOW, final=True)
    assert isinstance(await record(services, "A", at + 2 * REPLY_WINDOW, Direction.SENT), Receipt)


async def test_a_reply_at_the_instant_of_the_message_and_not_before_it(services: Services) -> None:
    await received(services, "A", NOW)
    with pytest.raises(NotAllowedError) as refused:
        await record(services, "A", NOW - MICROSECOND, Direction.SENT)
    assert refused.value.message_id == "recording-reply-before-received"
    assert isinstance(await record(services, "A", NOW, Direction.SENT), Receipt)


@pytest.mark.parametrize(("beside", "verdict"), [(timedelta(), "on_time"), (MICROSECOND, "late")])
async def test_of_two_replies_at_one_instant_one_counts(services: Services, beside: timedelta, verdict: str) -> None:
    """A second own message answers nothing: as many replies are explained as counted as the rate counts."""
    at = NOW - REPLY_WINDOW - beside
    await received(services, "A", at)
    first = await record(services, "A", NOW, Direction.SENT)
    message = NewMessage(
        direction=Direction.SENT,
        client="A",
        time=ParsedTime(NOW, Precision.SECOND),
        source=MessageSource.IMPORTED,
        source_key="second",
    )
    second = await services.recording.record(MIKA, message, now=NOW)
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert (first.exchange is not None, second.exchange) == (True, None)
    rate = (await services.status.report(MIKA, now=NOW)).rate
    reasons = {entry.message.id: entry.reason.verdict for entry in (await services.history.page(MIKA)).entries}
    assert (reasons[first.message.id], reasons[second.message.id], rate.replies) == (verdict, "nowhere", 1)
    corrected = await services.message_corrections.correct_time(
        MIKA, second.message.id, ParsedTime(NOW - HOUR, Precision.MINUTE), now=NOW
    )
    assert corrected.reason_before is not None
    assert (corrected.reason_before.verdict, corrected.reason.verdict) == ("nowhere", "on_time")
    assert (await services.status.report(MIKA, now=NOW)).rate.replies == 1


async def test_the_present_is_not_the_future(services: Services) -> None:
    await received(services, "A", NOW)
    with pytest.raises(InvalidInputError):
        await received(services, "A", NOW + MICROSECOND)


@pytest.mark.parametrize(("beside", "announced"), [(-MICROSECOND, True), (timedelta(), True), (MICROSECOND, False)])
async def test_the_close_is_announced_of_what_was_recorded_before_it(
    services: Services, beside: timedelta, *, announced: bool
) -> None:
    receipt = await received(services, "A", NOW - REPLY_WINDOW, now=NOW + beside)
    async with services.database.read() as transaction:
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, receipt.thread.id, 0))
    assert [kind for _, _, kind, *_ in rows] == (["closed"] if announced else [])
    assert receipt.window_closed is (beside > timedelta())


@pytest.mark.parametrize(("beside", "announced"), [(-MICROSECOND, True), (timedelta(), True), (MICROSECOND, False)])
async def test_the_close_is_announced_of_what_was_imported_before_it(
    services: Services, beside: timedelta, *, announced: bool
) -> None:
    data = f"thread,direction,sent_at\nA,received,{(NOW - REPLY_WINDOW).isoformat()}\n".encode()
    await services.data_transfer.preview_import(MIKA, "history.csv", data, now=NOW + beside)
    await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW + beside)
    async with services.database.read() as transaction:
        [thread_id] = await transaction.fetch("SELECT thread_id FROM threads WHERE member_id = $1", MIKA)
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, thread_id[0], 0))
    assert [kind for _, _, kind, *_ in rows] == (["closed"] if announced else [])


@pytest.mark.parametrize(("beside", "counted"), [(-MICROSECOND, 0), (timedelta(), 1), (MICROSECOND, 1)])
async def test_an_import_counts_its_open_windows_that_close_without_a_reminder(
    services: Services, beside: timedelta, counted: int
) -> None:
    """Not those that were open before, and none for which a reminder is still to come."""
    late, soon = NOW - REPLY_WINDOW + HOUR, NOW - HOUR
    await received(services, "B", late)
    data = "\n".join(
        [
            "thread,client,direction,sent_at",
            f"A,A,received,{(NOW - REPLY_WINDOW + beside).isoformat()}",
            f"C,C,received,{soon.isoformat()}",
        ]
    ).encode()
    await services.data_transfer.preview_import(MIKA, "history.csv", data, now=NOW)
    imported = await services.data_transfer.commit_import(MIKA, ignore_progress, now=NOW)
    assert imported.without_reminder == counted


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("days", [-1, 0, 1])
async def test_an_item_of_an_export_is_new_unless_it_was_confirmed_since(
    services: Services, days: int, *, filled: bool
) -> None:
    said_on = NOW.date() - 3 * ONE_DAY
    async with services.database.write() as transaction:
        await members.get_or_create_member(transaction, MIKA, now=NOW)
        await profile.confirm_profile_items(transaction, MIKA, {ProfileItem.PHOTO: True}, said_on)
        export = ExportData(
            messages=[],
            jobs=[],
            profile={ProfileItem.PHOTO: (filled, said_on + days * ONE_DAY)},
            calibrations=[],
            goals=[],
            muted_clients=[],
            member={},
        )
        is_new = await has_missing_statements(transaction, MIKA, export)
    assert is_new is (days > 0 or (days == 0 and not filled))


async def test_a_rank_is_of_the_day_on_which_it_was_said(services: Services) -> None:
    day, later = NOW.date() - 3 * ONE_DAY, NOW + 2 * ONE_DAY
    for changes, said_on in (
        (PreferenceChanges(rank="silver", rank_on=day), day),
        (PreferenceChanges(digest="weekly"), day),
        (PreferenceChanges(rank="silver"), later.date()),
    ):
        member, _ = await services.preferences.apply_changes(MIKA, changes, now=later)
        assert (member.rank, member.rank_on) == (Rank.SILVER, said_on)


@pytest.mark.parametrize(("beside", "refused"), [(-2 * MICROSECOND, False), (timedelta(), True)])
async def test_later_is_refused_from_the_close_on(services: Services, beside: timedelta, *, refused: bool) -> None:
    receipt = await received(services, "A", NOW - REPLY_WINDOW)
    if not refused:
        await services.windows.snooze(MIKA, receipt.message.id, now=NOW + beside)
        return
    with pytest.raises(NotAllowedError) as error:
        await services.windows.snooze(MIKA, receipt.message.id, now=NOW + beside)
    assert error.value.message_id == "recording-window-closed"


async def test_a_week_ends_before_its_last_instant(services: Services) -> None:
    end = NOW
    for client, at in {"A": end - MICROSECOND, "B": end - WEEK, "C": end - WEEK - MICROSECOND, "D": end}.items():
        await received(services, client, at - HOUR)
        await record(services, client, at, Direction.SENT)
    weeks = await exchanges.count_replies_by_week(
        services.database, MIKA, end - 3 * WEEK, end - MICROSECOND, last=end, count=3
    )
    assert weeks == (Week(0, 0), Week(1, 0), Week(2, 0))


async def test_reminders_at_the_present_are_past(services: Services) -> None:
    """A lead time whose instant is the present is not planned any more; one a microsecond later is."""
    for client, beside, count in (("A", timedelta(), 1), ("B", MICROSECOND, 2)):
        receipt = await received(services, client, NOW - 20 * HOUR + beside)
        assert len(receipt.upcoming_reminders) == count


async def test_an_ambiguous_reply_is_one_of_the_late(services: Services) -> None:
    await answered(services, "A", NOW - 2 * HOUR, HOUR)
    await received(services, "B", NOW - 30 * HOUR)
    receipt = await received(services, "B", NOW - 20 * HOUR)
    await record(services, "B", NOW, Direction.SENT)
    assert (await services.status.report(MIKA, now=NOW)).standing.rate == ReplyRate(2, 1, 1)
    threads = [receipt.thread.id]
    assert await reply_state.load_reply_rate_of_threads(services.database, MIKA, threads) == ReplyRate(1, 0, 1)
    assert await reply_state.load_reply_rate_of_threads(services.database, MIKA, []) == ReplyRate(0, 0, 0)


@pytest.mark.parametrize(("beside", "replies"), [(-MICROSECOND, 10), (timedelta(), 11)])
async def test_a_reply_from_the_display_on_is_counted_beside_it(
    services: Services, beside: timedelta, replies: int
) -> None:
    """Ten replies are displayed, of which one is recorded. Another one is among them only if it was made before that."""
    await answered(services, "A", NOW - 3 * HOUR, HOUR)
    displayed = DisplayedFigures(on=NOW.date(), at=NOW, reply_rate=900, reply_rate_unit=10, replies=10)
    await services.profile.calibrate(MIKA, displayed, now=NOW, rule=FOUR_FIFTHS)
    rate = (await services.status.report(MIKA, now=NOW)).standing.rate
    assert (rate.replies, rate.on_time, rate.estimate is not None) == (10, 9, True)
    assert rate.percent == 90
    await received(services, "B", NOW - HOUR)
    await record(services, "B", NOW + beside, Direction.SENT, now=NOW + HOUR)
    assert (await services.status.report(MIKA, now=NOW + HOUR)).standing.rate.replies == replies


@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta(), MICROSECOND])
async def test_a_reply_at_the_start_of_the_displayed_year_is_counted_once(
    services: Services, beside: timedelta
) -> None:
    """It is one of the ten that are displayed, or is not counted at all."""
    await answered(services, "A", year_before(NOW) - HOUR + beside, HOUR)
    displayed = DisplayedFigures(on=NOW.date(), at=NOW, reply_rate=900, reply_rate_unit=10, replies=10)
    await services.profile.calibrate(MIKA, displayed, now=NOW, rule=FOUR_FIFTHS)
    assert (await services.status.report(MIKA, now=NOW)).standing.rate.replies == 10


async def test_a_display_counts_for_a_year_however_many_came_after_it(services: Services) -> None:
    first = lancers_date(year_before(NOW))
    days = (lancers_date(NOW) - first).days
    async with services.database.write() as transaction:
        await members.get_or_create_member(transaction, MIKA, now=NOW)
        await profile.save_calibration(transaction, MIKA, DisplayedFigures(on=first, satisfaction=960))
        for number in range(1, days + 1):
            later = DisplayedFigures(on=first + number * ONE_DAY, earnings=number)
            await profile.save_calibration(transaction, MIKA, later)
    displayed = (await services.status.report(MIKA, now=NOW)).criteria_inputs.displayed
    assert displayed is not None
    assert (displayed.satisfaction, displayed.earnings) == (960, days)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE windows SET newest_at = newest_at - 1",
        "UPDATE occurrences SET remind_at = remind_at + 1",
        "DELETE FROM windows",
    ],
)
async def test_a_microsecond_makes_a_thread_stale(services: Services, change: str) -> None:
    checker = ConsistencyChecker(services.database, read_defaults({"DEFAULT_QUIET_HOURS": ""}))
    await received(services, "A", NOW - HOUR)
    assert await checker.check_all(now=NOW) == (1, 0)
    async with services.database.write() as transaction:
        await transaction.fetch(change)
    assert await checker.check_all(now=NOW) == (1, 1)
    assert await checker.repair(now=NOW) == (1, 1)
    assert await checker.check_all(now=NOW) == (1, 0)
