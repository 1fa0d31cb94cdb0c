"""New rules are a new block of data: an edition that nobody has written yet is judged by the code as it stands."""

from datetime import UTC, datetime

import pytest

from bot.domain.certification.editions import parse_editions
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, ProfileItem
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import Edition

INVENTED = """
["2030"]
title = "2030 (invented)"
in_force_from = 2030-04-01
reply_rate = { numerator = 9, denominator = 10, minimum = 10 }

[["2030".criteria]]
id = "reply_rate"
kind = "reply_rate"
confidence = "official"
source = "the notice that says so"

[["2030".criteria]]
id = "profile"
kind = "count"
numerator = 5
denominator = 1
confidence = "assumed"
source = "nobody says"
"""
NOON = datetime(2030, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rate", "items", "statuses", "verdict"),
    [
        (ReplyRate(10, 9, 0), 5, ["met", "met"], "met"),
        (ReplyRate(99, 89, 0), 5, ["not_met", "met"], "not_met"),
        (ReplyRate(9, 9, 0), 9, ["not_judged", "met"], "unknown"),
        (ReplyRate(10, 10, 0), 4, ["met", "not_met"], "not_met"),
    ],
)
def test_a_new_block_is_all_it_takes(rate: ReplyRate, items: int, statuses: list[str], verdict: str) -> None:
    [(name, rules)] = parse_editions(INVENTED).items()
    assert name == Edition("2030")
    standing = evaluate_criteria(rules, CriteriaInputs(rate=rate, profile=frozenset(list(ProfileItem)[:items])), NOON)
    assert [each.status for each in standing.criteria] == statuses
    assert standing.verdict == verdict


def test_the_threshold_of_the_reply_rate_is_written_once() -> None:
    [rules] = parse_editions(INVENTED).values()
    [rate, _] = rules.criteria
    assert (rate.numerator, rate.denominator) == (9, 10)
    written_twice = INVENTED.replace('kind = "reply_rate"', 'kind = "reply_rate"\nnumerator = 4')
    with pytest.raises(ValueError, match="2030: the threshold of the reply rate"):
        parse_editions(written_twice)


@pytest.mark.parametrize(
    ("criterion_id", "kind"), [("quality", "satisfaction"), ("satisfaction", "average"), ("quality", "quality")]
)
def test_a_criterion_that_no_code_judges_and_shows_is_refused(criterion_id: str, kind: str) -> None:
    changed = INVENTED.replace('id = "profile"\nkind = "count"', f'id = "{criterion_id}"\nkind = "{kind}"')
    with pytest.raises(ValueError, match=f'2030: no code judges the criterion "{criterion_id}" as "{kind}"'):
        parse_editions(changed)
