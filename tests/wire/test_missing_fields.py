"""Events and answers without fields that nothing of the bot needs, as Discord, a proxy or another server may send them.

Discord's own data has all of them today; discord.py alone loses the whole event or answer where one is missing or null.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.discord_app import discordpy_patches, session_starts
from bot.errors import DiscordError
from bot.fake_discord import server
from bot.fake_discord.api_errors import DiscordApiError
from bot.fake_discord.api_request import NO_CONTENT, ApiRequest, ApiResponse
from bot.fake_discord.gateway import Gateway
from bot.fake_discord.interactions import InteractionEndpoints
from bot.fake_discord.rest import RestApi
from bot.fake_discord.users import buttons_of, text_of
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import due_at_one, recorded
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

Json = dict[str, Any]
Change = Callable[[Json], Json]

pytestmark = pytest.mark.others_on_sqlite


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


def without(*keys: str) -> Change:
    return lambda data: {key: value for key, value in data.items() if key not in keys}


def with_nulls(*keys: str) -> Change:
    return lambda data: {**data, **dict.fromkeys(keys)}


def only(*keys: str) -> Change:
    return lambda data: {key: value for key, value in data.items() if key in keys}


def within(key: str, change: Change) -> Change:
    """Change what is in a key, where it is there."""
    return lambda data: {**data, key: change(data[key])} if key in data else data


def in_snapshots(change: Change) -> Change:
    def change_each(data: Json) -> Json:
        return {**data, "message_snapshots": [within("message", change)(each) for each in data["message_snapshots"]]}

    return change_each


def both(*changes: Change) -> Change:
    def change_all(data: Json) -> Json:
        for change in changes:
            data = change(data)
        return data

    return change_all


@pytest.fixture
def change_events(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Change], None]:
    """Change the data of all events of a name before they are sent."""
    send = Gateway._send

    def change_events_named(name: str, change: Change) -> None:
        async def changed_send(self: Gateway, session: Any, event: str, data: Json) -> None:
            await send(self, session, event, change(data) if event == name else data)

        monkeypatch.setattr(Gateway, "_send", changed_send)

    return change_events_named


ChangeEvents = Callable[[str, Change], None]


@pytest.mark.parametrize(
    "change",
    [
        without("type", "flags", "embeds", "components", "mentions", "edited_timestamp", "timestamp"),
        with_nulls("embeds", "components", "sticker_items", "reactions", "flags"),
        within("author", only("id")),
        within("author", with_nulls("username", "discriminator", "global_name", "avatar", "public_flags", "bot")),
        lambda data: {**data, "id": int(data["id"]), "channel_id": int(data["channel_id"])},
        within("author", lambda author: {**author, "id": int(author["id"])}),
        lambda data: {**data, "type": 999, "components": [{"type": 99}, None], "sticker_items": 7, "poll": {}},
        lambda data: {**data, "mentions": [None, {"id": None}], "embeds": [None, {"author": None, "fields": [None]}]},
        lambda data: {**data, "member": with_nulls("roles", "flags", "user")({}), "interaction_metadata": None},
    ],
    ids=["little", "nulls", "author", "author nulls", "ids", "author id", "unknown", "lists", "member"],
)
async def test_a_typed_line_is_read(up: Stage, change_events: ChangeEvents, change: Change) -> None:
    change_events("MESSAGE_CREATE", change)
    assert "制作会社A" in text_of(await recorded(up))


@pytest.mark.parametrize(
    "change",
    [
        in_snapshots(without("type")),
        in_snapshots(only("content", "timestamp")),
        without("message_reference"),
        within("message_reference", only("type")),
        in_snapshots(with_nulls("type", "flags", "embeds", "components", "sticker_items", "edited_timestamp")),
        in_snapshots(with_nulls("timestamp", "attachments", "mentions")),
        within("message_reference", with_nulls("type", "channel_id", "guild_id")),
    ],
    ids=["type", "little", "no reference", "little reference", "nulls", "time", "null reference"],
)
async def test_a_forward_is_read(up: Stage, change_events: ChangeEvents, change: Change) -> None:
    change_events("MESSAGE_CREATE", change)
    await up.mika.forward("お見積もりの件、ご確認ください。", posted_at=up.at(11))
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-which-client")


@pytest.mark.both_engines
@pytest.mark.parametrize("kind", [str, int])
async def test_a_message_of_nobody_is_not_lost(up: Stage, change_events: ChangeEvents, kind: type) -> None:
    await recorded(up)
    ids = ("id", "channel_id")
    change_events(
        "MESSAGE_CREATE", both(without("author"), lambda data: {**data, **{key: kind(data[key]) for key in ids}})
    )
    assert shows(text_of(await recorded(up, "制作会社B様 今日 10:00")), "message-unparsable")


@pytest.mark.parametrize("change", [without, with_nulls])
async def test_a_file_is_read_without_its_size(
    up: Stage, change_events: ChangeEvents, change: Callable[..., Change]
) -> None:
    changed = change("id", "size", "proxy_url", "content_type", "width", "flags")
    change_events("MESSAGE_CREATE", lambda data: {**data, "attachments": [*map(changed, data["attachments"])]})
    await up.mika.write("", files=[("message.txt", "制作会社A様 今日 10:30".encode())])
    assert "制作会社A" in text_of(await up.mika.next_bot_message())


async def test_the_bot_does_not_read_itself_where_it_is_not_marked_as_a_bot(
    up: Stage, change_events: ChangeEvents
) -> None:
    change_events("MESSAGE_CREATE", within("author", without("bot")))
    receipt = await recorded(up)
    assert up.bot is not None
    await up.discord.gateway.dispatch_message(receipt)
    assert "制作会社A" in (await up.mika.command("pending")).text
    await up.bot.client.finish_handlers()
    assert up.news() == []


async def test_an_old_kind_of_edit_event_is_nothing_to_report(up: Stage) -> None:
    receipt = await recorded(up)
    with structlog.testing.capture_logs() as lines:
        data = {"id": str(receipt.id), "channel_id": str(up.mika.dm.id), "embeds": []}
        await up.discord.gateway.dispatch("MESSAGE_UPDATE", data)
        assert "制作会社A" in (await up.mika.command("pending")).text
    assert [line for line in lines if line["log_level"] == "error"] == []


LITTLE = ("id", "application_id", "type", "token", "data", "channel_id", "user", "member", "guild_id", "message")


@pytest.mark.parametrize(
    "change",
    others_slow(
        [
            without("attachment_size_limit"),
            without("context", "authorizing_integration_owners"),
            without("channel"),
            within("channel", only("id")),
            with_nulls("context", "app_permissions", "guild_locale"),
            both(only(*LITTLE), within("message", only("id", "components"))),
            both(only(*LITTLE), within("message", only("id"))),
            within("user", with_nulls("username", "discriminator", "global_name", "avatar")),
            within("message", with_nulls("flags", "author", "embeds", "attachments", "interaction_metadata")),
            within("data", with_nulls("resolved", "component_type", "id", "type")),
            within("message", lambda message: {**message, "components": [{"type": 1, "components": [None]}]}),
            lambda data: {**data, "id": int(data["id"]), "channel_id": int(data["channel_id"]), "entitlements": [None]},
            lambda data: {**data, "authorizing_integration_owners": {"0": None, "1": 5}, "member": None},
        ]
    ),
    ids=[
        "limit",
        "context",
        "channel",
        "channel_id",
        "nulls",
        "little",
        "less",
        "user nulls",
        "message nulls",
        "data nulls",
        "components",
        "numbers",
        "owners",
    ],
)
async def test_commands_buttons_and_forms_are_answered(up: Stage, change_events: ChangeEvents, change: Change) -> None:
    change_events("INTERACTION_CREATE", change)
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert not answer.ephemeral
    menu = await up.mika.click(answer.message, says("action-correct"))
    form = await up.mika.click(menu.message, says("correct-time"))
    corrected = await up.mika.submit_modal(form, "10:30")
    assert shows(corrected.text, "receipt-corrected")
    assert "A社" in (await up.mika.command("pending")).text
    await recorded(up, "A社さんに返信しました")
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert says("action-now") not in buttons_of(answer.message)


async def test_a_command_in_a_server_is_answered(up: Stage, change_events: ChangeEvents) -> None:
    channel = up.discord.add_guild()
    little = both(within("member", only("user", "permissions")), within("channel", only("id", "type")))
    change_events("INTERACTION_CREATE", little)
    answer = await up.mika.command("received", client="A社", at="10:00", channel=channel)
    assert "A社" in answer.text
    assert answer.ephemeral


async def test_what_is_resolved_is_found_with_nulls_and_ids_that_are_numbers(
    up: Stage, change_events: ChangeEvents
) -> None:
    """A channel, a file, and a message of a context menu."""

    def change(data: Json) -> Json:
        for kind, objects in data["data"].get("resolved", {}).items():
            for each in objects.values():
                each.update(dict.fromkeys(("proxy_url", "size", "topic", "author", "embeds"), None))
                each["id"] = int(each["id"]) if kind != "messages" else each["id"]
        for option in data["data"].get("options", ()):
            if isinstance(option.get("value"), str) and option["value"].isdecimal():
                option["value"] = int(option["value"])
        if "target_id" in data["data"]:
            data["data"]["target_id"] = int(data["data"]["target_id"])
        return data

    change_events("INTERACTION_CREATE", change)
    up.mika.permissions |= 1 << 5  # to manage the server
    channel = up.discord.add_guild()
    written = await up.mika.write("制作会社A様 今日 9:00", channel=channel)
    assert shows((await up.mika.menu("Record as received", written)).text, "receipt-which-client")
    table = "client,direction,at\n乙社,received,2026-11-24 09:00\n".encode()
    assert not shows((await up.mika.command("import", file=("a.csv", table))).text, "internal-error")
    answer = await up.mika.command("settings", fallback=channel, channel=channel)
    assert not shows(answer.text, "internal-error")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: {**data, "name": "forgotten"},
        lambda data: {**data, "name": None},
        lambda data: {**data, "options": [{"name": "forgotten", "type": 3, "value": "x"}]},
        lambda data: {**data, "options": [{"name": "at", "type": 99, "value": {}}]},
        lambda data: {**data, "options": [{"name": "at", "type": 1, "options": None}]},
        lambda data: {**data, "options": [{"name": "client", "type": 4, "value": 5}]},
        lambda data: {**data, "name": "help", "options": [{"name": "topic", "type": 3, "value": "forgotten"}]},
        lambda data: {**data, "name": "calibrate", "options": [{"name": "replies", "type": 4, "value": 10**30}]},
        lambda data: {**data, "name": "settings", "options": [{"name": "fallback", "type": 7, "value": "9"}]},
        lambda data: {**data, "name": "import", "options": [{"name": "file", "type": 11, "value": "9"}]},
        lambda data: {**data, "type": 99},
    ],
)
async def test_a_command_that_the_bot_does_not_know_is_answered(
    up: Stage, change_events: ChangeEvents, capsys: pytest.CaptureFixture[str], change: Change
) -> None:
    """Discord's app shows commands of before an update for a while."""
    change_events("INTERACTION_CREATE", within("data", change))
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert shows(answer.text, "command-unknown")
    assert "Traceback" not in "".join(capsys.readouterr())


async def test_what_discord_itself_posts_in_a_direct_message_is_not_read(stage: Stage) -> None:
    async with stage.open_bot():
        await recorded(stage)
        await stage.mika.write("", type=6)
        assert "制作会社B" in text_of(await recorded(stage, "制作会社B様 今日 10:00"))
    await stage.mika.write("", type=6)
    await stage.mika.write(
        "制作会社C様 今日 11:00", type=999, author=stage.mika.user.payload(), components=None, embeds=[None]
    )
    async with stage.open_bot():
        assert "制作会社C" in text_of(await stage.mika.next_bot_message())
        assert stage.news() == []


async def test_the_language_stays_where_an_interaction_does_not_say(up: Stage, change_events: ChangeEvents) -> None:
    change_events("INTERACTION_CREATE", without("locale"))
    assert shows((await up.mika.command("pending")).text, "pending-none")


@pytest.mark.parametrize("body", [NO_CONTENT, (200, None), (200, {})], ids=["204", "no body", "no object"])
async def test_an_answer_is_given_once_and_stays_live_whatever_confirms_it(
    up: Stage, monkeypatch: pytest.MonkeyPatch, body: ApiResponse
) -> None:
    respond = InteractionEndpoints.respond

    async def respond_with_little(*arguments: Any) -> ApiResponse:
        await respond(*arguments)
        return body

    monkeypatch.setattr(InteractionEndpoints, "respond", respond_with_little)
    answer = await up.mika.command("received", client="A社", at="10:00")
    menu = await up.mika.click(answer.message, says("action-correct"))
    form = await up.mika.click(menu.message, says("correct-time"))
    corrected = await up.mika.submit_modal(form, "10:30")
    assert shows(corrected.text, "receipt-corrected")
    assert await up.mika.complete("received", "client", "A")
    assert all(result.interaction.followups == [] for result in (answer, menu, form, corrected))
    await recorded(up, "A社さんに返信しました")
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert says("action-now") not in buttons_of(answer.message)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
async def test_json_is_read_with_a_charset(stage: Stage, monkeypatch: pytest.MonkeyPatch, content_type: str) -> None:
    as_json = server._json_response

    def json_with_charset(status: int, body: Any, headers: dict[str, str] | None = None) -> Any:
        return as_json(status, body, {**(headers or {}), "Content-Type": content_type})

    monkeypatch.setattr(server, "_json_response", json_with_charset)
    async with stage.open_bot():
        await due_at_one(stage)
        assert "制作会社A" in (await stage.mika.command("pending")).text
        await stage.move_to(stage.at(13))
        assert len(stage.news()) == 1


@pytest.mark.parametrize(
    "change", [without("resume_gateway_url", "shard"), with_nulls("shard"), without("guilds"), with_nulls("guilds")]
)
async def test_a_session_begins_and_is_resumed(stage: Stage, change_events: ChangeEvents, change: Change) -> None:
    change_events("READY", change)
    async with stage.open_bot():
        await recorded(stage)
    await stage.mika.write("制作会社B様 今日 10:00")
    change_events("RESUMED", lambda _data: None)  # type: ignore[arg-type, return-value]
    change_events("READY", change)
    async with stage.open_bot():
        assert "制作会社B" in text_of(
            await stage.mika.next_bot_message()
        )  # READY was understood: what was missed is read
        await stage.discord.gateway.close_all(4000)
        await stage.discord.wait_for_bot()
        assert "制作会社C" in text_of(await recorded(stage, "制作会社C様 今日 11:00"))
        assert len(stage.discord.gateway.sessions) == 1


@pytest.mark.parametrize(("path", "change"), [("/users/@me", only("id", "username")), ("/@me", only("id"))])
async def test_little_is_needed_to_log_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, path: str, change: Change
) -> None:
    respond = RestApi.respond

    async def respond_with_little(self: RestApi, request: ApiRequest) -> ApiResponse:
        status, body = await respond(self, request)
        return status, change(body) if request.path.endswith(path) else body

    monkeypatch.setattr(RestApi, "respond", respond_with_little)
    async with stage.open_bot():
        assert "制作会社A" in text_of(await recorded(stage))


@pytest.mark.parametrize("via_header", [True, False])
@pytest.mark.parametrize("path", ["/users/@me", "/applications/@me", "/gateway/bot"])
async def test_a_log_in_waits_as_long_as_it_is_asked_to(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, path: str, *, via_header: bool
) -> None:
    pauses = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    for module in (discordpy_patches, session_starts):
        monkeypatch.setattr(module, "sleep", pause)
    stage.discord.faults.rate_limit("GET", path, 45.0, times=2, via_header=via_header)
    async with stage.open_bot():
        assert "制作会社A" in text_of(await recorded(stage))
    assert pauses[:2] == [45.0, 45.0]


@pytest.mark.parametrize("path", ["/users/@me", "/applications/@me"])
@pytest.mark.parametrize("answer", ["<html>a page of a proxy</html>", "[]"])
async def test_a_log_in_that_is_answered_by_something_else_ends_with_a_sentence(
    stage: Stage, path: str, answer: str
) -> None:
    stage.discord.faults.respond_with("GET", path, 200, answer, headers={"Content-Type": "application/json"})
    with pytest.raises(DiscordError) as raised:
        async with stage.start():
            pass
    assert raised.value.message_id == "discord-unreachable"


@pytest.mark.parametrize(
    "answer",
    [
        "<html></html>",
        "{}",
        '{"session_start_limit": null, "url": "", "shards": 1}',
        '{"session_start_limit": {"total": 1, "remaining": 1, "reset_after": null, "max_concurrency": 1}, "shards": 1}',
    ],
)
async def test_a_session_is_begun_where_its_limit_is_not_told(stage: Stage, answer: str) -> None:
    headers = {"Content-Type": "application/json"}
    stage.discord.faults.respond_with("GET", "/gateway/bot", 200, answer, headers=headers, times=2)
    with structlog.testing.capture_logs() as lines:
        async with stage.open_bot():
            assert "制作会社A" in text_of(await recorded(stage))
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["session_starts_unknown"]


@pytest.mark.parametrize("status", [404, 405])
async def test_commands_are_sent_where_they_cannot_be_listed(stage: Stage, status: int) -> None:
    stage.discord.state.commands.clear()
    stage.discord.faults.refuse("GET", "/commands", DiscordApiError(status, 0, "no"))
    async with stage.open_bot():
        assert "制作会社A" in (await stage.mika.command("received", client="制作会社A", at="10:00")).text


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("answer", others_slow(["null", "<html></html>", "{}", "[null]", '[{"id": null, "name": 5}]']))
async def test_a_list_of_commands_that_cannot_be_read_stops_nothing(stage: Stage, method: str, answer: str) -> None:
    if method == "PUT":
        stage.discord.state.commands.clear()
    stage.discord.faults.respond_with(method, "/commands", 200, answer, headers={"Content-Type": "application/json"})
    with structlog.testing.capture_logs() as lines:
        async with stage.open_bot():
            assert "制作会社A" in text_of(await recorded(stage))
    assert {line["event"] for line in lines if line["log_level"] in {"warning", "error"}} <= {"commands_not_synced"}


@pytest.mark.parametrize("number", ["123", None], ids=["counted id", "no id"])
async def test_a_forward_that_says_nowhere_when_it_was_posted_is_asked_about(
    up: Stage, change_events: ChangeEvents, number: str | None
) -> None:
    """An id of before Discord was opened is no instant."""
    without_times = both(
        in_snapshots(without("timestamp")),
        within("message_reference", lambda reference: {**reference, "message_id": number}),
    )
    change_events("MESSAGE_CREATE", without_times)
    await up.mika.forward("お見積もりの件、ご確認ください。", posted_at=up.at(11))
    assert says("action-at-now") in buttons_of(await up.mika.next_bot_message())
    assert await up.rows("SELECT count(*) FROM messages") == [(0,)]


async def test_two_undated_forwards_of_one_client_are_two(up: Stage, change_events: ChangeEvents) -> None:
    change_events("MESSAGE_CREATE", both(without("message_reference"), in_snapshots(without("timestamp"))))
    for _ in range(2):
        await up.mika.forward("[ランサーズ] 田中様からメッセージが届いています", posted_at=up.at(11))
        await up.mika.next_bot_message()
    assert await up.rows("SELECT count(*) FROM drafts") == [(2,)]


async def test_a_time_without_an_offset_is_utc(up: Stage, change_events: ChangeEvents) -> None:
    def without_offset(written: str) -> str:
        return datetime.fromisoformat(written).astimezone(UTC).replace(tzinfo=None).isoformat()

    change_events("MESSAGE_CREATE", in_snapshots(lambda data: {**data, "timestamp": without_offset(data["timestamp"])}))
    await up.mika.forward("お見積もりの件、ご確認ください。", posted_at=up.at(11))
    assert f"<t:{int(up.at(11).timestamp())}:f>" in text_of(await up.mika.next_bot_message())


async def test_what_was_missed_is_of_when_it_says_it_was_written(stage: Stage) -> None:
    """Here its id is an earlier instant: a server in Discord's place may count its ids."""
    async with stage.open_bot():
        await recorded(stage)
    written_at = stage.clock.now().isoformat()
    stage.clock.advance_to(stage.at(12, 30))
    await stage.mika.write("制作会社B様 10分前に届いた", timestamp=written_at)
    async with stage.open_bot():
        assert f"<t:{int(stage.at(11, 50).timestamp())}:f>" in text_of(await stage.mika.next_bot_message())


async def test_what_is_being_typed_is_text_whatever_its_kind(up: Stage, change_events: ChangeEvents) -> None:
    await recorded(up, "5社様 今日 10:00")
    number = [{"name": "client", "type": 4, "value": 5, "focused": True}]
    change_events("INTERACTION_CREATE", within("data", lambda data: {**data, "options": number}))
    assert await up.mika.complete("received", "client", "5")


async def test_edits_and_messages_of_a_menu_are_of_when_they_say(up: Stage, change_events: ChangeEvents) -> None:
    """Here their ids are of noon."""
    await recorded(up)
    written = await up.mika.write("ああああ")
    await up.mika.next_bot_message()
    at_eleven: Change = lambda data: {**data, "timestamp": up.at(11).isoformat()}  # noqa: E731
    change_events("MESSAGE_UPDATE", at_eleven)
    await up.mika.edit(written, "制作会社B様 10分前に届いた")
    assert f"<t:{int(up.at(10, 50).timestamp())}:f>" in text_of(await up.mika.next_bot_message())

    def resolved_at_eleven(data: Json) -> Json:
        resolved = data.get("resolved", {})
        messages = {key: at_eleven(message) for key, message in resolved.get("messages", {}).items()}
        return {**data, "resolved": {**resolved, "messages": messages}}

    change_events("INTERACTION_CREATE", within("data", resolved_at_eleven))
    receipt = await up.mika.menu("Record as received", await up.mika.write("お見積もりの件、ご確認ください。"))
    assert f"<t:{int(up.at(11).timestamp())}:f>" in receipt.text
