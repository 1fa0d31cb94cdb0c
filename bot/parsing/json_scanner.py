"""JSON read piece by piece, so that no file becomes more in memory than its text and one value."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

MAX_VALUE_LENGTH: Final = 8192
"""Characters of one value. One of any depth or number of parts is small then."""

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = json.JSONDecoder()


class JsonScanner:
    """Reads a JSON text from a position on. Every method raises `ValueError` where something else stands.

    `RecursionError`: where a value is nested deeper than Python's own decoder goes.
    """

    def __init__(self, text: str, position: int = 0) -> None:
        self._text = text
        self.position = position

    def read_keys(self) -> Iterator[str]:
        """The keys of an object; the caller reads the value of each before it takes the next."""
        for _ in self._read_parts("{", "}"):
            key = self.read_value()
            if not isinstance(key, str):
                raise ValueError(key)  # noqa: TRY004 — the text is at fault, as everywhere below
            self._expect_character(":")
            yield key

    def read_rows(self) -> Iterator[Any]:
        """The values of an array."""
        for _ in self._read_parts("[", "]"):
            yield self.read_value()

    def skip_rows(self) -> None:
        """Read past an array, of which nothing is kept."""
        for _ in self.read_rows():
            pass

    def _read_parts(self, opening: str, closing: str) -> Iterator[None]:
        """One turn for each part of an object or an array; the caller reads it."""
        self._expect_character(opening)
        if self._take_character(closing):
            return
        yield
        while self._take_character(","):
            yield
        self._expect_character(closing)

    def read_value(self) -> Any:
        """The next value, of at most `MAX_VALUE_LENGTH` characters."""
        self._skip_space()
        piece = self._text[self.position : self.position + MAX_VALUE_LENGTH]
        value, length = _DECODER.raw_decode(piece)
        self.position += length
        return value

    def expect_end(self) -> None:
        """Raise `ValueError` if anything follows."""
        self._skip_space()
        if self.position < len(self._text):
            raise ValueError(self.position)

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self.position)
        self.position = match.end() if match else self.position

    def _take_character(self, character: str) -> bool:
        self._skip_space()
        found = self._text.startswith(character, self.position)
        self.position += found
        return found

    def _expect_character(self, character: str) -> None:
        if not self._take_character(character):
            raise ValueError(self.position)
