"""`python -m bot doctor`: one line for each check; exit status 1 if the operator should do something."""

import argparse
import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from bot.cli.terminal import (
    Subcommands,
    add_command_parser,
    display_width,
    is_printable,
    make_terminal_safe,
    operator_text_id,
    pad_right,
    print_json,
)
from bot.i18n.translations import Translations

if TYPE_CHECKING:
    from bot.ops.checks.result import CheckResult

SEVERITY_SYMBOLS: Final = {"fine": "✅", "worry": "⚠️", "wrong": "❌", "left_out": "–"}
ASCII_SYMBOLS: Final = {"fine": "ok", "worry": "!", "wrong": "X", "left_out": "-"}
"""For a terminal whose encoding lacks the others: a question mark before every line would tell nothing."""


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "doctor", texts("cli-help-doctor"), run)
    parser.add_argument("--all", action="store_true", help=texts("cli-help-doctor-all"))
    parser.add_argument("--fix", action="store_true", help=texts("cli-help-doctor-fix"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Run all checks, and print each result as soon as it is there."""
    results = asyncio.run(_run_checks(arguments, environ, texts))
    if arguments.json:
        print_json([_check_result_as_json(result, texts) for result in results])
    elif any(result.needs_action for result in results):
        print(texts("doctor-problems", number=sum(result.needs_action for result in results)))
    else:
        print(texts("doctor-no-problems"))
    return int(any(result.needs_action for result in results))


async def _run_checks(
    arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations
) -> "list[CheckResult]":
    from bot.clock import SystemClock  # noqa: PLC0415 — other commands do without any of these
    from bot.ops.checks.result import Check  # noqa: PLC0415
    from bot.ops.doctor import run_doctor_checks  # noqa: PLC0415

    labels = {check: texts(f"doctor-check-{check}") for check in Check}
    columns = max(display_width(label) for label in labels.values())
    symbols = SEVERITY_SYMBOLS if is_printable("".join(SEVERITY_SYMBOLS.values())) else ASCII_SYMBOLS
    results = []
    async for result in run_doctor_checks(environ, SystemClock(), all_threads=arguments.all, fix=arguments.fix):
        results.append(result)
        if not arguments.json:
            sentence = make_terminal_safe(" ".join(texts(operator_text_id(result.message_id), **result.params).split()))
            symbol = pad_right(symbols[result.severity], 2)
            print(f"{symbol} {pad_right(labels[result.check], columns)}  {sentence}", flush=True)
    return results


def _check_result_as_json(result: "CheckResult", texts: Translations) -> dict[str, str]:
    return {
        "check": result.check,
        "mark": result.severity,
        "text": texts(operator_text_id(result.message_id), **result.params),
    }
