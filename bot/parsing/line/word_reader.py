"""The readers of words that say what happened, of particles and prepositions, and of what stands in brackets."""

import re
from typing import Final

from bot.parsing.line.context import BRACKETS, DELIMITERS, HIRAGANA, SPACES, LineContext, LinePiece
from bot.parsing.line.lexicon import is_latin_letter_or_digit
from bot.parsing.line.name_reader import has_title_inside
from bot.parsing.line.tokens import JobToken, LineToken, NameToken, Role, RoleToken, TimeToken, WordToken
from bot.parsing.notification import has_known_wording
from bot.parsing.other_sites import is_name_of_other_site
from bot.parsing.times.tokenizer import tokenize_time_text

_MARKS_OF_EVENTS: Final = re.compile("[✅☑✔👌🆗⭕📥📧📩📨✉📬]")
"""Emoji that beside a name alone may say that it was answered, or that a mail came or was sent."""
_MAX_TITLE: Final = 80
"""Characters."""
_SENTENCE_MARKS: Final = frozenset("。!?！？\n")
"""What no title of a job has."""
_PREPOSITIONS: Final = (" from", " to")
_MARKS_IN_NAMES: Final = "&・"
_PARTICLES_BEHIND_TIMES: Final = frozenset({"に", "は", "の", "で", "も", "を"})
_QUOTES: Final = frozenset('「『“"')
"""Other brackets can have a remark in them."""
_DISCORD_MARKUP: Final = re.compile(r"<(?:@|#|/|a?:|https?:)[^>]*>")
"""A mention, an emoji of a server, or a link without a preview."""
_ANOTHER_SUBJECT: Final = re.compile(r"(?:[,:;/-]|(?<![a-z])(?:i|we)) *$")
"""Between a name and an English verb: "Acme: wrote at 3pm" and "Acme, I wrote at 3pm" say that the member did."""
_QUOTED: Final = re.compile(r"とだけ|と|って")
"""What stands behind a quotation: 「了解です」と返信した."""
_TITLED_KANA: Final = re.compile(r"[\u3041-\u309f]{1,6}?(?<!たく)(?:さん|さま|様)")
_VARIATION_SELECTORS: Final = "\ufe0e\ufe0f"
_EMOTIONS: Final = frozenset("笑汗泣涙爆")
"""What people write in brackets that says nothing: (笑)."""


def read_event_or_polite_words(context: LineContext, position: int) -> LinePiece | None:
    """Words that say what happened (返信しました), or polite ones (です), which no other letters may follow."""
    text, words = context.text, context.words
    if position == context.word_end:
        ending = words.endings.match(text, position)
        if ending and ending.end() > position and context.is_end_of_word_at(ending.end()):
            return LinePiece(ending.end(), is_word=True)
    if (match := words.meaning_at(text, position)) is not None and not _is_titled_kana_at(context, position):
        end, meanings = match
        latin, takes_name = is_latin_letter_or_digit(text[position]), text.endswith(_PREPOSITIONS, position, end)
        if words.bare_verb.fullmatch(text, position, end) and not _has_subject(context, position):
            return context.unknown_piece(position, end)
        noun = words.news.fullmatch(text, position, end) is not None
        return LinePiece(end, (WordToken(meanings, latin=latin, noun=noun, takes_name=takes_name),), is_word=True)
    return _read_polite_words(context, position)


def _read_polite_words(context: LineContext, position: int) -> LinePiece | None:
    """Polite words; before a client's name at the beginning they may be glued to it: もう田中さんに返信した."""
    polite = context.words.politeness_at(context.text, position)
    if polite is None:
        return None
    if not position and context.is_known_name_at(polite):
        return LinePiece(polite)
    if not context.is_end_of_phrase_at(polite):
        return None
    if _is_asked_for(context, position, polite) or _is_introduction(context, position, polite):
        return context.unknown_piece(position, polite)
    return LinePiece(polite, is_word=True)


def _is_titled_kana_at(context: LineContext, position: int) -> bool:
    """Whether a short name in kana with its title stands there, which only begins like a word: きたむらさん."""
    is_beginning = position == 0 or context.text[position - 1] in DELIMITERS
    return is_beginning and _TITLED_KANA.match(context.text, position) is not None


def _has_subject(context: LineContext, position: int) -> bool:
    """Whether somebody's name stands right before an English verb, as its subject: Acme wrote, not Acme 3pm wrote."""
    has_name = isinstance(context.last_token, NameToken)
    return has_name and _ANOTHER_SUBJECT.search(context.text, 0, position) is None


def _is_asked_for(context: LineContext, start: int, end: int) -> bool:
    """Whether polite words ask for what stands before them: 返信お願いします, 10時にお願いします."""
    is_behind_noun = isinstance(context.last_token, WordToken) and context.last_token.noun
    is_behind_particle = context.text[:start].rstrip(SPACES).endswith("に")
    return (is_behind_noun or is_behind_particle) and bool(context.words.asking.fullmatch(context.text, start, end))


def _is_introduction(context: LineContext, start: int, end: int) -> bool:
    """Whether a client says who they are, in a text that was pasted: 田中です。昨日の10時に届きました."""
    name = context.last_token
    is_behind_bare_name = isinstance(name, NameToken) and name.end == start and context.text.startswith("です", start)
    return is_behind_bare_name and any(map(str.isalnum, context.text[end:]))


def read_friendly_emoji(context: LineContext, position: int) -> LinePiece | None:
    """Emoji that say nothing behind a time, words or a name: 返信しました🙇. Others may deny it, or begin a name."""
    match = context.words.friendly_emoji.match(context.text, position)
    if match is None or not context.is_end_of_word_at(match.end()):
        return None
    is_behind_words = position == context.word_end or isinstance(context.last_token, TimeToken | WordToken)
    return LinePiece(match.end()) if is_behind_words or _is_behind_whole_name(context, position, match.end()) else None


def _is_behind_whole_name(context: LineContext, start: int, end: int) -> bool:
    """Whether emoji stand behind a name of which they are no part: behind its title, or last in a line: Acme 👍.

    Not those that may say what happened, where no words before have said it: replied to Acme Inc. ✅.
    """
    name = context.last_token
    if not isinstance(name, NameToken) or not name.certain:
        return False
    has_event_words = any(isinstance(token, WordToken) for token in context.tokens)
    if not has_event_words and _MARKS_OF_EVENTS.search(context.text, start, end):
        return False
    between = context.text[name.end : start]
    return bool(between.strip()) or (bool(between) and not context.text[end:].strip())


def read_role_word(context: LineContext, position: int) -> LinePiece | None:
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
        if match is None or not _is_particle_at(context, match, role, last):
            continue
        is_behind_time = isinstance(last, TimeToken) and role is not Role.AND
        if is_behind_time and match[0] not in _PARTICLES_BEHIND_TIMES:
            # 10時の件 says which message, 10時から what begins, and 10時には by when: none is when it happened.
            return context.unknown_piece(position, match.end())
        if role is None or is_behind_time:
            return LinePiece(match.end())
        return LinePiece(match.end(), (RoleToken(role, precedes=False, mark=match[0] in _MARKS_IN_NAMES),))
    return None


def _is_particle_at(context: LineContext, match: re.Match[str], role: Role | None, last: LineToken) -> bool:
    """Whether letters that look like a particle are one behind the last token."""
    if isinstance(last, WordToken) and (role is not None or not (last.noun or _is_polite_de(context, match))):
        return False  # a verb takes no particle: しましたが, しましたも; but 返信不要でお願いします
    is_spaced = context.text[match.start() - 1] in SPACES
    is_followed = context.is_end_of_phrase_at(match.end())
    if is_spaced and role is not Role.AND and not is_followed:
        return False  # も of もえぎ様 after a space is none, に of に返した is one
    if isinstance(last, TimeToken) and HIRAGANA.match(context.text, match.end()) and match[0] != "に":
        # は of 10時はやしさん is none.
        return context.begins_after_particle(match.end()) or context.is_known_name_at(match.end())
    if isinstance(last, TimeToken | WordToken) or (isinstance(last, NameToken) and last.certain):
        return True
    return context.begins_after_particle(match.end())


def _is_polite_de(context: LineContext, match: re.Match[str]) -> bool:
    """Whether it is the で of 返信不要でお願いします, not that of 返信済みではない."""
    return match[0] == "で" and context.may_end_name(match.end())


def read_discord_markup(context: LineContext, position: int) -> LinePiece | None:
    """What Discord writes in brackets, which is no title: an emoji of a server may deny what the line says."""
    markup = _DISCORD_MARKUP.match(context.text, position)
    return context.unknown_piece(position, markup.end()) if markup else None


def read_bracketed_part(context: LineContext, position: int) -> LinePiece | None:
    """A time or the title of a job in brackets: (14:30), 「バナー制作」; or what was said: 「了解です」と返信した."""
    text = context.text
    closing = BRACKETS.get(text[position], "")
    is_bracket = bool(closing) and context.words.company.match(text, position) is None
    end = text.find(closing, position + 1) if is_bracket else -1
    if end < 0:
        return None
    if (title := context.words.honorific.match(text, end + 1)) is not None:
        return context.unknown_piece(position, title.end())  # 「花」さん is no job
    if text[position] in _QUOTES and (quotation := _end_of_quotation_particle(context, end + 1)) is not None:
        return LinePiece(quotation)
    inner = tokenize_time_text(text[position + 1 : end])
    if not inner.tokens or inner.remainder:
        return _read_bracketed_job_title(context, position, end)
    if text[position] in _QUOTES:  # 田中さん「10時」: when it was, or what was said
        return context.unknown_piece(position, end + 1)
    is_beside_no = text[:end].rstrip(SPACES).endswith("の") or context.is_time_beside_no(position, end + 1)
    return LinePiece(end + 1, (TimeToken(inner.tokens, tells_which=is_beside_no, in_brackets=True),))


def _end_of_quotation_particle(context: LineContext, position: int) -> int | None:
    """The end of the particle behind what was said, where words say what happened: と of 「了解です」と返信した."""
    particle = _QUOTED.match(context.text, position)
    if particle is None or context.words.meaning_at(context.text, particle.end()) is None:
        return None
    return particle.end()


def _read_bracketed_job_title(context: LineContext, start: int, end: int) -> LinePiece | None:
    """The title of a job between two brackets. A remark there is not understood; a face says nothing."""
    title = context.line.original(start + 1, end).strip()
    may_be_remark = context.text[start] not in _QUOTES
    if title and may_be_remark and (title in _EMOTIONS or not any(map(str.isalnum, title))):
        is_face = len(title.rstrip(_VARIATION_SELECTORS)) > 1 or context.words.friendly_emoji.fullmatch(title)
        says_nothing = title in _EMOTIONS or is_face  # (×) says that it is not so
        return LinePiece(end + 1) if says_nothing else context.unknown_piece(start, end + 1)
    if not title or len(title) > _MAX_TITLE or not _SENTENCE_MARKS.isdisjoint(title):
        return None
    words, folded = context.words, context.text[start + 1 : end].strip()
    is_somebody = words.company.search(folded) or words.business.search(folded) or folded in context.known_names
    is_remark = may_be_remark and (
        isinstance(context.last_token, TimeToken | WordToken)  # a title stands beside the name
        or words.remark.search(folded)
        or is_somebody
        or has_title_inside(context, f"{folded} ")
    )
    is_said = (
        _is_behind_english_verb(context)
        or words.reply_remark.search(folded)
        or words.politeness_at(folded, 0) == len(folded)
        or words.anybody.fullmatch(folded)
        or any(answer.fullmatch(folded) for answer in words.confirmations)
    )
    if is_remark or is_said or has_known_wording(title) or is_name_of_other_site(folded):
        return context.unknown_piece(start, end + 1)
    return LinePiece(end + 1, (JobToken(title),))


def _is_behind_english_verb(context: LineContext) -> bool:
    """Whether what follows is what somebody wrote, not a title: Acme wrote "no rush"."""
    return isinstance(context.last_token, WordToken) and context.last_token.latin
