"""Which tests reach a line, and how long each of them takes; made once and remade where files differ."""

import ast
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.mutations import Mutation
from tests.mutants.statements import WORD, Statement, find_statements


@dataclass(slots=True)
class CoverageMap:
    """What was noted while the tests ran on the unchanged code."""

    seconds: dict[str, float] = field(default_factory=dict)
    """How long each test takes; one that fails without a change is left out."""
    tests: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    """The tests that reach a line of a file, while they run: not what is run on import."""
    on_import: set[tuple[str, int]] = field(default_factory=set)
    """Lines of functions that are called while modules are imported."""
    failed: list[str] = field(default_factory=list)

    def add(self, lines: Iterable[str]) -> None:
        """Add what the plugin wrote."""
        for test in map(json.loads, lines):
            if not test["test"]:
                self.on_import |= {(path, number) for path, numbers in test["lines"].items() for number in numbers}
                continue
            if not test["passed"]:
                self.failed.append(test["test"])
                continue
            self.seconds[test["test"]] = test["seconds"]
            for path, numbers in test["lines"].items():
                for number in numbers:
                    self.tests[path, number].add(test["test"])


def load_map(
    root: Path,
    *,
    cache: Path,
    folders: str,
    source_files: Iterable[Path],
    test_files: Iterable[Path],
    trace: Callable[[Path, Path], None],
) -> CoverageMap:
    """Read what was noted of each test file before, as long as it and all the source files are the same; else run it.

    `trace` runs a test file and writes which lines in the folders it reaches to a file.
    """
    cache.mkdir(parents=True, exist_ok=True)
    sources = _digest(folders.encode(), source_files, root)
    coverage = CoverageMap()
    for test_file in test_files:
        noted = cache / f"{test_file.stem}-{_digest(sources, [test_file], root).hex()[:16]}.jsonl"
        if not noted.exists():
            trace(test_file.relative_to(root), noted)
        coverage.add(noted.read_text(encoding="utf-8").splitlines() if noted.exists() else ())
    return coverage


def _digest(start: bytes, files: Iterable[Path], root: Path) -> bytes:
    contents = (file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() for file in files)
    return hashlib.sha256(start + b"".join(contents)).digest()


class TestChoice:
    """Chooses the tests that can notice a change."""

    __test__ = False

    def __init__(self, coverage: CoverageMap, texts: dict[str, str], test_texts: dict[str, str]) -> None:
        """`texts`: all source files; `test_texts`: all test files."""
        self._coverage = coverage
        self._statements = {path: find_statements(text) for path, text in texts.items()}
        self._assignments = [
            each
            for statements in self._statements.values()
            for each in statements
            if each.runs_on_import and isinstance(each.node, ast.Assign | ast.AnnAssign) and each.class_name is None
        ]
        self._test_words = {path: frozenset(WORD.findall(text)) for path, text in test_texts.items()}

    def choose(self, mutation: Mutation) -> list[str]:
        """The tests that reach the changed statement, the quickest first.

        What runs on import is reached by the tests that reach a statement naming what it defines, and by the test files
        that name it themselves. What a function computes for other modules' import is reached by every test.
        """
        statement = max(
            (each for each in self._statements[mutation.path] if mutation.line in each.lines),
            key=lambda each: each.first_line,
        )
        tests = self._reaching(mutation.path, statement)
        if statement.runs_on_import:
            names = self._names_from(statement)
            for path, statements in self._statements.items():
                for each in statements:
                    if not each.runs_on_import and each.words & names:
                        tests |= self._reaching(path, each)
            files = {path for path, words in self._test_words.items() if words & names}
            tests |= {test for test in self._coverage.seconds if test.partition("::")[0] in files}
        if not tests and any((mutation.path, line) in self._coverage.on_import for line in statement.lines):
            tests = set(self._coverage.seconds)
        return sorted(tests, key=lambda test: (self._coverage.seconds[test], test))

    def _reaching(self, path: str, statement: Statement) -> set[str]:
        return set().union(*(self._coverage.tests.get((path, line), ()) for line in statement.lines))

    def _names_from(self, statement: Statement) -> set[str]:
        """What is computed from the statement on import, whether directly or by a further statement."""
        names, new = set(statement.defines), set(statement.defines)
        while new:
            new = {name for each in self._assignments if each.words & new for name in each.defines} - names
            names |= new
        return names
