"""Every criterion of both editions becomes met and not met through Discord alone."""

from typing import Any

import pytest

from bot.domain.certification.facts import ProfileItem
from bot.fake_discord.users import InteractionResult, buttons_of, text_of
from tests.helpers.amounts import others_slow
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.others_on_sqlite

ITEMS = tuple(says(f"profile-{item}") for item in ProfileItem)


async def job(up: Stage, **fields: Any) -> InteractionResult:
    given = {
        "method": "project",
        "reward": "50,000",
        "date": "2026/6/1",
        "category": "Web",
        "evaluation": "5",
        **fields,
    }
    return await up.mika.command("job add", **given)


async def replies(up: Stage, count: int, *, late: bool = False) -> None:
    for number in range(count):
        client = f"{'遅' if late else '甲'}{number}"
        await up.mika.command("received", client=client, at="11/20 9:00")
        await up.mika.command("replied", client=client, at="11/22 9:00" if late else "11/20 10:00")


async def meet_everything(up: Stage, edition: str) -> None:
    await up.mika.command("settings", edition=edition)
    await replies(up, 5)
    await job(up, count=19)
    await job(up, outcome="not_completed", evaluation="-")
    await job(up, method="task", reward="10", evaluation="満足", count=9)
    await job(up, method="task", reward="10", outcome="not_completed", evaluation="-")
    await up.mika.command("goal", category="web", line="95万", source="知人の実績")
    card = (await up.mika.command("profile", last_login="2026/11/1")).message
    await up.mika.select_option(card, *ITEMS)


def line_of(text: str, criterion: str) -> str:
    if criterion == "reply_rate":
        return next(line for line in text.splitlines() if shows(line, "status-rate") or shows(line, "status-rate-none"))
    name = says(f"criterion-{criterion}")
    return next(line for line in text.splitlines() if shows(line, "status-criterion", name=name))


async def statuses(up: Stage, edition: str) -> dict[str, str]:
    text = (await up.mika.command("status")).text
    criteria = {
        "2016": ("reply_rate", "completion_rate", "earnings", "evaluation", "profile"),
        "2024": ("completion_rate", "task_approval", "earnings", "satisfaction", "profile", "last_login"),
    }[edition]
    return {each: line_of(text, each)[0] for each in criteria} | {"verdict": text}


@pytest.mark.parametrize("edition", ["2016", "2024"])
async def test_everything_met(up: Stage, edition: str) -> None:
    before = await statuses(up, edition) if edition == "2016" else {}
    assert set(before.values()) - {before.get("verdict"), before.get("reply_rate")} <= {"❔"}
    await meet_everything(up, edition)
    found = await statuses(up, edition)
    assert shows(found.pop("verdict").splitlines()[0], "status-all-met-assumed", day="12/1")
    assert set(found.values()) == {"✅"}


@pytest.mark.parametrize(
    ("edition", "missed"),
    others_slow([
        ("2016", "reply_rate"), ("2016", "completion_rate"), ("2016", "earnings"), ("2016", "evaluation"), ("2016", "profile"),
        ("2024", "completion_rate"), ("2024", "task_approval"), ("2024", "earnings"), ("2024", "satisfaction"),
        ("2024", "profile"), ("2024", "last_login"),
    ]),
)  # fmt: skip
async def test_each_criterion_alone_can_be_missed_and_met_again(up: Stage, edition: str, missed: str) -> None:
    await meet_everything(up, edition)
    undo = await _miss(up, missed)
    found = await statuses(up, edition)
    assert shows(found.pop("verdict").splitlines()[0], "status-missing", count=1)
    assert [name for name, mark in found.items() if mark == "❌"] == [missed]
    await undo()
    found = await statuses(up, edition)
    assert found.pop("verdict")
    assert set(found.values()) == {"✅"}


async def _miss(up: Stage, missed: str) -> Any:  # noqa: C901, PLR0911 — one case for each criterion
    async def remove(*numbers: str) -> None:
        for number in numbers:
            await up.mika.command("job remove", job=number)

    match missed:
        case "reply_rate":
            await replies(up, 2, late=True)

            async def put_right() -> None:
                for _ in range(2):
                    page = (await up.mika.command("history")).message
                    entry = (await up.mika.click(page, says("action-look"))).message  # the newest one: a late reply
                    await up.mika.click(entry, says("action-undo"))

            return put_right
        case "completion_rate":
            await job(up, method="hourly", reward="0", outcome="not_completed", evaluation="-", count=9)
            return lambda: remove("5")
        case "task_approval":
            await job(up, method="task", reward="0", outcome="not_completed", evaluation="-", count=9)
            return lambda: remove("5")
        case "earnings":
            await up.mika.command("goal", category="Web", line="100万")
            return lambda: up.mika.command("goal", category="Web", line="95万")
        case "evaluation":
            await job(up, method="task", reward="0", evaluation="3.9", count=5)
            return lambda: up.mika.command("job edit", job="#5", evaluation="-")
        case "satisfaction":
            await job(up, method="task", reward="0", evaluation="残念", count=5)
            return lambda: up.mika.command("job edit", job="#5", evaluation="★3.0")
        case "profile":
            card = (await up.mika.command("profile")).message
            await up.mika.select_option(card, *ITEMS[:8])

            async def tick_all() -> None:
                await up.mika.select_option((await up.mika.command("profile")).message, *ITEMS)

            return tick_all
        case _:
            await up.mika.command("profile", last_login="2026/10/23")

            async def log_in() -> None:
                await up.mika.click((await up.mika.command("profile")).message, says("action-logged-in"))

            return log_in


async def test_the_first_line_counts_the_replies_until_the_rate_is_judged(up: Stage) -> None:
    """Of late replies many more are needed until the rate is met; it is judged from the fifth one on."""
    await replies(up, 4, late=True)
    text = (await up.mika.command("status")).text
    assert shows(text.splitlines()[0], "status-unknown-replies", name=says("criterion-short-reply-rate"), needed=1)
    assert shows(text, "status-rate-needed", needed=16)


@pytest.mark.parametrize(
    ("edition", "missed", "first_job", "offered"),
    [
        ("2024", "completion_rate", "2025/11/1", False),
        ("2024", "completion_rate", "2026/6/1", True),
        ("2024", "satisfaction", "2025/11/1", False),
        ("2016", "reply_rate", "2025/11/1", True),
    ],
)
async def test_filling_in_is_offered_where_it_would_change_something(
    up: Stage,
    edition: str,
    missed: str,
    first_job: str,
    offered: bool,  # noqa: FBT001
) -> None:
    """A figure that Lancers displays does not go before jobs that are recorded for the whole year."""
    await job(up, date=first_job)
    await meet_everything(up, edition)
    assert says("action-fill") not in buttons_of((await up.mika.command("status")).message)
    await _miss(up, missed)
    card = (await up.mika.command("status")).message
    assert shows(text_of(card).splitlines()[0], "status-missing", count=1)
    assert (says("action-fill") in buttons_of(card)) is offered


async def test_what_is_unknown_says_why_and_what_to_do(up: Stage) -> None:
    text = (await up.mika.command("status")).text
    assert shows(text, "note-missing-profile")
    assert shows(text, "note-missing-completion-rate")
    assert shows(text, "note-missing-earnings-line")
    await job(up)
    await job(up, evaluation="満足", count=3)
    text = (await up.mika.command("status")).text
    assert shows(text, "note-left-out-evaluation", count=3)
    assert shows(text, "status-criterion", mark="❔", name=says("criterion-earnings"))


async def test_old_declarations_are_marked(up: Stage) -> None:
    await up.mika.command("goal", category="Web", line="1万", source="推測")
    card = (await up.mika.select_option((await up.mika.command("profile")).message, *ITEMS)).message
    await up.mika.select_option(card, says("profile-introduction-length"), select=1)
    await job(up)
    assert "⏳" not in "".join(
        line for line in (await up.mika.command("status")).text.splitlines() if line.startswith("-#")
    )
    up.clock.advance_to(up.at(12, days=61))
    text = (await up.mika.command("status")).text
    assert shows(text, "note-outdated-profile", day="2026/11/24")
    assert shows(text, "note-outdated-earnings", day="2026/11/24")
    assert shows((await up.mika.command("goal")).text, "confirmed-outdated")
    profile = await up.mika.command("profile")
    assert shows(profile.text, "confirmed-outdated")
    confirmed = await up.mika.click(profile.message, says("profile-confirm"))
    assert not shows(confirmed.text, "confirmed-outdated")  # nor of what only ranks ask
    assert not shows((await up.mika.command("status")).text, "note-outdated-profile")


async def test_nothing_that_was_never_declared_is_confirmed(up: Stage) -> None:
    profile = await up.mika.command("profile")
    assert says("profile-confirm") not in buttons_of(profile.message)
    await up.mika.click_custom_id(profile.message, "press:profile:0:confirm")
    assert await up.rows("SELECT * FROM profile_items") == []


@pytest.mark.both_engines
async def test_jobs_are_listed_completed_edited_and_removed(up: Stage) -> None:
    answer = await job(up, client="A社", count=30)
    assert "×30" in answer.text
    assert "A社" in answer.text
    for number in range(20):
        await job(up, reward=f"{number}00", category="ロゴ", date=f"2026/7/{number + 1}")
    page = await up.mika.command("job list")
    assert "21" in page.text
    assert "1 / 2" in page.text
    assert "×30" in (await up.mika.click(page.message, says("pagination-after"))).text
    offered = await up.mika.complete("job edit", "job", "web")
    assert [each["value"] for each in offered] == ["1"]
    assert [
        each["value"] for each in await up.mika.complete("job add", "category", "ロ", method="task", reward="1")
    ] == ["ロゴ"]
    edited = await up.mika.command("job edit", job=offered[0]["value"], outcome="not_completed", reward="1", client="-")
    assert "❌" in edited.text
    assert "A社" not in edited.text
    assert "¥1 " in edited.text
    await up.mika.command("job remove", job="1")
    assert shows((await up.mika.command("job remove", job="1")).text, "jobs-gone")
    for wrong in ({"reward": "x"}, {"date": "2027/1/1"}, {"evaluation": "6"}, {"date": "いつか"}):
        assert "「" in (await job(up, **wrong)).text or shows((await job(up, **wrong)).text, "jobs-future")


async def test_one_job_is_named_by_its_number_alone_or_by_its_whole_line(up: Stage) -> None:
    for reward in ("100", "200", "300"):
        await job(up, reward=reward)
    for several in ("1 2", "1 と 2", "#1 #2", "1\n2"):
        assert shows((await up.mika.command("job remove", job=several)).text, "jobs-number")
    [*_, choice] = await up.mika.complete("job remove", "job", "")
    [line] = [line for line in (await up.mika.command("job list")).text.splitlines() if "#2" in line]
    for one in (choice["name"], line, "＃３"):
        assert "¥" in (await up.mika.command("job remove", job=one)).text
    assert shows((await up.mika.command("job list")).text, "job-none")


async def test_an_edit_that_names_no_change_says_so_and_a_field_is_cleared_by_a_word(up: Stage) -> None:
    await job(up, reward="100", category="ロゴ", client="A社")
    for nothing in ({}, {"date": ""}):
        assert shows((await up.mika.command("job edit", job="1", **nothing)).text, "jobs-edit-nothing")
    cleared = await up.mika.command("job edit", job="1", category="-", client="なし")
    assert " · – · ¥100 " in cleared.text
    assert "A社" not in cleared.text


async def test_nobody_touches_another_members_jobs(up: Stage) -> None:
    await job(up)
    other = up.discord.add_user("ken")
    assert shows((await other.command("job remove", job="1")).text, "jobs-gone")
    assert shows((await other.command("job edit", job="1", reward="5")).text, "jobs-gone")
    assert await other.complete("job edit", "job", "") == []
    assert shows((await other.command("job list")).text, "job-none")


async def test_status_detail_traces_every_figure(up: Stage) -> None:
    await meet_everything(up, "2016")
    await replies(up, 1, late=True)
    shown = await up.mika.command("status", view="detail")
    pages = [shown.text]
    message = shown.message
    while (forward := says("pagination-after")) in buttons_of(message):
        message = (await up.mika.click(message, forward)).message
        pages.append(text_of(message))
    text = "\n".join(pages)
    for criterion in ("reply-rate", "completion-rate", "earnings", "evaluation", "profile"):
        assert shows(text, "detail-figure", name=says(f"criterion-{criterion}"))
    assert "info.lancers.jp/16641" in text
    assert text.count("**甲") == 5
    assert shows(text, "detail-reply", mark="⚠️", thread="**遅0**")
    assert "`#1` 2026/06/01" in text
    assert text.count("✅ ") >= 9


async def test_calibrate_bridges_the_time_before_the_record(up: Stage) -> None:
    await replies(up, 4)
    await replies(up, 1, late=True)
    assert not shows((await up.mika.command("status")).text, "note-estimate")
    answer = await up.mika.command("calibrate", reply_rate="92.5", replies=40, evaluation="4.9", completion_rate="98")
    assert shows(answer.text, "calibrate-unseen", count=35)
    text = (await up.mika.command("status")).text
    assert shows(text, "note-estimate")
    assert shows(text, "status-rate", mark="✅", rate="92.5 % (37/40)")
    assert shows(text, "status-criterion", mark="✅", name=says("criterion-completion-rate"), value="98.0 %")
    assert shows(text, "note-displayed")
    up.clock.advance_to(up.at(12, days=200))
    text = (await up.mika.command("status")).text
    assert shows(text, "note-estimate")
    assert "(37/40)" not in text
    up.clock.advance_to(up.at(12, days=370))
    assert not shows((await up.mika.command("status")).text, "note-estimate")


async def test_calibrate_tells_which_reading_agrees(up: Stage) -> None:
    await replies(up, 3)
    await up.mika.command("received", client="乙", at="11/20 9:00")
    await up.mika.command("received", client="乙", at="11/21 9:00")
    await up.mika.command("replied", client="乙", at="11/21 10:00")
    assert shows((await up.mika.command("calibrate", reply_rate="100", replies=4)).text, "calibrate-newest")
    assert shows((await up.mika.command("calibrate", reply_rate="75", replies=4)).text, "calibrate-oldest")
    assert shows((await up.mika.command("calibrate", reply_rate="50.0", replies=4)).text, "calibrate-neither")
    assert shows((await up.mika.command("calibrate", reply_rate="66", replies=3)).text, "calibrate-too-many", count=1)
    for wrong in (
        {"reply_rate": "101"},
        {"reply_rate": "high"},
        {"evaluation": "5.1"},
        {"on": "2027/1/1", "replies": 1},
    ):
        assert "「" in (await up.mika.command("calibrate", **wrong)).text or shows(
            (await up.mika.command("calibrate", **wrong)).text, "calibrate-future"
        )


@pytest.mark.parametrize("edition", ["2016", "2024"])
async def test_the_details_count_jobs_and_not_their_entries(up: Stage, edition: str) -> None:
    await up.mika.command("settings", edition=edition)
    await job(up, count=19)
    await job(up, outcome="not_completed", count=2, evaluation="残念")
    await job(up, method="contest", count=3, evaluation="4")
    text = (await up.mika.command("status", view="detail")).text
    completion = text[text.index(says("criterion-completion-rate")) :]
    assert completion.index("(19/21)") < completion.index(says("detail-rows", count=21))
    evaluated = says("criterion-evaluation" if edition == "2016" else "criterion-satisfaction")
    of_evaluations = text[text.index(evaluated) :]
    assert says("detail-rows", count=22 if edition == "2016" else 24) in of_evaluations
    if edition == "2024":
        assert "(22/24)" in of_evaluations
