"""`python -m bot fee AMOUNT`: what a job costs the client and pays the freelancer."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.cli.terminal import Subcommands, add_command, display_width, pad_left, pad_right, text_id
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import get_edition
from bot.domain.fees.estimate import AMOUNT_NAMES, Compensation, ContractTerms, Estimate, FeeLine, Tax, estimate
from bot.domain.fees.reverse import ReverseResult, SolveFor, solve
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError
from bot.i18n.formatting import format_yen
from bot.i18n.translations import Translations, get_translations
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.settings import read_defaults


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command(commands, "fee", texts("cli-help-fee"), run)
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


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Estimate the fees, and print the result."""
    terms = _terms(arguments, environ)
    amounts = [text for text in (arguments.amount, arguments.take_home, arguments.client_pays) if text is not None]
    if len(amounts) != 1:
        raise InvalidInputError("cli-one-amount")
    amount = parse_amount(amounts[0])
    reverse_result = None
    if arguments.amount is None:
        solve_for = SolveFor.CLIENT_PAYS if arguments.take_home is None else SolveFor.TAKE_HOME
        reverse_result = solve(solve_for, amount, terms)
    result = estimate(amount, terms) if reverse_result is None else reverse_result.estimate
    if arguments.json:
        print(json.dumps(as_json(result, reverse_result), ensure_ascii=False, indent=2))
    else:
        contract = amount if reverse_result is None else reverse_result.contract
        print("\n".join(as_text(contract, result, reverse_result, terms, texts)))
    return 0


def _terms(arguments: argparse.Namespace, environ: Mapping[str, str]) -> ContractTerms:
    edition = Edition(arguments.edition or read_defaults(environ).edition)
    get_edition(edition)
    return ContractTerms(
        on=parse_day(arguments.on, now=datetime.now(UTC)) if arguments.on else lancers_date(datetime.now(UTC)),
        edition=edition,
        tax=Tax(arguments.tax),
        method=ContractMethod(arguments.method),
        certified=arguments.certified,
        compensation=Compensation(arguments.compensation),
        withholding=arguments.withholding,
    )


def as_json(result: Estimate, reverse_result: ReverseResult | None) -> dict[str, object]:
    """The object that `--json` prints (docs/cli-reference.md#fee); rules and notes are in English in every locale."""
    texts = get_translations("en")
    fields: dict[str, object] = {name: getattr(result, name) for name in AMOUNT_NAMES}
    fields["notes"] = [texts(note) for note in result.notes]
    fields["lines"] = [
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
        names = ("target", "exact", "nearest_below", "nearest_above")
        fields |= {name: getattr(reverse_result, name) for name in names}
    return fields


def as_text(
    contract: Yen, result: Estimate, reverse_result: ReverseResult | None, terms: ContractTerms, texts: Translations
) -> Iterator[str]:
    """The lines for people: what the client pays, and what the freelancer keeps."""
    yield texts(
        "fee-title-plain",
        amount=format_yen(texts, contract),
        tax=texts(f"tax-{terms.tax}"),
        method=texts(f"method-{terms.method}"),
        on=f"{terms.on}",
        edition=terms.edition,
    )
    if reverse_result is not None:
        yield texts(
            f"fee-target-{text_id(reverse_result.goal)}",
            target=format_yen(texts, reverse_result.target),
            contract=format_yen(texts, reverse_result.contract),
        )
        if not reverse_result.exact:
            yield texts(
                "fee-inexact",
                below=format_yen(texts, reverse_result.nearest_below),
                above=format_yen(texts, reverse_result.nearest_above),
            )
    rows = [_fee_row(line, "", texts) for line in result.client_lines]
    rows.append(("=", texts("fee-name-client-pays"), format_yen(texts, result.client_pays), ""))
    rows.append(("", "", "", ""))
    rows.append(("", texts("fee-name-contract-total"), format_yen(texts, result.contract_total), ""))
    rows += [_fee_row(line, "+" if line.id == "nomination_fee" else "-", texts) for line in result.member_lines]
    rows.append(("=", texts("fee-name-take-home"), format_yen(texts, result.take_home), ""))
    name_width, amount_width = max(display_width(row[1]) for row in rows), max(display_width(row[2]) for row in rows)
    yield ""
    for sign, name, amount, rule in rows:
        yield f"  {pad_right(sign, 1)} {pad_right(name, name_width)}  {pad_left(amount, amount_width)}  {rule}".rstrip()
    yield ""
    for note in result.notes:
        yield texts("fee-note", note=texts(note))


def _fee_row(line: FeeLine, sign: str, texts: Translations) -> tuple[str, str, str, str]:
    confidence = texts(f"confidence-{line.provenance.confidence}")
    rule = f"{texts(f'fee-rule-{line.rule}')} [{confidence}]"
    return sign, texts(f"fee-name-{text_id(line.id)}"), format_yen(texts, line.amount), rule
