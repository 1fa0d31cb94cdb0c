"""Syncs the commands to Discord, only when they changed: Discord allows few syncs a day."""

import asyncio
import hashlib
import json
from asyncio import sleep
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import discord
import structlog
from discord import app_commands

from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, error_if_possible_bug
from bot.errors import StorageError
from bot.i18n.command_mentions import set_command_ids
from storage import synced_commands
from storage.database import Database

log = structlog.get_logger()


FIRST_SYNC_PAUSE: Final = 60.0
"""Seconds before commands that Discord refused are sent again; then twice as long each time."""

MAX_SYNC_PAUSE: Final = 3600.0

NO_LIST_STATUSES: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
"""Of a server in Discord's place that takes commands and lists none."""

CHAT_INPUT: Final = discord.AppCommandType.chat_input.value
SUBCOMMAND: Final = discord.AppCommandOptionType.subcommand.value

CommandData = Mapping[str, Any]
"""A command as Discord's API has it."""

_payloads: Final[dict[tuple[object, ...], tuple[list[dict[str, Any]], str]]] = {}


class CommandSynchronizer:
    """Syncs until it succeeds. The commands that Discord has already work without.

    Texts mention the commands by the ids that were stored at the last sync, then by those that Discord has.
    """

    def __init__(self, tree: app_commands.CommandTree[Any], database: Database) -> None:
        self._tree = tree
        self._database = database
        self._retries: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Sync once; what Discord refuses is sent again in the background."""
        set_command_ids({})
        with suppress(StorageError):
            synced = await synced_commands.find_synced_commands(self._database, self._tree.client.application_id or 0)
            set_command_ids(synced.ids)
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
            command_ids = await sync_commands_if_changed(self._tree, self._database)
        except (app_commands.AppCommandError, *REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS, StorageError) as error:
            log.warning(
                "commands_not_synced",
                error="discord-commands-refused",
                error_type=type(error).__name__,
                status=getattr(error, "status", None),
                code=getattr(error, "code", None),
                exc_info=error_if_possible_bug(error),
            )
            return False
        if command_ids is None:
            return False
        set_command_ids(command_ids)
        return True


async def sync_commands_if_changed(tree: app_commands.CommandTree[Any], database: Database) -> dict[str, int] | None:
    """Sync if the commands differ from those synced last for this application, or from those that Discord has.

    Returns Discord's id of each command by its name; None while another process is syncing them. Raises
    `discord.app_commands.TranslationError`, `discord.HTTPException` and `StorageError`.
    """
    payload, digest = await _command_payload_and_digest(tree)
    application_id = tree.client.application_id or 0
    # The tree's own methods translate everything once more, and make objects of what is only looked up.
    http = tree.client.http
    try:
        commands = await http.get_global_commands(application_id)
    except discord.HTTPException as error:
        if error.status not in NO_LIST_STATUSES:
            raise
        commands = []  # those that are sent take the place of what is there
    synced = await synced_commands.find_synced_commands(database, application_id)
    if digest == synced.digest and _command_names_and_types(commands) == _command_names_and_types(payload):
        ids = _command_ids(commands)
        if ids != synced.ids:
            await _save_synced_commands(database, application_id, digest, ids)
        log.info("commands_unchanged")
        return ids
    async with database.try_lock("sync") as locked:
        if not locked:
            return None
        ids = _command_ids(await http.bulk_upsert_global_commands(application_id, payload))
        await _save_synced_commands(database, application_id, digest, ids)
        log.info("commands_synced", count=len(payload))
        return ids


async def _command_payload_and_digest(tree: app_commands.CommandTree[Any]) -> tuple[list[dict[str, Any]], str]:
    """The commands as they are sent, and their digest.

    Built once in a process for the same commands: discord.py asks for each text in more than 30 languages.
    """
    commands = tuple(tree.get_commands())
    if commands not in _payloads:
        payload = [
            await command.get_translated_payload(tree, tree.translator) if tree.translator else command.to_dict(tree)
            for command in commands
        ]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        _payloads[commands] = payload, digest
    return _payloads[commands]


async def _save_synced_commands(database: Database, application_id: int, digest: str, ids: dict[str, int]) -> None:
    async with database.write() as transaction:
        await synced_commands.save_synced_commands(transaction, application_id, digest, ids)


def _command_names_and_types(commands: Iterable[CommandData]) -> set[tuple[str, int]]:
    return {(command["name"], command.get("type", CHAT_INPUT)) for command in commands}


def _command_ids(commands: Iterable[CommandData]) -> dict[str, int]:
    """Discord's ids by name. A group cannot be used itself; its commands go by both names."""
    ids: dict[str, int] = {}
    for command in commands:
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            subcommands = [option for option in command.get("options", ()) if option["type"] == SUBCOMMAND]
            names = [f"{command['name']} {subcommand['name']}" for subcommand in subcommands] or [command["name"]]
            ids |= dict.fromkeys(names, int(command["id"]))
    return ids
