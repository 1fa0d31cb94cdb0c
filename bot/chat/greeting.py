"""The first direct message to somebody who was only met in a server."""

from bot.chat.cards.frame import GOOD, LATE, note
from bot.chat.visitor import Visitor
from storage.members import DmStatus


async def try_direct_message(visitor: Visitor) -> None:
    """The first reminder must not be the first test of the direct message."""
    if visitor.contact.direct_messages is DmStatus.OPEN:
        return
    client, texts = visitor.interaction.client, visitor.texts
    match await client.greet(visitor.member, f"greet-{visitor.interaction.id}"[:25]):
        case DmStatus.OPEN:
            await visitor.answer(note(texts("direct-open"), GOOD))
        case DmStatus.REFUSED:
            await visitor.answer(note(texts("direct-refused"), LATE))
        case DmStatus.UNTRIED:
            await visitor.answer(note(texts("direct-unsure"), LATE))
