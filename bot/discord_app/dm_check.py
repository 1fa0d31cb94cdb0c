"""Tests whether a member who used the bot in a server can be sent direct messages."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.ui.layout import DANGER, SUCCESS, notice_card
from storage.members import DmStatus


async def verify_dm_reachable(ctx: InteractionContext) -> None:
    """Send a first direct message and answer whether it arrived, unless an earlier one did."""
    if ctx.contact.direct_messages is DmStatus.OPEN:
        return
    status = await ctx.client.sender.send_test_dm(ctx.member_id, f"greet-{ctx.interaction.id}"[:25])
    text_id = {DmStatus.OPEN: "dm-open", DmStatus.REFUSED: "dm-refused", DmStatus.UNTRIED: "dm-unsure"}[status]
    await ctx.respond(notice_card(ctx.texts(text_id), SUCCESS if status is DmStatus.OPEN else DANGER))
