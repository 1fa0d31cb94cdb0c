"""The sentences that people read, in Fluent files: one folder per language, one file per feature.

Every id exists in every language. An id or a variable that is missing is a programming error and raises `KeyError`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from babel import Locale as BabelLocale
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import (
    Identifier,
    Message,
    Placeable,
    SelectExpression,
    StringLiteral,
    TextElement,
    VariableReference,
)
from fluent.syntax.visitor import Visitor

from bot.domain.types import Locale
from bot.errors import FluentValue, MessageArgument, NinteiError
from bot.i18n.command_mentions import COMMAND_FUNCTION, CommandMarker, format_command, marked_command
from bot.version import COMMAND

TEXTS_DIR: Final = Path(__file__).parent

MAX_ARGUMENT_LENGTH: Final = 500
"""Characters of what somebody wrote that an error repeats."""

_MESSAGE_RE: Final = re.compile(r"^([a-z][\w-]*) *=.*\n?(?:(?![\w#-]).*\n?)*", re.MULTILINE | re.ASCII)
"""A message of a Fluent file with its id: up to the next line that begins with an id or a comment."""

PlainPattern = tuple[tuple[str, str | None], ...]
"""A pattern of literal text, variables and commands alone: literals, each with the name of the variable that follows
it, or the command after a slash."""

PlainText: TypeAlias = "PlainPattern | PlainChoice | None"
"""None: Fluent has to call a function or resolve a term."""


@dataclass(frozen=True, slots=True)
class PlainChoice:
    """The pattern by the value of a variable or, where it is a number, by the category of its plural.

    What stands around the choice is in each of them.
    """

    variable: str
    patterns: Mapping[object, PlainText]
    default: PlainText


class _Messages(Mapping[str, Message]):
    """The messages of a language by id. Each is parsed when it is first asked for: most processes use few of them."""

    def __init__(self, locale: Locale, bundle: FluentBundle) -> None:
        files = sorted((TEXTS_DIR / locale).glob("*.ftl"))
        matches = (match for file in files for match in _MESSAGE_RE.finditer(file.read_text(encoding="utf-8")))
        self._sources = {match[1]: match[0] for match in matches}
        self._bundle = bundle
        self._parsed: dict[str, Message] = {}

    def __getitem__(self, text_id: str) -> Message:
        """Return the message and add it to the bundle. Raises `KeyError` where there is none."""
        if text_id not in self._parsed:
            resource = FluentResource(self._sources[text_id])
            CommandMarker().visit(resource)
            self._bundle.add_resource(resource)
            self._parsed |= {entry.id.name: entry for entry in resource.body if isinstance(entry, Message)}
        return self._parsed[text_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


class Translations:
    """The sentences of one language: `texts("fee-title", amount="¥500")`."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        functions: dict[str, Any] = {COMMAND_FUNCTION: format_command}
        self._bundle = FluentBundle([locale], use_isolating=False, functions=functions)
        self._plain_texts: dict[str, PlainText] = {}
        self._plural_category = BabelLocale.parse(locale).plural_form
        self._bundle.add_resource(FluentResource(f"-command = {COMMAND}\n"))  # the texts refer to it as a term
        self.messages: Mapping[str, Message] = _Messages(locale, self._bundle)

    def __call__(self, text_id: str, /, **arguments: FluentValue | datetime) -> str:
        """The sentence with its variables filled in. Raises `KeyError` where the id or a variable is missing.

        An enum's value may be part of the id: `not_met` stands in it as `not-met`.
        """
        text_id = text_id.replace("_", "-")
        if text_id not in self._plain_texts:
            pattern = self.messages[text_id].value
            self._plain_texts[text_id] = None if pattern is None else _plain_text(pattern.elements)
        # Nearly all patterns are plain, and Fluent's resolver takes ten times as long over them.
        plain = self._plain_texts[text_id]
        while isinstance(plain, PlainChoice):
            key: object = arguments[plain.variable]
            if isinstance(key, int) and key not in plain.patterns:
                key = self._plural_category(key)
            plain = plain.patterns.get(key, plain.default)
        if plain is not None:
            sentence = ""
            for literal, name in plain:
                sentence += literal
                if name is not None and name.startswith("/"):
                    sentence += format_command(name[1:])
                elif name is not None:
                    value = arguments[name]
                    if not isinstance(value, (str, int)):
                        break  # a day or an instant
                    sentence += value if isinstance(value, str) else f"{value:,}"
            else:
                return sentence
        return self._format_by_fluent(text_id, arguments)

    def _format_by_fluent(self, text_id: str, arguments: dict[str, Any]) -> str:
        message = self._bundle.get_message(text_id)
        if message.value is None:
            raise KeyError(text_id)
        formatted, errors = self._bundle.format_pattern(message.value, arguments)
        if errors:
            raise KeyError(f"{text_id}: {errors}")
        return str(formatted)

    def with_prefix(self, prefix: str) -> dict[str, str]:
        """The texts whose ids start so, for code that fills them in itself: a variable stays as `{$name}`."""
        return {
            text_id: self(text_id, **{name: f"{{${name}}}" for name in text_variable_names(self.messages[text_id])})
            for text_id in self.messages
            if text_id.startswith(prefix)
        }

    def format_error(self, error: NinteiError) -> str:
        """An error's sentence in plain text: days as ISO dates, and only the beginning of what somebody wrote."""

        def format_argument(value: MessageArgument) -> FluentValue:
            if isinstance(value, tuple):
                return " ".join(str(format_argument(part)) for part in value)
            if isinstance(value, str):
                return value[:MAX_ARGUMENT_LENGTH]
            return value.isoformat() if type(value) is date else value

        return self(error.message_id, **{name: format_argument(value) for name, value in error.arguments.items()})


def _plain_text(elements: Sequence[TextElement | Placeable], before: PlainPattern = (), literal: str = "") -> PlainText:
    """The text of `before`, `literal` and the elements of a pattern."""
    for index, element in enumerate(elements, start=1):
        match element:
            case TextElement(value=value):
                literal += value
            case Placeable(expression=StringLiteral() as quoted):
                literal += quoted.parse()["value"]
            case Placeable(expression=VariableReference(id=variable)):
                before, literal = (*before, (literal, variable.name)), ""
            case Placeable(expression=SelectExpression(selector=VariableReference(id=variable), variants=variants)):
                patterns: dict[object, PlainText] = {
                    each.key.name if isinstance(each.key, Identifier) else int(each.key.value): _plain_text(
                        [*each.value.elements, *elements[index:]], before, literal
                    )
                    for each in variants
                }
                [default] = [pattern for each, pattern in zip(variants, patterns.values(), strict=True) if each.default]
                return PlainChoice(variable.name, patterns, default)
            case Placeable() if (command := marked_command(element)) is not None:
                before, literal = (*before, (literal, f"/{command}")), ""
            case _:
                return None
    return (*before, (literal, None))


def text_variable_names(message: Message) -> set[str]:
    """The variables that a text fills in."""
    names: set[str] = set()

    class VariableCollector(Visitor):
        def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 — Fluent's name
            names.add(node.id.name)

    VariableCollector().visit(message)
    return names


@cache
def get_translations(locale: Locale) -> Translations:
    """The sentences of a language; its files are read once."""
    return Translations(locale)
