"""What is asked about fees, from the words of options: an amount, a target, hours and an hourly rate, pieces."""

import re
from fractions import Fraction
from typing import Final

from bot.domain.fees.query import FeeQuery
from bot.domain.fees.reverse import SolveFor
from bot.domain.fees.terms import Tax, pay_of_hours
from bot.domain.text import format_excerpt, to_half_width
from bot.domain.types import Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import MAX_AMOUNT, parse_taxed_amount

MAX_COUNT: Final = 1_000_000
MAX_HOURS: Final = 100_000
_HOURS: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ?(?:時間|h|hrs?|hours?)?", re.IGNORECASE)
_COUNT: Final = re.compile(r"[0-9]{1,7}")


def parse_fee_query(
    amount: str | None = None,
    take_home: str | None = None,
    client_pays: str | None = None,
    *,
    hours: str | None = None,
    hourly_rate: str | None = None,
    count: str | None = None,
) -> FeeQuery:
    """One of an amount, hours with their rate, and the two targets. Raises `InvalidInputError`."""
    targets = [(SolveFor.TAKE_HOME, take_home), (SolveFor.CLIENT_PAYS, client_pays)]
    given = [(solve_for, text) for solve_for, text in targets if text is not None]
    number = 1 if count is None else parse_piece_count(count)
    worked = None if hours is None else parse_working_hours(hours)
    if worked is not None and not given and amount is None and hourly_rate is None:
        raise InvalidInputError("fee-rate-missing")
    if len(given) + (amount is not None) + (hourly_rate is not None) != 1 or (amount is not None and hours is not None):
        raise InvalidInputError("fee-one-amount")
    if given:
        [(solve_for, text)] = given
        target, tax = parse_taxed_amount(text)
        if tax is Tax.EXCLUDED:
            raise InvalidInputError("fee-target-excluded", written=format_excerpt(text))
        return FeeQuery(amount=target, solve_for=solve_for, count=number, hours=worked)
    if amount is not None:
        price, tax = parse_taxed_amount(amount)
        return FeeQuery(amount=price, tax=tax, count=number)
    if worked is None:
        raise InvalidInputError("fee-hours-missing")
    rate, tax = parse_taxed_amount(hourly_rate or "")
    return FeeQuery(amount=_pay_for_hours(worked, rate), tax=tax, count=number, hours=worked, hourly_rate=rate)


def _pay_for_hours(hours: Fraction, rate: Yen) -> Yen:
    pay, _ = pay_of_hours(hours, rate)
    if not 1 <= pay <= MAX_AMOUNT:
        raise InvalidInputError("amount-range", written=f"{float(hours):g} × {rate:,}")
    return pay


def parse_working_hours(text: str) -> Fraction:
    """Decimal hours: `20`, `12.5`, `20時間`. Raises `InvalidInputError`."""
    match = _HOURS.fullmatch(to_half_width(text).strip())
    hours = Fraction(match[1]) if match else Fraction(0)
    if not 0 < hours <= MAX_HOURS:
        raise InvalidInputError("fee-hours", written=format_excerpt(text), most=f"{MAX_HOURS:,}")
    return hours


def parse_piece_count(text: str) -> int:
    """Equal pieces, from 1. Raises `InvalidInputError`."""
    plain = to_half_width(text).strip()
    count = int(plain) if _COUNT.fullmatch(plain) else 0
    if not 1 <= count <= MAX_COUNT:
        raise InvalidInputError("fee-count", written=format_excerpt(text), most=f"{MAX_COUNT:,}")
    return count
