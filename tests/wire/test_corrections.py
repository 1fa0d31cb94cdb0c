"""A receipt over the wire: what ends its window, what corrects it and keeps the rest, and what was undone."""

from typing import Any

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import InteractionResult, buttons_of, selects_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.scenarios import correct, recorded, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


GREEN, GREY = 3, 2
SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"


async def recorded_job(up: Stage) -> Message:
    """A message about a job, whose second is known."""
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12).replace(second=34))
    return await up.mika.next_bot_message()


async def stored(up: Stage) -> list[tuple[Any, ...]]:
    """Client, title, direction, instant, precision and source of every message."""
    rows = await up.rows(
        "SELECT threads.client, threads.title, direction, sent_at, exactness, source FROM messages"
        " JOIN threads USING (member_id, thread_id) ORDER BY message_id"
    )
    return [tuple(row) for row in rows]


async def steps(up: Stage) -> int:
    [[count]] = await up.rows("SELECT count(*) FROM changes")
    return int(count)


def labels(message: Message, *text_ids: str) -> None:
    """Check the buttons of a card, in their order."""
    assert list(buttons_of(message)) == list(map(says, text_ids))


def styles(message: Message) -> list[int]:
    return [node["style"] for node in walk_components(message.body["components"]) if "style" in node]


def defaults(opened: InteractionResult) -> list[str | None]:
    return [field["component"].get("value") for field in opened.modal["components"]]


async def test_an_open_window_is_ended_by_the_first_buttons(up: Stage) -> None:
    receipt = await recorded(up)
    labels(receipt, "action-now", "action-dismiss", "action-correct", "action-undo")
    assert styles(receipt)[:2] == [GREEN, GREY]
    await up.mika.click(receipt, says("action-now"))
    assert [row[2] for row in await stored(up)] == ["received", "sent"]


async def test_the_first_buttons_name_the_window_and_not_the_message(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 9:00")
    receipt = await recorded(up)
    assert shows(text_of(receipt), "receipt-counts-from-first", at=stamp(up, 9, 0))
    oldest = (await up.rows("SELECT min(message_id) FROM messages"))[0][0]
    assert buttons_of(receipt)[says("action-now")] == f"press:window:{oldest}:now"
    assert buttons_of(receipt)[says("action-dismiss")] == f"press:window:{oldest}:dismiss"


async def test_an_older_message_becomes_the_window(up: Stage) -> None:
    """The identity is that of the oldest unanswered message, not of the one with the lowest id."""
    await recorded(up)
    receipt = await recorded(up, "制作会社A様 今日 9:00")
    assert not shows(text_of(receipt), "receipt-counts-from-first")
    newest = (await up.rows("SELECT max(message_id) FROM messages"))[0][0]
    assert buttons_of(receipt)[says("action-now")] == f"press:window:{newest}:now"


CLOSED = ("action-new-thread", "action-dismiss", "action-correct", "action-undo", "action-other-time", "action-now")


@pytest.mark.both_engines
async def test_after_the_deadline_the_late_reply_is_last_and_grey(up: Stage) -> None:
    receipt = await recorded(up, "制作会社A様 11/20 9:00")
    labels(receipt, *CLOSED)
    assert styles(receipt)[:2] == [GREEN, GREEN]
    assert styles(receipt)[-2:] == [GREY, GREY]
    assert shows(text_of(receipt), "receipt-closed-contract")
    await up.mika.click(receipt, says("action-new-thread"))
    assert len(await up.rows("SELECT 1 FROM messages WHERE kind = 'new_thread'")) == 1


async def test_what_a_late_reply_costs_is_said_where_the_rate_is_judged(up: Stage) -> None:
    assert not shows(text_of(await recorded(up, "制作会社A様 11/20 9:00")), "advice-late")
    for day in range(1, 6):
        await up.mika.command("received", client=f"{day}社", at=f"11/{day} 9:00")
        await up.mika.command("replied", client=f"{day}社", at=f"11/{day} 10:00")
    receipt = await recorded(up, "制作会社B様 11/20 9:00")
    change = says("rate-change", before="100.0 %", after="83.3 %", estimate="")
    assert shows(text_of(receipt), "advice-late", change=change)


async def test_a_rate_that_is_not_judged_or_does_not_change_is_not_said(up: Stage) -> None:
    for day in range(1, 6):
        received = await up.mika.command("received", client=f"{day}社", at=f"11/{day} 9:00")
        replied = await up.mika.command("replied", client=f"{day}社", at=f"11/{day} 10:00")
        assert not shows(received.text, "receipt-rate")
        assert shows(replied.text, "receipt-rate") is (day == 5)
    receipt = await recorded(up)
    assert not shows(text_of(receipt), "receipt-rate")
    assert not shows((await up.mika.click(receipt, says("action-dismiss"))).text, "receipt-rate")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("line", "said"),
    [("制作会社A様に返信しました", True), ("制作会社A様に11:30に返信しました", False)],
)
async def test_a_reply_without_a_time_can_be_given_one_at_once(up: Stage, line: str, *, said: bool) -> None:
    await recorded(up)
    receipt = await recorded(up, line)
    labels(receipt, *(["action-time"] if said else []), "action-correct", "action-undo")
    if said:
        answer = await up.mika.submit_modal(await up.mika.click(receipt, says("action-time")), "11:45")
        labels(answer.message, "action-correct", "action-undo")
        assert stamp(up, 11, 45) in answer.text


async def test_the_menu_leads_back_to_the_receipt(up: Stage) -> None:
    receipt = await recorded(up)
    before, buttons = text_of(receipt), buttons_of(receipt)
    menu = await up.mika.click(receipt, says("action-correct"))
    assert menu.message is receipt
    marks = ("action-contract", "action-other-site")
    labels(receipt, "correct-time", "correct-client", "correct-to-sent", "action-back", *marks)
    await up.mika.click(receipt, says("action-back"))
    assert (text_of(receipt), buttons_of(receipt)) == (before, buttons)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("client", "title", "after"),
    [
        ("制作会社B", "ロゴ制作", ("制作会社B", "ロゴ制作")),
        ("制作会社A", "バナー", ("制作会社A", "バナー")),
        ("制作会社A", "", ("制作会社A", None)),
    ],
)
async def test_a_form_shows_what_is_recorded_and_keeps_what_was_not_changed(
    up: Stage, client: str, title: str, after: tuple[str, str | None]
) -> None:
    receipt = await recorded_job(up)
    [before] = await stored(up)
    form = await correct(up.mika, receipt, "correct-client")
    assert defaults(form) == ["制作会社A", "ロゴ制作"]
    answer = await up.mika.submit_modal(form, client, title)
    assert shows(answer.text, "receipt-corrected")
    assert await stored(up) == [(*after, *before[2:])]


@pytest.mark.both_engines
async def test_a_form_of_a_former_version_did_not_show_the_job_and_leaves_it(up: Stage) -> None:
    receipt = await recorded_job(up)
    form = await correct(up.mika, receipt, "correct-client")
    former = form.modal["custom_id"].replace(":client", ":move")
    form.interaction.response["data"]["custom_id"] = former  # type: ignore[index]
    await up.mika.submit_modal(form, "制作会社B", "")
    assert [row[:2] for row in await stored(up)] == [("制作会社B", "ロゴ制作")]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("field", ["correct-client", "correct-time"])
async def test_a_form_that_is_sent_as_it_was_changes_nothing_and_says_so(up: Stage, field: str) -> None:
    receipt = await recorded_job(up)
    before, undoable = await stored(up), await steps(up)
    form = await correct(up.mika, receipt, field)
    answer = await up.mika.submit_modal(form, *map(str, defaults(form)))
    assert shows(answer.text, "receipt-unchanged")
    labels(answer.message, "action-now", "action-dismiss", "action-correct", "action-undo")
    assert await stored(up) == before
    assert await steps(up) == undoable


async def test_the_thread_it_is_in_changes_nothing(up: Stage) -> None:
    receipt = await recorded(up)
    number = buttons_of(receipt)[says("action-undo")].split(":")[2]
    moved = await up.mika.click_custom_id(receipt, f"press:message:{number}:move")
    answer = await up.mika.select_option(moved.message, "制作会社A")
    assert shows(answer.text, "receipt-unchanged")


async def test_the_menu_moves_it_to_another_conversation(up: Stage) -> None:
    await recorded(up, "制作会社B様 今日 9:00")
    menu = (await up.mika.click(await recorded(up), says("action-correct"))).message
    assert [option["label"] for option in selects_of(menu)[0]["options"]] == ["制作会社B"]
    await up.mika.select_option(menu, "制作会社B")
    assert [row[0] for row in await stored(up)] == ["制作会社B", "制作会社B"]


@pytest.mark.both_engines
@pytest.mark.parametrize("how", ["moved", "merged"])
async def test_it_is_not_moved_to_a_conversation_that_lost_its_messages(up: Stage, how: str) -> None:
    other = await recorded(up, "制作会社B様 今日 9:00")
    receipt = await recorded(up)
    number = buttons_of(receipt)[says("action-undo")].split(":")[2]
    action = "correct" if how == "moved" else "merge"
    menu = (await up.mika.click_custom_id(receipt, f"press:message:{number}:{action}")).message
    await up.mika.submit_modal(await correct(up.mika, other, "correct-client"), "制作会社C", "")
    refused = await up.mika.select_option(menu, "制作会社B")
    assert shows(refused.text, "recording-thread-gone")
    assert [row[0] for row in await stored(up)] == ["制作会社C", "制作会社A"]


@pytest.mark.parametrize(
    ("later", "moved"),
    [
        ([("replied", "9:30")], [True]),
        ([("dismissed", "")], [True]),
        ([("received", "9:10"), ("replied", "9:30")], [False, False]),
        ([("replied", "9:30"), ("received", "10:00"), ("replied", "10:30")], [True, False, False]),
        ([("received", "10:00")], [False]),
    ],
    ids=["answered", "dismissed", "answered with another one", "the client wrote again", "not answered"],
)
async def test_what_answered_a_message_alone_moves_with_it(
    up: Stage, later: list[tuple[str, str]], moved: list[bool]
) -> None:
    """The client was mistaken, so the reply was to the same person; an undo moves all of it back."""
    receipt = await recorded(up, "制作会社A様 今日 9:00")
    for event, at in later:
        if event == "dismissed":
            await up.mika.click_custom_id(receipt, "press:window:1:dismiss")
        else:
            await up.mika.command(event, client="制作会社A", at=at)
    before = await stored(up)
    form = await up.mika.click_custom_id(receipt, "press:message:1:client")
    await up.mika.submit_modal(form, "制作会社C", "")
    clients = ["制作会社C" if each else "制作会社A" for each in [True, *moved]]
    assert [row[0] for row in await stored(up)] == clients
    await up.mika.write("取り消し")
    await up.mika.next_bot_message()
    assert await stored(up) == before


@pytest.mark.both_engines
@pytest.mark.parametrize("action", ["time", "move", "turn", "turn-back", "dismiss", "undo"])
async def test_the_buttons_of_former_versions_go_on_working(up: Stage, action: str) -> None:
    await recorded(up, "制作会社A様 今日 9:00")
    receipt = await recorded(up)
    number = buttons_of(receipt)[says("action-undo")].split(":")[2]
    if action == "turn-back":
        await up.mika.click_custom_id(receipt, f"press:message:{number}:turn")
    answer = await up.mika.click_custom_id(receipt, f"press:message:{number}:{action}")
    match action:
        case "time":
            await up.mika.submit_modal(answer, "11:00")
            expected = "receipt-corrected"
        case "move":
            form = await up.mika.select_option(answer.message, says("choose-another"))
            await up.mika.submit_modal(form, "制作会社B", "")
            expected = "receipt-corrected"
        case "dismiss":
            assert len(await up.rows("SELECT 1 FROM messages WHERE kind = 'dismissed'")) == 1
            return
        case "undo":
            expected = "receipt-undone"
        case _:
            expected = "receipt-corrected"
    assert shows(text_of(receipt), expected)


async def test_what_was_undone_comes_back_as_it_was(up: Stage) -> None:
    receipt = await recorded_job(up)
    before, buttons = await stored(up), buttons_of(receipt)
    await up.mika.click(receipt, says("action-undo"))
    labels(receipt, "action-restore")
    assert await stored(up) == []
    assert shows((await up.mika.click(receipt, says("action-restore"))).text, "receipt-restored")
    assert await stored(up) == before
    assert buttons_of(receipt) == buttons
    await up.live_to(up.at(21, 13))
    assert up.news() != []  # its reminders are planned again


async def test_what_came_again_meanwhile_is_not_recorded_twice(up: Stage) -> None:
    receipt = await recorded_job(up)
    await up.mika.click(receipt, says("action-undo"))
    await recorded_job(up)
    assert shows((await up.mika.click(receipt, says("action-restore"))).text, "receipt-repeated")
    assert len(await stored(up)) == 1


async def test_a_second_press_and_the_undo_of_a_restored_message(up: Stage) -> None:
    receipt = await recorded_job(up)
    await up.mika.click(receipt, says("action-undo"))
    restore = buttons_of(receipt)[says("action-restore")]
    for _ in range(2):
        await up.mika.click_custom_id(receipt, restore)
        assert len(await stored(up)) == 1
    await recorded(up, "取り消し")
    assert await stored(up) == []


@pytest.mark.both_engines
async def test_a_dismissal_that_was_undone_comes_back(up: Stage) -> None:
    await up.mika.click(await recorded(up), says("action-dismiss"))
    listed = (await up.mika.command("history")).message
    dismissal = (await up.mika.click(listed, says("action-look"))).message
    await up.mika.click(dismissal, says("action-undo"))
    assert await up.rows("SELECT 1 FROM windows WHERE dismissed = 1") == []
    assert shows((await up.mika.click(dismissal, says("action-restore"))).text, "receipt-dismissed")
    assert len(await up.rows("SELECT 1 FROM windows WHERE dismissed = 1")) == 1


async def test_a_receipt_of_several_has_the_same_buttons(up: Stage) -> None:
    await up.mika.write("制作会社A様 今日 9:00\n制作会社B様 今日 9:10")
    alone = await up.mika.next_bot_message()
    await up.mika.next_bot_message()
    number = buttons_of(alone)[says("action-undo")].split(":")[2]
    alone.body["components"] = [
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "choose:gathered:0:look",
                    "options": [{"label": "制作会社A", "value": f"message-{number}"}],
                }
            ],
        }
    ]
    chosen = (await up.mika.select_option(alone, "制作会社A")).message
    labels(chosen, "action-now", "action-dismiss", "action-correct", "action-undo")
    listed = (await up.mika.command("history")).message
    shown = (await up.mika.click(listed, says("action-look"))).message
    labels(shown, "action-now", "action-dismiss", "action-correct", "action-undo", "action-merge")


@pytest.mark.parametrize("name", ["15:00", "昨日", "田中様 昨日 14:30"])
async def test_a_time_is_not_taken_for_a_clients_name(up: Stage, name: str) -> None:
    receipt = await recorded(up, "甲社様 今日 9:00")
    form = await up.mika.click((await up.mika.click(receipt, says("action-correct"))).message, says("correct-client"))
    assert shows((await up.mika.submit_modal(form, name, "")).text, "recording-name-has-time")
    assert "甲社" in (await up.mika.command("history")).text
    if any(map(str.isdigit, name)):
        added = await up.mika.command("job add", method="project", reward="5000", client=name)
        assert shows(added.text, "recording-name-has-time")


async def test_a_known_name_that_has_a_time_in_it_is_taken(up: Stage) -> None:
    asked = await up.mika.command("received", client="喫茶24時", at="9:00")
    if shows(asked.text, "question-new-client"):
        [confirm] = [each for each in buttons_of(asked.message).values() if each.endswith(":new-client")]
        await up.mika.click(asked.message, confirm)
    receipt = await recorded(up, "甲社様 今日 10:00")
    form = await up.mika.click((await up.mika.click(receipt, says("action-correct"))).message, says("correct-client"))
    corrected = await up.mika.submit_modal(form, "喫茶24時", "")
    assert shows(corrected.text, "receipt-corrected")
    assert "喫茶24時" in corrected.text


@pytest.mark.parametrize(
    ("action", "text_id"), [("other-site", "thread-other-site"), ("contract", "thread-under-contract")]
)
async def test_a_menu_whose_receipt_became_a_question_in_another_app_still_works(
    up: Stage, action: str, text_id: str
) -> None:
    """A name that may be a time is asked about in the receipt's place; the other app still shows the menu."""
    await up.mika.forward("本文", posted_at=up.at(9, 12))
    receipt = await up.mika.next_bot_message()
    [[message_id]] = await up.rows("SELECT message_id FROM messages")
    form = await up.mika.click_custom_id(receipt, f"press:message:{message_id}:client")
    await up.mika.submit_modal(form, "30分前", "")
    assert any(each.startswith("press:draft:") for each in buttons_of(receipt).values())
    answer = await up.mika.click_custom_id(receipt, f"press:message:{message_id}:{action}")
    assert shows(answer.text, text_id)
