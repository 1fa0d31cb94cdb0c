"""The welcome card, which asks two things, and the short guides of the ways in which messages arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.discord_app.ui.components import ActionButton
from bot.discord_app.ui.formatting import edition_about, edition_name, format_thread_name, format_timestamp
from bot.discord_app.ui.layout import Card, build_card, small_print, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import edition_in_force, edition_names
from bot.domain.types import Edition
from bot.i18n.translations import Translations
from bot.services.arrivals import ArrivalMethod, LastArrival

METHODS: Final = tuple(ArrivalMethod)
"""In the order of their numbers in custom ids, from 1 on."""


@dataclass(frozen=True, slots=True)
class WelcomeChoices:
    """What the welcome card shows as chosen."""

    edition: Edition
    """By which the member is judged."""
    edition_chosen: bool
    """Whether the member chose it; otherwise it is the operator's default."""
    method: ArrivalMethod | None = None


def arrival_method_number(method: ArrivalMethod | None) -> int:
    """The number of a way in custom ids; 0 for none."""
    return 0 if method is None else METHODS.index(method) + 1


def arrival_method_of_number(number: int) -> ArrivalMethod | None:
    """The way with this number; None for any other number."""
    return METHODS[number - 1] if 1 <= number <= len(METHODS) else None


def start_card(texts: Translations, welcome: WelcomeChoices, *, now: datetime) -> Card:
    """Short enough for a phone."""
    number = arrival_method_number(welcome.method)
    chosen_edition = welcome.edition if welcome.edition_chosen else None
    in_force = edition_in_force(lancers_date(now))
    editions = _offered_editions(welcome, in_force)
    rules = [_edition_choice_line(texts, name, welcome, in_force) for name in editions]
    methods = texts("start-methods")
    if welcome.method is not None:
        methods += " " + texts("start-method-chosen", method=texts(f"start-method-{welcome.method}"))
    edition_buttons = [
        ActionButton(
            Target.START,
            number,
            Action.EDITION,
            edition_name(texts, name),
            str(name),
            style=_choice_button_style(chosen=name == chosen_edition),
        )
        for name in editions
    ]
    method_buttons = [
        ActionButton(
            Target.START,
            number,
            Action.ARRIVAL,
            texts(f"start-method-{method}"),
            str(arrival_method_number(method)),
            style=_choice_button_style(chosen=method is welcome.method),
        )
        for method in METHODS
    ]
    return build_card(
        [
            text_block(texts("start-title")),
            ui.Separator(),
            text_block(texts("start-rules"), *rules),
            ui.ActionRow(*edition_buttons),
            ui.Separator(),
            text_block(methods),
            ui.ActionRow(*method_buttons),
            text_block(small_print(texts("start-more"))),
        ]
    )


def _offered_editions(welcome: WelcomeChoices, in_force: Edition | None) -> tuple[Edition, ...]:
    """The one in force and the oldest, and the one that is used if it is another; the settings have all."""
    names = edition_names()
    return tuple(name for name in reversed(names) if name in {names[0], in_force, welcome.edition})


def _edition_choice_line(texts: Translations, name: Edition, welcome: WelcomeChoices, in_force: Edition | None) -> str:
    is_used = name == welcome.edition
    line = texts(
        "start-rules-line",
        chosen="yes" if is_used and welcome.edition_chosen else "no",
        edition=edition_name(texts, name),
        about=edition_about(texts, name),
    )
    if name == in_force:
        line += texts("start-rules-in-force")
    if is_used and not welcome.edition_chosen:
        line += texts("start-rules-default")
    return line


def _choice_button_style(*, chosen: bool) -> discord.ButtonStyle:
    return discord.ButtonStyle.success if chosen else discord.ButtonStyle.secondary


def arrival_guide_card(texts: Translations, method: ArrivalMethod, last: LastArrival, *, has_mailbox: bool) -> Card:
    """How messages arrive by a way that was chosen, what came last by it, and the way back.

    `has_mailbox`: the operator has set up a mailbox, so that mails need no inbox channel.
    """
    number = arrival_method_number(method)
    leads_to_mail = method is ArrivalMethod.MAIL and (has_mailbox or last.has_address)
    guide = texts("start-guide-mailbox" if leads_to_mail else f"start-guide-{method}")
    to_mail = [ActionButton(Target.MAIL, 0, Action.GO_TO_PAGE, texts("start-to-mail"))] if leads_to_mail else []
    return build_card(
        [
            text_block(guide),
            ui.Separator(),
            text_block(_last_arrival_text(texts, method, last, has_mailbox=leads_to_mail)),
            ui.ActionRow(
                *to_mail,
                ActionButton(Target.START, number, Action.ARRIVAL, texts("start-check"), str(number)),
                ActionButton(Target.START, number, Action.GO_TO_PAGE, texts("start-back")),
            ),
        ]
    )


def _last_arrival_text(texts: Translations, method: ArrivalMethod, last: LastArrival, *, has_mailbox: bool) -> str:
    if method is ArrivalMethod.MAIL and has_mailbox and (last.has_address or last.inbox is None):
        return (
            texts("start-seen-mailbox", ago=format_timestamp(last.at, "R"))
            if last.at
            else texts("start-seen-mailbox-none")
        )
    if method is ArrivalMethod.MAIL:
        if last.inbox is None:
            return texts("start-seen-mail-unset")
        channel = f"<#{last.inbox.channel_id}>"
        if last.at is None:
            return texts("start-seen-mail-none", channel=channel)
        return texts("start-seen-mail", channel=channel, ago=format_timestamp(last.at, "R"))
    if last.at is None or last.thread is None:
        return texts(f"start-seen-{method}-none")
    return texts(
        f"start-seen-{method}", name=format_thread_name(texts, last.thread), ago=format_timestamp(last.at, "R")
    )
