"""The peers on Discord's side: a bare discord.py client that answers "pong" or a card, or sends to channels in a loop.

With BARE_DATABASE it stores a message in three transactions and ten calls to aiosqlite, as many as the bot, and answers
it with the card of BARE_CARD.
"""

import asyncio
import json
import os
import sys

import aiosqlite
import discord
import yarl
from discord import app_commands

address = os.environ["DISCORD_API_URL"]
discord.http.Route.BASE = address
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(
    address.replace("http", "ws", 1).removesuffix("/api/v10") + "/gw"
)


TEXTS, LABELS = json.loads(os.environ.get("BARE_CARD", "[[], []]"))
STATEMENTS_OF_TRANSACTIONS = (3, 1, 0)
"""Inserts of each transaction, besides its BEGIN and COMMIT: ten calls in all."""


def _card() -> discord.ui.LayoutView:
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        *map(discord.ui.TextDisplay, TEXTS), accent_colour=0x2E7D32
    )
    buttons = [discord.ui.Button(label=label, custom_id=f"bare:{label}") for label in LABELS]
    for start in range(0, len(buttons), 5):
        container.add_item(discord.ui.ActionRow(*buttons[start : start + 5]))
    return discord.ui.LayoutView(timeout=None).add_item(container)


class Bare(discord.Client):
    """As in discord.py's own examples."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, dm_messages=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Tell Discord the command."""

        @self.tree.command(description="pong")
        async def pong(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong", ephemeral=True)

        @self.tree.command(description="a card of BARE_CARD: its texts, and the labels of its buttons")
        async def card(interaction: discord.Interaction) -> None:
            await interaction.response.send_message(view=_card(), ephemeral=True)

        await self.tree.sync()
        self.database: aiosqlite.Connection | None = None
        if path := os.environ.get("BARE_DATABASE"):
            self.database = await aiosqlite.connect(path, isolation_level=None)
            for sql in (
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "CREATE TABLE messages (content TEXT)",
            ):
                await self.database.execute(sql)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message."""
        if message.author.bot:
            return
        if self.database is None:
            await message.channel.send("pong")
            return
        for statements in STATEMENTS_OF_TRANSACTIONS:
            await self.database.execute("BEGIN IMMEDIATE")
            for _ in range(statements):
                await self.database.execute_insert("INSERT INTO messages VALUES (?)", (message.content,))
            await self.database.execute("COMMIT")
        await message.channel.send(view=_card())

    async def on_ready(self) -> None:
        """Send, if channels are given: one after the other, or some at a time."""
        if len(sys.argv) > 1:
            at_once, path = int(sys.argv[1]), sys.argv[2]
            room = asyncio.Semaphore(at_once)
            with open(path, encoding="ascii") as file:  # noqa: ASYNC230, PTH123 — before anything is measured
                channels = [int(line) for line in file]

            async def send(number: int) -> None:
                async with room:
                    channel = self.get_partial_messageable(number)
                    if TEXTS:
                        await channel.send(view=_card())
                    else:
                        await channel.send("リマインド: 制作会社 様への返信、あと4時間です。")

            await asyncio.gather(*(send(number) for number in channels))


Bare().run(os.environ["DISCORD_TOKEN"], log_handler=None)
