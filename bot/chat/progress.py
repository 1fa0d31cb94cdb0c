"""How far the direct messages were read: where reading goes on after a crash."""

from bot.domain.types import MemberId


class Progress:
    """Up to which message each member's direct messages have been taken in without a gap.

    After a crash reading goes on behind that message: one that came by the gateway before the earlier ones were read
    must not be noted, or the earlier ones were lost.
    """

    def __init__(self) -> None:
        self._everybody = False
        self._abreast: set[MemberId] = set()
        self._held: set[MemberId] = set()
        self._ahead: dict[MemberId, int] = {}

    def take(self, member: MemberId, message: int) -> bool:
        """A message was taken in; whether it may be noted as the newest one."""
        if member not in self._held and (self._everybody or member in self._abreast):
            return True
        self._ahead[member] = max(message, self._ahead.get(member, 0))
        return False

    def hold(self, member: MemberId) -> None:
        """A message could not be taken in: nothing behind it is noted before it has been read again."""
        self._held.add(member)

    def read_up(self, member: MemberId | None) -> list[tuple[MemberId, int]]:
        """Whoever is abreast now (None: everybody), with the newest message that may be noted."""
        if member is None:
            self._everybody = True
        else:
            self._abreast.add(member)
        ready = [each for each in self._ahead if each not in self._held and member in {None, each}]
        return [(each, self._ahead.pop(each)) for each in ready]
