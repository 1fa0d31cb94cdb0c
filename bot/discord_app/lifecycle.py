"""Logging in to Discord, running the gateway, and closing without dropping what is under way."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import aiohttp
import discord
import yarl
from discord import app_commands

from bot.discord_app.client import NinteiClient
from bot.discord_app.features.all_features import COMMANDS
from bot.discord_app.interaction_metrics import InteractionOutcome, interaction_labels
from bot.errors import DiscordError


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
    await _log_in(client, token)
    session = asyncio.create_task(_run_gateway(client), name="gateway")
    try:
        yield session
    finally:
        await client.drain()
        await client.close()
        await asyncio.gather(session, return_exceptions=True)


async def _run_gateway(client: NinteiClient) -> None:
    """Stay connected, through drops and new sessions. Raises `DiscordError` when Discord ends it for good."""
    try:
        await client.connect(reconnect=True)
    except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired, discord.GatewayNotFound) as error:
        raise DiscordError("discord-lost", reason=str(getattr(error, "code", type(error).__name__))) from error


async def _log_in(client: NinteiClient, token: str) -> None:
    try:
        await client.login(token)
    except discord.LoginFailure as error:
        await client.close()
        raise DiscordError("discord-token-refused") from error
    except discord.HTTPException as error:
        await client.close()
        raise DiscordError("discord-refused", status=str(error.status), code=str(error.code)) from error
    except (aiohttp.ClientError, OSError, TimeoutError, socket.gaierror) as error:
        await client.close()
        raise DiscordError("discord-unreachable", address=discord.http.Route.BASE) from error
    except app_commands.AppCommandError as error:
        await client.close()
        raise DiscordError("discord-commands-refused", reason=type(error).__name__) from error
