"""A plugin for pytest: notes which lines each test reaches, or runs chosen tests in a given order.

`MUTANTS_REACHED`: the file to write, one JSON line a test. `MUTANTS_FOLDERS`: the folders whose lines are noted.
`MUTANTS_TESTS`: a JSON file with the ids of the tests to run.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Tracer = Callable[[FrameType, str, Any], Any]

_reached: dict[str, set[int]] = {}
_tracers: dict[str, Tracer | None] = {}


def _make_tracer(file: str) -> Tracer | None:
    """What notes the lines of a file; None if it is in none of the folders."""
    path = Path(file)
    if not path.is_relative_to(Path.cwd()):
        return None
    name = path.relative_to(Path.cwd()).as_posix()
    if not name.startswith(tuple(os.environ["MUTANTS_FOLDERS"].split(":"))):
        return None
    lines = _reached.setdefault(name, set())

    def note_line(frame: FrameType, _event: str, _value: Any) -> Tracer:
        lines.add(frame.f_lineno)
        return note_line

    return note_line


def _trace(frame: FrameType, event: str, value: Any) -> Tracer | None:
    file = frame.f_code.co_filename
    try:
        tracer = _tracers[file]
    except KeyError:
        tracer = _tracers[file] = _make_tracer(file)
    if tracer is None or frame.f_code.co_name == "<module>":
        return None
    tracer(frame, event, value)
    return tracer


def pytest_configure() -> None:
    """Note what modules call while the tests are imported."""
    if "MUTANTS_REACHED" in os.environ:
        sys.settrace(_trace)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was noted until then belongs to no test."""
    try:
        return (yield)
    finally:
        if "MUTANTS_REACHED" in os.environ:
            sys.settrace(None)
            _write("", 0.0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note the lines of one test with its fixtures."""
    if "MUTANTS_REACHED" not in os.environ:
        return (yield)
    started = time.perf_counter()
    threading.settrace(_trace)
    sys.settrace(_trace)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]  # as its documentation says
        _write(item.nodeid, time.perf_counter() - started)


def _write(test: str, seconds: float) -> None:
    """Write what was noted, and begin anew."""
    noted = {
        "test": test,
        "seconds": round(seconds, 4),
        "passed": test not in _failed,
        "lines": {name: sorted(lines) for name, lines in _reached.items() if lines},
    }
    with Path(os.environ["MUTANTS_REACHED"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(noted) + "\n")
    for lines in _reached.values():
        lines.clear()


_failed: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember a test that fails without any change: it says nothing about one."""
    if not report.passed:
        _failed.add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the chosen tests alone, in their order."""
    if "MUTANTS_TESTS" not in os.environ:
        return
    order = {test: number for number, test in enumerate(json.loads(Path(os.environ["MUTANTS_TESTS"]).read_text()))}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in order])
    items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])
