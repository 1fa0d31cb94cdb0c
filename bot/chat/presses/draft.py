"""The buttons of a question: the one thing that was missing."""

from bot.chat.cards.frame import note
from bot.chat.cards.receipt import question_card, receipt_card
from bot.chat.client import Interaction
from bot.chat.controls import Act, number_in
from bot.chat.forms import Submit, client_form, time_form
from bot.chat.visitor import Visitor, visit
from bot.domain.types import DraftId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import ParsedTime, parse_time
from bot.services.preference_changes import PreferenceChanges
from bot.services.results import ClarificationNeeded, Receipt
from storage.drafts import MissingInfo
from storage.members import Badge


async def press_draft(visitor: Visitor, number: int, act: Act, values: tuple[str, ...]) -> None:
    """Answer a question."""
    services, member, now = visitor.interaction.client.services, visitor.member, visitor.now
    draft = await services.recording.draft(member, DraftId(number))
    content = draft.content
    match act:
        case Act.TIME:
            form = time_form(visitor.texts, _at(draft.id), now.replace(second=0), visitor.preferences.zone)
            await visitor.interaction.response.send_modal(form)
        case Act.MOVE if chosen := number_in(values):
            await show(
                visitor, await services.recording.complete_draft(member, draft.id, thread=ThreadId(chosen), now=now)
            )
        case Act.START if content.client is None:
            form = client_form(visitor.texts, _started(draft.id), client=None, title=content.title)
            await visitor.interaction.response.send_modal(form)
        case Act.START:
            await show(visitor, await services.recording.complete_draft(member, draft.id, now=now))
        case Act.COUNT_IT if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await show(visitor, await services.recording.complete_draft(member, draft.id, now=now))
        case Act.ELSEWHERE if content.missing is MissingInfo.LATE_REPLY_WARNING:
            await services.recording.resolve_as_new_thread(member, draft.id, idempotency_key=visitor.key, now=now)
            await visitor.replace(note(visitor.texts("trap-elsewhere")))
        case Act.HELD:
            await services.preferences.apply(
                member, PreferenceChanges(badge=Badge.HELD, badge_since=content.sent_at), now=now
            )
            await services.recording.discard_draft(member, draft.id)
            await visitor.replace(note(visitor.texts("badge-noted")))
        case Act.DROP:
            await services.recording.discard_draft(member, draft.id)
            await visitor.replace(note(visitor.texts("draft-dropped")))
        case _:
            raise NotAllowedError("press-unknown")


async def show(visitor: Visitor, outcome: Receipt | ClarificationNeeded) -> None:
    """The question becomes the receipt, or the next question."""
    texts = visitor.texts
    if isinstance(outcome, ClarificationNeeded):
        await visitor.replace(question_card(texts, outcome))
        return
    observer = visitor.interaction.client.services.status
    choices = await observer.candidate_threads(visitor.member, outcome.thread) if outcome.thread.unassigned else []
    await visitor.replace(receipt_card(texts, outcome, choices))


def _at(draft: DraftId) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            moment: ParsedTime = parse_time(written[0], now=visitor.now, zone=visitor.preferences.zone)
            ledger = interaction.client.services.recording
            await show(visitor, await ledger.complete_draft(visitor.member, draft, moment=moment, now=visitor.now))

    return submit


def _started(draft: DraftId) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            client, title = written
            ledger = interaction.client.services.recording
            outcome = await ledger.complete_draft(
                visitor.member, draft, client=client, title=title or None, now=visitor.now
            )
            await show(visitor, outcome)

    return submit
