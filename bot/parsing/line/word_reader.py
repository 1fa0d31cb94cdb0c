"""The readers of words that say what happened, of particles and prepositions, and of what stands in brackets."""

import re
from typing import Final

from bot.parsing.line.boundaries import BRACKETS, SPACES, begins_after_particle, ends_word
from bot.parsing.line.context import LineContext, LinePiece
from bot.parsing.line.lexicon import is_latin_letter_or_digit
from bot.parsing.line.tokens import JobToken, LineToken, NameToken, Role, RoleToken, TimeToken, WordToken
from bot.parsing.times.tokenizer import tokenize

_MAX_TITLE: Final = 80
"""Characters."""
_SENTENCE_MARKS: Final = frozenset("。!?！？\n")
"""What no title of a job has."""
_PLANS: Final = frozenset({"予定", "仮", "未定", "planned", "tentative"})
"""What makes a time in front of it one that has not happened."""
_MARKS_IN_NAMES: Final = "&・"


def read_word(context: LineContext, position: int) -> LinePiece | None:
    """Words that say what happened (返信しました), or polite ones (です), which no other letters may follow."""
    text, words = context.text, context.words
    if (match := words.meaning_at(text, position)) is not None:
        end, meanings = match
        return LinePiece(end, (WordToken(meanings, latin=is_latin_letter_or_digit(text[position])),), is_word=True)
    polite = words.politeness_at(text, position)
    return LinePiece(polite, is_word=True) if polite is not None and ends_word(context, polite) else None


def read_role(context: LineContext, position: int) -> LinePiece | None:
    """A preposition (to Acme), or a particle behind a token (田中さんに)."""
    text = context.text
    if (preposition := context.words.preposition_at(text, position)) is not None:
        end, role = preposition
        return LinePiece(end, () if role is None else (RoleToken(role, precedes=True),))
    last = context.last_token
    if not isinstance(last, NameToken | TimeToken | JobToken | WordToken):
        return None
    for role, pattern in context.words.particles:
        match = pattern.match(text, position)
        if match is None or not _is_particle(context, match, role, last):
            continue
        if role is None or (isinstance(last, TimeToken) and role is not Role.AND):
            return LinePiece(match.end())
        return LinePiece(match.end(), (RoleToken(role, precedes=False, mark=match[0] in _MARKS_IN_NAMES),))
    return None


def _is_particle(context: LineContext, match: re.Match[str], role: Role | None, last: LineToken) -> bool:
    """Whether letters that look like a particle are one behind the last token."""
    if isinstance(last, WordToken) and role is not None:
        return False  # a verb takes no particle: しましたが, しましたから
    is_spaced = context.text[match.start() - 1] in SPACES
    is_followed = ends_word(context, match.end()) or context.words.meaning_at(context.text, match.end())
    if is_spaced and role is not Role.AND and not is_followed:
        return False  # も of もえぎ様 after a space is none, に of に返した is one
    if isinstance(last, TimeToken | WordToken) or (isinstance(last, NameToken) and last.certain):
        return True
    return begins_after_particle(context, match.end())


def read_brackets(context: LineContext, position: int) -> LinePiece | None:
    """A time or the title of a job in brackets: (14:30), 「バナー制作」."""
    text = context.text
    closing = BRACKETS.get(text[position])
    if closing is None or context.words.company.match(text, position):
        return None
    end = text.find(closing, position + 1)
    if end < 0:
        return None
    inner = tokenize(text[position + 1 : end])
    if inner.tokens and not inner.remainder:
        return LinePiece(end + 1, (TimeToken(inner.tokens),))
    title = context.line.original(position + 1, end).strip()
    if not title or len(title) > _MAX_TITLE or not _SENTENCE_MARKS.isdisjoint(title) or title.lower() in _PLANS:
        return None
    return LinePiece(end + 1, (JobToken(title),))
