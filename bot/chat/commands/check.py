"""`/check` and `/away`: before, not after."""

import discord
from discord import app_commands

from bot.chat.cards.advice import absence_card, check_card
from bot.chat.client import NinteiClient, typed
from bot.chat.completion import clients, titles
from bot.chat.translator import told
from bot.chat.visitor import visit
from bot.parsing.times.future import parse_future_time

Ask = discord.Interaction[NinteiClient]


def add_check_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_check)
    client.tree.add_command(_away)


@app_commands.command(name="check", description=told("command-check"))
@app_commands.rename(client=told("option-client"), thread=told("option-thread"))
@app_commands.describe(client=told("option-client-check"), thread=told("option-thread-about"))
async def _check(interaction: Ask, client: str, thread: str | None = None) -> None:
    async with visit(typed(interaction)) as visitor:
        services = visitor.interaction.client.services
        checked = await services.advice.check(visitor.member, client, thread, now=visitor.now)
        cost = await services.status.cost_of_late(visitor.member, now=visitor.now)
        await visitor.answer(check_card(visitor.texts, client, checked, cost))


_check.autocomplete("client")(clients)
_check.autocomplete("thread")(titles)


@app_commands.command(name="away", description=told("command-away"))
@app_commands.rename(leaves=told("option-from"), returns=told("option-to"))
@app_commands.describe(leaves=told("option-from-about"), returns=told("option-to-about"))
async def _away(interaction: Ask, leaves: str, returns: str) -> None:
    async with visit(typed(interaction)) as visitor:
        zone = visitor.preferences.zone
        start = parse_future_time(leaves, now=visitor.now, zone=zone)
        end = parse_future_time(returns, now=visitor.now, zone=zone, end_of_day=True)
        foresight = visitor.interaction.client.services.advice
        await visitor.answer(
            absence_card(visitor.texts, await foresight.absence(visitor.member, start, end, now=visitor.now))
        )
