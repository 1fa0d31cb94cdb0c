"""A Discord on this machine: HTTP and gateway on the loopback interface, for trying the bot and for its tests.

async with FakeDiscord(ManualClock(datetime.now(UTC))) as discord:
    mika = discord.add_user("mika")
    ...  # start the bot with discord.api_url and discord.token
"""

import asyncio
import json
import secrets
from typing import Any, Final, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.fake_discord.api_errors import UNAUTHORIZED, DiscordApiError
from bot.fake_discord.api_request import ApiRequest, parse_id
from bot.fake_discord.fault_injection import Fault, Faults
from bot.fake_discord.gateway import Gateway
from bot.fake_discord.loopback import foreign_request_reason
from bot.fake_discord.rest import RestApi
from bot.fake_discord.state import GUILD_TEXT, Channel, Clock, DiscordState, Guild, User, content_type
from bot.fake_discord.users import FakeUser
from bot.fake_discord.webhooks import Webhook

API: Final = "/api/v10"
MAX_REQUEST_BYTES: Final = 64 * 1024 * 1024


class FakeDiscord:
    """The server: `async with` starts it on a free port, and stops it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.token: Final = secrets.token_urlsafe(24)
        """The bot's token, another one in each run: neither other pages nor other users of this machine know it."""
        self.state = DiscordState(clock)
        self.faults = Faults()
        self.gateway = Gateway(self.state, self.faults, self.token)
        self.requests: list[ApiRequest] = []
        self._rest = RestApi(self.state, self.faults, self.gateway.dispatch_message)
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The value of DISCORD_API_URL."""
        return self.state.address + API

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=[self._refuse_other_pages])
        app.router.add_get("/gw", self.gateway.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{number}/{name}", self._serve_file)
        app.router.add_route("*", API + "/{path:.*}", self._serve_api)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.state.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.gateway.stopping.set()
        await self.gateway.close_all()
        if self._runner is not None:
            await self._runner.cleanup()

    def add_user(self, name: str, locale: str = "ja") -> FakeUser:
        """Add a person with a Discord account."""
        user = User(self.state.next_id(), name, locale)
        self.state.users[user.id] = user
        return FakeUser(self.state, self.gateway, user)

    def add_guild(self, name: str = "仕事部屋") -> Channel:
        """Add a server with one text channel, to which the bot belongs; return the channel."""
        guild_id = self.state.next_id()
        text = Channel(id=self.state.next_id(), type=GUILD_TEXT, name="通知", guild_id=guild_id)
        self.state.guilds[guild_id] = Guild(guild_id, name, [text])
        self.state.channels[text.id] = text
        return text

    def add_webhook(self, channel: Channel) -> str:
        """Add a webhook to a server's channel; return its address."""
        webhook = Webhook(self.state.next_id(), channel)
        self._rest.webhooks.append(webhook)
        return self.api_url + webhook.path

    async def wait_for_bot(self) -> None:
        """Return once a bot is connected to the gateway."""
        await self.state.wait_until(lambda: self.gateway.connected)

    @web.middleware
    async def _refuse_other_pages(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check every request, websockets included. Only programs talk to this server."""
        reason = foreign_request_reason(request, int(self.state.address.rsplit(":", 1)[1]))
        if reason is not None:
            return web.Response(status=403, text=reason + "\n")
        return await handler(request)

    async def _serve_file(self, request: web.Request) -> web.Response:
        if self.faults.hang_files:
            await self.gateway.stopping.wait()
        file_id = parse_id(request.match_info["number"])
        file = None if file_id is None else self.state.files.get(file_id)
        if file is None:
            raise web.HTTPNotFound
        name, data = file
        return web.Response(body=data, content_type=content_type(name))

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        try:
            call = await _parse_request_body(request)
        except (ValueError, LookupError, RecursionError):  # LookupError: an unknown charset
            return _json_response(400, {"message": "The request body contains invalid JSON.", "code": 50109})
        if self.faults.hang_api:
            self._record_request(call, 0)
            await self.state.wake_waiters()
            await self.gateway.stopping.wait()
        fault = self.faults.next(call.method, call.path)
        if fault is not None and fault.loss_point != "after":
            self._record_request(call, fault.status or (fault.error.status if fault.error else 0))
            return await self._inject_fault(request, fault)
        try:
            has_own_token = call.path.startswith(("/interactions/", "/webhooks/"))
            if not has_own_token and request.headers.get("Authorization") != f"Bot {self.token}":
                raise UNAUTHORIZED
            status, body = await self._rest.respond(call)
        except DiscordApiError as error:
            status, body = error.status, error.body
        self._record_request(call, status)
        if self.faults.message_responses is not None and call.method == "POST" and call.path.endswith("/messages"):
            await self.faults.message_responses.wait()
        if self.faults.latency is not None:
            await asyncio.sleep(self.faults.latency())
        if fault is not None:
            return _abort_connection(request)
        return _json_response(status, body)

    def _record_request(self, call: ApiRequest, status: int) -> None:
        call.status = status
        self.requests.append(call)

    async def _inject_fault(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await self.state.wake_waiters()
        if fault.hang:
            await self.gateway.stopping.wait()
        if fault.loss_point is not None or fault.hang:
            return _abort_connection(request)
        if fault.text is not None:
            return web.Response(status=fault.status or 500, body=fault.text.encode(), headers=fault.headers)
        if fault.error is not None:
            return _json_response(fault.error.status, fault.error.body)
        if fault.status == web.HTTPTooManyRequests.status_code:
            body = {
                "message": "You are being rate limited.",
                "retry_after": fault.retry_after,
                "global": fault.global_limit,
            }
            headers = {
                "Retry-After": str(fault.retry_after),
                "X-RateLimit-Scope": "global" if fault.global_limit else "user",
            }
            if fault.via_header:
                headers["Via"] = "1.1 google"
            return _json_response(fault.status, body, headers)
        return _json_response(fault.status or 500, {"message": "Internal Server Error", "code": 0})


async def _parse_request_body(request: web.Request) -> ApiRequest:
    path = request.path.removeprefix(API)
    body: Any = None
    files: list[tuple[str, bytes]] = []
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                files.append((value.filename, value.file.read()))
            elif name == "payload_json" and isinstance(value, str):
                body = json.loads(value)
    elif request.can_read_body:
        body = json.loads(await request.text() or "null")
    return ApiRequest(method=request.method, path=path, query=dict(request.query), body=body, files=tuple(files))


def _json_response(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    # discord.py parses JSON only where the content type is exactly this, without a charset.
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, headers={"Content-Type": "application/json", **(headers or {})})


def _abort_connection(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
