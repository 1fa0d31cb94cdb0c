"""The longest and most hostile names, and much of everything, on every card, in both languages: Discord's limits hold.

The fake Discord refuses what exceeds them; this test also refuses what comes close.
"""

import pytest

from bot.discord_app.features.help.cards import Topic
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult, buttons_of, selects_of
from bot.fake_discord.validation import walk_components
from bot.i18n.translations import Translations, get_translations
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import HOSTILE_NAMES
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines

MOST_COMPONENTS, MOST_TEXT = 38, 3800
"""Discord's 40 and 4,000, with room for a word more."""

COMMANDS = (
    ("status", {}), ("status", {"view": "detail"}), ("status", {"view": "forecast"}), ("status", {"view": "rules"}),
    ("pending", {}), ("history", {}), ("job list", {}), ("goal", {}), ("calibrate", {}), ("settings", {}), ("export", {}),
    ("erase", {}), ("away", {"from": "13:00", "to": "12/24"}), ("profile", {}), ("start", {}),
    *(("help", {"topic": each.value}) for each in Topic),
    ("fee", {"take_home": "9億", "certified": True, "withholding": True, "compensation": "charged"}),
    ("settings", {"edition": "2024"}), ("status", {}), ("status", {"view": "detail"}), ("status", {"view": "rules"}),
)  # fmt: skip


def within(message: Message) -> Message:
    """Hold a message against the limits, with room left."""
    parts = list(walk_components(message.body["components"]))
    assert len(parts) <= MOST_COMPONENTS
    assert sum(len(each.get("content", "")) for each in parts) <= MOST_TEXT
    return message


async def looked_at(person: FakeUser, texts: Translations, answer: InteractionResult) -> None:
    """An answer, and every page behind it."""
    message = within(answer.message)
    assert texts("internal-error") not in answer.text
    assert "everyone" not in answer.text.replace("@\u200beveryone", "")
    assert "\u202e" not in answer.text
    for _ in range(40):
        if texts("pagination-after") not in buttons_of(message):
            return
        message = within((await person.click(message, texts("pagination-after"))).message)


async def much_of_everything(up: Stage, person: FakeUser, texts: Translations, name: str) -> None:
    """40 threads, most of them waiting, 60 jobs, and every declaration."""
    rows = ["thread,direction,sent_at,kind,client,title"]
    for number in range(40):
        client, title = f"{number}{name}"[:100], f"{name}{number}"[-100:]
        rows += [
            f'"{client}",received,2026-11-1{number % 10}T09:0{number // 10},,"{client}","{title}"',
            f'"{client}",sent,2026-11-1{number % 10}T10:00,{["message", "dismissed"][number % 4 == 0]},"{client}","{title}"',
            f'"{client}",received,2026-11-2{3 + number % 2}T11:{number:02},,"{client}","{title}"',
        ]
        if number % 5 == 0:
            rows.append(f'"{client}",sent,2026-11-24T11:50,dismissed,"{client}","{title}"')
    preview = await person.command("import", file=("h.csv", "\n".join(rows).encode()))
    within(preview.message)
    await looked_at(person, texts, await person.click(preview.message, texts("action-confirm")))
    jobs = ["date,method,category,reward,outcome,evaluation,client"]
    jobs += [
        f'2026-{1 + number % 9:02}-01,{["project", "task", "hourly", "contest"][number % 4]},"{name[:100]}",1000000000,'
        f'{["completed", "not_completed"][number % 7 == 0]},{["5", "", "satisfied"][number % 3]},"{name[::-1][:100]}"'
        for number in range(60)
    ]
    preview = await person.command("import", file=("jobs.csv", "\n".join(jobs).encode()))
    await looked_at(person, texts, await person.click(preview.message, texts("action-confirm")))
    for each in (
        await person.command("job add", method="project", reward="10億", category=name[:100], client=name[::-1][:100]),
        await person.command("goal", category=name[:100], line="10億", source=name[:100]),
        await person.command(
            "calibrate", reply_rate="92.3", replies=4000, completion_rate="99.9", task_approval="99.9",
            satisfaction="99.9", evaluation="4.99", earnings="10億",
        ),
        await person.command("profile", last_login="2026/11/1"),
        await person.command("settings", fallback=up.discord.add_guild(), badge="held", lead_times="20h,16h,12h,8h,4h,1h"),
    ):  # fmt: skip
        await looked_at(person, texts, each)


@pytest.mark.slow
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("kind", "locale"),
    others_slow([("markdown", "ja"), ("markdown", "en-US"), ("wide", "ja"), ("emoji", "en-US"), ("rtl", "ja")]),
)
async def test_much_of_everything_with_the_longest_names(up: Stage, kind: str, locale: str) -> None:
    person = up.discord.add_user("p", locale)
    name, texts = HOSTILE_NAMES[kind], get_translations("ja" if locale == "ja" else "en")
    await much_of_everything(up, person, texts, name)
    client = f"7{name}"[:100]
    for command, options in (*COMMANDS, ("check", {"client": client}), ("check", {"client": name[:100]})):
        await looked_at(person, texts, await person.command(command, **options))
    for command in ("received", "replied", "received"):
        await looked_at(person, texts, await person.command(command, client=client, thread=name[:100]))
    [select] = selects_of((await person.command("pending")).message)
    pending = await person.command("pending")
    opened = await person.select_values(pending.message, select, [select["options"][0]["value"]])
    await looked_at(person, texts, await person.click(opened.message, texts("pending-more")))
    assert len(await person.complete("received", "client", "")) == 25
    assert len(await person.complete("job edit", "job", "")) == 25


@pytest.mark.slow
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", others_slow(["ja", "en-US"]))
async def test_what_the_bot_says_by_itself_with_the_longest_names(up: Stage, locale: str) -> None:
    """Reminders of all that wait at once, before the end and after it, and the digest."""
    person = up.discord.add_user("p", locale)
    texts = get_translations("ja" if locale == "ja" else "en")
    await much_of_everything(up, person, texts, HOSTILE_NAMES["markdown"])
    await up.live_to(up.at(12, days=1))
    await up.live_to(up.at(12, days=8))
    said = [within(each) for each in person.drain_bot_messages()]
    assert len(said) >= 3
    # Everything that was said is old by now: every note stands on the card at once.
    up.clock.advance_to(up.at(12, days=120))
    for command, options in COMMANDS:
        await looked_at(person, texts, await person.command(command, **options))


async def test_a_double_tap_sets_what_the_button_says(up: Stage) -> None:
    card = (await up.mika.command("settings")).message
    for label, is_kept in (("action-keep", 1), ("keep-stop", 0)):
        button = buttons_of(card)[says(label)]
        for _ in range(2):
            card = (await up.mika.click_custom_id(card, button)).message
            assert await up.rows("SELECT keeps_history FROM members") == [(is_kept,)]
    await up.mika.click_custom_id(card, "press:setting:0:keep")  # of a former version
    assert await up.rows("SELECT keeps_history FROM members") == [(1,)]


async def test_the_new_settings(up: Stage) -> None:
    guild = up.discord.add_guild()
    card = await up.mika.command("settings", review_day="20日", digest="weekly", keep_old=True, fallback=guild)
    for shown in (says("review-day-set", day=20), says("digest-every-weekly"), says("keep-yes"), f"<#{guild.id}>"):
        assert shown in card.text
    message = card.message
    assert shows(
        (await up.mika.select_option(message, says("digest-every-monthly"), select=3)).text,
        "preference-line",
        value=says("digest-every-monthly"),
    )
    assert shows((await up.mika.click(message, says("keep-stop"))).text, "keep-no")
    form = await up.mika.click(message, says("action-review-day"))
    assert shows((await up.mika.submit_modal(form, "")).text, "review-day-assumed")
    assert shows(
        (await up.mika.command("settings", no_fallback=True)).text,
        "preference-line",
        name=says("preference-fallback"),
        value=says("preference-none"),
    )
