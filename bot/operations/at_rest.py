"""What is kept: the database, whether it is whole, and whether what was derived in it still follows from the rest."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.errors import FluentValue, StorageError
from bot.operations.findings import Check, Finding, Mark, told
from bot.services.consistency import ConsistencyChecker
from bot.settings import Settings
from storage.admin import integrity
from storage.connect import connect, display_url, sqlite_path
from storage.database import Database
from storage.migrations.run import latest_version, schema_version

SAMPLE: Final = 200
"""Threads that are read again when not all are asked for."""


async def look_at_database(settings: Settings, *, every: bool, fix: bool, now: datetime) -> AsyncIterator[Finding]:
    """Database, integrity, derived rows. Nothing is changed but with `fix`."""
    file = sqlite_path(settings.database_url)
    if file is not None and not file.exists():
        yield Finding(Check.DATABASE, Mark.LEFT_OUT, "doctor-database-new", {"path": str(file)})
        return
    try:
        database = await connect(settings.database_url)
    except StorageError as fault:
        yield told(Check.DATABASE, fault)
        return
    try:
        async for finding in _look(database, settings, every=every, fix=fix, now=now):
            yield finding
    finally:
        with suppress(StorageError):
            await database.close()


async def _look(
    database: Database, settings: Settings, *, every: bool, fix: bool, now: datetime
) -> AsyncIterator[Finding]:
    newest = latest_version(multi_process=database.multi_process)
    try:
        step = await schema_version(database)
        size = await integrity.size(database)
    except StorageError as fault:
        yield told(Check.DATABASE, fault)
        return
    if step is not None and step > newest:
        yield told(Check.DATABASE, StorageError("storage-newer", step=str(step), newest=str(newest)))
        return
    about: dict[str, FluentValue] = {
        "where": display_url(settings.database_url),
        "size": f"{size / 1_000_000:,.1f}",
        "step": step or 0,
        "newest": newest,
    }
    current = step == newest
    yield Finding(Check.DATABASE, Mark.FINE, "doctor-database-fine" if current else "doctor-database-older", about)
    try:
        wrong = await integrity.integrity_errors(database) if current or not database.multi_process else []
    except StorageError as fault:
        yield told(Check.INTEGRITY, fault)
        return
    if wrong:
        yield Finding(Check.INTEGRITY, Mark.WRONG, "doctor-integrity-wrong", {"faults": "; ".join(wrong)[:500]})
        return
    yield Finding(Check.INTEGRITY, Mark.FINE, "doctor-integrity-fine")
    if not current:
        yield Finding(Check.DERIVED, Mark.LEFT_OUT, "doctor-derived-older")
        return
    try:
        yield await _derived(ConsistencyChecker(database, settings.defaults), every=every, fix=fix, now=now)
    except StorageError as fault:
        yield told(Check.DERIVED, fault)


async def _derived(recompute: ConsistencyChecker, *, every: bool, fix: bool, now: datetime) -> Finding:
    if fix:
        read, differing = await recompute.repair(now=now)
        return Finding(Check.DERIVED, Mark.FINE, "doctor-derived-fixed", {"read": read, "differing": differing})
    read, differing = await (recompute.check_all(now=now) if every else recompute.check_sample(SAMPLE, now=now))
    about = {"read": read, "differing": differing}
    if differing:
        return Finding(Check.DERIVED, Mark.WRONG, "doctor-derived-differ", about)
    return Finding(Check.DERIVED, Mark.FINE, "doctor-derived-fine", about)
