"""`/import`, `/export`, `/erase`: bringing along, taking along, leaving."""

import io

import aiohttp
import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.data.cards import erase_confirmation_card, export_card, import_card
from bot.discord_app.translator import localized
from bot.errors import InvalidInputError
from bot.parsing.import_file import MAX_BYTES
from bot.services.data_transfer import zip_if_large


@app_commands.command(name="import", description=localized("command-import"))
@app_commands.rename(file=localized("option-file"))
@app_commands.describe(file=localized("option-file-about"))
async def import_command(interaction: Interaction, file: discord.Attachment) -> None:
    async with interaction_context(interaction) as ctx:
        if file.size > MAX_BYTES:
            raise InvalidInputError("import-large", most=f"{MAX_BYTES // 1024 // 1024}")
        await ctx.defer()
        porter = ctx.services.data_transfer
        async with porter.upload_slot():
            try:
                data = await file.read()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                raise InvalidInputError("import-unfetched") from error
            preview = await porter.preview(ctx.member_id, file.filename, data, now=ctx.now)
        await ctx.respond(import_card(ctx.texts, preview))


@app_commands.command(name="export", description=localized("command-export"))
async def export_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.defer()
        texts = ctx.texts
        porter = ctx.services.data_transfer
        taken = await porter.export(ctx.member_id, now=ctx.now, unnamed_label=texts("thread-nobody-plain"))
        files = zip_if_large(taken.files)
        card = export_card(texts, taken, list(files))
        await ctx.respond(card, files=[discord.File(io.BytesIO(data), name) for name, data in files.items()])


@app_commands.command(name="erase", description=localized("command-erase"))
async def erase_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        belongings = await ctx.services.erasure.stored_data_summary(ctx.member_id)
        await ctx.respond(erase_confirmation_card(ctx.texts, belongings))
