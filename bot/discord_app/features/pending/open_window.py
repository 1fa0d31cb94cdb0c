"""The answer to a press whose window has ended: why it has, and the buttons of the thread's open window."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.cards import window_card
from bot.discord_app.features.pending.pressed_card import show_ended_window
from bot.discord_app.features.pending.window_parts import load_window_context
from bot.discord_app.interaction_metrics import set_interaction_outcome
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Target
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.services.reply_windows import WindowEndedError
from storage.cards import CardItem


@asynccontextmanager
async def answer_if_window_ended(ctx: InteractionContext, press: Press) -> AsyncIterator[None]:
    """Answer `WindowEndedError` of the block with why the window ended, and the thread's open window if there is one.

    Where none is open, the pressed card is redrawn in its present state.
    """
    try:
        yield
    except WindowEndedError as error:
        set_interaction_outcome("refused")
        sentence = format_error(ctx.texts, error)
        if await show_open_window(ctx, error.thread_id, f"{sentence}\n{ctx.texts('window-open-now')}"):
            return
        is_window_press = press.target is Target.WINDOW
        if not is_window_press or not await show_ended_window(ctx, MessageId(press.target_id), sentence):
            await ctx.respond(notice_card(sentence))


async def show_open_window(ctx: InteractionContext, thread_id: ThreadId, notice_text: str | None = None) -> bool:
    """Answer with the open window of a thread and its buttons. Returns False, unanswered, when nothing waits there."""
    try:
        waiting = await ctx.services.status.waiting_thread(ctx.member_id, thread_id)
    except NotAllowedError:
        return False
    items = [CardItem(waiting.window_id, thread_id)]
    [window] = await ctx.services.cards.load_windows(ctx.member_id, items, now=ctx.now)
    context = await load_window_context(ctx.services, ctx.member_id, [window], ctx.preferences, now=ctx.now)
    await ctx.respond(window_card(ctx.texts, window, context, notice_text=notice_text))
    return True
