"""A dispatcher on a real database, with services to record by, a manual clock, and a sender that only takes note."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.instrumentation import Metrics
from bot.scheduling.dispatcher import CLAIM_LEASE, ReminderDispatcher
from bot.scheduling.ports import Delivery
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.results import Receipt
from bot.settings import read_defaults
from storage.cards import CHANGED
from storage.database import Database
from storage.delivery_results import SentReminder

MIKA = MemberId(1)
DUE = datetime(2026, 11, 24, 6, 0, 0, 250_000, tzinfo=UTC)
"""When the reminder 4 hours before the close is due."""
ASKED = DUE - timedelta(hours=20)


class Outcomes(Metrics):
    """The outcomes that were counted, with their lateness in seconds."""

    def __init__(self) -> None:
        self.counted: list[str] = []
        self.lateness: list[float | None] = []

    def observe_reminder(self, kind: str, outcome: str, lateness_seconds: float | None) -> None:
        """Take note of an outcome."""
        del kind
        self.counted.append(outcome)
        self.lateness.append(lateness_seconds)


class Dispatching:
    """A database with one member, a clock, and a dispatcher whose messages are taken here."""

    def __init__(self, database: Database, lead_times: str = "4h") -> None:
        self.database = database
        self.clock = ManualClock(DUE - timedelta(hours=3))
        defaults = read_defaults({"DEFAULT_QUIET_HOURS": "", "DEFAULT_LEAD_TIMES": lead_times})
        self.services: Services = Services(database, defaults, lambda: None)
        self.outcomes = Outcomes()
        self.sent: list[Delivery] = []
        self.before_send: Callable[[], None] = lambda: None
        self.dispatcher = self._new_dispatcher()

    def _new_dispatcher(self) -> ReminderDispatcher:
        return ReminderDispatcher(
            self.database, self.clock, self, WakeUp(self.clock), nobody_sleeps, metrics=self.outcomes
        )

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> SentReminder:
        """Take a message; `before_send` may move the clock or refuse it."""
        del now
        self.sent.append(delivery)
        self.before_send()
        return SentReminder(len(self.sent), CHANGED)

    async def record(self, client: str, at: datetime, direction: Direction = Direction.RECEIVED) -> Receipt:
        """Record a message at its instant."""
        message = NewMessage(
            direction=direction,
            client=client,
            time=ParsedTime(at, Precision.SECOND),
            source=MessageSource.WRITTEN,
            source_key=f"{client}/{at}/{direction}",
        )
        receipt = await self.services.recording.record(MIKA, message, now=self.clock.now())
        assert isinstance(receipt, Receipt)
        return receipt

    async def dispatch_at(self, instant: datetime) -> None:
        """Move the clock, and handle what is due then, and a lease later what was left to the next claim."""
        self.dispatcher = self._new_dispatcher()  # one that has ended does not run again
        self.clock.advance_to(instant)
        async with self.dispatcher.running():
            await self.dispatcher.wait_idle()
            self.clock.advance(CLAIM_LEASE)
            while (due := await self.dispatcher.next_due()) is not None and due <= self.clock.now():
                await self.dispatcher.wait_idle()

    async def last_was_tried_again(self) -> bool:
        """Whether the last delivery was claimed more than once."""
        [[attempts]] = await self.database.fetch("SELECT attempts FROM deliveries ORDER BY delivery_id DESC LIMIT 1")
        return int(attempts) > 0


async def nobody_sleeps(_member: MemberId, _now: datetime) -> datetime | None:
    """No member has quiet hours."""
    return None
