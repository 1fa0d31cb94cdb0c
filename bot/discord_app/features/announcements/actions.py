"""The button of an announcement."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.layout import notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.services.preference_changes import PreferenceChanges


@on(Target.ANNOUNCEMENT, Action.STOP_ANNOUNCEMENTS)
async def stop_announcements(ctx: InteractionContext, _press: Press) -> None:
    """Answered by a card of its own, so that the announcement stays."""
    await ctx.services.preferences.apply_changes(ctx.member_id, PreferenceChanges(announcements=False), now=ctx.now)
    await ctx.respond(notice_card(ctx.texts("announcements-stopped")))
