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

from bot.rehearsal.checks import walk
from bot.rehearsal.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from bot.rehearsal.world import DM, EPHEMERAL, Channel, Interaction, Message, User, World

Json = dict[str, Any]

COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5
_TYPES: Final = {
    "string": 3,
    "integer": 4,
    "boolean": 5,
    "user": 6,
    "channel": 7,
    "role": 8,
    "number": 10,
    "attachment": 11,
}
_SUBCOMMAND: Final = 1


class CannotDoError(Exception):
    """Discord's own app would not let a person do this."""


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
class Answer:
    """What the bot answered to something a person did."""

    interaction: Interaction
    kept: dict[int, tuple[str, bytes]]
    """Every file on this Discord."""

    @property
    def kind(self) -> int:
        """The type of the callback."""
        return int((self.interaction.response or {}).get("type", 0))

    @property
    def message(self) -> Message:
        """The message that the answer is or changed."""
        if self.interaction.original is None:
            raise CannotDoError("the bot answered with no message")
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
    def form(self) -> Json:
        """The form it opened."""
        if self.kind != 9:  # noqa: PLR2004
            raise CannotDoError("the bot opened no form")
        return dict((self.interaction.response or {})["data"])

    @property
    def files(self) -> dict[str, bytes]:
        """What is attached to it."""
        return {each["filename"]: self.kept[int(each["id"])][1] for each in self.message.body["attachments"]}

    @property
    def choices(self) -> list[Json]:
        """What it offers to complete."""
        return list((self.interaction.response or {})["data"]["choices"])


class Person:
    """Somebody with a Discord account, as far as the bot is concerned."""

    def __init__(self, world: World, gateway: Gateway, user: User) -> None:
        self._world = world
        self._gateway = gateway
        self.user = user
        self._heard = 0

    @property
    def dm(self) -> Channel:
        """The direct message with the bot."""
        return self._world.dm_with(self.user)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """The messages of a channel as this person sees them."""
        there = (channel or self.dm).messages.values()
        return [each for each in there if not each.deleted and each.ephemeral_to in {None, self.user}]

    def from_bot(self) -> list[Message]:
        """What the bot wrote in the direct message by itself: receipts and reminders, not answers to commands."""
        return [each for each in self.sees() if each.author is self._world.bot and not each.answers]

    async def hears(self) -> Message:
        """The bot's next message in the direct message that was not heard yet."""
        await self._world.until(lambda: len(self.from_bot()) > self._heard)
        message = self.from_bot()[self._heard]
        self._heard += 1
        return message

    def hear_all(self) -> list[Message]:
        """What the bot wrote by itself and was not heard yet."""
        unheard = self.from_bot()[self._heard :]
        self._heard += len(unheard)
        return unheard

    def heard_everything(self) -> bool:
        """Whether every message of the bot was heard."""
        return len(self.from_bot()) <= self._heard

    async def write(
        self, content: str = "", *, files: Sequence[tuple[str, bytes]] = (), channel: Channel | None = None, **body: Any
    ) -> Message:
        """Write a message, to the bot if no channel is given."""
        there = channel or self.dm
        attachments = self._world.keep_files(there, files)
        message = self._world.add_message(there, self.user, {"content": content, "attachments": attachments, **body})
        await self._tell(message)
        return message

    async def _tell(self, message: Message) -> None:
        channel = message.channel
        data = message.payload()
        if channel.type != DM:
            data = {**data, "guild_id": str(channel.guild_id), "content": ""}
        needs = DIRECT_MESSAGES if channel.type == DM else GUILD_MESSAGES
        await self._gateway.dispatch("MESSAGE_CREATE", data, needs=needs)
        await self._world.notify()

    async def forward(
        self, content: str = "", *, posted_at: datetime, embeds: Sequence[Json] = (),
        files: Sequence[tuple[str, bytes]] = (), original: Message | None = None,
    ) -> Message:  # fmt: skip
        """Forward a message to the bot, as Discord does: a snapshot without author or id."""
        number = original.id if original else self._world.next_id()
        snapshot = {
            "type": 0, "content": content, "embeds": list(embeds), "timestamp": posted_at.isoformat(),
            "attachments": self._world.keep_files(self.dm, files), "edited_timestamp": None, "flags": 0,
            "mentions": [], "mention_roles": [], "components": [],
        }  # fmt: skip
        return await self.write(
            message_reference={"type": 1, "message_id": str(number), "channel_id": str(self.dm.id)},
            message_snapshots=[{"message": snapshot}],
            flags=1 << 14,
        )

    async def command(self, name: str, *, channel: Channel | None = None, **options: Any) -> Answer:
        """Use a slash command ("job add": of a group) with options by their English names; a file as (name, bytes)."""
        used = self._used(name)
        there = channel or self.dm
        missing = [
            each["name"] for each in used.get("options", []) if each.get("required") and each["name"] not in options
        ]
        if missing:
            raise CannotDoError(f"/{name} needs {missing}")
        resolved: Json = {}
        given = []
        for option, value in options.items():
            if value is not None:
                given.append(self._resolve(self._option(used, option, value), there, resolved))
        return await self._interact(COMMAND, self._call(name, given, resolved), there)

    def _used(self, name: str) -> Json:
        """A command, or one of a group."""
        group, _, sub = name.partition(" ")
        command = self._command(group, 1)
        if not sub:
            return command
        for each in command["options"]:
            if each["name"] == sub and each["type"] == _SUBCOMMAND:
                return dict(each)
        raise CannotDoError(f"no command {name!r}")

    def _call(self, name: str, given: list[Json], resolved: Json) -> Json:
        group, _, sub = name.partition(" ")
        if sub:
            given = [{"name": sub, "type": _SUBCOMMAND, "options": given}]
        return {
            "id": self._command(group, 1)["id"], "name": group, "type": 1, "options": given, "resolved": resolved,
        }  # fmt: skip

    def _resolve(self, option: Json, channel: Channel, resolved: Json) -> Json:
        """A file or a channel is named by its id, and told beside the options."""
        if option["type"] == _TYPES["attachment"]:
            [kept] = self._world.keep_files(channel, [option["value"]])
            resolved.setdefault("attachments", {})[kept["id"]] = kept
            return {**option, "value": kept["id"]}
        if option["type"] == _TYPES["channel"]:
            there: Channel = option["value"]
            shown = {
                **there.payload(),
                "name": "channel",
                "permissions": "562949953863680",
                "guild_id": str(there.guild_id),
            }
            resolved.setdefault("channels", {})[str(there.id)] = shown
            return {**option, "value": str(there.id)}
        return option

    async def complete(self, name: str, focused: str, value: str, **options: Any) -> list[Json]:
        """What the bot offers while an option is typed."""
        used = self._used(name)
        given = [self._option(used, option, each) for option, each in options.items()]
        given.append({**self._option(used, focused, value), "focused": True})
        return (await self._interact(COMPLETION, self._call(name, given, {}), self.dm)).choices

    async def menu(self, name: str, message: Message) -> Answer:
        """Use a context menu of a message."""
        command = self._command(name, 3)
        number = str(message.id)
        resolved = {"messages": {number: message.payload()}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": number, "resolved": resolved}
        return await self._interact(COMMAND, data, message.channel)

    async def press(self, message: Message, label: str) -> Answer:
        """Press the button of that label (or, if there are several, that custom id)."""
        custom_id = label if label in buttons_of(message).values() else buttons_of(message).get(label)
        if custom_id is None:
            raise CannotDoError(f"no button {label!r} among {list(buttons_of(message))}")
        return await self.press_id(message, custom_id)

    async def press_id(self, message: Message, custom_id: str) -> Answer:
        """Press a button by its custom id, on the message or not: somebody may forge one."""
        data = {"component_type": 2, "custom_id": custom_id}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def choose(self, message: Message, *labels: str, select: int = 0) -> Answer:
        """Choose the options of these labels, as many as the select takes."""
        there = selects_of(message)[select]
        known = {each["label"]: each["value"] for each in reversed(there["options"])}
        if missing := [label for label in labels if label not in known]:
            raise CannotDoError(f"no option {missing} among {list(known)}")
        if not there.get("min_values", 1) <= len(labels) <= there.get("max_values", 1):
            raise CannotDoError(f"{len(labels)} options are too few or too many")
        data = {"component_type": 3, "custom_id": there["custom_id"], "values": [known[label] for label in labels]}
        return await self._interact(COMPONENT, data, message.channel, message)

    async def fill(self, opened: Answer, *written: str) -> Answer:
        """Fill in the form that an answer opened, field by field, and send it."""
        form = opened.form
        components = []
        for label, value in zip(_fields(form), written, strict=True):
            field = {"type": label["component"]["type"], "custom_id": label["component"]["custom_id"], "value": value}
            components.append({"type": 18, "id": 1, "component": {**field, "id": 2}})
        data = {"custom_id": form["custom_id"], "components": components}
        return await self._interact(FORM, data, opened.interaction.channel, opened.interaction.message)

    def _command(self, name: str, kind: int) -> Json:
        for command in self._world.commands:
            if command["name"] == name and command.get("type", 1) == kind:
                return command
        raise CannotDoError(f"no command {name!r}")

    def _option(self, command: Json, name: str, value: Any) -> Json:
        for option in command.get("options", []):
            if option["name"] == name:
                value = _typed(option["type"], value)
                values = [choice["value"] for choice in option.get("choices", [])]
                if values and value not in values:
                    raise CannotDoError(f"{value!r} is no choice of {name!r}: {values}")
                if option["type"] == _TYPES["integer"] and not (
                    option.get("min_value", value) <= value <= option.get("max_value", value)
                ):
                    raise CannotDoError(f"{name!r} is out of range")
                if option["type"] == _TYPES["string"] and len(value) > option.get("max_length", 6000):
                    raise CannotDoError(f"{name!r} is too long")
                return {"name": name, "type": option["type"], "value": value}
        raise CannotDoError(f"/{command['name']} has no option {name!r}")

    async def _interact(self, kind: int, data: Json, channel: Channel, message: Message | None = None) -> Answer:
        interaction = Interaction(
            self._world.next_id(), secrets.token_urlsafe(24), kind, self.user, channel, self._world.clock.now(), message
        )
        self._world.interactions[interaction.token] = interaction
        await self._gateway.dispatch("INTERACTION_CREATE", self._payload(interaction, data))
        await self._world.until(lambda: interaction.response is not None and not _loading(interaction))
        return Answer(interaction, self._world.files)

    def _payload(self, interaction: Interaction, data: Json) -> Json:
        channel = interaction.channel
        payload: Json = {
            "id": str(interaction.id), "application_id": str(self._world.bot.id), "type": interaction.type,
            "token": interaction.token, "version": 1, "data": data, "channel_id": str(channel.id),
            "channel": channel.payload(), "locale": self.user.locale, "entitlements": [],
            "app_permissions": "562949953863680", "attachment_size_limit": 10485760,
            "authorizing_integration_owners": {"1": str(self.user.id)}, "context": 1 if channel.type == DM else 0,
        }  # fmt: skip
        if interaction.message is not None:
            payload["message"] = interaction.message.payload()
        if channel.type == DM:
            return {**payload, "user": self.user.payload()}
        member = {
            "user": self.user.payload(), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False,
            "mute": False, "permissions": "562949953863680", "flags": 0, "nick": None, "avatar": None,
        }  # fmt: skip
        guild = {"id": str(channel.guild_id), "locale": "ja", "features": []}
        return {**payload, "member": member, "guild_id": str(channel.guild_id), "guild": guild, "guild_locale": "ja"}


def _typed(kind: int, value: Any) -> Any:
    """What a person types, as Discord's app sends it."""
    if kind == _TYPES["integer"] and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind == _TYPES["boolean"] and isinstance(value, str):
        return value.casefold() == "true"
    return value


def _loading(interaction: Interaction) -> bool:
    return interaction.original is not None and bool(interaction.original.body.get("loading"))


def _fields(form: Json) -> Iterator[Json]:
    return (each for each in form["components"] if each.get("type") == 18)  # noqa: PLR2004
