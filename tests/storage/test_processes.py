"""Processes, event claims and periodic runs: shards are shared out evenly, and a dead process's go to the others."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import event_claims, periodic_runs, processes
from storage.database import Database
from storage.processes import ProcessAssignment

LEASE = timedelta(seconds=15)
FIVE_SECONDS = timedelta(seconds=5)


async def heartbeat(database: Database, process: str, shards: int = 4) -> ProcessAssignment:
    async with database.write() as transaction:
        return await processes.renew_process_lease(transaction, process, shards=shards, lease_ttl=LEASE)


async def age_heartbeat(database: Database, process: str, seconds: int) -> None:
    async with database.write() as transaction:
        await transaction.fetch(
            "UPDATE processes SET seen_at = seen_at - $2 WHERE process_id = $1", process, seconds * 1_000_000
        )


async def test_shards_are_shared_out_evenly_as_processes_come_and_go(database: Database) -> None:
    assert await heartbeat(database, "a") == ProcessAssignment(1, frozenset({0, 1, 2, 3}))
    assert await heartbeat(database, "b") == ProcessAssignment(2, frozenset())  # no shard is free yet
    assert await heartbeat(database, "a") == ProcessAssignment(2, frozenset({0, 1}))
    assert await heartbeat(database, "b") == ProcessAssignment(2, frozenset({2, 3}))
    assert (await heartbeat(database, "c")).shards == frozenset()
    assert await heartbeat(database, "a") == ProcessAssignment(3, frozenset({0, 1}))  # two each are an even share
    async with database.write() as transaction:
        await processes.remove_process(transaction, "a")
    assert await heartbeat(database, "c") == ProcessAssignment(2, frozenset({0, 1}))


async def test_shards_are_taken_over_when_a_lease_has_ended_and_not_before(database: Database) -> None:
    await heartbeat(database, "a", 1)
    await age_heartbeat(database, "a", 14)
    assert await heartbeat(database, "b", 1) == ProcessAssignment(2, frozenset())
    await age_heartbeat(database, "a", 2)
    assert await heartbeat(database, "b", 1) == ProcessAssignment(1, frozenset({0}))
    assert await heartbeat(database, "a", 1) == ProcessAssignment(
        2, frozenset()
    )  # it lost its shard although it was alive


async def test_a_smaller_number_of_shards_is_shared_out(database: Database) -> None:
    assert (await heartbeat(database, "a", 4)).shards == {0, 1, 2, 3}
    assert (await heartbeat(database, "a", 2)).shards == {0, 1}
    assert (await heartbeat(database, "b", 2)).shards == frozenset()
    assert (await heartbeat(database, "a", 2)).shards == {0}
    assert (await heartbeat(database, "b", 2)).shards == {1}


async def test_one_shard_identifies_in_five_seconds(database: Database) -> None:
    await heartbeat(database, "a")
    async with database.write() as transaction:
        assert await processes.claim_identify_slot(transaction, 0, FIVE_SECONDS)
        assert not await processes.claim_identify_slot(transaction, 1, FIVE_SECONDS)
        await transaction.fetch("UPDATE shards SET identified_at = identified_at - 5000000")
        assert await processes.claim_identify_slot(transaction, 1, FIVE_SECONDS)


async def test_a_clock_of_the_server_that_was_set_back_keeps_no_shards_of_a_dead_process(database: Database) -> None:
    await heartbeat(database, "dead", 1)
    await age_heartbeat(database, "dead", -3600)
    assert await heartbeat(database, "b", 1) == ProcessAssignment(2, frozenset())  # it may be alive
    await age_heartbeat(database, "dead", 14)
    assert await heartbeat(database, "b", 1) == ProcessAssignment(2, frozenset())
    await age_heartbeat(database, "dead", 2)
    assert await heartbeat(database, "b", 1) == ProcessAssignment(1, frozenset({0}))


@pytest.mark.parametrize(("seconds", "living"), [(-20, 0), (-14, 1), (14, 1), (16, 0)])
async def test_a_process_is_alive_within_a_lease_of_its_heartbeat_before_and_after(
    database: Database, seconds: int, living: int
) -> None:
    await heartbeat(database, "a")
    await age_heartbeat(database, "a", seconds)
    async with database.read() as transaction:
        assert await processes.is_any_process_alive(transaction, LEASE) == bool(living)


async def test_a_clock_of_the_server_that_was_set_back_does_not_keep_shards_from_identifying(
    database: Database,
) -> None:
    await heartbeat(database, "a")
    async with database.write() as transaction:
        assert await processes.claim_identify_slot(transaction, 0, FIVE_SECONDS)
        await transaction.fetch("UPDATE shards SET identified_at = identified_at + 4000000")
        assert not await processes.claim_identify_slot(transaction, 1, FIVE_SECONDS)  # it may have been just now
        await transaction.fetch("UPDATE shards SET identified_at = identified_at + 3600000000")
        assert await processes.claim_identify_slot(transaction, 1, FIVE_SECONDS)
        assert not await processes.claim_identify_slot(transaction, 2, FIVE_SECONDS)


async def test_an_event_is_claimed_once_and_may_be_stolen_from_a_dead_process(database: Database) -> None:
    for process in ("a", "b"):
        await heartbeat(database, process)
    assert await event_claims.claim_event(database, 1, "a", steal_from_dead=True)
    assert await event_claims.claim_event(database, 2, "a", steal_from_dead=False)
    assert not await event_claims.claim_event(database, 1, "b", steal_from_dead=True)
    await age_heartbeat(database, "a", 20)
    await heartbeat(database, "b")
    assert await event_claims.claim_event(database, 1, "b", steal_from_dead=True)
    assert not await event_claims.claim_event(database, 2, "b", steal_from_dead=False)
    async with database.write() as transaction:
        await event_claims.purge_event_claims(transaction)
        assert len(await transaction.fetch("SELECT 1 FROM claimed_events")) == 2
        await transaction.fetch("UPDATE claimed_events SET claimed_at = 0")
        await event_claims.purge_event_claims(transaction)
        assert await transaction.fetch("SELECT 1 FROM claimed_events") == []


async def test_a_periodic_task_is_due_once_an_interval_also_when_the_clock_was_wrong(database: Database) -> None:
    day, now = timedelta(days=1), datetime(2026, 11, 24, tzinfo=UTC)
    async with database.write() as transaction:
        due = [
            await periodic_runs.claim_periodic_task_if_due(transaction, "purge", day, now=at)
            for at in (now, now, now + day - timedelta(seconds=1), now + day, now + 30 * day, now + 2 * day)
        ]
        assert due == [True, False, False, True, True, True]
        await periodic_runs.save_run_of_periodic_task(transaction, "purge", now=now + 2 * day)
        await periodic_runs.save_run_of_periodic_task(transaction, "purge", now=now)
        due = [
            await periodic_runs.is_periodic_task_due(transaction, name, day, now=now + since)
            for name in ("purge", "never done")
            for since in (timedelta(), day - timedelta(seconds=1), day, -timedelta(seconds=1))
        ]
        assert due == [False, False, True, True, True, True, True, True]
        assert await periodic_runs.claim_periodic_task_if_due(transaction, "other", day, now=now)
