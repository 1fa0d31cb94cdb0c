"""Where the member stands: one read of the year, and the pure judge."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.certification.editions import edition_named
from bot.certification.facts import Facts
from bot.certification.reply_rate import LANCERS_ZONE, year_before
from bot.certification.standing import Standing, judge
from bot.intake.names import client_key
from bot.services.preferences import Preferences, preferences_of
from bot.settings import Defaults
from bot.values import MemberId
from storage import clocks, members, threads
from storage.clocks import Waiting, YearOfReplies
from storage.database import Database
from storage.members import Badge
from storage.threads import Thread

OFFERED: Final = 25
"""What Discord shows of a completion."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What `/status` shows."""

    preferences: Preferences
    badge: Badge
    badge_since: datetime | None
    next_review: date
    """Assumed: the first of the next month; Lancers reviews monthly and publishes no day (FACTS.md §2)."""
    year: YearOfReplies
    standing: Standing
    waiting: tuple[Waiting, ...]
    as_of: datetime


class Observer:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, defaults: Defaults) -> None:
        self._database = database
        self._defaults = defaults

    async def overview(self, member: MemberId, *, now: datetime) -> Overview:
        """The member's standing at `now`."""
        async with self._database.read() as transaction:
            row = await members.find(transaction, member)
            year = await clocks.year(transaction, member, year_before(now), now)
            waiting = await clocks.waiting(transaction, member)
        preferences = preferences_of(row, self._defaults)
        return Overview(
            preferences,
            row.badge if row else Badge.UNKNOWN,
            row.badge_since if row else None,
            _next_review(now),
            year,
            judge(edition_named(preferences.edition), Facts(year.rate), now),
            tuple(waiting),
            now,
        )

    async def pending(self, member: MemberId) -> tuple[Preferences, list[Waiting]]:
        """What waits, the most urgent first."""
        async with self._database.read() as transaction:
            row = await members.find(transaction, member)
            return preferences_of(row, self._defaults), await clocks.waiting(transaction, member)

    async def threads(self, member: MemberId, *, client: str = "", limit: int = OFFERED) -> list[Thread]:
        """The member's own threads whose client contains what was typed, the last used first."""
        async with self._database.read() as transaction:
            return await threads.recent(transaction, member, limit=limit, containing=client_key(client))

    async def choices(self, member: MemberId, thread: Thread, *, limit: int = OFFERED) -> list[Thread]:
        """Where a message in an unsorted thread may belong: its client's threads, or the last used ones."""
        async with self._database.read() as transaction:
            if thread.client is not None:
                return await threads.of_client(transaction, member, client_key(thread.client))
            return await threads.recent(transaction, member, limit=limit)


def _next_review(now: datetime) -> date:
    today = now.astimezone(LANCERS_ZONE).date()
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
