"""The operator's settings: the environment, or `.env` for a name that it lacks, read once into frozen dataclasses.

Each field that `_declare_setting` declares is one environment variable: its name, its default and its parser stand
there and nowhere else. `.env.example` documents every variable for the operator. A value that cannot be used is a
`SettingError` that names the variable and says what to write instead.
"""

# ruff: noqa: RUF009 — `_declare_setting` returns a `dataclasses.field`

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.domain.certification.editions import get_edition
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.quiet_hours import QuietHours, parse_quiet_hours
from bot.domain.types import Edition, Locale
from bot.domain.zones import parse_zone_name
from bot.errors import SettingError
from bot.misspelt_settings import find_meant_setting
from bot.setting_parsers import (
    MAX_SHOWN,
    SettingParser,
    as_setting_parser,
    choice_setting_parser,
    host_and_port_setting_parser,
    integer_setting_parser,
    parse_certificates_setting,
    parse_days_setting,
    parse_domains_setting,
    parse_folder_setting,
    parse_imap_credential_setting,
    parse_lmtp_address_setting,
    parse_log_level_setting,
    parse_mail_address_setting,
    parse_port_setting,
    parse_switch_setting,
    parse_token_setting,
    seconds_setting_parser,
    url_setting_parser,
)

DISCORD_API_URL: Final = "https://discord.com/api/v10"
SEND_RATE: Final = 40
"""Messages a second. Discord allows 50 requests a second; the rest is for answers."""
MAX_RECEIPT_WAIT: Final = 5.0
"""Seconds after which a receipt goes out, even while further messages arrive."""
IMAPS_PORT: Final = 993
MAX_SECRET_BYTES: Final = 4096
MAX_ENV_CHARACTERS: Final = 100_000
"""The largest `.env` that is read: one of settings is much smaller, and a larger one would keep a start busy."""
MAX_KEPT_MONTHS: Final = 9_999
"""The calendar begins in year 1: a date so many months ago still exists."""
MAX_BACKUP_DAYS: Final = 99_999
MAX_SHARDS: Final = 10_000
"""For ten million servers; many more would keep a start busy for minutes."""
ENV_FILE: Final = Path(".env")

LogFormat = Literal["console", "json"]


def _declare_setting(
    name: str,
    default: str = "",
    parse: SettingParser = lambda _name, text: text,
    *,
    secret: bool = False,
    blank_is_value: bool = False,
) -> Any:
    """Declare a setting. Blank text stands for the default, a blank default for None.

    `secret`: the value may also come from a file (`NAME_FILE`), and `repr` leaves it out. `blank_is_value`: blank text
    goes to the parser.
    """
    metadata = {"name": name, "default": default, "parse": parse, "secret": secret, "blank_is_value": blank_is_value}
    return field(repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Limits that keep one member from slowing down the others."""

    members: int = _declare_setting("MAX_MEMBERS", "0", integer_setting_parser(0))
    """0: no limit."""
    records_per_day: int = _declare_setting("MAX_RECORDS_A_DAY", "2000", integer_setting_parser(1))
    """Per member, recorded by hand and by forwarding; imported rows are not counted."""
    import_slots: int = _declare_setting("MAX_IMPORTS", "2", integer_setting_parser(1))
    """Imports being written at once, by all processes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDefaults:
    """Preferences of members who chose nothing else, and rules that apply to every member."""

    edition: Edition = _declare_setting(
        "DEFAULT_EDITION",
        "2016",
        as_setting_parser(lambda text: get_edition(Edition(text)).name, "setting-edition"),
    )
    locale: Locale = _declare_setting("DEFAULT_LOCALE", "ja", choice_setting_parser(*get_args(Locale)))
    timezone: str = _declare_setting(
        "DEFAULT_TIMEZONE",
        "Asia/Tokyo",
        as_setting_parser(lambda text: parse_zone_name(text).key, "setting-timezone"),
    )
    lead_times: tuple[timedelta, ...] = _declare_setting(
        "DEFAULT_LEAD_TIMES",
        "12h,4h,1h",
        as_setting_parser(parse_lead_times, "setting-lead-times"),
        blank_is_value=True,
    )
    quiet_hours: QuietHours | None = _declare_setting(
        "DEFAULT_QUIET_HOURS",
        "23:00-07:00",
        as_setting_parser(parse_quiet_hours, "setting-quiet-hours"),
        blank_is_value=True,
    )
    stale_after: timedelta = _declare_setting("OLD_AFTER_DAYS", "60", parse_days_setting)
    """From this age on, what a member declared (profile, goal, displayed figures) is marked as old."""
    retention_months: int = _declare_setting("KEEP_MONTHS", "13", integer_setting_parser(13, MAX_KEPT_MONTHS))
    """How long rows are kept that can no longer matter."""
    backup_retention_days: int = _declare_setting("BACKUP_DAYS", "30", integer_setting_parser(0, MAX_BACKUP_DAYS))
    """How old the operator's backups get; `/erase` tells members."""
    limits: Quotas


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mailbox to which members have notifications forwarded, or the mail server that hands them over."""

    address: str | None = _declare_setting("MAIL_ADDRESS", "", parse_mail_address_setting)
    """As `box@example.jp`; a member's own has a token after a plus sign: `box+TOKEN@example.jp`. None: no mails."""
    imap_host: tuple[str, int] | None = _declare_setting("MAIL_IMAP_HOST", "", host_and_port_setting_parser(IMAPS_PORT))
    """The server of the mailbox, with TLS from the start. None: no mailbox is read."""
    imap_user: str | None = _declare_setting("MAIL_IMAP_USER", "", parse_imap_credential_setting)
    imap_password: str | None = _declare_setting("MAIL_IMAP_PASSWORD", "", parse_imap_credential_setting, secret=True)
    imap_ca_file: Path | None = _declare_setting("MAIL_IMAP_CA_FILE", "", parse_certificates_setting)
    """Certificates that are trusted in place of the system's. None: the system's."""
    lmtp: str | None = _declare_setting("MAIL_LMTP", "", parse_lmtp_address_setting)
    """Where a mail server hands mails over: `unix:PATH` or `host:port`. None: nowhere."""
    trusted_domains: tuple[str, ...] = _declare_setting(
        "MAIL_TRUSTED_DOMAINS", "lancers.jp,lancers.co.jp", parse_domains_setting
    )
    """Whose signatures (DKIM) prove that a mail is a notification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one run."""

    token: str | None = _declare_setting("DISCORD_TOKEN", "", parse_token_setting, secret=True)
    api_url: str = _declare_setting(
        "DISCORD_API_URL", DISCORD_API_URL, url_setting_parser("http", "https", is_base=True)
    )
    gateway_url: str | None = _declare_setting("DISCORD_GATEWAY_URL", "", url_setting_parser("ws", "wss"))
    """None: the address that Discord names."""
    database_url: str = _declare_setting("DATABASE_URL", "sqlite:///data/nintei.db", secret=True)
    defaults: MemberDefaults
    shard_count: int = _declare_setting("SHARD_COUNT", "1", integer_setting_parser(1, MAX_SHARDS))
    """Gateway connections, divided among the processes."""
    send_rate: int = _declare_setting("SEND_RATE", str(SEND_RATE), integer_setting_parser(0))
    """Messages a second on the bot's own initiative, all processes together; 0: a rate-limiting proxy enforces it."""
    receipt_wait: float = _declare_setting("RECEIPT_WAIT", "1.5", seconds_setting_parser(MAX_RECEIPT_WAIT))
    """Seconds without a further message after which a member's receipts go out as one; 0: each at once."""
    mail: MailSettings
    pictures: bool = _declare_setting("PICTURES", "on", parse_switch_setting)
    """Whether cards get pictures, which a separate process draws."""
    backup_keep: int | None = _declare_setting("BACKUP_KEEP", "", integer_setting_parser(0))
    """How many daily backups are kept; 0: none is made. None: seven beside a SQLite file, none on PostgreSQL."""
    backup_folder: Path | None = _declare_setting("BACKUP_FOLDER", "", parse_folder_setting)
    """None: `backups` beside the SQLite file."""
    erasures_folder: Path = _declare_setting("ERASURES_FOLDER", "data", parse_folder_setting)
    """Where the erasures of a PostgreSQL database are noted; those of a SQLite file are noted beside it."""
    log_level: int = _declare_setting("LOG_LEVEL", "INFO", parse_log_level_setting)
    log_format: LogFormat = _declare_setting("LOG_FORMAT", "console", choice_setting_parser(*get_args(LogFormat)))
    metrics_port: int | None = _declare_setting("METRICS_PORT", "", parse_port_setting)
    """None: no metrics are recorded, and no port is opened."""
    metrics_host: str = _declare_setting("METRICS_HOST", "127.0.0.1")
    """This machine alone by default: the metrics server asks for no password."""


def _setting_names(settings_class: Any) -> Iterator[str]:
    """The variables that a dataclass of settings is read from, `NAME_FILE` of a secret too."""
    for item in fields(settings_class):
        if is_dataclass(item.type):
            yield from _setting_names(item.type)
        else:
            yield item.metadata["name"]
            if item.metadata["secret"]:
                yield f"{item.metadata['name']}_FILE"


KNOWN_SETTINGS: Final = frozenset(_setting_names(Settings))
"""Every environment variable, with those that name a secret's file."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings. Raises `SettingError` for the first value that cannot be used."""
    _ensure_working_folder()
    settings: Settings = _read_settings_class(Settings, environ)
    _ensure_mail_settings_complete(settings.mail)
    if settings.gateway_url is None and settings.api_url != DISCORD_API_URL:
        api = urlsplit(settings.api_url)
        return replace(settings, gateway_url=f"{'wss' if api.scheme == 'https' else 'ws'}://{api.netloc}/gw")
    return settings


def _ensure_working_folder() -> None:
    """Raise `SettingError` where the folder that relative paths begin in was removed."""
    try:
        Path.cwd()
    except OSError as error:
        raise SettingError("setting-no-folder") from error


def _ensure_mail_settings_complete(mail: MailSettings) -> None:
    """Raise `SettingError` where a setting of the mailbox needs another one that is missing."""
    needed = {
        "MAIL_ADDRESS": (mail.address, mail.imap_host or mail.lmtp),
        "MAIL_IMAP_HOST": (mail.imap_host, mail.imap_user or mail.imap_password),
        "MAIL_IMAP_USER": (mail.imap_user, mail.imap_host),
        "MAIL_IMAP_PASSWORD": (mail.imap_password, mail.imap_host),
        "MAIL_IMAP_HOST, MAIL_LMTP": (mail.imap_host or mail.lmtp, mail.address),
    }
    for name, (value, needed_by) in needed.items():
        if needed_by and not value:
            raise SettingError("setting-mail-incomplete", name=name)


def read_defaults(environ: Mapping[str, str]) -> MemberDefaults:
    """Read only what commands need that work without the bot. Raises `SettingError` as `read_settings` does."""
    defaults: MemberDefaults = _read_settings_class(MemberDefaults, environ)
    return defaults


def _read_settings_class(settings_class: Any, environ: Mapping[str, str]) -> Any:
    """An instance of a dataclass of settings with their values, and those of the dataclasses in it."""
    return settings_class(
        **{
            item.name: _read_settings_class(item.type, environ)
            if is_dataclass(item.type)
            else _read_setting(environ, **item.metadata)
            for item in fields(settings_class)
        }
    )


def _read_setting(
    environ: Mapping[str, str], *, name: str, default: str, parse: SettingParser, secret: bool, blank_is_value: bool
) -> Any:
    if blank_is_value:
        return parse(name, environ.get(name, default))
    text = (read_secret_setting(environ, name) if secret else environ.get(name, "").strip()) or default
    return parse(name, text) if text else None


def read_secret_setting(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable, or the content of the file that `NAME_FILE` names: a Docker or systemd secret.

    Raises `SettingError` when both are set, the file cannot be used, or the variable has more than one line.
    """
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise SettingError("setting-secret-line", name=name)
    if not file:
        return value or None
    if value:
        raise SettingError("setting-secret-twice", name=name)
    try:
        with Path(file).open(encoding="utf-8") as secret:
            value = secret.read(MAX_SECRET_BYTES + 1).removesuffix("\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingError("setting-secret-unreadable", name=name, path=file[:MAX_SHOWN], reason=reason) from error
    if not value.strip() or len(value) > MAX_SECRET_BYTES or not value.isprintable():
        raise SettingError("setting-secret-shape", name=name, path=file[:MAX_SHOWN])
    return value


def load_environment(file: Path = ENV_FILE) -> dict[str, str]:
    """The process's environment over `.env` in the working folder.

    Raises `SettingError` when the file or a line of it cannot be read, a name looks like a misspelt setting, or an
    empty line follows one that sets the same setting.
    """
    try:
        text = "" if file.is_dir() or not (file.exists() or file.is_symlink()) else _read_env_file(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError("setting-env-unreadable", reason=type(error).__name__) from error
    lines: dict[str, int] = {}  # by setting that has a value
    for line in parse_stream(StringIO(text)):
        if line.key is None and not line.error:
            continue  # a comment or a blank line
        if line.key is None or line.value is None or not line.key.isidentifier():
            # The line may be a pasted secret: the error does not quote it.
            raise SettingError("setting-env-line", line=str(line.original.line))
        # Other programs may read the same file, so an unknown name is an error only if it resembles a setting.
        if (near := find_meant_setting(line.key, KNOWN_SETTINGS)) is not None:
            raise SettingError("setting-env-unknown", name=line.key, near=near)
        if line.key in lines and line.key in KNOWN_SETTINGS and not line.value:  # of two values the last one counts
            first, second = str(lines[line.key]), str(line.original.line)
            raise SettingError("setting-env-emptied", name=line.key, first=first, second=second)
        if line.key is not None and line.value:
            lines[line.key] = line.original.line
    values = dotenv_values(stream=StringIO(text))
    return {**{name: value for name, value in values.items() if value is not None}, **os.environ}


def _read_env_file(file: Path) -> str:
    """The text of `.env`; a link to a file that is not there raises `FileNotFoundError`."""
    with file.open(encoding="utf-8-sig") as opened:
        text = opened.read(MAX_ENV_CHARACTERS + 1)
    if len(text) > MAX_ENV_CHARACTERS:
        raise SettingError("setting-env-long", most=f"{MAX_ENV_CHARACTERS:,}")
    return text


def find_misspelt_settings(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names of the environment that look like misspelt settings, each with the setting.

    They may be another program's, so they are reported and refuse nothing.
    """
    pairs = [(name, find_meant_setting(name, KNOWN_SETTINGS)) for name in sorted(environ)]
    return [(name, near) for name, near in pairs if near is not None]


def env_file_is_world_readable() -> bool:
    """Whether `.env`, which may hold the token, can be read by every user of this machine."""
    return ENV_FILE.is_file() and bool(ENV_FILE.stat().st_mode & stat.S_IROTH)
