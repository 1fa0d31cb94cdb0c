"""From a control to what it does."""

from contextlib import suppress

from bot.discord_app.client import Interaction, InteractionRejectedError
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.data.actions import handle_erasure_action, handle_import_action
from bot.discord_app.features.help.actions import handle_help_select
from bot.discord_app.features.history.actions import handle_pagination, handle_profile_action, handle_undo_step
from bot.discord_app.features.pending.actions import handle_pending_page, handle_thread_action
from bot.discord_app.features.recording.batch_actions import handle_batch_select
from bot.discord_app.features.recording.draft_actions import handle_draft_action
from bot.discord_app.features.recording.message_actions import handle_message_action
from bot.discord_app.features.settings.actions import handle_setting_action
from bot.discord_app.ui.components import Action, Target
from bot.errors import NotAllowedError


async def dispatch_component(
    interaction: Interaction, target: Target, target_id: int, action: Action, values: tuple[str, ...]
) -> None:
    """Somebody pressed a button or chose from a select; whose row it is, is checked where the row is read."""
    with suppress(InteractionRejectedError):
        async with interaction_context(interaction) as visitor:
            await _dispatch_by_target(visitor, target, target_id, action, values)


async def _dispatch_by_target(
    visitor: InteractionContext, target: Target, target_id: int, action: Action, values: tuple[str, ...]
) -> None:
    match target:
        case Target.MESSAGE:
            await handle_message_action(visitor, target_id, action, values)
        case Target.THREAD:
            await handle_thread_action(visitor, target_id, action, values)
        case Target.DRAFT:
            await handle_draft_action(visitor, target_id, action, values)
        case Target.SETTING | Target.START:
            await handle_setting_action(visitor, target, action, values)
        case Target.HELP:
            await handle_help_select(visitor, values)
        case Target.PENDING_LIST if action is Action.GO_TO_PAGE:
            await handle_pending_page(visitor, target_id)
        case Target.BATCH_RECEIPT if action is Action.VIEW:
            await handle_batch_select(visitor, values)
        case Target.PROFILE:
            await handle_profile_action(visitor, action, values)
        case _:
            await _dispatch_list_target(visitor, target, target_id, action)


async def _dispatch_list_target(visitor: InteractionContext, target: Target, target_id: int, action: Action) -> None:
    """The record as a whole: its lists, its steps, taking it along and leaving."""
    match target:
        case Target.JOBS | Target.HISTORY | Target.STATUS_DETAIL if action is Action.GO_TO_PAGE:
            await handle_pagination(visitor, target, target_id)
        case Target.UNDO_STEP:
            await handle_undo_step(visitor, target_id, action)
        case Target.IMPORT:
            await handle_import_action(visitor, action)
        case Target.ERASURE:
            await handle_erasure_action(visitor, action)
        case _:
            raise NotAllowedError("button-unknown")
