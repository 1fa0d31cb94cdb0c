"""What a member says of themselves, each with the day it was said: profile items, the goal, what Lancers displays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.certification.calibration import FIGURE_NAMES, DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.domain.types import MemberId, Yen
from storage.database import Query, Row, Transaction


@dataclass(frozen=True, slots=True)
class ConfirmedProfile:
    """A profile item as it was last confirmed."""

    is_filled: bool
    on: date


@dataclass(frozen=True, slots=True)
class Goal:
    """The member's own estimate of a category's top-20 % line. `category` "": of everything earned."""

    category: str
    earnings_threshold: Yen
    source: str | None
    """Where the estimate comes from."""
    set_on: date


def profile(member: MemberId) -> Query[dict[ProfileItem, ConfirmedProfile]]:
    """The items that were ever confirmed, filled in or not."""
    return Query(
        "SELECT item, filled, confirmed_on FROM profile_items WHERE member_id = $1",
        (member,),
        3,
        lambda rows: {
            ProfileItem(item): ConfirmedProfile(bool(filled), date.fromisoformat(on)) for item, filled, on in rows
        },
    )


async def confirm_profile(transaction: Transaction, member: MemberId, items: Iterable[ProfileItem], on: date) -> None:
    """All nine at once: these are filled in, the others are not."""
    there = set(items)
    await transaction.execute_many(
        "INSERT INTO profile_items (member_id, item, filled, confirmed_on) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (member_id, item) DO UPDATE SET filled = excluded.filled, confirmed_on = excluded.confirmed_on",
        [(member, item, int(item in there), on.isoformat()) for item in ProfileItem],
    )


async def restore_profile(
    transaction: Transaction, member: MemberId, items: Mapping[ProfileItem, ConfirmedProfile]
) -> None:
    """Items as they were exported."""
    await transaction.execute_many(
        "INSERT INTO profile_items (member_id, item, filled, confirmed_on) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (member_id, item) DO UPDATE SET filled = excluded.filled, confirmed_on = excluded.confirmed_on"
        " WHERE excluded.confirmed_on >= profile_items.confirmed_on",
        [(member, item, int(each.is_filled), each.on.isoformat()) for item, each in items.items()],
    )


def goal(member: MemberId) -> Query[Goal | None]:
    """The goal, if one is set."""
    return Query(
        "SELECT category, line, source, set_on FROM goals WHERE member_id = $1",
        (member,),
        4,
        lambda rows: next((Goal(row[0], Yen(row[1]), row[2], date.fromisoformat(row[3])) for row in rows), None),
    )


async def set_goal(transaction: Transaction, member: MemberId, goal: Goal) -> None:
    """Replace the goal."""
    await transaction.fetch(
        "INSERT INTO goals (member_id, category, line, source, set_on) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (member_id) DO UPDATE SET category = excluded.category, line = excluded.line,"
        " source = excluded.source, set_on = excluded.set_on",
        member,
        goal.category,
        goal.earnings_threshold,
        goal.source,
        goal.set_on.isoformat(),
    )


async def drop_goal(transaction: Transaction, member: MemberId) -> None:
    """No goal any more."""
    await transaction.fetch("DELETE FROM goals WHERE member_id = $1", member)


_DISPLAYED_COLUMNS: Final = (
    "shown_on, reply_rate, reply_rate_unit, replies, completion_rate, task_approval, satisfaction, evaluation, earnings"
)
_UPSERT_SET: Final = ", ".join(f"{name} = excluded.{name}" for name in _DISPLAYED_COLUMNS.split(", ")[1:])


def _displayed(row: Row) -> DisplayedFigures:
    return DisplayedFigures(on=date.fromisoformat(row[0]), **dict(zip(FIGURE_NAMES, row[1:], strict=True)))


def calibrations(member: MemberId, *, limit: int = 100) -> Query[list[DisplayedFigures]]:
    """What Lancers displayed, the newest day first."""
    return Query(
        f"SELECT {_DISPLAYED_COLUMNS} FROM calibrations WHERE member_id = $1 ORDER BY shown_on DESC LIMIT $2",
        (member, limit),
        len(_DISPLAYED_COLUMNS.split(",")),
        lambda rows: [_displayed(row) for row in rows],
    )


async def add_calibration(transaction: Transaction, member: MemberId, displayed: DisplayedFigures) -> None:
    """Keep the figures of a day; a later word on the same day replaces them."""
    await transaction.fetch(
        f"INSERT INTO calibrations (member_id, {_DISPLAYED_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        f" ON CONFLICT (member_id, shown_on) DO UPDATE SET {_UPSERT_SET}",
        member,
        displayed.on.isoformat(),
        displayed.reply_rate,
        displayed.reply_rate_unit,
        displayed.replies,
        displayed.completion_rate,
        displayed.task_approval,
        displayed.satisfaction,
        displayed.evaluation,
        displayed.earnings,
    )
