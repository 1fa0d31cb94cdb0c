"""The select of the help."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.help.cards import Topic, help_card
from bot.errors import NotAllowedError


async def handle_help_select(visitor: InteractionContext, values: tuple[str, ...]) -> None:
    """Turn to another topic."""
    if not values or values[0] not in set(Topic):
        raise NotAllowedError("button-unknown")
    ids = visitor.interaction.client.command_ids
    await visitor.edit_message(help_card(visitor.texts, Topic(values[0]), visitor.preferences, ids))
