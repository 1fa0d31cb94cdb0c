"""`make bench`: every row beside its peer in one run, as a table and as JSON. Exit status 1 when a reach is missed."""

import argparse
import asyncio
import json
import platform
import sys
from pathlib import Path

from tests.bench import abuse, bulk, fairness, growth, messages, records, reminders, status
from tests.bench.measure import Row

PARTS = {
    "status": status,
    "messages": messages,
    "reminders": reminders,
    "records": records,
    "bulk": bulk,
    "fairness": fairness,
    "abuse": abuse,
    "growth": growth,
}


async def collect(parts: list[str], scale: float) -> list[Row]:
    found = []
    for part in parts:
        async for row in PARTS[part].rows(scale):
            print(line(row), flush=True)
            found.append(row)
    return found


def line(row: Row) -> str:
    peer = "" if row.peer is None else f"{row.peer:.4g}"
    share = "" if row.ratio is None else f"{row.ratio:.2f}"
    reach = "" if row.at_most is None else f"≤ {row.at_most:g}"
    reach = reach if row.at_least is None else f"≥ {row.at_least:g}"
    met = {None: "", True: "met", False: "MISSED"}[row.met]
    name = f"{row.name} ({row.note})" if row.note else row.name
    return f"| {name} | {row.ours:.4g} {row.unit} | {peer} | {share} | {reach} | {met} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="only these")
    parser.add_argument("--scale", type=float, default=1, help="less than 1: smaller and quicker")
    parser.add_argument("--json", type=Path, default=None, help="write the rows there, too")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print("| what | ours | peer | ratio | reach | |\n|---|---|---|---|---|---|")
    found = asyncio.run(collect(arguments.parts or list(PARTS), arguments.scale))
    if arguments.json:
        arguments.json.write_text(json.dumps([row.as_json() for row in found], indent=2, ensure_ascii=False) + "\n")
    return 1 if any(row.met is False for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
