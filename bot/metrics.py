"""What the rooms report of themselves while they work. Nobody listens unless the operator wants figures.

A label is a word of the program's own (a command, a control, an outcome): never a member, a client or an id.
bot/operations/metrics.py counts what is reported here.
"""

from typing import Final, Literal

Reason = Literal["asked", "failed"]
"""Why a delivery was put off: somebody said when to come again, or it did not go through."""


Session = Literal["new", "resumed"]
"""How a gateway connection came to stand."""


class Meter:
    """Takes reports and forgets them."""

    def interaction(self, what: str, outcome: str, seconds: float | None) -> None:
        """An interaction is over; `seconds` from its arrival to our first answer, None if there was none."""

    def request(self, status: str) -> None:
        """Discord answered a request; `none`: it did not."""

    def session(self, how: Session) -> None:
        """A gateway connection stands (again)."""

    def sighting(self, source: str, outcome: str) -> None:
        """Something that was forwarded or written was read."""

    def reminder(self, kind: str, outcome: str, late: float | None) -> None:
        """An occurrence ended; `late`: seconds after its moment, if it was delivered."""

    def put_off(self, reason: Reason) -> None:
        """A delivery will be tried again."""

    def database(self, kind: str, seconds: float) -> None:
        """A transaction, or a statement on its own, is over."""


SILENT: Final = Meter()
