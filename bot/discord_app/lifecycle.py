"""Logging in to Discord, running the gateway, and closing without dropping what is under way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, get_args

import discord
import yarl

from bot.discord_app.client import NinteiClient
from bot.discord_app.features.all_features import COMMANDS
from bot.discord_app.interaction_metrics import InteractionOutcome, interaction_labels
from bot.discord_app.request_errors import CONNECTION_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.errors import DiscordError
from bot.start_steps import start_step

SHARD_CLOSE_CODES: Final = frozenset({4010, 4011})
"""An impossible shard; too many servers for the number of shards."""


def override_discord_endpoints(api_url: str, gateway_url: str | None) -> None:
    """Set the address of Discord in class attributes that discord.py reads; to be called before the client starts."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot uses no voice
    discord.http.Route.BASE = api_url
    if gateway_url is not None:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


@asynccontextmanager
async def logged_in_client(client: NinteiClient, token: str) -> AsyncIterator[asyncio.Task[None]]:
    """Log in, and run the gateway in a task while the block runs. Raises `DiscordError`, which says what to do."""
    for command in COMMANDS:
        client.tree.add_command(command)
    client.metrics.expect_interactions(interaction_labels(client.tree), get_args(InteractionOutcome))
    async with start_step("log-in"):
        await _log_in_to_discord(client, token)
    session = asyncio.create_task(_run_gateway(client), name="gateway")
    try:
        yield session
    finally:
        try:
            await client.finish_handlers()
        finally:  # also when the stop is forced: a connection that is left open fails once the threads have ended
            await client.close()
            await asyncio.gather(session, return_exceptions=True)


async def _run_gateway(client: NinteiClient) -> None:
    """Stay connected, through drops and new sessions. Raises `DiscordError` when Discord ends it for good."""
    try:
        await client.connect(reconnect=True)
    except discord.ConnectionClosed as error:
        message_id = "discord-shard-count" if error.code in SHARD_CLOSE_CODES else "discord-lost"
        raise DiscordError(message_id, reason=str(error.code)) from error


async def _log_in_to_discord(client: NinteiClient, token: str) -> None:
    try:
        await client.login(token)
    except discord.LoginFailure as error:
        await client.close()
        raise DiscordError("discord-token-refused") from error
    except discord.HTTPException as error:
        await client.close()
        raise DiscordError("discord-refused", status=str(error.status), code=str(error.code)) from error
    except (*CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
        await client.close()
        raise DiscordError("discord-unreachable", address=discord.http.Route.BASE) from error
    except BaseException:
        await client.close()  # the start was cancelled
        raise
