"""`/mail`: Lancers' notifications reach the bot by themselves."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.mail.actions import current_mail_card
from bot.discord_app.translator import command


@command("mail")
async def mail_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(await current_mail_card(ctx))
