"""The answer to a press on a card of one window or more: the card itself, redrawn in its present state.

Of a window that has ended it says why it has, and shows the buttons of the thread's open window.
"""

from functools import wraps

import discord

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.cards import window_card
from bot.discord_app.features.pending.window_parts import load_window_context
from bot.discord_app.interaction_metrics import set_interaction_outcome
from bot.discord_app.registry import Handler
from bot.discord_app.stored_cards import build_stored_card
from bot.discord_app.ui.components import Press, custom_ids_of_components, parse_custom_id
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.services.reply_windows import WindowEndedError
from bot.services.shown_cards import ShownCard, ShownWindow, WindowStatus
from storage.cards import CardContent, CardItem, CardKind, StoredCard


async def load_pressed_card(ctx: InteractionContext) -> ShownCard | None:
    """The card whose control was used, and its present state. None: it is not stored, or shows no window.

    Outside the direct message, where no card is stored, its controls name what it shows.
    """
    message, cards = ctx.interaction.message, ctx.services.cards
    if message is None:
        return None
    if ctx.in_dm:
        return await cards.find(ctx.member_id, message.id, ctx.preferences, now=ctx.now)
    content = _card_content_from_controls(message)
    if content is None:
        return None
    windows = await cards.load_windows(ctx.member_id, content.items, now=ctx.now)
    return ShownCard(
        StoredCard(
            discord_message_id=message.id,
            member_id=ctx.member_id,
            channel_id=message.channel.id,
            content=content,
            shown="",
            revision=0,
        ),
        windows,
        ctx.preferences,
    )


def _card_content_from_controls(message: discord.Message) -> CardContent | None:
    """The receipt or the window whose controls a message has; None if it has those of none or of several.

    The card of a message that was answered also names the reply that its undo deletes.
    """
    presses = [
        press
        for custom_id in custom_ids_of_components(message.components)
        if custom_id and (press := parse_custom_id(custom_id))
    ]
    if any(press.target is Target.PENDING_LIST for press in presses):
        return None
    for target, kind in ((Target.MESSAGE, CardKind.RECEIPT), (Target.WINDOW, CardKind.WINDOW)):
        named = [press for press in presses if press.target is target]
        others = [press for press in named if press.action is not Action.DELETE_MESSAGE]
        match {press.target_id for press in others or named}:
            case ids if len(ids) == 1:
                return CardContent(kind=kind, items=(CardItem(MessageId(*ids), ThreadId(0)),))
            case ids if ids:
                return None
    return None


async def show_pressed_card(
    ctx: InteractionContext, window_id: MessageId | None = None, result_line: str = "", *, only_if_ended: bool = False
) -> bool:
    """Redraw the pressed card in its present state, with a line about what was recorded for a window.

    `only_if_ended`: where the window has ended, although the card showed it as open. False, unanswered: the card cannot
    be loaded, asks a question by now, as another press made it, or its window has not ended.
    """
    card = await load_pressed_card(ctx)
    if card is None:
        return False
    if card.card.content.kind is CardKind.PENDING:  # it shows only what waits, which may be nothing
        lines = {window_id: result_line} if window_id is not None else {}
        await ctx.edit_message(await build_stored_card(ctx.services, card, now=ctx.now, outcomes=lines))
        return True
    if not card.windows:
        return False
    window = _window_on_card(card, window_id)
    if only_if_ended and (window.is_waiting or window.status is WindowStatus.SENT):
        return False
    await edit_pressed_card(ctx, card, window.message_id, result_line)
    return True


async def edit_pressed_card(
    ctx: InteractionContext, card: ShownCard, window_id: MessageId | None = None, result_line: str = ""
) -> None:
    """Redraw the pressed card, as it was loaded, with a line below one of its windows."""
    lines = {window_id: result_line} if window_id is not None and result_line else {}
    await ctx.edit_message(await build_stored_card(ctx.services, card, now=ctx.now, outcomes=lines))


def _window_on_card(card: ShownCard, window_id: MessageId | None) -> ShownWindow:
    """The window of a press; on the receipt of a later message of that window, the window of the receipt.

    Of windows that have become one the card shows the first.
    """
    pressed = card.windows[0]
    for window in card.windows[1:]:
        if window.message_id == window_id:
            pressed = window
    if pressed is card.windows[0]:
        return pressed
    return next(window for window in card.windows if window.identity == pressed.identity)


def answer_if_window_ended(handler: Handler) -> Handler:
    """Answer `WindowEndedError` of a handler with why the window ended, and the thread's open window if there is one.

    Where none is open, the pressed card is redrawn in its present state.
    """

    @wraps(handler)
    async def handle(ctx: InteractionContext, press: Press) -> None:
        try:
            await handler(ctx, press)
        except WindowEndedError as error:
            set_interaction_outcome("refused")
            sentence = format_error(ctx.texts, error)
            if await show_open_window(ctx, error.thread_id, f"{sentence}\n{ctx.texts('window-open-now')}"):
                return
            window_id, is_window_press = MessageId(press.target_id), press.target is Target.WINDOW
            if not is_window_press or not await show_pressed_card(ctx, window_id, sentence, only_if_ended=True):
                await ctx.respond(notice_card(sentence))

    return handle


async def show_open_window(ctx: InteractionContext, thread_id: ThreadId, notice_text: str | None = None) -> bool:
    """Answer with the open window of a thread and its buttons. Returns False, unanswered, when nothing waits there."""
    try:
        waiting = await ctx.services.status.waiting_thread(ctx.member_id, thread_id)
    except NotAllowedError:
        return False
    items = [CardItem(waiting.window_id, thread_id)]
    [window] = await ctx.services.cards.load_windows(ctx.member_id, items, now=ctx.now)
    context = await load_window_context(ctx.services, ctx.member_id, [window], ctx.preferences, now=ctx.now)
    await ctx.respond(window_card(ctx.texts, window, context, notice_text=notice_text))
    return True
