"""`/fee`: what a job costs the client and pays the member."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.fee.cards import fee_card
from bot.discord_app.translator import command, localized_choices
from bot.discord_app.ui.edition_texts import edition_choices
from bot.domain.calendar import lancers_date
from bot.domain.fees.estimate import Compensation, ContractTerms, Tax, estimate
from bot.domain.fees.reverse import SolveFor, solve
from bot.domain.types import ContractMethod, Edition
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from storage.members import Badge


@command("fee")
@app_commands.choices(
    tax=localized_choices({tax: f"tax-{tax}" for tax in Tax}),
    method=localized_choices({method: f"method-{method}" for method in ContractMethod}),
    compensation=localized_choices({compensation: f"compensation-{compensation}" for compensation in Compensation}),
    edition=edition_choices(),
)
async def fee_command(  # noqa: PLR0917 — a command's options
    interaction: Interaction,
    amount: str | None = None,
    tax: str = Tax.INCLUDED.value,
    method: str = ContractMethod.PROJECT.value,
    certified: bool | None = None,  # noqa: FBT001 — a command's option
    take_home: str | None = None,
    client_pays: str | None = None,
    compensation: str = Compensation.WAIVED.value,
    on: str | None = None,
    withholding: bool = False,  # noqa: FBT001, FBT002 — a command's option
    edition: str | None = None,
) -> None:
    async with interaction_context(interaction) as ctx:
        member, preferences = await ctx.services.members.find(ctx.member_id)
        holds_badge = member is not None and member.badge is Badge.HELD
        terms = ContractTerms(
            on=parse_day(on, now=ctx.now) if on else lancers_date(ctx.now),
            edition=Edition(edition) if edition else preferences.edition,
            tax=Tax(tax),
            method=ContractMethod(method),
            certified=holds_badge if certified is None else certified,
            compensation=Compensation(compensation),
            withholding=withholding,
        )
        amounts = {None: amount, SolveFor.TAKE_HOME: take_home, SolveFor.CLIENT_PAYS: client_pays}
        given = [(goal, text) for goal, text in amounts.items() if text]
        if len(given) != 1:
            raise InvalidInputError("fee-one-amount")
        [(goal, text)] = given
        yen = parse_amount(text)
        solution = None if goal is None else solve(goal, yen, terms)
        await ctx.respond(fee_card(ctx.texts, solution.estimate if solution else estimate(yen, terms), solution))
