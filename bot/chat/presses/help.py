"""The select of the help."""

from bot.chat.cards.help import Topic, help_card
from bot.chat.visitor import Visitor
from bot.errors import NotAllowedError


async def press_help(visitor: Visitor, values: tuple[str, ...]) -> None:
    """Turn to another topic."""
    if not values or values[0] not in set(Topic):
        raise NotAllowedError("press-unknown")
    ids = visitor.interaction.client.command_ids
    await visitor.replace(help_card(visitor.texts, Topic(values[0]), visitor.preferences, ids))
