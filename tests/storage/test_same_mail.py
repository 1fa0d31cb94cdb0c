"""The same mail in any form is recorded once, two different ones twice, whatever an earlier version stored."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.messages import ClientMessage, ParsedItem, Statement, UnclearText
from bot.domain.reply.thread_state import Direction
from bot.domain.source_keys import mail_key_base, source_key_base
from bot.domain.types import MemberId
from bot.parsing.incoming import Attachment, IncomingMessage
from bot.parsing.message import parse_message
from bot.services.container import Services
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from bot.settings import read_defaults
from storage.database import Database
from storage.migrations.name_keys import refold_name_keys
from tests.helpers.mail_builder import SENDER, make_mail, quoted

MIKA = MemberId(1)
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
SUBJECT = "田中さんからのメッセージ受信通知"


def mail(message_id: str = "", date: str = "Sun, 22 Nov 2026 18:14:05 +0900", subject: str = SUBJECT) -> ParsedItem:
    data = make_mail("direct", "utf-8", SENDER, date, subject, message_id)
    [item] = parse_message(IncomingMessage("1", "", (), (Attachment("a.eml", len(data), data),)), now=NOW, zone=TOKYO)
    return item


def paste(date: str, subject: str = SUBJECT, paste_id: str = "2") -> ParsedItem:
    text = quoted("outlook-ja", SENDER, date, subject)
    [item] = parse_message(IncomingMessage(paste_id, text, (), ()), now=NOW, zone=TOKYO)
    return item


async def record(services: Services, item: ParsedItem) -> ReceiptKind:
    outcome = await services.recording.record_item(MIKA, item, Direction.RECEIVED, now=NOW)
    assert isinstance(outcome, Receipt), outcome
    return outcome.kind


def services_of(database: Database) -> Services:
    return Services(database, read_defaults({}), lambda: None)


async def test_a_mail_as_a_file_again_and_as_a_paste_is_one(database: Database) -> None:
    services = services_of(database)
    assert await record(services, mail("a1")) is ReceiptKind.RECORDED
    for again in (mail("a1"), mail(), paste("2026年11月22日 18:14"), paste("Sun, 22 Nov 2026 18:14:05 +0900")):
        assert await record(services, again) is ReceiptKind.REPEATED
    assert len(await database.fetch("SELECT 1 FROM messages")) == 1


async def test_two_mails_of_one_minute_are_two_also_after_a_paste_of_the_first(database: Database) -> None:
    services = services_of(database)
    assert await record(services, paste("2026年11月22日 18:14")) is ReceiptKind.RECORDED
    assert await record(services, mail("a1")) is ReceiptKind.REPEATED
    assert await record(services, mail("a2", "Sun, 22 Nov 2026 18:14:40 +0900")) is ReceiptKind.RECORDED
    assert await record(services, mail("a3")) is ReceiptKind.RECORDED
    assert await record(services, mail("a2", "Sun, 22 Nov 2026 18:14:40 +0900")) is ReceiptKind.REPEATED
    assert await record(services, mail("", "Sun, 22 Nov 2026 18:14:41 +0900")) is ReceiptKind.RECORDED


async def test_mails_without_a_readable_date_are_asked_one_by_one(database: Database) -> None:
    services = services_of(database)
    drafts = set()
    for date in ("-", "not a date", "Wed, 25 Nov 2026 18:14:05 +0900", "Thu, 1 Jan 1970 00:00:00 +0000"):
        for message_id in ("a1", "a2"):
            item = mail(f"{message_id}{date}", date)
            outcome = await services.recording.record_item(MIKA, item, Direction.RECEIVED, now=NOW)
            assert isinstance(outcome, ClarificationNeeded)
            drafts.add(outcome.draft.id)
    assert len(drafts) == 8


async def test_a_mail_that_an_earlier_version_recorded_is_known(database: Database) -> None:
    services = services_of(database)
    item = mail("a1")
    assert isinstance(item, ClientMessage)
    earlier = replace(item, source_key=source_key_base(item.source_key))
    assert await record(services, earlier) is ReceiptKind.RECORDED
    assert await record(services, item) is ReceiptKind.REPEATED
    assert await database.fetch("SELECT source_key FROM messages") == [(item.source_key,)]


async def test_an_unknown_mail_of_lancers_is_asked_with_its_time(database: Database) -> None:
    services = services_of(database)
    item = mail("a1", subject="[ランサーズ] 大切なお知らせが届いています")
    assert isinstance(item, UnclearText)
    outcome = await services.statements.record(MIKA, item, now=NOW)
    assert isinstance(outcome, ClarificationNeeded)
    assert outcome.draft.content.time == item.time
    assert outcome.draft.content.source == "mail"


async def test_a_header_without_a_sender_is_confirmed_first(database: Database) -> None:
    services = services_of(database)
    [item] = parse_message(
        IncomingMessage("1", f"Date: Sun, 22 Nov 2026 18:14:05 +0900\nSubject: {SUBJECT}", (), ()), now=NOW, zone=TOKYO
    )
    assert isinstance(item, Statement)
    outcome = await services.statements.record(MIKA, item, now=NOW)
    assert isinstance(outcome, ClarificationNeeded)
    assert await database.fetch("SELECT 1 FROM messages") == []


async def test_clients_whose_names_an_earlier_version_took_for_different_become_one(database: Database) -> None:
    services = services_of(database)
    wave, tilde = "はな\N{WAVE DASH}る", "はな\N{FULLWIDTH TILDE}る"
    first = mail("", subject=f"{wave}さんからのメッセージ受信通知")
    assert isinstance(first, ClientMessage)
    assert await record(services, first) is ReceiptKind.RECORDED
    later = mail("", "Sun, 22 Nov 2026 19:14:05 +0900", f"{tilde}さんからのメッセージ受信通知")
    assert isinstance(later, ClientMessage)
    [[thread_id]] = await database.fetch("SELECT thread_id FROM threads")
    async with database.write() as transaction:
        # As an earlier version stored it: another key for the same client.
        await transaction.fetch("UPDATE threads SET client_key = $1 WHERE thread_id = $2", wave, thread_id)
    assert await record(services, later) is ReceiptKind.RECORDED
    assert len({row[0] for row in await database.fetch("SELECT client_key FROM threads")}) == 2
    async with database.write() as transaction:
        await refold_name_keys(transaction)
    rows = await database.fetch("SELECT client, client_key, title_key FROM threads ORDER BY thread_id")
    assert [row[0] for row in rows] == [wave, tilde], "what is shown stays as written"
    assert len({row[1] for row in rows}) == 1
    assert len({row[2] for row in rows}) == 2
    async with database.write() as transaction:
        await refold_name_keys(transaction)
    assert await database.fetch("SELECT client, client_key, title_key FROM threads ORDER BY thread_id") == rows


async def test_the_key_of_a_mail_follows_the_refolded_name(database: Database) -> None:
    services = services_of(database)
    wave = "はな\N{WAVE DASH}る"
    item = mail("", subject=f"{wave}さんからのメッセージ受信通知")
    assert await record(services, item) is ReceiptKind.RECORDED
    old_base = mail_key_base("message", wave, "", datetime(2026, 11, 22, 9, 14, tzinfo=UTC))
    async with database.write() as transaction:
        await transaction.fetch("UPDATE threads SET client_key = $1", wave)
        await transaction.fetch("UPDATE messages SET source_key = $1", old_base)
        await refold_name_keys(transaction)
    assert await record(services, item) is ReceiptKind.REPEATED
