"""`/check` and `/away`: what a reply or an absence would change, asked beforehand."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.advice.cards import absence_card, reply_check_card
from bot.discord_app.translator import command, localized_text
from bot.discord_app.ui.autocomplete import autocomplete_clients, autocomplete_thread_titles
from bot.parsing.times.future import parse_future_time


@command("check", client="option-client-check")
async def check_command(interaction: Interaction, client: str, thread: str | None = None) -> None:
    async with interaction_context(interaction) as ctx:
        check = await ctx.services.advice.check(ctx.member_id, client, thread, now=ctx.now)
        cost = await ctx.services.status.late_reply_impact(ctx.member_id, now=ctx.now)
        await ctx.respond(reply_check_card(ctx.texts, client, check, cost))


check_command.autocomplete("client")(autocomplete_clients)
check_command.autocomplete("thread")(autocomplete_thread_titles)


@app_commands.command(name="away", description=localized_text("command-away"))
@app_commands.rename(leaves=localized_text("option-from"), returns=localized_text("option-to"))
@app_commands.describe(leaves=localized_text("option-from-about"), returns=localized_text("option-to-about"))
async def away_command(interaction: Interaction, leaves: str, returns: str) -> None:
    async with interaction_context(interaction) as ctx:
        zone = ctx.preferences.zone
        start = parse_future_time(leaves, now=ctx.now, zone=zone)
        end = parse_future_time(returns, now=ctx.now, zone=zone, end_of_day=True)
        ends_with_day = end != parse_future_time(returns, now=ctx.now, zone=zone)
        absence = await ctx.services.advice.absence(ctx.member_id, start, end, now=ctx.now)
        await ctx.respond(absence_card(ctx.texts, absence, ends_with_day=ends_with_day))
