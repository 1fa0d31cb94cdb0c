"""What Lancers displays against the record: which reading agrees, and an estimate whose bounds hold the truth."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LANCERS_ZONE, year_before
from bot.domain.certification.calibration import (
    ComparisonResult,
    DisplayedFigures,
    compare_with_record,
    estimate_unseen,
)
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import Basis, evaluate
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.domain.types import Edition

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
        compare_with_record(
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
def test_the_truth_lies_between_the_bounds_and_the_estimate_fades_out(
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
    found = estimate_unseen(
        DisplayedFigures(on=SHOWN_ON, reply_rate=shown, reply_rate_unit=unit, replies=truth.replies),
        year(recorded, SHOWN_UNTIL),
        year(recorded, now),
        known_since,
        now,
    )
    if found is None:
        # Nothing is missing any more: the record is the truth.
        assert year(recorded, now) == year(replies, now)
        return
    true = year(replies, now)
    low, high = (Fraction(each.on_time, each.replies or 1) for each in (found.worst, found.best))
    if true.replies:
        assert low <= Fraction(true.on_time, true.replies) <= high
    assert found.unseen == truth.replies - year(recorded, SHOWN_UNTIL).replies
    assert now.date() <= found.until
    if later > 366:
        raise AssertionError("the estimate must have faded out")


def test_a_criterion_is_judged_by_the_estimate_only_where_its_bounds_agree() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    rules = get_edition(Edition("2016"))
    record = ReplyRate(5, 5, 0)
    sure = estimate_unseen(
        DisplayedFigures(on=SHOWN_ON, reply_rate=950, reply_rate_unit=10, replies=40), record, record, SHOWN_ON, noon
    )
    unsure = estimate_unseen(
        DisplayedFigures(on=SHOWN_ON, reply_rate=800, reply_rate_unit=10, replies=205), record, record, SHOWN_ON, noon
    )
    for found, status in ((sure, CriterionStatus.MET), (unsure, CriterionStatus.UNKNOWN)):
        criterion = evaluate(rules, CriteriaInputs(rate=record, estimate=found), noon).criteria[0]
        assert (criterion.status, criterion.basis) == (status, Basis.ESTIMATED)


def test_what_was_displayed_stands_in_where_nothing_is_recorded() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    displayed = DisplayedFigures(on=SHOWN_ON, completion_rate=899, evaluation=480, earnings=100)
    facts = CriteriaInputs(rate=ReplyRate(0, 0, 0), displayed=displayed)
    found = {each.id: each for each in evaluate(get_edition(Edition("2016")), facts, noon).criteria}
    assert (found["completion_rate"].status, found["completion_rate"].value) == (CriterionStatus.NOT_MET, 89.9)
    assert (found["evaluation"].status, found["evaluation"].basis) == (CriterionStatus.MET, Basis.DISPLAYED)
    assert found["earnings"].status is CriterionStatus.UNKNOWN


def test_a_rate_that_no_number_of_replies_gives_has_bounds_around_it() -> None:
    found = estimate_unseen(
        DisplayedFigures(on=SHOWN_ON, reply_rate=923, reply_rate_unit=1, replies=40),
        ReplyRate(12, 11, 0),
        ReplyRate(12, 11, 0),
        SHOWN_ON,
        SHOWN_UNTIL,
    )
    assert found is not None
    assert (found.worst.on_time, found.best.on_time) == (36, 37)


def test_an_estimate_lasts_until_the_day_it_names_in_a_leap_year_too() -> None:
    displayed, record = (
        DisplayedFigures(on=date(2027, 2, 28), reply_rate=900, reply_rate_unit=10, replies=40),
        ReplyRate(5, 5, 0),
    )
    last_day, day_after = (datetime(2028, month, day, 12, tzinfo=LANCERS_ZONE) for month, day in ((2, 29), (3, 1)))
    estimated = estimate_unseen(displayed, record, record, displayed.on, last_day)
    assert estimated is not None
    assert estimated.until == day_after.date()
    assert estimate_unseen(displayed, record, record, displayed.on, day_after) is None
