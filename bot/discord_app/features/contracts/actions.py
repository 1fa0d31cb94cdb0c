"""The buttons that mark a thread, and those of a contact request."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.contracts.parts import thread_mark_line
from bot.discord_app.features.pending.pressed_card import show_pressed_card
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.message_actions import replace_card_by_outcome, show_receipt_again
from bot.discord_app.features.recording.receipt_card import press_result_text
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.formatting import format_thread_name
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.contracts import SILENCE_LIMIT
from bot.domain.types import MessageId, Site
from bot.services.results import ClarificationNeeded
from storage.threads import Thread


@on(Target.MESSAGE, Action.MARK_CONTRACT, Action.END_CONTRACT)
@on(Target.WINDOW, Action.MARK_CONTRACT, Action.END_CONTRACT)
async def mark_thread_under_contract(ctx: InteractionContext, press: Press) -> None:
    """Mark the message's thread as under contract, or end that; a thread that is marked already keeps its instant."""
    marks = ctx.services.marks
    message = await ctx.services.message_corrections.get_message(ctx.member_id, MessageId(press.target_id))
    thread_id = message.thread_id
    under_contract = press.action is Action.MARK_CONTRACT
    thread = await marks.set_contract(ctx.member_id, thread_id, under_contract=under_contract, now=ctx.now)
    await _show_marked_thread(ctx, press, thread)
    silent_since = await marks.client_silent_since(ctx.member_id, thread_id) if under_contract else None
    if silent_since is not None and ctx.now >= silent_since + SILENCE_LIMIT:
        name = format_thread_name(ctx.texts, thread)
        await ctx.respond(notice_card(ctx.texts("contract-client-silent-plain", thread=name)))


@on(Target.MESSAGE, Action.MARK_OTHER_SITE, Action.MARK_LANCERS)
@on(Target.WINDOW, Action.MARK_OTHER_SITE, Action.MARK_LANCERS)
async def mark_thread_site(ctx: InteractionContext, press: Press) -> None:
    message = await ctx.services.message_corrections.get_message(ctx.member_id, MessageId(press.target_id))
    site = Site.OTHER if press.action is Action.MARK_OTHER_SITE else Site.LANCERS
    await _show_marked_thread(
        ctx, press, await ctx.services.marks.set_site(ctx.member_id, message.thread_id, site, now=ctx.now)
    )


async def _show_marked_thread(ctx: InteractionContext, press: Press, thread: Thread) -> None:
    """Show the card of the press as it is now; a card that is not stored is answered with the mark alone."""
    if await show_pressed_card(ctx):
        return
    if press.target is Target.MESSAGE:
        await show_receipt_again(ctx, press)
    else:
        name = format_thread_name(ctx.texts, thread)
        await ctx.respond(
            notice_card(f"{name} — {thread_mark_line(ctx.texts, thread) or ctx.texts('thread-unmarked')}")
        )


@on(Target.MESSAGE, Action.CONTACT_REPLIED, Action.CONTACTED)
async def end_contact_request(ctx: InteractionContext, press: Press) -> None:
    """End the window of a contact request: by a reply, or because the member says that it is settled."""
    marks, request_id, key = ctx.services.marks, MessageId(press.target_id), ctx.idempotency_key
    end = marks.reply_to_contact_request if press.action is Action.CONTACT_REPLIED else marks.end_contact_request
    outcome = await end(ctx.member_id, request_id, idempotency_key=key, now=ctx.now)
    if isinstance(outcome, ClarificationNeeded):
        await ctx.respond(clarification_card(ctx.texts, outcome))  # the card may be about others, too
    elif not await show_pressed_card(ctx, request_id, press_result_text(ctx.texts, outcome)):
        await replace_card_by_outcome(ctx, outcome)
