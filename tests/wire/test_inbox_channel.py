"""The inbox channel, over the wire: a mail bridge's posts are taken in by themselves, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.app import RunningBot
from bot.discord_app.inbound.inbox_handler import InboxChannelHandler
from bot.discord_app.timeouts import Timeouts
from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.gateway import GUILDS
from bot.fake_discord.payloads import command_payload
from bot.fake_discord.state import EVERYONE_PERMISSIONS, Channel
from bot.fake_discord.users import buttons_of, text_of
from bot.services.inboxes import InboxService
from bot.services.recording import RecordingService
from tests.helpers.amounts import others_slow
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

MANAGE_SERVER, MANAGE_WEBHOOKS, ADMINISTRATOR = 1 << 5, 1 << 29, 1 << 3

SUBJECT = "制作会社Aさんからのメッセージ受信通知"


class Bridge:
    """A webhook and whoever knows its address."""

    def __init__(self, stage: Stage, channel: Channel) -> None:
        self._stage = stage
        self.channel = channel
        self._url = stage.discord.add_webhook(channel)

    async def post(self, subject: str = SUBJECT, at: datetime | None = None, **changes: Any) -> int:
        """Post what a bridge posts of a mail; the status."""
        at = at or self._stage.at(9, 12)
        fields = {"件名": subject, "差出人": "ランサーズ事務局 <noreply@lancers.co.jp>", "日時": at.isoformat()}
        body = {
            "content": f"<@{self.bot}>",
            "embeds": [{"fields": [{"name": name, "value": value} for name, value in fields.items()]}],
            "allowed_mentions": {"users": [str(self.bot)]},
            **changes,
        }
        async with aiohttp.ClientSession() as session, session.post(self._url, json=body) as answer:
            return answer.status

    @property
    def bot(self) -> int:
        return self._stage.discord.state.bot.id

    async def settle(self) -> None:
        """Return once the bot has looked at everything that was posted: events come in order."""
        ren = self._stage.discord.add_user("ren")
        await ren.command("settings")
        assert self._stage.bot is not None
        await self._stage.bot.client.finish_handlers()


@pytest.fixture
async def bridge(stage: Stage) -> AsyncIterator[Bridge]:
    """Mika's own server has an inbox."""
    there = Bridge(stage, stage.discord.add_guild())
    async with stage.open_bot():
        stage.mika.user.locale = "ja"
        stage.mika.permissions = EVERYONE_PERMISSIONS | MANAGE_WEBHOOKS
        answer = await stage.mika.command("inbox set", channel=there.channel)
        assert shows(answer.text, "inbox-set")
        assert answer.ephemeral
        assert shows(text_of(await stage.mika.next_bot_message()), "greeting")
        yield there


async def records(stage: Stage) -> int:
    return int((await stage.rows("SELECT count(*) FROM messages"))[0][0])


async def test_a_bridges_post_is_recorded_and_told_in_the_direct_message_alone(stage: Stage, bridge: Bridge) -> None:
    """The time is the mail's own; nothing is written in the channel."""
    stage.clock.advance_to(stage.at(12, 30))
    assert await bridge.post(at=stage.at(9, 12).replace(second=34)) == 204
    receipt = await stage.mika.next_bot_message()
    words = text_of(receipt)
    assert "制作会社A" in words
    assert f"<t:{int(stage.at(9, 12).timestamp()) + 34}:f>" in words
    assert shows(words, "source-quoted")
    assert receipt.channel is stage.mika.dm
    assert [
        each
        for each in bridge.channel.messages.values()
        if each.author is stage.discord.state.bot and not each.is_interaction_response
    ] == []
    assert shows((await stage.mika.click(receipt, says("action-undo"))).text, "receipt-undone")
    assert stage.discord.state.bot.id
    [session] = stage.discord.gateway.sessions.values()
    assert session.intents == 1 | 1 << 9 | 1 << 12


async def test_several_posts_are_one_card(stage: Stage) -> None:
    stage.environ["RECEIPT_WAIT"] = "5"
    bridge = Bridge(stage, stage.discord.add_guild())
    stage.mika.permissions |= MANAGE_SERVER
    async with stage.open_bot() as bot:
        await stage.mika.command("inbox set", channel=bridge.channel)
        await stage.mika.next_bot_message()
        for name in "甲乙丙":
            await bridge.post(f"{name}さんからのメッセージ受信通知")
        await stage.mika.write("丁社様 今日 9:00")
        async with asyncio.timeout(10):
            while await records(stage) < 4:  # noqa: ASYNC110 — another's doing
                await asyncio.sleep(0.01)
        await bot.client.finish_handlers()
        assert shows(text_of(stage.news()[0]), "batch-title", count=4)
        [[handled]] = await stage.rows("SELECT handled_id FROM members WHERE handled_id IS NOT NULL")
        assert handled in stage.mika.dm.messages


@pytest.mark.both_engines
async def test_the_posts_do_not_move_how_far_the_direct_messages_were_read(stage: Stage, bridge: Bridge) -> None:
    await stage.mika.write("丁社様 今日 9:00")
    await stage.mika.next_bot_message()
    await bridge.post()
    await stage.mika.next_bot_message()
    [[handled]] = await stage.rows("SELECT handled_id FROM members WHERE handled_id IS NOT NULL")
    assert handled in stage.mika.dm.messages


async def test_the_same_mail_twice_is_one_record_and_one_receipt(stage: Stage, bridge: Bridge) -> None:
    await bridge.post()
    await stage.mika.next_bot_message()
    await bridge.post()
    stage.discord.faults.duplicate_events = True
    await bridge.post(at=stage.at(9, 40))
    await bridge.settle()
    stage.discord.faults.duplicate_events = False
    assert len(stage.news()) == 1
    assert await records(stage) == 2
    await stage.mika.forward(SUBJECT, posted_at=stage.at(9, 12))
    assert shows(text_of(await stage.mika.next_bot_message()), "receipt-repeated")


@pytest.mark.parametrize("permissions", [MANAGE_SERVER, MANAGE_WEBHOOKS, ADMINISTRATOR])
async def test_whoever_manages_the_server_or_its_webhooks_may_set_it(up: Stage, permissions: int) -> None:
    channel = up.discord.add_guild()
    up.mika.permissions = permissions
    assert shows((await up.mika.command("inbox set", channel=channel)).text, "inbox-set")


async def test_nobody_else_may_set_it(up: Stage) -> None:
    channel = up.discord.add_guild()
    bridge = Bridge(up, channel)
    answer = await up.mika.command("inbox set", channel=channel)
    assert shows(answer.text, "inbox-permission")
    assert answer.ephemeral
    await bridge.post()
    await bridge.settle()
    assert await records(up) == 0


async def test_another_channel_needs_the_permission_there(up: Stage) -> None:
    """What Discord resolved of the chosen channel counts, not what holds where the command was used."""
    channel = up.discord.add_guild()
    up.mika.permissions |= MANAGE_WEBHOOKS
    answer = await up.mika._interact(2, _set_call(up, channel, permissions=EVERYONE_PERMISSIONS), channel)
    assert shows(answer.text, "inbox-permission")
    assert shows(
        (await up.mika._interact(2, _set_call(up, channel, EVERYONE_PERMISSIONS | MANAGE_WEBHOOKS), channel)).text,
        "inbox-set",
    )


def _set_call(stage: Stage, channel: Channel, permissions: int) -> dict[str, Any]:
    return command_payload(stage.discord.state, "inbox set", channel, {"channel": channel}, permissions)


async def test_in_a_direct_message_or_a_server_without_the_bot_it_is_refused(up: Stage) -> None:
    up.mika.permissions |= MANAGE_SERVER
    assert shows((await up.mika.command("inbox set")).text, "inbox-own-server")
    channel = up.discord.add_guild()
    del up.discord.state.guilds[channel.guild_id or 0]
    assert shows((await up.mika.command("inbox set", channel=channel)).text, "inbox-own-server")


async def test_a_channel_belongs_to_one_member_until_it_is_given_up(stage: Stage, bridge: Bridge) -> None:
    ren = stage.discord.add_user("ren")
    ren.permissions |= MANAGE_SERVER
    await ren.write("丙社様 今日 9:00")
    await ren.next_bot_message()
    await ren.next_bot_message()  # the welcome
    assert shows((await ren.command("inbox set", channel=bridge.channel)).text, "inbox-taken")
    await bridge.post()
    assert "制作会社A" in text_of(await stage.mika.next_bot_message())
    stranger = stage.discord.add_user("stranger")
    assert shows((await stranger.command("inbox off", channel=bridge.channel)).text, "inbox-none")
    assert shows((await ren.command("inbox off", channel=bridge.channel)).text, "inbox-off")
    assert shows(
        text_of(await stage.mika.next_bot_message()), "inbox-ended", reason="off", channel=f"<#{bridge.channel.id}>"
    )
    assert shows((await ren.command("inbox set", channel=bridge.channel)).text, "inbox-set")
    await bridge.post()
    assert "制作会社A" in text_of(await ren.next_bot_message())
    assert stage.news() == []
    rows = await stage.rows("SELECT member_id, count(*) FROM messages GROUP BY member_id ORDER BY member_id")
    assert [tuple(row) for row in rows] == [(stage.mika.user.id, 1), (ren.user.id, 2)]


async def test_set_again_moves_it_and_off_ends_it(stage: Stage, bridge: Bridge) -> None:
    other = Bridge(stage, stage.discord.add_guild("別"))
    assert f"<#{bridge.channel.id}>" in (await stage.mika.command("inbox show")).text
    await stage.mika.command("inbox set", channel=other.channel)
    assert f"<#{other.channel.id}>" in (await stage.mika.command("inbox show")).text
    await bridge.post()
    await other.post("乙社さんからのメッセージ受信通知")
    assert "乙社" in text_of(await stage.mika.next_bot_message())
    assert shows((await stage.mika.command("inbox off")).text, "inbox-off")
    assert shows((await stage.mika.command("inbox show")).text, "inbox-none")
    assert shows((await stage.mika.command("inbox off")).text, "inbox-none")
    await other.post()
    await bridge.settle()
    assert stage.news() == []
    assert await records(stage) == 1


async def test_people_and_other_bots_are_not_listened_to(stage: Stage, bridge: Bridge) -> None:
    """Another bot's answer to a command has a webhook too, and anybody can ask for one."""
    text = f"<@{bridge.bot}>\n{SUBJECT}"
    await stage.mika.write(text, channel=bridge.channel)
    await stage.mika.write(SUBJECT, channel=bridge.channel)
    other = str(stage.discord.state.next_id())
    for forged in (
        {"webhook_id": other},
        {"webhook_id": str(stage.mika.user.id), "application_id": str(stage.mika.user.id)},
        {"webhook_id": str(stage.mika.user.id), "type": 20},
    ):
        await stage.mika.write(text, channel=bridge.channel, **forged)
    await bridge.settle()
    assert stage.news() == []
    assert await records(stage) == 0


async def test_hostile_and_foreign_posts_record_nothing(stage: Stage, bridge: Bridge) -> None:
    elsewhere = Bridge(stage, stage.discord.add_guild("よそ"))
    await elsewhere.post()
    await bridge.post(content="@everyone", allowed_mentions={"parse": ["everyone"]})
    await bridge.post(allowed_mentions={"parse": []})  # not mentioned: Discord shows nothing of it
    for content in ("", "こんにちは", "制作会社A様 昨日 14:30", "x" * 1900, "**`||" * 300):
        await bridge.post(content=f"<@{bridge.bot}> {content}", embeds=[])
    foreign = [{"name": "件名", "value": SUBJECT}, {"name": "差出人", "value": "a@lancers.jp.evil.example"}]
    await bridge.post(embeds=[{"fields": foreign}])
    await bridge.settle()
    assert stage.news() == []
    assert await records(stage) == 0


async def test_posts_in_other_forms_are_read(stage: Stage, bridge: Bridge) -> None:
    """A subject alone, as an embed's title, among several mentions, with a hostile name."""
    stage.clock.advance_to(stage.at(14, 0))
    await bridge.post(content=f"<@{bridge.bot}> <@{stage.mika.user.id}> @everyone\n{SUBJECT}", embeds=[])
    assert shows(text_of(await stage.mika.next_bot_message()), "source-posted")
    await bridge.post(
        content=f"<@!{bridge.bot}>", embeds=[{"title": "[ランサーズ] 乙社 さんから ロゴ のコメントが届いています"}]
    )
    assert "乙社" in text_of(await stage.mika.next_bot_message())
    await bridge.post("@everyone **<@1>**[x](http://a.b)さんからのメッセージ受信通知")
    words = text_of(await stage.mika.next_bot_message())
    assert "<@1>" not in words
    assert "@everyone" not in words
    await bridge.post(content=f"<@{bridge.bot}> <@{stage.mika.user.id}> 丙さんからのメッセージ受信通知", embeds=[])
    assert "**丙**" in text_of(await stage.mika.next_bot_message())
    await bridge.post("[ランサーズ] 仕事の招待状が届きました")
    assert says("action-start") in buttons_of(await stage.mika.next_bot_message())
    await bridge.post("[ランサーズ] ログイン認証コードのお知らせ 918273")
    assert "918273" not in text_of(await stage.mika.next_bot_message())
    assert b"918273" not in await stage.raw()


async def test_a_date_ahead_of_ours_is_asked_although_the_time_of_posting_is_known(
    stage: Stage, bridge: Bridge
) -> None:
    await bridge.post(at=stage.at(9, 0, days=3))
    assert shows(text_of(await stage.mika.next_bot_message()), "question-time")
    assert await records(stage) == 0


async def test_an_unknown_mail_of_lancers_is_asked(stage: Stage, bridge: Bridge) -> None:
    await bridge.post("[ランサーズ] 11月のお知らせ")
    assert shows(text_of(await stage.mika.next_bot_message()), "question-unknown-mail")
    assert await records(stage) == 0


async def test_a_post_with_two_notifications_is_two(stage: Stage, bridge: Bridge) -> None:
    sender = {"name": "差出人", "value": "noreply@lancers.co.jp"}
    embeds = [
        {
            "fields": [
                {"name": "件名", "value": f"{name}さんからのメッセージ受信通知"},
                sender,
                {"name": "日時", "value": at},
            ]
        }
        for name, at in (("甲社", stage.at(9, 0).isoformat()), ("乙社", stage.at(9, 5).isoformat()))
    ]
    await bridge.post(embeds=embeds)
    words = [text_of(await stage.mika.next_bot_message()) for _ in range(2)]
    assert "甲社" in words[0]
    assert "乙社" in words[1]


async def test_what_cannot_be_recorded_is_said(stage: Stage, bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    with monkeypatch.context() as busy:
        busy.setattr(RecordingService, "record", refuses)
        await bridge.post()
        assert shows(text_of(await stage.mika.next_bot_message()), "inbox-not-recorded")
    await bridge.post()
    assert "制作会社A" in text_of(await stage.mika.next_bot_message())


@pytest.mark.parametrize("timeouts", [Timeouts(identify_interval=0.01)])
@pytest.mark.parametrize(
    ("service", "method"),
    others_slow(
        [(RecordingService, "record"), (InboxService, "set_last_mail"), (InboxService, "find_owner_of_channel")]
    ),
)
async def test_what_the_database_refused_is_read_with_the_next_session_but_one(
    stage: Stage, bridge: Bridge, monkeypatch: pytest.MonkeyPatch, service: type, method: str
) -> None:
    """It was refused again as the first of them read it, and a later post did not pass it over."""

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    bot = stage.bot
    assert bot is not None
    for name in "乙丙":
        with monkeypatch.context() as busy:
            busy.setattr(service, method, refuses)
            if name == "乙":
                await bridge.post()
            else:
                await start_new_session(stage, bot)
            await settle_live(stage, bot)
        await bridge.post(f"{name}社さんからのメッセージ受信通知")
        await settle_live(stage, bot)
    stage.news()
    assert await records(stage) == 2
    await start_new_session(stage, bot)
    assert ["制作会社A" in text_of(each) for each in stage.news()] == [True]
    assert await records(stage) == 3


async def settle_live(stage: Stage, bot: RunningBot) -> None:
    """Return once the bot has looked at everything that was posted; it goes on reading channels."""
    await stage.mika.command("settings")
    while running := bot.client._in_flight:
        await asyncio.wait(running)


async def start_new_session(stage: Stage, bot: RunningBot) -> None:
    """Return once what was missed has been read."""
    bot.client.backlog_processed.clear()
    await stage.discord.gateway.invalidate()
    await bot.client.backlog_processed.wait()


async def test_closed_direct_messages_lose_the_receipt_and_not_the_record(stage: Stage, bridge: Bridge) -> None:
    stage.discord.faults.dm_blocked[stage.mika.user.id] = CANNOT_SEND_TO_USER
    await bridge.post()
    await bridge.settle()
    assert await records(stage) == 1
    assert "制作会社A" in (await stage.mika.command("pending", channel=bridge.channel)).text


@pytest.mark.parametrize("timeouts", [Timeouts(shutdown_grace=0.1)])
async def test_an_inbox_that_does_not_answer_delays_no_other(stage: Stage) -> None:
    ren = stage.discord.add_user("ren")
    silent, other = Bridge(stage, stage.discord.add_guild()), Bridge(stage, stage.discord.add_guild())
    async with stage.open_bot():
        for person, bridge in ((stage.mika, silent), (ren, other)):
            person.permissions |= MANAGE_SERVER
            await person.write("こんにちは")
            await person.next_bot_message()
            assert shows((await person.command("inbox set", channel=bridge.channel)).text, "inbox-set")
    stage.discord.faults.hang("GET", f"^/channels/{silent.channel.id}/messages")
    await other.post("乙社さんからのメッセージ受信通知")
    async with stage.start():
        assert "乙社" in text_of(await ren.next_bot_message())


@pytest.mark.parametrize("allowed", [True, False])
async def test_what_was_posted_while_away_is_read_where_the_bot_may_read(stage: Stage, allowed: bool) -> None:  # noqa: FBT001
    """Discord gives a bot without the right to read the history no messages."""
    bridge = Bridge(stage, stage.discord.add_guild())
    stage.mika.permissions |= MANAGE_SERVER
    if not allowed:
        stage.discord.faults.history_denied.add(bridge.channel.id)
    async with stage.open_bot():
        answer = await stage.mika.command("inbox set", channel=bridge.channel)
        assert (shows(answer.text, "inbox-missed-are-read")) == allowed
        assert (shows(answer.text, "inbox-missed-not-allowed")) != allowed
        await stage.mika.next_bot_message()
        await bridge.post("甲社さんからのメッセージ受信通知")
        assert "甲社" in text_of(await stage.mika.next_bot_message())
    await stage.mika.write("雑談です", channel=bridge.channel)
    await bridge.post("乙社さんからのメッセージ受信通知")
    async with stage.open_bot():
        await bridge.settle()
        assert [("乙社" in text_of(each)) for each in stage.news()] == [True] * allowed
        await bridge.post("丙社さんからのメッセージ受信通知")
        assert "丙社" in text_of(await stage.mika.next_bot_message())
    async with stage.open_bot():
        await bridge.settle()
        assert stage.news() == []
        assert await records(stage) == 2 + allowed


async def test_an_outage_keeps_it_and_leaving_the_server_ends_it(stage: Stage, bridge: Bridge) -> None:
    guild = bridge.channel.guild_id or 0
    await stage.discord.gateway.remove_guild(guild, outage=True)
    await bridge.settle()
    assert len(await stage.rows("SELECT 1 FROM inboxes")) == 1
    await bridge.post()
    assert "制作会社A" in text_of(await stage.mika.next_bot_message())
    await stage.discord.gateway.remove_guild(guild)
    await bridge.settle()
    assert await stage.rows("SELECT 1 FROM inboxes") == []


@pytest.mark.both_engines
async def test_a_deleted_channel_is_no_inbox(stage: Stage, bridge: Bridge) -> None:
    del stage.discord.state.channels[bridge.channel.id]
    await stage.discord.gateway.dispatch("CHANNEL_DELETE", bridge.channel.payload(), intent=GUILDS)
    await bridge.settle()
    assert await stage.rows("SELECT 1 FROM inboxes") == []


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("reason", ["off", "channel", "server", "thread"])
async def test_whose_inbox_others_end_is_told(stage: Stage, bridge: Bridge, reason: str) -> None:
    """Else they would wait for notifications that nobody reads. Nothing is written in the channel."""
    gateway, channel = stage.discord.gateway, bridge.channel
    if reason == "off":
        ren = stage.discord.add_user("ren")
        ren.permissions |= MANAGE_WEBHOOKS
        assert shows((await ren.command("inbox off", channel=channel)).text, "inbox-off")
    elif reason == "channel":
        await gateway.dispatch("CHANNEL_DELETE", channel.payload(), intent=GUILDS)
    elif reason == "thread":
        channel = Channel(id=stage.discord.state.next_id(), type=11, guild_id=channel.guild_id)
        await stage.mika.command("inbox set", channel=channel)
        thread = {"id": str(channel.id), "guild_id": str(channel.guild_id), "parent_id": str(channel.id), "type": 11}
        await gateway.dispatch("THREAD_DELETE", thread, intent=GUILDS)
        reason = "channel"
    else:
        await gateway.remove_guild(channel.guild_id or 0)
    told = text_of(await stage.mika.next_bot_message())
    assert shows(told, "inbox-ended", reason=reason, channel=f"<#{channel.id}>")
    assert [message for message in channel.messages.values() if message.visible_only_to is None] == []
    assert shows((await stage.mika.command("inbox show")).text, "inbox-none")


async def test_who_left_the_server_gives_it_up_in_the_direct_message(stage: Stage, bridge: Bridge) -> None:
    """Discord tells the bot of no member's leaving; what is posted is told to them until they end it."""
    stage.mika.permissions = 0
    assert shows((await stage.mika.command("inbox show")).text, "inbox-shown")
    assert shows((await stage.mika.command("inbox off")).text, "inbox-off")
    await bridge.post()
    await bridge.settle()
    assert await records(stage) == 0


async def test_export_names_it_and_erasing_ends_it(stage: Stage, bridge: Bridge) -> None:
    export = await stage.mika.command("export")
    assert str(bridge.channel.id) in export.files["nintei.json"].decode()
    await stage.mika.click((await stage.mika.command("erase")).message, says("action-confirm"))
    assert await stage.rows("SELECT 1 FROM inboxes") == []
    await bridge.post()
    await bridge.settle()
    assert await records(stage) == 0


async def test_messages_that_do_not_concern_the_bot_are_never_made(
    stage: Stage, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []

    async def hear(_: InboxChannelHandler, post: object) -> None:
        heard.append(post)

    monkeypatch.setattr(InboxChannelHandler, "on_post", hear)
    connection = stage.bot.client  # type: ignore[union-attr]
    made = []
    monkeypatch.setattr("discord.state.Message", lambda **data: made.append(data))
    await stage.mika.write("雑談", channel=bridge.channel)
    await stage.mika.write(f"<@{bridge.bot}> こんにちは", channel=bridge.channel)
    await bridge.post(content="x", embeds=[])
    await bridge.settle()
    assert (heard, made) == ([], [])
    assert not {"MESSAGE_DELETE", "TYPING_START"} & connection._connection.parsers.keys()


@pytest.mark.parametrize("timeouts", [Timeouts(identify_interval=0.1)])
async def test_a_servers_posts_come_by_its_own_shard(stage: Stage) -> None:
    """Direct messages come by shard 0, wherever the inbox is."""
    stage.environ["SHARD_COUNT"] = "2"
    while ((channel := stage.discord.add_guild()).guild_id or 0) >> 22 & 1 == 0:
        stage.clock.advance_to(stage.clock.now() + timedelta(milliseconds=1))
    bridge = Bridge(stage, channel)
    stage.mika.permissions |= MANAGE_SERVER
    async with stage.open_bot():
        async with asyncio.timeout(20):
            while {each.shard[0] for each in stage.discord.gateway.sessions.values()} != {0, 1}:  # noqa: ASYNC110 — another's doing
                await asyncio.sleep(0.02)
        await stage.mika.command("inbox set", channel=channel)
        await stage.mika.next_bot_message()
        await bridge.post()
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_the_guide_on_mail_says_when_the_last_one_came(stage: Stage, bridge: Bridge) -> None:
    """A post that is no notification is none, and neither is what was forwarded."""
    channel = f"<#{bridge.channel.id}>"
    card = (await stage.mika.command("start")).message
    guide = await stage.mika.click(card, says("start-method-mail"))
    assert shows(guide.text, "start-seen-mail-none", channel=channel)
    await stage.mika.forward(SUBJECT, posted_at=stage.at(9, 12))
    await stage.mika.next_bot_message()
    await bridge.post(embeds=[{"title": "本日のお買い得情報"}])
    await bridge.settle()
    assert shows((await stage.mika.click(guide.message, says("start-check"))).text, "start-seen-mail-none")
    seen_at = stage.clock.now()
    await bridge.post("制作会社Bさんからのメッセージ受信通知")
    await stage.mika.next_bot_message()
    stage.clock.advance_to(seen_at + timedelta(minutes=2))
    answer = await stage.mika.click(guide.message, says("start-check"))
    assert shows(answer.text, "start-seen-mail", channel=channel, ago=f"<t:{int(seen_at.timestamp())}:R>")
    await stage.mika.command("inbox off")
    assert shows((await stage.mika.click(guide.message, says("start-check"))).text, "start-seen-mail-unset")
