"""`make crash`: kill the bot again and again, and audit what is left. `--seed` repeats a run's choices."""

import argparse
import asyncio
import secrets
import sys

from tests.crash.bot_under_test import CHANGES
from tests.crash.harness import run_crashes


def main() -> int:
    """Run, and print the result in one line."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--processes", type=int, default=1, help="1: on SQLite; more: on PostgreSQL, killed in turn")
    parser.add_argument(
        "--sabotage", default=None, choices=CHANGES, help="the bot has this broken: the audit must notice"
    )
    arguments = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    report = asyncio.run(
        run_crashes(
            arguments.kills, seed, processes=arguments.processes, sabotage=arguments.sabotage, print_line=_print_line
        )
    )
    for finding in report.findings[:40]:
        print(f"  {finding}")
    print(report.seen)
    print(report)
    return 0 if report.clean else 1


def _print_line(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
