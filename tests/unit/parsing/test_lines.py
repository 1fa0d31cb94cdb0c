"""Typed lines: every word is accounted for, or the line is asked about."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Intent, LineRequest, ParseFailure, Statement, UnclearText
from bot.domain.near_names import find_near_names
from bot.parsing.line.interpretation import LineItem, is_name_doubtful, parse_typed_lines
from bot.parsing.line.lexicon import load_lexicon
from bot.parsing.line.tokens import Meaning, Role, fold_typed_line
from bot.parsing.times.tokenizer import normalize_time_text, tokenize_time_text
from bot.parsing.times.tokens import TimeMark, Token
from tests.helpers.random_lines import EVENTS, NAMES, PARTICLES, TIMES, random_lines, read_fault

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
"""A Tuesday."""
KNOWN = ("佐藤デザイン", "Acme Inc.", "昨日堂", "スナック金曜", "Studio Sun")


def read(line: str) -> tuple[LineItem, ...]:
    return parse_typed_lines(line, "key", now=NOW, zone=TOKYO, known_names=KNOWN)


def shown(item: LineItem) -> str:
    """An item in one line: intent, client (? where it must be confirmed), job, time."""
    match item:
        case Statement():
            client = "-" if item.client is None else item.client + ("" if item.client_certain else "?")
            time = "now" if item.time is None else f"{item.time.at.astimezone(TOKYO):%m/%d %H:%M}"
            time += "?" if item.time_inferred else ""
            intent = f"{item.intent}?" if item.only_named else item.intent or "-"
            parts = [intent, client, item.title or "", "when?" if item.day else time]
            return " ".join(part for part in parts if part)
        case LineRequest():
            return f"{item.kind} {item.fee.amount if item.fee else ''}".strip()
        case UnclearText():
            return "unclear"
        case ParseFailure():
            return item.error.message_id


READINGS = """
田中さんに返信しました = replied 田中 now
田中さん に返信しました = replied 田中 now
田中さん へ 返信しました = replied 田中 now
田中さん から連絡 = received 田中 now
田中 に返信しました = replied 田中? now
14:30 に 田中さん = received 田中 11/23 14:30
さっき高橋さんに返した = replied 高橋 11/24 11:50
さっき山田さんから連絡 = received 山田 11/24 11:50
Acme Inc. 11/25 10:00 = received Acme Inc. 11/24 10:00?
Acme Inc. 11/25 14:00 = received Acme Inc. 11/23 14:00?
Acme Inc. 6/3 10:00 = received Acme Inc. 06/03 10:00?
Acme Inc. 2026/6/3 10:00 = received Acme Inc. 06/03 10:00
Acme Inc. 去年の11/22 10:00 = unclear
田中さん 三日前の15時 = received 田中 11/21 15:00
三日前の15時 田中さん = received 田中 11/21 15:00
田中さん three days ago at 3pm = received 田中 11/21 15:00
田中さん half past 2 = received 田中 11/24 02:30
田中さん quarter to 3 = received 田中 11/24 02:45
田中さん two hours ago = received 田中 11/24 10:00
田中さん 9.45 = received 田中 11/24 09:45
田中さん 0930 = received 田中 11/24 09:30
田中さん 9h30 = received 田中 11/24 09:30
田中さん 朝イチ = received 田中 11/24 09:00
田中さん お昼 = received 田中 11/24 12:00
田中さん 昨夜午後10時 = received 田中 11/23 22:00
田中さん 昨日の夜10時 = received 田中 11/23 22:00
田中さん R8/11/22 9:00 = received 田中 11/22 09:00
田中さん 20/Nov/2026 9:00 = received 田中 11/20 09:00
田中さん the 20th 9:00 = received 田中 11/20 09:00
田中さん Friday last week 9:00 = received 田中 11/20 09:00
田中さん 一昨々日 9:00 = received 田中 11/21 09:00
田中さん 2週間前 9:00 = received 田中 11/10 09:00
田中さん 先々週の金曜 9:00 = unclear
田中さん 前月 9:00 = unclear
田中さん 先日 9:00 = unclear
田中さん 来週 9:00 = unclear
山田さん「バナー」「ロゴ」9:00 届いた = unclear
ロゴの件 バナーの件 山田さん 返信した = unclear
「バナー」山田さんと田中さんから届いた = unclear
田中さん next Friday 9:00 = unclear
田中さん 毎週 9:00 = unclear
田中さん 9:05 CST = time-zone-letters
田中さん midnight = received 田中 11/24 00:00
田中さん 昨日 midnight = time-ambiguous
一昨日の朝9時 = received - 11/22 09:00
2時間30分前 = received - 11/24 09:30
November 22 14:30 = received - 11/22 14:30
10:00:00 = received - 11/24 10:00
half an hour ago = received - 11/24 11:30
先週金曜 14:30 = received - 11/20 14:30
返信した 田中さん = replied 田中 now
高橋さん 8:30に返信済み = replied 高橋 11/24 08:30
田中さんへ返信済 = replied 田中 now
佐藤デザインに返信済み = replied 佐藤デザイン now
replied to Tanaka 5 min ago = replied Tanaka? 11/24 11:55
I replied to Studio B just now = replied Studio B? 11/24 12:00
replied Acme Inc. 3pm = replied Acme Inc. 11/23 15:00
Acme replied at 3pm = unclear
田中さんが返信しました = unclear
高橋さん返信不要 = dismissed 高橋 now
やりとり終了 = dismissed - now
no reply needed Acme = dismissed Acme? now
no need to reply to Acme Inc. = dismissed Acme Inc. now
山田さん いま届いた = received 山田 11/24 12:00
伊藤さん、昨日の22時頃にメッセージもらいました = received 伊藤 11/23 22:00
Acme wrote me an hour ago = received Acme? 11/24 11:00
Message from Acme at 3pm = received Acme? 11/23 15:00
heard from Acme Inc. 2 hours ago = received Acme Inc. 11/24 10:00
田中様より修正依頼 8:00 = received 田中 11/24 08:00
田中さんから返信ありました = received 田中 now
田中さんから返信しました = unclear
8時に田中さんからメッセージが届きました = received 田中 11/24 08:00
お疲れ様です。田中さんから連絡ありました = received 田中 now
山田さんと田中さん 9時 = received 山田 11/24 09:00 + received 田中 11/24 09:00
山田さん 8時、田中さん 9時 = received 山田 11/24 08:00 + received 田中 11/24 09:00
Acme and Beta 3pm = received Acme? 11/23 15:00 + received Beta? 11/23 15:00
田中さんと佐藤さんに返信しました = replied 田中 now + replied 佐藤 now
田中さん、佐藤さん 返信不要 = dismissed 田中 now + dismissed 佐藤 now
田中 = - 田中? now
7:30 = received - 11/24 07:30
田中さん 昨日 = - 田中 when?
昨日田中さんから連絡 = received 田中 when?
昨日 田中さん 8時 = received 田中 11/23 08:00
高橋「バナー制作」 9:00 = received 高橋? バナー制作 11/24 09:00
田中様(ロゴ) 8:00 = received 田中 ロゴ 11/24 08:00
高橋 ロゴの件 9:00 = received 高橋? ロゴ 11/24 09:00
ロゴの件で田中さんから連絡 8時 = received 田中 ロゴ 11/24 08:00
help = help
ヘルプ = help
使い方 = help
undo = undo
取り消し = undo
status = status
返信待ちは？ = pending
手数料 5万円 = fee 50000
@Nintei 田中さん 8時 = received 田中 11/24 08:00
ご担当者様 8時 = received - 11/24 08:00
制作会社A様 昨日 14:30 = received 制作会社A 11/23 14:30
24時間デザイン様 昨日 14:30 = received 24時間デザイン 11/23 14:30
昨日堂 8時 = received 昨日堂 11/24 08:00
スナック金曜 8時 = received スナック金曜 11/24 08:00
Studio Sun 3pm = received Studio Sun 11/23 15:00
田中A Sun 8am = received 田中A Sun? 11/24 08:00
株式会社Z 8時 = received 株式会社Z 11/24 08:00
株式会社月曜 8時 = received 株式会社月曜 11/24 08:00
(株)山本 8時 = received (株)山本 11/24 08:00
チームZ 8時 = received チームZ? 11/24 08:00
制作PM 8時 = received 制作PM? 11/24 08:00
カフェPM 8時 = received カフェPM? 11/24 08:00
デザイン1日 8時 = received デザイン1日? 11/24 08:00
うに 8時 = received うに? 11/24 08:00
うの様 8時 = received うの 11/24 08:00
たに様 8時 = received たに 11/24 08:00
今村様 8時 = received 今村 11/24 08:00
いまい様 8時 = received いまい 11/24 08:00
高橋 太郎様 8時 = received 高橋 太郎? 11/24 08:00
Mr. Smith 3pm = received Smith 11/23 15:00
Tanaka-san wrote me at 3pm = received Tanaka 11/23 15:00
・田中さん 8時 = received 田中 11/24 08:00
1. 田中さん 8時 = received 田中 11/24 08:00
2026-11-22T10:00+09:00 田中さん = received 田中 11/22 10:00
14:00-15:00 田中さん = unclear
11/22 14:00-15:00 田中さん = unclear
10:00-1100 田中さん = unclear
取り消しですか？ = unclear
取り消しでしょうか = unclear
取り消しでお願いします = undo
取り消してもらえますか = undo
田中さん 10時-1130 = unclear
田中さん 9:00 -0500 = received 田中 11/23 23:00
田中さん 2026-11-22T18:14-0500 = received 田中 11/23 08:14
田中さん 15時〜16時 = unclear
田中さん 15時か16時 = unclear
次の金曜 田中さん 8時 = unclear
田中さん 来週 8時 = unclear
田中さん 3時間後に連絡します = unclear
8時半田さん = unclear
3時間前田さんから連絡 = unclear
今回はありがとうございました = unclear
はじめまして、田中と申します = unclear
お世話になっております。先日の件、いかがでしょうか。 = unclear
返信しましたか田中さん = unclear
田中さんに返信しますか = unclear
まだ田中さんに返信していません = unclear
田中さんに返信した？ = unclear
I haven't replied to Tanaka = unclear
Please send the invoice to Acme Inc. at 3pm = unclear
至急田中様 8時 = unclear
打ち合わせ 田中様 8時 = unclear
Meeting tomorrow with Acme Inc. 3pm = unclear
田中さん 返信 = unclear
田中さんに返信 = replied? 田中 now
昨日 田中さんに返信 = replied 田中 when?
田中さんに10時に返信 = replied 田中 11/24 10:00
田中さんのメッセージに返信した = replied 田中 now
田中さんからの依頼に10時に返信しました = replied 田中 11/24 10:00
田中さんからの依頼に返信きた = unclear
田中さんにもう返した = replied 田中 now
田中さんに一応返信しました = replied 田中 now
たなかさんかられんらくきてた = received たなか now
たなかさんにかえしました = replied たなか now
田中さんから連絡もろた = received 田中 now
今さっき田中さんに返した = replied 田中 11/24 11:50
田中さんとのやりとり終了 = dismissed 田中 now
田中さんとやり取り終了 = dismissed 田中 now
田中さん返信しなくて大丈夫 = dismissed 田中 now
Acme Inc. hit me up at 9am = received Acme Inc. 11/24 09:00
Acme Inc. DM'd me = received Acme Inc. now
Acme Inc. got back to me at 9am = received Acme Inc. 11/24 09:00
got back to Acme Inc. at 9am = replied Acme Inc. 11/24 09:00
Monday.com 9am = received Monday.com? 11/24 09:00
"""


@pytest.mark.parametrize(
    ("line", "client"),
    [
        ("replied to Acme Inc. 👍", "Acme Inc."),
        ("replied to Acme Inc. ✅", "Acme Inc."),
        ("田中さん🙇‍♀️ 返信した", "田中"),
        ("田中さん♡ 返信済み", "田中"),
        ("田中さんに返信した📩", "田中"),
    ],
)
def test_emoji_behind_a_whole_name_say_nothing(line: str, client: str) -> None:
    [said] = read(line)
    assert isinstance(said, Statement)
    assert (said.intent, said.client) == (Intent.REPLIED, client)


@pytest.mark.parametrize(
    "line",
    [
        "replied to Acme Inc. ❌",
        "田中さん❓に返信した",
        "Acme✨ 9:30",
        "replied to Acme Inc. 👎",
        "田中さん✅ 10:00",
        "10:00 田中さん👌",
        "田中さん📧 10:00",
        "田中さん🙇✔",
    ],
)
def test_other_emoji_behind_a_name_are_asked_about(line: str) -> None:
    """✅ behind a name may say that the client was answered, 📧 that a mail came or was sent."""
    assert not [said for said in read(line) if isinstance(said, Statement) and said.client_certain]


@pytest.mark.parametrize("emoji", ["🙇", "👍👍", "☺️", "🙇🏻", "🙇‍♂️", "❤️", "^^", "！！✨", " 🙏"])
def test_emoji_that_say_nothing_are_passed_over_behind_what_was_said(emoji: str) -> None:
    assert shown(*read(f"田中さんに返信しました{emoji}")) == "replied 田中 now"
    assert shown(*read(f"田中さん9:00{emoji}")) == "received 田中 11/24 09:00"
    assert shown(*read(f"9:00 {emoji.strip()}海さん")) != "received 海 11/24 09:00"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["田中さんから連絡きた", "10:03"], ["received 田中 11/24 10:03"]),
        (["10:30", "田中さんに返信しました"], ["replied 田中 11/24 10:30"]),
        (["山本", "9:15"], ["received 山本? 11/24 09:15"]),
        (["田中さん", "9:15", "山本さん", "10:15"], ["received 田中 11/24 09:15", "received 山本 11/24 10:15"]),
        (["田中さん 9:15", "返信しました 10:15"], ["received 田中 11/24 09:15", "replied - 11/24 10:15"]),
        (["返信済み", "田中さん 9:15"], ["replied 田中 11/24 09:15"]),
        (["昨日", "田中さん 9:15"], ["received 田中 11/23 09:15"]),
    ],
)
def test_lines_that_complete_each_other_are_one_statement(lines: list[str], expected: list[str]) -> None:
    assert list(map(shown, read("\n".join(lines)))) == expected


@pytest.mark.parametrize("line", ["Today", "Acme Inc. Today", "田中さん Noon", "Sun"])
def test_a_space_at_the_end_says_nothing(line: str) -> None:
    assert read(f"{line} ") == read(line)


@pytest.mark.parametrize(("length", "is_read"), [(80, True), (81, False)])
def test_a_title_in_brackets_has_80_characters_at_most(length: int, *, is_read: bool) -> None:
    title = "看" * length
    [item] = read(f"田中さん「{title}」9:00 届いた")
    assert shown(item) == (f"received 田中 {title} 11/24 09:00" if is_read else "unclear")


@pytest.mark.parametrize("reading", READINGS.strip().splitlines())
def test_a_line_is_read_whole_or_asked_about(reading: str) -> None:
    line, _, expected = reading.rpartition(" = ")
    assert " + ".join(map(shown, read(line))) == expected


def test_two_lines_are_two_statements_with_identities_of_their_own() -> None:
    items = read("山田さん 8時\n田中さん 9時")
    assert [shown(item) for item in items] == ["received 山田 11/24 08:00", "received 田中 11/24 09:00"]
    assert len({item.source_key for item in items if isinstance(item, Statement)}) == len(items)


def test_a_text_of_which_one_line_is_not_understood_is_recorded_nowhere() -> None:
    assert [shown(item) for item in read("田中さん 8時\nバナーの修正をお願いします。")] == ["unclear"]


UNREAD = st.sampled_from(["ちなみに", "お見積", "できれば", "perhaps", "whatever", "納品予定", "ですけど", "もうすぐ"])


@pytest.mark.slow
def test_no_random_line_breaks_the_reader_or_is_given_a_time_that_nobody_wrote() -> None:
    assert [fault for line in random_lines(3000, seed=1) if (fault := read_fault(line))] == []


def test_the_random_lines_have_every_kind_of_word_of_the_lexicon() -> None:
    words, lexicon = [fold_typed_line(word).text.strip() for word in (*NAMES, *EVENTS, *PARTICLES)], load_lexicon()
    kinds = {kind for kind, pattern in lexicon.meanings if any(map(pattern.fullmatch, words))}
    roles = {
        role for role, pattern in (*lexicon.particles, *lexicon.prepositions) if any(map(pattern.fullmatch, words))
    }
    requests = {kind for kind, pattern in lexicon.requests if any(map(pattern.fullmatch, words))}
    assert (kinds, roles - {None}, requests) == (set(Meaning), set(Role), {"undo", "status", "pending", "fee", "help"})


def test_the_random_lines_have_every_kind_of_word_of_a_time() -> None:
    tokens = [token for word in TIMES for token in tokenize_time_text(normalize_time_text(word)).tokens]
    assert {type(token) for token in tokens} == set(get_args(Token))
    assert set(TimeMark) <= set(tokens)


@given(
    UNREAD,
    st.sampled_from(["田中さん 8時", "田中さんに返信しました", "Acme Inc. 3pm", "佐藤デザイン 返信不要"]),
    st.booleans(),
)
def test_a_line_with_a_word_that_is_not_understood_is_not_recorded(word: str, line: str, before: bool) -> None:  # noqa: FBT001
    text = f"{word} {line}" if before else f"{line} {word}"
    for item in read(text):
        is_asked = not isinstance(item, Statement) or not item.client_certain or item.time_inferred
        assert is_asked or item.intent is None


@given(st.permutations(["田中さん", "昨日", "14:30", "「ロゴ」"]))
def test_the_order_of_the_parts_makes_no_difference(parts: list[str]) -> None:
    assert [shown(item) for item in read(" ".join(parts))] in (["received 田中 ロゴ 11/23 14:30"], ["unclear"])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Acme", ["Acme Inc."]), ("佐藤でざいん", ["佐藤デザイン"]), ("佐藤デザイソ", ["佐藤デザイン"]), ("Amce Inc.", ["Acme Inc."]),
        ("株式会社佐藤デザイン", ["佐藤デザイン"]), ("佐藤デザイン2", []), ("Acme B", []), ("佐久デザイン", []), ("Studio Sum", ["Studio Sun"]), ("Acme Inc.", []), ("高橋", []), ("A", []),
        ("クリスマス昨日堂", ["昨日堂"]),
        ("TheAcme", []),
    ],
)  # fmt: skip
def test_near_matches_of_known_clients(name: str, near: list[str]) -> None:
    assert find_near_names(name, KNOWN) == near


def test_the_second_letter_is_one_of_a_word_beside_the_first() -> None:
    assert find_near_names("すし12345", ["すき12345"]) == ["すき12345"]
    assert find_near_names("1し12345", ["1き12345"]) == []


def test_a_letter_can_be_left_out_and_a_letter_alone_is_no_end_of_a_name() -> None:
    assert find_near_names("Studio Sn", ["Studio Sun"]) == ["Studio Sun"]
    assert find_near_names("林", ["小林"]) == []


def test_characters_that_nobody_sees_make_no_line_unclear() -> None:
    """As they come along with what is copied from a page, a list of contacts or a window of Windows."""
    for line in (
        "田中さん\u200b 昨日\u200b14:30",
        "\u2068田中さん\u2069 \u202a昨日 14:30\u202c",
        "\ufeff田中さん 昨日 14:30\u200e",
    ):
        assert [shown(item) for item in read(line)] == ["received 田中 11/23 14:30"]
    assert [shown(item) for item in read("手数料 \u200e5万円\u200e")] == ["fee 50000"]


@pytest.mark.parametrize(
    ("line", "intent", "is_assumed"),
    [
        ("田中さんから 8時", Intent.RECEIVED, False),
        ("田中さん 8時", Intent.RECEIVED, True),
        ("8時", Intent.RECEIVED, True),
        ("田中さんに返信 8時", Intent.REPLIED, False),
        ("田中さんから", None, False),
    ],
)
def test_a_time_alone_is_only_assumed_to_be_that_of_a_message(
    line: str, intent: Intent | None, *, is_assumed: bool
) -> None:
    [item] = read(line)
    assert isinstance(item, Statement)
    assert (item.intent, item.intent_assumed) == (intent, is_assumed)


@pytest.mark.parametrize(
    ("name", "alone", "beside_a_time"),
    [
        ("昨日", True, False),
        ("金曜", True, False),
        ("9時", True, True),
        ("スナック金曜", False, False),
        ("田中", False, False),
    ],
)
def test_a_word_of_time_may_be_a_name_where_the_time_is_given_too(
    name: str, *, alone: bool, beside_a_time: bool
) -> None:
    assert is_name_doubtful(name, now=NOW, zone=TOKYO) is alone
    assert is_name_doubtful(name, now=NOW, zone=TOKYO, has_own_time=True) is beside_a_time


@pytest.mark.parametrize("line", ["「花」さん 9時", "「花」様から連絡", "[ランサーズ] お知らせ"])
def test_what_is_neither_a_job_nor_a_line_of_ones_own_is_asked_about(line: str) -> None:
    [item] = read(line)
    assert isinstance(item, UnclearText)
