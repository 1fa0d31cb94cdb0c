"""The sentences people read: Fluent files, one folder a locale, one file for each room that speaks.

Every id exists in every locale; a missing one is a fault of ours and raises `KeyError`.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Message, Pattern, Placeable, TextElement, VariableReference
from fluent.syntax.visitor import Visitor

from bot.domain.types import Locale
from bot.errors import FluentValue, MessageArgument, NinteiError
from bot.version import COMMAND

TEXTS_DIR = Path(__file__).parent
MAX_ARGUMENT_LENGTH = 500

StaticPattern = tuple[tuple[str, str | None], ...]
"""A pattern of nothing but words and variables: words, and the variable behind them if there is one."""


class Translations:
    """The sentences of one locale: `texts("fee-title", amount=500)`."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._bundle = FluentBundle([locale], use_isolating=False)
        self._fixed: dict[str, str] = {}
        self._written: dict[str, Message] = {}
        self._static_pattern: dict[str, StaticPattern | None] = {}
        self._bundle.add_resource(FluentResource(f"-command = {COMMAND}\n"))  # texts name it as a term
        for file in sorted((TEXTS_DIR / locale).glob("*.ftl")):
            resource = FluentResource(file.read_text(encoding="utf-8"))
            self._bundle.add_resource(resource)
            self._written |= {each.id.name: each for each in resource.body if isinstance(each, Message)}

    def __call__(self, text: str, /, **arguments: FluentValue | datetime) -> str:
        if arguments:
            return self._format(text, arguments)
        if text not in self._fixed:
            self._fixed[text] = self._format(text, {})
        return self._fixed[text]

    def _format(self, text: str, arguments: dict[str, FluentValue | datetime]) -> str:
        if text not in self._static_pattern:
            self._static_pattern[text] = _static_pattern(self._written[text].value)
        plain = self._static_pattern[text]
        if plain is not None and all(type(each) is str for each in arguments.values()):
            # Most sentences are like this, and Fluent's resolver takes ten times as long over them.
            return "".join([words if name is None else f"{words}{arguments[name]}" for words, name in plain])
        message = self._bundle.get_message(text)
        if message.value is None:
            raise KeyError(text)
        sentence, faults = self._bundle.format_pattern(message.value, arguments)
        if faults:
            raise KeyError(f"{text}: {faults}")
        return str(sentence)

    def with_prefix(self, prefix: str) -> dict[str, str]:
        """The texts whose ids start so, for who fills them in elsewhere: a variable stays in them as `{$name}`."""
        return {
            text: self._format(text, {name: f"{{${name}}}" for name in _variables(pattern)})
            for text, pattern in self._written.items()
            if text.startswith(prefix)
        }

    def format_error(self, error: NinteiError) -> str:
        """The sentence for something that a person is told about.

        Days as the command line writes them; what they wrote is repeated only so far.
        """

        def shown(each: MessageArgument) -> FluentValue:
            if isinstance(each, tuple):
                return " ".join(str(shown(part)) for part in each)
            if isinstance(each, str):
                return each[:MAX_ARGUMENT_LENGTH]
            return each.isoformat() if type(each) is date else each

        return self(error.message_id, **{name: shown(each) for name, each in error.arguments.items()})


def _static_pattern(pattern: Pattern | None) -> StaticPattern | None:
    """None: Fluent has to choose, count or look something up."""
    parts: list[tuple[str, str | None]] = []
    words = ""
    for each in [] if pattern is None else pattern.elements:
        match each:
            case TextElement(value=value):
                words += value
            case Placeable(expression=VariableReference(id=name)):
                parts.append((words, name.name))
                words = ""
            case _:
                return None
    return None if pattern is None else (*parts, (words, None))


def _variables(pattern: Message) -> set[str]:
    """The variables that a text names."""
    found: set[str] = set()

    class Reader(Visitor):
        def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 — Fluent's own name
            found.add(node.id.name)

    Reader().visit(pattern)
    return found


@cache
def get_translations(locale: Locale) -> Translations:
    """The catalogue of a locale, read once."""
    return Translations(locale)
