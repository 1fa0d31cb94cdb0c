"""A percentage as people type it: 92.5, 92, ９２．５％."""

import re
from typing import Final

from bot.domain.text import to_half_width
from bot.errors import InvalidInputError

_PERCENT_RE: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9])[0-9]?)?\s*%?")
_MAX_TENTHS: Final = 1000


def parse_percent(text: str) -> tuple[int, int]:
    """A percentage and its precision (10 for whole percents, else 1), in tenths of a percent; a second decimal is cut.

    Raises `InvalidInputError`.
    """
    match = _PERCENT_RE.fullmatch(to_half_width(text).strip())
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match else -1
    if match is None or not 0 <= tenths <= _MAX_TENTHS:
        raise InvalidInputError("percent-unreadable", written=text[:40])
    return tenths, 10 if match[2] is None else 1
