"""An export of the first version can still be imported, and a message forwarded again is still recognised."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import ClientMessage, Invitation, ReviewResult, Statement
from bot.domain.source_keys import is_same_message, source_key_base
from bot.domain.types import MemberId
from bot.parsing.incoming import Attachment, ForwardedMessage, IncomingMessage
from bot.parsing.message import parse_message
from bot.services.container import Services
from bot.settings import read_defaults
from storage.connect import open_database
from tests.contracts.goldens import EXPORT, check_json
from tests.helpers.scenarios import eml
from tests.helpers.services import ignore_progress

NOW: Final = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
MIKA: Final = MemberId(7)
NUMBERS: Final = {"member_id", "thread_id", "message_id", "job_id"}
"""Columns whose values the importing database generates anew."""
SAME: Final = ("messages", "jobs", "profile_items", "calibrations", "goals")
CHOSEN: Final = (
    "timezone", "locale", "edition", "lead_times", "quiet_hours", "badge", "last_login", "review_day", "digest",
    "keeps_history",
)  # fmt: skip
SUBJECT: Final = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
QUOTED: Final = """---------- Forwarded message ---------
差出人: ランサーズ事務局 <noreply@lancers.co.jp>
Date: 2026年11月24日(火) 9:12
Subject: 制作会社Aさんからのメッセージ受信通知
To: <mika@example.com>

本文"""


@pytest.mark.slow
async def test_an_export_of_the_first_version_comes_in(database_url: str) -> None:
    data = EXPORT.read_bytes()
    before = json.loads(data)["tables"]
    database = await open_database(database_url)
    try:
        porter = Services(database, read_defaults({}), lambda: None).data_transfer
        seen = await porter.preview_import(MIKA, "nintei.json", data, now=NOW)
        jobs = sum(job["count"] for job in before["jobs"])
        assert (seen.messages, seen.jobs, seen.problems) == (len(before["messages"]), jobs, ())
        await porter.commit_import(MIKA, ignore_progress, now=NOW)
        again = await porter.preview_import(MIKA, "nintei.json", data, now=NOW)
        assert (again.messages, again.jobs) == (0, 0)
        with await porter.export(MIKA, now=NOW, unnamed_label="–") as taken:
            after = json.loads(taken.files["nintei.json"].read())["tables"]
    finally:
        await database.close()
    for table in SAME:
        assert before[table], table
        columns = before[table][0].keys()  # later versions have more
        known = [{name: row[name] for name in columns} for row in after[table]]
        assert plain(known) == plain(before[table]), table
    names = {"client", "title", "client_key", "title_key", "unsorted"}
    used = {row["thread_id"] for row in before["messages"]}
    threads = [row for row in before["threads"] if row["thread_id"] in used]
    assert named(after["threads"], names) == named(threads, names)
    assert named(after["members"], CHOSEN) == named(before["members"], CHOSEN)


def plain(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Rows without generated ids."""
    return sorted(repr(sorted((key, row[key]) for key in row if key not in NUMBERS)) for row in rows)


def named(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> set[str]:
    """These columns of rows."""
    return {repr([(column, row[column]) for column in sorted(columns)]) for row in rows}


def test_source_keys_of_what_is_read() -> None:
    """The source key is by what a mail recorded by an earlier version is recognised when it is forwarded again."""
    posted = datetime(2026, 11, 24, 0, 12, 34, tzinfo=UTC)
    letter = eml("制作会社Aさんからのメッセージ受信通知")
    check_json(
        "source-keys-of-mails",
        {
            "a mail as a file": key(IncomingMessage("1", "", (), (Attachment("a.eml", len(letter), letter),))),
            "a notification, forwarded": key(forwarded(SUBJECT, posted)),
            "a message, forwarded": key(forwarded("いつ頃になりますか？", posted)),
            "an invitation, forwarded": key(forwarded("[ランサーズ] 仕事の招待状が届きました", posted)),
            "a result, forwarded": key(forwarded("[ランサーズ] 認定ランサー認可のお知らせ", posted)),
            "a mail, pasted": key(IncomingMessage("5", QUOTED, (), ())),
            "a subject, pasted": key(IncomingMessage("6", SUBJECT, (), ())),
            "a line": key(IncomingMessage("7", "制作会社A様 昨日 14:30", (), ())),
        },
    )


def forwarded(content: str, posted: datetime) -> IncomingMessage:
    """A forwarded message."""
    return IncomingMessage(
        "4", "", (ForwardedMessage(content=content, embeds=(), posted_at=posted, original_id="42", attachments=()),), ()
    )


def key(parcel: IncomingMessage) -> str:
    """The identity of the only thing in it, as far as an earlier version stored it."""
    [finding] = parse_message(parcel, now=NOW, zone=ZoneInfo("Asia/Tokyo"))
    assert isinstance(finding, ClientMessage | Invitation | ReviewResult | Statement)
    assert is_same_message(finding.source_key, source_key_base(finding.source_key))
    return source_key_base(finding.source_key)
