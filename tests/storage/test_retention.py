"""What is purged, at the very instant of the cutoff and a microsecond beside it, on both engines."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import LANCERS_ZONE, MICROSECOND, instant_to_micros, lancers_date
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import get_edition
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import Snooze
from bot.domain.reply.thread_state import Direction
from bot.domain.types import Edition, MailToken, MemberId, MessageId, Site, ThreadId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.preference_changes import PreferenceChanges
from bot.services.results import Receipt
from bot.settings import read_defaults
from storage import drafts, mail_addresses, operator_requests, retention, snoozes
from storage.connect import open_database
from storage.drafts import DraftContent, MissingInfo
from storage.exchanges import load_reply_rate
from storage.mail_addresses import PathState
from storage.retention import DRAFT_RETENTION, UNDO_RETENTION
from storage.snoozes import StoredSnooze

MIKA, REN = MemberId(1), MemberId(2)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
CUTOFF = NOW - timedelta(days=500)
HOUR = timedelta(hours=1)
R, S = Direction.RECEIVED, Direction.SENT


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    yield Services(database, read_defaults({"DEFAULT_QUIET_HOURS": ""}), lambda: None)
    await database.close()


async def record(
    services: Services,
    client: str,
    *messages: tuple[Direction, datetime],
    site: Site | None = None,
    member: MemberId = MIKA,
) -> None:
    for direction, at in messages:
        message = NewMessage(
            direction=direction,
            client=client,
            time=ParsedTime(at, Precision.SECOND),
            source=MessageSource.WRITTEN,
            source_key=f"{client}/{at.isoformat()}",
            site=site,
        )
        assert isinstance(await services.recording.record(member, message, now=NOW), Receipt)


async def purge(services: Services, *, first: MemberId = MIKA, last: MemberId = MIKA, now: datetime = NOW) -> int:
    async with services.database.write() as transaction:
        return await retention.purge_old_rows(
            transaction, first, last, CUTOFF, first_job_day=lancers_date(CUTOFF), now=now
        )


async def count(services: Services, table: str) -> int:
    [[number]] = await services.database.fetch(f"SELECT count(*) FROM {table}")
    return int(number)


@pytest.mark.parametrize(("beside", "purged"), [(-MICROSECOND, 2), (timedelta(), 0), (MICROSECOND, 0)])
async def test_what_was_answered_before_the_cutoff_is_purged(
    services: Services, beside: timedelta, purged: int
) -> None:
    replied_at = CUTOFF + beside
    await record(services, "A", (R, replied_at - HOUR), (S, replied_at), (R, NOW - HOUR))
    await record(services, "B", (R, NOW - 2 * HOUR), (S, NOW - HOUR))
    assert await purge(services) == purged
    assert (await count(services, "messages"), await count(services, "exchanges")) == (5 - purged, 2 - purged // 2)


@pytest.mark.parametrize(("display_age", "before_its_year", "kept"), [(200, 0, 2), (200, 66, 1), (366, 0, 0)])
async def test_what_a_displayed_rate_is_made_of_is_kept_while_the_display_counts(
    services: Services, display_age: int, before_its_year: int, kept: int
) -> None:
    """Else its replies would be taken for unseen ones. The last reply before its year says since when there is a record."""
    for client, days in (("A", 10), ("B", 20)):
        replied_at = CUTOFF - timedelta(days=days + before_its_year)
        await record(services, client, (R, replied_at - HOUR), (S, replied_at))
    await record(services, "C", (R, NOW - 2 * HOUR), (S, NOW - HOUR))
    rule = get_edition(Edition("2016")).reply_rate
    displayed = DisplayedFigures(
        on=lancers_date(NOW - timedelta(days=display_age)), reply_rate=1000, reply_rate_unit=10, replies=10
    )
    await services.profile.calibrate(MIKA, displayed, now=NOW, rule=rule)
    before = await load_reply_rate(services.database, MIKA, NOW, rule)
    assert await purge(services) == 2 * (2 - kept)
    assert await count(services, "exchanges") == kept + 1
    assert await load_reply_rate(services.database, MIKA, NOW, rule) == before


async def test_what_is_unanswered_is_kept_however_old_it_is(services: Services) -> None:
    await record(services, "A", (R, CUTOFF - HOUR))
    assert await purge(services) == 0
    assert await count(services, "windows") == 1


@pytest.mark.parametrize(("beside", "purged"), [(-MICROSECOND, 2), (timedelta(), 1)])
async def test_on_another_site_what_came_before_the_unanswered_is_purged(
    services: Services, beside: timedelta, purged: int
) -> None:
    at = CUTOFF + beside
    await record(services, "A", (R, at - HOUR), (S, at), site=Site.OTHER)
    await record(services, "B", (R, NOW - HOUR), (S, NOW), site=Site.OTHER)
    await record(services, "C", (R, CUTOFF - HOUR), site=Site.OTHER)
    assert await purge(services) == purged
    assert await count(services, "messages") == 5 - purged


async def test_a_thread_without_messages_is_kept_while_one_can_come_back(services: Services) -> None:
    await record(services, "A", (R, CUTOFF - HOUR))
    async with services.database.write() as transaction:
        await transaction.execute("UPDATE threads SET used_at = $1", instant_to_micros(CUTOFF - HOUR))
    [[message_id]] = await services.database.fetch("SELECT message_id FROM messages")
    await services.message_corrections.delete_message(MIKA, MessageId(message_id), now=NOW)
    await purge(services)
    await services.history.undo_newest_step(MIKA, (await services.history.newest_step(MIKA)).id, now=NOW)
    assert (await count(services, "messages"), await count(services, "windows")) == (1, 1)
    await services.message_corrections.delete_message(MIKA, MessageId(message_id), now=NOW)
    for _ in range(2):
        await purge(services, now=NOW + UNDO_RETENTION + MICROSECOND)
    assert await count(services, "threads") == 0


async def test_only_of_the_given_members_and_of_none_who_keep_their_history(services: Services) -> None:
    for member in (MIKA, REN):
        await record(services, "A", (R, CUTOFF - 2 * HOUR), (S, CUTOFF - HOUR), member=member)
    await services.preferences.apply_changes(MIKA, PreferenceChanges(keep_history=True), now=NOW)
    assert await purge(services, first=MIKA, last=MIKA) == 0
    assert await purge(services, first=MIKA, last=REN) == 2
    assert await count(services, "messages") == 2


@pytest.mark.parametrize(("beside", "kept"), [(timedelta(), 1), (MICROSECOND, 0)])
async def test_a_change_can_be_undone_for_30_days(services: Services, beside: timedelta, kept: int) -> None:
    await record(services, "A", (R, NOW - HOUR))
    await purge(services, now=NOW + UNDO_RETENTION + beside)
    assert await count(services, "changes") == kept


@pytest.mark.parametrize(("beside", "kept"), [(timedelta(), 1), (MICROSECOND, 0)])
async def test_the_outcome_of_what_an_operator_asked_for_is_kept_for_30_days(
    services: Services, beside: timedelta, kept: int
) -> None:
    async with services.database.write() as transaction:
        kind = operator_requests.OperatorRequestKind.BLOCK
        request_id = await operator_requests.add_operator_request(transaction, kind, now=NOW - HOUR, user_id=MIKA)
        await operator_requests.purge_operator_requests(
            transaction, now=NOW + 2 * operator_requests.RETENTION
        )  # not carried out
        await operator_requests.finish_operator_request(transaction, request_id, "blocked", now=NOW)
        await operator_requests.purge_operator_requests(transaction, now=NOW + operator_requests.RETENTION + beside)
    assert await count(services, "operator_requests") == kept


@pytest.mark.parametrize(("beside", "kept"), [(timedelta(), 1), (MICROSECOND, 0)])
async def test_a_question_can_be_answered_for_30_days(services: Services, beside: timedelta, kept: int) -> None:
    content = DraftContent(
        missing=MissingInfo.TIME, direction=R, client="A", source=MessageSource.WRITTEN, source_key="k"
    )
    await record(services, "A", (R, NOW - HOUR))
    async with services.database.write() as transaction:
        await drafts.save_draft(transaction, MIKA, content, now=NOW)
    await purge(services, now=NOW + DRAFT_RETENTION + beside)
    assert await count(services, "drafts") == kept


@pytest.mark.parametrize(("beside", "kept"), [(timedelta(), 1), (MICROSECOND, 0)])
async def test_a_snooze_is_kept_as_long_as_a_change_can_be_undone(
    services: Services, beside: timedelta, kept: int
) -> None:
    await record(services, "A", (R, NOW - HOUR))
    [[thread_id, message_id]] = await services.database.fetch("SELECT thread_id, message_id FROM messages")
    snooze = StoredSnooze(MessageId(message_id), NOW - HOUR, Snooze(NOW - HOUR, NOW))
    async with services.database.write() as transaction:
        await snoozes.save_snooze(transaction, MIKA, ThreadId(thread_id), snooze)
    await purge(services, now=NOW + UNDO_RETENTION + beside)
    assert await count(services, "snoozes") == kept


@pytest.mark.parametrize(("beside", "kept"), [(-MICROSECOND, 3), (timedelta(), 4)])
async def test_what_is_old_of_mails_is_purged_but_for_what_was_decided(
    services: Services, beside: timedelta, kept: int
) -> None:
    await record(services, "A", (R, NOW - HOUR))
    [[message_id]] = await services.database.fetch("SELECT message_id FROM messages")
    async with services.database.write() as transaction:
        await mail_addresses.get_or_create_mail_address(transaction, MIKA, MailToken("a"), now=NOW)
        paths = [
            (await mail_addresses.save_seen_mail_path(transaction, MIKA, path, None, now=CUTOFF + beside))[0].id
            for path in ("seen", "unconfirmed", "confirmed", "refused")
        ]
        await mail_addresses.mark_message_unconfirmed(transaction, MIKA, MessageId(message_id), paths[1])
        for path, state in zip(paths[2:], (PathState.CONFIRMED, PathState.REFUSED), strict=True):
            await mail_addresses.set_mail_path_state(transaction, MIKA, path, state)
        for day in (-1, 0):
            await mail_addresses.count_mail_of_day(transaction, MIKA, lancers_date(CUTOFF) + timedelta(days=day))
    await purge(services)
    assert [row[0] for row in await services.database.fetch("SELECT path_id FROM mail_paths ORDER BY 1")] == paths[
        -kept:
    ]
    assert await count(services, "mail_days") == 1
