"""What the tokens of a line say: who wrote or was answered, and when. A token that is left over makes a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from bot.domain.messages import (
    Confirmation,
    Intent,
    LineRequest,
    LineRequestKind,
    ParsedTime,
    ParseFailure,
    Statement,
    UnclearText,
)
from bot.domain.source_keys import source_key_of_part
from bot.domain.text import to_half_width, without_invisible
from bot.errors import InvalidInputError
from bot.parsing.line.fee_line import read_fee_question
from bot.parsing.line.lexicon import load_lexicon
from bot.parsing.line.scanner import scan_typed_line
from bot.parsing.line.tokens import (
    JobToken,
    LineToken,
    Meaning,
    NameToken,
    Role,
    RoleToken,
    SeparatorToken,
    TimeToken,
    UnknownToken,
    WordToken,
    fold_typed_line,
)
from bot.parsing.times.errors import TimeMissingError, TimeParseError, TimeUncertainError
from bot.parsing.times.resolver import resolve_time_tokens
from bot.parsing.times.tokenizer import TokenizeResult
from bot.parsing.times.tokens import Day, RelativeDay, TimeMark, Token, Weekday

MAX_LINE: Final = 300
MAX_STATEMENTS: Final = 20
_QUESTION_MARKS: Final = "?？"
_STATE_REQUESTS: Final = " 。.!?！？、,…〜~🙏"
"""What can stand before and after a plain word that asks for something."""
_BULLET: Final = re.compile(
    r"^\s*(?:[>＞・•●■◆▪*#\-–—📥📧📩✉️\s]+|[①-⑳❶-❿](?=[\s\d])\s*|\(\d{1,2}\)\s*|\d{1,2}[.)、]\s+)*"
)
"""What can stand before a line of a list."""

_NOUN_MEANINGS: Final = frozenset({Meaning.RECEIVED_FROM, Meaning.REPLIED_TO})
"""Of words that name no event of their own: 連絡."""
_INTENTS_MEANING_NOW: Final = frozenset({Intent.RECEIVED, Intent.REPLIED})
"""Without a time they are of when the line was written."""
_PAUSE: Final = re.compile(r"(?:、|,(?![0-9])|\s)+")
_NO_NAME: Final = re.compile(r"[。!?「」]|(?:です|ます|ました|ません|下さい|ください)$|^(?:さん|様|氏|殿|御中)$|^\W+$")
"""In a text that cannot be read as a name: the end of a sentence, a quotation, a title without a name."""
_MENTION: Final = re.compile(r"<@[!&]?[0-9]{1,20}>")

LineItem = Statement | LineRequest | UnclearText | ParseFailure | Confirmation


class _UnclearError(Exception):
    """A token fits no reading."""


@dataclass(frozen=True, slots=True)
class _When:
    """An instant, or a day without a time, as in `Statement`; neither where no time was named."""

    time: ParsedTime | None = None
    day: datetime | None = None
    from_hour: int = 0
    is_proposal: bool = False
    """Whether `time` was completed by a guess, or is doubted by the writer: 9時かな."""


def parse_typed_lines(
    text: str, source_key: str, *, now: datetime, zone: tzinfo, known_names: Sequence[str] = ()
) -> tuple[LineItem, ...]:
    """What a typed text says: its statements, a request, or that it is unclear. A text is read whole or not at all.

    田中さんに返信しました is one `Statement`, 手数料 5万円 a `LineRequest`, and まだです `UnclearText`.
    """
    text = without_invisible(text)
    if (request := _parse_request(text)) is not None:
        return (request,)
    try:
        statements = _parse_statements(text, now, zone, known_names)
    except _UnclearError:
        return (UnclearText(source_key),)
    except TimeParseError as error:
        return (ParseFailure(error),)
    if not statements:
        return (ParseFailure(InvalidInputError("parsing-unreadable")),)
    # The place in the message is a part of the identity: one message can say several things.
    keys = [source_key, *(source_key_of_part(source_key, index) for index in range(1, len(statements)))]
    return tuple(replace(item, source_key=key) for item, key in zip(statements, keys, strict=True))


def name_contains_time(name: str, *, now: datetime, zone: tzinfo, has_own_time: bool = False) -> bool:
    """Whether what was given as a name may be a line with a time instead: 田中様 昨日 14:30, but not スナック金曜.

    `has_own_time`: a time was given beside the name; then a word such as 夜 is part of the name, and only figures are
    doubted.
    """
    if has_own_time and not any(map(str.isdigit, name)):
        return False
    items = parse_typed_lines(name, "", now=now, zone=zone)
    return any(
        isinstance(item.error, TimeParseError)
        if isinstance(item, ParseFailure)
        else isinstance(item, Statement) and (item.time is not None or item.day is not None)
        for item in items
    )


def is_name_doubtful(name: str, *, now: datetime, zone: tzinfo, has_own_time: bool = False) -> bool:
    """Whether what was given as a name may be a line with a time, a sentence, a request or several names.

    はい, 返信した, 田中さんと伊藤さん. `has_own_time`: as in `name_contains_time`.
    """
    if name_contains_time(name, now=now, zone=zone, has_own_time=has_own_time):
        return True
    items = parse_typed_lines(name, "", now=now, zone=zone)
    item, *others = items
    if others:  # a shop is named 花と緑, too
        return any(isinstance(each, Statement) and each.client_certain for each in items)
    if isinstance(item, Statement):
        return item.intent is not None or (item.client is None and item.time is None and item.day is None)
    if isinstance(item, UnclearText):  # a company is named ケンの店, too
        return _NO_NAME.search(to_half_width(name).strip()) is not None
    return not (isinstance(item, ParseFailure) and isinstance(item.error, TimeParseError))


def _parse_statements(text: str, now: datetime, zone: tzinfo, known_names: Sequence[str]) -> list[Statement]:
    """The statements of all lines. Raises `_UnclearError` and `TimeParseError`."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_STATEMENTS:
        raise _UnclearError
    bare = [_BULLET.sub("", line, count=1) for line in dict.fromkeys(lines)]  # one that was pasted twice is one
    statements = [
        statement for line in bare for statement in _parse_typed_line(line, now=now, zone=zone, known_names=known_names)
    ]
    if len(bare) > 1 and _do_lines_complete_each_other(statements):
        try:
            statements = _parse_typed_line(" ".join(bare), now=now, zone=zone, known_names=known_names)
        except (_UnclearError, TimeParseError):
            if any(
                statement.time is None and (statement.client is None or statement.intent in _INTENTS_MEANING_NOW)
                for statement in statements
            ):
                raise  # read alone, one of them would be recorded without what the others say of it
    elif len(bare) > 1 and any(_is_name_alone(statement) and not statement.client_certain for statement in statements):
        raise _UnclearError  # perhaps no name, but a heading of the other lines: やること
    return statements


def _is_name_alone(statement: Statement) -> bool:
    """Whether a line is a name alone, about which is asked."""
    nothing_else = statement.intent is None and statement.time is None and statement.day is None
    return nothing_else and statement.client is not None


def _do_lines_complete_each_other(statements: Sequence[Statement]) -> bool:
    """Whether a line is a piece of the others: a heading (11/23, 返信済み), or the time of a line that has none.

    Raises `_UnclearError` where it stands behind a complete line, which it would turn into another one.
    """
    is_complete = is_piece = lacks_client = lacks_time = False
    for statement in statements:
        if statement.client is None and statement.time is None:
            if is_complete:
                raise _UnclearError  # 田中さん 9:00 and 返信済み: replied at 9:00, or now
            is_piece = True
        is_complete = is_complete or (statement.client is not None and statement.time is not None)
        lacks_client = lacks_client or statement.client is None
        lacks_time = lacks_time or (statement.time is None and statement.intent is not Intent.DISMISSED)
    return is_piece or (lacks_client and lacks_time)


def _parse_request(text: str) -> LineRequest | Confirmation | ParseFailure | None:
    """A plain word that asks for something, はい or いいえ; a failure where the amount of a fee cannot be read."""
    folded = fold_typed_line(_MENTION.sub("", text).strip()).text.strip(_STATE_REQUESTS).removeprefix("/").strip()
    folded = _PAUSE.sub(" ", folded)
    lexicon = load_lexicon()
    for pattern, confirmed in lexicon.confirmations.items():
        if pattern.fullmatch(folded):
            return Confirmation(confirmed)
    for kind, pattern in lexicon.requests:
        if pattern.fullmatch(folded):
            return LineRequest(LineRequestKind(kind))
    try:
        fee = read_fee_question(folded, lexicon.fees)
    except InvalidInputError as error:
        return ParseFailure(error)
    return None if fee is None else LineRequest(LineRequestKind.FEE, fee)


def is_client_answer(statement: Statement) -> bool:
    """Whether a line is a client's name alone, where it answers the question who it is: 山田様, 制作会社B."""
    if statement.client is None or statement.time is not None or statement.intent is not None:
        return False
    return statement.client_certain or load_lexicon().business.search(statement.client.casefold()) is not None


def _parse_typed_line(line: str, *, now: datetime, zone: tzinfo, known_names: Sequence[str]) -> list[Statement]:
    """The statements of one line; none where it is only polite. Raises `_UnclearError` and `TimeParseError`."""
    if len(line) > MAX_LINE or line.lstrip().startswith("/"):
        raise _UnclearError  # a command that was typed by half
    tokens = scan_typed_line(fold_typed_line(line), known_names)
    if any(isinstance(token, UnknownToken) for token in tokens) or any(mark in line for mark in _QUESTION_MARKS):
        raise _UnclearError
    names = [token for token in tokens if isinstance(token, NameToken)]
    if len({(token.certain, token.anybody) for token in names}) > 1:
        raise _UnclearError  # one of several is perhaps no name at all: Acme and lunch
    groups = _split_statements(tokens)
    if len({_line_names_day(group) for group in groups if _group_has_token(group, TimeToken)}) > 1:
        raise _UnclearError  # 昨日 山田さん 15時、田中さん 16時: the second could be of today
    statements = [statement for group in groups for statement in _read_statement(group, now, zone)]
    if len({statement.intent for statement in statements}) > 1:
        raise _UnclearError  # "replied to Acme at 3pm and Tanaka at 4pm": the second could be either
    return statements


def _split_statements(tokens: Sequence[LineToken]) -> list[list[LineToken]]:
    """The tokens of one statement after another; a comma parts them where both sides have a name."""
    groups: list[list[LineToken]] = [[]]
    for index, token in enumerate(tokens):
        parts = isinstance(token, SeparatorToken)
        if isinstance(token, RoleToken) and token.role is Role.AND:
            parts = bool(groups[-1]) and not isinstance(groups[-1][-1], NameToken)
            if _group_has_token(groups[-1][-1:], JobToken) and not _group_has_token(
                tokens[index + 1 : index + 2], NameToken
            ):
                raise _UnclearError  # 「直して」と10時に: what was said
        if parts:
            groups.append([])
        else:
            groups[-1].append(token)
    merged = groups[:1]
    for group in groups[1:]:
        sides = (merged[-1], group)
        if not all(_group_has_token(side, NameToken) for side in sides):
            merged[-1] += group
        elif all(_group_has_token(side, TimeToken, WordToken) for side in sides):
            merged.append(group)
        else:
            merged[-1] += [RoleToken(Role.AND, precedes=False), *group]
    return [part for group in merged if group for part in _split_name_time_pairs(group)]


def _split_name_time_pairs(group: list[LineToken]) -> list[list[LineToken]]:
    """山田さん 15時 田中さん 16時: as many names as times, one after the other, are as many statements."""
    kinds = [type(token) for token in group]
    pairs = len(kinds) // 2
    if pairs > 1 and kinds in ([NameToken, TimeToken] * pairs, [TimeToken, NameToken] * pairs):
        return [group[index : index + 2] for index in range(0, len(group), 2)]
    return [group]


def _line_names_day(group: Sequence[LineToken]) -> bool:
    times = [token for token in group if isinstance(token, TimeToken)]
    return any(
        isinstance(token, Day | RelativeDay | Weekday) or token is TimeMark.LAST_NIGHT
        for time in times
        for token in time.tokens
    )


def _group_has_token(group: Sequence[LineToken], *kinds: type[LineToken]) -> bool:
    return any(isinstance(token, kinds) for token in group)


def _read_statement(group: Sequence[LineToken], now: datetime, zone: tzinfo) -> list[Statement]:
    names = [token for token in group if isinstance(token, NameToken)]
    jobs = [token.text for token in group if isinstance(token, JobToken)]
    if len(jobs) > 1 or (jobs and len(names) > 1):
        raise _UnclearError
    roles = _roles_of_names(group)
    if len(names) > 1 and (Role.OWNER in roles or not _is_one_enumeration(group)):
        raise _UnclearError
    intent = _intent_of_group(group, roles - {Role.AND, Role.OWNER})
    times = [token for token in group if isinstance(token, TimeToken)]
    if not (names or times or intent):
        raise _UnclearError
    words = [token for token in group if isinstance(token, WordToken)]
    is_reply = intent is Intent.REPLIED
    may_be_plan = is_reply and all(word.noun for word in words)  # 15時に田中さんに返信
    when = _resolve_times(times, now, zone, may_be_plan=may_be_plan)
    time, day = when.time, when.day
    if time is not None and is_reply:
        time = time.of_reply()
    intent_assumed = intent is None and time is not None
    if intent_assumed:
        intent = Intent.RECEIVED
    is_unsaid = time is None and day is None
    if is_unsaid and not words:
        intent = None  # 田中さんから, of which the rest is not said
    if len(names) > MAX_STATEMENTS:
        raise _UnclearError
    clients: list[NameToken | None] = [*names] or [None]
    return [
        Statement(
            intent=intent,
            intent_assumed=intent_assumed,
            client=None if name is None or name.anybody else name.text,
            client_certain=name is not None and name.certain,
            only_named=is_unsaid and may_be_plan,
            title=jobs[0] if jobs else None,
            time=time,
            day=day,
            from_hour=when.from_hour,
            time_inferred=when.is_proposal,
            written_at=now,
            source_key="",
        )
        for name in clients
    ]


def _resolve_times(times: Sequence[TimeToken], now: datetime, zone: tzinfo, *, may_be_plan: bool) -> _When:
    """What the words of a line say about when it was. Raises `TimeParseError`."""
    tokens: tuple[Token, ...] = sum((token.tokens for token in times), ())
    if not tokens:
        return _When()
    result, is_doubtful = TokenizeResult(tokens, ""), any(token.doubtful for token in times)
    try:
        time = resolve_time_tokens(result, now=now, zone=zone, may_be_plan=may_be_plan)
        return _When(time, is_proposal=is_doubtful)
    except TimeUncertainError as error:
        return _When(error.proposal, is_proposal=True)
    except TimeMissingError as error:
        return _When(day=error.day, from_hour=error.from_hour)


def _roles_of_names(group: Sequence[LineToken]) -> set[Role]:
    """The roles of the names. Raises `_UnclearError` for a particle without a name beside it."""
    roles: set[Role] = set()
    for index, token in enumerate(group):
        if not isinstance(token, RoleToken):
            continue
        beside = group[index + 1 : index + 2] if token.precedes else group[max(0, index - 1) : index]
        if not beside or not isinstance(beside[0], NameToken | JobToken):
            raise _UnclearError
        if token.role is Role.AND and not token.mark and not _group_has_token(group[index + 1 : index + 2], NameToken):
            raise _UnclearError  # 田中さんと10時: an appointment
        roles.add(token.role)
    return roles


def _is_one_enumeration(group: Sequence[LineToken]) -> bool:
    """Whether all names of a group stand in one enumeration: 山田さんと田中さん, Acme and Beta."""
    indexes = [index for index, token in enumerate(group) if isinstance(token, NameToken)]
    for first, second in pairwise(indexes):
        between = group[first + 1 : second]
        if len(between) != 1 or not isinstance(between[0], RoleToken) or between[0].role is not Role.AND:
            return False
    return True


def _intent_of_group(group: Sequence[LineToken], roles: set[Role]) -> Intent | None:
    """What the words and particles agree on. Raises `_UnclearError` where they do not."""
    intents = _word_intents(group, roles)
    if len(intents) > 1 or len(roles - {Role.TOPIC}) > 1:
        raise _UnclearError
    intent = next(iter(intents), None)
    if intent is Intent.REPLIED and _tells_which_message(group):
        raise _UnclearError  # 9時の田中さんに返した: to the message of 9時, or at 9時
    if intent is None:
        if roles & {Role.TO, Role.SUBJECT, Role.WITH}:
            raise _UnclearError  # 田中さんに 8時
        return Intent.RECEIVED if Role.FROM in roles else None
    wrong = {
        Intent.RECEIVED: {Role.TO, Role.WITH},
        Intent.REPLIED: {Role.FROM, Role.SUBJECT, Role.WITH},
        Intent.DISMISSED: {Role.SUBJECT, Role.FROM},
    }
    if roles & wrong[intent]:
        raise _UnclearError
    return intent


def _word_intents(group: Sequence[LineToken], roles: set[Role]) -> set[Intent]:
    """What each of the words says that happened. Raises `_UnclearError` where one of them may say it of another."""
    intents: set[Intent] = set()
    words = sum(isinstance(token, WordToken) for token in group)
    for index, token in enumerate(group):
        if not isinstance(token, WordToken):
            continue
        intents.add(_intent_of_token(token.meanings, roles))
        is_object = _group_has_token(group[index + 1 : index + 2], WordToken)  # メッセージを返しました
        if token.meanings <= _NOUN_MEANINGS and words > 1 and not is_object:
            raise _UnclearError  # 10時の連絡、田中さんに返信した: the time is that of the message
        if token.latin and Intent.REPLIED in intents and not roles and _group_has_token(group[:index], NameToken):
            raise _UnclearError  # "Acme replied" and "Acme 3pm replied": the client did
        if token.latin and Intent.RECEIVED in intents and not token.takes_name and _is_object_of_verb(group, index + 1):
            raise _UnclearError  # "I wrote Acme": the member did
    return intents


def _tells_which_message(group: Sequence[LineToken]) -> bool:
    """Whether a time may say which message is meant: beside の wherever it stands, in brackets beside a name."""
    if any(isinstance(token, TimeToken) and token.tells_which for token in group):
        return True
    return any(
        any(isinstance(token, TimeToken) and token.in_brackets for token in pair) and _group_has_token(pair, NameToken)
        for pair in pairwise(group)
    )


def _is_object_of_verb(group: Sequence[LineToken], index: int) -> bool:
    """Whether the only name stands there, behind its verb."""
    return _group_has_token(group[index : index + 1], NameToken) and not _group_has_token(group[:index], NameToken)


def _intent_of_token(meanings: frozenset[Meaning], roles: set[Role]) -> Intent:
    if Meaning.RECEIVED_FROM in meanings and (Role.FROM in roles or Role.SUBJECT in roles):
        return Intent.RECEIVED
    if Meaning.REPLIED_TO in meanings and Role.TO in roles:
        return Intent.REPLIED
    for intent in Intent:
        if Meaning(intent) in meanings:
            return intent
    raise _UnclearError
