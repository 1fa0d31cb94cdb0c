"""The buttons of a reminder and of the list of what waits: replied, no reply needed, later."""

from datetime import timedelta
from typing import Final

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.history.cards import edit_summary_card
from bot.discord_app.features.pending.cards import pending_card, snoozed_card, thread_card
from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.components import Action, selected_id
from bot.discord_app.ui.modals import SubmitCallback, time_modal
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reminders.plan import snooze_until
from bot.domain.reply.thread_state import EventKind
from bot.domain.types import ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.results import ClarificationNeeded, Receipt

_REPLY_OFFSETS: Final = {
    Action.REPLIED_NOW: timedelta(),
    Action.REPLIED_10_MIN_AGO: timedelta(minutes=10),
    Action.REPLIED_30_MIN_AGO: timedelta(minutes=30),
}


async def handle_thread_action(
    visitor: InteractionContext, thread_id: int, act: Action, values: tuple[str, ...]
) -> None:
    """Say something to a thread that waits."""
    ledger, member, now, key = (
        visitor.interaction.client.services.recording,
        visitor.member,
        visitor.now,
        visitor.idempotency_key,
    )
    thread = ThreadId(thread_id)
    match act:
        case Action.REPLIED_NOW | Action.REPLIED_10_MIN_AGO | Action.REPLIED_30_MIN_AGO:
            exactness = Precision.MINUTE if act is Action.REPLIED_NOW else Precision.ABOUT
            moment = ParsedTime(now - _REPLY_OFFSETS[act], exactness)
            await _render_outcome(
                visitor, await ledger.record_reply(member, thread, moment, idempotency_key=key, now=now)
            )
        case Action.REPLIED_AT:
            form = time_modal(
                visitor.texts, _reply_time_modal_submit(thread), now.replace(second=0), visitor.preferences.zone
            )
            await visitor.interaction.response.send_modal(form)
        case Action.DISMISS:
            await _render_outcome(visitor, await ledger.dismiss(member, thread, idempotency_key=key, now=now))
        case Action.NEW_THREAD:
            receipt = await ledger.dismiss(member, thread, idempotency_key=key, now=now, kind=EventKind.NEW_THREAD)
            await _render_outcome(visitor, receipt)
        case Action.SNOOZE:
            snoozed, until = await ledger.snooze(member, thread, now=now)
            await visitor.respond(snoozed_card(visitor.texts, snoozed, until))
        case Action.MERGE if values:
            corrections = visitor.interaction.client.services.history
            done = await corrections.merge(member, thread, ThreadId(selected_id(values)), now=now)
            await visitor.edit_message(edit_summary_card(visitor.texts, done))
        case Action.VIEW_THREAD:
            await _view_thread(visitor, thread)
        case _:
            raise NotAllowedError("press-unknown")


async def _render_outcome(visitor: InteractionContext, outcome: Receipt | ClarificationNeeded) -> None:
    """A card of its own: the reminder may speak of other threads too."""
    if isinstance(outcome, ClarificationNeeded):
        await visitor.respond(clarification_card(visitor.texts, outcome))
    else:
        await visitor.respond(receipt_card(visitor.texts, outcome))


async def _view_thread(visitor: InteractionContext, thread_id: ThreadId) -> None:
    pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
    preferences = pending.preferences
    for each in pending.waiting:
        if each.thread.id == thread_id:
            closes_at = each.unanswered.window_closes_at
            later = None
            if visitor.now < closes_at:
                later = snooze_until(visitor.now, closes_at, preferences.reminders).astimezone(preferences.zone)
            await visitor.respond(
                thread_card(visitor.texts, each, now=visitor.now, snooze_until=later, cost=pending.cost)
            )
            return
    raise NotAllowedError("ledger-nothing-waits")


async def handle_pending_page(visitor: InteractionContext, page: int) -> None:
    """Turn the list of what waits."""
    pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
    await visitor.edit_message(pending_card(visitor.texts, pending, now=visitor.now, page=page))


def _reply_time_modal_submit(thread: ThreadId) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            moment = parse_time(written[0], now=visitor.now, zone=visitor.preferences.zone)
            ledger = interaction.client.services.recording
            receipt = await ledger.record_reply(
                visitor.member, thread, moment, idempotency_key=visitor.idempotency_key, now=visitor.now
            )
            await _render_outcome(visitor, receipt)

    return submit
