"""Words that are stored, sent or written by operators: the values of enumerations, settings, names of files."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from bot.discord_app.features.help.cards import Topic
from bot.discord_app.ui.components import NEW_THREAD_OPTION
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.calibration import ComparisonResult
from bot.domain.certification.editions import edition_names
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import JobOutcome
from bot.domain.fees.terms import Compensation, Tax
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import UNASSIGNED_PREFIX
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.impact import Advice, ReplyWindowState
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.reply.thread_state import Direction, EventKind
from bot.domain.types import ContractMethod, MemberId
from bot.ops.checks.result import Check, CheckMark
from bot.ops.daily_backup import RUN_NAME, list_daily_backups
from bot.parsing.notification import NotificationType
from bot.scheduling.dispatcher import NOTIFY_DUE
from bot.scheduling.membership import NOTIFY_MEMBERSHIP
from bot.settings import KNOWN_SETTINGS, read_settings
from storage.admin import erasure_log
from storage.admin.backup import create_backup, restore_backup
from storage.connect import open_database
from storage.drafts import MissingInfo
from storage.engines.postgresql import CHANNEL
from storage.erased_members import Erasure
from storage.members import Badge, Digest, DmStatus
from storage.planned_reminders import ReminderOutcome
from tests.contracts.goldens import check_json, check_lines
from tests.helpers.erasure_notes import append_note, list_noted
from tests.helpers.machine import ROOT

NOON: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_words_in_the_database() -> None:
    check_json(
        "stored-words",
        {
            "drafts.asks": sorted(MissingInfo),
            "jobs.method": sorted(ContractMethod),
            "jobs.outcome": sorted(JobOutcome),
            "members.badge": sorted(Badge),
            "members.digest": sorted(Digest),
            "members.direct_messages": sorted(DmStatus),
            "members.edition": sorted(edition_names()),
            "messages.direction": sorted(Direction),
            "messages.exactness": sorted(Precision),
            "messages.kind": sorted(EventKind),
            "messages.source": sorted(MessageSource),
            "occurrences.kind": sorted(ReminderKind),
            "occurrences.state": sorted({*ReminderOutcome, "planned", "claimed"}),
            "profile_items.item": sorted(ProfileItem),
            "threads.title_key": [UNASSIGNED_PREFIX],
        },
    )


def test_words_in_json_and_in_options() -> None:
    check_json(
        "said-words",
        {
            "advice": sorted(Advice),
            "agreement": sorted(ComparisonResult),
            "check": sorted(Check),
            "compensation": sorted(Compensation),
            "mail": sorted(each.value for each in NotificationType),
            "mark": sorted(CheckMark),
            "state": sorted(ReplyWindowState),
            "status": sorted(CriterionStatus),
            "tax": sorted(Tax),
            "topic": sorted(Topic),
        },
    )


def test_words_of_custom_ids() -> None:
    check_json("custom-id-words", {"speaks of": sorted(Target), "does": sorted(Action), "option": [NEW_THREAD_OPTION]})


class Noted(Mapping[str, str]):
    """An environment that records which names were read."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_names_in_the_environment() -> None:
    noted = Noted()
    read_settings(noted)
    check_lines("environment", KNOWN_SETTINGS)
    check_lines("environment", noted.asked)
    written = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    check_lines("environment", written)


def test_words_between_processes() -> None:
    check_json("notify", {"channel": CHANNEL, "words": sorted([NOTIFY_DUE, NOTIFY_MEMBERSHIP])})


@pytest.mark.postgres
async def test_a_word_as_it_is_sent(server_url: str) -> None:
    heard: list[object] = []
    listener = await asyncpg.connect(server_url)
    await listener.add_listener("nintei", lambda *said: heard.append(said[-1]))
    database = await open_database(server_url)
    try:
        await database.notify("due")
        await listener.fetch("SELECT 1")
    finally:
        await database.close()
        await listener.close()
    [word] = heard
    assert re.fullmatch("[0-9a-f]{8} due", str(word))


async def test_names_of_files(tmp_path: Path) -> None:
    file, backup = tmp_path / "nintei.db", tmp_path / "nintei-20261124-120000.db"
    database = await open_database(f"sqlite:///{file}")
    noted = database.erasure_log_path
    await database.close()
    assert noted == tmp_path / "nintei.db.erasures"
    append_note(noted, MemberId(42), NOON)
    assert noted.read_text(encoding="ascii") == "42 1795521600000000\n", "before schema 7"
    assert list_noted(noted) == [(MemberId(42), NOON)]
    erasure_log.add_erasure_notes(noted, [Erasure(MemberId(42), NOON, 2**62)])
    assert noted.read_text(encoding="ascii") == "42 1795521600000000 4611686018427387904\n"
    create_backup(file, backup)
    (tmp_path / "nintei-2026.db").touch()
    assert list_daily_backups(tmp_path) == [backup]
    _, kept = restore_backup(backup, file, now=NOON)
    assert kept == tmp_path / "nintei.db.before-restore-20261124-120000"
    assert RUN_NAME == "backup"
