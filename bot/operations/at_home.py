"""The machine: the folder that is written to, room on the disk, backups that are too old or too few, and pictures."""

import importlib.util
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import FluentValue
from bot.operations.daily_backup import DAILY, daily_backups
from bot.operations.disk import free, nearest
from bot.operations.findings import Check, Finding, Mark
from bot.settings import Settings
from storage.connect import sqlite_path

ROOM: Final = 200_000_000
"""Bytes that should be free, or twice the database if that is more."""

DRAWING: Final = ("matplotlib", "matplotlib_fontja")


def look_at_machine(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Folder, disk, backups, pictures."""
    file = sqlite_path(settings.database_url)
    folder = nearest(Path("data") if file is None else file.parent)
    yield _folder(folder, file)
    yield _disk(folder, file)
    yield from _backups(settings, file, now)
    yield _pictures(settings)


def _folder(folder: Path, file: Path | None) -> Finding:
    writable = os.access(folder, os.W_OK | os.X_OK)
    beside = [] if file is None else [file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))]
    locked = [each for each in beside if each.exists() and not os.access(each, os.R_OK | os.W_OK)]
    if not writable or locked:
        return Finding(Check.FOLDER, Mark.WRONG, "doctor-folder-locked", {"path": str(locked[0] if locked else folder)})
    return Finding(Check.FOLDER, Mark.FINE, "doctor-folder-fine", {"path": str(folder)})


def _disk(folder: Path, file: Path | None) -> Finding:
    room = free(folder)
    wanted = max(ROOM, 2 * file.stat().st_size if file is not None and file.exists() else 0)
    about = {"free": f"{room / 1_000_000:,.0f}", "wanted": f"{wanted / 1_000_000:,.0f}", "path": str(folder)}
    if room < wanted:
        return Finding(Check.DISK, Mark.WORRY, "doctor-disk-short", about)
    return Finding(Check.DISK, Mark.FINE, "doctor-disk-fine", about)


def _backups(settings: Settings, file: Path | None, now: datetime) -> Iterator[Finding]:
    keep, days = settings.backup_keep, settings.defaults.backup_retention_days
    if file is None:
        if keep:
            yield Finding(Check.BACKUPS, Mark.WORRY, "doctor-backups-server")
        return
    daily = daily_backups(settings.backup_folder)
    replaced = sorted(file.parent.glob(f"{file.name}.before-restore-*")) if file.parent.is_dir() else []
    # What is older than members are told holds the erased longer than they are told.
    old = [each for each in [*daily, *replaced] if _age(each, now) > timedelta(days=days)]
    about: dict[str, FluentValue] = {
        "number": len(old),
        "days": days,
        "path": str(old[0]) if old else "",
        "keep": keep,
    }
    if old:
        yield Finding(Check.BACKUPS, Mark.WORRY, "doctor-backups-old", about)
    elif keep > days:
        yield Finding(Check.BACKUPS, Mark.WORRY, "doctor-backups-many", about)
    elif not keep:
        yield Finding(Check.BACKUPS, Mark.LEFT_OUT, "doctor-backups-off")
    elif file.exists() and (not daily or _age(daily[-1], now) > 2 * DAILY):
        yield Finding(Check.BACKUPS, Mark.WORRY, "doctor-backups-none", {"path": str(settings.backup_folder)})
    else:
        yield Finding(
            Check.BACKUPS,
            Mark.FINE,
            "doctor-backups-fine",
            {"number": len(daily), "newest": daily[-1].name if daily else "–"},
        )


def _age(file: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _pictures(settings: Settings) -> Finding:
    if not settings.pictures:
        return Finding(Check.PICTURES, Mark.LEFT_OUT, "doctor-pictures-off")
    missing = [each for each in DRAWING if importlib.util.find_spec(each) is None]
    if missing:
        return Finding(Check.PICTURES, Mark.WORRY, "doctor-pictures-missing", {"missing": ", ".join(missing)})
    return Finding(Check.PICTURES, Mark.FINE, "doctor-pictures-fine")
