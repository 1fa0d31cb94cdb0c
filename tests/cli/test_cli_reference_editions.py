"""What docs/cli-reference.md says of editions, criteria and ranks is what the rule files say."""

import re
from collections.abc import Iterable

import pytest

from bot.domain.certification.editions import CriterionRule, EditionRules, edition_names, get_edition
from bot.domain.certification.facts import ProfileItem, RankItem
from bot.domain.certification.ranks import Rank, first_job_methods, rank_rules
from bot.domain.types import ContractMethod, Edition
from tests.helpers.machine import ROOT

REFERENCE = (ROOT / "docs" / "cli-reference.md").read_text(encoding="utf-8")
EDITIONS = [get_edition(name) for name in edition_names()]


def rows(first_cell: str, text: str = REFERENCE) -> list[list[str]]:
    """The rows of tables whose first cell is this, as cells."""
    table_rows = [line.strip("|").split(" | ") for line in re.findall(r"^\|.*\|$", text, re.MULTILINE)]
    found = [[cell.strip() for cell in row] for row in table_rows if row[0].strip() == first_cell]
    assert found, first_cell
    return found


def table(header: str) -> list[list[str]]:
    """The rows of the table that begins with a header."""
    found = re.search(rf"^{re.escape(header)}\n\|[-|]+\n((?:\|.*\n)+)", REFERENCE, re.MULTILINE)
    assert found, header
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]


def names_in(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def editions_in(cell: str) -> list[str]:
    """The editions that a cell of the table of criteria means."""
    known, named = list(edition_names()), [Edition(name) for name in names_in(cell)]
    forms = {
        "all": known,
        f"all but `{named[0] if named else ''}`": [name for name in known if name not in named],
        f"from `{named[0] if named else ''}` on": known[known.index(named[0]) :] if named else [],
    }
    return forms.get(cell, [*named])


def rule_of(rules: EditionRules, criterion_id: str) -> CriterionRule | None:
    return next((rule for rule in rules.criteria if rule.id == criterion_id), None)


def rules_of(criterion_id: str) -> list[CriterionRule]:
    return [rule for rules in EDITIONS if (rule := rule_of(rules, criterion_id))]


CRITERIA = table("| `id` | editions | `value` | `threshold` | counted |")
CRITERION_IDS = list(dict.fromkeys(rule.id for rules in EDITIONS for rule in rules.criteria))


def test_every_edition_is_named_where_one_is_chosen() -> None:
    cells = [row[2] for row in rows("`--edition EDITION`")]
    assert len(cells) == 2, "of histories, and of fee"
    for cell in cells:
        assert names_in(cell) == list(edition_names())
        for rules, following in zip(EDITIONS, [*EDITIONS[1:], None], strict=True):
            said = re.search(rf"`{rules.name}` \(([^)]*)\)", cell)
            if said and rules.in_force_from is None:
                assert following is not None
                assert said[1].startswith(f"before {following.in_force_from:%Y-%m};")
            elif said:
                assert said[1].startswith(f"{rules.in_force_from:%Y-%m} to ")


def test_the_default_edition_is_named() -> None:
    assert f"`DEFAULT_EDITION` (`{edition_names()[0]}` if not set)" in REFERENCE


def test_the_table_of_criteria_lists_all() -> None:
    assert sorted(names_in(row[0])[0] for row in CRITERIA) == sorted(CRITERION_IDS)


@pytest.mark.parametrize("criterion_id", CRITERION_IDS)
def test_a_criterion_stands_with_its_editions_and_threshold(criterion_id: str) -> None:
    [row] = [row for row in CRITERIA if names_in(row[0]) == [criterion_id]]
    assert editions_in(row[1]) == [rules.name for rules in EDITIONS if rule_of(rules, criterion_id)]
    for rule in rules_of(criterion_id):
        if rule.numerator is None or rule.denominator is None:
            assert not re.fullmatch(r"[\d.]+", row[3])
        else:
            assert float(row[3]) == rule.numerator / rule.denominator * (100 if rule.is_share else 1)


def listed(methods: Iterable[str]) -> str:
    """`a, b and c`."""
    names = list(methods)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def test_the_methods_that_count_for_completion_are_named() -> None:
    [row] = [row for row in CRITERIA if names_in(row[0]) == ["completion_rate"]]
    first, *later = [set(rule.methods) for rule in rules_of("completion_rate")]
    assert f"`{edition_names()[0]}` {listed(ordered(first))}" in row[4]
    [without] = {frozenset(first - methods) for methods in later}
    assert row[4].endswith(
        f"later editions without {listed(ordered(without)) if len(without) > 1 else next(iter(without))}"
    )


def ordered(methods: Iterable[str]) -> list[str]:
    """In the order in which they are declared."""
    known = [method.value for method in ContractMethod]
    return sorted(methods, key=known.index)


RANKS = table("| rank | adds |")


def test_the_ranks_are_those_of_the_rules_the_lowest_first() -> None:
    assert [names_in(row[0])[0] for row in RANKS] == [rank.value for rank in Rank if rank is not Rank.NONE]
    option = rows("`--rank RANK`")[0][1]
    assert names_in(option) == [rank.value for rank in Rank]
    unranked = [rules.name for rules in EDITIONS if not rank_rules(rules.name)]
    assert f"so not in `{unranked[0]}`)" in REFERENCE
    assert len(unranked) == 1


@pytest.mark.parametrize("edition", [rules.name for rules in EDITIONS if rank_rules(rules.name)])
def test_a_rank_adds_what_the_rules_add(edition: Edition) -> None:
    for row, rule in zip(RANKS, rank_rules(edition), strict=True):
        general, _, other = row[1].partition("; in ")
        asked = set(names_in(general.split(":")[0]))
        if other and names_in(other)[0] == edition:
            named = set(names_in(other)[1:])
            asked = asked | named if " also " in other else named
        assert asked == set(rule.criteria), row[0]
    [first_job] = [row[1] for row in RANKS if "`first_job`" in row[1]]
    *some, last = ordered(first_job_methods())
    assert f"a {', '.join(some)} or {last} job" in first_job


def test_the_profile_items_are_those_of_the_rules() -> None:
    nine, _, of_ranks = rows("`--profile ITEMS`")[0][1].partition("what only [ranks]")
    assert names_in(nine)[1:] == [item.value for item in ProfileItem]
    assert names_in(of_ranks) == [item.value for item in RankItem]


@pytest.mark.parametrize("text", ["| `a` | b |\n| `a` | b |\n", "| c | d |\n| e | f |\n| c | d |\n"])
def test_a_repeated_row_is_noticed(text: str) -> None:
    assert repeated_rows(text)


def test_no_row_stands_twice() -> None:
    assert repeated_rows(REFERENCE) == []


def repeated_rows(text: str) -> list[str]:
    """Rows that a table has twice."""
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [line for part in tables for line in set(part.splitlines()) if part.splitlines().count(line) > 1]
