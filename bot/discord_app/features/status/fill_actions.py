"""Entering what the status lacks: the profile, the goal, the last log-in, the figures that Lancers displays."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.profile.commands import parse_stars, render_profile
from bot.discord_app.features.status.commands import render_summary
from bot.discord_app.features.status.fill_card import fill_card, ways_to_fill
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.modals import form
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.calibration import MAX_REPLIES, DisplayedFigures
from bot.domain.certification.editions import get_edition
from bot.domain.certification.gap import find_gap
from bot.domain.names import clean_title
from bot.domain.text import half_width
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount
from bot.parsing.percent import parse_percent
from storage.profile import Goal

STARS, SATISFACTION = 0, 1
"""The target's id of the form of displayed figures: in what evaluations are given."""


@on(Target.STATUS, Action.FILL)
async def fill(ctx: InteractionContext, press: Press) -> None:
    """Open the one way to enter what is missing; where there are several, offer them."""
    report = await ctx.services.status.report(ctx.member_id, now=ctx.now)
    match ways_to_fill(find_gap(report.standing)):
        case [Action.FILL_PROFILE]:
            await fill_profile(ctx, press)
        case [Action.FILL_GOAL]:
            await ask_goal(ctx, press)
        case [Action.FILL_DISPLAYED]:
            await ask_displayed(ctx, press)
        case _:
            await ctx.edit_message(fill_card(ctx.texts, report))


@on(Target.STATUS, Action.FILL_PROFILE)
async def fill_profile(ctx: InteractionContext, _press: Press) -> None:
    await ctx.respond(await render_profile(ctx))


@on(Target.STATUS, Action.CONFIRM_LOGIN)
async def confirm_login(ctx: InteractionContext, _press: Press) -> None:
    await ctx.services.profile.confirm_login(ctx.member_id, lancers_date(ctx.now), now=ctx.now)
    await ctx.edit_message(await render_summary(ctx))


@on(Target.STATUS, Action.FILL_GOAL)
async def ask_goal(ctx: InteractionContext, _press: Press) -> None:
    texts = ctx.texts
    fields = [
        (texts("form-goal-category"), None, None, False),
        (texts("option-line"), None, texts("option-line-about"), True),
    ]
    await ctx.show_modal(form(Target.STATUS, 0, Action.FILL_GOAL, texts("form-goal"), fields))


@on_submit(Target.STATUS, Action.FILL_GOAL, fields=2)
async def submit_goal(ctx: InteractionContext, press: Press) -> None:
    category, line = press.values
    goal = Goal(clean_title(category), parse_amount(line), None, lancers_date(ctx.now))
    await ctx.services.profile.set_goal(ctx.member_id, goal, now=ctx.now)
    await ctx.edit_message(await render_summary(ctx))


@on(Target.STATUS, Action.FILL_DISPLAYED)
async def ask_displayed(ctx: InteractionContext, _press: Press) -> None:
    """Ask for the figures on the member's page at Lancers: the edition says in what evaluations are given."""
    texts, criteria = ctx.texts, get_edition(ctx.preferences.edition).criteria
    scale = SATISFACTION if any(rule.id == "satisfaction" for rule in criteria) else STARS
    evaluation = "satisfaction" if scale else "evaluation"
    fields = [
        (texts("option-reply-rate"), None, texts("option-reply-rate-about"), False),
        (texts("option-replies"), None, texts("option-replies-about"), False),
        (texts("option-completion-rate"), None, texts("option-completion-rate-about"), False),
        (
            texts(f"option-{evaluation}"),
            None,
            texts("option-satisfaction-about" if scale else "option-evaluation-calibrate"),
            False,
        ),
    ]
    await ctx.show_modal(form(Target.STATUS, scale, Action.FILL_DISPLAYED, texts("form-displayed"), fields))


@on_submit(Target.STATUS, Action.FILL_DISPLAYED, fields=4)
async def submit_displayed(ctx: InteractionContext, press: Press) -> None:
    reply_rate, replies, completion, evaluation = press.values
    rate = parse_percent(reply_rate) if reply_rate else None
    in_percent = press.target_id == SATISFACTION
    displayed = DisplayedFigures(
        on=lancers_date(ctx.now),
        reply_rate=None if rate is None else rate[0],
        reply_rate_unit=None if rate is None else rate[1],
        replies=_parse_replies(replies) if replies else None,
        completion_rate=parse_percent(completion)[0] if completion else None,
        satisfaction=parse_percent(evaluation)[0] if evaluation and in_percent else None,
        evaluation=parse_stars(evaluation) if evaluation and not in_percent else None,
    )
    if any(press.values):
        await ctx.services.profile.calibrate(ctx.member_id, displayed, now=ctx.now)
    await ctx.edit_message(await render_summary(ctx))


def _parse_replies(text: str) -> int:
    """Raises `InvalidInputError`."""
    digits = half_width(text).strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_REPLIES))):
        raise InvalidInputError("calibrate-replies-unreadable", written=text[:40])
    return min(int(digits), MAX_REPLIES)
