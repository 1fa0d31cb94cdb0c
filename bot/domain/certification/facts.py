"""What is known of a member besides the replies: what the judge goes by."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.certification.calibration import DisplayedFigures, ReplyRateEstimate
from bot.domain.certification.jobs import JobTotals
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import Yen


class ProfileItem(StrEnum):
    """The nine items of the profile (FACTS.md §2)."""

    SELF_INTRODUCTION = "self_introduction"
    PHOTO = "photo"
    DISPLAY_NAME = "display_name"
    CAREER = "career"
    SKILLS = "skills"
    IDENTITY = "identity"
    CONFIDENTIALITY = "confidentiality"
    PHONE = "phone"
    LANCERS_CHECK = "lancers_check"


@dataclass(frozen=True, slots=True)
class CriteriaInputs:
    """Everything there is to judge by; None is what nobody has said."""

    rate: ReplyRate
    job_totals: tuple[JobTotals, ...] | None = None
    """The year's jobs; None: none was ever entered, so nothing is known."""
    category: str | None = None
    """Whose earnings count; None: of all."""
    earnings_threshold: Yen | None = None
    """The member's own estimate of the category's top-20 % line; Lancers publishes none."""
    profile: frozenset[ProfileItem] | None = None
    last_login: date | None = None
    """In Tokyo."""
    estimate: ReplyRateEstimate | None = None
    """The reply rate with the replies from before the record put in."""
    displayed: DisplayedFigures | None = None
    """What Lancers displayed; it stands in where nothing of one's own is known."""
