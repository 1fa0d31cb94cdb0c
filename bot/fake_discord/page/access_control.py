"""Who may come in: the browser that was given the address, on this machine, and nobody through it."""

import secrets
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

# The page listens on loopback, but the browser that shows it shows other pages too, and they can reach loopback:
# - Host. A page of evil.example whose name is pointed at 127.0.0.1 (DNS rebinding) shares no secret with us, but its
#   requests would be "same origin" to the browser. They carry its own name in Host.
# - The token in the path. Other pages and other users of this machine do not know it, so they can neither read nor ask.
# - Origin of whatever acts, and of whatever bears one. A page that got hold of the address could post forms to it
#   (CSRF); the browser says where they come from.
# - Sec-Fetch-Site. A GET bears no Origin, but a browser tells when another site asks for it.
# - The policy below. If a member's name or a file were ever drawn as markup, it could run or load nothing.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # the token stands in the address; "no-referrer" would blank Origin too
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class AccessGuard:
    """Lets in what bears the token and comes from the page itself."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(18)
        self.port = 0

    @property
    def address(self) -> str:
        """What a person opens."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def reject_reason(self, request: web.Request) -> str | None:
        """Why a request may not come in; a plain sentence for whoever sees it."""
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if request.headers.getall("Host", []) not in [[host] for host in hosts]:
            return "This page is only for this machine: open it at 127.0.0.1."
        given = request.path.lstrip("/").split("/", 1)[0]
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return "This address lacks the page's token: open the whole address that was printed at the start."
        origin = request.headers.get("Origin")
        if origin is None and request.method not in {"GET", "HEAD"}:
            return "This did not come from the page."
        if origin is not None and origin != f"http://{request.headers['Host']}":
            return "This came from another page."
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return "This came from another site."
        return None

    @property
    def restrict_to_owner(self) -> Middleware:
        """Asks every request, those for nothing included."""

        @web.middleware
        async def restrict_to_owner(request: web.Request, handler: Handler) -> web.StreamResponse:
            refused = self.reject_reason(request)
            if refused is not None:
                return web.Response(status=403, text=refused + "\n", headers=_HEADERS)
            try:
                return await handler(request)
            except web.HTTPException as other:  # nothing there, or too large: an answer of its own would bear no policy
                return web.Response(status=other.status, text=f"{other.reason}\n", headers=_HEADERS)

        return restrict_to_owner


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Every answer bears the policy, a stream before its first byte."""
    del request
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
