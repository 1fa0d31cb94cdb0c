"""The member's certification status: one read of the past year, evaluated by the domain's rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.calendar import ONE_DAY, lancers_date, lancers_midnight, year_before, year_dates
from bot.domain.certification.calibration import displayed_figures_within_year, merge_displayed_figures
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import CertificationStatus, evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, DeclaredItem, EarningsGoal
from bot.domain.certification.forecast import DEFAULT_REVIEW_DAY, review_days
from bot.domain.certification.ranks import Rank, RankStanding, first_job_methods, judge_rank
from bot.domain.names import client_key, title_key
from bot.domain.reminders.plan import night_windows_span
from bot.domain.reply.impact import LateReplyImpact, late_reply_impact
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.text import fold_kana
from bot.domain.types import MemberId, ThreadId
from bot.errors import NotAllowedError
from bot.services.members import Preferences, effective_preferences, load_preferences
from bot.services.profile import split_profile_items
from bot.services.questions import list_threads_offered_for_question
from bot.services.record_transaction import MAX_OPEN_WINDOWS
from bot.settings import MemberDefaults
from storage import contact_requests, exchanges, jobs, members, profile, threads, waiting_threads
from storage.contact_requests import ContactRequest
from storage.database import Database
from storage.exchanges import ExchangeInThread, Week, load_reply_rate, reply_rate_query
from storage.jobs import StoredJob
from storage.members import Badge, Member
from storage.profile import ConfirmedProfile, Goal
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread, WaitingCounts

MAX_AUTOCOMPLETE: Final = 25
"""Choices that Discord accepts for an autocomplete."""

WEEKS_SHOWN: Final = 53
"""A year, with the week in which it begins."""

MAX_WAITING_SHOWN: Final = 3
"""Unanswered threads in the status; the list of waiting threads has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """The content of `/status`."""

    preferences: Preferences
    badge: Badge
    badge_since: datetime | None
    next_review: date
    review_day: int | None
    """The day of the month; None: unknown, the first is assumed (docs/domain-facts.md#monthly-review)."""
    rate: ReplyRate
    """Of the past year, with the replies from before the record."""
    criteria_inputs: CriteriaInputs
    standing: CertificationStatus
    rank: RankStanding
    rank_declared_on: date | None
    """The day on which the member declared the rank; None for one that is not declared, or follows from the badge."""
    goals: list[Goal]
    profile_confirmed: date | None
    """The day of the oldest confirmation among the profile's items."""
    waiting: tuple[UnansweredThread, ...]
    """The most urgent threads that wait for a reply, at most `MAX_WAITING_SHOWN`."""
    waiting_counts: WaitingCounts
    contact_requests: list[ContactRequest]
    """The open ones, the most urgent first."""
    as_of: datetime
    stale_after: timedelta

    def is_statement_stale(self, day: date | None) -> bool:
        """Whether a statement that the member made on that day is marked as old."""
        return day is not None and lancers_date(self.as_of) - day > self.stale_after


@dataclass(frozen=True, slots=True)
class Detail:
    """The status with the rows behind its figures."""

    report: StatusReport
    replied: list[ExchangeInThread]
    """The year's exchanges, the newest first."""
    jobs: list[StoredJob]
    """The year's jobs, the newest first."""
    profile: dict[DeclaredItem, ConfirmedProfile]


def reply_week_end(now: datetime) -> datetime:
    """The end of the last week shown: the next midnight in Tokyo."""
    return lancers_midnight(lancers_date(now) + ONE_DAY)


class StatusQueries:
    """Queries; nothing is changed."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def report(self, member_id: MemberId, *, now: datetime) -> StatusReport:
        """The member's status at `now`."""
        find_member = members.member_query(member_id)
        find_rate = reply_rate_query(member_id, now)
        find_open = waiting_threads.waiting_threads_query(member_id, limit=MAX_WAITING_SHOWN, due_from=now)
        find_overdue = waiting_threads.overdue_threads_query(member_id, now=now, limit=MAX_WAITING_SHOWN)
        count_waiting, find_goals = (
            waiting_threads.waiting_counts_query(member_id, now, now),
            profile.earnings_goals_query(member_id),
        )
        find_items, find_displayed = profile.profile_items_query(member_id), profile.calibrations_query(member_id)
        sum_jobs = jobs.job_totals_between_query(member_id, *year_dates(now))
        find_first_job_day = jobs.first_job_day_query(member_id)
        sum_displayed_jobs = jobs.earnings_until_display_query(member_id, lancers_date(year_before(now)))
        find_first_job = jobs.has_job_of_method_query(member_id, first_job_methods())
        find_requests = contact_requests.open_contact_requests_query(member_id)
        results = await self._database.query_many(
            find_member, find_rate, find_open, find_overdue, count_waiting, find_goals, find_items, find_displayed,
            sum_jobs, find_first_job_day, sum_displayed_jobs, find_first_job, find_requests,
        )  # fmt: skip
        member, goals = results[find_member], results[find_goals]
        items, rank_items = split_profile_items(results[find_items])
        preferences = effective_preferences(member, self._defaults)
        rules = get_edition(preferences.edition)
        rate = results[find_rate].judged_by(rules.reply_rate)
        still_valid = displayed_figures_within_year(results[find_displayed], now)
        displayed, displayed_days = merge_displayed_figures(still_valid) if still_valid else (None, {})
        review_day = member.review_day if member else None
        criteria_inputs = CriteriaInputs(
            rate=rate,
            job_totals=None if results[find_first_job_day] is None else tuple(results[sum_jobs]),
            first_job_on=results[find_first_job_day],
            earnings_until_display=results[sum_displayed_jobs],
            goals=tuple(EarningsGoal(goal.category or None, goal.earnings_threshold) for goal in goals),
            profile=frozenset(name for name, item in items.items() if item.is_filled) if items else None,
            rank_items={name: item.is_filled for name, item in rank_items.items()},
            has_taken_job=results[find_first_job],
            last_login=member.last_login if member else None,
            displayed=displayed,
            displayed_days=displayed_days,
        )
        standing = evaluate_criteria(rules, criteria_inputs, now)
        return StatusReport(
            preferences=preferences,
            badge=member.badge if member else Badge.UNKNOWN,
            badge_since=member.badge_since if member else None,
            next_review=review_days(lancers_date(now), review_day or DEFAULT_REVIEW_DAY, 1)[0],
            review_day=review_day,
            rate=rate,
            criteria_inputs=criteria_inputs,
            standing=standing,
            rank=judge_rank(standing, criteria_inputs, _declared_rank(member)),
            rank_declared_on=member.rank_on if member and member.rank else None,
            goals=goals,
            profile_confirmed=min((item.on for item in items.values()), default=None),
            waiting=(*results[find_open], *results[find_overdue])[:MAX_WAITING_SHOWN],
            waiting_counts=results[count_waiting],
            contact_requests=results[find_requests],
            as_of=now,
            stale_after=self._defaults.stale_after,
        )

    async def weeks(self, member_id: MemberId, *, now: datetime) -> tuple[Week, ...]:
        """The year's replies by week, the oldest first; the last week ends with today in Tokyo."""
        return await exchanges.count_replies_by_week(
            self._database, member_id, year_before(now), now, last=reply_week_end(now), count=WEEKS_SHOWN
        )

    async def detail(self, member_id: MemberId, *, now: datetime) -> Detail:
        """The status at `now`, with its rows."""
        report = await self.report(member_id, now=now)
        async with self._database.read() as transaction:
            return Detail(
                report,
                await exchanges.list_exchanges_between(transaction, member_id, year_before(now), now),
                await jobs.list_jobs_between(transaction, member_id, *year_dates(now)),
                await transaction.query(profile.profile_items_query(member_id)),
            )

    async def waiting_thread(self, member_id: MemberId, thread_id: ThreadId) -> UnansweredThread:
        """A thread that waits for a reply. Raises `NotAllowedError` when it does not, or not any more."""
        if thread := await waiting_threads.find_waiting_thread(self._database, member_id, thread_id):
            return thread
        raise NotAllowedError("recording-nothing-waits")

    async def waiting_counts(self, member_id: MemberId, *, now: datetime) -> WaitingCounts:
        """How many threads wait for a reply at `now`."""
        return await self._database.query(waiting_threads.waiting_counts_query(member_id, now, now))

    async def closing_tonight(self, member_id: MemberId, preferences: Preferences, *, now: datetime) -> list[Thread]:
        """The threads whose windows close in the coming night or soon after it, except those of muted clients."""
        span = night_windows_span(now, preferences.reminders)
        if span is None:
            return []
        return await waiting_threads.list_threads_closing_between(
            self._database, member_id, *span, limit=MAX_OPEN_WINDOWS
        )

    async def late_reply_impact(self, member_id: MemberId, *, now: datetime) -> LateReplyImpact:
        """The effect of one late reply."""
        async with self._database.read() as transaction:
            preferences = await load_preferences(transaction, member_id, self._defaults)
            rate = await load_reply_rate(transaction, member_id, now, preferences.rate_rule)
        return late_reply_impact(rate, preferences.rate_rule)

    async def list_recent_threads(self, member_id: MemberId) -> list[Thread]:
        """The member's threads, the last used first."""
        return await threads.list_recent_threads(self._database, member_id, limit=MAX_AUTOCOMPLETE)

    async def search_clients(self, member_id: MemberId, query: str) -> list[str]:
        """The member's clients whose name contains the query, the last used first."""
        return await threads.search_clients(
            self._database, member_id, search=fold_kana(client_key(query)), limit=MAX_AUTOCOMPLETE
        )

    async def search_titles(self, member_id: MemberId, query: str, *, client: str) -> list[str]:
        """The titles of a client's threads that contain the query, the last used first."""
        return await threads.search_thread_titles(
            self._database,
            member_id,
            search=fold_kana(title_key(query)),
            client=fold_kana(client_key(client)),
            limit=MAX_AUTOCOMPLETE,
        )

    async def list_candidate_threads(self, member_id: MemberId, thread: Thread, *, now: datetime) -> list[Thread]:
        """Threads to which an unassigned thread may belong: the client's; else those that wait come first."""
        if thread.client is not None:
            return await threads.list_threads_of_client(self._database, member_id, client_key(thread.client))
        async with self._database.read() as transaction:
            return await list_threads_offered_for_question(transaction, member_id, now=now)


def _declared_rank(member: Member | None) -> Rank | None:
    """The rank that the member declared, else the one that follows from the badge."""
    if member is None:
        return None
    return member.rank or (Rank.CERTIFIED if member.badge is Badge.HELD else None)
