"""Parsers of settings: each reads one kind of value, or raises a `SettingError` that says what to write instead."""

import logging
import re
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bot.domain.text import cut_text, format_excerpt
from bot.errors import InvalidInputError, SettingError

MAX_PORT: Final = 65535

MAX_INTEGER: Final = 9_999_999

MAX_DIGITS: Final = 10

MAX_SHOWN: Final = 100
"""Characters of a value that an error repeats."""

_LABEL: Final = "[A-Za-z0-9_-]{1,63}"
"""A part of a server's name, between two dots."""

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")

SettingParser = Callable[[str, str], Any]
"""Reads a setting, given its name and its text. Raises `SettingError`."""


def integer_setting_parser(minimum: int, maximum: int = MAX_INTEGER) -> SettingParser:
    """A parser of whole numbers, both limits included."""

    def parse(name: str, text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or int(text[:MAX_DIGITS]) < minimum:
            raise SettingError("setting-whole", name=name, written=text[:MAX_SHOWN], least=str(minimum))
        if len(text) > MAX_DIGITS or int(text) > maximum:
            raise SettingError("setting-whole-most", name=name, written=text[:MAX_SHOWN], most=f"{maximum:,}")
        return int(text)

    return parse


def parse_days_setting(name: str, text: str) -> timedelta:
    """A whole number of days, at least one."""
    return timedelta(days=integer_setting_parser(1)(name, text))


def seconds_setting_parser(maximum: float) -> SettingParser:
    """A parser of seconds, with at most three decimals."""

    def parse(name: str, text: str) -> float:
        if not (re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text) and float(text) <= maximum):
            raise SettingError("setting-seconds", name=name, written=text[:MAX_SHOWN], most=f"{maximum:g}")
        return float(text)

    return parse


def parse_token_setting(_name: str, text: str) -> str:
    """Discord's token of the bot: visible ASCII without quotation marks. The error repeats nothing of it."""
    if not re.fullmatch("[!#-&(-~]+", text):
        raise SettingError("setting-token-shape")
    return text


def parse_folder_setting(name: str, text: str) -> Path:
    """A folder. Nothing here replaces a `~`, and quotation marks would be a part of its name."""
    if text.startswith(("~", "$", '"', "'")):
        raise SettingError("setting-folder", name=name, written=text[:MAX_SHOWN])
    return Path(text)


def parse_port_setting(name: str, text: str) -> int:
    """A TCP port."""
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MAX_PORT):  # noqa: PLR2004
        raise SettingError("setting-port", name=name, written=format_excerpt(text), highest=str(MAX_PORT))
    return int(text)


def choice_setting_parser(*allowed: str) -> SettingParser:
    """A parser of one of some words."""

    def parse(name: str, text: str) -> str:
        if text not in allowed:
            raise SettingError("setting-choice", name=name, written=text[:MAX_SHOWN], allowed=", ".join(allowed))
        return text

    return parse


def parse_switch_setting(name: str, text: str) -> bool:
    """`on` or `off`."""
    return bool(choice_setting_parser("on", "off")(name, text) == "on")


def parse_log_level_setting(name: str, text: str) -> int:
    """A level of `LOG_LEVELS`, in any case; the number that `logging` gives it."""
    return logging.getLevelNamesMapping()[choice_setting_parser(*LOG_LEVELS)(name, text.upper())]


def url_setting_parser(*schemes: str, is_base: bool = False) -> SettingParser:
    """A parser of addresses with one of some schemes and a host; a slash at the end is left out.

    `is_base`: a path is appended to it, and the request logs in by itself, so it ends with a path and names no user.
    """

    def parse(name: str, text: str) -> str:
        url = text.rstrip("/")
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").encode("idna")  # a UnicodeError, for an impossible name, is a ValueError
            usable = parts.scheme in schemes and bool(host) and parts.port != 0
        except ValueError:
            usable = False
        has_more = is_base and re.search("[?#@]", url)
        if not usable or has_more or " " in url or not url.isprintable():
            written = re.sub("//.*@", "//…@", url)  # without a password
            raise SettingError(
                "setting-url", name=name, written=written[:MAX_SHOWN], example=f"{schemes[0]}://127.0.0.1:8080/api/v10"
            )
        return url

    return parse


def parse_mail_address_setting(name: str, text: str) -> str:
    """A mail address without a tag (`+…`), in small letters."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", text):
        raise SettingError("setting-mail-address", name=name, written=text[:MAX_SHOWN])
    return text.lower()


def host_and_port_setting_parser(default_port: int | None) -> SettingParser:
    """A parser of `HOST:PORT`; without a default the port must be given."""

    def parse(name: str, text: str) -> tuple[str, int]:
        match = re.fullmatch(rf"(\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::([0-9]{{1,5}}))?", text)
        port = match and (match[2] or default_port)
        if not match or not port or not 1 <= int(port) <= MAX_PORT:
            raise SettingError("setting-host", name=name, written=cut_text(text, 100))
        return match[1].strip("[]"), int(port)

    return parse


def parse_imap_credential_setting(name: str, text: str) -> str:
    """A user or a password. IMAP's LOGIN has no others than ASCII characters. The error repeats nothing of it."""
    if not (text.isascii() and text.isprintable()):
        raise SettingError("setting-mail-login", name=name)
    return text


def parse_certificates_setting(name: str, text: str) -> Path:
    """The path of a file with certificates that can be loaded."""
    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingError("setting-mail-ca-file", name=name, path=cut_text(text, 200), reason=reason) from error
    return Path(text)


def parse_lmtp_address_setting(name: str, text: str) -> str:
    """`unix:PATH` or `HOST:PORT`."""
    if not (text.startswith("unix:") and len(text) > len("unix:")):
        host_and_port_setting_parser(None)(name, text)
    return text


def parse_domains_setting(name: str, text: str) -> tuple[str, ...]:
    """Domains separated by commas, in small letters."""
    domains = tuple(domain.strip().lower() for domain in text.split(",") if domain.strip())
    for domain in domains or [text]:  # commas alone are no domain
        if not re.fullmatch(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", domain):
            raise SettingError("setting-domains", name=name, written=domain[:MAX_SHOWN])
    return domains


def as_setting_parser(parse: Callable[[str], Any], message_id: str) -> SettingParser:
    """A parser of the domain's; its error becomes the setting's own."""

    def parse_setting(_name: str, text: str) -> Any:
        try:
            return parse(text)
        except (InvalidInputError, ValueError) as error:
            raise SettingError(message_id, written=text[:MAX_SHOWN]) from error

    return parse_setting
