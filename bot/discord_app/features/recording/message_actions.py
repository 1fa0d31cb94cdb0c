"""The controls of a receipt, and of an entry of the history: they correct a recorded message."""

from discord import ui

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.history.cards import edit_summary_card
from bot.discord_app.features.pending.pressed_card import (
    answer_if_window_ended,
    edit_pressed_card,
    load_pressed_card,
    show_pressed_card,
)
from bot.discord_app.features.recording.correction_card import (
    correction_card,
    move_message_card,
    parse_message_edit_choice,
)
from bot.discord_app.features.recording.receipt_card import load_receipt_card, outcome_card, receipt_correction_lines
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import NEW_THREAD_OPTION, Press, parse_selected_id, thread_select
from bot.discord_app.ui.layout import build_card, text_block
from bot.discord_app.ui.modals import client_modal, time_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.names import clean_title
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.line.interpretation import is_name_doubtful
from bot.parsing.times.resolver import parse_time
from bot.services.results import ClarificationNeeded, Receipt
from storage.cards import CardKind


async def replace_card_by_outcome(ctx: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """Replace the card whose button was pressed by the new receipt, or the next question.

    A card that shows something else than that message, as a reminder does whose reply is corrected, is shown again, and
    so is the receipt of a message whose window has ended.
    """
    card = await load_pressed_card(ctx) if isinstance(outcome, Receipt) else None
    if isinstance(outcome, Receipt) and card is not None and card.card.content.draft_id is None:
        item_ids = {item.message_id for item in card.content.items}
        if card.content.kind is not CardKind.RECEIPT or outcome.message.id not in item_ids:
            await edit_pressed_card(ctx, card)
            return
        if len(card.windows) == 1 and card.windows[0].has_ended:
            lines = receipt_correction_lines(ctx.texts, outcome)
            await edit_pressed_card(ctx, card, card.windows[0].message_id, lines)
            return
    await ctx.edit_message(
        await outcome_card(ctx.texts, ctx.services.status, ctx.member_id, [outcome], ctx.preferences.zone)
    )


@on(Target.MESSAGE, Action.CHANGE_TIME)
async def open_message_time_form(ctx: InteractionContext, press: Press) -> None:
    message_id = MessageId(press.target_id)
    sent_at = (await ctx.services.message_corrections.get_message(ctx.member_id, message_id)).entry.at
    await ctx.show_modal(
        time_modal(ctx.texts, Target.MESSAGE, message_id, Action.CHANGE_TIME, at=sent_at, zone=ctx.preferences.zone)
    )


@on_submit(Target.MESSAGE, Action.CHANGE_TIME)
async def submit_message_time(ctx: InteractionContext, press: Press) -> None:
    message_id = MessageId(press.target_id)
    sent_at = parse_time(press.value, now=ctx.now, zone=ctx.preferences.zone)
    await replace_card_by_outcome(
        ctx, await ctx.services.message_corrections.correct_time(ctx.member_id, message_id, sent_at, now=ctx.now)
    )


@on(Target.MESSAGE, Action.CHANGE_THREAD)
async def change_message_thread(ctx: InteractionContext, press: Press) -> None:
    """Move the message to the chosen thread; without a choice, ask for one."""
    corrections, message_id = ctx.services.message_corrections, MessageId(press.target_id)
    if press.values and press.values != (NEW_THREAD_OPTION,):
        thread_id = ThreadId(parse_selected_id(press.values))
        await replace_card_by_outcome(
            ctx, await corrections.move_message(ctx.member_id, message_id, thread_id=thread_id, now=ctx.now)
        )
        return
    if not press.values and (threads := await ctx.services.status.list_recent_threads(ctx.member_id)):
        message = await corrections.get_message(ctx.member_id, message_id)
        await ctx.edit_message(move_message_card(ctx.texts, message, threads))
        return
    await open_message_client_form(ctx, press)


@on(Target.MESSAGE, Action.CHANGE_CLIENT)
async def open_message_client_form(ctx: InteractionContext, press: Press) -> None:
    """Open a form with the client and the title as they are recorded."""
    message_id = MessageId(press.target_id)
    _, thread = await ctx.services.message_corrections.get_message_and_thread(ctx.member_id, message_id)
    await ctx.show_modal(
        client_modal(
            ctx.texts,
            Target.MESSAGE,
            message_id,
            Action.CHANGE_CLIENT,
            client=thread.client,
            title=thread.title,
        )
    )


@on_submit(Target.MESSAGE, Action.CHANGE_CLIENT, Action.CHANGE_THREAD, fields=2)
async def submit_message_client(ctx: InteractionContext, press: Press) -> None:
    """A title that was taken away is none; a form of a former version, which did not show it, leaves it as it is.

    A name that may be a line with a time is asked about where it is not known yet who wrote the message, else refused.
    """
    client, title = press.values
    is_prefilled, message_id = press.action is Action.CHANGE_CLIENT, MessageId(press.target_id)
    message, thread = await ctx.services.message_corrections.get_message_and_thread(ctx.member_id, message_id)
    zone = ctx.preferences.zone
    if thread.unassigned and is_name_doubtful(client, now=ctx.now, zone=zone):
        question = await ctx.services.statements.ask_who_wrote(
            ctx.member_id, message, clean_title(client), clean_title(title) or None, now=ctx.now
        )
        await replace_card_by_outcome(ctx, question)
        return
    await ctx.services.statements.ensure_name_without_time(ctx.member_id, client, now=ctx.now, zone=zone)
    receipt = await ctx.services.message_corrections.move_message(
        ctx.member_id,
        message_id,
        client=client,
        title=title if is_prefilled else title or None,
        now=ctx.now,
    )
    await replace_card_by_outcome(ctx, receipt)


@on(Target.MESSAGE, Action.CORRECT)
async def show_correction_card(ctx: InteractionContext, press: Press) -> None:
    message_id = MessageId(press.target_id)
    message, thread = await ctx.services.message_corrections.get_message_and_thread(ctx.member_id, message_id)
    others = [other for other in await ctx.services.status.list_recent_threads(ctx.member_id) if other.id != thread.id]
    await ctx.edit_message(correction_card(ctx.texts, message, thread, others))


@on(Target.MESSAGE, Action.BACK)
async def show_receipt_again(ctx: InteractionContext, press: Press) -> None:
    message_id = MessageId(press.target_id)
    await replace_card_by_outcome(
        ctx, await ctx.services.message_corrections.get_receipt(ctx.member_id, message_id, now=ctx.now)
    )


@on(Target.MESSAGE, Action.RESTORE)
async def restore_deleted_message(ctx: InteractionContext, press: Press) -> None:
    """Show the message that was restored, or the one that was recorded in its place meanwhile."""
    message_id = MessageId(press.target_id)
    receipt = await ctx.services.message_corrections.restore_message(ctx.member_id, message_id, now=ctx.now)
    if receipt.message.id == message_id:
        await replace_card_by_outcome(ctx, receipt)
        return
    await ctx.edit_message(await load_receipt_card(ctx.texts, ctx.services.status, ctx.member_id, receipt))


@on(Target.MESSAGE, Action.MARK_AS_SENT, Action.MARK_AS_RECEIVED)
async def correct_message_direction(ctx: InteractionContext, press: Press) -> None:
    direction = Direction.SENT if press.action is Action.MARK_AS_SENT else Direction.RECEIVED
    receipt = await ctx.services.message_corrections.correct_direction(
        ctx.member_id, MessageId(press.target_id), direction, now=ctx.now
    )
    await replace_card_by_outcome(ctx, receipt)


@on(Target.MESSAGE, Action.DISMISS)
@answer_if_window_ended
async def dismiss_window_of_message(ctx: InteractionContext, press: Press) -> None:
    """The window in which the message waits needs no reply."""
    windows, message_id, key = ctx.services.windows, MessageId(press.target_id), ctx.idempotency_key
    await replace_card_by_outcome(
        ctx, await windows.dismiss(ctx.member_id, message_id, idempotency_key=key, now=ctx.now)
    )


@on(Target.MESSAGE, Action.DELETE_MESSAGE)
async def delete_recorded_message(ctx: InteractionContext, press: Press) -> None:
    """Undo the record of a message. At a second press, or one that comes late, the card shows its present state."""
    corrections, message_id = ctx.services.message_corrections, MessageId(press.target_id)
    try:
        receipt = await corrections.delete_message(ctx.member_id, message_id, now=ctx.now)
    except NotAllowedError:
        if await corrections.is_message_restorable(ctx.member_id, message_id) and await show_pressed_card(ctx):
            return
        raise
    await replace_card_by_outcome(ctx, receipt)


@on(Target.MESSAGE, Action.FROM_LANCERS)
async def confirm_mail_path(ctx: InteractionContext, press: Press) -> None:
    """Confirm that the mail of a message, and all others of its path, are Lancers'."""
    await ctx.services.mail.confirm_path(ctx.member_id, MessageId(press.target_id), now=ctx.now)
    await show_receipt_again(ctx, press)


@on(Target.MESSAGE, Action.NOT_FROM_LANCERS)
async def refuse_mail_path(ctx: InteractionContext, press: Press) -> None:
    """Delete the message of a mail that is not Lancers'; the next one of its path is asked about first."""
    await ctx.services.mail.refuse_path(ctx.member_id, MessageId(press.target_id))
    await delete_recorded_message(ctx, press)


@on(Target.MESSAGE, Action.APPLY_EDIT)
async def correct_to_edited_message(ctx: InteractionContext, press: Press) -> None:
    """Correct the record as its message was edited."""
    message_id, corrections = MessageId(press.target_id), ctx.services.message_corrections
    time, client = parse_message_edit_choice(press.values)
    if client is not None:
        receipt = await corrections.move_message(ctx.member_id, message_id, client=client, time=time, now=ctx.now)
    elif time is not None:
        receipt = await corrections.correct_time(ctx.member_id, message_id, time, now=ctx.now)
    else:
        raise NotAllowedError("button-unknown")
    await replace_card_by_outcome(ctx, receipt)


@on(Target.MESSAGE, Action.VIEW)
async def show_receipt_from_history(ctx: InteractionContext, press: Press) -> None:
    receipt = await ctx.services.message_corrections.get_receipt(ctx.member_id, MessageId(press.target_id), now=ctx.now)
    await ctx.respond(await load_receipt_card(ctx.texts, ctx.services.status, ctx.member_id, receipt, in_history=True))


@on(Target.MESSAGE, Action.SPLIT)
async def split_thread_at_message(ctx: InteractionContext, press: Press) -> None:
    """Begin a new thread with the message."""
    summary = await ctx.services.history.split_thread(ctx.member_id, MessageId(press.target_id), now=ctx.now)
    await ctx.edit_message(edit_summary_card(ctx.texts, summary))


@on(Target.MESSAGE, Action.MERGE)
async def choose_thread_to_merge(ctx: InteractionContext, press: Press) -> None:
    """Ask with which thread the message's thread is to be merged. Raises `NotAllowedError` without another one."""
    own_id = (await ctx.services.message_corrections.get_message(ctx.member_id, MessageId(press.target_id))).thread_id
    others = [thread for thread in await ctx.services.status.list_recent_threads(ctx.member_id) if thread.id != own_id]
    if not others:
        raise NotAllowedError("edit-nothing-to-merge")
    select = thread_select(ctx.texts, Target.THREAD, own_id, others, new_thread_option=False, action=Action.MERGE)
    await ctx.edit_message(build_card([text_block(ctx.texts("choose-merge")), ui.ActionRow(select)]))
