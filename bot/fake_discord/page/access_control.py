"""Which requests the page accepts: those of its own pages, in a browser of this machine that knows the address."""

import secrets
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.fake_discord.loopback import foreign_request_reason

# What is checked, besides `bot.fake_discord.loopback`:
# - The token in the path: other pages and other users of this machine do not know it.
# - Origin, required of every request that is not a GET or HEAD: a page that learnt the address could post forms to it
#   (CSRF), and the browser says where they come from.
# - The policy below: if a name or a file were inserted as markup by mistake, it could run or load nothing.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # the address has the token; with "no-referrer" Origin would be null
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class PageAccessGuard:
    """Accepts requests that have the token and come from the page itself."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(18)
        self.port = 0

    @property
    def address(self) -> str:
        """The address that a person opens."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def reject_reason(self, request: web.Request) -> str | None:
        """Return why a request is rejected, as a sentence for whoever sees it; None: it is accepted."""
        reason = foreign_request_reason(request, self.port)
        if reason is not None:
            return reason
        token = request.path.lstrip("/").split("/", 1)[0]
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return "This address lacks the page's token: open the whole address that was printed at the start."
        if "Origin" not in request.headers and request.method not in {"GET", "HEAD"}:
            return "This did not come from the page."
        return None

    @web.middleware
    async def restrict_to_owner(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check every request, also for paths that do not exist."""
        reason = self.reject_reason(request)
        if reason is not None:
            return web.Response(status=403, text=reason + "\n", headers=_HEADERS)
        try:
            return await handler(request)
        except web.HTTPException as error:  # its own response would not have the headers
            return web.Response(status=error.status, text=f"{error.reason}\n", headers=_HEADERS)


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every response, to a stream before its first byte."""
    del request
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
