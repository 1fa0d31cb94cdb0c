"""Record, edit, move, merge, split, delete, undo, import and erase in any order, against a simple model.

The model is a dictionary of what is recorded and a stack of its former states. After every step the derived rows are
held against a recomputation from scratch, and neither member ever sees a row of the other.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import plan_reminders
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, compute_thread_state
from bot.domain.types import MemberId, MessageId, ThreadId, from_micros, to_micros
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.container import Services, build_services
from bot.services.preferences import effective_preferences
from bot.services.recording import NewMessage
from bot.services.results import EditSummary, Receipt
from bot.settings import read_defaults
from storage import members, undo_log
from storage.connect import open_database
from storage.database import Database
from storage.member_data import TABLES
from tests.servers import make_migrated_file, server

START = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)
State = dict[int, tuple[int, ThreadEvent]]
"""Message by number: its thread and what it is."""

T = TypeVar("T")
WHO = st.sampled_from([MIKA, KEN])
CLIENTS = st.sampled_from(["A社", "B社"])
TITLES = st.sampled_from([None, "ロゴ"])
HOURS_AGO = st.integers(0, 100)
ANY = st.integers(0, 10_000)


class AnyOrder(RuleBasedStateMachine):
    """One database, two members."""

    async def make_database(self) -> str:
        """The address of an empty one."""
        return await make_migrated_file(self.folder / "a.db")

    async def drop_database(self) -> None:
        """It is in the folder."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.url = self.run(self.make_database())
        self.database: Database = self.run(open_database(self.url))
        self.defaults = read_defaults({})
        self.services: Services = build_services(self.database, self.defaults, lambda: None)
        self.now = START
        self.model: dict[MemberId, State] = {MIKA: {}, KEN: {}}
        self.former: dict[MemberId, list[State]] = {MIKA: [], KEN: []}
        self.keys = 0

    def teardown(self) -> None:
        self.run(self.database.close())
        self.run(self.drop_database())
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What it came to; None when it was refused, and then nothing may have changed."""
        self.now += timedelta(minutes=30)
        try:
            return self.run(work)
        except (NotAllowedError, InvalidInputError):
            return None

    def becomes(self, member: MemberId, state: State, *, touched: bool = False) -> None:
        """One step was made; `touched`: also when only what is known of a message changed, not what it is."""
        if touched or state != self.model[member]:
            self.former[member].append(self.model[member])
            self.model[member] = state

    def pick(self, member: MemberId, number: int) -> int:
        there = sorted(self.model[member])
        return there[number % len(there)] if there else 0

    @initialize()
    def begin(self) -> None:
        self.record_received(MIKA, "A社", None, 30)

    @rule(who=WHO, client=CLIENTS, title=TITLES, ago=HOURS_AGO)
    def record_received(self, who: MemberId, client: str, title: str | None, ago: int) -> None:
        self._record(who, Direction.RECEIVED, client, title, ago)

    @rule(who=WHO, client=CLIENTS, title=TITLES, ago=HOURS_AGO)
    def record_sent(self, who: MemberId, client: str, title: str | None, ago: int) -> None:
        self._record(who, Direction.SENT, client, title, ago)

    def _record(self, who: MemberId, direction: Direction, client: str, title: str | None, ago: int) -> None:
        self.keys += 1
        moment = ParsedTime(self.now - timedelta(hours=ago), Precision.MINUTE)
        record = NewMessage(
            direction=direction,
            client=client,
            title=title,
            time=moment,
            source=MessageSource.WRITTEN,
            source_key=str(self.keys),
        )
        done = self.attempt(self.services.recording.record(who, record, now=self.now))
        if isinstance(done, Receipt):
            entry = ThreadEvent(direction, EventKind.MESSAGE, moment.at)
            assert done.message.entry == entry
            self.becomes(who, {**self.model[who], done.message.id: (done.thread.id, entry)})

    @rule(who=WHO, number=ANY, ago=HOURS_AGO)
    def edit_time(self, who: MemberId, number: int, ago: int) -> None:
        message, at = self.pick(who, number), self.now - timedelta(hours=ago)
        moment = ParsedTime(at, Precision.MINUTE)
        if self.attempt(self.services.history.set_time(who, MessageId(message), moment, now=self.now)):
            thread, entry = self.model[who][message]
            self.becomes(
                who, {**self.model[who], message: (thread, ThreadEvent(entry.direction, entry.kind, at))}, touched=True
            )

    @rule(who=WHO, number=ANY)
    def turn(self, who: MemberId, number: int) -> None:
        message = self.pick(who, number)
        if self.attempt(self.services.history.flip_direction(who, MessageId(message), now=self.now)):
            thread, entry = self.model[who][message]
            other = Direction.SENT if entry.direction is Direction.RECEIVED else Direction.RECEIVED
            self.becomes(who, {**self.model[who], message: (thread, ThreadEvent(other, entry.kind, entry.at))})

    @rule(who=WHO, number=ANY, client=CLIENTS, title=TITLES)
    def move(self, who: MemberId, number: int, client: str, title: str | None) -> None:
        message = self.pick(who, number)
        work = self.services.history.move(who, MessageId(message), client=client, title=title, now=self.now)
        if done := self.attempt(work):
            origin = self.model[who][message][0]
            [[unsorted]] = self.rows("SELECT unsorted FROM threads WHERE thread_id = $1", origin)
            # Out of an unsorted thread everything moves, what was done there meanwhile included.
            moved = (
                {each for each, (thread, _) in self.model[who].items() if thread == origin} if unsorted else {message}
            )
            self.becomes(
                who,
                {
                    each: (done.thread.id if each in moved else thread, entry)
                    for each, (thread, entry) in self.model[who].items()
                },
            )

    @rule(who=WHO, number=ANY)
    def dismiss(self, who: MemberId, number: int) -> None:
        if not self.model[who]:
            return
        thread = self.model[who][self.pick(who, number)][0]
        self.keys += 1
        done = self.attempt(
            self.services.recording.dismiss(who, ThreadId(thread), idempotency_key=str(self.keys), now=self.now)
        )
        if done is not None:
            self.becomes(who, {**self.model[who], done.message.id: (thread, done.message.entry)})

    @rule(who=WHO, number=ANY)
    def delete(self, who: MemberId, number: int) -> None:
        message = self.pick(who, number)
        if self.attempt(self.services.history.delete_message(who, MessageId(message), now=self.now)):
            self.becomes(who, {each: what for each, what in self.model[who].items() if each != message})

    @rule(who=WHO, number=ANY)
    def split(self, who: MemberId, number: int) -> None:
        message = self.pick(who, number)
        done = self.attempt(self.services.history.split(who, MessageId(message), now=self.now))
        if isinstance(done, EditSummary):
            origin, target = (each.id for each in done.threads)
            assert target not in {thread for thread, _ in self.model[who].values()}
            at = self.model[who][message][1].at
            # Everything at or behind it in its thread; of what stands at the same instant, what was recorded later.
            moved = {
                each for each, (thread, entry) in self.model[who].items()
                if thread == origin and (entry.at, each) >= (at, message)
            }  # fmt: skip
            self.becomes(
                who,
                {
                    each: (target if each in moved else thread, entry)
                    for each, (thread, entry) in self.model[who].items()
                },
            )

    @rule(who=WHO, one=ANY, other=ANY)
    def merge(self, who: MemberId, one: int, other: int) -> None:
        if not self.model[who]:
            return
        origin, target = (self.model[who][self.pick(who, each)][0] for each in (one, other))
        if self.attempt(self.services.history.merge(who, ThreadId(origin), ThreadId(target), now=self.now)):
            self.becomes(
                who,
                {
                    each: (target if thread == origin else thread, entry)
                    for each, (thread, entry) in self.model[who].items()
                },
            )

    @rule(who=WHO)
    def undo(self, who: MemberId) -> None:
        async def newest() -> undo_log.UndoStep | None:
            async with self.database.read() as transaction:
                return await undo_log.latest(transaction, who)

        step = self.run(newest())
        if step is None:
            assert not self.former[who]
            return
        before = self.former[who].pop()
        assert self.attempt(self.services.history.undo_step(who, step.id, now=self.now))
        assert self.attempt(self.services.history.undo_step(who, step.id, now=self.now)) is None
        self.model[who] = before

    @rule(who=WHO, rows=st.lists(st.tuples(CLIENTS, st.sampled_from(["received", "sent"]), HOURS_AGO), max_size=6))
    def import_rows(self, who: MemberId, rows: list[tuple[str, str, int]]) -> None:
        lines = [f"{client},{what},{(self.now - timedelta(hours=ago)).isoformat()}" for client, what, ago in rows]
        data = "\n".join(["thread,direction,sent_at", *lines]).encode()

        async def bring() -> None:
            await self.services.data_transfer.preview(who, "a.csv", data, now=self.now)
            await self.services.data_transfer.commit(who, self._silent, now=self.now)

        self.attempt(bring())
        # What the file holds and the record did not; n equal rows are n messages.
        there = Counter((self._named(thread), entry) for thread, entry in self.model[who].values())
        wanted = Counter(
            (
                (client.casefold(), ""),
                ThreadEvent(Direction(what), EventKind.MESSAGE, self.now - timedelta(minutes=30, hours=ago)),
            )
            for client, what, ago in rows
        )
        now_there = self._recorded(who)
        added = {each: what for each, what in now_there.items() if each not in self.model[who]}
        assert Counter((self._named(thread), entry) for thread, entry in added.values()) == wanted - there
        self.becomes(who, {**self.model[who], **added})

    async def _silent(self, _written: int, _total: int) -> None:
        pass

    @precondition(lambda self: self.keys > 8)
    @rule(who=WHO)
    def erase(self, who: MemberId) -> None:
        self.run(self.services.erasure.erase(who, now=self.now))
        self.now += timedelta(minutes=1)
        self.model[who], self.former[who] = {}, []
        for table in TABLES:
            assert self.rows(f"SELECT 1 FROM {table} WHERE member_id = $1", who) == []

    def rows(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        return [tuple(each) for each in self.run(self.database.fetch(sql, *values))]

    def _named(self, thread: int) -> tuple[str, str]:
        [(client, title)] = self.rows("SELECT client_key, title_key FROM threads WHERE thread_id = $1", thread)
        return client, title

    def _recorded(self, who: MemberId) -> State:
        found = self.rows(
            "SELECT message_id, thread_id, direction, kind, sent_at FROM messages WHERE member_id = $1", who
        )
        return {
            number: (thread, ThreadEvent(Direction(direction), EventKind(kind), from_micros(at)))
            for number, thread, direction, kind, at in found
        }

    @invariant()
    def what_is_recorded_is_what_the_model_holds(self) -> None:
        for who in (MIKA, KEN):
            assert self._recorded(who) == self.model[who]

    @invariant()
    def what_is_derived_equals_a_recomputation(self) -> None:
        for who in (MIKA, KEN):
            threads: dict[int, list[ThreadEvent]] = {}
            for thread, entry in self.model[who].values():
                threads.setdefault(thread, []).append(entry)
            read = {thread: compute_thread_state(entries) for thread, entries in threads.items()}
            exchanges = {
                (thread, to_micros(e.received_at), to_micros(e.newest_received_at), to_micros(e.replied_at), e.on_time)
                for thread, clock in read.items()
                for e in clock.exchanges
            }
            assert exchanges == set(
                self.rows(
                    "SELECT thread_id, asked_at, newest_asked_at, replied_at, on_time FROM exchanges WHERE member_id = $1",
                    who,
                )
            )
            windows = {
                (thread, to_micros(u.oldest), to_micros(u.newest), to_micros(u.window_opened_at), u.dismissed)
                for thread, clock in read.items()
                if (u := clock.unanswered) is not None
            }
            assert windows == set(
                self.rows(
                    "SELECT thread_id, oldest_at, newest_at, reminds_from, dismissed FROM windows WHERE member_id = $1",
                    who,
                )
            )
            self._check_reminders(who, read)

    def _check_reminders(self, who: MemberId, read: dict[int, Any]) -> None:
        """What is planned is of the plan; what of the plan is still to come is planned."""

        async def preferences() -> Any:
            async with self.database.read() as transaction:
                return effective_preferences(await transaction.query(members.find(who)), self.defaults).reminders

        held = self.run(preferences())
        planned = set(
            self.rows(
                "SELECT thread_id, opened_at, kind, lead, remind_at FROM occurrences"
                " WHERE member_id = $1 AND state = 'planned'",
                who,
            )
        )
        wanted = {
            (
                thread,
                to_micros(u.window_opened_at),
                each.kind,
                each.lead // timedelta(microseconds=1),
                to_micros(each.remind_at),
            )
            for thread, clock in read.items()
            if clock.is_waiting and (u := clock.unanswered)
            for each in plan_reminders(u.window_opened_at, u.window_closes_at, held, notify_when_closed=True)
        }
        assert planned <= wanted
        to_come = {each for each in wanted if each[4] > to_micros(self.now) and each[2] != "closed"}
        assert to_come <= planned


class AnyOrderOnAServer(AnyOrder):
    """The same on PostgreSQL."""

    async def make_database(self) -> str:
        """The address of an empty one."""
        return await server().make_migrated_database()

    async def drop_database(self) -> None:
        """It was made for this example."""
        await server().drop_database(self.url)


AnyOrder.TestCase.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
AnyOrderOnAServer.TestCase.settings = settings(AnyOrder.TestCase.settings, max_examples=25)
TestAnyOrder = AnyOrder.TestCase
TestAnyOrderOnAServer = pytest.mark.needs_more(AnyOrderOnAServer.TestCase)
