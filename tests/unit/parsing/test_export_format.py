"""The JSON of an export: the text that `json.dumps` would make of the whole, written part by part at a low cost."""

import io
import json
import sys
from datetime import UTC, datetime
from typing import Any

from bot.domain.calendar import instant_from_micros
from bot.parsing.export_format import JsonWriter

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
COLUMNS = ["number", "client", "sent_at", "until"]
MICROS = 1_795_489_200_123_456
BEYOND_EVERY_CALENDAR = 10**18
NAMES = ["制作会社A", "},\n    {", '"},\\n    {"', "\u2028\x00\x7f\\", "", None]
ROWS = [(number, name, MICROS + number, None) for number, name in enumerate(NAMES)]
ROWS.append((7, "B", BEYOND_EVERY_CALENDAR, MICROS))


def written(*tables: tuple[str, list[list[tuple[Any, ...]]]]) -> str:
    """The text of an export of these tables, whose rows come in parts."""
    file = io.StringIO()
    writer = JsonWriter(file, now=NOW)
    for table, parts in tables:
        writer.begin_table(table, COLUMNS)
        for part in parts:
            writer.write_json_rows(part)
    writer.close()
    return file.getvalue()


def test_the_parts_make_one_text() -> None:
    def plain(row: tuple[Any, ...]) -> dict[str, Any]:
        values = dict(zip(COLUMNS, row, strict=True))
        for name in ("sent_at", "until"):
            if values[name] is not None and values[name] != BEYOND_EVERY_CALENDAR:
                values[name] = instant_from_micros(values[name]).isoformat()
        return values

    whole = {
        "format": "nintei",
        "version": 1,
        "exported_at": NOW.isoformat(),
        "tables": {"a": list(map(plain, ROWS)), "b": [], "c": [plain(ROWS[0])]},
    }
    text = written(("a", [ROWS[:1], [], ROWS[1:4], ROWS[4:]]), ("b", []), ("c", [ROWS[:1]]))
    assert text == json.dumps(whole, ensure_ascii=False, indent=1)


def test_a_row_is_written_in_few_calls() -> None:
    """Functions of Python that are entered: what the encoder written in Python enters is some forty of each row."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    rows = [(number, "制作会社A", MICROS, None) for number in range(1000)]
    sys.setprofile(count)
    try:
        written(("a", [rows]))
    finally:
        sys.setprofile(None)
    assert calls / len(rows) < 4
