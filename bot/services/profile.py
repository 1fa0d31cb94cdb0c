"""What a member says of themselves: the profile's items, the last log-in, the goal, and what Lancers displays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """The checklist as it stands."""

    items: dict[ProfileItem, ConfirmedProfile]
    last_login: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Calibration:
    """What Lancers displayed, beside the record of the same year."""

    displayed: DisplayedFigures
    recorded: ReplyRate
    agreement: ComparisonResult


async def compare_with_display(
    reader: Executor, member_id: MemberId, displayed: DisplayedFigures, now: datetime
) -> Calibration:
    """Hold the record of the display's year against it."""
    end = min(displayed.until, now)
    recorded = (await reader.query(reply_state.reply_rate_between(member_id, year_before(end), end))).rate
    return Calibration(displayed, recorded, compare_with_record(displayed, recorded))


class ProfileService:
    """Keeps each with the day it was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profile(self, member_id: MemberId, *, now: datetime) -> Profile:
        """The checklist."""
        async with self._database.read() as transaction:
            row = await transaction.query(members.find(member_id))
            items = await transaction.query(profile.profile(member_id))
        return Profile(items, row.last_login if row else None, lancers_date(now))

    async def confirm_profile(
        self, member_id: MemberId, confirmed_items: Iterable[ProfileItem], *, now: datetime
    ) -> None:
        """These items are filled in, the others are not; confirmed today."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            await profile.confirm_profile(transaction, member_id, confirmed_items, lancers_date(now))

    async def confirm_login(self, member_id: MemberId, day: date, *, now: datetime) -> None:
        """The last log-in at Lancers. Raises `InputError` for a day to come."""
        if day > lancers_date(now):
            raise InvalidInputError("certification-login-future", day=day)
        async with self._database.write() as transaction:
            row = await members.get_or_create(transaction, member_id, now=now)
            await members.update_preferences(transaction, replace(row, last_login=day))

    async def goal(self, member_id: MemberId) -> Goal | None:
        """The goal, if one is set."""
        async with self._database.read() as transaction:
            return await transaction.query(profile.goal(member_id))

    async def set_goal(self, member_id: MemberId, goal: Goal | None, *, now: datetime) -> None:
        """Replace the goal; None drops it."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            if goal is None:
                await profile.drop_goal(transaction, member_id)
            else:
                await profile.set_goal(transaction, member_id, goal)

    async def calibrate(self, member_id: MemberId, displayed: DisplayedFigures, *, now: datetime) -> Calibration:
        """Keep what Lancers displayed. Raises `InputError` for a day to come."""
        if displayed.on > lancers_date(now):
            raise InvalidInputError("calibrate-future", day=displayed.on)
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            await profile.add_calibration(transaction, member_id, displayed)
            return await compare_with_display(transaction, member_id, displayed, now)

    async def latest_calibration(self, member_id: MemberId, *, now: datetime) -> Calibration | None:
        """The newest one, beside the record as it stands now."""
        async with self._database.read() as transaction:
            known = await transaction.query(profile.calibrations(member_id, limit=1))
            return await compare_with_display(transaction, member_id, known[0], now) if known else None
