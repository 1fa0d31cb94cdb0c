"""The page's server: static files, a stream of what a person sees, and a POST for each action."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.domain.types import Locale
from bot.fake_discord.api_request import parse_id
from bot.fake_discord.page.access_control import PageAccessGuard, add_security_headers
from bot.fake_discord.page.actions import ClockControl, DeliverMail, PageActions
from bot.fake_discord.page.serializers import visible_channels, visible_state
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Json
from bot.fake_discord.users import FakeUser

STATIC: Final = Path(__file__).parent / "static"
RESPONSE_TIMEOUT_SECONDS: Final = 3.0
"""Real seconds after which Discord's app says that the application did not respond."""
MAX_REQUEST_BYTES: Final = 32 * 1024 * 1024
KEEP_ALIVE_SECONDS: Final = 15.0
_CONTENT_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


MANAGE_WEBHOOKS: Final = 1 << 29
"""A permission of Discord."""


class FakeDiscordPage:
    """Serves the page to this machine between `open` and `close`."""

    def __init__(
        self,
        discord: FakeDiscord,
        people: Sequence[FakeUser],
        clock_control: ClockControl,
        texts: Mapping[str, Mapping[str, str]],
        *,
        deliver_mail: DeliverMail,
        on_language: Callable[[FakeUser, Locale], Awaitable[None]],
        port: int = 0,
    ) -> None:
        self._state = discord.state
        self._people = {person.user.name: person for person in people}
        self._texts = texts
        self._port = port
        self._guard = PageAccessGuard()
        self._clock_control = clock_control
        bridge = discord.add_user("Lancers mail")
        bridge.user.webhook = True
        mails = {locale: cycle(_sample_mails(page_texts)) for locale, page_texts in texts.items()}
        self.actions = PageActions(
            state=self._state,
            clock_control=clock_control,
            mail_bridge=bridge,
            sample_mails=mails,
            deliver_mail=deliver_mail,
            on_language=on_language,
        )
        for person in people:
            person.response_timeout = RESPONSE_TIMEOUT_SECONDS
            person.permissions |= MANAGE_WEBHOOKS  # of the server that the demo makes
        self._streams: set[asyncio.Event] = set()
        self._runner: web.AppRunner | None = None
        self._notifier: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The address that a person opens, with a token that is new in every run."""
        return self._guard.address

    async def start(self) -> None:
        """Start to serve. Raises `OSError` when the port cannot be used."""
        app = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=[self._guard.restrict_to_owner])
        app.on_response_prepare.append(add_security_headers)
        app.router.add_get("/{token}/", self._serve_index)
        app.router.add_get("/{token}/events", self._stream_events)
        app.router.add_get("/{token}/files/{number}", self._serve_file)
        app.router.add_get("/{token}/static/{name}", self._serve_static)
        app.router.add_post("/{token}/actions", self._perform_action)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._guard.port = self._runner.addresses[0][1]
        self._notifier = asyncio.create_task(self._flush_event_streams(), name="page")

    async def close(self) -> None:
        """Stop serving."""
        if self._notifier is not None:
            self._notifier.cancel()
            with suppress(asyncio.CancelledError):
                await self._notifier
        if self._runner is not None:
            await self._runner.cleanup()

    async def _flush_event_streams(self) -> None:
        """Set every stream's event when the state changes: a stream that is sending would miss the notification."""
        async with self._state.changed:
            while True:
                await self._state.changed.wait()
                for stream in self._streams:
                    stream.set()

    async def _serve_index(self, _request: web.Request) -> web.Response:
        return _load_static(STATIC / "index.html")

    async def _serve_static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in {path.name for path in STATIC.iterdir()}:
            raise web.HTTPNotFound
        return _load_static(STATIC / name)

    async def _serve_file(self, request: web.Request) -> web.Response:
        """Send an attached file: a picture to be shown, anything else to be saved."""
        file_id = parse_id(request.match_info["number"])
        file = None if file_id is None else self._state.files.get(file_id)
        if file is None:
            raise web.HTTPNotFound
        _, data = file
        kind = next((kind for signature, kind in _PICTURES.items() if data.startswith(signature)), None)
        headers = {} if kind else {"Content-Disposition": "attachment"}
        return web.Response(body=data, content_type=kind or "application/octet-stream", headers=headers)

    async def _stream_events(self, request: web.Request) -> web.StreamResponse:
        """Stream what a person sees: everything at first, then what changed."""
        person = self._people.get(request.query.get("user", next(iter(self._people))))
        if person is None:
            raise web.HTTPNotFound
        if browser_language := request.query.get("language"):
            await self.actions.propose_language(person, browser_language)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        changed = asyncio.Event()
        self._streams.add(changed)
        sent: Json = {}
        try:
            await self._send_events(response, {"texts": self._texts, "people": list(self._people)})
            while True:
                changed.clear()
                await self._send_events(response, await self._take_new_events(person, sent))
                try:
                    await asyncio.wait_for(changed.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b":\n\n")
        except ConnectionError:
            return response  # the tab was closed
        finally:
            self._streams.discard(changed)

    async def _send_events(self, response: web.StreamResponse, events: Json) -> None:
        if events:
            await response.write(b"data: " + json.dumps(events).encode() + b"\n\n")

    async def _take_new_events(self, person: FakeUser, sent: Json) -> Json:
        """Return what differs from what was sent, and add it to `sent`."""
        due = await self._clock_control.next_due()
        channels = visible_channels(self._state, person)
        messages = visible_state(
            self._state, person, [self._state.channels[int(channel["id"])] for channel in channels]
        )
        earlier: Json = sent.setdefault("messages", {})
        events: Json = {
            "messages": [message for key, message in messages.items() if earlier.get(key) != message],
            "deleted": [key for key in earlier if key not in messages],
        }
        sent["messages"] = messages
        state = {
            "clock": {"now": self._state.clock.now().isoformat(), "due": due.isoformat() if due else None},
            "me": {"id": str(person.user.id), "name": person.user.name, "locale": person.user.locale},
            "bot": str(self._state.bot.id),
            "channels": channels,
            "users": {str(user.id): user.name for user in self._state.users.values()},
            "commands": self._state.commands,
        }
        events |= {key: value for key, value in state.items() if sent.get(key) != value}
        sent |= state
        return {key: value for key, value in events.items() if value}

    async def _perform_action(self, request: web.Request) -> web.Response:
        try:
            form = await request.post()
            fields = json.loads(str(form["request"]))
            files = {
                name: (value.filename, value.file.read())
                for name, value in form.items()
                if isinstance(value, web.FileField)
            }
            result = await self.actions.perform(self._people[fields["user"]], fields, files)
        except InvalidUserActionError as error:
            return web.json_response({"refused": str(error)})
        except TimeoutError:
            return web.json_response({"timed_out": True})
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return web.json_response({"refused": "nonsense"}, status=400)
        finally:
            await self._state.wake_waiters()
        return web.json_response(result)


def _load_static(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=_CONTENT_TYPES[path.suffix], charset="utf-8")


def _sample_mails(texts: Mapping[str, str]) -> list[str]:
    """Return the subjects of sample mails, in the order of their ids."""
    return [text for name, text in sorted(texts.items()) if name.startswith("page-mail-")]
