"""The tokens of a typed line, and a line in the form in which it is read, with the place of every character."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.parsing.times.tokenizer import KANJI_NUMBER, fold_characters, kanji_number_digits
from bot.parsing.times.tokens import Token

_CHARACTER: Final = re.compile("(?s:.)[\u3099\u309a\uff9e\uff9f]*")
"""A character with the voiced marks behind it."""


class Role(StrEnum):
    """What a name does in its sentence, by the particle or the preposition beside it; the words of words.toml."""

    FROM = "from"
    TO = "to"
    SUBJECT = "subject"
    TOPIC = "topic"
    OWNER = "of"
    AND = "and"
    WITH = "with"


class Meaning(StrEnum):
    """What words say that happened. Those with a role say it only of a name in that role."""

    RECEIVED = "received"
    RECEIVED_FROM = "received_from"
    REPLIED = "replied"
    REPLIED_TO = "replied_to"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameToken:
    """A possible client. `certain`: a known client, or marked as a name by a title or a company's form."""

    start: int
    end: int
    text: str
    certain: bool
    known: bool = False
    anybody: bool = False
    """It names nobody in particular: ご担当者様."""


@dataclass(frozen=True, slots=True)
class JobToken:
    """The title of a job: 「バナー制作」, (ロゴ), ロゴの件."""

    text: str


@dataclass(frozen=True, slots=True)
class TimeToken:
    """Adjoining words of a time."""

    tokens: tuple[Token, ...]
    tells_which: bool = False
    """Whether の behind or before it makes it perhaps that of the other one's message: 9時の, 田中さんの10時."""
    in_brackets: bool = False
    """Beside a name it then says perhaps which message is meant, too: 田中さん(9:00)."""
    doubtful: bool = False
    """Whether words of doubt follow it: 9時かな, "9am I think"."""


@dataclass(frozen=True, slots=True)
class WordToken:
    """Words that say what happened; several meanings where the particle beside the name decides."""

    meanings: frozenset[Meaning]
    latin: bool = False
    """English, where the order of words says who did it."""
    noun: bool = False
    """Whether it is a noun, which says that something happened only beside a time: 田中さんに返信 can be a plan."""
    takes_name: bool = False
    """Whether its last word is a preposition, behind which the other one's name stands: message from."""


@dataclass(frozen=True, slots=True)
class RoleToken:
    """A particle or a preposition."""

    role: Role
    precedes: bool
    """Whether it stands before its name, as in English."""
    mark: bool = False
    """An ampersand or a dot, which can be a part of one name: Morgan & Friends."""


@dataclass(frozen=True, slots=True)
class SeparatorToken:
    """A comma between two statements."""


@dataclass(frozen=True, slots=True)
class UnknownToken:
    """A piece of the line that is not understood."""

    text: str


LineToken = NameToken | JobToken | TimeToken | WordToken | RoleToken | SeparatorToken | UnknownToken


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """A line in lower case and half width with kanji numerals as digits."""

    text: str
    origins: tuple[int, ...]
    """For every character of `text`, and for its end, the place in the line as written."""
    written: str

    def original(self, start: int, end: int) -> str:
        """A piece of the line as written."""
        return self.written[self.origins[start] : self.origins[end]]


def fold_typed_line(line: str) -> FoldedLine:
    """The line as it is read."""
    characters: list[str] = []
    origins: list[int] = []
    for match in _CHARACTER.finditer(line):
        folded = fold_characters(match[0])
        characters += folded
        origins += [match.start()] * len(folded)
    for match in reversed(list(KANJI_NUMBER.finditer("".join(characters)))):
        start, end = match.span()
        number = kanji_number_digits(match)
        characters[start:end] = number
        origins[start:end] = [origins[start]] * len(number)
    return FoldedLine("".join(characters), (*origins, len(line)), line)
