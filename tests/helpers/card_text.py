"""All that a person reads on a card and in a form, as plain text."""

import re
from collections.abc import Iterator
from typing import Any

from bot.fake_discord.state import Message
from bot.fake_discord.validation import BUTTON, LABEL, SELECT, TEXT, walk_components

INPUT = 4


def format_card(message: Message) -> str:
    """The text of a message, `[label]` for a button, `<placeholder>` with its options for a select; no ids."""
    lines = [str(message.body.get("content") or "")]
    lines += format_components(message.body.get("components") or [])
    shown = re.sub(r"(</[a-z ]+):\d+>", r"\1>", "\n".join(line for line in lines if line))
    return re.sub(r"\+[a-z2-7]{20}@", "+TOKEN@", shown)


def format_form(modal: dict[str, Any]) -> str:
    """The title of a form, and its fields."""
    return "\n".join([f"{{{modal['title']}}}", *format_components(modal["components"])])


def format_components(components: list[dict[str, Any]]) -> Iterator[str]:
    """A line or more for every component that shows words."""
    for component in walk_components(components):
        match component["type"]:
            case kind if kind == TEXT:
                yield component["content"]
            case kind if kind == BUTTON:
                yield f"[{component.get('label', '')}]"
            case kind if kind == LABEL:
                yield " — ".join(filter(None, (component["label"], component.get("description"))))
            case kind if kind == INPUT:
                yield f"  <{component.get('placeholder') or ''}> {component.get('value') or ''}".rstrip()
            case kind if kind == SELECT:
                yield f"<{component.get('placeholder') or ''}>"
                for option in component["options"]:
                    yield "  - " + " — ".join(filter(None, (option["label"], option.get("description"))))
