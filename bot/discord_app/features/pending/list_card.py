"""The list of `/pending`: what waits for a reply, and the buttons that record without leaving it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.advice.cards import follow_up_warnings, late_reply_cost_text
from bot.discord_app.features.contracts.parts import contact_request_buttons, contact_request_line, thread_mark_line
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, ActionSelect, pagination_items
from bot.discord_app.ui.formatting import (
    format_as_of_timestamp,
    format_label,
    format_thread_label,
    format_thread_name,
    format_timestamp,
    format_waiting_thread_name,
    waiting_unit_suffix,
)
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import MessageId, UndoStepId
from bot.i18n.formatting import format_datetime_short
from bot.i18n.translations import Translations
from bot.services.members import Preferences
from bot.services.pending import Pending
from storage.cards import CardContent, CardItem, CardKind
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread

MAX_WINDOW_COMPONENTS: Final = 22
"""Components for windows with their own buttons: four open ones, or two and two overdue, fill a phone."""

MAX_REQUESTS: Final = 3
"""Contact requests on a page; `COMPONENTS_OF_REQUEST` is what one takes with its buttons."""

COMPONENTS_OF_REQUEST: Final = 5

MAX_NAMES: Final = 5
"""Threads that a notice names."""

LINE_NAME_LENGTH: Final = 16
"""Characters of a client's name and of a title in a line of a page of many."""


@dataclass(frozen=True, slots=True)
class ListNotice:
    """A line above the list: what a press recorded, or why it recorded nothing."""

    text: str
    """Empty: the list itself says it."""
    step_id: UndoStepId | None = None
    """The step that an undo takes back, if something was recorded."""
    windows: tuple[CardItem, ...] = ()
    """The windows for which it was recorded."""


def pending_card(
    texts: Translations,
    pending: Pending,
    *,
    now: datetime,
    notice: ListNotice | None = None,
    opened: MessageId | None = None,
) -> layout.Card:
    """A page of the windows that wait for a reply; of many, the buttons of the `opened` one alone.

    Its controls are those of `Target.PENDING_LIST`: the page is their id, and the window their value, as in
    `press:page:0:now:WINDOW`. A press of one is answered with the list as it is then (`commands.py`).
    """
    parts = [
        *_pending_list_head(texts, pending, notice, now),
        *_pending_list_body(texts, pending, now, opened),
        *_pending_list_controls(texts, pending),
    ]
    if pending.follow_up_warnings:
        parts.append(layout.text_block(follow_up_warnings(texts, pending.follow_up_warnings, pending.cost)))
    elif any(now > row.unanswered.due_at and row.thread.counts_in_rate for row in pending.waiting) and (
        cost := late_reply_cost_text(texts, pending.cost)
    ):
        parts.append(layout.text_block(cost))
    card = layout.build_card(parts, _pending_list_colour(pending))
    shown = pending.contact_requests[:MAX_REQUESTS] if pending.page == 0 else []
    items = (
        *(CardItem(request.message_id, request.thread.id) for request in shown),
        *(CardItem(thread.window_id, thread.thread.id) for thread in pending.waiting),
        *(notice.windows if notice is not None else ()),
    )
    card.content = CardContent(
        kind=CardKind.PENDING,
        items=tuple(dict.fromkeys(items)),
        page=pending.page,
        as_of=now,
        newest_step_id=pending.newest_step_id,
    )
    return card


def _pending_list_colour(pending: Pending) -> discord.Colour:
    if pending.contact_requests:
        return layout.DANGER
    if not pending.counts.total:
        return layout.SUCCESS
    return layout.DANGER if pending.counts.overdue > pending.long_overdue else layout.INFO


def _pending_list_head(
    texts: Translations, pending: Pending, notice: ListNotice | None, now: datetime
) -> Iterator[layout.LayoutItem]:
    if notice is not None and notice.step_id is not None:
        undo = ActionButton(
            Target.PENDING_LIST, pending.page, Action.UNDO_STEP, texts("action-undo"), str(notice.step_id)
        )
        yield ui.Section(notice.text, accessory=undo)
    elif notice is not None and notice.text:
        yield layout.text_block(notice.text)
    if pending.page == 0:
        yield from _contact_request_items(texts, pending, now)
    if not pending.counts.total:
        if not pending.contact_requests:
            yield layout.text_block(texts("pending-none"))
    elif pending.shows_long_overdue:
        yield layout.text_block(
            f"{texts('pending-title-long-overdue', count=pending.long_overdue)}{format_as_of_timestamp(texts, now)}"
        )
    else:
        unit = waiting_unit_suffix(are_clients=pending.counts.are_clients)
        yield layout.text_block(
            f"{texts(f'pending-title{unit}', count=pending.counts.total)}{format_as_of_timestamp(texts, now)}"
        )


def _contact_request_items(texts: Translations, pending: Pending, now: datetime) -> Iterator[layout.LayoutItem]:
    """What Lancers asks for, the most urgent first, with its buttons."""
    for request in pending.contact_requests[:MAX_REQUESTS]:
        name = format_thread_name(texts, request.thread, 2 * LINE_NAME_LENGTH)
        yield layout.text_block(contact_request_line(texts, name, request.closes_at, now))
        yield contact_request_buttons(texts, request.message_id, request.thread)
    if len(pending.contact_requests) > MAX_REQUESTS:
        yield layout.text_block(texts("more-rows", count=len(pending.contact_requests) - MAX_REQUESTS))


def _pending_list_body(
    texts: Translations, pending: Pending, now: datetime, opened: MessageId | None
) -> Iterator[layout.LayoutItem]:
    if not pending.waiting:
        return
    room = MAX_WINDOW_COMPONENTS - COMPONENTS_OF_REQUEST * len(pending.contact_requests[:MAX_REQUESTS])
    all_fit = sum(2 + len(_listed_window_actions(thread, now)) + 1 for thread in pending.waiting) <= room
    for thread in pending.waiting:
        if all_fit or thread.window_id == opened:
            yield from _listed_window_items(texts, pending.page, thread, now)
    if all_fit:
        return
    yield layout.text_block(*(_listed_window_line(texts, thread, now) for thread in pending.waiting))
    yield ui.ActionRow(
        ActionSelect(
            Target.PENDING_LIST,
            pending.page,
            Action.VIEW_THREAD,
            window_select_options(texts, pending.preferences, pending.waiting, now, default=opened),
            texts("pending-choose"),
        )
    )


def _listed_window_actions(thread: UnansweredThread, now: datetime) -> tuple[Action, ...]:
    """The actions whose press records at once. Of an overdue window the first one leaves the rate as it is.

    Under contract it is a message in a new thread, since a long silence can end the work.
    """
    if now > thread.unanswered.due_at and thread.thread.under_contract:
        return (Action.NEW_THREAD, Action.REPLIED_NOW, Action.DISMISS)
    if now > thread.unanswered.due_at and thread.thread.counts_in_rate:
        return (Action.NEW_THREAD, Action.DISMISS, Action.REPLIED_NOW)
    return (Action.REPLIED_NOW, Action.DISMISS)


def _listed_window_items(
    texts: Translations, page: int, thread: UnansweredThread, now: datetime
) -> Iterator[layout.LayoutItem]:
    due_at, window_id = thread.unanswered.due_at, thread.window_id
    yield layout.text_block(
        format_waiting_thread_name(texts, thread, 2 * LINE_NAME_LENGTH),
        texts(
            "pending-due-overdue" if now > due_at else "pending-due",
            at=format_timestamp(due_at, "t"),
            counting=format_timestamp(due_at, "R"),
        ),
        thread_mark_line(texts, thread.thread),
        texts("pending-contract-overdue") if now > due_at and thread.thread.under_contract else None,
    )
    first, *others = _listed_window_actions(thread, now)
    styles = {first: discord.ButtonStyle.success} | dict.fromkeys(others, discord.ButtonStyle.secondary)
    buttons = [
        ActionButton(Target.PENDING_LIST, page, action, texts(f"action-{action}"), str(window_id), style=styles[action])
        for action in styles
    ]
    yield ui.ActionRow(*buttons, ActionButton(Target.WINDOW, window_id, Action.VIEW_THREAD, texts("pending-more")))


def _listed_window_line(texts: Translations, thread: UnansweredThread, now: datetime) -> str:
    due_at = thread.unanswered.due_at
    return texts(
        "pending-line-overdue" if now > due_at else "pending-line",
        thread=format_waiting_thread_name(texts, thread, LINE_NAME_LENGTH),
        counting=format_timestamp(due_at, "R"),
    )


def _pending_list_controls(texts: Translations, pending: Pending) -> Iterator[layout.LayoutItem]:
    """The pages of this section, what is overdue for long in one line, and dismissing several."""
    if pending.long_overdue and not pending.shows_long_overdue:
        button = ActionButton(
            Target.PENDING_LIST, pending.long_overdue_page, Action.GO_TO_PAGE, texts("pending-show-long-overdue")
        )
        yield ui.Section(texts("pending-long-overdue", count=pending.long_overdue), accessory=button)
    pages = pending.pages if pending.shows_long_overdue else pending.long_overdue_page
    yield from pagination_items(texts, Target.PENDING_LIST, pending.page, pages)
    if pending.counts.total > 1:
        label = texts("pending-dismiss-several")
        yield ui.ActionRow(ActionButton(Target.PENDING_LIST, pending.page, Action.CHOOSE_SEVERAL, label))


def window_select_options(
    texts: Translations,
    preferences: Preferences,
    threads: Sequence[UnansweredThread],
    now: datetime,
    *,
    default: MessageId | None = None,
) -> list[discord.SelectOption]:
    """Windows as options of a select, with their deadlines in the member's zone."""
    return [
        discord.SelectOption(
            label=format_thread_label(texts, thread.thread),
            value=str(thread.window_id),
            description=format_label(
                texts(
                    "pending-option-overdue" if now > thread.unanswered.due_at else "pending-option",
                    at=format_datetime_short(texts, thread.unanswered.due_at.astimezone(preferences.zone)),
                )
            ),
            default=thread.window_id == default,
        )
        for thread in threads
    ]


def choose_windows_to_dismiss_card(
    texts: Translations, pending: Pending, choices: Sequence[UnansweredThread], *, now: datetime
) -> layout.Card:
    """Which windows need no reply: what is chosen is recorded at once, and can be undone."""
    page = pending.page
    options = window_select_options(texts, pending.preferences, choices, now)
    back = ActionButton(Target.PENDING_LIST, page, Action.GO_TO_PAGE, texts("pending-back"))
    select = ActionSelect(
        Target.PENDING_LIST,
        page,
        Action.DISMISS,
        options,
        texts("pending-choose-several"),
        max_values=len(options),
    )
    return layout.build_card(
        [layout.text_block(texts("pending-several-title")), ui.ActionRow(select), ui.ActionRow(back)]
    )


def format_thread_names(texts: Translations, threads: Sequence[Thread]) -> str:
    """The names of the first threads, and how many more there are."""
    names = " · ".join(format_thread_name(texts, thread, LINE_NAME_LENGTH) for thread in threads[:MAX_NAMES])
    if len(threads) <= MAX_NAMES:
        return names
    return f"{names} {texts('more-rows', count=len(threads) - MAX_NAMES)}"
