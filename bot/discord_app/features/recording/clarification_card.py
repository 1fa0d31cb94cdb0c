"""The question for the one thing that is missing before something can be recorded."""

from datetime import datetime, timedelta
from typing import Final

from discord import ui

from bot.discord_app.ui.components import ActionButton, thread_buttons, thread_select
from bot.discord_app.ui.formatting import escape_name, format_client_name, format_label, format_timestamp
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, notice_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import ONE_DAY
from bot.domain.messages import MessageSource
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.reply_rate import format_rate, format_rate_estimate
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded
from storage.cards import CardContent, CardKind
from storage.drafts import Draft, DraftContent, MissingInfo

_TIME_ACTIONS: Final = (
    Action.SENT_NOW, Action.SENT_10_MIN_AGO, Action.SENT_1_HOUR_AGO, Action.CHANGE_TIME, Action.CANCEL
)  # fmt: skip
_ACTIONS: Final = {
    MissingInfo.TIME: _TIME_ACTIONS,
    MissingInfo.THREAD: (Action.CANCEL,),
    MissingInfo.START_CLOCK: (Action.START_CLOCK, Action.CANCEL),
    MissingInfo.BADGE: (Action.CONFIRM_BADGE, Action.CANCEL),
    MissingInfo.EVENT: (
        Action.RECEIVED_NOW, Action.REPLIED_NOW, Action.DISMISS, Action.CHANGE_TIME, Action.CANCEL
    ),
    MissingInfo.CLIENT: (Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.NEW_CLIENT: (Action.CONFIRM_NEW_CLIENT, Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.MOMENT: (Action.CONFIRM_TIME, Action.CHANGE_TIME, Action.CANCEL),
    MissingInfo.NOTHING_WAITS: (Action.RECORD_ANYWAY, Action.CANCEL),
    MissingInfo.DISMISSED_CLIENT: (Action.CANCEL,),
    MissingInfo.UNCLEAR: (Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.CONTACT_REQUEST: _TIME_ACTIONS,
    MissingInfo.CONTRACT: (Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.OTHER_SITE: (Action.MARK_OTHER_SITE, Action.CANCEL),
    MissingInfo.LATE_REPLY_WARNING: (Action.COUNT_AS_REPLY, Action.SENT_IN_NEW_THREAD, Action.CANCEL),
}  # fmt: skip
"""The buttons that answer a question, besides those of the threads to choose from."""
_UNKNOWN_MAIL_ACTIONS: Final = (Action.CHANGE_CLIENT, Action.CONTACT_REQUEST, Action.MARK_CONTRACT, Action.CANCEL)
"""Those for a mail of Lancers whose subject says nothing that is known."""
_NEW_CLIENT_EVENT_ACTIONS: Final = (
    Action.RECEIVED_NOW, Action.SENT_10_MIN_AGO, Action.CHANGE_TIME, Action.CHANGE_CLIENT, Action.CANCEL
)  # fmt: skip
"""Those for a new client's name alone: nothing of theirs can have been answered yet."""
_REPLIED_EVENT_ACTIONS: Final = (Action.REPLIED_NOW, Action.CHANGE_TIME, Action.DISMISS, Action.CANCEL)
"""Those for a reply that was only named, and may be a plan."""
_NOT_ON_A_NAMED_DAY: Final = frozenset({Action.SENT_NOW, Action.SENT_10_MIN_AGO, Action.SENT_1_HOUR_AGO})
"""Those that are left out where the line named a day: it was not just now."""
_NOW_TOLERANCE: Final = timedelta(minutes=1)
"""A line that was written no longer before its question was written now."""
MAX_CLIENT_LENGTH: Final = 40
"""Characters of a client's name on a button, which has room for 80."""
_ASKED_OTHERWISE_OF_A_REPLY: Final = frozenset(
    {MissingInfo.EVENT, MissingInfo.TIME, MissingInfo.CLIENT, MissingInfo.NEW_CLIENT, MissingInfo.MOMENT}
)
"""Questions that have another text where they are about a reply of the member's."""
MAX_THREAD_BUTTONS: Final = 5
"""Threads offered by a button each; more of them by a select."""


def is_about_unknown_mail(content: DraftContent) -> bool:
    """Whether the question is about a mail of Lancers whose subject says nothing that is known."""
    return content.missing is MissingInfo.UNCLEAR and content.source is not MessageSource.WRITTEN


def clarification_card(texts: Translations, question: ClarificationNeeded) -> Card:
    """What was understood, and buttons for what is missing: the likely threads, and the other answers."""
    content, draft_id, impact = question.draft.content, question.draft.id, question.prospect
    client = format_client_name(texts, content.client)
    if content.missing is MissingInfo.THREAD and not question.choices:
        return notice_card(texts("question-thread-none", client=client))
    site = escape_name(content.title or "")
    at = _format_moment(texts, question.draft)
    asked, warning = texts(_question_text_id(question), client=client, at=at, site=site), None
    if impact is not None:
        before, after = format_rate(texts, impact.rate_now), format_rate(texts, impact.rate_if_reply)
        estimate = format_rate_estimate(texts, impact.rate_if_reply)
        warning = texts("question-trap-cost", before=before, after=after, estimate=estimate)
    job = None
    if content.title and content.missing is not MissingInfo.OTHER_SITE:
        job = texts("question-job", title=escape_name(content.title))
    parts: list[LayoutItem] = [text_block(asked, job, warning)]
    if question.choices:
        likely = question.choices[:MAX_THREAD_BUTTONS]
        parts.append(ui.ActionRow(*thread_buttons(texts, Target.DRAFT, draft_id, likely)))
    if len(question.choices) > MAX_THREAD_BUTTONS:
        others = question.choices[MAX_THREAD_BUTTONS:]
        parts.append(ui.ActionRow(thread_select(texts, Target.DRAFT, draft_id, others, new_thread_option=False)))
    is_event = content.missing is MissingInfo.EVENT
    actions = _NEW_CLIENT_EVENT_ACTIONS if question.new_client and is_event else _ACTIONS[content.missing]
    if _asks_whether_replied(content):
        actions = _REPLIED_EVENT_ACTIONS
    if is_about_unknown_mail(content):
        actions = _UNKNOWN_MAIL_ACTIONS
    if content.day is not None:
        actions = tuple(action for action in actions if action not in _NOT_ON_A_NAMED_DAY)
    buttons = [
        ActionButton(Target.DRAFT, draft_id, action, _answer_button_label(texts, question, action))
        for action in actions
    ]
    card = build_card([*parts, ui.ActionRow(*buttons)])
    card.content = CardContent(kind=CardKind.RECEIPT, items=(), draft_id=draft_id)
    return card


def said_instant(draft: Draft) -> datetime | None:
    """When what a question is about happened, as far as that was said: a reply without a time when its line was."""
    content = draft.content
    if content.time is not None:
        return content.time.at
    is_reply = content.direction is Direction.SENT and content.day is None
    return content.written_at if is_reply and content.missing not in {MissingInfo.EVENT, MissingInfo.TIME} else None


def _format_moment(texts: Translations, draft: Draft) -> str:
    """The time that a question shows: an instant, now, a day, or nothing."""
    if (day := draft.content.day) is not None:
        return format_timestamp(day + ONE_DAY / 2, "D")  # at noon it is the same day in the zones nearby
    at = said_instant(draft)
    if at is None:
        return EMPTY_VALUE
    is_now = draft.content.time is None and draft.asked_at - at < _NOW_TOLERANCE
    return texts("draft-now") if is_now else format_timestamp(at)


def _question_text_id(question: ClarificationNeeded) -> str:
    """The text that asks."""
    content = question.draft.content
    if is_about_unknown_mail(content):
        return "question-unknown-mail"
    if content.missing is MissingInfo.MOMENT and content.source is not MessageSource.WRITTEN:
        return "question-uncertain-mail"
    if question.new_client:
        return f"question-new-client-{content.missing}"
    near = "-near" if content.missing is MissingInfo.NEW_CLIENT and question.choices else ""
    if _asks_who_wrote(content):
        return f"question-whose{near}"
    if content.missing is MissingInfo.DISMISSED_CLIENT and _names_client_not_offered(question):
        return "question-dismissed-other-client"
    replied = content.direction is Direction.SENT and content.missing in _ASKED_OTHERWISE_OF_A_REPLY
    missing = "day" if content.missing is MissingInfo.TIME and content.day is not None else content.missing
    return f"question-{'replied-' if replied else ''}{missing}{near}"


def _names_client_not_offered(question: ClarificationNeeded) -> bool:
    """Whether the client that was named is with none of the offered threads."""
    named = question.draft.content.client
    return named is not None and client_key(named) not in {
        client_key(thread.client or "") for thread in question.choices
    }


def _answer_button_label(texts: Translations, question: ClarificationNeeded, action: Action) -> str:
    """The label of a button; some actions are called otherwise where they answer a question."""
    content = question.draft.content
    text_id = f"action-{action}"
    match action:
        case Action.CANCEL:
            text_id = "draft-not-decided" if _asks_who_wrote(content) else "draft-not-recorded"
        case Action.CHANGE_TIME if content.missing is MissingInfo.EVENT and not (
            question.new_client or _asks_whether_replied(content)
        ):
            text_id = "draft-enter-received-time"
        case Action.CHANGE_TIME:
            text_id = "draft-enter-time"
        case Action.CONFIRM_NEW_CLIENT:
            text_id = "draft-new-client"
        case Action.MARK_OTHER_SITE:
            text_id = "draft-remind-of-it"
        case Action.MARK_CONTRACT:
            text_id = "draft-contract-began"
        case Action.RECEIVED_NOW if question.new_client:
            text_id = "draft-new-client-now" if content.day is None else "draft-new-client"
        case Action.RECEIVED_NOW | Action.REPLIED_NOW if content.day is not None:
            text_id = "draft-received" if action is Action.RECEIVED_NOW else "draft-replied"
    return texts(text_id, client=format_label(content.client or "", MAX_CLIENT_LENGTH))


def _asks_who_wrote(content: DraftContent) -> bool:
    """Whether the question is who wrote a message that is recorded already."""
    return content.missing is MissingInfo.NEW_CLIENT and content.thread_id is not None


def _asks_whether_replied(content: DraftContent) -> bool:
    """Whether the question is if a reply that was named has been sent."""
    return content.missing is MissingInfo.EVENT and content.direction is Direction.SENT
