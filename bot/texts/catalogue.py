"""The sentences people read: Fluent files, one folder a locale, one file for each room that speaks.

Every id exists in every locale; a missing one is a fault of ours and raises `KeyError`.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from bot.errors import NinteiError, TextArgument
from bot.values import Locale

HERE = Path(__file__).parent


class Texts:
    """The sentences of one locale: `texts("fee-title", amount=500)`."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._bundle = FluentBundle([locale], use_isolating=False)
        for file in sorted((HERE / locale).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))

    def __call__(self, text: str, /, **arguments: TextArgument | datetime) -> str:
        message = self._bundle.get_message(text)
        if message.value is None:
            raise KeyError(text)
        sentence, faults = self._bundle.format_pattern(message.value, arguments)
        if faults:
            raise KeyError(f"{text}: {faults}")
        return str(sentence)

    def error(self, error: NinteiError) -> str:
        """The sentence for something that a person is told about."""
        return self(error.text, **error.arguments)


@cache
def texts_in(locale: Locale) -> Texts:
    """The catalogue of a locale, read once."""
    return Texts(locale)
