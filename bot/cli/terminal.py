"""Shared by all commands: the argument parser, the terminal's language, aligned text, and errors on stderr."""

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeAlias

from bot.domain.types import Locale
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.csv_table import TableError
from bot.settings import misspelt_in_environment

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 — it has no public name
Command = Callable[[argparse.Namespace, Mapping[str, str], Translations], int]
"""Runs a command, given its arguments, the environment and the terminal's language. Returns the exit status."""


class Parser(argparse.ArgumentParser):
    """Reports an error as one sentence, without the usage."""

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """Take the help as plain text: argparse would read "2 %" as a format."""
        if "help" in options:
            options["help"] = options["help"].replace("%", "%%")
        return super().add_argument(*names, **options)

    def error(self, message: str) -> NoReturn:
        """Raise `InvalidInputError`, which `main` prints."""
        raise InvalidInputError("cli-usage", reason=message)


def add_command_parser(commands: Subcommands, name: str, description: str, run: Command) -> argparse.ArgumentParser:
    """Add a command that `main` runs by calling `run`."""
    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(run=run)
    return parser


def terminal_translations(environ: Mapping[str, str]) -> Translations:
    """The terminal's language: DEFAULT_LOCALE if set, else that of the system, Japanese or English."""
    language = environ.get("DEFAULT_LOCALE", "").strip()
    if not language:
        language = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    locale: Locale = "ja" if language.casefold().startswith("ja") else "en"
    return get_translations(locale)


def display_width(text: str) -> int:
    """Columns that a text takes in a terminal: two for an East Asian wide letter."""
    return sum(
        0 if unicodedata.combining(char) or char == "\ufe0f" else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def pad_right(text: str, columns: int) -> str:
    """Fill the text up with blanks on its right."""
    return text + " " * max(0, columns - display_width(text))


def pad_left(text: str, columns: int) -> str:
    """Fill the text up with blanks on its left."""
    return " " * max(0, columns - display_width(text)) + text


def enum_text_id(value: str) -> str:
    """An enum's value as part of a text's id."""
    return value.replace("_", "-")


def print_error(message: str, *, as_json: bool = False) -> None:
    """Print a message to stderr as a single line; `as_json`: as a line of the log that `LOG_FORMAT=json` writes."""
    line = " ".join(message.split())
    if as_json:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        line = json.dumps({"event": "ended", "sentence": line, "level": "error", "timestamp": now}, ensure_ascii=False)
    print(line, file=sys.stderr)


def report_misspelt_settings(texts: Translations) -> None:
    """Print a line to stderr for each name of the environment that looks like a misspelt setting."""
    for name, near in misspelt_in_environment(os.environ):
        print_error(texts("setting-environment-unknown", name=name, near=near))


def format_row_errors(error: TableError, texts: Translations) -> Iterator[str]:
    """A sentence for each bad row, or one for the file."""
    if not error.rows:
        yield texts.format_error(error)
    for row in error.rows:
        yield texts("table-bad-row", line=str(row.line), reason=texts.format_error(row.reason))
