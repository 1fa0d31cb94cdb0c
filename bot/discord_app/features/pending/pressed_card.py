"""The answer to a press on a card that is stored: the card itself, as it is now."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.stored_cards import build_stored_card
from bot.domain.types import MessageId
from bot.services.cards import ShownCard


async def pressed_card(ctx: InteractionContext) -> ShownCard | None:
    """The stored card whose control was used, and its present state. None: it is not stored."""
    message = ctx.interaction.message
    if message is None or not ctx.in_dm:
        return None
    return await ctx.services.cards.find(ctx.member_id, message.id, ctx.preferences, now=ctx.now)


async def show_pressed_card(ctx: InteractionContext, window_id: MessageId | None = None, outcome: str = "") -> bool:
    """Replace the card by itself as it is now, with a line about what was recorded for a window.

    False, unanswered: the card is not stored.
    """
    shown = await pressed_card(ctx)
    if shown is None:
        return False
    item_ids = [item.message_id for item in shown.card.content.items]
    if window_id not in item_ids:  # the receipt of a later message of the window
        window_id = item_ids[0]
    outcomes = {window_id: outcome} if outcome and window_id is not None else {}
    await ctx.edit_message(await build_stored_card(ctx.services, shown, now=ctx.now, outcomes=outcomes))
    return True
