"""The scanner of a typed line: every character becomes part of a token, and what is not understood stays unknown.

田中さんに返信しました has a name, a role and a word. One pass from left to right: the first reader that understands
something at a place decides.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.names import client_key
from bot.parsing.line.context import SEPARATORS, SPACES, LineContext, LinePiece
from bot.parsing.line.lexicon import load_lexicon
from bot.parsing.line.name_reader import join_names, read_known_name, read_name, read_name_with_time
from bot.parsing.line.time_reader import read_time_words
from bot.parsing.line.tokens import FoldedLine, LineToken, SeparatorToken
from bot.parsing.line.word_reader import (
    read_bracketed_part,
    read_discord_markup,
    read_event_or_polite_words,
    read_friendly_emoji,
    read_role_word,
)
from bot.parsing.times.tokenizer import KANJI_NUMBER, kanji_number_digits, time_range_end

_IGNORED: Final = re.compile(rf"[{SPACES}*。.!@♪]|:(?!-?\))|(?<![^ ])-(?= )")
"""Marks that say nothing between the parts of a line; a dash only with a space on both sides."""
_STRUCK_THROUGH: Final = "~~"
"""Discord shows what stands between two of them as crossed out."""
_MENTION: Final = re.compile(r"(?:<@[!&]?[0-9]{1,20}>|@[\w.-]+)\s*")
"""The bot's own name."""
_READERS: Final = (
    read_friendly_emoji,
    read_known_name,
    read_name_with_time,
    read_time_words,
    read_discord_markup,
    read_bracketed_part,
    read_event_or_polite_words,
    read_role_word,
    read_name,
)


def scan_typed_line(line: FoldedLine, known_names: Sequence[str]) -> tuple[LineToken, ...]:
    """The tokens of a line; `known_names` are those of the member's clients."""
    keys = frozenset(map(client_key, known_names)) - {""}
    folded = {KANJI_NUMBER.sub(kanji_number_digits, key) for key in keys}  # 三日月堂 is 3日月堂 in the line
    names = tuple(sorted(folded, key=len, reverse=True))
    context = LineContext(line=line, words=load_lexicon(), known_names=names, known_keys=keys)
    mention = _MENTION.match(context.text)
    position = mention.end() if mention else 0
    while position < len(context.text):
        piece = _read_line_piece(context, position)
        context.tokens += piece.tokens
        if piece.is_word:
            context.word_end = piece.end
        position = piece.end
    return join_names(context)


def _read_line_piece(context: LineContext, position: int) -> LinePiece:
    """The piece of the line that begins at a position."""
    if context.text.startswith(_STRUCK_THROUGH, position):
        return context.unknown_piece(position, position + len(_STRUCK_THROUGH))
    if _IGNORED.match(context.text, position):
        return LinePiece(position + 1)
    if context.text[position] in SEPARATORS:
        return LinePiece(position + 1, (SeparatorToken(),))
    if (end := time_range_end(context.text, position)) is not None:
        return context.unknown_piece(position, end)
    for read in _READERS:
        if (piece := read(context, position)) is not None:
            return piece
    end = position + 1
    while not context.is_end_of_word_at(end):
        end += 1
    return context.unknown_piece(position, end)
