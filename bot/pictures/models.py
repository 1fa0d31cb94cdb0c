"""The data of each picture: numbers and finished labels. Equal models give the same picture, so a model is a cache key.

Rates are in permille; None is a rate without replies. Times are minutes from the start of the reply window.
"""

from dataclasses import dataclass
from enum import StrEnum


class StatusIcon(StrEnum):
    """Whether something is met; drawn as a symbol with its own shape and colour."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_JUDGED = "not_judged"


class Severity(StrEnum):
    """How urgent something is, in the colours of the cards."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """The reply rate against its threshold."""

    permille: int | None
    threshold: int | None
    """None: the rate is no criterion."""
    icon: StatusIcon
    label: str
    fraction: str
    """Replies on time out of all: "12/13"."""
    threshold_label: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with its status and its value."""

    icon: StatusIcon
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPicture:
    """The certification status: the rate and the criteria."""

    gauge: Gauge
    title: str
    headline: str
    """How many late replies are allowed, or how many replies are needed; or that the rate is no criterion."""
    lines: tuple[str, ...]
    """Up to two, about the replies behind the rate."""
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPicture:
    """The replies of the year by weeks."""

    title: str
    weeks: tuple[tuple[int, int], ...]
    """Replies on time and late, the oldest week first."""
    months: tuple[tuple[int, str], ...]
    """The index of the week in which a month begins, and the month's name."""
    on_time_label: str
    late_label: str


@dataclass(frozen=True, slots=True)
class AmountPart:
    """A part of a sum, in whole yen."""

    name: str
    label: str
    amount: int
    is_deduction: bool
    """A fee or a tax withheld, which the member does not receive; drawn hatched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePicture:
    """What the client pays, and what the member keeps of it; parts from left to right."""

    client_title: str
    client_total: str
    client_parts: tuple[AmountPart, ...]
    member_title: str
    member_total: str
    member_parts: tuple[AmountPart, ...]
    contract: AmountPart


@dataclass(frozen=True, slots=True)
class ReviewBar:
    """The rate at one coming review."""

    month: str
    permille: int | None
    label: str
    icon: StatusIcon
    is_first_met: bool
    """Whether it is the first review that finds the rate met; marked with a pointer."""


@dataclass(frozen=True, slots=True)
class ForecastPicture:
    """The rate at the coming reviews against the threshold."""

    title: str
    threshold: int | None
    threshold_label: str
    reviews: tuple[ReviewBar, ...]
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTimeline:
    """The 24 hours of a reply window."""

    opened_label: str
    closes_label: str
    now: int
    quiet_spans: tuple[tuple[int, int], ...]
    reminders: tuple[int, ...]
    quiet_label: str
    reminder_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPicture:
    """How much of a reply window is left."""

    severity: Severity
    minutes_left: int
    """Rounded down."""
    left_label: str
    title: str
    lines: tuple[str, ...]
    timeline: WindowTimeline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePicture:
    """How a reply changed the rate."""

    severity: Severity
    title: str
    before: int | None
    after: int | None
    label: str
    """The rate before and after: "91.6 % → 92.3 %"."""
    threshold: int | None
    threshold_label: str


PictureModel = StatusPicture | YearPicture | FeePicture | ForecastPicture | WindowPicture | RatePicture
