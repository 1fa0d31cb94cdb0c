"""Before, not after: what a reply would do, what the coming reviews will find, what an absence risks, how it went."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Final

from bot.domain.calendar import first_date_outside_year, lancers_date, year_before
from bot.domain.certification.editions import get_edition
from bot.domain.certification.forecast import DEFAULT_REVIEW_DAY, Review, forecast, review_days
from bot.domain.names import client_key
from bot.domain.reply.impact import LateReplyImpact, ReplyImpact, late_reply_impact, reply_impact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from bot.services.preferences import Preferences, effective_preferences
from bot.settings import MemberDefaults
from storage import members, reply_state, threads
from storage.database import Database
from storage.members import Digest
from storage.reply_state import ExchangeInThread, Waiting
from storage.threads import Thread

REVIEWS_AHEAD: Final = 12
NEAR_MISS: Final = timedelta(hours=1)
"""A reply that came this close to the line was a near miss."""

MAX_ABSENCE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ThreadAdvice:
    """May I still answer here?"""

    thread: Thread
    prospect: ReplyImpact
    dismissed: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming reviews, if nothing more happens."""

    reviews: list[Review]
    expiring: list[tuple[date, ExchangeInThread]]
    """The late replies of the year, each with the day on which it leaves, the next one first."""
    rule: RateRule
    review_day: int | None


@dataclass(frozen=True, slots=True)
class Absence:
    """What closes while the member is away."""

    leaves: datetime
    returns: datetime
    closing_while_away: list[Waiting]
    """To be answered before leaving, in this order."""
    overdue: list[Waiting]
    """Closed before; only a new thread or no answer is neutral."""
    cost: LateReplyImpact
    """If each of the closing ones were answered after the return."""
    exceeds_window: bool
    """Away for longer than a window: what comes in meanwhile can close unseen, too."""


@dataclass(frozen=True, slots=True)
class DigestReport:
    """How it went since the last digest."""

    preferences: Preferences
    since: datetime
    year: ReplyRate
    rule: RateRule
    replies: list[ExchangeInThread]
    median: timedelta | None
    slowest: tuple[str | None, timedelta] | None
    """The client with the slowest median, where there are several."""
    near_misses: list[ExchangeInThread]
    waiting: int


class AdviceQueries:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def check(self, member_id: MemberId, client: str, title: str | None, *, now: datetime) -> list[ThreadAdvice]:
        """Each thread with a client, the last used first; empty for an unknown one."""
        async with self._database.read() as transaction:
            rate = (await transaction.query(reply_state.reply_rate_between(member_id, year_before(now), now))).rate
            checked = []
            for thread in await threads.list_of_client(transaction, member_id, client_key(client)):
                if title and client_key(title) != client_key(thread.title or ""):
                    continue
                unanswered = await reply_state.unanswered(transaction, member_id, thread.id)
                dismissed = unanswered is not None and unanswered.dismissed
                checked.append(ThreadAdvice(thread, reply_impact(unanswered, rate, now), dismissed))
        return checked

    async def forecast(self, member_id: MemberId, *, now: datetime) -> Forecast:
        """The next reviews."""
        async with self._database.read() as transaction:
            row = await transaction.query(members.find(member_id))
            exchanges = await reply_state.exchanges(transaction, member_id, year_before(now), now)
        rule = get_edition(effective_preferences(row, self._defaults).edition).reply_rate
        day = row.review_day if row else None
        days = review_days(lancers_date(now), day or DEFAULT_REVIEW_DAY, REVIEWS_AHEAD)
        leaving = [
            (first_date_outside_year(lancers_date(each.exchange.replied_at)), each)
            for each in reversed(exchanges)
            if not each.exchange.on_time
        ]
        return Forecast(forecast((each.exchange for each in exchanges), days, rule), leaving, rule, day)

    async def absence(self, member_id: MemberId, leaves: datetime, returns: datetime, *, now: datetime) -> Absence:
        """What closes between two instants. Raises `InputError` when they are no absence."""
        if returns <= leaves:
            raise InvalidInputError("away-order", leaves=leaves, returns=returns)
        if returns <= now or returns - leaves > MAX_ABSENCE:
            raise InvalidInputError("away-range", leaves=leaves, returns=returns)
        async with self._database.read() as transaction:
            preferences = effective_preferences(await transaction.query(members.find(member_id)), self._defaults)
            waiting = await transaction.query(reply_state.waiting(member_id))
            rate = (await transaction.query(reply_state.reply_rate_between(member_id, year_before(now), now))).rate
        overdue = [each for each in waiting if each.unanswered.due_at < now]
        closing = [each for each in waiting if now <= each.unanswered.due_at < returns]
        cost = late_reply_impact(rate, get_edition(preferences.edition).reply_rate, len(closing))
        return Absence(leaves, returns, closing, overdue, cost, returns - leaves > REPLY_WINDOW)

    async def digest_report(self, member_id: MemberId, *, now: datetime) -> DigestReport:
        """What a digest tells."""
        async with self._database.read() as transaction:
            row = await transaction.query(members.find(member_id))
            weekly = row is not None and row.digest is Digest.WEEKLY
            since = now - timedelta(days=7 if weekly else 31)
            year = await transaction.query(reply_state.reply_rate_between(member_id, year_before(now), now))
            exchanges = await reply_state.exchanges(transaction, member_id, since, now)
            waiting = await transaction.query(reply_state.waiting(member_id))
        preferences = effective_preferences(row, self._defaults)
        rule = get_edition(preferences.edition).reply_rate
        near = [each for each in exchanges if REPLY_WINDOW - NEAR_MISS < _response_time(each) <= REPLY_WINDOW]
        return DigestReport(
            preferences,
            since,
            year.rate,
            rule,
            exchanges,
            _median(exchanges),
            _slowest_response(exchanges),
            near,
            len(waiting),
        )


def _response_time(exchanges: ExchangeInThread) -> timedelta:
    return exchanges.exchange.replied_at - exchanges.exchange.received_at


def _median(exchanges: list[ExchangeInThread]) -> timedelta | None:
    return median_low(map(_response_time, exchanges)) if exchanges else None


def _slowest_response(exchanges: list[ExchangeInThread]) -> tuple[str | None, timedelta] | None:
    by_client: dict[str | None, list[ExchangeInThread]] = {}
    for each in exchanges:
        by_client.setdefault(each.thread.client, []).append(each)
    if len(by_client) < 2:  # noqa: PLR2004 — the slowest of several
        return None
    medians = [(client, found) for client, those in by_client.items() if (found := _median(those)) is not None]
    return max(medians, key=lambda each: each[1])
