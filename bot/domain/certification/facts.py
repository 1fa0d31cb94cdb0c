"""The facts about a member, besides the replies, by which the criteria are judged."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaInputs:
    """All facts that the criteria use. None: the member has not said it."""

    rate: ReplyRate
    job_totals: tuple[JobTotals, ...] | None = None
    """The jobs of the year; None: no job was ever entered, so nothing is known."""
    category: str | None = None
    """The category whose earnings count; None: all categories."""
    earnings_threshold: Yen | None = None
    """The member's estimate of the category's top-20 % line; Lancers publishes none."""
    profile: frozenset[ProfileItem] | None = None
    last_login: date | None = None
    """In Tokyo."""
    displayed: DisplayedFigures | None = None
    """Figures that Lancers displayed; used where the member's own record says nothing."""
