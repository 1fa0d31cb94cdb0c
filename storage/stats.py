"""How much there is of what an operator watches: one question, answered from small indexes."""

from dataclasses import dataclass

from storage.database import Executor


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all members together."""

    members: int
    open_windows: int
    """Threads."""
    planned_reminders: int
    """Occurrences."""


async def count(reader: Executor) -> Totals:
    """What there is now."""
    [row] = await reader.fetch(
        "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM windows WHERE dismissed = 0),"
        " (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL)"
        " + (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL)"
    )
    return Totals(*row)
