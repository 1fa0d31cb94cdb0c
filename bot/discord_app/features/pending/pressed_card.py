"""The answer to a press on a card of one window or more: the card itself, redrawn in its present state."""

import discord

from bot.discord_app.context import InteractionContext
from bot.discord_app.stored_cards import build_stored_card
from bot.discord_app.ui.components import custom_ids_of_components, parse_custom_id
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import MessageId, ThreadId
from bot.services.shown_cards import ShownCard, ShownWindow, WindowStatus
from storage.cards import Card, CardContent, CardItem, CardKind


async def load_pressed_card(ctx: InteractionContext) -> ShownCard | None:
    """The card whose control was used, and its present state. None: it is not stored, or shows no window.

    Outside the direct message, where no card is stored, its controls name what it shows.
    """
    message, cards = ctx.interaction.message, ctx.services.cards
    if message is None:
        return None
    if ctx.in_dm:
        return await cards.find(ctx.member_id, message.id, ctx.preferences, now=ctx.now)
    content = _card_content_from_controls(message)
    if content is None:
        return None
    windows = await cards.load_windows(ctx.member_id, content.items, now=ctx.now)
    return ShownCard(
        Card(
            discord_message_id=message.id,
            member_id=ctx.member_id,
            channel_id=message.channel.id,
            content=content,
            shown="",
            revision=0,
        ),
        windows,
        ctx.preferences,
    )


def _card_content_from_controls(message: discord.Message) -> CardContent | None:
    """The receipt or the window whose controls a message has; None if it has those of none or of several.

    The card of a message that was answered also names the reply that its undo deletes.
    """
    presses = [
        press for each in custom_ids_of_components(message.components) if each and (press := parse_custom_id(each))
    ]
    if any(press.target is Target.PENDING_LIST for press in presses):
        return None
    for target, kind in ((Target.MESSAGE, CardKind.RECEIPT), (Target.WINDOW, CardKind.WINDOW)):
        named = [press for press in presses if press.target is target]
        others = [press for press in named if press.action is not Action.DELETE_MESSAGE]
        match {press.target_id for press in others or named}:
            case ids if len(ids) == 1:
                return CardContent(kind=kind, items=(CardItem(MessageId(*ids), ThreadId(0)),))
            case ids if ids:
                return None
    return None


async def show_pressed_card(ctx: InteractionContext, window_id: MessageId | None = None, result_line: str = "") -> bool:
    """Redraw the pressed card in its present state, with a line about what was recorded for a window.

    False, unanswered: it cannot be loaded.
    """
    card = await load_pressed_card(ctx)
    if card is None:
        return False
    await edit_pressed_card(ctx, card, _window_on_card(card, window_id), result_line)
    return True


async def show_ended_window(ctx: InteractionContext, window_id: MessageId, sentence: str) -> bool:
    """Redraw a card that showed a window as open in its present state, with why nothing was recorded.

    False, unanswered: it cannot be loaded, or its window has not ended.
    """
    card = await load_pressed_card(ctx)
    if card is None:
        return False
    if card.card.content.kind is CardKind.PENDING:  # it shows only what waits, which may be nothing
        await ctx.edit_message(await build_stored_card(ctx.services, card, now=ctx.now, outcomes={window_id: sentence}))
        return True
    window = _window_on_card(card, window_id)
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


def _window_on_card(card: ShownCard, window_id: MessageId | None) -> ShownWindow:
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
