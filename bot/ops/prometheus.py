"""The metrics that the program reports, recorded for Prometheus. docs/operate.md explains each of them."""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.domain.reminders.plan import ReminderKind
from bot.instrumentation import (
    CounterName,
    DatabaseOperation,
    GatewaySessionKind,
    Metrics,
    ParsedItemOutcome,
    ParsedItemSource,
    RetryReason,
    Round,
    StorageErrorReason,
)
from bot.mail.intake import MailOutcome
from storage.planned_reminders import ReminderOutcome

RESPONSE_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds. Discord waits three for the first response (docs/platform-facts.md#commands)."""

LATENESS_BUCKETS: Final = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 12 * 3600)
"""Seconds."""

DB_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Seconds."""

EXPECTED_STATUSES: Final = (
    "200", "201", "204", "400", "401", "403", "404", "429", "500", "502", "503", "504", "none",
)  # fmt: skip
"""Statuses of Discord's answers that are counted from 0 on; others appear when they first come."""


COUNTERS: Final[Mapping[CounterName, tuple[str, Mapping[str, Collection[str]]]]] = {
    "discord_requests": ("Requests to Discord by HTTP status; none: no answer", {"status": EXPECTED_STATUSES}),
    "gateway_sessions": ("Gateway connections that were established", {"kind": get_args(GatewaySessionKind)}),
    "parsed_items": (
        "Items read from messages",
        {"source": get_args(ParsedItemSource), "outcome": get_args(ParsedItemOutcome)},
    ),
    "mails": ("Mails that arrived by themselves by what became of them", {"outcome": tuple(MailOutcome)}),
    "delivery_retries": ("Deliveries that will be tried again", {"reason": get_args(RetryReason)}),
    "member_faults": ("Members left out of a round because of a fault", {"round": get_args(Round)}),
    "storage_errors": (
        "Transactions and statements that the database did not carry out",
        {"reason": get_args(StorageErrorReason)},
    ),
    "backups": ("Daily backups by their outcome", {"outcome": ("succeeded", "failed")}),
}
"""The description of each counter, and its labels with their values."""


class PrometheusMetrics(Metrics):
    """Records the metrics of one process in a registry of its own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()

        def counter(name: str, description: str, *labels: str) -> Counter:
            return Counter(f"nintei_{name}", description, labels, registry=self.registry)

        def histogram(name: str, description: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"nintei_{name}", description, (label,), buckets=buckets, registry=self.registry)

        self._interactions = counter("interactions", "Interactions by name and outcome", "interaction", "outcome")
        self._responses = histogram(
            "interaction_response_seconds",
            "Seconds from an interaction's arrival to our first response",
            "interaction",
            RESPONSE_BUCKETS,
        )
        self._reminders = counter("reminders", "Planned reminders by their outcome", "outcome")
        self._lateness = histogram(
            "reminder_late_seconds", "Seconds from a reminder's planned time to its delivery", "kind", LATENESS_BUCKETS
        )
        self._database = histogram(
            "database_seconds", "Seconds from the request for a transaction or statement to its end", "kind", DB_BUCKETS
        )

        self._counters = {name: counter(name, text, *labels) for name, (text, labels) in COUNTERS.items()}

        # Every label value exists from the start: `increase` does not see the first appearance of a counter.
        for name, (_, values_of_labels) in COUNTERS.items():
            for labels in product(*values_of_labels.values()):
                self._counters[name].labels(*labels)
        for metric, values in (
            (self._reminders, ReminderOutcome),
            (self._lateness, ReminderKind),
            (self._database, get_args(DatabaseOperation)),
        ):
            for value in values:
                metric.labels(value)

    def expect_interactions(self, names: Collection[str], outcomes: Collection[str]) -> None:
        for name, outcome in product(names, outcomes):
            self._interactions.labels(name, outcome)
        for name in names:
            self._responses.labels(name)

    def observe_interaction(self, name: str, outcome: str, seconds: float | None) -> None:
        self._interactions.labels(name, outcome).inc()
        if seconds is not None:
            self._responses.labels(name).observe(seconds)

    def count(self, counter: CounterName, *labels: str) -> None:
        self._counters[counter].labels(*labels).inc()

    def observe_reminder(self, kind: str, outcome: str, lateness_seconds: float | None) -> None:
        self._reminders.labels(outcome).inc()
        if lateness_seconds is not None:  # negative where a peak was spread: such a reminder goes out early
            self._lateness.labels(kind).observe(max(lateness_seconds, 0.0))

    def observe_db_operation(self, kind: str, seconds: float) -> None:
        self._database.labels(kind).observe(seconds)
