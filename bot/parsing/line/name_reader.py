"""The readers of names in a line: of the member's clients, of titled names, and of pieces that could be names."""

import re
from typing import Final

from bot.parsing.line.boundaries import (
    DELIMITERS,
    HIRAGANA,
    SPACES,
    end_of_honorific,
    end_of_particle,
    is_known_name_at,
    may_begin_name,
    may_end_name,
    may_follow_time,
)
from bot.parsing.line.context import LineContext, LinePiece
from bot.parsing.line.lexicon import is_inside_latin_word, is_latin_letter_or_digit
from bot.parsing.line.names import has_title_inside, name_token
from bot.parsing.line.time_words import TimeWord, is_clear_time_at, time_word_at
from bot.parsing.line.tokens import JobToken, NameToken, UnknownToken

_MAX_NAME: Final = 40
"""Characters, with what is read before a name ends."""
_PARTICLE_LETTERS: Final = frozenset("はもでがにへとのや")
_JOB_SUFFIX: Final = re.compile(r"の件(?:について|で|に)?(?=[\s、,]|$|[^\u3041-\u309f])")


def read_known_name(context: LineContext, position: int) -> LinePiece | None:
    """A client of the member's wherever a name can begin, so that its name is never read as anything else: 昨日堂."""
    if not may_begin_name(context, position):
        return None
    for name in context.known_names:
        end = position + len(name)
        if not context.text.startswith(name, position) or is_inside_latin_word(context.text, end):
            continue
        after = end_of_honorific(context, end)
        if after is None and may_end_name(context, end) and not _company_form_follows(context, end):
            after = end
        if after is not None:
            return LinePiece(after, (name_token(context, position, end, certain=True, known=True),))
    return None


def _company_form_follows(context: LineContext, position: int) -> bool:
    """Whether a company's form makes another name of what ends there: Acme Inc. is perhaps not Acme."""
    return context.words.company.match(context.text, _skip_spaces(context, position)) is not None


def read_name_with_time(context: LineContext, position: int) -> LinePiece | None:
    """A titled name that begins like a time: 今日子さん, 十時さん. What it means is asked."""
    word = time_word_at(context.text, position)
    if word is None or word.is_weak or not may_begin_name(context, position):
        return None  # a weak word is no time at all where it is glued to other letters
    title = _next_honorific_behind_time(context, word)
    if title is None:
        return None
    end, after = title
    written, rest = context.line.original(position, end), context.text[word.end : end]
    if not rest:
        return LinePiece(after, (NameToken(start=position, end=end, text=written, certain=not written[0].isdigit()),))
    is_time = may_follow_time(context, word.end) or is_known_name_at(context, word.end)
    if is_time or not _belongs_to_name(word, rest):
        return None
    if word.text[0].isdigit() or word.may_run_into(rest):
        return context.unknown_piece(position, after)  # 8時半田さん is half past eight or Handa
    return LinePiece(after, (NameToken(start=position, end=end, text=written, certain=False),))


def _next_honorific_behind_time(context: LineContext, word: TimeWord) -> tuple[int, int] | None:
    """The start and the end of the first title behind a word of a time, before any delimiter."""
    for start in range(word.end, min(len(context.text), word.start + _MAX_NAME)):
        if start > word.end and context.text[start - 1] in DELIMITERS:
            return None
        if (end := end_of_honorific(context, start)) is not None:
            return start, end
    return None


def _belongs_to_name(word: TimeWord, rest: str) -> bool:
    """Whether letters glued to a word of a time could make it a part of the name: 今日子, きのうち, 3時間前田."""
    are_hiragana = HIRAGANA.match(word.text[-1]) is not None and HIRAGANA.match(rest) is not None
    return len(rest) == 1 or are_hiragana or word.may_run_into(rest)


def read_name(context: LineContext, position: int) -> LinePiece | None:
    """A piece that could be a name: up to a title, or to where something else begins; or a job: ロゴの件."""
    if not may_begin_name(context, position) or _begins_with_mark(context, position):
        return None
    title = context.words.latin_honorific.match(context.text, position)
    begin = title.end() if title else position
    start = _skip_company(context, begin)
    for end in range(start + 1, min(len(context.text), start + _MAX_NAME) + 1):
        if (after := end_of_honorific(context, end)) is not None:
            return LinePiece(after, (name_token(context, begin, end, certain=True),))
        if (suffix := _JOB_SUFFIX.match(context.text, end)) is not None:
            if has_title_inside(context, context.text[start:end]):
                return context.unknown_piece(position, suffix.end())  # 田中さんロゴの件: who, and which job
            return LinePiece(suffix.end(), (JobToken(context.line.original(start, end).strip()),))
        if _ends_bare_name(context, start, end):
            return _read_bare_name(context, begin, end, certain=title is not None)
    return None


def _begins_with_mark(context: LineContext, position: int) -> bool:
    """Whether a mark that ends a name stands there: the arrow of →田中."""
    return context.text[position] in DELIMITERS and context.words.company.match(context.text, position) is None


def _skip_company(context: LineContext, position: int) -> int:
    """Where the name behind 株式会社 begins; Inc. stands behind its name."""
    company = context.words.company.match(context.text, position)
    if not company or is_latin_letter_or_digit(context.text[position]):
        return position
    return _skip_spaces(context, company.end())


def _skip_spaces(context: LineContext, position: int) -> int:
    while context.text[position : position + 1] and context.text[position] in SPACES:
        position += 1
    return position


def _ends_bare_name(context: LineContext, start: int, end: int) -> bool:
    """Whether a name without a title ends there: Acme in "Acme 3pm", 高橋 in 高橋から連絡."""
    text = context.text
    if end >= len(text):
        return True
    if text[end] in DELIMITERS:
        # An address and an abbreviation have dots of their own.
        return not (text[end] == "." and end + 1 < len(text) and is_latin_letter_or_digit(text[end + 1]))
    if is_inside_latin_word(text, end):
        return False
    if (is_clear_time_at(text, end) and not text[end - 1].isdigit()) or context.words.meaning_at(text, end):
        return True
    # たに is a name; た with a particle is not, but みんな is.
    are_hiragana = all(map(HIRAGANA.match, text[start:end])) and not context.words.anybody.fullmatch(text, start, end)
    return not are_hiragana and end_of_particle(context, end) is not None


def _read_bare_name(context: LineContext, begin: int, end: int, *, certain: bool) -> LinePiece:
    """A name without a title, with a company's form behind it: Acme Inc."""
    text, company = context.text, context.words.company
    form = company.match(text, end)
    name_end = form.end() if form else end
    if text.startswith(".", name_end) and company.search(text, begin, name_end):
        name_end += 1
    if form is not None or name_end > end:  # ABC(株)様, Acme Inc.さん
        title_end = end_of_honorific(context, name_end)
        if title_end is not None:
            return LinePiece(title_end, (name_token(context, begin, name_end, certain=True),))
    name = name_token(context, begin, name_end, certain=certain)
    if text[end : end + 1] in _PARTICLE_LETTERS and HIRAGANA.match(text[end - 1]):
        return LinePiece(name_end, (name, UnknownToken(text[end])))  # NPO法人いろは: いろは, or いろ with は
    return LinePiece(name_end, (name,))
