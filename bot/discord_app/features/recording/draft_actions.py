"""The buttons of a question: each supplies the one fact that was missing."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.recording.message_actions import edit_to_outcome
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Action, Press, Target, selected_id
from bot.discord_app.ui.layout import notice
from bot.discord_app.ui.modals import client_form, time_form
from bot.domain.types import DraftId, ThreadId
from bot.errors import NotAllowedError
from bot.parsing.times.resolver import parse_time
from bot.services.preference_changes import PreferenceChanges
from storage.drafts import Draft, MissingInfo
from storage.members import Badge


async def _load_draft(ctx: InteractionContext, press: Press) -> Draft:
    return await ctx.services.recording.draft(ctx.member_id, DraftId(press.target_id))


@on(Target.DRAFT, Action.CHANGE_TIME)
async def ask_draft_time(ctx: InteractionContext, press: Press) -> None:
    draft, at = await _load_draft(ctx, press), ctx.now.replace(second=0)
    await ctx.show_modal(
        time_form(ctx.texts, Target.DRAFT, draft.id, Action.CHANGE_TIME, at=at, zone=ctx.preferences.zone)
    )


@on_submit(Target.DRAFT, Action.CHANGE_TIME)
async def submit_draft_time(ctx: InteractionContext, press: Press) -> None:
    draft_id = DraftId(press.target_id)
    sent_at = parse_time(press.value, now=ctx.now, zone=ctx.preferences.zone)
    recording = ctx.services.recording
    await edit_to_outcome(ctx, await recording.complete_draft(ctx.member_id, draft_id, time=sent_at, now=ctx.now))


@on(Target.DRAFT, Action.CHANGE_THREAD)
async def choose_draft_thread(ctx: InteractionContext, press: Press) -> None:
    draft = await _load_draft(ctx, press)
    thread_id = ThreadId(selected_id(press.values))
    if not thread_id:
        raise NotAllowedError("button-unknown")
    recording = ctx.services.recording
    await edit_to_outcome(
        ctx, await recording.complete_draft(ctx.member_id, draft.id, thread_id=thread_id, now=ctx.now)
    )


@on(Target.DRAFT, Action.START_CLOCK)
async def start_clock(ctx: InteractionContext, press: Press) -> None:
    """Record the message that opens the reply window; who wrote it is asked if it is not known."""
    draft = await _load_draft(ctx, press)
    if draft.content.client is None:
        title = draft.content.title
        await ctx.show_modal(
            client_form(ctx.texts, Target.DRAFT, draft.id, Action.START_CLOCK, client=None, title=title)
        )
    else:
        await edit_to_outcome(ctx, await ctx.services.recording.complete_draft(ctx.member_id, draft.id, now=ctx.now))


@on_submit(Target.DRAFT, Action.START_CLOCK, fields=2)
async def submit_draft_client(ctx: InteractionContext, press: Press) -> None:
    client, title = press.values
    outcome = await ctx.services.recording.complete_draft(
        ctx.member_id, DraftId(press.target_id), client=client, title=title or None, now=ctx.now
    )
    await edit_to_outcome(ctx, outcome)


@on(Target.DRAFT, Action.COUNT_AS_REPLY, Action.SENT_IN_NEW_THREAD)
async def resolve_late_reply(ctx: InteractionContext, press: Press) -> None:
    """A reply that would count as late: it counts, or it was sent in a new thread."""
    draft = await _load_draft(ctx, press)
    if draft.content.missing is not MissingInfo.LATE_REPLY_WARNING:
        raise NotAllowedError("button-unknown")
    recording, key = ctx.services.recording, ctx.idempotency_key
    if press.action is Action.COUNT_AS_REPLY:
        await edit_to_outcome(ctx, await recording.complete_draft(ctx.member_id, draft.id, now=ctx.now))
    else:
        await recording.resolve_as_new_thread(ctx.member_id, draft.id, idempotency_key=key, now=ctx.now)
        await ctx.edit_message(notice(ctx.texts("draft-new-thread")))


@on(Target.DRAFT, Action.CONFIRM_BADGE)
async def confirm_badge(ctx: InteractionContext, press: Press) -> None:
    draft = await _load_draft(ctx, press)
    time = draft.content.time
    changes = PreferenceChanges(badge=Badge.HELD, badge_since=time.at if time else None)
    await ctx.services.preferences.apply(ctx.member_id, changes, now=ctx.now)
    await ctx.services.recording.discard_draft(ctx.member_id, draft.id)
    await ctx.edit_message(notice(ctx.texts("badge-noted")))


@on(Target.DRAFT, Action.CANCEL)
async def discard_draft(ctx: InteractionContext, press: Press) -> None:
    await ctx.services.recording.discard_draft(ctx.member_id, (await _load_draft(ctx, press)).id)
    await ctx.edit_message(notice(ctx.texts("draft-cancelled")))
