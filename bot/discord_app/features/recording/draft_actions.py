"""The buttons of a question: the one thing that was missing."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.components import Action, selected_id
from bot.discord_app.ui.layout import notice
from bot.discord_app.ui.modals import SubmitCallback, client_modal, time_modal
from bot.domain.types import DraftId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import ParsedTime, parse_time
from bot.services.preference_changes import PreferenceChanges
from bot.services.results import ClarificationNeeded, Receipt
from storage.drafts import MissingInfo
from storage.members import Badge


async def handle_draft_action(ctx: InteractionContext, draft_id: int, action: Action, values: tuple[str, ...]) -> None:
    """Answer a question."""
    services, member, now = ctx.services, ctx.member_id, ctx.now
    draft = await services.recording.draft(member, DraftId(draft_id))
    content = draft.content
    match action:
        case Action.CHANGE_TIME:
            form = time_modal(ctx.texts, _sent_at_modal_submit(draft.id), now.replace(second=0), ctx.preferences.zone)
            await ctx.interaction.response.send_modal(form)
        case Action.CHANGE_THREAD if chosen := selected_id(values):
            await render_outcome(
                ctx, await services.recording.complete_draft(member, draft.id, thread=ThreadId(chosen), now=now)
            )
        case Action.START_CLOCK if content.client is None:
            form = client_modal(ctx.texts, _start_clock_modal_submit(draft.id), client=None, title=content.title)
            await ctx.interaction.response.send_modal(form)
        case Action.START_CLOCK:
            await render_outcome(ctx, await services.recording.complete_draft(member, draft.id, now=now))
        case Action.COUNT_AS_REPLY if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await render_outcome(ctx, await services.recording.complete_draft(member, draft.id, now=now))
        case Action.SENT_IN_NEW_THREAD if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await services.recording.resolve_as_new_thread(
                member, draft.id, idempotency_key=ctx.idempotency_key, now=now
            )
            await ctx.edit_message(notice(ctx.texts("trap-elsewhere")))
        case Action.CONFIRM_BADGE:
            await services.preferences.apply(
                member, PreferenceChanges(badge=Badge.HELD, badge_since=content.sent_at), now=now
            )
            await services.recording.discard_draft(member, draft.id)
            await ctx.edit_message(notice(ctx.texts("badge-noted")))
        case Action.CANCEL:
            await services.recording.discard_draft(member, draft.id)
            await ctx.edit_message(notice(ctx.texts("draft-dropped")))
        case _:
            raise NotAllowedError("press-unknown")


async def render_outcome(ctx: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """The question becomes the receipt, or the next question."""
    texts = ctx.texts
    if isinstance(outcome, ClarificationNeeded):
        await ctx.edit_message(clarification_card(texts, outcome))
        return
    observer = ctx.services.status
    choices = await observer.candidate_threads(ctx.member_id, outcome.thread) if outcome.thread.unassigned else []
    await ctx.edit_message(receipt_card(texts, outcome, choices))


def _sent_at_modal_submit(draft: DraftId) -> SubmitCallback:
    async def submit(interaction: Interaction, value: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as ctx:
            moment: ParsedTime = parse_time(value[0], now=ctx.now, zone=ctx.preferences.zone)
            ledger = ctx.services.recording
            await render_outcome(ctx, await ledger.complete_draft(ctx.member_id, draft, moment=moment, now=ctx.now))

    return submit


def _start_clock_modal_submit(draft: DraftId) -> SubmitCallback:
    async def submit(interaction: Interaction, value: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as ctx:
            client, title = value
            ledger = ctx.services.recording
            outcome = await ledger.complete_draft(ctx.member_id, draft, client=client, title=title or None, now=ctx.now)
            await render_outcome(ctx, outcome)

    return submit
