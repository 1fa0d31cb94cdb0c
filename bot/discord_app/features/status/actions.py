"""The buttons of `/status`, and the pages of its details."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.status.commands import render_forecast, render_status_detail, render_status_summary
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.press_words import Action, Target


@on(Target.STATUS_DETAIL, Action.GO_TO_PAGE)
async def show_status_detail_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(await render_status_detail(ctx, press.target_id))


@on(Target.STATUS, Action.VIEW_DETAIL)
async def show_status_detail(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(await render_status_detail(ctx, 0))


@on(Target.STATUS, Action.FORECAST)
async def show_forecast(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(await render_forecast(ctx))


@on(Target.STATUS, Action.BACK)
async def show_status_summary(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(await render_status_summary(ctx))


@on(Target.STATUS, Action.VIEW_PENDING)
async def open_pending_list_from_status(ctx: InteractionContext, _press: Press) -> None:
    """Show the list as a card of its own, which is edited as it changes."""
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now)
    await ctx.respond(pending_card(ctx.texts, pending, now=ctx.now))
