"""`/check` and `/away`: before, not after."""

import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.advice.cards import absence_card, reply_check_card
from bot.discord_app.translator import localized
from bot.discord_app.ui.autocomplete import autocomplete_clients, autocomplete_titles
from bot.parsing.times.future import parse_future_time

Ask = discord.Interaction[NinteiClient]


def add_check_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_check)
    client.tree.add_command(_away)


@app_commands.command(name="check", description=localized("command-check"))
@app_commands.rename(client=localized("option-client"), thread=localized("option-thread"))
@app_commands.describe(client=localized("option-client-check"), thread=localized("option-thread-about"))
async def _check(interaction: Ask, client: str, thread: str | None = None) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        services = visitor.interaction.client.services
        checked = await services.advice.check(visitor.member, client, thread, now=visitor.now)
        cost = await services.status.cost_of_late(visitor.member, now=visitor.now)
        await visitor.respond(reply_check_card(visitor.texts, client, checked, cost))


_check.autocomplete("client")(autocomplete_clients)
_check.autocomplete("thread")(autocomplete_titles)


@app_commands.command(name="away", description=localized("command-away"))
@app_commands.rename(leaves=localized("option-from"), returns=localized("option-to"))
@app_commands.describe(leaves=localized("option-from-about"), returns=localized("option-to-about"))
async def _away(interaction: Ask, leaves: str, returns: str) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        zone = visitor.preferences.zone
        start = parse_future_time(leaves, now=visitor.now, zone=zone)
        end = parse_future_time(returns, now=visitor.now, zone=zone, end_of_day=True)
        foresight = visitor.interaction.client.services.advice
        await visitor.respond(
            absence_card(visitor.texts, await foresight.absence(visitor.member, start, end, now=visitor.now))
        )
