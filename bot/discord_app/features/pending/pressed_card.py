"""The answer to a press on a card that is stored: the card itself, redrawn in its present state."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.stored_cards import build_stored_card
from bot.domain.types import MessageId
from bot.services.cards import ShownCard, ShownWindow, WindowStatus


async def load_pressed_card(ctx: InteractionContext) -> ShownCard | None:
    """The stored card whose control was used, and its present state. None: it is not stored."""
    message = ctx.interaction.message
    if message is None or not ctx.in_dm:
        return None
    return await ctx.services.cards.find(ctx.member_id, message.id, ctx.preferences, now=ctx.now)


async def show_pressed_card(ctx: InteractionContext, window_id: MessageId | None = None, result_line: str = "") -> bool:
    """Redraw the pressed card in its present state, with a line about what was recorded for a window.

    False, unanswered: the card is not stored.
    """
    card = await load_pressed_card(ctx)
    if card is None:
        return False
    await edit_pressed_card(ctx, card, _window_on(card, window_id), result_line)
    return True


async def show_ended_window(ctx: InteractionContext, window_id: MessageId, sentence: str) -> bool:
    """Redraw a card that showed a window as open in its present state, with why nothing was recorded.

    False, unanswered: the card is not stored, or its window has not ended.
    """
    card = await load_pressed_card(ctx)
    if card is None:
        return False
    window = _window_on(card, window_id)
    if window.is_waiting or window.status is WindowStatus.SENT:
        return False
    await edit_pressed_card(ctx, card, window, sentence)
    return True


async def edit_pressed_card(
    ctx: InteractionContext, card: ShownCard, window: ShownWindow | None = None, result_line: str = ""
) -> None:
    """Redraw the pressed card, as it was loaded, with a line below one of its windows."""
    lines = {window.message_id: result_line} if window is not None and result_line else {}
    await ctx.edit_message(await build_stored_card(ctx.services, card, now=ctx.now, outcomes=lines))


def _window_on(card: ShownCard, window_id: MessageId | None) -> ShownWindow:
    """The window of a press; on the receipt of a later message of that window, the window of the receipt.

    Of windows that have become one the card shows the first.
    """
    pressed = card.windows[0]
    for window in card.windows[1:]:
        if window.message_id == window_id:
            pressed = window
    if pressed is card.windows[0]:
        return pressed
    return next(window for window in card.windows if window.identity == pressed.identity)
