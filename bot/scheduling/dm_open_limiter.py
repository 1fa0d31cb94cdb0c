"""Limits how often direct-message channels are opened, which Discord allows less often than writing into one.

A member whose turn has not come gets the time of the turn instead of waiting in a queue, so that openings delay no
other send.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.types import MemberId
from bot.scheduling.ports import RetryLaterError

OPEN_INTERVAL: Final = timedelta(seconds=1)
"""Between two openings. Discord publishes no limit, only an error (40003) for too many in a short time."""

BACKOFF: Final = timedelta(minutes=2)
"""The pause after that error."""


class DmOpenLimiter:
    """Reserves a time for each member whose channel is to be opened."""

    def __init__(self) -> None:
        self.count = 0
        """Channels opened so far."""
        self._interval = OPEN_INTERVAL
        self._next_free: datetime | None = None
        self._latest_now: datetime | None = None
        self._reserved_at: dict[MemberId, datetime] = {}

    def take_open_slot(self, member_id: MemberId, now: datetime) -> None:
        """Use the time that the first call reserves for a member. Raises `RetryLaterError` with the delay to it."""
        self._adjust_for_clock_rollback(now)
        slot = self._reserved_at.get(member_id)
        if slot is None:
            slot = max(now, self._next_free or now)
            self._next_free = slot + self._interval
            self._reserved_at[member_id] = slot
        if slot > now:
            raise RetryLaterError(slot - now)
        del self._reserved_at[member_id]
        self.count += 1

    def _adjust_for_clock_rollback(self, now: datetime) -> None:
        """Move the reserved times with a clock that was set back."""
        if self._latest_now is not None and now < self._latest_now and self._next_free is not None:
            rollback = self._latest_now - now
            self._next_free -= rollback
            self._reserved_at = {member_id: slot - rollback for member_id, slot in self._reserved_at.items()}
        self._latest_now = now

    def set_process_count(self, process_count: int) -> None:
        """Share the limit among that many processes."""
        self._interval = OPEN_INTERVAL * process_count

    def back_off(self, now: datetime) -> None:
        """Pause after error 40003; reserved times follow after the pause, in their former order."""
        waiting = sorted(self._reserved_at, key=lambda member_id: self._reserved_at[member_id])
        resume_at = now + BACKOFF
        self._reserved_at = {
            member_id: resume_at + position * self._interval for position, member_id in enumerate(waiting)
        }
        self._next_free = resume_at + len(waiting) * self._interval
