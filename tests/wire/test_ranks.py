"""Ranks through Discord alone: judged by what the member states, declared, exported, and in the digest."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.certification.facts import ProfileItem, RankItem
from bot.domain.certification.ranks import Rank
from bot.fake_discord.users import FakeUser, text_of
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


ITEMS = tuple(says(f"profile-{item}") for item in ProfileItem)
RANK_ITEMS = tuple(says(f"profile-{item}") for item in RankItem)
RANK_SELECT = 2
"""On the card of the profile."""


def name_of(rank: str) -> str:
    return says(f"rank-{rank}")


async def rank_line(user: FakeUser) -> str | None:
    """The line of `/status` about the rank."""
    lines = (await user.command("status")).text.splitlines()
    found = [line for line in lines if line.startswith(says("rank-line", rank="").split("**")[0])]
    assert len(found) <= 1
    return found[0] if found else None


def next_rank(line: str | None, rank: str, **gaps: str) -> bool:
    """Whether a line names the next rank with all that is missing (`missing`) or not known (`unknown`)."""
    assert line is not None
    names = {"missing": "rank-missing", "unknown": "rank-not-known"}
    return shows(line, "rank-line-next", rank=name_of(rank)) and all(
        shows(line, text_id, list=gaps[kind]) == (kind in gaps) if kind in gaps else not shows(line, text_id)
        for kind, text_id in names.items()
    )


async def fill(up: Stage, edition: str = "2024") -> None:
    """Everything but the goal."""
    await up.mika.command("settings", edition=edition)
    card = (await up.mika.command("profile", last_login="2026/11/1")).message
    card = (await up.mika.select_option(card, *ITEMS)).message
    await up.mika.select_option(card, *RANK_ITEMS, select=1)
    await up.mika.command("job add", method="project", reward="50,000", category="Web", evaluation="満足", count=19)


async def test_a_rank_is_judged_by_what_the_member_states(up: Stage) -> None:
    await up.mika.command("settings", edition="2024")
    line = await rank_line(up.mika)
    assert line is not None
    assert shows(line, "rank-line", rank=says("rank-unknown"))
    assert next_rank(
        line, "regular", unknown=says("rank-more", names=f"{ITEMS[2]}・{ITEMS[1]}・{RANK_ITEMS[0]}", count=6)
    )
    card = (await up.mika.command("profile", last_login="2026/11/1")).message
    card = (await up.mika.select_option(card, *ITEMS[:7], ITEMS[8])).message
    line = await rank_line(up.mika)
    assert next_rank(line, "regular", missing=says("profile-phone"), unknown=RANK_ITEMS[0])
    assert shows(line or "", "rank-line", rank=name_of("none"))
    card = (await up.mika.select_option(card, *ITEMS)).message
    await up.mika.select_option(card, RANK_ITEMS[0], select=1)
    assert next_rank(await rank_line(up.mika), "bronze", unknown=says("criterion-first-job"))
    await up.mika.command("job add", method="task", reward="10", category="Web", evaluation="満足")
    assert next_rank(await rank_line(up.mika), "bronze", unknown=says("criterion-first-job"))
    await up.mika.command(
        "job add", method="project", reward="50,000", date="2026/11/1", category="Web", evaluation="残念"
    )
    line = await rank_line(up.mika)
    assert shows(line or "", "rank-line", rank=name_of("bronze"))
    assert next_rank(line, "silver", missing=says("criterion-satisfaction"))
    await up.mika.command("job add", method="project", reward="10", category="Web", evaluation="満足", count=18)
    assert next_rank(await rank_line(up.mika), "certified", unknown=says("criterion-earnings"))
    await up.mika.command("goal", category="Web", line="10万")
    line = await rank_line(up.mika)
    assert shows(line or "", "rank-line", rank=name_of("silver"))
    assert next_rank(line, "certified", missing=says("criterion-earnings"))
    await up.mika.command("goal", category="web", line="5万")
    assert await rank_line(up.mika) == says("rank-line", rank=name_of("certified"))


@pytest.mark.both_engines
async def test_the_reply_rate_belongs_to_the_ranks_of_its_years(up: Stage) -> None:
    await fill(up, "2022")
    await up.mika.command("goal", category="Web", line="1")
    assert next_rank(await rank_line(up.mika), "certified", unknown=says("criterion-reply-rate"))
    await up.mika.command("settings", edition="2020")
    await up.mika.command("calibrate", evaluation="4.9")
    assert next_rank(await rank_line(up.mika), "silver", unknown=says("criterion-reply-rate"))
    await up.mika.command("settings", edition="2016")
    assert await rank_line(up.mika) is None


async def test_a_declared_rank_wins_and_carries_its_day(up: Stage) -> None:
    await fill(up)
    card = (await up.mika.command("profile")).message
    answer = await up.mika.select_option(card, name_of("silver"), select=RANK_SELECT)
    assert shows(answer.text, "rank-declared", rank=name_of("silver"), day="2026/11/24")
    assert name_of("silver") in (await up.mika.command("settings")).text
    line = await rank_line(up.mika)
    assert shows(line or "", "rank-line-declared", rank=name_of("silver"), day="2026/11/24")
    assert next_rank(line, "certified", unknown=says("criterion-earnings"))
    await up.mika.command("settings", rank="none")
    assert next_rank(await rank_line(up.mika), "regular")
    assert shows(await rank_line(up.mika) or "", "rank-complete")
    await up.mika.command("settings", rank="default")
    assert shows(await rank_line(up.mika) or "", "rank-line", rank=says("rank-unknown"))
    await up.mika.command("settings", badge="held")
    assert await rank_line(up.mika) == says("rank-line-badge", rank=name_of("certified"))
    for command in ("settings", "profile"):
        assert shows((await up.mika.command(command)).text, "rank-from-badge", rank=name_of("certified"))
    answer = await up.mika.select_values(card, {"custom_id": "choose:profile:0:rank"}, ["gold"])
    assert shows(answer.text, "preference-rank-unknown", written="gold")


@pytest.mark.both_engines
async def test_the_digest_says_when_the_rank_has_changed(up: Stage) -> None:
    await up.mika.command("settings", edition="2024", digest="weekly", rank="bronze")
    up.news()

    async def digest(day: int) -> str:
        await up.live_to(up.at(10) + timedelta(days=day))
        [message] = up.news()
        return text_of(message)

    assert not shows(await digest(6), "digest-rank")  # Monday, 30 November
    assert not shows(await digest(8), "digest-rank")  # 2 December, the day after the review
    await up.mika.command("settings", rank="silver")
    text = await digest(13)
    assert shows(text, "digest-rank", before=name_of("bronze"), after=name_of("silver"))
    assert not shows(await digest(20), "digest-rank")
    await up.mika.command("settings", rank="default")
    assert not shows(await digest(27), "digest-rank")  # not known
    await up.mika.command("settings", rank="regular")
    assert shows(await digest(34), "digest-rank", before=name_of("silver"), after=name_of("regular"))


@pytest.mark.both_engines
async def test_what_was_declared_is_exported_imported_and_erased(up: Stage) -> None:
    await fill(up)
    await up.mika.command("settings", rank="silver")
    await up.mika.command("goal", category="Web", line="100万", source="勘")
    await up.mika.command("goal", category="ロゴ", line="5万")
    line, goals = await rank_line(up.mika), (await up.mika.command("goal")).text
    files = (await up.mika.command("export")).files
    up.clock.advance_to(up.at(12, days=3))
    ken = up.discord.add_user("ken")
    preview = await ken.command("import", file=("nintei.json", files["nintei.json"]))
    await ken.click(preview.message, says("action-confirm"))
    assert await rank_line(ken) == line
    assert (await ken.command("goal")).text == goals
    profile = (await ken.command("profile")).text
    assert all(f"✅ {item}" in profile for item in RANK_ITEMS)
    await ken.click((await ken.command("erase")).message, says("action-confirm"))
    assert await up.rows("SELECT 1 FROM goals WHERE member_id = $1", ken.user.id) == []
    await ken.command("settings", edition="2024")
    assert shows(await rank_line(ken) or "", "rank-line", rank=says("rank-unknown"))


@pytest.mark.parametrize("rank", Rank)
async def test_every_rank_can_be_declared(up: Stage, rank: Rank) -> None:
    answer: Any = await up.mika.command("settings", rank=rank)
    assert shows(answer.text, "rank-declared", rank=name_of(rank))


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("first", "then", "badge", "rank"),
    [
        ({"rank": "certified"}, {"badge": "not_held"}, "not_held", None),
        ({"badge": "held"}, {"rank": "silver"}, "not_held", "silver"),
        ({"badge": "not_held"}, {"rank": "certified"}, "held", "certified"),
        ({"rank": "silver"}, {"badge": "held"}, "held", None),
        ({"rank": "silver"}, {"badge": "not_held"}, "not_held", "silver"),
        ({"badge": "held"}, {"rank": "certified"}, "held", "certified"),
    ],
)
async def test_the_newer_of_badge_and_rank_counts(
    up: Stage, first: dict[str, str], then: dict[str, str], badge: str, rank: str | None
) -> None:
    """The badge is that of the highest rank, so the two never contradict each other."""
    await up.mika.command("settings", **first)
    await up.mika.command("settings", **then)
    assert await up.rows("SELECT badge, rank FROM members") == [(badge, rank)]
