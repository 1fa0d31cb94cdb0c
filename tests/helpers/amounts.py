"""How much of what could be tried is tried in `make test`, which runs at each change, and how much before one lands."""

import os
from collections.abc import Container, Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def examples(number: int) -> int:
    """How many examples Hypothesis tries: the number where `CI` is set, else a fifth of it; they differ at each run."""
    return number if os.environ.get("CI") else max(number // 5, 10)


def others_slow(values: Iterable[Any]) -> list[ParameterSet]:
    """Parameters of a long test: the first shows what the test is about in `make test`, the others are `slow`."""
    sets = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*values, marks=pytest.mark.slow if number else ()) for number, values in enumerate(sets)]


def with_slow(values: Iterable[Any], slow: Container[Any]) -> list[ParameterSet]:
    """Parameters of a test that takes long with some of them."""
    return [pytest.param(value, marks=pytest.mark.slow if value in slow else ()) for value in values]
