"""Links to conversations and jobs on Lancers, in the text of a notification."""

import re
from collections.abc import Iterable
from typing import Final

from bot.domain.lancers_pages import is_lancers_page

MAX_TEXT: Final = 100_000
LINK_SIGN: Final = "lancers.jp/"
"""Part of every link, in lower case."""
_LINK: Final = re.compile(
    r"(?<![^\s<>()\[\]「」『』【】（）\"'|])https://(?:www\.)?lancers\.jp(/[^\s<>()\[\]「」『』【】（）\"'?#|。、]*)",
    re.IGNORECASE,
)
"""A link whose host is Lancers', without what follows its path. It is no part of another address."""


def find_lancers_page(texts: Iterable[str]) -> str | None:
    """The path of the one conversation that the texts link to, else of the one job; None where there are several."""
    paths: set[str] = set()
    for text in texts:
        for match in _LINK.finditer(text[:MAX_TEXT]):
            if is_lancers_page(path := match[1].rstrip("/.,")):
                paths.add(path)
    for kind in ("/message/", "/work/"):
        of_kind = [path for path in paths if path.startswith(kind)]
        if of_kind:
            return of_kind[0] if len(of_kind) == 1 else None
    return None
