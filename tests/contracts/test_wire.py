"""What Discord and members keep of the bot: custom ids on old messages, command names, nonces, exports."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts.goldens import EXPORT, WRITE, check_json, check_lines
from tests.helpers.collected import Collected
from tests.helpers.every_card import play_once

FORMER_CONTROLS = {
    f"press:thread:N:{action}"
    for action in ("dismiss", "later", "new-thread", "now", "other-time", "ten-ago", "thirty-ago")
} | {
    "press:window:N:later",
    "press:message:N:dismiss",
    "press:message:N:move",
    "choose:start:N:edition",
    "choose:start:N:locale",
    "press:start:N:quiet-hours",
    "press:start:N:timezone",
    "press:setting:N:keep",
}
"""Of reminders before the buttons named the window, and of earlier welcome cards: members have them, and they work."""
FORMER_OPTIONS = {
    *(f"choose:start:N:edition {edition}" for edition in ("2016", "2024")),
    *(f"choose:start:N:locale {locale}" for locale in ("default", "en", "ja")),
}
FORMER_FORMS = {
    "press:thread:N:other-time required",
    "press:start:N:quiet-hours optional",
    "press:start:N:timezone optional",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """Of one run, which shows every card."""
    return play_once("ja", tmp_path_factory)


def test_custom_ids(seen: Collected) -> None:
    check_lines("custom-ids", seen.controls | FORMER_CONTROLS)


def test_values_of_options(seen: Collected) -> None:
    check_lines("option-values", seen.options | FORMER_OPTIONS)


def test_forms(seen: Collected) -> None:
    """Which control opens one, and of which fields; its own custom ids live as long as it is open."""
    check_lines("forms", seen.forms | FORMER_FORMS)


def test_nonces(seen: Collected) -> None:
    check_lines("nonces", seen.nonces)


def test_the_nonce_of_a_reminder_follows_from_its_delivery(seen: Collected) -> None:
    assert seen.reminders
    assert seen.reminders <= seen.deliveries


def test_source_keys(seen: Collected) -> None:
    check_lines("source-keys", seen.keys)


def test_steps_of_corrections(seen: Collected) -> None:
    check_lines("steps", seen.steps)


def test_duties(seen: Collected) -> None:
    check_lines("duties", seen.duties)


def test_names_of_backups(seen: Collected) -> None:
    assert seen.backups == {"nintei-N-N.db"}


def test_commands(seen: Collected) -> None:
    check_json("commands", [command(each) for each in sorted(seen.commands, key=lambda each: str(each["name"]))])


def command(payload: dict[str, Any]) -> dict[str, Any]:
    """A command, a sub-command or an option without its descriptions."""
    kept = ("name", "type", "required", "autocomplete", "contexts", "integration_types", "channel_types")
    shown = {key: payload[key] for key in kept if payload.get(key) is not None}
    if payload.get("choices"):
        shown["choices"] = [each["value"] for each in payload["choices"]]
    if payload.get("options"):
        shown["options"] = [command(each) for each in payload["options"]]
    return shown


def test_files_of_an_export(seen: Collected) -> None:
    tables = {name: data for name, data in seen.files.items() if name.endswith(".csv")}
    headers = {name: data.decode("utf-8-sig").splitlines()[0] for name, data in tables.items()}
    check_json("export-files", {name: headers.get(name, "").split(",") for name in seen.files})


def test_keys_of_an_export(seen: Collected) -> None:
    check_lines("export-keys", keys(json.loads(seen.files["nintei.json"])))
    if WRITE and not EXPORT.exists():
        EXPORT.write_bytes(seen.files["nintei.json"])


def keys(export: dict[str, Any]) -> Iterator[str]:
    """The keys of the whole, and the columns of each table."""
    yield from export
    yield f"format {export['format']}"
    yield f"version {export['version']}"
    for table, rows in export["tables"].items():
        assert rows, f"the scenario leaves nothing in {table}"
        yield from (f"tables.{table}.{column}" for row in rows for column in row)
