"""The reader of times in a line: adjoining words of a time, of which none is a piece of a longer word.

A short word of a time (今, 朝, 月曜, PM) that is glued to other letters is part of a name: 今村様, 株式会社月曜.
"""

import re
from typing import Final

from bot.parsing.line.context import DELIMITERS, LineContext, LinePiece
from bot.parsing.line.lexicon import is_inside_latin_word, is_latin_letter_or_digit
from bot.parsing.line.name_reader import read_known_name, read_name_with_time
from bot.parsing.line.time_words import KANJI, TimeWord, time_gap_end, time_word_at
from bot.parsing.line.tokens import JobToken, NameToken, RoleToken, TimeToken
from bot.parsing.times.patterns import match_time_tokens
from bot.parsing.times.tokenizer import time_range_end
from bot.parsing.times.tokens import DayPart, TimeMark, Token

_MAX_ABBREVIATION: Final = 4
"""Letters of a weekday or a month that is more likely a part of a name: Sun, May, Pm."""
_DOTTED: Final = re.compile(r"(?:(?<=[a-z]\.)|(?<=[a-z])\.)[a-z0-9]")
"""The rest of an abbreviation or an address behind a word of a time."""
_NOW: Final = "いま"
"""People glue it to a verb in kanji: いま届いた."""


def read_time_words(context: LineContext, position: int) -> LinePiece | None:
    """Adjoining words of one time: 昨日の14:30."""
    end, tokens = position, list[Token]()
    while (word := _free_time_word(context, end, continued=bool(tokens))) is not None:
        end = word.end
        tokens += word.tokens
        gap = time_gap_end(context.text, end)
        if read_known_name(context, gap) is not None or read_name_with_time(context, gap) is not None:
            break  # 10時今日子さん
        if _free_time_word(context, gap, continued=True) is not None:
            end = gap
    if not tokens:
        return None
    if set(tokens) == {TimeMark.APPROXIMATE} or _is_glued_part_of_day(context, tokens[-1], end):
        return context.unknown_piece(position, end)  # "about Acme", 深夜食堂さん
    tells_which, doubt = context.is_time_beside_no(position, end), context.words.doubt.match(context.text, end)
    is_doubtful = doubt is not None and context.is_end_of_word_at(doubt.end())
    time = TimeToken(tuple(tokens), tells_which=tells_which, doubtful=is_doubtful)
    return LinePiece(doubt.end() if doubt and is_doubtful else end, (time,))


def _is_glued_part_of_day(context: LineContext, last: Token, end: int) -> bool:
    """Whether a part of the day could begin a name: 深夜食堂さん, 午後ティーさん. It says nothing without a time."""
    is_free = context.is_end_of_word_at(end) or context.may_follow_time(end) or context.is_known_name_at(end)
    return isinstance(last, DayPart) and not is_free


def _free_time_word(context: LineContext, position: int, *, continued: bool) -> TimeWord | None:
    """A word of a time that is no piece of a longer word. `continued`: it stands behind another word of the time."""
    word = None if time_range_end(context.text, position) is not None else time_word_at(context.text, position)
    if (
        word is None
        or not (continued or _time_word_begins_freely(context, word))
        or not _time_word_ends_freely(context, word)
    ):
        return None
    if word.is_weak and not continued and _is_part_of_latin_name(context, word):
        return None
    return word


def _time_word_begins_freely(context: LineContext, word: TimeWord) -> bool:
    """Whether no letter before the word makes it a piece of a longer one."""
    if not word.is_weak:
        return not is_inside_latin_word(context.text, word.start)
    return (
        not word.start
        or context.text[word.start - 1] in DELIMITERS
        or isinstance(context.last_token, NameToken | RoleToken | JobToken | TimeToken)
    )


def _time_word_ends_freely(context: LineContext, word: TimeWord) -> bool:
    """Whether no letter behind the word makes it a piece of a longer one: 3時間前田さん is Maeda or not."""
    text, end = context.text, word.end
    following = text[end : end + 1]
    is_free = context.may_follow_time(end) or context.is_known_name_at(end)
    if _DOTTED.match(text, end):
        return False  # Monday.com
    if word.is_bare_number:
        return is_free and time_word_at(text, time_gap_end(text, end)) is not None
    if not word.is_weak:
        return is_free or not (word.may_run_into(following) or is_inside_latin_word(text, end))
    if word.text == _NOW and KANJI.match(following):
        return True
    return is_free


def _is_part_of_latin_name(context: LineContext, word: TimeWord) -> bool:
    """Whether a word of a time with a capital letter is a part of a name: Sunday Works, Studio Sun."""
    text, first = context.text, context.line.original(word.start, word.end)[:1]
    if not (first.isascii() and first.isupper()):
        return False
    last = context.last_token
    if isinstance(last, NameToken) and context.words.company.search(text, last.start, last.end):
        return False  # Pine LLC Wed 8pm
    if isinstance(last, NameToken) and not last.certain and is_latin_letter_or_digit(text[last.end - 1]):
        return len(word.text) <= _MAX_ABBREVIATION and text[last.end : word.start] == " "
    return text.startswith(" ", word.end) and _may_continue_latin_name(context, word.end + 1)


def _may_continue_latin_name(context: LineContext, position: int) -> bool:
    """Whether letters stand there that are no other word and no known name: the Works of Sunday Works."""
    text, words = context.text, context.words
    return (
        position < len(text)
        and text[position].isalpha()
        and is_latin_letter_or_digit(text[position])
        and words.meaning_at(text, position) is None
        and match_time_tokens(text, position) is None
        and not any(pattern.match(text, position) for _, pattern in words.prepositions)
        and not text.startswith(context.known_names, position)
    )
