"""`/status`: the certification status, its details, the forecast and the rules; and entering what the status lacks."""

from functools import partial

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.profile.commands import parse_goal_options, render_profile_card
from bot.discord_app.features.status.card import (
    actions_to_fill_criteria,
    edition_rules_card,
    status_card,
    ways_to_fill_card,
)
from bot.discord_app.features.status.detail_card import status_detail_card
from bot.discord_app.features.status.forecast_card import forecast_card
from bot.discord_app.features.status.picture import year_picture
from bot.discord_app.registry import command, on, on_submit
from bot.discord_app.translator import localized_choices
from bot.discord_app.ui.command_options import parse_category
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.layout import Card
from bot.discord_app.ui.modals import build_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import get_edition
from bot.domain.certification.gap import find_criteria_gap
from bot.parsing.displayed_figures import parse_displayed_figures, parse_reply_count

STARS, SATISFACTION = 0, 1
"""The target's id of the form of displayed figures: in what evaluations are given."""


@command("status")
@app_commands.choices(
    view=localized_choices({view: f"view-{view}" for view in ("summary", "detail", "forecast", "rules")})
)
async def status_command(ctx: InteractionContext, view: str | None = None) -> None:
    await ctx.respond(await _render_status_view(ctx, view))


async def _render_status_view(ctx: InteractionContext, view: str | None) -> Card:
    match view:
        case "forecast":
            return forecast_card(ctx.texts, await ctx.services.advice.forecast(ctx.member_id, now=ctx.now))
        case "detail":
            return await render_status_detail(ctx, 0)
        case "rules":
            return edition_rules_card(ctx.texts, await ctx.services.status.report(ctx.member_id, now=ctx.now))
        case _:
            return await render_status_summary(ctx)


async def render_status_summary(ctx: InteractionContext) -> Card:
    """The summary."""
    return status_card(ctx.texts, await ctx.services.status.report(ctx.member_id, now=ctx.now))


async def render_status_detail(ctx: InteractionContext, page: int) -> Card:
    """A page of the details, from 0; the first one with the picture of the year."""
    detail = await ctx.services.status.detail(ctx.member_id, now=ctx.now)
    if page or ctx.client.pictures is None:
        return status_detail_card(ctx.texts, detail, page)
    weeks = await ctx.services.status.weeks(ctx.member_id, now=ctx.now)
    return status_detail_card(ctx.texts, detail, picture=partial(year_picture, ctx.texts, detail.report, weeks))


@on(Target.STATUS_DETAIL, Action.GO_TO_PAGE)
async def show_status_detail_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(await render_status_detail(ctx, press.target_id))


@on(Target.STATUS, Action.VIEW_DETAIL, Action.FORECAST, Action.BACK)
async def show_status_view(ctx: InteractionContext, press: Press) -> None:
    """Another view in place of the one whose button was pressed; "back" leads to the summary."""
    view = {Action.VIEW_DETAIL: "detail", Action.FORECAST: "forecast"}.get(press.action)
    await ctx.edit_message(await _render_status_view(ctx, view))


@on(Target.STATUS, Action.VIEW_PENDING)
async def open_pending_list_from_status(ctx: InteractionContext, _press: Press) -> None:
    """Show the list as a card of its own, which is edited as it changes."""
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now)
    await ctx.respond(pending_card(ctx.texts, pending, now=ctx.now))


@on(Target.STATUS, Action.FILL)
async def open_way_to_fill(ctx: InteractionContext, press: Press) -> None:
    """Open the one way to enter what is missing; where there are several, offer them."""
    report = await ctx.services.status.report(ctx.member_id, now=ctx.now)
    match actions_to_fill_criteria(find_criteria_gap(report.standing)):
        case [Action.FILL_PROFILE]:
            await show_profile_to_fill(ctx, press)
        case [Action.FILL_GOAL]:
            await open_missing_goal_form(ctx, press)
        case [Action.FILL_DISPLAYED]:
            await open_displayed_figures_form(ctx, press)
        case _:
            await ctx.edit_message(ways_to_fill_card(ctx.texts, report))


@on(Target.STATUS, Action.FILL_PROFILE)
async def show_profile_to_fill(ctx: InteractionContext, _press: Press) -> None:
    await ctx.respond(await render_profile_card(ctx))


@on(Target.STATUS, Action.CONFIRM_LOGIN)
async def confirm_missing_login(ctx: InteractionContext, _press: Press) -> None:
    await ctx.services.profile.confirm_login(ctx.member_id, lancers_date(ctx.now), now=ctx.now)
    await ctx.edit_message(await render_status_summary(ctx))


@on(Target.STATUS, Action.FILL_GOAL)
async def open_missing_goal_form(ctx: InteractionContext, _press: Press) -> None:
    texts = ctx.texts
    fields = [
        (texts("form-goal-category"), None, None, False),
        (texts("option-line"), None, texts("option-line-about"), True),
    ]
    await ctx.show_modal(build_modal(Target.STATUS, 0, Action.FILL_GOAL, texts("form-goal"), fields))


@on_submit(Target.STATUS, Action.FILL_GOAL, fields=2)
async def submit_missing_goal(ctx: InteractionContext, press: Press) -> None:
    category, line = press.values
    goal = parse_goal_options(parse_category(category), line, None, lancers_date(ctx.now))
    await ctx.services.profile.set_goal(ctx.member_id, goal, now=ctx.now)
    await ctx.edit_message(await render_status_summary(ctx))


@on(Target.STATUS, Action.FILL_DISPLAYED)
async def open_displayed_figures_form(ctx: InteractionContext, _press: Press) -> None:
    """Open a form for the figures on the member's page at Lancers; the edition says in what evaluations are given."""
    texts = ctx.texts
    judged = {rule.id for rule in get_edition(ctx.preferences.edition).criteria}
    scale = SATISFACTION if "satisfaction" in judged else STARS
    labels = [
        ("option-reply-rate", "option-reply-rate-about"),
        ("option-replies", "option-replies-about"),
        ("option-completion-rate", "option-completion-rate-about"),
        ("option-satisfaction", "option-satisfaction-about")
        if scale
        else ("option-evaluation", "option-evaluation-calibrate"),
    ]
    if "task_approval" in judged:
        labels.append(("option-task-approval", "option-task-approval-about"))
    fields = [(texts(label), None, texts(example), False) for label, example in labels]
    await ctx.show_modal(build_modal(Target.STATUS, scale, Action.FILL_DISPLAYED, texts("form-displayed"), fields))


@on_submit(Target.STATUS, Action.FILL_DISPLAYED, fields=(4, 5))
async def submit_displayed_figures(ctx: InteractionContext, press: Press) -> None:
    """The fifth field is there where the edition judges the approval of tasks."""
    reply_rate, replies, completion_rate, evaluation, *task_approval = press.values
    in_percent = press.target_id == SATISFACTION
    displayed = parse_displayed_figures(
        lancers_date(ctx.now),
        reply_rate=reply_rate,
        replies=parse_reply_count(replies),
        completion_rate=completion_rate,
        task_approval=next(iter(task_approval), None),
        satisfaction=evaluation if in_percent else None,
        evaluation=None if in_percent else evaluation,
    )
    if any(press.values):
        await ctx.services.profile.calibrate(ctx.member_id, displayed, now=ctx.now, rule=ctx.preferences.rate_rule)
    await ctx.edit_message(await render_status_summary(ctx))
