"""The words of a line that are neither a time nor a name (bot/parsing/line/words.toml)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bot.parsing.line.tokens import Meaning, Role

_MEANINGS: Final = {
    ("received", "alone"): Meaning.RECEIVED,
    ("received", "with_from"): Meaning.RECEIVED_FROM,
    ("replied", "alone"): Meaning.REPLIED,
    ("replied", "with_to"): Meaning.REPLIED_TO,
    ("dismissed", "alone"): Meaning.DISMISSED,
}


@dataclass(frozen=True, slots=True)
class FeeWords:
    """Questions about fees; one of the groups of each has the amount."""

    fee: re.Pattern[str]
    budget: re.Pattern[str]
    """The amount is what the client pays in all."""
    keep: re.Pattern[str]
    """The amount is what the member wants to keep."""
    amount_like: re.Pattern[str]
    """What is meant as an amount, though it may be a range or another currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Patterns over folded text; those of meanings and politeness are matched as whole words."""

    meanings: tuple[tuple[Meaning, re.Pattern[str]], ...]
    news: re.Pattern[str]
    """Nouns for what is sent: 返信."""
    politeness: tuple[re.Pattern[str], ...]
    asking: re.Pattern[str]
    """Polite words that ask for what the noun before them names: 返信お願いします."""
    particles: tuple[tuple[Role | None, re.Pattern[str]], ...]
    prepositions: tuple[tuple[Role | None, re.Pattern[str]], ...]
    honorific: re.Pattern[str]
    latin_honorific: re.Pattern[str]
    latin_honorific_after: re.Pattern[str]
    company: re.Pattern[str]
    business: re.Pattern[str]
    bare_verb: re.Pattern[str]
    """English words that say that somebody wrote, and not to whom: "wrote"."""
    endings: re.Pattern[str]
    """What can stand behind words that say what happened: 返信したよ."""
    friendly_emoji: re.Pattern[str]
    """Emoji that say nothing."""
    doubt: re.Pattern[str]
    """Words of doubt after a time: かな, "I think"."""
    anybody: re.Pattern[str]
    contact: re.Pattern[str]
    """The contact person of a company; a piece with it is asked about: 株式会社花ご担当者様."""
    remark: re.Pattern[str]
    """No title of a job, where it stands in round brackets: (まだ), (maybe)."""
    pointing: re.Pattern[str]
    """Before の件 no title either: 例, 先週."""
    reply_remark: re.Pattern[str]
    """No title of a job in any brackets: 「返信不要」."""
    sentence: re.Pattern[str]
    slip: re.Pattern[str]
    """A whole line that names nobody: sorry, 900, 時刻が違う."""
    lone_noun: re.Pattern[str]
    confirmations: Mapping[re.Pattern[str], bool]
    """Whether a word says yes."""
    requests: tuple[tuple[str, re.Pattern[str]], ...]
    fees: FeeWords

    def meaning_at(self, text: str, position: int) -> tuple[int, frozenset[Meaning]] | None:
        """The end of the longest words at a position that say what happened, and their meanings: of 連絡 two."""
        ends = [(end, meaning) for meaning, pattern in self.meanings if (end := _match_end(pattern, text, position))]
        if not ends:
            return None
        longest = max(end for end, _ in ends)
        return longest, frozenset(meaning for end, meaning in ends if end == longest)

    def politeness_at(self, text: str, position: int) -> int | None:
        """The end of the longest polite words at a position: よろしくお願いします, not よろしく."""
        return max((end for pattern in self.politeness if (end := _match_end(pattern, text, position))), default=None)

    def preposition_at(self, text: str, position: int) -> tuple[int, Role | None] | None:
        """The end of a preposition at a position, and its role; "at" and the like have none."""
        for role, pattern in self.prepositions:
            if (end := _match_end(pattern, text, position)) is not None:
                return end, role
        return None


def _match_end(pattern: re.Pattern[str], text: str, position: int) -> int | None:
    """The end of a match that does not begin or end inside a Latin word."""
    match = pattern.match(text, position)
    if match is None or match.end() == position:
        return None
    end = match.end()
    return None if is_inside_latin_word(text, position) or is_inside_latin_word(text, end) else end


def is_inside_latin_word(text: str, position: int) -> bool:
    """Whether a Latin word goes on at a position: at 2 in acme."""
    return (
        0 < position < len(text)
        and is_latin_letter_or_digit(text[position - 1])
        and is_latin_letter_or_digit(text[position])
    )


def is_latin_letter_or_digit(character: str) -> bool:
    """Whether a folded character is a letter or a digit of a Latin word."""
    return character.isascii() and character.isalnum()


@cache
def load_lexicon() -> Lexicon:
    """The lists of words.toml, with its parts in the place of their names: `{reply}` is 返信|返事|…."""

    def compile_entry(entry: str) -> re.Pattern[str]:
        for name, part in lists["parts"].items():
            entry = entry.replace(f"{{{name}}}", part)
        return re.compile(entry)

    def compile_roles(entries: dict[str, str]) -> tuple[tuple[Role | None, re.Pattern[str]], ...]:
        return tuple((None if role == "other" else Role(role), compile_entry(entry)) for role, entry in entries.items())

    lists = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    politeness = lists["politeness"].pop("alone")
    return Lexicon(
        meanings=tuple(
            (meaning, compile_entry(pattern))
            for (section, part), meaning in _MEANINGS.items()
            for pattern in lists[section][part]
        ),
        news=compile_entry("{news}"),
        politeness=tuple(map(compile_entry, politeness)),
        particles=compile_roles(lists["particles"]["after"]),
        prepositions=compile_roles(lists["particles"]["before"]),
        **{name: compile_entry(entry) for name, entry in (lists["names"] | lists["politeness"]).items()},
        confirmations={compile_entry(pattern): word == "yes" for word, pattern in lists["confirmations"].items()},
        requests=tuple((kind, compile_entry(pattern)) for kind, pattern in lists["requests"].items()),
        fees=FeeWords(**{name: compile_entry(entry) for name, entry in lists["requests_with_amount"].items()}),
    )
