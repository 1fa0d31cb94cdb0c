"""Random lines of the reader's own words, and what no reading of a line may say.

Most of the lines are nonsense. A reading may be a question, but never a crash, a time in the future, or a time of long
ago that nobody wrote: a day that was completed with an earlier year is marked as inferred.
"""

import random
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.messages import Statement
from bot.parsing.line.interpretation import parse_typed_lines
from bot.parsing.line.tokens import fold_typed_line
from bot.parsing.times.resolver import LONG_AGO

TOKYO: Final = ZoneInfo("Asia/Tokyo")
NOW: Final = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
CLIENTS: Final = ("佐藤デザイン", "Acme Inc.", "昨日堂", "Studio Sun")
_MAX_WORDS: Final = 7
NAMES: Final = (
    *CLIENTS, "田中さん", "今日子さん", "十時さん", "半田さん", "高橋", "今村", "もえぎ", "Sunday", "Works", "Tanaka", "-san", "Mr. ",
    "さん", "様", "御中", "株式会社", "(株)", "NPO法人いろは", "LLC", "Inc.", "Co., Ltd.", "担当者様", "お客様", "「ロゴ」", "ロゴの件",
)  # fmt: skip
EVENTS: Final = (
    "返信しました", "返しました", "送りました", "連絡", "連絡ありました", "来ました", "届いた", "返信不要", "やりとり終了", "wrote me", "sent me a message", "wrote",
    "got a message from", "heard from", "message from", "replied to", "sent a reply to", "I emailed", "reply sent", "no reply needed",
    "no need to reply", "doesn't need a reply", "です", "please", "無事に", "記録して", "just", "help", "undo", "status", "pending", "手数料", "5万円",
)  # fmt: skip
PARTICLES: Final = (
    "から", "に", "宛に", "が", "は", "と", "や", "の", "も", "で", "を", "&", "・", "and", "from", "to", "at", "on", "、", ",", "。", "!", "\n", "-", "🙇",
    "@Nintei ", "(", ")", "「", "」",
)  # fmt: skip
TIMES: Final = (
    "さっき", "いま", "今", "昨日", "今朝", "昨夜", "朝イチ", "お昼", "夜", "午後", "8時", "8時半", "三日前", "前", "半", "14:30", "(15:00)", "0930", "9h30", "9.45",
    "11/22", "11/25", "2/29", "6/3", "12月1日", "March 5", "20/Nov", "22日", "30日", "the 20th", "月曜", "先週金曜", "last Friday", "3時間前", "30分ほど前",
    "2週間前", "頃", "3pm", "PM", "noon", "midnight", "at 9", "half past 2", "quarter to 3", "an hour ago", "two hours ago", "last night", "JST", "CST",
    "+09:00", "25:30", "14:00-15:00", "<t:1795000000:f>",
)  # fmt: skip
_GROUPS: Final = (NAMES, EVENTS, PARTICLES, TIMES, TIMES)
_WRITTEN_LONG_AGO: Final = re.compile(r"\d{3,}(?:時間|分|日|週間)(?:ほど)?前")
"""A count of hours or weeks that two words make together: 9.45 and 2週間前 are 452週間前."""


def random_lines(count: int, seed: int) -> Iterator[str]:
    """Lines of one to seven words, with or without a space between two of them."""
    chance = random.Random(seed)
    for _ in range(count):
        groups = chance.choices(_GROUPS, k=chance.randint(1, _MAX_WORDS))
        yield "".join(chance.choice(group) + chance.choice(("", " ")) for group in groups)


def read_fault(line: str) -> str | None:
    """What is wrong about the reading of a line."""
    try:
        items = parse_typed_lines(line, "key", now=NOW, zone=TOKYO, known_names=CLIENTS)
    except Exception as error:  # noqa: BLE001 — any exception is a fault of the reader
        return f"{line!r}: {error!r}"
    for item in items:
        if not isinstance(item, Statement) or item.time is None:
            continue
        if item.time.at > NOW:
            return f"{line!r}: in the future: {item.time.at}"
        if NOW - item.time.at > LONG_AGO and not (
            item.time_inferred or _WRITTEN_LONG_AGO.search(fold_typed_line(line).text)
        ):
            return f"{line!r}: inferred without saying so: {item.time.at}"
    return None
