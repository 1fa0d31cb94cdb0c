"""`make fuzz FUZZ_MINUTES=30`: every parser in turn until the time is up; a table of what was tried and found."""

import argparse
import secrets
import sys
import time
import traceback

from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz.parsers import PARSERS, Parser

A_TURN = 500
"""Examples of one parser before the next has its turn."""


def run(parser: Parser, number: int) -> tuple[int, float]:
    """One turn from a seed: how many examples, and the slowest one's seconds. Raises what was found."""
    tried, slowest = 0, 0.0

    @seed(number)
    @settings(max_examples=A_TURN, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(parser.given)
    def check(example: object) -> None:
        nonlocal tried, slowest
        tried += 1
        slowest = max(slowest, parser.try_one(example))

    check()
    return tried, slowest


def main() -> int:
    """Exit status 1: something was found."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz")
    arguments.add_argument("--minutes", type=float, default=10)
    arguments.add_argument("--only", choices=list(PARSERS))
    chosen = arguments.parse_args()
    parsers = [PARSERS[chosen.only]] if chosen.only else list(PARSERS.values())
    ends = time.monotonic() + chosen.minutes * 60
    tried = dict.fromkeys((each.name for each in parsers), 0)
    slowest = dict.fromkeys(tried, 0.0)
    found: dict[str, int] = {}
    while time.monotonic() < ends:
        for parser in parsers:
            if time.monotonic() >= ends:
                break
            number = secrets.randbits(32)
            try:
                more, took = run(parser, number)
            except Exception:  # noqa: BLE001 — whatever it is, the next parser has its turn
                traceback.print_exc()
                print(f"found in {parser.name}, seed {number}", flush=True)
                found[parser.name] = found.get(parser.name, 0) + 1
                continue
            tried[parser.name] += more
            slowest[parser.name] = max(slowest[parser.name], took)
    print("| parser | examples | slowest (ms) | found |\n|---|---|---|---|")
    for name, count in tried.items():
        print(f"| {name} | {count:,} | {slowest[name] * 1000:.0f} | {found.get(name, 0)} |")
    print(f"| together | {sum(tried.values()):,} | {max(slowest.values()) * 1000:.0f} | {sum(found.values())} |")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
