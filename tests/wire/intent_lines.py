"""The kinds of lines that members type, in both languages: what is recorded, what is asked and what one tap records."""

from dataclasses import dataclass

from bot.domain.types import Locale

Entry = tuple[str, str | None, str, str]
"""Client, title, what happened, and when: the day of November 2026 and the time."""

NOW = "24 18:00"
TIME_BUTTONS = ("action-at-now", "action-at-ten-ago", "action-at-hour-ago", "draft-enter-time", "draft-not-recorded")
EVENT_BUTTONS = (
    "action-received-now",
    "action-now",
    "action-dismiss",
    "draft-enter-received-time",
    "draft-not-recorded",
)


def received(client: str, at: str, title: str | None = None) -> Entry:
    return client, title, "received", at


def sent(client: str, at: str = NOW, title: str | None = None) -> Entry:
    return client, title, "sent", at


def dismissed(client: str, title: str | None = None) -> Entry:
    return client, title, "dismissed", NOW


@dataclass(frozen=True)
class Line:
    """What somebody types at 18:00, or at `at` of the next days, and what must follow."""

    text: str
    recorded: tuple[Entry, ...] = ()
    """With the taps, if there are some."""
    waiting: tuple[str, ...] = ()
    """Clients who wrote yesterday at 23:00, with their jobs: 高橋/ロゴ."""
    answered: bool = False
    """Whether they were answered at 9:00."""
    asked: str | None = None
    """The id of the question."""
    buttons: tuple[str, ...] = ()
    """What can be tapped, as `label` takes them."""
    taps: tuple[str, ...] = ()
    hour: int = 18
    minute: int = 0


TWO_JOBS_JA, TWO_JOBS_EN = ("高橋/ロゴ", "高橋/バナー"), ("Takahashi/Logo", "Takahashi/Banner")
JA, EN = ("田中", "高橋"), ("Tanaka", "Takahashi", "Studio B")


def new_client(name: str, text: str, *entries: Entry) -> Line:
    """A line of a client that nobody knows yet: asked, and recorded by one tap."""
    new = f"draft-new-client {name}"
    return Line(
        text,
        entries,
        (),
        asked="question-new-client",
        buttons=(new, "action-client", "draft-not-recorded"),
        taps=(new,),
    )


def near(known: str, written: str, text: str) -> Line:
    """A line of a client whose name is like a known one: that one is the first button."""
    buttons = (known, f"draft-new-client {written}", "action-client", "draft-not-recorded")
    return Line(
        text, (received(known, "24 09:00"),), (known,), asked="question-new-client-near", buttons=buttons, taps=(known,)
    )


def unclear(text: str, *waiting: str) -> Line:
    """A line that names nobody: only who it was is asked."""
    return Line(text, (), waiting, asked="question-unclear", buttons=(*waiting, "action-client", "draft-not-recorded"))


ROWS: dict[str, dict[Locale, tuple[Line, ...]]] = {
    "a reply": {
        "ja": (
            Line("田中さんに返信しました", (sent("田中"),), JA),
            Line("返信した 田中さん", (sent("田中"),), JA),
            Line("さっき高橋さんに返した", (sent("高橋", "24 17:50"),), JA),
            Line("高橋さん 14:30に返信済み", (sent("高橋", "24 14:30"),), JA),
            Line("Tanakaさんに5分前に返信しました", (sent("Tanaka", "24 17:55"),), EN),
            Line("たった今Studio Bに返信しました", (sent("Studio B"),), EN),
        ),
        "en": (
            Line("I replied to Tanaka", (sent("Tanaka"),), EN),
            Line("replied Tanaka", (sent("Tanaka"),), EN),
            Line("replied to Takahashi a moment ago", (sent("Takahashi", "24 17:50"),), EN),
            Line("replied to Takahashi at 14:30", (sent("Takahashi", "24 14:30"),), EN),
            Line("replied to Tanaka 5 min ago", (sent("Tanaka", "24 17:55"),), EN),
            Line("I replied to Studio B just now", (sent("Studio B"),), EN),
        ),
    },
    "a reply when the window closed": {
        "ja": (
            Line("田中さんに返信しました", (sent("田中", "24 23:05"),), JA, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-now",), hour=23, minute=5),
            Line("さっき高橋さんに返した", (sent("高橋", "24 22:55"),), JA, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-ten-ago",), hour=23, minute=5),
        ),
        "en": (
            Line("replied to Tanaka", (sent("Tanaka", "24 23:05"),), EN, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-now",), hour=23, minute=5),
            Line("replied to Takahashi a moment ago", (sent("Takahashi", "24 22:55"),), EN, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-ten-ago",), hour=23, minute=5),
        ),
    },
    "a reply where several wait, or none": {
        "ja": (
            Line("高橋さんに返信しました", (sent("高橋", NOW, "バナー"),), TWO_JOBS_JA, asked="question-thread",
                 buttons=("thread-titled 高橋 ロゴ", "thread-titled 高橋 バナー", "draft-not-recorded"),
                 taps=("thread-titled 高橋 バナー",)),
            Line("田中さんに返信しました", (sent("田中"),), ("田中",), answered=True, asked="question-nothing-waits",
                 buttons=("action-anyway", "draft-not-recorded"), taps=("action-anyway",)),
            Line("返信しました", (sent("田中"),), JA, asked="question-replied-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
        ),
        "en": (
            Line("I replied to Takahashi", (sent("Takahashi", NOW, "Banner"),), TWO_JOBS_EN, asked="question-thread",
                 buttons=("thread-titled Takahashi Logo", "thread-titled Takahashi Banner", "draft-not-recorded"),
                 taps=("thread-titled Takahashi Banner",)),
            Line("replied to Tanaka", (sent("Tanaka"),), ("Tanaka",), answered=True, asked="question-nothing-waits",
                 buttons=("action-anyway", "draft-not-recorded"), taps=("action-anyway",)),
            Line("I replied", (sent("Tanaka"),), EN, asked="question-replied-client",
                 buttons=(*EN, "action-client", "draft-not-recorded"), taps=("Tanaka",)),
        ),
    },
    "no reply needed": {
        "ja": (
            Line("高橋さん返信不要", (dismissed("高橋"),), JA),
            Line("やりとり終了", (dismissed("高橋"),), JA, asked="question-dismissed-client",
                 buttons=(*JA, "draft-not-recorded"), taps=("高橋",)),
            Line("Acmeは返信不要", (dismissed("Acme"),), ("Acme", "Tanaka")),
        ),
        "en": (
            Line("Takahashi: no reply needed", (dismissed("Takahashi"),), EN),
            Line("The conversation is over", (dismissed("Takahashi"),), EN, asked="question-dismissed-client",
                 buttons=(*EN, "draft-not-recorded"), taps=("Takahashi",)),
            Line("no reply needed Acme", (dismissed("Acme"),), ("Acme", "Tanaka")),
        ),
    },
    "a received message": {
        "ja": (
            Line("さっき山田さんから連絡", (received("山田", "24 17:50"),)),
            Line("山田さん いま届いた", (received("山田", NOW),)),
            Line("伊藤さん、昨日の22時頃にメッセージもらいました", (received("伊藤", "23 22:00"),)),
            Line("Acmeから1時間前に連絡がありました", (received("Acme", "24 17:00"),), ("Acme",)),
            Line("15時にAcmeからメッセージ", (received("Acme", "24 15:00"),), ("Acme",)),
            Line("田中様より修正依頼 8:00", (received("田中", "24 08:00"),)),
        ),
        "en": (
            Line("Yamada contacted me a moment ago", (received("Yamada", "24 17:50"),), ("Yamada",)),
            Line("Yamada-san wrote just now", (received("Yamada", NOW),)),
            Line("Got a message from Ito yesterday around 10pm", (received("Ito", "23 22:00"),), ("Ito",)),
            Line("Acme wrote me an hour ago", (received("Acme", "24 17:00"),), ("Acme",)),
            Line("Message from Acme at 3pm", (received("Acme", "24 15:00"),), ("Acme",)),
            Line("Revision request from Tanaka 8:00", (received("Tanaka", "24 08:00"),), ("Tanaka",)),
        ),
    },
    "several messages": {
        "ja": (
            Line("山田さんと田中さん 15時", (received("山田", "24 15:00"), received("田中", "24 15:00"))),
            Line("山田さん 15時、田中さん 16時", (received("山田", "24 15:00"), received("田中", "24 16:00"))),
            Line("山田さん 15時\n田中さん 16時", (received("山田", "24 15:00"), received("田中", "24 16:00"))),
            Line("AcmeとBeta 15時", (received("Acme", "24 15:00"), received("Beta", "24 15:00")), ("Acme", "Beta")),
        ),
        "en": (
            Line("Yamada-san and Tanaka-san 3pm", (received("Yamada", "24 15:00"), received("Tanaka", "24 15:00"))),
            Line("Acme 3pm, Beta 4pm", (received("Acme", "24 15:00"), received("Beta", "24 16:00")), ("Acme", "Beta")),
            Line("Acme 3pm\nBeta 4pm", (received("Acme", "24 15:00"), received("Beta", "24 16:00")), ("Acme", "Beta")),
            Line("Acme and Beta 3pm", (received("Acme", "24 15:00"), received("Beta", "24 15:00")), ("Acme", "Beta")),
        ),
    },
    "a name or a time alone": {
        "ja": (
            Line("田中", (received("田中", NOW),), JA, asked="question-event", buttons=EVENT_BUTTONS,
                 taps=("action-received-now",)),
            Line("田中", (received("田中", NOW),), asked="question-new-client-event",
                 buttons=("draft-new-client-now 田中", "action-at-ten-ago", "draft-enter-time", "action-client", "draft-not-recorded"),
                 taps=("draft-new-client-now 田中",)),
            Line("17:30", (received("田中", "24 17:30"),), JA, asked="question-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
        ),
        "en": (
            Line("Tanaka", (received("Tanaka", NOW),), EN, asked="question-event", buttons=EVENT_BUTTONS,
                 taps=("action-received-now",)),
            Line("Tanaka", (received("Tanaka", NOW),), asked="question-new-client-event",
                 buttons=("draft-new-client-now Tanaka", "action-at-ten-ago", "draft-enter-time", "action-client", "draft-not-recorded"),
                 taps=("draft-new-client-now Tanaka",)),
            Line("5:30 pm", (received("Tanaka", "24 17:30"),), EN, asked="question-client",
                 buttons=(*EN, "action-client", "draft-not-recorded"), taps=("Tanaka",)),
        ),
    },
    "a client and a job": {
        "ja": (
            Line("高橋「バナー制作」 15:00", (received("高橋", "24 15:00", "バナー制作"),), JA),
            Line("田中様(ロゴ) 8:00", (received("田中", "24 08:00", "ロゴ"),)),
            Line("高橋 ロゴの件 15:00", (received("高橋", "24 15:00", "ロゴ"),), JA),
            new_client("高橋", "高橋「バナー制作」 15:00", received("高橋", "24 15:00", "バナー制作")),
        ),
        "en": (
            Line('Takahashi "Banner design" 3pm', (received("Takahashi", "24 15:00", "Banner design"),), EN),
            Line("Tanaka (Logo) 8:00", (received("Tanaka", "24 08:00", "Logo"),), EN),
            new_client("Takahashi", "Takahashi “Banner design” 15:00", received("Takahashi", "24 15:00", "Banner design")),
        ),
    },
    "a client's text": {
        "ja": (
            unclear("はじめまして。海山商店の北村と申します。\nロゴの修正を明日15時までにお願いできますでしょうか。", *JA),
            unclear("お世話になっております。\n海山商店の北村です。先日のバナーの件、いかがでしょうか。", *JA),
        ),
        "en": (
            unclear("Nice to meet you. I am Kitamura of Seahill.\nCould you change the logo by 3pm tomorrow?", *EN),
            unclear("Thank you for your continued support. This is Kitamura of Seahill. How is the banner?", *EN),
        ),
    },
    "mention, politeness, a near match": {
        "ja": (
            Line("@Nintei 田中さん 8時", (received("田中", "24 08:00"),)),
            unclear("ご担当者様", *JA),
            Line("ご担当者様 8時", (received("田中", "24 08:00"),), JA, asked="question-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
            near("Acme Inc.", "Acme", "Acme様 9:00"),
            near("Acme", "Acme Inc.", "Acme Inc.から連絡 9:00"),
            near("高橋", "株式会社高橋", "株式会社高橋 9:00"),
        ),
        "en": (
            Line("@Nintei Tanaka 8:00", (received("Tanaka", "24 08:00"),), EN),
            unclear("Dear Sir or Madam", *EN),
            near("Acme Inc.", "Acme", "Acme 9:00"),
            near("Acme", "Acme Inc.", "Acme Inc. 9:00"),
            near("Acme", "Acme Inc.", "Message from Acme Inc. at 9am"),
        ),
    },
    "a name that was never seen": {
        "ja": (
            new_client("スタジオ海", "スタジオ海 15時", received("スタジオ海", "24 15:00")),
            new_client("打ち合わせ", "打ち合わせ 15時", received("打ち合わせ", "24 15:00")),
            unclear("打ち合わせ 田中さん 15時", *JA),
        ),
        "en": (
            new_client("Seahill", "Seahill 3pm", received("Seahill", "24 15:00")),
            new_client("Acme", "Message from Acme at 3pm", received("Acme", "24 15:00")),
            new_client("Meeting", "Meeting 3pm", received("Meeting", "24 15:00")),
            unclear("Meeting with Tanaka 3pm", *EN),
        ),
    },
}  # fmt: skip

REQUESTS: dict[Locale, tuple[tuple[str, str, dict[str, str]], ...]] = {
    "ja": (
        ("ヘルプ", "help", {}), ("使い方", "help", {}), ("ステータス", "status", {}), ("返信待ちは？", "pending", {}),
        ("手数料 5万円", "fee", {"amount": "50000"}),
    ),
    "en": (
        ("help", "help", {}), ("how to use", "help", {}), ("status", "status", {}), ("what is pending?", "pending", {}),
        ("fee 50,000 yen", "fee", {"amount": "50000"}),
    ),
}  # fmt: skip
"""Lines, and the command that answers the same."""
