"""Whether two keys of messages mean the same message.

The key of a mail is `BASE[:SECOND[:FINGERPRINT]]`: client, job and minute as 32 hexadecimal digits, then what only some
forms of a mail have. A quoted header may have no seconds; the Message-ID is only in the mail itself.
"""

import hashlib
import re
from collections import defaultdict
from datetime import datetime
from typing import Final

_BASE_LENGTH: Final = 32
_PART_DIGITS: Final = 4
_MAIL_KEY: Final = re.compile(r"(?P<base>[0-9a-f]{32})(?::(?P<second>\d{2})?(?::(?P<fingerprint>[0-9a-f]+))?)?")
_OPTIONAL_PARTS: Final = ("second", "fingerprint")


def hash_source_key_parts(*parts: object) -> str:
    """An identity made of these parts: 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:_BASE_LENGTH]


def line_key(message_id: str) -> str:
    """The key of what was typed in a message of Discord's."""
    return hash_source_key_parts("line", message_id)


def mail_key_base(kind: str, client_key: str, title_key: str, at: datetime) -> str:
    """The base of the key of a dated mail: by its kind, client, job and minute."""
    return hash_source_key_parts("mail", kind, client_key, title_key, at.replace(second=0, microsecond=0).isoformat())


def source_key_of_part(key: str, index: int) -> str:
    """The identity of a further part of the message with this key, as long as the key; `index` is from 1 to 9,999."""
    number = f"{index:0{_PART_DIGITS}}"
    return key[: _BASE_LENGTH - _PART_DIGITS] + number


def is_part_of_same_message(one: str, other: str) -> bool:
    """Whether the keys are of one message, or of parts of it. Keys of interactions, which are their ids, never are."""
    stem = one[: _BASE_LENGTH - _PART_DIGITS]
    return _MAIL_KEY.fullmatch(one) is not None and other.startswith(stem)


def source_key_base(key: str) -> str:
    """The part that all keys of one message have; the whole key, if it is not a mail's."""
    return key[:_BASE_LENGTH] if _MAIL_KEY.fullmatch(key) else key


def is_same_message(one: str, other: str) -> bool:
    """Whether nothing in the keys tells the messages apart. A fingerprint decides where both have one."""
    first, second = _MAIL_KEY.fullmatch(one), _MAIL_KEY.fullmatch(other)
    if first is None or second is None or first["base"] != second["base"]:
        return one == other
    if first["fingerprint"] and second["fingerprint"]:
        return first["fingerprint"] == second["fingerprint"]
    return not (first["second"] and second["second"] and first["second"] != second["second"])


def more_specific_key(one: str, other: str) -> str:
    """Of two keys of one message the one that says more; `one` if they say as much."""
    return max((one, other), key=_count_optional_parts)


class KnownKeys:
    """Keys of recorded messages, in which a message is found by any key of it. Most are kept as hashes alone."""

    def __init__(self) -> None:
        self._mails: defaultdict[str, set[str]] = defaultdict(set)
        """By base."""
        self._others: set[int] = set()

    def add(self, key: str) -> None:
        """Add the key of one more message."""
        if _MAIL_KEY.fullmatch(key):
            self._mails[key[:_BASE_LENGTH]].add(key)
        else:
            self._others.add(hash(key))

    def __contains__(self, key: str) -> bool:
        if hash(key) in self._others:
            return True
        return any(is_same_message(known, key) for known in self._mails.get(source_key_base(key), ()))

    def has_base(self, key: str) -> bool:
        """Whether a message of the same client, job and minute is known."""
        return hash(key) in self._others or source_key_base(key) in self._mails


def _count_optional_parts(key: str) -> int:
    """How many of the optional parts a mail's key has; 0 for every other key."""
    match = _MAIL_KEY.fullmatch(key)
    return 0 if match is None else sum(bool(match[part]) for part in _OPTIONAL_PARTS)
