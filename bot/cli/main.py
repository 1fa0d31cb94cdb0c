"""The command line. Each command has its own file; every error is printed as one sentence."""

import argparse
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.cli import (
    announce,
    backup,
    check,
    doctor,
    fee,
    forecast,
    members,
    move_database,
    restore,
    run,
    standing,
    users,
)
from bot.cli.demo import command as demo
from bot.cli.terminal import Parser, format_row_errors, print_error, report_misspelt_settings, terminal_translations
from bot.errors import NinteiError, SettingError
from bot.i18n.translations import Translations
from bot.parsing.csv_table import TableError
from bot.settings import load_environment
from bot.version import COMMAND, VERSION

EXIT_USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; 2: the arguments, a file or a setting cannot be used."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Japanese gets question marks instead of a traceback
            stream.reconfigure(errors="replace")
    try:
        environ = load_environment()
    except SettingError as error:
        as_json = _writes_json_log(argv, os.environ)
        print_error(terminal_translations(os.environ).format_error(error), as_json=as_json)
        return EXIT_USAGE
    texts = terminal_translations(environ)
    parser = Parser(prog=COMMAND, description=texts("cli-about"))
    parser.add_argument("--version", action="version", version=f"nintei {VERSION}", help=texts("cli-help-version"))
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    user_commands = (run, demo, standing, forecast, check, fee)
    operator_commands = (doctor, backup, restore, move_database, members, announce, users)
    for command in (*user_commands, *operator_commands):
        command.add_parser(commands, texts)
    parser.set_defaults(run=run.run_or_demo)
    as_json = _writes_json_log(argv, environ)
    try:
        arguments = parser.parse_args(argv)
        _report_misspelt_settings(arguments, texts)
        status = int(arguments.run(arguments, environ, texts))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has closed it; nothing more can be written there, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 — Python's own traceback could quote a member
        lines, status = _explain_error(error, texts)
        for line in lines:
            print_error(line, as_json=as_json)
    return status


def _report_misspelt_settings(arguments: argparse.Namespace, texts: Translations) -> None:
    """Print misspelt settings before a command. The bot logs them itself, so `run` prints none."""
    if arguments.run not in {run.run, run.run_or_demo}:
        report_misspelt_settings(texts)


def _explain_error(error: Exception, texts: Translations) -> tuple[Sequence[str], int]:
    """The sentences that say what is wrong and what to do, and the exit status."""
    match error:
        case TableError():
            return list(format_row_errors(error, texts)), EXIT_USAGE
        case NinteiError():
            return [texts.format_error(error)], EXIT_USAGE
        case ModuleNotFoundError(name="fcntl"):
            return [texts("cli-windows")], EXIT_USAGE
        case OSError():  # a file or folder of this machine
            reason = error.strerror or type(error).__name__
            return [texts("cli-file-refused", path=str(error.filename or "–"), reason=reason)], EXIT_USAGE
        case _:
            place = traceback.extract_tb(error.__traceback__)[-1]
            at = f"{Path(place.filename).name}:{place.lineno}"
            return [texts("cli-internal-error", error_type=type(error).__name__, place=at)], 1


def _writes_json_log(argv: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether stderr is the log of a bot, a JSON object in every line."""
    return environ.get("LOG_FORMAT", "").strip() == "json" and list(argv[:1]) in ([], ["run"])
