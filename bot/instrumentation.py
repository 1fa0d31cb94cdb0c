"""The interface through which the program reports its metrics. `NULL_METRICS` drops them unless `METRICS_PORT` is set.

A label value is one of a fixed set of words (a command, a control, an outcome): never a member, a client or an id.
`bot/ops/prometheus.py` implements the interface for Prometheus.
"""

from collections.abc import Collection
from typing import Final, Literal, get_args

RetryReason = Literal["delayed", "failed"]
"""Why a delivery is tried again: it has to wait until a known time, or it did not go through."""

GatewaySessionKind = Literal["new", "resumed"]
"""Whether a gateway connection identified anew or resumed its session."""

Round = Literal["digests", "purge", "reminders", "recomputation", "bulk_changes", "cards"]
"""Work that is done for one member after another."""

ParsedItemSource = Literal["mail", "quoted", "posted", "written", "none"]
"""Where an item that was read from a message comes from."""

ParsedItemOutcome = Literal["recorded", "clarification", "refused", "unreadable", "login_code", "nothing_to_record"]
"""What became of an item that was read from a message."""

DatabaseOperation = Literal["write", "read", "statement"]
"""A transaction, or a single statement."""

StorageErrorReason = Literal["busy", "damaged", "failed", "file-lost", "full", "read-only", "unreachable"]
"""Why the database did not do what was asked: `storage-REASON` is the text that says so."""

CounterName = Literal[
    "backups",
    "delivery_retries",
    "discord_requests",
    "gateway_sessions",
    "mails",
    "member_faults",
    "parsed_items",
    "storage_errors",
]
"""What is counted; `bot/ops/prometheus.py` describes each, with its labels."""


def storage_error_reason(message_id: str) -> StorageErrorReason:
    """The reason in a text's id; `failed` for every text that is none of `StorageErrorReason`."""
    reasons: dict[str, StorageErrorReason] = {f"storage-{reason}": reason for reason in get_args(StorageErrorReason)}
    return reasons.get(message_id, "failed")


class Metrics:
    """Accepts every report and drops it; subclasses record them."""

    def expect_interactions(self, names: Collection[str], outcomes: Collection[str]) -> None:
        """Let the count of each begin at 0: a count that begins with its first event shows no increase."""

    def observe_interaction(self, name: str, outcome: str, seconds: float | None) -> None:
        """Report a finished interaction; `seconds` from its arrival to our first response, None without one."""

    def count(self, counter: CounterName, *labels: str) -> None:
        """Report one more of something, by its labels: what became of it, or of which kind it is."""

    def count_storage_error(self, message_id: str) -> None:
        """Report that the database did not do what was asked, by the id of the text that says why."""
        self.count("storage_errors", storage_error_reason(message_id))

    def observe_reminder(self, kind: str, outcome: str, lateness_seconds: float | None) -> None:
        """Report a planned reminder's outcome; `lateness_seconds` after its planned time, None if not delivered."""

    def observe_db_operation(self, kind: str, seconds: float) -> None:
        """Report the duration of a transaction (`read`, `write`) or of a single `statement`."""


NULL_METRICS: Final = Metrics()
