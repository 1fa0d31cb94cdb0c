"""The buttons of a question: each supplies the one fact that was missing."""

from datetime import timedelta
from functools import wraps
from typing import Final

import structlog

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.pressed_card import edit_pressed_card, load_pressed_card
from bot.discord_app.features.recording.message_actions import replace_card_by_outcome
from bot.discord_app.interaction_metrics import set_interaction_outcome
from bot.discord_app.registry import Handler, on, on_submit
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.formatting import format_thread_name
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.modals import client_modal, time_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import ONE_DAY
from bot.domain.messages import Intent, ParsedTime, Precision
from bot.domain.names import clean_title
from bot.domain.types import DraftId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.line.interpretation import is_name_doubtful
from bot.parsing.times.errors import TimeUncertainError
from bot.parsing.times.resolver import parse_time
from bot.services.draft_answers import DraftAnswer
from bot.services.results import ClarificationNeeded
from storage.cards import ENDED
from storage.drafts import Draft, MissingInfo

log = structlog.get_logger()

_AGO: Final = {
    Action.SENT_NOW: timedelta(),
    Action.SENT_10_MIN_AGO: timedelta(minutes=10),
    Action.SENT_1_HOUR_AGO: timedelta(hours=1),
}
_INTENTS: Final = {
    Action.RECEIVED_NOW: Intent.RECEIVED,
    Action.REPLIED_NOW: Intent.REPLIED,
    Action.DISMISS: Intent.DISMISSED,
}
_CONFIRMED_BY: Final = {
    Action.CONFIRM_NEW_CLIENT: MissingInfo.NEW_CLIENT,
    Action.CONFIRM_TIME: MissingInfo.MOMENT,
    Action.RECORD_ANYWAY: MissingInfo.NOTHING_WAITS,
}


def _only_for_open_question(handler: Handler) -> Handler:
    """A press on a question that has ended shows in its card what became of it."""

    @wraps(handler)
    async def handle(ctx: InteractionContext, press: Press) -> None:
        try:
            await handler(ctx, press)
        except NotAllowedError as error:
            card = await load_pressed_card(ctx)
            if card is None or card.card.content.draft_id != ENDED:
                raise
            log.info("request_refused", error=error.message_id)
            set_interaction_outcome("refused")
            await edit_pressed_card(ctx, card)
            await ctx.services.cards.stop_updating(card.card, now=ctx.now)

    return handle


async def _end_question_card(ctx: InteractionContext, sentence: str) -> None:
    """Replace the card of a question by a sentence."""
    await ctx.edit_message(notice_card(sentence))
    card = await load_pressed_card(ctx)
    if card is not None and card.card.content.draft_id is not None:
        await ctx.services.cards.stop_updating(card.card, now=ctx.now)


async def _load_draft_of_press(ctx: InteractionContext, press: Press, missing: MissingInfo | None = None) -> Draft:
    """The draft that a press is about. Raises `NotAllowedError` where it lacks something else than `missing`."""
    draft = await ctx.services.recording.get_draft(ctx.member_id, DraftId(press.target_id))
    if missing is not None and draft.content.missing is not missing:
        raise NotAllowedError("button-unknown")
    return draft


@on(Target.DRAFT, Action.CHANGE_TIME)
@_only_for_open_question
async def open_draft_time_form(ctx: InteractionContext, press: Press) -> None:
    draft, at = await _load_draft_of_press(ctx, press), ctx.now.replace(second=0)
    if (day := draft.content.day) is not None:
        at = min(at, day + (at - day) % ONE_DAY)
    await ctx.show_modal(
        time_modal(ctx.texts, Target.DRAFT, draft.id, Action.CHANGE_TIME, at=at, zone=ctx.preferences.zone)
    )


@on_submit(Target.DRAFT, Action.CHANGE_TIME)
@_only_for_open_question
async def submit_draft_time(ctx: InteractionContext, press: Press) -> None:
    doubt: TimeUncertainError | None = None
    try:
        answer = DraftAnswer(time=parse_time(press.value, now=ctx.now, zone=ctx.preferences.zone))
    except TimeUncertainError as error:
        doubt, answer = error, DraftAnswer(time=error.proposal, time_inferred=True)
    outcome = await ctx.services.answers.complete_draft_with_time(
        ctx.member_id, DraftId(press.target_id), answer, press.value, now=ctx.now
    )
    if outcome is None:
        raise doubt or NotAllowedError("button-unknown")
    await replace_card_by_outcome(ctx, outcome)


@on(Target.DRAFT, Action.SENT_NOW, Action.SENT_10_MIN_AGO, Action.SENT_1_HOUR_AGO)
@_only_for_open_question
async def set_draft_time(ctx: InteractionContext, press: Press) -> None:
    precision = Precision.MINUTE if press.action is Action.SENT_NOW else Precision.ABOUT
    await _complete_draft(ctx, press, DraftAnswer(time=ParsedTime(ctx.now - _AGO[press.action], precision)))


@on(Target.DRAFT, Action.RECEIVED_NOW, Action.REPLIED_NOW, Action.DISMISS)
@_only_for_open_question
async def answer_draft_event(ctx: InteractionContext, press: Press) -> None:
    """The client of the line wrote just now, was answered just now, or needs no reply."""
    await _complete_draft(ctx, press, DraftAnswer(intent=_INTENTS[press.action]))


@on(Target.DRAFT, Action.CONFIRM_NEW_CLIENT, Action.CONFIRM_TIME, Action.RECORD_ANYWAY)
@_only_for_open_question
async def confirm_draft(ctx: InteractionContext, press: Press) -> None:
    """Record the line as it was understood, which the member confirms."""
    content = (await _load_draft_of_press(ctx, press, _CONFIRMED_BY[press.action])).content
    client = content.client if press.action is Action.CONFIRM_NEW_CLIENT else None
    await _complete_draft(ctx, press, DraftAnswer(client=client))


@on(Target.DRAFT, Action.CHANGE_CLIENT)
@_only_for_open_question
async def open_draft_client_form(ctx: InteractionContext, press: Press) -> None:
    """Open a form for another client than those that are offered."""
    draft = await _load_draft_of_press(ctx, press)
    content = draft.content
    client, title = content.client, content.title
    await ctx.show_modal(
        client_modal(ctx.texts, Target.DRAFT, draft.id, Action.CHANGE_CLIENT, client=client, title=title)
    )


@on(Target.DRAFT, Action.MARK_OTHER_SITE)
async def open_draft_client_form_of_other_site(ctx: InteractionContext, press: Press) -> None:
    """Open a form for who wrote on another site; it proposes the site's name as the name of the conversation."""
    await _load_draft_of_press(ctx, press, MissingInfo.OTHER_SITE)
    await open_draft_client_form(ctx, press)


@on(Target.DRAFT, Action.CONTACT_REQUEST)
async def record_contact_request(ctx: InteractionContext, press: Press) -> None:
    """Record the mail of a question as 連絡催促, or ask when it came if that is not known."""
    asked = await _replace_mail_question(ctx, press, MissingInfo.CONTACT_REQUEST)
    if asked.draft.content.time is None:
        await replace_card_by_outcome(ctx, asked)
        return
    outcome = await ctx.services.answers.complete_draft(ctx.member_id, asked.draft.id, DraftAnswer(), now=ctx.now)
    await replace_card_by_outcome(ctx, outcome)


@on(Target.DRAFT, Action.MARK_CONTRACT)
async def ask_thread_of_contract_mail(ctx: InteractionContext, press: Press) -> None:
    """Ask of which thread the mail of a question says that a contract began."""
    await replace_card_by_outcome(ctx, await _replace_mail_question(ctx, press, MissingInfo.CONTRACT))


async def _replace_mail_question(ctx: InteractionContext, press: Press, missing: MissingInfo) -> ClarificationNeeded:
    """Replace the question about an unknown mail by another one."""
    draft = await _load_draft_of_press(ctx, press, MissingInfo.UNCLEAR)
    return await ctx.services.statements.replace_question(ctx.member_id, draft.id, missing, now=ctx.now)


async def _mark_thread_of_contract_mail(ctx: InteractionContext, press: Press, answer: DraftAnswer) -> None:
    """Mark the thread of a mail about a contract as under contract, and say so on the card."""
    draft_id = DraftId(press.target_id)
    thread = await ctx.services.marks.complete_contract(ctx.member_id, draft_id, answer, now=ctx.now)
    name = format_thread_name(ctx.texts, thread)
    await _end_question_card(ctx, ctx.texts("contract-noted", thread=name))


@on_submit(Target.DRAFT, Action.START_CLOCK, Action.CHANGE_CLIENT, fields=2)
@_only_for_open_question
async def submit_draft_client(ctx: InteractionContext, press: Press) -> None:
    client, title = map(clean_title, press.values)
    is_certain = not is_name_doubtful(client, now=ctx.now, zone=ctx.preferences.zone)
    await _complete_draft(ctx, press, DraftAnswer(client=client, client_certain=is_certain, title=title or None))


async def _complete_draft(ctx: InteractionContext, press: Press, answer: DraftAnswer) -> None:
    """Complete the draft with the answer; its card becomes the receipt, or the next question."""
    draft_id = DraftId(press.target_id)
    if (await _load_draft_of_press(ctx, press)).content.missing is MissingInfo.CONTRACT:
        await _mark_thread_of_contract_mail(ctx, press, answer)
        return
    await replace_card_by_outcome(
        ctx, await ctx.services.answers.complete_draft(ctx.member_id, draft_id, answer, now=ctx.now)
    )


@on(Target.DRAFT, Action.CHANGE_THREAD)
@_only_for_open_question
async def choose_draft_thread(ctx: InteractionContext, press: Press) -> None:
    thread_id = ThreadId(parse_selected_id(press.values))
    if not thread_id:
        raise NotAllowedError("button-unknown")
    await _complete_draft(ctx, press, DraftAnswer(thread_id=thread_id))


@on(Target.DRAFT, Action.START_CLOCK)
@_only_for_open_question
async def record_message_opening_window(ctx: InteractionContext, press: Press) -> None:
    """Record the message that opens the reply window; who wrote it is asked if it is not known."""
    draft = await _load_draft_of_press(ctx, press)
    if draft.content.client is None:
        title = draft.content.title
        await ctx.show_modal(
            client_modal(ctx.texts, Target.DRAFT, draft.id, Action.START_CLOCK, client=None, title=title)
        )
    else:
        await _complete_draft(ctx, press, DraftAnswer())


@on(Target.DRAFT, Action.COUNT_AS_REPLY, Action.SENT_IN_NEW_THREAD)
@_only_for_open_question
async def resolve_late_reply(ctx: InteractionContext, press: Press) -> None:
    """A reply that would count as late: it counts, or it was sent in a new thread."""
    draft = await _load_draft_of_press(ctx, press, MissingInfo.LATE_REPLY_WARNING)
    recording, key = ctx.services.recording, ctx.idempotency_key
    if press.action is Action.COUNT_AS_REPLY:
        await replace_card_by_outcome(
            ctx, await recording.complete_draft(ctx.member_id, draft.id, DraftAnswer(), now=ctx.now)
        )
    else:
        await recording.resolve_as_new_thread(ctx.member_id, draft.id, idempotency_key=key, now=ctx.now)
        await _end_question_card(ctx, ctx.texts("draft-new-thread"))


@on(Target.DRAFT, Action.CONFIRM_BADGE)
@_only_for_open_question
async def confirm_badge_of_draft(ctx: InteractionContext, press: Press) -> None:
    draft = await _load_draft_of_press(ctx, press, MissingInfo.BADGE)
    await ctx.services.answers.confirm_badge(ctx.member_id, draft, now=ctx.now)
    await _end_question_card(ctx, ctx.texts("badge-noted"))


@on(Target.DRAFT, Action.CANCEL)
@_only_for_open_question
async def discard_draft(ctx: InteractionContext, press: Press) -> None:
    await ctx.services.recording.discard_draft(ctx.member_id, (await _load_draft_of_press(ctx, press)).id, now=ctx.now)
    await _end_question_card(ctx, ctx.texts("draft-cancelled"))
