"""Telling Discord the commands, only when they changed: Discord allows few syncs a day."""

import hashlib
import json
from collections.abc import Iterable

import discord
import structlog
from discord import app_commands

from bot.discord_app.client import NinteiClient

log = structlog.get_logger()


async def sync_commands_if_changed(client: NinteiClient) -> None:
    """Compare with what was synced last for this application, and with what Discord has."""
    translator = client.tree.translator
    payload = [
        await command.get_translated_payload(client.tree, translator) if translator else command.to_dict(client.tree)
        for command in client.tree.get_commands()
    ]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    application = client.application_id or 0
    named = {(each["name"], each.get("type", 1)) for each in payload}
    there = await client.tree.fetch_commands()
    client.command_ids = _command_ids(there)
    if {
        (command.name, command.type.value) for command in there
    } == named and await client.services.synced_commands_digest(application) == digest:
        log.info("commands_unchanged")
        return
    async with client.services.database.try_lock("sync") as mine:
        if not mine:
            return  # another process is just telling it
        client.command_ids = _command_ids(await client.tree.sync())
        await client.services.save_synced_commands_digest(application, digest)
    log.info("commands_synced", count=len(payload))


def _command_ids(commands: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """A group cannot be called itself; its commands are called by both names."""
    ids: dict[str, int] = {}
    for command in commands:
        if command.type is discord.AppCommandType.chat_input:
            inner = [each for each in command.options if isinstance(each, app_commands.AppCommandGroup)]
            names = [f"{command.name} {each.name}" for each in inner] or [command.name]
            ids |= dict.fromkeys(names, command.id)
    return ids
