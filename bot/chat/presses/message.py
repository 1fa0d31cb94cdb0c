"""The buttons of a receipt: putting right what was read wrongly."""

from bot.chat.cards.frame import card, row, text
from bot.chat.cards.history import rework_card
from bot.chat.cards.receipt import receipt_card
from bot.chat.client import Interaction
from bot.chat.controls import ANOTHER, Act, Of, choose_thread, number_in
from bot.chat.forms import Submit, client_form, time_form
from bot.chat.visitor import Visitor, visit
from bot.domain.types import MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import Receipt


async def press_message(visitor: Visitor, number: int, act: Act, values: tuple[str, ...]) -> None:
    """Put a recorded message right."""
    services, member, now = visitor.interaction.client.services, visitor.member, visitor.now
    corrections = services.history
    message = MessageId(number)
    match act:
        case Act.TIME:
            sent_at = await corrections.sent_at(member, message)
            form = time_form(visitor.texts, _set_time(message), sent_at, visitor.preferences.zone)
            await visitor.interaction.response.send_modal(form)
        case Act.MOVE if values == (ANOTHER,):
            await visitor.interaction.response.send_modal(client_form(visitor.texts, _move(message), client=None))
        case Act.MOVE if values:
            thread = ThreadId(number_in(values))
            await show(visitor, await corrections.move(member, message, thread=thread, now=now))
        case Act.MOVE:
            await _offer(visitor, message)
        case Act.TURN | Act.TURN_BACK:
            await show(visitor, await corrections.flip_direction(member, message, now=now))
        case Act.DISMISS:
            thread = await corrections.thread_of(member, message)
            await show(visitor, await services.recording.dismiss(member, thread, idempotency_key=visitor.key, now=now))
        case Act.UNDO:
            await show(visitor, await corrections.delete_message(member, message, now=now))
        case _:
            await _press_entry(visitor, message, act)


async def _press_entry(visitor: Visitor, message: MessageId, act: Act) -> None:
    """The buttons of an entry of the history."""
    corrections, member, now = visitor.interaction.client.services.history, visitor.member, visitor.now
    match act:
        case Act.LOOK:
            await visitor.answer(receipt_card(visitor.texts, await corrections.get_receipt(member, message, now=now)))
        case Act.SPLIT:
            await visitor.replace(rework_card(visitor.texts, await corrections.split(member, message, now=now)))
        case Act.MERGE:
            await _offer_merge(visitor, message)
        case _:
            raise NotAllowedError("press-unknown")


async def show(visitor: Visitor, receipt: Receipt) -> None:
    """The card becomes the message's new receipt."""
    observer = visitor.interaction.client.services.status
    choices = await observer.candidate_threads(visitor.member, receipt.thread) if receipt.thread.unassigned else []
    await visitor.replace(receipt_card(visitor.texts, receipt, choices))


async def _offer(visitor: Visitor, message: MessageId) -> None:
    """The member's threads to choose from; without any, the form for a new name at once."""
    await visitor.interaction.client.services.history.thread_of(visitor.member, message)
    threads = await visitor.interaction.client.services.status.threads(visitor.member)
    if not threads:
        await visitor.interaction.response.send_modal(client_form(visitor.texts, _move(message), client=None))
        return
    chooser = choose_thread(visitor.texts, Of.MESSAGE, message, threads, another=True)
    await visitor.replace(card([text(visitor.texts("choose-thread")), row(chooser)]))


async def _offer_merge(visitor: Visitor, message: MessageId) -> None:
    """The threads with which the message's thread may be one."""
    services = visitor.interaction.client.services
    own = await services.history.thread_of(visitor.member, message)
    others = [each for each in await services.status.threads(visitor.member) if each.id != own]
    if not others:
        raise NotAllowedError("corrections-nothing-to-merge")
    chooser = choose_thread(visitor.texts, Of.THREAD, own, others, another=False, act=Act.MERGE)
    await visitor.replace(card([text(visitor.texts("choose-merge")), row(chooser)]))


def _set_time(message: MessageId) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            moment = parse_time(written[0], now=visitor.now, zone=visitor.preferences.zone)
            corrections = interaction.client.services.history
            await show(visitor, await corrections.set_time(visitor.member, message, moment, now=visitor.now))

    return submit


def _move(message: MessageId) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            client, title = written
            corrections = interaction.client.services.history
            receipt = await corrections.move(
                visitor.member, message, client=client, title=title or None, now=visitor.now
            )
            await show(visitor, receipt)

    return submit
