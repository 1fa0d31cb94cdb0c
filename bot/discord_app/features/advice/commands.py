"""`/check` and `/away`: what a reply or an absence would change, asked beforehand."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.advice.cards import absence_card, reply_check_card
from bot.discord_app.registry import command
from bot.discord_app.ui.command_options import autocomplete_clients, autocomplete_thread_titles
from bot.domain.names import client_key
from bot.errors import InvalidInputError
from bot.parsing.times.future import parse_future_time


@command("check", client="option-client-check")
@app_commands.autocomplete(client=autocomplete_clients, thread=autocomplete_thread_titles)
async def check_command(ctx: InteractionContext, client: str, thread: str | None = None) -> None:
    if not client_key(client):
        raise InvalidInputError("check-client-missing")
    check = await ctx.services.advice.check(ctx.member_id, client, thread, now=ctx.now)
    cost = await ctx.services.status.late_reply_impact(ctx.member_id, now=ctx.now)
    await ctx.respond(reply_check_card(ctx.texts, client, check, cost))


@command("away")
async def away_command(ctx: InteractionContext, from_: str, to: str) -> None:
    zone = ctx.preferences.zone
    start = parse_future_time(from_, now=ctx.now, zone=zone)
    end = parse_future_time(to, now=ctx.now, zone=zone, end_of_day=True)
    ends_with_day = end != parse_future_time(to, now=ctx.now, zone=zone)
    absence = await ctx.services.advice.absence(ctx.member_id, start, end, now=ctx.now)
    await ctx.respond(absence_card(ctx.texts, absence, ends_with_day=ends_with_day))
