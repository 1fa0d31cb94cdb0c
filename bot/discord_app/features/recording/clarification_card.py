"""The question for the one thing that is missing before something can be recorded."""

from bot.discord_app.ui.components import Action, Target, action_row, thread_select
from bot.discord_app.ui.formatting import client_name, format_rate, timestamp
from bot.discord_app.ui.layout import Card, build_card, notice, row, text
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded
from storage.drafts import MissingInfo


def clarification_card(texts: Translations, question: ClarificationNeeded) -> Card:
    """What the member has to say; without a thread to choose from, that there is none."""
    content, draft_id, impact = question.draft.content, question.draft.id, question.prospect
    client = client_name(texts, content.client)
    warning = None
    match content.missing:
        case MissingInfo.TIME:
            controls = action_row(texts, Target.DRAFT, draft_id, [Action.CHANGE_TIME, Action.CANCEL])
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
    sent_at = timestamp(content.time.at) if content.time else EMPTY_VALUE
    return build_card([text(texts(f"question-{content.missing}", client=client, at=sent_at), warning), controls])
