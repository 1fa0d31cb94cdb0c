"""How far the direct messages were read: where reading goes on after a crash."""

from bot.domain.types import MemberId


class ReadCheckpoints:
    """Up to which message each member's direct messages have been taken in without a gap.

    After a crash reading goes on behind that message: one that came by the gateway before the earlier ones were read
    must not be noted, or the earlier ones were lost.
    """

    def __init__(self) -> None:
        self._everybody = False
        self._caught_up: set[MemberId] = set()
        self._blocked: set[MemberId] = set()
        self._pending: dict[MemberId, int] = {}

    def processed(self, member: MemberId, message: int) -> bool:
        """A message was taken in; whether it may be noted as the newest one."""
        if member not in self._blocked and (self._everybody or member in self._caught_up):
            return True
        self._pending[member] = max(message, self._pending.get(member, 0))
        return False

    def block(self, member: MemberId) -> None:
        """A message could not be taken in: nothing behind it is noted before it has been read again."""
        self._blocked.add(member)

    def caught_up(self, member: MemberId | None) -> list[tuple[MemberId, int]]:
        """Whoever is abreast now (None: everybody), with the newest message that may be noted."""
        if member is None:
            self._everybody = True
        else:
            self._caught_up.add(member)
        ready = [each for each in self._pending if each not in self._blocked and member in {None, each}]
        return [(each, self._pending.pop(each)) for each in ready]
