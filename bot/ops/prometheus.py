"""The metrics that the program reports, recorded for Prometheus. docs/operate.md explains each of them."""

from collections.abc import Collection
from itertools import product
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.domain.reminders.plan import ReminderKind
from bot.instrumentation import (
    DatabaseOperation,
    GatewaySessionKind,
    Metrics,
    ParsedItemOutcome,
    ParsedItemSource,
    RetryReason,
    Round,
    StorageErrorReason,
    storage_error_reason,
)
from bot.mail.intake import MailOutcome
from storage.planned_reminders import ReminderOutcome

RESPONSE_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds. Discord waits three for the first response (docs/platform-facts.md#commands)."""

LATENESS_BUCKETS: Final = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 12 * 3600)
"""Seconds."""

DB_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Seconds."""


BACKUP_OUTCOMES: Final = ("succeeded", "failed")

EXPECTED_STATUSES: Final = (
    "200", "201", "204", "400", "401", "403", "404", "429", "500", "502", "503", "504", "none",
)  # fmt: skip
"""Statuses of Discord's answers that are counted from 0 on; others appear when they first come."""


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
        self._requests = counter("discord_requests", "Requests to Discord by HTTP status; none: no answer", "status")
        self._sessions = counter("gateway_sessions", "Gateway connections that were established", "kind")
        self._parsed_items = counter("parsed_items", "Items read from messages", "source", "outcome")
        self._mails = counter("mails", "Mails that arrived by themselves by what became of them", "outcome")
        self._reminders = counter("reminders", "Planned reminders by their outcome", "outcome")
        self._lateness = histogram(
            "reminder_late_seconds", "Seconds from a reminder's planned time to its delivery", "kind", LATENESS_BUCKETS
        )
        self._retries = counter("delivery_retries", "Deliveries that will be tried again", "reason")
        self._member_faults = counter("member_faults", "Members left out of a round because of a fault", "round")
        self._database = histogram(
            "database_seconds", "Seconds from the request for a transaction or statement to its end", "kind", DB_BUCKETS
        )
        self._storage_errors = counter(
            "storage_errors", "Transactions and statements that the database did not carry out", "reason"
        )
        self._backups = counter("backups", "Daily backups by their outcome", "outcome")

        # Every label value exists from the start: `increase` does not see the first appearance of a counter.
        for metric, values in (
            (self._requests, EXPECTED_STATUSES),
            (self._sessions, get_args(GatewaySessionKind)),
            (self._mails, MailOutcome),
            (self._reminders, ReminderOutcome),
            (self._lateness, ReminderKind),
            (self._retries, get_args(RetryReason)),
            (self._member_faults, get_args(Round)),
            (self._database, get_args(DatabaseOperation)),
            (self._storage_errors, get_args(StorageErrorReason)),
            (self._backups, BACKUP_OUTCOMES),
        ):
            for value in values:
                metric.labels(value)
        for source, outcome in product(get_args(ParsedItemSource), get_args(ParsedItemOutcome)):
            self._parsed_items.labels(source, outcome)

    def expect_interactions(self, names: Collection[str], outcomes: Collection[str]) -> None:
        for name, outcome in product(names, outcomes):
            self._interactions.labels(name, outcome)
        for name in names:
            self._responses.labels(name)

    def observe_interaction(self, name: str, outcome: str, seconds: float | None) -> None:
        self._interactions.labels(name, outcome).inc()
        if seconds is not None:
            self._responses.labels(name).observe(seconds)

    def count_discord_request(self, status: str) -> None:
        self._requests.labels(status).inc()

    def count_gateway_session(self, kind: GatewaySessionKind) -> None:
        self._sessions.labels(kind).inc()

    def count_parsed_item(self, source: str, outcome: str) -> None:
        self._parsed_items.labels(source, outcome).inc()

    def count_mail(self, outcome: str) -> None:
        self._mails.labels(outcome).inc()

    def observe_reminder(self, kind: str, outcome: str, lateness_seconds: float | None) -> None:
        self._reminders.labels(outcome).inc()
        if lateness_seconds is not None:  # negative where a peak was spread: such a reminder goes out early
            self._lateness.labels(kind).observe(max(lateness_seconds, 0.0))

    def count_delivery_retry(self, reason: RetryReason) -> None:
        self._retries.labels(reason).inc()

    def count_member_fault(self, round_name: Round) -> None:
        self._member_faults.labels(round_name).inc()

    def observe_db_operation(self, kind: str, seconds: float) -> None:
        self._database.labels(kind).observe(seconds)

    def count_storage_error(self, message_id: str) -> None:
        self._storage_errors.labels(storage_error_reason(message_id)).inc()

    def count_backup(self, *, succeeded: bool) -> None:
        self._backups.labels(BACKUP_OUTCOMES[not succeeded]).inc()
