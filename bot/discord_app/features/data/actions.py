"""Presses of the cards of `/import`, `/export` and `/erase`."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

import discord

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.data.cards import import_preview_card, import_progress_card, import_result_card
from bot.discord_app.features.data.offered_file import (
    FileGoneError,
    download_import_file,
    fetch_offered_attachment,
    parse_offered_file,
)
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NinteiError, NotAllowedError
from bot.services.data_transfer import ImportResult, ProgressCallback

INLINE_IMPORT_LIMIT: Final = 3000
"""Rows that can be written within the three seconds that Discord waits for an answer."""


@on(Target.IMPORT, Action.CANCEL)
async def discard_import(ctx: InteractionContext, press: Press) -> None:
    ctx.services.data_transfer.discard_import(ctx.member_id, press.target_id)
    await ctx.edit_message(notice_card(ctx.texts("import-cancelled")))


@on(Target.IMPORT, Action.CONFIRM)
async def commit_import(ctx: InteractionContext, press: Press) -> None:
    """Write what the card shows. On a card of a former version the number is 0, which no preview has."""
    transfer = ctx.services.data_transfer
    rows = transfer.pending_row_count(ctx.member_id, press.target_id)
    await _write_import_with_progress(
        ctx,
        rows,
        lambda progress: transfer.commit_import(ctx.member_id, progress, now=ctx.now, number=press.target_id),
    )


@on(Target.IMPORT, Action.IMPORT_FILE)
async def import_offered_file(ctx: InteractionContext, press: Press) -> None:
    """Import a file of the member's direct message; what cannot be imported is shown as by `/import`."""
    transfer, request_timeout = ctx.services.data_transfer, ctx.client.sender.timeouts.request
    if ctx.interaction.channel_id is None or not ctx.in_dm:
        raise NotAllowedError("button-unknown")
    channel = ctx.client.get_partial_messageable(ctx.interaction.channel_id, type=discord.ChannelType.private)
    try:
        attachment = await fetch_offered_attachment(channel, parse_offered_file(press), ctx.member_id, request_timeout)
        async with transfer.upload_slot():
            name, data = await download_import_file(attachment, request_timeout)
            opened = await transfer.open_import_file(ctx.member_id, name, data, now=ctx.now)
    except FileGoneError as error:
        # Without the button, which can do nothing more.
        await ctx.edit_message(notice_card(format_error(ctx.texts, error)))
        return
    if not opened.preview.is_importable:
        await ctx.edit_message(import_preview_card(ctx.texts, opened.preview))
        return
    await _write_import_with_progress(
        ctx,
        opened.row_count,
        lambda progress: transfer.import_opened_file(ctx.member_id, opened, progress, now=ctx.now),
    )


async def _write_import_with_progress(
    ctx: InteractionContext, rows: int, write: Callable[[ProgressCallback], Awaitable[ImportResult]]
) -> None:
    """Write an import; one of many rows is answered at once and shows its progress."""
    if rows <= INLINE_IMPORT_LIMIT:
        await ctx.edit_message(import_result_card(ctx.texts, await write(ignore_progress)))
        return
    await ctx.edit_message(notice_card(ctx.texts("import-begins")))
    last_edit = time.monotonic()

    async def show_progress(written: int, total: int) -> None:
        nonlocal last_edit
        if time.monotonic() - last_edit >= ctx.client.sender.timeouts.progress_interval:
            last_edit = time.monotonic()
            await ctx.show_progress(import_progress_card(ctx.texts, written, total))

    try:
        card = import_result_card(ctx.texts, await write(show_progress))
    except NinteiError as error:
        card = notice_card(format_error(ctx.texts, error), DANGER)
    await ctx.edit_response(card)


async def ignore_progress(_written: int, _total: int) -> None:
    """A small import is done before its progress could be shown."""


@on(Target.ERASURE, Action.CANCEL)
async def cancel_erasure(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(notice_card(ctx.texts("erase-cancelled")))


@on(Target.ERASURE, Action.CONFIRM)
async def erase_confirmed_member(ctx: InteractionContext, _press: Press) -> None:
    await _erase_member_of_press(ctx)
    await ctx.edit_message(notice_card(ctx.texts("erase-done")))


@on(Target.ERASURE, Action.CONFIRM_WITH_MESSAGES)
async def erase_member_and_bot_messages(ctx: InteractionContext, _press: Press) -> None:
    """Erase first, since the deletion of messages can take long and is not carried on after a restart."""
    member, _ = await ctx.services.members.find(ctx.member_id)
    channel_id = ctx.interaction.channel_id if ctx.in_dm else member.channel_id if member else None
    await _erase_member_of_press(ctx)
    if channel_id is None:
        await ctx.edit_message(notice_card(ctx.texts("erase-done")))
        return
    await ctx.edit_message(notice_card(f"{ctx.texts('erase-done')}\n{ctx.texts('erase-messages-begun')}"))
    card = ctx.interaction.message

    async def report(deleted: int, are_all_gone: bool) -> None:  # noqa: FBT001 — of a callback
        lines = [ctx.texts("erase-done"), ctx.texts("erase-messages-done", count=deleted)]
        if not are_all_gone:
            lines.append(ctx.texts("erase-messages-left"))
        done = notice_card("\n".join(lines))
        if ctx.in_dm and card is not None:
            channel = ctx.client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
            await channel.get_partial_message(card.id).edit(view=done)
        else:
            await ctx.interaction.edit_original_response(view=done)

    ctx.client.own_messages.start(channel_id, ctx.interaction.id, card.id if card else 0, report)


async def _erase_member_of_press(ctx: InteractionContext) -> None:
    # Discord's ids grow with time: what has a lower one than this press was written before it.
    await ctx.services.erasure.erase(ctx.member_id, now=ctx.now, last_read_message_id=ctx.interaction.id)
