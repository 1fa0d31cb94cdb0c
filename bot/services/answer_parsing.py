"""What a parsed text says as the answer to a question."""

from collections.abc import Sequence
from typing import Final

from bot.domain.messages import Intent, ParsedItem, Statement
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction
from bot.parsing.line.interpretation import is_client_answer
from bot.services.draft_answers import DraftAnswer
from storage.drafts import Draft, DraftContent, MissingInfo

_REPLY_QUESTIONS: Final = frozenset(
    {MissingInfo.CLIENT, MissingInfo.NEW_CLIENT, MissingInfo.NOTHING_WAITS, MissingInfo.THREAD}
)
"""Questions about a reply that are not when it was sent."""


def question_meant_by_text(asked: Sequence[Draft], item: ParsedItem) -> Draft | None:
    """Which of several questions, asked about one message, a text answers: the one about the client that it names."""
    if len(asked) == 1:
        return asked[0]
    named = item.client if isinstance(item, Statement) else None
    about = [draft for draft in asked if named is not None and is_same_client(draft.content.client, named)]
    return about[0] if len(about) == 1 else None


def is_name_in_question(content: DraftContent, item: ParsedItem) -> bool:
    """Whether a text is the very name about which the question is."""
    name = answered_name(item)
    return (
        content.missing is MissingInfo.NEW_CLIENT and name is not None and is_same_client(name.client, content.client)
    )


def is_line_with_name(item: ParsedItem) -> bool:
    """Whether a text is a line of its own, with a client and what happened, perhaps by a time alone: 田中さん 10時."""
    return isinstance(item, Statement) and item.client is not None and item.intent is not None


def is_time_of_reply(content: DraftContent, item: Statement) -> bool:
    """Whether a text with a time could say when the reply was sent about which the question is: 10時.

    With a client it answers the question who was answered: 田中さん 10時.
    """
    is_about_reply = content.direction is Direction.SENT and content.missing in _REPLY_QUESTIONS
    answers_who = item.client is None or content.missing is MissingInfo.CLIENT
    return is_about_reply and item.intent_assumed and answers_who


def answered_time(item: ParsedItem, direction: Direction) -> DraftAnswer | None:
    """The time that a text names, alone or with what happened; 10時に届きました is not when a reply was sent."""
    if not isinstance(item, Statement) or item.client is not None or item.time is None:
        return None
    expected = Intent.REPLIED if direction is Direction.SENT else Intent.RECEIVED
    if item.intent is not expected and not item.intent_assumed:
        return None
    return DraftAnswer(time=item.time, time_inferred=item.time_inferred)


def answered_day(item: ParsedItem) -> Statement | None:
    """A text that names a day without a time, and says nothing else."""
    if not isinstance(item, Statement) or item.client is not None or item.intent is not None:
        return None
    return item if item.day is not None else None


def answered_event(item: ParsedItem, direction: Direction) -> DraftAnswer | None:
    """What a text says that happened, and when: "返信した", "10分前", "返信不要"."""
    if not isinstance(item, Statement) or item.client is not None or item.intent is None:
        return None
    if direction is Direction.SENT and item.intent is Intent.RECEIVED:
        return answered_time(item, direction)
    return DraftAnswer(intent=item.intent, time=item.time, time_inferred=item.time_inferred)


def answered_name(item: ParsedItem) -> Statement | None:
    """A text that is all name."""
    if not isinstance(item, Statement) or item.client is None:
        return None
    return item if item.intent is None and item.time is None and item.day is None else None


def answered_client(item: ParsedItem) -> DraftAnswer | None:
    """The client that a text names alone; not certain where the name could be another word."""
    if (name := answered_name(item)) is None:
        return None
    return DraftAnswer(client=name.client, client_certain=is_client_answer(name), title=name.title)


def is_same_client(one: str | None, other: str | None) -> bool:
    return client_key(one or "") == client_key(other or "")
