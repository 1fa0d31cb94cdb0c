"""The two choices of the welcome card: the rules, and how messages arrive."""

from datetime import timedelta

import pytest

from bot.discord_app.features.onboarding.cards import METHODS
from bot.domain.types import Locale
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, selects_of, text_of
from bot.fake_discord.validation import BUTTON, walk_components
from bot.services.arrivals import ArrivalMethod
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


TODAYS = {"ja": "いまの基準（2024年〜）", "en": "Today's rules (2024 on)"}
ARTICLES = {"ja": "2016年の記事の基準", "en": "Rules of the 2016 article"}
GREEN = 3
SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"


def green_buttons(message: Message) -> list[str]:
    """The labels of the buttons that are marked as chosen."""
    return [
        each["label"]
        for each in walk_components(message.body["components"])
        if each.get("type") == BUTTON and each.get("style") == GREEN
    ]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_it_asks_two_things_by_buttons_and_says_which_rules_are_in_force(up: Stage, locale: Locale) -> None:
    up.mika.user.locale = "ja" if locale == "ja" else "en-US"
    answer = await up.mika.command("start")
    methods = [says(f"start-method-{method}", locale) for method in METHODS]
    assert list(buttons_of(answer.message)) == [TODAYS[locale], ARTICLES[locale], *methods]
    assert selects_of(answer.message) == []
    assert green_buttons(answer.message) == []
    [line] = [line for line in answer.text.splitlines() if says("start-rules-in-force", locale) in line]
    assert TODAYS[locale] in line
    [line] = [line for line in answer.text.splitlines() if says("start-rules-default", locale) in line]
    assert ARTICLES[locale] in line


async def test_a_press_keeps_the_choice_and_marks_it(up: Stage) -> None:
    card = (await up.mika.command("start")).message
    answer = await up.mika.click(card, TODAYS["ja"])
    assert answer.message is card
    assert green_buttons(answer.message) == [TODAYS["ja"]]
    assert says("start-rules-default") not in answer.text
    assert f"✅ **{TODAYS['ja']}**" in answer.text
    assert TODAYS["ja"] in (await up.mika.command("settings")).text
    answer = await up.mika.click(answer.message, ARTICLES["ja"])
    assert green_buttons(answer.message) == [ARTICLES["ja"]]
    assert green_buttons((await up.mika.command("start")).message) == [ARTICLES["ja"]]


async def test_what_was_chosen_in_the_settings_is_marked(up: Stage) -> None:
    await up.mika.command("settings", edition="2024")
    assert green_buttons((await up.mika.command("start")).message) == [TODAYS["ja"]]


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("method", METHODS)
async def test_a_way_opens_its_guide_with_a_way_back(up: Stage, method: ArrivalMethod) -> None:
    card = (await up.mika.command("start")).message
    card = (await up.mika.click(card, TODAYS["ja"])).message
    label = says(f"start-method-{method}")
    guide = await up.mika.click(card, label)
    assert guide.message is card
    assert guide.text.startswith(says(f"start-guide-{method}").splitlines()[0])
    assert list(buttons_of(guide.message)) == [says("start-check"), says("start-back")]
    answer = await up.mika.click(guide.message, says("start-back"))
    assert green_buttons(answer.message) == [TODAYS["ja"], label]
    assert says("start-method-chosen", method=label) in answer.text
    answer = await up.mika.click(answer.message, ARTICLES["ja"])
    assert green_buttons(answer.message) == [ARTICLES["ja"], label]


async def guide_of(stage: Stage, method: ArrivalMethod) -> Message:
    card = (await stage.mika.command("start")).message
    return (await stage.mika.click(card, says(f"start-method-{method}"))).message


def ago(stage: Stage, minutes: int) -> str:
    """Discord's timestamp of so many minutes ago, relative to now."""
    return f"<t:{int((stage.clock.now() - timedelta(minutes=minutes)).timestamp())}:R>"


@pytest.mark.both_engines
async def test_what_was_forwarded_last_is_shown_after_a_press(up: Stage) -> None:
    guide = await guide_of(up, ArrivalMethod.FORWARD)
    assert shows(text_of(guide), "start-seen-forward-none")
    await up.mika.write("制作会社Z様 昨日 14:30")
    await up.mika.next_bot_message()
    assert shows((await up.mika.click(guide, says("start-check"))).text, "start-seen-forward-none")
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12))
    await up.mika.next_bot_message()
    up.clock.advance_to(up.at(12, 2))
    answer = await up.mika.click(guide, says("start-check"))
    assert shows(answer.text, "start-seen-forward", ago=ago(up, 2))
    assert "制作会社A" in answer.text


@pytest.mark.both_engines
async def test_what_was_typed_last_is_shown_after_a_press(up: Stage) -> None:
    guide = await guide_of(up, ArrivalMethod.TYPED)
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12))
    await up.mika.next_bot_message()
    assert shows((await up.mika.click(guide, says("start-check"))).text, "start-seen-typed-none")
    await up.mika.write("制作会社Z様 昨日 14:30")
    await up.mika.next_bot_message()
    up.clock.advance_to(up.at(12, 3))
    answer = await up.mika.click(guide, says("start-check"))
    assert shows(answer.text, "start-seen-typed", ago=ago(up, 3))
    assert "制作会社Z" in answer.text


async def test_nobody_sees_what_came_to_somebody_else(up: Stage) -> None:
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12))
    await up.mika.next_bot_message()
    ken = up.discord.add_user("ken")
    card = (await ken.command("start")).message
    answer = await ken.click(card, says("start-method-forward"))
    assert shows(answer.text, "start-seen-forward-none")


@pytest.mark.parametrize(
    "custom_id", ["press:start:0:arrival", "press:start:0:arrival:9", "press:start:0:edition:1999"]
)
async def test_a_way_or_rules_that_do_not_exist_change_nothing(up: Stage, custom_id: str) -> None:
    card = (await up.mika.command("start")).message
    answer = await up.mika.click_custom_id(card, custom_id)
    assert answer.message is not card
    assert green_buttons((await up.mika.command("start")).message) == []


@pytest.mark.both_engines
async def test_the_controls_of_earlier_welcome_cards_work(up: Stage) -> None:
    card = (await up.mika.command("start")).message
    select = {"custom_id": "choose:start:0:edition", "min_values": 1, "max_values": 1}
    answer = await up.mika.select_values(card, select, ["2024"])
    assert green_buttons(answer.message) == [TODAYS["ja"]]
    form = await up.mika.click_custom_id(card, "press:start:0:timezone")
    await up.mika.submit_modal(form, "europe/berlin")
    form = await up.mika.click_custom_id(card, "press:start:0:quiet-hours")
    assert shows((await up.mika.submit_modal(form, "")).text, "start-title")
    answer = await up.mika.select_values(card, {**select, "custom_id": "choose:start:0:locale"}, ["en"])
    assert shows(answer.text, "start-title", "en")
    settings = (await up.mika.command("settings")).text
    assert "Europe/Berlin" in settings
    assert shows(settings, "preference-line", "en", value=says("preference-none", "en"))
