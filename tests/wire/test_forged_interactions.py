"""What Discord's own apps would never send: forged custom ids, values, options. A sentence, and nothing of anybody's."""

import random
from itertools import product
from typing import Any

import pytest

from bot.discord_app.ui.press_words import Action, Target
from bot.fake_discord.gateway import DIRECT_MESSAGES
from bot.fake_discord.state import Message
from bot.fake_discord.users import COMMAND, COMPONENT, InteractionResult, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

pytestmark = pytest.mark.both_engines


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


@pytest.mark.parametrize("number", [2**63, 2**64 - 1])
async def test_an_id_that_no_database_stores_is_none(
    up: Stage, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    too_large, channel_id = str(number), str(up.mika.dm.id)
    message = {"id": too_large, "channel_id": channel_id, "author": {"id": str(up.mika.user.id), "username": "mika"}}
    for data in (message, message | {"type": "x"}, message | {"author": {"id": too_large}, "channel_id": too_large}):
        await up.discord.gateway.dispatch(
            "MESSAGE_CREATE", data | {"content": "甲社様 今日 9:00"}, intent=DIRECT_MESSAGES
        )
    assert not shows((await up.mika.command("status")).text, "internal-error")
    await up.handlers_done()
    assert not any(shows(text_of(each), "internal-error") for each in up.mika.bot_messages())
    logged = "".join(capsys.readouterr())
    assert "message_failed" not in logged
    assert "never retrieved" not in logged
    assert shows((await up.mika.command("pending")).text, "pending-none")


VALUES = ["1", "0", "-1", "９", "²", "9" * 100, "another", "", "\0", "ja", "held", "A社", "'; DROP TABLE members; --"]
TEXTS = [
    "\0", "\u202e\u200b", "\ud83d", "９" * 200, "-1", "9" * 5000, "1e308", "NaN", "今日" * 2000, "@everyone `x` <@1>", " ",
    "$1 %s {0} ?", "[[[[", "2026-02-30", "25:99", "#999999999999999999999",
]  # fmt: skip


async def _forge(stage: Stage, message: Message, custom_id: str, values: list[str], kind: int) -> InteractionResult:
    data = {"component_type": kind, "custom_id": custom_id, "values": values}
    return await stage.mika._interact(COMPONENT, data, message.channel, message)


@pytest.mark.slow  # hundreds of presses
async def test_every_control_with_every_number_is_a_sentence_at_most(up: Stage) -> None:
    ken = up.discord.add_user("ken")
    await ken.command("received", client="ケンの客", at="9:00")
    await ken.command("replied", client="ケンの客", at="9:30")
    await ken.command("job add", method="task", reward="100", category="ケンの分類")
    page = (await up.mika.command("history")).message
    before = [
        await up.rows(f"SELECT * FROM {table} WHERE member_id = $1", ken.user.id) for table in ("messages", "jobs")
    ]
    choice = random.Random(7)  # noqa: S311 — the same ones each time
    combinations = [pair for pair in product(Target, Action) if pair != (Target.ERASURE, Action.CONFIRM)]
    for target, action in combinations:
        number = choice.choice(["1", "2", "0", "999999999999999999"])
        values = choice.sample(VALUES, choice.randint(0, 2))
        answer = await _forge(
            up, page, f"{'choose' if values else 'press'}:{target}:{number}:{action}", values, 3 if values else 2
        )
        if answer.kind == 9:
            continue  # a form: what it sends is checked when it comes
        assert not shows(answer.text, "internal-error"), (target, number, action, values)
        assert "ケンの" not in answer.text, (target, number, action, values)
    after = [
        await up.rows(f"SELECT * FROM {table} WHERE member_id = $1", ken.user.id) for table in ("messages", "jobs")
    ]
    assert [list(map(tuple, rows)) for rows in after] == [list(map(tuple, rows)) for rows in before]


def _value(option: dict[str, Any], made: object, choice: random.Random) -> object:
    """Discord itself lets only an option's own choices pass."""
    return choice.choice(option["choices"])["value"] if option.get("choices") else made


@pytest.mark.parametrize(
    "custom_id",
    ["press:message:1:erase", "press:message:-1:look", "press:message:1:look ", "press:MESSAGE:1:look", "x" * 100, "\0",
     "press:message:１:look", "press:thread:9999999999999999999:open", "choose:message:1:move:extra"],
)  # fmt: skip
async def test_a_custom_id_that_is_none_of_ours(up: Stage, custom_id: str) -> None:
    page = (await up.mika.command("history")).message
    answer = await _forge(up, page, custom_id, [], 2)
    assert not shows(answer.text, "internal-error")
    assert answer.text


async def test_a_press_that_names_no_control_is_answered(up: Stage) -> None:
    page = (await up.mika.command("history")).message
    answer = await up.mika._interact(3, {"component_type": 2}, up.mika.dm, page)
    assert shows(answer.text, "button-unknown")


@pytest.mark.parametrize("custom_id", ["press:message:1:erase", "page-2"])
async def test_a_control_that_a_former_version_left_on_its_message(up: Stage, custom_id: str) -> None:
    page = (await up.mika.command("status")).message
    button = next(node for node in walk_components(page.body["components"]) if "custom_id" in node)
    button["custom_id"] = custom_id
    assert shows((await up.mika.click_custom_id(page, custom_id)).text, "button-unknown")


@pytest.mark.slow
async def test_options_that_no_app_would_send(up: Stage) -> None:
    choice = random.Random(11)  # noqa: S311 — as above
    kinds = {
        3: lambda: choice.choice(TEXTS),
        4: lambda: choice.choice([-1, 0, 2**53, -(2**53)]),
        5: lambda: True,
        10: lambda: 1e300,
    }
    for command in [
        each for each in up.discord.state.commands if each.get("type", 1) == 1 and each["name"] != "import"
    ]:
        subs = [each for each in command.get("options", []) if each["type"] == 1]
        for sub in subs or [None]:
            options = (sub or command).get("options", [])
            for _ in range(6):
                given = [
                    {"name": each["name"], "type": each["type"], "value": _value(each, kinds[each["type"]](), choice)}
                    for each in options
                    if each["type"] in kinds and (each.get("required") or choice.random() < 0.5)
                ]
                nested = [{"name": sub["name"], "type": 1, "options": given}] if sub else given
                data = {"id": command["id"], "name": command["name"], "type": 1, "options": nested, "resolved": {}}
                answer = await up.mika._interact(COMMAND, data, up.mika.dm)
                if answer.kind != 9:
                    assert not shows(answer.text, "internal-error"), (command["name"], given)
