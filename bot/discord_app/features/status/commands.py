"""`/status`: the certification status, its details, the forecast, and the rules."""

import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.status.card import rules_card, status_card
from bot.discord_app.features.status.detail_card import detail_card
from bot.discord_app.features.status.forecast_card import forecast_card
from bot.discord_app.translator import command, localized_choices


@command("status")
@app_commands.choices(
    view=localized_choices({view: f"view-{view}" for view in ("summary", "detail", "forecast", "rules")})
)
async def status_command(interaction: Interaction, view: str | None = None) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(await _render_view(ctx, view))


async def _render_view(ctx: InteractionContext, view: str | None) -> discord.ui.LayoutView:
    services, member_id, now, texts = ctx.services, ctx.member_id, ctx.now, ctx.texts
    match view:
        case "forecast":
            return forecast_card(texts, await services.advice.forecast(member_id, now=now))
        case "detail":
            return detail_card(texts, await services.status.detail(member_id, now=now))
        case "rules":
            return rules_card(texts, await services.status.report(member_id, now=now))
        case _:
            report = await services.status.report(member_id, now=now)
            pictures = ctx.client.pictures
            weeks = await services.status.weeks(member_id, now=now) if pictures else None
            return status_card(texts, report, weeks)
