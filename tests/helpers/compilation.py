"""Compiling the tests: pytest rewrites their assertions, which takes longer than all else of a collection."""

from contextlib import suppress
from importlib import import_module

import pytest

from tests.helpers.machine import ROOT


def compile_in_turn(*, workerid: str, workercount: int, **_: object) -> None:
    """Import the test files, beginning with another part in each worker, so that one compiles what the others load.

    What cannot be imported fails when it is collected.
    """
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    first = len(files) * int(workerid.removeprefix("gw")) // workercount
    for file in files[first:] + files[:first]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
