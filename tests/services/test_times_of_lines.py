"""A line without a time is of when it was written, whatever is asked about it and whenever that is answered."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import LANCERS_ZONE, MICROSECOND, instant_to_micros
from bot.domain.messages import Intent, MessageSource, ParsedTime, Precision, Statement
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction
from bot.domain.types import DraftId, MemberId
from bot.errors import NotAllowedError
from bot.services.container import Services
from bot.services.draft_answers import DraftAnswer
from bot.services.new_messages import NewMessage
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from bot.settings import read_defaults
from storage.connect import open_database
from storage.drafts import MissingInfo

MIKA = MemberId(1)
WRITTEN = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
READ = WRITTEN + timedelta(hours=5)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    yield Services(database, read_defaults({}), lambda: None)
    await database.close()


async def receive(services: Services, client: str, at: datetime, title: str | None = None) -> None:
    """Record a message that a client posted."""
    message = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        title=title,
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.POSTED,
        source_key=f"{client}{title}{at}",
    )
    assert isinstance(await services.recording.record(MIKA, message, now=max(at, WRITTEN)), Receipt)


async def read_line(
    services: Services,
    intent: Intent | None,
    client: str | None = None,
    *,
    written_at: datetime = WRITTEN,
    now: datetime = READ,
    only_named: bool = False,
    title: str | None = None,
    time: ParsedTime | None = None,
) -> Receipt | ClarificationNeeded:
    """Record a line, without a time where none is given."""
    line = Statement(
        intent=intent,
        client=client,
        client_certain=True,
        only_named=only_named,
        title=title,
        time=time,
        written_at=written_at,
        source_key=f"{intent}{written_at}",
    )
    return await services.statements.record(MIKA, line, now=now)


async def complete(
    services: Services, asked: Receipt | ClarificationNeeded, answer: DraftAnswer, *, now: datetime = READ + MINUTE
) -> Receipt | ClarificationNeeded:
    """Answer a question."""
    assert isinstance(asked, ClarificationNeeded)
    return await services.answers.complete_draft(MIKA, asked.draft.id, answer, now=now)


def missing(outcome: Receipt | ClarificationNeeded) -> MissingInfo | None:
    return outcome.draft.content.missing if isinstance(outcome, ClarificationNeeded) else None


async def test_nothing_that_came_since_is_dismissed(services: Services) -> None:
    await receive(services, "A", WRITTEN + MINUTE)
    with pytest.raises(NotAllowedError) as refused:
        await read_line(services, Intent.DISMISSED)
    assert refused.value.message_id == "recording-nothing-waits"
    await receive(services, "B", WRITTEN)
    asked = await read_line(services, Intent.DISMISSED)
    assert isinstance(asked, ClarificationNeeded)
    assert [thread.client for thread in asked.choices] == ["B"]


@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta(), MICROSECOND])
async def test_a_reply_without_a_time_is_certain_until_the_close(services: Services, beside: timedelta) -> None:
    await receive(services, "A", WRITTEN - REPLY_WINDOW)
    outcome = await read_line(services, Intent.REPLIED, "A", written_at=WRITTEN + beside)
    assert missing(outcome) is (MissingInfo.TIME if beside > timedelta() else None)


@pytest.mark.parametrize("precision", [Precision.ABOUT, Precision.MINUTE])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta(), MICROSECOND])
async def test_about_a_time_is_uncertain_up_to_an_hour_from_the_close(
    services: Services, precision: Precision, side: int, beside: timedelta
) -> None:
    await receive(services, "A", WRITTEN - REPLY_WINDOW)
    time = ParsedTime(WRITTEN + side * (HOUR + beside), precision)
    outcome = await read_line(services, Intent.REPLIED, "A", written_at=READ, time=time)
    is_asked = precision is Precision.ABOUT and beside <= timedelta()
    assert (missing(outcome) is MissingInfo.TIME) is is_asked


@pytest.mark.parametrize(("precision", "span"), [(Precision.ABOUT, HOUR), (Precision.MINUTE, MINUTE)])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("of_newest", [False, True])
@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta()])
async def test_a_time_of_what_needs_no_reply_is_that_of_a_message_that_waits(
    services: Services, precision: Precision, span: timedelta, side: int, *, of_newest: bool, beside: timedelta
) -> None:
    oldest, newest = WRITTEN - 9 * HOUR, WRITTEN - 4 * HOUR
    for at in (oldest, newest):
        await receive(services, "A", at)
    time = ParsedTime((newest if of_newest else oldest) + side * (span + beside), precision)
    outcome = await read_line(services, Intent.DISMISSED, "A", time=time)
    assert missing(outcome) is (None if beside < timedelta() else MissingInfo.DISMISSED_CLIENT)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("beside", [-MICROSECOND, timedelta()])
async def test_a_time_of_what_needs_no_reply_is_now_within_a_minute(
    services: Services, side: int, beside: timedelta
) -> None:
    await receive(services, "A", WRITTEN - 4 * HOUR)
    time = ParsedTime(WRITTEN + side * (MINUTE + beside), Precision.MINUTE)
    outcome = await read_line(services, Intent.DISMISSED, "A", time=time)
    assert missing(outcome) is (None if beside < timedelta() else MissingInfo.DISMISSED_CLIENT)


async def test_a_job_of_the_client_that_does_not_wait_is_not_another_name_of_one_that_does(services: Services) -> None:
    await receive(services, "A", WRITTEN - HOUR, "ロゴ")
    await receive(services, "A", WRITTEN - 2 * HOUR, "バナー")
    assert isinstance(await read_line(services, Intent.REPLIED, "A", title="バナー", now=WRITTEN), Receipt)
    with pytest.raises(NotAllowedError, match="recording-nothing-waits"):
        await read_line(services, Intent.DISMISSED, "A", title="バナー")
    asked = await read_line(services, Intent.DISMISSED, "A", title="名刺")
    assert missing(asked) is MissingInfo.DISMISSED_CLIENT


async def test_what_happened_is_not_recorded_without_an_answer(services: Services) -> None:
    asked = await read_line(services, None, "A")
    assert missing(asked) is MissingInfo.EVENT
    with pytest.raises(NotAllowedError, match="button-unknown"):
        await complete(services, asked, DraftAnswer())


async def test_a_late_reply_that_was_typed_twice_is_recorded_once_after_its_questions(services: Services) -> None:
    await receive(services, "A", WRITTEN - timedelta(days=2))
    await read_line(services, Intent.DISMISSED, "A", written_at=WRITTEN - timedelta(days=1))
    lines = [
        await read_line(services, Intent.REPLIED, "A", written_at=WRITTEN + wait) for wait in (0 * MINUTE, 3 * MINUTE)
    ]
    for outcome, kind in zip(lines, (ReceiptKind.RECORDED, ReceiptKind.REPEATED), strict=True):
        assert missing(outcome) is MissingInfo.NOTHING_WAITS
        receipt = await complete(services, outcome, DraftAnswer())
        if kind is ReceiptKind.RECORDED:
            assert missing(receipt) is MissingInfo.LATE_REPLY_WARNING
            receipt = await complete(services, receipt, DraftAnswer())
        assert isinstance(receipt, Receipt)
        assert (receipt.kind, receipt.message.entry.at) == (kind, WRITTEN)


async def test_warnings_of_a_late_reply_that_was_typed_twice_record_it_once(services: Services) -> None:
    """Both were asked about before either was answered."""
    await receive(services, "A", WRITTEN - timedelta(days=2))
    await read_line(services, Intent.DISMISSED, "A", written_at=WRITTEN - timedelta(days=1))
    warnings = [
        await complete(
            services, await read_line(services, Intent.REPLIED, "A", written_at=WRITTEN + wait), DraftAnswer()
        )
        for wait in (0 * MINUTE, 3 * MINUTE)
    ]
    for warning, kind in zip(warnings, (ReceiptKind.RECORDED, ReceiptKind.REPEATED), strict=True):
        assert missing(warning) is MissingInfo.LATE_REPLY_WARNING
        receipt = await complete(services, warning, DraftAnswer())
        assert isinstance(receipt, Receipt)
        assert (receipt.kind, receipt.message.entry.at) == (kind, WRITTEN)


async def test_a_draft_that_an_earlier_version_stored_is_of_when_it_was_asked(services: Services) -> None:
    """Through any number of further questions."""
    for title in ("ロゴ", "バナー"):
        await receive(services, "A", WRITTEN - timedelta(hours=1), title)
    await read_line(services, Intent.REPLIED, now=WRITTEN + MINUTE)
    async with services.database.write() as transaction:
        await transaction.fetch("UPDATE drafts SET written_at = NULL")
    [[draft_id]] = await services.database.fetch("SELECT draft_id FROM drafts")
    asked = await services.answers.complete_draft(MIKA, DraftId(draft_id), DraftAnswer(client="A"), now=READ)
    assert isinstance(asked, ClarificationNeeded)
    assert missing(asked) is MissingInfo.THREAD
    receipt = await complete(services, asked, DraftAnswer(thread_id=asked.choices[0].id))
    assert isinstance(receipt, Receipt)
    assert receipt.message.entry.at == WRITTEN + MINUTE


async def test_now_as_the_answer_is_another_reply_than_the_one_typed_minutes_ago(services: Services) -> None:
    """Of what was typed after the line too: the answer is of when it was given, and so is not that reply again."""
    await receive(services, "A", WRITTEN - timedelta(days=1, minutes=30))
    asked = await read_line(services, Intent.REPLIED, "A")
    assert missing(asked) is MissingInfo.TIME
    typed = NewMessage(
        direction=Direction.SENT,
        client="A",
        time=ParsedTime(READ - 5 * MINUTE, Precision.MINUTE),
        source=MessageSource.WRITTEN,
        source_key="typed",
    )
    assert isinstance(await services.recording.record(MIKA, typed, now=READ), Receipt)
    now = READ + 2 * MINUTE
    receipt = await complete(services, asked, DraftAnswer(time=ParsedTime(now, Precision.MINUTE)), now=now)
    assert isinstance(receipt, Receipt)
    assert (receipt.kind, receipt.message.entry.at) == (ReceiptKind.RECORDED, now)


DUE_SOON = WRITTEN + timedelta(minutes=30)
"""A deadline after what was written then, and before it was read."""
ANSWERS = [
    # when a text was written that says an approximate time; whether the reply could have been late
    (WRITTEN + 5 * MINUTE, False),
    (READ, True),
]


def about(at: datetime, written_at: datetime, *, inferred: bool = False) -> DraftAnswer:
    return DraftAnswer(time=ParsedTime(at, Precision.ABOUT), time_inferred=inferred, written_at=written_at)


@pytest.mark.parametrize(("answered_at", "asked_when"), ANSWERS)
@pytest.mark.parametrize("inferred", [False, True])
async def test_an_approximate_time_is_compared_with_the_deadline_as_of_when_it_was_said(
    services: Services, answered_at: datetime, *, asked_when: bool, inferred: bool
) -> None:
    """Neither when the line was written that only named a reply, nor when the answer was read."""
    await receive(services, "A", DUE_SOON - timedelta(days=1))
    event = await read_line(services, Intent.REPLIED, "A", only_named=True)
    assert isinstance(event, ClarificationNeeded)
    assert missing(event) is MissingInfo.EVENT
    outcome = await services.answers.complete_draft_with_time(
        MIKA, event.draft.id, about(WRITTEN, answered_at, inferred=inferred), "11/24 12時頃", now=READ + MINUTE
    )
    if inferred:
        assert outcome is not None
        assert missing(outcome) is MissingInfo.MOMENT
        outcome = await complete(services, outcome, DraftAnswer(), now=READ + 2 * MINUTE)
    assert isinstance(outcome, ClarificationNeeded if asked_when else Receipt)


@pytest.mark.parametrize(("answered_at", "asked_when"), ANSWERS)
async def test_a_time_that_answers_who_was_answered_is_of_when_it_was_said(
    services: Services, answered_at: datetime, *, asked_when: bool
) -> None:
    await receive(services, "A", DUE_SOON - timedelta(days=1))
    assert missing(await read_line(services, Intent.REPLIED)) is MissingInfo.CLIENT
    time = Statement(
        intent=Intent.RECEIVED,
        intent_assumed=True,
        client=None,
        client_certain=False,
        time=ParsedTime(WRITTEN, Precision.ABOUT),
        source_key="time",
    )
    who = await services.text_answers.answer(MIKA, time, "12時頃", written_at=answered_at, now=READ + MINUTE)
    assert isinstance(who, ClarificationNeeded)
    outcome = await complete(services, who, DraftAnswer(client="A"), now=READ + 2 * MINUTE)
    assert isinstance(outcome, ClarificationNeeded if asked_when else Receipt)


@pytest.mark.parametrize(
    ("answered_at", "kind"), [(WRITTEN + 8 * MINUTE, ReceiptKind.REPEATED), (READ, ReceiptKind.RECORDED)]
)
async def test_a_time_that_answers_when_may_be_of_a_reply_that_was_typed_before_it(
    services: Services, answered_at: datetime, kind: ReceiptKind
) -> None:
    """Of one that had not been read yet when the answer was written: nobody had said that it is recorded."""
    await receive(services, "A", WRITTEN - timedelta(days=1, minutes=30))
    asked = await read_line(services, Intent.REPLIED, "A")
    typed = NewMessage(
        direction=Direction.SENT,
        client="A",
        time=ParsedTime(WRITTEN + 5 * MINUTE, Precision.MINUTE),
        source=MessageSource.WRITTEN,
        source_key="typed",
    )
    assert isinstance(await services.recording.record(MIKA, typed, now=READ), Receipt)
    time = ParsedTime(WRITTEN + 8 * MINUTE, Precision.MINUTE)
    receipt = await complete(services, asked, DraftAnswer(time=time, written_at=answered_at))
    assert isinstance(receipt, Receipt)
    assert receipt.kind is kind


async def test_a_dismissal_that_names_a_client_offers_what_had_come_by_then(services: Services) -> None:
    for title, at in (("ロゴ", WRITTEN - MINUTE), ("バナー", WRITTEN), ("サイト", WRITTEN + MINUTE)):
        await receive(services, "A", at, title)
    asked = await read_line(services, Intent.DISMISSED, "A")
    assert isinstance(asked, ClarificationNeeded)
    assert {thread.title for thread in asked.choices} == {"ロゴ", "バナー"}


async def test_a_draft_keeps_when_its_line_was_written(services: Services) -> None:
    await read_line(services, Intent.REPLIED)
    [[written_at, drafted_at]] = await services.database.fetch("SELECT written_at, drafted_at FROM drafts")
    assert (written_at, drafted_at) == (instant_to_micros(WRITTEN), instant_to_micros(READ))
