"""How far what a member does most travels: the functions and files of the bot that it enters, and its statements.

A reader follows these paths first. The figures may fall, and rise only with a reason. Since a card is stored and shown
again with the state of its windows, they are higher; one statement that stores what a press has shown follows it. On
PostgreSQL one locks the member while a card is stored, which saves a comparison later. What Discord sends is reduced to
what is read, in a file of its own. What tasks do that run beside them does not count (tests/helpers/counted.py).
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Final

import pytest

from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, entry_sort_key
from bot.fake_discord.state import Message
from bot.fake_discord.validation import walk_components
from bot.i18n.translations import get_translations
from tests.helpers.counted import counted_functions, counted_statements
from tests.helpers.scenarios import due_at_one
from tests.helpers.stage import Stage


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    run_what_runs_once()
    return shared


def run_what_runs_once() -> None:
    """What a process does once, so that no count depends on the tests before: parse a text, order a kind of entries."""
    texts = get_translations("ja")
    for text_id in texts.messages:
        with suppress(KeyError):  # its variables are missing
            texts(text_id)
    for direction, kind in product(Direction, EventKind):
        entry_sort_key(ThreadEvent(direction, kind, NOON))


NOON: Final = datetime(2026, 11, 24, 3, tzinfo=UTC)

Step = Callable[[], Awaitable[object]]


async def forward(up: Stage, client: str, minute: int) -> Message:
    """Forward a notification, and wait for the receipt and for what follows it."""
    await up.mika.forward(f"[ランサーズ] {client} さんから バナー のコメントが届いています", posted_at=up.at(9, minute))
    receipt = await up.mika.next_bot_message()
    await up.handlers_done()
    return receipt


async def press_now(up: Stage, card: Message) -> Step:
    """Press "replied now" for the window of the newest message."""
    [[message_id]] = await up.rows("SELECT max(message_id) FROM messages WHERE direction = 'received'")
    return lambda: up.mika.click_custom_id(card, f"press:window:{message_id}:now")


async def reminder(up: Stage) -> Message:
    await due_at_one(up)
    await up.live_to(up.at(13))
    return await up.mika.next_bot_message()


async def forwarded(up: Stage) -> Step:
    """A message of a new client, after another one: what runs once for a process has run."""
    await forward(up, "山田", 12)
    return lambda: forward(up, "高橋", 40)


async def forwarded_again(up: Stage) -> Step:
    """A further message of a client who waits; its receipt, whose texts are parsed once for a process, was seen before."""
    await forward(up, "山田", 12)
    await forward(up, "山田", 26)
    return lambda: forward(up, "山田", 40)


async def pressed_on_receipt(up: Stage) -> Step:
    await (await press_now(up, await forward(up, "山田", 12)))()
    return await press_now(up, await forward(up, "高橋", 40))


async def pressed_on_reminder(up: Stage) -> Step:
    await (await press_now(up, await forward(up, "山田", 12)))()
    return await press_now(up, await reminder(up))


async def dismissed_on_reminder(up: Stage) -> Step:
    await (await press_now(up, await forward(up, "山田", 12)))()
    card = await reminder(up)
    custom_id = next(node["custom_id"] for node in walk_components(card.body["components"]) if _is_dismissal(node))
    return lambda: up.mika.click_custom_id(card, custom_id)


def _is_dismissal(node: dict[str, object]) -> bool:
    return str(node.get("custom_id")).endswith(":dismiss")


@dataclass(frozen=True)
class Walk:
    """A path and its limits."""

    prepare: Callable[[Stage], Awaitable[Step]]
    statements: int
    functions: int
    files: int


WALKS = [
    Walk(forwarded, statements=18, functions=188, files=48),
    Walk(forwarded_again, statements=17, functions=190, files=48),
    Walk(pressed_on_receipt, statements=16, functions=153, files=46),
    Walk(pressed_on_reminder, statements=17, functions=157, files=49),
    Walk(dismissed_on_reminder, statements=14, functions=150, files=48),
]


@pytest.fixture(params=WALKS, ids=lambda each: each.prepare.__name__)
def path(request: pytest.FixtureRequest) -> Walk:
    assert isinstance(request.param, Walk)
    return request.param


@pytest.mark.both_engines
async def test_it_takes_few_statements(up: Stage, path: Walk) -> None:
    step = await path.prepare(up)
    with counted_statements() as statements:
        await step()
    assert len(statements) <= path.statements, "\n".join(statements)


@pytest.mark.sqlite_only  # the default engine; the other one has a pool of connections besides
async def test_it_enters_few_functions(up: Stage, path: Walk) -> None:
    step = await path.prepare(up)
    with counted_functions() as entered:
        await step()
    listing = "\n".join(sorted(f"{file}: {name}" for file, name in entered))
    assert len(entered) <= path.functions, listing
    assert len({file for file, _ in entered}) <= path.files, listing
