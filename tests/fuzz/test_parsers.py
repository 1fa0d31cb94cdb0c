"""The short run: every parser, some hundred examples. `make fuzz` is the long one."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.parsers import PARSERS

pytestmark = pytest.mark.slow  # many examples


@pytest.mark.parametrize("name", PARSERS)
def test_nothing_breaks_a_parser(name: str) -> None:
    parser = PARSERS[name]

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), database=None)
    @given(parser.given)
    def check(example: object) -> None:
        parser.try_one(example)

    check()
