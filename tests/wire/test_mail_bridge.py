"""docs/mail-bridge.gs, run under Node with stand-ins for Google's services, and what it posts, read by the bot.

The mails are invented; their subjects are those that Lancers is known to write.
"""

import asyncio
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.fake_discord.users import text_of
from tests.helpers.machine import ROOT
from tests.helpers.stage import NOON, Stage
from tests.helpers.wording import shows

NODE = shutil.which("node")
HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(NODE is None and "CI" not in os.environ, reason="Node.js is not installed"),
]

BODY = "【秘密】お見積もりの件、080-0000-0000 までお電話ください。"
LANCERS = "ランサーズ事務局 <noreply@lancers.co.jp>"
BOT = "987654321098765432"
PROPERTIES = {"WEBHOOK_URL": "https://discord.com/api/webhooks/123456/abc-DEF_1", "BOT_ID": BOT}
RECEIVED = NOON.replace(hour=9, minute=12, second=34)


def mail(
    number: int = 1,
    subject: str = "制作会社Aさんからのメッセージ受信通知",
    at: datetime = RECEIVED,
    sender: str = LANCERS,
) -> dict[str, Any]:
    return {"id": f"18c{number:013x}", "from": sender, "subject": subject, "date": at.isoformat(), "body": BODY}


def run(*threads: list[dict[str, Any]], function: str = "bridge", **asked: Any) -> dict[str, Any]:
    """What happened when a function of the script ran in a mailbox of these threads."""
    question = {
        "script": str(ROOT / "docs" / "mail-bridge.gs"),
        "run": function,
        "now": int(NOON.timestamp() * 1000),
        "properties": PROPERTIES,
        "threads": threads,
        **asked,
    }
    ran = subprocess.run(
        [NODE or "node", str(HERE / "mail_bridge.js")], input=json.dumps(question), capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert BODY not in ran.stdout
    happened: dict[str, Any] = json.loads(ran.stdout)
    assert happened["touched"] == [], "nothing but id, sender, subject and date is asked of a mail"
    assert happened["held"] == 0
    return happened


def posted(happened: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(each["options"]["payload"]) for each in happened["fetched"]]


def subjects(happened: dict[str, Any]) -> list[str]:
    return [each["embeds"][0]["fields"][0]["value"] for each in posted(happened)]


def test_sender_subject_and_date_are_posted_and_the_bot_alone_is_mentioned() -> None:
    happened = run([mail()])
    [fetched] = happened["fetched"]
    assert fetched["url"] == f"{PROPERTIES['WEBHOOK_URL']}?wait=true"
    [body] = posted(happened)
    assert body == {
        "content": f"<@{BOT}>",
        "embeds": [
            {
                "fields": [
                    {"name": "件名", "value": "制作会社Aさんからのメッセージ受信通知"},
                    {"name": "差出人", "value": LANCERS},
                    {"name": "日時", "value": f"<t:{int(RECEIVED.timestamp())}:F>"},
                ]
            }
        ],
        "allowed_mentions": {"parse": [], "users": [BOT]},
    }


def test_each_mail_is_posted_once_the_oldest_first() -> None:
    """Several mails of one subject lie in one thread: it is the mail that is remembered, not its thread."""
    later = mail(2, at=RECEIVED.replace(hour=10))
    first = run([later, mail(1)], [mail(3, "乙さんからのメッセージ受信通知", at=RECEIVED.replace(hour=8))])
    assert [each["embeds"][0]["fields"][2]["value"][3:13] for each in posted(first)] == [
        str(int(RECEIVED.replace(hour=hour).timestamp())) for hour in (8, 9, 10)
    ]
    again = run([later, mail(1), mail(4, at=RECEIVED.replace(hour=11))], properties=first["properties"])
    assert len(again["fetched"]) == 1
    assert run([later], properties=again["properties"])["fetched"] == []


def test_only_lancers_notifications_and_never_a_log_in_code() -> None:
    happened = run(
        [
            mail(1, sender="noreply@lancers.co.jp"),
            mail(2, sender="Lancers <info@mail.lancers.jp>"),
            mail(3, sender="ランサーズ事務局 noreply@lancers.co.jp <a@evil.example>"),
            mail(4, sender="<a@lancers.jp.evil.example>"),
            mail(5, sender="a@notlancers.jp"),
            mail(6, "[ランサーズ] ログイン認証コードのお知らせ 918273"),
            mail(7, ""),
        ]
    )
    assert len(happened["fetched"]) == 2
    assert "918273" not in json.dumps(happened)


def test_a_limit_is_waited_for_and_what_is_left_comes_with_the_next_run() -> None:
    mails = [mail(number, at=RECEIVED.replace(second=number)) for number in range(3)]
    limited = {"code": 429, "text": json.dumps({"retry_after": 1.25})}
    happened = run(mails, answers=[limited, {"code": 200, "text": "{}"}, {"code": 429, "text": '{"retry_after": 600}'}])
    assert happened["slept"] == [1250, 2100]
    assert [len(happened["fetched"]), happened["error"]] == [3, None]
    rest = run(mails, properties=happened["properties"])
    assert len(rest["fetched"]) == 2
    for answer in ({"code": 502, "text": ""}, {"code": 429, "text": "<html>"}, {"code": 429, "text": "{}"}):
        stopped = run(mails, answers=[answer])
        assert (len(stopped["fetched"]), stopped["error"], stopped["properties"]) == (1, None, PROPERTIES)
    assert len(run(mails, answers=[limited] * 9)["fetched"]) == 3


def test_a_webhook_that_is_gone_is_said() -> None:
    happened = run([mail()], answers=[{"code": 404, "text": "{}"}])
    assert "404" in happened["error"]
    assert "DONE" not in happened["properties"]


def test_a_full_mailbox_is_posted_over_several_runs_and_what_is_remembered_fits() -> None:
    mails = [mail(number, at=RECEIVED.replace(minute=number % 60)) for number in range(70)]
    done = json.dumps([f"18b{number:013x}" for number in range(400)])
    happened = run(mails, properties={**PROPERTIES, "DONE": done})
    assert len(happened["fetched"]) == 20
    assert len(json.loads(happened["properties"]["DONE"])) == 400


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {**PROPERTIES, "BOT_ID": "Nintei"},
        {**PROPERTIES, "WEBHOOK_URL": "https://evil.example/api/webhooks/1/a"},
        {**PROPERTIES, "WEBHOOK_URL": "http://discord.com/api/webhooks/1/a"},
    ],
)
def test_what_is_not_set_is_said_and_nothing_is_posted(properties: dict[str, str]) -> None:
    happened = run([mail()], properties=properties)
    assert "設定してください" in happened["error"]
    assert happened["fetched"] == []


def test_installing_sets_one_trigger_and_leaves_old_mail_alone() -> None:
    happened = run(function="install")
    assert happened["triggers"] == ["deleted bridge", "bridge every 5"]
    old, new = mail(1), mail(2, at=NOON)
    assert len(run([old, new], properties=happened["properties"])["fetched"]) == 1


def test_two_runs_at_once_and_a_damaged_memory() -> None:
    assert run([mail()], locked=True)["fetched"] == []
    for damaged in ("{", "7", "[1, null]"):
        assert len(run([mail()], properties={**PROPERTIES, "DONE": damaged})["fetched"]) == 1


def test_a_subject_of_many_lines_and_mentions_is_one_line() -> None:
    [subject] = subjects(
        run([mail(subject="甲@everyone\r\n 日時: 2020-01-01 0:00さんからの\tメッセージ受信通知" + "x" * 2000)])
    )
    assert "\n" not in subject
    assert len(subject) == 500


@pytest.mark.both_engines
async def test_what_it_posts_is_recorded_at_the_mails_own_time(stage: Stage) -> None:
    """From the mailbox to the receipt: the script's own payloads, through a webhook, to the bot."""
    channel = stage.discord.add_guild()
    url = stage.discord.add_webhook(channel)
    stage.mika.permissions |= 1 << 29
    bot = str(stage.discord.state.bot.id)
    mails = [
        mail(1, "[ランサーズ] 株式会社 髙橋 🦊 さんから ロゴ制作 のコメントが届いています"),
        mail(2, "[ランサーズ] 乙 さんが バナー にコメントしました", at=RECEIVED.replace(hour=10)),
        mail(3, "[ランサーズ] 仕事の招待状が届きました", at=RECEIVED.replace(hour=11)),
        mail(4, "[ランサーズ] 今週のおすすめ", at=RECEIVED.replace(hour=11, minute=30)),
    ]
    happened = await asyncio.to_thread(run, mails, properties={**PROPERTIES, "BOT_ID": bot})
    async with stage.open_bot():
        await stage.mika.command("inbox set", channel=channel)
        await stage.mika.next_bot_message()
        async with aiohttp.ClientSession() as session:
            for body in [*posted(happened), posted(happened)[0]]:
                async with session.post(f"{url}?wait=true", json=body) as answer:
                    assert answer.status == 200
        receipts = [text_of(await stage.mika.next_bot_message()) for _ in range(4)]
        assert sum(shows(receipt, "question-unknown-mail") for receipt in receipts) == 1
        for hour, name in ((9, "髙橋"), (10, "乙"), (11, "招待状")):  # several posts at once: the order is not promised
            [receipt] = [text for text in receipts if name in text]
            assert f"<t:{int(RECEIVED.replace(hour=hour).timestamp())}:f>" in receipt
        rows = await stage.rows("SELECT sent_at, exactness FROM messages ORDER BY sent_at")
        assert [tuple(row) for row in rows] == [
            (int(RECEIVED.replace(hour=hour).timestamp()) * 1_000_000, "second") for hour in (9, 10)
        ]
        assert stage.news() == []
