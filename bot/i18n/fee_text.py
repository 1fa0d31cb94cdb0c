"""The words of an estimate, for the card, its picture and the terminal; amounts in bold as Discord writes it."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Final

from bot.domain.fees.lines import FeeLine, FeeSide, LinePart, PartKind
from bot.domain.fees.query import FeeResult
from bot.domain.fees.reverse import Contract, ReverseResult, SolveFor
from bot.i18n.formatting import format_count, format_day, format_yen
from bot.i18n.translations import Translations

_ZERO_LINE_NOTES: Final = {
    "note-client-fee-none-known": ("client_fee", FeeSide.CLIENT),
    "note-compensation-waived": ("compensation", FeeSide.CLIENT),
    "note-compensation-not-applied": ("compensation", FeeSide.CLIENT),
    "note-programme-none": ("nomination_fee", FeeSide.MEMBER),
    "note-programme-project-only": ("nomination_fee", FeeSide.MEMBER),
}
"""Notes that say why a line has no amount."""
_NOTES_SHOWN_ELSEWHERE: Final = frozenset(
    {
        "note-nomination-end", "note-compensation-charged", "note-system-fee-assumed",
        "note-system-fee-contradicted", "note-withholding-estimate",
        "note-count", "note-hours-truncated", "note-method-as-project",
    }
)  # fmt: skip
"""Notes that the basis or a part of a line says already."""


def format_hours(texts: Translations, hours: Fraction) -> str:
    """20, 12.5."""
    whole, rest = divmod(hours, 1)
    return format_count(texts, whole) + f"{float(rest):.4f}".rstrip("0").rstrip(".")[1:]


def fee_headline(texts: Translations, result: FeeResult) -> str:
    """What the member keeps."""
    nomination = result.estimate.nomination_fee
    return texts(
        "fee-headline",
        amount=format_yen(texts, result.estimate.take_home),
        nomination=format_yen(texts, nomination) if nomination else "none",
    )


def fee_basis(texts: Translations, result: FeeResult) -> str:
    """The contract, the method, the day, and by which rules."""
    method_text = "fee-method-as-project" if "note-method-as-project" in result.estimate.notes else "fee-method"
    return texts(
        "fee-basis",
        contract=_contract_amount_line(texts, result),
        method=texts(method_text, method=texts(f"method-{result.terms.method}")),
        on=format_day(texts, result.terms.on),
        schedule=_fee_schedule_name(texts, result),
        edition=result.terms.edition,
    )


def _contract_amount_line(texts: Translations, result: FeeResult) -> str:
    """The amount as it was given or found."""
    hours, count = result.query.hours, result.query.count
    amount, tax = format_yen(texts, result.contract.amount), texts(f"tax-{result.terms.tax}")
    if hours is None:
        contract = texts("fee-contract", amount=amount, tax=tax)
    else:
        contract = texts(
            "fee-contract-hours",
            amount=amount,
            tax=tax,
            hours=format_hours(texts, hours),
            rate=format_yen(texts, result.contract.hourly_rate),
            cut="yes" if "note-hours-truncated" in result.estimate.notes else "no",
        )
    return texts("fee-contract-count", contract=contract, count=format_count(texts, count)) if count > 1 else contract


def _fee_schedule_name(texts: Translations, result: FeeResult) -> str:
    fee = result.terms.schedule.system_fee
    first, last = format_day(texts, fee.in_force_from), format_day(texts, fee.in_force_until)
    if fee.in_force_until is None:
        return texts("fee-schedule-since", **{"from": first})
    if fee.in_force_from is None:
        return texts("fee-schedule-until", until=last)
    return texts("fee-schedule-between", **{"from": first, "until": last})


def fee_target_lines(texts: Translations, result: FeeResult) -> Iterator[str]:
    """The contract that was searched for; of a budget the largest within it first."""
    if (reverse := result.reverse) is None:
        return
    if reverse.solve_for is SolveFor.TAKE_HOME:
        yield _format_found_contract(texts, "fee-take-home", result, reverse, reverse.smallest)
        if not reverse.exact:
            below, above = format_yen(texts, reverse.nearest_below), format_yen(texts, reverse.nearest_above)
            yield texts("fee-inexact", below=below, above=above)
        return
    target = format_yen(texts, reverse.target)
    if reverse.within_budget is None:
        yield texts("fee-budget-none", target=target)
        yield _format_found_contract(texts, "fee-over-budget-none", result, reverse, reverse.smallest)
        return
    yield _format_found_contract(texts, "fee-budget", result, reverse, reverse.within_budget)
    if not reverse.exact:
        yield _format_found_contract(texts, "fee-over-budget", result, reverse, reverse.smallest)


def _format_found_contract(
    texts: Translations, text_id: str, result: FeeResult, reverse: ReverseResult, contract: Contract
) -> str:
    hours, count = result.query.hours, result.query.count
    quantity = format_count(texts, count)
    if hours is not None:
        quantity = f"{quantity} × {format_hours(texts, hours)}" if count > 1 else format_hours(texts, hours)
    return texts(
        text_id,
        unit="hour" if hours is not None else "piece" if count > 1 else "contract",
        target=format_yen(texts, reverse.target),
        contract=format_yen(texts, contract.hourly_rate or contract.amount),
        quantity=quantity,
        tax=texts(f"tax-{result.terms.tax}"),
        gives=format_yen(texts, contract.estimate.client_pays),
    )


def fee_figure_name(texts: Translations, line_id: str) -> str:
    """The name of a figure."""
    return texts(f"fee-name-{line_id}")


def fee_rule_text(texts: Translations, line: FeeLine, *, marks_official: bool = True) -> str:
    """The rule of a line; every part that is known better or worse than the one before says how well.

    Without `marks_official` only what is not official is marked, which saves room on a phone.
    """
    if not line.parts:
        return texts(f"fee-rule-{line.rule}")
    separator = texts("fee-part-separator")
    shown = (part for part in line.parts if part.kind is not PartKind.BASE or _base_confidence_differs(line, part))
    groups = groupby(shown, key=lambda part: part.provenance.confidence)
    phrases = []
    for confidence, parts in groups:
        phrase = separator.join(texts(part.text) for part in parts)
        if marks_official or confidence != "official":
            phrase = texts("fee-part", phrase=phrase, confidence=texts(f"confidence-{confidence}"))
        phrases.append(phrase)
    return separator.join(phrases)


def _base_confidence_differs(line: FeeLine, base: LinePart) -> bool:
    """Whether the base, which the rule names, is known better or worse than the rate."""
    return base.provenance.confidence != line.parts[0].provenance.confidence


def zero_fee_lines(texts: Translations, result: FeeResult, side: FeeSide) -> Iterator[tuple[str, str]]:
    """The names of the lines of a side that have no amount, and why."""
    named = dict.fromkeys(line.id for line in result.estimate.lines)
    for note in result.estimate.notes:
        line_id, its_side = _ZERO_LINE_NOTES.get(note, ("", None))
        if its_side is side and line_id not in named:
            named[line_id] = None
            yield fee_figure_name(texts, line_id), texts(note)


def fee_notes(texts: Translations, result: FeeResult) -> list[str]:
    """The notes that nothing else says."""
    return [
        texts(note)
        for note in result.estimate.notes
        if note not in _ZERO_LINE_NOTES and note not in _NOTES_SHOWN_ELSEWHERE
    ]
