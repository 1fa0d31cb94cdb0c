"""`make mutants`: change one line at a time, in a copy of the code, and see whether the tests that reach it fail.

The first run notes which tests reach which lines, which takes as long as these tests do, several times over; the notes
are kept in `.mutants` and made again for what has changed.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path

from tests.mutants.draw import draw_mutations
from tests.mutants.run import MutantRun, Outcome

ROOT = Path(__file__).parents[2]
PACKAGES = ["bot/domain", "bot/scheduling", "storage", "bot/parsing"]
FOLDERS = ["unit", "corpora", "services", "storage", "scheduling", "ops", "cards", "contracts", "cli", "wire"]


def main() -> int:
    """Exit status 1: a change was not noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None, help="repeats a draw")
    parser.add_argument("--packages", nargs="+", default=PACKAGES)
    parser.add_argument(
        "--matching", default="", help="what is changed, a regular expression: '[<>]' comparisons alone"
    )
    parser.add_argument("--tests", nargs="+", default=[f"tests/{name}" for name in FOLDERS], help="folders or files")
    parser.add_argument("--markers", default="not (postgres or browser or mail or node or promtool or root or slow)")
    parser.add_argument("--seconds", type=float, default=300, help="the longest that the tests of one change may take")
    parser.add_argument("--only", nargs="+", type=int, default=None, help="numbers of changes of the draw")
    parser.add_argument("--list", action="store_true", help="print the draw, and run nothing")
    parser.add_argument("--json", type=Path, default=None, help="write the results to a file")
    arguments = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    mutations = draw_mutations(ROOT, arguments.packages, arguments.count, seed, matching=arguments.matching)
    chosen = [(n, each) for n, each in enumerate(mutations, 1) if arguments.only is None or n in arguments.only]
    if arguments.list:
        for number, mutation in chosen:
            print(f"{number} {mutation.path}:{mutation.line}\n{mutation.diff((ROOT / mutation.path).read_bytes())}")
        return 0
    results = []
    with tempfile.TemporaryDirectory(prefix="nintei-mutants-") as folder:
        run = MutantRun(ROOT, Path(folder) / "copy", markers=arguments.markers, seconds=arguments.seconds)
        folders = list(dict.fromkeys([*PACKAGES, *arguments.packages]))
        failed = run.trace_tests(arguments.tests, folders, cache=ROOT / ".mutants")
        print("".join(f"fails without any change, left out: {test}\n" for test in failed), end="", flush=True)
        for number, mutation in chosen:
            result = run.try_mutation(mutation)
            results.append({"number": number, **result.as_json()})
            print(f"{number} {result}", flush=True)
    for outcome in Outcome:
        print(f"{outcome}: {sum(result['outcome'] == outcome for result in results)}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"seed": seed, "results": results}, indent=1), encoding="utf-8")
    return int(any(result["outcome"] in {Outcome.SURVIVED, Outcome.NOT_REACHED} for result in results))


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
