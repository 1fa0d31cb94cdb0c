"""`/fee`: what a job costs the client and pays the member."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.fee.cards import fee_card
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_choices
from bot.discord_app.ui.command_options import edition_choices
from bot.domain.calendar import lancers_date
from bot.domain.fees.query import compute_fees
from bot.domain.fees.terms import Compensation, ContractTerms, Tax
from bot.domain.types import ContractMethod, Edition
from bot.parsing.day import parse_day
from bot.parsing.fee_query import MAX_COUNT, parse_fee_query
from storage.members import Badge


@command("fee", count="option-count-fee")
@app_commands.choices(
    tax=localized_choices({tax: f"tax-{tax}" for tax in Tax}),
    method=localized_choices({method: f"method-{method}" for method in ContractMethod}),
    compensation=localized_choices({compensation: f"compensation-{compensation}" for compensation in Compensation}),
    edition=edition_choices(),
)
async def fee_command(  # noqa: PLR0917 — a command's options
    ctx: InteractionContext,
    amount: str | None = None,
    tax: str = Tax.INCLUDED.value,
    method: str | None = None,
    certified: bool | None = None,  # noqa: FBT001 — a command's option
    take_home: str | None = None,
    client_pays: str | None = None,
    compensation: str = Compensation.WAIVED.value,
    on: str | None = None,
    withholding: bool = False,  # noqa: FBT001, FBT002 — a command's option
    edition: str | None = None,
    hours: str | None = None,
    hourly_rate: str | None = None,
    count: app_commands.Range[int, 1, MAX_COUNT] = 1,
    client_discount: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    member, preferences = await ctx.services.members.find(ctx.member_id)
    has_badge = member is not None and member.badge is Badge.HELD
    query = parse_fee_query(
        amount or None,
        take_home or None,
        client_pays or None,
        hours=hours or None,
        hourly_rate=hourly_rate or None,
        count=str(count),
    )
    by_the_hour = ContractMethod.PROJECT if query.hours is None else ContractMethod.HOURLY
    terms = ContractTerms(
        on=parse_day(on, now=ctx.now) if on else lancers_date(ctx.now),
        edition=Edition(edition) if edition else preferences.edition,
        tax=Tax(tax),
        method=ContractMethod(method) if method else by_the_hour,
        certified=has_badge if certified is None else certified,
        compensation=Compensation(compensation),
        client_discount=client_discount,
        withholding=withholding,
    )
    await ctx.respond(fee_card(ctx.texts, compute_fees(query, terms)))
