"""Completing drafts by an answer: that of a button, or what a text answers."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.messages import Intent, MessageSource, ParsedTime, Statement
from bot.domain.names import client_key
from bot.domain.reply.reply_rate import RateRule
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import text_leaves_half_of_day_open, text_names_day, text_passes_midnight
from bot.services.draft_answers import DraftAnswer, get_draft
from bot.services.message_corrections import MessageCorrectionService
from bot.services.preference_changes import PreferenceChanges, PreferenceService
from bot.services.questions import load_question
from bot.services.recording import RecordingService
from bot.services.results import BadgeNoted, ClarificationNeeded, Receipt
from bot.services.statements import StatementService, is_statement_question
from storage import messages, threads
from storage.database import Database
from storage.drafts import Draft, MissingInfo
from storage.members import Badge

TIME_QUESTIONS: Final = frozenset({MissingInfo.EVENT, MissingInfo.TIME, MissingInfo.MOMENT})
"""Questions that a time answers, with or without what happened."""


class AnswerService:
    """Completes drafts.

    Every method raises `InvalidInputError` or `NotAllowedError` when the answer is not possible.
    """

    def __init__(
        self,
        database: Database,
        recording: RecordingService,
        message_corrections: MessageCorrectionService,
        statements: StatementService,
        preferences: PreferenceService,
    ) -> None:
        self._database = database
        self._recording = recording
        self._message_corrections = message_corrections
        self._statements = statements
        self._preferences = preferences

    async def get_question(
        self, member_id: MemberId, draft_id: DraftId, *, rule: RateRule, now: datetime
    ) -> ClarificationNeeded:
        """The question of a draft that was not answered yet; `rule` judges the reply rate."""
        async with self._database.read() as transaction:
            draft = await get_draft(transaction, member_id, draft_id)
            return await load_question(transaction, member_id, draft, rule=rule, now=now)

    async def complete_draft(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a draft, completed with the answer, or ask the next question."""
        content = (await self._recording.get_draft(member_id, draft_id)).content
        if content.missing is MissingInfo.NEW_CLIENT and content.thread_id is not None:
            answer = replace(answer, title=answer.title or content.title)
            return await self._assign_named_client(member_id, draft_id, content.thread_id, answer, now)
        if is_statement_question(content):
            return await self._statements.answer(member_id, draft_id, answer, now=now)
        if content.missing is MissingInfo.CLIENT and answer.client is not None and not answer.client_certain:
            key = client_key(answer.client)
            if key and not await threads.list_threads_of_client(self._database, member_id, key):
                question = MissingInfo.NEW_CLIENT
                return await self._statements.replace_question(member_id, draft_id, question, answer, now=now)
        return await self._recording.complete_draft(member_id, draft_id, answer, now=now)

    async def complete_draft_with_time(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, text: str, *, now: datetime
    ) -> Receipt | ClarificationNeeded | None:
        """As `complete_draft`, with a time that the text names; one whose day was guessed is asked about.

        Where the line or the question named a day, a time of day is asked about on that day: 昨日 and 8時 are 8:00 of
        yesterday, or 20:00 where the line said 夜. None where a guess cannot be asked about: the question stays.
        """
        content = (await self._recording.get_draft(member_id, draft_id)).content
        is_day_known = content.day is not None or content.missing is MissingInfo.MOMENT
        is_on_day = is_day_known and not text_names_day(text)
        if answer.time is not None and answer.intent is not Intent.DISMISSED and (is_on_day or answer.time_inferred):
            is_typed_or_proposed = content.source is MessageSource.WRITTEN or content.missing is MissingInfo.MOMENT
            if not is_on_day and not (content.missing in TIME_QUESTIONS and is_typed_or_proposed):
                return None
            direction = Direction.SENT if answer.intent is Intent.REPLIED else content.direction
            asked = await self._statements.ask_time_of_day(
                member_id,
                draft_id,
                answer.time,
                direction,
                days_after_draft=int(text_passes_midnight(text)) if is_on_day else None,
                may_be_afternoon=text_leaves_half_of_day_open(text),
                written_at=answer.written_at,
                now=now,
            )
            if asked is not None:
                return asked
        return await self.complete_draft(member_id, draft_id, answer, now=now)

    async def move_proposed_time(
        self, member_id: MemberId, draft: Draft, proposed: ParsedTime, named: Statement, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Ask about a proposed time on another day, which `named` says; the day of the proposal itself confirms it."""
        asked = await self._statements.ask_time_of_day(
            member_id,
            draft.id,
            proposed,
            draft.content.direction,
            days_after_draft=0,
            day=named,
            may_be_afternoon=True,
            written_at=draft.content.written_at,
            now=now,
        )
        return asked or await self.complete_draft(member_id, draft.id, DraftAnswer(), now=now)

    async def _assign_named_client(
        self, member_id: MemberId, draft_id: DraftId, thread_id: ThreadId, answer: DraftAnswer, now: datetime
    ) -> Receipt:
        """Assign the messages of an unassigned thread, for which the draft asked."""
        unassigned = await self._database.query(messages.thread_messages_query(member_id, thread_id))
        if not unassigned:
            raise NotAllowedError("recording-draft-gone")
        receipt = await self._message_corrections.move_message(
            member_id,
            unassigned[-1].id,
            thread_id=answer.thread_id,
            client=answer.client,
            title=answer.title,
            now=now,
        )
        await self._recording.discard_draft(member_id, draft_id, now=now)
        return receipt

    async def confirm_badge(self, member_id: MemberId, draft: Draft, *, now: datetime) -> BadgeNoted:
        """Note that the member holds the badge since the mail that the draft was made of."""
        time = draft.content.time
        changes = PreferenceChanges(badge=Badge.HELD, badge_since=time.at if time else None)
        await self._preferences.apply_changes(member_id, changes, now=now)
        await self._recording.discard_draft(member_id, draft.id, now=now)
        return BadgeNoted()
