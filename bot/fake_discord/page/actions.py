"""What a person does on the page, done on the stand-in as the tests do it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any, Final

from bot.fake_discord.page.clock_control import ClockControl
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.state import Channel, DiscordState, Message
from bot.fake_discord.users import FakeUser, InteractionResult, selects_of

Json = dict[str, Any]
Files = Mapping[str, tuple[str, bytes]]

MAX_CLOCK_ADVANCE: Final = timedelta(days=366)
MAX_MESSAGE_LENGTH: Final = 2000
LOCALES: Final = {"ja": "ja", "en": "en-US"}


@dataclass
class PageActions:
    """By name, what may be done; each takes who does it, what was said, and the files that came with it."""

    state: DiscordState
    clock_control: ClockControl
    mail_bridge: FakeUser
    """The mail bridge that posts notifications."""
    sample_mails: Mapping[str, Sequence[str]]
    """What it posts, by locale."""
    _opened: dict[str, InteractionResult] = field(default_factory=dict)
    _posted: dict[str, Iterator[str]] = field(default_factory=dict)

    async def perform(self, person: FakeUser, request: Json, files: Files) -> Json:
        """Do it. Raises `CannotDoError`, `TimeoutError` when the bot does not answer, `LookupError` for nonsense."""
        actions: dict[str, Callable[[FakeUser, Json, Files], Awaitable[Json]]] = {
            "notify": self._notify,
            "write": self._write,
            "forward": self._forward,
            "command": self._command,
            "complete": self._complete,
            "menu": self._menu,
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
            "dismiss": self._dismiss,
            "move": self._advance_clock,
            "speak": self._set_locale,
        }
        return await actions[request["do"]](person, request, files)

    def channel(self, person: FakeUser, channel_id: str) -> Channel:
        """A channel that this person is in."""
        channel = self.state.channels[int(channel_id)]
        if channel.recipient not in {None, person.user}:
            raise LookupError(channel_id)
        return channel

    def _message(self, person: FakeUser, request: Json) -> Message:
        there = self.channel(person, request["channel"])
        for message in person.can_see(there):
            if str(message.id) == request["message"]:
                return message
        raise LookupError(request["message"])

    async def notify(self, locale: str, channel: Channel) -> Message:
        """The bridge posts the next sample. It mentions the bot, which reads it only where the channel is an inbox."""
        sample_mails = self._posted.setdefault(locale, cycle(self.sample_mails[locale]))
        words = f"<@{self.state.bot.id}>\n{next(sample_mails)}"
        return await self.mail_bridge.write(words, channel=channel, webhook_id=str(self.mail_bridge.user.id))

    async def _notify(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        locale = "ja" if person.user.locale == "ja" else "en"
        return {"message": str((await self.notify(locale, self.channel(person, request["channel"]))).id)}

    async def _write(self, person: FakeUser, request: Json, files: Files) -> Json:
        content = str(request["content"])
        if not (content.strip() or files) or len(content) > MAX_MESSAGE_LENGTH:
            raise InvalidUserActionError(f"a message of {len(content)} characters")
        await person.write(content, files=list(files.values()), channel=self.channel(person, request["channel"]))
        return {}

    async def _forward(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        await person.forward_existing(self._message(person, request))
        return {}

    async def _command(self, person: FakeUser, request: Json, files: Files) -> Json:
        options = {name: self._value(person, value, files) for name, value in request["options"].items()}
        return self._answer(
            await person.command(request["name"], channel=self.channel(person, request["channel"]), **options)
        )

    def _value(self, person: FakeUser, value: Any, files: Files) -> Any:
        """An option's value; a file and a channel are named."""
        if isinstance(value, dict):
            return files[value["file"]] if "file" in value else self.channel(person, value["channel"])
        return value

    async def _complete(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        given = {name: value for name, value in request["options"].items() if not isinstance(value, dict)}
        return {"choices": await person.complete(request["name"], request["focused"], request["value"], **given)}

    async def _menu(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        return self._answer(await person.menu(request["name"], self._message(person, request)))

    async def _press(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        return self._answer(await person.click_custom_id(self._message(person, request), str(request["custom_id"])))

    async def _choose(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        message = self._message(person, request)
        [select] = [each for each in selects_of(message) if each["custom_id"] == request["custom_id"]]
        return self._answer(await person.select_values(message, select, request["values"]))

    async def _fill(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        opened = self._opened[request["form"]]
        if opened.interaction.user is not person.user:
            raise LookupError(request["form"])
        answer = self._answer(await person.submit_modal(opened, *request["written"]))
        del self._opened[request["form"]]
        return answer

    async def _dismiss(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        message = self._message(person, request)
        if message.visible_only_to is not person.user:
            raise InvalidUserActionError("only what nobody else sees can be put away")
        message.deleted = True
        return {}

    async def _advance_clock(self, person: FakeUser, request: Json, files: Files) -> Json:
        del person, files
        now = self.state.clock.now()
        if request["by"] == "next":
            due = await self.clock_control.next_due()
            if due is None:
                return {"moved": False}
            await self.clock_control.advance_to(max(due, now))
        else:
            leap = timedelta(minutes=int(request["by"]))
            if not timedelta() < leap <= MAX_CLOCK_ADVANCE:
                raise InvalidUserActionError(f"{request['by']} minutes")
            await self.clock_control.advance_to(now + leap)
        return {"moved": True}

    async def _set_locale(self, person: FakeUser, request: Json, files: Files) -> Json:
        del files
        person.user.locale = LOCALES[request["locale"]]
        return {}

    def _answer(self, answer: InteractionResult) -> Json:
        if answer.kind != 9:  # noqa: PLR2004 — a form
            return {}
        channel_id = str(answer.interaction.id)
        self._opened[channel_id] = answer
        return {"form": {**answer.modal, "id": channel_id}}
