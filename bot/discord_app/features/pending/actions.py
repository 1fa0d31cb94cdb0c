"""The buttons of a reminder: replied, no reply needed, later."""

from datetime import timedelta
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.cards import snoozed_card
from bot.discord_app.features.pending.open_window import offer_open_window, show_open_window
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.receipt_card import receipt_card
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Action, Press, Target
from bot.discord_app.ui.modals import time_modal
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import ClarificationNeeded, Receipt

_REPLY_OFFSETS: Final = {
    Action.REPLIED_NOW: timedelta(),
    Action.REPLIED_10_MIN_AGO: timedelta(minutes=10),
    Action.REPLIED_30_MIN_AGO: timedelta(minutes=30),
}


async def _window_id(ctx: InteractionContext, press: Press) -> MessageId:
    """The window that a press is about.

    A button of a former version names the thread: it is about the window that its reminder showed, if that is open.
    """
    if press.target is Target.WINDOW:
        return MessageId(press.target_id)
    message = ctx.interaction.message
    return await ctx.services.windows.shown_by(
        ctx.member_id, ThreadId(press.target_id), message.id if message is not None else 0
    )


@on(Target.WINDOW, *_REPLY_OFFSETS)
@on(Target.THREAD, *_REPLY_OFFSETS)
async def record_reply(ctx: InteractionContext, press: Press) -> None:
    precision = Precision.MINUTE if press.action is Action.REPLIED_NOW else Precision.ABOUT
    async with offer_open_window(ctx):
        window_id = await _window_id(ctx, press)
        await _save_reply(ctx, window_id, ParsedTime(ctx.now - _REPLY_OFFSETS[press.action], precision))


@on(Target.WINDOW, Action.REPLIED_AT)
@on(Target.THREAD, Action.REPLIED_AT)
async def ask_reply_time(ctx: InteractionContext, press: Press) -> None:
    async with offer_open_window(ctx):
        window_id, at = await _window_id(ctx, press), ctx.now.replace(second=0)
        await ctx.show_modal(
            time_modal(ctx.texts, Target.WINDOW, window_id, Action.REPLIED_AT, at=at, zone=ctx.preferences.zone)
        )


@on_submit(Target.WINDOW, Action.REPLIED_AT)
async def submit_reply_time(ctx: InteractionContext, press: Press) -> None:
    sent_at = parse_time(press.value, now=ctx.now, zone=ctx.preferences.zone)
    async with offer_open_window(ctx):
        await _save_reply(ctx, MessageId(press.target_id), sent_at)


async def _save_reply(ctx: InteractionContext, window_id: MessageId, sent_at: ParsedTime) -> None:
    windows, key = ctx.services.windows, ctx.idempotency_key
    outcome = await windows.record_reply(ctx.member_id, window_id, sent_at, idempotency_key=key, now=ctx.now)
    await _respond_with_outcome(ctx, outcome)


@on(Target.WINDOW, Action.DISMISS, Action.NEW_THREAD)
@on(Target.THREAD, Action.DISMISS, Action.NEW_THREAD)
async def dismiss_window(ctx: InteractionContext, press: Press) -> None:
    """No reply is needed, or it was sent in a new thread."""
    kind = EventKind.NEW_THREAD if press.action is Action.NEW_THREAD else EventKind.DISMISSED
    async with offer_open_window(ctx):
        receipt = await ctx.services.windows.dismiss(
            ctx.member_id, await _window_id(ctx, press), idempotency_key=ctx.idempotency_key, now=ctx.now, kind=kind
        )
        await _respond_with_outcome(ctx, receipt)


async def _respond_with_outcome(ctx: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """Show it as a new card: the reminder may name other threads too."""
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))
    else:
        await ctx.respond(receipt_card(ctx.texts, outcome))


@on(Target.WINDOW, Action.SNOOZE)
@on(Target.THREAD, Action.SNOOZE)
async def snooze_window(ctx: InteractionContext, press: Press) -> None:
    async with offer_open_window(ctx):
        window_id = await _window_id(ctx, press)
        thread, until = await ctx.services.windows.snooze(ctx.member_id, window_id, now=ctx.now)
        await ctx.respond(snoozed_card(ctx.texts, thread, until))


@on(Target.WINDOW, Action.VIEW_THREAD)
@on(Target.THREAD, Action.VIEW_THREAD)
async def show_window(ctx: InteractionContext, press: Press) -> None:
    """Show one waiting thread with its buttons. Raises `NotAllowedError` when it waits no more."""
    async with offer_open_window(ctx):
        thread_id = ThreadId(press.target_id)
        if press.target is Target.WINDOW:
            thread_id = await ctx.services.windows.thread_of(ctx.member_id, MessageId(press.target_id))
        if not await show_open_window(ctx, thread_id):
            raise NotAllowedError("recording-nothing-waits")
