"""The pure judge: every criterion of an edition, for one member at one moment.

What is not known is unknown, never met. Verdict (DESIGN.md §5): not met if any criterion is not met; else unknown
if any is unknown, or the reply rate, where it is a criterion, is not judged yet; else met.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from bot.certification.editions import CriterionRule, EditionRules
from bot.certification.reply_rate import ReplyRate, Status


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, judged. `value` and `threshold` as people read them: percent, stars, a count; None: unknown."""

    id: str
    status: Status
    value: float | int | None
    threshold: float | int | None
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All criteria of an edition, in its order."""

    rules: EditionRules
    rate: ReplyRate
    verdict: Status
    criteria: tuple[Criterion, ...]


def judge(rules: EditionRules, rate: ReplyRate) -> Standing:
    """Judge what is known: for now the reply rate; everything else is unknown."""
    criteria = tuple(_judge_one(rule, rules, rate) for rule in rules.criteria)
    return Standing(rules, rate, _verdict(criteria), criteria)


def _judge_one(rule: CriterionRule, rules: EditionRules, rate: ReplyRate) -> Criterion:
    status, value = Status.UNKNOWN, None
    if rule.kind == "reply_rate":
        status = rate.status(rules.reply_rate)
        value = None if rate.tenths is None else rate.tenths / 10
    return Criterion(rule.id, status, value, _threshold(rule), rule.confidence, rule.source)


def _threshold(rule: CriterionRule) -> float | int | None:
    if rule.numerator is None or rule.denominator is None:
        return None
    line = Fraction(rule.numerator, rule.denominator)
    if rule.kind in {"ratio", "reply_rate"}:
        line *= 100
    return line.numerator if line.denominator == 1 else float(line)


def _verdict(criteria: Iterable[Criterion]) -> Status:
    statuses = [each.status for each in criteria]
    if Status.NOT_MET in statuses:
        return Status.NOT_MET
    waits = any(each.id == "reply_rate" and each.status is Status.NOT_JUDGED for each in criteria)
    return Status.UNKNOWN if waits or Status.UNKNOWN in statuses else Status.MET
