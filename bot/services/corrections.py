"""Putting right what is recorded: a time, a direction, a thread, a step back. The answer tells what it changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.names import title_key
from bot.domain.reply.explain import EntryExplanation, explain_entry
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Direction, EventKind, compute_thread_state
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import NotAllowedError
from bot.parsing.items import MessageSource
from bot.parsing.times.resolver import ParsedTime
from bot.services.desk import Desk, Desks, check_past, threads_in
from bot.services.follow import FEW
from bot.services.long_steps import ROWS, LongSteps
from bot.services.receipts import Change, Receipt, Rework
from storage import messages, reply_state, threads, undo_log
from storage.messages import Message
from storage.threads import Thread
from storage.undo_log import UndoStep

A_PAGE: Final = 6
"""Messages on one page of the history."""
MOST_PARTS: Final = 100


@dataclass(frozen=True, slots=True)
class Entered:
    """A message of the history, with why it counted."""

    message: Message
    thread: Thread
    reason: EntryExplanation


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Messages, the newest first."""

    entries: tuple[Entered, ...]
    page: int
    pages: int
    total: int
    last_step: UndoStep | None
    """What "undo" would take back."""


class Corrections:
    """Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was changed."""

    def __init__(self, desks: Desks, steps: LongSteps) -> None:
        self._desks = desks
        self._steps = steps

    async def history(self, member: MemberId, page: int = 0) -> HistoryPage:
        """A page of the history; one past the end is the last one."""
        async with self._desks.database.read() as transaction:
            total = await messages.count(transaction, member)
            pages = max(1, -(-total // A_PAGE))
            page = min(max(page, 0), pages - 1)
            shown = await messages.page(transaction, member, limit=A_PAGE, offset=page * A_PAGE)
            entered = []
            clocks_read = {
                number: compute_thread_state(
                    each.entry for each in await messages.list_in_thread(transaction, member, number)
                )
                for number in threads_in(shown)
            }
            for message in shown:
                thread = await threads.find(transaction, member, message.thread_id)
                if thread is not None:
                    entered.append(Entered(message, thread, explain_entry(clocks_read[thread.id], message.entry)))
            return HistoryPage(tuple(entered), page, pages, total, await undo_log.latest(transaction, member))

    async def look(self, member: MemberId, number: MessageId, *, now: datetime) -> Receipt:
        """The receipt of a message, as it stands now."""
        async with self._desks.open(member, now, "looked") as desk:
            message = await desk.message(number)
            return await desk.receipt(Change.SHOWN, message, await desk.thread(message.thread_id))

    async def set_time(self, member: MemberId, number: MessageId, moment: ParsedTime, *, now: datetime) -> Receipt:
        """The time was read wrongly, or remembered better."""
        async with self._desks.open(member, now, "time") as desk:
            message = await desk.message(number)
            check_past(moment.at, now)
            corrected = replace(
                message,
                entry=replace(message.entry, at=moment.at),
                precision=moment.precision,
                source=MessageSource.WRITTEN,
                recorded_at=now,
            )
            await desk.check_reply(corrected)
            return await self._correct(desk, message, corrected)

    async def turn(self, member: MemberId, number: MessageId, *, now: datetime) -> Receipt:
        """It was the other direction: "this was my reply", or the client's message after all."""
        async with self._desks.open(member, now, "direction") as desk:
            message = await desk.message(number)
            if message.entry.kind is not EventKind.MESSAGE:
                raise NotAllowedError("ledger-not-a-message")
            sent = message.entry.direction is Direction.RECEIVED
            direction = Direction.SENT if sent else Direction.RECEIVED
            turned = replace(message, entry=replace(message.entry, direction=direction), recorded_at=now)
            await desk.check_reply(turned)
            return await self._correct(desk, message, turned)

    async def _correct(self, desk: Desk, old: Message, new: Message) -> Receipt:
        before = await desk.counted(old)
        await desk.change((old, new))
        return await desk.receipt(Change.CORRECTED, new, await desk.thread(new.thread_id), before)

    async def move(
        self,
        member: MemberId,
        number: MessageId,
        *,
        now: datetime,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt:
        """It belongs to another client or thread: one that exists, or one by name.

        Out of an unsorted thread everything moves, what the member has done there meanwhile included.
        """
        async with self._desks.open(member, now, "moved") as desk:
            message = await desk.message(number)
            origin = await desk.thread(message.thread_id)
            target = (
                await desk.thread(thread)
                if thread is not None
                else await desk.enter(client or origin.client or "", title)
            )
            before = await desk.counted(message)
            moving = [message]
            if origin.unassigned:
                moving = await messages.list_in_thread(desk.transaction, member, origin.id)
            await desk.change(*((each, replace(each, thread_id=target.id)) for each in moving))
            moved = replace(message, thread_id=target.id)
            if not origin.unassigned:
                await desk.check_reply(moved)
            await desk.follow(origin.id)
            return await desk.receipt(Change.CORRECTED, moved, target, before)

    async def split(self, member: MemberId, number: MessageId, *, now: datetime) -> Rework:
        """The message and everything after it in its thread belong to a thread of their own, with the same client."""
        async with self._desks.open(member, now, "split") as desk:
            message = await desk.message(number)
            origin = await desk.thread(message.thread_id)
            recorded = await messages.list_in_thread(desk.transaction, member, origin.id)
            place = [each.id for each in recorded].index(message.id)
            if place == 0 or origin.unassigned:
                raise NotAllowedError("corrections-nothing-to-split")
            target = await self._part(desk, origin)
            moving = recorded[place:]
            before = await _verdicts(desk, [origin.id])
            await desk.change(*((each, replace(each, thread_id=target.id)) for each in moving))
            return await _rework(desk, "split", len(moving), (origin, target), before)

    async def _part(self, desk: Desk, origin: Thread) -> Thread:
        """A thread with the same client and a title of its own: 2, 3, ..."""
        taken = {
            title_key(each.title or "")
            for each in await threads.list_of_same_client(desk.transaction, desk.member, origin.id)
        }
        for number in range(2, MOST_PARTS):
            title = f"{origin.title or ''} ({number})".strip()
            if title_key(title) not in taken:
                return await desk.enter(origin.client or "", title)
        raise NotAllowedError("corrections-too-many-parts")

    async def merge(self, member: MemberId, number: ThreadId, into: ThreadId, *, now: datetime) -> Rework:
        """Two threads are one conversation: everything of the first belongs to the second."""
        async with self._desks.open(member, now, "merged") as desk:
            origin, target = await desk.thread(number), await desk.thread(into)
            moving = await messages.list_in_thread(desk.transaction, member, origin.id)
            if origin.id == target.id or not moving:
                raise NotAllowedError("corrections-nothing-to-merge")
            before = await _verdicts(desk, [origin.id, target.id])
            await desk.change(*((each, replace(each, thread_id=target.id)) for each in moving))
            return await _rework(desk, "merged", len(moving), (origin, target), before)

    async def sent_at(self, member: MemberId, number: MessageId) -> datetime:
        """When a message was sent, as it is recorded. Raises `RefusedError`."""
        async with self._desks.database.read() as transaction:
            if found := await messages.find(transaction, member, number):
                return found.entry.at
        raise NotAllowedError("ledger-message-gone")

    async def thread_of(self, member: MemberId, number: MessageId) -> ThreadId:
        """Where a message is recorded."""
        async with self._desks.database.read() as transaction:
            if found := await messages.find(transaction, member, number):
                return found.thread_id
        raise NotAllowedError("ledger-message-gone")

    async def undo(self, member: MemberId, number: MessageId, *, now: datetime) -> Receipt:
        """As if it had never been recorded."""
        async with self._desks.open(member, now, "deleted") as desk:
            message = await desk.message(number)
            thread = await desk.thread(message.thread_id)
            before = await desk.counted(message)
            await desk.remove(message)
            return await desk.receipt(Change.UNDONE, message, thread, before)

    async def step_size(self, member: MemberId, step: UndoStepId) -> int:
        """How many messages a step changed."""
        async with self._desks.database.read() as transaction:
            return await undo_log.size(transaction, member, step)

    async def revert(self, member: MemberId, step: UndoStepId, *, now: datetime) -> Rework:
        """Take back the newest step, whatever it was. `step` names it, so that pressing twice undoes one."""
        if await self.step_size(member, step) > ROWS:
            async with self._steps.room(member):
                if long := await self._take_import_back(member, step, now=now):
                    return long
        async with self._desks.open(member, now, "reverted") as desk:
            newest = await undo_log.latest(desk.transaction, member)
            if newest is None or newest.id != step:
                raise NotAllowedError("corrections-step-gone")
            states = await undo_log.snapshots(desk.transaction, member, step)
            present = await _present(desk, states)
            touched = threads_in([*states.values(), *(present.get(number) for number in states)])
            before = await _verdicts(desk, touched)
            await messages.upsert(desk.transaction, member, [each for each in states.values() if each is not None])
            gone = [number for number, each in states.items() if each is None]
            await messages.remove(desk.transaction, member, gone)
            await undo_log.drop(desk.transaction, member, step)
            concerned = [await threads.find(desk.transaction, member, number) for number in sorted(touched)]
            known = [each for each in concerned if each is not None]
            return await _rework(desk, newest.kind, len(states), known, before)

    async def _take_import_back(self, member: MemberId, step: UndoStepId, *, now: datetime) -> Rework | None:
        """A large import is taken back as it was written, in batches; None: it is none, or not the newest step."""
        database = self._desks.database
        async with self._desks.open(member, now, "reverted") as desk:
            newest = await undo_log.latest(desk.transaction, member)
            if newest is None or newest.id != step or newest.kind != "imported":
                return None
            await undo_log.reopen(desk.transaction, member, step)
            size, rate = await undo_log.size(desk.transaction, member, step), desk.rate_before
        touched = await undo_log.threads_of(database, member, step)
        before = await reply_state.reply_rate_of_threads(database, member, touched)
        await self._steps.take_back(member, step, now=now)
        after = await reply_state.reply_rate_of_threads(database, member, touched)
        async with self._desks.open(member, now, "reverted") as desk:
            named = [await threads.find(desk.transaction, member, number) for number in touched[:FEW]]
            concerned = tuple(each for each in named if each is not None)
            return Rework("imported", size, concerned, before, after, rate, desk.rate_before)


async def _present(desk: Desk, numbers: Collection[MessageId]) -> dict[MessageId, Message]:
    """Those of some messages that are recorded now."""
    if len(numbers) > FEW:
        return {each.id: each for each in await messages.list_all(desk.transaction, desk.member)}
    found = [await messages.find(desk.transaction, desk.member, number) for number in numbers]
    return {each.id: each for each in found if each is not None}


async def _verdicts(desk: Desk, numbers: Iterable[ThreadId]) -> ReplyRate:
    return await reply_state.reply_rate_of_threads(desk.transaction, desk.member, list(numbers))


async def _rework(desk: Desk, what: str, count: int, concerned: Sequence[Thread], before: ReplyRate) -> Rework:
    await desk.follow_many([thread.id for thread in concerned])
    after = await _verdicts(desk, [thread.id for thread in concerned])
    return Rework(what, count, tuple(concerned), before, after, desk.rate_before, await desk.rate())
