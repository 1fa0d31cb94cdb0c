"""Mail headers inside a text: as mailers quote them in a forward, or as members paste them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.domain.text import to_half_width
from bot.parsing.encoded_words import join_wrapped_lines
from bot.parsing.notification import has_known_wording, parse_notification_subject, strip_subject_prefixes

MAX_HEADER_LENGTH: Final = 2000
MAX_MAILS_AT_ONCE: Final = 20
"""Mails that are read in one text, and in one mail. One more is looked for, so that it is said that there are more."""

_NAMES: Final = {
    "subject": "subject|sub|件名|タイトル|題名",
    "sender": "from|差出人|送信者|送信元",
    "date": "date|sent|日付|日時|送信日時|受信日時|送信日|送信済み|送信",
    "message_id": "message-id",
    "other": "to|cc|bcc|reply-to|宛先|返信先|重要度|importance|添付ファイル|attachments?|mime-version|content-[a-z-]+"
    "|return-path|received(?:-spf)?|x-[a-z0-9-]+|delivered-to|dkim-signature|arc-[a-z-]+|authentication-results|list-[a-z-]+"
    "|references|in-reply-to|user-agent|precedence|auto-submitted|thread-[a-z]+|feedback-id",
}
_LABELS: Final = {
    name: re.compile(rf"^(?:{pattern})\s*[:：]\s*(.*)$", re.IGNORECASE) for name, pattern in _NAMES.items()
}
_FLAT_LABEL: Final = re.compile(
    rf"(?:^|(?<=\s))(?=(?:{'|'.join(_NAMES[name] for name in ('subject', 'sender', 'date'))}|to|宛先|cc)\s*[:：])",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"^[\s>|│\u200b\u2060\ufeff]*")
_BULLET: Final = re.compile(r"^(?:[■□◆◇●○▼▶・*]\s*)+")
_BOLD_LABEL: Final = re.compile(r"^\*{1,2}([^*:：]{1,20})(?:[:：]\s*\*{1,2}|\*{1,2}\s*[:：])")
_BOLD_LINE: Final = re.compile(r"^(\*{1,2})([^*].*[^*])\1$")
_MAX_DEPTH: Final = 9


@dataclass(slots=True)
class QuotedHeader:
    """One header in a text."""

    depth: int
    """The number of quotations it is inside of; 0: none."""
    line: int = 0
    """The number of its first line in the text."""
    values: dict[str, str] = field(default_factory=dict)
    """As written, by the names of `_NAMES`; a complete header has a subject."""
    is_spaced: bool = False
    """Blank lines stand between its lines."""

    def is_complete(self) -> bool:
        """Whether it is a mail's header, not a line of a text that looks like one of its fields."""
        if self.is_spaced:
            return {"subject", "sender", "date"} <= self.values.keys()
        return "subject" in self.values and len(self.values) > 1


def quoted_headers(text: str) -> list[QuotedHeader]:
    """The headers in a text, in its order: labelled lines that adjoin, or that blank lines separate throughout."""
    reader = _HeaderReader()
    for reader.line, raw in enumerate(text.splitlines()):
        quote = _QUOTED.match(raw)
        prefix = quote[0] if quote else ""
        bare = _BOLD_LINE.sub(r"\2", _BOLD_LABEL.sub(r"\1: ", raw[len(prefix) :].strip()))
        line = _BULLET.sub("", bare)
        for label, value in _split_labels(line):
            if label:
                reader.add_labelled_line(label, value, prefix)
            else:
                reader.add_unlabelled_line(line, prefix)
        if len(reader.complete) > MAX_MAILS_AT_ONCE:
            break
    reader.end_header()
    return reader.complete[: MAX_MAILS_AT_ONCE + 1]


class _HeaderReader:
    """Puts lines together to headers."""

    def __init__(self) -> None:
        self.complete: list[QuotedHeader] = []
        self.line = 0
        """The number of the line that is read."""
        self._header = QuotedHeader(0)
        self._last = ""
        self._after_blank = False

    def end_header(self) -> None:
        """Begin another header."""
        if self._header.is_complete():
            self.complete.append(self._header)
        self._header, self._last, self._after_blank = QuotedHeader(0), "", False

    def add_labelled_line(self, label: str, value: str, prefix: str) -> None:
        """Add a labelled line, which stands behind `prefix`."""
        values = self._header.values
        is_new = self._after_blank and not self._header.is_spaced and len(values) > 1
        if is_new or (label in values and label != "other"):
            self.end_header()
        elif self._after_blank and values:
            self._header.is_spaced = True
        if not self._header.values:
            self._header.depth = min(sum(map(prefix.count, ">|│")), _MAX_DEPTH)
            self._header.line = self.line
        self._header.values[label] = value
        self._last, self._after_blank = label, False

    def add_unlabelled_line(self, line: str, prefix: str) -> None:
        """Add a line without a label, blank or not."""
        values = self._header.values
        if not line:
            self._after_blank = bool(values)
        elif self._after_blank and values:
            self.end_header()
        elif self._last and _continues_value(values[self._last], self._last, prefix, line):
            if len(values[self._last]) < MAX_HEADER_LENGTH:
                values[self._last] = join_wrapped_lines(values[self._last], line[:MAX_HEADER_LENGTH])
        elif "subject" in values:
            self.end_header()


def _continues_value(value: str, label: str, prefix: str, line: str) -> bool:
    """Whether an unlabelled line continues a labelled one: it is indented, or completes what was wrapped."""
    if prefix[-1:] in {" ", "\t"} and (len(prefix) - len(prefix.rstrip(" \t")) > 1 or not prefix.strip()):
        return True
    if line.startswith("=?") and value.endswith("?="):
        return True
    if label != "subject" or len(value) + len(line) > MAX_HEADER_LENGTH:
        return False
    if strip_subject_prefixes(value) and has_known_wording(line):
        return False  # the text begins like a subject
    return parse_notification_subject(value) is None and has_known_wording(join_wrapped_lines(value, line))


def _split_labels(line: str) -> Iterator[tuple[str | None, str]]:
    """The label and value of a line; those of a whole header that was flattened into one line."""
    starts = [match.start() for match in _FLAT_LABEL.finditer(line[:MAX_HEADER_LENGTH])]
    if starts[:1] == [0]:
        pieces = [line[start:end] for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]
        labels = [_split_label(piece.strip()) for piece in pieces]
        names = [name for name, _ in labels]
        if {"subject", "sender", "date"} <= set(names) and len(names) == len(set(names)):
            yield from labels
            return
    yield _split_label(line)


def _split_label(line: str) -> tuple[str | None, str]:
    plain = to_half_width(line[:MAX_HEADER_LENGTH])  # of equal length
    for name, pattern in _LABELS.items():
        if match := pattern.match(plain):
            return name, line[match.start(1) : match.end(1)].strip()
    return None, ""
