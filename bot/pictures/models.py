"""What can be drawn: plain values and ready words. Equal panels are one picture, so a panel is its own cache key."""

from dataclasses import dataclass
from enum import StrEnum


class StatusIcon(StrEnum):
    """How something stands; drawn as a symbol of its own shape and colour."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_JUDGED = "not_judged"


class Severity(StrEnum):
    """How pressing something is, in the colours of the cards."""

    CALM = "calm"
    GOOD = "good"
    SOON = "soon"
    LATE = "late"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A rate against its line, both in tenths of a percent; `tenths` None: no replies."""

    tenths: int | None
    threshold: int
    icon: StatusIcon
    label: str
    counted: str
    threshold_label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was judged."""

    mark: StatusIcon
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class StatusPicture:
    """Where the member stands."""

    gauge: Gauge
    title: str
    headline: str
    """The slack, or what is needed."""
    verdict: Row
    weeks_title: str
    weeks: tuple[tuple[int, int], ...]
    """On time and late, the oldest week first; none: there is no strip, and the title says why."""
    months: tuple[tuple[int, str], ...]
    """Which week a month begins in, and its name."""
    on_time: str
    late: str
    criteria_title: str
    criteria: tuple[Row, ...]
    items_title: str
    items: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AmountPart:
    """A part of a sum in whole yen."""

    name: str
    label: str
    amount: int
    is_deduction: bool
    """A fee, or a tax withheld: it never reaches the member; drawn hatched."""


@dataclass(frozen=True, slots=True)
class FeePicture:
    """What the client pays, and what the member keeps of it."""

    client: str
    client_total: str
    client_parts: tuple[AmountPart, ...]
    """From the ground up."""
    member: str
    member_total: str
    member_parts: tuple[AmountPart, ...]
    contract: AmountPart


@dataclass(frozen=True, slots=True)
class ReviewBar:
    """One coming review; `tenths` None: no replies by then."""

    day: str
    tenths: int | None
    words: str
    mark: StatusIcon
    threshold_met: bool
    """The first one that finds the rate met; pointed at."""


@dataclass(frozen=True, slots=True)
class ForecastPicture:
    """The coming reviews against the line."""

    title: str
    line: int
    line_words: str
    reviews: tuple[ReviewBar, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class WindowTimeline:
    """The 24 hours of a window, in minutes from its start."""

    starts: str
    ends: str
    now: int
    quiet: tuple[tuple[int, int], ...]
    reminders: tuple[int, ...]
    quiet_words: str
    reminder_words: str


@dataclass(frozen=True, slots=True)
class WindowPicture:
    """How much is left of 24 hours."""

    tone: Severity
    fraction_left: int
    """Minutes, rounded down; never more than the truth."""
    left_words: str
    title: str
    lines: tuple[str, ...]
    day: WindowTimeline | None = None


@dataclass(frozen=True, slots=True)
class RatePicture:
    """What a reply did to the rate."""

    tone: Severity
    title: str
    before: int | None
    after: int | None
    words: str
    """Before → after."""
    line: int
    line_words: str


PictureModel = StatusPicture | FeePicture | ForecastPicture | WindowPicture | RatePicture
