"""Checks of the database: its schema, its integrity, and whether derived rows equal a recomputation."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import FluentValue, StorageError
from bot.ops.checks.result import Check, CheckResult, Severity, check_result_of_error
from bot.ops.daily_backup import backup_plan, list_daily_backups
from bot.services.consistency import ConsistencyChecker
from bot.settings import Settings
from storage import member_data
from storage.admin.copy_database import PRIMARY_KEYS
from storage.admin.file_lock import is_opened_database_there
from storage.connect import (
    check_database_url,
    connect,
    database_file_exists,
    display_database_url,
    dry_run_database_start,
    sqlite_path,
)
from storage.database import Database
from storage.engines.sqlite import erasure_log_path
from storage.migrations.run import latest_schema_version, schema_version

SAMPLE_SIZE: Final = 200
"""Threads that are recomputed unless all are asked for."""


async def check_database(
    settings: Settings, *, all_threads: bool, fix: bool, now: datetime
) -> AsyncIterator[CheckResult]:
    """Check the database, its integrity, an erasure and its derived rows. Only `fix` changes anything."""
    file = sqlite_path(settings.database_url)
    try:
        check_database_url(settings.database_url)
        if file is not None and not is_opened_database_there(file):
            yield check_result_of_error(Check.DATABASE, StorageError("storage-file-lost", path=str(file)))
            return
        if file is not None and not database_file_exists(file):
            yield _missing_database_result(settings, file)
            return
        database = await connect(settings.database_url)
    except StorageError as error:
        yield check_result_of_error(Check.DATABASE, error)
        return
    try:
        async for result in _check_opened_database(database, settings, all_threads=all_threads, fix=fix, now=now):
            yield result
    finally:
        with suppress(StorageError):
            await database.close()


def _missing_database_result(settings: Settings, file: Path) -> CheckResult:
    """The result for a missing file: an error where backups or notes of erasures show that there was one."""
    params: dict[str, FluentValue] = {"path": str(file)}
    backups: list[Path] = []
    with suppress(OSError):  # a folder that may not be read; its own check says so
        backups = list_daily_backups(backup_plan(settings).folder)
    if backups or erasure_log_path(file).exists():
        return CheckResult(Check.DATABASE, Severity.ERROR, "doctor-database-gone", params)
    return CheckResult(Check.DATABASE, Severity.SKIPPED, "doctor-database-new", params)


async def _check_opened_database(
    database: Database, settings: Settings, *, all_threads: bool, fix: bool, now: datetime
) -> AsyncIterator[CheckResult]:
    newest = latest_schema_version(database.engine)
    try:
        version = await schema_version(database)
        size = await database.size()
        await dry_run_database_start(database)
    except StorageError as error:
        yield check_result_of_error(Check.DATABASE, error)
        return
    params: dict[str, FluentValue] = {
        "where": display_database_url(settings.database_url),
        "size": f"{size / 1_000_000:,.1f}",
        "step": version or 0,
        "newest": newest,
    }
    current = version == newest
    yield CheckResult(
        Check.DATABASE, Severity.OK, "doctor-database-fine" if current else "doctor-database-older", params
    )
    try:
        violations = await database.integrity_errors(PRIMARY_KEYS if current else ())
    except StorageError as error:
        yield check_result_of_error(Check.INTEGRITY, error)
        return
    if violations:
        yield CheckResult(
            Check.INTEGRITY, Severity.ERROR, "doctor-integrity-wrong", {"faults": "; ".join(violations)[:500]}
        )
        return
    yield CheckResult(Check.INTEGRITY, Severity.OK, "doctor-integrity-fine")
    if not current:
        yield CheckResult(Check.DERIVED, Severity.SKIPPED, "doctor-derived-older")
        return
    yield await _check_erasure(database)
    try:
        yield await _check_derived_rows(
            ConsistencyChecker(database, settings.defaults), all_threads=all_threads, fix=fix, now=now
        )
    except StorageError as error:
        yield check_result_of_error(Check.DERIVED, error)
    except Exception as error:  # noqa: BLE001 — a damage that the engine does not see: values that nothing stores
        params = {"error_type": type(error).__name__}
        yield CheckResult(Check.DERIVED, Severity.ERROR, "doctor-derived-unreadable", params)


async def _check_erasure(database: Database) -> CheckResult:
    """Delete a member in a transaction that is rolled back: `/erase` would fail where this does."""
    try:
        async with database.read() as transaction:
            member_id = await member_data.sample_member(transaction)
        if member_id is None:
            return CheckResult(Check.ERASURE, Severity.OK, "doctor-erasure-nobody")
        async with database.dry_run() as transaction:
            await member_data.erase_member(transaction, member_id)
    except StorageError as error:
        return check_result_of_error(Check.ERASURE, error)
    except Exception as error:  # noqa: BLE001 — each driver has its own errors for a violated constraint
        params = {"reason": f"{type(error).__name__}: {error}"[:200]}
        return CheckResult(Check.ERASURE, Severity.ERROR, "doctor-erasure-wrong", params)
    return CheckResult(Check.ERASURE, Severity.OK, "doctor-erasure-fine")


async def _check_derived_rows(
    checker: ConsistencyChecker, *, all_threads: bool, fix: bool, now: datetime
) -> CheckResult:
    if fix:
        read, differing = await checker.repair(now=now)
        return CheckResult(Check.DERIVED, Severity.OK, "doctor-derived-fixed", {"read": read, "differing": differing})
    read, differing = await (checker.check_all(now=now) if all_threads else checker.check_sample(SAMPLE_SIZE, now=now))
    params = {"read": read, "differing": differing}
    if differing:
        return CheckResult(Check.DERIVED, Severity.ERROR, "doctor-derived-differ", params)
    return CheckResult(Check.DERIVED, Severity.OK, "doctor-derived-fine", params)
