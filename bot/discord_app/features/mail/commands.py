"""`/mail`: Lancers' notifications reach the bot by themselves."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.mail.actions import current_mail_card
from bot.discord_app.registry import command


@command("mail")
async def mail_command(ctx: InteractionContext) -> None:
    await ctx.respond(await current_mail_card(ctx))
