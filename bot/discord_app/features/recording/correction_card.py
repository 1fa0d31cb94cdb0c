"""The menu of corrections of a recorded message."""

from collections.abc import Sequence

from bot.discord_app.features.contracts.parts import thread_mark_buttons
from bot.discord_app.ui.components import ActionButton, thread_select
from bot.discord_app.ui.formatting import format_thread_name, format_timestamp
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, control_row, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.thread_state import Direction, EventKind
from bot.i18n.translations import Translations
from storage.messages import Message
from storage.threads import Thread


def correction_card(texts: Translations, message: Message, thread: Thread, others: Sequence[Thread]) -> Card:
    """What is recorded, and what of it can be corrected; `others` are threads to which the message can be moved."""
    received = message.entry.direction is Direction.RECEIVED
    recorded = texts(
        f"correct-{message.entry.direction}",
        thread=format_thread_name(texts, thread),
        at=format_timestamp(message.entry.at),
    )
    turn = Action.MARK_AS_SENT if received else Action.MARK_AS_RECEIVED
    labels = {
        Action.CHANGE_TIME: "correct-time",
        Action.CHANGE_CLIENT: "correct-client",
        turn: "correct-to-sent" if received else "correct-to-received",
        Action.BACK: "action-back",
    }
    if message.entry.kind is not EventKind.MESSAGE:
        del labels[turn]
    buttons = [ActionButton(Target.MESSAGE, message.id, action, texts(label)) for action, label in labels.items()]
    marks = thread_mark_buttons(texts, Target.MESSAGE, message.id, thread)
    parts: list[LayoutItem] = [text_block(texts("correct-title"), recorded), control_row(*buttons), control_row(*marks)]
    if others:
        select = thread_select(
            texts, Target.MESSAGE, message.id, others, new_thread_option=False, placeholder=texts("correct-move")
        )
        parts.append(control_row(select))
    return build_card(parts)


def move_message_card(texts: Translations, message: Message, threads: Sequence[Thread]) -> Card:
    """The threads to which a message can be moved, and a way back."""
    select = thread_select(texts, Target.MESSAGE, message.id, threads, new_thread_option=True)
    back = ActionButton(Target.MESSAGE, message.id, Action.BACK, texts("action-back"))
    return build_card([text_block(texts("choose-thread")), control_row(select), control_row(back)])
