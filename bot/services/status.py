"""Where the member stands: one read of the year, and the pure judge."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.calendar import ONE_DAY, lancers_date, lancers_midnight, year_before, year_dates
from bot.domain.certification.calibration import DisplayedFigures, ReplyRateEstimate, estimate_unseen
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import CertificationStatus, evaluate
from bot.domain.certification.facts import CriteriaInputs, ProfileItem
from bot.domain.certification.forecast import DEFAULT_REVIEW_DAY, review_days
from bot.domain.names import client_key, title_key
from bot.domain.reply.impact import LateReplyImpact, late_reply_impact
from bot.domain.text import fold_kana
from bot.domain.types import MemberId
from bot.services.preferences import Preferences, effective_preferences
from bot.services.profile import Calibration, compare_with_display
from bot.settings import MemberDefaults
from storage import jobs, members, profile, reply_state, threads
from storage.database import Database
from storage.jobs import StoredJob
from storage.members import Badge
from storage.profile import ConfirmedProfile, Goal
from storage.reply_state import ExchangeInThread, Waiting, Week, YearlyReplies
from storage.threads import Thread

MAX_AUTOCOMPLETE: Final = 25
"""What Discord shows of a completion."""

WEEKS_SHOWN: Final = 53
"""A year, the week it begins in included."""

MAX_FOLLOW_UP_WARNINGS: Final = 5
"""Threads shown in which a further message would count as late."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What `/status` shows."""

    preferences: Preferences
    badge: Badge
    badge_since: datetime | None
    next_review: date
    review_day: int | None
    """None: not known, the first of the month is assumed; Lancers publishes no day (FACTS.md §2)."""
    year: YearlyReplies
    criteria_inputs: CriteriaInputs
    standing: CertificationStatus
    goal: Goal | None
    profile_confirmed: date | None
    """When the checklist was last confirmed."""
    calibration: Calibration | None
    waiting: tuple[Waiting, ...]
    as_of: datetime
    stale_after: timedelta

    def is_stale(self, day: date | None) -> bool:
        """Whether what was said on a day is marked as old."""
        return day is not None and lancers_date(self.as_of) - day > self.stale_after


@dataclass(frozen=True, slots=True)
class Detail:
    """The rows behind every figure of an overview."""

    report: StatusReport
    replied: list[ExchangeInThread]
    """The year's exchanges, the newest first."""
    jobs: list[StoredJob]
    """The year's entries, the newest first."""
    profile: dict[ProfileItem, ConfirmedProfile]


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits, the most urgent first; and where a further message would count as late."""

    preferences: Preferences
    waiting: list[Waiting]
    follow_up_warnings: list[Waiting]
    """Dismissed, their 24 hours over."""
    cost: LateReplyImpact
    """What one late reply would do."""


def reply_week_end(now: datetime) -> datetime:
    """The midnight in Tokyo with which the last week ends: what the weeks hold changes once a day and with a reply."""
    return lancers_midnight(lancers_date(now) + ONE_DAY)


class StatusQueries:
    """Looks, and changes nothing."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def report(self, member_id: MemberId, *, now: datetime) -> StatusReport:
        """The member's standing at `now`."""
        known, of_year, waits = (
            members.find(member_id),
            reply_state.reply_rate_between(member_id, year_before(now), now),
            reply_state.waiting(member_id),
        )
        set_goal, checklist = profile.goal(member_id), profile.profile(member_id)
        displayed, worked = profile.calibrations(member_id, limit=1), jobs.yearly_totals(member_id, *year_dates(now))
        answers = await self._database.query_many(known, of_year, waits, set_goal, checklist, displayed, worked)
        row, year, goal, confirmed = answers[known], answers[of_year], answers[set_goal], answers[checklist]
        preferences = effective_preferences(row, self._defaults)
        calibration = await self._calibration(member_id, answers[displayed], now)
        facts = CriteriaInputs(
            year.rate,
            answers[worked],
            goal.category or None if goal else None,
            goal.earnings_threshold if goal else None,
            frozenset(item for item, each in confirmed.items() if each.is_filled) if confirmed else None,
            row.last_login if row else None,
            await self._estimate(member_id, calibration, year, now),
            _still_valid(calibration, now),
        )
        return StatusReport(
            preferences,
            row.badge if row else Badge.UNKNOWN,
            row.badge_since if row else None,
            review_days(lancers_date(now), row.review_day or DEFAULT_REVIEW_DAY if row else DEFAULT_REVIEW_DAY, 1)[0],
            row.review_day if row else None,
            year,
            facts,
            evaluate(get_edition(preferences.edition), facts, now),
            goal,
            min((each.on for each in confirmed.values()), default=None),
            calibration,
            tuple(answers[waits]),
            now,
            self._defaults.stale_after,
        )

    async def weeks(self, member_id: MemberId, *, now: datetime) -> tuple[Week, ...]:
        """The year's replies week by week, the oldest first; the weeks end with today, in Tokyo."""
        return await reply_state.weeks(
            self._database, member_id, year_before(now), now, last=reply_week_end(now), count=WEEKS_SHOWN
        )

    async def detail(self, member_id: MemberId, *, now: datetime) -> Detail:
        """The standing with its rows."""
        overview = await self.report(member_id, now=now)
        async with self._database.read() as transaction:
            return Detail(
                overview,
                await reply_state.exchanges(transaction, member_id, year_before(now), now),
                await jobs.between(transaction, member_id, *year_dates(now)),
                await transaction.query(profile.profile(member_id)),
            )

    async def pending(self, member_id: MemberId, *, now: datetime) -> Pending:
        """What waits."""
        async with self._database.read() as transaction:
            preferences = effective_preferences(await transaction.query(members.find(member_id)), self._defaults)
            dismissed = await reply_state.dismissed(transaction, member_id, limit=MAX_FOLLOW_UP_WARNINGS)
            rate = (await transaction.query(reply_state.reply_rate_between(member_id, year_before(now), now))).rate
            return Pending(
                preferences,
                await transaction.query(reply_state.waiting(member_id)),
                [each for each in dismissed if now > each.unanswered.due_at],
                late_reply_impact(rate, get_edition(preferences.edition).reply_rate),
            )

    async def cost_of_late(self, member_id: MemberId, *, now: datetime) -> LateReplyImpact:
        """What one late reply would do."""
        async with self._database.read() as transaction:
            preferences = effective_preferences(await transaction.query(members.find(member_id)), self._defaults)
            rate = (await transaction.query(reply_state.reply_rate_between(member_id, year_before(now), now))).rate
        return late_reply_impact(rate, get_edition(preferences.edition).reply_rate)

    async def threads(self, member_id: MemberId) -> list[Thread]:
        """The member's own threads, the last used first."""
        async with self._database.read() as transaction:
            return await threads.recent(transaction, member_id, limit=MAX_AUTOCOMPLETE)

    async def clients(self, member_id: MemberId, query: str) -> list[str]:
        """The member's own clients whose name contains what was typed, the last used first."""
        async with self._database.read() as transaction:
            return await threads.clients(
                transaction, member_id, search=fold_kana(client_key(query)), limit=MAX_AUTOCOMPLETE
            )

    async def titles(self, member_id: MemberId, query: str, *, client: str) -> list[str]:
        """The titles of the threads with a client that contain what was typed, the last used first."""
        async with self._database.read() as transaction:
            return await threads.titles(
                transaction,
                member_id,
                search=fold_kana(title_key(query)),
                client=fold_kana(client_key(client)),
                limit=MAX_AUTOCOMPLETE,
            )

    async def candidate_threads(
        self, member_id: MemberId, thread: Thread, *, limit: int = MAX_AUTOCOMPLETE
    ) -> list[Thread]:
        """Where a message in an unsorted thread may belong: its client's threads, or the last used ones."""
        async with self._database.read() as transaction:
            if thread.client is not None:
                return await threads.list_of_client(transaction, member_id, client_key(thread.client))
            return await threads.recent(transaction, member_id, limit=limit)

    async def _calibration(
        self, member_id: MemberId, displayed: list[DisplayedFigures], now: datetime
    ) -> Calibration | None:
        return await compare_with_display(self._database, member_id, displayed[0], now) if displayed else None

    async def _estimate(
        self, member_id: MemberId, calibration: Calibration | None, year: YearlyReplies, now: datetime
    ) -> ReplyRateEstimate | None:
        if calibration is None:
            return None
        first = await reply_state.first_reply_at(self._database, member_id)
        known_since = lancers_date(first) if first else calibration.displayed.on
        return estimate_unseen(calibration.displayed, calibration.recorded, year.rate, known_since, now)


def _still_valid(calibration: Calibration | None, now: datetime) -> DisplayedFigures | None:
    """What was displayed more than a year ago speaks of another year."""
    if calibration is None or calibration.displayed.until < year_before(now):
        return None
    return calibration.displayed
