"""The first direct message to somebody who was only met in a server."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.ui.layout import DANGER, SUCCESS, notice
from storage.members import DmStatus


async def verify_dm_reachable(visitor: InteractionContext) -> None:
    """The first reminder must not be the first test of the direct message."""
    if visitor.contact.direct_messages is DmStatus.OPEN:
        return
    client, texts = visitor.interaction.client, visitor.texts
    match await client.send_test_dm(visitor.member, f"greet-{visitor.interaction.id}"[:25]):
        case DmStatus.OPEN:
            await visitor.respond(notice(texts("dm-open"), SUCCESS))
        case DmStatus.REFUSED:
            await visitor.respond(notice(texts("dm-refused"), DANGER))
        case DmStatus.UNTRIED:
            await visitor.respond(notice(texts("dm-unsure"), DANGER))
