"""The subjects of Lancers' notifications (docs/domain-facts.md#notification-mail). Texts of mails are not read."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.domain.names import clean_name, clean_title
from bot.domain.text import fold

MAX_SUBJECT: Final = 500
LOGIN_CODE: Final = "ログイン認証コード"


class NotificationType(Enum):
    """What a notification announces."""

    MESSAGE = "message"
    INVITATION = "invitation"
    GRANTED = "granted"
    STATISTICS = "figures"
    LOGIN_CODE = "login_code"


@dataclass(frozen=True, slots=True)
class Notification:
    """A recognised subject; client and title of the job where it names them."""

    type: NotificationType
    client: str | None = None
    title: str | None = None


_PREFIXES: Final = re.compile(
    r"^(?:(?:re|fwd?|fw|転送|返信)\s*[:：]\s*|[\[［【](?:ランサーズ|lancers)[\]］】]\s*)+", re.IGNORECASE
)
_LANCERS_PREFIX: Final = re.compile(r"[\[【](?:ランサーズ|lancers)[\]】]")
_QUOTES: Final = "「」『』“”\"'"

_MESSAGE: Final = re.compile(r"^(?P<client>.+)さんからのメッセージ受信通知$")
_COMMENTS: Final = (
    re.compile(r"^(?P<client>.+?) さんから\s*(?P<title>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?)さんから\s*(?P<title>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?) さんが\s*(?P<title>.+?)\s*にコメントしました$"),
    re.compile(r"^(?P<client>.+?)さんが\s*(?P<title>.+?)\s*にコメントしました$"),
)
_NAMELESS_PATTERNS: Final = (
    (re.compile(r"仕事の招待状が届きました$"), NotificationType.INVITATION),
    (re.compile(r"認定ランサー認可のお知らせ$"), NotificationType.GRANTED),
    (re.compile(r"認定ランサーに関するご案内$"), NotificationType.STATISTICS),
)


def strip_prefixes(subject: str) -> str:
    """The subject in one line, without `Fwd:` and `[ランサーズ]`."""
    line = " ".join(subject[:MAX_SUBJECT].split())
    return _PREFIXES.sub("", line).strip()


def has_lancers_prefix(subject: str) -> bool:
    """Whether a subject contains Lancers' own prefix."""
    return _LANCERS_PREFIX.search(fold(subject[:MAX_SUBJECT])) is not None


def parse_subject(subject: str) -> Notification | None:
    """The notification that a subject belongs to; None for any other subject."""
    bare = strip_prefixes(subject)
    if LOGIN_CODE in unicodedata.normalize("NFKC", bare):
        return Notification(NotificationType.LOGIN_CODE)
    for pattern in (_MESSAGE, *_COMMENTS):
        if match := pattern.match(bare):
            title = clean_title((match.groupdict().get("title") or "").strip(_QUOTES))
            return Notification(NotificationType.MESSAGE, clean_name(match["client"]) or None, title or None)
    for pattern, notification_type in _NAMELESS_PATTERNS:
        if pattern.search(bare):
            return Notification(notification_type)
    return None
