"""Everything that goes wrong on the way: what the member sees, and in which outcome the occurrence ends.

docs/reliability.md names these tests beside its promises.
"""

import asyncio
import sqlite3
import threading
import time
from datetime import datetime, timedelta

import pytest

from bot.discord_app.timeouts import Timeouts
from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_errors import (
    CANNOT_SEND_TO_USER,
    DM_OPEN_RATE_LIMITED,
    MISSING_ACCESS,
    DiscordApiError,
)
from bot.fake_discord.users import text_of
from storage import deliveries
from storage.database import Executor
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import POST, UNKNOWN_CHANNEL, claimed_at_one, due_at_one, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = [pytest.mark.both_engines, pytest.mark.others_on_sqlite]


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("via", [False, True])
async def test_429_of_a_route_or_of_everything(up: Stage, everywhere: bool, via: bool) -> None:  # noqa: FBT001
    """Without `Via` it comes from before Discord: discord.py gives up at once, and we try again later."""
    await due_at_one(up)
    up.discord.faults.rate_limit(*POST, 0.1, global_limit=everywhere, via_header=via)
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize(  # discord.py's own pauses grow to many seconds
    "timeouts", [Timeouts(request=0.2, request_retry_delays=(0.01, 0.01))]
)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("times", others_slow([1, 12]))
async def test_5xx_for_a_moment_or_for_long(up: Stage, status: int, times: int) -> None:
    await due_at_one(up)
    up.discord.faults.status(*POST, status, times=times)
    await up.live_to(up.at(14))
    up.discord.faults.planned.clear()
    await up.live_to(up.at(14, 30))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("lost", ["before", "after"])
@pytest.mark.parametrize("times", others_slow([1, 5]))
async def test_the_answer_to_a_message_is_lost(up: Stage, lost: str, times: int) -> None:
    await due_at_one(up)
    up.discord.faults.drop_connection(*POST, lost, times=times)  # type: ignore[arg-type]
    await up.live_to(up.at(13, 30))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_the_answer_to_an_interactions_answer_is_lost(
    up: Stage, lost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Discord has acted a second answer is refused with 40060: the member sees one answer and no apology."""
    up.discord.faults.drop_connection("POST", "/interactions/", lost)  # type: ignore[arg-type]
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert "A社" in answer.text
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    assert not [each for each in up.mika.visible_messages() if shows(text_of(each), "internal-error")]
    logged = "".join(capsys.readouterr())
    assert "response_retried" in logged
    assert "interaction_failed" not in logged
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


async def test_the_answer_to_an_edit_is_lost(up: Stage) -> None:
    await up.mika.write("制作会社A様 今日 9:00")
    receipt = await up.mika.next_bot_message()
    await up.bot.client.finish_handlers()  # type: ignore[union-attr] — else it may not be stored yet
    up.discord.faults.drop_connection("POST", "/interactions/", "after")
    answer = await up.mika.click(receipt, says("action-dismiss"))
    assert shows(answer.text, "shown-dismissed")
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    assert not [each for each in up.mika.visible_messages() if shows(text_of(each), "internal-error")]
    assert shows((await up.mika.command("pending")).text, "pending-none")


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_a_hang_ends_by_our_own_time_out(up: Stage) -> None:
    await due_at_one(up)
    up.discord.faults.hang(*POST)
    began = time.monotonic()
    await up.live_to(up.at(13, 1))
    assert time.monotonic() - began < 10
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("refusal", [MISSING_ACCESS, UNKNOWN_CHANNEL])
async def test_a_passing_refusal_reopens_the_channel(up: Stage, refusal: DiscordApiError) -> None:
    await due_at_one(up)
    up.discord.faults.refuse(*POST, refusal)
    await up.live_to(up.at(13))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]
    assert sum(each.path.endswith("/users/@me/channels") for each in up.discord.requests) == 1


@pytest.mark.parametrize("refusal", [MISSING_ACCESS, UNKNOWN_CHANNEL])
async def test_a_channel_that_stays_refused_is_undeliverable(up: Stage, refusal: DiscordApiError) -> None:
    await due_at_one(up)
    up.discord.faults.refuse(*POST, refusal, times=2)
    await up.live_to(up.at(13))
    assert up.news() == []
    assert await outcomes(up) == ["undeliverable"]
    answer = await up.mika.command("status")
    await up.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    assert shows(text_of(answer.interaction.followups[0]), "missed-undeliverable")


async def test_opening_too_fast_is_slowed_down_and_sent(up: Stage) -> None:
    await due_at_one(up)
    up.discord.faults.refuse(*POST, DM_OPEN_RATE_LIMITED, times=2)
    await up.live_to(up.at(13, 1))
    assert up.news() == []
    assert await outcomes(up) == ["planned"]
    await up.live_to(up.at(13, 5))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


async def test_what_is_undeliverable_goes_to_the_fallback_channel_without_the_clients_name(up: Stage) -> None:
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    await due_at_one(up)
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(13))
    [called] = [each for each in channel.messages.values() if each.author is up.discord.state.bot]
    assert f"<@{up.mika.user.id}>" in text_of(called)
    assert shows(text_of(called), "fallback-reminder", count=1)
    assert "制作会社A" not in text_of(called)
    [request] = [each for each in up.discord.requests if each.path == f"/channels/{channel.id}/messages"]
    assert request.body["allowed_mentions"]["users"] == [up.mika.user.id]
    assert await outcomes(up) == ["undeliverable"]


async def test_a_fallback_channel_that_is_gone_changes_nothing(up: Stage) -> None:
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    await due_at_one(up)
    del up.discord.state.channels[channel.id]
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(13))
    assert await outcomes(up) == ["undeliverable"]


async def test_a_dropped_gateway_resumes_with_what_was_missed(up: Stage) -> None:
    await up.discord.gateway.close_all()
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert up.news() == []


async def test_messages_out_of_order_come_to_the_same(up: Stage) -> None:
    """The reply is seen before the message it answers; then the record is put right by itself."""
    await up.mika.command("received", client="A社", at="11/22 9:00")
    await up.mika.command("replied", client="A社", at="11/22 12:00")
    await up.mika.command("received", client="A社", at="11/20 9:00")
    assert "0.0 % (0/1)" in (await up.mika.command("status")).text
    await up.mika.command("replied", client="A社", at="11/20 10:00")
    assert "100.0 % (2/2)" in (await up.mika.command("status")).text


async def test_a_clock_that_jumps_back_repeats_nothing_and_forward_loses_nothing(up: Stage) -> None:
    await due_at_one(up)
    await up.live_to(up.at(13))
    assert len(up.news()) == 1
    up.clock._now -= timedelta(hours=6)
    await up.move_to(up.at(13))
    assert up.news() == []
    await up.move_to(up.at(16, 30))  # past the next one, within its window
    [late] = up.news()
    assert shows(text_of(late), "reminder-late")
    assert set(await outcomes(up)) <= {"delivered", "superseded"}


@pytest.mark.sqlite_only
async def test_a_full_disk_is_a_sentence_and_everything_goes_on_afterwards(up: Stage) -> None:
    await due_at_one(up)
    writer = up.bot.client.services.database._writer  # type: ignore[union-attr]
    [[pages]] = await writer.execute_fetchall("PRAGMA page_count")
    await writer.execute_fetchall(f"PRAGMA max_page_count = {pages}")
    shown = ""
    for number in range(200):
        shown = (await up.mika.command("received", client=f"社{number}" + "長" * 80, at="10:00")).text
        if shows(shown, "storage-full"):
            break
    assert shows(shown, "storage-full")
    await up.mika.command("status")
    await writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    assert "B社" in (await up.mika.command("received", client="B社", at="10:00")).text
    await up.live_to(up.at(13))
    assert any("制作会社A" in text_of(each) for each in up.news())


@pytest.mark.sqlite_only
@pytest.mark.slow
async def test_a_database_locked_for_ten_seconds_is_waited_for(up: Stage) -> None:
    await due_at_one(up)
    held = sqlite3.connect(up.database, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(held.execute, "BEGIN IMMEDIATE")  # the bot may be writing just now
    free = threading.Timer(10, lambda: held.execute("ROLLBACK"))
    free.start()
    await up.mika.write("制作会社B様 今日 9:00")
    await up.discord.state.wait_until(lambda: not up.mika.has_read_everything(), timeout_seconds=60)
    assert "制作会社B" in text_of(await up.mika.next_bot_message())
    free.join()
    held.close()
    await up.live_to(up.at(13))
    assert len(up.news()) == 1


async def test_a_claim_whose_process_died_is_taken_over_once_its_lease_ends(stage: Stage) -> None:
    async with stage.open_bot():
        await due_at_one(stage)
    await stage.rows(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $1 WHERE lead = 14400000000",
        instant_to_micros(stage.at(13, 1)),
    )
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        assert stage.news() == []
        assert await bot.dispatcher.next_due() == stage.at(13, 1)
        await stage.live_to(stage.at(13, 1))
        assert len(stage.news()) == 1
    assert await outcomes(stage) == ["delivered"]


async def test_a_second_try_never_speaks_of_what_the_first_left_out(stage: Stage) -> None:
    """Dismissed once it was claimed; the process dies between sending and marking; then the dismissal is undone."""

    def die() -> float:
        if str((stage.discord.requests[-1].body or {}).get("nonce", "")).startswith("nintei-"):
            for task in bot.dispatcher._member_tasks:
                task.cancel()
        return 0

    async with stage.open_bot() as bot:
        await due_at_one(stage)
        await stage.mika.write("制作会社B様 昨日 17:09")
        receipt = await stage.mika.next_bot_message()
        stage.news()
        async with claimed_at_one(stage):  # both, as one delivery
            dismissed = await stage.mika.click(receipt, says("action-dismiss"))
            stage.discord.faults.latency = die
        stage.discord.faults.latency = None
    [first] = stage.news()
    assert "制作会社A" in text_of(first)
    assert "制作会社B" not in text_of(first)
    async with stage.open_bot():
        await stage.mika.click(dismissed.message, says("action-undo"))
        await stage.live_to(stage.at(13, 8))  # past the lease: the same delivery once more
        assert stage.news() == []
        assert await outcomes(stage) == ["delivered"]
        await stage.live_to(stage.at(13, 9))
        [own] = stage.news()
    assert "制作会社B" in text_of(own)
    assert "制作会社A" not in text_of(own)
    assert sorted(await outcomes(stage)) == ["delivered", "delivered", "superseded"]


async def test_a_window_whose_dismissal_is_undone_before_the_send_is_reminded_of(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was seen as dismissed waits again when it is to be taken out."""
    look = deliveries.load_claimed_reminders

    async def look_and_undo(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
        monkeypatch.setattr(deliveries, "load_claimed_reminders", look)
        looks = await look(reader, claimed, now=now)
        await up.mika.click(dismissed.message, says("action-undo"))
        return looks

    receipt = await due_at_one(up)
    async with claimed_at_one(up):
        dismissed = await up.mika.click(receipt, says("action-dismiss"))
        monkeypatch.setattr(deliveries, "load_claimed_reminders", look_and_undo)
    assert "制作会社A" in text_of(up.news()[-1])
    assert await outcomes(up) == ["delivered"]


@pytest.mark.slow
async def test_a_stop_in_the_middle_of_a_burst_sends_each_once(stage: Stage) -> None:
    people = [stage.discord.add_user(f"p{number}") for number in range(30)]
    async with stage.open_bot():
        for person in people:
            await person.write("制作会社A様 昨日 17:00")
            await person.next_bot_message()
            await person.next_bot_message()  # the welcome
    stage.discord.faults.latency = lambda: 0.05
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot():
        # Leaving finishes what is under way; the rest waits for the next start.
        await stage.discord.state.wait_until(lambda: sum(bool(len(each.bot_messages()) > 2) for each in people) >= 10)
    assert set(await outcomes(stage)) <= {"delivered", "planned", "claimed"}
    stage.discord.faults.latency = None
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        stage.clock.advance_to(stage.at(13, 2))  # the leases of what was claimed and not begun
        await bot.dispatcher.wait_idle()
    assert [len(each.bot_messages()) for each in people] == [3] * 30
    assert set(await outcomes(stage)) == {"delivered"}
    await asyncio.sleep(0)
