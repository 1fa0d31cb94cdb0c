"""The pages of `/job list`, and the button that adds a job once more."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.jobs.cards import job_card, jobs_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import JobId


@on(Target.JOBS, Action.GO_TO_PAGE)
async def show_jobs_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(jobs_card(ctx.texts, await ctx.services.jobs.page(ctx.member_id, press.target_id)))


@on(Target.JOB, Action.ADD_AGAIN)
async def add_job_again(ctx: InteractionContext, press: Press) -> None:
    stored = await ctx.services.jobs.add_again(ctx.member_id, JobId(press.target_id), now=ctx.now)
    await ctx.edit_message(job_card(ctx.texts, stored, "added"))
