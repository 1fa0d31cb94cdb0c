"""The pure judge: every criterion of each edition, in its order, and the verdict."""

from datetime import UTC, date, datetime

import pytest

from bot.certification.editions import edition_named, edition_names
from bot.certification.facts import Facts
from bot.certification.reply_rate import ReplyRate, Status
from bot.certification.standing import judge
from bot.errors import InputError
from bot.values import Edition

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_the_editions_name_the_criteria_of_the_contract() -> None:
    assert edition_names() == ("2016", "2024")
    assert [each.id for each in edition_named(Edition("2016")).criteria] == [
        "reply_rate", "completion_rate", "earnings", "evaluation", "profile",
    ]  # fmt: skip
    assert [each.id for each in edition_named(Edition("2024")).criteria] == [
        "completion_rate", "task_approval", "earnings", "satisfaction", "profile", "last_login",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("edition", "rate", "verdict"),
    [
        ("2016", ReplyRate(10, 7, 0), Status.NOT_MET),
        ("2016", ReplyRate(10, 9, 0), Status.UNKNOWN),
        ("2016", ReplyRate(0, 0, 0), Status.UNKNOWN),
        ("2024", ReplyRate(10, 1, 0), Status.UNKNOWN),
    ],
)
def test_what_is_not_known_is_unknown_and_never_met(edition: str, rate: ReplyRate, verdict: Status) -> None:
    standing = judge(edition_named(Edition(edition)), Facts(rate), NOON)
    assert standing.verdict is verdict
    assert all(
        each.status is Status.UNKNOWN and each.value is None for each in standing.criteria if each.id != "reply_rate"
    )


def test_thresholds_are_as_people_read_them() -> None:
    found = {
        each.id: each.threshold
        for name in ("2016", "2024")
        for each in judge(edition_named(Edition(name)), Facts(ReplyRate(0, 0, 0)), NOON).criteria
    }
    assert found == {
        "reply_rate": 80, "completion_rate": 90, "earnings": None, "evaluation": 4.8, "profile": 9,
        "task_approval": 90, "satisfaction": 95, "last_login": date(2026, 10, 24),
    }  # fmt: skip


def test_an_unknown_edition_is_a_sentence() -> None:
    with pytest.raises(InputError):
        edition_named(Edition("1999"))
