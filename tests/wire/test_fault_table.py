"""Each row of the table of faults in docs/reliability.md: what the member sees, the outcome, and what is logged."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.discord_app.timeouts import Timeouts
from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER, DM_OPEN_RATE_LIMITED, MISSING_ACCESS, NO_MUTUAL_GUILDS
from bot.fake_discord.fault_injection import Faults
from bot.fake_discord.users import text_of
from bot.scheduling.dm_open_limiter import BACKOFF
from bot.services.members import MemberService
from storage import deliveries
from tests.helpers.scenarios import POST, UNKNOWN_CHANNEL, due_at_one, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

Plan = Callable[[Faults], None]

OPEN = ("POST", "/users/@me/channels")

AT_ONCE: list[tuple[str, Plan, str, list[str]]] = [
    ("429 of a route", lambda it: it.rate_limit(*POST, 0.05), "delivered", []),
    ("429 of everything", lambda it: it.rate_limit(*POST, 0.05, global_limit=True), "delivered", []),
    ("503", lambda it: it.status(*POST, 503, times=2), "delivered", ["send_retried"]),
    ("cut before", lambda it: it.drop_connection(*POST, "before", times=2), "delivered", ["send_retried"]),
    ("cut after", lambda it: it.drop_connection(*POST, "after", times=2), "delivered", ["send_retried"]),
    ("50001", lambda it: it.refuse(*POST, MISSING_ACCESS), "delivered", ["direct_message_channel_opened"]),
    ("10003", lambda it: it.refuse(*POST, UNKNOWN_CHANNEL), "delivered", ["direct_message_channel_opened"]),
    (
        "50007",
        lambda it: it.refuse(*POST, CANNOT_SEND_TO_USER),
        "undeliverable",
        ["direct_message_refused", "code=50007"],
    ),
    ("50278", lambda it: it.refuse(*POST, NO_MUTUAL_GUILDS), "undeliverable", ["direct_message_refused", "code=50278"]),
]
PUT_OFF: list[tuple[str, Plan, list[str]]] = [
    (
        "429 without Via",
        lambda it: it.rate_limit(*POST, 0.05, via_header=False),
        ["direct_message_refused", "status=429"],
    ),
    ("429 everywhere", lambda it: it.rate_limit(*POST, 0.05, via_header=False, global_limit=True), ["status=429"]),
    ("503 for long", lambda it: it.status(*POST, 503, times=4), ["send_retried", "status=503"]),
    ("cut for long", lambda it: it.drop_connection(*POST, "before", times=4), ["send_retried"]),
    ("hang", lambda it: it.hang(*POST), []),
    ("40003", lambda it: it.refuse(*POST, DM_OPEN_RATE_LIMITED), ["direct_message_refused", "code=40003"]),
]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("plan", "outcome", "logged"), [each[1:] for each in AT_ONCE], ids=[each[0] for each in AT_ONCE]
)
async def test_what_ends_at_once(
    up: Stage, capsys: pytest.CaptureFixture[str], plan: Plan, outcome: str, logged: list[str]
) -> None:
    await due_at_one(up)
    plan(up.discord.faults)
    await up.move_to(up.at(13))
    assert len(up.news()) == (outcome == "delivered")
    assert await outcomes(up) == [outcome]
    told = "".join(capsys.readouterr())
    assert [each for each in (*logged, f"outcome={outcome}") if each not in told] == []
    assert "[error" not in told


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("timeouts", [Timeouts(request=1.0, request_retry_delays=(0.01, 0.01, 0.01))])
@pytest.mark.parametrize(("plan", "logged"), [each[1:] for each in PUT_OFF], ids=[each[0] for each in PUT_OFF])
async def test_what_is_put_off(up: Stage, capsys: pytest.CaptureFixture[str], plan: Plan, logged: list[str]) -> None:
    """It is tried again soon: a matter of seconds, not of the lease."""
    await due_at_one(up)
    plan(up.discord.faults)
    await up.move_to(up.at(13))
    assert await outcomes(up) == ["planned"]
    assert up.news() == []
    told = "".join(capsys.readouterr())
    assert [each for each in (*logged, "outcome=retry_later") if each not in told] == []
    assert "[error" not in told
    await up.live_to(up.at(13) + BACKOFF)
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


async def test_40003_slows_down_first_contacts_and_nobody_else(up: Stage) -> None:
    """The channel of mika is known; ren's and ken's are not, and ren's opening is refused."""
    strangers = [up.discord.add_user(name) for name in ("ren", "ken")]
    await due_at_one(up)
    for person in strangers:
        await person.write("乙社様 昨日 17:00")
        await person.next_bot_message()
        await person.next_bot_message()  # the welcome
        await up.rows("UPDATE members SET channel_id = NULL WHERE member_id = $1", person.user.id)
    up.discord.faults.refuse(*OPEN, DM_OPEN_RATE_LIMITED)
    await up.live_to(up.at(13) + BACKOFF - timedelta(seconds=1))
    assert len(up.news()) == 1
    assert [len(person.drain_bot_messages()) for person in strangers] == [0, 0]
    opened = [each for each in up.discord.requests if each.path == OPEN[1]]
    assert len(opened) == 1
    await up.live_to(up.at(13) + 2 * BACKOFF)
    assert [len(person.drain_bot_messages()) for person in strangers] == [1, 1]
    assert set(await outcomes(up)) == {"delivered"}


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("lost", ["before", "after"])
async def test_an_edit_is_made_again_without_a_word(up: Stage, lost: str, capsys: pytest.CaptureFixture[str]) -> None:
    await up.mika.write("制作会社A様 今日 9:00")
    receipt = await up.mika.next_bot_message()
    await up.bot.client.finish_handlers()  # type: ignore[union-attr] — else it may not be stored yet
    up.discord.faults.drop_connection("POST", "/interactions/", lost)  # type: ignore[arg-type]
    answer = await up.mika.click(receipt, says("action-dismiss"))
    assert shows(answer.text, "shown-dismissed")
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    told = "".join(capsys.readouterr())
    assert "response_retried" in told
    assert "interaction_failed" not in told
    assert "response_refused" not in told


async def test_after_a_resume_reading_goes_on_behind_what_was_told(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.command("status")
        await stage.discord.gateway.close_all()
        await stage.mika.write("制作会社A様 今日 9:00")
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())
    stage.clock.advance(timedelta(hours=1))  # nobody remembers a nonce
    async with stage.open_bot():
        assert stage.news() == []


async def test_an_event_that_comes_twice_is_handled_once(up: Stage) -> None:
    before = len(up.discord.requests)
    up.discord.faults.duplicate_events = True
    await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    await up.mika.command("pending")
    up.discord.faults.duplicate_events = False
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    asked = [each for each in up.discord.requests[before:] if each.method == "POST"]
    assert [each.path.split("/")[1] for each in asked] == ["channels", "interactions"]


async def test_malformed_events_are_logged_and_nothing_else(up: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    for event, data in (
        ("MESSAGE_CREATE", None),
        ("MESSAGE_CREATE", {"id": "x", "author": 1}),
        ("INTERACTION_CREATE", {"id": "1"}),
        ("INTERACTION_CREATE", {"id": "2", "type": 3, "data": []}),
        ("GUILD_CREATE", {"id": None}),
        ("CHANNEL_DELETE", []),
        ("NEVER_HEARD_OF", {"id": "3"}),
        *(
            (unneeded, {"user": 1})
            for unneeded in ("TYPING_START", "PRESENCE_UPDATE", "GUILD_BAN_ADD", "THREAD_CREATE")
        ),
    ):
        await up.discord.gateway.dispatch(event, data)  # type: ignore[arg-type]
    assert shows((await up.mika.command("status")).text, "status-unknown-name")
    await up.bot.client.finish_handlers()  # type: ignore[union-attr]
    told = [line for line in "".join(capsys.readouterr()).splitlines() if "[error" in line]
    assert all("event_malformed" in line for line in told)
    assert len(told) == 6
    assert sum("gateway_event=INTERACTION_CREATE" in line for line in told) == 2


async def test_what_the_database_keeps_from_being_read_holds_up_no_other_member(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One cannot be read, and the database is busy when that is to be noted; the other's is read, and that one next time."""
    ken = stage.discord.add_user("ken")
    async with stage.open_bot():
        for person in (stage.mika, ken):
            await person.write("制作会社A様 今日 9:00")
            await person.next_bot_message()
    ken.drain_bot_messages()
    await stage.mika.write("制作会社B様 今日 10:00")
    await ken.write("制作会社K様 今日 10:00")

    async def refuses(*_: object) -> None:
        raise StorageError("storage-busy")

    with monkeypatch.context() as patch:
        patch.setattr(MemberService, "mark_unread_since", refuses)
        stage.discord.faults.status("GET", f"/channels/{stage.mika.dm.id}/messages", 503, times=4)
        async with stage.open_bot():
            assert "制作会社K" in text_of(await ken.next_bot_message())
            await stage.mika.write("制作会社C様 今日 10:00")
            assert "制作会社C" in text_of(await stage.mika.next_bot_message())
    assert "backlog_not_read" in "".join(capsys.readouterr())
    stage.clock.advance(timedelta(hours=1))
    async with stage.open_bot():
        told = [text_of(each) for each in stage.news()]
    assert any("制作会社B" in each for each in told)


async def test_a_clock_that_is_set_back_plans_nothing_again(up: Stage) -> None:
    await due_at_one(up)
    await up.live_to(up.at(13))
    assert len(up.news()) == 1
    up.clock._now -= timedelta(hours=2)
    assert not shows((await up.mika.command("settings", lead_times="4h,1h")).text, "internal-error")
    await up.live_to(up.at(13, 30))
    assert up.news() == []
    assert await outcomes(up) == ["delivered"]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("why", ["storage-full", "storage-busy", "storage-unreachable"])
async def test_reminders_wait_for_the_database(
    up: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], why: str
) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise StorageError(why)

    await due_at_one(up)
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "release_expired_reminder_claims", refuses)
        await up.move_to(up.at(13))
        assert await outcomes(up) == ["planned"]
        told = "".join(capsys.readouterr())
        assert "dispatcher_waiting_for_database" in told
        assert "[error" not in told
    await up.move_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]
