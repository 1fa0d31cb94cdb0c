"""What a question offers is read by as many statements for many threads and clients as for few."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import LANCERS_ZONE
from bot.domain.messages import Intent, MessageSource, ParsedTime, Precision, Statement
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.results import ClarificationNeeded, Receipt
from bot.settings import read_defaults
from storage.connect import open_database
from storage.drafts import MissingInfo
from tests.helpers.counted import counted_statements

MIKA = MemberId(1)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    yield Services(database, read_defaults({}), lambda: None)
    await database.close()


async def receive(services: Services, client: str, title: str | None, minutes: int) -> None:
    """Record a message that came, and was recorded, some minutes after an hour ago."""
    at = NOW + timedelta(minutes=minutes) - timedelta(hours=1)
    message = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        title=title,
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.POSTED,
        source_key=f"{client}{title}",
    )
    assert isinstance(await services.recording.record(MIKA, message, now=at), Receipt)


async def ask(services: Services, client: str, intent: Intent = Intent.REPLIED) -> tuple[ClarificationNeeded, int]:
    """A line about a client that leaves something open: the question, and how many statements it took."""
    line = Statement(intent=intent, client=client, client_certain=True, time=None, source_key=f"{client}{intent}")
    with counted_statements() as statements:
        asked = await services.statements.record(MIKA, line, now=NOW)
    assert isinstance(asked, ClarificationNeeded)
    return asked, len(statements)


@pytest.mark.parametrize("intent", [Intent.REPLIED, Intent.DISMISSED])
async def test_which_of_many_threads_of_a_client_was_meant(services: Services, intent: Intent) -> None:
    for number in range(2):
        await receive(services, "Few", f"job {number}", number)
    for number in range(20):
        await receive(services, "Many", f"job {number}", 2 + number)
    few, few_statements = await ask(services, "Few", intent)
    many, many_statements = await ask(services, "Many", intent)
    assert [thread.title for thread in few.choices] == ["job 1", "job 0"]
    assert [thread.title for thread in many.choices] == [f"job {number}" for number in range(19, -1, -1)]
    assert many_statements == few_statements


async def test_which_of_several_clients_with_such_a_name_was_meant(services: Services) -> None:
    names = ["Studio Inc.", "Studio Ltd.", "Studio LLC", "Studio Corp."]
    for place, name in enumerate(["Acme Inc.", *names, names[0]]):
        await receive(services, name, f"job {place}", place)
    one, one_statements = await ask(services, "Acme")
    several, several_statements = await ask(services, "Studio")
    assert {one.draft.content.missing, several.draft.content.missing} == {MissingInfo.NEW_CLIENT}
    assert [thread.client for thread in one.choices] == ["Acme Inc."]
    # Client by client, the last used first.
    expected = [("Studio Inc.", "job 5"), ("Studio Inc.", "job 1")]
    expected += [(names[place - 1], f"job {place}") for place in (4, 3, 2)]
    assert [(thread.client, thread.title) for thread in several.choices] == expected
    assert several_statements == one_statements
