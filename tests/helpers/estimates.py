"""The reply rate with the replies from before the record, as tests ask for it."""

from datetime import date, datetime

from bot.domain.calendar import lancers_midnight
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.unseen_replies import find_unseen_replies
from bot.domain.reply.reply_rate import RateRule, ReplyRate

FOUR_FIFTHS = RateRule(4, 5, minimum=5)


def rate_with_display(
    displayed: DisplayedFigures,
    recorded: ReplyRate,
    current: ReplyRate,
    as_of: datetime,
    *,
    known_since: date | None = None,
    still_counted: int | None = None,
    rule: RateRule = FOUR_FIFTHS,
) -> ReplyRate:
    """The rate at `as_of`; `recorded` is the record of the display's year, `current` that of the year before `as_of`."""
    first_reply_at = None if known_since is None else lancers_midnight(known_since)
    unseen = find_unseen_replies(displayed, recorded, first_reply_at)
    if unseen is None:
        return current
    return unseen.add_to(
        current, as_of, rule, still_counted=current.replies if still_counted is None else still_counted
    )
