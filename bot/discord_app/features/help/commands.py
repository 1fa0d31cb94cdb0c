"""`/help`: how to use the bot, one topic at a time."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.translator import command, localized_choices


@command("help")
@app_commands.choices(topic=localized_choices({topic: f"topic-{topic}" for topic in Topic}))
async def help_command(interaction: Interaction, topic: str = Topic.OVERVIEW.value) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(help_card(ctx.texts, Topic(topic), ctx.preferences))
