"""The scanner of a typed line: every character becomes part of a token, and what is not understood stays unknown.

A name has no form of its own, so a name is a piece between a place where a name can begin and one where it can end. A
short word of time (今, 朝, 月曜, PM) that is glued to other letters is part of a name: 今村様, 株式会社月曜, カフェPM.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.names import clean_name, client_key
from bot.parsing.line.lexicon import Lexicon, is_latin, load_lexicon
from bot.parsing.line.tokens import (
    FoldedLine,
    JobToken,
    LineToken,
    NameToken,
    Role,
    RoleToken,
    SeparatorToken,
    TimeToken,
    UnknownToken,
    WordToken,
)
from bot.parsing.times.tokenizer import Token, match_tokens, tokenize

MAX_NAME: Final = 40
_MAX_HIRAGANA_NAME: Final = 6
_MAX_LATIN_WORDS: Final = 5
_MAX_COMPANY: Final = 10
"""Characters of a company's name beside 株式会社 that are taken as they stand."""
_MAX_ABBREVIATION: Final = 4
"""Letters of a weekday or a month that is more likely a part of a name: Sun, May, Pm."""
_SPACES: Final = " \t\u3000"
_IGNORED: Final = _SPACES + "*。.!:@ー~♪"
"""Marks that say nothing between the parts of a line."""
_SEPARATORS: Final = "、，,;/|"
_BRACKETS: Final = {"「": "」", "『": "』", "(": ")", "[": "]", "【": "】", "“": "”", '"': '"', "<": ">"}
_DELIMITERS: Final = _SPACES + _SEPARATORS + "".join(_BRACKETS) + "".join(_BRACKETS.values()) + "。.!?…~〜:*→"
_MENTION: Final = re.compile(r"(?:<@[!&]?[0-9]{1,20}>|@[\w.-]+)\s*")
_WEAK_TIME: Final = re.compile(
    r"今|いま|お?昼|朝|夕方?|晩|夜中?|正午|\d{1,2}日|\d{4}|[月火水木金土日]曜?日?|[a-z.]+|頃|ごろ|ころ|約"
)
_AMBIGUOUS_END: Final = re.compile(r"[前半]$|^今[朝夜晩]$")
_BARE_NUMBER: Final = re.compile(r"\d{1,2}")
_GAP: Final = re.compile(r"t(?=\d{2}:?\d{2})|[\s,、]*(?:の|に|on |the |at )?\s*")
_PARTICLE_LETTERS: Final = frozenset("はもでがにへとのや")
_CO_LTD: Final = re.compile(r"co\.?,\s?ltd$")
_HIRAGANA: Final = re.compile(r"[\u3041-\u309f]")
_KANJI: Final = re.compile(r"[\u3400-\u9fff々〆]")
_JOB_SUFFIX: Final = re.compile(r"の件(?:について|で|に)?(?=[\s、,]|$|[^\u3041-\u309f])")
_CLOCK: Final = r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?|(?:\s?[ap]\.?m)?)"
_RANGE: Final = re.compile(rf"{_CLOCK}\s*(?:[-~〜～か]|から|to|or|または)\s*{_CLOCK}(?![\d:])")
_ISO_TIME: Final = re.compile(r"t\d{2}:?\d{2}")
_ISO_INSTANT: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}t[\d:.]+(?:[+-]\d{2}:?\d{2}|z)?")


def scan_line(line: FoldedLine, known_names: Sequence[str] = ()) -> tuple[LineToken, ...]:
    """The tokens of a line; `known_names` are those of the member's clients."""
    return tuple(_Scanner(line, known_names).scan())


class _Scanner:
    """One pass from left to right. `_glued` is the end of the last token behind which no name can begin."""

    def __init__(self, line: FoldedLine, known_names: Sequence[str]) -> None:
        self._line = line
        self._text = line.text
        self._words: Lexicon = load_lexicon()
        keys = {client_key(name) for name in known_names}
        self._known = sorted((key for key in keys if key), key=len, reverse=True)
        self._tokens: list[LineToken] = []
        self._word_end = -1

    def scan(self) -> Iterator[LineToken]:
        position = 0
        if mention := _MENTION.match(self._text):  # the bot's own name
            position = mention.end()
        while position < len(self._text):
            position = self._step(position)
        yield from self._merged()

    def _merged(self) -> list[LineToken]:
        """The tokens; pieces of one name are one: Studio B, 高橋 太郎, Morgan & Friends, X Co., Ltd."""
        merged: list[LineToken] = []
        for token in self._tokens:
            merged.append(token)
            while (name := self._joined_name(merged)) is not None:
                first, pieces = name
                del merged[-pieces:]
                merged.append(first)
        return merged

    def _joined_name(self, tokens: Sequence[LineToken]) -> tuple[NameToken, int] | None:
        """The name that the last tokens are together, and how many of them."""
        match tokens[-3:]:
            case [NameToken() as first, RoleToken(mark=True), NameToken() as last] if not (
                first.certain and last.certain
            ):
                return NameToken(first.start, last.end, self._line.original(first.start, last.end), certain=False), 3
            case [NameToken() as first, SeparatorToken(), NameToken() as last] if _CO_LTD.search(
                self._text[first.start : last.end].rstrip(".")
            ):
                return self._name_of(first.start, last.end), 3
        match tokens[-2:]:
            case [NameToken() as first, NameToken() as last] if not (
                first.anybody or first.known or last.anybody or last.known or self._is_titled(first)
            ) and not self._text[first.end : last.start].strip(" ."):
                return self._name_of(first.start, last.end), 2
        return None

    def _is_titled(self, name: NameToken) -> bool:
        """Whether a name is certain by its title: what follows is another one."""
        return name.certain and not self._words.company.search(self._text[name.start : name.end])

    def _name_of(self, start: int, end: int) -> NameToken:
        """A name of several pieces: a company's by its form, else perhaps a name."""
        written, folded = self._line.original(start, end), self._text[start:end]
        certain = self._words.company.search(folded) is not None and self._is_name_shaped(folded, written)
        return NameToken(start, end, written, certain=certain)

    def _step(self, position: int) -> int:
        """Read one token; the end of it."""
        character = self._text[position]
        if character in _IGNORED or self._is_mark(position):
            return position + 1
        if character in _SEPARATORS:
            self._tokens.append(SeparatorToken())
            return position + 1
        if (end := self._range_end(position)) is not None:
            return self._unknown(position, end)
        for read in (
            self._known_name,
            self._name_with_time,
            self._time,
            self._job_in_brackets,
            self._word,
            self._role,
            self._name,
        ):
            if (end := read(position)) is not None:
                return end
        return self._unknown(position, self._next_delimiter(position + 1))

    def _is_mark(self, position: int) -> bool:
        """Whether a dash stands alone, or an emoji behind words."""
        if self._text[position] == "-":
            return self._text[position - 1 : position] in {"", " "} and self._text[position + 1 : position + 2] == " "
        return position == self._word_end and unicodedata.category(self._text[position]) == "So"

    def _unknown(self, position: int, end: int) -> int:
        self._tokens.append(UnknownToken(self._line.original(position, end)))
        return end

    def _name_with_time(self, position: int) -> int | None:
        """A titled name that begins like a time: 今日子さん, 十時さん. What it means is asked."""
        match = match_tokens(self._text, position) if self._may_begin_name(position) else None
        end_of_time = match[0] if match and match[1] else position
        piece = self._text[position:end_of_time]
        if not piece or _WEAK_TIME.fullmatch(piece):  # a weak one is no time where it is glued to other letters
            return None
        for end in range(end_of_time, min(len(self._text), position + MAX_NAME)):
            if end > end_of_time and self._text[end - 1] in _DELIMITERS:
                return None
            if (after := self._honorific_end(end)) is None:
                continue
            rest = self._text[end_of_time:end]
            if rest and (self._may_follow_time(end_of_time) or not _belongs_to_name(piece, rest)):
                return None
            if rest and piece[0].isdigit():
                return self._unknown(position, after)  # 8時半田さん is half past eight or Handa
            written = self._line.original(position, end)
            self._tokens.append(NameToken(position, end, written, certain=not rest and not written[0].isdigit()))
            return after
        return None

    def _known_name(self, position: int) -> int | None:
        """A client of the member's wherever a name can begin, so that its name is never read as anything else."""
        if not self._may_begin_name(position):
            return None
        for key in self._known:
            end = position + len(key)
            if not self._text.startswith(key, position):
                continue
            if end < len(self._text) and is_latin(self._text[end - 1]) and is_latin(self._text[end]):
                continue
            after = self._honorific_end(end)
            if after is None and not self._may_end_name(end):
                continue
            self._append_name(position, end, certain=True, known=True)
            return end if after is None else after
        return None

    def _may_begin_name(self, position: int) -> bool:
        return position == 0 or position != self._word_end

    def _honorific_end(self, position: int) -> int | None:
        """The end of a title behind a name; None where there is none, or where a word merely begins like one."""
        for pattern in (self._words.honorific, self._words.latin_honorific_after):
            match = pattern.match(self._text, position)
            if match and (self._may_end_name(match.end()) or self._particle_at(match.end())):
                return match.end()
        return None

    def _particle_at(self, position: int) -> bool:
        return any(pattern.match(self._text, position) for _, pattern in self._words.particles)

    def _may_end_name(self, position: int) -> bool:
        """Whether something else begins here: a delimiter, a time, a particle, or words that say what happened."""
        text = self._text
        if position >= len(text) or text[position] in _DELIMITERS:
            return True
        if self._strong_time_at(position) or self._words.meaning_at(text, position):
            return True
        polite = self._words.politeness_at(text, position)
        if polite is not None and self._may_end_word(polite):
            return True
        return self._particle_end(position) is not None

    def _may_end_word(self, position: int) -> bool:
        return position >= len(self._text) or self._text[position] in _DELIMITERS

    def _particle_end(self, position: int) -> int | None:
        """The end of a particle behind which something else begins."""
        for _, pattern in self._words.particles:
            match = pattern.match(self._text, position)
            if match and self._begins_after_particle(match.end()):
                return match.end()
        return None

    def _begins_after_particle(self, position: int) -> bool:
        text = self._text
        if position >= len(text) or text[position] in _DELIMITERS:
            return True
        if self._strong_time_at(position) or self._words.meaning_at(text, position):
            return True
        weak = match_tokens(text, position)
        if weak is not None and weak[1] and self._may_end_time(weak[0]):
            return True
        return not _HIRAGANA.match(text[position]) and text[position - 1] in "とやのに"

    def _may_end_time(self, position: int) -> bool:
        text = self._text
        return position >= len(text) or text[position] in _DELIMITERS or bool(self._words.meaning_at(text, position))

    def _strong_time_at(self, position: int) -> bool:
        match = match_tokens(self._text, position)
        if match is None or not match[1]:
            return False
        piece = self._text[position : match[0]]
        return not _WEAK_TIME.fullmatch(piece) and not _BARE_NUMBER.fullmatch(piece)

    def _range_end(self, position: int) -> int | None:
        """The end of two times of which either could be meant: 14:00-15:00, 15時か16時."""
        if position and self._text[position - 1].isdigit():
            return None
        match = None if _ISO_INSTANT.match(self._text, position) else _RANGE.match(self._text, position)
        return match.end() if match and any(mark in match[0] for mark in ":時apm") else None

    def _time(self, position: int) -> int | None:
        """Adjoining words of a time; none of them may be a piece of a longer word."""
        end, tokens = position, list[Token]()
        while (match := self._time_word(end, continued=bool(tokens))) is not None:
            end, words = match
            tokens += words
            gap = _gap_end(self._text, end)
            if gap is not None and self._time_word(gap, continued=True) is not None:
                end = gap
        if not tokens:
            return None
        self._tokens.append(TimeToken(tuple(tokens)))
        return end

    def _time_word(self, position: int, *, continued: bool) -> tuple[int, tuple[Token, ...]] | None:
        """One word of a time; None for a piece of a longer word."""
        text = self._text
        match = None if self._range_end(position) else match_tokens(text, position)
        if match is None or not match[1]:
            return None
        end, piece = match[0], text[position : match[0]]
        begins = not position or not (is_latin(piece[0]) and is_latin(text[position - 1]))
        ends = self._may_follow_time(end)
        if _BARE_NUMBER.fullmatch(piece):
            following = match_tokens(text, _gap_end(text, end) or end)
            allowed = ends and following is not None and bool(following[1])
        elif _WEAK_TIME.fullmatch(piece):
            begins = not position or text[position - 1] in _DELIMITERS or self._after_name()
            glued_now = piece == "いま" and end < len(text) and _KANJI.match(text[end])
            ends = ends and not (piece.endswith(".") and is_latin(text[end : end + 1] or " "))
            allowed = (ends or bool(glued_now)) and not (not continued and self._is_latin_name(position, end))
        else:
            # 8時半田さん is half past eight or Handa; 3時間前田さん is Maeda or not.
            ambiguous = end < len(text) and _AMBIGUOUS_END.search(piece) and _KANJI.match(text[end])
            glued = end < len(text) and is_latin(text[end - 1]) and is_latin(text[end])
            allowed = ends or not (ambiguous or glued)
        return match if allowed and (continued or begins) else None

    def _is_latin_name(self, position: int, end: int) -> bool:
        """Whether a word of time with a capital letter is a part of a name: Sunday Works, Studio Sun."""
        text, first = self._text, self._line.original(position, end)[:1]
        if not (first.isascii() and first.isupper()):
            return False
        last = self._tokens[-1] if self._tokens else None
        if isinstance(last, NameToken) and not last.certain and is_latin(text[last.end - 1]):
            return end - position <= _MAX_ABBREVIATION and text[last.end : position] == " "
        following = end + 1
        if text[end : end + 1] != " " or following >= len(text) or not text[following].isalpha():
            return False
        if not is_latin(text[following]) or self._words.meaning_at(text, following):
            return False
        time = match_tokens(text, following)
        other = any(pattern.match(text, following) for _, pattern in self._words.prepositions)
        return not (time is not None) and not other and not any(text.startswith(key, following) for key in self._known)

    def _may_follow_time(self, position: int) -> bool:
        """Whether a word of time ends here: behind it is no letter of a longer word."""
        text = self._text
        if position >= len(text) or text[position] in _DELIMITERS or self._words.meaning_at(text, position):
            return True
        if self._particle_end(position) is not None or text[position] in "のに" or _ISO_TIME.match(text, position):
            return True
        following = match_tokens(text, position)
        return following is not None and bool(following[1])

    def _after_name(self) -> bool:
        return bool(self._tokens) and isinstance(self._tokens[-1], NameToken | RoleToken | JobToken | TimeToken)

    def _job_in_brackets(self, position: int) -> int | None:
        closing = _BRACKETS.get(self._text[position])
        if closing is None or self._words.company.match(self._text, position):
            return None
        end = self._text.find(closing, position + 1)
        if end > position and (inner := tokenize(self._text[position + 1 : end])).tokens and not inner.remainder:
            self._tokens.append(TimeToken(inner.tokens))
            return end + 1
        title = self._line.original(position + 1, end).strip() if end > position else ""
        if not title or len(title) > 2 * MAX_NAME or any(mark in title for mark in "。!?！？\n"):
            return None
        self._tokens.append(JobToken(title))
        return end + 1

    def _word(self, position: int) -> int | None:
        """Words that say what happened, or polite ones; glued to unknown letters they are not understood."""
        text = self._text
        if (match := self._words.meaning_at(text, position)) is not None:
            end, meanings = match
            self._tokens.append(WordToken(meanings, latin=is_latin(text[position])))
            self._word_end = end
            return end
        end_of_politeness = self._words.politeness_at(text, position)
        if end_of_politeness is not None and self._may_end_word(end_of_politeness):
            self._word_end = end_of_politeness
            return end_of_politeness
        return None

    def _role(self, position: int) -> int | None:
        text, last = self._text, self._tokens[-1] if self._tokens else None
        for role, pattern in self._words.prepositions:
            match = pattern.match(text, position)
            starts_word = not position or not is_latin(text[position - 1])
            if match and starts_word and (match.end() == len(text) or not is_latin(text[match.end()])):
                if role is not None:
                    self._tokens.append(RoleToken(role, precedes=True))
                return match.end()
        if not isinstance(last, NameToken | TimeToken | JobToken | WordToken):
            return None
        spaced = text[position - 1] in _SPACES
        loose = isinstance(last, TimeToken | WordToken) or (isinstance(last, NameToken) and last.certain)
        for role, pattern in self._words.particles:
            match = pattern.match(text, position)
            if match is None or (spaced and role is not Role.AND and not self._may_end_particle(match.end())):
                continue
            if loose or self._begins_after_particle(match.end()):
                if isinstance(last, WordToken) and role is not None:
                    continue  # a verb takes no particle: しましたが, しましたから
                if role is not None and (role is Role.AND or not isinstance(last, TimeToken)):
                    self._tokens.append(RoleToken(role, precedes=False, mark=match[0] in "&・"))
                return match.end()
        return None

    def _may_end_particle(self, position: int) -> bool:
        """Whether a particle after a space can end here: も of もえぎ様 cannot, に of に返した can."""
        return self._may_end_word(position) or self._words.meaning_at(self._text, position) is not None

    def _name(self, position: int) -> int | None:
        """A piece that could be a name: up to a title, or to where something else begins."""
        if not self._may_begin_name(position):
            return None
        title = self._words.latin_honorific.match(self._text, position)
        begin = title.end() if title else position
        start = self._skip_company(begin)
        for end in range(start + 1, min(len(self._text), start + MAX_NAME) + 1):
            after = self._honorific_end(end)
            if after is not None:
                self._append_name(begin, end, certain=True)
                return after
            if (suffix := _JOB_SUFFIX.match(self._text, end)) is not None:
                self._tokens.append(JobToken(self._line.original(start, end).strip()))
                return suffix.end()
            if self._ends_bare_name(start, end):
                return self._bare_name(begin, end, certain=title is not None)
        return None

    def _skip_company(self, position: int) -> int:
        """Where the name behind 株式会社 begins; Inc. stands behind its name."""
        company = self._words.company.match(self._text, position)
        if not company or is_latin(self._text[position]):
            return position
        start = company.end()
        while start < len(self._text) and self._text[start] in _SPACES:
            start += 1
        return start

    def _bare_name(self, begin: int, end: int, *, certain: bool) -> int:
        """Add a name without a title; the end of it and of a company's form behind it."""
        form = self._words.company.match(self._text, end)
        name_end = form.end() if form else end
        if self._text[name_end : name_end + 1] == "." and self._words.company.search(self._text, begin, name_end):
            name_end += 1  # Acme Inc.
        self._append_name(begin, name_end, certain=certain)
        if self._text[end : end + 1] in _PARTICLE_LETTERS and _HIRAGANA.match(self._text[end - 1]):
            self._tokens.append(UnknownToken(self._text[end]))  # NPO法人いろは: いろは, or いろ with は
        return name_end

    def _ends_bare_name(self, start: int, end: int) -> bool:
        text = self._text
        if end >= len(text):
            return True
        if text[end] in _DELIMITERS:
            # An address and an abbreviation have dots of their own.
            return not (text[end] == "." and end + 1 < len(text) and is_latin(text[end + 1]))
        if is_latin(text[end - 1]) and is_latin(text[end]):
            return False
        if (self._strong_time_at(end) and not text[end - 1].isdigit()) or self._words.meaning_at(text, end):
            return True
        # たに is a name; た with a particle is not.
        return not all(map(_HIRAGANA.match, text[start:end])) and self._particle_end(end) is not None

    def _append_name(self, start: int, end: int, *, certain: bool, known: bool = False) -> None:
        text = self._text
        written = self._line.original(start, end).strip()
        folded = text[start:end].strip()
        if not clean_name(written):
            self._tokens.append(UnknownToken(written))
        elif not known and self._words.anybody.fullmatch(folded):
            self._tokens.append(NameToken(start, end, written, certain=True, anybody=True))
        elif not known and (self._is_sentence(folded, titled=certain) or self._begins_with_time(start)):
            self._tokens.append(UnknownToken(written))
        else:
            company = self._words.company.search(folded) is not None
            certain = known or ((certain or company) and self._is_name_shaped(folded, written))
            self._tokens.append(NameToken(start, end, written, certain=certain, known=known))

    def _is_sentence(self, folded: str, *, titled: bool) -> bool:
        """Whether a piece has a word that no name has. A titled hiragana name and a company's are not looked into."""
        company = self._words.company.match(folded)
        if company and not is_latin(folded[0]) and " " not in folded and len(folded) <= company.end() + _MAX_COMPANY:
            return False
        if titled and len(folded) <= _MAX_HIRAGANA_NAME and all(map(_HIRAGANA.match, folded)):
            return self._words.politeness_at(folded, 0) == len(folded)
        return self._words.sentence.search(folded) is not None

    def _begins_with_time(self, position: int) -> bool:
        """Whether a number with a unit of time stands there, which would be taken for a piece of the name."""
        return self._text[position].isdigit() and self._strong_time_at(position)

    def _is_name_shaped(self, folded: str, written: str) -> bool:
        """Whether a titled piece is a name alone: さっそく田中 and 打合せの田中 are not."""
        bare = self._words.company.sub("", folded).strip()
        company = bare != folded
        hiragana = sum(1 for character in bare if _HIRAGANA.match(character))
        if not bare or (hiragana and not company and (hiragana < len(bare) or hiragana > _MAX_HIRAGANA_NAME)):
            return False
        words = written.split()
        if len(words) > _MAX_LATIN_WORDS or (is_latin(folded[0]) and match_tokens(folded, 0) is not None):
            return False
        return len(words) == 1 or all(word[0].isupper() or not word[0].isascii() or word[0] in "&(" for word in words)

    def _next_delimiter(self, position: int) -> int:
        while position < len(self._text) and self._text[position] not in _DELIMITERS:
            position += 1
        return position


def _belongs_to_name(time: str, rest: str) -> bool:
    """Whether what is glued to a word of time could make it a part of the name: 今日子, きのうち, 3時間前田."""
    both_hiragana = _HIRAGANA.match(time[-1]) and _HIRAGANA.match(rest[0])
    ambiguous = _AMBIGUOUS_END.search(time) and _KANJI.match(rest[0])
    return len(rest) == 1 or bool(both_hiragana or ambiguous)


def _gap_end(text: str, position: int) -> int | None:
    """The end of what can stand between two words of one time: spaces, の, に."""
    match = _GAP.match(text, position)
    return match.end() if match else None
