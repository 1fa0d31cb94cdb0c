"""The buttons of a reminder: replied, no reply needed, later."""

from datetime import timedelta
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.cards import snooze_menu
from bot.discord_app.features.pending.pressed_card import answer_if_window_ended, show_open_window, show_pressed_card
from bot.discord_app.features.pending.window_parts import WindowContext
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.receipt_card import press_result_text, receipt_card
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.modals import time_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reminders.snooze import SnoozeChoice
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import ClarificationNeeded, Receipt
from storage.cards import CardItem

_REPLY_OFFSETS: Final = {
    Action.REPLIED_NOW: timedelta(),
    Action.REPLIED_10_MIN_AGO: timedelta(minutes=10),
    Action.REPLIED_30_MIN_AGO: timedelta(minutes=30),
}

_SNOOZE_ACTIONS: Final = (
    Action.SNOOZE_HALF_HOUR, Action.SNOOZE_TWO_HOURS, Action.SNOOZE_TOMORROW_MORNING
)  # fmt: skip


async def _window_id_of_press(ctx: InteractionContext, press: Press) -> MessageId:
    """The window that a press is about.

    A button of a former version names the thread: it is about the window that its reminder showed, if that is open.
    """
    if press.target is Target.WINDOW:
        return MessageId(press.target_id)
    message = ctx.interaction.message
    return await ctx.services.windows.window_shown_by_reminder(
        ctx.member_id, ThreadId(press.target_id), message.id if message is not None else 0
    )


@on(Target.WINDOW, *_REPLY_OFFSETS)
@on(Target.THREAD, *_REPLY_OFFSETS)
@answer_if_window_ended
async def record_window_reply(ctx: InteractionContext, press: Press) -> None:
    precision = Precision.MINUTE if press.action is Action.REPLIED_NOW else Precision.ABOUT
    window_id = await _window_id_of_press(ctx, press)
    await _save_window_reply(ctx, window_id, ParsedTime(ctx.now - _REPLY_OFFSETS[press.action], precision))


@on(Target.WINDOW, Action.REPLIED_AT)
@on(Target.THREAD, Action.REPLIED_AT)
@answer_if_window_ended
async def open_window_reply_time_form(ctx: InteractionContext, press: Press) -> None:
    window_id, at = await _window_id_of_press(ctx, press), ctx.now.replace(second=0)
    await ctx.show_modal(
        time_modal(ctx.texts, Target.WINDOW, window_id, Action.REPLIED_AT, at=at, zone=ctx.preferences.zone)
    )


@on_submit(Target.WINDOW, Action.REPLIED_AT)
@answer_if_window_ended
async def submit_window_reply_time(ctx: InteractionContext, press: Press) -> None:
    sent_at = parse_time(press.value, now=ctx.now, zone=ctx.preferences.zone).of_reply()
    await _save_window_reply(ctx, MessageId(press.target_id), sent_at)


async def _save_window_reply(ctx: InteractionContext, window_id: MessageId, sent_at: ParsedTime) -> None:
    windows, key = ctx.services.windows, ctx.idempotency_key
    outcome = await windows.record_reply(ctx.member_id, window_id, sent_at, idempotency_key=key, now=ctx.now)
    await _show_window_outcome(ctx, window_id, outcome)


@on(Target.WINDOW, Action.DISMISS, Action.NEW_THREAD)
@on(Target.THREAD, Action.DISMISS, Action.NEW_THREAD)
@answer_if_window_ended
async def dismiss_window(ctx: InteractionContext, press: Press) -> None:
    """No reply is needed, or it was sent in a new thread."""
    kind = EventKind.NEW_THREAD if press.action is Action.NEW_THREAD else EventKind.DISMISSED
    window_id = await _window_id_of_press(ctx, press)
    receipt = await ctx.services.windows.dismiss(
        ctx.member_id, window_id, idempotency_key=ctx.idempotency_key, now=ctx.now, kind=kind
    )
    await _show_window_outcome(ctx, window_id, receipt)


async def _show_window_outcome(
    ctx: InteractionContext, window_id: MessageId, outcome: Receipt | ClarificationNeeded
) -> None:
    """Show the pressed card as it is now; a card that is not stored gets a receipt as a new card."""
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))
    elif not await show_pressed_card(ctx, window_id, press_result_text(ctx.texts, outcome)):
        await ctx.respond(receipt_card(ctx.texts, outcome))


@on(Target.WINDOW, Action.SNOOZE)
@on(Target.THREAD, Action.SNOOZE)
@answer_if_window_ended
async def snooze_by_former_button(ctx: InteractionContext, press: Press) -> None:
    """Snooze as the button of a former version does."""
    await _save_snooze(ctx, await _window_id_of_press(ctx, press), None)


@on(Target.WINDOW, *_SNOOZE_ACTIONS)
@answer_if_window_ended
async def snooze_window_for_choice(ctx: InteractionContext, press: Press) -> None:
    await _save_snooze(ctx, MessageId(press.target_id), SnoozeChoice(press.action.value))


async def _save_snooze(ctx: InteractionContext, window_id: MessageId, choice: SnoozeChoice | None) -> None:
    thread, _ = await ctx.services.windows.snooze(ctx.member_id, window_id, choice, now=ctx.now)
    if not await show_pressed_card(ctx):
        await show_open_window(ctx, thread.id)


@on(Target.WINDOW, Action.CHOOSE_SNOOZE)
@answer_if_window_ended
async def show_snooze_menu(ctx: InteractionContext, press: Press) -> None:
    """Replace the card by the choices; "back", and each choice, shows it again."""
    window_id = MessageId(press.target_id)
    thread_id = await ctx.services.windows.get_thread_id(ctx.member_id, window_id)
    items = [CardItem(window_id, thread_id)]
    [window] = await ctx.services.cards.load_windows(ctx.member_id, items, now=ctx.now)
    menu = snooze_menu(ctx.texts, window, WindowContext(now=ctx.now, preferences=ctx.preferences))
    await ctx.edit_message(menu)


@on(Target.WINDOW, Action.BACK)
@answer_if_window_ended
async def show_window_card_again(ctx: InteractionContext, press: Press) -> None:
    if await show_pressed_card(ctx):
        return
    thread_id = await ctx.services.windows.get_thread_id(ctx.member_id, MessageId(press.target_id))
    if not await show_open_window(ctx, thread_id):
        raise NotAllowedError("recording-nothing-waits")


@on(Target.WINDOW, Action.VIEW_THREAD)
@on(Target.THREAD, Action.VIEW_THREAD)
@answer_if_window_ended
async def show_waiting_window(ctx: InteractionContext, press: Press) -> None:
    """Show one waiting thread with its buttons. Raises `NotAllowedError` when it waits no more."""
    thread_id = ThreadId(press.target_id)
    if press.target is Target.WINDOW:
        window_id = MessageId(parse_selected_id(press.values) if press.values else press.target_id)
        thread_id = await ctx.services.windows.get_thread_id(ctx.member_id, window_id)
    if not await show_open_window(ctx, thread_id):
        raise NotAllowedError("recording-nothing-waits")
