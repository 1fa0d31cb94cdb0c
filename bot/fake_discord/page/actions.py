"""What a person does on the page, carried out on the fake Discord."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bot.domain.types import Locale
from bot.fake_discord.interactions import MODAL
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.state import Channel, DiscordState, Json, Message
from bot.fake_discord.users import FakeUser, InteractionResult, selects_of


class ClockControl(Protocol):
    """Advances the clock, and waits until the bot has done everything that was due."""

    async def next_due(self) -> datetime | None:
        """Return when the next reminder is due; None: no reminder is planned."""

    async def advance_to(self, instant: datetime) -> None:
        """Advance the clock; return once everything that was due by then was done."""


DeliverMail = Callable[[FakeUser, str], Awaitable[bool]]
"""Delivers a notification with a subject to the address that the bot gave a person; False: there is none yet."""

Files = Mapping[str, tuple[str, bytes]]

MAX_CLOCK_ADVANCE: Final = timedelta(days=366)
MAX_MESSAGE_LENGTH: Final = 2000
LOCALES: Final[Mapping[Locale, str]] = {"ja": "ja", "en": "en-US"}


@dataclass(kw_only=True)
class PageActions:
    """The actions of the page by name; each takes the person, the request's fields and the uploaded files."""

    state: DiscordState
    clock_control: ClockControl
    mail_bridge: FakeUser
    """The mail bridge that posts sample mails."""
    sample_mails: Mapping[str, Iterator[str]]
    """The subjects that it posts one after the other, by locale."""
    deliver_mail: DeliverMail
    on_language: Callable[[FakeUser, Locale], Awaitable[None]]
    """Called with the language in which a person uses the page, whenever it changes."""
    _with_language: set[int] = field(default_factory=set)
    """The ids of those whose language is known."""
    _opened_forms: dict[str, InteractionResult] = field(default_factory=dict)

    async def perform(self, person: FakeUser, request: Json, files: Files) -> Json:
        """Carry out an action; return what the page receives.

        Raises `InvalidUserActionError` for what Discord's app would not let a person do, `TimeoutError` when the bot
        does not respond, and `LookupError` for unknown actions, messages and channels.
        """
        actions: dict[str, Callable[[FakeUser, Json, Files], Awaitable[Json]]] = {
            "post_mail": self._post_mail,
            "deliver_mail": self._deliver_mail,
            "write": self._write,
            "forward": self._forward,
            "command": self._command,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "click": self._click,
            "select": self._select,
            "submit_form": self._submit_form,
            "dismiss": self._dismiss,
            "advance_clock": self._advance_clock,
            "set_locale": self._set_locale,
        }
        return await actions[request["action"]](person, request, files)

    def _find_channel(self, person: FakeUser, channel_id: str) -> Channel:
        """Return a channel that the person is in."""
        channel = self.state.channels[int(channel_id)]
        if channel.recipient not in {None, person.user}:
            raise LookupError(channel_id)
        return channel

    def _find_message(self, person: FakeUser, request: Json) -> Message:
        for message in person.visible_messages(self._find_channel(person, request["channel"])):
            if str(message.id) == request["message"]:
                return message
        raise LookupError(request["message"])

    async def post_mail(self, locale: str, channel: Channel) -> Message:
        """Post the next sample mail by the bridge; it mentions the bot, which reads it only in an inbox channel."""
        content = f"<@{self.state.bot.id}>\n{next(self.sample_mails[locale])}"
        return await self.mail_bridge.write(content, channel=channel, webhook_id=str(self.mail_bridge.user.id))

    async def _deliver_mail(self, person: FakeUser, _request: Json, _files: Files) -> Json:
        """A notification is forwarded to the person's own address at the bot."""
        await self._let_a_second_pass()
        subject = next(self.sample_mails["ja" if person.user.locale == "ja" else "en"])
        return {"delivered": await self.deliver_mail(person, subject)}

    async def _post_mail(self, person: FakeUser, request: Json, _files: Files) -> Json:
        locale = "ja" if person.user.locale == "ja" else "en"
        await self._let_a_second_pass()
        return {"message": str((await self.post_mail(locale, self._find_channel(person, request["channel"]))).id)}

    async def _let_a_second_pass(self) -> None:
        """A mail comes after what was pressed before it: a reply at the very same instant would answer it."""
        await self.clock_control.advance_to(self.state.clock.now() + timedelta(seconds=1))

    async def _write(self, person: FakeUser, request: Json, files: Files) -> Json:
        content = str(request["content"])
        if not (content.strip() or files) or len(content) > MAX_MESSAGE_LENGTH:
            raise InvalidUserActionError(f"a message of {len(content)} characters")
        await person.write(content, files=list(files.values()), channel=self._find_channel(person, request["channel"]))
        return {}

    async def _forward(self, person: FakeUser, request: Json, _files: Files) -> Json:
        await person.forward_existing(self._find_message(person, request))
        return {}

    async def _command(self, person: FakeUser, request: Json, files: Files) -> Json:
        options = {name: self._read_option_value(person, value, files) for name, value in request["options"].items()}
        return self._result_as_json(
            await person.command(request["name"], channel=self._find_channel(person, request["channel"]), **options)
        )

    def _read_option_value(self, person: FakeUser, value: Any, files: Files) -> Any:
        """Return an option's value; a file comes by its name, a channel by its id."""
        if isinstance(value, dict):
            return files[value["file"]] if "file" in value else self._find_channel(person, value["channel"])
        return value

    async def _autocomplete(self, person: FakeUser, request: Json, _files: Files) -> Json:
        options = {name: value for name, value in request["options"].items() if not isinstance(value, dict)}
        return {"choices": await person.complete(request["name"], request["focused"], request["value"], **options)}

    async def _menu(self, person: FakeUser, request: Json, _files: Files) -> Json:
        return self._result_as_json(await person.menu(request["name"], self._find_message(person, request)))

    async def _click(self, person: FakeUser, request: Json, _files: Files) -> Json:
        return self._result_as_json(
            await person.click_custom_id(self._find_message(person, request), str(request["custom_id"]))
        )

    async def _select(self, person: FakeUser, request: Json, _files: Files) -> Json:
        message = self._find_message(person, request)
        [select] = [select for select in selects_of(message) if select["custom_id"] == request["custom_id"]]
        return self._result_as_json(await person.select_values(message, select, request["values"]))

    async def _submit_form(self, person: FakeUser, request: Json, _files: Files) -> Json:
        opened = self._opened_forms[request["form"]]
        if opened.interaction.user is not person.user:
            raise LookupError(request["form"])
        result = self._result_as_json(await person.submit_modal(opened, *request["values"]))
        del self._opened_forms[request["form"]]
        return result

    async def _dismiss(self, person: FakeUser, request: Json, _files: Files) -> Json:
        message = self._find_message(person, request)
        if message.visible_only_to is not person.user:
            raise InvalidUserActionError("only an ephemeral message can be dismissed")
        message.deleted = True
        return {}

    async def _advance_clock(self, _person: FakeUser, request: Json, _files: Files) -> Json:
        now = self.state.clock.now()
        if request["minutes"] == "next":
            due = await self.clock_control.next_due()
            if due is None:
                return {"advanced": False}
            await self.clock_control.advance_to(max(due, now))
        else:
            step = timedelta(minutes=int(request["minutes"]))
            if not timedelta() < step <= MAX_CLOCK_ADVANCE:
                raise InvalidUserActionError(f"{request['minutes']} minutes")
            await self.clock_control.advance_to(now + step)
        return {"advanced": True}

    async def _set_locale(self, person: FakeUser, request: Json, _files: Files) -> Json:
        await self._use_language(person, request["locale"])
        return {}

    async def propose_language(self, person: FakeUser, browser_language: str) -> None:
        """Use the language of the browser (`ja-JP`), unless the person has one on this page already."""
        if person.user.id not in self._with_language:
            await self._use_language(person, "ja" if browser_language.casefold().startswith("ja") else "en")

    async def _use_language(self, person: FakeUser, locale: Locale) -> None:
        person.user.locale = LOCALES[locale]
        self._with_language.add(person.user.id)
        await self.on_language(person, locale)

    def _result_as_json(self, result: InteractionResult) -> Json:
        if result.kind != MODAL:
            return {}
        form_id = str(result.interaction.id)
        self._opened_forms[form_id] = result
        return {"form": {**result.modal, "id": form_id}}
