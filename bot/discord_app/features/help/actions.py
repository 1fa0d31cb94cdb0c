"""The select of the help."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.help.cards import Topic, help_card
from bot.errors import NotAllowedError


async def handle_help_select(ctx: InteractionContext, values: tuple[str, ...]) -> None:
    """Turn to another topic."""
    if not values or values[0] not in set(Topic):
        raise NotAllowedError("press-unknown")
    ids = ctx.client.command_ids
    await ctx.edit_message(help_card(ctx.texts, Topic(values[0]), ctx.preferences, ids))
