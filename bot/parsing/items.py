"""What intake read out of something forwarded: who, when, how exactly, from what. It touches nothing."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import InvalidInputError
from bot.parsing.times.resolver import ParsedTime


class MessageSource(StrEnum):
    """From what a time was read."""

    MAIL = "mail"
    """The mail's own Date."""
    QUOTED = "quoted"
    """The header quoted in a forward or a paste."""
    POSTED = "posted"
    """When the forwarded message was posted on Discord; never when it was forwarded."""
    WRITTEN = "written"
    """A short line, a command's option, a form."""
    BUTTON = "button"
    """"Now", "10 minutes ago"."""
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """One message of a client."""

    client: str | None
    """As written, cleaned; None: not said, the member is asked."""
    title: str | None
    time: ParsedTime | None
    """None: not readable, the member is asked."""
    source: MessageSource
    source_key: str
    """Its identity: the same thing forwarded twice has the same."""
    looks_final: bool = False
    """Reads like the end of a conversation (closings.toml)."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A scout: ignoring it is neutral, answering starts to count. The client is not named in it."""

    moment: ParsedTime | None
    source: MessageSource
    key: str


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """The monthly review's mail: the badge was granted, or (`granted` False) the current figures are shown."""

    granted: bool
    moment: ParsedTime | None
    source: MessageSource
    key: str


@dataclass(frozen=True, slots=True)
class IrrelevantMail:
    """Any other mail: nothing to answer, nothing to store."""


@dataclass(frozen=True, slots=True)
class LoginCode:
    """Refused: never stored, never echoed. It holds nothing of the mail."""


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Nothing could be made of it; `error` says why, with an example."""

    error: InvalidInputError


ParsedItem = ClientMessage | Invitation | ReviewResult | IrrelevantMail | LoginCode | ParseFailure


def is_empty_attempt(finding: ParsedItem) -> bool:
    """A greeting, say: not even an attempt at a record that could be put right."""
    return isinstance(finding, ParseFailure) and finding.error.message_id in {
        "parsing-empty",
        "parsing-unreadable",
        "time-line",
    }
