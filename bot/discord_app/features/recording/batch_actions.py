"""Presses on a card with several receipts."""

import re
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.pressed_card import show_pressed_card
from bot.discord_app.features.recording.batch_card import DRAFT, MESSAGE
from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.layout import SUCCESS, notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import DraftId, MessageId
from bot.errors import NotAllowedError
from bot.services.results import ClarificationNeeded, Receipt

_OPTION_VALUE_RE: Final = re.compile(rf"({MESSAGE}|{DRAFT})-([0-9]{{1,18}})")


@on(Target.BATCH_RECEIPT, Action.FROM_LANCERS)
async def confirm_mail_path_of_batch(ctx: InteractionContext, press: Press) -> None:
    """Confirm that mails of a path are Lancers'. A card that has questions too is not stored, and stays as it is."""
    await ctx.services.mail.confirm_path(ctx.member_id, MessageId(press.target_id), now=ctx.now)
    if not await show_pressed_card(ctx):
        await ctx.respond(notice_card(ctx.texts("mail-path-confirmed"), SUCCESS))


@on(Target.BATCH_RECEIPT, Action.VIEW)
async def show_receipt_of_batch(ctx: InteractionContext, press: Press) -> None:
    """Show one as a new card, so that the others can still be chosen."""
    match = _OPTION_VALUE_RE.fullmatch(press.value)
    if match is None:
        raise NotAllowedError("button-unknown")
    outcome: Receipt | ClarificationNeeded
    if match[1] == MESSAGE:
        outcome = await ctx.services.message_corrections.get_receipt(
            ctx.member_id, MessageId(int(match[2])), now=ctx.now
        )
    else:
        rule = ctx.preferences.rate_rule
        outcome = await ctx.services.answers.get_question(ctx.member_id, DraftId(int(match[2])), rule=rule, now=ctx.now)
    await ctx.respond(
        await outcome_card(ctx.texts, ctx.services.status, ctx.member_id, [outcome], ctx.preferences.zone)
    )
