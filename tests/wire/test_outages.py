"""Staying up: what arrived while the bot was away, malformed events, sessions that end, a refused start."""

import asyncio
import threading
from typing import Any

import discord
import pytest

from bot.app import run_bot
from bot.cli.main import main
from bot.cli.run import EXIT_TEMPORARY
from bot.discord_app.client import NinteiClient
from bot.discord_app.inbound.backlog import MAX_CONCURRENT_CHANNELS, BacklogReader
from bot.discord_app.timeouts import Timeouts
from bot.domain.calendar import instant_to_micros
from bot.domain.types import MemberId
from bot.errors import DiscordError, StorageError
from bot.fake_discord.users import buttons_of, text_of
from bot.services.members import MemberContact, MemberService
from bot.settings import read_settings
from storage.members import Member
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines


async def test_a_forward_sent_while_the_bot_was_away_is_recorded_once(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.forward("制作会社Bさんからのメッセージ受信通知", posted_at=stage.at(11, 0))
    for _ in range(2):
        async with stage.open_bot():
            pass
    assert "制作会社B" in text_of(await stage.mika.next_bot_message())
    assert stage.news() == []
    async with stage.open_bot():
        assert shows((await stage.mika.command("pending")).text, "pending-title", count=2)


async def test_relative_times_sent_while_away_count_from_then(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.write("制作会社B様 1時間前")
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        pass
    assert any(f"<t:{int(stage.at(11, 0).timestamp())}:f>" in text_of(each) for each in stage.news())


async def test_a_line_without_a_time_that_was_sent_while_away_is_of_then(stage: Stage) -> None:
    """Not of when it is read, which can be after the deadline; and what came since still waits."""
    async with stage.open_bot():
        for line in ("制作会社A様 今日 9:00", "制作会社B様 今日 9:30"):
            await stage.mika.write(line)
            await stage.mika.next_bot_message()
    for line in ("制作会社A様に返信しました", "制作会社C様から連絡", "制作会社B様 返信不要"):
        await stage.mika.write(line)
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        pass
    recorded = await stage.rows(
        "SELECT direction, kind FROM messages WHERE sent_at = $1", instant_to_micros(stage.at(12))
    )
    assert [tuple(row) for row in recorded] == [("sent", "message"), ("received", "message"), ("sent", "dismissed")]


async def recorded_last(stage: Stage) -> tuple[str, str, str, int]:
    """Client, direction, kind and instant of the message that was recorded last."""
    [row] = await stage.rows(
        "SELECT client, direction, kind, sent_at FROM messages JOIN threads USING (member_id, thread_id)"
        " ORDER BY message_id DESC LIMIT 1"
    )
    return row[0], row[1], row[2], row[3]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("返信した", ("sent", "message")), ("連絡がきた", ("received", "message")), ("返信不要", ("sent", "dismissed"))],
)
async def test_a_line_without_a_time_that_was_sent_while_away_is_of_then_after_its_question(
    stage: Stage, line: str, kind: tuple[str, str]
) -> None:
    """The question says so too, and a dismissal is not of what came since."""
    async with stage.open_bot():
        for received in ("制作会社A様 今日 9:00", "制作会社B様 今日 9:30"):
            await stage.mika.write(received)
            await stage.mika.next_bot_message()
    await stage.mika.write(line)
    stage.clock.advance_to(stage.at(13, 0))
    await stage.mika.write("制作会社C様から連絡")
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        [question] = [each for each in stage.news() if "制作会社A" in buttons_of(each)]
        if kind[1] == "message":
            assert stamp(stage, 12, 0) in text_of(question)
        else:
            assert "制作会社C" not in buttons_of(question)
        await stage.mika.click(question, "制作会社A")
    assert await recorded_last(stage) == ("制作会社A", *kind, instant_to_micros(stage.at(12)))


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        ("制作会社A", "返信した", ("sent", "message")),
        ("制作会社Aさんに返信", "はい", ("sent", "message")),
        ("制作会社A", "連絡がきた", ("received", "message")),
        ("制作会社A", "返信不要", ("sent", "dismissed")),
    ],
)
async def test_what_answered_a_question_that_was_not_asked_yet_is_of_when_it_was_written(
    stage: Stage, first: str, then: str, kind: tuple[str, str]
) -> None:
    """Two lines while the bot was away: the second one says what happened."""
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.write(first)
    stage.clock.advance_to(stage.at(12, 5))
    await stage.mika.write(then)
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        pass
    assert await recorded_last(stage) == ("制作会社A", *kind, instant_to_micros(stage.at(12, 5)))


async def test_a_line_that_was_typed_again_while_away_is_recorded_once_after_its_questions(stage: Stage) -> None:
    async with stage.open_bot():
        for received in ("制作会社A様 今日 9:00", "制作会社B様 今日 9:30"):
            await stage.mika.write(received)
            await stage.mika.next_bot_message()
    await stage.mika.write("返信した")
    stage.clock.advance_to(stage.at(12, 3))
    await stage.mika.write("返信した")
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        first, second = [each for each in stage.news() if "制作会社A" in buttons_of(each)]
        await stage.mika.click(first, "制作会社A")
        stage.clock.advance_to(stage.at(17, 5))
        await stage.mika.click(second, "制作会社A")
        if shows(text_of(second), "question-nothing-waits"):
            await stage.mika.click(second, says("action-anyway"))
    sent = await stage.rows("SELECT sent_at FROM messages WHERE direction = 'sent'")
    assert [row[0] for row in sent] == [instant_to_micros(stage.at(12))]


@pytest.mark.parametrize(("minutes", "recorded"), [(3, 1), (30, 2)])
async def test_a_line_that_was_typed_again_while_away_is_recorded_once(
    stage: Stage, minutes: int, recorded: int
) -> None:
    """Nobody answered the first one; half an hour later it is another message."""
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.write("制作会社A様から連絡")
    stage.clock.advance_to(stage.at(12, minutes))
    await stage.mika.write("制作会社A様から連絡")
    stage.clock.advance_to(stage.at(17, 0))
    async with stage.open_bot():
        pass
    rows = await stage.rows("SELECT sent_at FROM messages ORDER BY message_id")
    assert [row[0] for row in rows[1:]] == [instant_to_micros(stage.at(12, minute)) for minute in (0, minutes)][
        :recorded
    ]


@pytest.mark.parametrize("is_away", [False, True])
async def test_lines_of_one_message_are_no_repetition(stage: Stage, *, is_away: bool) -> None:
    async with stage.open_bot():
        await stage.mika.command("status")
        if not is_away:
            await stage.mika.write("制作会社A様 20分前\n制作会社A様 25分前")
            await stage.mika.next_bot_message()
    if is_away:
        await stage.mika.write("制作会社A様 20分前\n制作会社A様 25分前")
        stage.clock.advance_to(stage.at(12, 30))
        async with stage.open_bot():
            pass
    rows = await stage.rows("SELECT sent_at FROM messages ORDER BY sent_at")
    assert [row[0] for row in rows] == [instant_to_micros(stage.at(11, minute)) for minute in (35, 40)]


@pytest.mark.slow
async def test_after_an_invalid_session_the_channels_are_read(up: Stage) -> None:
    await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    await up.discord.gateway.close_all()
    up.discord.faults.refuse_resume = True
    await up.mika.write("制作会社B様 今日 10:00")
    assert "制作会社B" in text_of(await up.mika.next_bot_message())


async def test_a_stop_while_a_new_session_is_made_leaves_no_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = asyncio.Event()
    before_identify = NinteiClient.before_identify_hook

    async def says_that_it_waits(self: NinteiClient, shard_id: int | None, *, initial: bool = False) -> None:
        if stage.discord.gateway.identified:
            waits.set()
        await before_identify(self, shard_id, initial=initial)

    monkeypatch.setattr(NinteiClient, "before_identify_hook", says_that_it_waits)
    async with stage.open_bot():
        await stage.discord.gateway.invalidate()
        await waits.wait()
    loop = asyncio.get_running_loop()
    hearts = [each for each in threading.enumerate() if isinstance(each, discord.gateway.KeepAliveHandler)]
    assert [each for each in hearts if each.ws.loop is loop] == []


@pytest.mark.slow
async def test_what_the_database_kept_from_being_read_is_read_with_the_next_session(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet = MemberService.get_or_register

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    await up.mika.command("status")
    monkeypatch.setattr(MemberService, "get_or_register", refuses)
    await up.mika.write("制作会社A様 今日 9:00")
    assert shows(text_of(await up.mika.next_bot_message()), "storage-busy")
    monkeypatch.setattr(MemberService, "get_or_register", meet)
    await up.mika.write("制作会社B様 今日 10:00")
    assert "制作会社B" in text_of(await up.mika.next_bot_message())
    up.discord.faults.refuse_resume = True
    await up.discord.gateway.close_all()
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert shows((await up.mika.command("history")).text, "history-title", count=2)


@pytest.mark.parametrize("timeouts", [Timeouts(identify_interval=0.01)])
@pytest.mark.parametrize("line", ["制作会社A様 今日 9:00", "制作会社A様 いま届いた"])
async def test_what_was_sent_again_meanwhile_is_recorded_once(
    up: Stage, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """The member is told that it was not recorded, sends it again, and hours later it is read from the channel."""

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    await up.mika.command("status")
    with monkeypatch.context() as busy:
        busy.setattr(MemberService, "get_or_register", refuses)
        await up.mika.write(line)
        assert shows(text_of(await up.mika.next_bot_message()), "storage-busy")
    up.clock.advance_to(up.at(12, 5))
    await up.mika.write(line)
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    up.clock.advance_to(up.at(14))
    await up.discord.gateway.invalidate()
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")
    assert shows((await up.mika.command("history")).text, "history-title", count=1)


@pytest.mark.slow
async def test_a_malformed_event_ends_nothing(up: Stage) -> None:
    for event in ("MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_CREATE", "CHANNEL_UPDATE"):
        await up.discord.gateway.dispatch(event, {"nonsense": True})
    assert shows((await up.mika.command("status")).text, "status-unknown-name")


async def test_an_event_that_comes_twice_is_answered_once(up: Stage) -> None:
    up.discord.faults.duplicate_events = True
    await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    up.discord.faults.duplicate_events = False
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)
    assert up.news() == []


@pytest.mark.slow
async def test_what_cannot_be_fetched_is_said_at_the_next_contact(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    stage.discord.faults.status("GET", "/messages", 503, times=50)
    async with stage.open_bot() as bot:
        answer = await stage.mika.command("status")
        await stage.discord.state.wait_until(lambda: bool(answer.interaction.followups))
        assert shows(text_of(answer.interaction.followups[0]), "missed-unread")
        await bot.client.finish_handlers()


@pytest.mark.parametrize("timeouts", [Timeouts(shutdown_grace=0.1)])
async def test_channels_that_do_not_answer_delay_no_other(stage: Stage) -> None:
    *silent, last = [stage.discord.add_user(f"member{number}") for number in range(MAX_CONCURRENT_CHANNELS)]
    async with stage.open_bot():
        for member in (*silent, last):
            await member.write("こんにちは")
            await member.next_bot_message()
    for member in silent:
        stage.discord.faults.hang("GET", f"^/channels/{member.dm.id}/messages")
    await last.write("制作会社B様 今日 10:00")
    async with stage.start():
        assert "制作会社B" in text_of(await last.next_bot_message())


async def test_a_wrong_token_is_a_sentence(stage: Stage) -> None:
    environ = {
        "DISCORD_TOKEN": "wrong",
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.database_url,
    }
    with pytest.raises(DiscordError) as told:
        async with run_bot(read_settings(environ), stage.clock):
            pass
    assert told.value.message_id == "discord-token-refused"


@pytest.mark.sqlite_only
async def test_a_database_that_is_none_is_a_sentence(stage: Stage) -> None:
    stage.database.write_text("no database at all, but long enough to look at " * 50)
    with pytest.raises(StorageError) as told:
        async with stage.open_bot():
            pass
    assert told.value.message_id == "storage-damaged"


@pytest.mark.slow
def test_an_unreachable_discord_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    monkeypatch.setenv("DISCORD_TOKEN", "x")
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/a.db")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    assert main(["run"]) == EXIT_TEMPORARY
    assert "127.0.0.1:1" in capsys.readouterr().err


async def test_neither_token_nor_text_is_kept_or_logged(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    async with stage.open_bot():
        await stage.mika.forward("ひみつの本文", posted_at=stage.at(9, 0))
        await stage.mika.next_bot_message()
    logged = "".join(capsys.readouterr())
    kept = await stage.raw()
    assert "ひみつ" not in logged
    assert "ひみつ".encode() not in kept
    assert stage.discord.token not in logged


@pytest.mark.slow
async def test_one_members_many_messages_hold_up_nobody(up: Stage) -> None:
    ken = up.discord.add_user("ken")
    for number in range(150):
        await up.mika.forward("本文", posted_at=up.at(9, number % 60))
    await ken.write("制作会社K様 今日 9:00")
    assert "制作会社K" in text_of(await ken.next_bot_message())
    assert len(up.mika.bot_messages()) < 100  # most of hers are still to come
    await up.discord.state.wait_until(lambda: len(up.mika.bot_messages()) == 150, timeout_seconds=120)
    up.news()


async def test_a_first_message_that_came_before_its_session_was_read_is_noted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing reads the channel of who was not known yet, so the message itself is where reading goes on."""
    stage.newcomer = True
    came, listed = asyncio.Event(), asyncio.Event()
    on_ready, meet, list_known = (
        NinteiClient.on_shard_ready,
        MemberService.get_or_register,
        MemberService.list_with_dm_channel,
    )

    async def ready_late(self: NinteiClient, shard_id: int) -> None:
        await came.wait()
        await on_ready(self, shard_id)

    async def meets_late(self: MemberService, member_id: MemberId, **options: Any) -> MemberContact:
        came.set()
        await listed.wait()
        return await meet(self, member_id, **options)

    async def says_that_it_listed(self: MemberService) -> list[Member]:
        known = await list_known(self)
        listed.set()
        return known

    monkeypatch.setattr(NinteiClient, "on_shard_ready", ready_late)
    monkeypatch.setattr(MemberService, "get_or_register", meets_late)
    monkeypatch.setattr(MemberService, "list_with_dm_channel", says_that_it_listed)
    async with stage.start() as bot:
        await stage.discord.wait_for_bot()
        written = await stage.mika.write("制作会社A様 今日 9:00")
        await bot.client.backlog_processed.wait()
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())
    assert await stage.rows("SELECT handled_id FROM members") == [(written.id,)]


async def test_a_resumed_session_notes_nothing_before_its_channels_were_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    before = await stage.rows("SELECT handled_id FROM members")
    await stage.mika.write("制作会社B様 今日 10:00")
    read, process = asyncio.Event(), BacklogReader._process_channel

    async def reads_late(self: BacklogReader, *arguments: Any) -> None:
        await read.wait()
        await process(self, *arguments)

    monkeypatch.setattr(BacklogReader, "_process_channel", reads_late)
    async with stage.start() as bot:
        await stage.discord.wait_for_bot()
        await stage.discord.gateway.close_all()
        last = await stage.mika.write("制作会社C様 今日 11:00")
        assert "制作会社C" in text_of(await stage.mika.next_bot_message())
        await stage.mika.command("status")
        assert await stage.rows("SELECT handled_id FROM members") == before
        read.set()
        await bot.client.backlog_processed.wait()
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
        await bot.client.finish_handlers()
    [[handled]] = await stage.rows("SELECT handled_id FROM members")
    assert handled >= last.id


@pytest.mark.parametrize("timeouts", [Timeouts(identify_interval=0.01)])
async def test_what_the_database_refused_is_read_again_though_the_session_was_resumed(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    await up.mika.command("status")
    with monkeypatch.context() as busy:
        busy.setattr(MemberService, "get_or_register", refuses)
        await up.mika.write("制作会社A様 今日 9:00")
        assert shows(text_of(await up.mika.next_bot_message()), "storage-busy")
    await up.discord.gateway.close_all()
    await up.mika.write("制作会社B様 今日 10:00")
    assert "制作会社B" in text_of(await up.mika.next_bot_message())
    up.discord.faults.refuse_resume = True
    await up.discord.gateway.close_all()
    assert "制作会社A" in text_of(await up.mika.next_bot_message())


async def test_what_the_database_refused_of_the_missed_is_read_again_though_the_connection_was_lost_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later messages of the session, which were handled before, are no checkpoint then."""
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    before = await stage.rows("SELECT handled_id FROM members")
    missed = await stage.mika.write("制作会社B様 今日 10:00")
    read, resumed, process = asyncio.Event(), asyncio.Event(), BacklogReader._process_channel
    meet, on_resumed = MemberService.get_or_register, NinteiClient.on_shard_resumed

    async def reads_late(self: BacklogReader, *arguments: Any) -> None:
        await read.wait()
        await process(self, *arguments)

    async def refuses_one(self: MemberService, member_id: MemberId, **options: Any) -> MemberContact:
        if options.get("message_id") == missed.id:
            raise StorageError("storage-busy")
        return await meet(self, member_id, **options)

    async def resumes_late(self: NinteiClient, shard_id: int) -> None:
        await resumed.wait()
        await on_resumed(self, shard_id)

    with monkeypatch.context() as busy:
        busy.setattr(BacklogReader, "_process_channel", reads_late)
        busy.setattr(MemberService, "get_or_register", refuses_one)
        busy.setattr(NinteiClient, "on_shard_resumed", resumes_late)
        async with stage.start() as bot:
            await stage.discord.wait_for_bot()
            await stage.mika.write("制作会社C様 今日 11:00")
            assert "制作会社C" in text_of(await stage.mika.next_bot_message())
            await stage.discord.gateway.close_all()
            async with asyncio.timeout(10):
                while bot.client.connected:  # noqa: ASYNC110 — nothing tells of it
                    await asyncio.sleep(0.01)
            read.set()
            await bot.client.backlog_processed.wait()
            assert shows(text_of(await stage.mika.next_bot_message()), "storage-busy")
            resumed.set()
            await bot.client.finish_handlers()
    assert await stage.rows("SELECT handled_id FROM members") == before
    async with stage.open_bot():
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
