"""How much there is of what an operator watches: one question, answered from small indexes."""

from dataclasses import dataclass

from storage.database import Reader


@dataclass(frozen=True, slots=True)
class Stock:
    """Of all members together."""

    members: int
    waiting: int
    """Threads."""
    planned: int
    """Occurrences."""


async def count(reader: Reader) -> Stock:
    """What there is now."""
    [row] = await reader.fetch(
        "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM windows WHERE dismissed = 0),"
        " (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL)"
        " + (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL)"
    )
    return Stock(*row)
