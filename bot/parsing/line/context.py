"""The state of reading one line, and what a reader returns."""

from dataclasses import dataclass, field
from typing import NamedTuple

from bot.parsing.line.lexicon import Lexicon
from bot.parsing.line.tokens import FoldedLine, LineToken, UnknownToken


class LinePiece(NamedTuple):
    """A piece of the line that a reader understood: its end and its tokens. Polite words have no token."""

    end: int
    tokens: tuple[LineToken, ...] = ()
    is_word: bool = False
    """Whether it is a word of the lexicon, behind which no name begins unless there is a space: 返信しました田中."""


@dataclass(slots=True)
class LineContext:
    """A line, the words of the lexicon, the member's clients, and the tokens that were read up to now."""

    line: FoldedLine
    words: Lexicon
    known_names: tuple[str, ...]
    """Folded, the longest first."""
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
