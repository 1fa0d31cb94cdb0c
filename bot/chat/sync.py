"""Telling Discord the commands, only when they changed: Discord allows few syncs a day."""

import hashlib
import json

import structlog

from bot.chat.client import NinteiClient

log = structlog.get_logger()


async def sync_if_changed(client: NinteiClient) -> None:
    """Compare with what was synced last for this application, and with what Discord has."""
    translator = client.tree.translator
    payload = [
        await command.get_translated_payload(client.tree, translator) if translator else command.to_dict(client.tree)
        for command in client.tree.get_commands()
    ]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    application = client.application_id or 0
    named = {(each["name"], each.get("type", 1)) for each in payload}
    there = {(command.name, command.type.value) for command in await client.tree.fetch_commands()}
    if there == named and await client.services.synced(application) == digest:
        log.info("commands_unchanged")
        return
    await client.tree.sync()
    await client.services.keep_synced(application, digest)
    log.info("commands_synced", count=len(payload))
