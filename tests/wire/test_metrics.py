"""What an operator sees of a running bot: figures, whether it lives, whether it is ready."""

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.discord_app.timeouts import Timeouts
from bot.errors import SettingError, StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.i18n.translations import get_translations
from bot.ops.health import MonitoringLimits
from storage import stats
from storage.database import Database
from storage.engines.sqlite import SQLite
from storage.stats import Totals
from tests.helpers.machine import free_port
from tests.helpers.scenarios import correct
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

Figures = dict[str, float]


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def counted(found: Figures, metric: str) -> Figures:
    """The counts of a metric that are not 0."""
    return {name: value for name, value in found.items() if name.startswith(metric) and value}


class Window:
    """The HTTP client of the monitoring server."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    async def ask(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def scrape(self) -> Figures:
        """Every sample, by its name and labels as they are written."""
        status, text = await self.ask("/metrics")
        assert status == 200
        return {
            each.name
            + (
                "{" + ",".join(f"{k}={v}" for k, v in sorted(each.labels.items())) + "}" if each.labels else ""
            ): each.value
            for family in text_string_to_metric_families(text)
            for each in family.samples
        }

    async def reasons(self, path: str) -> list[str]:
        """What is wrong; none of it with 200."""
        status, text = await self.ask(path)
        told = json.loads(text)
        assert told["ok"] == (status == 200) == (not told["reasons"])
        assert status in {200, 503}
        assert all(told["reasons"].values())
        return sorted(told["reasons"])

    async def until(self, path: str, *reasons: str, within: float = 20) -> None:
        async with asyncio.timeout(within):
            while await self.reasons(path) != sorted(reasons):  # noqa: ASYNC110 — asked from outside
                await asyncio.sleep(0.05)


@pytest.fixture
def limits() -> MonitoringLimits:
    """Every scrape counts anew; a test takes other limits by `parametrize`."""
    return MonitoringLimits(totals_cache=0.0)


@pytest.fixture
async def window(stage: Stage, limits: MonitoringLimits) -> AsyncIterator[Window]:
    """A running bot with its monitoring server."""
    stage.monitoring_limits = limits
    port = free_port()
    stage.environ["METRICS_PORT"] = str(port)
    async with stage.open_bot():
        yield Window(port)
    assert not listens(port)


@pytest.mark.both_engines
async def test_the_metrics_of_a_scripted_day(stage: Stage, window: Window) -> None:
    mika, ken = stage.mika, stage.discord.add_user("ken")
    await mika.write("制作会社A様 昨日 17:00")  # due at 13:00, 16:00, 17:00
    await mika.next_bot_message()
    await mika.forward("本文", posted_at=stage.at(11))
    await mika.next_bot_message()
    await mika.write("？？？")
    await mika.next_bot_message()
    await ken.write("制作会社K様 昨日 16:30")  # due at 12:30
    await ken.next_bot_message()
    await ken.next_bot_message()  # the welcome
    await mika.command("status")
    await mika.command("received", client="A社", at="99:99")
    listed = await mika.command("pending")
    await mika.click_custom_id(listed.message, "press:page:0:show")
    await mika.complete("received", "client", "制")
    stage.discord.faults.dm_blocked[ken.user.id] = CANNOT_SEND_TO_USER
    await stage.live_to(stage.at(12, 30))
    stage.clock.advance_to(stage.at(13, 1))
    await stage.live_to(stage.at(13, 1))
    found = await window.scrape()
    assert counted(found, "nintei_interactions_total") == {
        "nintei_interactions_total{interaction=/status,outcome=answered}": 1,
        "nintei_interactions_total{interaction=/received,outcome=refused}": 1,
        "nintei_interactions_total{interaction=/pending,outcome=answered}": 1,
        "nintei_interactions_total{interaction=component page,outcome=answered}": 1,
        "nintei_interactions_total{interaction=autocomplete,outcome=answered}": 1,
    }
    assert found["nintei_interaction_response_seconds_count{interaction=/status}"] == 1
    assert found["nintei_interaction_response_seconds_bucket{interaction=/status,le=5.0}"] == 1
    assert counted(found, "nintei_parsed_items_total") == {
        "nintei_parsed_items_total{outcome=recorded,source=written}": 2,
        "nintei_parsed_items_total{outcome=recorded,source=posted}": 1,
        "nintei_parsed_items_total{outcome=clarification,source=written}": 1,
    }
    assert {name: value for name, value in found.items() if name.startswith("nintei_reminders_total")} == {
        "nintei_reminders_total{outcome=delivered}": 1,
        "nintei_reminders_total{outcome=undeliverable}": 1,
        "nintei_reminders_total{outcome=superseded}": 0,
        "nintei_reminders_total{outcome=expired}": 0,
    }
    assert found["nintei_reminder_late_seconds_sum{kind=lead}"] == 60
    assert found["nintei_reminder_late_seconds_bucket{kind=lead,le=60.0}"] == 1
    assert found["nintei_reminder_late_seconds_bucket{kind=lead,le=30.0}"] == 0
    assert (found["nintei_members"], found["nintei_waiting_threads"]) == (2, 3)
    [[planned]] = await stage.rows("SELECT count(*) FROM occurrences WHERE state = 'planned'")
    assert found["nintei_planned_reminders"] == planned > 3
    assert found["nintei_gateway_connected{shard=0}"] == 1
    assert found["nintei_gateway_sessions_total{kind=new}"] == 1
    assert found["nintei_send_queue{state=waiting}"] == found["nintei_send_queue{state=in_flight}"] == 0
    assert found["nintei_dm_channels_opened_total"] == 0
    assert found["nintei_discord_requests_total{status=403}"] == 1
    assert found["nintei_disk_free_bytes"] > 0
    assert found["nintei_database_up"] == found["nintei_processes"] == 1
    assert 0 <= found["nintei_reminder_poll_age_seconds"] < 60
    for kind in ("write", "read", "statement"):
        assert found[f"nintei_database_seconds_count{{kind={kind}}}"] > 0
    assert found["nintei_process_resident_memory_bytes"] > 0
    [info] = [name for name in found if name.startswith("nintei_info")]
    assert f"engine={'sqlite' if stage.database_url.startswith('sqlite') else 'postgresql'}" in info
    words = " ".join(found)
    for secret in ("制作会社", "本文", str(mika.user.id), str(ken.user.id)):
        assert secret not in words


@pytest.mark.parametrize("timeouts", [Timeouts(request_retry_delays=())])
async def test_a_delivery_that_is_put_off_and_a_first_contact(stage: Stage, window: Window) -> None:
    channel = stage.discord.add_guild()
    await stage.mika.command("received", client="A社", at="昨日 17:00", channel=channel)
    await stage.mika.next_bot_message()
    await stage.bot.client.finish_handlers()  # type: ignore[union-attr]
    assert (await window.scrape())["nintei_dm_channels_opened_total"] == 1
    stage.discord.faults.status("POST", r"/channels/\d+/messages", 503)
    await stage.live_to(stage.at(13, 1))
    found = await window.scrape()
    assert found["nintei_delivery_retries_total{reason=failed}"] == 1
    assert found["nintei_discord_requests_total{status=503}"] == 1
    assert found["nintei_reminders_total{outcome=delivered}"] == 1
    assert found["nintei_reminder_late_seconds_sum{kind=lead}"] == pytest.approx(5, abs=1)


async def test_an_interaction_that_fails_and_a_form(
    stage: Stage, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.mika.write("制作会社A様 今日 9:00")
    receipt = await stage.mika.next_bot_message()
    form = await correct(stage.mika, receipt, "correct-time")
    await stage.mika.submit_modal(form, "10:00")
    observer = stage.bot.client.services.pending  # type: ignore[union-attr]

    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(observer), "page", breaks)
    await stage.mika.command("pending")
    found = await window.scrape()
    assert (
        found["nintei_interactions_total{interaction=component message,outcome=answered}"] == 2
    )  # the menu and its form
    assert found["nintei_interactions_total{interaction=modal,outcome=answered}"] == 1
    assert found["nintei_interactions_total{interaction=/pending,outcome=failed}"] == 1


async def test_nothing_listens_and_nothing_is_measured_by_default(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def opens_a_port(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(web.TCPSite, "start", opens_a_port)
    async with stage.open_bot() as bot:
        await stage.mika.command("status")
        assert bot.client.http.http_trace is None
        assert bot.client.services.database.on_timing is None


@pytest.mark.slow
def test_off_costs_no_import() -> None:
    command = "import sys, bot.app; print('prometheus_client' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


async def test_a_port_in_use_is_a_sentence(stage: Stage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stage.environ["METRICS_PORT"] = str(taken.getsockname()[1])
        with pytest.raises(SettingError) as told:
            async with stage.open_bot():
                pass
    assert told.value.message_id == "health-port-refused"
    assert str(told.value.arguments["address"]).startswith("127.0.0.1:")
    assert stage.discord.requests == []  # before anything else was begun


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("host", ["192.0.2.1", "no host of ours", "長" * 300, "x" * 5000, "127.0.0.1:1"])
async def test_a_host_that_is_none_of_ours_is_a_sentence(stage: Stage, host: str) -> None:
    stage.environ |= {"METRICS_PORT": str(free_port()), "METRICS_HOST": host}
    with pytest.raises(SettingError) as told:
        async with stage.open_bot():
            pass
    assert told.value.message_id == "health-port-refused"
    assert shows(get_translations("en").format_error(told.value), "health-port-refused", locale="en")


@pytest.mark.slow
async def test_a_dropped_gateway_is_not_ready_until_it_is_back(stage: Stage, window: Window) -> None:
    assert await window.reasons("/readyz") == []
    stage.discord.faults.every_gateway = "refused"
    await stage.discord.gateway.close_all()
    await window.until("/readyz", "gateway")
    assert (await window.scrape())["nintei_gateway_connected{shard=0}"] == 0
    assert await window.reasons("/healthz") == []
    stage.discord.faults.every_gateway = None
    await window.until("/readyz")
    assert (await window.scrape())["nintei_gateway_sessions_total{kind=resumed}"] == 1
    await stage.discord.gateway.invalidate()
    await window.until("/readyz", "gateway")
    await window.until("/readyz")
    assert (await window.scrape())["nintei_gateway_sessions_total{kind=new}"] == 2


async def test_what_was_missed_is_read_before_it_is_ready(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    port = free_port()
    stage.environ["METRICS_PORT"] = str(port)
    stage.discord.faults.hang("GET", "/messages")
    async with stage.start() as bot:
        await stage.discord.wait_for_bot()
        await Window(port).until("/readyz", "caught-up")
        for fault in stage.discord.faults.planned:
            fault.times = 0
        assert await Window(port).reasons("/healthz") == []
        stage.discord.gateway.stopping.set()  # what hangs is cut
        await bot.client.backlog_processed.wait()
        assert await Window(port).reasons("/readyz") == []


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_a_locked_database_is_not_ready_until_it_is_free(stage: Stage, window: Window) -> None:
    held = sqlite3.connect(stage.database, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(held.execute, "BEGIN IMMEDIATE")  # the bot may be writing just now
    began = time.monotonic()
    assert await window.reasons("/readyz") == ["database"]
    assert await window.reasons("/readyz") == ["database"]
    assert time.monotonic() - began < 5
    assert await window.reasons("/healthz") == []
    held.execute("ROLLBACK")
    held.close()
    await window.until("/readyz")


@pytest.mark.sqlite_only
async def test_a_database_that_is_away_leaves_the_other_figures(
    stage: Stage, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StorageError("storage-unreachable")

    with monkeypatch.context() as broken:
        for question in ("fetch", "read", "write"):
            broken.setattr(SQLite, question, away)
        assert await window.reasons("/readyz") == ["database"]
        assert await window.reasons("/healthz") == []
        found = await window.scrape()
    assert found["nintei_database_up"] == 0
    assert "nintei_members" not in found
    assert found["nintei_gateway_connected{shard=0}"] == 1
    assert (await window.scrape())["nintei_members"] == 1
    assert stage.bot is not None


@pytest.mark.parametrize("limits", [MonitoringLimits(max_poll_age=-1.0)])
async def test_without_polls_it_is_neither_healthy_nor_ready(stage: Stage, window: Window) -> None:
    await stage.move_to(stage.at(12))
    assert await window.reasons("/healthz") == ["sweep"]
    assert await window.reasons("/readyz") == ["sweep"]


@pytest.mark.postgres
async def test_a_process_without_a_shard_is_ready_as_a_member_of_the_cluster(
    fake_discord: FakeDiscord,
    server_url: str,
    clock: ManualClock,
    limits: MonitoringLimits,
) -> None:
    stage = Stage(fake_discord, clock, server_url, {}, fake_discord.add_user("mika"), monitoring_limits=limits)
    first, second = free_port(), free_port()
    stage.environ["METRICS_PORT"] = str(first)
    async with stage.open_bot():
        stage.environ["METRICS_PORT"] = str(second)
        async with stage.start() as other:
            await Window(second).until("/readyz")
            await Window(first).until("/readyz")
            found = await Window(second).scrape()
            assert found["nintei_processes"] == 2
            assert not [name for name in found if name.startswith("nintei_gateway_connected")]
            reasons: list[str] = []
            while reasons != ["membership"]:  # until its next heartbeat, which gives it an assignment again
                other.client._membership.assignment = None
                reasons = await Window(second).reasons("/readyz")


@pytest.mark.parametrize(
    ("limits", "members"), [(MonitoringLimits(totals_cache=600.0), 1), (MonitoringLimits(totals_cache=0.0), 2)]
)
async def test_figures_are_counted_anew_only_now_and_then(stage: Stage, window: Window, members: int) -> None:
    assert (await window.scrape())["nintei_members"] == 1
    ken = stage.discord.add_user("ken")
    await ken.write("制作会社A様 今日 9:00")
    await ken.next_bot_message()
    assert (await window.scrape())["nintei_members"] == members


@pytest.mark.parametrize("limits", [MonitoringLimits(totals_cache=0.0, db_probe_timeout=0.5)])
async def test_a_count_that_takes_long_is_told_the_next_time(
    stage: Stage, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    await window.scrape()
    ken = stage.discord.add_user("ken")
    await ken.write("制作会社A様 今日 9:00")
    await ken.next_bot_message()
    counted, go_on = stats.count_totals, asyncio.Event()

    async def slow(database: Database) -> Totals:
        await go_on.wait()
        return await counted(database)

    monkeypatch.setattr(stats, "count_totals", slow)
    found = await window.scrape()
    assert (found["nintei_members"], found["nintei_database_up"]) == (1, 1)
    go_on.set()
    await window.scrape()
    assert (await window.scrape())["nintei_members"] == 2


@pytest.mark.parametrize("accept", ['text/plain;version="0.0.4"', "application/openmetrics-text;version=x"])
async def test_a_version_that_cannot_be_read_is_answered_as_none(window: Window, accept: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(window.address + "/metrics", headers={"Accept": accept}) as answer,
    ):
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")


async def test_only_these_three_are_there(window: Window) -> None:
    assert (await window.ask("/"))[0] == 404
    assert (await window.ask("/metrics/../data"))[0] == 404
    async with aiohttp.ClientSession() as session, session.post(window.address + "/metrics") as answer:
        assert answer.status == 405
