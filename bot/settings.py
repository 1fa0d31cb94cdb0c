"""The operator's settings: the environment, or `.env` for a name that it lacks, read once into frozen dataclasses.

Each field that `_declare_setting` declares is one environment variable: its name, its default and its parser stand
there and nowhere else. `.env.example` documents every variable for the operator. A value that cannot be used is a
`SettingError` that names the variable and says what to write instead.
"""

# ruff: noqa: RUF009 — `_declare_setting` returns a `dataclasses.field`

import logging
import os
import re
import ssl
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfoNotFoundError

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.domain.certification.editions import get_edition
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.quiet_hours import QuietHours, parse_quiet_hours
from bot.domain.types import Edition, Locale
from bot.domain.zones import load_zone
from bot.errors import InvalidInputError, SettingError
from bot.misspelt_settings import misspelt_setting

DISCORD_API_URL: Final = "https://discord.com/api/v10"
SEND_RATE: Final = 40
"""Messages a second. Discord allows 50 requests a second; the rest is for answers."""
MAX_RECEIPT_WAIT: Final = 5.0
"""Seconds after which a receipt goes out, even while further messages arrive."""
MAX_PORT: Final = 65535
IMAPS_PORT: Final = 993
MAX_SECRET_BYTES: Final = 4096
ENV_FILE: Final = Path(".env")

LogFormat = Literal["console", "json"]
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")

Parser = Callable[[str, str], Any]
"""Reads a setting, given its name and its text. Raises `SettingError`."""


def _integer_setting_parser(minimum: int) -> Parser:
    def parse(name: str, text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 8 and int(text) >= minimum):  # noqa: PLR2004
            raise SettingError("setting-whole", name=name, written=text, least=str(minimum))
        return int(text)

    return parse


def _parse_days_setting(name: str, text: str) -> timedelta:
    return timedelta(days=_integer_setting_parser(1)(name, text))


def _seconds_setting_parser(maximum: float) -> Parser:
    def parse(name: str, text: str) -> float:
        if not (re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text) and float(text) <= maximum):
            raise SettingError("setting-seconds", name=name, written=text, most=f"{maximum:g}")
        return float(text)

    return parse


def _parse_port_setting(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MAX_PORT):  # noqa: PLR2004
        raise SettingError("setting-port", name=name, written=text[:40], highest=str(MAX_PORT))
    return int(text)


def _choice_setting_parser(*allowed: str) -> Parser:
    def parse(name: str, text: str) -> str:
        if text not in allowed:
            raise SettingError("setting-choice", name=name, written=text, allowed=", ".join(allowed))
        return text

    return parse


def _parse_switch_setting(name: str, text: str) -> bool:
    return bool(_choice_setting_parser("on", "off")(name, text) == "on")


def _parse_log_level_setting(name: str, text: str) -> int:
    return logging.getLevelNamesMapping()[_choice_setting_parser(*LOG_LEVELS)(name, text.upper())]


def _url_setting_parser(*schemes: str) -> Parser:
    def parse(name: str, text: str) -> str:
        url = text.rstrip("/")
        try:
            parts = urlsplit(url)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise SettingError("setting-url", name=name, written=url, example=f"{schemes[0]}://127.0.0.1:8080/api/v10")
        return url

    return parse


def _parse_mail_address_setting(name: str, text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", text):
        raise SettingError("setting-mail-address", name=name, written=text)
    return text.lower()


def _host_and_port_parser(default_port: int | None) -> Parser:
    def parse(name: str, text: str) -> tuple[str, int]:
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]+))?", text)
        port = match and (match[2] or default_port)
        if not match or not port or not 1 <= int(port) <= MAX_PORT:
            raise SettingError("setting-host", name=name, written=text[:100])
        return match[1].strip("[]"), int(port)

    return parse


def _parse_certificates_setting(name: str, text: str) -> Path:
    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingError("setting-mail-ca-file", name=name, path=text[:200], reason=reason) from error
    return Path(text)


def _parse_lmtp_address(name: str, text: str) -> str:
    if not (text.startswith("unix:") and len(text) > len("unix:")):
        _host_and_port_parser(None)(name, text)
    return text


def _parse_domains_setting(name: str, text: str) -> tuple[str, ...]:
    domains = tuple(domain.strip().lower() for domain in text.split(",") if domain.strip())
    for domain in domains:
        if not re.fullmatch(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", domain):
            raise SettingError("setting-domains", name=name, written=domain)
    return domains


def _domain_setting_parser(parse: Callable[[str], Any], message_id: str) -> Parser:
    """A parser of the domain's; its error becomes the setting's own."""

    def parse_setting(_name: str, text: str) -> Any:
        try:
            return parse(text)
        except (InvalidInputError, ZoneInfoNotFoundError, ValueError) as error:
            raise SettingError(message_id, written=text) from error

    return parse_setting


def _declare_setting(
    name: str,
    default: str = "",
    parse: Parser = lambda _name, text: text,
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

    members: int = _declare_setting("MAX_MEMBERS", "0", _integer_setting_parser(0))
    """0: no limit."""
    records_per_day: int = _declare_setting("MAX_RECORDS_A_DAY", "2000", _integer_setting_parser(1))
    """Per member, recorded by hand and by forwarding; imported rows are not counted."""
    import_slots: int = _declare_setting("MAX_IMPORTS", "2", _integer_setting_parser(1))
    """Imports being written at once, by all processes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDefaults:
    """Preferences of members who chose nothing else, and rules that apply to every member."""

    edition: Edition = _declare_setting(
        "DEFAULT_EDITION",
        "2016",
        _domain_setting_parser(lambda text: get_edition(Edition(text)).name, "setting-edition"),
    )
    locale: Locale = _declare_setting("DEFAULT_LOCALE", "ja", _choice_setting_parser(*get_args(Locale)))
    timezone: str = _declare_setting(
        "DEFAULT_TIMEZONE", "Asia/Tokyo", _domain_setting_parser(lambda text: load_zone(text).key, "setting-timezone")
    )
    lead_times: tuple[timedelta, ...] = _declare_setting(
        "DEFAULT_LEAD_TIMES",
        "12h,4h,1h",
        _domain_setting_parser(parse_lead_times, "setting-lead-times"),
        blank_is_value=True,
    )
    quiet_hours: QuietHours | None = _declare_setting(
        "DEFAULT_QUIET_HOURS",
        "23:00-07:00",
        _domain_setting_parser(parse_quiet_hours, "setting-quiet-hours"),
        blank_is_value=True,
    )
    stale_after: timedelta = _declare_setting("OLD_AFTER_DAYS", "60", _parse_days_setting)
    """From this age on, what a member declared (profile, goal, displayed figures) is marked as old."""
    retention_months: int = _declare_setting("KEEP_MONTHS", "13", _integer_setting_parser(13))
    """How long rows are kept that can no longer matter."""
    backup_retention_days: int = _declare_setting("BACKUP_DAYS", "30", _integer_setting_parser(0))
    """How old the operator's backups get; `/erase` tells members."""
    limits: Quotas


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mailbox to which members have notifications forwarded, or the mail server that hands them over."""

    address: str | None = _declare_setting("MAIL_ADDRESS", "", _parse_mail_address_setting)
    """As `box@example.jp`; a member's own has a token after a plus sign: `box+TOKEN@example.jp`. None: no mails."""
    imap_host: tuple[str, int] | None = _declare_setting("MAIL_IMAP_HOST", "", _host_and_port_parser(IMAPS_PORT))
    """The server of the mailbox, with TLS from the start. None: no mailbox is read."""
    imap_user: str | None = _declare_setting("MAIL_IMAP_USER")
    imap_password: str | None = _declare_setting("MAIL_IMAP_PASSWORD", secret=True)
    imap_ca_file: Path | None = _declare_setting("MAIL_IMAP_CA_FILE", "", _parse_certificates_setting)
    """Certificates that are trusted in place of the system's. None: the system's."""
    lmtp: str | None = _declare_setting("MAIL_LMTP", "", _parse_lmtp_address)
    """Where a mail server hands mails over: `unix:PATH` or `host:port`. None: nowhere."""
    trusted_domains: tuple[str, ...] = _declare_setting(
        "MAIL_TRUSTED_DOMAINS", "lancers.jp,lancers.co.jp", _parse_domains_setting
    )
    """Whose signatures (DKIM) prove that a mail is a notification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one run."""

    token: str | None = _declare_setting("DISCORD_TOKEN", secret=True)
    api_url: str = _declare_setting("DISCORD_API_URL", DISCORD_API_URL, _url_setting_parser("http", "https"))
    gateway_url: str | None = _declare_setting("DISCORD_GATEWAY_URL", "", _url_setting_parser("ws", "wss"))
    """None: the address that Discord names."""
    database_url: str = _declare_setting("DATABASE_URL", "sqlite:///data/nintei.db", secret=True)
    defaults: MemberDefaults
    shard_count: int = _declare_setting("SHARD_COUNT", "1", _integer_setting_parser(1))
    """Gateway connections, divided among the processes."""
    send_rate: int = _declare_setting("SEND_RATE", str(SEND_RATE), _integer_setting_parser(0))
    """Messages a second on the bot's own initiative, all processes together; 0: a rate-limiting proxy enforces it."""
    receipt_wait: float = _declare_setting("RECEIPT_WAIT", "1.5", _seconds_setting_parser(MAX_RECEIPT_WAIT))
    """Seconds without a further message after which a member's receipts go out as one; 0: each at once."""
    mail: MailSettings
    pictures: bool = _declare_setting("PICTURES", "on", _parse_switch_setting)
    """Whether cards get pictures, which a separate process draws."""
    backup_keep: int | None = _declare_setting("BACKUP_KEEP", "", _integer_setting_parser(0))
    """How many daily backups are kept; 0: none is made. None: seven beside a SQLite file, none on PostgreSQL."""
    backup_folder: Path | None = _declare_setting("BACKUP_FOLDER", "", lambda _name, text: Path(text))
    """None: `backups` beside the SQLite file."""
    erasures_folder: Path = _declare_setting("ERASURES_FOLDER", "data", lambda _name, text: Path(text))
    """Where the erasures of a PostgreSQL database are noted; those of a SQLite file are noted beside it."""
    log_level: int = _declare_setting("LOG_LEVEL", "INFO", _parse_log_level_setting)
    log_format: LogFormat = _declare_setting("LOG_FORMAT", "console", _choice_setting_parser(*get_args(LogFormat)))
    metrics_port: int | None = _declare_setting("METRICS_PORT", "", _parse_port_setting)
    """None: no metrics are recorded, and no port is opened."""
    metrics_host: str = _declare_setting("METRICS_HOST", "127.0.0.1")
    """This machine alone by default: the metrics server asks for no password."""


def _setting_names(table: Any) -> Iterator[str]:
    for item in fields(table):
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
    settings: Settings = _read_settings_of(Settings, environ)
    _check_mail_settings(settings.mail)
    if settings.gateway_url is None and settings.api_url != DISCORD_API_URL:
        api = urlsplit(settings.api_url)
        return replace(settings, gateway_url=f"{'wss' if api.scheme == 'https' else 'ws'}://{api.netloc}/gw")
    return settings


def _check_mail_settings(mail: MailSettings) -> None:
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
    defaults: MemberDefaults = _read_settings_of(MemberDefaults, environ)
    return defaults


def _read_settings_of(kind: Any, environ: Mapping[str, str]) -> Any:
    """The dataclass `kind` with the values of its settings, and of the dataclasses in it."""
    return kind(
        **{
            item.name: _read_settings_of(item.type, environ)
            if is_dataclass(item.type)
            else _read_setting(environ, **item.metadata)
            for item in fields(kind)
        }
    )


def _read_setting(
    environ: Mapping[str, str], *, name: str, default: str, parse: Parser, secret: bool, blank_is_value: bool
) -> Any:
    if blank_is_value:
        return parse(name, environ.get(name, default))
    text = (read_secret_setting(environ, name) if secret else environ.get(name, "").strip()) or default
    return parse(name, text) if text else None


def read_secret_setting(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable, or the content of the file that `NAME_FILE` names: a Docker or systemd secret.

    Raises `SettingError` when both are set, or the file cannot be used.
    """
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if not file:
        return value or None
    if value:
        raise SettingError("setting-secret-twice", name=name)
    try:
        with Path(file).open(encoding="utf-8") as secret:
            value = secret.read(MAX_SECRET_BYTES + 1).removesuffix("\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingError("setting-secret-unreadable", name=name, path=file, reason=reason) from error
    if not value.strip() or len(value) > MAX_SECRET_BYTES or not value.isprintable():
        raise SettingError("setting-secret-shape", name=name, path=file)
    return value


def load_environment(file: Path = ENV_FILE) -> dict[str, str]:
    """The process's environment over `.env` in the working folder.

    Raises `SettingError` when the file or a line of it cannot be read, or a name looks like a misspelt setting.
    """
    try:
        text = "" if file.is_dir() or not file.exists() else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError("setting-env-unreadable", reason=type(error).__name__) from error
    for line in parse_stream(StringIO(text)):
        if line.key is None and not line.error:
            continue  # a comment or a blank line
        if line.key is None or line.value is None or not line.key.isidentifier():
            # The line may be a pasted secret: the error does not quote it.
            raise SettingError("setting-env-line", line=str(line.original.line))
        # Other programs may read the same file, so an unknown name is an error only if it resembles a setting.
        if (near := misspelt_setting(line.key, KNOWN_SETTINGS)) is not None:
            raise SettingError("setting-env-unknown", name=line.key, near=near)
    values = dotenv_values(stream=StringIO(text))
    return {**{name: value for name, value in values.items() if value is not None}, **os.environ}


def misspelt_in_environment(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names of the environment that look like misspelt settings, each with the setting.

    They may be another program's, so they are reported and refuse nothing.
    """
    pairs = [(name, misspelt_setting(name, KNOWN_SETTINGS)) for name in sorted(environ)]
    return [(name, near) for name, near in pairs if near is not None]


def env_file_is_world_readable() -> bool:
    """Whether `.env`, which may hold the token, can be read by every user of this machine."""
    return ENV_FILE.is_file() and bool(ENV_FILE.stat().st_mode & stat.S_IROTH)
