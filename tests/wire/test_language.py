"""In which language somebody is answered whom the bot knows from direct messages alone, and afterwards."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.types import Locale
from bot.fake_discord.users import text_of
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.others_on_sqlite

SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"


@pytest.fixture(params=["ja", "en"])
async def new(stage: Stage, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The bot has never met mika; its operator's language is one or the other."""
    stage.newcomer = True
    stage.environ["DEFAULT_LOCALE"] = request.param
    async with stage.open_bot():
        yield stage


async def answer_to(stage: Stage, line: str) -> str:
    await stage.mika.write(line)
    return text_of(await stage.mika.next_bot_message())


@pytest.mark.parametrize(("line", "locale"), [("こんにちは", "ja"), ("hello there", "en")])
async def test_the_first_line_says_the_language_of_the_welcome(new: Stage, line: str, locale: Locale) -> None:
    assert shows(await answer_to(new, line), "start-title", locale)


async def test_what_tells_no_language_is_answered_in_the_operators(new: Stage) -> None:
    locale = new.environ["DEFAULT_LOCALE"]
    assert locale in {"ja", "en"}
    await new.mika.forward(SUBJECT, posted_at=new.at(9, 12))
    texts = [text_of(await new.mika.next_bot_message()) for _ in range(2)]
    assert any(shows(text, "start-title", "ja" if locale == "ja" else "en") for text in texts)


async def test_each_line_is_answered_in_its_language_and_what_tells_none_in_the_last_ones(new: Stage) -> None:
    await answer_to(new, "hello there")
    assert says("help-overview", "ja").splitlines()[0] in await answer_to(new, "ヘルプ")
    assert says("help-overview", "en").splitlines()[0] in await answer_to(new, "help")
    await new.mika.forward(SUBJECT, posted_at=new.at(9, 12))
    assert says("action-dismiss", "en") in str((await new.mika.next_bot_message()).body)
    assert says("help-overview", "ja").splitlines()[0] in await answer_to(new, "使い方")
    await new.live_to(new.at(9, days=1))
    assert says("action-now", "ja") in str(new.news()[-1].body)


@pytest.mark.both_engines
@pytest.mark.parametrize("line", ["xxxx", "Acme 14:30", "ok"])
async def test_a_line_without_words_that_are_known_leaves_the_language_as_it_is(new: Stage, line: str) -> None:
    await answer_to(new, "こんにちは")
    await answer_to(new, line)
    [[stored]] = await new.rows("SELECT line_locale FROM members")
    assert stored == "ja"
    assert says("help-overview", "ja").splitlines()[0] in await answer_to(new, "使い方")


async def test_what_discord_shows_is_taken_once_it_is_known(new: Stage) -> None:
    new.mika.user.locale = "en-US"
    await answer_to(new, "こんにちは")
    assert shows((await new.mika.command("start")).text, "start-title", "en")
    assert says("help-overview", "en").splitlines()[0] in await answer_to(new, "ヘルプ")


async def test_a_chosen_language_stays(new: Stage) -> None:
    await answer_to(new, "hello there")
    await new.mika.command("settings", locale="ja")
    new.mika.user.locale = "en-US"
    await new.mika.command("status")
    assert says("help-overview", "ja").splitlines()[0] in await answer_to(new, "help")


@pytest.mark.both_engines
async def test_the_welcome_is_not_lost_where_the_language_of_a_line_was_stored_before_a_crash(stage: Stage) -> None:
    stage.newcomer = True
    async with stage.open_bot():
        await stage.mika.write("hello there")
        await stage.mika.next_bot_message()
    await stage.rows("UPDATE members SET handled_id = NULL")
    await stage.rows("DELETE FROM claimed_events")
    stage.mika.dm.messages = {
        number: each for number, each in stage.mika.dm.messages.items() if each.author is stage.mika.user
    }
    stage.mika.dm.nonces.clear()
    async with stage.open_bot():
        assert [shows(text_of(each), "start-title", "en") for each in stage.mika.bot_messages()] == [True]
