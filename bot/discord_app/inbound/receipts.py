"""Receipts that wait a moment, so that several forwarded messages in a row are answered with one card.

What they show is recorded already. A member's receipts are sent once nothing further came for `wait` seconds, at the
latest MAX_RECEIPT_WAIT seconds after the first one. One member's cards go out one after the other; members do not
wait for one another. After a card the checkpoint is saved: how far the member's messages were handled.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore
from bot.discord_app.sender import DirectMessageSender, Recipient
from bot.discord_app.timeouts import is_event_set_within
from bot.discord_app.ui.layout import DANGER, Card, notice_card
from bot.domain.types import MemberId
from bot.errors import NinteiError, StorageError
from bot.i18n.translations import get_translations
from bot.scheduling.ports import RetryLaterError
from bot.services.container import Services
from bot.services.members import Preferences
from bot.services.results import RecordOutcome
from bot.settings import MAX_RECEIPT_WAIT

MAX_RECEIPTS_PER_CARD: Final = 100
"""Four selects of 25 options."""

WHOLE_MESSAGE: Final = -1
"""The index of the notice that a message could not be recorded; receipts, once it was read again, have others."""

UnfinishedMessages = defaultdict[MemberId, set[tuple[int, "ReadCheckpoints"]]]
"""The messages that are being handled, each with the checkpoints of its session: two can handle the same one."""

log = structlog.get_logger()


class ReadCheckpoints:
    """Up to which message each member's direct messages were handled without a gap, in one session of the gateway.

    After a crash reading goes on behind that message. A message that was handled before earlier ones, because these
    were not read yet or their files are still being downloaded, must not be saved as the checkpoint: they would be
    lost.
    """

    def __init__(self, unfinished: UnfinishedMessages | None = None) -> None:
        """`unfinished`: those of all sessions."""
        self._all_caught_up = False
        self._caught_up: set[MemberId] = set()
        self._blocked: set[MemberId] = set()
        self._unfinished: UnfinishedMessages = defaultdict(set) if unfinished is None else unfinished
        self._handled: defaultdict[MemberId, set[int]] = defaultdict(set)
        self._successor: ReadCheckpoints | None = None

    def begin_next(self) -> "ReadCheckpoints":
        """The checkpoints of a session that follows."""
        return ReadCheckpoints(self._unfinished)

    def pass_waiting_to(self, successor: "ReadCheckpoints", *, is_same_session: bool = False) -> None:
        """Have what waits for earlier messages, now and later, wait for those that another session reads.

        A member whose channel is not known yet is not read in that session: their first message would wait for ever.
        `is_same_session`: it was resumed, and reads nothing again, so that whoever is blocked stays so.
        """
        self._successor = successor
        if is_same_session:
            successor._blocked |= self._blocked  # noqa: SLF001 — of its own class
        for member_id in [*self._handled]:
            if self._waits_for_earlier(member_id):
                successor._handled[member_id] |= self._handled.pop(member_id)  # noqa: SLF001 — of its own class

    def _waits_for_earlier(self, member_id: MemberId) -> bool:
        """Whether messages from before those of this session may still be read, and none was refused."""
        return not (self._all_caught_up or member_id in self._caught_up or member_id in self._blocked)

    def begin(self, member_id: MemberId, message_id: int) -> None:
        """Note that a message is being handled: no later one is a checkpoint before `end` was called for it."""
        self._unfinished[member_id].add((message_id, self))

    def end(self, member_id: MemberId, message_id: int) -> None:
        """Note that a message was handled, or that another process handles it."""
        unfinished = self._unfinished.get(member_id, set())
        unfinished.discard((message_id, self))
        if not unfinished:
            self._unfinished.pop(member_id, None)

    def note_handled(self, member_id: MemberId, message_id: int) -> int | None:
        """Note a handled message, whose answer was sent. Returns the checkpoint to save, if there is a newer one."""
        self.end(member_id, message_id)
        if self._successor is not None and self._waits_for_earlier(member_id):
            return self._successor.note_handled(member_id, message_id)
        self._handled[member_id].add(message_id)
        return self._take_savable_checkpoint(member_id)

    def block(self, member_id: MemberId) -> None:
        """Save no checkpoint of the member any more: one of their messages was not handled, and is to be read again."""
        self._blocked.add(member_id)
        if self._successor is not None:
            self._successor.block(member_id)

    def note_caught_up(self, member_id: MemberId | None) -> list[tuple[MemberId, int]]:
        """Note that a member's earlier messages were read; None: every member's. Returns the checkpoints to save."""
        if member_id is None:
            self._all_caught_up = True
        else:
            self._caught_up.add(member_id)
        return self.take_savable_checkpoints()

    def take_savable_checkpoints(self) -> list[tuple[MemberId, int]]:
        """The checkpoint to save of each member whose earlier messages were read."""
        return [
            (member_id, message_id)
            for member_id in [*self._handled]
            if (message_id := self._take_savable_checkpoint(member_id)) is not None
        ]

    def _take_savable_checkpoint(self, member_id: MemberId) -> int | None:
        """The newest handled message before every unfinished one."""
        if member_id in self._blocked or not (self._all_caught_up or member_id in self._caught_up):
            return None
        handled, unfinished = self._handled.pop(member_id, set()), self._unfinished.get(member_id)
        if not unfinished:
            return max(handled, default=None)
        first_unfinished = min(message_id for message_id, _ in unfinished)
        savable = {message_id for message_id in handled if message_id < first_unfinished}
        if handled - savable:
            self._handled[member_id] = handled - savable
        return max(savable, default=None)


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """The outcome of one item of a message; an error where it was refused."""

    message_id: int
    index: int
    """The item's place in the message, or `WHOLE_MESSAGE`."""
    outcome: RecordOutcome | NinteiError
    recipient: Recipient | None = None
    """None: to be looked up."""
    on_tried: Callable[[bool], None] | None = None
    """Called once, with whether no further try is needed: it was sent, or can never be."""

    def note_tried(self, *, is_settled: bool) -> None:
        """Call `on_tried`, if it is given."""
        if self.on_tried is not None:
            self.on_tried(is_settled)


@dataclass(frozen=True, slots=True)
class MessageHandled:
    """A direct message all of whose items are entries by now."""

    message_id: int
    checkpoints: ReadCheckpoints
    """Those of the session in which it was handled: a gap of a later session does not concern it."""


@dataclass(eq=False, kw_only=True, slots=True)
class ReceiptBatch:
    """The receipts of one card."""

    member_id: MemberId
    opened_at: float
    """In seconds of the loop's clock, as `last_activity`."""
    last_activity: float
    entries: list[ReceiptEntry] = field(default_factory=list)
    handled: list[MessageHandled] = field(default_factory=list)
    complete: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nothing is to be added, although the wait is not over."""
    is_tried: bool = False
    """Whether `note_tried` was called of its entries."""

    @property
    def nonce(self) -> str:
        """The same for the same entries, so that Discord drops a card that is sent a second time."""
        first = self.entries[0]
        if len(self.entries) == 1:
            return f"{first.message_id}{first.index}"[:25]
        entries = " ".join(f"{entry.message_id}.{entry.index}" for entry in self.entries)
        return hashlib.sha256(entries.encode()).hexdigest()[:25]


class ReceiptBatcher:
    """Collects receipts in batches, and returns these. Whoever gets a batch waits until it is complete and sends it."""

    def __init__(self, wait: float, max_entries: int = MAX_RECEIPTS_PER_CARD) -> None:
        """`wait`: seconds without anything further before a batch is complete; 0: nothing is collected."""
        self.wait = wait
        self._max_entries = max_entries
        self._open: dict[MemberId, ReceiptBatch] = {}

    def add(self, member_id: MemberId, addition: ReceiptEntry | MessageHandled) -> ReceiptBatch | None:
        """Put an entry into the member's batch, or note that a message was handled.

        Returns the batch if it is a new one, which nobody waits for yet.
        """
        now = asyncio.get_running_loop().time()
        batch = self._open.get(member_id)
        is_new = batch is None
        if batch is None:
            batch = ReceiptBatch(member_id=member_id, opened_at=now, last_activity=now)
            if self.wait:
                self._open[member_id] = batch
        batch.last_activity = now
        if isinstance(addition, ReceiptEntry):
            batch.entries.append(addition)
        else:
            batch.handled.append(addition)
        if len(batch.entries) >= self._max_entries:
            self._complete_batch(batch)
        return batch if is_new else None

    async def wait_until_complete(self, batch: ReceiptBatch) -> None:
        """Return once nothing more is added to the batch."""
        clock = asyncio.get_running_loop().time
        while not batch.complete.is_set():
            seconds = min(batch.last_activity + self.wait, batch.opened_at + MAX_RECEIPT_WAIT) - clock()
            if seconds <= 0:
                break
            await is_event_set_within(batch.complete, seconds)
        self._complete_batch(batch)

    def _complete_batch(self, batch: ReceiptBatch) -> None:
        batch.complete.set()
        if self._open.get(batch.member_id) is batch:
            del self._open[batch.member_id]


class ReceiptSender:
    """Collects what became of messages, and tells the members."""

    def __init__(
        self, sender: DirectMessageSender, services: Services, claims: EventDeduplicator, *, wait: float
    ) -> None:
        """`wait`: see `ReceiptBatcher`."""
        self._sender = sender
        self._services = services
        self._claims = claims
        self._batcher = ReceiptBatcher(wait)
        self.checkpoints = ReadCheckpoints()
        """Of the present session of the gateway."""
        self._unsent: dict[asyncio.Task[None], ReceiptBatch] = {}
        self._send_locks = KeyedSemaphore(1)

    async def add(self, member_id: MemberId, addition: ReceiptEntry | MessageHandled) -> None:
        """Collect an outcome, or note that a message was handled. With no wait, it is sent here."""
        batch = self._batcher.add(member_id, addition)
        if batch is None:
            return
        sent = asyncio.create_task(self._send_batch(batch), name="receipts")
        self._unsent[sent] = batch
        sent.add_done_callback(self._unsent.pop)
        if not self._batcher.wait:
            await sent

    def discard_unsent(self, member_id: MemberId) -> None:
        """Do not send what was collected for a member who was erased."""
        for batch in self._unsent.values():
            if batch.member_id == member_id and not batch.is_tried:
                for entry in batch.entries:
                    entry.note_tried(is_settled=True)
                batch.entries.clear()

    async def flush(self, member_id: MemberId | None = None, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 — it goes on
        """Send everything collected for a member, None: for every member.

        Returns once that was tried, or after `timeout` seconds.
        """
        unsent = []
        for sent, batch in self._unsent.items():
            if member_id in {None, batch.member_id}:
                batch.complete.set()
                unsent.append(sent)
        if unsent:
            await asyncio.wait(unsent, timeout=timeout)

    async def cancel_unsent(self) -> None:
        """Give up what was not sent, since the bot stops: the messages are read again after the next start."""
        unsent = list(self._unsent)
        for sent in unsent:
            sent.cancel()
        if unsent:
            await asyncio.wait(unsent)

    async def flush_before_undo(self, member_id: MemberId) -> None:
        """Have what an undo takes back answered and noted as read before, if that can be done in time.

        What is undone leaves no trace: a message that was not noted as read would be recorded again after a crash.
        """
        await self.flush(member_id, timeout=self._sender.timeouts.undo)

    async def _send_batch(self, batch: ReceiptBatch) -> None:
        """Send a batch once it is complete, and only then save the checkpoint."""
        member_id = batch.member_id
        if self._batcher.wait:
            await self._batcher.wait_until_complete(batch)
        async with self._send_locks.acquire(member_id):
            try:
                if batch.entries:
                    await self._send_entries(batch)
                for handled in batch.handled:
                    checkpoint = handled.checkpoints.note_handled(member_id, handled.message_id)
                    if checkpoint is not None:
                        await self._services.members.set_last_read(member_id, checkpoint)
            except (NinteiError, RetryLaterError) as error:
                # It is recorded. The next session reads the messages again, and answers that they were recorded.
                log.warning("receipts_not_sent", member_id=member_id, error_type=type(error).__name__)
                self.checkpoints.block(member_id)
                for handled in batch.handled:
                    handled.checkpoints.block(member_id)
                for entry in batch.entries:
                    await self._claims.release(entry.message_id)

    async def _send_entries(self, batch: ReceiptBatch) -> None:
        """Send the card of a batch, and note of each entry whether it has to be tried again.

        Raises `NinteiError`, and `RetryLaterError` after the last try.
        """
        is_settled = True
        try:
            build = partial(self._build_batch_card, batch)
            await self._sender.send_to_member(batch.member_id, batch.nonce, build, batch.entries[-1].recipient)
        except (RetryLaterError, StorageError, asyncio.CancelledError):
            is_settled = False
            raise
        finally:
            batch.is_tried = True
            for entry in batch.entries:
                entry.note_tried(is_settled=is_settled)

    async def _build_batch_card(self, batch: ReceiptBatch, preferences: Preferences) -> Card | None:
        """The card of a batch; None once the member was erased."""
        texts, outcomes = get_translations(preferences.locale), [entry.outcome for entry in batch.entries]
        if not outcomes:
            return None
        try:
            card = await outcome_card(texts, self._services.status, batch.member_id, outcomes, preferences.zone)
        except NinteiError:
            raise
        except Exception as error:
            log.exception("receipt_card_failed", member_id=batch.member_id, error_type=type(error).__name__)
            card = notice_card(texts("internal-error"), DANGER)
        return card if batch.entries else None
