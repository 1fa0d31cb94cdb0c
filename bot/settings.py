"""What the operator sets: the environment, with `.env` behind it, read once and frozen.

DESIGN.md §5 names every variable. A value that cannot be used is a `SettingError` that says what to write instead.
"""

import logging
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.domain.certification.editions import get_edition
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.quiet_hours import QuietHours, parse_quiet_hours
from bot.domain.types import Edition, Locale
from bot.errors import InvalidInputError, SettingError

DISCORD_API_URL: Final = "https://discord.com/api/v10"
DATABASE_URL: Final = "sqlite:///data/nintei.db"
BACKUP_FOLDER: Final = "data/backups"
MISSPELLING_CUTOFF: Final = 0.7
"""How alike a misspelt name is to the one that was meant."""
MAX_PORT: Final = 65535
SEND_RATE: Final = 40
"""Discord allows 50 requests a second; the rest is for answers."""
RECEIPT_WAIT: Final = 1.5
"""Seconds in which a hand forwards the next message."""
MAX_RECEIPT_WAIT: Final = 5.0
"""After which a receipt goes out, whatever else comes."""

METRICS_HOST: Final = "127.0.0.1"
"""This machine alone: whoever reads the figures of a bot needs no password."""

ENV_FILE: Final = Path(".env")
KNOWN_SETTINGS: Final = frozenset(
    {
        "DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "DISCORD_API_URL", "DISCORD_GATEWAY_URL",
        "DATABASE_URL", "DATABASE_URL_FILE", "SHARD_COUNT", "SEND_RATE", "RECEIPT_WAIT", "PICTURES",
        "DEFAULT_EDITION", "DEFAULT_LOCALE", "DEFAULT_TIMEZONE", "DEFAULT_LEAD_TIMES", "DEFAULT_QUIET_HOURS",
        "OLD_AFTER_DAYS", "KEEP_MONTHS", "BACKUP_DAYS", "BACKUP_KEEP", "BACKUP_FOLDER",
        "MAX_MEMBERS", "MAX_RECORDS_A_DAY", "MAX_IMPORTS",
        "LOG_LEVEL", "LOG_FORMAT", "METRICS_PORT", "METRICS_HOST",
    }
)  # fmt: skip
"""What may stand in `.env`: a name that is misspelt there would go unnoticed."""
MAX_SECRET_BYTES: Final = 4096

LogFormat = Literal["console", "json"]


@dataclass(frozen=True, slots=True)
class Quotas:
    """What one bot takes on, so that nobody slows the others."""

    members: int
    """0: as many as come."""
    records_per_day: int
    """Of one member, by hand and by forwarding; what is imported is not counted."""
    import_slots: int
    """Being written at once, by all processes together."""


@dataclass(frozen=True, slots=True)
class MemberDefaults:
    """What holds for a member who chose nothing else."""

    edition: Edition
    locale: Locale
    timezone: str
    lead_times: tuple[timedelta, ...]
    quiet_hours: QuietHours | None
    stale_after: timedelta
    """From this age on what a member says of themselves is marked as old."""
    retention_months: int
    """How long rows are kept that can no longer matter."""
    backup_retention_days: int
    """How old the operator's backups get; an erasure tells it."""
    limits: Quotas


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings."""

    token: str | None = field(repr=False)
    api_url: str
    gateway_url: str | None
    """None: Discord's own."""
    database_url: str = field(repr=False)
    defaults: MemberDefaults
    shard_count: int
    """Gateway connections, shared out among the processes."""
    send_rate: int
    """Messages a second of the bot's own, of all processes together; 0: a rate-limiting proxy keeps the limit."""
    receipt_wait: float
    """Seconds without a further message after which a member's receipts go out as one; 0: each at once."""
    pictures: bool
    """Whether cards get their pictures, drawn by a process of their own."""
    backup_keep: int
    """How many daily backups are kept; 0: none is made."""
    backup_folder: Path
    log_level: int
    log_format: LogFormat
    metrics_port: int | None
    """None: nothing is measured, and nothing listens."""
    metrics_host: str


def load_environment(file: Path = ENV_FILE) -> dict[str, str]:
    """The process's environment over `.env` in the working folder. Raises `SettingError` when that cannot be read."""
    try:
        text = "" if file.is_dir() or not file.exists() else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError("setting-env-unreadable", reason=type(fault).__name__) from fault
    for line in parse_stream(StringIO(text)):
        if line.key is None and not line.error:
            continue  # a comment, or nothing
        if line.key is None or line.value is None or not line.key.isidentifier():
            raise SettingError("setting-env-line", line=str(line.original.line))  # it may be a secret that was pasted
        # Other programs may read the same file; what is nearly a name of ours was meant to be one.
        if line.key not in KNOWN_SETTINGS and (
            near := get_close_matches(line.key, KNOWN_SETTINGS, n=1, cutoff=MISSPELLING_CUTOFF)
        ):
            raise SettingError("setting-env-unknown", name=line.key, near=near[0])
    written = dotenv_values(stream=StringIO(text))
    return {**{name: value for name, value in written.items() if value is not None}, **os.environ}


def env_file_is_world_readable() -> bool:
    """Whether `.env`, which holds the token, can be read by every user of this machine."""
    return ENV_FILE.is_file() and bool(ENV_FILE.stat().st_mode & stat.S_IROTH)


def read_secret(environ: Mapping[str, str], name: str) -> str | None:
    """What a variable says, or the file that the same name with `_FILE` names: a Docker or systemd secret.

    Raises `SettingError` when both are set, or the file cannot be read.
    """
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if not file:
        return value or None
    if value:
        raise SettingError("setting-secret-twice", name=name)
    try:
        with Path(file).open(encoding="utf-8") as secret:
            value = secret.read(MAX_SECRET_BYTES + 1).removesuffix("\n")
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or type(fault).__name__
        raise SettingError("setting-secret-unreadable", name=name, path=file, reason=reason) from fault
    if not value.strip() or len(value) > MAX_SECRET_BYTES or not value.isprintable():
        raise SettingError("setting-secret-shape", name=name, path=file)
    return value


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check everything. Raises `SettingError` for the first value that cannot be used."""
    api_url = _read_url(environ, "DISCORD_API_URL", ("http", "https")) or DISCORD_API_URL
    gateway_url = _read_url(environ, "DISCORD_GATEWAY_URL", ("ws", "wss"))
    if gateway_url is None and api_url != DISCORD_API_URL:
        parts = urlsplit(api_url)
        gateway_url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/gw"
    return Settings(
        token=read_secret(environ, "DISCORD_TOKEN"),
        api_url=api_url,
        gateway_url=gateway_url,
        database_url=read_secret(environ, "DATABASE_URL") or DATABASE_URL,
        defaults=read_defaults(environ),
        shard_count=_int_setting(environ, "SHARD_COUNT", 1, minimum=1),
        send_rate=_int_setting(environ, "SEND_RATE", SEND_RATE, minimum=0),
        receipt_wait=_seconds_setting(environ, "RECEIPT_WAIT", RECEIPT_WAIT, maximum=MAX_RECEIPT_WAIT),
        pictures=_choice_setting(environ, "PICTURES", ("on", "off"), "on") == "on",
        backup_keep=_int_setting(environ, "BACKUP_KEEP", 0, minimum=0),
        backup_folder=Path(environ.get("BACKUP_FOLDER", "").strip() or BACKUP_FOLDER),
        log_level=_read_level(environ),
        log_format=cast("LogFormat", _choice_setting(environ, "LOG_FORMAT", get_args(LogFormat), "console")),
        metrics_port=_port_setting(environ, "METRICS_PORT"),
        metrics_host=environ.get("METRICS_HOST", "").strip() or METRICS_HOST,
    )


def read_defaults(environ: Mapping[str, str]) -> MemberDefaults:
    """What the command line needs of the settings, too."""
    edition = environ.get("DEFAULT_EDITION", "").strip() or "2016"
    zone = environ.get("DEFAULT_TIMEZONE", "").strip() or "Asia/Tokyo"
    leads = environ.get("DEFAULT_LEAD_TIMES", "12h,4h,1h")
    quiet = environ.get("DEFAULT_QUIET_HOURS", "23:00-07:00")
    try:
        get_edition(Edition(edition))
    except InvalidInputError as fault:
        raise SettingError("setting-edition", written=edition) from fault
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise SettingError("setting-timezone", written=zone) from fault
    try:
        lead_times = parse_lead_times(leads)
    except InvalidInputError as fault:
        raise SettingError("setting-lead-times", written=leads) from fault
    try:
        quiet_hours = parse_quiet_hours(quiet)
    except InvalidInputError as fault:
        raise SettingError("setting-quiet-hours", written=quiet) from fault
    return MemberDefaults(
        edition=Edition(edition),
        locale=cast("Locale", _choice_setting(environ, "DEFAULT_LOCALE", get_args(Locale), "ja")),
        timezone=zone,
        lead_times=lead_times,
        quiet_hours=quiet_hours,
        stale_after=timedelta(days=_int_setting(environ, "OLD_AFTER_DAYS", 60, minimum=1)),
        retention_months=_int_setting(environ, "KEEP_MONTHS", 13, minimum=13),
        backup_retention_days=_int_setting(environ, "BACKUP_DAYS", 30, minimum=0),
        limits=Quotas(
            members=_int_setting(environ, "MAX_MEMBERS", 0, minimum=0),
            records_per_day=_int_setting(environ, "MAX_RECORDS_A_DAY", 2000, minimum=1),
            import_slots=_int_setting(environ, "MAX_IMPORTS", 2, minimum=1),
        ),
    )


def _int_setting(environ: Mapping[str, str], name: str, default: int, *, minimum: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 8 and int(value) >= minimum):  # noqa: PLR2004
        raise SettingError("setting-whole", name=name, written=value, least=str(minimum))
    return int(value)


def _seconds_setting(environ: Mapping[str, str], name: str, default: float, *, maximum: float) -> float:
    value = environ.get(name, "").strip() or str(default)
    if not (re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", value) and float(value) <= maximum):
        raise SettingError("setting-seconds", name=name, written=value, most=f"{maximum:g}")
    return float(value)


def _port_setting(environ: Mapping[str, str], name: str) -> int | None:
    value = environ.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and 1 <= int(value) <= MAX_PORT):  # noqa: PLR2004
        raise SettingError("setting-port", name=name, written=value[:40], highest=str(MAX_PORT))
    return int(value)


def _choice_setting(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
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
