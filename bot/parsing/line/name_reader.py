"""The readers of names in a line: of the member's clients, of titled names, and of pieces that could be names.

A piece is shaped like a name, or it is asked about; pieces that are one name are joined.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from bot.domain.names import clean_name, client_key
from bot.parsing.line.context import DELIMITERS, HIRAGANA, SPACES, LineContext, LinePiece
from bot.parsing.line.lexicon import is_inside_latin_word, is_latin_letter_or_digit
from bot.parsing.line.time_words import KANJI, TimeWord, is_clear_time_at, time_word_at
from bot.parsing.line.tokens import (
    JobToken,
    LineToken,
    NameToken,
    RoleToken,
    SeparatorToken,
    TimeToken,
    UnknownToken,
)
from bot.parsing.other_sites import begins_with_other_site, is_name_of_other_site
from bot.parsing.times.patterns import match_time_tokens

_MAX_NAME: Final = 40
"""Characters, with what is read before a name ends."""
_PARTICLE_LETTERS: Final = frozenset("はもでがにへとのや")
_JOB_SUFFIX: Final = re.compile(r"の件(?:について|で|に)?(?=[\s、,]|$|[^\u3041-\u309f])")
_GLUED_PARTICLE: Final = re.compile(r"[\u3041-\u309f](?:から|より)$")
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
    r"(?<=[一-龠々ァ-ヶーa-z])(?:さん|さま)(?=.)|(?<=.)(?<![王神客皆殿奥姫若仏俺])(?<!お子)様(?=.)"
)
"""A title that more letters follow, which are then no part of the name: 田中さん済, but 王様企画."""
_SEVERAL: Final = re.compile(
    r"(?:さん|さま|様|氏)(?:か|や|と|の|に|から|経由|以外|じゃ|では|でなく|または|又は|もしくは|あるいは|or(?![a-z]))"
)
"""Somebody beside the one whose title ends the piece: 田中さんか高橋さん."""
_CATEGORIES_OF_MARKS: Final = frozenset({"So", "Sm", "Sk", "Sc", "Po", "Pd", "No"})
_NAME_MARKS: Final = "&("
"""What begins a piece of a name beside a capital letter: Morgan & Friends."""


def read_known_name(context: LineContext, position: int) -> LinePiece | None:
    """A client of the member's wherever a name can begin, so that its name is never read as anything else: 昨日堂."""
    if not context.may_begin_name(position):
        return None
    for name in context.known_names:
        end = position + len(name)
        if not context.text.startswith(name, position) or is_inside_latin_word(context.text, end):
            continue
        if client_key(context.line.original(position, end)) not in context.known_keys:
            continue
        after = context.end_of_honorific(end)
        if after is None and context.may_end_name(end):
            # Acme Inc. is perhaps not Acme.
            has_form_behind = context.words.company.match(context.text, _skip_spaces(context, end))
            after = None if has_form_behind else end
        if after is not None:
            return LinePiece(after, (_name_token(context, position, end, certain=True, known=True),))
    return None


def read_name_with_time(context: LineContext, position: int) -> LinePiece | None:
    """A titled name that begins like a time: 今日子さん, 十時さん. What it means is asked."""
    word = time_word_at(context.text, position)
    if word is None or word.is_weak or not context.may_begin_name(position):
        return None  # a weak word is no time at all where it is glued to other letters
    title = _next_honorific_behind_time(context, word)
    if title is None:
        return None
    end, after = title
    written, rest = context.line.original(position, end), context.text[word.end : end]
    if not rest:
        return LinePiece(after, (NameToken(start=position, end=end, text=written, certain=not written[0].isdigit()),))
    is_time = context.may_follow_time(word.end) or context.is_known_name_at(word.end)
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
        if (end := context.end_of_honorific(start)) is not None:
            return start, end
    return None


def _belongs_to_name(word: TimeWord, rest: str) -> bool:
    """Whether letters glued to a word of a time could make it a part of the name: 今日子, きのうち, 3時間前田."""
    are_hiragana = HIRAGANA.match(word.text[-1]) is not None and HIRAGANA.match(rest) is not None
    return len(rest) == 1 or are_hiragana or word.may_run_into(rest)


def read_name(context: LineContext, position: int) -> LinePiece | None:
    """A piece that could be a name: up to a title, or to where something else begins; or a job: ロゴの件."""
    begins_with_mark = context.text[position] in DELIMITERS and not context.words.company.match(context.text, position)
    if not context.may_begin_name(position) or begins_with_mark:
        return None
    title = context.words.latin_honorific.match(context.text, position)
    begin = title.end() if title else position
    start = _skip_company(context, begin)
    for end in range(start + 1, min(len(context.text), start + _MAX_NAME) + 1):
        if (after := context.end_of_honorific(end)) is not None:
            return LinePiece(after, (_name_token(context, begin, end, certain=True),))
        if (suffix := _JOB_SUFFIX.match(context.text, end)) is not None:
            if not _can_be_title(context, context.text[start:end].strip()):
                return context.unknown_piece(position, suffix.end())
            return LinePiece(suffix.end(), (JobToken(context.line.original(start, end).strip()),))
        if _ends_bare_name(context, start, end):
            return _read_bare_name(context, begin, end, certain=title is not None)
    return None


def _can_be_title(context: LineContext, folded: str) -> bool:
    """Whether a job can be called so: not 田中さんロゴ, which says who and which job, nor 例 or a client's name."""
    is_name = folded in context.known_names or is_name_of_other_site(folded)
    return not (is_name or has_title_inside(context, folded) or context.words.pointing.fullmatch(folded))


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
    return not are_hiragana and context.end_of_particle(end) is not None


def _read_bare_name(context: LineContext, begin: int, end: int, *, certain: bool) -> LinePiece:
    """A name without a title, with a company's form behind it: Acme Inc."""
    text, company = context.text, context.words.company
    form = company.match(text, end)
    name_end = form.end() if form else end
    if text.startswith(".", name_end) and company.search(text, begin, name_end):
        name_end += 1
    if form is not None or name_end > end:  # ABC(株)様, Acme Inc.さん
        title_end = context.end_of_honorific(name_end)
        if title_end is not None:
            return LinePiece(title_end, (_name_token(context, begin, name_end, certain=True),))
    name = _name_token(context, begin, name_end, certain=certain)
    if text[end : end + 1] in _PARTICLE_LETTERS and HIRAGANA.match(text[end - 1]):
        return LinePiece(name_end, (name, UnknownToken(text[end])))  # NPO法人いろは: いろは, or いろ with は
    if form is None and _GLUED_PARTICLE.search(text, begin, end) and not context.is_end_of_word_at(end):
        return context.unknown_piece(begin, end)  # 合同会社はちどりから8時: はちどり, or はちどりから
    return LinePiece(name_end, (name,))


def _name_token(
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
    line = context.text.strip()
    if context.words.lone_noun.fullmatch(line):
        return NameToken(start=start, end=end, text=written, certain=False)  # always asked about
    is_no_name = (
        context.words.slip.fullmatch(line) is not None
        or _has_word_of_sentence(context, folded, titled=certain)
        or _name_begins_with_time(context, folded, start)
    )
    if is_no_name or has_title_inside(context, folded) or (certain and _SEVERAL.search(folded)):
        return UnknownToken(written)
    is_marked = certain or context.words.company.search(folded) is not None
    is_certain = (
        is_marked
        and _is_name_shaped(context, folded, written)
        and not _may_begin_with_time_or_particle(context, folded, start)
        and not begins_with_other_site(folded)
        and context.words.contact.search(folded) is None
        and (certain or not context.words.sentence.search(folded))  # 株式会社花もう返信した, but 株式会社やまだ
    )
    return NameToken(start=start, end=end, text=written, certain=is_certain)


def _may_begin_with_time_or_particle(context: LineContext, folded: str, start: int) -> bool:
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
    """One name from the first to the last. Only a company's can be certain, by its form: Studio B Inc., 株式会社 花.

    A word beside a name that has the form already may be any other: 株式会社花 面談.
    """
    written, folded = context.line.original(first.start, last.end), context.text[first.start : last.end]
    has_form_in_front = context.words.company.fullmatch(context.text, first.start, first.end) is not None
    has_form_behind = folded.isascii() and _ends_with_company_form(context, folded)
    is_company = (has_form_in_front or has_form_behind) and _is_name_shaped(context, folded, written)
    return NameToken(start=first.start, end=last.end, text=written, certain=certain and is_company)


def _ends_with_company_form(context: LineContext, folded: str) -> bool:
    return any(form.end() == len(folded) for form in context.words.company.finditer(folded))


def _ends_with_co_ltd(context: LineContext, first: NameToken, last: NameToken) -> bool:
    """Whether the comma between two pieces is that of a company's form: X Co., Ltd."""
    return _CO_LTD.search(context.text[first.start : last.end].rstrip(".")) is not None


def _are_one_name(context: LineContext, first: NameToken, last: NameToken) -> bool:
    """Whether nothing stands between two pieces, and neither is a name already, by its title or as a client's."""
    is_titled = first.certain and not context.words.company.search(context.text[first.start : first.end])
    is_separate = is_titled or first.anybody or first.known or last.anybody or last.known
    return not is_separate and not context.text[first.end : last.start].strip(" .")
