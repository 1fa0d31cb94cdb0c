"""The page's server: its files, what is seen (a stream), and what is done (a post)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.rehearsal.calls import CannotDoError
from bot.rehearsal.page.deeds import Deeds
from bot.rehearsal.page.door import Door, dress
from bot.rehearsal.page.hands import Hands
from bot.rehearsal.page.view import channels_of, seen_by
from bot.rehearsal.person import Person
from bot.rehearsal.server import StandIn

Json = dict[str, Any]

STATIC: Final = Path(__file__).parent / "static"
PATIENCE: Final = 3.0
"""Real seconds after which Discord's app says that the bot did not respond."""
MOST_BYTES: Final = 32 * 1024 * 1024
KEEP_ALIVE: Final = 15.0
_KINDS: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


MANAGE_WEBHOOKS: Final = 1 << 29


class Page:
    """Serves it to this machine between `open` and `close`; `address` is what a person opens."""

    def __init__(
        self,
        discord: StandIn,
        people: Sequence[Person],
        hands: Hands,
        words: Mapping[str, Mapping[str, str]],
        *,
        port: int = 0,
    ) -> None:
        self._world = discord.world
        self._people = {person.user.name: person for person in people}
        self._words = words
        self._port = port
        self._door = Door()
        self._hands = hands
        bridge = discord.add_person("Lancers mail")
        bridge.user.webhook = True
        mails = {locale: _samples(texts) for locale, texts in words.items()}
        self.deeds = Deeds(self._world, hands, bridge, mails)
        for person in people:
            person.patience = PATIENCE
            person.permissions |= MANAGE_WEBHOOKS  # the server is theirs
        self._streams: set[asyncio.Event] = set()
        self._runner: web.AppRunner | None = None
        self._pump: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """What a person opens; the token in it is this run's."""
        return self._door.address

    async def open(self) -> None:
        """Serve it. Raises `OSError` when the port cannot be had."""
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[self._door.watch])
        app.on_response_prepare.append(dress)
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
        self._door.port = self._runner.addresses[0][1]
        self._pump = asyncio.create_task(self._wake_streams(), name="page")

    async def close(self) -> None:
        """Stop."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        if self._runner is not None:
            await self._runner.cleanup()

    async def _wake_streams(self) -> None:
        """Events, because a stream that is sending holds no lock and would miss a notification."""
        async with self._world.changed:
            while True:
                await self._world.changed.wait()
                for stream in self._streams:
                    stream.set()

    async def _index(self, request: web.Request) -> web.Response:
        del request
        return _served(STATIC / "index.html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in {each.name for each in STATIC.iterdir()}:
            raise web.HTTPNotFound
        return _served(STATIC / name)

    async def _file(self, request: web.Request) -> web.Response:
        """Something attached. Only a picture is shown; everything else is saved."""
        number = request.match_info["number"]
        found = self._world.files.get(int(number)) if number.isdecimal() else None
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
                await self._send(response, await self._news(person, sent))
                try:
                    await asyncio.wait_for(changed.wait(), KEEP_ALIVE)
                except TimeoutError:
                    await response.write(b":\n\n")
        except ConnectionError:
            return response  # the tab was closed
        finally:
            self._streams.discard(changed)

    async def _send(self, response: web.StreamResponse, news: Json) -> None:
        if news:
            await response.write(b"data: " + json.dumps(news).encode() + b"\n\n")

    async def _news(self, person: Person, sent: Json) -> Json:
        """What differs from what was sent, which is noted in `sent`."""
        due = await self._hands.next_due()
        channels = channels_of(self._world, person)
        there = [self._world.channels[int(each["id"])] for each in channels]
        seen = seen_by(self._world, person, there)
        known: Json = sent.setdefault("messages", {})
        news: Json = {
            "messages": [each for number, each in seen.items() if known.get(number) != each],
            "gone": [number for number in known if number not in seen],
        }
        sent["messages"] = seen
        state = {
            "clock": {"now": self._world.clock.now().isoformat(), "due": due.isoformat() if due else None},
            "me": {"id": str(person.user.id), "name": person.user.name, "locale": person.user.locale},
            "bot": str(self._world.bot.id),
            "channels": channels,
            "users": {str(each.id): each.name for each in self._world.users.values()},
            "commands": self._world.commands,
        }
        news |= {key: value for key, value in state.items() if sent.get(key) != value}
        sent |= state
        return {key: value for key, value in news.items() if value}

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
            done = await self.deeds.do(person, said, files)
        except CannotDoError as reason:
            return web.json_response({"refused": str(reason)})
        except TimeoutError:
            return web.json_response({"silent": True})
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError):
            return web.json_response({"refused": "nonsense"}, status=400)
        finally:
            await self._world.notify()
        return web.json_response(done)


def _served(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=_KINDS[path.suffix], charset="utf-8")


def _samples(words: Mapping[str, str]) -> list[str]:
    """The notifications, in the order of their ids."""
    return [text for name, text in sorted(words.items()) if name.startswith("page-mail-")]
