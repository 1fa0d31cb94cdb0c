"""Every line of output that a guide shows after a command is one that the program prints.

The examples of docs/cli-reference.md and the calculations of README.md are run (`tests/cli/test_cli_reference.py`). The
others need Discord, a bot that runs, or a day: their sentences are compared with the program's texts.
"""

import json
import re

import pytest

from bot.cli.doctor import SEVERITY_SYMBOLS
from bot.cli.terminal import display_width, pad_left, pad_right
from bot.i18n.translations import get_translations
from bot.ops.checks.result import Check
from storage.migrations.run import latest_schema_version
from storage.stats import MemberCounts
from tests.helpers.machine import ROOT
from tests.helpers.wording import is_text

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
RUN_ELSEWHERE = re.compile(r"python -m bot (standing|forecast|check|fee)\b")
TEXTS = get_translations("en")


def shown_outputs() -> list[tuple[str, str, str]]:
    """The document, the command and each line that is shown after it."""
    lines = []
    for path in DOCUMENTS:
        if path.name == "cli-reference.md":
            continue
        for block in FENCE.findall(path.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if not RUN_ELSEWHERE.match(command):
                    lines += [(path.name, command, line) for line in output.splitlines() if line]
    return lines


def is_line_of_doctor(line: str) -> bool:
    labels = {check: TEXTS(f"doctor-check-{check}") for check in Check}
    columns = max(map(display_width, labels.values()))
    return any(
        line.startswith(start := f"{pad_right(symbol, 2)} {pad_right(label, columns)}  ")
        and is_text(line.removeprefix(start), "en")
        for symbol in SEVERITY_SYMBOLS.values()
        for label in labels.values()
    )


def is_line_of_members(line: str) -> bool:
    labels = [TEXTS(f"members-{name}") for name in MemberCounts.__dataclass_fields__]
    columns = max(map(display_width, labels))
    return any(
        line in {f"{pad_right(label, columns)}  {pad_left(str(number), 9)}" for number in range(3)} for label in labels
    )


def is_answer_of_health(line: str) -> bool:
    try:
        reasons = json.loads(line)["reasons"]
    except (ValueError, KeyError):
        return False
    return bool(reasons) and all(is_text(sentence, "en", prefix="health-") for sentence in reasons.values())


def is_printed(line: str) -> bool:
    return is_text(line, "en") or is_line_of_doctor(line) or is_line_of_members(line) or is_answer_of_health(line)


def test_there_are_such_outputs() -> None:
    assert {command.split()[0] for _, command, _ in shown_outputs()} == {"python", "curl", "make"}
    assert len(shown_outputs()) > 30


@pytest.mark.parametrize(("document", "command", "line"), shown_outputs())
def test_a_line_that_is_shown_is_one_that_is_printed(document: str, command: str, line: str) -> None:
    assert is_printed(line)
    for number in re.findall(r"schema (\d+)", line):
        assert int(number) == latest_schema_version("sqlite"), (document, command)


@pytest.mark.parametrize(
    "line",
    [
        "It holds schema 26 with one member, one thread and one message, the newest recorded 2026-11-24 23:15 UTC.",
        "Take no direct messages from the bot         0",
        "✅ Settings      Every setting can be reed.",
        '{"ok": false, "reasons": {"gateway": "No gateway."}}',
    ],
)
def test_a_line_that_is_not_printed_is_noticed(line: str) -> None:
    assert not is_printed(line)
