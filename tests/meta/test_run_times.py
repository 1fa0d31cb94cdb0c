"""What a run prints of its time, and what of a long test is quick."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.helpers.amounts import examples, others_slow
from tests.helpers.run_times import FILES, SHARED, RunTimes


class Terminal:
    """What was printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def section(self, title: str) -> None:
        self.lines.append(title)

    def line(self, line: str) -> None:
        self.lines.append(line)


def printed(files: int) -> list[str]:
    """After a run in which the second test of each file takes two seconds, the first file's alone ten."""
    times: Any = RunTimes()
    for number in range(2 * files):
        for when, seconds in (("setup", 0.5), ("call", 9.0 if number == 0 else 1.0), ("teardown", 0.5)):
            report = {"nodeid": f"f{number % files}.py::t[a::b]", "when": when, "duration": 2 * seconds}
            times.pytest_runtest_logreport(SimpleNamespace(**report, processor_seconds=seconds))
    times.pytest_testnodedown(SimpleNamespace(workeroutput={"collection": 3.0}))
    times.pytest_testnodedown(SimpleNamespace())  # it died
    terminal: Any = Terminal()
    times.pytest_terminal_summary(terminal)
    return list(terminal.lines)


def test_the_longest_files_are_printed_and_all_are_added_up() -> None:
    _, heads, first, *others, summary = printed(FILES + 1)
    assert first.split() == ["12.0", "1.0", "24.0", "2", "f0.py"]
    assert len(heads.split("  ")) == 5
    assert len(others) == FILES - 1
    assert all(other.startswith("      4.0") for other in others)
    assert "collection in 1 processes 3, set-up 11, tests 30, teardown 11; elapsed in tests: 104" in summary


def test_what_ends_with_the_last_test_is_not_of_its_file() -> None:
    """A browser that all tests of a worker share: its processor time is known when it has ended."""
    times: Any = RunTimes()
    for number in range(FILES + 1):
        report = {"nodeid": f"f{number}.py::t", "when": "teardown", "duration": 1.0, "processor_seconds": number}
        times.pytest_runtest_logreport(SimpleNamespace(**report, ends_shared=number == FILES))
    terminal: Any = Terminal()
    times.pytest_terminal_summary(terminal)
    assert sum(line.endswith(SHARED) for line in terminal.lines) == 1
    assert not any(line.endswith(f"f{FILES}.py") for line in terminal.lines)


def test_a_run_of_few_files_prints_nothing() -> None:
    assert printed(FILES) == []


def test_fewer_examples_outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert (examples(200), examples(40)) == (40, 10)
    monkeypatch.setenv("CI", "true")
    assert (examples(200), examples(40)) == (200, 40)


def test_all_parameters_but_the_first_are_slow() -> None:
    first, second = others_slow([("a", 1), ("b", 2)])
    assert (first.values, [*first.marks]) == (("a", 1), [])
    assert (second.values, [mark.name for mark in second.marks]) == (("b", 2), ["slow"])
    assert [each.values for each in others_slow("ab")] == [("a",), ("b",)]
