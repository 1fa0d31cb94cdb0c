"""A plain text as the answer to the bot's latest question, or to the card to which it is a reply."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import Confirmation, Intent, MessageSource, ParsedItem, Statement
from bot.domain.names import client_key, title_key
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, ThreadId
from bot.parsing.line.interpretation import is_client_answer
from bot.services.answer_parsing import (
    answered_client,
    answered_day,
    answered_event,
    answered_name,
    answered_time,
    is_line_with_name,
    is_name_in_question,
    is_same_client,
    is_time_of_reply,
    question_meant_by_text,
)
from bot.services.answers import TIME_QUESTIONS, AnswerService
from bot.services.draft_answers import DraftAnswer
from bot.services.message_corrections import MessageCorrectionService
from bot.services.questions import list_waiting_thread_choices
from bot.services.recording import RecordingService
from bot.services.results import BadgeNoted, ClarificationNeeded, Receipt
from bot.services.statements import StatementService, is_statement_question
from storage import cards, drafts, messages, threads, undo_log
from storage.cards import StoredCard
from storage.database import Database
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.messages import Message

ANSWER_WINDOW: Final = timedelta(minutes=30)
"""How long after a question a text may be the answer to it."""

MAX_ANSWER_LENGTH: Final = 80

_BEHIND_TITLE: Final = re.compile(r"(?:の(?:件|方|ほう))?(?:です)?$")
"""What people say behind a job's title: ロゴの件です."""

_CLIENT_QUESTIONS: Final = frozenset(
    {
        MissingInfo.START_CLOCK,
        MissingInfo.CLIENT,
        MissingInfo.UNCLEAR,
        MissingInfo.NEW_CLIENT,
        MissingInfo.DISMISSED_CLIENT,
    }
)
"""Questions that a client's name answers."""
_ANY_NAME_QUESTIONS: Final = frozenset({MissingInfo.START_CLOCK, MissingInfo.CLIENT, MissingInfo.UNCLEAR})
"""Those that also a new name which could be another word answers: whether it is a name is asked next."""

Answered = Receipt | ClarificationNeeded | BadgeNoted | Confirmation


def _may_be_answer(text: str) -> bool:
    """Whether a text is short enough to be an answer, and one line."""
    text = text.strip()
    return "\n" not in text and len(text) <= MAX_ANSWER_LENGTH


class TextAnswerService:
    """Finds what a text answers. It is an answer only where it leaves no doubt; else the question stays.

    Every method raises `InvalidInputError` or `NotAllowedError` when the answer is not possible.
    """

    def __init__(
        self,
        database: Database,
        recording: RecordingService,
        message_corrections: MessageCorrectionService,
        statements: StatementService,
        answers: AnswerService,
    ) -> None:
        self._database = database
        self._recording = recording
        self._message_corrections = message_corrections
        self._statements = statements
        self._answers = answers

    async def answer(
        self,
        member_id: MemberId,
        item: ParsedItem,
        text: str,
        *,
        replied_to: int | None = None,
        written_at: datetime,
        now: datetime,
    ) -> Answered | None:
        """Record what a text, parsed as `item`, says about the latest question; a `Confirmation` that says no drops it.

        `replied_to`: Discord's id of the message to which it is a reply: it is about what that card shows alone. To a
        message that is no stored card, it answers nothing.
        None when it is no answer; nothing is changed then.
        """
        text = text.strip()
        if not _may_be_answer(text):
            return None
        if replied_to is not None:
            return await self._answer_card(member_id, replied_to, item, text, written_at=written_at, now=now)
        since = now - ANSWER_WINDOW
        asked = await drafts.list_last_saved_drafts(self._database, member_id, since)
        unassigned = await messages.find_last_recorded_unassigned_message(self._database, member_id, since)
        if asked and (unassigned is None or asked[0].asked_at >= unassigned.recorded_at):
            step = await self._database.query(undo_log.latest_step_query(member_id))
            draft = question_meant_by_text(asked, item)
            is_out_of_sight = step is not None and step.at > asked[0].asked_at
            if (
                draft is None
                or (is_out_of_sight and not is_name_in_question(draft.content, item))
                or await self._may_answer_earlier_question(member_id, draft, item, since)
            ):
                return None
            return await self._answer_question(member_id, draft, item, text, written_at=written_at, now=now)
        if unassigned is not None and not is_line_with_name(item):
            return await self._assign_last_message(member_id, unassigned, item, text, now)
        return None

    async def _may_answer_earlier_question(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, since: datetime
    ) -> bool:
        """Whether a text could as well answer a question from before the one about a name that nobody knows.

        That name may have been no name, but a slip in the answer that the text corrects: 「9じ」, then 「9時」.
        """
        asks_about_name = draft.content.missing in {MissingInfo.EVENT, MissingInfo.NEW_CLIENT}
        if not asks_about_name or not isinstance(item, Statement) or is_name_in_question(draft.content, item):
            return False
        if await threads.list_threads_of_client(self._database, member_id, client_key(draft.content.client or "")):
            return False
        earlier = await drafts.list_last_saved_drafts(self._database, member_id, since, before=draft.asked_at)
        answerable = TIME_QUESTIONS if item.client is None else _CLIENT_QUESTIONS
        return any(question.content.missing in answerable for question in earlier)

    async def _answer_card(
        self,
        member_id: MemberId,
        replied_to: int,
        item: ParsedItem,
        text: str,
        *,
        written_at: datetime,
        now: datetime,
    ) -> Answered | None:
        """Record what a reply to a card says: the answer to its question, or what happened to the client on it."""
        card, draft = await self._find_card_with_question(member_id, replied_to)
        if draft is not None:
            return await self._answer_question(member_id, draft, item, text, written_at=written_at, now=now)
        if card is None or not isinstance(item, Statement) or is_line_with_name(item):
            return None
        ids = [shown.message_id for shown in card.content.items]
        async with self._database.read() as transaction:
            recorded = await messages.find_messages(transaction, member_id, ids)
        if len({message.thread_id for message in recorded}) != 1:
            return None
        newest = max(recorded, key=lambda message: message.entry.at)
        message, thread = await self._message_corrections.get_message_and_thread(member_id, newest.id)
        if item.client is None and item.intent in {Intent.REPLIED, Intent.DISMISSED}:
            said = replace(item, client=thread.client, client_certain=True)
            names_other_job = title_key(item.title or "") not in {"", title_key(thread.title or "")}
            return await self._statements.record(member_id, said, about=None if names_other_job else message, now=now)
        if thread.unassigned:
            return await self._assign_last_message(member_id, message, item, text, now)
        return None

    async def _find_card_with_question(
        self, member_id: MemberId, discord_message_id: int
    ) -> tuple[StoredCard | None, Draft | None]:
        """A stored card, and the draft about which it asks; None for each that is not there any more."""
        card = await self._database.query(cards.card_query(member_id, discord_message_id))
        draft_id = card.content.draft_id if card is not None else None
        return card, await drafts.find_draft(self._database, member_id, draft_id) if draft_id else None

    async def _answer_question(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, text: str, *, written_at: datetime, now: datetime
    ) -> Answered | None:
        if isinstance(item, Confirmation):
            return await self._answer_confirmation(member_id, draft, item, written_at=written_at, now=now)
        return await self._answer_draft(member_id, draft, item, text, written_at=written_at, now=now)

    async def drop_assumed_intents(
        self, member_id: MemberId, items: Sequence[ParsedItem], *, now: datetime
    ) -> Sequence[ParsedItem]:
        """The items of one text; while it is asked to whom a reply went, without what they assume to have happened."""
        if not await self._is_asked_who_was_answered(member_id, now):
            return items
        return [
            replace(item, intent=None, intent_assumed=False)
            if isinstance(item, Statement) and item.intent_assumed
            else item
            for item in items
        ]

    async def complete_further_names(
        self, member_id: MemberId, items: Sequence[ParsedItem], text: str, *, now: datetime
    ) -> Sequence[ParsedItem]:
        """The items of one text; where all are names and the question is who, the further ones as whole statements.

        They happened when the question says: 9:00, then 田中さんと高橋さん, are two messages of 9:00. The first name
        answers the question.
        """
        names = [name for item in items if (name := answered_name(item)) and name.client_certain]
        if len(names) < len(items) or not _may_be_answer(text):
            return items
        asked = await self._list_questions_in_sight(member_id, now)
        if (
            len(asked) != 1
            or asked[0].content.missing is not MissingInfo.CLIENT
            or asked[0].content.source is not MessageSource.WRITTEN
        ):
            return items
        content = asked[0].content
        said = [
            replace(
                name,
                intent=Intent.REPLIED if content.direction is Direction.SENT else Intent.RECEIVED,
                time=content.time,
                day=content.day,
                from_hour=content.from_hour,
                written_at=content.written_at,
            )
            for name in names[1:]
        ]
        return [names[0], *said]

    async def _is_asked_who_was_answered(self, member_id: MemberId, now: datetime) -> bool:
        """Whether the latest question is to whom a reply went, if nothing was recorded since it was asked."""
        return any(
            draft.content.missing is MissingInfo.CLIENT and draft.content.direction is Direction.SENT
            for draft in await self._list_questions_in_sight(member_id, now)
        )

    async def _list_questions_in_sight(self, member_id: MemberId, now: datetime) -> Sequence[Draft]:
        """The questions that were asked last, all at one instant; empty if something was recorded since."""
        asked = await drafts.list_last_saved_drafts(self._database, member_id, now - ANSWER_WINDOW)
        step = await self._database.query(undo_log.latest_step_query(member_id))
        return () if asked and step is not None and step.at > asked[0].asked_at else asked

    async def discard_question(self, member_id: MemberId, *, replied_to: int | None = None, now: datetime) -> bool:
        """Drop the latest question, if nothing was recorded since it was asked. Returns whether there was one.

        `replied_to`: as in `answer`; only the question of that card is dropped.
        """
        if replied_to is not None:
            _, draft = await self._find_card_with_question(member_id, replied_to)
            if draft is not None:
                await self._recording.discard_draft(member_id, draft.id, now=now)
            return draft is not None
        asked = await drafts.list_last_saved_drafts(self._database, member_id, now - ANSWER_WINDOW)
        if not asked:
            return False
        step = await self._database.query(undo_log.latest_step_query(member_id))
        if step is not None and step.at >= asked[0].asked_at:
            return False
        await self._recording.discard_draft(member_id, asked[0].id, now=now)
        return True

    async def _assign_last_message(
        self, member_id: MemberId, unassigned: Message, item: ParsedItem, text: str, now: datetime
    ) -> Answered | None:
        """Who wrote the message that was recorded last, or in which thread."""
        _, thread = await self._message_corrections.get_message_and_thread(member_id, unassigned.id)
        if thread.client is not None:
            thread_id = await self._thread_named_by_text(member_id, thread.client, item, text)
            if thread_id is None:
                return None
            return await self._message_corrections.move_message(member_id, unassigned.id, thread_id=thread_id, now=now)
        if (name := answered_name(item)) is None:
            return None
        if not is_client_answer(name):
            return await self._statements.ask_who_wrote(member_id, unassigned, name.client or "", now=now)
        return await self._message_corrections.move_message(
            member_id, unassigned.id, client=name.client, title=name.title, now=now
        )

    async def _answer_draft(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, text: str, *, written_at: datetime, now: datetime
    ) -> Answered | None:
        missing = draft.content.missing
        if isinstance(item, Statement) and is_time_of_reply(draft.content, item):
            is_doubtful = item.client is not None or item.time_inferred
            return await self._statements.replace_question(
                member_id,
                draft.id,
                MissingInfo.MOMENT if is_doubtful else missing,
                DraftAnswer(client=item.client, title=item.title, time=item.time, written_at=written_at),
                now=now,
            )
        if is_line_with_name(item):
            return None
        if (asked := await self._answer_in_part(member_id, draft, item, now=now)) is not None:
            return asked
        answer = await self._parse_draft_answer(member_id, draft.content, item, text)
        if answer is None:
            return None
        if answer.client is not None and not answer.client_certain and not is_statement_question(draft.content):
            return await self._statements.replace_question(member_id, draft.id, MissingInfo.NEW_CLIENT, answer, now=now)
        answer = replace(answer, written_at=written_at)
        return await self._answers.complete_draft_with_time(member_id, draft.id, answer, text, now=now)

    async def _answer_in_part(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, *, now: datetime
    ) -> Answered | None:
        """What the question leaves to ask where a text says the day alone, or who it is beside a proposed moment."""
        missing, proposed = draft.content.missing, draft.content.time
        if (named := answered_day(item)) is not None:
            if missing is MissingInfo.MOMENT and proposed is not None:
                return await self._answers.move_proposed_time(member_id, draft, proposed, named, now=now)
            if missing in {MissingInfo.TIME, MissingInfo.EVENT}:
                return await self._statements.replace_question(member_id, draft.id, missing, day=named, now=now)
        if missing is MissingInfo.MOMENT and draft.content.client is None:
            name = answered_client(item)
            if name is not None and name.client_certain:
                return await self._statements.replace_question(member_id, draft.id, missing, name, now=now)
        return None

    async def _answer_confirmation(
        self, member_id: MemberId, draft: Draft, confirmation: Confirmation, *, written_at: datetime, now: datetime
    ) -> Answered | None:
        """Yes or no; a yes is followed by the question what it leaves open."""
        missing = draft.content.missing
        if not confirmation.confirmed:
            await self._recording.discard_draft(member_id, draft.id, now=now)
            return confirmation
        match missing:
            case MissingInfo.BADGE:
                return await self._answers.confirm_badge(member_id, draft, now=now)
            case MissingInfo.EVENT if draft.content.direction is Direction.SENT:
                answer = DraftAnswer(intent=Intent.REPLIED, written_at=written_at)
            case MissingInfo.EVENT | MissingInfo.START_CLOCK:
                next_question = MissingInfo.TIME if missing is MissingInfo.EVENT else MissingInfo.CLIENT
                return await self._statements.replace_question(member_id, draft.id, next_question, now=now)
            case MissingInfo.NEW_CLIENT:
                answer = DraftAnswer(client=draft.content.client)
            case MissingInfo.MOMENT | MissingInfo.NOTHING_WAITS | MissingInfo.LATE_REPLY_WARNING:
                answer = DraftAnswer()
            case _:
                return None
        return await self._answers.complete_draft(member_id, draft.id, answer, now=now)

    async def _parse_draft_answer(
        self, member_id: MemberId, content: DraftContent, item: ParsedItem, text: str
    ) -> DraftAnswer | None:
        """What a text answers to the question of a draft."""
        missing, client = content.missing, content.client
        if missing is MissingInfo.EVENT:
            return answered_event(item, content.direction)
        if missing in {MissingInfo.TIME, MissingInfo.MOMENT}:
            return answered_time(item, content.direction)
        if missing in {MissingInfo.THREAD, MissingInfo.DISMISSED_CLIENT}:
            thread_id = await self._thread_named_by_text(member_id, client, item, text)
            if thread_id is not None:
                return DraftAnswer(thread_id=thread_id)
        if missing is MissingInfo.NOTHING_WAITS:
            return await self._answered_waiting_client(member_id, item)
        if missing in _CLIENT_QUESTIONS or (missing is MissingInfo.THREAD and client is None):
            answer = answered_client(item)
            if answer is not None and missing is MissingInfo.NEW_CLIENT and is_same_client(answer.client, client):
                answer = replace(answer, client_certain=True)
            return answer if answer is None or answer.client_certain or missing in _ANY_NAME_QUESTIONS else None
        return None

    async def _answered_waiting_client(self, member_id: MemberId, item: ParsedItem) -> DraftAnswer | None:
        """A client who waits for a reply, named alone."""
        if (answer := answered_client(item)) is None:
            return None
        async with self._database.read() as transaction:
            waiting = await list_waiting_thread_choices(transaction, member_id, answer.client or "", answer.title)
        return replace(answer, client_certain=True) if waiting else None

    async def _thread_named_by_text(
        self, member_id: MemberId, client: str | None, item: ParsedItem, text: str
    ) -> ThreadId | None:
        """The one thread that a text names by its title (ロゴ, ロゴの件), or as "client「title」"."""
        title = text
        if isinstance(item, Statement) and item.client is not None and item.title is not None:
            client, title = item.client, item.title
        candidates = await threads.list_threads_of_client(self._database, member_id, client_key(client or ""))
        keys = {title_key(title), title_key(_BEHIND_TITLE.sub("", title))} - {""}
        named = [thread.id for thread in candidates if title_key(thread.title or "") in keys]
        return named[0] if len(named) == 1 else None
