"""What a person does on the page, done on the stand-in as the tests do it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any, Final

from bot.rehearsal.calls import CannotDoError
from bot.rehearsal.page.hands import Hands
from bot.rehearsal.person import Answer, Person, selects_of
from bot.rehearsal.world import Channel, Message, World

Json = dict[str, Any]
Files = Mapping[str, tuple[str, bytes]]

LONGEST_LEAP: Final = timedelta(days=366)
LONGEST_MESSAGE: Final = 2000
LOCALES: Final = {"ja": "ja", "en": "en-US"}


@dataclass
class Deeds:
    """By name, what may be done; each takes who does it, what was said, and the files that came with it."""

    world: World
    hands: Hands
    bridge: Person
    """The mail bridge that posts notifications."""
    mails: Mapping[str, Sequence[str]]
    """What it posts, by locale."""
    _opened: dict[str, Answer] = field(default_factory=dict)
    _posted: dict[str, Iterator[str]] = field(default_factory=dict)

    async def do(self, person: Person, said: Json, files: Files) -> Json:
        """Do it. Raises `CannotDoError`, `TimeoutError` when the bot does not answer, `LookupError` for nonsense."""
        deeds: dict[str, Callable[[Person, Json, Files], Awaitable[Json]]] = {
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
            "move": self._move,
            "speak": self._speak,
        }
        return await deeds[said["do"]](person, said, files)

    def channel(self, person: Person, number: str) -> Channel:
        """A channel that this person is in."""
        channel = self.world.channels[int(number)]
        if channel.recipient not in {None, person.user}:
            raise LookupError(number)
        return channel

    def _message(self, person: Person, said: Json) -> Message:
        there = self.channel(person, said["channel"])
        for message in person.sees(there):
            if str(message.id) == said["message"]:
                return message
        raise LookupError(said["message"])

    async def notify(self, locale: str, channel: Channel) -> Message:
        """The bridge posts the next sample. It mentions the bot, which reads it only where the channel is an inbox."""
        mails = self._posted.setdefault(locale, cycle(self.mails[locale]))
        words = f"<@{self.world.bot.id}>\n{next(mails)}"
        return await self.bridge.write(words, channel=channel, webhook_id=str(self.bridge.user.id))

    async def _notify(self, person: Person, said: Json, files: Files) -> Json:
        del files
        locale = "ja" if person.user.locale == "ja" else "en"
        return {"message": str((await self.notify(locale, self.channel(person, said["channel"]))).id)}

    async def _write(self, person: Person, said: Json, files: Files) -> Json:
        content = str(said["content"])
        if not (content.strip() or files) or len(content) > LONGEST_MESSAGE:
            raise CannotDoError(f"a message of {len(content)} characters")
        await person.write(content, files=list(files.values()), channel=self.channel(person, said["channel"]))
        return {}

    async def _forward(self, person: Person, said: Json, files: Files) -> Json:
        del files
        await person.pass_on(self._message(person, said))
        return {}

    async def _command(self, person: Person, said: Json, files: Files) -> Json:
        options = {name: self._value(person, value, files) for name, value in said["options"].items()}
        return self._answer(
            await person.command(said["name"], channel=self.channel(person, said["channel"]), **options)
        )

    def _value(self, person: Person, value: Any, files: Files) -> Any:
        """An option's value; a file and a channel are named."""
        if isinstance(value, dict):
            return files[value["file"]] if "file" in value else self.channel(person, value["channel"])
        return value

    async def _complete(self, person: Person, said: Json, files: Files) -> Json:
        del files
        given = {name: value for name, value in said["options"].items() if not isinstance(value, dict)}
        return {"choices": await person.complete(said["name"], said["focused"], said["value"], **given)}

    async def _menu(self, person: Person, said: Json, files: Files) -> Json:
        del files
        return self._answer(await person.menu(said["name"], self._message(person, said)))

    async def _press(self, person: Person, said: Json, files: Files) -> Json:
        del files
        return self._answer(await person.press_id(self._message(person, said), str(said["custom_id"])))

    async def _choose(self, person: Person, said: Json, files: Files) -> Json:
        del files
        message = self._message(person, said)
        [select] = [each for each in selects_of(message) if each["custom_id"] == said["custom_id"]]
        return self._answer(await person.choose_values(message, select, said["values"]))

    async def _fill(self, person: Person, said: Json, files: Files) -> Json:
        del files
        opened = self._opened[said["form"]]
        if opened.interaction.user is not person.user:
            raise LookupError(said["form"])
        answer = self._answer(await person.fill(opened, *said["written"]))
        del self._opened[said["form"]]
        return answer

    async def _dismiss(self, person: Person, said: Json, files: Files) -> Json:
        del files
        message = self._message(person, said)
        if message.ephemeral_to is not person.user:
            raise CannotDoError("only what nobody else sees can be put away")
        message.deleted = True
        return {}

    async def _move(self, person: Person, said: Json, files: Files) -> Json:
        del person, files
        now = self.world.clock.now()
        if said["by"] == "next":
            due = await self.hands.next_due()
            if due is None:
                return {"moved": False}
            await self.hands.move_to(max(due, now))
        else:
            leap = timedelta(minutes=int(said["by"]))
            if not timedelta() < leap <= LONGEST_LEAP:
                raise CannotDoError(f"{said['by']} minutes")
            await self.hands.move_to(now + leap)
        return {"moved": True}

    async def _speak(self, person: Person, said: Json, files: Files) -> Json:
        del files
        person.user.locale = LOCALES[said["locale"]]
        return {}

    def _answer(self, answer: Answer) -> Json:
        if answer.kind != 9:  # noqa: PLR2004 — a form
            return {}
        number = str(answer.interaction.id)
        self._opened[number] = answer
        return {"form": {**answer.form, "id": number}}
