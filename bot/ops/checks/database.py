"""Checks of the database: its schema, its integrity, and whether derived rows equal a recomputation."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.errors import StorageError
from bot.ops.checks.result import Check, CheckResult
from bot.ops.daily_backup import is_database_lost, plan_daily_backup
from bot.services.consistency import ConsistencyChecker
from bot.settings import Settings
from storage import member_data
from storage.admin.copy_database import PRIMARY_KEYS
from storage.admin.file_lock import is_opened_database_there
from storage.connect import (
    connect,
    database_file_exists,
    display_database_url,
    dry_run_database_start,
    ensure_database_url_valid,
    sqlite_path,
)
from storage.database import Database
from storage.migrations.run import latest_schema_version, load_schema_version

SAMPLE_SIZE: Final = 200
"""Threads that are recomputed unless all are asked for."""


async def check_database(
    settings: Settings, *, all_threads: bool, fix: bool, now: datetime
) -> AsyncIterator[CheckResult]:
    """Check the database, its integrity, an erasure and its derived rows. Only `fix` changes anything."""
    file = sqlite_path(settings.database_url)
    try:
        ensure_database_url_valid(settings.database_url)
        if file is not None and not is_opened_database_there(file):
            yield Check.DATABASE.error("storage-file-lost", path=str(file))
            return
        if file is not None and is_database_lost(plan_daily_backup(settings)):
            yield Check.DATABASE.error("doctor-database-gone", path=str(file))
            return
        if file is not None and not database_file_exists(file):
            yield Check.DATABASE.skipped("doctor-database-new", path=str(file))
            return
        database = await connect(settings.database_url)
    except StorageError as error:
        yield Check.DATABASE.failed(error)
        return
    try:
        async for result in _check_opened_database(database, settings, all_threads=all_threads, fix=fix, now=now):
            yield result
    finally:
        with suppress(StorageError):
            await database.close()


async def _check_opened_database(
    database: Database, settings: Settings, *, all_threads: bool, fix: bool, now: datetime
) -> AsyncIterator[CheckResult]:
    newest = latest_schema_version(database.engine)
    try:
        version = await load_schema_version(database)
        size = await database.size()
        await dry_run_database_start(database)
    except StorageError as error:
        yield Check.DATABASE.failed(error)
        return
    current = version == newest
    yield Check.DATABASE.ok(
        "doctor-database-fine" if current else "doctor-database-older",
        where=display_database_url(settings.database_url),
        size=f"{size / 1_000_000:,.1f}",
        step=version or 0,
        newest=newest,
    )
    try:
        violations = await database.integrity_errors(PRIMARY_KEYS if current else ())
    except StorageError as error:
        yield Check.INTEGRITY.failed(error)
        return
    if violations:
        yield Check.INTEGRITY.error("doctor-integrity-wrong", faults="; ".join(violations)[:500])
        return
    yield Check.INTEGRITY.ok("doctor-integrity-fine")
    if not current:
        yield Check.DERIVED.skipped("doctor-derived-older")
        return
    yield await _try_erasure(database)
    try:
        yield await _check_derived_rows(
            ConsistencyChecker(database, settings.defaults), all_threads=all_threads, fix=fix, now=now
        )
    except StorageError as error:
        yield Check.DERIVED.failed(error)
    except Exception as error:  # noqa: BLE001 — a damage that the engine does not see: values that nothing stores
        yield Check.DERIVED.error("doctor-derived-unreadable", error_type=type(error).__name__)


async def _try_erasure(database: Database) -> CheckResult:
    """Delete a member in a transaction that is rolled back: `/erase` would fail where this does."""
    try:
        async with database.read() as transaction:
            member_id = await member_data.find_recent_member_with_few_messages(transaction)
        if member_id is None:
            return Check.ERASURE.ok("doctor-erasure-nobody")
        async with database.dry_run() as transaction:
            await member_data.erase_member(transaction, member_id)
    except StorageError as error:
        return Check.ERASURE.failed(error)
    except Exception as error:  # noqa: BLE001 — each driver has its own errors for a violated constraint
        return Check.ERASURE.error("doctor-erasure-wrong", reason=f"{type(error).__name__}: {error}"[:200])
    return Check.ERASURE.ok("doctor-erasure-fine")


async def _check_derived_rows(
    checker: ConsistencyChecker, *, all_threads: bool, fix: bool, now: datetime
) -> CheckResult:
    if fix:
        read, differing = await checker.repair(now=now)
        return Check.DERIVED.ok("doctor-derived-fixed", read=read, differing=differing)
    read, differing = await (checker.check_all(now=now) if all_threads else checker.check_sample(SAMPLE_SIZE, now=now))
    if differing:
        return Check.DERIVED.error("doctor-derived-differ", read=read, differing=differing)
    return Check.DERIVED.ok("doctor-derived-fine", read=read, differing=differing)
