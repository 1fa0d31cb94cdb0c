"""The pages of `/job list`."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.jobs.cards import jobs_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Action, Press, Target


@on(Target.JOBS, Action.GO_TO_PAGE)
async def show_jobs_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(jobs_card(ctx.texts, await ctx.services.jobs.page(ctx.member_id, press.target_id)))
