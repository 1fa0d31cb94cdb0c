"""The question for the one thing that is missing before something can be recorded."""

from typing import Final

from bot.discord_app.ui.components import Action, ActionButton, Target, action_row, thread_buttons, thread_select
from bot.discord_app.ui.formatting import client_name, format_rate, timestamp
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, notice, row, text
from bot.domain.messages import MessageSource
from bot.domain.reply.thread_state import Direction
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded
from storage.drafts import DraftContent, MissingInfo

_TIME_ACTIONS: Final = (
    Action.SENT_NOW, Action.SENT_10_MIN_AGO, Action.SENT_1_HOUR_AGO, Action.CHANGE_TIME, Action.CANCEL
)  # fmt: skip
_STATEMENT_ACTIONS: Final = {
    MissingInfo.TIME: _TIME_ACTIONS,
    MissingInfo.EVENT: (
        Action.RECEIVED_NOW, Action.REPLIED_NOW, Action.DISMISS, Action.CHANGE_TIME, Action.CANCEL
    ),
    MissingInfo.CLIENT: (Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.UNCLEAR: (Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.DISMISSED_CLIENT: (Action.CANCEL,),
    MissingInfo.NEW_CLIENT: (Action.CONFIRM_NEW_CLIENT, Action.CHANGE_CLIENT, Action.CANCEL),
    MissingInfo.MOMENT: (Action.CONFIRM_TIME, Action.CHANGE_TIME, Action.CANCEL),
    MissingInfo.NOTHING_WAITS: (Action.RECORD_ANYWAY, Action.CANCEL),
}  # fmt: skip
"""The buttons that answer a question about a typed line."""
MAX_THREAD_BUTTONS: Final = 5
"""Threads offered by a button each; more of them by a select."""


def is_unknown_mail(content: DraftContent) -> bool:
    """Whether the question is about a mail of Lancers whose subject says nothing that is known."""
    return content.missing is MissingInfo.UNCLEAR and content.source is not MessageSource.WRITTEN


def _statement_card(texts: Translations, question: ClarificationNeeded) -> Card:
    """What was understood of a line, and buttons for what it left open: the likely threads, and the other answers."""
    content, draft_id = question.draft.content, question.draft.id
    sent = content.direction is Direction.SENT
    text_id = f"question-{'replied-' if sent and content.missing in _ASKED_BY_DIRECTION else ''}{content.missing}"
    unsaid = EMPTY_VALUE if is_unknown_mail(content) else texts("draft-now")
    asked = texts(
        "question-unknown-mail" if is_unknown_mail(content) else text_id,
        client=client_name(texts, content.client),
        at=timestamp(content.time.at) if content.time else unsaid,
    )
    parts: list[LayoutItem] = [text(asked)]
    if question.choices:
        parts.append(thread_buttons(texts, Target.DRAFT, draft_id, question.choices))
    if len(question.choices) > MAX_THREAD_BUTTONS:
        others = question.choices[MAX_THREAD_BUTTONS:]
        parts.append(row(thread_select(texts, Target.DRAFT, draft_id, others, new_thread_option=False)))
    actions = _STATEMENT_ACTIONS[content.missing]
    buttons = [ActionButton(Target.DRAFT, draft_id, action, texts(_label_id(action))) for action in actions]
    return build_card([*parts, row(*buttons)])


def _label_id(action: Action) -> str:
    """The text of a button; two actions are called otherwise where nothing is recorded yet."""
    return {Action.CANCEL: "draft-not-recorded", Action.CHANGE_TIME: "draft-enter-time"}.get(action, f"action-{action}")


_ASKED_BY_DIRECTION: Final = frozenset({MissingInfo.TIME, MissingInfo.CLIENT})
"""Questions that differ for a reply."""


def clarification_card(texts: Translations, question: ClarificationNeeded) -> Card:
    """What the member has to say; without a thread to choose from, that there is none."""
    content, draft_id, impact = question.draft.content, question.draft.id, question.prospect
    client = client_name(texts, content.client)
    warning = None
    if content.missing in _STATEMENT_ACTIONS:
        return _statement_card(texts, question)
    match content.missing:
        case MissingInfo.START_CLOCK:
            controls = action_row(texts, Target.DRAFT, draft_id, [Action.START_CLOCK])
        case MissingInfo.BADGE:
            controls = action_row(texts, Target.DRAFT, draft_id, [Action.CONFIRM_BADGE, Action.CANCEL])
        case MissingInfo.LATE_REPLY_WARNING:
            controls = action_row(
                texts, Target.DRAFT, draft_id, [Action.COUNT_AS_REPLY, Action.SENT_IN_NEW_THREAD, Action.CANCEL]
            )
            if impact is not None:
                before, after = format_rate(texts, impact.rate_now), format_rate(texts, impact.rate_if_reply)
                warning = texts("question-trap-cost", before=before, after=after)
        case MissingInfo.THREAD:
            if not question.choices:
                return notice(texts("question-thread-none", client=client))
            controls = row(thread_select(texts, Target.DRAFT, draft_id, question.choices, new_thread_option=False))
        case _:
            raise AssertionError(content.missing)
    sent_at = timestamp(content.time.at) if content.time else EMPTY_VALUE
    return build_card([text(texts(f"question-{content.missing}", client=client, at=sent_at), warning), controls])
