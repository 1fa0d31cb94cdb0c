"""Pieces that could be names: the token of a piece, whether it is shaped like a name, and pieces that are one name."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from bot.domain.names import clean_name
from bot.parsing.line.boundaries import DELIMITERS, HIRAGANA
from bot.parsing.line.context import LineContext
from bot.parsing.line.lexicon import is_latin_letter_or_digit
from bot.parsing.line.time_words import KANJI, is_clear_time_at, time_word_at
from bot.parsing.line.tokens import LineToken, NameToken, RoleToken, SeparatorToken, TimeToken, UnknownToken
from bot.parsing.other_sites import begins_with_other_site
from bot.parsing.times.patterns import match_time_tokens

_MAX_HIRAGANA_NAME: Final = 6
"""Characters."""
_MAX_LATIN_WORDS: Final = 5
_MAX_COMPANY: Final = 10
"""Characters of a company's name beside 株式会社 that are taken as they stand."""
_CO_LTD: Final = re.compile(r"co\.?,\s?ltd$")
_COUNT: Final = re.compile(
    r"\d+(?:\.\d+)?(?:(?:世紀|[ヶか]月|[年月週日時分秒名人件通回個枚点])[間前後半目]*+(?![ァ-ヶa-z])"
    r"|[\d./・-]*(?![年月週日時分秒社店屋番])[一-龠])"
)
"""A number that runs into a name: 59秒田中, 2名田中. 24時間デザイン and 3社 are names."""
_TITLE_INSIDE: Final = re.compile(
    r"(?<=[一-龠々ァ-ヶーa-z])(?:さん|さま)(?=.)|(?<![王神客皆殿奥姫若仏俺])(?<!お子)様(?=.)"
)
"""A title that more letters follow, which are then no part of the name: 田中さん済, but 王様企画."""
_SEVERAL: Final = re.compile(
    r"(?:さん|さま|様|氏)(?:か|や|と|の|に|から|経由|以外|じゃ|では|でなく|または|又は|もしくは|あるいは|or(?![a-z]))"
)
"""Somebody beside the one whose title ends the piece: 田中さんか高橋さん."""
_CATEGORIES_OF_MARKS: Final = frozenset({"So", "Sm", "Sk", "Sc", "Po", "Pd"})
_PARTICLE_LETTERS: Final = frozenset("はもでがにへとのや")
_NAME_MARKS: Final = "&("
"""What begins a piece of a name beside a capital letter: Morgan & Friends."""


def name_token(
    context: LineContext, start: int, end: int, *, certain: bool, known: bool = False
) -> NameToken | UnknownToken:
    """The token of a piece that could be a name. `certain`: it has a title; `known`: it is a client of the member's."""
    written = context.line.original(start, end).strip()
    folded = context.text[start:end].strip()
    if not clean_name(written):
        return UnknownToken(written)
    if known:
        return NameToken(start=start, end=end, text=written, certain=True, known=True)
    if context.words.anybody.fullmatch(folded):
        return NameToken(start=start, end=end, text=written, certain=True, anybody=True)
    if context.words.lone_noun.fullmatch(context.text.strip()):
        return NameToken(start=start, end=end, text=written, certain=False)  # always asked about
    is_no_name = _has_word_of_sentence(context, folded, titled=certain) or _name_begins_with_time(
        context, folded, start
    )
    if is_no_name or (_SEVERAL.search(folded) if certain else has_title_inside(context, folded)):
        return UnknownToken(written)
    is_marked = certain or context.words.company.search(folded) is not None
    is_certain = (
        is_marked
        and _is_name_shaped(context, folded, written)
        and not _is_more_than_name(context, folded, start)
        and not begins_with_other_site(folded)
    )
    return NameToken(start=start, end=end, text=written, certain=is_certain)


def _is_more_than_name(context: LineContext, folded: str, start: int) -> bool:
    """Whether a piece could begin with a time, or with a particle or behind one: 夜山本さん, 10時はやしさん."""
    text, word = context.text, time_word_at(context.text, start)
    if word is not None and KANJI.match(word.text) and KANJI.match(folded, len(word.text)):
        return len(folded) > len(word.text) + 1  # 今村 is a name
    is_behind_time = isinstance(context.last_token, TimeToken) and text[start - 1] not in DELIMITERS
    if not is_behind_time or not HIRAGANA.match(text, start):
        return False
    return text[start] in _PARTICLE_LETTERS or text[start - 1] in _PARTICLE_LETTERS


def has_title_inside(context: LineContext, folded: str) -> bool:
    """Whether more follows a title: 田中さん済, and 田中先生済 where 田中 is a client."""
    return _TITLE_INSIDE.search(folded) is not None or any(
        folded.startswith(name) and context.words.honorific.match(folded, len(name)) for name in context.known_names
    )


def _has_word_of_sentence(context: LineContext, folded: str, *, titled: bool) -> bool:
    """Whether a piece has a word that no name has. A titled hiragana name and a company's are not looked into."""
    words = context.words
    company = words.company.match(folded)
    if (
        company
        and not is_latin_letter_or_digit(folded[0])
        and " " not in folded
        and len(folded) <= company.end() + _MAX_COMPANY
    ):
        return False
    if titled and len(folded) <= _MAX_HIRAGANA_NAME and all(map(HIRAGANA.match, folded)):
        return words.politeness_at(folded, 0) == len(folded)
    return words.sentence.search(folded) is not None


def _name_begins_with_time(context: LineContext, folded: str, start: int) -> bool:
    """Whether a number with a unit stands there, which would be taken for a piece of the name: 3時間前田中."""
    is_counted = _COUNT.match(folded) is not None and context.words.company.search(folded) is None
    return is_counted or (folded[0].isdigit() and is_clear_time_at(context.text, start))


def _is_name_shaped(context: LineContext, folded: str, written: str) -> bool:
    """Whether a titled piece is a name alone: さっそく田中 and 打合せの田中 are not."""
    if unicodedata.category(written[0]) in _CATEGORIES_OF_MARKS and not context.words.company.match(folded):
        return False  # ✅田中: the client's name, or the member's mark
    bare = context.words.company.sub("", folded).strip()
    hiragana = sum(1 for character in bare if HIRAGANA.match(character))
    if not bare or (bare == folded and hiragana and (hiragana < len(bare) or hiragana > _MAX_HIRAGANA_NAME)):
        return False
    words = written.split()
    if len(words) > _MAX_LATIN_WORDS or (
        is_latin_letter_or_digit(folded[0]) and match_time_tokens(folded, 0) is not None
    ):
        return False
    return len(words) == 1 or all(map(_may_be_piece_of_name, words))


def _may_be_piece_of_name(word: str) -> bool:
    """Whether a word of several has a capital letter, or a letter that has no capital: Studio, 太郎, &."""
    return word[0].isupper() or not word[0].isascii() or word[0] in _NAME_MARKS


def join_names(context: LineContext) -> tuple[LineToken, ...]:
    """The tokens; pieces of one name are one: Studio B, 高橋 太郎, Morgan & Friends, X Co., Ltd."""
    joined: list[LineToken] = []
    for token in context.tokens:
        joined.append(token)
        while (name := _last_name_token(context, joined)) is not None:
            joined_name, count = name
            joined[-count:] = [joined_name]
    return tuple(joined)


def _last_name_token(context: LineContext, tokens: Sequence[LineToken]) -> tuple[NameToken, int] | None:
    """The name that the last tokens are together, and how many they are."""
    match tokens[-3:]:
        case [NameToken() as first, RoleToken(mark=True), NameToken() as last] if not (first.certain and last.certain):
            return _name_token_between(context, first, last, certain=False), 3
        case [NameToken() as first, SeparatorToken(), NameToken() as last] if _ends_with_co_ltd(context, first, last):
            return _name_token_between(context, first, last, certain=True), 3
    match tokens[-2:]:
        case [NameToken() as first, NameToken() as last] if _are_one_name(context, first, last):
            return _name_token_between(context, first, last, certain=True), 2
    return None


def _name_token_between(context: LineContext, first: NameToken, last: NameToken, *, certain: bool) -> NameToken:
    """One name from the first to the last. Only a company's can be certain, by its form."""
    written, folded = context.line.original(first.start, last.end), context.text[first.start : last.end]
    is_company = context.words.company.search(folded) is not None and _is_name_shaped(context, folded, written)
    return NameToken(start=first.start, end=last.end, text=written, certain=certain and is_company)


def _ends_with_co_ltd(context: LineContext, first: NameToken, last: NameToken) -> bool:
    """Whether the comma between two pieces is that of a company's form: X Co., Ltd."""
    return _CO_LTD.search(context.text[first.start : last.end].rstrip(".")) is not None


def _are_one_name(context: LineContext, first: NameToken, last: NameToken) -> bool:
    """Whether nothing stands between two pieces, and neither is a name already, by its title or as a client's."""
    is_titled = first.certain and not context.words.company.search(context.text[first.start : first.end])
    is_separate = is_titled or first.anybody or first.known or last.anybody or last.known
    return not is_separate and not context.text[first.end : last.start].strip(" .")
