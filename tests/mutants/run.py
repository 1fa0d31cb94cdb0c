"""Tries changes in a copy of the code."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutants.coverage_map import CoverageMap, TestChoice, load_map
from tests.mutants.mutations import Mutation

_FIRST_TESTS = 60
"""So many of the quickest tests run first, in a process of their own: most changes need no more."""

_TIMEOUT_FACTOR = 5
"""A change has timed out when its tests take so many times as long as without it, and at least `min_timeout`."""

_NOT_COPIED = {"__pycache__", "data", "dist"}
"""Beside hidden files; the last two only at the root."""


class Outcome(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    NOT_REACHED = "not reached by any test"


@dataclass(frozen=True, slots=True)
class Result:
    """A change and its outcome."""

    mutation: Mutation
    outcome: Outcome
    diff: str
    tests_run: int
    tests_reaching: int
    killed_by: str = ""

    def __str__(self) -> str:
        by = f" by {self.killed_by}" if self.killed_by else f" ({self.tests_run} of {self.tests_reaching} tests)"
        return f"{self.outcome}{by}: {self.mutation.path}:{self.mutation.line}\n{self.diff}"

    def as_json(self) -> dict[str, str | int]:
        """Its fields for a file."""
        return {
            "outcome": self.outcome,
            "path": self.mutation.path,
            "line": self.mutation.line,
            "diff": self.diff,
            "tests_run": self.tests_run,
            "tests_reaching": self.tests_reaching,
            "killed_by": self.killed_by,
        }


class MutantRun:
    """A copy of the code, in which one change after the other is made and undone."""

    def __init__(self, root: Path, copy: Path, *, markers: str, seconds: float, min_timeout: float = 120) -> None:
        """`seconds`: the longest that the tests of one change may take together."""
        self._copy = copy
        self._markers = markers
        self._seconds = seconds
        self._min_timeout = min_timeout

        def not_copied(folder: str, names: list[str]) -> set[str]:
            left_out = _NOT_COPIED if Path(folder) == root else {"__pycache__"}
            return {name for name in names if name.startswith(".") or name in left_out}

        shutil.copytree(root, copy, ignore=not_copied)
        for name in (".env.example", ".gitignore"):
            if (root / name).exists():
                shutil.copy(root / name, copy / name)
        self._python_files = sorted(copy.rglob("*.py"))
        self._coverage = CoverageMap()

    def trace_tests(self, tests: list[str], packages: list[str], *, cache: Path) -> list[str]:
        """Note which lines the tests reach, and choose among them from then on. Returns those that fail as it is."""
        folders = ":".join(f"{package}/" for package in packages)

        def trace(test_file: Path, noted: Path) -> None:
            unfinished = noted.with_suffix(f".{os.getpid()}")  # another run may note the same file
            unfinished.unlink(missing_ok=True)
            self._pytest([str(test_file)], {"MUTANTS_REACHED": str(unfinished), "MUTANTS_FOLDERS": folders}, None)
            unfinished.touch()
            unfinished.rename(noted)

        test_files = [file for path in tests for file in sorted((self._copy / path).rglob("test_*.py"))]
        test_files += [self._copy / path for path in tests if path.endswith(".py")]
        self._coverage = load_map(
            self._copy,
            cache=cache,
            folders=folders,
            source_files=self._find_sources(),
            test_files=test_files,
            trace=trace,
        )
        texts = {
            file.relative_to(self._copy).as_posix(): file.read_text(encoding="utf-8") for file in self._python_files
        }
        self._choice = TestChoice(
            self._coverage,
            {path: text for path, text in texts.items() if path.startswith(tuple(folders.split(":")))},
            {path: text for path, text in texts.items() if self._copy / path in test_files},
        )
        return self._coverage.failed

    def _find_sources(self) -> list[Path]:
        """What a test's lines depend on beside its own file."""
        files = [file for folder in ("bot", "storage", "tests") for file in (self._copy / folder).rglob("*.*")]
        own = self._copy / "tests" / "mutants"
        return sorted(
            file
            for file in files
            if file.is_file() and file.suffix != ".pyc" and not (file.name.startswith("test_") or own in file.parents)
        )

    def try_mutation(self, mutation: Mutation) -> Result:
        """Run the tests that reach a change until one fails."""
        tests = self._choice.choose(mutation)
        file = self._copy / mutation.path
        source = file.read_bytes()
        done = 0
        file.write_bytes(mutation.apply(source))
        try:
            outcome, killed_by = Outcome.SURVIVED if tests else Outcome.NOT_REACHED, ""
            for batch in self._batches(tests):
                done += len(batch)
                outcome, killed_by = self._run_tests(batch)
                if outcome is not Outcome.SURVIVED:
                    break
        finally:
            file.write_bytes(source)
        return Result(mutation, outcome, mutation.diff(source), done, len(tests), killed_by)

    def _batches(self, tests: list[str]) -> list[list[str]]:
        """The tests that fit into the time: the quickest, and the rest."""
        left, chosen = self._seconds, []
        for test in tests:
            left -= self._coverage.seconds[test]
            if left < 0 and chosen:
                break
            chosen.append(test)
        return [batch for batch in (chosen[:_FIRST_TESTS], chosen[_FIRST_TESTS:]) if batch]

    def _run_tests(self, tests: list[str]) -> tuple[Outcome, str]:
        chosen = self._copy.with_suffix(".json")
        chosen.write_text(json.dumps(tests), encoding="utf-8")
        files = sorted({test.partition("::")[0] for test in tests})
        usual = sum(self._coverage.seconds[test] for test in tests)
        timeout = max(self._min_timeout, _TIMEOUT_FACTOR * usual)
        try:
            status, output = self._pytest(["-x", *files], {"MUTANTS_TESTS": str(chosen)}, timeout)
        except subprocess.TimeoutExpired:
            return Outcome.TIMED_OUT, ""
        if status == 0:
            return Outcome.SURVIVED, ""
        failures = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR", "E  "))]
        return Outcome.KILLED, failures[0].partition(" ")[2] if failures else f"exit status {status}"

    def _pytest(self, arguments: list[str], environment: dict[str, str], timeout: float | None) -> tuple[int, str]:
        """Exit status and output. Raises `TimeoutExpired`, with whatever the tests started ended."""
        options = ["-p", "tests.mutants.reached_lines", "-p", "no:xdist", "-m", self._markers, "--hypothesis-seed=0"]
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, "--tb=no", *arguments],
            cwd=self._copy,
            env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=timeout)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, output
