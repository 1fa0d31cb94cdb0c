"""The changes that are drawn, and that the run tells a change that is noticed from one that is not."""

import shutil
from pathlib import Path

import pytest

from tests.helpers.machine import ROOT
from tests.mutants.draw import draw_mutations
from tests.mutants.mutations import Mutation, find_mutations
from tests.mutants.run import MutantRun, Outcome

RULE = '''"""A rule: 1 < 2."""

LIMIT: int = 3


def make_table(size: int) -> list[int]:
    return [1] * size


TABLE = make_table(2)


def is_over(count: int = 0) -> bool:
    """Whether count > LIMIT."""
    return count > LIMIT


def shift(count: int) -> int:
    while count < 0:
        count += 1
    return count


def unused(count: int) -> bool:
    return count < 1
'''
TESTS = """
from bot.domain.rule import is_over, shift


def test_is_over():
    assert is_over(5)


def test_is_not_over():
    assert not is_over(0)


def test_shift():
    assert shift(-2) == 0


def test_fails_without_any_change():
    assert is_over(3)
"""


def changed_lines(code: str, path: str = "bot/domain/rule.py") -> set[str]:
    """What a one-line code can be changed to."""
    source = code.encode()
    return {mutation.apply(source).decode() for mutation in find_mutations(path, source)}


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("x = a < b", {"x = a <= b"}),
        ("x = (a) >= b", {"x = (a) > b"}),
        ("x = 'あ', a is not b", {"x = 'あ', a is b"}),
        ("x = a and b", {"x = a or b"}),
        ("x = not (a)", {"x = (a)"}),
        ("x = a + 5", {"x = a - 5", "x = a + 4", "x = a + 6"}),
        ("x = a + 'text'", set()),
        ("x = min(a, key=b)", {"x = max(a, key=b)"}),
        ("while a(): b = a", {"while not a(): b = a"}),
        ("x += a", {"x -= a", "pass"}),
        ("x = True", {"x = False"}),
        ("def f(a: Literal[1] = 2) -> 'b < c': return a", {
            "def f(a: Literal[1] = 1) -> 'b < c': return a", "def f(a: Literal[1] = 3) -> 'b < c': return a",
            "def f(a: Literal[1] = 2) -> 'b < c': return None",
        }),
        ("def f(): 'a < b'", set()),
        ("def f(): return False", {"def f(): return True"}),
        ("@dataclass(frozen=True)\nclass A: __slots__ = (1,)", set()),
        ("log.info('a', count=a + 1)", set()),
        ("x = zip(a, b, strict=True)", set()),
        ("T_co = TypeVar('T_co', covariant=True)", set()),
        ("save(a)", {"pass"}),
        ("raise a", {"pass"}),
    ],
)  # fmt: skip
def test_one_line_has_these_changes(code: str, changed: set[str]) -> None:
    assert changed_lines(code) == changed


@pytest.mark.parametrize(
    ("sql", "changed"),
    [
        ("SELECT a WHERE b <= $1", {"SELECT a WHERE b < $1"}),
        ("SELECT a ORDER BY b", {"SELECT a ORDER BY b DESC"}),
        ("SELECT a ORDER BY b DESC LIMIT {count + 1}", {"SELECT a ORDER BY b ASC LIMIT {count + 1}"}),
        (" AND a = 'x AND y' OR b", {" OR a = 'x AND y' OR b", " AND a = 'x AND y' AND b"}),
        ("SELECT min(a) FROM b", {"SELECT max(a) FROM b"}),
        ("SELECT a + 1 FROM b", {"SELECT a - 1 FROM b", "SELECT a + 2 FROM b", "SELECT a + 0 FROM b"}),
        ("a sentence - with 1 dash", set()),
    ],
)
def test_sql_in_strings_has_these_changes(sql: str, changed: set[str]) -> None:
    assert changed_lines(f'x = f"{sql}"', "storage/rows.py") == {f'x = f"{each}"' for each in changed}


@pytest.mark.slow
def test_the_same_seed_draws_the_same_changes() -> None:
    packages = ["bot/domain", "storage"]
    first = draw_mutations(ROOT, packages, 100, 1)
    assert first == draw_mutations(ROOT, packages, 100, 1)
    assert first != draw_mutations(ROOT, packages, 100, 2)
    assert len({(each.path, each.line) for each in first}) == len(first) == 100


def test_only_comparisons_are_drawn() -> None:
    drawn = draw_mutations(ROOT, ["bot/domain"], 10_000, 1, matching="[<>]")
    assert len(drawn) > 50
    assert {each.replacement for each in drawn} == {"<", "<=", ">", ">="}


def mutation(before: str, after: str) -> Mutation:
    """The change of the rule that makes one text of another."""
    changed = RULE.replace(before, after).encode()
    [found] = [
        each for each in find_mutations("bot/domain/rule.py", RULE.encode()) if each.apply(RULE.encode()) == changed
    ]
    return found


@pytest.mark.slow
def test_the_run_tells_what_is_noticed_from_what_is_not(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "tests" / "mutants", root / "tests" / "mutants")
    for folder in ("bot", "bot/domain", "bot/domain/data", "tests"):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "__init__.py").touch()
    rule = root / "bot" / "domain" / "rule.py"
    rule.write_text(RULE)
    (root / "tests" / "test_rule.py").write_text(TESTS)
    run = MutantRun(root, tmp_path / "copy", markers="", seconds=60, min_timeout=5)
    failed = run.trace_tests(["tests/test_rule.py"], ["bot/domain"], cache=tmp_path / "cache")
    assert failed == ["tests/test_rule.py::test_fails_without_any_change"]

    results = {
        name: run.try_mutation(change)
        for name, change in {
            "killed": mutation("return count > LIMIT", "return None"),
            "on import": mutation("LIMIT: int = 3", "LIMIT: int = 4"),
            "survived": mutation("count > LIMIT\n", "count >= LIMIT\n"),
            "timed out": mutation("count += 1", "count -= 1"),
            "called on import": mutation("return [1] * size", "return None"),
            "not reached": mutation("count < 1", "count <= 1"),
        }.items()
    }

    assert {name: result.outcome for name, result in results.items()} == {
        "killed": Outcome.KILLED,
        "on import": Outcome.SURVIVED,
        "survived": Outcome.SURVIVED,
        "timed out": Outcome.TIMED_OUT,
        "called on import": Outcome.SURVIVED,
        "not reached": Outcome.NOT_REACHED,
    }
    assert results["killed"].killed_by.startswith("tests/test_rule.py::test_is_over")
    assert [results[name].tests_run for name in ("on import", "called on import", "timed out")] == [2, 3, 1]
    assert results["survived"].diff == "-    return count > LIMIT\n+    return count >= LIMIT"
    assert (tmp_path / "copy" / "bot" / "domain" / "data" / "__init__.py").exists()
    assert rule.read_text() == RULE
    assert (tmp_path / "copy" / "bot" / "domain" / "rule.py").read_text() == RULE
