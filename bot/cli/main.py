"""The command line. Each command has its own file; every error is printed as one sentence."""

import argparse
import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

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
from bot.cli.terminal import (
    EXIT_INTERRUPTED,
    Parser,
    discard_output,
    format_row_errors,
    format_terminal_error,
    open_missing_streams,
    print_error,
    report_misspelt_settings,
    terminal_translations,
)
from bot.errors import NinteiError, SettingError
from bot.i18n.translations import Translations
from bot.parsing.csv_table import TableError
from bot.settings import load_environment
from bot.unhandled_errors import forbid_core_dumps
from bot.version import COMMAND, VERSION

EXIT_USAGE = 2

BOT_COMMANDS = {run.run, run.run_or_demo}

END_SIGNALS = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; 2: the arguments, a file or a setting cannot be used."""
    argv = sys.argv[1:] if argv is None else argv
    forbid_core_dumps()
    open_missing_streams()
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
        try:
            arguments = parser.parse_args(argv)
            _report_misspelt_settings(arguments, texts)
            with _raise_on_end_signals(arguments):
                status = int(arguments.run(arguments, environ, texts))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        discard_output(sys.stdout)
        return 1
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 — Python's own traceback could quote a member
        lines, status = _error_lines_and_exit_status(error, texts)
        for line in lines:
            print_error(line, as_json=as_json)
        if _is_output_error(error):
            discard_output(sys.stdout)
    return status


def _report_misspelt_settings(arguments: argparse.Namespace, texts: Translations) -> None:
    """Print misspelt settings before a command. The bot logs them itself, so `run` prints none."""
    if arguments.run not in BOT_COMMANDS:
        report_misspelt_settings(texts)


@contextmanager
def _raise_on_end_signals(arguments: argparse.Namespace) -> Iterator[None]:
    """Have SIGTERM and SIGHUP raise `SystemExit`, so that no half written file stays. The bot handles them itself."""
    signals = [number for number in END_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    if arguments.run in BOT_COMMANDS or threading.current_thread() is not threading.main_thread():
        signals = []

    def end(number: int, _frame: FrameType | None) -> None:
        for other in signals:
            signal.signal(other, signal.SIG_DFL)  # a second one ends it at once
        raise SystemExit(128 + number)

    for number in signals:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_DFL)


def _error_lines_and_exit_status(error: Exception, texts: Translations) -> tuple[Sequence[str], int]:
    """The sentences that say what is wrong and what to do, and the exit status."""
    match error:
        case TableError():
            return list(format_row_errors(error, texts)), EXIT_USAGE
        case NinteiError():
            return [format_terminal_error(error, texts)], EXIT_USAGE
        case ModuleNotFoundError(name="fcntl"):
            return [texts("cli-windows")], EXIT_USAGE
        case OSError() if _is_output_error(error):
            return [texts("cli-output-refused", reason=error.strerror or type(error).__name__)], EXIT_USAGE
        case OSError():  # a file or folder of this machine
            reason = error.strerror or type(error).__name__
            return [texts("cli-file-refused", path=str(error.filename or "–"), reason=reason)], EXIT_USAGE
        case _:
            place = traceback.extract_tb(error.__traceback__)[-1]
            at = f"{Path(place.filename).name}:{place.lineno}"
            return [texts("cli-internal-error", error_type=type(error).__name__, place=at)], 1


def _is_output_error(error: Exception) -> bool:
    """Whether the output could not be written: errors of files that a command opens have a name."""
    return isinstance(error, OSError) and error.filename is None and error.errno in OUTPUT_ERRORS


def _writes_json_log(argv: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether stderr is the log of a bot, a JSON object in every line."""
    return environ.get("LOG_FORMAT", "").strip() == "json" and list(argv[:1]) in ([], ["run"])
