"""The first direct message to somebody who was only met in a server."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.ui.layout import DANGER, SUCCESS, notice
from storage.members import DmStatus


async def verify_dm_reachable(ctx: InteractionContext) -> None:
    """The first reminder must not be the first test of the direct message."""
    if ctx.contact.direct_messages is DmStatus.OPEN:
        return
    texts = ctx.texts
    match await ctx.client.sender.send_test_dm(ctx.member_id, f"greet-{ctx.interaction.id}"[:25]):
        case DmStatus.OPEN:
            await ctx.respond(notice(texts("direct-open"), SUCCESS))
        case DmStatus.REFUSED:
            await ctx.respond(notice(texts("direct-refused"), DANGER))
        case DmStatus.UNTRIED:
            await ctx.respond(notice(texts("direct-unsure"), DANGER))
