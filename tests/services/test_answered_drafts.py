"""What was read from a mail or a forwarded text stays known through the questions about it: time, page, final look."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import LANCERS_ZONE
from bot.domain.messages import (
    ClientMessage,
    ContractMail,
    Intent,
    Invitation,
    MessageSource,
    ParsedTime,
    Precision,
    Statement,
    UnclearText,
)
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from bot.parsing.mail_items import item_to_confirm
from bot.services.container import Services
from bot.services.draft_answers import DraftAnswer
from bot.services.new_messages import NewMessage
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind, RecordOutcome
from bot.settings import read_defaults
from storage.connect import open_database
from storage.drafts import MissingInfo

MIKA = MemberId(1)
SENT = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
NOW = SENT + timedelta(hours=2)
PAGE = "/messages/123"
UNCLEAR_MAIL = UnclearText(
    "mail", looks_final=True, time=ParsedTime(SENT, Precision.SECOND), source=MessageSource.MAIL, page=PAGE
)
FORWARDED_POST = ClientMessage(
    time=ParsedTime(SENT, Precision.SECOND),
    source=MessageSource.POSTED,
    source_key="post",
    looks_final=True,
    page=PAGE,
)
CONTRACT_MAIL = ContractMail(time=UNCLEAR_MAIL.time, source=MessageSource.MAIL, source_key="contract")
UNCERTAIN = DraftAnswer(client="Acme", client_certain=False)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    yield Services(database, read_defaults({}), lambda: None)
    await database.close()


async def receive(services: Services, client: str, title: str | None = None, *, hours_before: int = 1) -> Receipt:
    """Record a message of a client that came some hours before the mail."""
    message = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        title=title,
        time=ParsedTime(SENT - timedelta(hours=hours_before), Precision.SECOND),
        source=MessageSource.POSTED,
        source_key=f"{client}{title}{hours_before}",
    )
    receipt = await services.recording.record(MIKA, message, now=NOW)
    assert isinstance(receipt, Receipt)
    return receipt


async def answer_all(
    services: Services, outcome: RecordOutcome, answers: Sequence[tuple[MissingInfo, DraftAnswer]]
) -> Receipt:
    """Answer one question after another, each the expected one."""
    for missing, answer in answers:
        assert isinstance(outcome, ClarificationNeeded)
        assert outcome.draft.content.missing is missing
        outcome = await services.answers.complete_draft(MIKA, outcome.draft.id, answer, now=NOW)
    assert isinstance(outcome, Receipt)
    return outcome


def known(receipt: Receipt) -> tuple[datetime, MessageSource, bool, str | None]:
    message = receipt.message
    return message.entry.at, message.source, message.looks_final, receipt.thread.page


KNOWN_OF_MAIL = (SENT, MessageSource.MAIL, True, PAGE)
KNOWN_OF_POST = (SENT, MessageSource.POSTED, True, PAGE)


@pytest.mark.parametrize(
    "answers",
    [
        [(MissingInfo.UNCLEAR, DraftAnswer(client="Known"))],
        [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme"))],
        [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme", title="ロゴ"))],
        [(MissingInfo.UNCLEAR, UNCERTAIN), (MissingInfo.NEW_CLIENT, DraftAnswer(client="Acme"))],
        [
            (MissingInfo.UNCLEAR, UNCERTAIN),
            (MissingInfo.NEW_CLIENT, DraftAnswer(client="Studio", client_certain=False)),
            (MissingInfo.NEW_CLIENT, DraftAnswer(client="Known")),
        ],
    ],
)
async def test_an_unclear_mail_keeps_what_it_says(
    services: Services, answers: Sequence[tuple[MissingInfo, DraftAnswer]]
) -> None:
    await receive(services, "Known")
    asked = await services.statements.record(MIKA, UNCLEAR_MAIL, now=NOW)
    assert known(await answer_all(services, asked, answers)) == KNOWN_OF_MAIL


UNCERTAIN_MAIL = ClientMessage(
    client="Acme",
    time=ParsedTime(SENT, Precision.SECOND),
    source=MessageSource.MAIL,
    source_key="mail",
    looks_final=True,
    page=PAGE,
)
LATER = ParsedTime(SENT + timedelta(minutes=30), Precision.MINUTE)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (DraftAnswer(), KNOWN_OF_MAIL),
        (DraftAnswer(time=LATER), (LATER.at, MessageSource.WRITTEN, True, PAGE)),
    ],
)
async def test_a_mail_that_may_not_be_of_lancers_keeps_what_it_says(
    services: Services, answer: DraftAnswer, expected: tuple[datetime, MessageSource, bool, str | None]
) -> None:
    """Through the questions whether its time is meant, and whether the client is a new one."""
    proposal = item_to_confirm(UNCERTAIN_MAIL)
    assert isinstance(proposal, Statement)
    asked = await services.statements.record(MIKA, proposal, now=NOW)
    answers = [(MissingInfo.MOMENT, answer), (MissingInfo.NEW_CLIENT, DraftAnswer(client="Acme"))]
    assert known(await answer_all(services, asked, answers)) == expected


async def test_a_guessed_day_for_such_a_mail_is_asked_about(services: Services) -> None:
    proposal = item_to_confirm(UNCERTAIN_MAIL)
    assert isinstance(proposal, Statement)
    asked = await services.statements.record(MIKA, proposal, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    answer = DraftAnswer(time=LATER, time_inferred=True)
    again = await services.answers.complete_draft_with_time(MIKA, asked.draft.id, answer, "11/24 12:30", now=NOW)
    assert isinstance(again, ClarificationNeeded)
    content = again.draft.content
    assert (content.missing, content.time, content.source) == (MissingInfo.MOMENT, LATER, MessageSource.WRITTEN)
    assert (content.looks_final, content.page) == (True, PAGE)


async def test_a_chosen_thread_gets_the_page_of_an_unclear_mail(services: Services) -> None:
    thread = (await receive(services, "Known")).thread
    asked = await services.statements.record(MIKA, UNCLEAR_MAIL, now=NOW)
    receipt = await answer_all(services, asked, [(MissingInfo.UNCLEAR, DraftAnswer(thread_id=thread.id))])
    assert (receipt.thread.id, known(receipt)) == (thread.id, KNOWN_OF_MAIL)


async def test_an_unclear_mail_that_ends_a_conversation_warns_of_a_late_reply(services: Services) -> None:
    asked = await services.statements.record(MIKA, UNCLEAR_MAIL, now=NOW)
    thread = (await answer_all(services, asked, [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme"))])).thread
    late = SENT + timedelta(days=2)
    reply = NewMessage(
        direction=Direction.SENT,
        client=thread.client,
        time=ParsedTime(late, Precision.SECOND),
        source=MessageSource.POSTED,
        source_key="reply",
        looks_final=True,
        page="/messages/456",
    )
    warning = await services.recording.record(MIKA, reply, now=late)
    assert isinstance(warning, ClarificationNeeded)
    assert warning.draft.content.missing is MissingInfo.LATE_REPLY_WARNING
    receipt = await services.answers.complete_draft(MIKA, warning.draft.id, DraftAnswer(), now=late)
    assert isinstance(receipt, Receipt)
    assert known(receipt) == (late, MessageSource.POSTED, True, reply.page)


@pytest.mark.parametrize("is_dated", [True, False])
async def test_a_time_in_the_answer_is_the_members_own(services: Services, *, is_dated: bool) -> None:
    time = ParsedTime(SENT + timedelta(minutes=30), Precision.MINUTE)
    mail = UnclearText(
        "mail",
        looks_final=True,
        time=UNCLEAR_MAIL.time if is_dated else None,
        source=MessageSource.MAIL,
        page=PAGE,
    )
    answers = [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme", time=time if is_dated else None))]
    if not is_dated:
        answers.append((MissingInfo.TIME, DraftAnswer(time=time)))
    receipt = await answer_all(services, await services.statements.record(MIKA, mail, now=NOW), answers)
    assert known(receipt) == (time.at, MessageSource.WRITTEN, True, PAGE)


@pytest.mark.parametrize("titles", [(), ("ロゴ", "バナー")])
async def test_a_mail_of_the_same_time_as_a_typed_line_is_another_message(
    services: Services, titles: Sequence[str]
) -> None:
    """As one that was understood at once is; also where the thread is not known yet."""
    for title in titles:
        await receive(services, "Acme", title)
    line = NewMessage(
        direction=Direction.RECEIVED,
        client="Acme",
        time=ParsedTime(SENT, Precision.MINUTE),
        source=MessageSource.WRITTEN,
        source_key="line",
    )
    typed = await services.recording.record(MIKA, line, now=NOW)
    assert isinstance(typed, Receipt)
    asked = await services.statements.record(MIKA, UNCLEAR_MAIL, now=NOW)
    receipt = await answer_all(services, asked, [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme"))])
    assert receipt.message.id != typed.message.id
    assert known(receipt) == KNOWN_OF_MAIL


async def test_an_invitation_that_a_new_client_sent_keeps_its_source(services: Services) -> None:
    invitation = Invitation(time=UNCLEAR_MAIL.time, source=MessageSource.QUOTED, source_key="invitation")
    asked = await services.recording.record_item(MIKA, invitation, Direction.RECEIVED, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    asked = await services.statements.replace_question(MIKA, asked.draft.id, MissingInfo.NEW_CLIENT, UNCERTAIN, now=NOW)
    receipt = await answer_all(services, asked, [(MissingInfo.NEW_CLIENT, DraftAnswer(client="Acme"))])
    assert known(receipt) == (SENT, MessageSource.QUOTED, False, None)


async def test_a_forwarded_reply_keeps_what_it_says(services: Services) -> None:
    """Through both questions: who was answered, and in which thread."""
    threads = [(await receive(services, "Known", title)).thread for title in ("ロゴ", "バナー")]
    asked = await services.recording.record_item(MIKA, FORWARDED_POST, Direction.SENT, now=NOW)
    answers = [
        (MissingInfo.THREAD, DraftAnswer(client="Known")),
        (MissingInfo.THREAD, DraftAnswer(thread_id=threads[1].id)),
    ]
    receipt = await answer_all(services, asked, answers)
    assert (receipt.thread.id, known(receipt)) == (threads[1].id, KNOWN_OF_POST)


async def test_a_time_that_replaces_that_of_a_forwarded_reply_is_the_members_own(services: Services) -> None:
    """Said as a line of its own, while the question is who was answered."""
    thread = (await receive(services, "Known")).thread
    await services.recording.record_item(MIKA, FORWARDED_POST, Direction.SENT, now=NOW)
    time = ParsedTime(SENT + timedelta(minutes=30), Precision.MINUTE)
    line = Statement(intent=None, intent_assumed=True, client=None, client_certain=False, time=time, source_key="line")
    asked = await services.text_answers.answer(MIKA, line, "12:30", written_at=NOW, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    receipt = await answer_all(services, asked, [(MissingInfo.THREAD, DraftAnswer(thread_id=thread.id))])
    assert known(receipt) == (time.at, MessageSource.WRITTEN, True, PAGE)


@pytest.mark.parametrize("keys", [("{}:34", "{}:34:e0a3"), ("{}:34:e0a3", "{}:34")])
async def test_an_unclear_mail_that_was_asked_about_in_two_forms_is_recorded_once(
    services: Services, keys: tuple[str, str]
) -> None:
    asked = [
        await services.statements.record(MIKA, replace(UNCLEAR_MAIL, source_key=key.format("5" * 32)), now=NOW)
        for key in keys
    ]
    answers = [(MissingInfo.UNCLEAR, DraftAnswer(client="Acme"))]
    first, second = [await answer_all(services, each, answers) for each in asked]
    assert (second.kind, second.message.id) == (ReceiptKind.REPEATED, first.message.id)


async def correct_client(services: Services, receipt: Receipt, client: str) -> Receipt:
    return await services.message_corrections.move_message(MIKA, receipt.message.id, client=client, now=NOW)


@pytest.mark.parametrize("missing", [MissingInfo.THREAD, MissingInfo.CONTRACT])
async def test_a_conversation_whose_client_was_corrected_is_no_answer(services: Services, missing: MissingInfo) -> None:
    receipt = await receive(services, "Known")
    if missing is MissingInfo.THREAD:
        asked = await services.recording.record_item(MIKA, FORWARDED_POST, Direction.SENT, now=NOW)
    else:
        asked = await services.recording.record_item(MIKA, CONTRACT_MAIL, Direction.RECEIVED, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    assert asked.draft.content.missing is missing
    thread = (await correct_client(services, receipt, "Acme")).thread
    complete = services.answers.complete_draft
    if missing is MissingInfo.CONTRACT:
        complete = services.marks.complete_contract
    with pytest.raises(NotAllowedError, match="recording-thread-gone"):
        await complete(MIKA, asked.draft.id, DraftAnswer(thread_id=receipt.thread.id), now=NOW)
    await complete(MIKA, asked.draft.id, DraftAnswer(thread_id=thread.id), now=NOW)


async def test_when_a_reply_was_sent_to_a_client_who_was_corrected_asks_who_it_was(services: Services) -> None:
    receipt = await receive(services, "Known", hours_before=30)
    line = Statement(intent=Intent.REPLIED, client="Known", client_certain=True, time=None, source_key="line")
    asked = await services.statements.record(MIKA, line, now=NOW)
    thread = (await correct_client(services, receipt, "Acme")).thread
    time = DraftAnswer(time=ParsedTime(SENT, Precision.MINUTE))
    answers = [(MissingInfo.TIME, time), (MissingInfo.THREAD, DraftAnswer(thread_id=thread.id))]
    replied = await answer_all(services, asked, answers)
    assert (replied.thread.id, replied.message.entry.at) == (thread.id, SENT)


@pytest.mark.parametrize("missing", [MissingInfo.MOMENT, MissingInfo.NOTHING_WAITS])
async def test_to_confirm_such_a_reply_asks_who_it_was(services: Services, missing: MissingInfo) -> None:
    """Nobody is meant then, not even who wrote a message that is recorded without its client."""
    receipt = await receive(services, "Known", hours_before=30)
    line = Statement(intent=Intent.REPLIED, client="Known", client_certain=True, time=None, source_key="line")
    asked = await services.statements.record(MIKA, line, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    time = DraftAnswer(time=ParsedTime(SENT, Precision.MINUTE))
    asked = await services.statements.replace_question(MIKA, asked.draft.id, missing, time, now=NOW)
    assert asked.draft.content.thread_id == receipt.thread.id
    thread = (await correct_client(services, receipt, "Acme")).thread
    unknown = ClientMessage(
        time=ParsedTime(SENT - timedelta(hours=1), Precision.SECOND), source=MessageSource.POSTED, source_key="unknown"
    )
    await services.recording.record_item(MIKA, unknown, Direction.RECEIVED, now=NOW)
    answers = [(missing, DraftAnswer()), (MissingInfo.CLIENT, DraftAnswer(thread_id=thread.id))]
    replied = await answer_all(services, asked, answers)
    assert (replied.thread.id, replied.message.entry.at) == (thread.id, SENT)


async def test_a_conversation_that_lost_its_messages_does_not_say_who_wrote(services: Services) -> None:
    known = await receive(services, "Known")
    written = await services.recording.record_item(MIKA, FORWARDED_POST, Direction.RECEIVED, now=NOW)
    assert isinstance(written, Receipt)
    asked = await services.statements.ask_who_wrote(MIKA, written.message, "Known Inc.", now=NOW)
    thread = (await correct_client(services, known, "Acme")).thread
    with pytest.raises(NotAllowedError, match="recording-thread-gone"):
        await services.answers.complete_draft(MIKA, asked.draft.id, DraftAnswer(thread_id=known.thread.id), now=NOW)
    receipt = await answer_all(services, asked, [(MissingInfo.NEW_CLIENT, DraftAnswer(thread_id=thread.id))])
    assert (receipt.message.id, receipt.thread.id) == (written.message.id, thread.id)
