"""The text of an HTML mail, as far as a quoted header needs it: one line for each block or table row."""

import html
import re
from typing import Final

MAX_HTML: Final = 300_000
"""Characters of a mail's HTML that are read."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?][^<>]*>")
_BREAKS: Final = frozenset(
    {"br", "p", "div", "tr", "table", "li", "ul", "ol", "blockquote", "hr", "h1", "h2", "h3", "body"}
)
_HIDDEN: Final = frozenset({"style", "script", "head", "title"})
_SPACE: Final = re.compile(r"[^\S\n]+")
_BLANK_LINES: Final = re.compile(r"\n[ \n]*")


def html_to_text(source: str) -> str:
    """Lines of text, without blank ones. A quotation (`blockquote`) begins its lines with `>`."""
    texts: list[str] = []
    position, depth, hidden = 0, 0, ""
    source = source[:MAX_HTML]
    for match in _TAG.finditer(source):
        if not hidden:
            texts.append(html.unescape(_SPACE.sub(" ", source[position : match.start()].replace("\n", " "))))
        position = match.end()
        is_end, name = bool(match[1]), (match[2] or "").casefold()
        if name in _HIDDEN and hidden in {"", name}:
            hidden = "" if is_end else name
        elif name == "blockquote" and not hidden:
            depth = max(0, depth + (-1 if is_end else 1))
        if name in _BREAKS and not hidden:
            texts.append("\n" + "> " * min(depth, 9))
        elif name in {"td", "th"} and not hidden:
            texts.append(" ")
    if not hidden:
        texts.append(html.unescape(source[position:]))
    return _BLANK_LINES.sub("\n", "".join(texts)).strip()
