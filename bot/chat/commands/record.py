"""`/received`, `/replied`, and the same two in the context menu of a message."""

import asyncio

import discord
from discord import app_commands

from bot.chat.cards.finding import finding_card
from bot.chat.cards.gathered import gathered_card
from bot.chat.client import Interaction, NinteiClient, typed
from bot.chat.completion import clients, titles
from bot.chat.greeting import try_direct_message
from bot.chat.parcels import pack_posted
from bot.chat.recording import Outcome, keep, named
from bot.chat.translator import told
from bot.chat.visitor import Visitor, visit
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.items import ClientMessage, MessageSource, ParseFailure
from bot.parsing.message import parse_message
from bot.parsing.times.resolver import ParsedTime, Precision, parse_time
from bot.services.recording import NewMessage
from bot.services.results import Receipt

Ask = discord.Interaction[NinteiClient]


def add_record_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_received)
    client.tree.add_command(_replied)
    client.tree.add_command(app_commands.ContextMenu(name=told("menu-received"), callback=_menu_received))
    client.tree.add_command(app_commands.ContextMenu(name=told("menu-replied"), callback=_menu_replied))


@app_commands.command(name="received", description=told("command-received"))
@app_commands.rename(at=told("option-at"), thread=told("option-thread"), client=told("option-client"))
@app_commands.describe(
    client=told("option-client-received"), at=told("option-at-about"), thread=told("option-thread-about")
)
async def _received(interaction: Ask, client: str, at: str | None = None, thread: str | None = None) -> None:
    await _record(typed(interaction), Direction.RECEIVED, client, at, thread)


@app_commands.command(name="replied", description=told("command-replied"))
@app_commands.rename(at=told("option-at"), thread=told("option-thread"), client=told("option-client"))
@app_commands.describe(
    client=told("option-client-replied"), at=told("option-at-about"), thread=told("option-thread-about")
)
async def _replied(interaction: Ask, client: str, at: str | None = None, thread: str | None = None) -> None:
    await _record(typed(interaction), Direction.SENT, client, at, thread)


_received.autocomplete("client")(clients)
_received.autocomplete("thread")(titles)
_replied.autocomplete("client")(clients)
_replied.autocomplete("thread")(titles)


async def _record(
    interaction: Interaction, direction: Direction, client: str, at: str | None, thread: str | None
) -> None:
    async with visit(interaction) as visitor:
        moment = ParsedTime(visitor.now, Precision.MINUTE)
        if at:
            moment = parse_time(at, now=visitor.now, zone=visitor.preferences.zone)
        if not client_key(client):
            raise InvalidInputError("ledger-client-missing")
        record = NewMessage(direction, client, thread or None, moment, MessageSource.WRITTEN, visitor.key)
        ledger = interaction.client.services.recording
        await _answer(visitor, await ledger.record(visitor.member, record, now=visitor.now))


async def _menu_received(interaction: Ask, message: discord.Message) -> None:
    await _from_message(typed(interaction), message, Direction.RECEIVED)


async def _menu_replied(interaction: Ask, message: discord.Message) -> None:
    await _from_message(typed(interaction), message, Direction.SENT)


async def _from_message(interaction: Interaction, message: discord.Message, direction: Direction) -> None:
    """What a notification says is the client's; anything else was written when it was posted."""
    async with visit(interaction) as visitor:
        if message.author.id == interaction.application_id or message.is_system():
            raise NotAllowedError("menu-nothing")
        parcel = await pack_posted(message)
        found = await asyncio.to_thread(parse_message, parcel, now=visitor.now, zone=visitor.preferences.zone)
        findings = [_posted(message) if isinstance(each, ParseFailure) else each for each in found]
        notified = any(isinstance(each, ClientMessage) and each.client is not None for each in findings)
        if notified and direction is Direction.SENT:
            raise NotAllowedError("menu-notification")
        ledger = interaction.client.services.recording
        outcomes = [await keep(ledger, visitor.member, each, direction, now=visitor.now) for each in findings]
        for finding, outcome in zip(findings, outcomes, strict=True):
            interaction.client.meter.count_parsed_item(*named(finding, outcome))
        await _answer(visitor, *outcomes)


def _posted(message: discord.Message) -> ClientMessage:
    """Whatever it holds, it was posted at a time."""
    return ClientMessage(
        None, None, ParsedTime(message.created_at, Precision.SECOND), MessageSource.POSTED, str(message.id)
    )


async def _answer(visitor: Visitor, *outcomes: Outcome) -> None:
    if len(outcomes) > 1:
        await visitor.answer(gathered_card(visitor.texts, outcomes, visitor.preferences.zone))
    else:
        observer = visitor.interaction.client.services.status
        await visitor.answer(await finding_card(visitor.texts, observer, visitor.member, outcomes[0]))
    if any(isinstance(each, Receipt) for each in outcomes):
        await try_direct_message(visitor)
