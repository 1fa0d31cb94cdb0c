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

from bot.certification.calibration import Displayed
from bot.certification.editions import CriterionRule, EditionRules
from bot.certification.facts import Facts, month_before
from bot.certification.jobs import Outcome, category_key
from bot.certification.reply_rate import LANCERS_ZONE, RateRule, ReplyRate, Status
from bot.errors import InputError

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
    status: Status
    value: Figure | None
    threshold: Figure | None
    confidence: str
    source: str
    of: tuple[int, int] | None = None
    """The whole numbers behind the value: completed and all jobs, tenths of stars and evaluated jobs."""
    left_out: int = 0
    """Jobs that could not count: without stars where stars are averaged."""
    basis: Basis = Basis.RECORDED


@dataclass(frozen=True, slots=True)
class Standing:
    """All criteria of an edition, in its order."""

    rules: EditionRules
    rate: ReplyRate
    verdict: Status
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one criterion comes to."""

    status: Status = Status.UNKNOWN
    value: Figure | None = None
    of: tuple[int, int] | None = None
    left_out: int = 0
    basis: Basis = Basis.RECORDED


def judge(rules: EditionRules, facts: Facts, as_of: datetime) -> Standing:
    """Judge what is known at `as_of`. Raises `InputError` for a log-in after it."""
    today = as_of.astimezone(LANCERS_ZONE).date()
    if facts.last_login is not None and facts.last_login > today:
        raise InputError("certification-login-future", day=facts.last_login)
    criteria = tuple(_judge_one(rule, rules, facts, as_of) for rule in rules.criteria)
    return Standing(rules, facts.rate, _verdict(criteria), criteria)


def _judge_one(rule: CriterionRule, rules: EditionRules, facts: Facts, as_of: datetime) -> Criterion:
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
            threshold, found = facts.line, _earnings(facts)
        case "count":
            found = _profile(rule, facts)
        case "last_login":
            threshold = month_before(as_of.astimezone(LANCERS_ZONE).date())
            found = _last_login(facts.last_login, threshold)
        case _:
            raise ValueError(rule.kind)
    if found.status is Status.UNKNOWN and facts.displayed is not None:
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


def _reply_rate(rule: RateRule, facts: Facts) -> _Finding:
    if facts.bridge is None:
        rate = facts.rate
        return _Finding(rate.status(rule), _percent(rate), (rate.on_time, rate.replies))
    worst, best = facts.bridge.worst.status(rule), facts.bridge.best.status(rule)
    likely = facts.bridge.likely
    status = worst if worst is best else Status.UNKNOWN
    return _Finding(status, _percent(likely), (likely.on_time, likely.replies), basis=Basis.ESTIMATED)


def _percent(rate: ReplyRate) -> float | None:
    return None if rate.tenths is None else rate.tenths / 10


def _displayed(rule: CriterionRule, facts: Facts, displayed: Displayed) -> _Finding | None:
    """The figure that Lancers displayed, as it was displayed."""
    match rule.id:
        case "completion_rate" | "task_approval" | "satisfaction":
            tenths = getattr(displayed, rule.id)
            if tenths is not None:
                return _Finding(_reaches(tenths, 1000, rule), tenths / 10, basis=Basis.DISPLAYED)
        case "evaluation" if displayed.evaluation is not None:
            status = _reaches(displayed.evaluation, 100, rule)
            return _Finding(status, displayed.evaluation / 100, basis=Basis.DISPLAYED)
        case "earnings" if displayed.earnings is not None and facts.line is not None:
            status = _met(displayed.earnings >= facts.line)
            return _Finding(status, displayed.earnings, basis=Basis.DISPLAYED)
    return None


def _reaches(part: int, whole: int, rule: CriterionRule) -> Status:
    """Whether part ÷ whole reaches the line."""
    return _met((rule.denominator or 1) * part >= (rule.numerator or 0) * whole)


def _met(reached: bool) -> Status:  # noqa: FBT001 — it says what it takes
    return Status.MET if reached else Status.NOT_MET


def _share(part: int, whole: int, rule: CriterionRule, left_out: int = 0) -> _Finding:
    """A ratio in percent, floored to one decimal."""
    return _Finding(_reaches(part, whole, rule), part * 1000 // whole / 10, (part, whole), left_out)


def _completion(rule: CriterionRule, facts: Facts) -> _Finding:
    if facts.work is None:
        return _Finding()
    counted = [each for each in facts.work if each.method in rule.counts]
    whole = sum(each.count for each in counted)
    if not whole:
        return _Finding(Status.NOT_JUDGED if rule.optional else Status.UNKNOWN)
    return _share(sum(each.count for each in counted if each.outcome is Outcome.COMPLETED), whole, rule)


def _satisfaction(rule: CriterionRule, facts: Facts) -> _Finding:
    evaluated = [(each.evaluation, each.count) for each in facts.work or () if each.evaluation is not None]
    whole = sum(count for _, count in evaluated)
    if not whole:
        return _Finding()
    unevaluated = sum(each.count for each in facts.work or ()) - whole
    return _share(sum(count for given, count in evaluated if given.satisfied), whole, rule, unevaluated)


def _average(rule: CriterionRule, facts: Facts) -> _Finding:
    """Over what was given stars, in the stars' own tenths; 満足 and 残念 have none."""
    every = sum(each.count for each in facts.work or ())
    starred = [
        (each.evaluation.tenths, each.count)
        for each in facts.work or ()
        if each.evaluation is not None and each.evaluation.tenths is not None
    ]
    whole = sum(count for _, count in starred)
    if not whole:
        return _Finding(left_out=every)
    tenths = sum(given * count for given, count in starred)
    status = _reaches(tenths, 10 * whole, rule)
    return _Finding(status, tenths * 10 // whole / 100, (tenths, whole), every - whole)


def _earnings(facts: Facts) -> _Finding:
    """Completed jobs, contests included, of the category; without one of all (COMMAND_LINE.md, Criteria)."""
    matching = [
        each
        for each in facts.work or ()
        if facts.category is None or category_key(each.category) == category_key(facts.category)
    ]
    if not matching:
        return _Finding()
    completed = [each for each in matching if each.outcome is Outcome.COMPLETED]
    earned, count = sum(each.earned for each in completed), sum(each.count for each in completed)
    if facts.line is None:
        return _Finding(of=(earned, count))
    return _Finding(_met(earned >= facts.line), earned, (earned, count))


def _profile(rule: CriterionRule, facts: Facts) -> _Finding:
    if facts.profile is None:
        return _Finding()
    return _Finding(_reaches(len(facts.profile), 1, rule), len(facts.profile))


def _last_login(last_login: date | None, earliest: date) -> _Finding:
    if last_login is None:
        return _Finding()
    return _Finding(_met(last_login >= earliest), last_login)


def _threshold(rule: CriterionRule) -> Figure | None:
    if rule.numerator is None or rule.denominator is None:
        return None
    line = Fraction(rule.numerator, rule.denominator)
    if rule.is_share:
        line *= 100
    return line.numerator if line.denominator == 1 else float(line)


def _verdict(criteria: Iterable[Criterion]) -> Status:
    statuses = [each.status for each in criteria]
    if Status.NOT_MET in statuses:
        return Status.NOT_MET
    waits = any(each.id == "reply_rate" and each.status is Status.NOT_JUDGED for each in criteria)
    return Status.UNKNOWN if waits or Status.UNKNOWN in statuses else Status.MET
