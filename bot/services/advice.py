"""The effect of a reply, the coming reviews, the risk of an absence, and the digest."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Final

from bot.domain.calendar import first_date_outside_year, lancers_date
from bot.domain.certification.forecast import (
    DEFAULT_REVIEW_DAY,
    Review,
    first_counted_instant,
    forecast_reviews,
    review_days,
)
from bot.domain.certification.ranks import Rank
from bot.domain.names import client_key
from bot.domain.reply.impact import LateReplyImpact, ReplyImpact, late_reply_impact, reply_impact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from bot.services.members import Preferences, effective_preferences, load_preferences
from bot.services.status import StatusQueries
from bot.settings import MemberDefaults
from storage import contact_requests, exchanges, members, reply_state, threads, waiting_threads
from storage.contact_requests import ContactRequest
from storage.database import Database
from storage.exchanges import ExchangeInThread, load_reply_rate, reply_rate_query
from storage.members import Digest
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread, WaitingCounts

REVIEWS_AHEAD: Final = 12
NEAR_MISS: Final = timedelta(hours=1)
"""A reply this close before the deadline is a near miss."""

MAX_ABSENCE: Final = timedelta(days=366)
MAX_CLOSING_SHOWN: Final = 15
"""Windows that close during an absence, listed; further ones are counted."""


@dataclass(frozen=True, slots=True)
class ThreadAdvice:
    """The effect that a reply in this thread would have now."""

    thread: Thread
    prospect: ReplyImpact
    dismissed: bool
    as_of: datetime
    request_closes_at: datetime | None = None
    """Until when Lancers waits, where there is a contact request."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming reviews, under the assumption that nothing more is recorded."""

    reviews: list[Review]
    expiring: list[tuple[date, ExchangeInThread]]
    """The late replies that count now or at a review, with the day from which they no longer do; the next one first."""
    rule: RateRule
    review_day: int | None

    @property
    def is_estimated(self) -> bool:
        """Whether a review counts replies from before the record; it is the likely case."""
        return any(review.rate.estimate is not None for review in self.reviews)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The windows that close while the member is away."""

    leaves: datetime
    returns: datetime
    closing_while_away: list[UnansweredThread]
    """The first `MAX_CLOSING_SHOWN` of those to reply to before the absence, in this order."""
    closing_count: int
    overdue_count: int
    """Windows that have closed already; only a new thread or no reply does not lower the rate."""
    cost: LateReplyImpact
    """The effect if all of `closing_while_away` were replied to afterwards."""
    exceeds_window: bool
    """The absence is longer than a reply window, so that windows may open and close during it."""
    has_contracts: bool = False
    """A thread is under contract, where a long silence can end the work."""
    contact_requests: tuple[ContactRequest, ...] = ()
    """Those whose windows close meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """The replies since the last digest."""

    preferences: Preferences
    since: datetime
    rate: ReplyRate
    """Of the past year."""
    replies: list[ExchangeInThread]
    median: timedelta | None
    slowest: tuple[str | None, timedelta] | None
    """The client with the longest median reply time, and that time; None if there is only one client."""
    near_misses: list[ExchangeInThread]
    waiting: WaitingCounts
    rank: Rank | None
    """None: not known, or the edition has no ranks."""
    rank_before: Rank | None
    """As the last digest knew it."""


class AdviceQueries:
    """Queries; nothing is changed."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def check(self, member_id: MemberId, client: str, title: str | None, *, now: datetime) -> list[ThreadAdvice]:
        """The threads with a client, the last used first; empty if the client is unknown.

        Whichever is asked about, a message that waits and is not assigned yet may be of it.
        """
        async with self._database.read() as transaction:
            preferences = await load_preferences(transaction, member_id, self._defaults)
            rate = await load_reply_rate(transaction, member_id, now, preferences.rate_rule)
            requests = await transaction.query(contact_requests.open_contact_requests_query(member_id))
            closes_at = {request.thread.id: request.closes_at for request in requests}
            checked = []
            of_client = await threads.list_threads_of_client(
                transaction, member_id, client_key(client), with_unassigned=bool(client_key(client))
            )
            windows = await reply_state.load_unanswered_messages_of_client(transaction, member_id, client_key(client))
            for thread in of_client:
                unanswered = windows.get(thread.id)
                if thread.unassigned and unanswered is None:
                    continue
                if title and not thread.unassigned and client_key(title) != client_key(thread.title or ""):
                    continue
                dismissed = unanswered is not None and unanswered.dismissed
                impact = reply_impact(unanswered, rate, now, counts_in_rate=thread.counts_in_rate)
                checked.append(ThreadAdvice(thread, impact, dismissed, now, closes_at.get(thread.id)))
        return checked

    async def forecast(self, member_id: MemberId, *, now: datetime) -> Forecast:
        """The next `REVIEWS_AHEAD` reviews."""
        async with self._database.read() as transaction:
            member = await transaction.query(members.member_query(member_id))
            review_day = member.review_day if member else None
            days = review_days(lancers_date(now), review_day or DEFAULT_REVIEW_DAY, REVIEWS_AHEAD)
            start = first_counted_instant(now, days)
            replies = await exchanges.list_exchanges_between(transaction, member_id, start, now)
            stored_rate = await transaction.query(reply_rate_query(member_id, now))
        rule = effective_preferences(member, self._defaults).rate_rule
        expiring = [
            (first_date_outside_year(lancers_date(reply.exchange.replied_at)), reply)
            for reply in reversed(replies)
            if not reply.exchange.on_time
        ]
        reviews = forecast_reviews((reply.exchange for reply in replies), days, rule, stored_rate.unseen)
        return Forecast(reviews, expiring, rule, review_day)

    async def absence(self, member_id: MemberId, leaves: datetime, returns: datetime, *, now: datetime) -> Absence:
        """The windows that close between two instants. Raises `InvalidInputError` when these are no absence."""
        if returns <= leaves:
            raise InvalidInputError("away-order", leaves=leaves, returns=returns)
        if returns <= now or returns - leaves > MAX_ABSENCE:
            raise InvalidInputError("away-range", leaves=leaves, returns=returns)
        async with self._database.read() as transaction:
            preferences = await load_preferences(transaction, member_id, self._defaults)
            counts = await transaction.query(
                waiting_threads.waiting_counts_query(member_id, now, returns, closing_from=max(now, leaves))
            )
            on_other_sites = await transaction.query(
                waiting_threads.waiting_counts_query(
                    member_id, now, returns, closing_from=max(now, leaves), on_other_sites=True
                )
            )
            shown = min(counts.closing, MAX_CLOSING_SHOWN)
            closing_threads = await transaction.query(
                waiting_threads.waiting_threads_query(member_id, limit=shown, due_from=max(now, leaves))
            )
            rate = await load_reply_rate(transaction, member_id, now, preferences.rate_rule)
            requests = await transaction.query(contact_requests.open_contact_requests_query(member_id))
            has_contracts = await threads.has_thread_under_contract(transaction, member_id)
        cost = late_reply_impact(rate, preferences.rate_rule, counts.closing - on_other_sites.closing)
        return Absence(
            leaves=leaves,
            returns=returns,
            closing_while_away=closing_threads,
            closing_count=counts.closing,
            overdue_count=counts.overdue - on_other_sites.overdue,
            cost=cost,
            exceeds_window=returns - leaves > REPLY_WINDOW,
            has_contracts=has_contracts,
            contact_requests=tuple(request for request in requests if max(now, leaves) <= request.closes_at <= returns),
        )

    async def digest_report(self, member_id: MemberId, *, now: datetime) -> DigestReport:
        """The content of the member's digest."""
        async with self._database.read() as transaction:
            member = await transaction.query(members.member_query(member_id))
            weekly = member is not None and member.digest is Digest.WEEKLY
            since = now - timedelta(days=7 if weekly else 31)
            replies = await exchanges.list_exchanges_between(transaction, member_id, since, now)
            counts = await transaction.query(waiting_threads.waiting_counts_query(member_id, now, now))
        report = await StatusQueries(self._database, self._defaults).report(member_id, now=now)
        near_misses = [
            reply for reply in replies if REPLY_WINDOW - NEAR_MISS < _reply_time_of_exchange(reply) <= REPLY_WINDOW
        ]
        return DigestReport(
            preferences=report.preferences,
            since=since,
            rate=report.rate,
            replies=replies,
            median=median_low(map(_reply_time_of_exchange, replies)) if replies else None,
            slowest=_client_with_longest_reply_time(replies),
            near_misses=near_misses,
            waiting=counts,
            rank=report.rank.rank,
            rank_before=member.digest_rank if member else None,
        )


def _reply_time_of_exchange(reply: ExchangeInThread) -> timedelta:
    return reply.exchange.replied_at - reply.exchange.received_at


def _client_with_longest_reply_time(replies: list[ExchangeInThread]) -> tuple[str | None, timedelta] | None:
    """A client may be written in several ways: the last one is shown."""
    names: dict[str, str | None] = {}
    times: defaultdict[str, list[timedelta]] = defaultdict(list)
    for reply in replies:
        key = client_key(reply.thread.client or "")
        names.setdefault(key, reply.thread.client)
        times[key].append(_reply_time_of_exchange(reply))
    if len(times) < 2:  # noqa: PLR2004 — one client is not compared
        return None
    medians = {key: median_low(of_client) for key, of_client in times.items()}
    slowest = max(medians, key=lambda key: medians[key])
    return names[slowest], medians[slowest]
