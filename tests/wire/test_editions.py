"""All editions can be chosen, with a sentence each, and the card says which of them is in force today."""

from datetime import UTC, datetime

import pytest

from bot.discord_app.features.onboarding.cards import WelcomeChoices, start_card
from bot.discord_app.ui.components import ActionButton
from bot.domain.certification.editions import edition_names
from bot.domain.types import Edition, Locale
from bot.fake_discord.users import buttons_of, selects_of
from bot.i18n.translations import get_translations
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


def name_of(year: str, locale: Locale = "ja") -> str:
    return says("edition-name", locale, key=f"y{year}", year=year)


def about(year: str, locale: Locale = "ja") -> str:
    return says("edition-about", locale, key=f"y{year}", year=year)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_settings_offer_every_edition_with_a_sentence_and_say_which_is_in_force(
    up: Stage, locale: Locale
) -> None:
    up.mika.user.locale = "ja" if locale == "ja" else "en-US"
    answer = await up.mika.command("settings")
    assert name_of("2016", locale) in answer.text
    assert shows(answer.text, "settings-edition-in-force", locale, edition=name_of("2024", locale))
    [select] = [each for each in selects_of(answer.message) if each["custom_id"].endswith(":edition")]
    options = {option["value"]: option for option in select["options"]}
    assert list(options) == list(reversed(edition_names()))
    for year, option in options.items():
        assert option["label"] == name_of(year, locale)
        assert about(year, locale) in option["description"]
    in_force = [year for year, option in options.items() if option["description"] != about(year, locale)]
    assert in_force == ["2024"]
    assert shows(options["2024"]["description"], "edition-option-in-force", locale)


@pytest.mark.parametrize("year", ["2020", "2022"])
async def test_an_edition_in_between_is_chosen_by_its_name(up: Stage, year: str) -> None:
    card = (await up.mika.command("settings")).message
    answer = await up.mika.select_option(card, name_of(year), select=1)
    assert f"**{name_of(year)}**" in answer.text
    status = (await up.mika.command("status", view="rules")).text
    assert shows(status, "criterion-reply-rate")
    assert shows(status, "criterion-task-approval")
    assert shows(status, f"criterion-{'evaluation' if year == '2020' else 'satisfaction'}")
    welcome = (await up.mika.command("start")).message
    assert [label for label in buttons_of(welcome) if label in map(name_of, edition_names())] == [
        name_of("2024"), name_of(year), name_of("2016"),
    ]  # fmt: skip


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_edition_has_a_name_and_a_sentence_of_its_own(locale: Locale) -> None:
    for year in edition_names():
        assert name_of(year, locale) != says("edition-name", locale, key="other", year=year)
        assert about(year, locale) != says("edition-about", locale, key="other", year=year)


def test_no_sentence_names_a_start_that_is_not_known() -> None:
    for locale in ("ja", "en"):
        assert not any(start in about("2020", locale) for start in ("2017", "2018", "2019", "2020"))


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("year", ["2016", "2020"])
async def test_after_the_end_of_stars_the_evaluation_says_how_to_answer_it(up: Stage, year: str) -> None:
    await up.mika.command("settings", edition=year)
    await up.mika.command("job add", method="project", reward="50,000", evaluation="満足")
    assert shows((await up.mika.command("status")).text, "note-missing-evaluation-ended")
    await up.mika.command("calibrate", evaluation="4.9")
    text = (await up.mika.command("status")).text
    assert not shows(text, "note-missing-evaluation-ended")
    assert shows(text, "status-criterion", mark="✅", name=says("criterion-evaluation"))


@pytest.mark.parametrize(
    ("now", "offered"), [(datetime(2023, 6, 1, tzinfo=UTC), "2022"), (datetime(2024, 6, 1, tzinfo=UTC), "2024")]
)
def test_the_welcome_offers_the_edition_in_force_and_none_that_is_not_yet(now: datetime, offered: str) -> None:
    card = start_card(get_translations("en"), WelcomeChoices(Edition("2016"), edition_chosen=False), now=now)
    buttons = [each.custom_id or "" for each in card.walk_children() if isinstance(each, ActionButton)]
    assert [custom_id.rpartition(":")[2] for custom_id in buttons if ":edition:" in custom_id] == [offered, "2016"]
