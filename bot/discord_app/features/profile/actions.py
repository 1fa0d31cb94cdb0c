"""The select and the buttons of `/profile`."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.profile.commands import render_profile_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.facts import ProfileItem, RankItem
from bot.errors import NotAllowedError
from bot.services.preference_changes import PreferenceChanges


@on(Target.PROFILE, Action.SET_PROFILE_ITEMS)
async def set_profile_items(ctx: InteractionContext, press: Press) -> None:
    """Set which items are filled: those that were chosen, none if none was."""
    if not set(press.values) <= set(ProfileItem):
        raise NotAllowedError("button-unknown")
    await ctx.services.profile.confirm_items(ctx.member_id, map(ProfileItem, press.values), ProfileItem, now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.SET_RANK_ITEMS)
async def set_rank_items(ctx: InteractionContext, press: Press) -> None:
    """Set what the profile has of what ranks ask: what was chosen, nothing if nothing was."""
    if not set(press.values) <= set(RankItem):
        raise NotAllowedError("button-unknown")
    await ctx.services.profile.confirm_items(ctx.member_id, map(RankItem, press.values), RankItem, now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.RANK)
async def save_chosen_rank(ctx: InteractionContext, press: Press) -> None:
    """Set the rank that Lancers shows, or that it is judged by the criteria."""
    await ctx.services.preferences.apply_changes(ctx.member_id, PreferenceChanges(rank=press.value), now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.CONFIRM)
async def confirm_profile_unchanged(ctx: InteractionContext, _press: Press) -> None:
    """Confirm that the items are still as they were entered."""
    profile = await ctx.services.profile.profile(ctx.member_id, now=ctx.now)
    filled = [item for item, state in profile.items.items() if state.is_filled]
    await ctx.services.profile.confirm_items(ctx.member_id, filled, ProfileItem, now=ctx.now)
    if profile.rank_items:
        rank_items = [item for item, state in profile.rank_items.items() if state.is_filled]
        await ctx.services.profile.confirm_items(ctx.member_id, rank_items, RankItem, now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))


@on(Target.PROFILE, Action.CONFIRM_LOGIN)
async def confirm_last_login(ctx: InteractionContext, _press: Press) -> None:
    await ctx.services.profile.confirm_login(ctx.member_id, lancers_date(ctx.now), now=ctx.now)
    await ctx.edit_message(await render_profile_card(ctx))
