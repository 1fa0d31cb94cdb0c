"""What Lancers displays against the record: which reading agrees, and an estimate whose bounds hold the truth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.calendar import LANCERS_ZONE, year_before
from bot.domain.certification.calibration import (
    ComparisonResult,
    DisplayedFigures,
    compare_display_with_record,
    ensure_rate_is_possible,
    merge_displayed_figures,
)
from bot.domain.certification.criterion import Basis
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.reply.reply_rate import CriterionStatus, RateEstimate, RateRule, ReplyRate
from bot.domain.types import Edition
from bot.errors import InvalidInputError
from bot.i18n.reply_rate import MarginTexts, format_margin
from bot.i18n.translations import get_translations
from tests.helpers.estimates import FOUR_FIFTHS, rate_with_display

SHOWN_ON = date(2026, 11, 24)
SHOWN_UNTIL = datetime(2026, 11, 25, tzinfo=LANCERS_ZONE)


@pytest.mark.parametrize(
    ("rate", "unit", "replies", "recorded", "expected"),
    [
        (750, 10, 4, ReplyRate(4, 3, 1), ComparisonResult.OLDEST),
        (1000, 10, 4, ReplyRate(4, 3, 1), ComparisonResult.NEWEST),
        (1000, 10, None, ReplyRate(4, 4, 0), ComparisonResult.BOTH),
        (500, 10, 4, ReplyRate(4, 3, 1), ComparisonResult.NEITHER),
        (750, 10, 9, ReplyRate(4, 3, 1), ComparisonResult.UNSEEN),
        (750, 10, 3, ReplyRate(4, 3, 1), ComparisonResult.TOO_MANY),
        (666, 1, 3, ReplyRate(3, 2, 0), ComparisonResult.BOTH),
        (667, 1, 3, ReplyRate(3, 2, 0), ComparisonResult.BOTH),
        (660, 10, 3, ReplyRate(3, 2, 0), ComparisonResult.BOTH),
        (670, 10, 3, ReplyRate(3, 2, 0), ComparisonResult.BOTH),
        (665, 1, 3, ReplyRate(3, 2, 0), ComparisonResult.NEITHER),
        (None, None, None, ReplyRate(3, 2, 0), ComparisonResult.NOTHING),
        (800, 10, None, ReplyRate(0, 0, 0), ComparisonResult.NOTHING),
    ],
)
def test_which_reading_agrees(
    rate: int | None, unit: int | None, replies: int | None, recorded: ReplyRate, expected: ComparisonResult
) -> None:
    """Cut off or rounded, whichever Lancers does."""
    assert (
        compare_display_with_record(
            DisplayedFigures(on=SHOWN_ON, reply_rate=rate, reply_rate_unit=unit, replies=replies), recorded
        )
        is expected
    )


Replies = list[tuple[int, bool]]
"""Days before the display (negative: after it), and whether on time."""


@given(
    st.lists(st.tuples(st.integers(-400, 364), st.booleans()), min_size=1, max_size=60),
    st.integers(0, 364),
    st.integers(0, 400),
    st.sampled_from([1, 10]),
    st.booleans(),
)
def test_the_truth_lies_between_the_bounds_on_its_day_and_the_estimate_fades_out(
    replies: Replies,
    known_for: int,
    later: int,
    unit: int,
    rounded: bool,  # noqa: FBT001
) -> None:
    def at(days_before: int) -> datetime:
        return SHOWN_UNTIL - timedelta(days=days_before, hours=12)

    def year(known: Replies, end: datetime) -> ReplyRate:
        counted = [on_time for days, on_time in known if year_before(end) <= at(days) <= end]
        return ReplyRate(len(counted), sum(counted), 0)

    truth = year(replies, SHOWN_UNTIL)
    if not truth.replies:
        return
    share = Fraction(truth.on_time * 1000, truth.replies * unit)
    shown = unit * (round(share) if rounded else int(share))
    recorded = [each for each in replies if each[0] <= known_for]
    now = SHOWN_UNTIL + timedelta(days=later)
    known_since = min((at(days).date() for days, _ in recorded), default=SHOWN_ON)
    rate = rate_with_display(
        DisplayedFigures(on=SHOWN_ON, reply_rate=shown, reply_rate_unit=unit, replies=truth.replies),
        year(recorded, SHOWN_UNTIL),
        year(recorded, now),
        now,
        known_since=known_since,
        still_counted=sum(year_before(now) <= at(days) and 0 <= days <= 365 for days, _ in recorded),
    )
    if rate.estimate is None:
        # Nothing is missing any more: the record is the truth.
        assert rate == year(recorded, now) == year(replies, now)
        return
    if not later:
        low, high = (Fraction(case.on_time, case.replies or 1) for case in (rate.estimate.worst, rate.estimate.best))
        assert low <= Fraction(truth.on_time, truth.replies) <= high
        assert rate.permille == shown
        assert rate.replies == truth.replies
    worst, best = rate.bounds
    if worst is not None and best is not None and rate.permille is not None:
        assert worst <= rate.permille <= best
    assert now.date() <= rate.estimate.until


def test_a_margin_is_certain_where_all_cases_agree() -> None:
    worst, best = ReplyRate(100, 80, 0), ReplyRate(100, 82, 0)
    estimate = RateEstimate(
        displayed_on=date(2026, 11, 20), until=date(2027, 11, 21), unseen=50, worst=worst, best=best
    )
    rate = ReplyRate(100, 81, 0, estimate)
    assert rate.late_replies_allowed(FOUR_FIFTHS) == 1
    assert not rate.is_margin_certain(FOUR_FIFTHS)
    texts, ids = get_translations("en"), MarginTexts("status-rate-slack", "status-rate-needed")
    margin = texts("status-rate-slack", slack=1)
    assert format_margin(texts, rate, FOUR_FIFTHS, ids) == texts("rate-margin-likely", margin=margin)
    assert format_margin(texts, replace(rate, estimate=None), FOUR_FIFTHS, ids) == margin
    same = replace(rate, estimate=replace(estimate, worst=ReplyRate(100, 81, 0), best=ReplyRate(100, 81, 0)))
    assert format_margin(texts, same, FOUR_FIFTHS, ids) == margin


def test_a_criterion_is_judged_by_the_estimate_only_where_its_bounds_agree() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    rules = get_edition(Edition("2016"))
    record = ReplyRate(5, 5, 0)

    def judged(displayed_rate: int, replies: int) -> tuple[CriterionStatus, Basis]:
        displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=displayed_rate, reply_rate_unit=10, replies=replies)
        rate = rate_with_display(displayed, record, record, noon)
        criterion = evaluate_criteria(rules, CriteriaInputs(rate=rate), noon).criteria[0]
        return criterion.status, criterion.basis

    assert judged(950, 40) == (CriterionStatus.MET, Basis.ESTIMATED)
    assert judged(790, 200) == (CriterionStatus.NOT_MET, Basis.ESTIMATED)
    assert judged(800, 205) == (CriterionStatus.NOT_JUDGED, Basis.ESTIMATED)


def test_what_was_displayed_stands_in_where_nothing_is_recorded() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    displayed = DisplayedFigures(on=SHOWN_ON, completion_rate=899, evaluation=480, earnings=100)
    facts = CriteriaInputs(rate=ReplyRate(0, 0, 0), displayed=displayed)
    found = {each.id: each for each in evaluate_criteria(get_edition(Edition("2016")), facts, noon).criteria}
    assert (found["completion_rate"].status, found["completion_rate"].value) == (CriterionStatus.NOT_MET, 89.9)
    assert (found["evaluation"].status, found["evaluation"].basis) == (CriterionStatus.MET, Basis.DISPLAYED)
    assert found["earnings"].status is CriterionStatus.UNKNOWN


def test_a_stored_rate_that_no_number_of_replies_gives_has_bounds_around_it() -> None:
    """Former versions accepted such figures."""
    record = ReplyRate(12, 11, 0)
    displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=923, reply_rate_unit=1, replies=40)
    rate = rate_with_display(displayed, record, record, SHOWN_UNTIL)
    assert rate.estimate is not None
    assert (rate.estimate.worst.on_time, rate.estimate.best.on_time) == (36, 37)
    assert rate.permille == rate.on_time * 1000 // 40


def test_an_estimate_lasts_until_the_day_it_names_in_a_leap_year_too() -> None:
    displayed, record = (
        DisplayedFigures(on=date(2027, 2, 28), reply_rate=900, reply_rate_unit=10, replies=40),
        ReplyRate(5, 5, 0),
    )
    last_day, day_after = (datetime(2028, month, day, 12, tzinfo=LANCERS_ZONE) for month, day in ((2, 29), (3, 1)))
    estimate = rate_with_display(displayed, record, record, last_day).estimate
    assert estimate is not None
    assert estimate.until == day_after.date()
    assert rate_with_display(displayed, record, record, day_after) == record


@pytest.mark.parametrize(
    ("rate", "unit", "replies", "nearest"),
    [
        (923, 1, 40, ("92.3", "92.5", 39)),
        (799, 1, 5, ("79.9", "80.0", 134)),
        (920, 10, 5, ("92", "100", 12)),
        (1, 1, 3, ("0.1", "0.0", 501)),
        (991, 1, 300, ("99.1", "99.0", 316)),
        (500, 10, 1, ("50", "0", 2)),
    ],
)
def test_an_impossible_pair_is_refused_with_the_nearest_possible_ones(
    rate: int, unit: int, replies: int, nearest: tuple[str, str, int]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_rate_is_possible(DisplayedFigures(on=SHOWN_ON, reply_rate=rate, reply_rate_unit=unit, replies=replies))
    arguments = refused.value.arguments
    assert (arguments["rate"], arguments["nearest_rate"], arguments["nearest_replies"]) == nearest


@given(st.integers(1, 3000), st.integers(0, 3000), st.sampled_from([1, 10]), st.booleans())
@example(replies=2388, on_time=1911, unit=1, rounded=False)
@example(replies=303, on_time=243, unit=10, rounded=False)
@example(replies=44, on_time=35, unit=10, rounded=True)
def test_what_lancers_can_display_is_possible_and_shown_as_it_was_typed(
    replies: int,
    on_time: int,
    unit: int,
    rounded: bool,  # noqa: FBT001
) -> None:
    on_time = min(on_time, replies)
    share = Fraction(on_time * 1000, replies * unit)
    shown = unit * (round(share) if rounded else int(share))
    displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=shown, reply_rate_unit=unit, replies=replies)
    ensure_rate_is_possible(displayed)
    nothing = ReplyRate(0, 0, 0)
    rate = rate_with_display(displayed, nothing, nothing, SHOWN_UNTIL)
    if shown < 800 or rate.on_time * 5 >= replies * 4:  # else it is shown rounded up to the threshold
        assert (rate.permille, rate.replies, rate.is_whole_percent) == (shown, replies, unit == 10)
    else:
        assert rounded
        assert rate.permille == rate.on_time * 1000 // replies
    worst, best = rate.bounds
    assert worst is not None
    assert best is not None
    assert worst <= rate.permille <= best


@given(
    st.integers(1, 200), st.integers(0, 200), st.integers(0, 20), st.integers(0, 20), st.integers(0, 8), st.integers(0, 8)
)  # fmt: skip
def test_a_reply_makes_the_displayed_rate_a_computed_one(
    replies: int, on_time: int, recorded_late: int, recorded_on_time: int, more_on_time: int, more_late: int
) -> None:
    """Whatever the record says about the replies in the display, even that it contradicts it."""
    on_time = min(on_time, replies)
    displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=on_time * 1000 // replies, reply_rate_unit=1, replies=replies)
    recorded = ReplyRate(recorded_late + recorded_on_time, recorded_on_time, 0)
    rate = rate_with_display(displayed, recorded, recorded, SHOWN_UNTIL)
    if rate.estimate is None:
        assert rate == recorded
        return
    assert (rate.permille, rate.replies) == (displayed.reply_rate, replies)
    assert rate.on_time in displayed.possible_on_time
    after = rate.with_replies(on_time=more_on_time, late=more_late)
    assert (after.replies, after.late) == (replies + more_on_time + more_late, rate.late + more_late)
    if more_on_time + more_late:
        assert after.permille == after.on_time * 1000 // after.replies
    # A reply that is recorded later gives the same rate as one that is added to the rate.
    current = recorded.with_replies(on_time=more_on_time, late=more_late)
    later = rate_with_display(displayed, recorded, current, SHOWN_UNTIL, still_counted=recorded.replies)
    assert later == after
    worst, best = later.bounds
    assert worst is not None
    assert best is not None
    assert later.permille is not None
    assert worst <= later.permille <= best
    rule = get_edition(Edition("2016")).reply_rate
    if later.status(rule) is CriterionStatus.MET:
        assert later.likely_status(rule) is CriterionStatus.MET
    if later.status(rule) is CriterionStatus.NOT_MET:
        assert later.likely_status(rule) is CriterionStatus.NOT_MET


def test_each_figure_is_the_newest_one_and_a_rate_keeps_its_replies() -> None:
    def on(day: int, **figures: int) -> DisplayedFigures:
        return DisplayedFigures(on=date(2026, 11, day), **figures)  # type: ignore[arg-type]

    days = [on(24, completion_rate=980), on(20, reply_rate=950, reply_rate_unit=10), on(10, replies=40, reply_rate=925)]
    merged, of_figure = merge_displayed_figures(days)
    assert (merged.on.day, merged.completion_rate, merged.reply_rate, merged.replies) == (24, 980, 925, 40)
    assert (of_figure["completion_rate"].day, of_figure["reply_rate"].day, of_figure["replies"].day) == (24, 10, 10)
    assert merged.until == days[2].until
    assert merge_displayed_figures(days[1:2])[0].reply_rate == 950


@given(st.integers(1, 60), st.data(), st.integers(1, 400), st.sampled_from([1, 10]))
def test_the_bounds_are_the_extremes_of_which_replies_have_left(
    replies: int, data: st.DataObject, later: int, unit: int
) -> None:
    """Of every number on time that the display allows, and of every choice among those that have left the year."""
    shown = 1000 * data.draw(st.integers(0, replies)) // replies // unit * unit
    displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=shown, reply_rate_unit=unit, replies=replies)
    nothing = ReplyRate(0, 0, 0)
    now = SHOWN_UNTIL + timedelta(days=later)
    rate = rate_with_display(displayed, nothing, nothing, now, known_since=SHOWN_ON, still_counted=0)
    if rate.estimate is None:
        return
    gone = replies - rate.replies
    left = {
        on_time - on_time_gone
        for on_time in displayed.possible_on_time
        for on_time_gone in range(max(0, gone - (replies - on_time)), min(on_time, gone) + 1)
    }
    assert (rate.estimate.worst.on_time, rate.estimate.best.on_time) == (min(left), max(left))
    assert rate.estimate.worst.replies == rate.estimate.best.replies == rate.replies
    assert rate.on_time in left


@pytest.mark.parametrize(
    ("shown", "replies", "of_five", "of_ten"), [(800, 44, 795, 800), (900, 49, 900, 897), (790, 38, 790, 790)]
)
def test_a_display_is_compared_with_the_threshold_of_the_members_edition_alone(
    shown: int, replies: int, of_five: int, of_ten: int
) -> None:
    """35 of 44 are 79.5 %, and 44 of 49 are 89.7 %: Lancers may display them as 80 % and 90 %."""
    displayed = DisplayedFigures(on=SHOWN_ON, reply_rate=shown, reply_rate_unit=10, replies=replies)
    nothing = ReplyRate(0, 0, 0)
    for rule, permille in ((RateRule(4, 5, minimum=5), of_five), (RateRule(9, 10, minimum=5), of_ten)):
        assert rate_with_display(displayed, nothing, nothing, SHOWN_UNTIL, rule=rule).permille == permille
