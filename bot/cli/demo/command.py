"""`python -m bot rehearse`: a member's day on a fake Discord, in the terminal or in a browser."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from zoneinfo import ZoneInfo

from bot.cli.terminal import EXIT_INTERRUPTED, Subcommands, add_command_parser
from bot.domain.text import format_excerpt
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.ops.stop_signals import exit_process, hangup_signals
from bot.setting_parsers import MAX_PORT


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "rehearse", texts("cli-help-rehearse"), run)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--interactive", action="store_true", help=texts("cli-help-interactive"))
    mode.add_argument("--page", action="store_true", help=texts("cli-help-page"))
    parser.add_argument("--port", metavar="N", default=None, help=texts("cli-help-port"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Play the scripted day, read what a person types, or serve the page."""
    if arguments.page:
        return serve_demo(environ, texts, port=_parse_demo_port(arguments.port))
    if arguments.port is not None:
        raise InvalidInputError("page-port-alone")
    try:
        status = asyncio.run(_run_demo(environ, texts, interactive=arguments.interactive))
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    if status and arguments.interactive:  # Python cannot end in order while a thread waits for a line
        with suppress(OSError):
            sys.stdout.flush()
        exit_process(status)
    return status


def serve_demo(environ: Mapping[str, str], texts: Translations, *, port: int = 0) -> int:
    """Serve the page; port 0 stands for any free one."""
    from bot.cli.demo import page  # noqa: PLC0415 — discord.py is imported only by commands that need it

    asyncio.run(page.serve_demo_page(environ, texts, port=port))
    return 0


def _parse_demo_port(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MAX_PORT):  # noqa: PLR2004
        raise InvalidInputError("page-port", written=format_excerpt(text), highest=MAX_PORT)
    return int(text)


async def _run_demo(environ: Mapping[str, str], texts: Translations, *, interactive: bool) -> int:
    """Exit status: 128 and the number of the signal that ended it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    ended_by: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        ended_by.append(number)
        if task is not None:
            task.cancel()

    with suppress(NotImplementedError, RuntimeError):  # on Windows; beside the main thread
        for number in (signal.SIGTERM, *hangup_signals()):
            loop.add_signal_handler(number, end, number)
    try:
        await _play(environ, texts, interactive=interactive)
    except asyncio.CancelledError:
        if not ended_by:
            raise
        return 128 + ended_by[0]
    return 0


async def _play(environ: Mapping[str, str], texts: Translations, *, interactive: bool) -> None:
    from bot.cli.demo.environment import open_demo  # noqa: PLC0415 — as above
    from bot.cli.demo.repl import run_demo_repl  # noqa: PLC0415 — as above
    from bot.cli.demo.script import play_demo  # noqa: PLC0415 — as above
    from bot.cli.demo.session import DemoSession  # noqa: PLC0415 — as above

    async with open_demo(environ, texts, "mika", RECEIPT_WAIT="0") as demo, demo.running_bot() as bot:
        [person] = demo.users
        session = DemoSession(demo.clock, person, bot, texts, ZoneInfo(demo.settings.defaults.timezone))
        await (run_demo_repl if interactive else play_demo)(session)
