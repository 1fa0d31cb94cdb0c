"""What all commands share: the parser's voice, the language, and text that lines up in a terminal."""

import argparse
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from bot.domain.types import Locale
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.csv_table import TableError


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage."""

    def add_argument(self, *names: Any, **told: Any) -> argparse.Action:
        """Its help is words: argparse would read a format into "2 %"."""
        if "help" in told:
            told["help"] = told["help"].replace("%", "%%")
        return super().add_argument(*names, **told)

    def error(self, message: str) -> NoReturn:
        """Raise it; `main` prints it."""
        raise InvalidInputError("cli-usage", reason=message)


def translations_for(environ: Mapping[str, str]) -> Translations:
    """The terminal's language: DEFAULT_LOCALE if set, else that of the system, Japanese or English."""
    chosen = environ.get("DEFAULT_LOCALE", "").strip()
    if not chosen:
        chosen = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    locale: Locale = "ja" if chosen.casefold().startswith("ja") else "en"
    return get_translations(locale)


def display_width(text: str) -> int:
    """Columns of a terminal: East Asian wide letters take two."""
    return sum(
        0 if unicodedata.combining(each) or each == "\ufe0f" else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def pad_right(text: str, columns: int) -> str:
    """The text with blanks after it."""
    return text + " " * max(0, columns - display_width(text))


def pad_left(text: str, columns: int) -> str:
    """The text with blanks before it."""
    return " " * max(0, columns - display_width(text)) + text


def print_error(message: str) -> None:
    """One line on stderr, whatever it was made of."""
    print(" ".join(message.split()), file=sys.stderr)


def row_errors(error: TableError, texts: Translations) -> Iterator[str]:
    """One line for each bad row, or for the file."""
    if not error.rows:
        yield texts.format_error(error)
    for row in error.rows:
        yield texts("table-bad-row", line=str(row.line), reason=texts.format_error(row.reason))
