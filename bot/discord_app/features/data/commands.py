"""`/import`, `/export`, `/erase`: bringing along, taking along, leaving."""

import io

import aiohttp
import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.data.cards import erase_confirmation_card, export_card, import_card
from bot.discord_app.translator import localized
from bot.errors import InvalidInputError
from bot.parsing.import_file import MAX_BYTES
from bot.services.data_transfer import zip_if_large

Ask = discord.Interaction[NinteiClient]


def add_porting_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_import)
    client.tree.add_command(_export)
    client.tree.add_command(_erase)


@app_commands.command(name="import", description=localized("command-import"))
@app_commands.rename(file=localized("option-file"))
@app_commands.describe(file=localized("option-file-about"))
async def _import(interaction: Ask, file: discord.Attachment) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        if file.size > MAX_BYTES:
            raise InvalidInputError("import-too-large", most=f"{MAX_BYTES // 1024 // 1024}")
        await visitor.defer()
        porter = visitor.interaction.client.services.data_transfer
        async with porter.upload_slot():
            try:
                data = await file.read()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
                raise InvalidInputError("import-unfetched") from fault
            preview = await porter.preview(visitor.member, file.filename, data, now=visitor.now)
        await visitor.respond(import_card(visitor.texts, preview))


@app_commands.command(name="export", description=localized("command-export"))
async def _export(interaction: Ask) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        await visitor.defer()
        texts = visitor.texts
        porter = visitor.interaction.client.services.data_transfer
        taken = await porter.export(visitor.member, now=visitor.now, unnamed_label=texts("thread-nobody-plain"))
        files = zip_if_large(taken.files)
        card = export_card(texts, taken, list(files))
        await visitor.respond(card, files=[discord.File(io.BytesIO(data), name) for name, data in files.items()])


@app_commands.command(name="erase", description=localized("command-erase"))
async def _erase(interaction: Ask) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        belongings = await visitor.interaction.client.services.erasure.stored_data_summary(visitor.member)
        await visitor.respond(erase_confirmation_card(visitor.texts, belongings))
