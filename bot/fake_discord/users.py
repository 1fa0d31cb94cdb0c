"""What a person does in Discord, and what they see.

mika = discord.add_person("mika")
await mika.write("制作会社A様 昨日 14:30")
receipt = await mika.hears()                 # the bot's next message in the direct message
answer = await mika.command("status")
await mika.press(receipt, "取り消し")
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.fake_discord.gateway import Gateway
from bot.fake_discord.payloads import (
    ON_MESSAGE,
    InvalidUserActionError,
    autocomplete_payload,
    command_payload,
    find_command,
)
from bot.fake_discord.state import DM, EPHEMERAL, Channel, DiscordState, Interaction, Message, User
from bot.fake_discord.validation import walk
from bot.fake_discord.webhooks import resolve_mentions

Json = dict[str, Any]

DEFAULT_PERMISSIONS: Final = 562949953863680
"""What somebody may do in a server who manages nothing there."""

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
DEFERRED_TIMEOUT: Final = 60.0
"""Real seconds for what the bot said would take longer."""


def text_of(message: Message) -> str:
    """What is written in a message, its components included."""
    parts = [message.body.get("content") or ""]
    parts += [each["content"] for each in walk(message.body.get("components", [])) if each.get("type") == 10]  # noqa: PLR2004
    return "\n".join(part for part in parts if part)


def buttons_of(message: Message) -> dict[str, str]:
    """The custom ids of the buttons, by label; of several with one label the first."""
    found: dict[str, str] = {}
    for each in walk(message.body.get("components", [])):
        if each.get("type") == 2 and "custom_id" in each:  # noqa: PLR2004
            found.setdefault(each.get("label", ""), each["custom_id"])
    return found


def selects_of(message: Message) -> list[Json]:
    """The selects of a message."""
    return [each for each in walk(message.body.get("components", [])) if each.get("type") == 3]  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """What the bot answered to something a person did."""

    interaction: Interaction
    messages: dict[int, tuple[str, bytes]]
    """Every file on this Discord."""

    @property
    def kind(self) -> int:
        """The type of the callback."""
        return int((self.interaction.response or {}).get("type", 0))

    @property
    def message(self) -> Message:
        """The message that the answer is or changed."""
        if self.interaction.original is None:
            raise InvalidUserActionError("the bot answered with no message")
        return self.interaction.original

    @property
    def text(self) -> str:
        """What it says."""
        return text_of(self.message)

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees it."""
        return bool(self.message.body.get("flags", 0) & EPHEMERAL)

    @property
    def modal(self) -> Json:
        """The form it opened."""
        if self.kind != 9:  # noqa: PLR2004
            raise InvalidUserActionError("the bot opened no form")
        return dict((self.interaction.response or {})["data"])

    @property
    def files(self) -> dict[str, bytes]:
        """What is attached to it."""
        return {each["filename"]: self.messages[int(each["id"])][1] for each in self.message.body["attachments"]}

    @property
    def choices(self) -> list[Json]:
        """What it offers to complete."""
        return list((self.interaction.response or {})["data"]["choices"])


class FakeUser:
    """Somebody with a Discord account, as far as the bot is concerned."""

    def __init__(self, world: DiscordState, gateway: Gateway, user: User) -> None:
        self._world = world
        self._gateway = gateway
        self.user = user
        self.permissions = DEFAULT_PERMISSIONS
        """In every channel of a server."""
        self.patience = 10.0
        """Real seconds in which an answer has to come."""
        self._heard = 0

    @property
    def dm(self) -> Channel:
        """The direct message with the bot."""
        return self._world.dm_with(self.user)

    def can_see(self, channel: Channel | None = None) -> list[Message]:
        """The messages of a channel as this person sees them."""
        there = (channel or self.dm).messages.values()
        return [each for each in there if not each.deleted and each.visible_only_to in {None, self.user}]

    def bot_messages(self) -> list[Message]:
        """What the bot wrote in the direct message by itself: receipts and reminders, not answers to commands."""
        return [each for each in self.can_see() if each.author is self._world.bot and not each.is_interaction_response]

    async def next_bot_message(self) -> Message:
        """The bot's next message in the direct message that was not heard yet."""
        await self._world.wait_until(lambda: len(self.bot_messages()) > self._heard)
        message = self.bot_messages()[self._heard]
        self._heard += 1
        return message

    def drain_bot_messages(self) -> list[Message]:
        """What the bot wrote by itself and was not heard yet."""
        unheard = self.bot_messages()[self._heard :]
        self._heard += len(unheard)
        return unheard

    def skip_to_latest(self) -> bool:
        """Whether every message of the bot was heard."""
        return len(self.bot_messages()) <= self._heard

    async def write(
        self, content: str = "", *, files: Sequence[tuple[str, bytes]] = (), channel: Channel | None = None, **body: Any
    ) -> Message:
        """Write a message, to the bot if no channel is given."""
        there = channel or self.dm
        attachments = self._world.store_files(there, files)
        written = {
            "content": content,
            "attachments": attachments,
            "mentions": resolve_mentions(self._world, content),
            **body,
        }
        message = self._world.add_message(there, self.user, written)
        await self._gateway.dispatch_message(message)
        await self._world.wake_waiters()
        return message

    async def forward(
        self, content: str = "", *, posted_at: datetime, embeds: Sequence[Json] = (),
        files: Sequence[tuple[str, bytes]] = (), original: Message | None = None,
    ) -> Message:  # fmt: skip
        """Forward a message to the bot, as Discord does: a snapshot without author or id."""
        number = original.id if original else self._world.next_id()
        snapshot = {
            "type": 0, "content": content, "embeds": list(embeds), "timestamp": posted_at.isoformat(),
            "attachments": self._world.store_files(self.dm, files), "edited_timestamp": None, "flags": 0,
            "mentions": [], "mention_roles": [], "components": [],
        }  # fmt: skip
        return await self.write(
            message_reference={"type": 1, "message_id": str(number), "channel_id": str(self.dm.id)},
            message_snapshots=[{"message": snapshot}],
            flags=1 << 14,
        )

    async def forward_existing(self, message: Message) -> Message:
        """Forward a message that stands in a channel to the bot; a forwarded one as it was forwarded."""
        body, payload = message.body, message.payload()
        kept = (
            "type", "content", "embeds", "timestamp", "attachments", "edited_timestamp", "flags", "mentions",
            "mention_roles", "components",
        )  # fmt: skip
        snapshots = body.get("message_snapshots") or [{"message": {key: payload[key] for key in kept}}]
        reference = {"type": 1, "message_id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild_id is not None:
            reference["guild_id"] = str(message.channel.guild_id)
        return await self.write(message_reference=reference, message_snapshots=snapshots, flags=1 << 14)

    async def command(self, name: str, *, channel: Channel | None = None, **options: Any) -> InteractionResult:
        """Use a slash command ("job add": of a group) with options by their English names; a file as (name, bytes)."""
        there = channel or self.dm
        return await self._interact(
            COMMAND, command_payload(self._world, name, there, options, self.permissions), there
        )

    async def complete(self, name: str, focused: str, value: str, **options: Any) -> list[Json]:
        """What the bot offers while an option is typed."""
        data = autocomplete_payload(self._world, name, focused, value, options)
        return (await self._interact(AUTOCOMPLETE, data, self.dm)).choices

    async def menu(self, name: str, message: Message) -> InteractionResult:
        """Use a context menu of a message."""
        command = find_command(self._world, name, ON_MESSAGE)
        number = str(message.id)
        resolved = {"messages": {number: message.payload()}}
        data = {"id": command["id"], "name": name, "type": ON_MESSAGE, "target_id": number, "resolved": resolved}
        return await self._interact(COMMAND, data, message.channel)

    async def click(self, message: Message, label: str) -> InteractionResult:
        """Press the button of that label (or, if there are several, that custom id)."""
        custom_id = label if label in buttons_of(message).values() else buttons_of(message).get(label)
        if custom_id is None:
            raise InvalidUserActionError(f"no button {label!r} among {list(buttons_of(message))}")
        return await self.click_custom_id(message, custom_id)

    async def click_custom_id(self, message: Message, custom_id: str) -> InteractionResult:
        """Press a button by its custom id, on the message or not: somebody may forge one."""
        data = {"component_type": 2, "custom_id": custom_id}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def select_option(self, message: Message, *labels: str, select: int = 0) -> InteractionResult:
        """Choose the options of these labels, as many as the select takes."""
        there = selects_of(message)[select]
        known = {each["label"]: each["value"] for each in reversed(there["options"])}
        if missing := [label for label in labels if label not in known]:
            raise InvalidUserActionError(f"no option {missing} among {list(known)}")
        return await self.select_values(message, there, [known[label] for label in labels])

    async def select_values(self, message: Message, select: Json, values: Sequence[str]) -> InteractionResult:
        """Choose options of a select by their values."""
        if not select.get("min_values", 1) <= len(values) <= select.get("max_values", 1):
            raise InvalidUserActionError(f"{len(values)} options are too few or too many")
        data = {"component_type": 3, "custom_id": select["custom_id"], "values": list(values)}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def submit_modal(self, opened: InteractionResult, *written: str | list[str]) -> InteractionResult:
        """Fill in the form that an answer opened, field by field, and send it; a select's values as a list."""
        form = opened.modal
        components = []
        for label, value in zip(_fields(form), written, strict=True):
            field = {"type": label["component"]["type"], "custom_id": label["component"]["custom_id"], "id": 2}
            field["values" if isinstance(value, list) else "value"] = value
            components.append({"type": 18, "id": 1, "component": field})
        data = {"custom_id": form["custom_id"], "components": components}
        return await self._interact(MODAL_SUBMIT, data, opened.interaction.channel, opened.interaction.message)

    def _installed(self, channel: Channel) -> Json:
        """Where the bot was added: to the person's account, and to each server that is here."""
        owners = {"1": str(self.user.id)}
        return {**owners, "0": str(channel.guild_id)} if channel.guild_id in self._world.guilds else owners

    async def _interact(
        self, kind: int, data: Json, channel: Channel, message: Message | None = None
    ) -> InteractionResult:
        number, token, now = self._world.next_id(), secrets.token_urlsafe(24), self._world.clock.now()
        interaction = Interaction(number, token, kind, self.user, channel, now, message, data)
        self._world.interactions[interaction.token] = interaction
        await self._gateway.dispatch("INTERACTION_CREATE", self._payload(interaction, data))
        await self._world.wait_until(lambda: interaction.response is not None, timeout_seconds=self.patience)
        await self._world.wait_until(lambda: not _loading(interaction), timeout_seconds=DEFERRED_TIMEOUT)
        return InteractionResult(interaction, self._world.files)

    def _payload(self, interaction: Interaction, data: Json) -> Json:
        channel = interaction.channel
        payload: Json = {
            "id": str(interaction.id), "application_id": str(self._world.bot.id), "type": interaction.type,
            "token": interaction.token, "version": 1, "data": data, "channel_id": str(channel.id),
            "channel": channel.payload(), "locale": self.user.locale, "entitlements": [],
            "app_permissions": "562949953863680", "attachment_size_limit": 10485760,
            "authorizing_integration_owners": self._installed(channel), "context": 1 if channel.type == DM else 0,
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


def _loading(interaction: Interaction) -> bool:
    return interaction.original is not None and bool(interaction.original.body.get("loading"))


def _fields(form: Json) -> Iterator[Json]:
    return (each for each in form["components"] if each.get("type") == 18)  # noqa: PLR2004
