"""What the operator sets and reads: settings, and that alerts, dashboard and guide name what there is."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, get_args

import pytest
import yaml
from prometheus_client import ProcessCollector

from bot.discord_app.interaction_metrics import InteractionOutcome
from bot.domain.reminders.plan import ReminderKind
from bot.errors import SettingError
from bot.i18n.translations import get_translations
from bot.instrumentation import RetryReason, Round, StorageErrorReason
from bot.mail.intake import MailOutcome
from bot.ops.gauges import GaugeCollector
from bot.ops.health import Health
from bot.ops.prometheus import PrometheusMetrics
from bot.settings import read_settings
from storage.planned_reminders import ReminderOutcome
from storage.stats import Totals
from tests.helpers.machine import ROOT

DOCS = ROOT / "docs"
_NAME = re.compile(r"\bnintei_[a-z_]+\b")


def test_off_unless_a_port_is_set_and_on_this_machine_alone() -> None:
    settings = read_settings({})
    assert (settings.metrics_port, settings.metrics_host) == (None, "127.0.0.1")
    settings = read_settings({"METRICS_PORT": " 9464 ", "METRICS_HOST": " 0.0.0.0 "})
    assert (settings.metrics_port, settings.metrics_host) == (9464, "0.0.0.0")  # noqa: S104 — what is asked for
    assert read_settings({"METRICS_PORT": "", "METRICS_HOST": ""}).metrics_port is None


@pytest.mark.parametrize(
    "written", ["0", "65536", "-1", "９４６４", "9464a", "127.0.0.1:9464", "1" * 5000, "8_0", "0x50"]
)
def test_a_port_that_is_none_is_a_sentence(written: str) -> None:
    with pytest.raises(SettingError) as told:
        read_settings({"METRICS_PORT": written})
    for locale in ("ja", "en"):
        assert "METRICS_PORT" in get_translations(locale).format_error(told.value)


def test_the_example_names_the_settings() -> None:
    written = (DOCS.parent / ".env.example").read_text(encoding="utf-8")
    assert "#METRICS_PORT=" in written
    assert "#METRICS_HOST=127.0.0.1" in written


VALUES = {
    ("nintei_interactions_total", "outcome"): set(get_args(InteractionOutcome)),
    ("nintei_reminders_total", "outcome"): set(map(str, ReminderOutcome)),
    ("nintei_reminder_late_seconds", "kind"): set(map(str, ReminderKind)),
    ("nintei_delivery_retries_total", "reason"): set(get_args(RetryReason)),
    ("nintei_database_seconds", "kind"): {"write", "read", "statement"},
    ("nintei_discord_requests_total", "status"): {"401", "403", "429"},
    ("nintei_gateway_connected", "shard"): {"0"},
    ("nintei_storage_errors_total", "reason"): set(get_args(StorageErrorReason)),
    ("nintei_backups_total", "outcome"): {"succeeded", "failed"},
    ("nintei_mails_total", "outcome"): set(MailOutcome),
    ("nintei_member_faults_total", "round"): set(get_args(Round)),
}
"""What a selector may ask for: a value that is never counted would keep an alert silent."""


def families() -> dict[str, set[str]]:
    """Every metric of a process, as a query names it, with its labels."""
    meter = PrometheusMetrics()
    ProcessCollector(namespace="nintei", registry=meter.registry)
    place = SimpleNamespace(process_count=1, shards={0})
    gateway = SimpleNamespace(connected={0}, latencies=[(0, 0.1)])
    parts: Any = SimpleNamespace(
        database=SimpleNamespace(engine="sqlite"),
        gateway=gateway,
        rate_limiter=SimpleNamespace(waiting=0, in_flight=0),
        dm_open_limiter=SimpleNamespace(count=0),
        membership=SimpleNamespace(assignment=place),
        daily_backup=SimpleNamespace(enabled=True, last_success_at=None),
        mailbox=SimpleNamespace(seconds_since_listed=lambda: 1.0),
        seconds_since_successful_poll=lambda: 1.0,
        shards=lambda: place.shards,
    )
    state = GaugeCollector(parts, Health(parts))
    state._totals = Totals(1, 2, 3)
    meter.registry.register(state)
    meter.observe_interaction("what", "outcome", 1)
    meter.count("discord_requests", "200")
    meter.count("gateway_sessions", "new")
    meter.count("parsed_items", "mail", "recorded")
    meter.observe_reminder("lead", "delivered", 1)
    meter.count("delivery_retries", "failed")
    meter.observe_db_operation("write", 1)
    return {
        sample.name: set(sample.labels)
        for family in meter.registry.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def base(name: str) -> str:
    return re.sub(r"_(bucket|sum|count)$", "", name)


def expressions(board: dict[str, Any]) -> Iterator[str]:
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def check(expression: str) -> None:
    """Metrics that exist, with labels that they have, and brackets that close."""
    known = families()
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing), expression
    named = _NAME.findall(expression)
    assert named, expression
    for name in named:
        assert name in known, name
        for selector in re.findall(name + r"\{([^}]*)\}", expression):
            for label, values in re.findall(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"([^\"]*)", selector):
                assert label in known[name] | {"instance"}, (name, label)
                if label != "instance":  # the scraper's own
                    assert set(values.split("|")) <= VALUES[name.removesuffix("_bucket"), label], (name, values)
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        labels = {each.strip() for each in grouped.split(",")}
        assert labels <= {"instance"}.union(*(known[name] for name in named)), expression


def test_every_alert_speaks_of_what_there_is_and_says_what_to_do() -> None:
    rules = yaml.safe_load((DOCS / "alerts.yaml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len({each["alert"] for each in alerts}) == len(alerts) >= 10
    for each in alerts:
        assert set(each) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", each.get("for", "1m"))
        assert each["labels"]["severity"] in {"page", "warn"}
        assert set(each["annotations"]) == {"summary", "description"}
        assert min(map(len, each["annotations"].values())) > 20
        check(each["expr"])


def test_the_dashboard_shows_everything_there_is() -> None:
    board = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    assert {each["name"]: each["type"] for each in board["templating"]["list"]}["datasource"] == "datasource"
    panels = board["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for each in panels:
        place = each["gridPos"]
        covered = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not covered & taken
        assert max(x for x, _ in covered) < 24
        taken |= covered
        if each["type"] != "row":
            assert each["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            assert {target["refId"] for target in each["targets"]} == set("ABC"[: len(each["targets"])])
    shown = " ".join(expressions(board))
    for expression in expressions(board):
        check(expression)
    for name in families():
        assert name.startswith("nintei_process_") or base(name) in shown, name


def test_the_guide_explains_everything_there_is() -> None:
    guide = (DOCS / "operate.md").read_text(encoding="utf-8")
    explained = set(_NAME.findall(guide))
    known = {base(name) for name in families()}
    assert {name for name in known if not name.startswith("nintei_process_")} <= explained
    assert {name for name in explained if name != "nintei_process_"} <= known


def test_no_label_can_grow_without_bound() -> None:
    """A label is named here with what bounds it."""
    bounded = {
        "interaction": "commands and kinds of controls", "outcome": "an enumeration", "status": "HTTP's",
        "source": "an enumeration", "kind": "an enumeration", "reason": "an enumeration", "le": "buckets",
        "shard": "a setting", "state": "two", "version": "one", "python": "one", "engine": "one",
        "round": "an enumeration",
    }  # fmt: skip
    assert {label for labels in families().values() for label in labels} == set(bounded)


@pytest.mark.slow
def test_a_crash_prints_no_words() -> None:
    """Python's own traceback would."""
    program = (
        "import sys, bot.app\n"
        "def breaks(*_): raise ValueError('ひみつ')\n"
        "bot.app.run_bot = breaks\n"
        "from bot.cli.main import main\n"
        "sys.exit(main(['run']))"
    )
    ended = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "crashed" in ended.stderr
    assert "builtins.ValueError" in ended.stderr
    assert "ひみつ" not in ended.stderr + ended.stdout
