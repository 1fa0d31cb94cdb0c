"""The first ten minutes of a member: the welcome, /start and /help, over the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.discord_app.features.help.cards import Topic
from bot.domain.types import Locale
from bot.fake_discord.users import selects_of, text_of
from bot.i18n.command_mentions import without_command_mentions
from bot.i18n.translations import get_translations
from bot.version import VERSION
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"


@pytest.fixture
async def new(stage: Stage) -> AsyncIterator[Stage]:
    """The bot has never met mika."""
    stage.newcomer = True
    async with stage.open_bot():
        yield stage


async def test_the_first_forward_is_welcomed_once_after_its_receipt(new: Stage) -> None:
    await new.mika.forward(SUBJECT, posted_at=new.at(9, 12))
    assert "制作会社A" in text_of(await new.mika.next_bot_message())
    assert shows(text_of(await new.mika.next_bot_message()), "start-title")
    await new.mika.write("制作会社B様 昨日 14:30")
    assert "制作会社B" in text_of(await new.mika.next_bot_message())
    await new.mika.write("こんにちは")
    assert shows(text_of(await new.mika.next_bot_message()), "parsing-unreadable")
    assert new.news() == []


async def test_the_welcome_does_not_wait_for_what_is_gathered(stage: Stage) -> None:
    """So the receipt is below it, where the newcomer looks."""
    stage.newcomer, stage.environ["RECEIPT_WAIT"] = True, "5"
    async with stage.open_bot() as bot:
        await stage.mika.forward(SUBJECT, posted_at=stage.at(9, 12))
        assert shows(text_of(await stage.mika.next_bot_message()), "start-title")
        assert stage.news() == []
        await bot.client.finish_handlers()
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_who_writes_twice_at_first_is_welcomed_once_where_no_nonce_counts(stage: Stage) -> None:
    """Discord answers a repeated nonce with the first message; a server in its place need not."""
    stage.newcomer, stage.environ["RECEIPT_WAIT"] = True, "5"
    async with stage.open_bot() as bot:
        await stage.mika.forward(SUBJECT, posted_at=stage.at(9, 12))
        await stage.mika.next_bot_message()
        await stage.mika.write("制作会社B様 昨日 14:30")
        await bot.client.finish_handlers()
        sent = [request.body for request in stage.discord.requests if request.method == "POST" and request.body]
        assert sum(str(body.get("nonce")).endswith("start") for body in sent if isinstance(body, dict)) == 1


async def test_a_welcome_that_was_refused_comes_with_the_next_message(stage: Stage) -> None:
    stage.newcomer, stage.environ["RECEIPT_WAIT"] = True, "5"
    async with stage.open_bot() as bot:
        stage.discord.faults.status("POST", r"/channels/\d+/messages", 400)
        await stage.mika.forward(SUBJECT, posted_at=stage.at(9, 12))
        await bot.client.dm_handler.receipts.flush()
        await stage.mika.write("制作会社B様 昨日 14:30")
        assert shows(text_of(await stage.mika.next_bot_message()), "start-title")


async def test_a_first_line_with_a_day_is_asked_about(new: Stage) -> None:
    await new.mika.write("高橋さん 昨日の夜")
    shown = [text_of(await new.mika.next_bot_message()) for _ in range(2)]
    assert sum(shows(text, "start-title") for text in shown) == 1
    assert sum("**高橋**" in text for text in shown) == 1
    assert await new.rows("SELECT client FROM drafts") == [("高橋",)]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("written", "locale"), [("こんにちは", "ja"), ("", "ja"), ("よろしく\nお願いします", "ja"), ("hello there", "en")]
)
async def test_a_greeting_is_answered_with_the_welcome_alone(new: Stage, written: str, locale: Locale) -> None:
    await new.mika.write(written)
    assert shows(text_of(await new.mika.next_bot_message()), "start-title", locale)
    await new.mika.write("制作会社A様 昨日 14:30")
    assert "制作会社A" in text_of(await new.mika.next_bot_message())
    assert new.news() == []


async def test_an_attempt_that_failed_says_why_and_is_welcomed(new: Stage) -> None:
    await new.mika.write("制作会社A様 明日 9:00")
    assert shows(text_of(await new.mika.next_bot_message()), "time-future", understood="2026/11/25 9:00")
    assert shows(text_of(await new.mika.next_bot_message()), "start-title")


async def test_who_has_asked_something_before_needs_no_welcome(new: Stage) -> None:
    assert shows((await new.mika.command("start")).text, "start-title")
    await new.mika.write("制作会社A様 昨日 14:30")
    await new.mika.next_bot_message()
    assert new.news() == []


async def test_who_was_erased_is_welcomed_afresh(up: Stage) -> None:
    card = await up.mika.command("erase")
    await up.mika.click(card.message, says("action-confirm"))
    await up.mika.write("制作会社A様 昨日 14:30")
    await up.mika.next_bot_message()
    assert shows(text_of(await up.mika.next_bot_message()), "start-title")


async def test_a_kill_before_or_after_the_welcome_leaves_one_welcome(stage: Stage) -> None:
    """Before: it is not lost. After: what is read again is not welcomed again."""
    stage.newcomer = True
    async with stage.open_bot():
        await stage.mika.write("こんにちは")
        await stage.mika.next_bot_message()
    for _ in range(2):
        await stage.rows("UPDATE members SET handled_id = NULL")
        await stage.rows("DELETE FROM claimed_events")
        async with stage.open_bot():
            assert [shows(text_of(each), "start-title") for each in stage.mika.bot_messages()] == [True]
    stage.mika.dm.messages = {
        number: each for number, each in stage.mika.dm.messages.items() if each.author is stage.mika.user
    }
    stage.mika.dm.nonces.clear()
    await stage.rows("UPDATE members SET handled_id = NULL")
    await stage.rows("DELETE FROM claimed_events")
    async with stage.open_bot():
        assert [shows(text_of(each), "start-title") for each in stage.mika.bot_messages()] == [True]


async def test_two_first_messages_behind_a_gap_are_welcomed_once(new: Stage) -> None:
    """Neither is noted as taken in before the gap was read, so both look like the first one."""
    assert new.bot is not None
    new.bot.client.dm_handler.reset_checkpoints()
    for client in ("甲", "乙"):
        await new.mika.write(f"{client}社様 昨日 14:30")
    for _ in range(3):
        await new.mika.next_bot_message()
    await new.bot.client.finish_handlers()
    assert sum(shows(text_of(each), "start-title") for each in new.mika.bot_messages()) == 1


async def test_the_commands_on_it_can_be_tapped(up: Stage) -> None:
    ids = {each["name"]: each["id"] for each in up.discord.state.commands}
    shown = (await up.mika.command("start")).text + (await up.mika.command("help")).text
    for name, of in (("status", "status"), ("help", "help"), ("job add", "job"), ("erase", "erase")):
        assert f"</{name}:{ids[of]}>" in shown
    assert "`/" not in shown


async def test_help_turns_its_topics_within_a_phones_screen(up: Stage) -> None:
    sam = up.discord.add_user("sam", "en-US")
    for person, locale, most in ((up.mika, "ja", 600), (sam, "en", 900)):
        card = (await person.command("help")).message
        for topic in Topic:
            label = get_translations(locale)(f"topic-{topic}")
            card = (await person.select_option(card, label)).message
            assert [each["label"] for each in selects_of(card)[0]["options"] if each.get("default")] == [label]
            asked = await person.command("help", topic=topic.value)
            assert asked.text == text_of(card)
            plain = get_translations(locale)(f"help-{topic}", leads="12 h · 4 h · 1 h", quiet="23:00-07:00", months=13)
            assert len(without_command_mentions(plain)) <= most
            assert plain.count("\n") < 12


async def test_help_on_the_badge(up: Stage) -> None:
    answer = await up.mika.command("help", topic="badge")
    for number in range(1, 8):
        assert f"\n{number}. " in answer.text
    assert shows(answer.text, "help-badge")


@pytest.mark.both_engines
async def test_help_speaks_of_the_members_own_reminders(up: Stage) -> None:
    await up.mika.command("settings", lead_times="2h", quiet_hours="なし")
    answer = await up.mika.command("help", topic="reminders")
    assert shows(answer.text, "help-reminders", leads="2時間")


async def test_a_topic_that_is_none_is_refused(up: Stage) -> None:
    card = (await up.mika.command("help")).message
    selects_of(card)[0]["options"][0]["value"] = "secrets"
    assert shows((await up.mika.select_option(card, says("topic-overview"))).text, "button-unknown")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("command", "options", "text_id"),
    [
        ("pending", {}, "pending-none"),
        ("status", {}, "status-rate-none"),
        ("status", {"view": "forecast"}, "forecast-card-none"),
        ("history", {}, "history-none"),
        ("job list", {}, "job-none"),
        ("goal", {}, "goal-none"),
        ("calibrate", {}, "calibrate-none"),
        ("check", {"client": "知らない社"}, "check-nobody"),
        ("profile", {}, "profile-none"),
    ],
)
async def test_an_empty_card_says_what_to_do_next(
    up: Stage, command: str, options: dict[str, str], text_id: str
) -> None:
    assert shows((await up.mika.command(command, **options)).text, text_id)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", ["ja", "en-US"])
async def test_about_tells_the_version_and_that_it_is_not_lancers(up: Stage, locale: str) -> None:
    up.mika.user.locale = locale
    answer = await up.mika.command("about")
    assert VERSION in answer.text
    assert shows(answer.text, "about", locale="ja" if locale == "ja" else "en", version=VERSION)
    assert "</erase:" in answer.text
