"""Commands in texts: in the Fluent files as code (`/fee amount:50,000`), to members as mentions that can be tapped."""

import re
from collections.abc import Mapping
from typing import Final

from fluent.syntax.ast import (
    CallArguments,
    FunctionReference,
    Identifier,
    Pattern,
    Placeable,
    StringLiteral,
    TextElement,
)
from fluent.syntax.visitor import Visitor

COMMAND_FUNCTION: Final = "COMMAND"
"""The Fluent function that stands for a command."""

_COMMAND_RE: Final = re.compile(r"`/([a-z][^`\n]*)`")
_MENTION_RE: Final = re.compile(r"</([a-z ]+):\d+>")

_command_ids: Final[dict[str, int]] = {}
"""Discord's id of each command by its name ("job add" of a group). A process has the commands of one application."""


def set_command_ids(ids: Mapping[str, int]) -> None:
    """Texts mention these commands from now on, and name all others in plain text."""
    _command_ids.clear()
    _command_ids.update(ids)


def format_command(command: str) -> str:
    """A command such as "fee amount:50,000" as a mention, its options as code; plain while its id is unknown."""
    words = command.split(" ")
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in _command_ids:
            options = " ".join(words[length:])
            return f"</{name}:{_command_ids[name]}>" + (f" `{options}`" if options else "")
    return f"/{command}"


def without_command_mentions(text: str) -> str:
    """The text with plain names of commands, for where Discord shows no mentions."""
    return _MENTION_RE.sub(r"/\1", text)


class CommandMarker(Visitor):
    """Replaces each command in the patterns of a Fluent file by a call of `COMMAND_FUNCTION`."""

    def visit_Pattern(self, node: Pattern) -> None:  # noqa: N802 — Fluent's name
        elements: list[TextElement | Placeable] = []
        for element in node.elements:
            if not isinstance(element, TextElement):
                elements.append(element)
                continue
            # Alternately text and a command, because the expression has one group.
            for index, piece in enumerate(_COMMAND_RE.split(element.value)):
                if index % 2:
                    arguments = CallArguments(positional=[StringLiteral(piece)])
                    elements.append(Placeable(FunctionReference(Identifier(COMMAND_FUNCTION), arguments)))
                elif piece:
                    elements.append(TextElement(piece))
        node.elements = elements
        self.generic_visit(node)


def marked_command(placeable: Placeable) -> str | None:
    """The command that `CommandMarker` put there; None for anything else."""
    match placeable.expression:
        case FunctionReference(
            id=Identifier(name=name), arguments=CallArguments(positional=[StringLiteral(value=command)])
        ) if name == COMMAND_FUNCTION:
            return command
    return None
