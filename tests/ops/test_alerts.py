"""Every alert fires for its fault and for no other, by Prometheus' own tool, also when its series began a moment ago."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.discord_app.interaction_metrics import InteractionOutcome
from bot.ops.prometheus import PrometheusMetrics
from tests.helpers.promtool import RULES, Samples, firing_alerts, needs_promtool, read_samples

pytestmark = needs_promtool

Change = Callable[[PrometheusMetrics], None]

NOW = 1.8e9

GAUGES: Samples = {
    "nintei_info": 1,
    'nintei_gateway_connected{shard="0"}': 1,
    "nintei_processes": 3,
    "nintei_database_up": 1,
    "nintei_reminder_poll_age_seconds": 5,
    "nintei_disk_free_bytes": 50e9,
    "nintei_last_backup_timestamp_seconds": NOW - 3600,
    "nintei_mail_last_seen_seconds": 60,
}


def times(count: int, report: Change) -> Change:
    def all_of_them(metrics: PrometheusMetrics) -> None:
        for _ in range(count):
            report(metrics)

    return all_of_them


def nothing(_metrics: PrometheusMetrics) -> None:
    """No report."""


FAULTS: dict[str, tuple[Change, Samples, set[str]]] = {
    "nothing": (nothing, {}, set()),
    "not connected": (nothing, {'nintei_gateway_connected{shard="0"}': 0}, {"NinteiNotConnected"}),
    "not polled": (nothing, {"nintei_reminder_poll_age_seconds": 181}, {"NinteiRemindersNotPolled"}),
    "polled just now": (nothing, {"nintei_reminder_poll_age_seconds": 179}, set()),
    "late": (lambda metrics: metrics.observe_reminder("lead", "delivered", 700), {}, {"NinteiRemindersLate"}),
    "closed notices late": (lambda metrics: metrics.observe_reminder("closed", "delivered", 700), {}, set()),
    "undeliverable": (
        lambda metrics: metrics.observe_reminder("lead", "undeliverable", None), {}, {"NinteiRemindersNotDelivered"},
    ),
    "tried again": (times(3, lambda metrics: metrics.count("delivery_retries", "failed")), {}, {"NinteiDeliveriesFail"}),
    "database down": (nothing, {"nintei_database_up": 0}, {"NinteiDatabaseDown"}),
    **{
        f"database {reason}": (
            lambda metrics, reason=reason: metrics.count_storage_error(f"storage-{reason}"),  # type: ignore[misc]
            {},
            {"NinteiDatabaseRefuses"},
        )
        for reason in ("damaged", "file-lost", "full", "read-only")
    },
    **{
        f"database {reason}": (
            lambda metrics, reason=reason: metrics.count_storage_error(f"storage-{reason}"),  # type: ignore[misc]
            {},
            {"NinteiDatabaseErrors"},
        )
        for reason in ("busy", "failed", "unreachable", "a word that nobody knows")
    },
    "database slow": (lambda metrics: metrics.observe_db_operation("write", 0.8), {}, {"NinteiDatabaseSlow"}),
    "disk": (nothing, {"nintei_disk_free_bytes": 5e8}, {"NinteiDiskFull"}),
    "backup fails": (lambda metrics: metrics.count("backups", "failed"), {}, {"NinteiBackupFails"}),
    "no backup": (nothing, {"nintei_last_backup_timestamp_seconds": 0}, {"NinteiBackupMissing"}),
    "mailbox away": (nothing, {"nintei_mail_last_seen_seconds": 901}, {"NinteiMailboxNotRead"}),
    "mailbox read a while ago": (nothing, {"nintei_mail_last_seen_seconds": 899}, set()),
    "responses slow": (
        lambda metrics: metrics.observe_interaction("/status", "answered", 2.5), {}, {"NinteiResponsesSlow"},
    ),
    "interactions fail": (
        lambda metrics: metrics.observe_interaction("/status", "failed", None), {}, {"NinteiInteractionsFail"},
    ),
    "interactions unanswered": (
        lambda metrics: metrics.observe_interaction("modal", "unanswered", None), {}, {"NinteiInteractionsFail"},
    ),
    "refused by Discord": (
        times(210, lambda metrics: metrics.count("discord_requests", "401")), {}, {"NinteiRefusedByDiscord"},
    ),
}  # fmt: skip
"""What a process reports with each scrape, the gauges that change, and the alerts that fire."""


def scrapes(change: Change, gauges: Samples) -> tuple[Samples, Samples]:
    metrics = PrometheusMetrics()
    metrics.expect_interactions(["/status", "modal"], get_args(InteractionOutcome))
    healthy = {**read_samples(metrics.registry.collect()), **GAUGES}
    change(metrics)
    return healthy, {**read_samples(metrics.registry.collect()), **GAUGES, **gauges}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_and_its_alerts(tmp_path: Path, fault: str) -> None:
    change, gauges, alerts = FAULTS[fault]
    healthy, faulty = scrapes(change, gauges)
    assert firing_alerts(tmp_path, [healthy], [faulty], now=NOW) == alerts


@pytest.mark.parametrize("count", [1, 12])
def test_the_first_failures_of_a_process_fire_as_every_other(tmp_path: Path, count: int) -> None:
    """The counters begin at 0 and grow once: nothing is seen of them but this one step."""
    healthy, faulty = scrapes(times(count, lambda metrics: metrics.count_storage_error("storage-full")), {})
    assert firing_alerts(tmp_path, [healthy], [faulty], now=NOW, grows_on=False) == {"NinteiDatabaseRefuses"}
    healthy, faulty = scrapes(times(count, lambda metrics: metrics.observe_interaction("/status", "failed", 1)), {})
    expected = {"NinteiInteractionsFail"} if count > 5 else set()
    assert firing_alerts(tmp_path, [healthy], [faulty], now=NOW, grows_on=False) == expected


def test_processes_that_die(tmp_path: Path) -> None:
    healthy = {**GAUGES}
    fewer = {**healthy, "nintei_processes": 2}
    assert firing_alerts(tmp_path, [healthy] * 3, [fewer, fewer, None], now=NOW) == {"NinteiProcessGone"}
    alone = [{**healthy, "nintei_processes": 1}]
    gone = {"NinteiDown", "NinteiNotConnected", "NinteiProcessGone"}
    assert firing_alerts(tmp_path, alone, [None], now=NOW) == gone
    assert firing_alerts(tmp_path, [healthy] * 3, [None] * 3, now=NOW) == gone


def test_every_alert_has_its_fault() -> None:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"]}
    seen = set[str]().union(*(names for _, _, names in FAULTS.values()))
    assert alerts - seen == {"NinteiDown", "NinteiProcessGone"}  # test_processes_that_die
