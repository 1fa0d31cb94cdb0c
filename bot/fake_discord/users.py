"""What a person does in Discord, and what they see.

mika = discord.add_user("mika")
await mika.write("制作会社A様 昨日 14:30")
receipt = await mika.next_bot_message()
answer = await mika.command("status")
await mika.click(receipt, "取り消し")
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.fake_discord.gateway import DIRECT_MESSAGES, Gateway
from bot.fake_discord.interactions import DEFERRED_UPDATE, MODAL
from bot.fake_discord.payloads import (
    MESSAGE_COMMAND,
    InvalidUserActionError,
    autocomplete_payload,
    command_payload,
    find_command,
)
from bot.fake_discord.state import (
    DM,
    EPHEMERAL,
    EVERYONE_PERMISSIONS,
    Channel,
    DiscordState,
    Interaction,
    Json,
    Message,
    User,
)
from bot.fake_discord.validation import BUTTON, LABEL, SELECT, TEXT, walk_components
from bot.fake_discord.webhooks import mentioned_users

READ_MESSAGE_HISTORY: Final = 1 << 16

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY: Final = 19
"""The type of a message that is a reply."""
FORWARDED: Final = 1 << 14
"""The flag of a forwarded message."""
UNSEEN_CHANNEL: Final = Channel(id=1, type=DM)
"""Where a forwarded message comes from if nothing else is said: the bot cannot see it."""
DEFERRED_TIMEOUT_SECONDS: Final = 60.0
"""Real seconds to complete a response that was deferred."""


def text_of(message: Message) -> str:
    """Return the text of a message, its components included."""
    parts = [message.body.get("content") or ""]
    parts += [
        node["content"] for node in walk_components(message.body.get("components", [])) if node.get("type") == TEXT
    ]
    return "\n".join(part for part in parts if part)


def buttons_of(message: Message) -> dict[str, str]:
    """Return the custom ids of the buttons by label; of several with one label the first."""
    custom_ids: dict[str, str] = {}
    for component in walk_components(message.body.get("components", [])):
        if component.get("type") == BUTTON and "custom_id" in component:
            custom_ids.setdefault(component.get("label", ""), component["custom_id"])
    return custom_ids


def selects_of(message: Message) -> list[Json]:
    """Return the selects of a message."""
    return [select for select in walk_components(message.body.get("components", [])) if select.get("type") == SELECT]


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """The bot's response to an interaction."""

    interaction: Interaction
    stored_files: dict[int, tuple[str, bytes]]
    """Name and content of every file of the fake Discord, by id."""

    @property
    def kind(self) -> int:
        """The type of the response."""
        return int((self.interaction.response or {}).get("type", 0))

    @property
    def message(self) -> Message:
        """The message that the response is or changed. Raises `InvalidUserActionError` when there is none."""
        if self.kind == DEFERRED_UPDATE and self.interaction.followups:
            return self.interaction.followups[0]
        if self.interaction.original is None:
            raise InvalidUserActionError("the bot answered with no message")
        return self.interaction.original

    @property
    def text(self) -> str:
        """The text of the message."""
        return text_of(self.message)

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees the message."""
        return bool(self.message.body.get("flags", 0) & EPHEMERAL)

    @property
    def modal(self) -> Json:
        """The modal that was opened. Raises `InvalidUserActionError` when there is none."""
        if self.kind != MODAL:
            raise InvalidUserActionError("the bot opened no form")
        return dict((self.interaction.response or {})["data"])

    @property
    def files(self) -> dict[str, bytes]:
        """The contents of the attached files, by name."""
        return {file["filename"]: self.stored_files[int(file["id"])][1] for file in self.message.body["attachments"]}

    @property
    def choices(self) -> list[Json]:
        """The choices of an autocomplete."""
        return list((self.interaction.response or {})["data"]["choices"])


class FakeUser:
    """A person with a Discord account, who uses the bot."""

    def __init__(self, state: DiscordState, gateway: Gateway, user: User) -> None:
        self._state = state
        self._gateway = gateway
        self.user = user
        self.permissions = EVERYONE_PERMISSIONS
        """The permissions in every channel of a server."""
        self.response_timeout = 10.0
        """Real seconds in which the bot has to respond to an interaction."""
        self._read_count = 0

    @property
    def dm(self) -> Channel:
        """The direct message channel with the bot."""
        return self._state.dm_with(self.user)

    def visible_messages(self, channel: Channel | None = None) -> list[Message]:
        """Return the messages of a channel that this person sees; without a channel, of the direct messages."""
        messages = (channel or self.dm).messages.values()
        return [message for message in messages if not message.deleted and message.visible_only_to in {None, self.user}]

    def bot_messages(self) -> list[Message]:
        """Return the direct messages that respond to no interaction: receipts, reminders and others."""
        return [
            message
            for message in self.visible_messages()
            if message.author is self._state.bot and not message.is_interaction_response
        ]

    async def next_bot_message(self) -> Message:
        """Wait for the bot's next direct message that was not read yet, and read it."""
        await self._state.wait_until(lambda: len(self.bot_messages()) > self._read_count)
        message = self.bot_messages()[self._read_count]
        self._read_count += 1
        return message

    def drain_bot_messages(self) -> list[Message]:
        """Read and return the bot's direct messages that were not read yet."""
        unread = self.bot_messages()[self._read_count :]
        self._read_count += len(unread)
        return unread

    def has_read_everything(self) -> bool:
        """Whether every direct message of the bot was read."""
        return len(self.bot_messages()) <= self._read_count

    async def write(
        self, content: str = "", *, files: Sequence[tuple[str, bytes]] = (), channel: Channel | None = None, **body: Any
    ) -> Message:
        """Send a message to a channel; without a channel, to the bot."""
        channel = channel or self.dm
        attachments = self._state.store_files(channel, files)
        mentions = mentioned_users(self._state, content)
        body = {"content": content, "attachments": attachments, "mentions": mentions, **body}
        message = self._state.add_message(channel, self.user, body)
        await self._gateway.dispatch_message(message)
        await self._state.wake_waiters()
        return message

    async def reply(self, message: Message, content: str) -> Message:
        """Reply to a message of the direct messages as Discord does: the reply names it."""
        reference = {"type": 0, "message_id": str(message.id), "channel_id": str(message.channel.id)}
        referenced = message.payload()
        return await self.write(content, type=REPLY, message_reference=reference, referenced_message=referenced)

    async def edit(self, message: Message, content: str) -> None:
        """Edit a message of this person in the direct messages."""
        message.body.update(content=content, edited_timestamp=self._state.clock.now().isoformat())
        await self._gateway.dispatch("MESSAGE_UPDATE", message.payload(), intent=DIRECT_MESSAGES)

    async def forward(
        self, content: str = "", *, posted_at: datetime, embeds: Sequence[Json] = (),
        files: Sequence[tuple[str, bytes]] = (), original: Message | None = None,
    ) -> Message:  # fmt: skip
        """Forward a message to the bot as Discord does: a snapshot without author or id."""
        snapshot = {
            "type": 0, "content": content, "embeds": list(embeds), "timestamp": posted_at.isoformat(),
            "attachments": self._state.store_files(self.dm, files), "edited_timestamp": None, "flags": 0,
            "mentions": [], "mention_roles": [], "components": [],
        }  # fmt: skip
        channel = original.channel if original else UNSEEN_CHANNEL
        return await self._forward([{"message": snapshot}], original.id if original else self._state.next_id(), channel)

    async def forward_existing(self, message: Message) -> Message:
        """Forward a message of a channel to the bot; of one that was forwarded, its snapshots."""
        body, payload = message.body, message.payload()
        snapshot_keys = (
            "type", "content", "embeds", "timestamp", "attachments", "edited_timestamp", "flags", "mentions",
            "mention_roles", "components",
        )  # fmt: skip
        snapshots = body.get("message_snapshots") or [{"message": {key: payload[key] for key in snapshot_keys}}]
        return await self._forward(snapshots, message.id, message.channel)

    async def _forward(self, snapshots: list[Json], message_id: int, channel: Channel) -> Message:
        reference = {"type": 1, "message_id": str(message_id), "channel_id": str(channel.id)}
        if channel.guild_id is not None:
            reference["guild_id"] = str(channel.guild_id)
        return await self.write(message_reference=reference, message_snapshots=snapshots, flags=FORWARDED)

    async def command(self, name: str, *, channel: Channel | None = None, **options: Any) -> InteractionResult:
        """Use a slash command ("job add": of a group) with options by their English names; a file as (name, bytes)."""
        channel = channel or self.dm
        data = command_payload(self._state, name, channel, options, self.permissions)
        return await self._interact(COMMAND, data, channel)

    async def complete(self, name: str, focused: str, value: str, **options: Any) -> list[Json]:
        """Return the bot's choices while an option is being typed."""
        data = autocomplete_payload(self._state, name, focused, value, options)
        return (await self._interact(AUTOCOMPLETE, data, self.dm)).choices

    async def menu(self, name: str, message: Message) -> InteractionResult:
        """Use a command of the context menu of a message."""
        command = find_command(self._state, name, MESSAGE_COMMAND)
        target_id = str(message.id)
        resolved = {"messages": {target_id: message.payload()}}
        data = {
            "id": command["id"], "name": name, "type": MESSAGE_COMMAND, "target_id": target_id, "resolved": resolved,
        }  # fmt: skip
        return await self._interact(COMMAND, data, message.channel)

    async def click(self, message: Message, label: str) -> InteractionResult:
        """Click the button with a label or a custom id."""
        custom_id = label if label in buttons_of(message).values() else buttons_of(message).get(label)
        if custom_id is None:
            raise InvalidUserActionError(f"no button {label!r} among {list(buttons_of(message))}")
        return await self.click_custom_id(message, custom_id)

    async def click_custom_id(self, message: Message, custom_id: str) -> InteractionResult:
        """Send the click of a button, whether or not the message has it: a custom id may be forged."""
        data = {"component_type": BUTTON, "custom_id": custom_id}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def select_option(self, message: Message, *labels: str, select: int = 0) -> InteractionResult:
        """Select options by their labels; `select` counts the selects of the message from 0."""
        component = selects_of(message)[select]
        values = {option["label"]: option["value"] for option in reversed(component["options"])}
        if missing := [label for label in labels if label not in values]:
            raise InvalidUserActionError(f"no option {missing} among {list(values)}")
        return await self.select_values(message, component, [values[label] for label in labels])

    async def select_values(self, message: Message, select: Json, values: Sequence[str]) -> InteractionResult:
        """Select options by their values."""
        if not select.get("min_values", 1) <= len(values) <= select.get("max_values", 1):
            raise InvalidUserActionError(f"{len(values)} options are too few or too many")
        data = {"component_type": SELECT, "custom_id": select["custom_id"], "values": list(values)}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def submit_modal(self, opened: InteractionResult, *values: str | list[str]) -> InteractionResult:
        """Submit the modal that a response opened, with a value for each field; of a select a list."""
        modal = opened.modal
        labels = [component for component in modal["components"] if component.get("type") == LABEL]
        components = []
        for label, value in zip(labels, values, strict=True):
            field = {"type": label["component"]["type"], "custom_id": label["component"]["custom_id"], "id": 2}
            field["values" if isinstance(value, list) else "value"] = value
            components.append({"type": LABEL, "id": 1, "component": field})
        data = {"custom_id": modal["custom_id"], "components": components}
        return await self._interact(MODAL_SUBMIT, data, opened.interaction.channel, opened.interaction.message)

    async def _interact(
        self, kind: int, data: Json, channel: Channel, message: Message | None = None
    ) -> InteractionResult:
        interaction = Interaction(
            id=self._state.next_id(),
            token=secrets.token_urlsafe(24),
            type=kind,
            user=self.user,
            channel=channel,
            created_at=self._state.clock.now(),
            message=message,
            data=data,
        )
        self._state.interactions[interaction.token] = interaction
        await self._gateway.dispatch("INTERACTION_CREATE", self._interaction_payload(interaction))
        await self._state.wait_until(lambda: interaction.response is not None, timeout_seconds=self.response_timeout)
        timeout_seconds = max(self.response_timeout, DEFERRED_TIMEOUT_SECONDS)
        await self._state.wait_until(lambda: not _is_loading(interaction), timeout_seconds=timeout_seconds)
        return InteractionResult(interaction, self._state.files)

    def _interaction_payload(self, interaction: Interaction) -> Json:
        channel = interaction.channel
        denied = READ_MESSAGE_HISTORY if channel.id in self._gateway.faults.history_denied else 0
        installed_by = {"1": str(self.user.id)}  # the person, and the channel's server if it is known
        if channel.guild_id in self._state.guilds:
            installed_by["0"] = str(channel.guild_id)
        payload: Json = {
            "id": str(interaction.id), "application_id": str(self._state.bot.id), "type": interaction.type,
            "token": interaction.token, "version": 1, "data": interaction.data, "channel_id": str(channel.id),
            "channel": channel.payload(), "locale": self.user.locale, "entitlements": [],
            "app_permissions": str(EVERYONE_PERMISSIONS & ~denied), "attachment_size_limit": 10485760,
            "authorizing_integration_owners": installed_by,
            "context": 1 if channel.type == DM else 0,
        }  # fmt: skip
        if interaction.message is not None:
            payload["message"] = interaction.message.payload()
        if channel.type == DM:
            return {**payload, "user": self.user.payload()}
        member = {
            "user": self.user.payload(), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False,
            "mute": False, "permissions": str(self.permissions), "flags": 0, "nick": None, "avatar": None,
        }  # fmt: skip
        guild = {"id": str(channel.guild_id), "locale": "ja", "features": []}
        return {**payload, "member": member, "guild_id": str(channel.guild_id), "guild": guild, "guild_locale": "ja"}


def _is_loading(interaction: Interaction) -> bool:
    loading = interaction.original is not None and bool(interaction.original.body.get("loading"))
    return loading or interaction.update_pending
