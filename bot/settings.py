"""What the operator sets: the environment, with `.env` behind it, read once and frozen.

DESIGN.md §5 names every variable. A value that cannot be used is a `SettingError` that says what to write instead.
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.certification.editions import edition_named
from bot.errors import InputError, SettingError
from bot.reminders.lead_times import parse_lead_times
from bot.reminders.quiet_hours import QuietHours, parse_quiet_hours
from bot.values import Edition, Locale

DISCORD_API_URL: Final = "https://discord.com/api/v10"
DATABASE_URL: Final = "sqlite:///data/nintei.db"

LogFormat = Literal["console", "json"]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for a member who chose nothing else."""

    edition: Edition
    locale: Locale
    timezone: str
    lead_times: tuple[timedelta, ...]
    quiet_hours: QuietHours | None
    old_after: timedelta
    """From this age on what a member says of themselves is marked as old."""
    keep_months: int
    """How long rows are kept that can no longer matter."""
    backup_days: int
    """How old the operator's backups get; an erasure tells it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings."""

    token: str | None = field(repr=False)
    api_url: str
    gateway_url: str | None
    """None: Discord's own."""
    database_url: str = field(repr=False)
    defaults: Defaults
    log_level: int
    log_format: LogFormat


def environment() -> dict[str, str]:
    """The process's environment over `.env` in the working folder."""
    written = {name: value for name, value in dotenv_values(Path(".env")).items() if value is not None}
    return {**written, **os.environ}


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check everything. Raises `SettingError` for the first value that cannot be used."""
    api_url = _read_url(environ, "DISCORD_API_URL", ("http", "https")) or DISCORD_API_URL
    gateway_url = _read_url(environ, "DISCORD_GATEWAY_URL", ("ws", "wss"))
    if gateway_url is None and api_url != DISCORD_API_URL:
        parts = urlsplit(api_url)
        gateway_url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/gw"
    return Settings(
        token=environ.get("DISCORD_TOKEN", "").strip() or None,
        api_url=api_url,
        gateway_url=gateway_url,
        database_url=environ.get("DATABASE_URL", "").strip() or DATABASE_URL,
        defaults=read_defaults(environ),
        log_level=_read_level(environ),
        log_format=cast("LogFormat", _read_choice(environ, "LOG_FORMAT", get_args(LogFormat), "console")),
    )


def read_defaults(environ: Mapping[str, str]) -> Defaults:
    """What the command line needs of the settings, too."""
    edition = environ.get("DEFAULT_EDITION", "").strip() or "2016"
    zone = environ.get("DEFAULT_TIMEZONE", "").strip() or "Asia/Tokyo"
    leads = environ.get("DEFAULT_LEAD_TIMES", "12h,4h,1h")
    quiet = environ.get("DEFAULT_QUIET_HOURS", "23:00-07:00")
    try:
        edition_named(Edition(edition))
    except InputError as fault:
        raise SettingError("setting-edition", written=edition) from fault
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise SettingError("setting-timezone", written=zone) from fault
    try:
        lead_times = parse_lead_times(leads)
    except InputError as fault:
        raise SettingError("setting-lead-times", written=leads) from fault
    try:
        quiet_hours = parse_quiet_hours(quiet)
    except InputError as fault:
        raise SettingError("setting-quiet-hours", written=quiet) from fault
    return Defaults(
        edition=Edition(edition),
        locale=cast("Locale", _read_choice(environ, "DEFAULT_LOCALE", get_args(Locale), "ja")),
        timezone=zone,
        lead_times=lead_times,
        quiet_hours=quiet_hours,
        old_after=timedelta(days=_read_whole(environ, "OLD_AFTER_DAYS", 60, least=1)),
        keep_months=_read_whole(environ, "KEEP_MONTHS", 13, least=13),
        backup_days=_read_whole(environ, "BACKUP_DAYS", 30, least=0),
    )


def _read_whole(environ: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and int(value) >= least):  # noqa: PLR2004
        raise SettingError("setting-whole", name=name, written=value, least=str(least))
    return int(value)


def _read_choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environ.get(name, "").strip() or default
    if value not in allowed:
        raise SettingError("setting-choice", name=name, written=value, allowed=", ".join(allowed))
    return value


def _read_level(environ: Mapping[str, str]) -> int:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    value = environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
    if value not in levels:
        raise SettingError("setting-choice", name="LOG_LEVEL", written=value, allowed=", ".join(levels))
    return logging.getLevelNamesMapping()[value]


def _read_url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = environ.get(name, "").strip().rstrip("/")
    if not value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingError("setting-url", name=name, written=value, example=f"{schemes[0]}://127.0.0.1:8080/api/v10")
    return value
