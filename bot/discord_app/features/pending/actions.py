"""The buttons of a reminder and of `/pending`: replied, no reply needed, later."""

from datetime import timedelta
from functools import partial
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.history.cards import edit_summary_card
from bot.discord_app.features.pending.cards import pending_card, snoozed_card, thread_card
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.receipt_card import receipt_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Action, Press, Target, selected_id
from bot.discord_app.ui.modals import time_modal
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reminders.plan import snooze_until
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import ClarificationNeeded, Receipt

_REPLY_OFFSETS: Final = {
    Action.REPLIED_NOW: timedelta(),
    Action.REPLIED_10_MIN_AGO: timedelta(minutes=10),
    Action.REPLIED_30_MIN_AGO: timedelta(minutes=30),
}


@on(Target.THREAD, *_REPLY_OFFSETS)
async def record_reply(ctx: InteractionContext, press: Press) -> None:
    precision = Precision.MINUTE if press.action is Action.REPLIED_NOW else Precision.ABOUT
    await _save_reply(ctx, ThreadId(press.target_id), ParsedTime(ctx.now - _REPLY_OFFSETS[press.action], precision))


@on(Target.THREAD, Action.REPLIED_AT)
async def ask_reply_time(ctx: InteractionContext, press: Press) -> None:
    submit = partial(_submit_reply_time, ThreadId(press.target_id))
    await ctx.show_modal(time_modal(ctx.texts, submit, ctx.now.replace(second=0), ctx.preferences.zone))


async def _submit_reply_time(thread_id: ThreadId, ctx: InteractionContext, values: tuple[str, ...]) -> None:
    await _save_reply(ctx, thread_id, parse_time(values[0], now=ctx.now, zone=ctx.preferences.zone))


async def _save_reply(ctx: InteractionContext, thread_id: ThreadId, sent_at: ParsedTime) -> None:
    recording, key = ctx.services.recording, ctx.idempotency_key
    outcome = await recording.record_reply(ctx.member_id, thread_id, sent_at, idempotency_key=key, now=ctx.now)
    await _respond_with_outcome(ctx, outcome)


@on(Target.THREAD, Action.DISMISS, Action.NEW_THREAD)
async def dismiss_thread(ctx: InteractionContext, press: Press) -> None:
    """No reply is needed, or it was sent in a new thread."""
    receipt = await ctx.services.recording.dismiss(
        ctx.member_id,
        ThreadId(press.target_id),
        idempotency_key=ctx.idempotency_key,
        now=ctx.now,
        kind=EventKind.NEW_THREAD if press.action is Action.NEW_THREAD else EventKind.DISMISSED,
    )
    await _respond_with_outcome(ctx, receipt)


async def _respond_with_outcome(ctx: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """Show it as a new card: the reminder may name other threads too."""
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))
    else:
        await ctx.respond(receipt_card(ctx.texts, outcome))


@on(Target.THREAD, Action.SNOOZE)
async def snooze_thread(ctx: InteractionContext, press: Press) -> None:
    thread, until = await ctx.services.recording.snooze(ctx.member_id, ThreadId(press.target_id), now=ctx.now)
    await ctx.respond(snoozed_card(ctx.texts, thread, until))


@on(Target.THREAD, Action.MERGE)
async def merge_threads(ctx: InteractionContext, press: Press) -> None:
    if not press.values:
        raise NotAllowedError("button-unknown")
    source, target = ThreadId(press.target_id), ThreadId(selected_id(press.values))
    summary = await ctx.services.history.merge(ctx.member_id, source, target, now=ctx.now)
    await ctx.edit_message(edit_summary_card(ctx.texts, summary))


@on(Target.THREAD, Action.VIEW_THREAD)
async def show_thread(ctx: InteractionContext, press: Press) -> None:
    """Show one waiting thread with its buttons. Raises `NotAllowedError` when it waits no more."""
    status, preferences = ctx.services.status, ctx.preferences
    waiting = await status.waiting_thread(ctx.member_id, ThreadId(press.target_id))
    cost = await status.cost_of_late(ctx.member_id, now=ctx.now)
    closes_at = waiting.unanswered.window_closes_at
    later = None
    if ctx.now < closes_at:
        later = snooze_until(ctx.now, closes_at, preferences.reminders).astimezone(preferences.zone)
    await ctx.respond(thread_card(ctx.texts, waiting, now=ctx.now, snooze_until=later, cost=cost))


@on(Target.PENDING_LIST, Action.GO_TO_PAGE)
async def show_pending_page(ctx: InteractionContext, press: Press) -> None:
    pending = await ctx.services.status.pending(ctx.member_id, now=ctx.now, page=press.target_id)
    await ctx.edit_message(pending_card(ctx.texts, pending, now=ctx.now))
