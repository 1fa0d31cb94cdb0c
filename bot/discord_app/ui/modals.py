"""Forms of one or two fields. Their `custom_id` says what they are about, as a button's does, so they never end."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from discord import ui

from bot.discord_app.ui.components import FORM_PREFIX
from bot.discord_app.ui.formatting import format_label
from bot.discord_app.ui.press_words import Action, Target
from bot.i18n.translations import Translations
from bot.parsing.times.resolver import format_parsable_time

MAX_FIELD_LENGTH: Final = 200

Field = tuple[str, str | None, str | None, bool]
"""Label, default, placeholder, and whether it is required."""


def build_modal(target: Target, target_id: int, action: Action, title: str, fields: Sequence[Field]) -> ui.Modal:
    """A form, which Discord calls a modal.

    What is submitted is handled by the function that is registered with `@on_submit(target, action)`.
    """
    modal = ui.Modal(title=format_label(title, 45), custom_id=f"{FORM_PREFIX}{target}:{target_id}:{action}")
    for number, (label, default, placeholder, required) in enumerate(fields):
        text_input: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=f"field-{number}",
            default=default,
            placeholder=placeholder and format_label(placeholder, 100),
            required=required,
            max_length=MAX_FIELD_LENGTH,
        )
        modal.add_item(ui.Label(text=format_label(label, 45), component=text_input))
    modal.stop()  # so that discord.py does not store it: whoever submits it is answered by its custom id alone
    return modal


def time_modal(
    texts: Translations, target: Target, target_id: int, action: Action, *, at: datetime, zone: tzinfo
) -> ui.Modal:
    """Asks for a time; `at` is the default."""
    field = (texts("form-time-field"), format_parsable_time(at, zone), texts("form-time-example"), True)
    return build_modal(target, target_id, action, texts("form-time"), [field])


def client_modal(
    texts: Translations, target: Target, target_id: int, action: Action, *, client: str | None, title: str | None
) -> ui.Modal:
    """Asks for the client's name and the thread's title."""
    fields: Sequence[Field] = [
        (texts("form-client-field"), client, texts("form-client-example"), True),
        (texts("form-title-field"), title, texts("form-title-example"), False),
    ]
    return build_modal(target, target_id, action, texts("form-client"), fields)


def setting_modal(texts: Translations, target: Target, action: Action, default: str) -> ui.Modal:
    """Asks for one setting, with its present value as the default."""
    name = texts(f"preference-{action}")
    return build_modal(target, 0, action, name, [(name, default or None, texts(f"preference-{action}-example"), False)])
