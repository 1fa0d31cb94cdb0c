"""Checks of the machine: the data folder, free disk space, the age and number of backups, the drawing library."""

import glob
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.ops.checks.result import Check, CheckResult
from bot.ops.daily_backup import DAILY, FREE_FACTOR, BackupPlan, list_daily_backups, plan_daily_backup
from bot.ops.disk import free_disk_bytes, nearest_existing_folder
from bot.settings import Settings

MIN_FREE_BYTES: Final = 200_000_000
"""Bytes that should be free, or twice the size of the database if that is more."""

TEMPORARY_BYTES: Final = 1_000_000
"""Of a file that is written for a try."""

DRAWING_PACKAGES: Final = ("matplotlib", "matplotlib_fontja")


def check_machine(settings: Settings, *, now: datetime, min_free_bytes: int = MIN_FREE_BYTES) -> Iterator[CheckResult]:
    """Check the folder, the disk, the backups and the drawing library."""
    plan = plan_daily_backup(settings)
    folder = nearest_existing_folder(plan.file.parent if plan.file else settings.erasures_folder)
    yield from _check_or_report_refusal(Check.FOLDER, lambda: [_check_data_folder(folder, plan.file)])
    yield from _check_or_report_refusal(Check.DISK, lambda: [_check_free_disk_space(folder, plan.file, min_free_bytes)])
    yield from _check_temporary_files()
    yield from _check_or_report_refusal(Check.BACKUPS, lambda: _check_backups(settings, plan, now))
    yield _check_drawing_library(settings)


def _check_or_report_refusal(check: Check, run: Callable[[], Iterable[CheckResult]]) -> list[CheckResult]:
    """The results of a check; one that says so where this user may not look."""
    try:
        return list(run())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return [check.error("doctor-unreadable", path=str(error.filename or "–"), reason=reason)]


def _check_data_folder(folder: Path, file: Path | None) -> CheckResult:
    writable = os.access(folder, os.W_OK | os.X_OK)
    suffixes = ("", "-wal", "-shm", ".erasures")
    files = [] if file is None else [file.with_name(f"{file.name}{suffix}") for suffix in suffixes]
    locked = [path for path in files if path.exists() and not os.access(path, os.R_OK | os.W_OK)]
    if not os.path.isdir(folder):  # noqa: PTH112 — `Path.is_dir` raises where it may not look
        return Check.FOLDER.error("doctor-folder-file", path=str(folder))
    if not writable or locked:
        return Check.FOLDER.error("doctor-folder-locked", path=str(locked[0] if locked else folder))
    return Check.FOLDER.ok("doctor-folder-fine", path=str(folder))


def _check_free_disk_space(folder: Path, file: Path | None, min_free_bytes: int) -> CheckResult:
    free = free_disk_bytes(folder)
    required = max(min_free_bytes, FREE_FACTOR * file.stat().st_size if file is not None and file.exists() else 0)
    params = {"free": f"{free / 1_000_000:,.0f}", "wanted": f"{required / 1_000_000:,.0f}", "path": str(folder)}
    if free < required:
        return Check.DISK.warning("doctor-disk-short", **params)
    return Check.DISK.ok("doctor-disk-fine", **params)


def _check_temporary_files() -> Iterator[CheckResult]:
    """A warning where no temporary file can be written, as an export is."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(TEMPORARY_BYTES))
            file.flush()
    except OSError as error:
        yield Check.DISK.warning("doctor-temporary-refused", reason=error.strerror or type(error).__name__)


def _check_backups(settings: Settings, plan: BackupPlan, now: datetime) -> Iterator[CheckResult]:
    file, keep, days = plan.file, plan.retention_count, settings.defaults.backup_retention_days
    if file is None:
        if keep:
            yield Check.BACKUPS.warning("doctor-backups-server")
        return
    daily = list_daily_backups(plan.folder)
    real = Path(os.path.realpath(file))  # `restore` keeps what it replaces beside the file, not beside a link
    replaced = sorted(real.parent.glob(f"{glob.escape(real.name)}.before-restore-*")) if real.parent.is_dir() else []
    # `/erase` tells members how old a backup can be: an older one still contains members who were erased.
    old = [backup for backup in [*daily, *replaced] if _backup_age(backup, now) > timedelta(days=days)]
    if old:
        yield Check.BACKUPS.warning("doctor-backups-old", number=len(old), days=days, path=str(old[0]))
    elif keep > days:
        yield Check.BACKUPS.warning("doctor-backups-many", days=days, keep=keep)
    elif not keep:
        yield Check.BACKUPS.skipped("doctor-backups-off")
    elif not os.path.isdir(folder := nearest_existing_folder(plan.folder)):  # noqa: PTH112 — as above
        yield Check.BACKUPS.error("doctor-folder-file", path=str(folder))
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Check.BACKUPS.error("doctor-folder-locked", path=str(folder))
    elif file.exists() and not any(abs(_backup_age(backup, now)) <= 2 * DAILY for backup in daily):
        yield Check.BACKUPS.warning("doctor-backups-none", path=str(plan.folder))
    else:
        newest = daily[-1].name if daily else "–"
        yield Check.BACKUPS.ok("doctor-backups-fine", number=len(daily), newest=newest)


def _backup_age(file: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _check_drawing_library(settings: Settings) -> CheckResult:
    if not settings.pictures:
        return Check.PICTURES.skipped("doctor-pictures-off")
    missing = [package for package in DRAWING_PACKAGES if importlib.util.find_spec(package) is None]
    if missing:
        return Check.PICTURES.warning("doctor-pictures-missing", missing=", ".join(missing))
    return Check.PICTURES.ok("doctor-pictures-fine")
