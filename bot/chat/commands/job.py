"""`/job add|edit|list|remove`: the jobs that the other criteria go by."""

from typing import Any, Final

import discord
from discord import app_commands

from bot.chat.cards.jobs import job_card, job_label, jobs_card
from bot.chat.client import NinteiClient, typed
from bot.chat.completion import OFFERED, categories, clients
from bot.chat.days import read_day
from bot.chat.translator import told
from bot.chat.visitor import visit
from bot.domain.certification.jobs import Job, JobOutcome
from bot.domain.names import clean_name, clean_title, title_key
from bot.domain.types import ContractMethod, JobId, MemberId
from bot.errors import InvalidInputError
from bot.i18n.translations import get_translations
from bot.parsing.jobs_csv import MAX_JOBS, parse_evaluation, parse_reward
from bot.services.profile import lancers_today

Ask = discord.Interaction[NinteiClient]

NOTHING: Final = {"-", "none", "なし", "無し"}
"""What takes an evaluation or a client out again."""

_jobs = app_commands.Group(name="job", description=told("command-job"))
_METHODS: Final = [app_commands.Choice(name=told(f"method-{each}"), value=each.value) for each in ContractMethod]
_OUTCOMES: Final = [
    app_commands.Choice(name=told(f"outcome-{each.replace('_', '-')}"), value=each.value) for each in JobOutcome
]
_NAMES: Final = {
    name: told(f"option-{name}")
    for name in ("method", "reward", "date", "category", "outcome", "evaluation", "client", "count")
}
_ABOUT: Final = {
    name: told(f"option-{name}-about") for name in ("reward", "date", "category", "outcome", "evaluation", "count")
} | {"method": told("option-method-about"), "client": told("option-client-job")}

Count = app_commands.Range[int, 1, MAX_JOBS]


def add_job_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_jobs)


@_jobs.command(name="add", description=told("command-job-add"))
@app_commands.rename(**_NAMES)
@app_commands.describe(**_ABOUT)
@app_commands.choices(method=_METHODS, outcome=_OUTCOMES)
async def _add(  # noqa: PLR0917 — a command's options
    interaction: Ask,
    method: str,
    reward: str,
    date: str | None = None,
    category: str = "",
    outcome: str = JobOutcome.COMPLETED.value,
    evaluation: str = "",
    client: str = "",
    count: Count = 1,
) -> None:
    async with visit(typed(interaction)) as visitor:
        job = Job(
            read_day(date, now=visitor.now) if date else lancers_today(visitor.now),
            ContractMethod(method),
            clean_title(category),
            parse_reward(reward),
            JobOutcome(outcome),
            _evaluation(evaluation),
            _client(client),
            count,
        )
        book = visitor.interaction.client.services.jobs
        await visitor.answer(job_card(visitor.texts, await book.add(visitor.member, job, now=visitor.now), "added"))


@_jobs.command(name="edit", description=told("command-job-edit"))
@app_commands.rename(job=told("option-job"), **_NAMES)
@app_commands.describe(job=told("option-job-about"), **_ABOUT)
@app_commands.choices(method=_METHODS, outcome=_OUTCOMES)
async def _edit(  # noqa: PLR0917 — a command's options
    interaction: Ask,
    job: str,
    method: str | None = None,
    reward: str | None = None,
    date: str | None = None,
    category: str | None = None,
    outcome: str | None = None,
    evaluation: str | None = None,
    client: str | None = None,
    count: Count | None = None,
) -> None:
    async with visit(typed(interaction)) as visitor:
        written: dict[str, Any] = {
            "method": method and ContractMethod(method),
            "reward": None if reward is None else parse_reward(reward),
            "day": date and read_day(date, now=visitor.now),
            "category": None if category is None else clean_title(category),
            "outcome": outcome and JobOutcome(outcome),
            "count": count,
        }
        changes = {name: value for name, value in written.items() if value is not None}
        if evaluation is not None:
            changes["evaluation"] = _evaluation(evaluation)
        if client is not None:
            changes["client"] = _client(client)
        book = visitor.interaction.client.services.jobs
        edited = await book.edit(visitor.member, _number(job), changes, now=visitor.now)
        await visitor.answer(job_card(visitor.texts, edited, "edited"))


@_jobs.command(name="list", description=told("command-job-list"))
async def _list(interaction: Ask) -> None:
    async with visit(typed(interaction)) as visitor:
        book = visitor.interaction.client.services.jobs
        await visitor.answer(jobs_card(visitor.texts, await book.page(visitor.member)))


@_jobs.command(name="remove", description=told("command-job-remove"))
@app_commands.rename(job=told("option-job"))
@app_commands.describe(job=told("option-job-about"))
async def _remove(interaction: Ask, job: str) -> None:
    async with visit(typed(interaction)) as visitor:
        book = visitor.interaction.client.services.jobs
        await visitor.answer(job_card(visitor.texts, await book.remove(visitor.member, _number(job)), "removed"))


def _evaluation(written: str) -> Any:
    return None if written.strip().casefold() in NOTHING else parse_evaluation(written)


def _client(written: str) -> str | None:
    return None if written.strip().casefold() in NOTHING else clean_name(written) or None


def _number(written: str) -> JobId:
    """The number before the words that the completion shows."""
    number = written.strip().removeprefix("#").split(maxsplit=1)[0] if written.strip() else ""
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004 — what a row's id can be
        raise InvalidInputError("jobs-number", written=written[:40])
    return JobId(int(number))


@_edit.autocomplete("job")
@_remove.autocomplete("job")
async def _entries(interaction: Ask, typed_text: str) -> list[app_commands.Choice[str]]:
    here = typed(interaction)
    member = MemberId(interaction.user.id)
    _, preferences = await here.client.services.members.find(member)
    texts = get_translations(preferences.locale)
    entries = [(job_label(texts, each), each) for each in await here.client.services.jobs.recent(member, limit=200)]
    sought = title_key(typed_text)
    return [
        app_commands.Choice(name=label, value=str(each.id)) for label, each in entries if sought in title_key(label)
    ][:OFFERED]


_add.autocomplete("category")(categories)
_edit.autocomplete("category")(categories)
_add.autocomplete("client")(clients)
_edit.autocomplete("client")(clients)
