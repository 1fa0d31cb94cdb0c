"""Whether what was derived still follows from the messages: every way to differ is found, and put right."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.consistency import BEING_CHANGED, REMINDER_DEFAULTS, REMINDER_RULES, ConsistencyChecker
from bot.services.container import Services
from bot.services.members import next_digest_at
from bot.services.new_messages import NewMessage
from bot.services.preference_changes import PreferenceChanges
from bot.settings import read_defaults
from storage import periodic_runs
from storage.cards import CardContent, CardItem, CardKind
from storage.connect import open_database
from storage.database import Database, Row
from storage.discord_ids import message_id_at
from tests.helpers.services import ignore_progress

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DEFAULTS = read_defaults({"DEFAULT_QUIET_HOURS": ""})
DERIVED = {
    "exchanges": "member_id, thread_id, asked_at, newest_asked_at, replied_at, on_time, on_time_by_newest",
    "windows": "member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed",
    "occurrences": "member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state",
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Three members with four threads each: answered in time, answered late, waiting, dismissed."""
    opened = await open_database(database_url)
    try:
        services = Services(opened, DEFAULTS, lambda: None)
        for number in (1, 2, 3):
            await record(services, number, "in time", Direction.RECEIVED, 60)
            await record(services, number, "in time", Direction.SENT, 50)
            await record(services, number, "late", Direction.RECEIVED, 60)
            await record(services, number, "late", Direction.SENT, 30)
            await record(services, number, "waiting", Direction.RECEIVED, 3)
            await record(services, number, "dismissed", Direction.RECEIVED, 2)
            page = await services.history.page(MemberId(number))
            await services.windows.dismiss(
                MemberId(number), page.entries[0].message.id, idempotency_key=f"d{number}", now=NOW
            )
        yield opened
    finally:
        await opened.close()


async def record(services: Services, member: int, client: str, direction: Direction, hours_ago: int) -> None:
    at = ParsedTime(NOW - timedelta(hours=hours_ago), Precision.MINUTE)
    key = f"{client}{direction}{hours_ago}"
    await services.recording.record(
        MemberId(member),
        NewMessage(
            direction=direction, client=client, title=None, time=at, source=MessageSource.WRITTEN, source_key=key
        ),
        now=NOW - timedelta(hours=hours_ago),
    )


async def derived(database: Database) -> dict[str, list[Row]]:
    found = {}
    for table, columns in DERIVED.items():
        settled = " WHERE state = 'planned'" if table == "occurrences" else ""
        rows = await database.fetch(f"SELECT {columns} FROM {table}{settled} ORDER BY {columns}")
        found[table] = [tuple(row) for row in rows]
    return found


async def change(database: Database, sql: str) -> None:
    async with database.write() as transaction:
        await transaction.fetch(sql)


async def test_what_the_bot_wrote_is_what_a_recomputation_makes_also_later(database: Database) -> None:
    recomputer = ConsistencyChecker(database, DEFAULTS)
    for later in (0, 10, 20, 48, 24 * 400):
        assert await recomputer.check_all(now=NOW + timedelta(hours=later)) == (12, 0)
    assert await recomputer.check_sample(6, now=NOW) == (6, 0)
    assert await recomputer.check_sample(200, now=NOW) == (12, 0)
    before = await derived(database)
    assert all(before.values())
    assert await recomputer.repair(now=NOW) == (12, 0)
    assert await derived(database) == before


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE exchanges SET on_time = 1 - on_time WHERE member_id = 1",
        "UPDATE exchanges SET asked_at = asked_at - 1 WHERE member_id = 1",
        "DELETE FROM exchanges WHERE member_id = 1",
        "INSERT INTO exchanges SELECT member_id, thread_id, 1, 1, 2, 1, 1 FROM threads WHERE member_id = 1",
        "UPDATE windows SET oldest_at = oldest_at - 1 WHERE member_id = 1",
        "UPDATE windows SET dismissed = 1 - dismissed WHERE member_id = 1",
        "DELETE FROM windows WHERE member_id = 1",
        "DELETE FROM occurrences WHERE member_id = 1 AND kind = 'lead'",
        "UPDATE occurrences SET remind_at = remind_at + 1, try_at = remind_at + 1 WHERE member_id = 1 AND state = 'planned'",
        "UPDATE occurrences SET opened_at = opened_at - 1 WHERE member_id = 1 AND state = 'planned'",
        "DELETE FROM messages WHERE member_id = 1",
    ],
)
async def test_every_way_to_differ_is_found_and_put_right(database: Database, fault: str) -> None:
    recomputer = ConsistencyChecker(database, DEFAULTS)
    before = await derived(database)
    await change(database, fault)
    read, differing = await recomputer.check_all(now=NOW)
    assert read == 12
    assert 1 <= differing <= 4
    assert await recomputer.check_sample(12, now=NOW) == (12, differing)
    assert await recomputer.repair(now=NOW) == (12, differing)
    assert await recomputer.check_all(now=NOW) == (12, 0)
    if "messages" not in fault:
        assert await derived(database) == before


async def test_claimed_reminders_are_left_to_the_dispatcher(database: Database) -> None:
    """Claimed, or planned again after a try: it looks once more before it sends."""
    recomputer = ConsistencyChecker(database, DEFAULTS)
    await change(
        database,
        "UPDATE occurrences SET state = 'claimed', claimed_until = remind_at, opened_at = 0 WHERE occurrence_id ="
        " (SELECT min(occurrence_id) FROM occurrences WHERE member_id = 1 AND state = 'planned')",
    )
    [[first, _]] = await database.fetch("SELECT occurrence_id, 0 FROM occurrences WHERE state = 'claimed'")
    await change(database, f"INSERT INTO deliveries (delivery_id, member_id, created_at) VALUES ({first}, 1, 0)")
    await change(database, f"UPDATE occurrences SET delivery_id = {first} WHERE occurrence_id = {first}")
    after = NOW + timedelta(hours=22)  # of the window's own, all that was taken away has passed
    assert await recomputer.check_all(now=after) == (12, 0)
    await change(database, "UPDATE occurrences SET state = 'planned', claimed_until = NULL WHERE state = 'claimed'")
    assert await recomputer.check_all(now=after) == (12, 0)


async def test_other_defaults_differ_only_where_members_chose_nothing(database: Database) -> None:
    services = Services(database, DEFAULTS, lambda: None)
    await services.preferences.apply_changes(MemberId(2), PreferenceChanges(lead_times="4h"), now=NOW)
    recomputer = ConsistencyChecker(database, read_defaults({"DEFAULT_QUIET_HOURS": "", "DEFAULT_LEAD_TIMES": "6h"}))
    assert await recomputer.repair(now=NOW) == (12, 2)
    leads = await database.fetch(
        "SELECT member_id, lead / 3600000000 FROM occurrences WHERE state = 'planned' AND kind = 'lead' ORDER BY 1"
    )
    assert [tuple(row) for row in leads] == [(1, 6), (2, 4), (3, 6)]


async def test_nothing_at_all(database_url: str) -> None:
    opened = await open_database(database_url)
    try:
        recomputer = ConsistencyChecker(opened, DEFAULTS)
        assert await recomputer.check_sample(200, now=NOW) == (0, 0)
        assert await recomputer.check_all(now=NOW) == (0, 0)
        assert await recomputer.repair(now=NOW) == (0, 0)
    finally:
        await opened.close()


SETTINGS = PreferenceChanges(
    timezone="Europe/Berlin", lead_times="20h,2h", quiet_hours="22:00-09:00", digest="weekly", review_day="20"
)


@pytest.mark.parametrize("door", ["settings", "import", "import beside settings of their own"])
async def test_settings_changed_in_any_way_plan_reminders_anew(database: Database, door: str) -> None:
    """Whatever is derived equals a recomputation at once, and the digest's time too."""
    services = Services(database, DEFAULTS, lambda: None)
    giver, taker = MemberId(1), MemberId(2)
    if door == "settings":
        await services.preferences.apply_changes(taker, SETTINGS, now=NOW)
    else:
        if "beside" in door:
            await services.preferences.apply_changes(taker, PreferenceChanges(lead_times="6h"), now=NOW)
        await services.preferences.apply_changes(giver, SETTINGS, now=NOW)
        with await services.data_transfer.export(giver, now=NOW, unnamed_label="") as export:
            content = export.files["nintei.json"].read()
        preview = await services.data_transfer.preview_import(taker, "nintei.json", content, now=NOW)
        assert not preview.problems
        await services.data_transfer.commit_import(taker, ignore_progress, now=NOW)
    member, preferences = await services.members.find(taker)
    assert member is not None
    assert member.timezone == "Europe/Berlin"
    assert member.digest_at == next_digest_at(member, preferences, NOW)
    planned = await derived(database)
    recomputer = ConsistencyChecker(database, DEFAULTS)
    assert await recomputer.check_all(now=NOW) == (12, 0)
    await recomputer.repair(now=NOW)
    assert await derived(database) == planned


async def test_changed_defaults_plan_reminders_anew_at_the_start(database: Database) -> None:
    """Also when the former ones come back, and when the process ended in the middle of it."""
    for environ in ({"DEFAULT_LEAD_TIMES": "20h,2h"}, {"DEFAULT_TIMEZONE": "Europe/Berlin"}, {}):
        defaults = read_defaults({"DEFAULT_QUIET_HOURS": "", **environ})
        changed = ConsistencyChecker(database, defaults)
        await changed.repair_after_changed_defaults(now=NOW)
        if "DEFAULT_LEAD_TIMES" in environ:  # the first start: what was in force before is not known
            assert await changed.check_all(now=NOW) == (12, 3)
            await changed.repair(now=NOW)
        assert await changed.check_all(now=NOW) == (12, 0)
    async with database.write() as transaction:
        await periodic_runs.save_stored_value(transaction, REMINDER_DEFAULTS, BEING_CHANGED, now=NOW)
    await change(database, "DELETE FROM occurrences WHERE state = 'planned'")
    await changed.repair_after_changed_defaults(now=NOW)
    assert await changed.check_all(now=NOW) == (12, 0)
    async with database.write() as transaction:  # an upgrade from a version with other rules
        await periodic_runs.save_stored_value(transaction, REMINDER_RULES, "1", now=NOW)
    await change(database, "DELETE FROM occurrences WHERE state = 'planned'")
    await changed.repair_after_changed_defaults(now=NOW)
    assert await changed.check_all(now=NOW) == (12, 0)
    operations: list[str] = []
    database.on_timing = lambda kind, _seconds: operations.append(kind)
    await changed.repair_after_changed_defaults(now=NOW)
    assert operations == ["statement"], "a start with the same defaults writes nothing"


async def test_changed_defaults_have_the_cards_edited_that_name_reminders(database: Database) -> None:
    services = Services(database, DEFAULTS, lambda: None)
    [[thread_id, message_id]] = await database.fetch(
        "SELECT thread_id, message_id FROM messages JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = 1 AND client = 'waiting'"
    )
    content = CardContent(kind=CardKind.RECEIPT, items=(CardItem(message_id, thread_id),))
    await services.cards.save(MemberId(1), message_id_at(NOW), 5, content, now=NOW)
    revisions = []
    for environ in ({}, {"DEFAULT_LEAD_TIMES": "20h,2h"}):
        defaults = read_defaults({"DEFAULT_QUIET_HOURS": "", **environ})
        await ConsistencyChecker(database, defaults).repair_after_changed_defaults(now=NOW)
        revisions += [row[0] for row in await database.fetch("SELECT revision FROM cards")]
    assert revisions == [0, 1]
