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
    visitor: InteractionContext, message_id: int, action: Action, values: tuple[str, ...]
) -> None:
    """Put a recorded message right."""
    services, member, now = visitor.interaction.client.services, visitor.member, visitor.now
    corrections = services.history
    message = MessageId(message_id)
    match action:
        case Action.CHANGE_TIME:
            sent_at = (await corrections.get_message(member, message)).entry.at
            form = time_modal(visitor.texts, _time_modal_submit(message), sent_at, visitor.preferences.zone)
            await visitor.interaction.response.send_modal(form)
        case Action.CHANGE_THREAD if values == (NEW_THREAD_OPTION,):
            await visitor.interaction.response.send_modal(
                client_modal(visitor.texts, _thread_modal_submit(message), client=None)
            )
        case Action.CHANGE_THREAD if values:
            thread = ThreadId(selected_id(values))
            await render_receipt(visitor, await corrections.move(member, message, thread_id=thread, now=now))
        case Action.CHANGE_THREAD:
            await _show_thread_select(visitor, message)
        case Action.MARK_AS_SENT | Action.MARK_AS_RECEIVED:
            await render_receipt(visitor, await corrections.flip_direction(member, message, now=now))
        case Action.DISMISS:
            thread = (await corrections.get_message(member, message)).thread_id
            await render_receipt(
                visitor,
                await services.recording.dismiss(member, thread, idempotency_key=visitor.idempotency_key, now=now),
            )
        case Action.DELETE_MESSAGE:
            await render_receipt(visitor, await corrections.delete_message(member, message, now=now))
        case _:
            await _handle_history_entry(visitor, message, action)


async def _handle_history_entry(visitor: InteractionContext, message: MessageId, action: Action) -> None:
    """The buttons of an entry of the history."""
    corrections, member, now = visitor.interaction.client.services.history, visitor.member, visitor.now
    match action:
        case Action.VIEW:
            await visitor.respond(receipt_card(visitor.texts, await corrections.get_receipt(member, message, now=now)))
        case Action.SPLIT:
            await visitor.edit_message(
                edit_summary_card(visitor.texts, await corrections.split(member, message, now=now))
            )
        case Action.MERGE:
            await _show_merge_select(visitor, message)
        case _:
            raise NotAllowedError("press-unknown")


async def render_receipt(visitor: InteractionContext, receipt: Receipt) -> None:
    """The card becomes the message's new receipt."""
    observer = visitor.interaction.client.services.status
    choices = await observer.candidate_threads(visitor.member, receipt.thread) if receipt.thread.unassigned else []
    await visitor.edit_message(receipt_card(visitor.texts, receipt, choices))


async def _show_thread_select(visitor: InteractionContext, message: MessageId) -> None:
    """The member's threads to choose from; without any, the form for a new name at once."""
    await visitor.interaction.client.services.history.get_message(visitor.member, message)
    threads = await visitor.interaction.client.services.status.threads(visitor.member)
    if not threads:
        await visitor.interaction.response.send_modal(
            client_modal(visitor.texts, _thread_modal_submit(message), client=None)
        )
        return
    chooser = thread_select(visitor.texts, Target.MESSAGE, message, threads, new_thread_option=True)
    await visitor.edit_message(build_card([text(visitor.texts("choose-thread")), row(chooser)]))


async def _show_merge_select(visitor: InteractionContext, message: MessageId) -> None:
    """The threads with which the message's thread may be one."""
    services = visitor.interaction.client.services
    own = (await services.history.get_message(visitor.member, message)).thread_id
    others = [each for each in await services.status.threads(visitor.member) if each.id != own]
    if not others:
        raise NotAllowedError("corrections-nothing-to-merge")
    chooser = thread_select(visitor.texts, Target.THREAD, own, others, new_thread_option=False, action=Action.MERGE)
    await visitor.edit_message(build_card([text(visitor.texts("choose-merge")), row(chooser)]))


def _time_modal_submit(message: MessageId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            moment = parse_time(written[0], now=visitor.now, zone=visitor.preferences.zone)
            corrections = interaction.client.services.history
            await render_receipt(visitor, await corrections.set_time(visitor.member, message, moment, now=visitor.now))

    return submit


def _thread_modal_submit(message: MessageId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            client, title = written
            corrections = interaction.client.services.history
            receipt = await corrections.move(
                visitor.member, message, client=client, title=title or None, now=visitor.now
            )
            await render_receipt(visitor, receipt)

    return submit
