"""The pure judge: every criterion of each edition, in its order, and the verdict."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.certification.editions import edition_in_force, edition_names, get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.domain.types import Edition
from bot.errors import InvalidInputError

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_the_editions_name_the_criteria_of_the_contract() -> None:
    assert edition_names() == ("2016", "2020", "2022", "2024")
    assert [each.id for each in get_edition(Edition("2016")).criteria] == [
        "reply_rate", "completion_rate", "earnings", "evaluation", "profile",
    ]  # fmt: skip
    assert [each.id for each in get_edition(Edition("2020")).criteria] == [
        "reply_rate", "completion_rate", "task_approval", "earnings", "evaluation", "profile", "last_login",
    ]  # fmt: skip
    assert [each.id for each in get_edition(Edition("2022")).criteria] == [
        "reply_rate", "completion_rate", "task_approval", "earnings", "satisfaction", "profile", "last_login",
    ]  # fmt: skip
    assert [each.id for each in get_edition(Edition("2024")).criteria] == [
        "completion_rate", "task_approval", "earnings", "satisfaction", "profile", "last_login",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2010, 1, 1), None),
        (date(2018, 1, 1), None),
        (date(2022, 1, 31), None),
        (date(2022, 2, 1), "2022"),
        (date(2024, 2, 4), "2022"),
        (date(2024, 2, 5), "2024"),
        (date(2026, 11, 24), "2024"),
    ],
)
def test_the_edition_in_force_on_a_day_is_named_where_it_is_known(day: date, edition: str | None) -> None:
    assert edition_in_force(day) == edition


@pytest.mark.parametrize(
    ("edition", "rate", "verdict"),
    [
        ("2016", ReplyRate(10, 7, 0), CriterionStatus.NOT_MET),
        ("2016", ReplyRate(10, 9, 0), CriterionStatus.UNKNOWN),
        ("2016", ReplyRate(0, 0, 0), CriterionStatus.UNKNOWN),
        ("2024", ReplyRate(10, 1, 0), CriterionStatus.UNKNOWN),
    ],
)
def test_what_is_not_known_is_unknown_and_never_met(edition: str, rate: ReplyRate, verdict: CriterionStatus) -> None:
    standing = evaluate_criteria(get_edition(Edition(edition)), CriteriaInputs(rate=rate), NOON)
    assert standing.verdict is verdict
    assert all(
        each.status is CriterionStatus.UNKNOWN and each.value is None
        for each in standing.criteria
        if each.id != "reply_rate"
    )


def test_thresholds_are_as_people_read_them() -> None:
    found = {
        each.id: each.threshold
        for name in edition_names()
        for each in evaluate_criteria(
            get_edition(Edition(name)), CriteriaInputs(rate=ReplyRate(0, 0, 0)), NOON
        ).criteria
    }
    assert found == {
        "reply_rate": 80, "completion_rate": 90, "earnings": None, "evaluation": 4.8, "profile": 9,
        "task_approval": 90, "satisfaction": 95, "last_login": date(2026, 10, 24),
    }  # fmt: skip


def test_an_unknown_edition_is_a_sentence() -> None:
    with pytest.raises(InvalidInputError):
        get_edition(Edition("1999"))
