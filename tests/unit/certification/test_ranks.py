"""The ranks: what each asks in each edition, what is unknown, and what a declaration changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal, ProfileItem, RankItem
from bot.domain.certification.jobs import Evaluation, JobOutcome, JobTotals, evaluation_in_stars
from bot.domain.certification.ranks import Rank, RankStanding, judge_rank, parse_ranks, rank_rules
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import ContractMethod, Edition, Yen

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
ALL_ITEMS = dict.fromkeys(RankItem, True)


def totals(count: int, outcome: JobOutcome, evaluation: Evaluation | None) -> JobTotals:
    return JobTotals(
        method=ContractMethod.PROJECT,
        category="Web",
        outcome=outcome,
        evaluation=evaluation,
        count=count,
        earned=count * 1000,
    )


EVERYTHING = CriteriaInputs(
    rate=ReplyRate(10, 8, 0),
    job_totals=(totals(9, JobOutcome.COMPLETED, evaluation_in_stars(48)), totals(1, JobOutcome.NOT_COMPLETED, None)),
    goals=(EarningsGoal("Web", Yen(9000)),),
    profile=frozenset(ProfileItem),
    rank_items=ALL_ITEMS,
    has_taken_job=True,
    last_login=date(2026, 11, 1),
)
BARE = CriteriaInputs(rate=ReplyRate(0, 0, 0))


def rank_of(facts: CriteriaInputs, edition: str = "2024", declared: Rank | None = None) -> RankStanding:
    return judge_rank(evaluate_criteria(get_edition(Edition(edition)), facts, NOON), facts, declared)


def gap(standing: RankStanding) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    following = standing.next_rank
    return following and (following.rank, following.missing, following.unknown)


@pytest.mark.parametrize("edition", ["2020", "2022", "2024"])
def test_who_has_everything_is_certified(edition: str) -> None:
    assert rank_of(EVERYTHING, edition) == RankStanding(Rank.CERTIFIED)


def test_there_were_no_ranks_in_2016() -> None:
    for declared in (None, *Rank):
        assert rank_of(EVERYTHING, "2016", declared) == RankStanding()


def test_nothing_known_is_no_rank_and_says_what_is_unknown() -> None:
    found = rank_of(BARE)
    assert found.rank is None
    assert gap(found) == ("regular", (), rank_rules(Edition("2024"))[0].criteria)


SLOW = ReplyRate(10, 7, 0)


@pytest.mark.parametrize(
    ("edition", "changed", "rank", "following"),
    [
        ("2024", {"rate": SLOW}, "certified", None),
        ("2022", {"rate": SLOW}, "silver", ("certified", ("reply_rate",), ())),
        ("2020", {"rate": SLOW}, "bronze", ("silver", ("reply_rate",), ())),
        ("2022", {"rate": ReplyRate(4, 4, 0)}, None, ("certified", (), ("reply_rate",))),
        ("2020", {"rate": ReplyRate(4, 4, 0)}, None, ("silver", (), ("reply_rate",))),
        ("2024", {"goals": (EarningsGoal("Web", Yen(9001)),)}, "silver", ("certified", ("earnings",), ())),
        ("2024", {"goals": ()}, None, ("certified", (), ("earnings",))),
        (
            "2024",
            {"profile": frozenset(ProfileItem) - {ProfileItem.LANCERS_CHECK, ProfileItem.CAREER}, "goals": ()},
            "silver",
            ("certified", ("lancers_check", "career"), ("earnings",)),
        ),
        (
            "2024",
            {
                "job_totals": (
                    totals(8, JobOutcome.COMPLETED, evaluation_in_stars(20)),
                    totals(1, JobOutcome.NOT_COMPLETED, None),
                )
            },
            "bronze",
            ("silver", ("completion_rate", "satisfaction"), ()),
        ),
        ("2024", {"has_taken_job": False}, None, ("bronze", (), ("first_job",))),
        ("2024", {"has_taken_job": False, "last_login": None}, None, ("regular", (), ("last_login",))),
        ("2024", {"last_login": date(2026, 10, 23)}, "none", ("regular", ("last_login",), ())),
        (
            "2024",
            {"profile": frozenset(ProfileItem) - {ProfileItem.PHONE}, "rank_items": {}},
            "none",
            ("regular", ("phone",), ("introduction_length",)),
        ),
    ],
)
def test_what_a_rank_asks(
    edition: str, changed: dict[str, Any], rank: str | None, following: tuple[Any, ...] | None
) -> None:
    found = rank_of(replace(EVERYTHING, **changed), edition)
    assert (found.rank, gap(found), found.is_declared) == (rank, following, False)


@pytest.mark.parametrize(
    ("items", "said", "missing", "unknown"),
    [
        ((), {}, ("introduction_length",), ("background", "skill_or_portfolio")),
        (("self_introduction",), {}, (), ("introduction_length", "background", "skill_or_portfolio")),
        (("career", "skills"), {"introduction_length": True}, (), ()),
        (("career", "skills"), dict.fromkeys(RankItem, False), ("introduction_length",), ()),
        ((), dict.fromkeys(RankItem, False), ("introduction_length", "background", "skill_or_portfolio"), ()),
        ((), dict.fromkeys(RankItem, True), (), ()),
    ],
)
def test_what_follows_from_the_nine_items_need_not_be_said(
    items: tuple[str, ...], said: dict[str, bool], missing: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    others = {"photo", "display_name", "identity", "confidentiality", "phone"}
    facts = replace(
        EVERYTHING,
        profile=frozenset(map(ProfileItem, {*items, *others})),
        rank_items={RankItem(name): value for name, value in said.items()},
    )
    following = rank_of(facts).next_rank
    assert following is not None
    if missing or unknown:
        assert (following.rank, following.missing, following.unknown) == ("regular", missing, unknown)
    else:
        assert following.rank == "certified"


def test_a_displayed_completion_rate_says_that_a_job_was_taken() -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 20), completion_rate=950, satisfaction=960)
    facts = replace(EVERYTHING, job_totals=None, has_taken_job=False, displayed=displayed)
    assert gap(rank_of(facts)) == ("certified", (), ("earnings",))


@pytest.mark.parametrize(
    ("declared", "following"),
    [
        ("none", "regular"),
        ("regular", "bronze"),
        ("bronze", "silver"),
        ("silver", "certified"),
        ("certified", None),
    ],
)
@pytest.mark.parametrize("facts", [BARE, EVERYTHING])
def test_a_declared_rank_wins(facts: CriteriaInputs, declared: str, following: str | None) -> None:
    found = rank_of(facts, declared=Rank(declared))
    assert (found.rank, found.is_declared) == (declared, True)
    assert (found.next_rank and found.next_rank.rank) == following


@pytest.mark.parametrize("edition", [name for name in edition_names() if rank_rules(name)])
def test_every_criterion_of_a_rank_can_be_judged(edition: Edition) -> None:
    ids = {criterion.id for criterion in get_edition(edition).criteria} | {*ProfileItem, *RankItem, "first_job"}
    assert [rule.rank for rule in rank_rules(edition)] == list(Rank)[1:]
    for rule in rank_rules(edition):
        assert set(rule.criteria) <= ids


def test_a_rank_that_asks_what_its_edition_does_not_judge_is_refused() -> None:
    rules = 'editions = ["2022", "2024"]\n[[ranks]]\nid = "silver"\ncriteria = ["satisfaction", "reply_rate", "stars"]'
    with pytest.raises(ValueError, match="silver asks in 2022 for stars, which is no criterion there"):
        parse_ranks(rules)
    with pytest.raises(ValueError, match="silver asks in 2024 for reply_rate, which is no criterion there"):
        parse_ranks(rules.replace(', "stars"', ""))


FACTS = st.builds(
    CriteriaInputs,
    rate=st.sampled_from([ReplyRate(0, 0, 0), ReplyRate(5, 5, 0), SLOW]),
    job_totals=st.sampled_from([None, EVERYTHING.job_totals, (totals(1, JobOutcome.NOT_COMPLETED, None),)]),
    goals=st.sampled_from([(), EVERYTHING.goals, (EarningsGoal("Web", Yen(9001)),)]),
    profile=st.none() | st.frozensets(st.sampled_from(ProfileItem), min_size=7),
    rank_items=st.dictionaries(st.sampled_from(RankItem), st.booleans()),
    has_taken_job=st.booleans(),
    last_login=st.sampled_from([None, date(2026, 11, 1), date(2026, 1, 1)]),
)
ORDER = list(Rank)


@given(FACTS, st.sampled_from([name for name in edition_names() if rank_rules(name)]))
def test_a_rank_is_known_exactly_if_the_next_one_is_decided(facts: CriteriaInputs, edition: str) -> None:
    found = rank_of(facts, edition)
    following = found.next_rank
    if following is None:
        assert found.rank is Rank.CERTIFIED
        return
    assert following.missing or following.unknown
    assert (found.rank is None) == (not following.missing)
    if found.rank is not None:
        assert ORDER.index(following.rank) == ORDER.index(found.rank) + 1


@given(FACTS, st.data())
def test_what_becomes_known_never_changes_a_rank_that_was_known(facts: CriteriaInputs, data: st.DataObject) -> None:
    before = rank_of(facts).rank
    known: dict[str, Any] = {}
    if facts.last_login is None:
        known["last_login"] = data.draw(st.sampled_from([date(2026, 11, 1), date(2026, 1, 1)]))
    if facts.profile is None:
        items = data.draw(st.frozensets(st.sampled_from(ProfileItem)))
        # What was said of the profile before is not contradicted.
        contradicting = {ProfileItem.CAREER, ProfileItem.SKILLS} if False in facts.rank_items.values() else set()
        known["profile"] = items - contradicting
    if not facts.goals:
        known["goals"] = EVERYTHING.goals
    if before is not None:
        assert rank_of(replace(facts, **known)).rank is before
