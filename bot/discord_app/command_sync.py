"""Syncs the commands to Discord, only when they changed: Discord allows few syncs a day."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import discord
import structlog
from discord import app_commands

from storage import synced_commands
from storage.database import Database

log = structlog.get_logger()


async def sync_commands_if_changed(tree: app_commands.CommandTree[Any], database: Database) -> dict[str, int]:
    """Sync if the commands differ from those synced last for this application, or from those that Discord has.

    Returns Discord's id of each command by its name. Raises `discord.app_commands.AppCommandError` and
    `discord.HTTPException`.
    """
    payload = [
        await command.get_translated_payload(tree, tree.translator) if tree.translator else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    application_id = tree.client.application_id or 0
    commands = await tree.fetch_commands()
    names = {(command["name"], command.get("type", 1)) for command in payload}
    synced_digest = await synced_commands.get_digest(database, application_id)
    if digest == synced_digest and {(command.name, command.type.value) for command in commands} == names:
        log.info("commands_unchanged")
        return _command_ids(commands)
    async with database.try_lock("sync") as locked:
        if locked:  # else another process is syncing them
            commands = await tree.sync()
            async with database.write() as transaction:
                await synced_commands.save_digest(transaction, application_id, digest)
            log.info("commands_synced", count=len(payload))
    return _command_ids(commands)


def _command_ids(commands: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """Discord's ids by name. A group cannot be used itself; its commands go by both names."""
    ids: dict[str, int] = {}
    for command in commands:
        if command.type is discord.AppCommandType.chat_input:
            subcommands = [option for option in command.options if isinstance(option, app_commands.AppCommandGroup)]
            names = [f"{command.name} {subcommand.name}" for subcommand in subcommands] or [command.name]
            ids |= dict.fromkeys(names, command.id)
    return ids
