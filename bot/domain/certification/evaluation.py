"""The pure judge: every criterion of an edition, for one member at one moment.

What is not known is unknown, never met. Verdict (DESIGN.md §5): not met if any criterion is not met; else unknown
if any is unknown, or the reply rate, where it is a criterion, is not judged yet; else met.
Every ratio is compared as whole numbers: a figure is never rounded up over its line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from bot.domain.calendar import lancers_date, months_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import CriterionRule, EditionRules
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.certification.jobs import JobOutcome, category_key
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.errors import InvalidInputError

Figure = float | int | date
"""As people read it: percent, stars, yen, a count, a day."""


class Basis(StrEnum):
    """What a criterion was judged by."""

    RECORDED = "recorded"
    ESTIMATED = "estimated"
    """With the replies from before the record put in; judged only where the worst and the best case agree."""
    DISPLAYED = "displayed"
    """What Lancers displayed, for want of a record."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, judged. `value` None: unknown; `threshold` None: nobody knows the line."""

    id: str
    status: CriterionStatus
    value: Figure | None
    threshold: Figure | None
    confidence: str
    source: str
    out_of: tuple[int, int] | None = None
    """The whole numbers behind the value: completed and all jobs, tenths of stars and evaluated jobs."""
    excluded: int = 0
    """Jobs that could not count: without stars where stars are averaged."""
    basis: Basis = Basis.RECORDED


@dataclass(frozen=True, slots=True)
class CertificationStatus:
    """All criteria of an edition, in its order."""

    rules: EditionRules
    rate: ReplyRate
    verdict: CriterionStatus
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """What one criterion comes to."""

    status: CriterionStatus = CriterionStatus.UNKNOWN
    value: Figure | None = None
    of: tuple[int, int] | None = None
    left_out: int = 0
    basis: Basis = Basis.RECORDED


def evaluate(rules: EditionRules, facts: CriteriaInputs, as_of: datetime) -> CertificationStatus:
    """Judge what is known at `as_of`. Raises `InputError` for a log-in after it."""
    today = lancers_date(as_of)
    if facts.last_login is not None and facts.last_login > today:
        raise InvalidInputError("certification-login-future", day=facts.last_login)
    criteria = tuple(_evaluate_criterion(rule, rules, facts, as_of) for rule in rules.criteria)
    return CertificationStatus(rules, facts.rate, _verdict(criteria), criteria)


def _evaluate_criterion(rule: CriterionRule, rules: EditionRules, facts: CriteriaInputs, as_of: datetime) -> Criterion:
    threshold = _threshold(rule)
    match rule.kind:
        case "reply_rate":
            found = _reply_rate(rules.reply_rate, facts)
        case "completion":
            found = _completion(rule, facts)
        case "satisfaction":
            found = _satisfaction(rule, facts)
        case "average":
            found = _average(rule, facts)
        case "earnings":
            threshold, found = facts.earnings_threshold, _earnings(facts)
        case "count":
            found = _profile(rule, facts)
        case "last_login":
            threshold = months_before(lancers_date(as_of), 1)
            found = _last_login(facts.last_login, threshold)
        case _:
            raise ValueError(rule.kind)
    if found.status is CriterionStatus.UNKNOWN and facts.displayed is not None:
        found = _displayed(rule, facts, facts.displayed) or found
    return Criterion(
        rule.id,
        found.status,
        found.value,
        threshold,
        rule.confidence,
        rule.source,
        found.of,
        found.left_out,
        found.basis,
    )


def _reply_rate(rule: RateRule, facts: CriteriaInputs) -> _Evaluation:
    if facts.estimate is None:
        rate = facts.rate
        return _Evaluation(rate.status(rule), _percent(rate), (rate.on_time, rate.replies))
    worst, best = facts.estimate.worst.status(rule), facts.estimate.best.status(rule)
    likely = facts.estimate.likely
    status = worst if worst is best else CriterionStatus.UNKNOWN
    return _Evaluation(status, _percent(likely), (likely.on_time, likely.replies), basis=Basis.ESTIMATED)


def _percent(rate: ReplyRate) -> float | None:
    return None if rate.permille is None else rate.permille / 10


def _displayed(rule: CriterionRule, facts: CriteriaInputs, displayed: DisplayedFigures) -> _Evaluation | None:
    """The figure that Lancers displayed, as it was displayed."""
    match rule.id:
        case "completion_rate" | "task_approval" | "satisfaction":
            tenths = getattr(displayed, rule.id)
            if tenths is not None:
                return _Evaluation(_meets(tenths, 1000, rule), tenths / 10, basis=Basis.DISPLAYED)
        case "evaluation" if displayed.evaluation is not None:
            status = _meets(displayed.evaluation, 100, rule)
            return _Evaluation(status, displayed.evaluation / 100, basis=Basis.DISPLAYED)
        case "earnings" if displayed.earnings is not None and facts.earnings_threshold is not None:
            status = _met(displayed.earnings >= facts.earnings_threshold)
            return _Evaluation(status, displayed.earnings, basis=Basis.DISPLAYED)
    return None


def _meets(numerator: int, denominator: int, rule: CriterionRule) -> CriterionStatus:
    """Whether part ÷ whole reaches the line."""
    return _met((rule.denominator or 1) * numerator >= (rule.numerator or 0) * denominator)


def _met(reached: bool) -> CriterionStatus:  # noqa: FBT001 — it says what it takes
    return CriterionStatus.MET if reached else CriterionStatus.NOT_MET


def _percentage(numerator: int, denominator: int, rule: CriterionRule, left_out: int = 0) -> _Evaluation:
    """A ratio in percent, floored to one decimal."""
    return _Evaluation(
        _meets(numerator, denominator, rule), numerator * 1000 // denominator / 10, (numerator, denominator), left_out
    )


def _completion(rule: CriterionRule, facts: CriteriaInputs) -> _Evaluation:
    if facts.job_totals is None:
        return _Evaluation()
    counted = [each for each in facts.job_totals if each.method in rule.methods]
    denominator = sum(each.count for each in counted)
    if not denominator:
        return _Evaluation(CriterionStatus.NOT_JUDGED if rule.optional else CriterionStatus.UNKNOWN)
    return _percentage(sum(each.count for each in counted if each.outcome is JobOutcome.COMPLETED), denominator, rule)


def _satisfaction(rule: CriterionRule, facts: CriteriaInputs) -> _Evaluation:
    evaluated = [(each.evaluation, each.count) for each in facts.job_totals or () if each.evaluation is not None]
    denominator = sum(count for _, count in evaluated)
    if not denominator:
        return _Evaluation()
    unevaluated = sum(each.count for each in facts.job_totals or ()) - denominator
    return _percentage(sum(count for given, count in evaluated if given.satisfied), denominator, rule, unevaluated)


def _average(rule: CriterionRule, facts: CriteriaInputs) -> _Evaluation:
    """Over what was given stars, in the stars' own tenths; 満足 and 残念 have none."""
    every = sum(each.count for each in facts.job_totals or ())
    starred = [
        (each.evaluation.tenths, each.count)
        for each in facts.job_totals or ()
        if each.evaluation is not None and each.evaluation.tenths is not None
    ]
    denominator = sum(count for _, count in starred)
    if not denominator:
        return _Evaluation(left_out=every)
    tenths = sum(given * count for given, count in starred)
    status = _meets(tenths, 10 * denominator, rule)
    return _Evaluation(status, tenths * 10 // denominator / 100, (tenths, denominator), every - denominator)


def _earnings(facts: CriteriaInputs) -> _Evaluation:
    """Completed jobs, contests included, of the category; without one of all (COMMAND_LINE.md, Criteria)."""
    matching = [
        each
        for each in facts.job_totals or ()
        if facts.category is None or category_key(each.category) == category_key(facts.category)
    ]
    if not matching:
        return _Evaluation()
    completed = [each for each in matching if each.outcome is JobOutcome.COMPLETED]
    earned, count = sum(each.earned for each in completed), sum(each.count for each in completed)
    if facts.earnings_threshold is None:
        return _Evaluation(of=(earned, count))
    return _Evaluation(_met(earned >= facts.earnings_threshold), earned, (earned, count))


def _profile(rule: CriterionRule, facts: CriteriaInputs) -> _Evaluation:
    if facts.profile is None:
        return _Evaluation()
    return _Evaluation(_meets(len(facts.profile), 1, rule), len(facts.profile))


def _last_login(last_login: date | None, earliest: date) -> _Evaluation:
    if last_login is None:
        return _Evaluation()
    return _Evaluation(_met(last_login >= earliest), last_login)


def _threshold(rule: CriterionRule) -> Figure | None:
    if rule.numerator is None or rule.denominator is None:
        return None
    line = Fraction(rule.numerator, rule.denominator)
    if rule.is_share:
        line *= 100
    return line.numerator if line.denominator == 1 else float(line)


def _verdict(criteria: Iterable[Criterion]) -> CriterionStatus:
    statuses = [each.status for each in criteria]
    if CriterionStatus.NOT_MET in statuses:
        return CriterionStatus.NOT_MET
    waits = any(each.id == "reply_rate" and each.status is CriterionStatus.NOT_JUDGED for each in criteria)
    return CriterionStatus.UNKNOWN if waits or CriterionStatus.UNKNOWN in statuses else CriterionStatus.MET
