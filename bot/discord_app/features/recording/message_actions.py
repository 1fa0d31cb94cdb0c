"""The buttons of a receipt: putting right what was read wrongly."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.history.cards import edit_summary_card
from bot.discord_app.features.recording.receipt_card import receipt_card
from bot.discord_app.ui.components import NEW_THREAD_OPTION, Action, Target, selected_id, thread_select
from bot.discord_app.ui.layout import build_card, row, text
from bot.discord_app.ui.modals import SubmitCallback, client_modal, time_modal
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import Receipt


async def handle_message_action(
    ctx: InteractionContext, message_id: int, action: Action, values: tuple[str, ...]
) -> None:
    """Put a recorded message right."""
    services, member, now = ctx.services, ctx.member_id, ctx.now
    corrections = services.history
    message = MessageId(message_id)
    match action:
        case Action.CHANGE_TIME:
            sent_at = await corrections.sent_at(member, message)
            form = time_modal(ctx.texts, _time_modal_submit(message), sent_at, ctx.preferences.zone)
            await ctx.interaction.response.send_modal(form)
        case Action.CHANGE_THREAD if values == (NEW_THREAD_OPTION,):
            await ctx.interaction.response.send_modal(
                client_modal(ctx.texts, _thread_modal_submit(message), client=None)
            )
        case Action.CHANGE_THREAD if values:
            thread = ThreadId(selected_id(values))
            await render_receipt(ctx, await corrections.move(member, message, thread=thread, now=now))
        case Action.CHANGE_THREAD:
            await _show_thread_select(ctx, message)
        case Action.MARK_AS_SENT | Action.MARK_AS_RECEIVED:
            await render_receipt(ctx, await corrections.flip_direction(member, message, now=now))
        case Action.DISMISS:
            thread = await corrections.thread_of(member, message)
            await render_receipt(
                ctx,
                await services.recording.dismiss(member, thread, idempotency_key=ctx.idempotency_key, now=now),
            )
        case Action.DELETE_MESSAGE:
            await render_receipt(ctx, await corrections.delete_message(member, message, now=now))
        case _:
            await _handle_history_entry(ctx, message, action)


async def _handle_history_entry(ctx: InteractionContext, message: MessageId, action: Action) -> None:
    """The buttons of an entry of the history."""
    corrections, member, now = ctx.services.history, ctx.member_id, ctx.now
    match action:
        case Action.VIEW:
            await ctx.respond(receipt_card(ctx.texts, await corrections.get_receipt(member, message, now=now)))
        case Action.SPLIT:
            await ctx.edit_message(edit_summary_card(ctx.texts, await corrections.split(member, message, now=now)))
        case Action.MERGE:
            await _show_merge_select(ctx, message)
        case _:
            raise NotAllowedError("press-unknown")


async def render_receipt(ctx: InteractionContext, receipt: Receipt) -> None:
    """The card becomes the message's new receipt."""
    observer = ctx.services.status
    choices = await observer.candidate_threads(ctx.member_id, receipt.thread) if receipt.thread.unassigned else []
    await ctx.edit_message(receipt_card(ctx.texts, receipt, choices))


async def _show_thread_select(ctx: InteractionContext, message: MessageId) -> None:
    """The member's threads to choose from; without any, the form for a new name at once."""
    await ctx.services.history.thread_of(ctx.member_id, message)
    threads = await ctx.services.status.threads(ctx.member_id)
    if not threads:
        await ctx.interaction.response.send_modal(client_modal(ctx.texts, _thread_modal_submit(message), client=None))
        return
    chooser = thread_select(ctx.texts, Target.MESSAGE, message, threads, new_thread_option=True)
    await ctx.edit_message(build_card([text(ctx.texts("choose-thread")), row(chooser)]))


async def _show_merge_select(ctx: InteractionContext, message: MessageId) -> None:
    """The threads with which the message's thread may be one."""
    services = ctx.services
    own = await services.history.thread_of(ctx.member_id, message)
    others = [each for each in await services.status.threads(ctx.member_id) if each.id != own]
    if not others:
        raise NotAllowedError("corrections-nothing-to-merge")
    chooser = thread_select(ctx.texts, Target.THREAD, own, others, new_thread_option=False, action=Action.MERGE)
    await ctx.edit_message(build_card([text(ctx.texts("choose-merge")), row(chooser)]))


def _time_modal_submit(message: MessageId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as ctx:
            moment = parse_time(written[0], now=ctx.now, zone=ctx.preferences.zone)
            corrections = ctx.services.history
            await render_receipt(ctx, await corrections.set_time(ctx.member_id, message, moment, now=ctx.now))

    return submit


def _thread_modal_submit(message: MessageId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as ctx:
            client, title = written
            corrections = ctx.services.history
            receipt = await corrections.move(ctx.member_id, message, client=client, title=title or None, now=ctx.now)
            await render_receipt(ctx, receipt)

    return submit
