"""A stored choice that cannot be read stops nobody: its default holds, the member is told, everybody else is served."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.domain.types import MemberId
from bot.fake_discord.users import FakeUser, InteractionResult, text_of
from bot.i18n.translations import get_translations
from storage.connect import connect
from tests.helpers.amounts import others_slow
from tests.helpers.stage import Stage

pytestmark = pytest.mark.both_engines


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


UNREADABLE = [
    ("timezone", "localtime"),
    ("timezone", "Factory"),
    ("timezone", "Mars/Olympus"),
    ("timezone", "America"),
    ("timezone", "../etc/passwd"),
    ("timezone", ""),
    ("locale", "fr"),
    ("seen_locale", "fr"),
    ("edition", "2042"),
    ("lead_times", "sometimes"),
    ("lead_times", "99h"),
    ("quiet_hours", "7-7"),
    ("quiet_hours", "night"),
    ("digest", "hourly"),
    ("badge", "golden"),
    ("badge_since", 10**18),
    ("review_day", 99),
    ("review_day", -4),
    ("last_login", "yesterday"),
    ("digest_at", -(10**18)),
    ("digest_at", 10**18),
]
"""Columns of `members`, each with a value that nothing reads."""

COMMANDS = ("status", "pending", "history", "settings", "help", "start", "profile", "job list", "export")


async def store(stage: Stage, user: FakeUser, column: str, value: str | int) -> None:
    """Store a value past all checks, as another version of the program or another machine could have."""
    if stage.database_url.startswith("sqlite"):
        sql = f"UPDATE members SET {column} = $2 WHERE member_id = $1"
        database = await connect(stage.database_url)
        try:
            async with database.write() as transaction:
                await transaction.fetch("PRAGMA ignore_check_constraints = 1")
                await transaction.fetch(sql, user.user.id, value)
        finally:
            await database.close()
        return
    await stage.rows(f"ALTER TABLE members DROP CONSTRAINT IF EXISTS members_{column}_check")
    await stage.rows(f"UPDATE members SET {column} = $2 WHERE member_id = $1", user.user.id, value)


async def mentions(result: InteractionResult, name: str) -> bool:
    """Whether an answer, or what follows it, says that a setting cannot be read."""
    texts = get_translations("ja")
    if name in {"seen_locale", "digest_at"}:
        return False  # the member did not choose these
    label = texts(f"preference-{name.replace('_', '-')}")
    sentence = texts("preference-unreadable", name=label, written="|").partition("|")[0]
    handlers = [
        task
        for task in asyncio.all_tasks()
        if task.get_name().startswith(("discord.py: on_interaction", "CommandTree-"))
    ]
    await asyncio.gather(*handlers)
    return any(sentence in text_of(shown) for shown in (result.message, *result.interaction.followups))


@pytest.mark.parametrize("unreadable", others_slow([UNREADABLE[:1], UNREADABLE[1:]]), ids=["one", "the others"])
async def test_a_choice_that_cannot_be_read_stops_nobody(up: Stage, unreadable: list[tuple[str, str | int]]) -> None:
    """Each is somebody's, in the same week."""
    ken = up.discord.add_user("ken")
    people = {up.discord.add_user(f"p{number}"): choice for number, choice in enumerate(unreadable)}
    for person, client in ((ken, "B社"), *((each, "A社") for each in people)):
        await person.command("settings", digest="weekly")
        await person.command("received", client=client, at="11:00")
    for person, (column, value) in people.items():
        await store(up, person, column, value)

    for person, (column, value) in people.items():
        told = column not in {"seen_locale", "digest_at"}
        assert await mentions(await person.command("status"), column) == told, (column, value)
        for name in COMMANDS:
            result = await person.command(name)
            assert result.text, (column, value, name)
            assert get_translations("ja")("internal-error") not in result.text, (column, value, name)
            # Elsewhere once.
            assert await mentions(result, column) == (told and name == "settings"), (column, value, name)
        await person.write("C社様 今日 11:30")
        assert "C社" in text_of(await person.next_bot_message()), (column, value)
    for person in (ken, *people):
        person.drain_bot_messages()

    await up.live_to(up.at(13) + timedelta(days=7))  # reminders, the purge, and the digests of Monday
    assert any("B社" in text_of(each) for each in ken.drain_bot_messages())
    [[ken_due]] = await up.rows("SELECT digest_at FROM members WHERE member_id = $1", ken.user.id)
    assert ken_due > up.clock.now().timestamp() * 1e6
    assert up.bot is not None
    for person, choice in people.items():
        assert any("A社" in text_of(each) for each in person.drain_bot_messages()), choice
        assert await up.bot.client.services.members.find(MemberId(person.user.id)), choice


@pytest.mark.parametrize(
    ("column", "value"), [("timezone", "Mars/Olympus"), ("quiet_hours", "night"), ("edition", "2042")]
)
async def test_it_stays_stored_until_the_member_chooses_again(up: Stage, column: str, value: str) -> None:
    await up.mika.command("received", client="A社", at="11:00")
    await store(up, up.mika, column, value)
    await up.mika.command("settings", digest="weekly")  # another choice
    stored = f"SELECT {column} FROM members WHERE member_id = $1"
    assert await up.rows(stored, up.mika.user.id) == [(value,)]
    chosen = {"timezone": "Europe/Berlin", "quiet_hours": "22:00-06:00", "edition": "2024"}[column]
    result = await up.mika.command("settings", **{column: chosen})
    assert not await mentions(result, column)
    assert await up.rows(stored, up.mika.user.id) == [(chosen,)]


async def test_doctor_compares_by_the_default(
    up: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await up.mika.command("received", client="A社", at="11:00")
    await store(up, up.mika, "timezone", "Mars/Olympus")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", up.database_url)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    await asyncio.to_thread(main, ["doctor", "--all", "--json"])
    assert '"derived",\n    "mark": "fine"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value"),
    [("timezone", "Mars/Olympus"), ("lead_times", "99h"), ("edition", "2042"), ("badge_since", 10**18), ("last_login", "x")],
)  # fmt: skip
async def test_an_export_with_it_is_read_back(up: Stage, column: str, value: str | int) -> None:
    await up.mika.command("received", client="A社", at="11:00")
    await up.mika.command("settings", quiet_hours="22:00-06:00")
    await store(up, up.mika, column, value)
    exported = await up.mika.command("export")
    ken = up.discord.add_user("ken")
    preview = await ken.command("import", file=("nintei.json", exported.files["nintei.json"]))
    await ken.click(preview.message, "はい、実行する")
    sql = f"SELECT {column}, quiet_hours FROM members WHERE member_id = $1"
    assert await up.rows(sql, ken.user.id) == [(None, "22:00-06:00")]
