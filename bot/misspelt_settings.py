"""Names that look like settings but are none, in the environment and in `.env`.

Other programs have names of their own in both. So a name is taken for a misspelt setting only if it differs from one by
a slip of the keys, by words left out, added or put otherwise, or begins as only settings of this program do.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from typing import Final

MAX_SLIPS: Final = 2
"""Characters left out, added, exchanged or transposed."""

MIN_LENGTH_FOR_TWO_SLIPS: Final = 9
"""Shorter names may differ by one slip only."""

IMPLIED_WORDS: Final = frozenset({"NINTEI", "BOT", "DISCORD", "DEFAULT"})
"""Words that people leave out or put in front."""

SYNONYMS: Final = {
    "COUNT": "KEEP", "NUMBER": "KEEP", "DIR": "FOLDER", "DIRECTORY": "FOLDER", "LANGUAGE": "LOCALE", "LANG": "LOCALE",
    "TZ": "TIMEZONE", "ZONE": "TIMEZONE", "DB": "DATABASE", "DSN": "URL", "USERS": "MEMBERS", "SHARDS": "SHARD",
    "BACKUPS": "BACKUP", "ADDRESS": "HOST", "QUIET": "QUIET_HOURS", "LEADS": "LEAD_TIMES",
}  # fmt: skip

OWN_PREFIXES: Final = ("BACKUP_", "METRICS_", "RECEIPT_", "SHARD_", "DEFAULT_", "PICTURES_", "NINTEI_")
"""No other program that shares a file or an environment with this one is expected to use them."""

FOREIGN_SETTING_NAMES: Final = frozenset(
    {"LANG", "LANGUAGE", "TZ", "DISCORD_CLIENT_ID", "DISCORD_GUILD_ID", "MAIL_HOST"}
)

_SEPARATORS: Final = re.compile(r"[-_. ]+")


def find_meant_setting(name: str, known: Collection[str]) -> str | None:
    """The setting that a name was probably meant for; None for a known name, and for one of another program."""
    if name in known or name in FOREIGN_SETTING_NAMES:
        return None
    name = unicodedata.normalize("NFKC", name)  # full-width letters
    plain = _name_without_separators(name)
    slips = {
        setting: _edit_distance(plain, _name_without_separators(setting))
        for setting in known
        if _are_close_spellings(plain, _name_without_separators(setting))
    }
    if slips:
        return min(sorted(slips), key=slips.__getitem__)
    words = _words_of_setting(name)
    if len(words) > 1 or _is_short_setting_name(name):
        for setting in sorted(known):
            if words and words == _words_of_setting(setting):
                return setting
    if name.upper().startswith(OWN_PREFIXES):
        return get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.0)[0]
    return None


@cache
def _name_without_separators(name: str) -> str:
    return _SEPARATORS.sub("", name).upper()


@cache
def _words_of_setting(name: str) -> frozenset[str]:
    """The words that tell a setting from others, in any order: synonyms alike, implied words left out."""
    words = [word for word in _SEPARATORS.split(name.upper()) if word]
    return frozenset("_".join(SYNONYMS.get(word, word) for word in words).split("_")) - IMPLIED_WORDS


def _is_short_setting_name(name: str) -> bool:
    """Whether one word is enough to name a setting: `TOKEN` alone, any other word with an implied one, `BOT_WORD`."""
    return name.upper() in {"TOKEN", "TIMEZONE", "LOCALE", "EDITION"} or bool(
        IMPLIED_WORDS & set(_SEPARATORS.split(name.upper()))
    )


def _are_close_spellings(name: str, setting: str) -> bool:
    most = MAX_SLIPS if len(setting) >= MIN_LENGTH_FOR_TWO_SLIPS else 1
    return _least_edit_distance(name, setting) <= most and _edit_distance(name, setting) <= most


def _least_edit_distance(left: str, right: str) -> int:
    """No more than their edit distance, and computed much faster: the characters that they do not have in common."""
    longer = max(len(left), len(right))
    if longer - min(len(left), len(right)) > MAX_SLIPS:
        return longer
    return longer - (_count_characters(left) & _count_characters(right)).total()


@cache
def _count_characters(name: str) -> Counter[str]:
    return Counter(name)


def _edit_distance(left: str, right: str) -> int:
    """How many characters to leave out, add, exchange or transpose (the optimal string alignment distance)."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, character in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (character != other))
            if row > 1 and column > 1 and character == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
