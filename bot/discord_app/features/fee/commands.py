"""`/fee`: what a job costs the client and pays the member."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.fee.cards import fee_card
from bot.discord_app.translator import localized
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import edition_names
from bot.domain.fees.estimate import Compensation, ContractTerms, Tax, estimate
from bot.domain.fees.reverse import SolveFor, solve
from bot.domain.types import ContractMethod, Edition
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from storage.members import Badge


@app_commands.command(name="fee", description=localized("command-fee"))
@app_commands.rename(
    amount=localized("option-amount"),
    tax=localized("option-tax"),
    method=localized("option-method"),
    certified=localized("option-certified"),
    take_home=localized("option-take-home"),
    client_pays=localized("option-client-pays"),
    compensation=localized("option-compensation"),
    on=localized("option-on"),
    withholding=localized("option-withholding"),
    edition=localized("option-edition"),
)
@app_commands.describe(
    amount=localized("option-amount-about"),
    tax=localized("option-tax-about"),
    method=localized("option-method-about"),
    certified=localized("option-certified-about"),
    take_home=localized("option-take-home-about"),
    client_pays=localized("option-client-pays-about"),
    compensation=localized("option-compensation-about"),
    on=localized("option-on-about"),
    withholding=localized("option-withholding-about"),
    edition=localized("option-edition-about"),
)
@app_commands.choices(
    tax=[app_commands.Choice(name=localized(f"tax-{each}"), value=each.value) for each in Tax],
    method=[app_commands.Choice(name=localized(f"method-{each}"), value=each.value) for each in ContractMethod],
    compensation=[
        app_commands.Choice(name=localized(f"compensation-{each}"), value=each.value) for each in Compensation
    ],
    edition=[app_commands.Choice(name=name, value=name) for name in edition_names()],
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
        given = [(goal, each) for goal, each in ((None, amount), (SolveFor.TAKE_HOME, take_home),
                                                 (SolveFor.CLIENT_PAYS, client_pays)) if each]  # fmt: skip
        if len(given) != 1:
            raise InvalidInputError("fee-one-amount")
        goal, text = given[0]
        wanted = parse_amount(text)
        found = None if goal is None else solve(goal, wanted, terms)
        worked_out = estimate(wanted, terms) if found is None else found.estimate
        await ctx.respond(fee_card(ctx.texts, worked_out, found))
