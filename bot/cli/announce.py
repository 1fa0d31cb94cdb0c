"""`python -m bot announce TEXT`: the running bot tells every member something; `--status` says how far it is."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.cli.operator import operator_database, submit_operator_request
from bot.cli.terminal import Subcommands, add_command_parser, print_json
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.settings import read_settings

if TYPE_CHECKING:
    from storage.operator_requests import OperatorRequest

MAX_ANNOUNCEMENT_LENGTH: Final = 1_500
"""Characters."""

MAX_LISTED: Final = 10
"""Announcements that `--status` shows."""


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "announce", texts("cli-help-announce"), run)
    parser.add_argument("text", metavar="TEXT", nargs="?", help=texts("cli-help-announce-text"))
    parser.add_argument("--now", action="store_true", help=texts("cli-help-announce-now"))
    parser.add_argument("--wait", action="store_true", help=texts("cli-help-wait"))
    parser.add_argument("--status", action="store_true", help=texts("cli-help-announce-status"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-announce-json"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Add the announcement, or print what became of the last ones."""
    if arguments.status is (arguments.text is not None) or (arguments.json and not arguments.status):
        raise InvalidInputError("announce-usage")
    if arguments.status and (arguments.now or arguments.wait):
        raise InvalidInputError("announce-usage")
    if arguments.status:
        return asyncio.run(_show_announcements(arguments, environ, texts))
    text = arguments.text.strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:  # bytes that are none of the terminal's encoding
        raise InvalidInputError("announce-encoding") from error
    if not 0 < len(text) <= MAX_ANNOUNCEMENT_LENGTH:
        raise InvalidInputError("announce-length", length=len(text), most=MAX_ANNOUNCEMENT_LENGTH)
    return asyncio.run(_request_announcement(text, arguments, environ, texts))


async def _request_announcement(
    text: str, arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations
) -> int:
    from storage import operator_requests  # noqa: PLC0415 — other commands do without a database

    settings = read_settings(environ)
    async with operator_database(settings) as database:
        kind = operator_requests.OperatorRequestKind.ANNOUNCE
        status, request = await submit_operator_request(
            database, settings, texts, kind, text=text, urgent=arguments.now, wait=arguments.wait
        )
        if request is not None:
            [counts] = await operator_requests.count_announcement_recipients(database, [request])
            print(_format_announcement_status(request, counts, texts))
    return status


async def _show_announcements(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    from storage import operator_requests  # noqa: PLC0415 — as above

    async with operator_database(read_settings(environ)) as database:
        announcements = await operator_requests.list_announcements(database, limit=MAX_LISTED)
        recipient_counts = await operator_requests.count_announcement_recipients(database, announcements)
    listed = list(zip(announcements, recipient_counts, strict=True))
    if arguments.json:
        print_json([_announcement_as_json(request, counts) for request, counts in listed])
    elif not listed:
        print(texts("announce-none"))
    else:
        for request, counts in listed:
            print(_format_announcement_status(request, counts, texts))
    return 0


def _announcement_as_json(request: "OperatorRequest", counts: Counter[str]) -> dict[str, Any]:
    from storage.operator_requests import RecipientState  # noqa: PLC0415 — as above

    return {
        "id": request.request_id,
        "requested_at": request.requested_at.isoformat(timespec="seconds"),
        "finished_at": None if request.finished_at is None else request.finished_at.isoformat(timespec="seconds"),
        "now": request.urgent,
        **{state.value: counts[state] for state in RecipientState},
    }


def _format_announcement_status(request: "OperatorRequest", counts: Counter[str], texts: Translations) -> str:
    """One line: its state, and how many of its recipients have which."""
    state = "finished" if request.finished_at else "sending" if request.started_at else "waiting"
    return texts(
        "announce-line",
        id=str(request.request_id),
        at=f"{request.requested_at:%Y-%m-%d %H:%M} UTC",
        state=texts(f"announce-{state}"),
        delivered=counts["delivered"],
        planned=counts["planned"],
        undeliverable=counts["undeliverable"] + counts["expired"],
        declined=counts["declined"],
    )
