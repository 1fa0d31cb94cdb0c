"""The rows of a table as one test: each is run, and each that fails is named."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.helpers.machine import ROOT

PLUGIN: Final = """
from tests.helpers.tables import Tables

def pytest_configure(config):
    config.pluginmanager.register(Tables())
"""

TESTS: Final = """
import pytest

several = pytest.mark.parametrize("number", [1, 2, 3, 4, pytest.param(6, marks=pytest.mark.slow)])

@several
def test_even_ones_fail(number):
    if number == 3:
        pytest.skip("three")
    assert number % 2, f"{number} is even"

@several
def test_two_fails(number):
    assert number != 2

@several
def test_three_is_skipped(number):
    if number == 3:
        pytest.skip("three")

class TestOfAClass:
    @pytest.mark.parametrize("letter", "ab")
    @several
    def test_each_has_an_object_of_its_own(self, number, letter):
        assert not hasattr(self, "number")
        self.number = number

@several
def test_with_a_fixture(number, tmp_path):
    assert number

@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_slow(number):
    assert number
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest prints of these tests."""
    folder: Path = tmp_path_factory.mktemp("tables")
    (folder / "conftest.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "test_it.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow: long\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-n", "0", str(folder)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout


@pytest.mark.slow  # a process
def test_rows_that_need_only_their_values_are_one_test(output: str) -> None:
    results = dict(re.findall(r"^test_it\.py::(\S+) ([A-Z]+)", output, flags=re.MULTILINE))
    alone = ["test_slow[1]", "test_slow[2]", *(f"test_with_a_fixture[{number}]" for number in (1, 2, 3, 4, 6))]
    assert results == {
        "test_even_ones_fail": "FAILED",
        "test_even_ones_fail[6]": "FAILED",
        "test_two_fails": "FAILED",
        "test_two_fails[6]": "PASSED",
        "test_three_is_skipped": "SKIPPED",
        "test_three_is_skipped[6]": "PASSED",
        "TestOfAClass::test_each_has_an_object_of_its_own": "PASSED",
        "TestOfAClass::test_each_has_an_object_of_its_own[6-a]": "PASSED",
        "TestOfAClass::test_each_has_an_object_of_its_own[6-b]": "PASSED",
        **dict.fromkeys(alone, "PASSED"),
    }


@pytest.mark.slow  # the same one
def test_every_row_that_fails_is_named_with_what_failed(output: str) -> None:
    assert set(re.findall(r"in the row (\S+)", output)) == {
        "test_even_ones_fail[2]",
        "test_even_ones_fail[4]",
        "test_two_fails[2]",
    }
    assert "2 of 4 rows failed" in output
    assert "4 is even" in output
    assert "assert 2 != 2" in output
