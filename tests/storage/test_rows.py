"""A `RowParser` makes a dataclass of a row, each field by its type."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.types import Site, ThreadId
from storage.database import stored_value
from storage.rows import RowParser

INSTANT = datetime(2026, 11, 24, 3, 0, 0, 7, tzinfo=UTC)
MICROS = 1795489200000007


@dataclass(frozen=True, slots=True)
class Inner:
    """Of a LEFT JOIN."""

    number: int | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """A field of each type."""

    id: ThreadId
    at: datetime
    later_at: datetime | None
    inner: Inner | None
    day: date | None
    site: Site
    text: str | None


outer_from_row = RowParser(Outer, id="thread_id", text="coalesce(title, '')", inner=RowParser(Inner, is_open="opened"))


def test_the_columns_are_those_of_the_fields_in_their_order() -> None:
    assert outer_from_row.columns == (
        "thread_id", "at", "later_at", "number", "opened", "day", "site", "coalesce(title, '')"
    )  # fmt: skip


def test_every_value_gets_the_type_of_its_field() -> None:
    row = outer_from_row(3, MICROS, MICROS, 5, 1, "2026-11-24", "other", "logo")
    inner = Inner(5, is_open=True)
    assert row == Outer(
        id=ThreadId(3), at=INSTANT, later_at=INSTANT, inner=inner, day=date(2026, 11, 24), site=Site.OTHER, text="logo"
    )
    assert row.inner is not None
    assert (row.inner.is_open, row.site) == (True, Site.OTHER)
    assert isinstance(row.site, Site)


def test_null_is_none() -> None:
    row = outer_from_row(3, MICROS, None, None, None, None, "lancers", None)
    assert (row.later_at, row.inner, row.day, row.text) == (None, None, None, None)


def test_a_joined_row_may_begin_with_null() -> None:
    assert outer_from_row(3, MICROS, None, None, 0, None, "lancers", None).inner == Inner(None, is_open=False)


def test_the_values_are_those_of_which_the_row_was_made() -> None:
    row = (3, MICROS, None, 5, 1, "2026-11-24", "other", "logo")
    assert tuple(map(stored_value, outer_from_row.values(outer_from_row(*row)))) == row


def test_nothing_is_null_in_every_column() -> None:
    outer = outer_from_row(3, MICROS, None, None, None, None, "lancers", None)
    assert outer_from_row.values(outer) == [3, INSTANT, None, None, None, None, "lancers", None]
    assert outer_from_row.values(None) == [None] * len(outer_from_row.columns)
