"""The member's own statements: profile items, last log-in, goal, and the figures that Lancers displays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import lancers_date, year_before
from bot.domain.certification.calibration import ComparisonResult, DisplayedFigures, compare_with_record
from bot.domain.certification.facts import ProfileItem
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from storage import members, profile, reply_state
from storage.database import Database, Executor
from storage.profile import ConfirmedProfile, Goal


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile items, as last confirmed."""

    items: dict[ProfileItem, ConfirmedProfile]
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


class ProfileService:
    """Saves statements with their day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profile(self, member_id: MemberId, *, now: datetime) -> Profile:
        """The profile items and the last log-in."""
        async with self._database.read() as transaction:
            member = await transaction.query(members.find(member_id))
            items = await transaction.query(profile.profile(member_id))
        return Profile(items, member.last_login if member else None, lancers_date(now))

    async def confirm_profile(
        self, member_id: MemberId, confirmed_items: Iterable[ProfileItem], *, now: datetime
    ) -> None:
        """Confirm for today that these items are filled in, and the others are not."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            await profile.confirm_profile(transaction, member_id, confirmed_items, lancers_date(now))

    async def confirm_login(self, member_id: MemberId, day: date, *, now: datetime) -> None:
        """Save the last log-in at Lancers. Raises `InvalidInputError` for a future day."""
        if day > lancers_date(now):
            raise InvalidInputError("certification-login-future", day=day)
        async with self._database.write() as transaction:
            member = await members.get_or_create(transaction, member_id, now=now)
            await members.update_preferences(transaction, members.with_choices(member, last_login=day))

    async def goal(self, member_id: MemberId) -> Goal | None:
        """The goal, if one is set."""
        return await self._database.query(profile.goal(member_id))

    async def set_goal(self, member_id: MemberId, goal: Goal | None, *, now: datetime) -> None:
        """Replace the goal; None deletes it."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            if goal is None:
                await profile.drop_goal(transaction, member_id)
            else:
                await profile.set_goal(transaction, member_id, goal)

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
