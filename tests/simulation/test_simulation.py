"""The simulation in small: levelling keeps the evening's peak under the limit without being late."""

import random

import pytest

from bot.settings import SEND_RATE
from tests.simulation.__main__ import KINDS, openings, send
from tests.simulation.week import demand

DAYS = 2


@pytest.mark.slow
def test_levelling_takes_the_peak_off() -> None:
    wanted = demand(20_000, 3.0, random.Random(1), DAYS)
    plain, levelled = (send(wanted, SEND_RATE, DAYS, level=level) for level in (False, True))
    assert all(plain[f"sent_{kind}"] == levelled[f"sent_{kind}"] > 0 for kind in KINDS)
    assert plain["peak_due"] > 10 * SEND_RATE
    assert levelled["peak_sent"] <= SEND_RATE
    assert plain["worst_early"] > 0
    assert levelled["worst_early"] == 0
    assert levelled["worst_receipts"] == 0


def test_first_contacts_are_spread() -> None:
    longest, most = openings([100] * 90)
    assert most <= 60
    assert longest == 89
