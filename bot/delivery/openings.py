"""First contacts: opening a direct message is limited more tightly than writing into one, and must hold up nobody else.

So nobody waits in a queue for it: whoever cannot be opened now is told when, and is tried again then.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.delivery.sender import TryLater
from bot.domain.types import MemberId

GAP: Final = timedelta(seconds=1)
"""Between two openings. Discord names no figure, only an error (40003) for too many in a short time."""

SLOWER: Final = timedelta(minutes=2)
"""How long none is opened after that error."""


class Openings:
    """Hands out moments, each to one member."""

    def __init__(self) -> None:
        self.count = 0
        """Direct messages that were opened."""
        self._gap = GAP
        self._next: datetime | None = None
        self._latest: datetime | None = None
        self._moments: dict[MemberId, datetime] = {}

    def wait_for_turn(self, member: MemberId, now: datetime) -> None:
        """Return if it is this member's turn. Raises `TryLater` until then."""
        self._follow(now)
        moment = self._moments.get(member)
        if moment is None:
            moment = max(now, self._next or now)
            self._next = moment + self._gap
            self._moments[member] = moment
        if moment > now:
            raise TryLater(moment - now)
        del self._moments[member]
        self.count += 1

    def _follow(self, now: datetime) -> None:
        """A clock that is set back takes everybody's moment with it: nobody waits until it stands there again."""
        if self._latest is not None and now < self._latest and self._next is not None:
            back = self._latest - now
            self._next -= back
            self._moments = {member: moment - back for member, moment in self._moments.items()}
        self._latest = now

    def share(self, living: int) -> None:
        """So many processes open direct messages."""
        self._gap = GAP * living

    def too_fast(self, now: datetime) -> None:
        """Discord said 40003: nobody's turn comes for a while, and everybody's comes later."""
        waiting = sorted(self._moments, key=lambda member: self._moments[member])
        self._moments = {member: now + SLOWER + place * self._gap for place, member in enumerate(waiting)}
        self._next = now + SLOWER + len(waiting) * self._gap
