"""Completing drafts by a button's answer, and by a plain text that answers the bot's latest question."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import Confirmation, Intent, MessageSource, ParsedItem, Statement
from bot.domain.names import client_key, title_key
from bot.domain.reply.reply_rate import RateRule
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.line.interpretation import is_client_answer
from bot.parsing.times.resolver import text_names_day, text_passes_midnight
from bot.services.draft_answers import DraftAnswer, get_draft
from bot.services.message_corrections import MessageCorrectionService
from bot.services.preference_changes import PreferenceChanges, PreferenceService
from bot.services.questions import list_waiting_thread_choices, load_question
from bot.services.recording import RecordingService
from bot.services.results import BadgeNoted, ClarificationNeeded, Receipt
from bot.services.statements import StatementService, is_statement_question
from storage import cards, drafts, messages, threads, undo_log
from storage.cards import CardContent
from storage.database import Database
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.members import Badge
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
_TIME_QUESTIONS: Final = frozenset({MissingInfo.EVENT, MissingInfo.TIME, MissingInfo.MOMENT})
"""Questions that a time answers, with or without what happened."""
_REPLY_QUESTIONS: Final = frozenset(
    {MissingInfo.CLIENT, MissingInfo.NEW_CLIENT, MissingInfo.NOTHING_WAITS, MissingInfo.THREAD}
)
"""Questions about a reply that are not when it was sent."""
_ANY_NAME_QUESTIONS: Final = frozenset({MissingInfo.START_CLOCK, MissingInfo.CLIENT, MissingInfo.UNCLEAR})
"""Those that also a new name which could be another word answers: whether it is a name is asked next."""

Answered = Receipt | ClarificationNeeded | BadgeNoted | Confirmation


class AnswerService:
    """Completes drafts. A text is an answer only where it leaves no doubt; else the question stays.

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
            if not is_on_day and not (content.missing in _TIME_QUESTIONS and is_typed_or_proposed):
                return None
            direction = Direction.SENT if answer.intent is Intent.REPLIED else content.direction
            asked = await self._statements.ask_time_of_day(
                member_id,
                draft_id,
                answer.time,
                direction,
                days_after_draft=int(text_passes_midnight(text)) if is_on_day else None,
                written_at=answer.written_at,
                now=now,
            )
            if asked is not None:
                return asked
        return await self.complete_draft(member_id, draft_id, answer, now=now)

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

        `replied_to`: Discord's id of the message to which it is a reply; to a card, it is about that card alone.
        None when it is no answer; nothing is changed then.
        """
        text = text.strip()
        if "\n" in text or len(text) > MAX_ANSWER_LENGTH:
            return None
        if replied_to is not None and (card := await self._database.query(cards.card_query(member_id, replied_to))):
            return await self._answer_card(member_id, card.content, item, text, written_at=written_at, now=now)
        since = now - ANSWER_WINDOW
        asked = await drafts.list_last_saved_drafts(self._database, member_id, since)
        unassigned = await messages.find_last_recorded_unassigned_message(self._database, member_id, since)
        if asked and (unassigned is None or asked[0].asked_at >= unassigned.recorded_at):
            step = await self._database.query(undo_log.latest_step_query(member_id))
            draft = _draft_meant_by_answer(asked, item)
            is_out_of_sight = step is not None and step.at > asked[0].asked_at
            if (
                draft is None
                or (is_out_of_sight and not _is_name_asked_about(draft.content, item))
                or await self._may_answer_earlier_question(member_id, draft, item, since)
            ):
                return None
            return await self._answer_question(member_id, draft, item, text, written_at=written_at, now=now)
        if unassigned is not None and not _is_line_with_name(item):
            return await self._assign_last_message(member_id, unassigned, item, text, now)
        return None

    async def _may_answer_earlier_question(
        self, member_id: MemberId, draft: Draft, item: ParsedItem, since: datetime
    ) -> bool:
        """Whether a text could as well answer a question from before the one about a name that nobody knows.

        That name may have been no name, but a slip in the answer that the text corrects: 「9じ」, then 「9時」.
        """
        asks_about_name = draft.content.missing in {MissingInfo.EVENT, MissingInfo.NEW_CLIENT}
        if not asks_about_name or not isinstance(item, Statement) or _is_name_asked_about(draft.content, item):
            return False
        if await threads.list_threads_of_client(self._database, member_id, client_key(draft.content.client or "")):
            return False
        earlier = await drafts.list_last_saved_drafts(self._database, member_id, since, before=draft.asked_at)
        answerable = _TIME_QUESTIONS if item.client is None else _CLIENT_QUESTIONS
        return any(question.content.missing in answerable for question in earlier)

    async def _answer_card(
        self,
        member_id: MemberId,
        card: CardContent,
        item: ParsedItem,
        text: str,
        *,
        written_at: datetime,
        now: datetime,
    ) -> Answered | None:
        """Record what a reply to a card says: the answer to its question, or what happened to the client on it."""
        if card.draft_id and (draft := await drafts.find_draft(self._database, member_id, card.draft_id)):
            return await self._answer_question(member_id, draft, item, text, written_at=written_at, now=now)
        if len({shown.thread_id for shown in card.items}) != 1 or not isinstance(item, Statement):
            return None
        message_id = card.items[0].message_id
        if _is_line_with_name(item) or not await self._database.query(messages.message_query(member_id, message_id)):
            return None
        message, thread = await self._message_corrections.get_message_and_thread(member_id, message_id)
        if thread.unassigned:
            return await self._assign_last_message(member_id, message, item, text, now)
        if item.client is None and item.intent in {Intent.REPLIED, Intent.DISMISSED}:
            said = replace(item, client=thread.client, title=item.title or thread.title, client_certain=True)
            return await self._statements.record(member_id, said, now=now)
        return None

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

    async def _is_asked_who_was_answered(self, member_id: MemberId, now: datetime) -> bool:
        """Whether the latest question is to whom a reply went, if nothing was recorded since it was asked."""
        asked = await drafts.list_last_saved_drafts(self._database, member_id, now - ANSWER_WINDOW)
        step = await self._database.query(undo_log.latest_step_query(member_id))
        return any(
            draft.content.missing is MissingInfo.CLIENT and draft.content.direction is Direction.SENT
            for draft in asked
            if step is None or step.at <= draft.asked_at
        )

    async def discard_question(self, member_id: MemberId, *, replied_to: int | None = None, now: datetime) -> bool:
        """Drop the latest question, if nothing was recorded since it was asked. Returns whether there was one.

        `replied_to`: as in `answer`; of a card, only its own question is dropped.
        """
        if replied_to is not None and (card := await self._database.query(cards.card_query(member_id, replied_to))):
            draft_id = card.content.draft_id
            if not draft_id or await drafts.find_draft(self._database, member_id, draft_id) is None:
                return False
            await self._recording.discard_draft(member_id, draft_id, now=now)
            return True
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
        if (name := _answered_name(item)) is None:
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
        if isinstance(item, Statement) and _is_time_of_reply(draft.content, item):
            is_doubtful = item.client is not None or item.time_inferred
            return await self._statements.replace_question(
                member_id,
                draft.id,
                MissingInfo.MOMENT if is_doubtful else missing,
                DraftAnswer(client=item.client, title=item.title, time=item.time, written_at=written_at),
                now=now,
            )
        if _is_line_with_name(item):
            return None
        if (day := _answered_day(item)) is not None and missing in {MissingInfo.TIME, MissingInfo.EVENT}:
            return await self._statements.replace_question(member_id, draft.id, missing, day=day, now=now)
        answer = await self._parse_draft_answer(member_id, draft.content, item, text)
        if answer is None:
            return None
        if answer.client is not None and not answer.client_certain and not is_statement_question(draft.content):
            return await self._statements.replace_question(member_id, draft.id, MissingInfo.NEW_CLIENT, answer, now=now)
        answer = replace(answer, written_at=written_at)
        return await self.complete_draft_with_time(member_id, draft.id, answer, text, now=now)

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
                return await self.confirm_badge(member_id, draft, now=now)
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
        return await self.complete_draft(member_id, draft.id, answer, now=now)

    async def _parse_draft_answer(
        self, member_id: MemberId, content: DraftContent, item: ParsedItem, text: str
    ) -> DraftAnswer | None:
        """What a text answers to the question of a draft."""
        missing, client = content.missing, content.client
        if missing is MissingInfo.EVENT:
            return _answered_event(item, content.direction)
        if missing in {MissingInfo.TIME, MissingInfo.MOMENT}:
            return _answered_time(item, content.direction)
        if missing in {MissingInfo.THREAD, MissingInfo.DISMISSED_CLIENT}:
            thread_id = await self._thread_named_by_text(member_id, client, item, text)
            if thread_id is not None:
                return DraftAnswer(thread_id=thread_id)
        if missing is MissingInfo.NOTHING_WAITS:
            return await self._answered_waiting_client(member_id, item)
        if missing in _CLIENT_QUESTIONS or (missing is MissingInfo.THREAD and client is None):
            answer = _answered_client(item)
            if answer is not None and missing is MissingInfo.NEW_CLIENT and _is_same_client(answer.client, client):
                answer = replace(answer, client_certain=True)
            return answer if answer is None or answer.client_certain or missing in _ANY_NAME_QUESTIONS else None
        return None

    async def _answered_waiting_client(self, member_id: MemberId, item: ParsedItem) -> DraftAnswer | None:
        """A client who waits for a reply, named alone."""
        if (answer := _answered_client(item)) is None:
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


def _draft_meant_by_answer(asked: Sequence[Draft], item: ParsedItem) -> Draft | None:
    """Which of several questions, asked about one message, a text answers: the one about the client that it names."""
    if len(asked) == 1:
        return asked[0]
    named = item.client if isinstance(item, Statement) else None
    about = [draft for draft in asked if named is not None and _is_same_client(draft.content.client, named)]
    return about[0] if len(about) == 1 else None


def _is_name_asked_about(content: DraftContent, item: ParsedItem) -> bool:
    """Whether a text is the very name about which the question is."""
    name = _answered_name(item)
    return (
        content.missing is MissingInfo.NEW_CLIENT and name is not None and _is_same_client(name.client, content.client)
    )


def _is_line_with_name(item: ParsedItem) -> bool:
    """Whether a text is a line of its own, with a client and what happened, perhaps by a time alone: 田中さん 10時."""
    return isinstance(item, Statement) and item.client is not None and item.intent is not None


def _is_time_of_reply(content: DraftContent, item: Statement) -> bool:
    """Whether a text with a time could say when the reply was sent about which the question is: 10時.

    With a client it answers the question who was answered: 田中さん 10時.
    """
    is_about_reply = content.direction is Direction.SENT and content.missing in _REPLY_QUESTIONS
    answers_who = item.client is None or content.missing is MissingInfo.CLIENT
    return is_about_reply and item.intent_assumed and answers_who


def _answered_time(item: ParsedItem, direction: Direction) -> DraftAnswer | None:
    """The time that a text names, alone or with what happened; 10時に届きました is not when a reply was sent."""
    if not isinstance(item, Statement) or item.client is not None or item.time is None:
        return None
    expected = Intent.REPLIED if direction is Direction.SENT else Intent.RECEIVED
    if item.intent is not expected and not item.intent_assumed:
        return None
    return DraftAnswer(time=item.time, time_inferred=item.time_inferred)


def _answered_day(item: ParsedItem) -> datetime | None:
    """The day that a text names without a time; None where it says anything else."""
    return item.day if isinstance(item, Statement) and item.client is None and item.intent is None else None


def _answered_event(item: ParsedItem, direction: Direction) -> DraftAnswer | None:
    """What a text says that happened, and when: "返信した", "10分前", "返信不要"."""
    if not isinstance(item, Statement) or item.client is not None or item.intent is None:
        return None
    if direction is Direction.SENT and item.intent is Intent.RECEIVED:
        return _answered_time(item, direction)
    return DraftAnswer(intent=item.intent, time=item.time, time_inferred=item.time_inferred)


def _answered_name(item: ParsedItem) -> Statement | None:
    """A text that is all name."""
    if not isinstance(item, Statement) or item.client is None:
        return None
    return item if item.intent is None and item.time is None and item.day is None else None


def _answered_client(item: ParsedItem) -> DraftAnswer | None:
    """The client that a text names alone; not certain where the name could be another word."""
    if (name := _answered_name(item)) is None:
        return None
    return DraftAnswer(client=name.client, client_certain=is_client_answer(name), title=name.title)


def _is_same_client(one: str | None, other: str | None) -> bool:
    return client_key(one or "") == client_key(other or "")
