"""`make corpora`: read the tables with the bot's reader; figures for each kind, and what was read wrongly in silence.

right           recorded or answered as the table says
asked, refused  nothing is recorded without an answer of the member
needless        of these, where the table has a reading and does not accept a question
wrong           recorded otherwise than the table says, without a question
misleading      asked with a client, a job or a time that is not that of the table: one tap would record it
"""

import argparse
import re
import secrets
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain import messages
from bot.domain.near_names import find_near_names
from bot.domain.source_keys import is_same_message
from bot.errors import InvalidInputError
from bot.parsing.incoming import IncomingMessage
from bot.parsing.message import parse_message
from tests.corpora.table import (
    FOLDER,
    Line,
    Part,
    Reading,
    check_lines,
    load_lines,
    moment,
    parse_reading,
    rows,
    share,
)
from tests.helpers.mail_builder import build
from tests.helpers.random_lines import random_lines, read_fault

ASKED: Final = Part("ask")
REFUSED: Final = Part("refuse")
VERDICTS: Final = ("right", "asked", "refused", "wrong")
SAME_LETTER: Final = str.maketrans({"〜": "~", "−": "-", "‖": "∥", "—": "―", "\N{VARIATION SELECTOR-16}": None})


@dataclass(frozen=True, slots=True)
class Result:
    """How one row was read."""

    table: str
    kind: str
    text: str
    read: str
    """What would be recorded or answered."""
    verdict: str
    reading: Reading
    is_misleading: bool = False

    @property
    def is_needless(self) -> bool:
        """Whether the member was asked although the row has a reading."""
        return self.verdict in {"asked", "refused"} and self.reading.is_recorded and not self.reading.may_ask


def _fold(name: str | None) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name or "").translate(SAME_LETTER))
    return re.sub(r"\s+", " ", folded).strip().casefold()


def _title(title: str | None) -> str:
    return _fold(title).removesuffix("の件")


def _read_part(item: messages.ParsedItem, line: Line | None, now: datetime) -> Part:
    """What an item would record or answer without a question; anything else is a question."""
    read = ASKED
    match item:
        case messages.ParseFailure():
            read = REFUSED
        case messages.IrrelevantMail():
            read = Part("foreign")
        case messages.LoginCode():
            read = Part("code")
        case messages.LineRequest():
            read = _request(item)
        case messages.ClientMessage(client=str(client), time=messages.ParsedTime(at=at)):
            read = Part("received", client, item.title, at, at)
        case messages.Invitation(time=messages.ParsedTime(at=at)):
            read = Part("invitation", None, None, at, at)
        case messages.ReviewResult(time=messages.ParsedTime(at=at)):
            read = Part("review", None, None, at, at, "yes" if item.granted else "no")
        case messages.Statement() if line:
            read = _statement(item, line, now)
    return read


def _statement(item: messages.Statement, line: Line, now: datetime) -> Part:
    proposal = _proposal(item, now)
    if proposal is None or item.intent is None or item.time_inferred or item.only_named:
        return ASKED
    is_known = item.client_certain or _fold(item.client) in map(_fold, line.clients)
    is_waiting = _fold(item.client) in map(_fold, line.waiting)
    is_near = item.client not in line.clients and bool(find_near_names(item.client, line.clients))
    if not is_known or is_near or not (item.intent is messages.Intent.RECEIVED or is_waiting):
        return ASKED  # a new client, or one to whom no reply is open
    return proposal


def _proposal(item: messages.ParsedItem, now: datetime) -> Part | None:
    """What one tap on the question would record; None where more is open than a yes."""
    if not isinstance(item, messages.Statement) or item.client is None or item.day:
        return None
    if item.intent is None and item.time is None:
        return None
    at = item.time.at if item.time else now.astimezone(UTC)
    return Part((item.intent or messages.Intent.RECEIVED).value, item.client, item.title, at, at)


def _request(item: messages.LineRequest) -> Part:
    if item.kind is not messages.LineRequestKind.FEE:
        return Part(item.kind.value)
    try:
        return Part("fee", argument=str(item.fee.amount)) if item.fee and item.fee.solve_for is None else ASKED
    except InvalidInputError:
        return REFUSED


def _shown(read: Iterable[Part], now: datetime) -> str:
    parts = []
    for part in read:
        at = f"{part.earliest.astimezone(now.tzinfo):%m-%d %H:%M}" if part.earliest else ""
        parts.append(" ".join(filter(None, (part.kind, part.client, part.title, at, part.argument))))
    return " ; ".join(parts)


def _agrees(read: Part, right: Part) -> bool:
    same_kind = read.kind == ("received" if right.kind == "message" else right.kind)
    same_names = (right.client == "*" or _fold(read.client) == _fold(right.client)) and (
        right.title == "*" or _title(read.title) == _title(right.title)
    )
    same_argument = right.argument in {"*", read.argument}
    if right.earliest is None or right.latest is None or read.earliest is None or right.kind == "dismissed":
        return same_kind and same_names and same_argument
    minute = read.earliest.replace(second=0, microsecond=0)
    is_within = right.earliest <= read.earliest <= right.latest or right.earliest <= minute <= right.latest
    return same_kind and same_names and same_argument and is_within


def judge(read: Sequence[Part], reading: Reading) -> str:
    """right, asked, refused or wrong."""
    left = [part for part in reading.parts if part.kind not in {"ask", "refuse"}]
    must_ask = len(left) < len(reading.parts)
    questions = [part for part in read if part in (ASKED, REFUSED)]
    for part in read:
        if part in (ASKED, REFUSED):
            continue
        agreeing = next((right for right in left if _agrees(part, right)), None)
        if agreeing is None:
            # A mail of which nothing is stored, whichever of the two sentences the member sees.
            if {part.kind, *(right.kind for right in left)} <= {"foreign", "code"} and left:
                return "refused"
            return "wrong"
        left.remove(agreeing)
    if not questions:
        return "wrong" if left or must_ask else "right"
    return "asked" if ASKED in questions else "refused"


def _read_line(line: Line) -> Result:
    message = IncomingMessage(id="1", content=line.text, forwarded=(), attachments=())
    items = parse_message(message, now=line.now, zone=line.zone, known_names=line.clients)
    read = [_read_part(item, line, line.now) for item in items]
    proposals = [proposal for item in items if (proposal := _proposal(item, line.now))]
    verdict = judge(read, line.reading)
    is_misleading = verdict == "asked" and line.reading.is_recorded and not _agree(proposals, line.reading)
    shown = _shown(read, line.now) + (
        f" (proposed: {_shown(proposals, line.now)})" if ASKED in read and proposals else ""
    )
    return Result("lines", line.kind, line.text, shown, verdict, line.reading, is_misleading)


def _agree(proposals: Iterable[Part], reading: Reading) -> bool:
    return all(any(_agrees(proposal, right) for right in reading.parts) for proposal in proposals)


def _read_mail(row: dict[str, str]) -> Result:
    now = moment()
    reading = parse_reading(row["reading"], now)
    items = parse_message(build(row), now=now, zone=now.tzinfo or UTC)
    read = [_read_part(item, None, now) for item in items]
    text = " · ".join(filter(None, list(row.values())[2:]))
    return Result("mails", row["kind"], text, _shown(read, now), judge(read, reading), reading)


def _read_pair(row: dict[str, str]) -> Result:
    keys = []
    for which in ("first_", "second_"):
        mail = {name.removeprefix(which): value for name, value in row.items() if name.startswith(which)}
        items = parse_message(build(mail, mail["id"]), now=moment(), zone=moment().tzinfo or UTC)
        keys.append({getattr(item, "source_key", None) for item in items} - {None})
    are_one = any(is_same_message(one, other) for one in keys[0] for other in keys[1])
    verdict = "right" if are_one == (row["pair"] == "same") else "wrong" if are_one else "asked"
    reading = Reading((Part(row["pair"]),))
    text = " · ".join(filter(None, row.values()))
    return Result("pairs", row["pair"], text, "same" if are_one else "different", verdict, reading)


def read_lines(lines: Iterable[Line]) -> Iterator[Result]:
    """The results of lines."""
    return map(_read_line, lines)


def read_mails() -> Iterator[Result]:
    """The results of all mails, and of the pairs: wrong where two messages have one identity."""
    yield from map(_read_mail, rows(FOLDER / "mails.tsv"))
    yield from map(_read_pair, rows(FOLDER / "mail_pairs.tsv"))


def _print_table(results: Sequence[Result]) -> None:
    kinds = sorted({(result.table, result.kind) for result in results})
    print(f"{'':32}{''.join(f'{name:>11}' for name in (*VERDICTS, 'needless', 'misleading'))}")
    for table, kind in [*kinds, *((table, "all") for table in sorted({table for table, _ in kinds}))]:
        chosen = [result for result in results if result.table == table and kind in {result.kind, "all"}]
        counts = Counter(result.verdict for result in chosen)
        figures = [counts[verdict] for verdict in VERDICTS]
        figures += [sum(result.is_needless for result in chosen), sum(result.is_misleading for result in chosen)]
        print(f"{table + ' ' + kind:32}{''.join(f'{figure:>11}' for figure in figures)}")


def _read_random_lines(count: int) -> list[str]:
    """What is wrong about the readings of random lines, other ones in every run."""
    seed = secrets.randbits(32)
    faults = [fault for line in random_lines(count, seed) if (fault := read_fault(line))]
    if count:
        print(f"random lines of seed {seed}: {count:,}, of these read wrongly: {len(faults)}")
    return faults


def main() -> int:
    """Exit status 1: something was read wrongly in silence, or a table is at fault."""
    arguments = argparse.ArgumentParser(prog="python -m tests.corpora.measure")
    arguments.add_argument("--needless", action="store_true", help="print also what was asked without need")
    arguments.add_argument("--kind", help="only this kind")
    arguments.add_argument("--random", type=int, default=0, help="read as many random lines, too")
    chosen = arguments.parse_args()
    lines = load_lines()
    results = [*read_lines(lines), *read_mails()]
    results = [result for result in results if chosen.kind in {None, result.kind}]
    _print_table(results)
    wrong = [result for result in results if result.verdict == "wrong"]
    shown = {"wrong": wrong, "misleading": [result for result in results if result.is_misleading]}
    if chosen.needless:
        shown["needless"] = [result for result in results if result.is_needless]
    for name, named in shown.items():
        print(*(f"{name}: {result.table} {result.kind}: {result.text!r}: {result.read}" for result in named), sep="\n")
    reasonable = [r for r in results if r.table == "lines" and r.reading.is_recorded and not r.reading.may_ask]
    read = share(result.verdict == "right" for result in reasonable)
    print(f"reasonable lines read without a question: {read:.1f} % of {len(reasonable)}")
    print(
        f"lines that must be asked or refused: {share(not line.reading.is_recorded for line in lines):.1f} % of {len(lines)}"
    )
    print(f"lines with words that no list has: {share(line.unlisted for line in lines):.1f} %")
    faults = [*check_lines(lines), *_read_random_lines(chosen.random)]
    print(*faults, sep="\n")
    return int(bool(wrong or faults))


if __name__ == "__main__":
    sys.exit(main())
