"""Shared by all commands: the argument parser, the terminal's language, aligned text, and errors on stderr."""

import argparse
import codecs
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import IO, Any, Final, NoReturn, TypeAlias

from bot.domain.types import Locale
from bot.errors import InvalidInputError, NinteiError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.csv_table import TableError
from bot.settings import find_misspelt_settings

_CONTROL_RE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys, or shows in another order, in place of showing it."""

EXIT_INTERRUPTED: Final = 130

OPERATOR_TEXTS: Final = {
    "storage-full": "operator-storage-full",
    "storage-busy": "operator-storage-busy",
    "storage-read-only": "operator-storage-read-only",
    "storage-failed": "operator-storage-failed",
    "storage-unreachable": "operator-storage-unreachable",
    "storage-file-lost": "operator-storage-file-lost",
}

Command = Callable[[argparse.Namespace, Mapping[str, str], Translations], int]
"""Runs a command, given its arguments, the environment and the terminal's language. Returns the exit status."""


class Parser(argparse.ArgumentParser):
    """Reports an error as one sentence, without the usage. Options are written whole: `--f` is not `--fix`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """Take the help as plain text: argparse would read "2 %" as a format."""
        if "help" in options:
            options["help"] = options["help"].replace("%", "%%")
        return super().add_argument(*names, **options)

    def add_value(self, name: str, help_text: str, metavar: str | None = None, **options: Any) -> None:
        """Add an argument for which nothing at all cannot be meant: a script's variable was not set."""
        named = metavar if metavar and not name.startswith("-") else name
        self.add_argument(
            name, metavar=metavar, help=help_text, type=partial(_ensure_argument_not_empty, named), **options
        )

    def error(self, message: str) -> NoReturn:
        """Raise `InvalidInputError`, which `main` prints."""
        raise InvalidInputError("cli-usage", reason=message)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a help or the version. Unlike argparse's own this raises an error of the output, which `main` reads."""
        (file or sys.stdout).write(message)


def _ensure_argument_not_empty(name: str, text: str) -> str:
    """The value of an argument. Raises `InvalidInputError` where there is none."""
    if not text.strip():
        raise InvalidInputError("cli-empty", name=name)
    return text


Subcommands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 — it has no public name


def add_command_parser(commands: Subcommands, name: str, description: str, run: Command) -> Parser:
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


def make_terminal_safe(line: str) -> str:
    """The line without control characters: a name or file of somebody else's could hold some for the terminal."""
    return line if line.isprintable() else _CONTROL_RE.sub("\ufffd", line)


def is_printable(text: str) -> bool:
    """Whether the terminal's encoding has every character."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for people."""
    print("\n".join(map(make_terminal_safe, lines)))


def print_json(value: object) -> None:
    """Print a value as JSON; what the terminal's encoding does not have, or would write otherwise, is escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(json.dumps(value, ensure_ascii=codecs.lookup(encoding).name != "utf-8", indent=2))


def open_missing_streams() -> None:
    """Let a closed stdin, stdout or stderr take or give nothing, so that no file is opened in its place."""
    if None in {sys.stdin, sys.stdout, sys.stderr}:
        while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 — the number of stderr
            pass
        os.close(handle)
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 — for as long as the program
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 — as above
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 — as above


def discard_output(stream: IO[str]) -> None:
    """Write nothing more to a stream that cannot be written, not even what it still holds at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_error(message: str, *, as_json: bool = False) -> None:
    """Print a message to stderr as a single line; `as_json`: as a line of the log that `LOG_FORMAT=json` writes."""
    line = make_terminal_safe(" ".join(message.split()))
    if as_json:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        line = json.dumps({"event": "ended", "sentence": line, "level": "error", "timestamp": now}, ensure_ascii=False)
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:  # nobody can read it; the exit status still says it
        discard_output(sys.stderr)


def report_misspelt_settings(texts: Translations) -> None:
    """Print a line to stderr for each name of the environment that looks like a misspelt setting."""
    for name, near in find_misspelt_settings(os.environ):
        print_error(texts("setting-environment-unknown", name=name, near=near))


def operator_text_id(message_id: str) -> str:
    """The text of an error for the operator, where the other one sends a member to the operator."""
    return OPERATOR_TEXTS.get(message_id, message_id)


def format_terminal_error(error: NinteiError, texts: Translations) -> str:
    """The sentence of an error for whoever sits at the terminal."""
    return texts.format_error(NinteiError(operator_text_id(error.message_id), **error.arguments))


def format_row_errors(error: TableError, texts: Translations) -> Iterator[str]:
    """A sentence for each bad row, or one for the file."""
    if not error.rows:
        yield texts.format_error(error)
    for row in error.rows:
        yield texts("table-bad-row", line=str(row.line), reason=texts.format_error(row.reason))
