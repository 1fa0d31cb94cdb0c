"""Answers that are none of Discord's usual ones: from a proxy, half, endless, or asking to wait for long."""

import asyncio
import time
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import discord
import pytest
import structlog

from bot.discord_app import sender
from bot.discord_app.features.about import commands as about
from bot.discord_app.timeouts import Timeouts
from bot.fake_discord import server
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER, MISSING_ACCESS, DiscordApiError
from bot.fake_discord.fault_injection import LossPoint
from bot.fake_discord.users import text_of
from tests.helpers.scenarios import POST, due_at_one, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = [pytest.mark.slow, pytest.mark.others_on_sqlite]

PAGE = "<html><head><title>Error</title></head><body>cloudflare</body></html>"


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_a_limit_of_everything_that_outlasts_our_patience_stops_nothing_for_good(up: Stage) -> None:
    """discord.py holds everybody back while one request waits; that request is given up in the middle of it."""
    await due_at_one(up)
    up.discord.faults.rate_limit(*POST, 0.6, global_limit=True)
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0.2"}, {"Retry-After": "Wed, 25 Nov 2026 12:00:00 GMT"}])
@pytest.mark.parametrize("via", [{}, {"Via": "1.1 proxy"}])
async def test_429_in_plain_text(up: Stage, headers: dict[str, str], via: dict[str, str]) -> None:
    await due_at_one(up)
    up.discord.faults.respond_with(*POST, 429, "error code: 1015", headers={**headers, **via})
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


async def test_what_asks_to_wait_is_asked_again_no_sooner(up: Stage) -> None:
    """Whoever goes on asking is shut out for longer: nobody's message is tried before then."""
    ren = up.discord.add_user("ren")
    await ren.write("乙社様 昨日 17:00")
    for _ in ("the welcome", "the receipt"):
        await ren.next_bot_message()
    await due_at_one(up)
    up.discord.faults.respond_with(*POST, 429, "error code: 1015", headers={"Retry-After": "1"})
    before = len(up.discord.requests)
    began = time.monotonic()
    await up.live_to(up.at(13, 1))
    assert time.monotonic() - began >= 1
    tried = [each.status for each in up.discord.requests[before:] if each.path.endswith("/messages")]
    assert tried.count(429) <= 2  # both may have been under way
    assert await outcomes(up) == ["delivered", "delivered"]


@pytest.mark.parametrize("timeouts", [Timeouts(shutdown_grace=0.1)])  # the receipt is kept back still
@pytest.mark.parametrize("scope", ["user", "shared"])
async def test_the_limit_of_one_channel_delays_no_other(up: Stage, scope: str) -> None:
    ren = up.discord.add_user("ren")
    await ren.write("こんにちは")
    await ren.next_bot_message()
    headers = {"Content-Type": "application/json", "Retry-After": "300", "X-RateLimit-Scope": scope}
    limit = '{"message": "You are being rate limited.", "retry_after": 300, "global": false}'
    up.discord.faults.respond_with(POST[0], f"^/channels/{up.mika.dm.id}/messages$", 429, limit, headers=headers)
    await up.mika.write("制作会社A様 今日 9:00")
    await up.discord.state.wait_until(lambda: up.discord.requests[-1].status == HTTPStatus.TOO_MANY_REQUESTS)
    await ren.write("乙社様 昨日 17:00")
    assert "乙社" in text_of(await ren.next_bot_message())


@pytest.mark.parametrize("timeouts", [Timeouts(request=3.0)])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524])
async def test_5xx_with_a_page(up: Stage, status: int) -> None:
    await due_at_one(up)
    up.discord.faults.respond_with(*POST, status, PAGE)
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("text", [PAGE, "{}", '{"message": "You are being rate limited."}'])
@pytest.mark.parametrize("status", [200, 429])
async def test_an_answer_that_is_none(up: Stage, status: int, text: str) -> None:
    await due_at_one(up)
    headers = {"Via": "1.1 google", "Content-Type": "application/json" if text.startswith("{") else "text/html"}
    up.discord.faults.respond_with(*POST, status, text, headers=headers)
    await up.live_to(up.at(13, 0))
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("timeouts", [Timeouts(receipt_retry_delays=(0.05, 0.05))])
@pytest.mark.parametrize("status", [200, 403, 404, 429, 503])
async def test_a_receipt_comes_whatever_its_first_try_was_answered_with(up: Stage, status: int) -> None:
    up.discord.faults.respond_with(*POST, status, PAGE)
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert up.news() == []


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_a_bucket_that_is_empty_for_long_delays_its_channel_alone(up: Stage) -> None:
    """discord.py waits for the bucket by itself; our time-out ends that, and the reminder is tried again."""
    await up.mika.write("制作会社B様 昨日 18:00")
    await up.mika.next_bot_message()
    headers = {
        "X-RateLimit-Bucket": "b", "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": "1.0", "X-RateLimit-Reset": str(time.time() + 1), "Retry-After": "1",
        "Content-Type": "application/json",
    }  # fmt: skip
    up.discord.faults.respond_with(*POST, 503, "{}", headers=headers)
    await due_at_one(up)
    await up.live_to(up.at(13, 5))
    await asyncio.sleep(1)  # real seconds: the bucket's
    await up.live_to(up.at(13, 30))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


@pytest.mark.parametrize("timeouts", [Timeouts(request=0.3)])
async def test_history_that_hangs_delays_nobody_for_long(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.write("制作会社B様 今日 10:00")
    stage.discord.faults.hang("GET", "/messages")
    began = time.monotonic()
    async with stage.open_bot():
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("refusal", [MISSING_ACCESS, None])
async def test_history_refused_in_passing_is_read(stage: Stage, refusal: Any) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    await stage.mika.write("制作会社B様 今日 10:00")
    if refusal is None:
        stage.discord.faults.respond_with("GET", "/messages", 429, "error code: 1015", headers={"Retry-After": "0.2"})
    else:
        stage.discord.faults.refuse("GET", "/messages", refusal)
    async with stage.open_bot():
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
        answer = await stage.mika.command("pending")
        assert shows(answer.text, "pending-title", count=2)
        assert answer.interaction.followups == []


@pytest.mark.parametrize("timeouts", [Timeouts(response=0.3)])
async def test_an_answer_to_an_interaction_that_hangs_is_given_again(up: Stage) -> None:
    up.discord.faults.hang("POST", "/interactions/")
    began = time.monotonic()
    assert "A社" in (await up.mika.command("received", client="A社", at="10:00")).text
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("timeouts", [Timeouts(response_retry_pauses=(0.01, 0.01))])
@pytest.mark.parametrize("retry_after", [0.1, 1.0])
@pytest.mark.parametrize("via_header", [True, False])
async def test_an_answer_that_is_told_to_wait_is_given_once(up: Stage, retry_after: float, *, via_header: bool) -> None:
    up.discord.faults.rate_limit("POST", "/callback", retry_after, via_header=via_header)
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert shows(answer.text, "receipt-received", thread="**A社**")
    assert answer.interaction.followups == []
    up.discord.faults.rate_limit("POST", "/webhooks/", retry_after, via_header=via_header)
    assert "nintei.json" in (await up.mika.command("export")).files  # it is deferred


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (429, "error code: 1015"), (429, ""), (429, "{}"), (429, "[]"), (429, '{"retry_after": "0.1"}'),
        (200, PAGE), (200, "[]"), (200, '{"message": "OK"}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("timeouts", [Timeouts(response_retry_pauses=(0.01, 0.01))])
@pytest.mark.parametrize("headers", [{}, {"Via": "1.1 proxy"}, {"Retry-After": "1"}])
async def test_an_answer_that_a_proxy_keeps_is_given_once(
    up: Stage, status: int, text: str, headers: dict[str, str]
) -> None:
    up.discord.faults.respond_with("POST", "/callback", status, text, headers=headers)
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert shows(answer.text, "receipt-received", thread="**A社**")
    assert answer.interaction.followups == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Remaining": "4"},
        {"X-RateLimit-Remaining": "?", "X-RateLimit-Bucket": "b"},
        {"X-RateLimit-Remaining": "4", "X-RateLimit-Reset-After": "", "X-RateLimit-Bucket": "b"},
    ],
)
async def test_a_bucket_that_is_half_described_is_none(
    up: Stage, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    as_json = server._json_response
    monkeypatch.setattr(
        server, "_json_response", lambda status, body, more=None: as_json(status, body, {**headers, **(more or {})})
    )
    before = len(up.discord.requests)
    await due_at_one(up)
    assert [each.path.endswith("/messages") for each in up.discord.requests[before:]].count(True) == 1
    await up.live_to(up.at(13, 1))
    assert len(up.news()) == 1


BUSY = [
    (429, "error code: 1015", {}),
    (429, '{"retry_after": 1e9, "global": true}', {"Via": "1.1 google", "Content-Type": "application/json"}),
    (429, '{"retry_after": "soon"}', {"Via": "1.1 google", "Retry-After": "-1"}),
    (500, PAGE, {}),
    (503, "{}", {}),
    (200, PAGE, {}),
]


@pytest.mark.parametrize("timeouts", [Timeouts(response_retry_pauses=(0.01,))])
@pytest.mark.parametrize(("status", "text", "headers"), BUSY)
async def test_an_answer_is_given_however_often_it_is_kept_back(
    up: Stage, status: int, text: str, headers: dict[str, str]
) -> None:
    """Of a command, a form and a button, at once and deferred: the member is told what is true, once."""

    def refuse(path: str) -> None:
        for method in ("POST", "PATCH"):
            up.discord.faults.respond_with(method, path, status, text, times=5, headers=headers)

    refuse("/callback")
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert shows(answer.text, "receipt-received", thread="**A社**")
    menu = await up.mika.click(answer.message, says("action-correct"))
    up.discord.faults.planned.clear()
    refuse("/callback")
    form = await up.mika.click(menu.message, says("correct-time"))
    up.discord.faults.planned.clear()
    refuse("/callback")
    corrected = await up.mika.submit_modal(form, "10:30")
    assert shows(corrected.text, "receipt-corrected")
    up.discord.faults.planned.clear()
    refuse("/callback")
    refuse("/webhooks/")
    exported = await up.mika.command("export")
    assert "A社" in exported.files["nintei.json"].decode()
    assert all(result.interaction.followups == [] for result in (answer, menu, form, corrected, exported))


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_deferred_answer_whose_confirmation_is_lost_is_given_once(up: Stage, lost: LossPoint) -> None:
    await up.mika.command("received", client="A社", at="10:00")
    for method in ("POST", "PATCH"):
        up.discord.faults.drop_connection(method, "/webhooks/", lost)
    exported = await up.mika.command("export")
    assert up.bot is not None
    await up.bot.client.finish_handlers()
    assert "A社" in exported.files["nintei.json"].decode()
    assert exported.interaction.followups == []


@pytest.mark.parametrize("timeouts", [Timeouts(response_retry_pauses=(0.01,))])
@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_further_message_whose_confirmation_is_lost_again_and_again_is_sent_twice_at_most(
    up: Stage, lost: LossPoint
) -> None:
    """Discord knows no repetition of one, and would show each."""
    await due_at_one(up)
    up.discord.faults.refuse(*POST, MISSING_ACCESS, times=2)
    await up.live_to(up.at(13))
    up.discord.faults.drop_connection("POST", "/webhooks/", lost, times=8)
    with structlog.testing.capture_logs() as lines:
        answer = await up.mika.command("pending")
        async with asyncio.timeout(10):
            events: list[str] = []
            while up.discord.faults.planned and "missed_notice_not_sent" not in events:
                await asyncio.sleep(0.01)
                events = [line["event"] for line in lines]
    assert len(answer.interaction.followups) == (2 if lost == "after" else 0)


@pytest.mark.both_engines
@pytest.mark.parametrize("timeouts", [Timeouts(progress_interval=0)])
@pytest.mark.parametrize("status", [403, 404, 500])
async def test_an_import_is_written_also_if_its_progress_is_not_shown(up: Stage, status: int) -> None:
    times = [up.at(0, days=-100) + timedelta(minutes=number) for number in range(3001)]
    rows = "".join(f"T{number % 40},received,{at.isoformat()}\n" for number, at in enumerate(times))
    preview = await up.mika.command("import", file=("h.csv", f"thread,direction,sent_at\n{rows}".encode()))
    up.discord.faults.refuse("PATCH", "/webhooks/", DiscordApiError(status, 0, "no"))
    await up.mika.click(preview.message, says("action-confirm"))
    assert up.bot is not None
    await up.bot.client.finish_handlers()
    assert await up.rows("SELECT count(*) FROM messages") == [(3001,)]


async def test_the_result_of_an_import_that_took_too_long_comes_as_a_direct_message(up: Stage) -> None:
    """Not the sentence that it begins, which is seen already."""
    times = [up.at(0, days=-100) + timedelta(minutes=number) for number in range(3001)]
    rows = "".join(f"T{number % 40},received,{at.isoformat()}\n" for number, at in enumerate(times))
    preview = await up.mika.command("import", file=("h.csv", f"thread,direction,sent_at\n{rows}".encode()))
    up.discord.faults.refuse("PATCH", "/webhooks/", DiscordApiError(404, 10015, "Unknown Webhook"), times=99)
    await up.mika.click(preview.message, says("action-confirm"))
    assert shows(text_of(await up.mika.next_bot_message()), "import-done", messages=3001, jobs=0)


@pytest.mark.parametrize("path", ["/callback", "/webhooks/"])
@pytest.mark.parametrize("status", [400, 403, 413])
async def test_an_answer_that_is_refused_is_no_error_of_the_bot(
    up: Stage, capsys: pytest.CaptureFixture[str], path: str, status: int
) -> None:
    method = "POST" if path == "/callback" else "PATCH"
    up.discord.faults.refuse(method, path, DiscordApiError(status, 50035, "Invalid Form Body"))
    entry: dict[str, Any] = {"client": "A社", "at": "10:00"}
    answer = await (up.mika.command("received", **entry) if path == "/callback" else up.mika.command("export"))
    assert up.bot is not None
    await up.bot.client.finish_handlers()
    assert shows(answer.text, "answer-refused")
    assert "Traceback" not in "".join(capsys.readouterr())
    assert shows((await up.mika.command("received", **entry)).text, "receipt-repeated") == (path == "/callback")


@pytest.mark.parametrize("timeouts", [Timeouts(response_retry_pauses=(0.01,), response_token=0.2)])
@pytest.mark.parametrize("path", ["/callback", "/webhooks/"])
async def test_an_answer_that_never_gets_through_is_given_up_with_its_token(up: Stage, path: str) -> None:
    for method in ("POST", "PATCH"):
        up.discord.faults.respond_with(method, path, 429, "error code: 1015", times=999)
    with structlog.testing.capture_logs() as lines:
        asking = asyncio.create_task(up.mika.command("export"))
        async with asyncio.timeout(10):
            while "interaction_not_answered" not in [line["event"] for line in lines]:  # noqa: ASYNC110 — nothing wakes
                await asyncio.sleep(0.01)
    asking.cancel()
    not_deferred = ["interaction_not_deferred"] if path == "/callback" else []
    warnings = [line["event"] for line in lines if line["log_level"] not in {"debug", "info"}]
    assert warnings == [*not_deferred, "interaction_not_answered"]
    up.discord.faults.planned.clear()
    assert shows((await up.mika.command("pending")).text, "pending-none")


@pytest.mark.parametrize("path", ["/callback", "/webhooks/"])
async def test_a_stop_does_not_wait_for_an_answer_that_is_kept_back(stage: Stage, path: str) -> None:
    async with stage.open_bot():
        for method in ("POST", "PATCH"):
            stage.discord.faults.respond_with(
                method, path, 429, "error code: 1015", times=999, headers={"Retry-After": "60"}
            )
        asking = asyncio.create_task(stage.mika.command("export"))
        await stage.discord.state.wait_until(lambda: any(path in each.path for each in stage.discord.requests))
        began = time.monotonic()
    asking.cancel()
    assert time.monotonic() - began < 5


class UnbuildableCard(discord.ui.LayoutView):
    """A card with a fault of the bot's own."""

    def to_components(self) -> list[dict[str, Any]]:
        raise TypeError


async def test_a_card_that_cannot_be_built_is_no_odd_response(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not tried again and again as if Discord had said something strange, and the log says where it fails."""

    async def build(*_: object, **__: object) -> discord.ui.LayoutView:
        return UnbuildableCard()

    await due_at_one(up)
    with monkeypatch.context() as faulty, structlog.testing.capture_logs() as logs:
        faulty.setattr(sender, "load_reminder_card", build)
        await up.move_to(up.at(13))
    assert [each["exc_info"] for each in logs if each["event"] == "delivery_failed"] == [True]
    assert "send_retried" not in {each["event"] for each in logs}
    await up.live_to(up.at(13, 2))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]


async def test_an_answer_that_cannot_be_built_is_logged_with_where_it_fails(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "build_card", lambda *_, **__: UnbuildableCard())
    with structlog.testing.capture_logs() as logs:
        answer = await up.mika.command("about")
    assert shows(answer.text, "internal-error")
    [retried] = [each for each in logs if each["event"] == "response_retried"]
    assert isinstance(retried["exc_info"], TypeError)
    assert "interaction_failed" in {each["event"] for each in logs}


async def test_what_was_missed_stays_to_be_told_until_it_went_through(up: Stage) -> None:
    await due_at_one(up)
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(13))
    assert await outcomes(up) == ["undeliverable"]
    await up.mika.write("制作会社B様 今日 9:00")  # she still writes, and cannot be answered
    async with asyncio.timeout(10):
        while sum(each.status == 403 for each in up.discord.requests) < 3:  # noqa: ASYNC110 — refusals wake nobody
            await asyncio.sleep(0.01)
    up.discord.faults.dm_blocked.clear()
    await up.mika.write("制作会社C様 今日 9:00")
    assert shows(text_of(await up.mika.next_bot_message()), "missed-undeliverable")
