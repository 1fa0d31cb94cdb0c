"""`python -m bot fee AMOUNT`: what a job costs the client and pays the freelancer."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from bot.cli.terminal import left, right, width
from bot.domain.certification.editions import get_edition
from bot.domain.fees.estimate import Compensation, ContractTerms, Estimate, FeeLine, Tax, estimate
from bot.domain.fees.reverse import ReverseResult, SolveFor, solve
from bot.domain.reply.reply_rate import LANCERS_ZONE
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.amount import parse_amount
from bot.settings import read_defaults

FIGURES = (
    "contract_excluding_tax", "consumption_tax", "contract_total", "client_fee", "client_fee_tax", "compensation",
    "client_pays", "system_fee", "nomination_fee", "withholding", "take_home",
)  # fmt: skip


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    parser = commands.add_parser("fee", help=texts("cli-help-fee"), description=texts("cli-help-fee"))
    parser.add_argument("amount", nargs="?", help=texts("cli-help-amount"))
    parser.add_argument("--take-home", metavar="AMOUNT", help=texts("cli-help-take-home"))
    parser.add_argument("--client-pays", metavar="AMOUNT", help=texts("cli-help-client-pays"))
    parser.add_argument("--tax", choices=[*map(str, Tax)], default=Tax.INCLUDED, help=texts("cli-help-tax"))
    parser.add_argument(
        "--method", choices=[*map(str, ContractMethod)], default=ContractMethod.PROJECT, help=texts("cli-help-method")
    )
    parser.add_argument("--certified", action="store_true", help=texts("cli-help-certified"))
    parser.add_argument(
        "--compensation",
        choices=[*map(str, Compensation)],
        default=Compensation.WAIVED,
        help=texts("cli-help-compensation"),
    )
    parser.add_argument("--on", metavar="DAY", help=texts("cli-help-on"))
    parser.add_argument("--edition", help=texts("cli-help-edition"))
    parser.add_argument("--withholding", action="store_true", help=texts("cli-help-withholding"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Estimate and print."""
    terms = _terms(arguments, environ)
    given = [each for each in (arguments.amount, arguments.take_home, arguments.client_pays) if each is not None]
    if len(given) != 1:
        raise InvalidInputError("cli-one-amount")
    amount = parse_amount(given[0])
    goal = None
    if arguments.amount is None:
        goal = SolveFor.CLIENT_PAYS if arguments.take_home is None else SolveFor.TAKE_HOME
    found = None if goal is None else solve(goal, amount, terms)
    worked_out = estimate(amount, terms) if found is None else found.estimate
    if arguments.json:
        print(json.dumps(as_json(worked_out, found), ensure_ascii=False, indent=2))
    else:
        contract = amount if found is None else found.contract
        print("\n".join(as_text(contract, worked_out, found, goal, terms, texts)))
    return 0


def _terms(arguments: argparse.Namespace, environ: Mapping[str, str]) -> ContractTerms:
    edition = Edition(arguments.edition or read_defaults(environ).edition)
    get_edition(edition)
    return ContractTerms(
        read_day(arguments.on) if arguments.on else datetime.now(UTC).astimezone(LANCERS_ZONE).date(),
        edition,
        Tax(arguments.tax),
        ContractMethod(arguments.method),
        arguments.certified,
        Compensation(arguments.compensation),
        arguments.withholding,
    )


def read_day(written: str) -> date:
    """A day as 2026-11-23. Raises `InputError`."""
    try:
        return datetime.strptime(written.strip(), "%Y-%m-%d").replace(tzinfo=LANCERS_ZONE).date()
    except ValueError as fault:
        raise InvalidInputError("cli-day", written=written[:40]) from fault


def as_json(worked_out: Estimate, found: ReverseResult | None) -> dict[str, object]:
    """The shape of DESIGN.md §5; rules and notes in English, whatever the terminal speaks."""
    texts = get_translations("en")
    shown: dict[str, object] = {name: getattr(worked_out, name) for name in FIGURES}
    shown["notes"] = [texts(note) for note in worked_out.notes]
    shown["lines"] = [
        {
            "id": line.id,
            "amount": line.amount,
            "rule": texts(f"fee-rule-{line.rule}"),
            "confidence": line.provenance.confidence,
            "source": line.provenance.source,
        }
        for line in worked_out.lines
    ]
    if found is not None:
        shown |= {
            "target": found.target,
            "exact": found.exact,
            "nearest_below": found.nearest_below,
            "nearest_above": found.nearest_above,
        }
    return shown


def yen(amount: Yen | None) -> str:
    """¥50,000."""
    return "–" if amount is None else f"¥{amount:,}"


def as_text(  # noqa: PLR0917 — one call site
    contract: Yen,
    worked_out: Estimate,
    found: ReverseResult | None,
    goal: SolveFor | None,
    terms: ContractTerms,
    texts: Translations,
) -> Iterator[str]:
    """The two-sided sum: what the client pays, what the freelancer keeps."""
    yield texts(
        "fee-title-plain",
        amount=yen(contract),
        tax=texts(f"tax-{terms.tax}"),
        method=texts(f"method-{terms.method}"),
        on=f"{terms.on}",
        edition=terms.edition,
    )
    if found is not None and goal is not None:
        yield texts(f"fee-target-{goal.replace('_', '-')}", target=yen(found.target), contract=yen(found.contract))
        if not found.exact:
            yield texts("fee-inexact", below=yen(found.nearest_below), above=yen(found.nearest_above))
    lines = {line.id: line for line in worked_out.lines}
    pays = ("contract_excluding_tax", "consumption_tax", "client_fee", "client_fee_tax", "compensation")
    takes = ("system_fee", "withholding", "nomination_fee")
    rows = [_row(lines[each], "", texts) for each in pays if each in lines]
    rows.append(("=", texts("fee-name-client-pays"), yen(worked_out.client_pays), ""))
    rows.append(("", "", "", ""))
    rows.append(("", texts("fee-name-contract-total"), yen(worked_out.contract_total), ""))
    rows += [_row(lines[each], "+" if each == "nomination_fee" else "-", texts) for each in takes if each in lines]
    rows.append(("=", texts("fee-name-take-home"), yen(worked_out.take_home), ""))
    names, amounts = max(width(row[1]) for row in rows), max(width(row[2]) for row in rows)
    yield ""
    for sign, name, amount, rule in rows:
        yield f"  {left(sign, 1)} {left(name, names)}  {right(amount, amounts)}  {rule}".rstrip()
    yield ""
    for note in worked_out.notes:
        yield texts("fee-note", note=texts(note))


def _row(line: FeeLine, sign: str, texts: Translations) -> tuple[str, str, str, str]:
    known = texts(f"confidence-{line.provenance.confidence}")
    rule = f"{texts(f'fee-rule-{line.rule}')} [{known}]"
    return sign, texts(f"fee-name-{line.id.replace('_', '-')}"), yen(line.amount), rule
