"""`/status`: where the member stands."""

import discord
from discord import app_commands

from bot.chat.cards.detail import detail_card
from bot.chat.cards.forecast import forecast_card
from bot.chat.cards.status import rules_card, status_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import Visitor, visit


def add_status_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_status)


@app_commands.command(name="status", description=told("command-status"))
@app_commands.rename(view=told("option-view"))
@app_commands.describe(view=told("option-view-about"))
@app_commands.choices(
    view=[
        app_commands.Choice(name=told(f"view-{each}"), value=each)
        for each in ("summary", "detail", "forecast", "rules")
    ]
)
async def _status(interaction: discord.Interaction[NinteiClient], view: str | None = None) -> None:
    async with visit(typed(interaction)) as visitor:
        await visitor.answer(await _card(visitor, view))


async def _card(visitor: Visitor, view: str | None) -> discord.ui.LayoutView:
    services, member, now, texts = visitor.interaction.client.services, visitor.member, visitor.now, visitor.texts
    match view:
        case "forecast":
            return forecast_card(texts, await services.advice.forecast(member, now=now))
        case "detail":
            return detail_card(texts, await services.status.detail(member, now=now))
        case "rules":
            return rules_card(texts, await services.status.report(member, now=now))
        case _:
            overview = await services.status.report(member, now=now)
            pictures = visitor.interaction.client.pictures
            weeks = await services.status.weeks(member, now=now) if pictures else None
            return status_card(texts, overview, weeks)
