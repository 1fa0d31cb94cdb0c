"""A reminder or a digest on its way while something changes under it: its lease, its member, the database, the clock."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.discord_app.sender import DirectMessageSender
from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from bot.scheduling.ports import Delivery, MemberUnreachableError, RetryLaterError
from storage import deliveries, delivery_results, members
from storage.cards import FIRST_CHECK_AFTER
from storage.database import Executor
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.delivery_results import SentReminder
from tests.helpers.scenarios import claimed_at_one, due_at_one, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

pytestmark = pytest.mark.both_engines

deliver = DirectMessageSender.send_reminder


@pytest.mark.parametrize("fault", [RetryLaterError, MemberUnreachableError])
async def test_who_lost_a_claim_takes_nothing_from_who_has_it(
    up: Stage, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """The lease ends while Discord hesitates, and another process takes over."""
    theirs = instant_to_micros(up.at(13, 2))

    async def slow(*_: object, **__: object) -> SentReminder:
        await up.rows("UPDATE occurrences SET claimed_until = $1 WHERE state = 'claimed'", theirs)
        raise fault

    await due_at_one(up)
    monkeypatch.setattr(DirectMessageSender, "send_reminder", slow)
    await up.move_to(up.at(13))
    claims = await up.rows("SELECT claimed_until FROM occurrences WHERE state = 'claimed'")
    assert [row[0] for row in claims] == [theirs]
    monkeypatch.setattr(DirectMessageSender, "send_reminder", deliver)
    await up.live_to(up.at(13, 2))  # the other one died, too
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


async def test_what_arrived_is_marked_though_its_claim_was_given_back(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(self: DirectMessageSender, delivery: Delivery, *, now: datetime) -> SentReminder:
        sent = await deliver(self, delivery, now=now)
        await up.rows(
            "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $1 WHERE state = 'claimed'",
            instant_to_micros(up.at(13, 10)),
        )
        return sent

    await due_at_one(up)
    monkeypatch.setattr(DirectMessageSender, "send_reminder", slow)
    await up.move_to(up.at(13))
    assert await outcomes(up) == ["delivered"]
    await up.live_to(up.at(13, 30))
    assert len(up.news()) == 1


@pytest.mark.parametrize("channel", ["known", "unknown"])
async def test_a_database_away_for_longer_than_a_nonce_is_remembered_repeats_nothing(
    up: Stage, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    """Sent, but not marked: the process knows that it was."""

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-unreachable")

    await due_at_one(up)
    if channel == "unknown":
        await up.rows("UPDATE members SET channel_id = NULL, direct_messages = 'untried'")
    with monkeypatch.context() as away:
        away.setattr(delivery_results, "save_delivery_results", refuses)
        away.setattr(members, "mark_dm_open", refuses)
        for minute in range(0, 30, 2):
            await up.move_to(up.at(13, minute))
    await up.live_to(up.at(13, 40))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]
    stored = await up.rows("SELECT channel_id, direct_messages FROM members")
    assert [tuple(row) for row in stored] == [(up.mika.dm.id, "open")]


async def refuse_results_of_mika(up: Stage) -> str:
    """The database refuses to store any message of hers as sent; the statement that ends this."""
    condition = f"FOR EACH ROW WHEN (NEW.member_id = {up.mika.user.id} AND NEW.discord_message_id IS NOT NULL)"
    trigger = f"CREATE TRIGGER refused BEFORE UPDATE ON deliveries {condition}"
    if up.database_url.startswith("sqlite"):
        await up.rows(f"{trigger} BEGIN SELECT RAISE(ABORT, 'damaged row'); END")
        return "DROP TRIGGER refused"
    await up.rows("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'damaged row'; END $$")
    await up.rows(f"{trigger} EXECUTE FUNCTION refuse()")
    return "DROP TRIGGER refused ON deliveries"


async def test_a_result_that_cannot_be_saved_stops_no_other_member(up: Stage) -> None:
    """Her rows are at fault: she hears once, for longer than a nonce is remembered, and the others as ever."""
    ren = up.discord.add_user("ren")
    await due_at_one(up)
    await ren.write("制作会社B様 昨日 17:10")
    for _ in ("receipt", "welcome"):
        await ren.next_bot_message()
    end_of_fault = await refuse_results_of_mika(up)
    with capture_logs() as logs:
        for minute in range(0, 30, 2):
            await up.move_to(up.at(13, minute))
    assert len(ren.drain_bot_messages()) == 1
    assert len(up.news()) == 1
    states = "SELECT state FROM occurrences WHERE member_id = $1 AND remind_at <= $2 ORDER BY remind_at DESC LIMIT 1"
    now = instant_to_micros(up.clock.now())
    assert [row[0] for row in await up.rows(states, ren.user.id, now)] == ["delivered"]
    left_out = [each for each in logs if each["event"] == "member_left_out_of_round"]
    assert {(each["round"], each["member_id"]) for each in left_out} == {("reminders", up.mika.user.id)}
    assert len(left_out) <= 15, "once a minute at most"
    await up.rows(end_of_fault)
    await up.move_to(up.at(13, 40))
    assert up.news() == []
    assert [row[0] for row in await up.rows(states, up.mika.user.id, now)] == ["delivered"]


async def test_a_database_away_after_a_digest_was_sent_repeats_nothing(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody plans the next one for longer than a nonce is remembered, nor stores the rank that was shown."""
    await up.mika.command("settings", edition="2024", digest="weekly", rank="bronze", quiet_hours="off")
    [[due]] = await up.rows("SELECT digest_at FROM members")
    due_at = instant_from_micros(due)

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-unreachable")

    with monkeypatch.context() as away:
        away.setattr(members, "set_next_digest", refuses)
        away.setattr(members, "set_digest_rank", refuses)
        for minute in range(0, 30, 2):
            await up.move_to(due_at + timedelta(minutes=minute))
    await up.move_to(due_at + timedelta(minutes=40))
    assert len(up.news()) == 1
    [[digest_at, rank]] = await up.rows("SELECT digest_at, digest_rank FROM members")
    assert digest_at > due
    assert rank == "bronze"


async def test_who_was_frozen_past_its_lease_sends_nothing(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has sent it long ago, and Discord has forgotten its nonce."""
    assert up.bot is not None

    async def freeze(_member: MemberId, _now: datetime) -> None:
        up.clock.advance(timedelta(minutes=10))
        await up.rows(
            "UPDATE occurrences SET state = 'delivered', settled_at = $1, claimed_until = NULL WHERE delivery_id IS NOT NULL",
            instant_to_micros(up.clock.now()),
        )

    await due_at_one(up)
    monkeypatch.setattr(up.bot.dispatcher, "_quiet_hours_end", freeze)
    await up.move_to(up.at(13, 6))  # late: whether the member sleeps is looked up first
    await up.live_to(up.at(13, 30))
    assert up.news() == []
    assert await outcomes(up) == ["delivered"]


async def test_whoever_is_erased_in_the_middle_is_not_written_to(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    look = deliveries.load_claimed_reminders

    async def look_and_erase(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
        looks = await look(reader, claimed, now=now)
        await up.bot.client.services.erasure.erase(claimed.member_id, now=now)  # type: ignore[union-attr]
        return looks

    await due_at_one(up)
    async with claimed_at_one(up):
        monkeypatch.setattr(deliveries, "load_claimed_reminders", look_and_erase)
    assert up.news() == []
    assert await up.rows("SELECT 1 FROM occurrences") == []
    assert await up.rows("SELECT 1 FROM members") == []


async def test_a_message_that_is_undone_while_its_reminder_is_built_is_shown_as_removed(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends as delivered, without a button: whoever looks for its window in the message finds that sentence."""
    receipts: list[Message] = []

    async def undo_and_send(self: DirectMessageSender, delivery: Delivery, *, now: datetime) -> SentReminder:
        [item] = delivery.items
        await up.mika.click_custom_id(receipts[0], f"press:message:{item.window_id}:undo")
        return await deliver(self, delivery, now=now)

    await due_at_one(up)
    receipts += [each for each in up.mika.bot_messages() if "press:message:" in str(each.body)]
    monkeypatch.setattr(DirectMessageSender, "send_reminder", undo_and_send)
    await up.move_to(up.at(13))
    [reminder] = up.news()
    assert shows(text_of(reminder), "shown-removed")
    assert "custom_id" not in str(reminder.body)
    assert await outcomes(up) == ["delivered"]


async def test_a_card_whose_windows_become_one_before_it_is_stored_is_edited(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No change of the record marks it then; each of its windows is open as before."""

    async def send_and_merge(self: DirectMessageSender, delivery: Delivery, *, now: datetime) -> SentReminder:
        sent = await deliver(self, delivery, now=now)
        target, source = (item.thread.id for item in delivery.items)
        await up.bot.client.services.history.merge_threads(delivery.member_id, source, target, now=now)  # type: ignore[union-attr]
        return sent

    await due_at_one(up)
    await up.mika.command("received", client="制作会社B", at="昨日 17:00")
    monkeypatch.setattr(DirectMessageSender, "send_reminder", send_and_merge)
    await up.move_to(up.at(13))
    [reminder] = up.news()
    sent = [each for each in up.discord.requests if each.method == "POST" and each.path.endswith("/messages")]
    assert "制作会社B" in str(sent[-1].body)
    monkeypatch.undo()
    await up.move_to(up.clock.now() + 2 * FIRST_CHECK_AFTER)
    assert "制作会社B" not in text_of(reminder)


async def test_a_claim_of_a_clock_that_was_set_back_since_is_taken_over(stage: Stage) -> None:
    """A process that died while its clock was hours ahead."""
    async with stage.open_bot():
        await due_at_one(stage)
    await stage.rows(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $1 WHERE lead = 14400000000",
        instant_to_micros(stage.at(19)),
    )
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())
    assert await outcomes(stage) == ["delivered"]


@pytest.mark.parametrize("minutes", [-30, 2])
async def test_a_clock_that_is_set_while_it_is_sent_sends_it_once(up: Stage, minutes: int) -> None:
    """The claim seems to be of another clock or over, and what is under way is due once more."""
    await due_at_one(up)
    stepped = False

    def step_back() -> float:
        nonlocal stepped
        if not stepped and str((up.discord.requests[-1].body or {}).get("nonce", "")).startswith("nintei-"):
            stepped = True
            up.clock._now += timedelta(minutes=minutes)
            up.bot.dispatcher._wakeup.wake()  # type: ignore[union-attr]
            return 0.2
        return 0

    up.discord.faults.latency = step_back
    await up.move_to(up.at(13))
    up.discord.faults.latency = None
    await up.live_to(up.at(13, 4))
    assert stepped
    assert len(up.news()) == 1
    nonces = [str((each.body or {}).get("nonce", "")) for each in up.discord.requests if each.method == "POST"]
    assert len([each for each in nonces if each.startswith("nintei-")]) == 1
    assert await outcomes(up) == ["delivered"]
