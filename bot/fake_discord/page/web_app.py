"""The page's server: its files, what is seen (a stream), and what is done (a post)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.fake_discord.page.access_control import AccessGuard, add_security_headers
from bot.fake_discord.page.actions import PageActions
from bot.fake_discord.page.clock_control import ClockControl
from bot.fake_discord.page.serializers import visible_channels, visible_state
from bot.fake_discord.payloads import InvalidUserActionError
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser

Json = dict[str, Any]

STATIC: Final = Path(__file__).parent / "static"
RESPONSE_TIMEOUT_SECONDS: Final = 3.0
"""Real seconds after which Discord's app says that the bot did not respond."""
MAX_REQUEST_BYTES: Final = 32 * 1024 * 1024
KEEP_ALIVE_SECONDS: Final = 15.0
_CONTENT_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


MANAGE_WEBHOOKS: Final = 1 << 29


class DemoPage:
    """Serves it to this machine between `open` and `close`; `address` is what a person opens."""

    def __init__(
        self,
        discord: FakeDiscord,
        people: Sequence[FakeUser],
        clock_control: ClockControl,
        strings: Mapping[str, Mapping[str, str]],
        *,
        port: int = 0,
    ) -> None:
        self._state = discord.state
        self._people = {person.user.name: person for person in people}
        self._words = strings
        self._port = port
        self._guard = AccessGuard()
        self._hands = clock_control
        bridge = discord.add_user("Lancers mail")
        bridge.user.webhook = True
        mails = {locale: _sample_mails(texts) for locale, texts in strings.items()}
        self.actions = PageActions(self._state, clock_control, bridge, mails)
        for person in people:
            person.response_timeout = RESPONSE_TIMEOUT_SECONDS
            person.permissions |= MANAGE_WEBHOOKS  # the server is theirs
        self._streams: set[asyncio.Event] = set()
        self._runner: web.AppRunner | None = None
        self._pump: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """What a person opens; the token in it is this run's."""
        return self._guard.address

    async def open(self) -> None:
        """Serve it. Raises `OSError` when the port cannot be had."""
        app = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=[self._guard.restrict_to_owner])
        app.on_response_prepare.append(add_security_headers)
        app.router.add_get("/{token}/", self._index)
        app.router.add_get("/{token}/events", self._events)
        app.router.add_get("/{token}/files/{number}", self._file)
        app.router.add_get("/{token}/static/{name}", self._static)
        app.router.add_post("/{token}/do", self._do)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._guard.port = self._runner.addresses[0][1]
        self._pump = asyncio.create_task(self._flush_event_streams(), name="page")

    async def close(self) -> None:
        """Stop."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        if self._runner is not None:
            await self._runner.cleanup()

    async def _flush_event_streams(self) -> None:
        """Events, because a stream that is sending holds no lock and would miss a notification."""
        async with self._state.changed:
            while True:
                await self._state.changed.wait()
                for stream in self._streams:
                    stream.set()

    async def _index(self, request: web.Request) -> web.Response:
        del request
        return _load_static(STATIC / "index.html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in {each.name for each in STATIC.iterdir()}:
            raise web.HTTPNotFound
        return _load_static(STATIC / name)

    async def _file(self, request: web.Request) -> web.Response:
        """Something attached. Only a picture is shown; everything else is saved."""
        number = request.match_info["number"]
        found = self._state.files.get(int(number)) if number.isdecimal() else None
        if found is None:
            raise web.HTTPNotFound
        kind = next((kind for start, kind in _PICTURES.items() if found[1].startswith(start)), None)
        headers = {} if kind else {"Content-Disposition": "attachment"}
        return web.Response(body=found[1], content_type=kind or "application/octet-stream", headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """What one person sees: everything at first, then what changed."""
        person = self._people.get(request.query.get("who", next(iter(self._people))))
        if person is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        changed = asyncio.Event()
        self._streams.add(changed)
        sent: Json = {}
        try:
            await self._send(response, {"words": self._words, "people": list(self._people)})
            while True:
                changed.clear()
                await self._send(response, await self._new_events(person, sent))
                try:
                    await asyncio.wait_for(changed.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b":\n\n")
        except ConnectionError:
            return response  # the tab was closed
        finally:
            self._streams.discard(changed)

    async def _send(self, response: web.StreamResponse, events: Json) -> None:
        if events:
            await response.write(b"data: " + json.dumps(events).encode() + b"\n\n")

    async def _new_events(self, person: FakeUser, sent: Json) -> Json:
        """What differs from what was sent, which is noted in `sent`."""
        due = await self._hands.next_due()
        channels = visible_channels(self._state, person)
        there = [self._state.channels[int(each["id"])] for each in channels]
        seen = visible_state(self._state, person, there)
        known: Json = sent.setdefault("messages", {})
        events: Json = {
            "messages": [each for number, each in seen.items() if known.get(number) != each],
            "gone": [number for number in known if number not in seen],
        }
        sent["messages"] = seen
        state = {
            "clock": {"now": self._state.clock.now().isoformat(), "due": due.isoformat() if due else None},
            "me": {"id": str(person.user.id), "name": person.user.name, "locale": person.user.locale},
            "bot": str(self._state.bot.id),
            "channels": channels,
            "users": {str(each.id): each.name for each in self._state.users.values()},
            "commands": self._state.commands,
        }
        events |= {key: value for key, value in state.items() if sent.get(key) != value}
        sent |= state
        return {key: value for key, value in events.items() if value}

    async def _do(self, request: web.Request) -> web.Response:
        try:
            form = await request.post()
            said = json.loads(str(form["said"]))
            files = {
                name: (value.filename, value.file.read())
                for name, value in form.items()
                if isinstance(value, web.FileField)
            }
            person = self._people[said["who"]]
            done = await self.actions.perform(person, said, files)
        except InvalidUserActionError as reason:
            return web.json_response({"refused": str(reason)})
        except TimeoutError:
            return web.json_response({"silent": True})
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError):
            return web.json_response({"refused": "nonsense"}, status=400)
        finally:
            await self._state.wake_waiters()
        return web.json_response(done)


def _load_static(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=_CONTENT_TYPES[path.suffix], charset="utf-8")


def _sample_mails(strings: Mapping[str, str]) -> list[str]:
    """The notifications, in the order of their ids."""
    return [text for name, text in sorted(strings.items()) if name.startswith("page-mail-")]
