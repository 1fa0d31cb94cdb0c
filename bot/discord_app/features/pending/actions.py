"""The buttons of a reminder and of the list of what waits: replied, no reply needed, later."""

from datetime import timedelta
from typing import Final

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.history.cards import edit_summary_card
from bot.discord_app.features.pending.cards import pending_card, snoozed_card, thread_card
from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.components import Action, selected_id
from bot.discord_app.ui.modals import SubmitCallback, time_modal
from bot.domain.reminders.plan import snooze_until
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import ParsedTime, Precision, parse_time
from bot.services.results import ClarificationNeeded, Receipt

_REPLY_OFFSETS: Final = {
    Action.REPLIED_NOW: timedelta(),
    Action.REPLIED_10_MIN_AGO: timedelta(minutes=10),
    Action.REPLIED_30_MIN_AGO: timedelta(minutes=30),
}


async def handle_thread_action(ctx: InteractionContext, thread_id: int, act: Action, values: tuple[str, ...]) -> None:
    """Say something to a thread that waits."""
    ledger, member, now, key = (
        ctx.services.recording,
        ctx.member_id,
        ctx.now,
        ctx.idempotency_key,
    )
    thread = ThreadId(thread_id)
    match act:
        case Action.REPLIED_NOW | Action.REPLIED_10_MIN_AGO | Action.REPLIED_30_MIN_AGO:
            exactness = Precision.MINUTE if act is Action.REPLIED_NOW else Precision.ABOUT
            moment = ParsedTime(now - _REPLY_OFFSETS[act], exactness)
            await _render_outcome(ctx, await ledger.record_reply(member, thread, moment, idempotency_key=key, now=now))
        case Action.REPLIED_AT:
            form = time_modal(ctx.texts, _reply_time_modal_submit(thread), now.replace(second=0), ctx.preferences.zone)
            await ctx.interaction.response.send_modal(form)
        case Action.DISMISS:
            await _render_outcome(ctx, await ledger.dismiss(member, thread, idempotency_key=key, now=now))
        case Action.NEW_THREAD:
            receipt = await ledger.dismiss(member, thread, idempotency_key=key, now=now, kind=EventKind.NEW_THREAD)
            await _render_outcome(ctx, receipt)
        case Action.SNOOZE:
            snoozed, until = await ledger.snooze(member, thread, now=now)
            await ctx.respond(snoozed_card(ctx.texts, snoozed, until))
        case Action.MERGE if values:
            corrections = ctx.services.history
            done = await corrections.merge(member, thread, ThreadId(selected_id(values)), now=now)
            await ctx.edit_message(edit_summary_card(ctx.texts, done))
        case Action.VIEW_THREAD:
            await _view_thread(ctx, thread)
        case _:
            raise NotAllowedError("press-unknown")


async def _render_outcome(ctx: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """A card of its own: the reminder may speak of other threads too."""
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))
    else:
        await ctx.respond(receipt_card(ctx.texts, outcome))


async def _view_thread(ctx: InteractionContext, thread_id: ThreadId) -> None:
    pending = await ctx.services.status.pending(ctx.member_id, now=ctx.now)
    preferences = pending.preferences
    for each in pending.waiting:
        if each.thread.id == thread_id:
            closes_at = each.unanswered.window_closes_at
            later = None
            if ctx.now < closes_at:
                later = snooze_until(ctx.now, closes_at, preferences.reminders).astimezone(preferences.zone)
            await ctx.respond(thread_card(ctx.texts, each, now=ctx.now, snooze_until=later, cost=pending.cost))
            return
    raise NotAllowedError("ledger-nothing-waits")


async def handle_pending_page(ctx: InteractionContext, page: int) -> None:
    """Turn the list of what waits."""
    pending = await ctx.services.status.pending(ctx.member_id, now=ctx.now)
    await ctx.edit_message(pending_card(ctx.texts, pending, now=ctx.now, page=page))


def _reply_time_modal_submit(thread: ThreadId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as ctx:
            moment = parse_time(written[0], now=ctx.now, zone=ctx.preferences.zone)
            ledger = ctx.services.recording
            receipt = await ledger.record_reply(
                ctx.member_id, thread, moment, idempotency_key=ctx.idempotency_key, now=ctx.now
            )
            await _render_outcome(ctx, receipt)

    return submit
