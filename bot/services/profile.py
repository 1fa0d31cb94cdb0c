"""The member's own statements: profile items, last log-in, goals, and the figures that Lancers displays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import MICROSECOND, ensure_lancers_day_possible, lancers_date
from bot.domain.certification.calibration import (
    FIGURE_NAMES,
    ComparisonResult,
    DisplayedFigures,
    compare_display_with_record,
    displayed_figures_within_year,
    ensure_rate_is_possible,
    merge_displayed_figures,
)
from bot.domain.certification.facts import DeclaredItem, ProfileItem, RankItem
from bot.domain.certification.jobs import job_category_key
from bot.domain.certification.ranks import Rank
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.text import format_excerpt
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from storage import members, profile
from storage.database import Database, Executor, Transaction
from storage.exchanges import recorded_rate_between_query, reply_rate_query
from storage.members import Badge
from storage.profile import ConfirmedProfile, Goal

MAX_GOALS: Final = 10
"""Goals of a member: what a card shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profile items, as last confirmed."""

    items: dict[ProfileItem, ConfirmedProfile]
    rank_items: dict[RankItem, ConfirmedProfile]
    """What only ranks ask of the profile."""
    badge: Badge
    rank: Rank | None
    """The rank that Lancers shows, as the member says; None: not said."""
    rank_on: date | None
    last_login: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Calibration:
    """The figures that Lancers displayed, and the record of the same year."""

    displayed: DisplayedFigures
    """The newest of each figure."""
    days: dict[str, date]
    """The day of each figure."""
    recorded: ReplyRate
    agreement: ComparisonResult
    rate: ReplyRate
    """The reply rate now, with the replies that are not recorded."""


async def _compare_figures_with_record(
    reader: Executor, member_id: MemberId, newest_first: Sequence[DisplayedFigures], now: datetime, rule: RateRule
) -> Calibration:
    """Compare the displayed figures with the record of the year that the displayed rate is of."""
    displayed, days = merge_displayed_figures(newest_first)
    find_recorded = recorded_rate_between_query(member_id, displayed.since, displayed.until)
    find_rate = reply_rate_query(member_id, now)
    found = await reader.query_many(find_recorded, find_rate)
    recorded, rate = found[find_recorded], found[find_rate].judged_by(rule)
    return Calibration(displayed, days, recorded, compare_display_with_record(displayed, recorded), rate)


def _with_kept_figures(
    given: DisplayedFigures, same_day: DisplayedFigures | None, rate: ReplyRate, *, count_is_known: bool
) -> DisplayedFigures:
    """What is displayed on a day, with what the member said earlier and does not repeat.

    A rate without a count, or a count without a rate, is completed by the other one of that day, else by the one
    known so far. `rate` is the rate as it stands on that day, and `count_is_known` whether a display gave its count.
    """
    before = same_day or DisplayedFigures(on=given.on)
    kept = {name: getattr(before, name) for name in FIGURE_NAMES if getattr(given, name) is None}
    if given.reply_rate is None and given.replies is None:
        return replace(given, **kept, at=before.at)
    if given.replies is None and (count_is_known or before.replies is None):
        is_count_alone = before.replies is not None and before.reply_rate is None
        kept["replies"] = before.replies if is_count_alone else rate.replies if count_is_known else None
    if given.reply_rate is None and before.reply_rate is None and rate.estimate is not None:
        kept |= {"reply_rate": rate.permille, "reply_rate_unit": 10 if rate.is_whole_percent else 1}
    return replace(given, **kept)


def split_profile_items(
    confirmed: Mapping[DeclaredItem, ConfirmedProfile],
) -> tuple[dict[ProfileItem, ConfirmedProfile], dict[RankItem, ConfirmedProfile]]:
    """The nine items of the profile, and what only ranks ask."""
    return (
        {item: confirmed[item] for item in ProfileItem if item in confirmed},
        {item: confirmed[item] for item in RankItem if item in confirmed},
    )


class ProfileService:
    """Saves statements with their day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profile(self, member_id: MemberId, *, now: datetime) -> Profile:
        """The profile items and the last log-in."""
        async with self._database.read() as transaction:
            member = await transaction.query(members.member_query(member_id))
            confirmed = await transaction.query(profile.profile_items_query(member_id))
        items, rank_items = split_profile_items(confirmed)
        return Profile(
            items=items,
            rank_items=rank_items,
            badge=member.badge if member else Badge.UNKNOWN,
            rank=member.rank if member else None,
            rank_on=member.rank_on if member else None,
            last_login=member.last_login if member else None,
            today=lancers_date(now),
        )

    async def confirm_items(
        self,
        member_id: MemberId,
        confirmed_items: Iterable[DeclaredItem],
        among: Iterable[DeclaredItem],
        *,
        now: datetime,
    ) -> None:
        """Confirm for today which of some items are filled in, and that the others are not."""
        confirmed = set(confirmed_items)
        items = {item: item in confirmed for item in among}
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            await profile.confirm_profile_items(transaction, member_id, items, lancers_date(now))

    async def confirm_login(self, member_id: MemberId, day: date, *, now: datetime) -> None:
        """Save the last log-in at Lancers. Raises `InvalidInputError` for a day in the future, or before Lancers."""
        if day > lancers_date(now):
            raise InvalidInputError("certification-login-future", day=day)
        ensure_lancers_day_possible(day, now)
        async with self._database.write() as transaction:
            member = await members.get_or_create_member(transaction, member_id, now=now)
            await members.update_preferences(transaction, members.with_chosen_values(member, last_login=day))

    async def goals(self, member_id: MemberId) -> list[Goal]:
        """The goals by category."""
        return await self._database.query(profile.earnings_goals_query(member_id))

    async def set_goal(self, member_id: MemberId, goal: Goal, *, now: datetime) -> list[Goal]:
        """Set or replace the goal of a category. Returns all. Raises `InvalidInputError` when there are too many."""
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            others = await self._drop_goal(transaction, member_id, goal.category)
            if len(others) >= MAX_GOALS:
                raise InvalidInputError("goal-too-many", most=MAX_GOALS)
            await profile.set_earnings_goal(transaction, member_id, goal)
            return await transaction.query(profile.earnings_goals_query(member_id))

    async def drop_goal(self, member_id: MemberId, category: str | None, *, now: datetime) -> list[Goal]:
        """Delete the goal of a category; None: the only one. Returns the others.

        Raises `InvalidInputError` when there is none, or when several are and no category is given.
        """
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            stored = await transaction.query(profile.earnings_goals_query(member_id))
            if category is None and len(stored) > 1:
                raise InvalidInputError("goal-which")
            category = stored[0].category if category is None and stored else category or ""
            others = await self._drop_goal(transaction, member_id, category)
            if stored and len(others) == len(stored):
                raise InvalidInputError("goal-unknown", written=format_excerpt(category))
            return others

    async def _drop_goal(self, transaction: Transaction, member_id: MemberId, category: str) -> list[Goal]:
        """Delete the goal of a category, however it was written. Returns the others."""
        others = []
        for goal in await transaction.query(profile.earnings_goals_query(member_id)):
            if job_category_key(goal.category) == job_category_key(category):
                await profile.delete_earnings_goal(transaction, member_id, goal.category)
            else:
                others.append(goal)
        return others

    async def calibrate(
        self, member_id: MemberId, displayed: DisplayedFigures, *, now: datetime, rule: RateRule
    ) -> Calibration:
        """Save displayed figures; `rule` is that of the member's edition.

        Raises `InvalidInputError` for a day in the future or before Lancers, and a rate that no replies can make.
        """
        today = lancers_date(now)
        if displayed.on > today:
            raise InvalidInputError("calibrate-future", day=displayed.on)
        ensure_lancers_day_possible(displayed.on, now)
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            find_earlier = profile.calibrations_query(member_id)
            find_rate = reply_rate_query(member_id, min(now, displayed.until))
            find_latest = recorded_rate_between_query(member_id, now, now + MICROSECOND)
            found = await transaction.query_many(find_earlier, find_rate, find_latest)
            earlier, rate = found[find_earlier], found[find_rate].judged_by(rule)
            if displayed.on == today:
                # What was recorded of this very instant was there before the display was noted.
                displayed = replace(displayed, at=now + MICROSECOND if found[find_latest].replies else now)
            same_day = next((row for row in earlier if row.on == displayed.on), None)
            count_is_known = any(
                row.reply_rate is not None and row.replies is not None and row.on <= displayed.on
                for row in displayed_figures_within_year(earlier, now)
            )
            displayed = _with_kept_figures(displayed, same_day, rate, count_is_known=count_is_known)
            ensure_rate_is_possible(displayed)
            await profile.save_calibration(transaction, member_id, displayed)
            return await _compare_figures_with_record(
                transaction, member_id, await transaction.query(find_earlier), now, rule
            )

    async def latest_calibration(self, member_id: MemberId, *, now: datetime, rule: RateRule) -> Calibration | None:
        """The newest displayed figures, compared with the record at `now`."""
        async with self._database.read() as transaction:
            newest_first = await transaction.query(profile.calibrations_query(member_id))
            return (
                await _compare_figures_with_record(transaction, member_id, newest_first, now, rule)
                if newest_first
                else None
            )
