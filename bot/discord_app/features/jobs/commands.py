"""`/job add|edit|list|totals|remove`: the jobs from which completion rate, earnings and evaluation are computed."""

import io
import re
from typing import Any, Final, cast

import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext
from bot.discord_app.features.jobs.cards import job_card, job_label, jobs_card, repeated_job_card
from bot.discord_app.features.jobs.totals_card import TOTALS_FILE_NAME, job_totals_card, job_totals_csv
from bot.discord_app.registry import command, on
from bot.discord_app.translator import localized_choices, localized_text
from bot.discord_app.ui.command_options import (
    CLEAR_WORDS,
    MAX_CHOICES,
    autocomplete_clients,
    autocomplete_job_categories,
    parse_category,
)
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.jobs import Job, JobOutcome
from bot.domain.fees.terms import Tax
from bot.domain.names import clean_name, title_key
from bot.domain.retention import first_kept_job_day
from bot.domain.text import format_excerpt, to_half_width
from bot.domain.types import ContractMethod, JobId, MemberId
from bot.errors import InvalidInputError
from bot.i18n.translations import get_translations
from bot.parsing.day import parse_day
from bot.parsing.jobs_csv import MAX_JOBS, parse_job_evaluation, parse_job_reward
from bot.services.jobs import JobChanges

FIRST_YEAR: Final = 2008
"""Lancers began in this year."""
LAST_YEAR: Final = 2100
_NUMBERED_JOB: Final = re.compile(r"`?#?([0-9]{1,18})`?(?:\s.*¥.*)?")
"""The number of a job, alone or at the beginning of its line in a list or of an autocompleted choice, which is then
recognised by the yen sign of its reward: so `1 2` is refused. Discord copies the backticks of a list, too."""

job_commands = app_commands.Group(name="job", description=localized_text("command-job"))
_METHODS: Final = localized_choices({method: f"method-{method}" for method in ContractMethod})
_OUTCOMES: Final = localized_choices({outcome: f"outcome-{outcome}" for outcome in JobOutcome})

Count = app_commands.Range[int, 1, MAX_JOBS]


@command("add", job_commands, client="option-client-job")
@app_commands.choices(method=_METHODS, outcome=_OUTCOMES)
@app_commands.autocomplete(category=autocomplete_job_categories, client=autocomplete_clients)
async def _job_add_command(  # noqa: PLR0917 — a command's options
    ctx: InteractionContext,
    method: str,
    reward: str,
    date: str | None = None,
    category: str = "",
    outcome: str = JobOutcome.COMPLETED.value,
    evaluation: str = "",
    client: str = "",
    count: Count = 1,
    withholding: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    new_job = Job(
        day=parse_day(date, now=ctx.now) if date else lancers_date(ctx.now),
        method=ContractMethod(method),
        category=parse_category(category),
        reward=parse_job_reward(reward),
        outcome=JobOutcome(outcome),
        evaluation=_parse_job_evaluation(evaluation),
        client=await _parse_job_client(ctx, client),
        count=count,
        withheld=withholding,
    )
    added = await ctx.services.jobs.add(ctx.member_id, new_job, now=ctx.now)
    if added.is_repeated:
        await ctx.respond(repeated_job_card(ctx.texts, added.stored))
    else:
        await ctx.respond(job_card(ctx.texts, added.stored, "added"))


@command("edit", job_commands, client="option-client-job")
@app_commands.choices(method=_METHODS, outcome=_OUTCOMES)
@app_commands.autocomplete(category=autocomplete_job_categories, client=autocomplete_clients)
async def _job_edit_command(  # noqa: PLR0917 — a command's options
    ctx: InteractionContext,
    job: str,
    method: str | None = None,
    reward: str | None = None,
    date: str | None = None,
    category: str | None = None,
    outcome: str | None = None,
    evaluation: str | None = None,
    client: str | None = None,
    count: Count | None = None,
    withholding: bool | None = None,  # noqa: FBT001 — a command's option
) -> None:
    options: dict[str, Any] = {
        "method": ContractMethod(method) if method else None,
        "reward": None if reward is None else parse_job_reward(reward),
        "day": parse_day(date, now=ctx.now) if date else None,
        "category": None if category is None else parse_category(category),
        "outcome": JobOutcome(outcome) if outcome else None,
        "count": count,
        "withheld": withholding,
    }
    changes = cast("JobChanges", {name: value for name, value in options.items() if value is not None})
    if evaluation is not None:
        changes["evaluation"] = _parse_job_evaluation(evaluation)
    if client is not None:
        changes["client"] = await _parse_job_client(ctx, client)
    if not changes:
        raise InvalidInputError("jobs-edit-nothing")
    edited = await ctx.services.jobs.edit(ctx.member_id, _parse_job_id(job), changes, now=ctx.now)
    await ctx.respond(job_card(ctx.texts, edited, "edited"))


@command("list", job_commands)
async def _job_list_command(ctx: InteractionContext) -> None:
    await ctx.respond(jobs_card(ctx.texts, await ctx.services.jobs.page(ctx.member_id)))


@command("totals", job_commands, year="option-year-about", tax="option-tax-totals")
@app_commands.choices(tax=localized_choices({tax: f"tax-{tax}" for tax in Tax}))
async def _job_totals_command(
    ctx: InteractionContext,
    year: app_commands.Range[int, FIRST_YEAR, LAST_YEAR] | None = None,
    tax: str = Tax.INCLUDED.value,
) -> None:
    years = await ctx.services.jobs.earnings(ctx.member_id, Tax(tax))
    shown = [totals for totals in years if year in (None, totals.year)]
    if not shown:
        await ctx.respond(
            notice_card(ctx.texts("totals-none-of-year", year=str(year)) if years else ctx.texts("totals-none"))
        )
        return
    file = discord.File(io.BytesIO(job_totals_csv(ctx.texts, shown)), TOTALS_FILE_NAME)
    member, _ = await ctx.services.members.find(ctx.member_id)
    keeps_history = member is not None and member.keeps_history
    first_kept_day = None if keeps_history else first_kept_job_day(ctx.now, ctx.services.retention_months)
    await ctx.respond(job_totals_card(ctx.texts, shown, Tax(tax), first_kept_day=first_kept_day), files=[file])


@command("remove", job_commands)
async def _job_remove_command(ctx: InteractionContext, job: str) -> None:
    removed = await ctx.services.jobs.remove(ctx.member_id, _parse_job_id(job))
    await ctx.respond(job_card(ctx.texts, removed, "removed"))


def _parse_job_evaluation(text: str) -> Any:
    return None if text.strip().casefold() in CLEAR_WORDS else parse_job_evaluation(text)


async def _parse_job_client(ctx: InteractionContext, text: str) -> str | None:
    if text.strip().casefold() in CLEAR_WORDS:
        return None
    await ctx.services.statements.ensure_name_without_time(
        ctx.member_id, text, now=ctx.now, zone=ctx.preferences.zone, has_own_time=True
    )
    return clean_name(text) or None


def _parse_job_id(text: str) -> JobId:
    """A number, or a line of the list or an autocompleted choice, which begin with it. Raises `InvalidInputError`."""
    match = _NUMBERED_JOB.fullmatch(to_half_width(text).strip())
    if match is None:
        raise InvalidInputError("jobs-number", written=format_excerpt(text))
    return JobId(int(match[1]))


@_job_edit_command.autocomplete("job")
@_job_remove_command.autocomplete("job")
async def autocomplete_jobs(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    services, member_id = interaction.client.services, MemberId(interaction.user.id)
    _, preferences = await services.members.find(member_id)
    texts, key = get_translations(preferences.locale), title_key(current)
    jobs = [(job_label(texts, entry), str(entry.id)) for entry in await services.jobs.list_recent(member_id, limit=200)]
    return [app_commands.Choice(name=label, value=job_id) for label, job_id in jobs if key in title_key(label)][
        :MAX_CHOICES
    ]


@on(Target.JOBS, Action.GO_TO_PAGE)
async def show_jobs_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(jobs_card(ctx.texts, await ctx.services.jobs.page(ctx.member_id, press.target_id)))


@on(Target.JOB, Action.ADD_AGAIN)
async def add_job_again(ctx: InteractionContext, press: Press) -> None:
    stored = await ctx.services.jobs.add_again(ctx.member_id, JobId(press.target_id), now=ctx.now)
    await ctx.edit_message(job_card(ctx.texts, stored, "added"))
