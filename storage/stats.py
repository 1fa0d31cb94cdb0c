"""The totals that an operator watches, from small indexes."""

from dataclasses import dataclass

from storage.database import Executor


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers over all members."""

    members: int
    open_windows: int
    planned_reminders: int


async def count(reader: Executor) -> Totals:
    """The totals now."""
    [row] = await reader.fetch(
        "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM windows WHERE dismissed = 0),"
        " (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL)"
        " + (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL)"
    )
    return Totals(*row)
