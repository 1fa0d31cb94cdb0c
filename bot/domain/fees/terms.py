"""Everything about a job except its amount."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.domain.fees.schedule import CertifiedProgramme, FeeSchedule, Rate, fee_schedule_for
from bot.domain.types import ContractMethod, Edition, Yen


class Tax(StrEnum):
    """Whether an amount includes consumption tax."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


class Compensation(StrEnum):
    """The client's charge for a certified member: waived in a campaign, or charged."""

    WAIVED = "waived"
    CHARGED = "charged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """Everything about a job except its amount."""

    on: date
    edition: Edition
    tax: Tax = Tax.INCLUDED
    method: ContractMethod = ContractMethod.PROJECT
    count: int = 1
    """Equal pieces; the amount is that of one, and fees are taken of one and multiplied."""
    certified: bool = False
    compensation: Compensation = Compensation.WAIVED
    client_discount: bool = False
    """Whether the client has 継続割引."""
    withholding: bool = False

    @property
    def schedule(self) -> FeeSchedule:
        return fee_schedule_for(self.on, self.edition, self.method)

    @property
    def client_fee(self) -> Rate:
        """The client's fee, with the discount if there is one on that day."""
        discount = self.schedule.client_discount if self.client_discount else None
        return discount or self.schedule.client_fee

    @property
    def programme(self) -> CertifiedProgramme | None:
        """The edition's programme for certified members, if it applies to this job."""
        programme = self.schedule.programme
        return programme if self.certified and programme is not None and self.method in programme.methods else None


def pay_of_hours(hours: Fraction, hourly_rate: Yen) -> tuple[Yen, bool]:
    """The pay of so many hours in whole yen, and whether a fraction of a yen was cut off."""
    exact = hours * hourly_rate
    return Yen(exact.numerator // exact.denominator), exact.denominator > 1
