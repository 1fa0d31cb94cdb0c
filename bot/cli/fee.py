"""`python -m bot fee AMOUNT`: what a job costs the client and pays the freelancer."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.cli.terminal import display_width, pad_left, pad_right
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import get_edition
from bot.domain.fees.estimate import Compensation, ContractTerms, Estimate, FeeLine, Tax, estimate
from bot.domain.fees.reverse import ReverseResult, SolveFor, solve
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.settings import read_defaults

JSON_AMOUNTS = (
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
    solve_for = None
    if arguments.amount is None:
        solve_for = SolveFor.CLIENT_PAYS if arguments.take_home is None else SolveFor.TAKE_HOME
    reverse_result = None if solve_for is None else solve(solve_for, amount, terms)
    result = estimate(amount, terms) if reverse_result is None else reverse_result.estimate
    if arguments.json:
        print(json.dumps(as_json(result, reverse_result), ensure_ascii=False, indent=2))
    else:
        contract = amount if reverse_result is None else reverse_result.contract
        print("\n".join(as_text(contract, result, reverse_result, solve_for, terms, texts)))
    return 0


def _terms(arguments: argparse.Namespace, environ: Mapping[str, str]) -> ContractTerms:
    edition = Edition(arguments.edition or read_defaults(environ).edition)
    get_edition(edition)
    return ContractTerms(
        parse_day(arguments.on, now=datetime.now(UTC)) if arguments.on else lancers_date(datetime.now(UTC)),
        edition,
        Tax(arguments.tax),
        ContractMethod(arguments.method),
        arguments.certified,
        Compensation(arguments.compensation),
        arguments.withholding,
    )


def as_json(result: Estimate, reverse_result: ReverseResult | None) -> dict[str, object]:
    """The shape of DESIGN.md §5; rules and notes in English, whatever the terminal speaks."""
    texts = get_translations("en")
    shown: dict[str, object] = {name: getattr(result, name) for name in JSON_AMOUNTS}
    shown["notes"] = [texts(note) for note in result.notes]
    shown["lines"] = [
        {
            "id": line.id,
            "amount": line.amount,
            "rule": texts(f"fee-rule-{line.rule}"),
            "confidence": line.provenance.confidence,
            "source": line.provenance.source,
        }
        for line in result.lines
    ]
    if reverse_result is not None:
        shown |= {
            "target": reverse_result.target,
            "exact": reverse_result.exact,
            "nearest_below": reverse_result.nearest_below,
            "nearest_above": reverse_result.nearest_above,
        }
    return shown


def format_yen(amount: Yen | None) -> str:
    """¥50,000."""
    return "–" if amount is None else f"¥{amount:,}"


def as_text(  # noqa: PLR0917 — one call site
    contract: Yen,
    result: Estimate,
    reverse_result: ReverseResult | None,
    solve_for: SolveFor | None,
    terms: ContractTerms,
    texts: Translations,
) -> Iterator[str]:
    """The two-sided sum: what the client pays, what the freelancer keeps."""
    yield texts(
        "fee-title-plain",
        amount=format_yen(contract),
        tax=texts(f"tax-{terms.tax}"),
        method=texts(f"method-{terms.method}"),
        on=f"{terms.on}",
        edition=terms.edition,
    )
    if reverse_result is not None and solve_for is not None:
        yield texts(
            f"fee-target-{solve_for.replace('_', '-')}",
            target=format_yen(reverse_result.target),
            contract=format_yen(reverse_result.contract),
        )
        if not reverse_result.exact:
            yield texts(
                "fee-inexact",
                below=format_yen(reverse_result.nearest_below),
                above=format_yen(reverse_result.nearest_above),
            )
    lines = {line.id: line for line in result.lines}
    pays = ("contract_excluding_tax", "consumption_tax", "client_fee", "client_fee_tax", "compensation")
    takes = ("system_fee", "withholding", "nomination_fee")
    rows = [_fee_row(lines[each], "", texts) for each in pays if each in lines]
    rows.append(("=", texts("fee-name-client-pays"), format_yen(result.client_pays), ""))
    rows.append(("", "", "", ""))
    rows.append(("", texts("fee-name-contract-total"), format_yen(result.contract_total), ""))
    rows += [_fee_row(lines[each], "+" if each == "nomination_fee" else "-", texts) for each in takes if each in lines]
    rows.append(("=", texts("fee-name-take-home"), format_yen(result.take_home), ""))
    names, amounts = max(display_width(row[1]) for row in rows), max(display_width(row[2]) for row in rows)
    yield ""
    for sign, name, amount, rule in rows:
        yield f"  {pad_right(sign, 1)} {pad_right(name, names)}  {pad_left(amount, amounts)}  {rule}".rstrip()
    yield ""
    for note in result.notes:
        yield texts("fee-note", note=texts(note))


def _fee_row(line: FeeLine, sign: str, texts: Translations) -> tuple[str, str, str, str]:
    known = texts(f"confidence-{line.provenance.confidence}")
    rule = f"{texts(f'fee-rule-{line.rule}')} [{known}]"
    return sign, texts(f"fee-name-{line.id.replace('_', '-')}"), format_yen(line.amount), rule
