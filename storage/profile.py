"""What a member declares, with the day of the declaration: profile items, goals, figures that Lancers displays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import Final

from bot.domain.calendar import instant_from_micros
from bot.domain.certification.calibration import FIGURE_NAMES, DisplayedFigures
from bot.domain.certification.facts import DeclaredItem, parse_declared_item
from bot.domain.types import MemberId, Yen
from storage.database import Query, Select, Transaction, columns_of_row_parser, parse_all_rows, upsert_sql
from storage.rows import RowParser


@dataclass(frozen=True, slots=True)
class ConfirmedProfile:
    """A row of `profile_items`: an item as it was last confirmed."""

    is_filled: bool
    on: date


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of `goals`: the member's estimate of a category's top-20 % line. `category` "": of all earnings."""

    category: str
    earnings_threshold: Yen
    source: str | None
    """Where the estimate comes from."""
    set_on: date


def _profile_item_from_row(item: str, filled: int, confirmed_on: str) -> tuple[DeclaredItem, ConfirmedProfile]:
    return parse_declared_item(item), ConfirmedProfile(bool(filled), date.fromisoformat(confirmed_on))


_ITEM_COLUMNS: Final = columns_of_row_parser(_profile_item_from_row)
_UPSERT_ITEM: Final = upsert_sql("profile_items", ("member_id", *_ITEM_COLUMNS), key=("member_id", "item"))


profile_items_query: Final = Select(
    _ITEM_COLUMNS,
    "FROM profile_items WHERE member_id = $1",
    lambda rows: dict(starmap(_profile_item_from_row, rows)),
)
"""The items that were ever confirmed, filled in or not."""


async def confirm_profile_items(
    transaction: Transaction, member_id: MemberId, items: Mapping[DeclaredItem, bool], on: date
) -> None:
    """Confirm on a day whether items are filled in."""
    await transaction.execute_many(
        _UPSERT_ITEM, [(member_id, item, int(is_filled), on) for item, is_filled in items.items()]
    )


async def restore_profile_items(
    transaction: Transaction, member_id: MemberId, items: Mapping[DeclaredItem, ConfirmedProfile]
) -> None:
    """Write exported items, unless the item was confirmed later."""
    await transaction.execute_many(
        f"{_UPSERT_ITEM} WHERE excluded.confirmed_on >= profile_items.confirmed_on",
        [(member_id, item, int(confirmed.is_filled), confirmed.on) for item, confirmed in items.items()],
    )


_goal_from_row: Final = RowParser(Goal, earnings_threshold="line")
_GOAL_COLUMNS: Final = _goal_from_row.columns


earnings_goals_query: Final = Select(
    _GOAL_COLUMNS, "FROM goals WHERE member_id = $1 ORDER BY category", parse_all_rows(_goal_from_row)
)
"""The goals by category."""


async def set_earnings_goal(transaction: Transaction, member_id: MemberId, goal: Goal) -> None:
    """Set the goal of a category, or replace it."""
    await transaction.fetch(
        upsert_sql("goals", ("member_id", *_GOAL_COLUMNS), key=("member_id", "category")),
        member_id,
        *_goal_from_row.values(goal),
    )


async def delete_earnings_goal(transaction: Transaction, member_id: MemberId, category: str) -> None:
    """Delete the goal of a category."""
    await transaction.fetch("DELETE FROM goals WHERE member_id = $1 AND category = $2", member_id, category)


_CALIBRATION_COLUMNS: Final = ("shown_on", "counted_from", "counted_until", *FIGURE_NAMES)
"""A figure has the same name as its column."""


def _displayed_figures_from_row(
    shown_on: str, _counted_from: int, counted_until: int, *figures: int | None
) -> DisplayedFigures:
    return DisplayedFigures(
        on=date.fromisoformat(shown_on),
        at=instant_from_micros(counted_until),
        **dict(zip(FIGURE_NAMES, figures, strict=True)),
    )


MAX_DISPLAYS: Final = 367
"""As many days as a year can have, its first and its last one included: a display counts for a year."""


def calibrations_query(member_id: MemberId, *, limit: int = MAX_DISPLAYS) -> Query[list[DisplayedFigures]]:
    """The figures that Lancers displayed, one row a day, the newest first."""
    return Query(
        _CALIBRATION_COLUMNS,
        "FROM calibrations WHERE member_id = $1 ORDER BY shown_on DESC LIMIT $2",
        (member_id, limit),
        parse_all_rows(_displayed_figures_from_row),
    )


async def save_calibration(transaction: Transaction, member_id: MemberId, displayed: DisplayedFigures) -> None:
    """Store the figures of a day, in place of those stored for it before."""
    await transaction.fetch(
        upsert_sql("calibrations", ("member_id", *_CALIBRATION_COLUMNS), key=("member_id", "shown_on")),
        member_id,
        displayed.on,
        displayed.since,
        displayed.until,
        *(getattr(displayed, figure) for figure in FIGURE_NAMES),
    )
