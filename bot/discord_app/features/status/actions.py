"""The pages of `/status view:detail`."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.status.detail_card import detail_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Action, Press, Target


@on(Target.STATUS_DETAIL, Action.GO_TO_PAGE)
async def show_detail_page(ctx: InteractionContext, press: Press) -> None:
    detail = await ctx.services.status.detail(ctx.member_id, now=ctx.now)
    await ctx.edit_message(detail_card(ctx.texts, detail, press.target_id))
