"""What members, Discord and scripts see of the bot while every card is brought up: the content of the golden files."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bot.fake_discord.api_request import ApiRequest
from storage.connect import connect

BUTTON, SELECT = 2, 3
ROWS: Final = ("message", "thread", "draft", "gathered", "page")
"""The targets of selects whose options are ids of rows."""


@dataclass
class Collected:
    """What members, Discord and scripts see of the bot, with numbers replaced by N."""

    controls: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    nonces: set[str] = field(default_factory=set)
    reminders: set[str] = field(default_factory=set)
    """Nonces of reminders as they were sent, and as they follow from the database."""
    deliveries: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    commands: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    backups: set[str] = field(default_factory=set)
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    """By feature: all words of a card, and what was done when it first showed."""


def normal(name: str) -> str:
    """A name with each number replaced by N."""
    return re.sub(r"[0-9]+", "N", name)


async def collect_rows(seen: Collected, database_url: str) -> None:
    """Collect stored words that are members of no enumeration."""
    database = await connect(database_url)
    try:
        async with database.read() as transaction:
            keys = await transaction.fetch("SELECT source, source_key FROM messages")
            steps = await transaction.fetch("SELECT what FROM changes")
            duties = await transaction.fetch("SELECT name FROM duties")
    finally:
        await database.close()
    seen.keys = {f"{source} {shape}" for source, key in keys for shape in shapes_of_key(key)}
    seen.steps = {row[0] for row in steps}
    seen.duties = {row[0] for row in duties}


async def collect_deliveries(seen: Collected, database_url: str) -> None:
    """Collect the nonces that follow from the stored deliveries."""
    database = await connect(database_url)
    try:
        async with database.read() as transaction:
            rows = await transaction.fetch("SELECT delivery_id, created_at FROM deliveries")
    finally:
        await database.close()
    seen.deliveries |= {f"nintei-{number:x}-{created_at // 1_000_000:x}" for number, created_at in rows}


def shapes_of_key(key: str) -> set[str]:
    """A source key with each number replaced by N, and the part of it that an earlier version stored."""
    if match := re.fullmatch("[0-9a-f]{32}(?P<second>:[0-9]{2})?(?P<fingerprint>:[0-9a-f]{16})?", key):
        second, fingerprint = match["second"] and ":N", match["fingerprint"] and ":16 of 0-9a-f"
        return {"32 of 0-9a-f", f"32 of 0-9a-f{second or ''}{fingerprint or ''}"}
    return {normal(key)}


def collect_requests(seen: Collected, requests: Iterable[ApiRequest]) -> None:
    """Collect custom ids, options and nonces from every request of the bot."""
    for request in requests:
        for each in dictionaries(request.body):
            custom_id = each.get("custom_id")
            if custom_id is not None and each.get("type") in {BUTTON, SELECT}:
                seen.controls.add(normal(custom_id))
            if custom_id is not None and each.get("type") == SELECT:
                seen.options |= {f"{normal(custom_id)} {each_value}" for each_value in values_of(each)}
        nonce = request.body.get("nonce") if isinstance(request.body, dict) else None
        if nonce is not None and request.path.endswith("/messages"):
            seen.nonces.add(shape_of_nonce(str(nonce)))
            if str(nonce).startswith("nintei-"):
                seen.reminders.add(str(nonce))


def dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from dictionaries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dictionaries(inner)


def values_of(select: dict[str, Any]) -> Iterator[str]:
    """The values of a select's options, without the numbers of rows."""
    speaks_of = select["custom_id"].split(":")[1]
    for option in select["options"]:
        yield normal(option["value"]) if speaks_of in ROWS else option["value"]


def shape_of_nonce(nonce: str) -> str:
    """A nonce with each number replaced."""
    if re.fullmatch("[0-9a-f]{25}", nonce) and re.search("[a-f]", nonce):
        return "25 of 0-9a-f"
    if found := re.fullmatch("(fb-)?(nintei|digest)-[0-9a-f]+(-[0-9a-f]*)?", nonce):
        return f"{found[1] or ''}{found[2]}-HEX-HEX"
    return normal(nonce)
