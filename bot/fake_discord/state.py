"""The state of the fake Discord: users, channels, messages, commands, interactions. It has no sockets."""

import asyncio
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bot.domain.calendar import EPOCH

Json = dict[str, Any]

DISCORD_EPOCH: Final = EPOCH + timedelta(milliseconds=1420070400000)
NONCE_TTL: Final = timedelta(minutes=5)
EPHEMERAL: Final = 1 << 6
COMPONENTS_V2: Final = 1 << 15
DM: Final = 1
CONTENT_TYPES: Final = {".eml": "message/rfc822", ".png": "image/png"}
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
"""The first bytes of a PNG file; width and height are bytes 16 to 24."""
PNG_HEADER_BYTES: Final = 24
"""A file that was cut off before has no size."""
GUILD_TEXT: Final = 0
EVERYONE_PERMISSIONS: Final = 562949953863680 | 1 << 10 | 1 << 11 | 1 << 16
"""Permissions in a server of somebody who manages nothing there: to view channels, write and read their history too."""


def content_type(name: str) -> str:
    """Return the content type of a file by its name."""
    return next((kind for suffix, kind in CONTENT_TYPES.items() if name.endswith(suffix)), "application/octet-stream")


class Clock(Protocol):
    """The source of the fake Discord's time."""

    def now(self) -> datetime: ...


@dataclass(eq=False, slots=True)
class User:
    """A person or the bot."""

    id: int
    name: str
    locale: str = "ja"
    bot: bool = False
    webhook: bool = False
    """Whether it posts by a webhook, as a mail bridge does."""

    def payload(self) -> Json:
        """Return the user as Discord sends it."""
        payload: Json = {
            "id": str(self.id), "username": self.name, "global_name": self.name, "discriminator": "0", "avatar": None,
            "public_flags": 0,
        }  # fmt: skip
        return {**payload, "bot": True} if self.bot else payload


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    """A message; `body` overrides the defaults of its payload."""

    id: int
    channel: "Channel"
    author: User
    body: Json
    visible_only_to: User | None = None
    deleted: bool = False
    is_interaction_response: bool = False
    """Whether it responds to an interaction; the bot sent the others of its own accord."""

    def payload(self) -> Json:
        """Return the message as Discord sends it."""
        return {
            "id": str(self.id), "channel_id": str(self.channel.id), "author": self.author.payload(), "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "pinned": False, "edited_timestamp": None,
            "type": 0, "content": "", "embeds": [], "attachments": [], "components": [], "flags": 0, **self.body,
        }  # fmt: skip


@dataclass(eq=False, slots=True, kw_only=True)
class Channel:
    """A direct message or a text channel of a server."""

    id: int
    type: int
    name: str | None = None
    guild_id: int | None = None
    recipient: User | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    nonces: dict[str, tuple[datetime, Message]] = field(default_factory=dict)

    def payload(self) -> Json:
        """Return the channel as Discord sends it."""
        payload: Json = {"id": str(self.id), "type": self.type, "last_message_id": None}
        if self.type == DM:
            recipients = [self.recipient.payload()] if self.recipient else []
            return {**payload, "recipients": recipients, "flags": 0}
        return {
            **payload, "guild_id": str(self.guild_id), "name": self.name, "position": 0, "permission_overwrites": [],
            "nsfw": False, "topic": None, "parent_id": None, "rate_limit_per_user": 0, "flags": 0,
        }  # fmt: skip


@dataclass(eq=False, slots=True)
class Guild:
    """A server that the bot belongs to."""

    id: int
    name: str
    channels: list[Channel]
    former_members: set[int] = field(default_factory=set)
    """Users who have left it. Everybody else belongs to it."""
    timed_out: dict[int, str] = field(default_factory=dict)
    """Users who may write nothing for a while, and until when."""

    def payload(self) -> Json:
        """Return the server as the gateway sends it."""
        everyone = {
            "id": str(self.id), "name": "@everyone", "color": 0, "hoist": False, "position": 0,
            "permissions": str(EVERYONE_PERMISSIONS),
            "managed": False, "mentionable": False, "flags": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        }  # fmt: skip
        return {
            "id": str(self.id), "name": self.name, "icon": None, "splash": None, "discovery_splash": None,
            "owner_id": "1", "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "roles": [everyone], "emojis": [],
            "stickers": [], "features": [], "mfa_level": 0, "application_id": None, "system_channel_id": None,
            "system_channel_flags": 0, "rules_channel_id": None, "vanity_url_code": None, "description": None,
            "banner": None, "premium_tier": 0, "preferred_locale": "ja", "public_updates_channel_id": None,
            "nsfw_level": 0, "premium_progress_bar_enabled": False, "large": False, "member_count": 2,
            "channels": [channel.payload() for channel in self.channels], "members": [], "threads": [],
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [], "joined_at": "2026-01-01T00:00:00+00:00", "unavailable": False,
        }  # fmt: skip


@dataclass(eq=False, slots=True, kw_only=True)
class Interaction:
    """A command, autocomplete, component or modal that a person used, and the bot's response to it."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    created_at: datetime
    message: Message | None = None
    data: Json = field(default_factory=dict)
    """The command with its options, or the component."""
    response: Json | None = None
    """The body of the callback: `type` and `data`."""
    original: Message | None = None
    """The message that the response is, or that it changed."""
    followups: list[Message] = field(default_factory=list)
    began_at: float = field(default_factory=time.monotonic)
    """When it was sent, in seconds of the machine's clock: an answer is late in real seconds too."""
    update_pending: bool = False
    """Whether the bot has announced a change of the message, which it has not made yet."""


class DiscordState:
    """The whole state; `changed` is notified whenever something that a person can see changes."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._last_id = 0
        self.bot = User(self.next_id(), "Nintei", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.channels: dict[int, Channel] = {}
        self.guilds: dict[int, Guild] = {}
        self.commands: list[Json] = []
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[int, tuple[str, bytes]] = {}
        self.changed = asyncio.Condition()
        self.address = ""

    def next_id(self) -> int:
        """Return a new snowflake of the clock's time, larger than all before."""
        millis = (self.clock.now() - DISCORD_EPOCH) // timedelta(milliseconds=1)
        self._last_id = max(millis << 22, self._last_id + 1)
        return self._last_id

    async def wait_until(self, predicate: Callable[[], bool], *, timeout_seconds: float = 10.0) -> None:
        """Return once a predicate holds. Raises `TimeoutError` after so many real seconds."""
        async with asyncio.timeout(timeout_seconds), self.changed:
            await self.changed.wait_for(predicate)

    async def wake_waiters(self) -> None:
        """Let every `wait_until` check its predicate again."""
        async with self.changed:
            self.changed.notify_all()

    def dm_with(self, user: User) -> Channel:
        """Return the direct message channel of a person and the bot; create it if there is none."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(id=self.next_id(), type=DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def add_message(
        self, channel: Channel, author: User, body: Json, *, visible_only_to: User | None = None
    ) -> Message:
        """Add a message to a channel; with `visible_only_to` it is ephemeral, and only that person sees it."""
        message_id = self.next_id()
        body = {"timestamp": self.clock.now().isoformat(), **body}
        message = Message(id=message_id, channel=channel, author=author, body=body, visible_only_to=visible_only_to)
        channel.messages[message_id] = message
        return message

    def store_files(self, channel: Channel, files: Iterable[tuple[str, bytes]]) -> list[Json]:
        """Store files by new ids; return them as attachments of a message."""
        attachments = []
        for name, data in files:
            file_id = self.next_id()
            self.files[file_id] = (name, data)
            url = f"{self.address}/attachments/{channel.id}/{file_id}/{name}"
            attachment: Json = {
                "id": str(file_id), "filename": name, "size": len(data), "url": url, "proxy_url": url,
                "content_type": content_type(name),
            }  # fmt: skip
            if data.startswith(PNG_SIGNATURE) and len(data) >= PNG_HEADER_BYTES:
                attachment["width"], attachment["height"] = struct.unpack(">II", data[16:24])
            attachments.append(attachment)
        return attachments
