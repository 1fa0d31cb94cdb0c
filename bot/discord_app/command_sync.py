"""Syncs the commands to Discord, only when they changed: Discord allows few syncs a day."""

import asyncio
import hashlib
import json
from asyncio import sleep
from collections.abc import Iterable, MutableMapping
from typing import Any, Final

import discord
import structlog
from discord import app_commands

from bot.discord_app.request_errors import REQUEST_ERRORS
from bot.errors import StorageError
from storage import synced_commands
from storage.database import Database

log = structlog.get_logger()


FIRST_SYNC_PAUSE: Final = 60.0
"""Seconds before commands that Discord refused are sent again; then twice as long each time."""

MAX_SYNC_PAUSE: Final = 3600.0


class CommandSynchronizer:
    """Syncs until it succeeds. The commands that Discord has already work without."""

    def __init__(
        self, tree: app_commands.CommandTree[Any], database: Database, command_ids: MutableMapping[str, int]
    ) -> None:
        """`command_ids` gets Discord's id of each command by its name."""
        self._tree = tree
        self._database = database
        self._command_ids = command_ids
        self._retries: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Sync once; what Discord refuses is sent again in the background."""
        if not await self._try_to_sync():
            self._retries = asyncio.create_task(self._sync_later(), name="command-sync")

    def cancel(self) -> None:
        """Do not try again."""
        if self._retries is not None:
            self._retries.cancel()

    async def _sync_later(self) -> None:
        pause = FIRST_SYNC_PAUSE
        while True:
            await sleep(pause)
            if await self._try_to_sync():
                return
            pause = min(2 * pause, MAX_SYNC_PAUSE)

    async def _try_to_sync(self) -> bool:
        """Whether Discord has the commands now."""
        try:
            self._command_ids.update(await sync_commands_if_changed(self._tree, self._database))
        except (app_commands.AppCommandError, *REQUEST_ERRORS, StorageError) as error:
            log.warning(
                "commands_not_synced",
                error="discord-commands-refused",
                error_type=type(error).__name__,
                status=getattr(error, "status", None),
                code=getattr(error, "code", None),
            )
            return False
        return True


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
