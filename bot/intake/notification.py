"""What a Lancers notification is about: its subject decides (FACTS.md §4). The bodies are not known."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.domain.names import clean_name, clean_title

LONGEST_SUBJECT: Final = 500


class About(Enum):
    """What a subject says."""

    MESSAGE = "message"
    INVITATION = "invitation"
    GRANTED = "granted"
    FIGURES = "figures"
    LOGIN_CODE = "login_code"


@dataclass(frozen=True, slots=True)
class Notification:
    """A recognised subject; client and job where it names them."""

    about: About
    client: str | None = None
    job: str | None = None


_FORWARDED: Final = re.compile(
    r"^(?:(?:re|fwd?|fw|転送|返信)\s*[:：]\s*|[\[［【](?:ランサーズ|lancers)[\]］】]\s*)+", re.IGNORECASE
)
_QUOTES: Final = "「」『』“”\"'"

_MESSAGE: Final = re.compile(r"^(?P<client>.+)さんからのメッセージ受信通知$")
_COMMENTS: Final = (
    re.compile(r"^(?P<client>.+?) さんから\s*(?P<job>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?)さんから\s*(?P<job>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?) さんが\s*(?P<job>.+?)\s*にコメントしました$"),
    re.compile(r"^(?P<client>.+?)さんが\s*(?P<job>.+?)\s*にコメントしました$"),
)
_WITHOUT_NAMES: Final = (
    (re.compile(r"ログイン認証コード"), About.LOGIN_CODE),
    (re.compile(r"仕事の招待状が届きました$"), About.INVITATION),
    (re.compile(r"認定ランサー認可のお知らせ$"), About.GRANTED),
    (re.compile(r"認定ランサーに関するご案内$"), About.FIGURES),
)


def bare_subject(subject: str) -> str:
    """The subject without `Fwd:` and without `[ランサーズ]`, in one line."""
    line = " ".join(subject[:LONGEST_SUBJECT].split())
    return _FORWARDED.sub("", line).strip()


def has_prefix(subject: str) -> bool:
    """Whether it bears Lancers' own prefix."""
    folded = unicodedata.normalize("NFKC", subject[:LONGEST_SUBJECT]).casefold()
    return re.search(r"[\[【](?:ランサーズ|lancers)[\]】]", folded) is not None


def read_subject(subject: str) -> Notification | None:
    """What a subject is about; None for any other."""
    bare = bare_subject(subject)
    if "ログイン認証コード" in unicodedata.normalize("NFKC", bare):
        return Notification(About.LOGIN_CODE)
    if found := _MESSAGE.match(bare):
        return _named(found["client"], None)
    for pattern in _COMMENTS:
        if found := pattern.match(bare):
            return _named(found["client"], found["job"])
    for pattern, about in _WITHOUT_NAMES:
        if pattern.search(bare):
            return Notification(about)
    return None


def _named(client: str, job: str | None) -> Notification:
    title = clean_title(job.strip(_QUOTES)) if job else ""
    return Notification(About.MESSAGE, clean_name(client) or None, title or None)
