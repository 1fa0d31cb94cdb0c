"""The subjects of Lancers' notifications (docs/domain-facts.md#notification-mail). Texts of mails are not read."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from bot.domain.names import clean_name, clean_title
from bot.domain.text import fold_width_and_case, to_half_width
from bot.parsing.charset import REPLACEMENT

MAX_SUBJECT: Final = 500
_LOGIN_CODE: Final = "ログイン認証コード"


class NotificationType(Enum):
    """What a notification announces."""

    MESSAGE = "message"
    INVITATION = "invitation"
    GRANTED = "granted"
    STATISTICS = "figures"
    LOGIN_CODE = "login_code"
    CONTACT_REQUEST = "contact_request"
    CONTRACT = "contract"


LANCERS_ONLY_TYPES: Final = frozenset({NotificationType.CONTACT_REQUEST, NotificationType.CONTRACT})
"""Known by a word of their subject, whose wording is not known: only where it is certain that Lancers sent the mail."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A recognised subject; client and title of the job where it names them."""

    type: NotificationType
    client: str | None = None
    title: str | None = None


_REPLY_WORDS: Final = "re|fwd?|fw|tr|wg|aw|sv|vs|vb|rv|enc|antw|転送|返信|回复|答复|转发|external|ext"
_TAGS: Final = (
    r"spam\??|\*+spam\*+|suspected spam|bulk|ext|external|(?:外部|社外)(?:送信|発信)?(?:者|元)?(?:メール)?"
    r"|再送|重要|至急|緊急|注意|転送|返信|fwd?"
    r"|迷惑メール|広告|自動転送|ランサーズ|lancers|件名|タイトル|題名|subject"
)
_COUNT: Final = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?"
_MAIL_SYMBOLS: Final = "📧📩📨✉📬📭📮💌🔔📢📣⭐★☆⚠❗❕🔴📌📎🚩"
_REPLY_MARK: Final = re.compile(rf"(?:{_REPLY_WORDS})\s*{_COUNT}\s*:\s*", re.IGNORECASE)
_FILTER_TAG: Final = re.compile(
    rf"(?:[\[【(]\s*(?:{_TAGS})\s*[!！]*\s*[\]】)]|\*{{2,5}}spam\*{{2,5}})\s*:?\s*", re.IGNORECASE
)
"""Put before a subject by a filter, as `_REPLY_MARK` is by a mailer."""
_PREFIXES: Final = (
    _REPLY_MARK,
    _FILTER_TAG,
    re.compile(r"[■□◆◇●○▼▶・*]*\s*(?:件名|タイトル|題名|subject)\s*[:→]\s*", re.IGNORECASE),
    re.compile(r"(?:件名|題名|重要|至急|新着(?:メール|通知)?|受信|通知)\s+"),
    re.compile(r"[・•→⇒➡»]+\s*|[-◎※☑✅✔]\s+|[①-⑳]\s+"),
    re.compile(rf"[{_MAIL_SYMBOLS}][\N{{VARIATION SELECTOR-15}}\N{{VARIATION SELECTOR-16}}]?\s+"),
    re.compile(r"(?:\(\d{1,3}\)|\d{1,3}[.)])\s+"),
    re.compile(
        r"(?:(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?\s*(?:\([月火水木金土日]\))?\s*)?"
        r"(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}時(?:\d{1,2}分)?)\s+"
    ),
)
"""What mailers, filters and people write before a subject; matched with full-width letters and signs as half-width."""
_FORWARD_MARK: Final = re.compile(
    rf"(?:fwd?|tr|wg|rv|転送|转发)\s*{_COUNT}\s*:|\[(?:転送|fwd?)\]|【(?:転送|fwd?)】", re.IGNORECASE
)
_LANCERS_PREFIX: Final = re.compile(r"[\[【](?:ランサーズ|lancers)[\]】]", re.IGNORECASE)
_UNKNOWN_PREFIX: Final = re.compile(
    r"[^:：「『]{1,24}(?::\s|：)|[^\w\s\[(（【「『<〈《\"'“]{1,3}\s|\[[ x]?\]|[*_`>＞|｜#」』）)\]]|<[a-z]+>"
)
"""What could be the beginning of a name, or what a program put in front of the subject: `New mail: `, `* `, `**`."""
_UNKNOWN_TAG: Final = re.compile(r"[\[{【][^\[\]{}【】]{1,40}[\]}】]")
"""Where Lancers' own tag is missing: the beginning of a name, or what a filter or a mailing list put in front."""
_UNDECODED: Final = "=?"
"""The beginning of an encoded word that could not be decoded."""
_QUOTED_TITLE: Final = re.compile(r"[「『“\"'](?P<title>[^「」『』“”\"']+)[」』”\"']")

_WITH_NAMES: Final = (
    re.compile(r"^(?P<client>.+)さんからのメッセージ受信通知$"),
    re.compile(r"^(?P<client>.+?) さんから\s*(?P<title>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?)さんから\s*(?P<title>.+?)\s*のコメントが届いています$"),
    re.compile(r"^(?P<client>.+?) さんが\s*(?P<title>.+?)\s*にコメントしました$"),
    re.compile(r"^(?P<client>.+?)さんが\s*(?P<title>.+?)\s*にコメントしました$"),
)
_NAMELESS_PATTERNS: Final = (
    (re.compile(r"仕事の招待状が届きました$"), NotificationType.INVITATION),
    (re.compile(r"認定ランサー仮?認可のお知らせ$"), NotificationType.GRANTED),
    (re.compile(r"認定ランサーに関するご案内$"), NotificationType.STATISTICS),
)
_CONTACT_REQUEST: Final = re.compile(
    r"連絡催促(?:のお知らせ|の?通知|(?:の?申請|の?連絡|のメール)?[がを]"
    r"(?:届きました|届いています|ありました|あります|来ました|来ています|行われました|されました|受け取りました))[。!！]?$"
)
"""A subject that says that one came. Others speak of its end, of its deadline, or of how it works: asked."""
_REQUEST_OF_MEMBER: Final = re.compile(
    "受け?付け?|受理|承りました|申請(?:を|が)?(?:完了|しました|いたしました)|取り?下げ|取り?消|キャンセル|解除|終了|できます"
)
"""A subject about 連絡催促 that may be about the member's own application, or its end: the member is asked."""
_CONTRACT: Final = re.compile(
    r"契約(?:が|を|の)?\s*(?:成立|開始|締結|完了)|(?:お?仕事|業務|作業)(?:が|を|の)?\s*(?:開始|スタート|始まり)"
)


def strip_subject_prefixes(subject: str) -> str:
    """The subject in one line, without `Fwd:`, `[ランサーズ]` and other marks that are no part of a name."""
    line = " ".join(subject[:MAX_SUBJECT].split())
    plain, start = to_half_width(line), 0  # of equal length
    while ends := [match.end() for prefix in _PREFIXES if (match := prefix.match(plain, start))]:
        start = max(ends)
    return line[start:].strip()


def is_forwarded_subject(subject: str) -> bool:
    """Whether the subject says that the mail was forwarded."""
    return _FORWARD_MARK.search(to_half_width(subject[:MAX_SUBJECT])) is not None


def is_forwarded_notification(subject: str) -> bool:
    """Whether the subject is that of a notification which somebody forwarded."""
    return is_forwarded_subject(subject) and (has_lancers_subject_prefix(subject) or has_known_wording(subject))


def has_known_wording(subject: str) -> bool:
    """Whether a subject is one of which all the words are known."""
    notification = parse_notification_subject(subject)
    return notification is not None and notification.type not in LANCERS_ONLY_TYPES


def has_lancers_subject_prefix(subject: str) -> bool:
    """Whether a subject contains Lancers' own prefix."""
    return _LANCERS_PREFIX.search(fold_width_and_case(subject[:MAX_SUBJECT])) is not None


def has_login_code(text: str) -> bool:
    """Whether a text contains the subject of a mail with a log-in code, in characters of any width."""
    return _LOGIN_CODE in unicodedata.normalize("NFKC", text)


def parse_notification_subject(subject: str) -> Notification | None:
    """The notification that a subject belongs to; None for any other subject."""
    bare = strip_subject_prefixes(subject)
    if has_login_code(bare):
        return Notification(NotificationType.LOGIN_CODE)
    whole = " ".join(subject[:MAX_SUBJECT].split())
    tag = _LANCERS_PREFIX.search(to_half_width(whole))
    # What stands in front of Lancers' own tag is no part of a name, unless the tag is a part of a title; and what
    # stands behind it is.
    for line in (bare,) if tag is None else (whole[tag.end() :].strip(), bare):
        for pattern in _WITH_NAMES:
            if match := pattern.match(line):
                found = _notification_with_names(**match.groupdict())
                return replace(found, client=None) if tag is None and _UNKNOWN_TAG.match(line) else found
        for pattern, notification_type in _NAMELESS_PATTERNS:
            if pattern.search(line):
                return Notification(notification_type)
        if _CONTACT_REQUEST.search(line) and not _REQUEST_OF_MEMBER.search(line):
            return Notification(NotificationType.CONTACT_REQUEST)
    return Notification(NotificationType.CONTRACT) if _CONTRACT.search(bare) else None


def _notification_with_names(client: str, title: str | None = None) -> Notification:
    """Of a name or title that arrived damaged, or behind a prefix, nothing is read: the member is asked."""
    if title is not None and (quoted := _QUOTED_TITLE.fullmatch(title)):
        title = quoted["title"]
    readable = [None if text is None or REPLACEMENT in text or _UNDECODED in text else text for text in (client, title)]
    written = to_half_width(client)
    if _UNKNOWN_PREFIX.match(client) or _REPLY_MARK.match(written) or _FILTER_TAG.match(written):
        readable[0] = None
    name, job = (clean_name(readable[0] or "") or None, clean_title(readable[1] or "") or None)
    return Notification(NotificationType.MESSAGE, name, job)
