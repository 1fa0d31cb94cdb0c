"""Load spreading: many members sleep at the same hours, so many reminders fall due at the same instant.

A reminder may be sent up to ten minutes early and never late. It is sent early only where all that is due could not be
sent in time otherwise.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Final

MAX_EARLY: Final = timedelta(minutes=10)
STEP: Final = timedelta(seconds=1)
STEPS: Final = MAX_EARLY // STEP


def lookahead_for_sending_rate(due_counts: Sequence[int], rate: float) -> timedelta:
    """How long before their time reminders are to be sent now.

    `due_counts[n]` reminders are due in the n-th step from now, overdue ones in the first; there are at most `STEPS`
    steps. `rate` can be sent a second.
    The result is the furthest step before whose beginning not all of its reminders could be sent, because within a step
    any of them can be the first.
    """
    per_step = rate * STEP.total_seconds()
    furthest = 0
    for step, total in enumerate(accumulate(due_counts), start=1):
        if total > per_step * max(step - 1, 1):
            furthest = step
    return furthest * STEP
