"""A fault of one member's rows ends no round: it is logged and counted, and everybody else gets their part."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.calendar import instant_to_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.fake_discord.clock import ManualClock
from bot.instrumentation import CounterName, Metrics
from bot.scheduling.periodic_tasks import PeriodicTasks
from bot.services.consistency import ConsistencyChecker
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.preference_changes import PreferenceChanges
from bot.settings import read_defaults
from storage import erased_members, retention
from storage.connect import open_database
from storage.database import Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DEFAULTS = read_defaults({"DEFAULT_QUIET_HOURS": ""})
MEMBERS = [MemberId(number) for number in range(1, 8)]
FAULTY = MEMBERS[2]
OTHERS = [member_id for member_id in MEMBERS if member_id != FAULTY]


class CountingMetrics(Metrics):
    def __init__(self) -> None:
        self.faults: list[str] = []

    def count(self, counter: CounterName, *labels: str) -> None:
        assert counter == "member_faults"
        self.faults.extend(labels)


class Sender:
    """Sends digests, except to one member."""

    def __init__(self) -> None:
        self.tries: list[MemberId] = []

    async def send_digest(self, member_id: MemberId, nonce: str, *, now: datetime) -> None:
        del nonce, now
        self.tries.append(member_id)
        if member_id == FAULTY:
            raise ZeroDivisionError


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Members with an exchange of two years ago, and a digest that is due."""
    opened = await open_database(database_url)
    services = Services(opened, DEFAULTS, lambda: None)
    for member_id in MEMBERS:
        await services.preferences.apply_changes(member_id, PreferenceChanges(digest="weekly"), now=NOW)
        for direction, days in ((Direction.RECEIVED, 801), (Direction.SENT, 800), (Direction.RECEIVED, 1)):
            at = NOW - timedelta(days=days, hours=-2)
            await record(services, member_id, direction, at)
    async with opened.write() as transaction:
        await transaction.fetch("UPDATE members SET digest_at = $1", instant_to_micros(NOW))
    yield opened
    await opened.close()


async def record(services: Services, member_id: MemberId, direction: Direction, at: datetime) -> None:
    moment = ParsedTime(at, Precision.MINUTE)
    message = NewMessage(
        direction=direction, client="A社", title=None, time=moment, source=MessageSource.WRITTEN, source_key=f"{at}"
    )
    await services.recording.record(member_id, message, now=NOW)


async def refuse_deletion(database: Database) -> None:
    """No message of one member can be deleted."""
    trigger = f"CREATE TRIGGER refused BEFORE DELETE ON messages FOR EACH ROW WHEN (OLD.member_id = {FAULTY})"
    if database.engine == "sqlite":
        statements = [f"{trigger} BEGIN SELECT RAISE(ABORT, 'damaged row'); END"]
    else:
        function = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        statements = [f"{function} $$ BEGIN RAISE 'damaged row'; END $$", f"{trigger} EXECUTE FUNCTION refuse()"]
    async with database.write() as transaction:
        for statement in statements:
            await transaction.fetch(statement)


@pytest.mark.slow
async def test_a_fault_of_one_members_rows_does_not_end_a_round(database: Database) -> None:
    await refuse_deletion(database)
    services = Services(database, DEFAULTS, lambda: None)
    clock, sender, metrics = ManualClock(NOW), Sender(), CountingMetrics()
    tasks = PeriodicTasks(services, clock, sender, backup_retention_days=30, metrics=metrics)
    async with tasks.running():
        with capture_logs() as logs:
            await tasks.wait_idle()
        assert [each["messages"] for each in logs if each["event"] == "data_purged"] == [2 * len(OTHERS)]
        assert sorted(sender.tries) == MEMBERS
        rows = await database.fetch("SELECT member_id, count(*) FROM messages GROUP BY member_id ORDER BY member_id")
        assert dict(map(tuple, rows)) == {member_id: 3 if member_id == FAULTY else 1 for member_id in MEMBERS}
        assert sorted(metrics.faults) == ["digests", "purge"]
        clock.advance_to(NOW + timedelta(minutes=5))
        await tasks.wait_idle()
        assert sorted(sender.tries) == MEMBERS, "the member is passed over for an hour"
        clock.advance_to(NOW + timedelta(hours=2))
        await tasks.wait_idle()
        assert sender.tries.count(FAULTY) == 2


async def test_a_purge_that_failed_is_tried_again_an_hour_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    purge, tries = retention.purge_old_rows, 0

    async def fail_at_first(*arguments: Any, **named: Any) -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StorageError("storage-busy")
        return await purge(*arguments, **named)

    async def count_messages() -> int:
        [[count]] = await database.fetch("SELECT count(*) FROM messages")
        return int(count)

    monkeypatch.setattr(retention, "purge_old_rows", fail_at_first)
    clock = ManualClock(NOW)

    def periodic_tasks() -> PeriodicTasks:
        services = Services(database, DEFAULTS, lambda: None)
        return PeriodicTasks(services, clock, Sender(), backup_retention_days=30)

    tasks = periodic_tasks()
    async with tasks.running():
        await tasks.wait_idle()
        for minutes, expected in ((59, 3 * len(MEMBERS)), (1, len(MEMBERS))):
            clock.advance(timedelta(minutes=minutes))
            await tasks.wait_idle()
            assert await count_messages() == expected
        assert tries == 2
        clock.advance(timedelta(hours=23))
        await tasks.wait_idle()
        assert tries == 2
    other = periodic_tasks()  # after a restart
    async with other.running():
        await other.wait_idle()
        assert tries == 2
        clock.advance(timedelta(days=1))
        await other.wait_idle()
        assert tries == 3


async def test_a_rest_of_an_erased_record_that_cannot_be_deleted_delays_no_other(database: Database) -> None:
    erased = FAULTY, MEMBERS[-1]
    async with database.write() as transaction:
        for member_id in erased:
            await erased_members.erase_and_store_erasure(
                transaction, member_id, now=NOW, last_read_message_id=None, rows_at_once=2
            )
    await refuse_deletion(database)
    clock, metrics = ManualClock(NOW), CountingMetrics()
    tasks = PeriodicTasks(
        Services(database, replace(DEFAULTS, retention_months=60), lambda: None),
        clock,
        Sender(),
        backup_retention_days=30,
        metrics=metrics,
    )
    async with tasks.running():
        for minutes, faults in ((0, 1), (5, 1), (65, 2)):
            clock.advance_to(NOW + timedelta(minutes=minutes))
            await tasks.wait_idle()
            assert await erased_members.list_returned_members(database) == [FAULTY]
            assert metrics.faults == ["purge"] * faults, "the member is passed over for an hour"
        assert await database.fetch("SELECT 1 FROM messages WHERE member_id = $1", MEMBERS[-1]) == []
        assert await database.fetch("SELECT 1 FROM duties WHERE name = 'purge'") != []


@pytest.mark.slow
async def test_a_fault_of_one_members_rows_does_not_end_a_recomputation(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.fetch("DELETE FROM windows")
        await transaction.fetch("UPDATE messages SET sent_at = $2 WHERE member_id = $1", FAULTY, 10**18)
    checker = ConsistencyChecker(database, DEFAULTS)
    assert await checker.check_all(now=NOW) == (len(MEMBERS), len(MEMBERS))
    assert await checker.repair(now=NOW) == (len(MEMBERS), len(OTHERS))
    assert await checker.check_all(now=NOW) == (len(MEMBERS), 1)
