"""Which requests the servers of the rehearsal refuse because another page makes them.

Both servers listen on the loopback interface, which every page in a browser of this machine can reach too:

- Host: the name of another page may resolve to 127.0.0.1 (DNS rebinding). The browser then takes the two for one
  origin, but the request has the other page's name as its host.
- Origin: the browser says which page a POST or a websocket comes from.
- Sec-Fetch-Site: a GET has no Origin, but the browser says when another site makes it.
"""

from aiohttp import web


def foreign_request_reason(request: web.Request, port: int) -> str | None:
    """Return why a request is not one of this machine's own, as a sentence for whoever sees it; None: it is."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if request.headers.getall("Host", []) not in [[host] for host in hosts]:
        return "This address is only for this machine: open it at 127.0.0.1."
    origins = request.headers.getall("Origin", [])
    if origins and origins != [f"http://{request.headers['Host']}"]:
        return "This came from another page."
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return "This came from another site."
    return None
