"""Several goals: set, changed, removed, judged; and what others reported about the line."""

import pytest

from bot.fake_discord.users import buttons_of
from bot.services.profile import MAX_GOALS
from tests.helpers.stage import Stage
from tests.helpers.wording import count_shown, says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def earnings(up: Stage) -> str:
    text = (await up.mika.command("status")).text
    name = says("criterion-earnings")
    return next(line for line in text.splitlines() if shows(line, "status-criterion", name=name))


async def test_a_goal_is_added_changed_and_removed_by_its_category(up: Stage) -> None:
    await up.mika.command("goal", category="Web", line="100万", source="勘")
    answer = await up.mika.command("goal", category="ロゴ", line="5万")
    assert count_shown(answer.text, "goal-line", category="**Web**", line="¥1,000,000") == 1
    assert count_shown(answer.text, "goal-line", category="**ロゴ**", line="¥50,000") == 1
    assert shows(answer.text, "goal-one-is-enough")
    assert shows(answer.text, "goal-before-fees")
    answer = await up.mika.command("goal", category="ｗｅｂ", line="90万")
    assert count_shown(answer.text, "goal-line") == 2
    assert "¥1,000,000" not in answer.text
    await up.mika.command("goal", line="200万")
    assert count_shown((await up.mika.command("goal")).text, "goal-line") == 3
    assert shows((await up.mika.command("goal", drop=True)).text, "goal-which")
    assert shows((await up.mika.command("goal", category="動画", drop=True)).text, "goal-unknown", written="動画")
    answer = await up.mika.command("goal", category="WEB", drop=True)
    assert count_shown(answer.text, "goal-line") == 2
    answer = await up.mika.command("goal", category="ロゴ", drop=True)
    assert count_shown(answer.text, "goal-line", category=f"**{says('goal-all')}**") == 1
    assert shows((await up.mika.command("goal", drop=True)).text, "goal-none")
    assert shows((await up.mika.command("goal", drop=True)).text, "goal-none")


async def test_no_other_goal_is_asked_for_where_jobs_are_missing(up: Stage) -> None:
    offered = await up.mika.click((await up.mika.command("status")).message, says("action-fill"))
    assert says("action-goal") in buttons_of(offered.message)
    await up.mika.command("goal", category="Web", line="100万")
    offered = await up.mika.click((await up.mika.command("status")).message, says("action-fill"))
    assert says("action-goal") not in buttons_of(offered.message)
    assert shows(offered.text, "note-missing-earnings")


async def test_one_that_is_reached_is_enough_and_else_the_nearest_is_shown(up: Stage) -> None:
    await up.mika.command("goal", category="Web", line="10万")
    await up.mika.command("goal", category="ロゴ", line="5万")
    await up.mika.command("job add", method="project", reward="8万", category="Web")
    await up.mika.command("job add", method="contest", reward="1万", category="ロゴ")
    line = await earnings(up)
    assert line.startswith("❌")
    assert shows(line, "threshold-own-category", category="Web", line="¥100,000")
    await up.mika.command("job add", method="task", reward="3万", category="ロゴ")
    assert shows(await earnings(up), "threshold-own-category", category="ロゴ", line="¥50,000")
    await up.mika.command("job add", method="contest", reward="1万", category="ロゴ", count=2)
    line = await earnings(up)
    assert line.startswith("✅")
    assert shows(line, "threshold-own-category", category="ロゴ", line="¥50,000")
    detail = (await up.mika.command("status", view="detail")).text
    assert "¥80,000" not in detail.split(says("criterion-earnings"))[1].split("###")[0]


async def test_there_are_not_more_than_a_card_shows(up: Stage) -> None:
    for number in range(MAX_GOALS):
        await up.mika.command("goal", category=f"分野{number}", line="5万")
    answer = await up.mika.command("goal", category="もう1つ", line="5万")
    assert shows(answer.text, "goal-too-many", most=MAX_GOALS)
    answer = await up.mika.command("goal", category="分野0", line="6万")
    assert count_shown(answer.text, "goal-line") == MAX_GOALS


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("category", ["ライティング", "Webライター", "記事作成・ブログ", "writing"])
async def test_reports_of_others_are_offered_for_writing_and_never_called_the_line(up: Stage, category: str) -> None:
    offered = await up.mika.complete("goal", "line", "", category=category)
    assert [choice["value"] for choice in offered] == ["50,055", "50,000", "83,251"]
    for choice, kind, day, source in zip(
        offered,
        ("lowest", "median", "enough"),
        ("2020-12-10", "2019-06", "2016-12"),
        ("yamada-yuki.com/certification", "uma-log.com/fee-for-official-lancer", "tadazatu.com/archives/2262"),
        strict=True,
    ):
        assert shows(choice["name"], f"goal-report-{kind}", amount=f"¥{choice['value']}", day=day, source=source)
    assert [choice["value"] for choice in await up.mika.complete("goal", "line", "83", category=category)] == ["83,251"]
    answer = await up.mika.command("goal", category=category, line="83,251")
    assert shows(answer.text, "goal-reports")
    assert shows(answer.text, "goal-source", source="tadazatu.com/archives/2262 (2016-12)")
    answer = await up.mika.command("goal", category=category, line="83,251", source="知人")
    assert shows(answer.text, "goal-source", source="知人")


async def test_no_report_is_offered_for_another_category(up: Stage) -> None:
    for category in ("Web制作", "ロゴ", ""):
        assert await up.mika.complete("goal", "line", "", category=category) == []
    answer = await up.mika.command("goal", category="ロゴ", line="83,251")
    assert not shows(answer.text, "goal-reports")
    assert shows(answer.text, "goal-no-source")


async def test_amounts_are_said_to_be_before_fees_where_they_are_asked_for(up: Stage) -> None:
    assert shows((await up.mika.command("job list")).text, "job-none")
    assert shows((await up.mika.command("job add", method="task", reward="10")).text, "job-before-fees")
    assert shows((await up.mika.command("goal", category="Web", line="5万")).text, "goal-before-fees")
    rows = b"date,method,category,reward,outcome,evaluation\n2026-06-01,project,Web,5000,completed,\n"
    preview = await up.mika.command("import", file=("jobs.csv", rows))
    assert shows(preview.text, "import-rewards")
