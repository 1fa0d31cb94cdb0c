"""The member's own statements: profile items, last log-in, goal, and the figures that Lancers displays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import lancers_date
from bot.domain.certification.calibration import (
    FIGURE_NAMES,
    ComparisonResult,
    DisplayedFigures,
    compare_with_record,
    displayed_within_year,
    ensure_possible,
    merge_displayed,
)
from bot.domain.certification.facts import ProfileItem
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import MemberId
from bot.errors import InvalidInputError
from storage import members, profile
from storage.database import Database, Executor
from storage.profile import ConfirmedProfile, Goal
from storage.reply_rates import recorded_between, stored_rate


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
    """The newest of each figure."""
    days: dict[str, date]
    """The day of each figure."""
    recorded: ReplyRate
    agreement: ComparisonResult
    rate: ReplyRate
    """The reply rate now, with the replies that are not recorded."""


async def _compare(
    reader: Executor, member_id: MemberId, newest_first: Sequence[DisplayedFigures], now: datetime
) -> Calibration:
    """Compare the displayed figures with the record of the year that the displayed rate is of."""
    displayed, days = merge_displayed(newest_first)
    find_recorded = recorded_between(member_id, displayed.since, displayed.until)
    find_rate = stored_rate(member_id, now)
    found = await reader.query_many(find_recorded, find_rate)
    recorded, rate = found[find_recorded], found[find_rate].rate
    return Calibration(displayed, days, recorded, compare_with_record(displayed, recorded), rate)


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
        """Save displayed figures. Raises `InvalidInputError` for a future day, and for a rate that no replies have."""
        today = lancers_date(now)
        if displayed.on > today:
            raise InvalidInputError("calibrate-future", day=displayed.on)
        displayed = replace(displayed, at=now if displayed.on == today else None)
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member_id, now=now)
            find_earlier = profile.calibrations(member_id)
            find_rate = stored_rate(member_id, min(now, displayed.until))
            found = await transaction.query_many(find_earlier, find_rate)
            earlier, rate = found[find_earlier], found[find_rate].rate
            same_day = next((row for row in earlier if row.on == displayed.on), None)
            count_is_known = any(
                row.reply_rate is not None and row.replies is not None and row.on <= displayed.on
                for row in displayed_within_year(earlier, now)
            )
            displayed = _with_kept_figures(displayed, same_day, rate, count_is_known=count_is_known)
            ensure_possible(displayed)
            await profile.save_calibration(transaction, member_id, displayed)
            return await _compare(transaction, member_id, await transaction.query(find_earlier), now)

    async def latest_calibration(self, member_id: MemberId, *, now: datetime) -> Calibration | None:
        """The newest displayed figures, compared with the record at `now`."""
        async with self._database.read() as transaction:
            newest_first = await transaction.query(profile.calibrations(member_id))
            return await _compare(transaction, member_id, newest_first, now) if newest_first else None
