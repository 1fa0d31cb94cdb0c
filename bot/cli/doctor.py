"""`python -m bot doctor`: is everything as it should be? One line a check; exit status 1: there is something to do."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from bot.cli.terminal import display_width, pad_right
from bot.i18n.translations import Translations

if TYPE_CHECKING:
    from bot.ops.checks.result import CheckResult

SEVERITY_SYMBOLS: Final = {"fine": "✅", "worry": "⚠️", "wrong": "❌", "left_out": "–"}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    words = texts("cli-help-doctor")
    parser = commands.add_parser("doctor", help=words, description=words)
    parser.add_argument("--all", action="store_true", help=texts("cli-help-doctor-all"))
    parser.add_argument("--fix", action="store_true", help=texts("cli-help-doctor-fix"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Look at everything, and tell it line by line."""
    findings = asyncio.run(_run_checks(arguments, environ, texts))
    if arguments.json:
        print(json.dumps([_as_json(each, texts) for each in findings], indent=2, ensure_ascii=False))
    elif any(each.needs_action for each in findings):
        print(texts("doctor-problems", number=sum(each.needs_action for each in findings)))
    else:
        print(texts("doctor-no-problems"))
    return int(any(each.needs_action for each in findings))


async def _run_checks(
    arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations
) -> "list[CheckResult]":
    from bot.clock import SystemClock  # noqa: PLC0415 — other commands do without any of these
    from bot.ops.checks.result import Check  # noqa: PLC0415
    from bot.ops.doctor import run_checks  # noqa: PLC0415

    labels = {check: texts(f"doctor-check-{check}") for check in Check}
    columns = max(display_width(each) for each in labels.values())
    found = []
    async for result in run_checks(environ, SystemClock(), all_threads=arguments.all, fix=arguments.fix):
        found.append(result)
        if not arguments.json:
            sentence = " ".join(texts(result.message_id, **result.params).split())
            symbol = pad_right(SEVERITY_SYMBOLS[result.severity], 2)
            print(f"{symbol} {pad_right(labels[result.check], columns)}  {sentence}", flush=True)
    return found


def _as_json(result: "CheckResult", texts: Translations) -> dict[str, str]:
    return {
        "check": result.check,
        "mark": result.severity,
        "text": texts(result.message_id, **result.params),
    }
