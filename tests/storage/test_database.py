"""The database on both engines: transactions, locks, notifications, and a `StorageError` for every refusal."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.services.member_guard import may_be_fault_of_one_member
from storage.connect import connect, open_database
from storage.database import (
    MAX_PARAMS,
    Database,
    Query,
    Transaction,
    _combine_queries,
    columns_of_row_parser,
    insert_sql,
    sql_placeholders,
    upsert_sql,
)
from storage.engines.postgresql import open_postgresql
from storage.engines.sqlite import _to_sqlite_statement, open_sqlite
from storage.migrations.run import latest_schema_version
from tests.helpers.closing import CloseLater, closing
from tests.helpers.erasure_notes import append_note

INSERT = "INSERT INTO members (member_id, joined_at) VALUES ($1, $2)"
THREAD = "INSERT INTO threads (member_id, client_key, title_key, used_at) VALUES ($1, $2, '', 0) RETURNING thread_id"
BROKEN = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)


async def test_placeholders_are_bound_by_their_number(database: Database) -> None:
    rows = await database.fetch("SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($2 AS TEXT)", 1, "two")
    assert [tuple(row) for row in rows] == [("two", 1, "two")]


async def test_integers_texts_and_null_are_read_as_written(database: Database) -> None:
    numbers = [1, 2**53 + 1, 2**63 - 1]
    texts = ["", "株式会社 髙橋﨑 🦊", "'; DROP TABLE members; --", "$1 %s ? :a", "é" * 5_000, None]
    async with database.write() as transaction:
        await transaction.execute_many(INSERT, [(number, -1) for number in numbers])
        for text in texts:
            await transaction.fetch("UPDATE members SET timezone = $2 WHERE member_id = $1", 1, text)
            row = await transaction.fetch_one("SELECT timezone, joined_at FROM members WHERE member_id = $1", 1)
            assert row is not None
            assert tuple(row) == (text, -1)
    rows = await database.fetch("SELECT member_id FROM members ORDER BY member_id")
    assert [row[0] for row in rows] == numbers
    [[count, total]] = await database.fetch("SELECT count(*), CAST(sum(joined_at) AS BIGINT) FROM members")
    assert (type(count), count, type(total), total) == (int, 3, int, -3)


def query(columns: str, source: str, *values: int | str | None) -> Query[list[tuple[object, ...]]]:
    return Query(tuple(columns.split(", ")), source, values, lambda rows: [tuple(row) for row in rows])


async def test_queries_run_together_have_the_results_of_each_alone(database: Database) -> None:
    texts = ["", "株式会社 髙橋﨑 🦊", '"quoted" \\ \'; -- [1, 2]', "$1 $2 q0 c0", None]
    async with database.write() as transaction:
        await transaction.execute_many(INSERT, [(2**63 - 1 - number, -number) for number in range(len(texts))])
        for number, text in enumerate(texts):
            await transaction.fetch("UPDATE members SET timezone = $1 WHERE joined_at = $2", text, -number)
    queries = [
        query("timezone, member_id", "FROM members ORDER BY joined_at DESC"),
        query("timezone", "FROM members WHERE joined_at BETWEEN $2 AND $1 ORDER BY joined_at", 0, -2),
        query("1", "FROM members WHERE member_id = $1", 5),
        query("count(*), count(*) FILTER (WHERE joined_at = $1)", "FROM members", -1),
        query("member_id", "FROM members ORDER BY joined_at LIMIT $1", 1),
    ]
    results = await database.query_many(*queries)
    assert [results[each] for each in queries] == [await database.query(each) for each in queries]
    assert results[queries[0]] == [(text, 2**63 - 1 - number) for number, text in enumerate(texts)]
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 5, -1)
        assert (await transaction.query_many(queries[2]))[queries[2]] == [(1,)], "what the transaction itself did"


async def test_more_ids_than_a_statement_takes(database: Database) -> None:
    ids = list(range(2 * MAX_PARAMS + 1))
    async with database.write() as transaction:
        await transaction.execute_many(insert_sql("members", ("member_id", "joined_at")), [(each, 7) for each in ids])
    sql = "SELECT member_id FROM members WHERE joined_at = $1 AND member_id IN ({ids})"
    assert sorted(row[0] for row in await database.fetch_for_ids(sql, 7, ids=[*ids, -1])) == ids
    assert await database.fetch_for_ids(sql, 7, ids=[]) == []
    assert await database.fetch_for_ids(sql, 8, ids=ids) == []


@pytest.mark.slow
@pytest.mark.parametrize("cached", [_to_sqlite_statement, _combine_queries])
async def test_the_texts_of_statements_are_not_kept_without_limit(cached: Any, tmp_path: Path) -> None:
    """A list of ids makes another text for each length."""
    sizes: list[int] = []
    async with closing(await open_database(f"sqlite:///{tmp_path}/a.db")) as database:
        for start in range(3):
            for length in range(1, MAX_PARAMS + 1):
                source = f"WHERE {start} IN ({sql_placeholders(range(length))})"
                await database.query_many(query("1", source, *range(length)))
            sizes.append(cached.cache_info().currsize)
    assert sizes[1] == sizes[2]


async def test_an_upsert_replaces_what_is_not_its_key(database: Database) -> None:
    sql = upsert_sql("members", ("member_id", "joined_at", "timezone"), key=("member_id",))
    async with database.write() as transaction:
        await transaction.execute_many(sql, [(1, 5, "UTC"), (2, 5, None), (1, 6, None)])
    rows = await database.fetch("SELECT member_id, joined_at, timezone FROM members ORDER BY member_id")
    assert [tuple(row) for row in rows] == [(1, 6, None), (2, 5, None)]


def test_the_columns_of_a_row_are_the_parameters_of_its_function() -> None:
    def read(member_id: int, joined_at: int, *thread: object) -> None: ...

    assert columns_of_row_parser(read) == ("member_id", "joined_at")


async def test_many_rows_in_one_call_and_none_at_all(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.execute_many(INSERT, [])
        await transaction.execute_many(INSERT, ((number, 0) for number in range(1_000)))
        await transaction.execute_many("DELETE FROM members WHERE member_id = $1", [(number,) for number in range(990)])
    assert len(await database.fetch("SELECT 1 FROM members")) == 10


async def test_statements_without_a_result_run_in_their_order(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.execute(INSERT, 1, 5)
        await transaction.execute_many("UPDATE members SET joined_at = joined_at * $1", [(2,), (3,)])
        assert [row[0] for row in await transaction.fetch("SELECT joined_at FROM members")] == [30]
        await transaction.execute("UPDATE members SET joined_at = 7")
    assert [row[0] for row in await database.fetch("SELECT joined_at FROM members")] == [7]


async def test_a_refused_statement_without_a_result_ends_its_transaction(database: Database) -> None:
    with pytest.raises(BROKEN):
        async with database.write() as transaction:
            await transaction.execute(INSERT, 1, 0)
            await transaction.execute(INSERT, 1, 0)
    assert await database.fetch("SELECT 1 FROM members") == []


async def test_rows_are_locked_before_the_others_are_read(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)

    async def add_one() -> None:
        locking = query("member_id", "FROM members WHERE member_id = $1 FOR NO KEY UPDATE", 1)
        count = query("joined_at", "FROM members WHERE member_id = $1", 1)
        async with database.write() as transaction:
            results = await transaction.lock_and_query(locking, count)
            assert results[locking] == [(1,)]
            [[joined_at]] = results[count]
            assert isinstance(joined_at, int)
            await transaction.execute("UPDATE members SET joined_at = $1", joined_at + 1)

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert [row[0] for row in await database.fetch("SELECT joined_at FROM members")] == [20]


async def test_an_upsert_and_returning(database: Database) -> None:
    upsert = f"{INSERT} ON CONFLICT (member_id) DO UPDATE SET joined_at = excluded.joined_at RETURNING joined_at"
    async with database.write() as transaction:
        assert [row[0] for row in await transaction.fetch(upsert, 1, 5)] == [5]
        assert [row[0] for row in await transaction.fetch(upsert, 1, 6)] == [6]
        assert await transaction.fetch_one(f"{INSERT} ON CONFLICT DO NOTHING RETURNING 1", 1, 7) is None


async def test_a_block_that_raises_or_is_cancelled_is_rolled_back(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 1, 0)
            raise RuntimeError

    entered = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 2, 0)
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 3, 0)
    assert [row[0] for row in await database.fetch("SELECT member_id FROM members")] == [3]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("is_committing", [False, True])
async def test_a_writer_cancelled_a_second_time_leaves_the_next_ones_transaction_alone(
    tmp_path: Path, close_later: CloseLater, *, is_committing: bool
) -> None:
    """Of what the first one has asked for, nothing has run when the next one begins."""
    database = close_later(await open_database(f"sqlite:///{tmp_path}/a.db"))
    gate, next_has_written = threading.Event(), threading.Event()
    inserted = asyncio.Event()
    held: list[asyncio.Task[object]] = []

    async def write_first() -> None:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 1, 0)
            held.append(asyncio.create_task(database._writer._execute(gate.wait, 5)))
            await asyncio.sleep(0)  # from now on the connection's thread waits
            inserted.set()
            if not is_committing:
                await asyncio.Event().wait()

    async def write_next() -> None:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 2, 0)
            await transaction.fetch(INSERT, 3, 0)

    first = asyncio.create_task(write_first())
    await inserted.wait()
    for _ in range(2):
        first.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await first
    following = asyncio.create_task(write_next())
    await asyncio.sleep(0)  # it has asked for its first insert
    held.append(asyncio.create_task(database._writer._execute(next_has_written.set)))
    await asyncio.sleep(0)
    gate.set()
    assert next_has_written.wait(5)  # the loop stands still until then
    await asyncio.gather(following, *held)
    stored = [row[0] for row in await database.fetch("SELECT member_id FROM members ORDER BY member_id")]
    assert stored == ([1, 2, 3] if is_committing else [2, 3])


async def test_errors_of_the_block_are_not_translated(database: Database) -> None:
    for error in (TimeoutError, OSError, ConnectionResetError):
        with pytest.raises(error):
            async with database.write():
                raise error
        with pytest.raises(error):
            async with database.try_lock("anything"):
                raise error


@pytest.mark.parametrize("values", [(2**63,), (1, 2), ()], ids=["too large", "one too many", "one too few"])
async def test_values_that_the_driver_refuses_are_no_outage(database: Database, values: tuple[int, ...]) -> None:
    """They may be one member's, so that the others' work goes on."""
    sql = "INSERT INTO members (member_id, joined_at) VALUES (9, $1)"

    async def stream(transaction: Transaction) -> None:
        async for _ in transaction.stream("SELECT 1 FROM members WHERE joined_at = $1", *values):
            pass

    for run in (
        lambda transaction: transaction.fetch(sql, *values),
        lambda transaction: transaction.execute_many(sql, [values]),
        stream,
    ):
        with pytest.raises((StorageError, OverflowError)) as raised:
            async with database.write() as transaction:
                await run(transaction)
        assert may_be_fault_of_one_member(raised.value), raised.value
    with pytest.raises((StorageError, OverflowError)) as raised:
        await database.fetch("SELECT 1 FROM members WHERE joined_at = $1", *values)
    assert may_be_fault_of_one_member(raised.value), raised.value
    assert await database.fetch("SELECT 1 FROM members") == []


async def test_a_refusal_is_counted(database: Database) -> None:
    """Of a statement, of a transaction that reads, and of one that writes."""
    counted: list[str] = []
    database.on_error = counted.append
    with pytest.raises(StorageError):
        await database.fetch("SELECT * FROM no_such_table")
    for transaction in (database.read(), database.write()):
        with pytest.raises(StorageError):
            async with transaction as begun:
                await begun.fetch("SELECT * FROM no_such_table")
    assert counted == ["storage-failed"] * 3


async def test_a_read_is_a_snapshot_and_waits_for_no_writer(database: Database) -> None:
    async with database.write() as writing:
        await writing.fetch(INSERT, 1, 0)
        async with database.read() as reading:
            assert await reading.fetch("SELECT 1 FROM members") == []
    async with database.read() as reading:
        before = await reading.fetch("SELECT 1 FROM members")
        async with database.write() as writing:
            await writing.fetch(INSERT, 2, 0)
        assert len(await reading.fetch("SELECT 1 FROM members")) == len(before) == 1


async def test_writers_of_one_member_wait_for_each_other(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)

    async def add_one() -> None:
        async with database.write() as transaction:
            row = await transaction.fetch_one("SELECT joined_at FROM members WHERE member_id = $1 FOR NO KEY UPDATE", 1)
            assert row is not None
            await asyncio.sleep(0)
            await transaction.fetch("UPDATE members SET joined_at = $2 WHERE member_id = $1", 1, row[0] + 1)

    await asyncio.gather(*(add_one() for _ in range(40)))
    assert [row[0] for row in await database.fetch("SELECT joined_at FROM members")] == [40]


async def test_one_transaction_at_a_time_has_a_named_lock(database: Database) -> None:
    entered: list[str] = []

    async def enter(name: str) -> None:
        async with database.write() as transaction:
            await transaction.lock("something")
            entered.append(name)
            await asyncio.sleep(0.01)
            assert entered[-1] == name

    await asyncio.gather(enter("a"), enter("b"), enter("c"))


async def test_a_lock_that_is_taken_is_not_given_and_a_released_one_is(database: Database) -> None:
    async with (
        database.try_lock("rounds") as first,
        database.try_lock("rounds") as second,
        database.try_lock("other") as third,
    ):
        assert (first, second, third) == (True, False, True)
    async with database.try_lock("rounds") as again:
        assert again


@pytest.mark.postgres
async def test_a_lock_that_is_not_given_keeps_no_connection(server_url: str, close_later: CloseLater) -> None:
    other = close_later(await connect(server_url))
    database = close_later(await open_postgresql(server_url, max_connections=1))
    async with other.try_lock("rounds"), database.try_lock("rounds") as acquired:
        assert not acquired
        assert len(await database.fetch("SELECT 1")) == 1


@pytest.mark.postgres
async def test_a_lock_whose_caller_was_cancelled_stays_with_no_connection(
    server_url: str, close_later: CloseLater
) -> None:
    """At whatever moment of the way to the server and back, when it is asked for or given back."""
    other = close_later(await connect(server_url))
    database = close_later(await open_postgresql(server_url, max_connections=1))

    async def enter() -> None:
        async with database.try_lock("rounds"):
            await asyncio.sleep(0)

    for number in range(60):
        entering = asyncio.create_task(enter())
        cancel_at = time.perf_counter() + number * 0.00003
        await asyncio.sleep(0)
        while time.perf_counter() < cancel_at:  # noqa: ASYNC110 — a moment shorter than a timer
            await asyncio.sleep(0)
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        async with asyncio.timeout(10):
            while True:
                async with other.try_lock("rounds") as acquired:
                    if acquired:
                        break
                await asyncio.sleep(0.01)


async def test_a_row_cannot_refer_to_another_members_thread(database: Database) -> None:
    window = (
        "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
        " VALUES ($1, $2, 0, 0, 0, 0)"
    )
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)
        await transaction.fetch(INSERT, 2, 0)
        [[number]] = await transaction.fetch(THREAD, 1, "a")
    with pytest.raises(BROKEN):
        async with database.write() as transaction:
            await transaction.fetch(window, 2, number)
    assert await database.fetch("SELECT 1 FROM windows") == []


async def test_strpos_takes_wildcards_literally(database: Database) -> None:
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)
        for key in ("100%_a", "髙橋"):
            await transaction.fetch(THREAD, 1, key)
    for part, count in (("%_", 1), ("橋", 1), ("", 2), ("x", 0)):
        assert len(await database.fetch("SELECT 1 FROM threads WHERE strpos(client_key, $1) > 0", part)) == count


async def test_an_id_is_never_used_again(database: Database) -> None:
    add = (
        "INSERT INTO jobs (member_id, day, method, category, reward, outcome, count)"
        " VALUES (1, '2026-11-24', 'task', '', 1, 'completed', 1) RETURNING job_id"
    )
    async with database.write() as transaction:
        await transaction.fetch(INSERT, 1, 0)
        [[first]] = await transaction.fetch(add)
        await transaction.fetch("DELETE FROM jobs")
        [[second]] = await transaction.fetch(add)
    assert second > first


async def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    async with closing(await open_database(database_url)) as database, database.write() as transaction:
        await transaction.fetch("INSERT INTO migrations (step) VALUES (9999)")
    with pytest.raises(StorageError) as raised:
        await open_database(database_url)
    assert raised.value.message_id == "storage-newer"


@pytest.mark.postgres
async def test_opened_by_several_at_once_each_step_runs_once(server_url: str, close_later: CloseLater) -> None:
    opened = await asyncio.gather(*(open_database(server_url) for _ in range(4)))
    for database in opened:
        close_later(database)
    steps = [row[0] for row in await opened[0].fetch("SELECT step FROM migrations ORDER BY step")]
    assert len(steps) == len(set(steps))


async def test_an_erased_member_is_erased_again_from_a_restored_database(database_url: str) -> None:
    async with closing(await open_database(database_url)) as database:
        async with database.write() as transaction:
            await transaction.execute_many(INSERT, [(1, 100), (2, 100), (3, 300)])
        append_note(database.erasure_log_path, MemberId(1), instant_from_micros(200))
        append_note(database.erasure_log_path, MemberId(3), instant_from_micros(200))  # joined again after the erasure
    async with closing(await open_database(database_url)) as database:
        assert [row[0] for row in await database.fetch("SELECT member_id FROM members ORDER BY member_id")] == [2, 3]


@pytest.mark.postgres
async def test_both_engines_have_the_same_tables_and_columns(
    tmp_path: Path, server_url: str, close_later: CloseLater
) -> None:
    sqlite = close_later(await open_database(f"sqlite:///{tmp_path}/a.db"))
    postgresql = close_later(await open_database(server_url))
    rows = await sqlite.fetch("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = {row[0] for row in rows}
    rows = await postgresql.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    assert tables == {row[0] for row in rows}
    for table in tables:
        async with sqlite.read() as on_sqlite, postgresql.read() as on_postgresql:
            assert await on_sqlite.columns(table) == await on_postgresql.columns(table)
    assert latest_schema_version("sqlite") == latest_schema_version("postgresql")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:secret@127.0.0.1:1/x",
        "postgresql://",
        "mysql://localhost/x",
        "sqlite:",
        "sqlite:///",
        "nonsense",
        "sqlite:////proc/nowhere/a.db",
    ],
)
async def test_a_database_that_cannot_be_opened_is_an_error_without_the_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    with pytest.raises(StorageError) as raised:
        await open_database(url)
    assert "secret" not in str(raised.value.arguments)


@pytest.mark.sqlite_only
async def test_a_file_that_another_program_has_locked_is_an_error(tmp_path: Path, close_later: CloseLater) -> None:
    database = close_later(await open_sqlite(tmp_path / "a.db", busy_timeout=0.01))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as raised:
        async with database.write():
            pass
    assert raised.value.message_id == "storage-busy"
    other.close()


@pytest.mark.sqlite_only
async def test_a_locked_file_is_waited_for_15_seconds(tmp_path: Path, close_later: CloseLater) -> None:
    database = close_later(await open_sqlite(tmp_path / "a.db"))
    found = []
    for transaction in (database.write(), database.read(), database.long_read()):
        async with transaction as begun:
            found += [row[0] for row in await begun.fetch("PRAGMA busy_timeout")]
    assert found == [15_000] * 3


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("closed_at_try", "is_emptied"), [(1, True), (3, True), (4, False)])
async def test_the_log_is_emptied_where_another_program_closes_it_within_three_tries(
    tmp_path: Path, closed_at_try: int, close_later: CloseLater, *, is_emptied: bool
) -> None:
    database = close_later(await open_sqlite(tmp_path / "a.db"))
    database.purge_pause = 0
    async with database.write() as transaction:
        await transaction.fetch("CREATE TABLE texts (a TEXT)")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM texts").fetchall()
    async with database.write() as transaction:
        await transaction.fetch("INSERT INTO texts VALUES ('erased')")
    tries: list[str] = []

    def note_try(sql: str) -> None:
        if "wal_checkpoint" not in sql:
            return
        tries.append(sql)
        if len(tries) == closed_at_try:
            other.execute("COMMIT")

    await database._writer.set_trace_callback(note_try)
    refusal = None
    try:
        await database.purge_deleted_data()
    except StorageError as error:
        refusal = error.message_id
    log_size = (tmp_path / "a.db-wal").stat().st_size
    other.close()
    assert (refusal is None, len(tries)) == (is_emptied, min(closed_at_try, 3))
    assert refusal in {None, "storage-scrub-waits"}
    assert (log_size == 0) == is_emptied
    assert database.needs_purge is not is_emptied


@pytest.mark.sqlite_only
async def test_nobody_waits_while_the_log_cannot_be_emptied(
    tmp_path: Path, close_later: CloseLater, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = close_later(await open_sqlite(tmp_path / "a.db"))
    async with database.write() as transaction:
        await transaction.fetch("CREATE TABLE texts (a TEXT)")
    is_paused = asyncio.Event()
    pause = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds:
            is_paused.set()
        await pause(0)

    async with database.long_read() as reader:
        await reader.fetch("SELECT * FROM texts")
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO texts VALUES ('erased')")
        monkeypatch.setattr(asyncio, "sleep", sleep)
        purge = asyncio.create_task(database.purge_deleted_data())
        began = time.monotonic()
        await is_paused.wait()
        async with database.write() as transaction:
            await transaction.fetch("INSERT INTO texts VALUES ('b')")
        assert time.monotonic() - began < 5
        with pytest.raises(StorageError, match="storage-scrub-waits"):
            await purge
    await database.purge_deleted_data()
    assert not database.needs_purge
    async with database.write() as transaction:
        [row] = await transaction.fetch("PRAGMA busy_timeout")
    assert row[0] == 15_000


@pytest.mark.sqlite_only
async def test_a_log_that_a_killed_process_left_may_hold_deleted_data(tmp_path: Path, close_later: CloseLater) -> None:
    database = close_later(await open_database(f"sqlite:///{tmp_path / 'a.db'}"))
    assert not database.needs_purge
    for name in ("a.db", "a.db-wal"):
        (tmp_path / f"killed-{name}").write_bytes((tmp_path / name).read_bytes())
    left = close_later(await open_sqlite(tmp_path / "killed-a.db"))
    assert left.needs_purge
    await left.purge_deleted_data()
    assert (tmp_path / "killed-a.db-wal").stat().st_size == 0


@pytest.mark.postgres
async def test_a_server_that_ends_every_connection_is_an_error_and_then_works_again(
    server_url: str, close_later: CloseLater
) -> None:
    database = close_later(await open_database(server_url))
    other = close_later(await connect(server_url))
    with pytest.raises(StorageError) as raised:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 1, 0)
            await other.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await transaction.fetch(INSERT, 2, 0)
    assert raised.value.message_id == "storage-unreachable"
    assert await database.fetch("SELECT 1 FROM members") == []


@pytest.mark.postgres
@pytest.mark.parametrize("ended_by", ["server", "pool"])
async def test_every_statement_on_a_lost_connection_says_that_the_server_is_unreachable(
    server_url: str, close_later: CloseLater, ended_by: str
) -> None:
    """The first one may hear of the loss; to a later one asyncpg says that its connection was used wrongly."""
    database = close_later(await open_database(server_url))
    other = close_later(await connect(server_url))
    errors: list[str] = []
    with pytest.raises(StorageError) as raised:
        async with database.write() as transaction:
            await transaction.fetch(INSERT, 1, 0)
            if ended_by == "pool":
                database._pool.terminate()
            else:
                await other.fetch(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            for _ in range(3):
                try:
                    await transaction.fetch(INSERT, 2, 0)
                except StorageError as error:
                    errors.append(error.message_id)
    assert errors == ["storage-unreachable"] * 3
    assert raised.value.message_id == "storage-unreachable"


@pytest.mark.postgres
async def test_other_processes_are_notified_also_after_a_lost_connection(
    server_url: str, close_later: CloseLater
) -> None:
    one, other = (
        close_later(await connect(server_url)),
        close_later(await open_postgresql(server_url, reconnect_delay=0.05)),
    )
    received: asyncio.Queue[str] = asyncio.Queue()
    own: list[str] = []
    async with one.listen(own.append), other.listen(received.put_nowait):
        await one.notify("wake 5")
        assert await asyncio.wait_for(received.get(), 5) == "wake 5"
        await one.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        async with asyncio.timeout(10):
            while received.empty():
                await one.notify("again")
                await asyncio.sleep(0.05)
    assert own == []


@pytest.mark.postgres
async def test_a_lock_is_released_when_its_connection_ends(server_url: str, close_later: CloseLater) -> None:
    one, other = close_later(await connect(server_url)), close_later(await connect(server_url))
    async with one.try_lock("rounds") as first:
        assert first
        async with other.try_lock("rounds") as second:
            assert not second
        await other.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        async with asyncio.timeout(5):
            while True:
                async with other.try_lock("rounds") as second:
                    if second:
                        break
