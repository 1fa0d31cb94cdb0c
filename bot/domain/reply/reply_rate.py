"""The reply rate of a year, as whole numbers: on-time replies ÷ replies made.

docs/domain-facts.md#reply-rate, official 2015-02-25.
"""

from dataclasses import dataclass
from enum import StrEnum


class CriterionStatus(StrEnum):
    """Whether a criterion is met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    """The facts by which it is judged are not known."""
    NOT_JUDGED = "not_judged"
    """Lancers does not judge it yet: too few replies, or no tasks."""


@dataclass(frozen=True, slots=True)
class RateRule:
    """The threshold of the rate: `numerator`/`denominator` of the replies. Fewer than `minimum` are not judged."""

    numerator: int
    denominator: int
    minimum: int


@dataclass(frozen=True, slots=True)
class ReplyRate:
    """The replies of one year: `on_time` by the strict reading, `ambiguous` among the others."""

    replies: int
    on_time: int
    ambiguous: int

    @property
    def late(self) -> int:
        """Late by the strict reading, the ambiguous ones included."""
        return self.replies - self.on_time

    @property
    def permille(self) -> int | None:
        """The rate in tenths of a percent, floored: 799 is 79.9 %. None without replies."""
        return self.on_time * 1000 // self.replies if self.replies else None

    @property
    def percent(self) -> float | None:
        """The rate in percent, floored to one decimal. None without replies."""
        return None if self.permille is None else self.permille / 10

    def status(self, rule: RateRule) -> CriterionStatus:
        if self.replies < rule.minimum:
            return CriterionStatus.NOT_JUDGED
        reached = rule.denominator * self.on_time >= rule.numerator * self.replies
        return CriterionStatus.MET if reached else CriterionStatus.NOT_MET

    def late_replies_allowed(self, rule: RateRule) -> int:
        """The late replies that could be added with the criterion still met; 0 when it is not met."""
        if self.status(rule) is not CriterionStatus.MET:
            return 0
        return rule.denominator * self.on_time // rule.numerator - self.replies

    def replies_needed(self, rule: RateRule) -> int:
        """The on-time replies that must be added until the criterion is met, the minimum included; 0 when it is met."""
        missing = rule.numerator * self.replies - rule.denominator * self.on_time
        to_reach = -(-missing // (rule.denominator - rule.numerator))
        return max(0, rule.minimum - self.replies, to_reach)
