"""The figures that Lancers displays, as a member copies them: in the options of a command, or in a form.

A percentage is written 92.5, 92 or ９２．５％.
"""

import re
from datetime import date
from typing import Final

from bot.domain.certification.calibration import MAX_REPLIES, DisplayedFigures
from bot.domain.text import format_excerpt, to_half_width
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount

_PERCENT_RE: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9])[0-9]?)?\s*%?")
_MAX_TENTHS: Final = 1000
_STARS_RE: Final = re.compile(r"([0-5])(?:\.([0-9]{1,2}))?")
_REPLIES_RE: Final = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) ?件?")
MIN_STARS: Final = 100
MAX_STARS: Final = 500
"""In hundredths."""


def parse_displayed_figures(
    on: date,
    *,
    reply_rate: str | None = None,
    replies: int | None = None,
    completion_rate: str | None = None,
    task_approval: str | None = None,
    satisfaction: str | None = None,
    evaluation: str | None = None,
    earnings: str | None = None,
) -> DisplayedFigures:
    """The figures of a day; what is None or empty was not given. Raises `InvalidInputError`."""
    rate, unit = parse_percent(reply_rate) if reply_rate else (None, None)
    return DisplayedFigures(
        on=on,
        reply_rate=rate,
        reply_rate_unit=unit,
        replies=replies,
        completion_rate=parse_percent(completion_rate)[0] if completion_rate else None,
        task_approval=parse_percent(task_approval)[0] if task_approval else None,
        satisfaction=parse_percent(satisfaction)[0] if satisfaction else None,
        evaluation=_parse_displayed_stars(evaluation) if evaluation else None,
        earnings=parse_amount(earnings) if earnings else None,
    )


def parse_percent(text: str) -> tuple[int, int]:
    """A percentage and its precision (10 for whole percents, else 1), in tenths of a percent; a second decimal is cut.

    Raises `InvalidInputError`.
    """
    match = _PERCENT_RE.fullmatch(to_half_width(text).strip())
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match else -1
    if match is None or not 0 <= tenths <= _MAX_TENTHS:
        raise InvalidInputError("percent-unreadable", written=format_excerpt(text))
    return tenths, 10 if match[2] is None else 1


def _parse_displayed_stars(text: str) -> int:
    """Stars in hundredths."""
    match = _STARS_RE.fullmatch(to_half_width(text).strip().removeprefix("★").strip())
    hundredths = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    if not MIN_STARS <= hundredths <= MAX_STARS:
        raise InvalidInputError("calibrate-evaluation", written=format_excerpt(text))
    return hundredths


def parse_reply_count(text: str) -> int | None:
    """A number of replies: 40, 1,000件; None for an empty text. Raises `InvalidInputError`."""
    written = to_half_width(text).strip()
    if not written:
        return None
    match = _REPLIES_RE.fullmatch(written)
    digits = match[1].replace(",", "") if match else ""
    if not (0 < len(digits) <= len(str(MAX_REPLIES)) and int(digits) <= MAX_REPLIES):
        raise InvalidInputError("calibrate-replies-unreadable", written=format_excerpt(text))
    return int(digits)
