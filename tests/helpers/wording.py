"""Sentences by the ids of their texts, as the bot says them: only tests/cards repeats their words."""

import re
from contextlib import suppress
from functools import cache

from fluent.syntax.ast import (
    Message,
    Pattern,
    Placeable,
    SelectExpression,
    StringLiteral,
    TermReference,
    TextElement,
    VariableReference,
)
from fluent.syntax.serializer import FluentSerializer, serialize_variant_key

from bot.domain.types import Locale
from bot.i18n.command_mentions import COMMAND_FUNCTION, marked_command
from bot.i18n.translations import get_translations, text_variable_names
from bot.version import COMMAND

Argument = str | int


def says(text_id: str, /, locale: Locale = "ja", **arguments: Argument) -> str:
    """The whole sentence. Raises `KeyError` where the text does not exist or a variable is missing."""
    return get_translations(locale)(text_id, **arguments)


def shows(text: str, text_id: str, /, locale: Locale = "ja", **arguments: Argument) -> bool:
    """Whether a text contains a sentence, in any of its variants; variables that are not given may be anything.

    Raises `KeyError` where the sentence does not exist or has no such variable.
    """
    return count_shown(text, text_id, locale, **arguments) > 0


def is_text(line: str, locale: Locale = "ja", *, prefix: str = "") -> bool:
    """Whether the whole line is a sentence, in any of its variants, whose id begins with `prefix`."""
    for text_id in get_translations(locale).messages:
        with suppress(ValueError):  # a text without words could be anything
            if text_id.startswith(prefix) and _pattern(text_id, locale, ()).fullmatch(line):
                return True
    return False


def count_shown(text: str, text_id: str, /, locale: Locale = "ja", **arguments: Argument) -> int:
    """How often a text contains a sentence; see `shows`."""
    return len(_pattern(text_id, locale, tuple(sorted(arguments.items()))).findall(text))


@cache
def _pattern(text_id: str, locale: Locale, arguments: tuple[tuple[str, Argument], ...]) -> re.Pattern[str]:
    """A command in a sentence may be one that can be tapped."""
    message: Message = get_translations(locale).messages[text_id.replace("_", "-")]
    assert message.value is not None, text_id
    names = text_variable_names(message)
    if unknown := dict(arguments).keys() - names:
        raise KeyError(f"{text_id} has no variable {sorted(unknown)}")
    if len(arguments) == len(names) and COMMAND_FUNCTION not in FluentSerializer().serialize_entry(message):
        expression = re.escape(says(text_id, locale, **dict(arguments)))
    else:
        expression = _expression(message.value, dict(arguments))
    if re.fullmatch(r"\W*", re.sub(r"\\.|\(\?:|\[\^\\n\]\*\?", "", expression)):
        raise ValueError(f"{text_id} has no words without its variables: give one")
    return re.compile(expression)


def _command(command: str) -> str:
    """Plain, or as a mention with its options in code."""
    words = [re.escape(word) for word in command.split(" ")]
    mentions = [
        rf"</{' '.join(words[:length])}:\d+>" + (f" `{' '.join(words[length:])}`" if words[length:] else "")
        for length in (1, 2)
        if len(words) >= length
    ]
    return f"(?:/{re.escape(command)}|{'|'.join(mentions)})"


def _expression(pattern: Pattern, arguments: dict[str, Argument]) -> str:
    """The regular expression of a pattern's sentences."""
    parts = []
    for element in pattern.elements:
        match element:
            case TextElement(value=value) | Placeable(expression=StringLiteral(value=value)):
                parts.append(re.escape(value))
            case Placeable(expression=VariableReference(id=variable)) if variable.name in arguments:
                value = arguments[variable.name]
                parts.append(re.escape(value if isinstance(value, str) else f"{value:,}"))
            case Placeable(expression=SelectExpression(selector=selector, variants=variants)):
                value = arguments.get(selector.id.name) if isinstance(selector, VariableReference) else None
                chosen = [each for each in variants if serialize_variant_key(each.key) == str(value)] or variants
                parts.append(f"(?:{'|'.join(_expression(each.value, arguments) for each in chosen)})")
            case Placeable() if (command := marked_command(element)) is not None:
                parts.append(_command(command))
            case Placeable(expression=TermReference()):
                parts.append(re.escape(COMMAND))
            case _:
                parts.append(r"[^\n]*?")
    return "".join(parts)
