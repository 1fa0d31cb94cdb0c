"""The types of what was read from a message to the bot: who wrote, when, how exactly that is known, and its source."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.fees.query import FeeQuery
from bot.errors import InvalidInputError


class Precision(StrEnum):
    """How exactly a time is known."""

    SECOND = "second"
    MINUTE = "minute"
    ABOUT = "about"
    """The writer rounded it or counted back from now: "3時間前", "9時頃"."""


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """An instant, in UTC, and how exactly it is known."""

    at: datetime
    precision: Precision
    repeated_at: datetime | None = None
    """Where the clocks repeated the hour that was read: the second instant that they showed so, if it is past."""

    def of_reply(self) -> "ParsedTime":
        """The instant that counts for a reply: of a repeated hour the later one, so that no late reply is on time."""
        return self if self.repeated_at is None else ParsedTime(self.repeated_at, self.precision)


class MessageSource(StrEnum):
    """From what a message's time was read."""

    MAIL = "mail"
    """The Date header of the mail."""
    QUOTED = "quoted"
    """A mail header quoted in a forwarded or pasted text."""
    POSTED = "posted"
    """When the forwarded message was posted on Discord; never when it was forwarded."""
    WRITTEN = "written"
    """A typed line, a command's option, a form."""
    BUTTON = "button"
    """A button such as "now" or "10 minutes ago"."""
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedItem:
    """What every item has that can be recorded."""

    time: ParsedTime | None
    """None: not readable, the member is asked."""
    source: MessageSource
    source_key: str
    """The message's identity: forwarded twice, it has the same key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMessage(DatedItem):
    """One message of a client."""

    client: str | None = None
    """As written, cleaned; None: not said, the member is asked."""
    title: str | None = None
    looks_final: bool = False
    """Whether it reads like the end of a conversation (bot/parsing/closing_phrases.toml)."""
    page: str | None = None
    """The path of the conversation's page on www.lancers.jp, where the notification links to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(DatedItem):
    """An invitation to a job: ignoring it is neutral, an answer starts to count. The mail does not name the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewResult(DatedItem):
    """The mail after the monthly review: the badge was granted, or (`granted` False) the current figures are shown."""

    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequestMail(DatedItem):
    """A mail of Lancers about 連絡催促: the client waits for a message, within 168 hours."""

    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMail(DatedItem):
    """A mail of Lancers whose subject speaks of a contract that began; of which thread is asked."""

    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSiteMail(DatedItem):
    """A mail of another site: reminders if the member wants them, never in the reply rate."""

    site: str


@dataclass(frozen=True, slots=True)
class IrrelevantMail:
    """A mail that is not Lancers': nothing is stored."""


@dataclass(frozen=True, slots=True)
class LoginCode:
    """A mail with a log-in code: refused, never stored, never repeated. This object contains nothing of the mail."""


class Intent(StrEnum):
    """What a typed line says that happened."""

    RECEIVED = "received"
    REPLIED = "replied"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that a typed line says. What it leaves open is asked."""

    intent: Intent | None
    """None: the line is a name, and perhaps a time."""
    intent_assumed: bool = False
    """Whether the line does not say what happened, and a time alone is taken for that of a received message."""
    client: str | None
    """As written; None: not said."""
    client_certain: bool
    """Whether the line itself marks it as a name, by a title (様) or a company's form (株式会社)."""
    only_named: bool = False
    """Whether a reply is named, which may be a plan: 田中さんに返信."""
    title: str | None = None
    time: ParsedTime | None
    """None: not said, or a day without a time."""
    day: datetime | None = None
    """The beginning of a day that was named without a time, so that now cannot be meant; of today for 今朝 or 夜."""
    from_hour: int = 0
    """The hour with which the part of `day` begins that was named: 17 of 昨日の夜."""
    time_inferred: bool = False
    """`time` is a proposal: the member confirms it before it is recorded."""
    written_at: datetime | None = None
    """When it was said: the time of what a line reports without one. None: now."""
    source: MessageSource = MessageSource.WRITTEN
    """Another one for a mail of which it is not certain that Lancers sent it."""
    source_key: str
    looks_final: bool = False
    page: str | None = None


class LineRequestKind(StrEnum):
    """What a plain word asks for."""

    HELP = "help"
    UNDO = "undo"
    STATUS = "status"
    PENDING = "pending"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A plain word instead of a command: ヘルプ, undo, 手数料 5万円."""

    kind: LineRequestKind
    fee: FeeQuery | None = None
    """What is asked about fees; None: the amount is missing."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """はい or いいえ: the answer to a question that proposes something."""

    confirmed: bool


@dataclass(frozen=True, slots=True)
class UnclearText:
    """A text that is not understood, a client's for example, or a subject of Lancers. It contains nothing of it."""

    source_key: str
    looks_final: bool = False
    time: ParsedTime | None = None
    """The date of the mail."""
    source: MessageSource = MessageSource.WRITTEN
    page: str | None = None


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Nothing could be read; `error` says why, with an example."""

    error: InvalidInputError


ParsedItem = (
    ClientMessage
    | Invitation
    | ReviewResult
    | ContactRequestMail
    | ContractMail
    | OtherSiteMail
    | IrrelevantMail
    | LoginCode
    | Statement
    | LineRequest
    | Confirmation
    | UnclearText
    | ParseFailure
)


def is_empty_record_attempt(item: ParsedItem) -> bool:
    """Whether a message was not even an attempt at a record that could be corrected, a greeting for example."""
    if isinstance(item, UnclearText):
        return item.source is MessageSource.WRITTEN
    if isinstance(item, Statement):
        return item.intent is None and item.day is None
    return isinstance(item, ParseFailure) and item.error.message_id in {
        "parsing-empty",
        "parsing-unreadable",
        "time-line",
    }


def may_answer_question(item: ParsedItem) -> bool:
    """Whether a text leaves something open, as a time or a name alone: it may answer the bot's question."""
    if isinstance(item, Statement):
        return item.client is None or item.intent is None or item.intent_assumed
    return isinstance(item, ParseFailure | UnclearText | Confirmation)
