"""The paths of pages on www.lancers.jp that are linked: conversations and jobs, by their numbers."""

import re
from typing import Final

MAX_LENGTH: Final = 100
_STEP: Final = r"/(?:[a-z][a-z_-]{0,19}|[0-9]{1,12})"
_PAGE: Final = re.compile(rf"/(?:message|work)(?={_STEP})(?:{_STEP}){{1,4}}")
_NUMBER: Final = re.compile("/[0-9]")


def is_lancers_page(path: str) -> bool:
    """Whether a path is one of them: words and numbers alone, so that it holds no token of a log-in."""
    return len(path) <= MAX_LENGTH and bool(_PAGE.fullmatch(path)) and bool(_NUMBER.search(path))
