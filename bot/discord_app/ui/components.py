"""Buttons and selects. Their `custom_id` names an action and the row it is about, so they work after a restart.

A `custom_id` carries no member's data and gives no right: the row is looked up among those of the member who pressed.
`bot.discord_app.registry` has the handlers.
"""

import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.discord_app.ui.formatting import format_label, format_thread_label
from bot.discord_app.ui.layout import LayoutItem, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.text import without_invisible
from bot.domain.types import Site
from bot.errors import NotAllowedError
from bot.i18n.translations import Translations
from storage.threads import Thread

_ROW_ID_RE: Final = re.compile("[0-9]{1,18}")
_CUSTOM_ID_RE: Final = re.compile(
    rf"(?:press|choose|form):(?P<target>{'|'.join(Target)}):(?P<id>[0-9]{{1,18}})"
    rf":(?P<action>{'|'.join(sorted(Action, key=len, reverse=True))})(?::(?P<value>[0-9]{{1,18}}))?"
)
_ERASING_ACTIONS: Final = {Action.CONFIRM, Action.CONFIRM_WITH_MESSAGES}
_SUCCESS_ACTIONS: Final = {
    Action.REPLIED_NOW,
    Action.REPLIED_10_MIN_AGO,
    Action.REPLIED_30_MIN_AGO,
    Action.START_CLOCK,
    Action.CONFIRM_BADGE,
    Action.RECEIVED_NOW,
    Action.SENT_NOW,
    Action.CONFIRM_NEW_CLIENT,
    Action.CONFIRM_TIME,
    Action.IMPORT_FILE,
    Action.CONTACT_REPLIED,
}

FORM_PREFIX: Final = "form:"

LANCERS: Final = "https://www.lancers.jp"
MESSAGE_LIST: Final = "/message"

NEW_THREAD_OPTION: Final = "another"
"""The option for a thread that is not on the list."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button, a choice in a select with its values, or a form with the values of its fields."""

    target: Target
    target_id: int
    action: Action
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The first value. Raises `NotAllowedError` without one, which only a forged press has."""
        if not self.values:
            raise NotAllowedError("button-unknown")
        return self.values[0]


PressHandler = Callable[[discord.Interaction[Any], Press], Coroutine[Any, Any, None]]

press_handlers: Final[dict[tuple[Target, Action], PressHandler]] = {}
"""One for every pair; `bot.discord_app.registry` fills it."""

form_handlers: Final[dict[tuple[Target, Action], PressHandler]] = {}
"""For the forms that are submitted; `bot.discord_app.registry` fills it."""


async def dispatch_press(interaction: discord.Interaction[Any]) -> None:
    """Run the handler of a control that was used, or of a form that was submitted.

    The custom id alone says which, so that its message may be old, or not show the control any more.
    """
    data: Any = interaction.data or {}
    is_form = interaction.type is discord.InteractionType.modal_submit
    values = submitted_form_values(data.get("components", ())) if is_form else tuple(map(str, data.get("values", ())))
    custom_id = str(data.get("custom_id"))
    press = parse_custom_id(custom_id, values) if custom_id.startswith(FORM_PREFIX) is is_form else None
    if press is None:  # not the bot's: as one that has no handler
        press = Press(Target.PENDING_LIST, 0, Action.CANCEL, values)
    await (form_handlers if is_form else press_handlers)[press.target, press.action](interaction, press)


def submitted_form_values(components: Iterable[Any]) -> tuple[str, ...]:
    """The values of a submitted form's fields, in their order."""
    values: list[str] = []
    for component in components:
        if isinstance(component, dict):
            if isinstance(value := component.get("value"), str):
                values.append(without_invisible(value).strip())
            values += submitted_form_values([component.get("component"), *(component.get("components") or ())])
    return tuple(values)


class ActionButton(ui.Button[ui.LayoutView]):
    """A button; `value` is the id of what it chooses, where several buttons offer choices."""

    def __init__(
        self,
        target: Target,
        target_id: int,
        action: Action,
        label: str,
        value: str | None = None,
        *,
        style: discord.ButtonStyle | None = None,
    ) -> None:
        """`style`: None for that of the action."""
        if style is None:
            style = discord.ButtonStyle.success if action in _SUCCESS_ACTIONS else discord.ButtonStyle.secondary
            if action is Action.DELETE_MESSAGE or (target is Target.ERASURE and action in _ERASING_ACTIONS):
                style = discord.ButtonStyle.danger
        custom_id = f"press:{target}:{target_id}:{action}" + (f":{value}" if value else "")
        super().__init__(label=format_label(label, 80), custom_id=custom_id, style=style)


class ActionSelect(ui.Select[ui.LayoutView]):
    """A select of one value, unless more are allowed."""

    def __init__(
        self,
        target: Target,
        target_id: int,
        action: Action,
        options: list[discord.SelectOption],
        placeholder: str,
        *,
        min_values: int = 1,
        max_values: int = 1,
    ) -> None:
        super().__init__(
            custom_id=f"choose:{target}:{target_id}:{action}",
            placeholder=format_label(placeholder, 150),
            options=options,
            min_values=min_values,
            max_values=max_values,
        )


def parse_selected_id(values: Sequence[str]) -> int:
    """The id that was chosen; 0, which no row has, for anything else."""
    value = values[0] if values else ""
    return int(value) if _ROW_ID_RE.fullmatch(value) else 0


def parse_custom_id(custom_id: str, chosen: Sequence[str] = ()) -> Press | None:
    """The press of a control: with its own value, or those that were chosen. None for an id that is not the bot's."""
    match = _CUSTOM_ID_RE.fullmatch(custom_id)
    if match is None:
        return None
    values = (match["value"],) if match["value"] else tuple(chosen)
    return Press(Target(match["target"]), int(match["id"]), Action(match["action"]), values)


def custom_ids_of_components(components: Iterable[Any]) -> set[str | None]:
    """Every custom id among a message's components and those inside them."""
    ids: set[str | None] = set()
    for component in components:
        ids |= {getattr(component, "custom_id", None)} | custom_ids_of_components(getattr(component, "children", ()))
        if (accessory := getattr(component, "accessory", None)) is not None:
            ids |= custom_ids_of_components([accessory])
    return ids


def lancers_link_buttons(texts: Translations, thread: Thread | None) -> list[ui.Button[ui.LayoutView]]:
    """A link to the conversation's page on Lancers, or to the list of messages there; none on another site."""
    if thread is None or thread.site is not Site.LANCERS:
        return []
    url = f"{LANCERS}{thread.page or MESSAGE_LIST}"
    return [ui.Button(style=discord.ButtonStyle.link, label=texts("action-on-lancers-page"), url=url)]


def action_row(
    texts: Translations,
    target: Target,
    target_id: int,
    actions: Iterable[Action],
    style: discord.ButtonStyle | None = None,
    *,
    linked: Thread | None = None,
) -> ui.ActionRow[ui.LayoutView]:
    """A row of buttons, one for each action, with its own label; for `style` see `ActionButton`.

    `linked`: a thread whose page is linked at the end.
    """
    buttons = [ActionButton(target, target_id, action, texts(f"action-{action}"), style=style) for action in actions]
    return ui.ActionRow(*buttons, *lancers_link_buttons(texts, linked))


def thread_buttons(
    texts: Translations, target: Target, target_id: int, threads: Iterable[Thread]
) -> list[ActionButton]:
    """A button for each thread."""
    return [
        ActionButton(target, target_id, Action.CHANGE_THREAD, format_thread_label(texts, thread), str(thread.id))
        for thread in threads
    ]


def thread_select(
    texts: Translations,
    target: Target,
    target_id: int,
    threads: Sequence[Thread],
    *,
    new_thread_option: bool,
    action: Action = Action.CHANGE_THREAD,
    placeholder: str | None = None,
) -> ActionSelect:
    """A select of the first threads, with an option for a new one if `new_thread_option`."""
    options = [
        discord.SelectOption(label=format_thread_label(texts, thread), value=str(thread.id)) for thread in threads[:24]
    ]
    if new_thread_option:
        options.append(discord.SelectOption(label=format_label(texts("choose-another"), 100), value=NEW_THREAD_OPTION))
    return ActionSelect(target, target_id, action, options, placeholder or texts("choose-thread"))


def pagination_items(texts: Translations, target: Target, page: int, pages: int) -> list[LayoutItem]:
    """The number of the page (from 0) and buttons to its neighbours; nothing where there is one page."""
    if pages <= 1:
        return []
    buttons = [
        ActionButton(target, number, Action.GO_TO_PAGE, texts(f"pagination-{neighbour}"))
        for neighbour, number in (("before", page - 1), ("after", page + 1))
        if 0 <= number < pages
    ]
    return [text_block(texts("pagination-of", page=str(page + 1), pages=str(pages))), ui.ActionRow(*buttons)]
