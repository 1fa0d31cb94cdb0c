"""`/received`, `/replied`, and the same two in the context menu of a message."""

import asyncio

import discord
from discord import app_commands

from bot.discord_app.client import Interaction, NinteiClient, typed
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.dm_check import verify_dm_reachable
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.outcome_card import outcome_card
from bot.discord_app.inbound.message_conversion import to_forwarded_post
from bot.discord_app.translator import localized
from bot.discord_app.ui.autocomplete import autocomplete_clients, autocomplete_titles
from bot.domain.messages import ClientMessage, MessageSource, ParsedTime, ParseFailure, Precision
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.message import parse_message
from bot.parsing.times.resolver import parse_time
from bot.services.recording import NewMessage
from bot.services.results import Receipt, RecordOutcome, metric_labels

Ask = discord.Interaction[NinteiClient]


def add_record_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_received)
    client.tree.add_command(_replied)
    client.tree.add_command(app_commands.ContextMenu(name=localized("menu-received"), callback=_menu_received))
    client.tree.add_command(app_commands.ContextMenu(name=localized("menu-replied"), callback=_menu_replied))


@app_commands.command(name="received", description=localized("command-received"))
@app_commands.rename(at=localized("option-at"), thread=localized("option-thread"), client=localized("option-client"))
@app_commands.describe(
    client=localized("option-client-received"), at=localized("option-at-about"), thread=localized("option-thread-about")
)
async def _received(interaction: Ask, client: str, at: str | None = None, thread: str | None = None) -> None:
    await _record(typed(interaction), Direction.RECEIVED, client, at, thread)


@app_commands.command(name="replied", description=localized("command-replied"))
@app_commands.rename(at=localized("option-at"), thread=localized("option-thread"), client=localized("option-client"))
@app_commands.describe(
    client=localized("option-client-replied"), at=localized("option-at-about"), thread=localized("option-thread-about")
)
async def _replied(interaction: Ask, client: str, at: str | None = None, thread: str | None = None) -> None:
    await _record(typed(interaction), Direction.SENT, client, at, thread)


_received.autocomplete("client")(autocomplete_clients)
_received.autocomplete("thread")(autocomplete_titles)
_replied.autocomplete("client")(autocomplete_clients)
_replied.autocomplete("thread")(autocomplete_titles)


async def _record(
    interaction: Interaction, direction: Direction, client: str, at: str | None, thread: str | None
) -> None:
    async with interaction_context(interaction) as visitor:
        moment = ParsedTime(visitor.now, Precision.MINUTE)
        if at:
            moment = parse_time(at, now=visitor.now, zone=visitor.preferences.zone)
        if not client_key(client):
            raise InvalidInputError("ledger-client-missing")
        record = NewMessage(
            direction=direction,
            client=client,
            title=thread or None,
            time=moment,
            source=MessageSource.WRITTEN,
            source_key=visitor.idempotency_key,
        )
        ledger = interaction.client.services.recording
        await _respond_with_outcomes(visitor, await ledger.record(visitor.member, record, now=visitor.now))


async def _menu_received(interaction: Ask, message: discord.Message) -> None:
    await _from_message(typed(interaction), message, Direction.RECEIVED)


async def _menu_replied(interaction: Ask, message: discord.Message) -> None:
    await _from_message(typed(interaction), message, Direction.SENT)


async def _from_message(interaction: Interaction, message: discord.Message, direction: Direction) -> None:
    """What a notification says is the client's; anything else was written when it was posted."""
    async with interaction_context(interaction) as visitor:
        if message.author.id == interaction.application_id or message.is_system():
            raise NotAllowedError("menu-nothing")
        parcel = await to_forwarded_post(message)
        found = await asyncio.to_thread(parse_message, parcel, now=visitor.now, zone=visitor.preferences.zone)
        findings = [_unparsed_post(message) if isinstance(each, ParseFailure) else each for each in found]
        notified = any(isinstance(each, ClientMessage) and each.client is not None for each in findings)
        if notified and direction is Direction.SENT:
            raise NotAllowedError("menu-notification")
        ledger = interaction.client.services.recording
        outcomes = [await ledger.record_item(visitor.member, each, direction, now=visitor.now) for each in findings]
        for finding, outcome in zip(findings, outcomes, strict=True):
            interaction.client.metrics.count_parsed_item(*metric_labels(finding, outcome))
        await _respond_with_outcomes(visitor, *outcomes)


def _unparsed_post(message: discord.Message) -> ClientMessage:
    """Whatever it holds, it was posted at a time."""
    return ClientMessage(
        time=ParsedTime(message.created_at, Precision.SECOND), source=MessageSource.POSTED, source_key=str(message.id)
    )


async def _respond_with_outcomes(visitor: InteractionContext, *outcomes: RecordOutcome) -> None:
    if len(outcomes) > 1:
        await visitor.respond(batch_receipt_card(visitor.texts, outcomes, visitor.preferences.zone))
    else:
        observer = visitor.interaction.client.services.status
        await visitor.respond(await outcome_card(visitor.texts, observer, visitor.member, outcomes[0]))
    if any(isinstance(each, Receipt) for each in outcomes):
        await verify_dm_reachable(visitor)
