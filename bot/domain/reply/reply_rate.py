"""The reply rate of a year, as whole numbers: on-time replies ÷ replies made.

docs/domain-facts.md#reply-rate, official 2015-02-25.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self


class CriterionStatus(StrEnum):
    """Whether a criterion is met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    """The facts by which it is judged are not known."""
    NOT_JUDGED = "not_judged"
    """Not judged yet: too few replies, no tasks, or an estimate whose worst and best case differ."""


@dataclass(frozen=True, slots=True)
class RateRule:
    """The threshold of the rate: `numerator`/`denominator` of the replies. Fewer than `minimum` are not judged."""

    numerator: int
    denominator: int
    minimum: int
    is_criterion: bool = True
    """Whether the edition judges by it; otherwise the rate is only published."""


class MarginKind(StrEnum):
    """What tells how far a rate is from its threshold: late replies allowed, or replies on time needed."""

    LATE_ALLOWED = "late_allowed"
    ON_TIME_NEEDED = "on_time_needed"
    NO_CRITERION = "no_criterion"
    """The edition does not judge by the rate, so nothing is allowed or needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEstimate:
    """What is known about a rate that also counts replies from before the record (`UnseenReplies`)."""

    displayed_on: date
    """The day on which Lancers displayed the figures that the estimate rests on."""
    until: date
    """From this day on the record covers the whole year."""
    unseen: int
    """Replies of the rate that are not recorded."""
    worst: "ReplyRate"
    best: "ReplyRate"
    displayed_permille: int | None = None
    """The displayed rate, as long as the replies are those that it was displayed for, and it is not rounded up to a
    threshold that they do not reach."""
    displayed_unit: int = 1
    """The precision of the displayed rate: 10 for whole percents, 1 for tenths."""


@dataclass(frozen=True, slots=True)
class ReplyRate:
    """The replies of one year: `on_time` by the strict reading, `ambiguous` among the others.

    With an estimate the counts are the likely case, and include the replies from before the record.
    """

    replies: int
    on_time: int
    ambiguous: int
    estimate: RateEstimate | None = None

    @property
    def late(self) -> int:
        """Late by the strict reading, the ambiguous ones included."""
        return self.replies - self.on_time

    @property
    def permille(self) -> int | None:
        """The rate in tenths of a percent: as displayed, else floored: 799 is 79.9 %. None without replies."""
        if self.estimate is not None and self.estimate.displayed_permille is not None:
            return self.estimate.displayed_permille
        return self.on_time * 1000 // self.replies if self.replies else None

    @property
    def percent(self) -> float | None:
        """The rate in percent: as displayed, else floored to one decimal. None without replies."""
        return _percent_of_permille(self.permille)

    @property
    def is_whole_percent(self) -> bool:
        """Whether it is a displayed rate without decimals."""
        estimate = self.estimate
        return estimate is not None and estimate.displayed_permille is not None and estimate.displayed_unit > 1

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The worst and the best case in tenths of a percent; None without replies. A recorded rate is both."""
        if self.estimate is None:
            return self.permille, self.permille
        return self._permille_of(self.estimate.worst), self._permille_of(self.estimate.best)

    def _permille_of(self, case: "ReplyRate") -> int | None:
        is_likely_case = (case.replies, case.on_time) == (self.replies, self.on_time)
        # A case in which no reply is left in the year has no rate.
        return self.permille if is_likely_case or not case.replies else case.permille

    @property
    def percent_bounds(self) -> tuple[float | None, float | None]:
        """The worst and the best case in percent."""
        worst, best = self.bounds
        return _percent_of_permille(worst), _percent_of_permille(best)

    def replies_until_judged(self, rule: RateRule) -> int:
        """How many more replies, on time or late, there have to be for Lancers to judge the rate."""
        return max(0, rule.minimum - self.replies)

    def has_minimum(self, rule: RateRule) -> bool:
        """Whether there are enough replies for Lancers to judge the rate."""
        return self.replies >= rule.minimum

    def likely_status(self, rule: RateRule) -> CriterionStatus:
        """Whether the likely case meets the criterion."""
        if not self.has_minimum(rule):
            return CriterionStatus.NOT_JUDGED
        reached = rule.denominator * self.on_time >= rule.numerator * self.replies
        return CriterionStatus.MET if reached else CriterionStatus.NOT_MET

    def status(self, rule: RateRule) -> CriterionStatus:
        """Whether the criterion is met; an estimate is judged only where its worst and its best case agree."""
        if self.estimate is None:
            return self.likely_status(rule)
        if self.estimate.worst.status(rule) is CriterionStatus.MET:
            return CriterionStatus.MET
        if self.estimate.best.status(rule) is CriterionStatus.NOT_MET:
            return CriterionStatus.NOT_MET
        return CriterionStatus.NOT_JUDGED

    def is_undecided(self, rule: RateRule) -> bool:
        """Whether an estimate with enough replies is not judged, because its worst and its best case differ."""
        if self.estimate is None or not rule.is_criterion or not self.has_minimum(rule):
            return False
        return self.status(rule) is CriterionStatus.NOT_JUDGED

    def late_replies_allowed(self, rule: RateRule) -> int:
        """The late replies that could be added with the criterion still met; 0 if it is not. The likely case."""
        if self.likely_status(rule) is not CriterionStatus.MET:
            return 0
        return rule.denominator * self.on_time // rule.numerator - self.replies

    def replies_needed(self, rule: RateRule) -> int:
        """The on-time replies to add until the criterion is met, the minimum included; 0 if it is. The likely case."""
        missing = rule.numerator * self.replies - rule.denominator * self.on_time
        to_reach = -(-missing // (rule.denominator - rule.numerator))
        return max(0, rule.minimum - self.replies, to_reach)

    def margin_kind(self, rule: RateRule) -> MarginKind:
        """Whether late replies are allowed, or replies on time needed."""
        if not rule.is_criterion:
            return MarginKind.NO_CRITERION
        return MarginKind.ON_TIME_NEEDED if self.replies_needed(rule) else MarginKind.LATE_ALLOWED

    def is_margin_certain(self, rule: RateRule) -> bool:
        """Whether as many late replies are allowed, or replies needed, in the worst and in the best case too."""
        cases = [self] if self.estimate is None else [self, self.estimate.worst, self.estimate.best]
        return len({(case.late_replies_allowed(rule), case.replies_needed(rule)) for case in cases}) == 1

    def with_replies(self, *, on_time: int = 0, late: int = 0, ambiguous: int = 0) -> Self:
        """The rate with replies added, `ambiguous` of the late ones among them: no longer the displayed one."""
        estimate = self.estimate
        if estimate is not None and on_time + late:
            estimate = replace(
                estimate,
                worst=estimate.worst.with_replies(on_time=on_time, late=late),
                best=estimate.best.with_replies(on_time=on_time, late=late),
                displayed_permille=None,
            )
        return replace(
            self,
            replies=self.replies + on_time + late,
            on_time=self.on_time + on_time,
            ambiguous=self.ambiguous + ambiguous,
            estimate=estimate,
        )


def _percent_of_permille(permille: int | None) -> float | None:
    return None if permille is None else permille / 10
