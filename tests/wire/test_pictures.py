"""Pictures on cards, over the wire: the text at once, the picture behind it, and never over something newer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import discord
import pytest

from bot.discord_app.picture_attachments import FILE_NAME, MAX_PENDING, PictureAttacher
from bot.discord_app.timeouts import Timeouts
from bot.fake_discord.api_errors import DiscordApiError
from bot.fake_discord.api_request import ApiRequest
from bot.fake_discord.state import Message
from bot.fake_discord.users import InteractionResult, text_of
from bot.fake_discord.validation import media_objects_of_component, walk_components
from bot.pictures.models import PictureModel, RatePicture, WindowPicture, YearPicture
from bot.pictures.renderer import PictureRenderer
from tests.helpers.scenarios import HOSTILE_NAMES, correct, due_at_one, recorded
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\3\xe8\0\0\0\xfa"
"""The file that it draws: the beginning of one, 1000 × 250."""


class ControlledRenderer(PictureRenderer):
    """A renderer that draws when a test allows it, so that the test can do something meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[PictureModel] = []
        self.may = asyncio.Event()
        self.may.set()
        self.begun = asyncio.Event()
        self.fails = False

    async def _request_picture_from_worker(self, model: PictureModel) -> bytes:
        self.asked.append(model)
        self.begun.set()
        await self.may.wait()
        return b"" if self.fails else PNG


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> ControlledRenderer:
    """What the bot has its pictures drawn by."""
    there = ControlledRenderer()
    monkeypatch.setattr("bot.app.PictureRenderer", lambda: there)
    return there


@pytest.fixture
async def drawn(stage: Stage, renderer: ControlledRenderer) -> AsyncIterator[Stage]:
    """The bot with pictures on, whose edits wait for their turn."""
    stage.environ |= {"PICTURES": "on", "SEND_RATE": "40"}
    async with stage.open_bot():
        yield stage
        renderer.may.set()


def pictures(message: Message) -> list[dict[str, Any]]:
    """The items of the galleries of a message."""
    return [
        item for each in walk_components(message.body["components"]) if each["type"] == 12 for item in each["items"]
    ]  # fmt: skip


def edits(up: Stage) -> list[ApiRequest]:
    """What changed messages behind an answer."""
    return [each for each in up.discord.requests if each.method == "PATCH"]


async def comes(up: Stage, message: Message) -> dict[str, Any]:
    """The picture of a message, once it is there."""
    await up.discord.state.wait_until(lambda: bool(pictures(message)))
    [shown] = pictures(message)
    return shown


async def settled(up: Stage) -> None:
    """Wait until no picture is pending."""
    assert up.bot is not None
    there = up.bot.client.pictures
    assert isinstance(there, PictureAttacher)
    while there._pending_tasks:
        await asyncio.wait(there._pending_tasks)


@pytest.mark.sqlite_only
async def test_beside_the_picture_the_text_says_why_an_estimate_is_not_judged(drawn: Stage) -> None:
    await drawn.mika.command("calibrate", reply_rate="82.0", replies=39)
    judged = (await drawn.mika.command("status")).message
    await comes(drawn, judged)
    assert not shows(text_of(judged), "note-estimate-not-judged")
    drawn.clock.advance_to(drawn.at(13, days=100))
    not_judged = (await drawn.mika.command("status")).message
    await comes(drawn, not_judged)
    assert shows(text_of(not_judged), "note-estimate-not-judged")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("command", "options"),
    [("status", {}), ("status", {"view": "forecast"}), ("fee", {"amount": "5万"}), ("received", {"client": "甲"})],
)
async def test_the_text_at_once_then_the_picture_and_the_next_time_both(
    drawn: Stage, renderer: ControlledRenderer, command: str, options: dict[str, str]
) -> None:
    if "view" in options:
        await import_replies(drawn, [True])  # a forecast without replies has no picture
        drawn.discord.requests.clear()
    renderer.may.clear()
    first = await drawn.mika.command(command, **options)
    words = first.text
    assert words
    assert pictures(first.message) == []
    assert edits(drawn) == []
    renderer.may.set()
    shown = await comes(drawn, first.message)
    assert 20 < len(shown["description"]) <= 1024
    # Beside its picture the summary of the status leaves out what is drawn.
    assert set(text_of(first.message).splitlines()) <= set(words.splitlines())
    assert (text_of(first.message) == words) == ((command, options) != ("status", {}))
    assert [each["filename"] for each in first.message.body["attachments"]] == [FILE_NAME]
    assert (shown["media"]["content_type"], shown["media"]["width"]) == ("image/png", 1000)
    if command != "received":
        again = await drawn.mika.command(command, **options)
        assert pictures(again.message)
        assert again.files == {FILE_NAME: PNG}
        await settled(drawn)
        assert (len(edits(drawn)), len(renderer.asked)) == (1, 1)


async def import_replies(up: Stage, replies: Sequence[bool]) -> None:
    """Import an exchange for each reply; whether it was on time."""
    rows = [
        f"T{day},received,2026-11-{day:02}T10:00\nT{day},sent,2026-11-{day + (not on_time):02}T12:00\n"
        for day, on_time in enumerate(replies, start=1)
    ]
    table = "thread,direction,sent_at\n" + "".join(rows)
    preview = await up.mika.command("import", file=("history.csv", table.encode()))
    await up.mika.click(preview.message, says("action-confirm"))


@pytest.mark.both_engines
async def test_a_receipt_a_reminder_and_a_reply(drawn: Stage, renderer: ControlledRenderer) -> None:
    await import_replies(drawn, [True, True, True, True, False])
    receipt = await due_at_one(drawn)
    shown = await comes(drawn, receipt)
    assert shows(shown["description"], "picture-left", left="5時間")
    assert "制作会社" not in shown["description"]
    await drawn.live_to(drawn.at(13, 0))
    reminder = await drawn.mika.next_bot_message()
    assert shows((await comes(drawn, reminder))["description"], "picture-left", left="4時間")
    answered = await drawn.mika.click(reminder, says("action-now"))
    assert answered.message.id == reminder.id
    assert pictures(reminder) == []
    await drawn.mika.click(reminder, says("action-undo"))
    assert shows((await comes(drawn, reminder))["description"], "picture-left", left="4時間")
    await drawn.mika.write("制作会社A様に返信しました")
    reply = await drawn.mika.next_bot_message()
    assert "80.0 % → 83.3 %" in (await comes(drawn, reply))["description"]
    assert [type(each) for each in renderer.asked] == [WindowPicture, WindowPicture, RatePicture]
    assert all("制作会社" not in repr(each) for each in renderer.asked)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("earlier", [0, 3, 5])
async def test_a_rate_that_is_not_judged_or_stays_is_not_drawn(
    drawn: Stage, renderer: ControlledRenderer, earlier: int
) -> None:
    if earlier:
        await import_replies(drawn, [True] * earlier)
    await comes(drawn, await due_at_one(drawn))
    renderer.asked.clear()
    await drawn.mika.write("制作会社A様に返信しました")
    reply = await drawn.mika.next_bot_message()
    await settled(drawn)
    assert (pictures(reply), renderer.asked) == ([], [])
    assert "– →" not in text_of(reply)


async def test_the_fifth_reply_is_drawn_as_its_receipt_says(drawn: Stage, renderer: ControlledRenderer) -> None:
    """Below five replies there was no rate: "– → 80.0 %", not "100.0 % → 80.0 %"."""
    await import_replies(drawn, [True] * 4)
    await drawn.mika.write("制作会社A様 11/22 9:00")
    await drawn.mika.next_bot_message()
    await settled(drawn)
    renderer.asked.clear()
    await drawn.mika.write("制作会社A様に返信しました 11:00")
    reply = await drawn.mika.next_bot_message()
    assert shows(text_of(reply), "receipt-rate", before="–", after="80.0 % (4/5)", estimate="")
    assert "– → 80.0 %" in (await comes(drawn, reply))["description"]
    picture = renderer.asked[-1]
    assert isinstance(picture, RatePicture)
    assert (picture.before, picture.after) == (None, 800)


async def test_a_reminder_counts_what_waits_as_its_first_line_does(drawn: Stage) -> None:
    await due_at_one(drawn)
    await drawn.mika.write("乙様 今日 9:30")
    await drawn.mika.next_bot_message()
    await settled(drawn)
    await drawn.live_to(drawn.at(13, 0))
    reminder = await drawn.mika.next_bot_message()
    assert shows((await comes(drawn, reminder))["description"], "picture-others", count=1)
    assert shows(text_of(reminder), "reminder-title", count=2, overdue=0)


async def test_reminders_share_their_picture(drawn: Stage, renderer: ControlledRenderer) -> None:
    ken = drawn.discord.add_user("ken")
    for person, client in ((drawn.mika, "甲"), (ken, "乙")):
        await person.write(f"{client}様 昨日 17:00")
        await person.next_bot_message()
    await ken.next_bot_message()  # the welcome
    await settled(drawn)
    renderer.asked.clear()
    await drawn.live_to(drawn.at(13, 0))
    for person in (drawn.mika, ken):
        await comes(drawn, await person.next_bot_message())
    assert len(renderer.asked) == 1


async def test_a_press_while_it_is_drawn_is_not_overwritten(drawn: Stage, renderer: ControlledRenderer) -> None:
    renderer.may.clear()
    receipt = await due_at_one(drawn)
    await drawn.mika.click(receipt, says("action-undo"))
    assert shows(text_of(receipt), "receipt-undone")
    renderer.may.set()
    await settled(drawn)
    assert shows(text_of(receipt), "receipt-undone")
    assert pictures(receipt) == []
    assert edits(drawn) == []


async def test_a_press_before_the_bot_heard_that_its_message_arrived(
    drawn: Stage, renderer: ControlledRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to the send is slow; the press comes first, and the picture is of the past."""
    pressed, take = asyncio.Event(), drawn.discord._rest.respond

    async def slowly(call: ApiRequest) -> Any:
        taken = await take(call)
        if call.path.endswith("/messages"):
            await pressed.wait()
        return taken

    monkeypatch.setattr(drawn.discord._rest, "respond", slowly)
    await drawn.mika.write("制作会社A様 昨日 17:00")
    await drawn.discord.state.wait_until(lambda: bool(drawn.mika.bot_messages()))
    receipt = drawn.mika.bot_messages()[0]
    await drawn.mika.click(receipt, says("action-undo"))
    assert not renderer.asked
    pressed.set()
    await renderer.begun.wait()
    await settled(drawn)
    assert shows(text_of(receipt), "receipt-undone")
    assert pictures(receipt) == []


async def test_a_press_while_the_picture_is_on_its_way_comes_after_it(
    drawn: Stage, renderer: ControlledRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit lingers on its way: an answer that did not wait for it would be overwritten."""
    renderer.may.clear()
    receipt = await due_at_one(drawn)
    edited, answered, take = asyncio.Event(), asyncio.Event(), drawn.discord._rest.respond

    async def slowly(call: ApiRequest) -> Any:
        if call.method == "PATCH":
            edited.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), 0.3)
        taken = await take(call)
        if call.path.endswith("/callback"):
            answered.set()
        return taken

    monkeypatch.setattr(drawn.discord._rest, "respond", slowly)
    renderer.may.set()
    await edited.wait()
    await drawn.mika.click(receipt, says("action-undo"))
    await settled(drawn)
    assert shows(text_of(receipt), "receipt-undone")
    assert pictures(receipt) == []
    assert receipt.body["attachments"] == []


@pytest.mark.parametrize("timeouts", [Timeouts(picture_edit=0.05)])
async def test_an_edit_that_hangs_keeps_no_press_waiting(
    drawn: Stage, renderer: ControlledRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer.may.clear()
    receipt = await due_at_one(drawn)
    drawn.discord.faults.hang("PATCH", "/messages/")
    hung = asyncio.Event()
    misbehave = drawn.discord._inject_fault

    async def tell(*given: Any) -> Any:
        hung.set()
        return await misbehave(*given)

    monkeypatch.setattr(drawn.discord, "_inject_fault", tell)
    renderer.may.set()
    await hung.wait()
    await drawn.mika.click(receipt, says("action-undo"))
    assert shows(text_of(receipt), "receipt-undone")


async def test_two_presses_the_picture_of_the_last_one_stays(drawn: Stage, renderer: ControlledRenderer) -> None:
    receipt = await due_at_one(drawn)
    await comes(drawn, receipt)
    renderer.may.clear()
    await drawn.mika.submit_modal(await correct(drawn.mika, receipt, "correct-time"), "昨日 18:00")
    assert pictures(receipt) == []  # the old one tells of another time
    assert receipt.body["attachments"] == []
    await drawn.mika.submit_modal(await correct(drawn.mika, receipt, "correct-time"), "昨日 19:00")
    renderer.may.set()
    assert shows((await comes(drawn, receipt))["description"], "picture-left", left="7時間")
    await settled(drawn)
    assert shows(pictures(receipt)[0]["description"], "picture-left", left="7時間")
    assert len(receipt.body["attachments"]) == 1


async def test_the_buttons_below_a_picture_work(drawn: Stage) -> None:
    receipt = await due_at_one(drawn)
    await comes(drawn, receipt)
    assert shows((await drawn.mika.click(receipt, says("action-undo"))).text, "receipt-undone")
    again = await recorded(drawn, "制作会社B様 昨日 18:00")
    await comes(drawn, again)
    assert shows((await drawn.mika.click(again, says("action-dismiss"))).text, "shown-dismissed")
    assert pictures(again) == []  # nothing is left of the time that it showed


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("how", ["drawing", "refused", "gone", "cut"])
async def test_what_goes_wrong_with_a_picture_leaves_the_text(
    drawn: Stage, renderer: ControlledRenderer, how: str
) -> None:
    renderer.fails = how == "drawing"
    if how == "refused":
        drawn.discord.faults.refuse("PATCH", "/messages/", DiscordApiError(403, 50013, "Missing Permissions"))
    elif how == "cut":
        drawn.discord.faults.drop_connection("PATCH", "/messages/", "before", times=5)
    renderer.may.clear()
    receipt = await due_at_one(drawn)
    receipt.deleted = how == "gone"
    renderer.may.set()
    await settled(drawn)
    receipt.deleted = False
    assert "制作会社A" in text_of(receipt)
    assert pictures(receipt) == []
    assert drawn.news() == []  # nothing is said of it
    assert (await drawn.mika.command("pending")).text


async def test_a_drawn_picture_that_is_refused_with_the_answer_is_left_out(drawn: Stage) -> None:
    await comes(drawn, (await drawn.mika.command("status")).message)
    drawn.discord.faults.refuse("POST", "/callback", DiscordApiError(413, 40005, "Request entity too large"))
    answer = await drawn.mika.command("status")
    assert shows(answer.text, "status-rate-none")


async def test_an_answer_whose_connection_was_cut_is_given_once_more_with_its_picture(drawn: Stage) -> None:
    await comes(drawn, (await drawn.mika.command("status")).message)
    drawn.discord.faults.drop_connection("POST", "/callback", "before")
    again = await drawn.mika.command("status")
    assert again.files == {FILE_NAME: PNG}


async def test_a_fault_in_a_panel_is_no_fault_of_the_answer(drawn: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.discord_app.features.fee.cards.fee_picture", fault)
    answer = await drawn.mika.command("fee", amount="5万")
    assert shows(answer.text, "fee-client-side")
    assert answer.interaction.followups == []


async def test_off_nothing_is_drawn_asked_or_edited(
    up: Stage, renderer: ControlledRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.exchanges.count_replies_by_week", lambda *_, **__: pytest.fail("asked for the weeks"))
    await due_at_one(up)
    await up.mika.command("status")
    await up.mika.command("fee", amount="5万")
    assert up.bot is not None
    assert up.bot.client.pictures is None
    assert (renderer.asked, edits(up)) == ([], [])


@pytest.mark.both_engines
@pytest.mark.slow
async def test_in_a_burst_there_are_none(drawn: Stage, renderer: ControlledRenderer) -> None:
    """Many reminders at one instant: as many requests as reminders, and a few pictures at most, drawn afterwards."""
    people = [drawn.discord.add_user(f"p{number}") for number in range(60)]
    for number, person in enumerate(people):
        await person.write(f"{number}社様 昨日 17:00")
        await person.next_bot_message()
        # With the receipt's picture: where many wait, the next ones get none.
        await drawn.discord.state.wait_until(lambda number=number: len(edits(drawn)) == number + 1)
    before = len(edits(drawn))
    renderer.may.clear()
    await drawn.live_to(drawn.at(13, 0))
    renderer.may.set()
    await settled(drawn)
    assert [len(person.bot_messages()) for person in people] == [3] * 60
    assert len(edits(drawn)) - before <= MAX_PENDING


async def test_a_stop_waits_for_no_picture(stage: Stage, renderer: ControlledRenderer) -> None:
    stage.environ["PICTURES"] = "on"
    renderer.may.clear()
    async with asyncio.timeout(10):
        async with stage.open_bot():
            receipt = await due_at_one(stage)
            await renderer.begun.wait()
        assert pictures(receipt) == []
        assert await renderer.draw(renderer.asked[0]) is None


async def test_beside_others_only_the_member_sees_it(drawn: Stage) -> None:
    guild = drawn.discord.add_guild()
    answer: InteractionResult = await drawn.mika.command("status", channel=guild)
    await comes(drawn, answer.message)
    assert answer.ephemeral


@pytest.mark.slow  # draws
async def test_the_longest_names_and_much_of_everything_with_the_real_drawing(stage: Stage) -> None:
    """Discord's limits hold with a picture on top (the fake Discord checks them), and no name is in any words of it."""
    stage.environ["PICTURES"] = "on"
    async with stage.open_bot():
        await import_replies(stage, [True])
        for number in range(25):
            name = f"{number}{HOSTILE_NAMES['markdown']}"[:98]
            await stage.mika.command("received", client=name, at=f"昨日 1{3 + number % 7}:{number:02}")
        await stage.mika.command(
            "goal", category=HOSTILE_NAMES["markdown"][:100], line="10億", source=HOSTILE_NAMES["markdown"][:100]
        )
        await stage.mika.command("settings", edition="2024")
        await settled(stage)
        for command, options in (
            ("status", {}), ("status", {"view": "forecast"}), ("fee", {"amount": "10億", "certified": True, "withholding": True})
        ):  # fmt: skip
            answer = await stage.mika.command(command, **options)
            shown = await comes(stage, answer.message)
            assert "everyone" not in shown["description"]
            [png] = answer.files.values()
            assert png.startswith(PNG[:16])
            assert len(png) < 60_000
        await stage.live_to(stage.at(13, 0))
        await settled(stage)
        assert stage.news()


async def test_the_stand_in_refuses_what_discord_refuses(drawn: Stage) -> None:
    """A gallery of something that is not attached, before or after the edit."""
    receipt = await due_at_one(drawn)
    await comes(drawn, receipt)
    assert drawn.bot is not None
    http = drawn.bot.client.http
    components = [{"type": 12, "items": [{"media": {"url": "attachment://other.png"}}]}]
    route = discord.http.Route(
        "PATCH",
        "/channels/{channel_id}/messages/{message_id}",
        channel_id=drawn.mika.dm.id,
        message_id=receipt.id,
    )
    kept = [{"id": each["id"]} for each in receipt.body["attachments"]]
    for body in (
        {"components": components},
        {"components": [{"type": 12, "items": [{"media": {"url": f"attachment://{FILE_NAME}"}}]}], "attachments": []},
    ):
        with pytest.raises(discord.HTTPException, match="attachment"):
            await http.request(route, json={**body, "flags": 1 << 15})
    await http.request(
        route,
        json={
            "components": [{"type": 12, "items": [{"media": {"url": f"attachment://{FILE_NAME}"}}]}],
            "attachments": kept,
            "flags": 1 << 15,
        },
    )
    [gallery] = [each for each in walk_components(receipt.body["components"]) if each["type"] == 12]
    assert media_objects_of_component(gallery)[0]["url"].startswith("http://")


async def test_a_year_without_replies_says_so_and_shows_no_bars(drawn: Stage, renderer: ControlledRenderer) -> None:
    shown = await comes(drawn, (await drawn.mika.command("status")).message)
    assert shows(shown["description"], "picture-sentence", words=says("picture-none"))
    assert "()" not in shown["description"]
    await drawn.mika.command("status", view="detail")
    assert not any(isinstance(model, YearPicture) for model in renderer.asked)


async def test_an_edit_of_a_card_by_itself_has_its_picture_too(drawn: Stage, renderer: ControlledRenderer) -> None:
    for client in ("佐藤", "鈴木"):
        await recorded(drawn, f"{client}さん 昨日 17:00")
    await drawn.live_to(drawn.at(13, 0))
    reminder = await drawn.mika.next_bot_message()
    await comes(drawn, reminder)
    await settled(drawn)
    await recorded(drawn, "佐藤さん返信不要")
    assert drawn.bot is not None
    await drawn.bot.card_updates.wait_idle()
    assert shows(text_of(reminder), "shown-dismissed")
    assert shows(pictures(reminder)[0]["description"], "picture-left", left="4時間")
    assert [each["filename"] for each in reminder.body["attachments"]] == [FILE_NAME]
    renderer.fails = True
    await drawn.move_to(drawn.at(17, 1))
    assert shows(text_of(reminder), "reminder-closed-title")
    assert pictures(reminder) == []
    assert reminder.body["attachments"] == []
