"""Record, edit, move, merge, split, delete, undo, import and erase in any order, against a simple model.

The model is a dictionary of the recorded messages and a stack of its earlier states. After every step the derived rows
are compared with a recomputation from the model, and neither member ever sees a row of the other.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import plan_reminders
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, compute_thread_state, explain_entry
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services import history
from bot.services.container import Services
from bot.services.members import effective_preferences
from bot.services.new_messages import NewMessage
from bot.services.results import EditSummary, Receipt, ReceiptKind
from bot.settings import read_defaults
from storage import members, undo_log
from storage.connect import open_database
from storage.database import Database
from storage.member_data import TABLES
from tests.helpers.amounts import examples
from tests.helpers.servers import make_migrated_file, server

START = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA, KEN = MemberId(1), MemberId(2)
State = dict[int, tuple[int, ThreadEvent]]
"""The thread and the content of each message, by id."""

T = TypeVar("T")
MEMBERS = st.sampled_from([MIKA, KEN])
CLIENTS = st.sampled_from(["A社", "B社"])
TITLES = st.sampled_from([None, "ロゴ"])
HOURS_AGO = st.integers(0, 100)
ANY = st.integers(0, 10_000)


class AnyOrder(RuleBasedStateMachine):
    """One database, two members."""

    async def make_database(self) -> str:
        """The URL of an empty database."""
        return await make_migrated_file(self.folder / "a.db")

    def drop_database(self) -> None:
        """Nothing to do: the file is in the folder."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.url = self.run(self.make_database())
        self.database: Database = self.run(open_database(self.url))
        self.defaults = read_defaults({})
        self.services: Services = Services(self.database, self.defaults, lambda: None)
        self.now = START
        self.model: dict[MemberId, State] = {MIKA: {}, KEN: {}}
        self.earlier: dict[MemberId, list[State]] = {MIKA: [], KEN: []}
        self.keys = 0

    def teardown(self) -> None:
        self.run(self.database.close())
        self.drop_database()
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result; None when the call was refused, and then nothing may have changed."""
        self.now += timedelta(minutes=30)
        try:
            return self.run(work)
        except (NotAllowedError, InvalidInputError):
            return None

    def add_step(self, member: MemberId, state: State) -> None:
        """Add a step to the model, unless the state is the same."""
        if state != self.model[member]:
            self.earlier[member].append(self.model[member])
            self.model[member] = state

    def pick(self, member: MemberId, number: int) -> int:
        message_ids = sorted(self.model[member])
        return message_ids[number % len(message_ids)] if message_ids else 0

    @initialize()
    def begin(self) -> None:
        self.record_received(MIKA, "A社", None, 30)

    @rule(member=MEMBERS, client=CLIENTS, title=TITLES, ago=HOURS_AGO)
    def record_received(self, member: MemberId, client: str, title: str | None, ago: int) -> None:
        self._record(member, Direction.RECEIVED, client, title, ago)

    @rule(member=MEMBERS, client=CLIENTS, title=TITLES, ago=HOURS_AGO)
    def record_sent(self, member: MemberId, client: str, title: str | None, ago: int) -> None:
        self._record(member, Direction.SENT, client, title, ago)

    def _record(self, member: MemberId, direction: Direction, client: str, title: str | None, ago: int) -> None:
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
        done = self.attempt(self.services.recording.record(member, record, now=self.now))
        if isinstance(done, Receipt):
            entry = ThreadEvent(direction, EventKind.MESSAGE, moment.at)
            assert done.message.entry == entry
            self.add_step(member, {**self.model[member], done.message.id: (done.thread.id, entry)})

    @rule(member=MEMBERS, number=ANY, ago=HOURS_AGO)
    def edit_time(self, member: MemberId, number: int, ago: int) -> None:
        message, at = self.pick(member, number), self.now - timedelta(hours=ago)
        moment = ParsedTime(at, Precision.MINUTE)
        done = self.attempt(
            self.services.message_corrections.correct_time(member, MessageId(message), moment, now=self.now)
        )
        if done is not None:
            thread, entry = self.model[member][message]
            assert (done.kind is ReceiptKind.UNCHANGED) is (entry.at == at)
            self.add_step(
                member,
                {**self.model[member], message: (thread, ThreadEvent(entry.direction, entry.kind, at))},
            )

    @rule(member=MEMBERS, number=ANY, direction=st.sampled_from(Direction))
    def correct_direction(self, member: MemberId, number: int, direction: Direction) -> None:
        message = self.pick(member, number)
        work = self.services.message_corrections.correct_direction(member, MessageId(message), direction, now=self.now)
        if done := self.attempt(work):
            thread, entry = self.model[member][message]
            assert (done.kind is ReceiptKind.UNCHANGED) is (entry.direction is direction)
            corrected = ThreadEvent(direction, entry.kind, entry.at)
            self.add_step(member, {**self.model[member], message: (thread, corrected)})

    @rule(member=MEMBERS, number=ANY, client=CLIENTS, title=TITLES)
    def move(self, member: MemberId, number: int, client: str, title: str | None) -> None:
        message = self.pick(member, number)
        work = self.services.message_corrections.move_message(
            member, MessageId(message), client=client, title=title, now=self.now
        )
        if done := self.attempt(work):
            origin = self.model[member][message][0]
            [[unsorted]] = self.rows("SELECT unsorted FROM threads WHERE thread_id = $1", origin)
            # Out of an unassigned thread every message moves.
            moved = (
                {each for each, (thread, _) in self.model[member].items() if thread == origin}
                if unsorted
                else {message, *self.answers_to(member, message)}
            )
            self.add_step(
                member,
                {
                    each: (done.thread.id if each in moved else thread, entry)
                    for each, (thread, entry) in self.model[member].items()
                },
            )

    def answers_to(self, member: MemberId, message: int) -> set[int]:
        """What the member did next in its thread, if the client had nothing else unanswered then."""
        origin = self.model[member][message][0]
        there = [(each, entry) for each, (thread, entry) in self.model[member].items() if thread == origin]
        there.sort(
            key=lambda each: (each[1].at, each[1].direction is Direction.SENT, each[1].kind is not EventKind.MESSAGE)
        )
        answers: set[int] = set()
        waiting: set[int] = set()
        has_ended = True
        for each, entry in there:
            if entry.direction is Direction.RECEIVED:
                waiting = {each} if has_ended else {each, *waiting}
            elif waiting == {message}:
                answers.add(each)
            has_ended = entry.direction is Direction.SENT
        return answers

    @rule(member=MEMBERS, number=ANY)
    def dismiss(self, member: MemberId, number: int) -> None:
        if not self.model[member]:
            return
        message = self.pick(member, number)
        thread = self.model[member][message][0]
        self.keys += 1
        done = self.attempt(
            self.services.windows.dismiss(member, MessageId(message), idempotency_key=str(self.keys), now=self.now)
        )
        if done is not None:
            self.add_step(member, {**self.model[member], done.message.id: (thread, done.message.entry)})

    @rule(member=MEMBERS, number=ANY)
    def delete(self, member: MemberId, number: int) -> None:
        message = self.pick(member, number)
        if self.attempt(self.services.message_corrections.delete_message(member, MessageId(message), now=self.now)):
            self.add_step(member, {each: value for each, value in self.model[member].items() if each != message})

    @rule(member=MEMBERS, number=ANY)
    def restore(self, member: MemberId, number: int) -> None:
        """The message that was deleted last comes back as it was."""
        deleted = {
            message: state[message]
            for state, after in pairwise([*self.earlier[member], self.model[member]])
            for message in state.keys() - after.keys()
        }
        message = sorted(deleted)[number % len(deleted)] if deleted else 0
        done = self.attempt(self.services.message_corrections.restore_message(member, MessageId(message), now=self.now))
        if done is not None:
            assert (done.thread.id, done.message.entry) == self.model[member].get(message, deleted[message])
            self.add_step(member, {**self.model[member], message: (done.thread.id, done.message.entry)})

    @rule(member=MEMBERS, number=ANY)
    def split(self, member: MemberId, number: int) -> None:
        message = self.pick(member, number)
        done = self.attempt(self.services.history.split_thread(member, MessageId(message), now=self.now))
        if isinstance(done, EditSummary):
            origin, target = (each.id for each in done.threads)
            assert target not in {thread for thread, _ in self.model[member].values()}
            at = self.model[member][message][1].at
            # The message and every later one in its thread; of several at the same instant those with a higher id.
            moved = {
                each for each, (thread, entry) in self.model[member].items()
                if thread == origin and (entry.at, each) >= (at, message)
            }  # fmt: skip
            self.add_step(
                member,
                {
                    each: (target if each in moved else thread, entry)
                    for each, (thread, entry) in self.model[member].items()
                },
            )

    @rule(member=MEMBERS, one=ANY, other=ANY)
    def merge(self, member: MemberId, one: int, other: int) -> None:
        if not self.model[member]:
            return
        origin, target = (self.model[member][self.pick(member, each)][0] for each in (one, other))
        if self.attempt(self.services.history.merge_threads(member, ThreadId(origin), ThreadId(target), now=self.now)):
            self.add_step(
                member,
                {
                    each: (target if thread == origin else thread, entry)
                    for each, (thread, entry) in self.model[member].items()
                },
            )

    @rule(member=MEMBERS)
    def undo(self, member: MemberId) -> None:
        async def latest_step() -> undo_log.UndoStep | None:
            async with self.database.read() as transaction:
                return await transaction.query(undo_log.latest_step_query(member))

        step = self.run(latest_step())
        if step is None:
            assert not self.earlier[member]
            return
        before = self.earlier[member].pop()
        assert self.attempt(self.services.history.undo_newest_step(member, step.id, now=self.now))
        assert self.attempt(self.services.history.undo_newest_step(member, step.id, now=self.now)) is None
        self.model[member] = before

    @rule(
        member=MEMBERS, rows=st.lists(st.tuples(CLIENTS, st.sampled_from(["received", "sent"]), HOURS_AGO), max_size=6)
    )
    def import_rows(self, member: MemberId, rows: list[tuple[str, str, int]]) -> None:
        lines = [
            f"{client},{direction},{(self.now - timedelta(hours=ago)).isoformat()}" for client, direction, ago in rows
        ]
        data = "\n".join(["thread,direction,sent_at", *lines]).encode()

        async def import_file() -> None:
            await self.services.data_transfer.preview_import(member, "a.csv", data, now=self.now)
            await self.services.data_transfer.commit_import(member, self._silent, now=self.now)

        self.attempt(import_file())
        # The rows of the file that were not recorded yet; n equal rows are n messages.
        recorded = Counter((self._named(thread), entry) for thread, entry in self.model[member].values())
        imported = Counter(
            (
                (client.casefold(), ""),
                ThreadEvent(Direction(direction), EventKind.MESSAGE, self.now - timedelta(minutes=30, hours=ago)),
            )
            for client, direction, ago in rows
        )
        added = {each: value for each, value in self._recorded(member).items() if each not in self.model[member]}
        assert Counter((self._named(thread), entry) for thread, entry in added.values()) == imported - recorded
        self.add_step(member, {**self.model[member], **added})

    async def _silent(self, _written: int, _total: int) -> None:
        pass

    @precondition(lambda self: self.keys > 8)
    @rule(member=MEMBERS)
    def erase(self, member: MemberId) -> None:
        self.run(self.services.erasure.erase(member, now=self.now))
        self.now += timedelta(minutes=1)
        self.model[member], self.earlier[member] = {}, []
        for table in TABLES:
            assert self.rows(f"SELECT 1 FROM {table} WHERE member_id = $1", member) == []

    def rows(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        return [tuple(each) for each in self.run(self.database.fetch(sql, *values))]

    def _named(self, thread: int) -> tuple[str, str]:
        [(client, title)] = self.rows("SELECT client_key, title_key FROM threads WHERE thread_id = $1", thread)
        return client, title

    def _recorded(self, member: MemberId) -> State:
        rows = self.rows(
            "SELECT message_id, thread_id, direction, kind, sent_at FROM messages WHERE member_id = $1", member
        )
        return {
            number: (thread, ThreadEvent(Direction(direction), EventKind(kind), instant_from_micros(at)))
            for number, thread, direction, kind, at in rows
        }

    @invariant()
    def recorded_messages_are_those_of_the_model(self) -> None:
        for member in (MIKA, KEN):
            assert self._recorded(member) == self.model[member]

    @invariant()
    def derived_rows_equal_a_recomputation(self) -> None:
        for member in (MIKA, KEN):
            threads: dict[int, list[ThreadEvent]] = {}
            for thread, entry in self.model[member].values():
                threads.setdefault(thread, []).append(entry)
            states = {thread: compute_thread_state(entries) for thread, entries in threads.items()}
            exchanges = {
                (
                    thread,
                    instant_to_micros(e.received_at),
                    instant_to_micros(e.newest_received_at),
                    instant_to_micros(e.replied_at),
                    e.on_time,
                )
                for thread, state in states.items()
                for e in state.exchanges
            }
            assert exchanges == set(
                self.rows(
                    "SELECT thread_id, asked_at, newest_asked_at, replied_at, on_time FROM exchanges WHERE member_id = $1",
                    member,
                )
            )
            windows = {
                (
                    thread,
                    instant_to_micros(u.oldest),
                    instant_to_micros(u.newest),
                    instant_to_micros(u.window_opened_at),
                    u.dismissed,
                )
                for thread, state in states.items()
                if (u := state.unanswered) is not None
            }
            assert windows == set(
                self.rows(
                    "SELECT thread_id, oldest_at, newest_at, reminds_from, dismissed FROM windows WHERE member_id = $1",
                    member,
                )
            )
            self._check_reminders(member, states)
            page = self.run(self.services.history.page(member))
            assert [entry.reason for entry in page.entries] == [
                explain_entry(
                    states[entry.message.thread_id],
                    entry.message.entry,
                    is_second=any(
                        number < entry.message.id and other == (entry.message.thread_id, entry.message.entry)
                        for number, other in self.model[member].items()
                    ),
                )
                for entry in page.entries
            ]
            assert len(page.entries) == min(len(self.model[member]), history.PAGE_SIZE)

    def _check_reminders(self, member: MemberId, states: dict[int, Any]) -> None:
        """Every planned reminder is in the plan, and every future one of the plan is planned."""

        async def preferences() -> Any:
            async with self.database.read() as transaction:
                return effective_preferences(
                    await transaction.query(members.member_query(member)), self.defaults
                ).reminders

        reminder_preferences = self.run(preferences())
        planned = set(
            self.rows(
                "SELECT thread_id, opened_at, kind, lead, remind_at FROM occurrences"
                " WHERE member_id = $1 AND state = 'planned'",
                member,
            )
        )
        known = {
            (thread, sent_at): recorded_at
            for thread, sent_at, recorded_at in self.rows(
                "SELECT thread_id, sent_at, min(recorded_at) FROM messages"
                " WHERE member_id = $1 AND direction = 'received' GROUP BY thread_id, sent_at",
                member,
            )
        }
        plan = {
            (
                thread,
                instant_to_micros(u.window_opened_at),
                each.kind,
                each.lead // timedelta(microseconds=1),
                instant_to_micros(each.remind_at),
            )
            for thread, state in states.items()
            if state.is_waiting and (u := state.unanswered)
            for known_at in [instant_from_micros(known[thread, instant_to_micros(u.window_opened_at)])]
            for each in plan_reminders(
                u.window_opened_at,
                u.newest_window_closes_at,
                reminder_preferences,
                known_at=known_at,
                notify_when_closed=known_at <= u.newest_window_closes_at,
            )
        }
        assert planned <= plan
        assert {each for each in plan if each[4] > instant_to_micros(self.now)} <= planned


class AnyOrderOnAServer(AnyOrder):
    """The same on PostgreSQL."""

    async def make_database(self) -> str:
        """The URL of an empty database."""
        return await server().make_migrated_database()

    def drop_database(self) -> None:
        """Drop the database of this example."""
        server().drop_database(self.url)


AnyOrder.TestCase.settings = settings(
    max_examples=examples(60), stateful_step_count=40, suppress_health_check=list(HealthCheck)
)
AnyOrderOnAServer.TestCase.settings = settings(AnyOrder.TestCase.settings, max_examples=examples(25))
TestAnyOrder = pytest.mark.slow(AnyOrder.TestCase)
TestAnyOrderOnAServer = pytest.mark.postgres(AnyOrderOnAServer.TestCase)
