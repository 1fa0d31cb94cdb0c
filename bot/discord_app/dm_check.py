"""Tests whether a member who used the bot in a server can be sent direct messages."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.ui.layout import DANGER, SUCCESS, notice_card
from storage.members import DmStatus


async def verify_dm_reachable(ctx: InteractionContext) -> None:
    """Send a first direct message and answer whether it arrived, unless an earlier one did."""
    if ctx.contact.direct_messages is DmStatus.OPEN:
        return
    texts = ctx.texts
    match await ctx.client.sender.send_test_dm(ctx.member_id, f"greet-{ctx.interaction.id}"[:25]):
        case DmStatus.OPEN:
            await ctx.respond(notice_card(texts("dm-open"), SUCCESS))
        case DmStatus.REFUSED:
            await ctx.respond(notice_card(texts("dm-refused"), DANGER))
        case DmStatus.UNTRIED:
            await ctx.respond(notice_card(texts("dm-unsure"), DANGER))
