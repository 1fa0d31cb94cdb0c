"""`/profile`, `/goal`, `/calibrate`: facts that only the member can state; and the controls of the profile's card."""

from datetime import date

import discord
from discord import app_commands

from bot.discord_app.client import Interaction, interaction_locale
from bot.discord_app.context import InteractionContext
from bot.discord_app.features.profile.cards import calibration_card, earnings_report_text, goal_card, profile_card
from bot.discord_app.registry import command, on
from bot.discord_app.ui.command_options import (
    Choices,
    autocomplete_job_categories,
    names_as_choices,
    parse_category,
)
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.formatting import format_label
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.calibration import MAX_REPLIES, DisplayedFigures
from bot.domain.certification.earnings_reports import earnings_reports
from bot.domain.certification.editions import get_edition
from bot.domain.certification.facts import DeclaredItem, ProfileItem, RankItem
from bot.domain.names import clean_title, title_key
from bot.domain.text import fold_kana, to_half_width
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NotAllowedError
from bot.i18n.translations import get_translations
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.parsing.displayed_figures import parse_displayed_figures
from bot.services.preference_changes import PreferenceChanges
from storage.profile import Goal


@command("profile")
async def profile_command(ctx: InteractionContext, last_login: str | None = None) -> None:
    if last_login:
        day = parse_day(last_login, now=ctx.now)
        await ctx.services.profile.confirm_login(ctx.member_id, day, now=ctx.now)
    await ctx.respond(await render_profile_card(ctx))


async def render_profile_card(ctx: InteractionContext) -> discord.ui.LayoutView:
    """The card of the member's profile."""
    services = ctx.services
    profile = await services.profile.profile(ctx.member_id, now=ctx.now)
    criteria = get_edition(ctx.preferences.edition).criteria
    notes = [ctx.texts(f"detail-rule-{rule.explanation}") for rule in criteria if rule.explanation]
    return profile_card(ctx.texts, profile, services.stale_after, note="\n".join(notes) or None)


@command("goal", category="option-category-goal")
async def goal_command(
    ctx: InteractionContext,
    category: str | None = None,
    line: str | None = None,
    source: str | None = None,
    drop: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    service, today = ctx.services.profile, lancers_date(ctx.now)
    name = None if category is None else parse_category(category)
    if drop and (line is not None or source is not None):
        raise InvalidInputError("options-contradict", options="drop-source" if line is None else "drop-line")
    if drop:
        goals = await service.drop_goal(ctx.member_id, name, now=ctx.now)
    elif line is not None:
        goal = parse_goal_options(name or "", line, source, today)
        goals = await service.set_goal(ctx.member_id, goal, now=ctx.now)
    elif category is not None or source is not None:
        raise InvalidInputError("goal-line-missing")
    else:
        goals = await service.goals(ctx.member_id)
    await ctx.respond(goal_card(ctx.texts, goals, today, ctx.services.stale_after))


def parse_goal_options(category: str, line: str, source: str | None, today: date) -> Goal:
    """A goal as it was given. One of a report's amount names the report, unless another source is given."""
    amount = parse_amount(line)
    report = next((report for report in earnings_reports(category) if report.amount == amount), None)
    named = f"{report.source} ({report.reported_on})" if report else None
    return Goal(category, amount, clean_title(source or "") or named, today)


@goal_command.autocomplete("category")
async def autocomplete_goal_categories(interaction: Interaction, current: str) -> Choices:
    """The categories of the member's goals and jobs."""
    goals = await interaction.client.services.profile.goals(MemberId(interaction.user.id))
    part = fold_kana(title_key(current))
    named = [goal.category for goal in goals if goal.category and part in fold_kana(title_key(goal.category))]
    of_jobs = [choice.value for choice in await autocomplete_job_categories(interaction, current)]
    return names_as_choices(list(dict.fromkeys([*named, *of_jobs])))


@goal_command.autocomplete("line")
async def autocomplete_goal_line(interaction: Interaction, current: str) -> Choices:
    """What others reported about the line of the category in the option `category`."""
    category = getattr(interaction.namespace, "category", "") or ""
    texts = get_translations(interaction_locale(interaction))
    digits = "".join(character for character in to_half_width(current) if character.isdecimal())
    return [
        app_commands.Choice(name=format_label(earnings_report_text(texts, report), 100), value=f"{report.amount:,}")
        for report in earnings_reports(category)
        if digits in str(report.amount)
    ]


@command("calibrate", on="option-on-calibrate", evaluation="option-evaluation-calibrate")
async def calibrate_command(  # noqa: PLR0917 — a command's options
    ctx: InteractionContext,
    reply_rate: str | None = None,
    replies: app_commands.Range[int, 0, MAX_REPLIES] | None = None,
    on: str | None = None,
    completion_rate: str | None = None,
    task_approval: str | None = None,
    satisfaction: str | None = None,
    evaluation: str | None = None,
    earnings: str | None = None,
) -> None:
    services, today = ctx.services, lancers_date(ctx.now)
    displayed = parse_displayed_figures(
        parse_day(on, now=ctx.now) if on else today,
        reply_rate=reply_rate,
        replies=replies,
        completion_rate=completion_rate,
        task_approval=task_approval,
        satisfaction=satisfaction,
        evaluation=evaluation,
        earnings=earnings,
    )
    rule = ctx.preferences.rate_rule
    given_on = None if displayed == DisplayedFigures(on=displayed.on) else displayed.on
    if given_on is None:
        calibration = await services.profile.latest_calibration(ctx.member_id, now=ctx.now, rule=rule)
    else:
        calibration = await services.profile.calibrate(ctx.member_id, displayed, now=ctx.now, rule=rule)
    await ctx.respond(calibration_card(ctx.texts, calibration, today, services.stale_after, given_on=given_on))


@on(Target.PROFILE, Action.SET_PROFILE_ITEMS, Action.SET_RANK_ITEMS)
async def set_declared_items(ctx: InteractionContext, press: Press) -> None:
    """Set which items of the profile, or of what ranks ask, are filled: those that were chosen, none if none was."""
    kind = RankItem if press.action is Action.SET_RANK_ITEMS else ProfileItem
    if not set(press.values) <= set(kind):
        raise NotAllowedError("button-unknown")
    await ctx.services.profile.confirm_items(ctx.member_id, map(kind, press.values), kind, now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.RANK)
async def save_chosen_rank(ctx: InteractionContext, press: Press) -> None:
    """Set the rank that Lancers shows, or that it is judged by the criteria."""
    await ctx.services.preferences.apply_changes(ctx.member_id, PreferenceChanges(rank=press.value), now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.CONFIRM)
async def confirm_profile_unchanged(ctx: InteractionContext, _press: Press) -> None:
    """Confirm that the items are still as they were entered."""
    profile = await ctx.services.profile.profile(ctx.member_id, now=ctx.now)
    declared: list[DeclaredItem] = [*profile.items, *profile.rank_items]
    filled: list[DeclaredItem] = [item for item, state in profile.items.items() if state.is_filled]
    filled += [item for item, state in profile.rank_items.items() if state.is_filled]
    await ctx.services.profile.confirm_items(ctx.member_id, filled, declared, now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.CONFIRM_LOGIN)
async def confirm_last_login(ctx: InteractionContext, _press: Press) -> None:
    await ctx.services.profile.confirm_login(ctx.member_id, lancers_date(ctx.now), now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))
