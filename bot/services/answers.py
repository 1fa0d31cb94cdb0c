"""Completing drafts by a button's answer, and by a plain text that answers the bot's latest question."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import Confirmation, Intent, ParsedItem, ParsedTime, Statement
from bot.domain.names import client_key, title_key
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.parsing.line.interpretation import is_client_answer
from bot.services.history import HistoryService
from bot.services.recording import RecordingService
from bot.services.results import ClarificationNeeded, Receipt
from bot.services.statements import DraftAnswer, StatementService, is_statement_question
from storage import drafts, messages, threads, undo_log
from storage.database import Database
from storage.drafts import Draft, DraftContent, MissingInfo

ANSWER_WINDOW: Final = timedelta(minutes=30)
"""How long after a question a text may be the answer to it."""

MAX_ANSWER_LENGTH: Final = 80


class AnswerService:
    """Completes drafts. A text is an answer only where it leaves no doubt; else the question stays.

    Every method raises `InvalidInputError` or `NotAllowedError` when the answer is not possible.
    """

    def __init__(
        self, database: Database, recording: RecordingService, history: HistoryService, statements: StatementService
    ) -> None:
        self._database = database
        self._recording = recording
        self._history = history
        self._statements = statements

    async def complete(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a draft, completed with the answer, or ask the next question."""
        content = (await self._recording.draft(member_id, draft_id)).content
        if is_statement_question(content):
            return await self._statements.answer(member_id, draft_id, answer, now=now)
        return await self._recording.complete_draft(
            member_id,
            draft_id,
            time=answer.time,
            thread_id=answer.thread_id or content.thread_id,
            client=answer.client,
            title=answer.title,
            now=now,
        )

    async def answer(
        self, member_id: MemberId, item: ParsedItem, text: str, *, now: datetime
    ) -> Receipt | ClarificationNeeded | Confirmation | None:
        """Record what a text, parsed as `item`, says about the latest question; a `Confirmation` that says no drops it.

        None when it is no answer; nothing is changed then.
        """
        text = text.strip()
        if "\n" in text or len(text) > MAX_ANSWER_LENGTH:
            return None
        since = now - ANSWER_WINDOW
        asked = await drafts.newest(self._database, member_id, since)
        unassigned = await messages.newest_unassigned(self._database, member_id, since)
        if asked is not None and (unassigned is None or asked[1] >= unassigned.recorded_at):
            return await self._answer_draft(member_id, asked[0], item, text, now)
        if unassigned is not None and (client := _client(item)) is not None:
            return await self._history.move(member_id, unassigned.id, client=client, now=now)
        return None

    async def discard_question(self, member_id: MemberId, *, now: datetime) -> bool:
        """Drop the latest question, if nothing was recorded since it was asked. Returns whether there was one."""
        asked = await drafts.newest(self._database, member_id, now - ANSWER_WINDOW)
        if asked is None:
            return False
        step = await undo_log.latest(self._database, member_id)
        if step is not None and step.at >= asked[1]:
            return False
        await self._recording.discard_draft(member_id, asked[0].id)
        return True

    async def _answer_draft(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, text: str, now: datetime
    ) -> Receipt | ClarificationNeeded | Confirmation | None:
        if isinstance(item, Confirmation) and not item.confirmed:
            await self._recording.discard_draft(member_id, draft.id)
            return item
        answer = await self._draft_answer(member_id, draft.content, item, text)
        return None if answer is None else await self.complete(member_id, draft.id, answer, now=now)

    async def _draft_answer(
        self, member_id: MemberId, content: DraftContent, item: ParsedItem, text: str
    ) -> DraftAnswer | None:
        """What a text answers to the question of a draft."""
        match content.missing:
            case MissingInfo.TIME | MissingInfo.EVENT | MissingInfo.MOMENT if (time := _time(item)) is not None:
                return DraftAnswer(time=time)
            case MissingInfo.NEW_CLIENT | MissingInfo.MOMENT | MissingInfo.NOTHING_WAITS if isinstance(
                item, Confirmation
            ):
                return DraftAnswer(client=content.client if content.missing is MissingInfo.NEW_CLIENT else None)
            case MissingInfo.THREAD | MissingInfo.DISMISSED_CLIENT if (
                thread_id := await self._thread_of(member_id, content.client, text)
            ) is not None:
                return DraftAnswer(thread_id=thread_id)
            case (
                MissingInfo.START_CLOCK
                | MissingInfo.CLIENT
                | MissingInfo.UNCLEAR
                | MissingInfo.NEW_CLIENT
                | MissingInfo.DISMISSED_CLIENT
            ) if (client := _client(item)) is not None:
                return DraftAnswer(client=client)
        return None

    async def _thread_of(self, member_id: MemberId, client: str | None, title: str) -> ThreadId | None:
        """The one thread of a client with this title."""
        candidates = await threads.list_of_client(self._database, member_id, client_key(client or ""))
        named = [thread.id for thread in candidates if title_key(thread.title or "") == title_key(title)]
        return named[0] if len(named) == 1 else None


def _time(item: ParsedItem) -> ParsedTime | None:
    """The time that a text names alone; None where it is inferred, since another question is due then."""
    if not isinstance(item, Statement) or item.client is not None or item.time_inferred:
        return None
    return item.time if item.intent is Intent.RECEIVED else None


def _client(item: ParsedItem) -> str | None:
    """The client that a text names alone."""
    return item.client if isinstance(item, Statement) and is_client_answer(item) else None
