"""First contacts: opening a direct message is limited more tightly than writing into one, and must hold up nobody else.

So nobody waits in a queue for it: whoever cannot be opened now is told when, and is tried again then.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.types import MemberId
from bot.scheduling.ports import RetryLaterError

OPEN_INTERVAL: Final = timedelta(seconds=1)
"""Between two openings. Discord names no figure, only an error (40003) for too many in a short time."""

BACKOFF: Final = timedelta(minutes=2)
"""How long none is opened after that error."""


class DmOpenLimiter:
    """Hands out moments, each to one member."""

    def __init__(self) -> None:
        self.count = 0
        """Direct messages that were opened."""
        self._gap = OPEN_INTERVAL
        self._next: datetime | None = None
        self._latest: datetime | None = None
        self._reserved_at: dict[MemberId, datetime] = {}

    def check_slot(self, member_id: MemberId, now: datetime) -> None:
        """Return if it is this member's turn. Raises `TryLater` until then."""
        self._adjust_for_clock_rollback(now)
        moment = self._reserved_at.get(member_id)
        if moment is None:
            moment = max(now, self._next or now)
            self._next = moment + self._gap
            self._reserved_at[member_id] = moment
        if moment > now:
            raise RetryLaterError(moment - now)
        del self._reserved_at[member_id]
        self.count += 1

    def _adjust_for_clock_rollback(self, now: datetime) -> None:
        """A clock that is set back takes everybody's moment with it: nobody waits until it stands there again."""
        if self._latest is not None and now < self._latest and self._next is not None:
            back = self._latest - now
            self._next -= back
            self._reserved_at = {member: moment - back for member, moment in self._reserved_at.items()}
        self._latest = now

    def set_process_count(self, process_count: int) -> None:
        """So many processes open direct messages."""
        self._gap = OPEN_INTERVAL * process_count

    def back_off(self, now: datetime) -> None:
        """Discord said 40003: nobody's turn comes for a while, and everybody's comes later."""
        waiting = sorted(self._reserved_at, key=lambda member: self._reserved_at[member])
        self._reserved_at = {member: now + BACKOFF + place * self._gap for place, member in enumerate(waiting)}
        self._next = now + BACKOFF + len(waiting) * self._gap
