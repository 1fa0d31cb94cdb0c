"""Presses of `/history`: its pages, merging two threads, and undoing an edit."""

from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.history.cards import edit_summary_card, history_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import ThreadId, UndoStepId
from bot.errors import NotAllowedError

INLINE_UNDO_LIMIT: Final = 1000
"""Messages that can be restored within the three seconds that Discord waits for an answer."""


@on(Target.HISTORY, Action.GO_TO_PAGE)
async def show_history_page(ctx: InteractionContext, press: Press) -> None:
    await ctx.edit_message(history_card(ctx.texts, await ctx.services.history.page(ctx.member_id, press.target_id)))


@on(Target.THREAD, Action.MERGE)
async def merge_chosen_threads(ctx: InteractionContext, press: Press) -> None:
    if not press.values:
        raise NotAllowedError("button-unknown")
    source, target = ThreadId(press.target_id), ThreadId(parse_selected_id(press.values))
    summary = await ctx.services.history.merge_threads(ctx.member_id, source, target, now=ctx.now)
    await ctx.edit_message(edit_summary_card(ctx.texts, summary))


@on(Target.UNDO_STEP, Action.UNDO_STEP)
async def undo_newest_step(ctx: InteractionContext, press: Press) -> None:
    """Undo the newest edit; a large one is answered at once and edited when it is done."""
    history, step_id = ctx.services.history, UndoStepId(press.target_id)
    await ctx.client.dm_handler.receipts.flush_before_undo(ctx.member_id)
    if await history.step_size(ctx.member_id, step_id) <= INLINE_UNDO_LIMIT:
        summary = await history.undo_newest_step(ctx.member_id, step_id, now=ctx.now)
        await ctx.edit_message(edit_summary_card(ctx.texts, summary))
        return
    await ctx.edit_message(notice_card(ctx.texts("edit-begins")))
    summary = await history.undo_newest_step(ctx.member_id, step_id, now=ctx.now)
    await ctx.edit_response(edit_summary_card(ctx.texts, summary))
