"""Levelling a peak: half of the members sleep at the same hour, so what closes overnight is told at one instant.

A reminder may go up to ten minutes early and never late. It goes early only where all that is due could not be sent in
time otherwise.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Final

MAX_EARLY: Final = timedelta(minutes=10)
STEP: Final = timedelta(seconds=1)
STEPS: Final = MAX_EARLY // STEP


def lookahead_for_rate(due_counts: Sequence[int], rate: float) -> timedelta:
    """How far ahead of their moment reminders are to go out now.

    `due[n]` of them fall due in the n-th step from now, those of the past in the first; `rate` can be sent a second.
    The furthest step before whose beginning not all of it could be sent decides: within a step anything may be first.
    """
    per_step = rate * STEP.total_seconds()
    full = int(sum(due_counts[:STEPS]) / per_step) + 2  # in any later step all of it fits
    furthest = 0
    for step, total in enumerate(accumulate(due_counts[: min(full, STEPS)]), start=1):
        if total > per_step * max(step - 1, 1):
            furthest = step
    return furthest * STEP
