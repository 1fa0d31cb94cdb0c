"""The sentences that people read, in Fluent files: one folder per language, one file per feature.

Every id exists in every language. An id or a variable that is missing is a programming error and raises `KeyError`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale as BabelLocale
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import (
    Identifier,
    Message,
    Pattern,
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

PlainPattern = tuple[tuple[str, "str | PlainChoice | None"], ...]
"""A pattern of literal text, variables, commands and choices alone: literals, each with what follows it: the name of a
variable, a command after a slash, or a choice."""


@dataclass(frozen=True, slots=True)
class PlainChoice:
    """Variants by the value of a variable or, where it is a number, by the category of its plural."""

    variable: str
    variants: Mapping[object, PlainPattern]
    default: PlainPattern


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
        self._plain_patterns: dict[str, PlainPattern | None] = {}
        self._plural_category = BabelLocale.parse(locale).plural_form
        self._bundle.add_resource(FluentResource(f"-command = {COMMAND}\n"))  # the texts refer to it as a term
        self.messages: Mapping[str, Message] = _Messages(locale, self._bundle)

    def __call__(self, text_id: str, /, **arguments: FluentValue | datetime) -> str:
        """The sentence with its variables filled in. Raises `KeyError` where the id or a variable is missing.

        An enum's value may be part of the id: `not_met` stands in it as `not-met`.
        """
        text_id = text_id.replace("_", "-")
        if text_id not in self._plain_patterns:
            self._plain_patterns[text_id] = _plain_pattern(self.messages[text_id].value)
        # Nearly all patterns are plain, and Fluent's resolver takes ten times as long over them.
        pattern = self._plain_patterns[text_id]
        if pattern is not None and (sentence := self._fill_in(pattern, arguments)) is not None:
            return sentence
        message = self._bundle.get_message(text_id)
        if message.value is None:
            raise KeyError(text_id)
        formatted, errors = self._bundle.format_pattern(message.value, arguments)
        if errors:
            raise KeyError(f"{text_id}: {errors}")
        return str(formatted)

    def _fill_in(self, pattern: PlainPattern, arguments: Mapping[str, object]) -> str | None:
        """The text of a plain pattern; None where a variable is neither text nor a number."""
        text = ""
        for literal, part in pattern:
            text += literal
            if part is None:
                continue
            if isinstance(part, PlainChoice):
                value = arguments[part.variable]
                variant = part.variants.get(value)
                if variant is None and isinstance(value, int):
                    variant = part.variants.get(self._plural_category(value))
                filled = self._fill_in(variant or part.default, arguments)
            elif part.startswith("/"):
                filled = format_command(part[1:])
            else:
                value = arguments[part]
                filled = value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else None
            if filled is None:
                return None
            text += filled
        return text

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


def _plain_pattern(pattern: Pattern | None) -> PlainPattern | None:
    """None where Fluent has to call a function or resolve a term."""
    if pattern is None:
        return None
    parts: list[tuple[str, str | PlainChoice | None]] = []
    literal = ""
    for element in pattern.elements:
        part: str | PlainChoice | None
        match element:
            case TextElement(value=value):
                literal += value
                continue
            case Placeable(expression=StringLiteral() as quoted):
                literal += quoted.parse()["value"]
                continue
            case Placeable(expression=VariableReference(id=variable)):
                part = variable.name
            case Placeable(expression=SelectExpression(selector=VariableReference(id=variable)) as select):
                part = _plain_choice(variable.name, select)
            case Placeable() if (command := marked_command(element)) is not None:
                part = f"/{command}"
            case _:
                part = None
        if part is None:
            return None
        parts.append((literal, part))
        literal = ""
    return (*parts, (literal, None))


def _plain_choice(variable: str, select: SelectExpression) -> PlainChoice | None:
    """None where a variant is no plain pattern."""
    variants: dict[object, PlainPattern] = {}
    for variant in select.variants:
        pattern = _plain_pattern(variant.value)
        if pattern is None:
            return None
        variants[variant.key.name if isinstance(variant.key, Identifier) else int(variant.key.value)] = pattern
        if variant.default:
            default = pattern
    return PlainChoice(variable, variants, default)


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
