"""Up to which message each member's direct messages were handled without a gap."""

from collections import defaultdict

from bot.domain.types import MemberId


class ReadCheckpoints:
    """Up to which message each member's direct messages were handled without a gap, in one session of the gateway.

    After a crash reading goes on behind that message. A message that was handled before earlier ones, because these
    were not read yet or their files are still being downloaded, must not be saved as the checkpoint: they would be
    lost.
    """

    def __init__(self) -> None:
        self._all_caught_up = False
        self._caught_up: set[MemberId] = set()
        self._blocked: set[MemberId] = set()
        self._unfinished: defaultdict[MemberId, set[int]] = defaultdict(set)
        self._handled: defaultdict[MemberId, set[int]] = defaultdict(set)

    def begin(self, member_id: MemberId, message_id: int) -> None:
        """A message is being handled: no later one is saved before it has ended."""
        self._unfinished[member_id].add(message_id)

    def end(self, member_id: MemberId, message_id: int) -> None:
        """The message was handled, or another process does so."""
        unfinished = self._unfinished.get(member_id, set())
        unfinished.discard(message_id)
        if not unfinished:
            self._unfinished.pop(member_id, None)

    def processed(self, member_id: MemberId, message_id: int) -> int | None:
        """Note a handled message, whose answer was sent. Returns the checkpoint to save, if there is a newer one."""
        self.end(member_id, message_id)
        self._handled[member_id].add(message_id)
        return self._take_savable(member_id)

    def block(self, member_id: MemberId) -> None:
        """A message of the member's was not handled: no later one is saved before it has been read again."""
        self._blocked.add(member_id)

    def caught_up(self, member_id: MemberId | None) -> list[tuple[MemberId, int]]:
        """Every earlier message of a member was read; None: of every member. Returns the checkpoints to save."""
        if member_id is None:
            self._all_caught_up = True
        else:
            self._caught_up.add(member_id)
        waiting = list(self._handled) if member_id is None else [member_id]
        return [(other, message_id) for other in waiting if (message_id := self._take_savable(other)) is not None]

    def _take_savable(self, member_id: MemberId) -> int | None:
        """The newest handled message before every unfinished one."""
        if member_id in self._blocked or not (self._all_caught_up or member_id in self._caught_up):
            return None
        handled, unfinished = self._handled.pop(member_id, set()), self._unfinished.get(member_id)
        if not unfinished:
            return max(handled, default=None)
        savable = {message_id for message_id in handled if message_id < min(unfinished)}
        if handled - savable:
            self._handled[member_id] = handled - savable
        return max(savable, default=None)
