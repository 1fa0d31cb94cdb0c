"""Lines of which a part takes back, or puts in doubt, what the others say: never recorded, whatever else they name."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Confirmation, Intent, ParseFailure, Statement, UnclearText
from bot.parsing.line.interpretation import LineItem, parse_typed_lines

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
"""A Tuesday."""
KNOWN = ("田中", "高橋", "Tanaka", "Studio B")

CLIENTS = st.sampled_from(["田中さん", "山本様", "Tanaka ", "Studio B "])
BRACKETS = st.sampled_from(["（{}）", "({})", " ({})", "[{}]"])


def read(line: str) -> tuple[LineItem, ...]:
    return parse_typed_lines(line, "key", now=NOW, zone=TOKYO, known_names=KNOWN)


def one(line: str) -> Statement:
    [item] = read(line)
    assert isinstance(item, Statement), line
    return item


def is_recorded(item: LineItem) -> bool:
    """Whether a statement needs no answer of the member's, but the client's name where it is new."""
    if not isinstance(item, Statement) or item.intent is None:
        return False
    return not (item.day or item.time_inferred or item.only_named)


def never_recorded(line: str) -> bool:
    return not any(map(is_recorded, read(line)))


REMARKS = st.sampled_from(
    [
        "まだ", "たぶん", "多分", "返信まだ", "まだ返信してない", "未返信", "未", "未読", "嘘", "下書き", "電話で", "予定",
        "返信待ち", "要確認", "要返信", "仮", "保留", "はず", "明日まで", "高橋さん経由", "返信済み", "あとで", "やっぱりまだ",
        "返", "返済み", "再", "急", "2回目", "10:30返信", "返信10:30", "返信前", "LINE", "Slack", "メモ", "test",
        "契約中", "新規", "急募", "Studio B", "高橋", "株式会社かぜ", "かぜ社", "Kaze Inc.",
        "訂正", "修正", "誤", "間違い", "まちがい", "ミス", "取消", "取り消し", "キャンセル", "中止", "延期", "無視", "削除", "NG", "却下", "没", "完了", "終了",
        "締切", "締め切り", "〆切", "納期", "期限", "期限切れ", "会議", "打ち合わせ", "打合せ", "MTG", "面談", "リマインド", "リマインダー", "通知",
        "現地時間", "米国時間", "向こうの時間", "先週", "毎日", "毎週", "前後", "推定", "推測", "不明", "忘れてた", "寝てた",
        "done", "cancelled", "canceled", "wrong", "mistake", "correction", "ignore", "skip", "deleted", "call", "phone", "meeting", "deadline",
        "due", "reminder", "maybe", "not yet", "not sure", "probably", "draft", "later", "todo", "I think", "not replied", "answered",
    ]
)  # fmt: skip


@given(CLIENTS, REMARKS, BRACKETS, st.sampled_from(["8:00", "に返信した", "から連絡 8時", "3am"]), st.booleans())
def test_a_remark_in_brackets_is_no_job(client: str, remark: str, bracket: str, said: str, behind: bool) -> None:  # noqa: FBT001
    inside = bracket.format(remark)
    assert never_recorded(f"{client}{said}{inside}" if behind else f"{client}{inside}{said}")


@pytest.mark.parametrize("title", ["返信不要", "返信してない", "返信しました", "返事待ち", "未定", "planned"])
def test_what_a_reply_is_said_to_be_is_no_job_in_any_brackets(title: str) -> None:
    assert never_recorded(f"田中さん「{title}」8時")
    assert never_recorded(f"田中さんから「{title}」")


@pytest.mark.parametrize(
    "words",
    [
        "修正して", "早めに送って", "明日まで", "直してほしい", "相談したい", "急ぎ", "お願い", "call me", "no rush", "thank you", "thanks",
        "担当者", "ランサーズ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("brackets", ["「{}」", " ({}) ", ' "{}" '])
def test_what_a_client_says_is_no_job(words: str, brackets: str) -> None:
    assert never_recorded(f"田中さん{brackets.format(words)}8時")


@pytest.mark.parametrize("verb", ["wrote", "messaged me", "sent me a message"])
def test_what_stands_behind_an_english_verb_is_what_was_written(verb: str) -> None:
    assert never_recorded(f'Studio B {verb} "Blue logo" at 9am')
    assert one('message from Studio B "Blue logo" at 9am').title == "Blue logo"


@pytest.mark.parametrize("remark", ["2nd", "from email", "reply by 5pm", "deadline Friday", "asked for a logo"])
def test_an_english_remark_in_brackets_is_no_job(remark: str) -> None:
    assert never_recorded(f"Studio B ({remark}) 9am")


@pytest.mark.parametrize("title", ["組み立て", "スーツの仕立て", "Translation from English", "Second logo"])
def test_a_job_may_end_or_go_on_like_what_is_said(title: str) -> None:
    assert one(f"田中さん({title}) 8時").title == one(f"田中さん「{title}」8時").title == title


@pytest.mark.parametrize("name", ["株式会社花ご担当者", "採用担当者", "山本担当", "広報担当山本"])
def test_who_is_in_charge_is_no_part_of_a_name(name: str) -> None:
    assert not one(f"{name}様 8時").client_certain


@pytest.mark.parametrize(
    "title", ["ロゴ", "返信メールの文例", "未来の絵", "お客様アンケート", "お品書き", "note cover", "神様の絵"]
)
@pytest.mark.parametrize("brackets", ["「{}」", " ({}) "])
def test_a_job_stays_one(title: str, brackets: str) -> None:
    assert one(f"田中さん{brackets.format(title)}8時").title == title


@pytest.mark.parametrize(
    "title",
    [
        "誤植一覧",
        "完了画面",
        "打ち合わせ議事録",
        "通知デザイン",
        "納期管理表",
        "call center logo",
        "Reminder app",
        "Time",
    ],
)
def test_a_job_may_begin_like_a_remark(title: str) -> None:
    assert one(f"田中さん({title}) 8時").title == title


POINTING = ["例", "その", "あの", "この", "別", "他", "ほか", "先週", "先日", "この前", "今回", "前回", "今度", "来週", "去年", "10月", "まだ", "急ぎ", "何か", "なんか", "上記", "下記", "高橋", "Studio B", "ココナラ"]  # fmt: skip


@pytest.mark.parametrize("word", POINTING)
@pytest.mark.parametrize(
    "line", ["{}で田中さんから連絡", "田中さん {} 8時", "田中さんから{}について連絡", "田中さんの{} 返信した"]
)
def test_which_matter_is_meant_is_no_job_where_the_line_only_points_at_it(word: str, line: str) -> None:
    matter = f"{word}件" if word.endswith("の") else f"{word}の件"
    assert never_recorded(line.format(matter))


@pytest.mark.parametrize("title", ["ロゴ", "単価表", "チラシ改訂", "請求書", "例文", "先週号", "他言語サイト"])
def test_a_matter_with_a_title_is_a_job(title: str) -> None:
    said = one(f"{title}の件で田中さんから連絡 8時")
    assert (said.client, said.title) == ("田中", title)


@pytest.mark.parametrize("face", ["（笑）", "(^^)", "(汗)", "（^_^）"])
def test_a_face_in_brackets_says_nothing(face: str) -> None:
    said = one(f"田中さんに返信しました{face}")
    assert (said.intent, said.client, said.title) == (Intent.REPLIED, "田中", None)


QUOTED = st.sampled_from(
    ["了解です", "明日10時に連絡します", "15時", "納期は15時まで", "昨日の件", "返信不要です", "OK"]
)


@given(QUOTED, st.sampled_from(["「{}」", "『{}』", '"{}"']), st.sampled_from(["と", "って", "とだけ"]))
def test_what_was_said_is_neither_a_job_nor_a_time(words: str, quote: str, particle: str) -> None:
    quotation = quote.format(words) + particle
    for line, intent in (
        (f"田中さんに{quotation}返信しました", Intent.REPLIED),
        (f"田中さんから{quotation}連絡", Intent.RECEIVED),
    ):
        said = one(line)
        assert (said.intent, said.client, said.title, said.time) == (intent, "田中", None, None)


@pytest.mark.parametrize(
    "line",
    [
        "no reply from Tanaka", "no answer from Tanaka", "no response Tanaka", "no reply Tanaka", "no reply to Tanaka",
        "10時に田中さんから返信不要", "田中さんから対応不要",
        "I wrote Tanaka", "wrote Tanaka", "wrote Tanaka at 9am", "just sent me a message Tanaka", "messaged me Tanaka",
        "Tanaka for 9am", "replied for Tanaka", "replied about Tanaka", "about Tanaka 9am", "for 田中さん 9時",
        "10時の件で田中さんに返信した", "昨日10時の件で田中さんに返信した", "10時の件について田中さんから連絡",
        "10時の連絡、田中さんに返信した", "昨日10時のメール 田中さんに返信済み",
        "田中さん 8時から", "田中さん 8時より", "8時から田中さん", "田中さん 8時へ", "田中さん 9時が",
        "田中さんロゴの件8時", "山本様ロゴの件8時", "→田中さん 8時", "⇒山本さん 8時",
        "田中さん以外返信した", "田中さん以外返信不要", "田中さんじゃなくて高橋さん 8時", "田中さんではなく高橋さんに返信した",
        "いや10時だった", "やっぱり10時", "間違えた、10時", "訂正 10時", "すみません10時",
        "9時の田中さんに返した", "昨日9時の田中さん返信済み", "田中さん(9:00)返信済み", "田中さん（9時）に返した", "Tanaka (9am) I replied",
        "田中さんに返した 9時の", "田中さんに返信した、9時の", "田中さんに返した(9時の)", "田中さんに返信した 昨日9時の",
        "返信しました 9時の", "9時のに返信した", "田中さんの10時に返信した", "田中さんの 10時に返信した", "田中さんの(10時)に返信した",
        "Tanaka 9am replied", "Tanaka 9am, replied", "Tanaka, at 9am replied",
        "田中さんに返信", "田中さんへ連絡", "高橋さんにメール", "田中に返信を", "田中さんのメッセージに返信",
        "田中さんに返信お願いします", "10時に田中さんに返信お願いします", "田中さんに10時に返信 よろしく", "田中さんに返信 please",
        "田中さん 10:00〜", "田中さん ～10:00", "田中さん 10時～", "Tanaka ~9am", "田中さん 〜10時",
        "田中さんと10時", "10時 田中さんと", "田中さんとの10時", "Tanaka and 9am",
        "[ ] 田中さん 9時", "- [ ] 田中さんに返信しました", "[To:12]田中さん\n返信しました", "[memo] 田中さん 9時",
        "田中さんに返信しました❓", "田中さんに返した❌", "田中さんに返信しました🙅", "田中さんに返信しました🤔", "田中さん 9時⏳", "田中さん 9時👎", "田中さんに返した👎🏽",
        "田中さん「10時」", '田中さん"9:00"', "田中さんに返した「10時」", "「昨日の9時」田中さん",
        "田中さん「了解です」9時", "田中さんから「直して」と9時に", "田中さん「よろしく」9時", "田中さん「まだです」に返信した",
        "田中さん 9:00\n返信済み", "田中さん 9:00\n返信しました", "田中さん 9:00\n昨日", "TODO\n田中さん 9:00", "買い物\n田中さん 9:00",
        "田中さんに返信したも", "田中さんに返信したを", "田中さん返信済みではない", "田中さんに返信したって", "田中さんからメッセージ来てない", "田中さんからメッセージ来てるかも",
        "田中さんに返信終わってない", "田中さんとのやり取り終わりません",
        "田中さん返信したよね", "田中さんに返信したかな", "田中さんに返信したっけ", "田中さんに返信したよな",
    ],
)  # fmt: skip
def test_what_is_half_understood_is_not_recorded(line: str) -> None:
    assert never_recorded(line)


@pytest.mark.parametrize("line", ["田中さん高橋さんに返信しました", "山本さん太郎さん 10時", "田中さん高橋さん山本様から連絡", "田中さん済", "田中さん以外", "田中さん無視", "山本さん済み", "山本様済", "高橋さんじゃなくて田中", "10時だった", "やっぱり10時", "いや10時"])  # fmt: skip
def test_no_new_client_is_made_of_what_follows_a_title_or_a_correction(line: str) -> None:
    assert not any(isinstance(item, Statement) and item.client for item in read(line))


@pytest.mark.parametrize("who", ["Tanaka hasn't", "Tanaka hasn’t", "Tanaka still hasnt", "Tanaka haven't", "Tanaka didn't", "Tanaka never", "Tanaka not", "Ito hasn't", "Ito never", "nobody", "Nobody has", "no one", "Tanaka couldn't", "none", "hardly anyone"])  # fmt: skip
@pytest.mark.parametrize("said", ["replied to me", "replied to me at 9am", "messaged me"])
def test_that_nobody_wrote_names_no_client(who: str, said: str) -> None:
    assert [type(item) for item in read(f"{who} {said}")] == [UnclearText]


@pytest.mark.parametrize("client", ["Design T", "Studio Evernever", "Noneko", "Notta"])
def test_a_name_may_have_their_letters(client: str) -> None:
    said = one(f"{client} replied to me")
    assert (said.client, said.intent) == (client, Intent.RECEIVED)


@pytest.mark.parametrize("emoji", ["👋", "👌", "👍", "👏", "👍🏽"])
def test_other_hands_say_nothing(emoji: str) -> None:
    assert one(f"田中さんに返信しました{emoji}").intent is Intent.REPLIED


@pytest.mark.parametrize("mark", ["✅", "※", "★", "🌸", "＋"])
def test_a_mark_in_front_of_a_name_is_asked_about(mark: str) -> None:
    """It may be the member's, or the beginning of the name."""
    assert not any(isinstance(item, Statement) and item.client_certain for item in read(f"{mark}山本さん 8時"))
    assert one("㈱山本 8時").client_certain


TIMES_BEHIND_NAMES = [
    ("今朝8時", "11/24 08:00"), ("朝8時", "11/24 08:00"), ("夜10時", "11/23 22:00"), ("夕方6時", "11/23 18:00"), ("金曜10時", "11/20 10:00"),
    ("22日10時", "11/22 10:00"), ("約10時", "11/24 10:00"), ("今", "11/24 12:00"), ("正午", "11/24 12:00"), ("昨日10時", "11/23 10:00"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), TIMES_BEHIND_NAMES)
@pytest.mark.parametrize("client", ["田中さん", "山本様", "佐々木さん", "Acmeさん"])
def test_a_time_behind_a_title_needs_no_space(client: str, written: str, expected: str) -> None:
    """Phones put no space there. 夜 is no part of the name, and says which ten o'clock is meant."""
    for line in (f"{client}{written}", f"{client}{written}に連絡きた"):
        said = one(line)
        assert (said.client, said.intent) == (client.rstrip("さん様"), Intent.RECEIVED)
        assert said.time is not None
        assert f"{said.time.at.astimezone(TOKYO):%m/%d %H:%M}" == expected
    assert one(f"{client}{written}返した").intent is Intent.REPLIED


@pytest.mark.parametrize("line", ["明日田中さんに返信", "明日 田中さん", "田中さん 25日", "replied to Tanaka tomorrow", "田中さん 12/1", "田中さん 2027/1/1", "明後日田中さんから連絡"])  # fmt: skip
def test_a_coming_day_is_refused_without_a_time_too(line: str) -> None:
    """It is not asked when it was."""
    [item] = read(line)
    assert isinstance(item, ParseFailure)
    assert item.error.message_id in {"time-future", "time-coming-day"}


@pytest.mark.parametrize(
    "day", ["24日", "11/24", "11月24日", "the 24th", "Nov 24", "火曜", "火曜日", "(火)", "Tuesday"]
)
@given(hour=st.integers(13, 23))
def test_a_time_of_today_that_is_ahead_is_not_taken_for_one_of_long_ago(day: str, hour: int) -> None:
    [item] = read(f"田中さん {day} {hour}:00")
    assert isinstance(item, Statement)
    assert item.time_inferred
    earlier = one(f"田中さん {day} {hour - 12}:00")
    assert not earlier.time_inferred
    assert earlier.time is not None
    assert earlier.time.at.astimezone(TOKYO).day == NOW.day


PLANS = [
    "{when}に{who}に返信",
    "{who}へ{when}返信",
    "{who}への返信 {when}",
    "{who}に{when}に連絡",
    "{when} {who}にメール",
]


@pytest.mark.parametrize("line", PLANS)
@pytest.mark.parametrize("time", ["15時", "20:00", "夜9時", "3時", "5時半", "水曜10時", "月曜の9時", "今夜20時"])
def test_a_reply_that_is_only_named_at_a_time_that_is_ahead_may_be_a_plan(line: str, time: str) -> None:
    assert never_recorded(line.format(who="田中さん", when=time))


@pytest.mark.parametrize("line", PLANS)
@pytest.mark.parametrize("time", ["10時", "昨日20時", "11/23 20:00", "2時間前", "今", "11/23(月) 9:00"])
def test_a_reply_that_is_only_named_at_a_time_that_is_past_was_sent(line: str, time: str) -> None:
    said = one(line.format(who="田中さん", when=time))
    assert is_recorded(said)
    assert said.intent is Intent.REPLIED


def test_a_time_just_before_midnight_is_past_soon_after_it() -> None:
    now = NOW.replace(hour=0, minute=5)
    for time, is_past in (("23:50", True), ("8時", False)):
        [said] = parse_typed_lines(f"田中さんに{time}に返信", "key", now=now, zone=TOKYO, known_names=KNOWN)
        assert is_recorded(said) is is_past


@pytest.mark.parametrize(("hour", "said"), [(0, "24:10"), (0, "0:10"), (1, "25:10"), (1, "1:10")])
def test_an_hour_after_midnight_that_is_just_ahead_is_asked_about_in_either_form(hour: int, said: str) -> None:
    for minute, is_ahead in ((5, True), (15, False)):
        now = NOW.replace(hour=hour, minute=minute)
        [item] = parse_typed_lines(f"田中さん {said}", "key", now=now, zone=TOKYO, known_names=KNOWN)
        assert isinstance(item, Statement)
        assert item.time_inferred is is_ahead
        assert item.time is not None
        assert item.time.at.astimezone(TOKYO).day == (NOW.day - 1 if is_ahead else NOW.day)


def test_an_hour_after_midnight_of_a_weekday_that_is_just_ahead_is_asked_about() -> None:
    now = NOW.replace(hour=0, minute=30)
    for hour, is_ahead in (("25:40", True), ("24:20", False)):
        [item] = parse_typed_lines(f"田中さん 月曜{hour}", "key", now=now, zone=TOKYO, known_names=KNOWN)
        assert isinstance(item, Statement)
        assert item.time_inferred is is_ahead


@pytest.mark.parametrize(
    "ending",
    [
        "よ",
        "よー",
        "よ〜",
        "ね",
        "w",
        "ｗｗ",
        "笑",
        "よ！",
        "よ🙏",
        "ぁ",
        "ぁ〜",
        "っ",
        "っ！",
        "✔︎",
        "☺︎",
        "❤︎",
        "m(_ _)m",
        " m(__)m",
    ],
)
def test_a_word_may_end_as_people_speak(ending: str) -> None:
    said = one(f"田中さんに返信した{ending}")
    assert (said.intent, said.client) == (Intent.REPLIED, "田中")


@pytest.mark.parametrize(
    "line",
    [
        "田中さんにも返信した",
        "田中さんに返信できました",
        "田中さんに返しときました",
        "田中さん返信済みだよ",
        "田中さん返信終わりました",
        "田中さんに返信終わった",
    ],
)
def test_a_plain_reply_is_recorded(line: str) -> None:
    said = one(line)
    assert (said.intent, said.client) == (Intent.REPLIED, "田中")


@pytest.mark.parametrize("said", ["来てる", "きてる", "届いてる", "来ている", "入ってました", "着信", "がきてます"])
def test_a_plain_message_is_recorded(said: str) -> None:
    item = one(f"田中さんからメッセージ{said}")
    assert (item.intent, item.client) == (Intent.RECEIVED, "田中")


@pytest.mark.parametrize(
    "said", ["やり取り終わりました", "やり取り終わった", "やりとり終わりです", "やり取り終了しました"]
)
def test_a_plain_dismissal_is_recorded(said: str) -> None:
    item = one(f"田中さんとの{said}")
    assert (item.intent, item.client) == (Intent.DISMISSED, "田中")


@pytest.mark.parametrize(
    "line", ["I already replied to Tanaka :)", "ive replied to Tanaka", "Ive just replied to Tanaka"]
)
def test_a_plain_english_reply_is_recorded(line: str) -> None:
    item = one(line)
    assert (item.intent, item.client) == (Intent.REPLIED, "Tanaka")


@pytest.mark.parametrize(
    "line",
    [
        "昨日の9時に田中さんに返信した", "昨日の夜の9時に田中さんに返した", "田中さんに返した(9:00)", "田中さんに返信した、昨日の9時",
        "田中さんのメッセージに9時に返信した", "田中さんの件で9時に返信した",
    ],
)  # fmt: skip
def test_when_a_reply_was_sent_may_be_said_anywhere(line: str) -> None:
    said = one(line)
    assert is_recorded(said)
    assert (said.intent, said.client) == (Intent.REPLIED, "田中")
    assert said.time is not None


@pytest.mark.parametrize(
    "everybody", ["全員", "みんな", "全部", "すべて", "皆様", "両方", "2人とも", "他", "残り", "それ以外"]
)
def test_all_of_them_is_no_client(everybody: str) -> None:
    for line in (f"{everybody}に返信した", f"{everybody}返信不要"):
        assert not any(isinstance(item, Statement) and item.client for item in read(line))


def test_an_unclear_line_is_asked_about() -> None:
    assert [type(item) for item in read("田中さん 8時から")] == [UnclearText]


@pytest.mark.parametrize(
    "text",
    [
        "11/23\n田中さん 8時\n高橋さん 9時", "昨日\n田中さん 8時\n高橋さん 9時", "返信済み\n田中さん 8時\n高橋さん 9時",
        "受信\n田中さん 8時\n高橋さん 9時", "昨日分\n田中さん 8時", "11/23(月)\n8:00 田中さん\n9:00 高橋さん",
        "昨日 田中さん 8時、高橋さん 9時", "田中さん 昨日8時、高橋さん 9時", "昨日 8:00 田中さん 9:00 高橋さん",
        "田中さん 8時、高橋さん 昨日9時", "返信不要\n田中さん 8時\n高橋さん 9時",
    ],
)  # fmt: skip
def test_what_one_part_says_may_be_meant_of_all(text: str) -> None:
    """A heading, or a day that only the first of several has."""
    items = read(text)
    assert not any(isinstance(item, Statement) and item.client in KNOWN for item in items if is_recorded(item))


def test_a_heading_of_one_line_belongs_to_it() -> None:
    said = one("返信済み\n田中さん 8時")
    assert (said.intent, said.client) == (Intent.REPLIED, "田中")
    said = one("昨日\n田中さん 8時")
    assert said.time is not None
    assert f"{said.time.at.astimezone(TOKYO):%m/%d %H:%M}" == "11/23 08:00"


@pytest.mark.parametrize(
    "line",
    [
        "~~田中さん 8時~~", "~~田中さんに返信した~~", "【返信】田中さん 8時", "[返信済み] 田中さん 8時", "【送信】田中さん 8時",
        "[x] 田中さん 8時", "田中さん(2) 8時", "田中さんか高橋さん 8時", "田中さんまたは高橋さんに返信した",
        "田中さん経由で高橋さんから8時", "田中さんの紹介で高橋さんから8時", "田中さん以外の高橋さんから8時", "田中さんから", "from Tanaka",
    ],
)  # fmt: skip
def test_a_mark_or_another_name_is_not_left_out(line: str) -> None:
    assert never_recorded(line)


@pytest.mark.parametrize("line", ["手数料率", "fee 1.5m", "undo 2", "/received", "/received client:田中", "削除", "取り消しといて", "/help fee"])  # fmt: skip
def test_half_a_command_is_no_name(line: str) -> None:
    assert not any(isinstance(item, Statement) and item.client for item in read(line))


@pytest.mark.parametrize(
    "line",
    [
        "時刻が違う", "時間が違う", "相手が違った", "その時刻", "時刻を入力", "新しい相手", "あとで", "うーん", "9じ", "9じはん", "900",
        "wrong time", "sorry!", "later", "Oops, wrong client", "うーん…",
    ],
)  # fmt: skip
def test_an_afterthought_or_a_slip_is_no_name(line: str) -> None:
    """What people write behind a receipt or a question: they were asked whether it is a new client."""
    assert not any(isinstance(item, Statement) and item.client for item in read(line))


@pytest.mark.parametrize(
    ("line", "client"),
    [
        ("108様 10:30", "108"), ("108 10:30", "108"), ("ちがうデザイン様 9時", "ちがうデザイン"),
        ("Later Design 10:00", "Later Design"), ("Correct Inc 10:00", "Correct Inc"),
    ],
)  # fmt: skip
def test_a_name_with_a_word_of_an_afterthought_is_one(line: str, client: str) -> None:
    assert (one(line).client, one(line).intent) == (client, Intent.RECEIVED)


@pytest.mark.parametrize(
    ("line", "confirmed"),
    [
        ("はい、そうです", True), ("うん、そう", True), ("はい、その時刻", True), ("その通りです", True), ("合ってます", True),
        ("yes please", True), ("Yeah!", True), ("that's right", True), ("correct", True),
        ("いや、違います", False), ("いやちがう", False), ("do not record", False),
    ],
)  # fmt: skip
def test_yes_and_no_as_people_say_them(line: str, *, confirmed: bool) -> None:
    assert read(line) == (Confirmation(confirmed=confirmed),)


@pytest.mark.parametrize("line", ["田中さん 来た", "田中さん いま来ました", "田中さん 9時に来た"])
def test_what_has_come_is_a_message(line: str) -> None:
    assert (one(line).client, one(line).intent) == ("田中", Intent.RECEIVED)


@pytest.mark.parametrize(
    "line", ["田中さん できました", "田中さんできました", "田中さん 行ってきました", "戻ってきました"]
)
def test_what_was_done_is_no_message(line: str) -> None:
    assert not any(isinstance(item, Statement) for item in read(line))


@pytest.mark.parametrize("line", ["(1)田中さん 8時", "(2) 田中さん 8時", "1. 田中さん 8時", "- 田中さん 8時"])
def test_a_number_in_front_of_a_line_is_no_job(line: str) -> None:
    said = one(line)
    assert (said.client, said.title) == ("田中", None)


@pytest.mark.parametrize("name", ["はやし", "もがみ", "やの", "のぞみ", "でんだ", "へんみ", "にしだ"])
@pytest.mark.parametrize("time", ["8時", "昨日8:00", "3時間前", "8時半"])
def test_a_letter_that_could_be_a_particle_is_not_cut_off_a_name(name: str, time: str) -> None:
    """8時はやしさん is of Hayashi, or of Yashi: no name is taken for certain."""
    for line in (f"{time}{name}さん", f"{time}に{name}さんから連絡", f"{time}の{name}さん"):
        assert not any(isinstance(item, Statement) and item.client_certain for item in read(line)), line
    assert one(f"{time} {name}さん").client == name
    assert one(f"{time} {name}さん").client_certain


@pytest.mark.parametrize("name", ["今日子", "昨日香", "明日葉"])
def test_a_name_that_begins_like_a_time_is_not_cut_behind_one(name: str) -> None:
    assert not any(isinstance(item, Statement) and item.client_certain for item in read(f"8時{name}さん"))


@pytest.mark.parametrize("part", ["午前", "午後", "深夜", "未明", "早朝"])
@pytest.mark.parametrize("name", ["食堂", "ティー", "山本"])
def test_a_part_of_the_day_may_begin_a_name(part: str, name: str) -> None:
    assert never_recorded(f"{part}{name}さん 8時")
    assert [type(item) for item in read(f"{part}{name}さんから連絡")] == [UnclearText]


@pytest.mark.parametrize("name", ["Kaze（株）", "Kaze(株)", "Kaze㈱", "Kaze株式会社", "株式会社Kaze", "Acme Inc.", "Acme Ltd.", "Kaze Co., Ltd.", "花（有）"])  # fmt: skip
@pytest.mark.parametrize("title", ["様", "さん", "御中", "さま"])
def test_a_title_behind_a_company_is_no_part_of_its_name(name: str, title: str) -> None:
    bare = one(f"{name} 8時").client
    assert one(f"{name}{title} 8時").client == one(f"{name}{title}に返信した").client == bare
    assert one(f"{name}{title} 8時").client_certain


@pytest.mark.parametrize(
    "line", ["今朝田中さんから連絡", "8時半田中さん", "3時間前田中さんから連絡", "今夜田中さん", "午後田中さん"]
)
def test_a_client_who_is_known_ends_the_time_before_it(line: str) -> None:
    """Of somebody else it could be a part of the name: 8時半田さん."""
    assert one(line).client == "田中"
    assert [type(item) for item in read(line.replace("田中", "田代"))] == [UnclearText]


@pytest.mark.parametrize("word", ["今", "朝", "昼", "夜", "夕", "晩", "金曜"])
@pytest.mark.parametrize("rest", ["さんから連絡", "様 8時"])
def test_a_short_word_of_a_time_may_stand_in_front_of_a_name(word: str, rest: str) -> None:
    """夜山本さん is Yamamoto at night, or somebody of that name; 夜久さん is a name."""
    assert not any(isinstance(item, Statement) and item.client_certain for item in read(f"{word}山本{rest}"))
    assert one(f"{word}村様 8時").client_certain


@pytest.mark.parametrize("hour", range(3, 10))
def test_an_evening_has_its_hours(hour: int) -> None:
    for line in (f"田中さん 昨日の夕方{hour}時", f"Tanaka yesterday evening at {hour}"):
        time = one(line).time
        assert time is not None
        assert time.at.astimezone(TOKYO).hour == hour + 12


@pytest.mark.parametrize("line", ["「花」さん 8時", "A/Bさん 8時", "10時さん 8時", "『花』様から連絡"])
def test_no_piece_of_a_name_is_left_out(line: str) -> None:
    assert not any(isinstance(item, Statement) and item.client_certain for item in read(line))


@pytest.mark.parametrize(
    "written",
    [
        "<:ok:1234567890>",
        "<a:ok:1234567890>",
        "<@1234567890>",
        "<#1234567890>",
        "</pending:1234567890>",
        "<https://www.lancers.jp/message/1>",
    ],
)
@pytest.mark.parametrize("line", ["田中さん 8時 {}", "{}田中さん 8時", "田中さんに返信した {}", "田中さん {} 8時"])
def test_what_discord_writes_in_brackets_is_no_job(written: str, line: str) -> None:
    for item in read(line.format(written)):
        assert not isinstance(item, Statement) or item.title is None


@pytest.mark.parametrize(
    "word",
    ["面談", "既読", "完了", "済", "期限", "キャンセル", "ランチ", "リマインド", "コンペ", "ASAP", "TODO", "Lunch"],
)
@pytest.mark.parametrize("company", ["株式会社かえで", "かえで株式会社", "Kaze Inc.", "Kaze, Inc."])
def test_a_word_beside_the_name_of_a_company_may_be_no_part_of_it(word: str, company: str) -> None:
    lines = [f"{company} {word} 8時"] if company[0].isascii() else [f"{company} {word} 8時", f"{word} {company} 8時"]
    for line in lines:  # in front of Inc. it may be: Lunch Kaze Inc.
        assert not any(isinstance(item, Statement) and item.client_certain for item in read(line)), line


@pytest.mark.parametrize(
    "name", ["Kaze Design Inc.", "Kaze Design Works Co., Ltd.", "有限会社 もみじ谷", "Kaze Design GmbH"]
)
def test_the_name_of_a_company_may_have_several_words(name: str) -> None:
    assert one(f"{name} 8時").client == name
    assert one(f"{name} 8時").client_certain


NUMBERED = ["三日月堂", "十日町商店", "五月", "二月堂", "四日市デザイン", "一日", "三時のおやつ", "10月堂"]


@pytest.mark.parametrize("name", NUMBERED)
@pytest.mark.parametrize("line", ["{}に返信した", "{} 8時", "{}さん8時", "8時 {}さんから連絡", "{}返信不要"])
def test_a_client_is_known_whose_name_has_a_kanji_number_before_a_unit_of_time(name: str, line: str) -> None:
    [item] = parse_typed_lines(line.format(name), "key", now=NOW, zone=TOKYO, known_names=NUMBERED)
    assert isinstance(item, Statement)
    assert (item.client, item.client_certain) == (name, True)


@pytest.mark.parametrize("name", ["3日月堂", "十月堂", "4日市デザイン"])
def test_another_way_of_writing_a_number_may_be_another_client(name: str) -> None:
    for line in (f"{name} 8時", f"{name}に返信した"):
        items = parse_typed_lines(line, "key", now=NOW, zone=TOKYO, known_names=NUMBERED)
        assert not any(isinstance(item, Statement) and item.client_certain for item in items)


@pytest.mark.parametrize("mark", ["・", "&", "＆", " & ", "、", "と"])
def test_two_clients_who_are_known_are_two_without_titles(mark: str) -> None:
    assert [item.client for item in read(f"田中{mark}高橋 10時") if isinstance(item, Statement)] == ["田中", "高橋"]
    assert not any(isinstance(item, Statement) and item.client_certain for item in read(f"田中{mark}山本 10時"))


@pytest.mark.parametrize("site", ["ココナラ", "クラウドワークス", "CrowdWorks", "ｃｏｃｏｎａｌａ", "Upwork", "CW"])
@pytest.mark.parametrize(
    "line", ["田中さん（{}）8:30", "田中さん「{}」に返信した", "【{}】田中さんからメッセージが届きました"]
)
def test_the_name_of_another_site_is_no_job(line: str, site: str) -> None:
    assert never_recorded(line.format(site))


@pytest.mark.parametrize("line", ["ココナラ様 8:30", "ココナラ山本さん 8:30", "クラウドワークス山本さんから連絡 8:30"])
def test_a_name_that_begins_with_another_site_is_asked_about(line: str) -> None:
    assert not one(line).client_certain


@pytest.mark.parametrize(
    "word",
    [
        "キャンセル",
        "リマインド",
        "リマインダー",
        "期限",
        "催促",
        "面談",
        "応募",
        "保留",
        "延期",
        "中止",
        "完了",
        "突然",
        "再度",
        "新規",
        "追記",
        "別件",
        "未読",
        "既読",
        "テスト",
        "test",
        "OK",
        "三人目",
        "2通目",
    ],
)
def test_a_word_that_is_glued_to_a_new_name_is_no_part_of_it(word: str) -> None:
    assert never_recorded(f"{word}山本さんから連絡 8:30")


@pytest.mark.parametrize("name", ["Okada", "Tester", "新", "追分", "別所", "三人", "株式会社ココナラ"])
def test_a_name_that_begins_like_such_a_word_stays_one(name: str) -> None:
    assert one(f"{name}様 8:30").client == name
    assert one(f"{name}様 8:30").client_certain


@pytest.mark.parametrize("at", ["8時", "昨日の8時", "8:00頃", "3時間前"])
@pytest.mark.parametrize(
    "line", ["{}には田中さんから届いてた", "田中さんに{}には返信済み", "田中さん {}には来てました"]
)
def test_by_when_something_had_happened_is_not_when_it_did(line: str, at: str) -> None:
    """It had happened before, and the window would close later than it does."""
    assert never_recorded(line.format(at))
    assert is_recorded(one(line.replace("}には", "}に").format(at)))


@pytest.mark.parametrize("asking", ["お願いします", "よろしくお願いします", "please"])
def test_a_time_that_is_asked_for_is_an_appointment(asking: str) -> None:
    """田中さん 8時 お願いします asks for a record."""
    assert never_recorded(f"田中さん、10時に{asking}")
    assert never_recorded(f"田中さん 昨日の10時に {asking}")
    assert is_recorded(one(f"田中さん 10時 {asking}"))
    assert is_recorded(one(f"田中さん 10時に来てました。{asking}"))


@pytest.mark.parametrize("name", ["田中", "Studio B"])
def test_who_introduces_themselves_is_not_the_member(name: str) -> None:
    """A client's text, which was pasted. 田中さんです is said of somebody else."""
    for said in ("8時に届きました", "返信しました", "返信不要です"):
        assert never_recorded(f"お疲れ様です。{name}です。{said}")
        assert never_recorded(f"{name}です {said}")
    assert is_recorded(one(f"8時 {name}です"))
    assert is_recorded(one(f"{name}様です 8時"))
    assert one(f"{name}です。").client == name


@pytest.mark.parametrize(
    "words", ["青空商会さんからのメッセージ受信通知", "仕事の招待状が届きました", "はい", "いいえ", "キャンセル"]
)
def test_what_a_notification_or_an_answer_says_is_no_job_in_any_brackets(words: str) -> None:
    for line in ("「{}」が昨日の18時に届きました", "田中さん『{}』8時", "田中さんに「{}」 返信しました"):
        assert never_recorded(line.format(words))


@pytest.mark.parametrize(
    ("signs", "read_as"), [("①②", True), ("❶❷", True), ("²³", False), ("⑴⑵", False), ("₁₂", False)]
)
def test_a_sign_with_a_number_is_no_digit_of_a_time(signs: str, read_as: bool) -> None:  # noqa: FBT001
    """①8時 is the first of a list, at eight; NFKC would make 18時 of it."""
    items = read(f"{signs[0]}8時 田中さん\n{signs[1]}9時 高橋さん")
    times = [item.time.at.astimezone(TOKYO).hour for item in items if isinstance(item, Statement) and item.time]
    assert times == ([8, 9] if read_as else [])
    assert not any(isinstance(item, Statement) and item.client == "堂" for item in read(f"{signs[0]}堂さん 8時"))
    for line in (f"田中さん{signs[0]}8時", f"田中さん 8{signs[1]}時", f"8時 {signs[0]}山本さん"):
        assert never_recorded(line) or not one(line).client_certain


@pytest.mark.parametrize(
    "words", ["です。", "ですけど、", "と申します。", "もう", "はまだ", "たぶん", "確認中 ", "納品 ", "お願いします "]
)
@pytest.mark.parametrize("company", ["株式会社かぜ", "(株)かぜ"])
def test_words_that_are_glued_to_the_name_of_a_new_company_may_be_no_part_of_it(company: str, words: str) -> None:
    for said in ("8時", "昨日の8時に届きました", "返信した"):
        items = read(f"{company}{words}{said}")
        assert not any(isinstance(item, Statement) and item.client_certain for item in items)
    assert one(f"{company}様に返信した").client_certain


@pytest.mark.parametrize(
    "remark",
    ["なし", "無効", "未着", "冗談", "忘れて", "やっぱりなし", "取り消して", "以外", "後で返信", "since noon", "ロゴ"],
)
@pytest.mark.parametrize(
    "said",
    ["田中さん 8時", "田中さんに返信しました", "田中さんから連絡", "Studio B 返信不要", "replied to Tanaka at 9am"],
)
def test_brackets_behind_what_happened_may_say_that_it_did_not(said: str, remark: str) -> None:
    """The title of a job stands beside the name: 田中さん(ロゴ)8時."""
    assert never_recorded(f"{said}（{remark}）")
    assert never_recorded(f"{said} ({remark})")
    assert is_recorded(one(f"{said}「{remark}のロゴ」"))


def test_no_name_begins_behind_what_happened() -> None:
    """That it did not is said there."""
    for line in ("返信済みではない", "返信不要ではない", "返信不要でなく"):
        assert not any(isinstance(item, Statement) and item.client for item in read(line))
    assert one("田中さんは返信不要でお願いします").intent is Intent.DISMISSED
    assert one("田中さんは返信済みで、よろしくお願いします").intent is Intent.REPLIED


@pytest.mark.parametrize("mark", ["×", "✕", "✖️", "❌", "△", "→", "！", "…"])
@pytest.mark.parametrize("line", ["田中さん 8時（{}）", "田中さん（{}）8時", "田中さんに返信しました({})"])
def test_a_mark_in_brackets_may_say_that_it_is_not_so(line: str, mark: str) -> None:
    assert never_recorded(line.format(mark))


@pytest.mark.parametrize("face", ["≧▽≦", "^^;", "🙏", "👍", "☺️"])
def test_a_face_of_marks_says_nothing(face: str) -> None:
    assert is_recorded(one(f"田中さんに返信しました({face})"))
