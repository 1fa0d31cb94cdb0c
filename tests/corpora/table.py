"""Read the tables, and say what is wrong with them."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

FOLDER: Final = Path(__file__).parent
DEFAULT_NOW: Final = "2026-11-24T12:00"
DEFAULT_ZONE: Final = "Asia/Tokyo"
MIN_LINES: Final = 1500
MIN_MAILS: Final = 300
NOT_RECORDED: Final = frozenset({"ask", "refuse", "foreign", "code"})
STATEMENTS: Final = frozenset({"received", "replied", "dismissed", "message", "invitation", "review"})
REQUESTS: Final = frozenset({"help", "undo", "status", "pending", "fee"})


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a line or mail says. `client` and `title` "*": any; None: nothing may be read."""

    kind: str
    client: str | None = None
    title: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    """Both in UTC; None: any time, or none."""
    argument: str = ""
    """Of a fee: yen. Of a review: whether the badge was granted."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The right reading."""

    parts: tuple[Part, ...]
    may_ask: bool = False

    @property
    def is_recorded(self) -> bool:
        """Whether something can be recorded or answered without a question."""
        return all(part.kind not in NOT_RECORDED for part in self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of lines."""

    kind: str
    language: str
    now: datetime
    clients: tuple[str, ...]
    waiting: frozenset[str]
    """Those of the clients to whom a reply is open."""
    unlisted: bool
    text: str
    reading: Reading

    @property
    def zone(self) -> ZoneInfo:
        assert isinstance(self.now.tzinfo, ZoneInfo)
        return self.now.tzinfo


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table by the names of its columns. Nothing is quoted."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)


def unescape(text: str) -> str:
    return text.replace("\\n", "\n")


def _instant(text: str, now: datetime) -> datetime:
    if text == "now":
        return now.astimezone(UTC)
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=now.tzinfo)).astimezone(UTC)


def _part(text: str, now: datetime) -> Part:
    kind, *fields = re.split(r" (?=(?:client|at|title|granted)=)", text)
    if kind.startswith("fee "):
        return Part("fee", argument=kind.removeprefix("fee "))
    if kind not in STATEMENTS | REQUESTS | NOT_RECORDED:
        raise ValueError(text)
    values = dict(field.split("=", 1) for field in fields)
    earliest, _, latest = values.get("at", "*").partition("..")
    return Part(
        kind,
        client=values.get("client"),
        title=values.get("title"),
        earliest=None if earliest == "*" else _instant(earliest, now),
        latest=None if earliest == "*" else _instant(latest or earliest, now),
        argument=values.get("granted", ""),
    )


def parse_reading(text: str, now: datetime) -> Reading:
    """Raises `ValueError`: not in the notation of the tables."""
    return Reading(
        tuple(_part(part, now) for part in text.removeprefix("ask-ok ").split(" ; ")), text.startswith("ask-ok ")
    )


def moment(now: str = "", zone: str = "") -> datetime:
    """`now` of a row."""
    return datetime.fromisoformat(now or DEFAULT_NOW).replace(tzinfo=ZoneInfo(zone or DEFAULT_ZONE))


def load_lines() -> list[Line]:
    """All lines. Raises `ValueError`."""
    lines = []
    for path in sorted((FOLDER / "lines").glob("*.tsv")):
        for row in rows(path):
            now = moment(row["now"], row["zone"])
            clients = [name for name in row["clients"].split(";") if name]
            lines.append(
                Line(
                    kind=row["kind"],
                    language=row["language"],
                    now=now,
                    clients=tuple(name.removesuffix("*") for name in clients),
                    waiting=frozenset(name.removesuffix("*") for name in clients if name.endswith("*")),
                    unlisted=row["unlisted"] == "x",
                    text=unescape(row["line"]),
                    reading=parse_reading(row["reading"], now),
                )
            )
    return lines


def check_lines(lines: list[Line]) -> list[str]:
    """What is wrong with the table: sentences."""
    faults = [
        f"written twice: {text!r}"
        for (text, *_), times in Counter((line.text, line.now, line.clients, line.waiting) for line in lines).items()
        if times > 1
    ]
    if len(lines) < MIN_LINES:
        faults.append(f"fewer than {MIN_LINES} lines: {len(lines)}")
    if share(not line.reading.is_recorded for line in lines) < 30:
        faults.append("less than 30 % of the lines must be asked or refused")
    if share(line.unlisted for line in lines) < 25:
        faults.append("less than 25 % of the lines have words that no list has")
    faults += [f"language: {line.language!r}" for line in lines if line.language not in {"ja", "en"}]
    for line in lines:
        for part in line.reading.parts:
            if part.latest and part.earliest and not part.earliest <= part.latest <= line.now:
                faults.append(f"a reading later than now: {line.text!r}")
            if part.kind in {"replied", "dismissed"} and part.client not in line.waiting:
                faults.append(f"a reply to a client who does not wait: {line.text!r}")
    return faults


def share(truths: Iterable[bool]) -> float:
    """Per cent."""
    counted = Counter(truths)
    return 100 * counted[True] / max(1, counted.total())
