"""The buttons of a question: the one thing that was missing."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.components import Action, selected_id
from bot.discord_app.ui.layout import notice
from bot.discord_app.ui.modals import SubmitCallback, client_modal, time_modal
from bot.domain.messages import ParsedTime
from bot.domain.types import DraftId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.preference_changes import PreferenceChanges
from bot.services.results import ClarificationNeeded, Receipt
from storage.drafts import MissingInfo
from storage.members import Badge


async def handle_draft_action(
    visitor: InteractionContext, draft_id: int, action: Action, values: tuple[str, ...]
) -> None:
    """Answer a question."""
    services, member, now = visitor.interaction.client.services, visitor.member, visitor.now
    draft = await services.recording.draft(member, DraftId(draft_id))
    content = draft.content
    match action:
        case Action.CHANGE_TIME:
            form = time_modal(
                visitor.texts, _sent_at_modal_submit(draft.id), now.replace(second=0), visitor.preferences.zone
            )
            await visitor.interaction.response.send_modal(form)
        case Action.CHANGE_THREAD if chosen := selected_id(values):
            await render_outcome(
                visitor, await services.recording.complete_draft(member, draft.id, thread_id=ThreadId(chosen), now=now)
            )
        case Action.START_CLOCK if content.client is None:
            form = client_modal(visitor.texts, _start_clock_modal_submit(draft.id), client=None, title=content.title)
            await visitor.interaction.response.send_modal(form)
        case Action.START_CLOCK:
            await render_outcome(visitor, await services.recording.complete_draft(member, draft.id, now=now))
        case Action.COUNT_AS_REPLY if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await render_outcome(visitor, await services.recording.complete_draft(member, draft.id, now=now))
        case Action.SENT_IN_NEW_THREAD if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await services.recording.resolve_as_new_thread(
                member, draft.id, idempotency_key=visitor.idempotency_key, now=now
            )
            await visitor.edit_message(notice(visitor.texts("trap-elsewhere")))
        case Action.CONFIRM_BADGE:
            await services.preferences.apply(
                member, PreferenceChanges(badge=Badge.HELD, badge_since=content.sent_at), now=now
            )
            await services.recording.discard_draft(member, draft.id)
            await visitor.edit_message(notice(visitor.texts("badge-noted")))
        case Action.CANCEL:
            await services.recording.discard_draft(member, draft.id)
            await visitor.edit_message(notice(visitor.texts("draft-dropped")))
        case _:
            raise NotAllowedError("press-unknown")


async def render_outcome(visitor: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """The question becomes the receipt, or the next question."""
    texts = visitor.texts
    if isinstance(outcome, ClarificationNeeded):
        await visitor.edit_message(clarification_card(texts, outcome))
        return
    observer = visitor.interaction.client.services.status
    choices = await observer.candidate_threads(visitor.member, outcome.thread) if outcome.thread.unassigned else []
    await visitor.edit_message(receipt_card(texts, outcome, choices))


def _sent_at_modal_submit(draft: DraftId) -> SubmitCallback:
    async def submit(interaction: Interaction, value: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            moment: ParsedTime = parse_time(value[0], now=visitor.now, zone=visitor.preferences.zone)
            ledger = interaction.client.services.recording
            await render_outcome(
                visitor, await ledger.complete_draft(visitor.member, draft, time=moment, now=visitor.now)
            )

    return submit


def _start_clock_modal_submit(draft: DraftId) -> SubmitCallback:
    async def submit(interaction: Interaction, value: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            client, title = value
            ledger = interaction.client.services.recording
            outcome = await ledger.complete_draft(
                visitor.member, draft, client=client, title=title or None, now=visitor.now
            )
            await render_outcome(visitor, outcome)

    return submit
