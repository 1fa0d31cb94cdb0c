"""`/import`, `/export`, `/erase`: all that is stored of the member."""

import discord

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.data.cards import confirm_erasure_card, export_card, import_preview_card
from bot.discord_app.features.data.offered_file import download_import_file, ensure_import_size_allowed
from bot.discord_app.registry import command


@command("import")
async def import_command(ctx: InteractionContext, file: discord.Attachment) -> None:
    ensure_import_size_allowed(file)
    await ctx.defer()
    transfer = ctx.services.data_transfer
    async with transfer.upload_slot():
        name, data = await download_import_file(file, ctx.client.sender.timeouts.request)
        preview = await transfer.preview_import(ctx.member_id, name, data, now=ctx.now)
    await ctx.respond(import_preview_card(ctx.texts, preview))


@command("export")
async def export_command(ctx: InteractionContext) -> None:
    await ctx.defer()
    texts = ctx.texts
    unnamed_label = texts("thread-nobody-plain")
    with await ctx.services.data_transfer.export(ctx.member_id, now=ctx.now, unnamed_label=unnamed_label) as export:
        files = [discord.File(file, name) for name, file in export.files.items()]
        try:
            await ctx.respond(export_card(texts, export, list(export.files)), files=files)
        finally:  # also after an answer that was refused: until then discord.py keeps them open
            for file in files:
                file.close()


@command("erase")
async def erase_command(ctx: InteractionContext) -> None:
    summary = await ctx.services.erasure.stored_data_summary(ctx.member_id)
    await ctx.respond(confirm_erasure_card(ctx.texts, summary))
