"""For operators with a mail server of their own, which hands mails over by LMTP (RFC 2033).

The recipient that the server names in its envelope decides whose mail it is. A mail is accepted (250) only after it
was taken in; until then the server has it, and tries again.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import AnyStr, Final

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from bot.domain.text import cut_text
from bot.errors import SettingError, StorageError
from bot.mail.intake import MAX_MAIL_BYTES, IncomingMail, TakeMail

IDENT: Final = "Nintei LMTP"
"""The name in the first line that a mail server is sent."""
_SOCKET_MODE: Final = 0o660
_LIBRARY_LOGGER: Final = "mail.log"
_TOO_LARGE: Final = ("552 ", "500 Line too long")
"""How the library's answers to a mail begin that it did not read to its end."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class LmtpLimits:
    """What one mail server may take up."""

    connections: int = 20
    """At once; as many as Postfix opens to one destination."""
    line_bytes: int = 64 * 1024
    """The longest line of a mail. RFC 5321 allows 1,000 bytes; programs that write mails do not all follow it."""
    mail_bytes: int = MAX_MAIL_BYTES
    unanswered_bytes: int = 4 * MAX_MAIL_BYTES
    """A connection that sends more without getting an answer is ended: the library keeps a line until its end."""
    idle_seconds: float = 300
    """From one command to the next; also the time that the text of a mail may take."""
    stop_seconds: float = 3
    """How long a stop waits for the mails that are being handed over."""


DEFAULT_LIMITS: Final = LmtpLimits()


@asynccontextmanager
async def lmtp_served(
    address: str, take: TakeMail, *, mailbox: str, limits: LmtpLimits = DEFAULT_LIMITS
) -> AsyncIterator[None]:
    """Take mails in at `address` (`unix:PATH` or `host:port`) while the block runs.

    Raises `SettingError` if the address cannot be opened.
    """
    # The library logs addresses, and whatever it takes for a command.
    logging.getLogger(_LIBRARY_LOGGER).disabled = True
    handler = _LmtpHandler(take, mailbox)
    connections = _LmtpConnections(handler, limits)
    path = Path(address.removeprefix("unix:")) if address.startswith("unix:") else None
    try:
        server = await (_listen_on_path(path, connections) if path else _listen_on_port(address, connections))
    except (OSError, ValueError) as error:  # ValueError: an impossible path or host name
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingError("setting-lmtp-refused", address=cut_text(address, 200), reason=reason) from error
    log.info("lmtp_opened")
    try:
        yield
    finally:
        server.close()
        if path:
            _remove_socket_file(path)
        await connections.close()


async def _listen_on_path(path: Path, connections: "_LmtpConnections") -> asyncio.Server:
    listener = _bind_unix_socket(path)
    try:
        return await asyncio.get_running_loop().create_unix_server(connections.open, sock=listener)
    except BaseException:
        listener.close()
        raise


def _bind_unix_socket(path: Path) -> socket.socket:
    if path.is_socket() and not _is_socket_served(path):
        path.unlink()  # of a process that was killed
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(_SOCKET_MODE)  # before anybody can connect
    except BaseException:
        listener.close()
        raise
    return listener


def _is_socket_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(0)
        try:
            client.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:  # its queue is full, or it is not for us
            return True
        return True


async def _listen_on_port(address: str, connections: "_LmtpConnections") -> asyncio.Server:
    host, _, port = address.rpartition(":")
    server = await asyncio.get_running_loop().create_server(connections.open, host.strip("[]"), int(port))
    if not all(ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback for listener in server.sockets):
        log.warning("lmtp_open_to_other_machines")
    return server


def _remove_socket_file(path: Path) -> None:
    path.unlink(missing_ok=True)


class _LmtpHandler:
    """What the library asks while a mail is handed over. Nothing of a mail is in an answer."""

    def __init__(self, take: TakeMail, mailbox: str) -> None:
        self.take = take
        self._local_part, _, self.domain = mailbox.casefold().rpartition("@")
        self.mails: Final = set[asyncio.Task[object]]()
        """Those being taken in."""

    async def handle_RCPT(  # noqa: N802 — the library's name
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept one recipient, an address of the mailbox. Whether its token is known is not said."""
        local_part, _, domain = address.casefold().rpartition("@")
        if domain != self.domain or local_part.partition("+")[0] != self._local_part:
            return "550 5.1.1 No such mailbox"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient for each mail"  # the library answers once, however many there are
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 — as above
        """Take the mail in, also when the connection is lost meanwhile."""
        assert isinstance(envelope.original_content, bytes)  # noqa: S101 — set before this is called
        sender = None if envelope.mail_from in {None, "", "<>"} else envelope.mail_from
        mail = IncomingMail(envelope.original_content, envelope.rcpt_tos[0], sender)
        task = asyncio.ensure_future(self.take(mail))
        self.mails.add(task)
        task.add_done_callback(self._forget_task)
        await asyncio.shield(task)  # an error goes to `handle_exception`
        return "250 2.0.0 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Answer that the mail cannot be taken in now: the server keeps it, and tries again."""
        if isinstance(error, StorageError):
            log.warning("lmtp_mail_postponed", error=error.message_id)
        else:
            log.error("lmtp_mail_failed", error_type=type(error).__name__)
        return "451 4.3.0 Try again later"

    def _forget_task(self, task: asyncio.Task[object]) -> None:
        self.mails.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio reports it where the connection was lost


class _LmtpConnections:
    """All open connections."""

    def __init__(self, handler: _LmtpHandler, limits: LmtpLimits) -> None:
        self.handler = handler
        self.limits = limits
        self.open_connections: Final = set[_LmtpConnection]()
        self.is_closing = False

    def open(self) -> asyncio.Protocol | LMTP:
        """For a new connection."""
        return _Refusal() if len(self.open_connections) >= self.limits.connections else _LmtpConnection(self)

    async def close(self) -> None:
        """End all of them; those in which a mail is being handed over get some time."""
        self.is_closing = True
        for connection in self.open_connections:
            connection.close_if_idle()
        if waited := [*(connection.ended for connection in self.open_connections), *self.handler.mails]:
            await asyncio.wait(waited, timeout=self.limits.stop_seconds)
        for connection in self.open_connections:
            connection.abort()
        for task in (remaining := list(self.handler.mails)):
            task.cancel()
        await asyncio.gather(*remaining, return_exceptions=True)


class _LmtpConnection(LMTP):
    """One connection of the mail server."""

    def __init__(self, connections: _LmtpConnections) -> None:
        limits, handler = connections.limits, connections.handler
        self.line_length_limit = limits.line_bytes
        loop = asyncio.get_running_loop()
        super().__init__(
            handler,
            data_size_limit=limits.mail_bytes,
            enable_SMTPUTF8=True,
            hostname=handler.domain,
            ident=IDENT,
            timeout=limits.idle_seconds,
            loop=loop,
        )
        self._connections = connections
        self._unanswered_bytes = 0
        self.ended: Final = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._connections.open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        super().connection_lost(error)
        self._connections.open_connections.discard(self)
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._unanswered_bytes += len(data)
        if self._unanswered_bytes > self._connections.limits.unanswered_bytes:
            log.warning("lmtp_connection_sent_too_much")
            self.abort()
            return
        super().data_received(data)

    async def push(self, status: AnyStr) -> None:
        """Answer, and end the connection if the bot is stopping and this was the answer to a mail."""
        self._unanswered_bytes = 0
        if (status if isinstance(status, str) else status.decode("ascii", "replace")).startswith(_TOO_LARGE):
            await self._connections.handler.take(IncomingMail(None))  # which counts it
        await super().push(status)
        if self._connections.is_closing:
            self.close_if_idle()

    def close_if_idle(self) -> None:
        """End the connection unless a mail is being handed over."""
        if isinstance(self.transport, asyncio.WriteTransport) and not (self.envelope and self.envelope.rcpt_tos):
            self.transport.write(b"421 4.3.2 The server is stopping\r\n")
            self.transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: ARG002, N802 — the library's
        """Nobody logs in, and which addresses exist is not said."""
        await self.push("502 5.5.1 Not implemented")

    smtp_VRFY = smtp_AUTH  # noqa: N815 — as above


class _Refusal(asyncio.Protocol):
    """For a connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 — of a stream
        transport.write(f"421 4.3.2 {IDENT} has too many connections\r\n".encode())
        transport.close()
