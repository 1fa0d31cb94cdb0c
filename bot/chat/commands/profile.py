"""`/profile`, `/goal`, `/calibrate`: what a member says of themselves."""

import re
from typing import Final

import discord
from discord import app_commands

from bot.chat.cards.declarations import calibration_card, goal_card, profile_card
from bot.chat.client import NinteiClient, typed
from bot.chat.completion import categories
from bot.chat.days import read_day
from bot.chat.translator import told
from bot.chat.visitor import Visitor, visit
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.names import clean_title
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount
from bot.services.profile import lancers_today
from storage.profile import Goal

Ask = discord.Interaction[NinteiClient]

_SHARE: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?[0-9]?\s*[%％]?")
_STARS: Final = re.compile(r"([0-5])(?:\.([0-9]{1,2}))?")
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
MOST_REPLIES: Final = 1_000_000


def add_profile_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_profile)
    client.tree.add_command(_goal)
    client.tree.add_command(_calibrate)


@app_commands.command(name="profile", description=told("command-profile"))
@app_commands.rename(last_login=told("option-last-login"))
@app_commands.describe(last_login=told("option-last-login-about"))
async def _profile(interaction: Ask, last_login: str | None = None) -> None:
    async with visit(typed(interaction)) as visitor:
        if last_login:
            declarer = visitor.interaction.client.services.profile
            await declarer.confirm_login(visitor.member, read_day(last_login, now=visitor.now), now=visitor.now)
        await visitor.answer(await profile_of(visitor))


async def profile_of(visitor: Visitor) -> discord.ui.LayoutView:
    """The member's checklist as it stands."""
    services = visitor.interaction.client.services
    profile = await services.profile.profile(visitor.member, now=visitor.now)
    return profile_card(visitor.texts, profile, services.stale_after)


@app_commands.command(name="goal", description=told("command-goal"))
@app_commands.rename(
    category=told("option-category"), line=told("option-line"), source=told("option-source"), drop=told("option-drop")
)
@app_commands.describe(
    category=told("option-category-goal"),
    line=told("option-line-about"),
    source=told("option-source-about"),
    drop=told("option-drop-about"),
)
async def _goal(
    interaction: Ask,
    category: str | None = None,
    line: str | None = None,
    source: str | None = None,
    drop: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    async with visit(typed(interaction)) as visitor:
        services, today = visitor.interaction.client.services, lancers_today(visitor.now)
        goal = await services.profile.goal(visitor.member)
        if drop:
            goal = None
            await services.profile.set_goal(visitor.member, None, now=visitor.now)
        elif line is not None:
            goal = Goal(clean_title(category or ""), parse_amount(line), clean_title(source or "") or None, today)
            await services.profile.set_goal(visitor.member, goal, now=visitor.now)
        elif category is not None or source is not None:
            raise InvalidInputError("goal-line-missing")
        await visitor.answer(goal_card(visitor.texts, goal, today, services.stale_after))


_goal.autocomplete("category")(categories)


@app_commands.command(name="calibrate", description=told("command-calibrate"))
@app_commands.rename(
    reply_rate=told("option-reply-rate"),
    replies=told("option-replies"),
    on=told("option-on"),
    completion_rate=told("option-completion-rate"),
    task_approval=told("option-task-approval"),
    satisfaction=told("option-satisfaction"),
    evaluation=told("option-evaluation"),
    earnings=told("option-earnings"),
)
@app_commands.describe(
    reply_rate=told("option-reply-rate-about"),
    replies=told("option-replies-about"),
    on=told("option-on-calibrate"),
    completion_rate=told("option-completion-rate-about"),
    task_approval=told("option-task-approval-about"),
    satisfaction=told("option-satisfaction-about"),
    evaluation=told("option-evaluation-calibrate"),
    earnings=told("option-earnings-about"),
)
async def _calibrate(  # noqa: PLR0917 — a command's options
    interaction: Ask,
    reply_rate: str | None = None,
    replies: app_commands.Range[int, 0, MOST_REPLIES] | None = None,
    on: str | None = None,
    completion_rate: str | None = None,
    task_approval: str | None = None,
    satisfaction: str | None = None,
    evaluation: str | None = None,
    earnings: str | None = None,
) -> None:
    async with visit(typed(interaction)) as visitor:
        services, today = visitor.interaction.client.services, lancers_today(visitor.now)
        rate = _share(reply_rate)
        displayed = DisplayedFigures(
            read_day(on, now=visitor.now) if on else today,
            None if rate is None else rate[0],
            None if rate is None else rate[1],
            replies,
            _tenths(completion_rate),
            _tenths(task_approval),
            _tenths(satisfaction),
            None if evaluation is None else _evaluation(evaluation),
            None if earnings is None else parse_amount(earnings),
        )
        if displayed == DisplayedFigures(displayed.on):
            calibration = await services.profile.latest_calibration(visitor.member, now=visitor.now)
        else:
            calibration = await services.profile.calibrate(visitor.member, displayed, now=visitor.now)
        await visitor.answer(calibration_card(visitor.texts, calibration, today, services.stale_after))


def _share(written: str | None) -> tuple[int, int] | None:
    """A percentage in tenths, and how fine it was written. Raises `InputError`."""
    if written is None:
        return None
    found = _SHARE.fullmatch(written.strip().translate(_HALF_WIDTH))
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else -1
    if found is None or not 0 <= tenths <= 1000:  # noqa: PLR2004 — 100 %
        raise InvalidInputError("calibrate-share", written=written[:40])
    return tenths, 10 if found[2] is None else 1


def _tenths(written: str | None) -> int | None:
    read = _share(written)
    return None if read is None else read[0]


def _evaluation(written: str) -> int:
    """Stars in hundredths. Raises `InputError`."""
    found = _STARS.fullmatch(written.strip().translate(_HALF_WIDTH))
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 100 <= hundredths <= 500:  # noqa: PLR2004 — one to five stars
        raise InvalidInputError("calibrate-evaluation", written=written[:40])
    return hundredths
