"""The buttons of a reminder and of the list of what waits: replied, no reply needed, later."""

from datetime import timedelta
from typing import Final

from bot.chat.cards.history import rework_card
from bot.chat.cards.receipt import question_card, receipt_card
from bot.chat.cards.waiting import pending_card, snoozed_card, thread_card
from bot.chat.client import Interaction
from bot.chat.controls import Act, number_in
from bot.chat.forms import Submit, time_form
from bot.chat.visitor import Visitor, visit
from bot.domain.reminders.plan import snooze_until
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import ParsedTime, Precision, parse_time
from bot.services.results import ClarificationNeeded, Receipt

_AGO: Final = {
    Act.NOW: timedelta(),
    Act.TEN_AGO: timedelta(minutes=10),
    Act.THIRTY_AGO: timedelta(minutes=30),
}


async def press_thread(visitor: Visitor, number: int, act: Act, values: tuple[str, ...]) -> None:
    """Say something to a thread that waits."""
    ledger, member, now, key = visitor.interaction.client.services.recording, visitor.member, visitor.now, visitor.key
    thread = ThreadId(number)
    match act:
        case Act.NOW | Act.TEN_AGO | Act.THIRTY_AGO:
            exactness = Precision.MINUTE if act is Act.NOW else Precision.ABOUT
            moment = ParsedTime(now - _AGO[act], exactness)
            await _receipt(visitor, await ledger.record_reply(member, thread, moment, idempotency_key=key, now=now))
        case Act.OTHER_TIME:
            form = time_form(visitor.texts, _replied_at(thread), now.replace(second=0), visitor.preferences.zone)
            await visitor.interaction.response.send_modal(form)
        case Act.DISMISS:
            await _receipt(visitor, await ledger.dismiss(member, thread, idempotency_key=key, now=now))
        case Act.NEW_THREAD:
            receipt = await ledger.dismiss(member, thread, idempotency_key=key, now=now, kind=EventKind.NEW_THREAD)
            await _receipt(visitor, receipt)
        case Act.LATER:
            snoozed, until = await ledger.snooze(member, thread, now=now)
            await visitor.answer(snoozed_card(visitor.texts, snoozed, until))
        case Act.MERGE if values:
            corrections = visitor.interaction.client.services.history
            done = await corrections.merge(member, thread, ThreadId(number_in(values)), now=now)
            await visitor.replace(rework_card(visitor.texts, done))
        case Act.OPEN:
            await _open(visitor, thread)
        case _:
            raise NotAllowedError("press-unknown")


async def _receipt(visitor: Visitor, outcome: Receipt | ClarificationNeeded) -> None:
    """A card of its own: the reminder may speak of other threads too."""
    if isinstance(outcome, ClarificationNeeded):
        await visitor.answer(question_card(visitor.texts, outcome))
    else:
        await visitor.answer(receipt_card(visitor.texts, outcome))


async def _open(visitor: Visitor, number: ThreadId) -> None:
    pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
    preferences = pending.preferences
    for each in pending.waiting:
        if each.thread.id == number:
            closes_at = each.unanswered.window_closes_at
            later = None
            if visitor.now < closes_at:
                later = snooze_until(visitor.now, closes_at, preferences.reminders).astimezone(preferences.zone)
            await visitor.answer(thread_card(visitor.texts, each, now=visitor.now, later=later, cost=pending.cost))
            return
    raise NotAllowedError("ledger-nothing-waits")


async def press_page(visitor: Visitor, page: int) -> None:
    """Turn the list of what waits."""
    pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
    await visitor.replace(pending_card(visitor.texts, pending, now=visitor.now, page=page))


def _replied_at(thread: ThreadId) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            moment = parse_time(written[0], now=visitor.now, zone=visitor.preferences.zone)
            ledger = interaction.client.services.recording
            receipt = await ledger.record_reply(
                visitor.member, thread, moment, idempotency_key=visitor.key, now=visitor.now
            )
            await _receipt(visitor, receipt)

    return submit
