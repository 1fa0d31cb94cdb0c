"""What the rooms report, counted for Prometheus. docs/operate.md explains every name to the operator."""

from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.instrumentation import GatewaySessionKind, Metrics, RetryReason
from storage.planned_reminders import ReminderOutcome

RESPONSE_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds: Discord waits three for a first answer."""

LATENESS_BUCKETS: Final = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 12 * 3600)
DB_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)


class PrometheusMetrics(Metrics):
    """Each process counts for itself, in a registry of its own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"nintei_{name}", about, labels, registry=self.registry)

        def histogram(name: str, about: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"nintei_{name}", about, (label,), buckets=buckets, registry=self.registry)

        self._interactions = counter(
            "interactions", "Interactions by what was used and how it ended", "what", "outcome"
        )
        self._answers = histogram(
            "answer_seconds", "From an interaction's arrival to our first answer", "what", RESPONSE_BUCKETS
        )
        self._requests = counter("discord_requests", "Requests to Discord by HTTP status; none: no answer", "status")
        self._sessions = counter("gateway_sessions", "Gateway connections that came to stand", "how")
        self._sightings = counter(
            "sightings", "What was read out of messages, by source and outcome", "source", "outcome"
        )
        self._reminders = counter("reminders", "Reminders by the outcome they ended in", "outcome")
        self._lateness = histogram(
            "reminder_late_seconds", "Seconds after its moment that a reminder was delivered", "kind", LATENESS_BUCKETS
        )
        self._put_off = counter("deliveries_put_off", "Deliveries that will be tried again", "reason")
        self._database = histogram(
            "database_seconds", "From the wish for a transaction or statement to its end", "kind", DB_BUCKETS
        )

        # What an alert looks for is there from the start: an increase from nothing to one would not be seen.
        for outcome in ReminderOutcome:
            self._reminders.labels(outcome)
        for reason in get_args(RetryReason):
            self._put_off.labels(reason)
        for how in get_args(GatewaySessionKind):
            self._sessions.labels(how)

    def observe_interaction(self, what: str, outcome: str, seconds: float | None) -> None:
        self._interactions.labels(what, outcome).inc()
        if seconds is not None:
            self._answers.labels(what).observe(seconds)

    def count_discord_request(self, status: str) -> None:
        self._requests.labels(status).inc()

    def count_gateway_session(self, how: GatewaySessionKind) -> None:
        self._sessions.labels(how).inc()

    def count_parsed_item(self, source: str, outcome: str) -> None:
        self._sightings.labels(source, outcome).inc()

    def observe_reminder(self, kind: str, outcome: str, late: float | None) -> None:
        self._reminders.labels(outcome).inc()
        if late is not None:
            self._lateness.labels(kind).observe(max(late, 0.0))  # a levelled one goes up to ten minutes early

    def count_delivery_retry(self, reason: RetryReason) -> None:
        self._put_off.labels(reason).inc()

    def observe_db_operation(self, kind: str, seconds: float) -> None:
        self._database.labels(kind).observe(seconds)
