"""`/pending`: the threads that wait for a reply. A press of its controls is answered with the list as it is then."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.list_card import (
    ListNotice,
    choose_windows_to_dismiss_card,
    format_thread_names,
    pending_card,
)
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.interaction_metrics import set_interaction_outcome
from bot.discord_app.registry import command, on
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.formatting import format_error, format_short_thread_name, format_timestamp
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import MessageId, UndoStepId
from bot.errors import NotAllowedError
from bot.services.results import ClarificationNeeded
from storage.cards import CardItem


@command("pending")
async def pending_command(ctx: InteractionContext) -> None:
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now)
    await ctx.respond(pending_card(ctx.texts, pending, now=ctx.now))


async def _show_pending_list(
    ctx: InteractionContext, page: int, notice: ListNotice | None = None, *, opened: MessageId | None = None
) -> None:
    """Replace the card whose control was used by the list as it is now."""
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now, page=page)
    await ctx.edit_message(pending_card(ctx.texts, pending, now=ctx.now, notice=notice, opened=opened))


async def _show_list_refusal(ctx: InteractionContext, page: int, error: NotAllowedError) -> None:
    """Why nothing was recorded, with the list as it is now."""
    set_interaction_outcome("refused")
    await _show_pending_list(ctx, page, ListNotice(format_error(ctx.texts, error)))


@on(Target.PENDING_LIST, Action.GO_TO_PAGE)
async def show_pending_page(ctx: InteractionContext, press: Press) -> None:
    await _show_pending_list(ctx, press.target_id)


@on(Target.PENDING_LIST, Action.VIEW_THREAD)
async def show_listed_window_buttons(ctx: InteractionContext, press: Press) -> None:
    await _show_pending_list(ctx, press.target_id, opened=MessageId(parse_selected_id(press.values)))


@on(Target.PENDING_LIST, Action.REPLIED_NOW)
async def record_listed_window_reply(ctx: InteractionContext, press: Press) -> None:
    window_id, sent_at = MessageId(parse_selected_id(press.values)), ParsedTime(ctx.now, Precision.MINUTE)
    try:
        outcome = await ctx.services.windows.record_reply(
            ctx.member_id, window_id, sent_at, idempotency_key=ctx.idempotency_key, now=ctx.now
        )
    except NotAllowedError as error:
        await _show_list_refusal(ctx, press.target_id, error)
        return
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))
        return
    on_time = outcome.exchange is None or outcome.exchange.on_time
    sentence = ctx.texts(
        "pending-replied" if on_time else "pending-replied-late",
        thread=format_short_thread_name(ctx.texts, outcome.thread),
        at=format_timestamp(outcome.message.entry.at, "t"),
    )
    step_id = await ctx.services.pending.find_step_of_message(ctx.member_id, outcome.message.id)
    await _show_pending_list(
        ctx, press.target_id, ListNotice(sentence, step_id, (CardItem(window_id, outcome.thread.id),))
    )


@on(Target.PENDING_LIST, Action.DISMISS, Action.NEW_THREAD)
async def dismiss_listed_windows(ctx: InteractionContext, press: Press) -> None:
    """Dismiss one or several windows: no reply is needed, or it was sent in a new thread."""
    in_new_thread = press.action is Action.NEW_THREAD
    try:
        dismissals = await ctx.services.pending.dismiss(
            ctx.member_id,
            [MessageId(parse_selected_id([value])) for value in dict.fromkeys(press.values)],
            idempotency_key=ctx.idempotency_key,
            now=ctx.now,
            kind=EventKind.NEW_THREAD if in_new_thread else EventKind.DISMISSED,
        )
    except NotAllowedError as error:
        await _show_list_refusal(ctx, press.target_id, error)
        return
    text_id = "pending-in-new-thread" if in_new_thread else "pending-dismissed"
    sentence = ctx.texts(text_id, threads=format_thread_names(ctx.texts, [*dismissals.windows.values()]))
    items = tuple(CardItem(window_id, thread.id) for window_id, thread in dismissals.windows.items())
    await _show_pending_list(ctx, press.target_id, ListNotice(sentence, dismissals.step_id, items))


@on(Target.PENDING_LIST, Action.CHOOSE_SEVERAL)
async def choose_windows_to_dismiss(ctx: InteractionContext, press: Press) -> None:
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now, page=press.target_id)
    choices = await ctx.services.pending.choices(ctx.member_id, now=ctx.now, page=pending.page)
    if not choices:
        await _show_pending_list(ctx, press.target_id)
        return
    await ctx.edit_message(choose_windows_to_dismiss_card(ctx.texts, pending, choices, now=ctx.now))


@on(Target.PENDING_LIST, Action.UNDO_STEP)
async def undo_pending_list_step(ctx: InteractionContext, press: Press) -> None:
    try:
        threads = await ctx.services.pending.delete_messages_of_step(
            ctx.member_id, UndoStepId(parse_selected_id(press.values)), now=ctx.now
        )
    except NotAllowedError as error:
        await _show_list_refusal(ctx, press.target_id, error)
        return
    sentence = ctx.texts("pending-undone", threads=format_thread_names(ctx.texts, threads))
    await _show_pending_list(ctx, press.target_id, ListNotice(sentence))
