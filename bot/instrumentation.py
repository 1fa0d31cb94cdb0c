"""What the rooms report of themselves while they work. Nobody listens unless the operator wants figures.

A label is a word of the program's own (a command, a control, an outcome): never a member, a client or an id.
bot/ops/prometheus.py counts what is reported here.
"""

from typing import Final, Literal

RetryReason = Literal["asked", "failed"]
"""Why a delivery was put off: somebody said when to come again, or it did not go through."""


GatewaySessionKind = Literal["new", "resumed"]
"""How a gateway connection came to stand."""


class Metrics:
    """Takes reports and forgets them."""

    def observe_interaction(self, name: str, outcome: str, seconds: float | None) -> None:
        """An interaction is over; `seconds` from its arrival to our first answer, None if there was none."""

    def count_discord_request(self, status: str) -> None:
        """Discord answered a request; `none`: it did not."""

    def count_gateway_session(self, kind: GatewaySessionKind) -> None:
        """A gateway connection stands (again)."""

    def count_parsed_item(self, source: str, outcome: str) -> None:
        """Something that was forwarded or written was read."""

    def observe_reminder(self, kind: str, outcome: str, lateness_seconds: float | None) -> None:
        """An occurrence ended; `late`: seconds after its moment, if it was delivered."""

    def count_delivery_retry(self, reason: RetryReason) -> None:
        """A delivery will be tried again."""

    def observe_db_operation(self, kind: str, seconds: float) -> None:
        """A transaction, or a statement on its own, is over."""


NULL_METRICS: Final = Metrics()
