"""What a Lancers notification is about: its subject decides (FACTS.md §4). The bodies are not known."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.domain.names import clean_name, clean_title

MAX_SUBJECT: Final = 500


class NotificationType(Enum):
    """What a subject says."""

    MESSAGE = "message"
    INVITATION = "invitation"
    GRANTED = "granted"
    STATISTICS = "figures"
    LOGIN_CODE = "login_code"


@dataclass(frozen=True, slots=True)
class Notification:
    """A recognised subject; client and job where it names them."""

    type: NotificationType
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
_NAMELESS_PATTERNS: Final = (
    (re.compile(r"ログイン認証コード"), NotificationType.LOGIN_CODE),
    (re.compile(r"仕事の招待状が届きました$"), NotificationType.INVITATION),
    (re.compile(r"認定ランサー認可のお知らせ$"), NotificationType.GRANTED),
    (re.compile(r"認定ランサーに関するご案内$"), NotificationType.STATISTICS),
)


def strip_prefixes(subject: str) -> str:
    """The subject without `Fwd:` and without `[ランサーズ]`, in one line."""
    line = " ".join(subject[:MAX_SUBJECT].split())
    return _FORWARDED.sub("", line).strip()


def is_forward_or_reply(subject: str) -> bool:
    """Whether it bears Lancers' own prefix."""
    folded = unicodedata.normalize("NFKC", subject[:MAX_SUBJECT]).casefold()
    return re.search(r"[\[【](?:ランサーズ|lancers)[\]】]", folded) is not None


def parse_subject(subject: str) -> Notification | None:
    """What a subject is about; None for any other."""
    bare = strip_prefixes(subject)
    if "ログイン認証コード" in unicodedata.normalize("NFKC", bare):
        return Notification(NotificationType.LOGIN_CODE)
    if found := _MESSAGE.match(bare):
        return _with_names(found["client"], None)
    for pattern in _COMMENTS:
        if found := pattern.match(bare):
            return _with_names(found["client"], found["job"])
    for pattern, about in _NAMELESS_PATTERNS:
        if pattern.search(bare):
            return Notification(about)
    return None


def _with_names(client: str, job: str | None) -> Notification:
    title = clean_title(job.strip(_QUOTES)) if job else ""
    return Notification(NotificationType.MESSAGE, clean_name(client) or None, title or None)
