"""A plain text as the answer to the bot's latest question: when, who, which thread."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.domain.messages import ParsedTime
from bot.domain.names import clean_name, client_key, title_key
from bot.domain.text import fold
from bot.domain.types import MemberId, ThreadId
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time
from bot.services.history import HistoryService
from bot.services.recording import RecordingService
from bot.services.results import ClarificationNeeded, Receipt
from bot.services.statements import Answer, StatementService
from storage import drafts, messages, threads
from storage.database import Database
from storage.drafts import Draft, DraftContent, MissingInfo

ANSWER_WINDOW: Final = timedelta(minutes=30)
"""How long after a question a text may be the answer to it."""

MAX_ANSWER_LENGTH: Final = 80

_NAME_ENDING_RE: Final = re.compile(
    r"(?:様|さま|さん|氏|殿|御中|先生|会社[^\s。、！？]{0,10}|社|店|事務所|inc\.?|ltd\.?|llc|co\.?)$", re.IGNORECASE
)
"""What tells a name from any other short text."""

_YES: Final = re.compile(r"(?:はい|うん|そう(?:です)?|ok|yes|yep|sure)[。.!]?")
_HONORIFIC_RE: Final = re.compile(r"\s*(?:様|さま|さん|氏|殿|御中)$")


class AnswerService:
    """Understands only what leaves no doubt; for anything else the question stays."""

    def __init__(
        self, database: Database, recording: RecordingService, history: HistoryService, statements: StatementService
    ) -> None:
        self._database = database
        self._recording = recording
        self._history = history
        self._statements = statements

    async def answer(
        self, member_id: MemberId, text: str, *, now: datetime, zone: tzinfo
    ) -> Receipt | ClarificationNeeded | None:
        """Record what a text says about the latest question. None when it is no answer to it; nothing is changed then.

        Raises `InvalidInputError` or `NotAllowedError` when the answer is not possible.
        """
        text = text.strip()
        if not text or "\n" in text or len(text) > MAX_ANSWER_LENGTH:
            return None
        since = now - ANSWER_WINDOW
        asked = await drafts.newest(self._database, member_id, since)
        unassigned = await messages.newest_unassigned(self._database, member_id, since)
        if asked is not None and (unassigned is None or asked[1] >= unassigned.recorded_at):
            return await self._complete(member_id, asked[0], text, now, zone)
        if unassigned is not None and (client := await self._client_name(member_id, text)) is not None:
            return await self._history.move(member_id, unassigned.id, client=client, now=now)
        return None

    async def _complete(
        self, member_id: MemberId, draft: Draft, text: str, now: datetime, zone: tzinfo
    ) -> Receipt | ClarificationNeeded | None:
        content, draft_id = draft.content, draft.id
        match content.missing:
            case MissingInfo.TIME if (time := _time(text, now, zone)) is not None:
                return await self._recording.complete_draft(
                    member_id, draft_id, time=time, thread_id=content.thread_id, now=now
                )
            case MissingInfo.START_CLOCK if (client := await self._client_name(member_id, text)) is not None:
                return await self._recording.complete_draft(member_id, draft_id, client=client, now=now)
            case MissingInfo.THREAD if (
                thread_id := await self._thread_of(member_id, content.client, text)
            ) is not None:
                return await self._recording.complete_draft(member_id, draft_id, thread_id=thread_id, now=now)
        if (answer := await self._statement_answer(member_id, content, text, now, zone)) is not None:
            return await self._statements.answer(member_id, draft_id, answer, now=now)
        return None

    async def _statement_answer(
        self, member_id: MemberId, content: DraftContent, text: str, now: datetime, zone: tzinfo
    ) -> Answer | None:
        """The answer to a question about a typed line."""
        match content.missing:
            case MissingInfo.EVENT | MissingInfo.MOMENT if (time := _time(text, now, zone)) is not None:
                return Answer(time=time)
            case MissingInfo.NEW_CLIENT | MissingInfo.MOMENT | MissingInfo.NOTHING_WAITS if _YES.fullmatch(fold(text)):
                return Answer(client=content.client if content.missing is MissingInfo.NEW_CLIENT else None)
            case MissingInfo.DISMISSED_CLIENT if (
                thread_id := await self._thread_of(member_id, content.client, text)
            ) is not None:
                return Answer(thread_id=thread_id)
            case MissingInfo.CLIENT | MissingInfo.UNCLEAR | MissingInfo.NEW_CLIENT | MissingInfo.DISMISSED_CLIENT if (
                client := await self._client_name(member_id, text)
            ) is not None:
                return Answer(client=client)
        return None

    async def _thread_of(self, member_id: MemberId, client: str | None, title: str) -> ThreadId | None:
        """The one thread of a client with this title."""
        async with self._database.read() as transaction:
            candidates = await threads.list_of_client(transaction, member_id, client_key(client or ""))
        named = [thread.id for thread in candidates if title_key(thread.title or "") == title_key(title)]
        return named[0] if len(named) == 1 else None

    async def _client_name(self, member_id: MemberId, text: str) -> str | None:
        """The client that a text names: one that is known, or one that is written as a name."""
        name = clean_name(_HONORIFIC_RE.sub("", text))
        async with self._database.read() as transaction:
            known = bool(client_key(name)) and await threads.list_of_client(transaction, member_id, client_key(name))
        return name if name and (known or _NAME_ENDING_RE.search(text)) else None


def _time(text: str, now: datetime, zone: tzinfo) -> ParsedTime | None:
    try:
        return parse_time(text, now=now, zone=zone)
    except TimeParseError:
        return None
