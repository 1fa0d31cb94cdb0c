"""Reading direct messages: what cannot be parsed, files that do not come, and from where reading goes on."""

import asyncio

import pytest

from bot.discord_app.timeouts import Timeouts
from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import due_at_one, eml, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

SUBJECT = "制作会社Mさんからのメッセージ受信通知"


async def position(stage: Stage) -> int:
    [[handled]] = await stage.rows("SELECT coalesce(max(handled_id), 0) FROM members")
    return int(handled)


@pytest.mark.parametrize(
    "body", others_slow([{"attachments": None}, {"attachments": 7}, {"message_snapshots": 7}, {"author": None}])
)
async def test_a_message_that_cannot_be_parsed_is_read_again(stage: Stage, body: dict[str, object]) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
        lost = await stage.mika.write("制作会社B様 今日 10:00", **body)
        assert shows(text_of(await stage.mika.next_bot_message()), "message-unparsable")
        await stage.mika.write("制作会社C様 今日 11:00")
        assert "制作会社C" in text_of(await stage.mika.next_bot_message())
        assert await position(stage) < lost.id
    for key in body:
        del lost.body[key]
    stage.news()
    async with stage.open_bot():
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
        assert shows((await stage.mika.command("pending")).text, "pending-title", count=3)


async def test_one_that_can_never_be_parsed_keeps_nothing_else_back(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    lost = await stage.mika.write("制作会社B様 今日 10:00", attachments=None)
    await stage.mika.write("制作会社C様 今日 11:00")
    async with stage.open_bot():
        assert shows(text_of(await stage.mika.next_bot_message()), "missed-unread")
        assert "制作会社C" in text_of(await stage.mika.next_bot_message())
        assert shows((await stage.mika.command("pending")).text, "pending-title", count=2)
        assert await position(stage) > lost.id
    async with stage.open_bot():
        assert stage.news() == []


async def mail_that_hangs(stage: Stage) -> Message:
    stage.discord.faults.hang_files = True
    return await stage.mika.write(files=[("m.eml", eml(SUBJECT))])


@pytest.mark.both_engines
@pytest.mark.parametrize("timeouts", [Timeouts(shutdown_grace=0.1)])
async def test_lines_do_not_wait_for_a_file(up: Stage) -> None:
    mail = await mail_that_hangs(up)
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert await position(up) < mail.id


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_a_file_that_does_not_come_is_said(up: Stage) -> None:
    mail = await mail_that_hangs(up)
    assert shows(text_of(await up.mika.next_bot_message()), "parsing-file-unavailable")
    async with asyncio.timeout(5):
        while await position(up) < mail.id:  # noqa: ASYNC110 — saved after the answer
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_a_forwarded_mail_that_does_not_come_is_said(up: Stage) -> None:
    """When it was posted is not when the client wrote."""
    up.discord.faults.hang_files = True
    await up.mika.forward(posted_at=up.at(9), files=[("m.eml", eml(SUBJECT))])
    assert shows(text_of(await up.mika.next_bot_message()), "parsing-file-unavailable")
    assert await up.rows("SELECT 1 FROM messages") == []


async def test_each_of_several_messages_forwarded_as_one_is_recorded(up: Stage) -> None:
    snapshots = [
        {"message": {"content": "お返事をお待ちしています", "timestamp": up.at(hour).isoformat()}} for hour in (9, 10)
    ]
    for _ in range(2):
        await up.mika.write(
            message_reference={"type": 1, "message_id": "7", "channel_id": "8"}, message_snapshots=snapshots
        )
        await up.mika.next_bot_message()
    instants = [row[0] for row in await up.rows("SELECT sent_at FROM messages ORDER BY sent_at")]
    assert instants == [instant_to_micros(up.at(hour)) for hour in (9, 10)]


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_an_import_whose_file_does_not_come_frees_its_place(up: Stage) -> None:
    up.discord.faults.hang_files = True
    history = "thread,direction,sent_at\n制作会社A,received,2026-03-02 10:00\n".encode()
    async with asyncio.timeout(5):
        answer = await up.mika.command("import", file=("h.csv", history))
    assert shows(answer.text, "import-unfetched")


@pytest.mark.parametrize("timeouts", [Timeouts(shutdown_grace=0.1)])
async def test_lines_written_while_away_do_not_wait_for_a_file(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    mail = await mail_that_hangs(stage)
    await stage.mika.write("制作会社B様 今日 10:00")
    async with stage.start():
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
        assert await position(stage) < mail.id


@pytest.mark.slow
@pytest.mark.parametrize("timeouts", [Timeouts(request=3.5)])
async def test_a_menu_on_a_message_whose_file_does_not_come(up: Stage) -> None:
    """It is deferred after a second and a half, and ends with the time-out."""
    up.discord.faults.real_time_answers = True
    channel = up.discord.add_guild()
    up.discord.faults.hang_files = True
    posted = await up.mika.write("見積もりです", channel=channel, files=[("m.eml", eml(SUBJECT))])
    answer = await up.mika.menu("Record as received", posted)
    assert answer.text
    assert [each for each in up.discord.requests if each.status >= 400] == []


async def test_who_uses_commands_alone_is_not_read_from_the_beginning_each_time(stage: Stage) -> None:
    async with stage.open_bot():
        for _ in range(3):
            await stage.mika.command("help")
    for number in range(250):
        stage.discord.state.add_message(stage.mika.dm, stage.discord.state.bot, {"content": f"{number}"})
    counts = []
    for _ in range(2):
        before = len(stage.discord.requests)
        async with stage.open_bot() as bot:
            await bot.client.dm_handler.receipts.flush()
            history = [
                each for each in stage.discord.requests[before:] if each.method == "GET" and "/messages" in each.path
            ]
            counts.append(len(history))
    assert counts == [3, 1]
    stage.news()
    await stage.mika.write("制作会社A様 今日 9:00")
    async with stage.open_bot():
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_two_commands_at_once_announce_what_was_missed_once(up: Stage) -> None:
    await due_at_one(up)
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(13))
    assert await outcomes(up) == ["undeliverable"]
    answers = await asyncio.gather(*(up.mika.command(name) for name in ("status", "pending", "help")))
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    told = [
        each
        for answer in answers
        for each in answer.interaction.followups
        if shows(text_of(each), "missed-undeliverable")
    ]
    assert len(told) == 1
    assert (await up.mika.command("help")).interaction.followups == []


@pytest.mark.parametrize("line", ["乙社さんに返信しました", "乙社様 昨日 14:30", "返信待ち"])
async def test_a_line_above_a_pasted_mail_is_said_to_be_unread(up: Stage, line: str) -> None:
    pasted = "差出人: ランサーズ <noreply@lancers.co.jp>\n日時: 2026年11月24日 9:12\n件名: [ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
    subject = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
    for text, files in (
        (f"{line}\n\n{pasted}", []),
        (f"{line}\n{subject}", []),
        (line, [("m.eml", eml(subject, date="Tue, 24 Nov 2026 10:00:00 +0900"))]),
    ):
        await up.mika.write(text, files=files)
        told = [await up.mika.next_bot_message() for _ in range(2)]
        assert shows(text_of(told[1]), "parsing-line-above", written=line)


@pytest.mark.parametrize(
    "line",
    [
        "以下、転送します。",
        "---------- Forwarded message ---------",
        "ランサーズ",
        "11月24日",
        "2026年11月22日(日) 18:14 田中 <noreply@lancers.co.jp>:",
        "On Sun, Nov 22, 2026 at 6:14 PM Tanaka <noreply@lancers.co.jp> wrote:",
    ],
)
async def test_what_says_nothing_above_a_pasted_mail_is_left_out(up: Stage, line: str) -> None:
    await up.mika.write(f"{line}\n[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています")
    await up.mika.next_bot_message()
    await up.handlers_done()
    assert not any(shows(text_of(each), "parsing-line-above") for each in up.news())
