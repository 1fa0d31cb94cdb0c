"""The figures and instants of an export: the first and the last that are read, and those beside them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar import LANCERS_ZONE
from bot.errors import InvalidInputError
from bot.parsing.export_format import EXPORT_VERSION, FORMAT
from bot.parsing.export_reader import ExportData, parse_export

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LANCERS_BEGAN = datetime(2008, 1, 1, tzinfo=LANCERS_ZONE)
SECOND = timedelta(seconds=1)

TABLES = ("threads", "messages", "jobs", "profile_items", "calibrations", "muted_clients", "goals", "members")
FIGURES = (
    "reply_rate", "reply_rate_unit", "replies", "completion_rate", "task_approval", "satisfaction", "evaluation", "earnings",
)  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "calibrations": {"shown_on": "2026-11-24", **dict.fromkeys(FIGURES)},
    "goals": {"category": "Web", "line": 1, "source": None, "set_on": "2026-11-24"},
    "jobs": {
        "day": "2026-11-24", "method": "project", "category": "Web", "reward": 1, "outcome": "completed",
        "stars": 50, "satisfied": 1, "client": None, "count": 1,
    },
    "threads": {"thread_id": 1, "client": "A", "title": None, "title_key": "", "unsorted": 0},
    "messages": {
        "thread_id": 1, "direction": "received", "kind": "message", "sent_at": "2026-11-24T00:00+00:00",
        "exactness": "minute", "source": "written", "source_key": "k", "closing": 0, "recorded_at": "2026-11-24T00:00+00:00",
    },
}  # fmt: skip


def read(**rows: dict[str, Any]) -> tuple[ExportData, list[str]]:
    """An export with one row a table, and the ids of its errors."""
    errors: list[str] = []
    tables = {table: [rows[table]] if table in rows else [] for table in TABLES}
    text = json.dumps({"format": FORMAT, "version": EXPORT_VERSION, "tables": tables})
    data = parse_export(
        text.encode(), now=NOW, on_bad_row=lambda _table, _number, error: errors.append(error.message_id)
    )
    return data, errors


@pytest.mark.parametrize(
    ("table", "name", "least", "most"),
    [
        ("calibrations", "reply_rate", 0, 1000),
        ("calibrations", "replies", 0, 1_000_000),
        ("calibrations", "completion_rate", 0, 1000),
        ("calibrations", "task_approval", 0, 1000),
        ("calibrations", "satisfaction", 0, 1000),
        ("calibrations", "evaluation", 100, 500),
        ("calibrations", "earnings", 0, 1_000_000_000),
        ("goals", "line", 1, 1_000_000_000),
        ("jobs", "stars", 10, 50),
        ("jobs", "reward", 0, 1_000_000_000),
        ("jobs", "count", 1, 1_000_000),
    ],
)
def test_a_figure_is_read_from_its_least_to_its_most(table: str, name: str, least: int, most: int) -> None:
    for figure in (least, most):
        data, errors = read(**{table: ROWS[table] | {name: figure}})
        assert (len(getattr(data, table)), errors) == (1, [])
    for figure in (least - 1, most + 1):
        data, errors = read(**{table: ROWS[table] | {name: figure}})
        assert (len(getattr(data, table)), errors) == (0, ["import-figure"])


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (NOW, None),
        (NOW + SECOND, "import-future"),
        (LANCERS_BEGAN, None),
        (LANCERS_BEGAN - SECOND, "import-before-lancers"),
    ],
)
def test_a_message_is_neither_of_the_future_nor_older_than_lancers(at: datetime, error: str | None) -> None:
    data, errors = read(threads=ROWS["threads"], messages=ROWS["messages"] | {"sent_at": at.isoformat()})
    assert errors == ([] if error is None else [error])
    assert [message.entry.at for message in data.messages] == ([at] if error is None else [])


def test_a_message_reads_as_it_was_exported() -> None:
    for closing in (False, True):
        data, _ = read(threads=ROWS["threads"], messages=ROWS["messages"] | {"closing": int(closing)})
        [message] = data.messages
        assert (message.thread.client, message.thread.title, message.looks_final) == ("A", None, closing)


@pytest.mark.parametrize("key", ["", "a\0b", "\ud800"])
def test_a_key_that_no_database_stores_is_of_no_export(key: str) -> None:
    for rows in (
        {"threads": ROWS["threads"], "messages": ROWS["messages"] | {"source_key": key}},
        {"threads": ROWS["threads"] | {"unsorted": 1, "title_key": key}},
    ):
        with pytest.raises(InvalidInputError) as refused:
            read(**rows)
        assert refused.value.message_id == "import-json"


def test_of_a_long_key_a_hundred_characters_are_read() -> None:
    data, _ = read(threads=ROWS["threads"], messages=ROWS["messages"] | {"source_key": "あ" * 101})
    assert [message.source_key for message in data.messages] == ["あ" * 100]


@pytest.mark.parametrize("source", [{}, [], 0])
def test_a_source_of_a_goal_that_is_no_text_is_no_export(source: object) -> None:
    """No database stores it."""
    with pytest.raises(InvalidInputError) as refused:
        read(goals=ROWS["goals"] | {"source": source})
    assert refused.value.message_id == "import-json"


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_a_figure_is_a_whole_number(value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(goals={**ROWS["goals"], "line": value})
    assert refused.value.message_id == "import-json"
