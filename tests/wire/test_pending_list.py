"""The list of /pending: its order, what a press on it records, undoing it, and Discord's limits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, selects_of, text_of
from bot.fake_discord.validation import TEXT, walk_components
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import HOSTILE_NAMES, count_waiting
from tests.helpers.stage import TOKYO, Stage
from tests.helpers.wording import count_shown, says, shows

pytestmark = pytest.mark.both_engines

SUCCESS = 3
REPLIED, SEVERAL = says("action-now"), says("pending-dismiss-several")


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def waits(up: Stage, *clients: str, hours_ago: int = 1) -> None:
    """Messages of clients, each an hour before the one that follows it in the list."""
    for number, client in enumerate(clients):
        at = up.clock.now().astimezone(TOKYO) - timedelta(hours=hours_ago + len(clients) - number)
        await up.mika.command("received", client=client, at=f"{at:%Y-%m-%d %H:%M}")


async def listed(up: Stage) -> Message:
    return (await up.mika.command("pending")).message


def ids_of(card: Message, action: str) -> list[str]:
    """The custom ids of the list's buttons of an action, in their order."""
    ids = [node.get("custom_id", "") for node in walk_components(card.body["components"]) if node["type"] == 2]
    return [custom_id for custom_id in ids if f":{action}:" in custom_id]


def order(card: Message, *clients: str) -> list[str]:
    text = text_of(card)
    return sorted((client for client in clients if client in text), key=text.index)


async def sent(up: Stage) -> list[tuple[str, int]]:
    rows = await up.rows("SELECT kind, count(*) FROM messages WHERE direction = 'sent' GROUP BY kind ORDER BY kind")
    return [(row[0], int(row[1])) for row in rows]


async def test_open_ones_by_deadline_then_the_overdue(up: Stage) -> None:
    await waits(up, "甲", "乙", hours_ago=30)
    await waits(up, "丙", "丁", hours_ago=3)
    card = await listed(up)
    assert order(card, "甲", "乙", "丙", "丁") == ["丙", "丁", "乙", "甲"]
    assert len(ids_of(card, "now")) == len(ids_of(card, "dismiss")) == 4
    assert count_shown(text_of(card), "pending-due-overdue") == 2
    overdue = ids_of(card, "new-thread")
    assert len(overdue) == 2, "what leaves the rate as it is comes first"
    buttons = [node.get("custom_id", "") for node in walk_components(card.body["components"]) if node["type"] == 2]
    window = overdue[0].rpartition(":")[2]
    assert [each.split(":")[3] for each in buttons if each.endswith(f":{window}")] == ["new-thread", "dismiss", "now"]
    green = {
        node["custom_id"].split(":")[3]
        for node in walk_components(card.body["components"])
        if node.get("style") == SUCCESS
    }
    assert green == {"now", "new-thread"}
    assert len([node for node in walk_components(card.body["components"]) if node.get("style") == SUCCESS]) == 4, (
        "one each"
    )


@pytest.mark.parametrize(("hours_ago", "most"), [(3, 4), (30, 3)])
async def test_as_many_have_their_own_buttons_as_fit_on_a_phone(up: Stage, hours_ago: int, most: int) -> None:
    names = "甲乙丙丁戊"
    await waits(up, *names[:most], hours_ago=hours_ago)
    assert len(ids_of(await listed(up), "dismiss")) == most
    await waits(up, names[most], hours_ago=hours_ago)
    assert ids_of(await listed(up), "dismiss") == []


@pytest.mark.parametrize("action", ["now", "dismiss"])
async def test_a_press_replaces_the_list_and_can_be_undone(up: Stage, action: str) -> None:
    await waits(up, "甲", "乙")
    card = await listed(up)
    count = len(up.mika.bot_messages())
    answer = await up.mika.click_custom_id(card, ids_of(card, action)[0])
    assert answer.message.id == card.id
    assert len(up.mika.bot_messages()) == count
    assert await count_waiting(up) == 1
    assert shows(answer.text, "pending-replied" if action == "now" else "pending-dismissed")
    assert shows(answer.text, "pending-title", count=1)
    assert len(ids_of(answer.message, "now")) == 1
    undone = await up.mika.click(answer.message, says("action-undo"))
    assert undone.message.id == card.id
    assert shows(undone.text, "pending-undone")
    assert await count_waiting(up) == 2
    assert await sent(up) == []


async def test_an_undo_takes_back_its_own_press_alone(up: Stage) -> None:
    await waits(up, "甲", "乙")
    card = await listed(up)
    answer = await up.mika.click_custom_id(card, ids_of(card, "now")[0])
    [undo] = ids_of(answer.message, "revert")
    await up.mika.command("received", client="丙", at="今日 11:50")
    undone = await up.mika.click(answer.message, says("action-undo"))
    assert order(undone.message, "甲", "乙", "丙") == ["甲", "乙", "丙"]
    again = await up.mika.click_custom_id(undone.message, undo)
    assert shows(again.text, "recording-message-gone")


@pytest.mark.parametrize("action", ["now", "dismiss", "new-thread"])
async def test_a_double_tap_keeps_what_the_first_one_said_and_its_undo(up: Stage, action: str) -> None:
    await waits(up, "甲", "乙", hours_ago=30 if action == "new-thread" else 1)
    pressed = ids_of(card := await listed(up), action)[0]
    once = await up.mika.click_custom_id(card, pressed)
    told, undo = once.text.splitlines()[0], ids_of(once.message, "revert")
    up.clock.advance_to(up.clock.now() + timedelta(seconds=3))
    again = await up.mika.click_custom_id(card, pressed)
    assert again.text.splitlines()[0] == told
    assert ids_of(again.message, "revert") == undo != []
    assert [count for _, count in await sent(up)] == [1]


async def test_a_press_on_a_window_that_ended_says_so(up: Stage) -> None:
    await waits(up, "甲", "乙")
    card = await listed(up)
    now, dismiss = ids_of(card, "now")[0], ids_of(card, "dismiss")[0]
    await up.mika.command("replied", client="甲", at="今日 11:30")
    for custom_id in (now, dismiss):
        answer = await up.mika.click_custom_id(card, custom_id)
        assert shows(answer.text, "window-answered")
        assert shows(answer.text, "pending-title", count=1)
    assert await sent(up) == [("message", 1)]


@pytest.mark.parametrize("others", [(), ("乙",)], ids=["an empty list", "another one waits"])
async def test_more_of_a_window_that_ended_says_so_above_the_list_each_time(up: Stage, others: tuple[str, ...]) -> None:
    await waits(up, "甲", *others)
    card = await listed(up)
    more = next(
        each for each in buttons_of(card).values() if each.startswith("press:window:") and each.endswith("open")
    )
    await up.mika.write("甲さん返信不要")
    await up.mika.next_bot_message()
    for _ in range(2):
        answer = await up.mika.click_custom_id(card, more)
        assert answer.message.id == card.id
        assert answer.text.splitlines()[0] == says("window-dismissed")
        assert shows(answer.text, "pending-title", count=1) if others else shows(answer.text, "pending-none")


async def test_a_late_reply_is_said_to_be_late(up: Stage) -> None:
    await waits(up, "甲", hours_ago=30)
    card = await listed(up)
    answer = await up.mika.click(card, REPLIED)
    assert shows(answer.text, "pending-replied-late")
    assert shows(answer.text, "pending-none")


async def test_several_need_no_reply_in_three_taps(up: Stage) -> None:
    await waits(up, "甲", "乙", "丙", "丁")
    card = await listed(up)
    chooser = (await up.mika.click(card, SEVERAL)).message
    [select] = selects_of(chooser)
    assert (select["min_values"], select["max_values"]) == (1, 4)
    answer = await up.mika.select_option(chooser, "甲", "乙", "丁")
    assert answer.message.id == card.id
    assert shows(answer.text, "pending-dismissed")
    assert order(answer.message, "甲", "乙", "丁") == ["甲", "乙", "丁"]
    assert await count_waiting(up) == 1
    history = await up.mika.command("history")
    assert says("action-revert") in buttons_of(history.message)
    undone = await up.mika.click(answer.message, says("action-undo"))
    assert await count_waiting(up) == 4
    assert shows(undone.text, "pending-title", count=4)
    assert await sent(up) == []


async def test_several_are_one_step_of_the_history(up: Stage) -> None:
    await waits(up, "甲", "乙", "丙")
    chooser = (await up.mika.click(await listed(up), SEVERAL)).message
    await up.mika.select_option(chooser, "甲", "乙")
    assert await count_waiting(up) == 1
    await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert await count_waiting(up) == 3


async def test_several_where_some_ended_meanwhile(up: Stage) -> None:
    await waits(up, "甲", "乙", "丙")
    chooser = (await up.mika.click(await listed(up), SEVERAL)).message
    await up.mika.command("replied", client="甲", at="今日 11:30")
    answer = await up.mika.select_option(chooser, "甲", "乙")
    assert shows(answer.text, "pending-dismissed", threads="**乙**")
    assert await count_waiting(up) == 1
    await waits(up, "丁")
    chooser = (await up.mika.click(await listed(up), SEVERAL)).message
    await up.mika.command("replied", client="丙", at="今日 11:30")
    answer = await up.mika.select_option(chooser, "丙")
    assert shows(answer.text, "window-answered")
    assert shows(answer.text, "pending-title", count=1)


async def test_what_is_overdue_for_long_is_one_line(up: Stage) -> None:
    await waits(up, "甲", hours_ago=1)
    await waits(up, "丁", hours_ago=7 * 24 + 23)  # overdue for a minute less than a week
    await waits(up, "昔A", "昔B", hours_ago=9 * 24)
    card = await listed(up)
    assert order(card, "甲", "丁", "昔A", "昔B") == ["甲", "丁"]
    assert shows(text_of(card), "pending-long-overdue", count=2)
    assert shows(text_of(card), "pending-title", count=4)
    unfolded = await up.mika.click(card, says("pending-show-long-overdue"))
    assert unfolded.message.id == card.id
    assert order(unfolded.message, "甲", "丁", "昔A", "昔B") == ["昔B", "昔A"]
    done = await up.mika.click_custom_id(unfolded.message, ids_of(unfolded.message, "dismiss")[0])
    assert order(done.message, "甲", "丁", "昔A", "昔B") == ["昔B", "昔A"], "the notice, and the other one"
    assert shows(done.text, "pending-title-long-overdue", count=1)
    assert order((await up.mika.click(done.message, says("pagination-before"))).message, "甲", "昔A") == ["甲"]


async def test_nothing_but_what_is_overdue_for_long(up: Stage) -> None:
    await waits(up, "昔A", "昔B", hours_ago=9 * 24)
    card = await listed(up)
    assert order(card, "昔A", "昔B") == []
    assert shows(text_of(card), "pending-long-overdue", count=2)
    chooser = (await up.mika.click(card, SEVERAL)).message
    assert shows((await up.mika.select_option(chooser, "昔A", "昔B")).text, "pending-none")


async def test_many_have_one_select(up: Stage) -> None:
    clients = [f"{number:02}社" for number in range(24)]
    await waits(up, *clients[:20], hours_ago=2)
    await waits(up, *clients[20:], hours_ago=1)
    card = await listed(up)
    assert ids_of(card, "now") == []
    [select] = selects_of(card)
    assert len(select["options"]) == 20
    opened = (await up.mika.select_values(card, select, [select["options"][7]["value"]])).message
    assert len(ids_of(opened, "now")) == 1
    answer = await up.mika.click(opened, REPLIED)
    assert shows(answer.text, "pending-replied")
    assert await count_waiting(up) == 23
    second = await up.mika.click(answer.message, says("pagination-after"))
    assert len(ids_of(second.message, "now")) == 3
    assert shows((await up.mika.click(second.message, says("pagination-before"))).text, "pagination-of", page=1)


async def test_the_other_ways_are_one_press_away(up: Stage) -> None:
    await waits(up, "甲")
    opened = await up.mika.click(await listed(up), says("pending-more"))
    assert "甲" in opened.text


def pages_of(card: Message) -> Iterator[str]:
    for node in walk_components(card.body["components"]):
        if node["type"] == TEXT:
            yield node["content"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", others_slow(["wide", "markdown"]))
async def test_a_thousand_windows_with_long_names(up: Stage, kind: str) -> None:
    """Discord's stand-in refuses more than 40 components or 4,000 characters."""
    name = HOSTILE_NAMES[kind][:76]
    rows = ["thread,direction,sent_at,client,title"]
    for number in range(1000):
        hours = number % 30 if number < 960 else 24 * 9
        at = up.clock.now() - timedelta(hours=hours, minutes=1, seconds=number)
        rows.append(f'"{name}{number:04}",received,{at.isoformat()},"{name}{number:04}","{name}{number:04}"')
    preview = await up.mika.command("import", file=("h.csv", "\n".join(rows).encode()))
    await up.mika.click(preview.message, says("action-confirm"))
    assert await count_waiting(up) == 1000
    card = await listed(up)
    assert shows(text_of(card), "pending-long-overdue", count=40)
    [select] = selects_of(card)
    opened = (await up.mika.select_values(card, select, [select["options"][-1]["value"]])).message
    answer = (await up.mika.click(opened, REPLIED)).message
    chooser = (await up.mika.click(answer, SEVERAL)).message
    [select] = selects_of(chooser)
    answer = (await up.mika.select_values(chooser, select, [each["value"] for each in select["options"]])).message
    assert await count_waiting(up) == 974
    for _ in range(3):
        answer = (await up.mika.click(answer, says("pagination-after"))).message
    for page in (46, 47, 48, 49, 50, 10**17):
        answer = (await up.mika.click_custom_id(answer, f"press:page:{page}:show")).message
        assert max(len(text) for text in pages_of(answer)) < 4000


async def test_forged_presses_record_nothing(up: Stage) -> None:
    await waits(up, "甲", "乙")
    card = await listed(up)
    ren = up.discord.add_user("ren")
    await ren.command("received", client="丙", at="11:00")
    for custom_id in ("press:page:0:now:3", "press:page:0:now", "press:page:0:dismiss:3", "press:page:0:dismiss",
                      "press:page:0:revert:3", "press:page:0:revert", "press:page:0:new-thread:99"):  # fmt: skip
        await up.mika.click_custom_id(card, custom_id)
    assert await count_waiting(up) == 3
