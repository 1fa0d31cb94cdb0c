"""`/status`: the certification status, its details, the forecast, and the rules."""

from functools import partial

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.status.card import edition_rules_card, status_card
from bot.discord_app.features.status.detail_card import status_detail_card
from bot.discord_app.features.status.forecast_card import forecast_card
from bot.discord_app.features.status.year_picture import year_picture
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_choices
from bot.discord_app.ui.layout import Card


@command("status")
@app_commands.choices(
    view=localized_choices({view: f"view-{view}" for view in ("summary", "detail", "forecast", "rules")})
)
async def status_command(ctx: InteractionContext, view: str | None = None) -> None:
    match view:
        case "forecast":
            card = await render_forecast(ctx)
        case "detail":
            card = await render_status_detail(ctx, 0)
        case "rules":
            card = edition_rules_card(ctx.texts, await ctx.services.status.report(ctx.member_id, now=ctx.now))
        case _:
            card = await render_status_summary(ctx)
    await ctx.respond(card)


async def render_status_summary(ctx: InteractionContext) -> Card:
    """The summary."""
    return status_card(ctx.texts, await ctx.services.status.report(ctx.member_id, now=ctx.now))


async def render_forecast(ctx: InteractionContext) -> Card:
    """The rate at the coming reviews."""
    return forecast_card(ctx.texts, await ctx.services.advice.forecast(ctx.member_id, now=ctx.now))


async def render_status_detail(ctx: InteractionContext, page: int) -> Card:
    """A page of the details, from 0; the first one with the picture of the year."""
    detail = await ctx.services.status.detail(ctx.member_id, now=ctx.now)
    if page or ctx.client.pictures is None:
        return status_detail_card(ctx.texts, detail, page)
    weeks = await ctx.services.status.weeks(ctx.member_id, now=ctx.now)
    return status_detail_card(ctx.texts, detail, picture=partial(year_picture, ctx.texts, detail.report, weeks))
