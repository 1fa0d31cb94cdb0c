"""The member's own statements: profile items, last log-in, goals, and the figures that Lancers displays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import lancers_date, year_before
from bot.domain.certification.calibration import ComparisonResult, DisplayedFigures, compare_with_record
from bot.domain.certification.facts import ProfileItem, ProfileStatement, RankItem
from bot.domain.certification.jobs import category_key
from bot.domain.certification.ranks import Rank
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.text import EXCERPT_LENGTH
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from storage import members, profile, reply_state
from storage.database import Database, Executor, Transaction
from storage.profile import ConfirmedProfile, Goal

MAX_GOALS: Final = 10
"""Goals of a member: what a card shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profile items, as last confirmed."""

    items: dict[ProfileItem, ConfirmedProfile]
    rank_items: dict[RankItem, ConfirmedProfile]
    """What only ranks ask of the profile."""
    rank: Rank | None
    """As Lancers shows it; None: not said."""
    rank_on: date | None
    last_login: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Calibration:
    """The figures that Lancers displayed, and the record of the same year."""

    displayed: DisplayedFigures
    recorded: ReplyRate
    agreement: ComparisonResult


async def compare_with_display(
    reader: Executor, member_id: MemberId, displayed: DisplayedFigures, now: datetime
) -> Calibration:
    """Compare the displayed figures with the record of the year that they cover."""
    end = min(displayed.until, now)
    recorded = (await reader.query(reply_state.reply_rate_between(member_id, year_before(end), end))).rate
    return Calibration(displayed, recorded, compare_with_record(displayed, recorded))


def split_items(
    confirmed: Mapping[ProfileStatement, ConfirmedProfile],
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
            member = await transaction.query(members.find(member_id))
            confirmed = await transaction.query(profile.profile(member_id))
        items, rank_items = split_items(confirmed)
        return Profile(
            items=items,
            rank_items=rank_items,
            rank=member.rank if member else None,
            rank_on=member.rank_on if member else None,
            last_login=member.last_login if member else None,
            today=lancers_date(now),
        )

    async def confirm_profile(
        self, member_id: MemberId, confirmed_items: Iterable[ProfileItem], *, now: datetime
    ) -> None:
        """Confirm for today that these items are filled in, and the others are not."""
        filled = set(confirmed_items)
        await self._confirm(member_id, {item: item in filled for item in ProfileItem}, now)

    async def confirm_rank_items(
        self, member_id: MemberId, confirmed_items: Iterable[RankItem], *, now: datetime
    ) -> None:
        """Confirm for today that these are filled in, and the others of their kind are not."""
        filled = set(confirmed_items)
        await self._confirm(member_id, {item: item in filled for item in RankItem}, now)

    async def _confirm(self, member_id: MemberId, items: Mapping[ProfileStatement, bool], now: datetime) -> None:
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            await profile.confirm_profile(transaction, member_id, items, lancers_date(now))

    async def confirm_login(self, member_id: MemberId, day: date, *, now: datetime) -> None:
        """Save the last log-in at Lancers. Raises `InvalidInputError` for a future day."""
        if day > lancers_date(now):
            raise InvalidInputError("certification-login-future", day=day)
        async with self._database.write() as transaction:
            member = await members.get_or_create(transaction, member_id, now=now)
            await members.update_preferences(transaction, members.with_choices(member, last_login=day))

    async def goals(self, member_id: MemberId) -> list[Goal]:
        """The goals by category."""
        return await self._database.query(profile.goals(member_id))

    async def set_goal(self, member_id: MemberId, goal: Goal, *, now: datetime) -> list[Goal]:
        """Set or replace the goal of a category. Returns all. Raises `InvalidInputError` when there are too many."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            others = await self._drop_goal(transaction, member_id, goal.category)
            if len(others) >= MAX_GOALS:
                raise InvalidInputError("goal-too-many", most=MAX_GOALS)
            await profile.set_goal(transaction, member_id, goal)
            return await transaction.query(profile.goals(member_id))

    async def drop_goal(self, member_id: MemberId, category: str | None, *, now: datetime) -> list[Goal]:
        """Delete the goal of a category; None: the only one. Returns the others.

        Raises `InvalidInputError` when there is none, or when several are and no category is given.
        """
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            stored = await transaction.query(profile.goals(member_id))
            if category is None and len(stored) > 1:
                raise InvalidInputError("goal-which")
            category = stored[0].category if category is None and stored else category or ""
            others = await self._drop_goal(transaction, member_id, category)
            if stored and len(others) == len(stored):
                raise InvalidInputError("goal-unknown", written=category[:EXCERPT_LENGTH])
            return others

    async def _drop_goal(self, transaction: Transaction, member_id: MemberId, category: str) -> list[Goal]:
        """Delete the goal of a category, however it was written. Returns the others."""
        others = []
        for goal in await transaction.query(profile.goals(member_id)):
            if category_key(goal.category) == category_key(category):
                await profile.drop_goal(transaction, member_id, goal.category)
            else:
                others.append(goal)
        return others

    async def calibrate(self, member_id: MemberId, displayed: DisplayedFigures, *, now: datetime) -> Calibration:
        """Save displayed figures. Raises `InvalidInputError` for a future day."""
        if displayed.on > lancers_date(now):
            raise InvalidInputError("calibrate-future", day=displayed.on)
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            await profile.add_calibration(transaction, member_id, displayed)
            return await compare_with_display(transaction, member_id, displayed, now)

    async def latest_calibration(self, member_id: MemberId, *, now: datetime) -> Calibration | None:
        """The newest displayed figures, compared with the record at `now`."""
        async with self._database.read() as transaction:
            newest = await transaction.query(profile.calibrations(member_id, limit=1))
            return await compare_with_display(transaction, member_id, newest[0], now) if newest else None
