"""An answer that is not there within three seconds is deferred; an entry repeated within minutes is one entry."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.discord_app.client import MAX_CONCURRENT_PER_MEMBER
from bot.discord_app.responses import DEFER_AFTER_SECONDS
from bot.domain.calendar import instant_to_micros
from bot.domain.types import MemberId
from bot.fake_discord.api_errors import not_found_error
from bot.fake_discord.users import InteractionResult, buttons_of, text_of
from storage.cards import MAX_CARDS_PER_THREAD
from tests.helpers.scenarios import due_at_one
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines

HELD_SECONDS = 4.0


@asynccontextmanager
async def database_held(stage: Stage) -> AsyncIterator[None]:
    """Nobody can write for four real seconds, as with a slow disk or a copy of the file."""
    held = sqlite3.connect(stage.database, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(held.execute, "BEGIN IMMEDIATE")
    free = threading.Timer(HELD_SECONDS, lambda: held.execute("ROLLBACK"))
    free.start()
    stage.discord.faults.real_time_answers = True
    try:
        yield
    finally:
        await asyncio.to_thread(free.join)
        held.close()


def late_answers(stage: Stage) -> list[str]:
    """The answers that Discord refused."""
    return [each.path for each in stage.discord.requests if "/callback" in each.path and each.status >= 400]


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_whatever_writes_is_deferred_while_the_database_is_held(up: Stage) -> None:
    """All at once, so that the database is held once: each is answered, none with a failure."""
    receipt = await due_at_one(up)
    await up.live_to(up.at(13))
    reminder = await up.mika.next_bot_message()
    ren = up.discord.add_user("ren")
    aya = up.discord.add_user("aya")
    async with database_held(up):
        job, replied, settings, received = await asyncio.gather(
            up.mika.command("job add", method="project", reward="50000"),
            up.mika.click(reminder, says("action-now")),
            ren.command("settings", locale="en"),
            aya.command("received", client="A社", at="今日 10:00"),
        )
    del receipt
    assert late_answers(up) == []
    assert "50,000" in job.text
    assert shows(replied.text, "shown-answered")
    assert "A社" in received.text
    assert text_of(settings.message)
    assert [row[0] for row in await up.rows("SELECT count(*) FROM jobs")] == [1]


async def test_an_answer_after_fifteen_minutes_is_no_failure(up: Stage) -> None:
    """The export is ready when the interaction can no longer be answered."""

    def let_time_pass() -> float:
        for interaction in up.discord.state.interactions.values():
            interaction.created_at -= timedelta(minutes=16)
        return 0

    up.discord.faults.latency = let_time_pass
    with capture_logs() as logged:
        asking = asyncio.create_task(up.mika.command("export"))
        await up.discord.state.wait_until(
            lambda: any(interaction.response for interaction in up.discord.state.interactions.values())
        )
        assert up.bot is not None
        await up.bot.client.finish_handlers()
        asking.cancel()
    assert up.discord.requests[-1].status == 401
    events = [entry["event"] for entry in logged]
    assert "interaction_expired" in events
    assert "interaction_failed" not in events


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_a_press_that_changes_its_card_is_deferred(up: Stage) -> None:
    receipt = await due_at_one(up)
    async with database_held(up):
        answer = await up.mika.click(receipt, says("action-undo"))
    assert late_answers(up) == []
    assert answer.message is receipt
    assert shows(text_of(receipt), "receipt-undone")


async def press_late(up: Stage, pressing: Coroutine[Any, Any, InteractionResult]) -> None:
    """Press or ask something whose answer Discord takes no more."""
    up.discord.faults.refuse("POST", "/callback", not_found_error("interaction", 10062))
    with capture_logs() as logged:
        task = asyncio.create_task(pressing)
        async with asyncio.timeout(10):
            while not any(entry["event"] == "interaction_ended" for entry in logged):  # noqa: ASYNC110 — a log line
                await asyncio.sleep(0.01)
        task.cancel()


async def test_what_a_late_command_recorded_is_told_in_a_direct_message(up: Stage) -> None:
    await press_late(up, up.mika.command("received", client="A社", at="9:00"))
    assert "A社" in text_of(await up.mika.next_bot_message())
    up.clock.advance(timedelta(seconds=1))
    await press_late(up, up.mika.command("status"))
    assert up.news() == [], "nothing was recorded"


@pytest.mark.parametrize("newer_cards", [0, MAX_CARDS_PER_THREAD])
async def test_a_late_press_on_a_card_is_seen_on_the_card(up: Stage, newer_cards: int) -> None:
    """Also on one that is not among the newest of its conversation."""
    reminder = await due_at_one(up)
    for _ in range(newer_cards):
        await up.mika.command("pending")
    await press_late(up, up.mika.click(reminder, says("action-now")))
    await up.handlers_done()
    up.clock.advance(timedelta(minutes=2))
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert says("action-now") not in buttons_of(reminder)
    assert up.news() == []


async def test_the_stand_in_refuses_a_late_answer(up: Stage) -> None:
    """In seconds of the machine, though the clock of the test stands still."""
    began, up.discord.faults.real_time_answers = time.monotonic(), True
    await up.mika.command("help")
    interaction = list(up.discord.state.interactions.values())[-1]
    interaction.response, interaction.began_at = None, began - 3.1
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    async with up.bot.client.http._HTTPClient__session.post(  # type: ignore[union-attr]
        up.discord.api_url + path, json={"type": 5}
    ) as refused:
        assert refused.status == 404
        assert (await refused.json())["code"] == 10062
    assert DEFER_AFTER_SECONDS < 3


async def test_the_same_job_again_is_asked_about(up: Stage) -> None:
    for _ in range(2):
        answer = await up.mika.command("job add", method="project", reward="50000", client="A社")
    assert shows(answer.text, "job-repeated")
    assert [row[0] for row in await up.rows("SELECT count(*) FROM jobs")] == [1]
    other = await up.mika.command("job add", method="project", reward="50001", client="A社")
    assert not shows(other.text, "job-repeated")
    again = await up.mika.click(answer.message, says("action-again"))
    assert not shows(again.text, "job-repeated")
    assert [row[0] for row in await up.rows("SELECT count(*) FROM jobs")] == [3]


async def test_two_presses_at_once_add_one_job(up: Stage) -> None:
    for _ in range(2):
        answer = await up.mika.command("job add", method="project", reward="50000", client="A社")
    button = buttons_of(answer.message)[says("action-again")]
    added = []
    for seconds in (0, 5, 1):
        up.clock.advance(timedelta(seconds=seconds))
        added.append((await up.mika.click_custom_id(answer.message, button)).text)
        assert [row[0] for row in await up.rows("SELECT count(*) FROM jobs")] == [3 if seconds == 1 else 2]
    assert added[0] == added[1]
    assert shows(added[0], "job-added")


async def test_the_same_job_an_hour_later_is_another_one(up: Stage) -> None:
    await up.mika.command("job add", method="project", reward="50000")
    await up.move_to(up.at(13))
    await up.mika.command("job add", method="project", reward="50000")
    assert [row[0] for row in await up.rows("SELECT count(*) FROM jobs")] == [2]


@pytest.mark.others_on_sqlite("at")
@pytest.mark.parametrize("at", ["今日 10:00", "2時間前", None])
@pytest.mark.parametrize("threads", [1, 2])
async def test_the_same_entry_again_is_told_as_one(up: Stage, at: str | None, threads: int) -> None:
    for title in ("ロゴ", "バナー")[:threads]:
        await up.mika.command("received", client="A社", at="昨日 10:00", thread=title)
    options = {} if at is None else {"at": at}
    first = await up.mika.command("received", client="A社", **options)
    assert not shows(first.text, "receipt-repeated")
    before = await up.rows("SELECT count(*) FROM messages")
    await up.move_to(up.at(12, 2))
    assert shows((await up.mika.command("received", client="A社", **options)).text, "receipt-repeated")
    assert [*map(tuple, await up.rows("SELECT count(*) FROM messages"))] == [*map(tuple, before)]


async def test_a_reply_again_is_told_as_one_and_a_new_message_after_it_is_new(up: Stage) -> None:
    await up.mika.command("received", client="A社", at="昨日 20:00")
    assert shows((await up.mika.command("replied", client="A社")).text, "receipt-verdict-on-time")
    await up.move_to(up.at(12, 3))
    assert shows((await up.mika.command("replied", client="A社")).text, "receipt-repeated")
    await up.mika.command("received", client="A社")
    await up.move_to(up.at(12, 6))
    assert not shows((await up.mika.command("replied", client="A社")).text, "receipt-repeated")
    await up.mika.write("A社 今日 9:00")
    await up.mika.next_bot_message()
    await up.mika.write("A社 今日 9:00")
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")


@pytest.mark.parametrize(
    ("first", "minutes", "second", "is_repeated"),
    [
        ("制作会社A様 20分前", 0, "制作会社A様 25分前", False),
        ("制作会社A様 29分前", 0, "制作会社A様 20分前", False),
        ("Message from Acme Inc. 10 minutes ago", 0, "Message from Acme Inc. 12 minutes ago", False),
        ("制作会社A様 20分前", 5, "制作会社A様 30分前", False),
        ("制作会社A様 20分前", 5, "制作会社A様 10分前", False),
        ("制作会社A様 20分前", 5, "制作会社A様 25分前", True),
        ("制作会社A様 20分前", 5, "制作会社A様 20分前", True),
    ],
)
async def test_times_counted_from_now_are_one_if_what_has_passed_explains_them(
    up: Stage, first: str, minutes: int, second: str, *, is_repeated: bool
) -> None:
    await up.mika.write(first)
    assert not shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")
    await up.move_to(up.at(12, minutes))
    await up.mika.write(second)
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated") is is_repeated
    assert [row[0] for row in await up.rows("SELECT count(*) FROM messages")] == [1 if is_repeated else 2]


async def test_a_press_that_waits_for_its_turn_is_of_the_instant_at_which_it_came(up: Stage) -> None:
    """Else a reply that was on time would be late."""
    receipt = await due_at_one(up)
    assert up.bot is not None
    turns, pressed_at, member_id = up.bot.client.member_semaphores, up.clock.now(), MemberId(up.mika.user.id)
    async with AsyncExitStack() as stack:
        for _ in range(MAX_CONCURRENT_PER_MEMBER):
            await stack.enter_async_context(turns.acquire(member_id))
        pressing = asyncio.create_task(up.mika.click(receipt, says("action-now")))
        async with asyncio.timeout(10):
            while not turns._semaphores[member_id]._waiters:  # noqa: ASYNC110 — nothing wakes
                await asyncio.sleep(0.01)
        up.clock.advance(timedelta(seconds=2))
    await pressing
    assert await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent'") == [(instant_to_micros(pressed_at),)]
