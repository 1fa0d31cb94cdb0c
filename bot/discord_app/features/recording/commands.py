"""`/received` and `/replied`, and the same two in the context menu of a message."""

import asyncio

import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.dm_check import verify_dm_reachable
from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.discord_app.inbound.message_conversion import to_forwarded_post, to_incoming_message
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_text
from bot.discord_app.ui.command_options import autocomplete_clients, autocomplete_thread_titles
from bot.domain.messages import (
    ClientMessage,
    Intent,
    MessageSource,
    ParsedTime,
    ParseFailure,
    Precision,
    Statement,
)
from bot.domain.names import clean_title, client_key
from bot.domain.reply.thread_state import Direction
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.line.interpretation import is_name_doubtful
from bot.parsing.message import parse_message
from bot.parsing.times.errors import TimeUncertainError
from bot.parsing.times.resolver import parse_time
from bot.services.new_messages import NewMessage
from bot.services.results import Receipt, RecordOutcome, parsed_item_metric_labels


@command("received", client="option-client-received")
@app_commands.autocomplete(client=autocomplete_clients, thread=autocomplete_thread_titles)
async def received_command(
    ctx: InteractionContext, client: str, at: str | None = None, thread: str | None = None
) -> None:
    await _record_by_command(ctx, Direction.RECEIVED, client, at, thread)


@command("replied", client="option-client-replied")
@app_commands.autocomplete(client=autocomplete_clients, thread=autocomplete_thread_titles)
async def replied_command(
    ctx: InteractionContext, client: str, at: str | None = None, thread: str | None = None
) -> None:
    await _record_by_command(ctx, Direction.SENT, client, at, thread)


async def _record_by_command(
    ctx: InteractionContext, direction: Direction, client: str, at: str | None, thread: str | None
) -> None:
    if not client_key(client):
        raise InvalidInputError("recording-client-missing")
    zone, sent_at, is_time_doubted = ctx.preferences.zone, ParsedTime(ctx.now, Precision.MINUTE), False
    try:
        if at:
            sent_at = parse_time(at, now=ctx.now, zone=zone)
    except TimeUncertainError as doubt:
        sent_at, is_time_doubted = doubt.proposal, True
    if direction is Direction.SENT:
        sent_at = sent_at.of_reply()
    is_name_doubted = is_name_doubtful(client, now=ctx.now, zone=zone, has_own_time=bool(at))
    if is_time_doubted or is_name_doubted:
        statement = Statement(
            intent=Intent.REPLIED if direction is Direction.SENT else Intent.RECEIVED,
            client=clean_title(client),
            client_certain=not is_name_doubted,
            title=clean_title(thread or "") or None,
            time=sent_at,
            time_inferred=is_time_doubted,
            source_key=ctx.idempotency_key,
        )
        await _respond_with_outcomes(ctx, await ctx.services.statements.record(ctx.member_id, statement, now=ctx.now))
        return
    record = NewMessage(
        direction=direction,
        client=client,
        title=thread or None,
        time=sent_at,
        source=MessageSource.WRITTEN,
        source_key=ctx.idempotency_key,
    )
    await _respond_with_outcomes(ctx, await ctx.services.recording.record(ctx.member_id, record, now=ctx.now))


@app_commands.context_menu(name=localized_text("menu-received"))
async def received_menu(interaction: Interaction, message: discord.Message) -> None:
    await _record_by_menu(interaction, message, Direction.RECEIVED)


@app_commands.context_menu(name=localized_text("menu-replied"))
async def replied_menu(interaction: Interaction, message: discord.Message) -> None:
    await _record_by_menu(interaction, message, Direction.SENT)


async def _record_by_menu(interaction: Interaction, message: discord.Message, direction: Direction) -> None:
    """A notification is recorded as the client's message; any other text as written when it was posted."""
    async with interaction_context(interaction) as ctx:
        if message.author.id == interaction.application_id or message.is_system():
            raise NotAllowedError("menu-nothing")
        if ctx.in_dm and (known := await _outcomes_of_own_message(ctx, message)):
            await _respond_with_outcomes(ctx, *known)
            return
        incoming = await to_forwarded_post(message, download_timeout=ctx.client.sender.timeouts.request)
        parsed = await asyncio.to_thread(parse_message, incoming, now=ctx.now, zone=ctx.preferences.zone)
        items = [_message_of_unparsed_post(message) if isinstance(item, ParseFailure) else item for item in parsed]
        is_notification = any(isinstance(item, ClientMessage | Statement) and item.client is not None for item in items)
        if is_notification and direction is Direction.SENT:
            raise NotAllowedError("menu-notification")
        outcomes = [
            await ctx.services.recording.record_item(ctx.member_id, item, direction, now=ctx.now) for item in items
        ]
        for item, outcome in zip(items, outcomes, strict=True):
            ctx.client.metrics.count("parsed_items", *parsed_item_metric_labels(item, outcome))
        await _respond_with_outcomes(ctx, *outcomes)


async def _outcomes_of_own_message(ctx: InteractionContext, message: discord.Message) -> list[RecordOutcome]:
    """What became of a message in the direct message when it came, which is read again as it was then.

    The receipts of what was recorded of it, and the questions about it that are still open; empty where it is neither.
    """
    incoming = await to_incoming_message(message, download_timeout=ctx.client.sender.timeouts.request)
    names = await ctx.services.statements.known_names(ctx.member_id)
    parsed = await asyncio.to_thread(
        parse_message, incoming, now=message.created_at, zone=ctx.preferences.zone, known_names=names
    )
    items = {key: item for item in parsed if (key := getattr(item, "source_key", None))}
    recording, outcomes = ctx.services.recording, list[RecordOutcome]()
    for key, item in items.items():
        receipt = await recording.find_receipt(ctx.member_id, key, now=ctx.now)
        if receipt is not None:
            outcomes.append(receipt)
        elif await recording.has_draft(ctx.member_id, key):
            outcomes.append(await recording.record_item(ctx.member_id, item, now=ctx.now))
    return outcomes


def _message_of_unparsed_post(message: discord.Message) -> ClientMessage:
    """A message of unknown text, sent when it was posted."""
    return ClientMessage(
        time=ParsedTime(message.created_at, Precision.SECOND), source=MessageSource.POSTED, source_key=str(message.id)
    )


async def _respond_with_outcomes(ctx: InteractionContext, *outcomes: RecordOutcome) -> None:
    card = await outcome_card(ctx.texts, ctx.services.status, ctx.member_id, outcomes, ctx.preferences.zone)
    await ctx.respond(card)
    if any(isinstance(outcome, Receipt) for outcome in outcomes):
        await verify_dm_reachable(ctx)
