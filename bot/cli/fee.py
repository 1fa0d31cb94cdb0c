"""`python -m bot fee AMOUNT`: what a job costs the client and pays the freelancer."""

import argparse
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.cli.terminal import (
    Subcommands,
    add_command_parser,
    display_width,
    pad_left,
    pad_right,
    print_json,
    print_lines,
)
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import get_edition
from bot.domain.fees.estimate import AMOUNT_NAMES
from bot.domain.fees.lines import FeeLine, FeeSide
from bot.domain.fees.query import FeeQuery, FeeResult, compute_fees
from bot.domain.fees.reverse import Contract, ReverseResult, SolveFor
from bot.domain.fees.terms import Compensation, ContractTerms, Tax
from bot.domain.types import ContractMethod, Edition
from bot.errors import InvalidInputError
from bot.i18n.fee_text import (
    fee_basis,
    fee_figure_name,
    fee_headline,
    fee_notes,
    fee_rule_text,
    fee_target_lines,
    zero_fee_lines,
)
from bot.i18n.formatting import format_yen
from bot.i18n.translations import Translations, get_translations
from bot.parsing.day import parse_day
from bot.parsing.fee_query import parse_fee_query
from bot.settings import read_defaults


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "fee", texts("cli-help-fee"), run)
    parser.add_argument("amount", nargs="?", help=texts("cli-help-amount"))
    parser.add_value("--take-home", texts("cli-help-take-home"), "AMOUNT")
    parser.add_value("--client-pays", texts("cli-help-client-pays"), "AMOUNT")
    parser.add_value("--hours", texts("cli-help-hours"), "HOURS")
    parser.add_value("--hourly-rate", texts("cli-help-hourly-rate"), "YEN")
    parser.add_value("--count", texts("cli-help-count"), "N")
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
    parser.add_argument("--client-discount", action="store_true", help=texts("cli-help-client-discount"))
    parser.add_value("--on", texts("cli-help-on"), "DAY")
    parser.add_value("--edition", texts("cli-help-edition"))
    parser.add_argument("--withholding", action="store_true", help=texts("cli-help-withholding"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Estimate the fees, and print the result."""
    terms = _parse_contract_arguments(arguments, environ)
    result = compute_fees(_parse_fee_arguments(arguments), terms)
    if arguments.json:
        print_json(fees_as_json(result))
    else:
        print_lines(line.replace("**", "") for line in fees_as_text(result, texts))
    return 0


def _parse_fee_arguments(arguments: argparse.Namespace) -> FeeQuery:
    try:
        return parse_fee_query(
            arguments.amount,
            arguments.take_home,
            arguments.client_pays,
            hours=arguments.hours,
            hourly_rate=arguments.hourly_rate,
            count=arguments.count,
        )
    except InvalidInputError as error:
        if error.message_id != "fee-one-amount":
            raise
        raise InvalidInputError("cli-one-amount") from error


def _parse_contract_arguments(arguments: argparse.Namespace, environ: Mapping[str, str]) -> ContractTerms:
    edition = Edition(arguments.edition or read_defaults(environ).edition)
    get_edition(edition)
    return ContractTerms(
        on=parse_day(arguments.on, now=datetime.now(UTC)) if arguments.on else lancers_date(datetime.now(UTC)),
        edition=edition,
        tax=Tax(arguments.tax),
        method=ContractMethod(arguments.method),
        certified=arguments.certified,
        compensation=Compensation(arguments.compensation),
        client_discount=arguments.client_discount,
        withholding=arguments.withholding,
    )


def fees_as_json(result: FeeResult) -> dict[str, object]:
    """The object that `--json` prints (docs/cli-reference.md#fee); rules and notes are in English in every locale.

    Of a target the figures are those of the smallest contract that reaches it.
    """
    texts = get_translations("en")
    estimate = result.estimate if result.reverse is None else result.reverse.smallest.estimate
    fields: dict[str, object] = {name: getattr(estimate, name) for name in AMOUNT_NAMES}
    fields["notes"] = [texts(note) for note in estimate.notes]
    fields["lines"] = [_fee_line_as_json(line, texts) for line in estimate.lines]
    return fields if result.reverse is None else fields | _reverse_as_json(result.reverse)


def _fee_line_as_json(line: FeeLine, texts: Translations) -> dict[str, object]:
    parts = [
        {
            "part": part.kind,
            "text": texts(part.text),
            "confidence": part.provenance.confidence,
            "source": part.provenance.source,
        }
        for part in line.parts
    ]
    return {
        "id": line.id,
        "amount": line.amount,
        "rule": texts(f"fee-rule-{line.rule}"),
        "confidence": line.provenance.confidence,
        "source": line.provenance.source,
        "parts": parts,
    }


def _reverse_as_json(reverse: ReverseResult) -> dict[str, object]:
    names = ("target", "exact", "nearest_below", "nearest_above")
    fields: dict[str, object] = {name: getattr(reverse, name) for name in names}
    if reverse.smallest.hourly_rate is not None:
        fields["hourly_rate"] = reverse.smallest.hourly_rate
    if reverse.solve_for is SolveFor.CLIENT_PAYS:
        within = reverse.within_budget
        fields["within_budget"] = None if within is None else _within_budget_as_json(within)
    return fields


def _within_budget_as_json(within: Contract) -> dict[str, object]:
    fields: dict[str, object] = {"contract": within.amount, "client_pays": within.estimate.client_pays}
    return fields if within.hourly_rate is None else fields | {"hourly_rate": within.hourly_rate}


def fees_as_text(result: FeeResult, texts: Translations) -> Iterator[str]:
    """The lines for people: the freelancer's own figure first, then what the client pays and how both come about."""
    yield from fee_target_lines(texts, result)
    yield fee_headline(texts, result)
    yield fee_basis(texts, result)
    estimate = result.estimate
    rows = [_fee_row(line, "", texts) for line in estimate.client_payment_lines]
    rows += [("", name, format_yen(texts, 0), note) for name, note in zero_fee_lines(texts, result, FeeSide.CLIENT)]
    rows.append(("=", texts("fee-name-client-pays"), format_yen(texts, estimate.client_pays), ""))
    rows.append(("", "", "", ""))
    rows.append(("", texts("fee-name-contract-total"), format_yen(texts, estimate.contract_total), ""))
    rows += [_fee_row(line, "+" if line.id == "nomination_fee" else "-", texts) for line in estimate.member_fee_lines]
    rows += [("", name, format_yen(texts, 0), note) for name, note in zero_fee_lines(texts, result, FeeSide.MEMBER)]
    rows.append(("=", texts("fee-name-take-home"), format_yen(texts, estimate.take_home), ""))
    name_width, amount_width = max(display_width(row[1]) for row in rows), max(display_width(row[2]) for row in rows)
    yield ""
    for sign, name, amount, rule in rows:
        yield f"  {pad_right(sign, 1)} {pad_right(name, name_width)}  {pad_left(amount, amount_width)}  {rule}".rstrip()
    yield ""
    if result.query.hours is not None and result.terms.method is ContractMethod.PROJECT:
        yield texts("fee-note", note=texts("cli-fee-hourly"))
    for note in fee_notes(texts, result):
        yield texts("fee-note", note=note)


def _fee_row(line: FeeLine, sign: str, texts: Translations) -> tuple[str, str, str, str]:
    return sign, fee_figure_name(texts, line.id), format_yen(texts, line.amount), fee_rule_text(texts, line)
