"""The facts about a member, besides the replies, by which the criteria are judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.jobs import JobTotals
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import Yen


class ProfileItem(StrEnum):
    """The nine items of the profile (docs/domain-facts.md#profile-items)."""

    SELF_INTRODUCTION = "self_introduction"
    PHOTO = "photo"
    DISPLAY_NAME = "display_name"
    CAREER = "career"
    SKILLS = "skills"
    IDENTITY = "identity"
    CONFIDENTIALITY = "confidentiality"
    PHONE = "phone"
    LANCERS_CHECK = "lancers_check"


class RankItem(StrEnum):
    """What only ranks ask of the profile (docs/domain-facts.md#ranks)."""

    INTRODUCTION_LENGTH = "introduction_length"
    """The self-introduction has 300 characters or more."""
    BACKGROUND = "background"
    """At least one entry of career or qualifications."""
    SKILL_OR_PORTFOLIO = "skill_or_portfolio"
    """At least one skill, skill set, portfolio entry or package."""


DeclaredItem = ProfileItem | RankItem
"""What a member can say of their profile."""


def parse_declared_item(name: str) -> DeclaredItem:
    """An item by its name. Raises `ValueError` for an unknown one."""
    return RankItem(name) if name in set(RankItem) else ProfileItem(name)


@dataclass(frozen=True, slots=True)
class EarningsGoal:
    """The line of one category. `category` None: all categories; `threshold` None: no line is known.

    The threshold is the member's estimate of the category's top-20 % line; Lancers publishes none.
    """

    category: str | None = None
    threshold: Yen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaInputs:
    """All facts that the criteria use. None: the member has not said it."""

    rate: ReplyRate
    job_totals: tuple[JobTotals, ...] | None = None
    """The jobs of the year; None: no job was ever entered, so nothing is known."""
    first_job_on: date | None = None
    """The day of the oldest recorded job, of any year."""
    goals: tuple[EarningsGoal, ...] = ()
    """The categories whose earnings count, with their lines: one met is enough. Empty: all earnings, no line."""
    profile: frozenset[ProfileItem] | None = None
    rank_items: Mapping[RankItem, bool] = field(default_factory=dict)
    """What the member said of them; others are not known."""
    has_taken_job: bool = False
    """A project, or an hourly, monthly or package job is recorded, of any day."""
    last_login: date | None = None
    """In Tokyo."""
    displayed: DisplayedFigures | None = None
    """Figures that Lancers displayed within the year. Those of jobs count, together with the jobs recorded since, where
    the record does not reach back to before the year, or has no such job in it; displayed earnings also where it lacks
    some of them."""
    earnings_until_display: int | None = None
    """Yen of the recorded jobs of the year that ends on the day of the displayed earnings; None: none are displayed."""
    displayed_days: Mapping[str, date] = field(default_factory=dict)
    """The day of each of these figures, where it is not that of `displayed`."""

    def displayed_day(self, figure: str) -> date | None:
        """The day on which Lancers displayed a figure."""
        return None if self.displayed is None else self.displayed_days.get(figure, self.displayed.on)

    @property
    def lacks_displayed_earnings(self) -> bool:
        """Whether Lancers displayed more than the record of the same year has, so that jobs are missing in it."""
        displayed = None if self.displayed is None else self.displayed.earnings
        recorded = self.earnings_until_display
        return displayed is not None and recorded is not None and recorded < displayed

    def jobs_since_display(self, figure: str) -> tuple[JobTotals, ...]:
        """The jobs after the day of a displayed figure; those of the day itself are in it."""
        day = self.displayed_day(figure)
        return tuple(
            totals
            for totals in self.job_totals or ()
            if day is None or totals.displayed_on is None or totals.displayed_on > day
        )
