"""One word of a time in a folded text: 14:30, 昨日, 朝, and how sure it is that it is one."""

import re
from dataclasses import dataclass
from typing import Final

from bot.parsing.times.patterns import match_time_tokens
from bot.parsing.times.tokens import Token

KANJI: Final = re.compile(r"[\u3400-\u9fff々〆]")
_WEAK_TIME: Final = re.compile(
    r"今|いま|お?昼|朝|夕方?|晩|夜中?|正午|\d{1,2}日|\d{4}|[月火水木金土日]曜?日?|[a-z.]+|頃|ごろ|ころ|約|過ぎ|すぎ"
)
_BARE_NUMBER: Final = re.compile(r"\d{1,2}")
_AMBIGUOUS_END: Final = re.compile(r"[前半]$|^今[朝夜晩]$")
_GAP: Final = re.compile(r"t(?=\d{2}:?\d{2})|[\s,、]*(?:の|に|on |the |at )?\s*")


@dataclass(frozen=True, slots=True)
class TimeWord:
    """A word of a time, where it stands, and its tokens."""

    start: int
    text: str
    tokens: tuple[Token, ...]

    @property
    def end(self) -> int:
        """The place behind the word."""
        return self.start + len(self.text)

    @property
    def is_weak(self) -> bool:
        """Whether it is a part of a name where it is glued to letters: 朝 in 朝日, May in Mayer."""
        return _WEAK_TIME.fullmatch(self.text) is not None

    @property
    def is_bare_number(self) -> bool:
        """Whether it is a number that is a time only beside others: the 3 of 3 PM."""
        return _BARE_NUMBER.fullmatch(self.text) is not None

    def may_run_into(self, following: str) -> bool:
        """Whether its last letter could begin a name with those behind: 8時半田さん is half past eight, or Handa."""
        return _AMBIGUOUS_END.search(self.text) is not None and KANJI.match(following) is not None


def time_word_at(text: str, position: int) -> TimeWord | None:
    """The word of a time at a position."""
    match = match_time_tokens(text, position)
    return TimeWord(position, text[position : match[0]], match[1]) if match and match[1] else None


def is_clear_time_at(text: str, position: int) -> bool:
    """Whether a word stands there that is a time whatever is glued to it: 14:30, 3時間前."""
    word = time_word_at(text, position)
    return word is not None and not word.is_weak and not word.is_bare_number


def time_gap_end(text: str, position: int) -> int:
    """The end of what can stand between two words of one time: the の of 昨日の14:30."""
    match = _GAP.match(text, position)
    return match.end() if match else position
