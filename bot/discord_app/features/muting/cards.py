"""Clients without reminders: what was muted, and the list of all."""

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, ActionSelect
from bot.discord_app.ui.formatting import format_client_name, format_label
from bot.discord_app.ui.press_words import Action, Target
from bot.i18n.translations import Translations
from storage.muted_clients import MutedClient
from storage.threads import Thread

MAX_SHOWN: Final = 25
"""Muted clients on the list: the options of a select (Discord)."""


def muted_clients_button(texts: Translations) -> ActionButton:
    """Opens the list of muted clients."""
    return ActionButton(Target.MUTED_CLIENT, 0, Action.VIEW, texts("mute-list"))


def client_muted_card(texts: Translations, muted: MutedClient) -> layout.Card:
    """A client is muted, with the way back."""
    button = ActionButton(Target.MUTED_CLIENT, muted.id, Action.UNMUTE, texts("action-unmute"))
    sentence = texts("mute-muted", client=format_client_name(texts, muted.client))
    return layout.build_card(
        [layout.text_block(sentence), ui.ActionRow(button, muted_clients_button(texts))], layout.MUTED
    )


def client_unmuted_card(texts: Translations, muted: MutedClient, thread: Thread | None) -> layout.Card:
    """A client is muted no more; `thread` is one with this client, by which it can be muted again."""
    parts: list[layout.LayoutItem] = [
        layout.text_block(texts("mute-unmuted", client=format_client_name(texts, muted.client)))
    ]
    if thread is not None:
        parts.append(ui.ActionRow(ActionButton(Target.THREAD, thread.id, Action.MUTE, texts("action-mute"))))
    return layout.build_card(parts)


def muted_clients_card(texts: Translations, muted: Sequence[MutedClient]) -> layout.Card:
    """The muted clients, the last one first, with a select to have reminders of one again."""
    if not muted:
        return layout.notice_card(texts("mute-none"))
    shown = muted[:MAX_SHOWN]
    names = " · ".join(format_client_name(texts, client.client, max_length=24) for client in shown)
    options = [discord.SelectOption(label=format_label(client.client), value=str(client.id)) for client in shown]
    return layout.build_card(
        [
            layout.text_block(
                texts("mute-title", count=len(muted)),
                names,
                texts("more-rows", count=len(muted) - MAX_SHOWN) if len(muted) > MAX_SHOWN else None,
                texts("mute-how"),
            ),
            ui.ActionRow(ActionSelect(Target.MUTED_CLIENT, 0, Action.UNMUTE, options, texts("mute-choose"))),
        ],
        layout.MUTED,
    )
