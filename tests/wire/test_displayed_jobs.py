"""A member with a past: the figures of jobs that Lancers displayed, and the jobs recorded since, in both languages."""

from datetime import date

import pytest
import pytest_asyncio

from bot.domain.types import Locale
from bot.fake_discord.users import buttons_of
from bot.i18n import formatting
from bot.i18n.translations import get_translations
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.others_on_sqlite


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


@pytest_asyncio.fixture(loop_scope="module")
async def past(up: Stage, language: Locale) -> Stage:
    """Displayed yesterday; one job is in it, and one came after it."""
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language, edition="2024")
    await up.mika.command("goal", line="500,005", source="-")
    await up.mika.command(
        "calibrate", on="11/23", earnings="500,000", completion_rate="95", satisfaction="99", task_approval="90"
    )
    await add(up, reward="3", date="11/23", outcome="not_completed", evaluation="残念")
    await add(up, reward="2000", date="11/24", evaluation="満足")
    return up


async def add(up: Stage, **fields: str) -> None:
    await up.mika.command("job add", **{"method": "project", "category": "Web", **fields})


def day_of(day: int, locale: Locale) -> str:
    return formatting.format_day(get_translations(locale), date(2026, 11, day))


def line_of(text: str, criterion: str, locale: Locale) -> str:
    """The line of a criterion, with its notes."""
    name = says(f"criterion-{criterion}", locale)
    lines = text.splitlines()
    first = next(
        number
        for number, line in enumerate(lines)
        if shows(line, "status-criterion", locale, name=name) or shows(line, "detail-figure", locale, name=name)
    )
    last = next((number for number in range(first + 1, len(lines)) if not lines[number].startswith("-#")), len(lines))
    return "\n".join(lines[first:last])


async def test_every_view_counts_the_displayed_figures_and_the_jobs_since(past: Stage, language: Locale) -> None:
    answer = await past.mika.command("status")
    detail = (await past.mika.command("status", view="detail")).text
    figures = {"earnings": "¥502,000", "completion_rate": "95.0 %", "satisfaction": "99.0 %", "task_approval": "90.0 %"}
    for criterion, value in figures.items():
        line = line_of(answer.text, criterion, language)
        assert shows(line, "status-criterion", language, mark="✅", value=value)
        assert shows(line_of(detail, criterion, language), "detail-figure", language, value=value)
    # Beside the displayed figures there are the jobs since; of what was displayed without any, none.
    assert "¥2,000" in detail
    assert "¥3 " not in detail
    day = day_of(23, language)
    earnings = {"day": day, "displayed": "¥500,000", "since": "¥2,000"}
    for text in (line_of(answer.text, "earnings", language), detail):
        assert shows(text, "note-since-earnings", language, **earnings)
    for text in (line_of(answer.text, "completion_rate", language), detail):
        assert shows(text, "note-since-completion-rate", language, day=day, reached=1, jobs=1)
    assert shows(line_of(answer.text, "satisfaction", language), "note-since-satisfaction", language, reached=1, jobs=1)
    assert shows(line_of(answer.text, "task_approval", language), "note-displayed", language, day=day)


@pytest.mark.parametrize("category", ["Web", ""])
async def test_displayed_earnings_are_said_to_be_of_any_category(up: Stage, language: Locale, category: str) -> None:
    up.mika.user.locale = language
    await up.mika.command("goal", line="400,000", **({"category": category} if category else {}))
    await up.mika.command("calibrate", earnings="500,000")
    line = line_of((await up.mika.command("status")).text, "earnings", language)
    assert shows(line, "status-criterion", language, mark="✅", value="¥500,000")
    assert shows(line, "note-displayed-category", language) is bool(category)


async def test_a_display_that_the_record_replaces_is_named(up: Stage, language: Locale) -> None:
    """Jobs from before the year: the record counts alone, where it has what was displayed."""
    up.mika.user.locale = language
    await up.mika.command("goal", line="400,000")
    await up.mika.command("calibrate", on="11/23", earnings="2,000", completion_rate="100")
    for day in ("2025/11/1", "2025/11/23", "2026/11/1", "2026/11/24"):
        await add(up, reward="1000", date=day)
    text = (await up.mika.command("status")).text
    earnings = line_of(text, "earnings", language)
    assert shows(earnings, "status-criterion", language, mark="❌", value="¥2,000")
    assert not shows(earnings, "note-displayed-unused", language)
    assert not shows(line_of(text, "completion_rate", language), "note-displayed-unused", language)
    await add(up, reward="500", date="2026/11/24")
    earnings = line_of((await up.mika.command("status")).text, "earnings", language)
    assert shows(earnings, "status-criterion", language, mark="❌", value="¥2,500")
    assert not shows(earnings, "note-displayed-unused", language)
    await up.mika.command("calibrate", on="11/23", earnings="1,500", completion_rate="90")
    text = (await up.mika.command("status")).text
    day = day_of(23, language)
    for criterion, displayed in (("earnings", "¥1,500"), ("completion_rate", "90.0 %")):
        assert shows(line_of(text, criterion, language), "note-displayed-unused", language, value=displayed, day=day)


async def test_one_more_job_does_not_lower_the_displayed_earnings(up: Stage, language: Locale) -> None:
    """An old job begins the record before the year, but the record lacks jobs that Lancers counts."""
    up.mika.user.locale = language
    await up.mika.command("goal", line="400,000")
    await up.mika.command("calibrate", on="11/23", earnings="500,000")
    for day, value in (("2025/11/1", "¥500,000"), ("2026/11/1", "¥500,000"), ("2026/11/24", "¥501,000")):
        await add(up, reward="1000", date=day)
        line = line_of((await up.mika.command("status")).text, "earnings", language)
        assert shows(line, "status-criterion", language, mark="✅", value=value)


async def test_what_the_jobs_since_leave_open_is_asked_and_entered(past: Stage, language: Locale) -> None:
    await add(past, reward="1", date="11/24", outcome="not_completed", evaluation="残念")
    answer = await past.mika.command("status")
    for criterion in ("completion_rate", "satisfaction"):
        line = line_of(answer.text, criterion, language)
        assert shows(line, "status-criterion", language, mark="❔")
        assert shows(line, f"note-since-{criterion}", language, reached=1, jobs=2)
        assert shows(line, "note-displayed-not-judged", language)
    offered = await past.mika.click(answer.message, says("action-fill", language))
    assert shows(offered.text, "note-displayed-not-judged", language)
    assert says("action-displayed", language) in buttons_of(offered.message)
    form = await past.mika.click(offered.message, says("action-displayed", language))
    shown = await past.mika.submit_modal(form, "", "", "94", "98", "")
    line = line_of(shown.text, "completion_rate", language)
    assert shows(line, "status-criterion", language, mark="✅", value="94.0 %")
    assert shows(line, "note-displayed", language, day=day_of(24, language))
    # The amount was not entered again: it is still that of the day before, with what came since.
    assert shows(line_of(shown.text, "earnings", language), "note-since-earnings", language, displayed="¥500,000")


async def test_the_first_line_tells_the_same_amount(up: Stage, language: Locale) -> None:
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language)
    await up.mika.command("goal", line="502,007", source="-")
    await up.mika.command("calibrate", on="11/23", earnings="500,000")
    await add(up, reward="7", date="11/24")
    answer = await up.mika.command("status")
    name = says("criterion-short-earnings", language)
    missing = {"name": name, "value": "¥500,007", "missing": "¥2,000"}
    assert shows(answer.text.splitlines()[0], "status-missing-earnings", language, **missing)
    assert shows(line_of(answer.text, "earnings", language), "status-criterion", language, mark="❌", value="¥500,007")


async def test_an_amount_that_may_be_partly_old_is_asked_for(up: Stage, language: Locale) -> None:
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language)
    await up.mika.command("goal", line="600,000", source="-")
    await up.mika.command("calibrate", on="2026/5/24", earnings="500,000")
    await add(up, reward="300,000", date="11/20")
    text = (await up.mika.command("status")).text
    assert shows(line_of(text, "earnings", language), "note-displayed-partly-old", language)
    await up.mika.command("goal", line="900,000", category="ロゴ", source="-")
    text = (await up.mika.command("status")).text
    assert shows(line_of(text, "earnings", language), "note-displayed-categories", language)
    await up.mika.command("calibrate", earnings="900,000")
    line = line_of((await up.mika.command("status")).text, "earnings", language)
    assert shows(line, "status-criterion", language, mark="✅", value="¥900,000")


async def test_only_jobs_of_the_category_of_the_goal_are_added(up: Stage, language: Locale) -> None:
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language)
    await up.mika.command("goal", line="600,000", category="ロゴ", source="-")
    await up.mika.command("calibrate", on="11/23", earnings="500,000")
    await add(up, reward="200,000", date="11/24")
    await add(up, reward="2,000", date="11/24", category="ロゴ")
    answer = await up.mika.command("status")
    line = line_of(answer.text, "earnings", language)
    assert shows(line, "status-criterion", language, mark="❌", value="¥502,000")
    assert shows(line, "note-since-earnings", language, displayed="¥500,000", since="¥2,000")
    detail = (await up.mika.command("status", view="detail")).text
    name = says("criterion-earnings", language)
    records = detail.partition(f"### {name}")[2].partition("### ")[0]
    assert "¥2,000 " in records
    assert "¥200,000" not in records
