"""The state of reading one line, and where a name or a word can begin and end in it.

A name has no form of its own, so a name is a piece between a place where a name can begin and one where it can end: in
昨日田中さんに返信しました, 田中 stands between a time and a title.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.parsing.line.lexicon import Lexicon
from bot.parsing.line.time_words import is_clear_time_at, time_word_at
from bot.parsing.line.tokens import FoldedLine, LineToken, RoleToken, UnknownToken

SPACES: Final = " \t\u3000"
SEPARATORS: Final = "、，,;/|"
BRACKETS: Final = {"「": "」", "『": "』", "(": ")", "[": "]", "【": "】", "“": "”", '"': '"', "<": ">"}
ARROWS: Final = "→←⇒⇐➡⬅"
DELIMITERS: Final = SPACES + SEPARATORS + "".join(BRACKETS) + "".join(BRACKETS.values()) + "。.!?…~〜:*" + ARROWS
HIRAGANA: Final = re.compile(r"[\u3041-\u309f]")
_PARTICLES_BEFORE_NAMES: Final = "とやのに"
_MARKS_BETWEEN_NAMES: Final = "&・"
_PARTICLES_BEHIND_TIMES: Final = "のに"
_ISO_TIME: Final = re.compile(r"t\d{2}:?\d{2}")


class LinePiece(NamedTuple):
    """A piece of the line that a reader understood: its end and its tokens. Polite words have no token."""

    end: int
    tokens: tuple[LineToken, ...] = ()
    is_word: bool = False
    """Whether it is a word of the lexicon, behind which no name begins unless there is a space: 返信しました田中."""


@dataclass(slots=True, kw_only=True)
class LineContext:
    """A line, the words of the lexicon, the member's clients, and the tokens that were read up to now."""

    line: FoldedLine
    words: Lexicon
    known_names: tuple[str, ...]
    """Folded as the line is, the longest first."""
    known_keys: frozenset[str]
    """Their keys, which tell apart what is folded to the same: 三日月堂 and 3日月堂."""
    tokens: list[LineToken] = field(default_factory=list)
    word_end: int = -1
    """The end of the last word of the lexicon."""

    @property
    def text(self) -> str:
        """The folded line."""
        return self.line.text

    @property
    def last_token(self) -> LineToken | None:
        """The token before the present position."""
        return self.tokens[-1] if self.tokens else None

    def unknown_piece(self, start: int, end: int) -> LinePiece:
        """A piece that is not understood."""
        return LinePiece(end, (UnknownToken(self.line.original(start, end)),))

    def is_end_of_word_at(self, position: int) -> bool:
        """Whether the line ends there, or a delimiter or an emoji stands there."""
        return (
            position >= len(self.text)
            or self.text[position] in DELIMITERS
            or unicodedata.category(self.text[position]) == "So"
        )

    def is_known_name_at(self, position: int) -> bool:
        """Whether a client's name begins there, and none one letter before: behind 8時 that of 田中, not of 半田."""
        text, names = self.text, self.known_names
        return text.startswith(names, position) and not text.startswith(names, position - 1)

    def is_end_of_phrase_at(self, position: int) -> bool:
        """Whether a word ends there, or words begin that say what happened: behind 8時 in 8時返信しました."""
        return self.is_end_of_word_at(position) or self.words.meaning_at(self.text, position) is not None

    def may_begin_name(self, position: int) -> bool:
        """Whether a name can begin: not glued to a word of the lexicon, as in 返信しました田中."""
        return position != self.word_end

    def may_end_name(self, position: int) -> bool:
        """Whether something else begins: a delimiter, a time, a particle, or words that say what happened."""
        if self.is_end_of_phrase_at(position) or is_clear_time_at(self.text, position):
            return True
        polite = self.words.politeness_at(self.text, position)
        if polite is not None and self.is_end_of_word_at(polite):
            return True
        return self.end_of_particle(position) is not None

    def end_of_honorific(self, position: int) -> int | None:
        """The end of a title behind a name: the さん of 田中さんに. None where a word only begins like one: さんま."""
        words = self.words
        for pattern in (words.honorific, words.latin_honorific_after):
            match = pattern.match(self.text, position)
            if match and (self.may_end_name(match.end()) or self._begins_behind_title(match.end())):
                return match.end()
        return None

    def _begins_behind_title(self, position: int) -> bool:
        """Whether a particle or a short word of a time stands there: に of 田中さんに, 朝 of 田中さん朝8時."""
        if any(pattern.match(self.text, position) for _, pattern in self.words.particles):
            return True
        word = time_word_at(self.text, position)
        return word is not None and not word.is_bare_number and self.may_follow_time(word.end)

    def end_of_particle(self, position: int) -> int | None:
        """The end of a particle behind which something else begins: the に of 田中に返信しました."""
        for _, pattern in self.words.particles:
            match = pattern.match(self.text, position)
            if match and self.begins_after_particle(match.end()):
                return match.end()
        return None

    def begins_after_particle(self, position: int) -> bool:
        """Whether something else begins behind a particle: in はやし, the や is none, because し begins nothing."""
        text = self.text
        if self.is_end_of_phrase_at(position) or is_clear_time_at(text, position):
            return True
        weak = time_word_at(text, position)
        if weak is not None and self.is_end_of_phrase_at(weak.end):
            return True
        if self.is_known_name_at(position) and text[position - 1] in _MARKS_BETWEEN_NAMES:
            return True
        return not HIRAGANA.match(text[position]) and text[position - 1] in _PARTICLES_BEFORE_NAMES

    def may_follow_time(self, position: int) -> bool:
        """Whether a word of a time ends there: no letter of a longer word is behind it, as 村 is behind 今 in 今村."""
        text = self.text
        return (
            self.is_end_of_phrase_at(position)
            or self.end_of_particle(position) is not None
            or text[position] in _PARTICLES_BEHIND_TIMES
            or _ISO_TIME.match(text, position) is not None
            or time_word_at(text, position) is not None
        )

    def is_time_beside_no(self, start: int, end: int) -> bool:
        """Whether の stands behind a time, or の of a name before it: 9時の, 田中さんの10時; not 田中さんの件で10時."""
        is_behind_role = isinstance(self.last_token, RoleToken) and self.text[:start].rstrip(SPACES).endswith("の")
        return is_behind_role or self.text.startswith("の", end)
